"""News: what people are told of a relationship beside whose turn it is.

To whom concerns go, that one was raised; to the leads, that somebody asks for support; to one of
the two, that the other declined a date; to both, that their trial is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tutelage.domain.news import News
from tutelage.domain.relationship import Relationship
from tutelage.service.matching import Matching
from tutelage.service.reply import Reply

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

ONCE = frozenset({"lapsed", "concern", "support", "declined"})  # told, and never said again


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that waits for somebody, as it follows from one state."""

    person: str
    what: str
    seq: int
    since: datetime
    others: tuple[str, ...] = ()
    blind: bool = False
    replies: tuple[Reply, ...] = ()
    programme: str = ""


def news(desk: Tutelage, name: str, state: Relationship) -> Iterator[Wait]:
    """What there is of these in one relationship."""
    for one in state.news:
        yield from _concern(state, one) if one.what == "concern" else _declined(state, one)
    if state.programme is not None:
        yield from _support(desk, state, state.programme)
        yield from _trials(desk, name)


def _concern(state: Relationship, one: News) -> Iterator[Wait]:
    contact = state.terms.concern_contact if state.terms else None
    if contact:
        yield Wait(contact, "concern", one.seq, one.at)


def _declined(state: Relationship, one: News) -> Iterator[Wait]:
    """To the other, while the date that was declined is still the one that is planned."""
    talk = state.planned.get(one.talk)
    if talk is None or talk.cancelled or talk.says.seq > one.seq:
        return
    if talk.answers.get(one.actor) != "declined":
        return
    parties = [p for p in (state.learner, state.trainer) if p is not None]
    for party in parties:
        if one.actor not in {party.id, party.owner}:
            others = tuple(p.id for p in parties if p is not party)
            yield Wait(party.owner or party.id, "declined", one.seq, one.at, others)


def _support(desk: Tutelage, state: Relationship, programme: str) -> Iterator[Wait]:
    asked = state.support
    if asked is None:
        return
    pair = tuple(p.id for p in (state.learner, state.trainer) if p is not None)
    for lead in desk.programmes.leads(programme):
        if lead != asked.actor:
            since = asked.written_at
            yield Wait(lead, "support", asked.seq, since, pair, programme=programme)


def _trials(desk: Tutelage, name: str) -> Iterator[Wait]:
    """Whether to go on, asked of whoever of the two has not said."""
    kept = Matching(desk)
    for match in kept.became(name):
        for person in (match.learner, match.trainer):
            over = kept.trial_over(match) if kept.asks(match, person) else None
            if over is not None:
                with_whom = (match.other(person),)
                at, seq, programme = over.written_at, over.seq, match.programme
                yield Wait(person, "trial", seq, at, with_whom, programme=programme)
