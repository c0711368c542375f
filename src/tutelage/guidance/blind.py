"""Blindness, computed from what the service showed a rater; never claimed by the rater."""

from __future__ import annotations

from tutelage.domain.entry import Entry
from tutelage.domain.events import Rated
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Subject

PACKET: dict[Subject, tuple[str, ...]] = {
    "own_call": ("situation", "call", "why", "anchors"),
    "decision": ("situation", "decision", "why", "anchors"),
    "account": ("situation", "call", "why", "account", "anchors"),
}
"""What a blind packet holds: no level, no guidance, no phase, no date."""

EVERYTHING = ("situation", "call", "why", "anchors", "guidance", "levels", "outcome")
"""What the trainer has seen when it rates its own learner."""


def shown_to(state: Relationship, rater: str, subject: Subject) -> tuple[str, ...]:
    """The fields a rater is shown."""
    return EVERYTHING if rater in state.trainers else PACKET[subject]


def blind(state: Relationship, known: Situation, rated: Entry[Rated]) -> bool:
    """Whether this rating was made blind, by what its rater had been shown."""
    if rated.actor in state.trainers or state.viewers.get(rated.actor, rated.seq) < rated.seq:
        return False
    asked = [a for a in known.asked if a.event.rater == rated.actor and a.seq < rated.seq]
    mine = [a for a in asked if a.event.subject == rated.event.subject]
    allowed = PACKET[rated.event.subject]
    return bool(mine) and all(set(a.event.shown) <= set(allowed) for a in mine)
