"""What a learner makes of its own games, without anybody: a sensible one, not a straw man.

A Bayesian regression of how its games came out on what the boards after its plays had, with its
own habits as the prior: it trusts what it has seen as far as so few and so noisy results allow.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tutelage_studies.backgammon.board import KINDS
from tutelage_studies.backgammon.judgment import FEATURES, Floats
from tutelage_studies.individualized.learner import ANY, DIGITS, Learner
from tutelage_studies.individualized.play import Decision, Played

NOISE = 1.3  # sd of a game's result, in points
ALIKE = 3.0  # decisions of one game that say as much as one that stands alone
OWN_SD, SHARED_SD = 0.1, 0.1  # how far off a habit may be: in one kind of position, in all
LEVEL_SD = 0.5  # of what the kinds of position bring on average
WIDTH = len(FEATURES) + 1


def _prior() -> Floats:
    """Inverse variances of what is learned: by kind and shared, weights and a level each."""
    one = [OWN_SD] * len(FEATURES) + [LEVEL_SD]
    every = [SHARED_SD] * len(FEATURES) + [LEVEL_SD]
    return 1.0 / np.array(one * len(KINDS) + every) ** 2


@dataclass(slots=True)
class Experience:
    """Sums over what was played: x x'/variance and x (result - own expectation)/variance."""

    precision: Floats = field(default_factory=lambda: np.diag(_prior()))
    told: Floats = field(default_factory=lambda: np.zeros(WIDTH * (len(KINDS) + 1)))

    def learn(self, learner: Learner, played: Played) -> None:
        """After a game: the posterior mean of the weights goes into the notebook.

        result = level + (habit + learned) · (features - their mean in the position) + noise; the
        features' means carry no weight, since a position's worth is not the play's doing.
        """
        for made in played.decisions:
            x = _spread(made)
            expected = float(centred(made) @ learner.base[made.kind])
            self.precision += np.outer(x, x) / (NOISE**2 * ALIKE)
            self.told += x * (played.result - expected) / (NOISE**2 * ALIKE)
        mean = np.linalg.solve(self.precision, self.told).reshape(len(KINDS) + 1, WIDTH)
        learner.pages = np.round(mean[:, : len(FEATURES)], DIGITS)


def centred(made: Decision) -> Floats:
    """What a play had more of than the other plays of its position."""
    found: Floats = made.values[made.played] - made.values.mean(0)
    return found


def _spread(made: Decision) -> Floats:
    x = np.zeros((len(KINDS) + 1, WIDTH))
    x[made.kind] = x[ANY] = np.append(centred(made), 1.0)
    return x.ravel()


def direction(made: Decision) -> Floats:
    """What a play had more of than the others of its position, of length one."""
    apart = centred(made)
    length = float(np.linalg.norm(apart))
    found: Floats = apart / length if length > 1e-9 else apart * 0
    return found
