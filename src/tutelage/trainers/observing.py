"""What any trainer reads off a brief: where to look, what to debrief, which obstacles show."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

from tutelage.domain.events import Debriefed, Event, ObstacleNamed, ObstacleOvercome
from tutelage.domain.terms import Guiding
from tutelage.guidance.brief import Brief, CriterionBrief
from tutelage.trainers.acting import alarmed, next_time

SHOWN = 3  # own calls rated 1 or 2 that make an obstacle, among the last eight
GONE = 4  # own calls in a row rated 4 or more that end it


class Observing(ABC):
    """A trainer that reads obstacles off the ratings and debriefs a decision. Its id: see coach."""

    def __init__(self, id: str) -> None:  # noqa: A002  # the word the protocol uses
        self.id = id

    @abstractmethod
    def following(self, brief: Brief, at: CriterionBrief) -> str:
        """What follows from a decision, on the criterion it is debriefed on."""

    def debrief(self, brief: Brief) -> Debriefed | None:
        """What was expected, what happened, why, and what follows from it."""
        at = focus(brief)
        if at is None:
            return None
        return debrief(brief, at, next_time(brief, self.following(brief, at)))

    def notice(self, brief: Brief) -> Sequence[Event]:
        """Obstacles that the ratings show, and those they show no more."""
        return (*_new(brief), *_over(brief))


def focus(brief: Brief, move: Guiding | None = None) -> CriterionBrief | None:
    """The criterion to work on: lowest estimate among those where this move is allowed.

    Without a move, for a debrief: among those that a drawn design has in focus.
    """
    some = [c for c in brief.criteria if (c.in_focus if move is None else move in c.allowed)]
    return min(some, key=lambda c: c.estimate.mean, default=None)


def obstacle_on(brief: Brief, criterion: str) -> str | None:
    """The obstacle that guidance on this criterion works on, if one was named."""
    return next((o.key for o in brief.obstacles if criterion in o.criteria), None)


def debrief(brief: Brief, at: CriterionBrief, following: str) -> Debriefed:
    """Expected, happened, why, and what follows from it."""
    known = brief.situation
    call, outcome = known.own_call, known.outcome
    expected = call.event.expects if call is not None else None
    happened = outcome.event.text if outcome is not None else None
    return Debriefed(
        situation=brief.key,
        expected=expected or "You did not say what you expected.",
        happened=happened or "What came of it is not known yet.",
        why=f"{_good_alone(brief)}Your decision bears most on {at.name}.",
        next=following,
        criteria=(at.key,),
        obstacle=obstacle_on(brief, at.key),
    )


def _good_alone(brief: Brief) -> str:
    """Where the learner leans on its trainer: on what its own call was good enough, if known."""
    if not alarmed(brief, "dependency"):
        return ""
    good = [c.name for c in brief.criteria if c.in_focus and _calls(c).get(brief.key, 0) >= 4]
    return f"Before any help your own call was good enough on {', '.join(good)}. " if good else ""


def _new(brief: Brief) -> Iterator[ObstacleNamed]:
    known = {c for o in brief.obstacles for c in o.criteria}
    for c in brief.criteria:
        calls = _calls(c)
        low = [s for s, y in calls.items() if y <= 2]
        if c.key in known or len(low) < SHOWN or _held(calls):
            continue
        yield ObstacleNamed(
            obstacle=f"{c.key}.{brief.situation.opened.seq}"[:64],
            text=f"Own calls keep passing over {c.name}.",
            when=f"In {len(low)} of the last {len(calls)} situations that touch it.",
            criteria=(c.key,),
            situations=tuple(low),
        )


def _over(brief: Brief) -> Iterator[ObstacleOvercome]:
    for obstacle in brief.obstacles:
        for c in brief.criteria:
            calls = _calls(c)
            if c.key in obstacle.criteria and _held(calls):
                yield ObstacleOvercome(
                    obstacle=obstacle.key,
                    situations=tuple(calls)[-GONE:],
                    because=f"The last {GONE} own calls on {c.name} were rated 4 or more.",
                )


def _calls(c: CriterionBrief) -> dict[str, int]:
    """The recent own calls by situation, each at its lowest rating."""
    found: dict[str, int] = {}
    for situation, rating in zip(c.situations, c.ratings, strict=True):
        found[situation] = min(rating, found.get(situation, rating))
    return found


def _held(calls: dict[str, int]) -> bool:
    return len(calls) >= GONE and all(y >= 4 for y in list(calls.values())[-GONE:])
