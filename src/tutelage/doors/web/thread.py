"""What a page shows of a situation: its entries in words, and the forms that are due in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tutelage.domain.entry import Entry, split
from tutelage.domain.events import GoalSet
from tutelage.domain.guiding import allowed
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Role
from tutelage.domain.text import Gone
from tutelage.doors.web.forms import FIRST, WORDS, Form, form
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


def cards(state: Relationship, entries: Iterator[Entry[Any]], key: str) -> tuple[Card, ...]:
    """The entries of one situation, in order."""
    mine = (e for e in entries if getattr(e.event, "situation", None) == key)
    return tuple(_card(state, e) for e in mine if e.event.kind in TITLES and _of(e))


def _of(entry: Entry[Any]) -> bool:
    return not isinstance(entry.event, GoalSet)


def _card(state: Relationship, entry: Entry[Any]) -> Card:
    parties = {p.id: p for p in (state.learner, state.trainer, *state.raters) if p is not None}
    party = parties.get(entry.actor)
    text = getattr(entry.event, "text", None)
    return Card(
        TITLES[entry.event.kind],
        entry.actor,
        str(entry.role),
        entry,
        tuple(_said(state, entry)),
        party is not None and party.kind == "agent",
        isinstance(text, Gone) and text.why == "unread",
    )


def _said(state: Relationship, entry: Entry[Any]) -> Iterator[tuple[str, str]]:
    event, asked = entry.event, FIRST.get(entry.event.kind, {})
    texts = set(split(event)[1])
    for name in type(event).model_fields:
        value = getattr(event, name)
        if name in {"kind", "situation"} or value in (None, (), {}, False):
            continue
        label = asked.get(name, name.replace("_", " ")).split("?")[0]
        if name == "ratings":
            yield from ((criterion_name(state, k), _rating(v)) for k, v in value.items())
        elif name == "criteria":
            yield "about", ", ".join(criterion_name(state, k) for k in value)
        elif name in {"quotes", "facts"}:
            yield from ((f"“{k}”", str(v)) for k, v in value.items())
        elif isinstance(value, tuple):
            yield label, " · ".join(map(str, value))
        elif isinstance(value, Gone) or str(value) in texts or name in asked:
            yield label, WORDS.get(str(value), str(value))


def _rating(value: int | None) -> str:
    return "does not apply" if value is None else f"{value} of 5"


# the forms that are due ------------------------------------------------------------------------
def forms(me: Session, relationship: str, known: Situation) -> tuple[Form, ...]:
    """What this person is asked for in this situation, the first thing first."""
    state = me.desk.state(relationship)
    roles = state.roles(me.actor)
    found: list[Form] = []
    if Role.LEARNER in roles:
        found += _learner(me, relationship, state, known)
    for work in waiting(state):
        if work.situation == known.key and work.role is not Role.LEARNER:
            mine = work.actor in {None, me.actor}
            if mine and (work.role in roles or work.actor == me.actor):
                found += _trainer(state, known, work)
    return tuple(found)


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
        yield form(kind, title=title, criteria=names, fixed=_fixed(known, kind))
    if step.do in {"wait", "answer"}:  # nobody is ever blocked
        kind, title = _ASKED["decide"]
        yield form(kind, title=f"{title}, without waiting", criteria=names, fixed=_at(known))
    if known.own_call is not None and known.decision is None:
        yield form("help_asked", title="Ask for more help", criteria=names, fixed=_at(known))


def _trainer(state: Relationship, known: Situation, work: Waiting) -> Iterator[Form]:
    names = {c: criterion_name(state, c) for c in known.criteria}
    match work.what:
        case "guide":
            moves = {m for c in known.criteria for m in allowed(state, known, c)}
            open_now = {c: n for c, n in names.items() if allowed(state, known, c)}
            title = "Guide, as far as each stands"
            yield form(
                "guidance_given",
                title=title,
                criteria=open_now,
                fixed=_at(known),
                only={"move": moves or {"fact"}},
            )
        case "rate":
            asked = next((a for a in known.asked if a.seq == work.seq), None)
            fixed = {**_at(known), "subject": asked.event.subject if asked else "own_call"}
            yield form(
                "rated",
                title="Rate what was said",
                criteria=names,
                anchors=anchors(state),
                fixed=fixed,
            )
        case "debrief":
            yield form("debriefed", title="Debrief it", criteria=names, fixed=_at(known))
        case _:
            return


def anchors(state: Relationship) -> Mapping[str, tuple[str, ...]]:
    """What each step of a criterion's scale looks like."""
    goal = state.goal.entry.event if state.goal else None
    return {c.key: tuple(map(str, c.anchors)) for c in goal.criteria} if goal else {}


def _at(known: Situation) -> dict[str, str]:
    return {"situation": known.key}


def _fixed(known: Situation, kind: str) -> dict[str, str]:
    read = [g.entry.seq for g in known.guidance if g.read is not None]
    return _at(known) | ({"guidance": str(read[-1])} if kind == "answered" and read else {})
