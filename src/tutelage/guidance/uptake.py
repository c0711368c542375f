"""Each guidance is followed until this learner shows that it understood it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tutelage.domain.events import GuidanceGiven
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Given, Situation
from tutelage.evidence.rated import values
from tutelage.evidence.self_observation import kept_questions

LOOK_BACK = 30  # situations; what was told longer ago is history

Taken = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Told:
    """A guidance given before, and whether it was taken up."""

    seq: int
    situation: str
    event: GuidanceGiven
    taken: Taken
    how: str


def told_before(state: Relationship, criteria: tuple[str, ...] = ()) -> tuple[Told, ...]:
    """Guidance of the recent past on these criteria, or on any, newest last."""
    recent = state.recent(LOOK_BACK)
    touched = frozenset(criteria)
    return tuple(
        follow(state, known, given, recent)
        for known in recent
        for given in known.guidance
        if not touched or touched & set(given.entry.event.criteria)
    )


def follow(
    state: Relationship, known: Situation, given: Given, recent: tuple[Situation, ...]
) -> Told:
    """Whether a guidance was taken up: kept in the notebook, or seen in a later own call."""
    event, seq = given.entry.event, given.entry.seq
    kept = _kept(state, seq)
    later = [] if kept else _later_ratings(event, seq, recent)
    if kept:
        return Told(seq, known.key, event, "yes", kept)
    if any(v >= 4 for v in later):
        return Told(seq, known.key, event, "yes", "a later own call was rated 4 or more on it")
    if given.read is None:
        return Told(seq, known.key, event, "unknown", "it was not read yet")
    if later:
        return Told(seq, known.key, event, "no", "it did not show in the own calls that followed")
    return Told(seq, known.key, event, "unknown", "no later situation has tested it")


def _kept(state: Relationship, seq: int) -> str | None:
    if any(seq in p.event.follows for p in state.principles.values()):
        return "the learner made a principle of it"
    if seq in kept_questions(state):
        return "the learner asks itself this question now"
    return None


def _later_ratings(event: GuidanceGiven, seq: int, recent: tuple[Situation, ...]) -> list[int]:
    return [
        value
        for later in recent
        if later.order > seq
        for criterion, value in values(later.counted())
        if criterion in event.criteria
    ]
