"""A trainer's own practice, over all its learners and for its own eyes: ratings, moves, habits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tutelage.domain.relationship import Relationship
from tutelage.evidence.calibration import Calibration, calibration, shared
from tutelage.evidence.health import Index
from tutelage.evidence.notyet import NotYet
from tutelage.evidence.sameness import learner_row
from tutelage.evidence.share import Rate, wilson
from tutelage.guidance.programme import Known, of_trainer
from tutelage.guidance.uptake import Told, told_before

FEWEST = 5  # guidances whose uptake is known; a share of fewer says nothing


@dataclass(frozen=True, slots=True)
class Moved:
    """One kind of move: how often it was given, taken up, not taken up."""

    move: str
    given: int
    taken: int
    known: int

    @property
    def rate(self) -> Rate | NotYet:
        """How often it was taken up, of those of which it is known."""
        if self.known < FEWEST:
            return NotYet(f"{self.known} were tested by now", FEWEST - self.known, "guidance")
        return wilson(self.taken, self.known)


@dataclass(frozen=True, slots=True)
class Practice:
    """What a trainer may learn about itself."""

    learners: int
    calibration: Calibration | NotYet
    moves: tuple[Moved, ...]
    stories: tuple[Moved, ...]  # by experience, the most told first
    sameness: Index | None


def practice(me: str, known: Sequence[Known]) -> Practice:
    """One trainer's or rater's practice, from the relationships it works in."""
    mine = [k for k in known if k.state.arm is None and _trains(k.state, me)]
    told = [t for k in mine for t in told_before(k.state) if _by(k.state, t, me)]
    return Practice(
        learners=len({k.state.learner.id for k in mine if k.state.learner}),
        calibration=calibration(_rated_by_both(known, me)),
        moves=tuple(_moved(told, lambda t: t.event.move)),
        stories=tuple(_moved(told, lambda t: t.event.experience or "")),
        sameness=of_trainer([learner_row(k.state, k.track) for k in mine]),
    )


def _rated_by_both(known: Sequence[Known], me: str) -> list[list[tuple[float, float]]]:
    """The shared items of each situation, in the order in which the last rating of it came."""
    rated = [s for k in known for s in k.state.situations if s.ratings]
    in_order = sorted(rated, key=lambda s: s.ratings[-1].written_at)
    return [list(shared(s, me)) for s in in_order]


def _trains(state: Relationship, me: str) -> bool:
    return me in state.trainers or (state.trainer is not None and state.trainer.id == me)


def _by(state: Relationship, told: Told, me: str) -> bool:
    """Whether this trainer gave it; another may have trained here before, or stood in."""
    known = state.find(told.situation)
    given = known.guidance if known else ()
    return any(g.entry.seq == told.seq and g.entry.actor == me for g in given)


def _moved(told: Sequence[Told], of: Callable[[Told], str]) -> Iterator[Moved]:
    by: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        by[of(one)].append(one)
    for key, those in sorted(by.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        if key:
            taken = sum(t.taken == "yes" for t in those)
            yield Moved(key, len(those), taken, sum(t.taken != "unknown" for t in those))
