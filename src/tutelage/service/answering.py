"""Answering: what one text by mail can become in a relationship, and the entry it becomes.

Offered is what the rules take with one text. What asks for several things (an account, a debrief,
a rating, a signature) is written on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutelage.domain.errors import Malformed, Refused, Unknown
from tutelage.domain.events import (
    Answered,
    DecisionRecorded,
    Event,
    GuidanceGiven,
    Noted,
    OutcomeRecorded,
    OwnCallRecorded,
)
from tutelage.domain.guiding import allowed
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Role
from tutelage.guidance import moves
from tutelage.guidance.turn import Waiting
from tutelage.service.reply import Reply

NOTED = frozenset({"account", "debrief"})  # what asks for more than one text: a note helps with it


def offers(name: str, state: Relationship, work: Waiting, person: str) -> tuple[Reply, ...]:
    """What this person may answer by mail to what waits for them; the likeliest first."""
    known = state.find(work.situation) if work.situation else None
    if known is None or work.role is Role.RATER:
        return ()
    found = _offers(state, known, work.what, work.seq)
    return tuple(Reply(person, what, name, known.key, seq) for what, seq in found)


def _offers(
    state: Relationship, known: Situation, what: str, seq: int
) -> Iterator[tuple[str, int]]:
    if what == "decide":
        asked = _question(known)
        if asked is not None:
            yield "answer", asked
    if what in {"own_call", "decide", "outcome"}:
        yield what, seq
    if what == "guide" and _asks(state, known):
        yield "guide", seq
    if what in NOTED:
        yield "note", seq


def _question(known: Situation) -> int | None:
    """The trainer's last question, where it was read and not answered."""
    last = known.guidance[-1] if known.guidance else None
    if last is None or last.read is None or last.entry.event.move != "ask":
        return None
    seq = last.entry.seq
    return None if any(a.event.guidance == seq for a in known.answers) else seq


def _asks(state: Relationship, known: Situation) -> tuple[str, ...]:
    """The criteria on which a question may be asked here."""
    return tuple(c for c in known.criteria if "ask" in allowed(state, known, c))


def event(state: Relationship, reply: Reply, text: str, said_with_it: str) -> Event:
    """The entry that a text becomes. Raises Refused, Unknown.

    `said_with_it` stands for the reason where somebody gave none of its own.
    """
    if reply.what == "note":
        return Noted(text=text)
    known = state.find(reply.situation)
    if known is None:
        raise Unknown("unknown_situation", f"There is no situation {reply.situation}.")
    what, why = _two(text, said_with_it)
    key = reply.situation
    match reply.what:
        case "own_call":
            return OwnCallRecorded(situation=key, call=what, why=why)
        case "answer":
            return Answered(situation=key, guidance=reply.seq, text=text)
        case "decide":
            read = any(g.read is not None for g in known.guidance)
            advice = "unknown" if read else "none"
            return DecisionRecorded(situation=key, decision=what, why=why, advice=advice)
        case "outcome":
            return OutcomeRecorded(situation=key, text=text)
        case "guide":
            return _asked(state, known, text)
        case _:
            raise Malformed("reply_unknown", "This cannot be answered by mail.")


def _asked(state: Relationship, known: Situation, text: str) -> Event:
    if moves.read(text).move != "ask":
        raise Refused("reply_tells", "This reads as telling, not asking; write it on the page.")
    criteria = _asks(state, known)
    if not criteria:
        raise Refused("reply_no_question", "No question is asked here any more.")
    return GuidanceGiven(situation=known.key, move="ask", text=text, criteria=criteria)


def _two(text: str, said_with_it: str) -> tuple[str, str]:
    """What, and in further paragraphs why."""
    what, _, why = re.sub(r"\n[ \t]+\n", "\n\n", text.strip()).partition("\n\n")
    return what, why.strip() or said_with_it
