"""What the guidance did: copies of the learner from one ledger, with and without the mentor.

Their means over the same stretch of games are compared as `tutelage.evidence.forks` does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from tutelage import Tutelage
from tutelage.domain.terms import Phase
from tutelage.evidence.forks import FEWEST_COPIES, RATING_POINTS, ForkContrast, compared
from tutelage.evidence.notyet import NotYet
from tutelage_studies.backgammon.course import Course, open_desk

COPIES = FEWEST_COPIES  # an arm
ALONE, MENTORED = "alone", "mentored"


@dataclass(frozen=True, slots=True)
class Arm:
    """One copy to be run: which file and fork, whose games, how far, and whether it is mentored."""

    file: Path
    name: str
    seed: int
    dice: int
    mentored: bool
    games: range
    began: datetime
    every: int  # games between two measures
    model: str | None = None  # the mentor's


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a copy: its curve of losses and the ratings of its own calls by game."""

    mentored: bool
    curve: tuple[tuple[int, float], ...]  # by game
    steps: tuple[tuple[int, float], ...]  # the same by situation
    ratings: tuple[tuple[int, float], ...]


def play(arm: Arm) -> Ran:
    """Play a copy to its end, in whatever process this is."""
    with open_desk(arm.file, f"{arm.seed} {arm.name}", arm.began, arm.model) as desk:
        course = Course(desk, arm.name, arm.seed, arm.dice, arm.games.start - 1)
        if not arm.mentored:
            course.begin(Phase.WITHDRAWN, "This copy goes on without the mentor.")
        course.measure()
        for number in arm.games:
            course.game(number)
            if (number - arm.games.start + 1) % arm.every == 0 or number == arm.games.stop - 1:
                course.measure()
        return ran(course, mentored=arm.mentored)


def ran(course: Course, *, mentored: bool) -> Ran:
    """What came of a course so far."""
    by_game = tuple((game, value) for game, _situation, value in course.curve)
    by_step = tuple((situation, value) for _game, situation, value in course.curve)
    return Ran(mentored, by_game, by_step, own_calls(course.desk, course.name))


def own_calls(desk: Tutelage, name: str) -> tuple[tuple[int, float], ...]:
    """Game number and mean rating of every own call that counts as unassisted."""
    found = []
    for known in desk.state(name).situations:
        values = [v for r in known.counted() for v in r.event.ratings.values() if v is not None]
        if values:
            found.append((int(known.key[1:4]), float(np.mean(values))))
    return tuple(found)


def contrast(ran: list[Ran], games: range) -> ForkContrast | NotYet:
    """Mentored less alone, in rating points over these games."""
    return _between(ran, [[v for number, v in one.ratings if number in games] for one in ran])


def saved(ran: list[Ran], games: range) -> ForkContrast | NotYet:
    """The same for what their plays give up on held-out positions: less is a gain."""
    values = [[-loss for number, loss in one.curve if number in games] for one in ran]
    return _between(ran, values, "points a decision on held-out positions")


def _between(
    ran: list[Ran], values: list[list[float]], unit: str = RATING_POINTS
) -> ForkContrast | NotYet:
    """Between the copies' means: each plays other games, so that its luck is its own."""
    means = [(one.mentored, float(np.mean(v))) for one, v in zip(ran, values, strict=True) if v]
    with_, without = [m for is_, m in means if is_], [m for is_, m in means if not is_]
    return compared(with_, without, unit)
