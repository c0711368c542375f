"""Situation, call, decision, outcome and ratings as one JSON object a situation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tutelage.domain.entry import Entry
from tutelage.domain.events import Rated, SituationOpened
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Role
from tutelage.domain.text import Gone
from tutelage.doors.exchange.leaving import entries
from tutelage.doors.exchange.outline import messages
from tutelage.guidance.blind import blind

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage


def rows(
    desk: Tutelage, relationship: str, viewer: str | None = None, *, with_messages: bool = False
) -> Iterator[dict[str, Any]]:
    """The situations in the order they were opened; a dropped one is left out.

    Raters are numbered, never named. Only what may leave is read: no guidance, no private note.
    """
    state = desk.state(relationship)
    may = {e.seq for e in entries(desk, relationship, viewer)}
    raters: dict[str, int] = {}
    for known in state.situations:
        if known.dropped is None and known.opened.seq in may:
            yield _row(state, known, may, raters, with_messages=with_messages)


def _row(
    state: Relationship,
    known: Situation,
    may: set[int],
    raters: dict[str, int],
    *,
    with_messages: bool,
) -> dict[str, Any]:
    opened = known.opened.event
    row: dict[str, Any] = {
        "situation": known.key,
        "text": _text(opened.text),
        "facts": {k: _text(v) for k, v in opened.facts.items()},
        "criteria": list(opened.criteria),
        "source": opened.source,
        "retold": opened.retold,
        "trace": opened.trace,
        "chosen": _text(opened.chosen),
        "probability": opened.probability,
        "because_bad": opened.because_bad,
        "difficulty": opened.difficulty,
        "stakes": opened.stakes,
        "phase": known.phase,
        "evidence": known.evidence_subject,  # which of the two is evidence of unassisted judgment
        "consulted": known.consulted,
        "own_call": _fields(known.own_call, ("call", "why", "expects", "probability", "help"), may),
        "decision": _fields(known.decision, ("decision", "why", "advice"), may),
        "outcome": _fields(known.outcome, ("text", "known", "measure", "unit"), may),
        "ratings": [_rating(state, known, r, raters) for r in known.ratings if _shown(r, may)],
    }
    return row | ({"messages": _messages(opened)} if with_messages else {})


def _messages(opened: SituationOpened) -> Any:
    found = messages(opened)
    return None if found is None else list(found)


def _shown(rated: Entry[Rated], may: set[int]) -> bool:
    return rated.seq in may and rated.role is not Role.LEARNER


def _fields(entry: Entry[Any] | None, names: tuple[str, ...], may: set[int]) -> Any:
    if entry is None or entry.seq not in may:
        return None
    return {name: _text(getattr(entry.event, name)) for name in names}


def _rating(
    state: Relationship, known: Situation, rated: Entry[Rated], raters: dict[str, int]
) -> dict[str, Any]:
    number = raters.setdefault(rated.actor, len(raters) + 1)
    return {
        "subject": rated.event.subject,
        "rater": number,
        "blind": blind(state, known, rated),
        "ratings": dict(rated.event.ratings),
        "quotes": {k: _text(v) for k, v in rated.event.quotes.items()},
    }


def _text(value: Any) -> Any:
    return None if isinstance(value, Gone) else value
