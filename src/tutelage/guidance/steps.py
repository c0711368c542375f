"""What the learner is asked for next, per open situation: the ledger decides when to consult.

Agents left to themselves never consult, or always do. So it is no prompt's choice: the step says
whether guidance comes here, what to attach to the own call, and what is asked after the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tutelage.domain.guiding import guidance_due
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.guidance.words import criterion_name

Do = Literal["own_call", "wait", "collect", "answer", "decide", "outcome", "account"]


@dataclass(frozen=True, slots=True)
class Step:
    """What is asked of the learner next in one situation, with the fields it is to fill."""

    situation: str
    do: Do
    why: str
    fields: tuple[str, ...] = ()
    attach: tuple[str, ...] = ()  # raw evidence: a conclusion alone is waved through
    consult: bool = False  # whether guidance is due here, or waits


def steps(state: Relationship) -> Iterator[Step]:
    """The learner's next step in each open situation, the oldest first."""
    if state.life in {"active", "closed"}:
        yield from (s for s in (_step(state, known) for known in state.open.values()) if s)


def _step(state: Relationship, known: Situation) -> Step | None:
    if known.decision is None:
        return _before(state, known)
    if known.outcome is None:
        why = "Say what happened; “not known yet” is an answer."
        return Step(known.key, "outcome", why, ("text", "known", "measure"))
    if known.account is None and not known.imported:
        why = "Account for the decision: what you saw, weighed, asked yourself and think now."
        fields = ("noticed", "missed", "options", "turned_on", "asked_myself", "happened")
        return Step(known.key, "account", why, (*fields, "consulted"))
    return None


def _before(state: Relationship, known: Situation) -> Step | None:
    key = known.key
    if known.unread and state.life != "closed":
        return Step(key, "collect", "Guidance waits; read it before you decide.", consult=True)
    if guidance_due(state, known):
        return Step(key, "wait", _due(state, known), consult=True)
    if known.own_call is None and not known.urgent:
        why = "Say what you would do and why, before any help."
        attach = () if known.opened.event.evidence else ("evidence",)
        return Step(key, "own_call", why, ("call", "why", "expects", "probability"), attach)
    if known.opened.event.retold:  # what is retold was decided long ago
        return None
    return _answer(known) or _decide(known)


def _due(state: Relationship, known: Situation) -> str:
    names = ", ".join(criterion_name(state, c) for c in known.criteria)
    return f"Guidance is due here ({names}). Wait for it; if you cannot, decide."


def _answer(known: Situation) -> Step | None:
    """A question that was read and not answered yet."""
    if not known.guidance or known.guidance[-1].entry.event.move != "ask":
        return None
    asked = known.guidance[-1].entry.seq
    if any(a.event.guidance == asked for a in known.answers):
        return None
    why = f"Answer the question in entry {asked}, or decide and say what you did with it."
    return Step(known.key, "answer", why, ("guidance", "text"))


def _decide(known: Situation) -> Step:
    fields = ("decision", "why")
    if any(g.read is not None for g in known.guidance):
        why = "Say what you did and why, and what you did with the advice."
        return Step(known.key, "decide", why, (*fields, "advice", "advice_why"))
    return Step(known.key, "decide", "No guidance is due here: decide on your own.", fields)
