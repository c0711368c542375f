"""What a page shows of a situation: its entries in words, and the forms that are due in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Any

from tutelage.domain.entry import Entry, split
from tutelage.domain.events import GoalSet
from tutelage.domain.guiding import allowed
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Role
from tutelage.domain.text import Gone
from tutelage.doors.web.boxes import among
from tutelage.doors.web.forms import FIRST, WORDS, Field, Form, form
from tutelage.doors.web.words import LABELS, say, tell, word
from tutelage.evidence.novelty import vector
from tutelage.guidance.turn import Waiting, waiting
from tutelage.guidance.words import criterion_name
from tutelage.service.session import Session

TITLES = {
    "situation_opened": "Situation",
    "own_call_recorded": "Own call",
    "help_asked": "Asked for help",
    "guidance_given": "Guidance",
    "guidance_failed": "No guidance came",
    "answered": "Answer",
    "decision_recorded": "Decision",
    "outcome_recorded": "Outcome",
    "account_written": "Account",
    "rated": "Rating",
    "debriefed": "Debrief",
    "situation_dropped": "Dropped",
    "principle_kept": "Principle",
    "question_kept": "Question",
    "met": "Live talk",
    "noted": "Note",
}
"""What an entry of each kind is called on a page; others are not shown in a thread."""


@dataclass(frozen=True, slots=True)
class Card:
    """One entry as it is read: who, when, and what was said, under what it was asked."""

    title: str
    actor: str
    role: str
    entry: Entry[Any]
    said: tuple[tuple[str, str], ...]
    agent: bool
    unread: bool = False
    stands_in: str = ""  # for which agent a person said it
    raw: str = ""  # under which label raw evidence stands, which is folded


def cards(state: Relationship, entries: Iterator[Entry[Any]], key: str) -> tuple[Card, ...]:
    """The entries of one situation, in order."""
    mine = (e for e in entries if getattr(e.event, "situation", None) == key)
    return tuple(card(state, e) for e in mine if e.event.kind in TITLES and _of(e))


def last(known: Situation) -> int:
    """The seq of the last entry that says something of a situation."""
    once = (known.own_call, known.decision, known.outcome, known.account, known.dropped)
    often = (*known.helps, *known.failures, *known.answers, *known.ratings, *known.debriefs)
    given = (g.entry for g in known.guidance)
    seqs = (e.seq for e in (*once, *often, *given) if e is not None)
    return max(seqs, default=known.opened.seq)


def _of(entry: Entry[Any]) -> bool:
    return not isinstance(entry.event, GoalSet)


def card(state: Relationship, entry: Entry[Any], title: str | None = None) -> Card:
    """One entry as it is read."""
    text = getattr(entry.event, "text", None)
    return Card(
        say(title or TITLES[entry.event.kind]),
        entry.actor,
        str(entry.role),
        entry,
        tuple(_said(state, entry)),
        entry.actor in state.agents,
        isinstance(text, Gone) and text.why == "unread",
        (entry.findings.stands_in or "") if entry.findings else "",
        _raw(entry),
    )


USUAL = {"stakes": "normal", "advice": "none", "help": "nobody", "known": True}
"""What need not be said, because it is so nearly always."""


def _raw(entry: Entry[Any]) -> str:
    """The label of raw evidence, where the situation was read from a trace."""
    traced = getattr(entry.event, "source", "") == "trace" or getattr(entry.event, "trace", None)
    return _label(entry.event.kind, "evidence") if traced else ""


def _label(kind: str, name: str) -> str:
    return say(FIRST.get(kind, {}).get(name) or LABELS.get(name) or word(name)).split("?")[0]


def _said(state: Relationship, entry: Entry[Any]) -> Iterator[tuple[str, str]]:
    event, asked = entry.event, FIRST.get(entry.event.kind, {})
    kind = event.kind
    texts = set(split(event)[1])
    for name in type(event).model_fields:
        value = getattr(event, name)
        if name in {"kind", "situation"} or value in (None, (), {}, False):
            continue
        if USUAL.get(name) == value:
            continue
        label = _label(kind, name)
        if name == "ratings":
            yield from ((criterion_name(state, k), _rating(v)) for k, v in value.items())
        elif name == "criteria":
            yield say("about"), ", ".join(criterion_name(state, k) for k in value)
        elif name == "turned_on":
            yield label, criterion_name(state, str(value))
        elif name in {"quotes", "facts"}:
            yield from ((f"“{k}”", str(v)) for k, v in value.items())
        elif value is True:
            yield label, say("yes")
        elif isinstance(value, tuple):
            yield label, " · ".join(map(str, value))
        elif isinstance(value, Gone) or str(value) in texts or name in asked:
            yield label, _words(entry, str(value))


def _words(entry: Entry[Any], value: str) -> str:
    """Somebody's own words as they stand; ours in the reader's language."""
    if value in WORDS:
        return say(WORDS[value])
    return say(value) if entry.event.kind == "guidance_failed" else value


def _rating(value: int | None) -> str:
    return say("does not apply") if value is None else tell("%(value)s of 5", value=value)


# the forms that are due ------------------------------------------------------------------------
def forms(me: Session, relationship: str, known: Situation) -> tuple[Form, ...]:
    """What this person is asked for in this situation, the first thing first."""
    state = me.desk.state(relationship)
    roles = state.roles(me.actor)
    found: list[Form] = []
    later: Iterator[Form] = iter(())
    if Role.LEARNER in roles:
        found += _learner(me, relationship, state, known)
        later = _later(me.actor, state, known)
    for work in waiting(state):
        if work.situation == known.key and work.role is not Role.LEARNER:
            mine = work.actor in {None, me.actor}
            if mine and (work.role in roles or work.actor == me.actor):
                found += _trainer(state, known, work)
                found += _again(me, state, known) if work.what == "guide" else ()
    return (*found, *later, *_in_place(state, known, me.actor))


def _in_place(state: Relationship, known: Situation, me: str) -> Iterator[Form]:
    """What the owner of an agent that trains may say in its place, before it began with it."""
    if not state.stands_in(me) or state.taken_over(known) or state.life != "active":
        return
    names = {c: criterion_name(state, c) for c in known.criteria}
    agent = state.trainer.id if state.trainer else ""
    if known.decision is not None and known.dropped is None:
        title = tell("Stand in for %(agent)s: debrief it", agent=agent)
        yield replace(
            form("debriefed", title=title, criteria=names, fixed=_at(known)), offered=True
        )
    elif any(allowed(state, known, c) for c in known.criteria) and known.dropped is None:
        made = _guide(state, known, tell("Stand in for %(agent)s: guide", agent=agent))
        yield replace(made, offered=True)


_ASKED = {
    "own_call": ("own_call_recorded", "Your own call, before any help"),
    "answer": ("answered", "Your answer"),
    "decide": ("decision_recorded", "Your decision"),
    "outcome": ("outcome_recorded", "What came of it"),
    "account": ("account_written", "Account for it: eight minutes that teach the most"),
}


def _learner(
    me: Session, relationship: str, state: Relationship, known: Situation
) -> Iterator[Form]:
    step = me.turn(relationship).step(known.key)
    names = {c: criterion_name(state, c) for c in known.criteria}
    if step is None:
        return
    if step.do in _ASKED:
        kind, title = _ASKED[step.do]
        light = step.do == "account" and not known.weighty
        title = "Account for it, if you like" if light else title
        asked = form(kind, title=title, criteria=names, fixed=_fixed(known, kind))
        yield replace(shorter(asked, known), offered=light)
    if step.do in {"wait", "answer"}:  # nobody is ever blocked
        waits = step.do == "wait"
        title = "Decide without waiting" if waits else "Your decision"
        asked = form("decision_recorded", title=title, criteria=names, fixed=_at(known))
        yield replace(shorter(asked, known), offered=waits)
    if known.own_call is not None and known.decision is None and state.life == "active":
        more = form("help_asked", title="Ask for more help", criteria=names, fixed=_at(known))
        yield replace(more, offered=True)


AS_CALLED = "As in my own call."


def shorter(made: Form, known: Situation) -> Form:
    """A decision need not say why again, nor what became of advice that there was none of."""
    if made.kind != "decision_recorded" or known.own_call is None:
        return made
    advised = any(g.read is not None for g in known.guidance)
    return replace(made, fields=tuple(f for one in made.fields for f in _less(one, advised)))


def _less(one: Field, advised: bool) -> Iterator[Field]:
    if one.name == "why":
        yield replace(one, asks=say("Why, if it is not as in your own call?"), required=False)
    elif one.name != "advice":
        yield one
    elif advised:  # whoever read advice says what they did with it, and no answer is given for them
        said = tuple((v, words) for v, words in one.choices if v != "none")
        yield replace(
            one, choices=said, required=True, value=None if one.value == "none" else one.value
        )


def _later(me: str, state: Relationship, known: Situation) -> Iterator[Form]:
    """What a learner may do with a situation at any time: rate its own call, drop it."""
    rated = any(r.actor == me and r.event.as_self for r in known.ratings)
    if known.own_call is not None and not rated and state.life == "active":
        own = {"as_self": "true"}
        mine = rating(state, known, "own_call", fixed=own, title="Rate your own call yourself")
        yield replace(mine, offered=True)
    if known.outcome is not None and not known.outcome.event.known:
        title = "What came of it by now"
        more = form("outcome_recorded", title=title, criteria={}, fixed=_at(known))
        yield replace(more, offered=True)
    if known.account is None and known.dropped is None and state.life in {"active", "closed"}:
        drop = form("situation_dropped", title="Drop it", criteria={}, fixed=_at(known))
        yield replace(drop, offered=True)


def _trainer(state: Relationship, known: Situation, work: Waiting) -> Iterator[Form]:
    names = {c: criterion_name(state, c) for c in known.criteria}
    match work.what:
        case "guide":
            yield _guide(state, known, "Guide, as far as each stands")
        case "rate":
            asked = next((a for a in known.asked if a.seq == work.seq), None)
            yield rating(state, known, asked.event.subject if asked else "own_call")
        case "debrief":
            told = _told(known)
            yield form(
                "debriefed", title="Debrief it", criteria=names, fixed=_at(known), typed=told
            )
        case _:
            return


def _told(known: Situation) -> dict[str, str]:
    """What a debrief begins with: what the learner expected and what came of it, as it was said."""
    call, outcome = known.own_call, known.outcome
    said = {
        "expected": call.event.expects if call else None,
        "happened": outcome.event.text if outcome else None,
    }
    return {k: str(v) for k, v in said.items() if v and not isinstance(v, Gone)}


def _guide(state: Relationship, known: Situation, title: str) -> Form:
    moves = {m for c in known.criteria for m in allowed(state, known, c)}
    open_now = {c: criterion_name(state, c) for c in known.criteria if allowed(state, known, c)}
    return form(
        "guidance_given",
        title=title,
        criteria=open_now,
        fixed=_at(known),
        only={"move": moves or {"fact"}},
        among=among(state),
    )


STORIES, LOOKED_AT = 3, 200  # how many are offered, of how many of the newest


def _again(me: Session, state: Relationship, known: Situation) -> Iterator[Form]:
    """Stories of this trainer's own that are like the case, the likest first, to tell again."""
    names = {
        c: criterion_name(state, c) for c in known.criteria if "share" in allowed(state, known, c)
    }
    here = vector(str(known.opened.event.text))
    told = {g.entry.event.experience for g in known.guidance}
    kept = [e for e in me.bank()[-LOOKED_AT:] if e.key not in told] if names else []
    likest = sorted(kept, key=lambda e: -float(here @ vector(f"{e.case} {e.did}")))
    for one in likest[:STORIES]:
        story = "\n".join(filter(None, (one.case, one.did, one.why, one.came_out)))
        yield form(
            "guidance_given",
            title=tell("Tell again: %(story)s", story=shorten(story, 60, placeholder="…")),
            criteria=names,
            fixed=_at(known) | {"experience": one.key},
            only={"move": {"share"}},
            typed={"text": story},
        )


SUBJECTS = {
    "own_call": "Rate the own call",
    "decision": "Rate the decision",
    "account": "Check the account",
}
_YES: dict[str, tuple[tuple[str, str], ...]] = {
    "own_call": (
        ("difficult", "It is a hard case for this learner"),
        ("novel", "It is new to this learner"),
    ),
    "decision": (),
    "account": (
        ("shows_criterion", "It shows the criterion deciding; quote where"),
        ("consistent", "It fits the own call"),
    ),
}


def rating(
    state: Relationship,
    known: Situation,
    subject: str,
    *,
    title: str | None = None,
    fixed: Mapping[str, str] | None = None,
    **more: Any,
) -> Form:
    """The form that rates a call or a decision, or checks an account."""
    names = {c: criterion_name(state, c) for c in known.criteria}
    told, subject = {**_at(known), **(fixed or {}), "subject": subject}, _subject(subject)
    made = form(
        "rated",
        title=title or SUBJECTS[subject],
        criteria=names,
        anchors=anchors(state),
        fixed=told,
        **more,
    )
    typed = more.get("typed") or {}
    asks = {} if "as_self" in told else dict(_YES[subject])
    yes = (Field(k, say(asks[k]), "yes", required=False, value=typed.get(k)) for k in asks)
    kept = (replace(one, asks=say(_RATE.get(one.name, one.asks))) for one in made.fields)
    fields = tuple(one for one in kept if subject != "account" or one.name != "ratings")
    return replace(made, fields=(*fields, *yes))


_RATE = {"ratings": "How sound was it?"}


def _subject(said: str) -> str:
    return said if said in SUBJECTS else "own_call"


def anchors(state: Relationship) -> Mapping[str, tuple[str, ...]]:
    """What each step of a criterion's scale looks like."""
    goal = state.goal.entry.event if state.goal else None
    return {c.key: tuple(map(str, c.anchors)) for c in goal.criteria} if goal else {}


def _at(known: Situation) -> dict[str, str]:
    return {"situation": known.key}


def _fixed(known: Situation, kind: str) -> dict[str, str]:
    read = [g.entry.seq for g in known.guidance if g.read is not None]
    return _at(known) | ({"guidance": str(read[-1])} if kind == "answered" and read else {})
