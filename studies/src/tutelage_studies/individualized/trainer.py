"""The trainer: what it makes of a decision, and which of a game's it annotates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tutelage_studies.backgammon.expert import spread
from tutelage_studies.backgammon.judgment import CRITERIA, FEATURES, GROUPS, Floats
from tutelage_studies.individualized.learner import SLIP, Lesson
from tutelage_studies.individualized.play import Decision
from tutelage_studies.individualized.world import TRAINER, Setting

CASES = 2  # annotated a game


@dataclass(frozen=True, slots=True)
class Trainer:
    """Judges decisions by the expert's equities, as well as it can."""

    setting: Setting

    def judged(self, made: Decision) -> Floats:
        """What it thinks each play is worth; the same each time it is asked."""
        if self.setting.fallible == 0:
            return made.worth
        rng = np.random.default_rng([self.setting.seed, TRAINER, *made.key])
        wrong: Floats = made.worth + rng.normal(0, self.setting.fallible, len(made.worth))
        return wrong

    def loss(self, made: Decision) -> float:
        """What it thinks a decision gave up."""
        worth = self.judged(made)
        return float(worth.max() - worth[made.played])

    def cases(self, decisions: list[Decision]) -> list[Decision]:
        """The decisions it would annotate, the worst first.

        Each touches a criterion, and the right weighing settles it: a lesson from an exception
        would teach the wrong thing. Always two, so that every arm has as many; where both were
        played well, the annotation says so.
        """
        ranked = sorted(((self.loss(d), -i, d) for i, d in enumerate(decisions)), reverse=True)
        found: list[Decision] = []
        for _, _, made in ranked:
            if len(found) == CASES:
                break
            if made.touched and made.settled:
                found.append(made)
        return found

    def lesson(self, made: Decision) -> Lesson:
        """A decision annotated: the better play, and those that are as good."""
        worth = self.judged(made)
        good = frozenset(int(i) for i in np.flatnonzero(worth > worth.max() - SLIP))
        return Lesson(made.key, made.kind, made.values, int(np.argmax(worth)), good)


def turned_on(made: Decision) -> str:
    """The criterion on which a decision gave up most, of those it touches."""
    apart = made.scores[made.best] - made.scores[made.played]
    lost = spread(made.loss, {c: float(apart[CRITERIA.index(c)]) for c in made.touched})
    return max(made.touched, key=lambda c: lost[c])


def features_of(criterion: str) -> Floats:
    """The features a criterion covers, [features] of 0 and 1."""
    return np.array([float(f in GROUPS[criterion]) for f in FEATURES])
