"""What the mentor remembers of a learner: its calls, and how it seems to weigh the criteria.

Everything here is reckoned from own calls and the expert's equities. Nothing is known of the
learner's gaps; the weighing is a hypothesis, fitted to its choices and drawn to the expert's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tutelage.guidance.brief import Brief
from tutelage_studies.backgammon.board import Position, find, kind, read
from tutelage_studies.backgammon.expert import Verdict, verdict
from tutelage_studies.backgammon.judgment import CRITERIA, Floats, scores, touched
from tutelage_studies.backgammon.words import play_in

SHARPNESS = 25.0  # how surely a learner plays what it prefers: one to twelve at .1 points
PRIOR_SD = 0.8  # weights of criteria differ by about this much between learners
FADES = 0.96  # a call counts this much less with each later one: learners change
ELSEWHERE = 0.5  # what a call in another kind of position says about this one
LOOK_BACK = 50
STEPS = 8
EXPLAINS = 0.01  # points; a misweighing that explains less of a slip is no explanation


@dataclass(frozen=True, slots=True)
class Call:
    """An own call the mentor has seen, and the expert's verdict on it."""

    situation: str
    position: Position
    played: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Cause:
    """What a slip is put down to: a criterion given too little or too much, by so many points."""

    criterion: str
    too_much: bool
    points: float


@dataclass(slots=True)
class Casebook:
    """The calls of one learner, in the order they were first seen; replaying briefs rebuilds it."""

    calls: dict[str, Call] = field(default_factory=dict)
    _fitted: dict[tuple[int, str], Floats] = field(default_factory=dict)

    def note(self, brief: Brief) -> Call | None:
        """The own call of a brief, remembered; None where there is none yet."""
        if brief.call is None:
            return None
        if brief.key not in self.calls:
            here = read(brief.text)
            played = find(here, play_in(brief.call) or "")
            if played is None:
                return None
            self.calls[brief.key] = Call(brief.key, here, played, verdict(here, played))
        return self.calls[brief.key]

    def weighing(self, kind_of: str) -> Floats:
        """How this learner seems to weigh the criteria in this kind of position, [5]."""
        known = (len(self.calls), kind_of)
        if known not in self._fitted:
            self._fitted[known] = self._fit(kind_of)
        return self._fitted[known]

    def causes(self, call: Call) -> tuple[Cause, ...]:
        """What explains a slip, most first: (1 - weight) times what the best play had more of.

        Where the criteria, weighed alike, speak for the learner's play too, nothing does: such a
        position is an exception, and a lesson from it would teach the wrong thing.
        """
        if sum(call.verdict.contrast.values()) <= 0:
            return ()
        weight = self.weighing(kind(call.position.board))
        found = (
            Cause(c, contrast < 0, (1.0 - weight[CRITERIA.index(c)]) * contrast)
            for c, contrast in call.verdict.contrast.items()
            if c in touched(call.position)
        )
        explaining = (cause for cause in found if cause.points > EXPLAINS)
        return tuple(sorted(explaining, key=lambda cause: -cause.points))

    def _fit(self, kind_of: str) -> Floats:
        """Maximum a posteriori of a logit choice among the legal plays.

        P(play i) ~ exp(sharpness * scores_i . weight), weight ~ N(1, PRIOR_SD); Newton's method.
        """
        recent = list(self.calls.values())[-LOOK_BACK:]
        weight = np.ones(len(CRITERIA))
        for _ in range(STEPS):
            slope = (1.0 - weight) / PRIOR_SD**2
            bend = np.eye(len(CRITERIA)) / PRIOR_SD**2
            for age, call in enumerate(reversed(recent)):
                near = 1.0 if kind(call.position.board) == kind_of else ELSEWHERE
                first, second = _derivatives(call, weight)
                slope = slope + near * FADES**age * first
                bend = bend + near * FADES**age * second
            step = np.linalg.solve(bend, slope)
            weight = weight + np.clip(step, -1.0, 1.0)
        return weight


def _derivatives(call: Call, weight: Floats) -> tuple[Floats, Floats]:
    x = SHARPNESS * scores(call.position)
    utility = x @ weight
    chance = np.exp(utility - utility.max())
    chance /= chance.sum()
    mean = chance @ x
    second: Floats = (x * chance[:, None]).T @ x - np.outer(mean, mean)
    return x[call.played] - mean, second
