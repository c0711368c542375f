"""The measures of the study: area under the curve, games to half the gap, paired differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import stats

Curve = Sequence[Sequence[float]]  # (game, loss)


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean difference between two arms over the same learners, with a 95 % interval.

    >>> print(Difference(0.0113, 0.0093, 0.0132, 64))
    +0.0113 [+0.0093, +0.0132] (n=64)
    """

    mean: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.mean:+.4f} [{self.low:+.4f}, {self.high:+.4f}] (n={self.n})"

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies on one side of nothing."""
        return self.low > 0 or self.high < 0


def area(curve: Curve, until: int) -> float:
    """The mean height of a loss curve from the first game to `until`, by trapezia.

    >>> area([(0, 0.1), (5, 0.05), (10, 0.05)], 10)
    0.0625
    """
    points = [(g, v) for g, v in curve if g <= until]
    games, losses = np.array(points, dtype=float).T
    return float(np.trapezoid(losses, games) / (games[-1] - games[0]))


def half_way(curve: Curve, ceiling: float) -> float | None:
    """The game at which half of the gap to the ceiling is closed; None where it never is.

    >>> half_way([(0, 0.1), (5, 0.08), (10, 0.06)], 0.04)
    7.5
    """
    start = curve[0][1]
    goal = start - (start - ceiling) / 2
    for (g0, v0), (g1, v1) in pairwise(curve):
        if v1 <= goal:
            return float(g0 + (g1 - g0) * (v0 - goal) / (v0 - v1)) if v0 > v1 else float(g1)
    return None


def paired(more: Sequence[float], less: Sequence[float]) -> Difference:
    """How much higher `more` is than `less`, learner by learner; Student's interval, 95 %.

    >>> print(paired([0.3, 0.2, 0.4], [0.1, 0.1, 0.1]))
    +0.2000 [-0.0484, +0.4484] (n=3)
    """
    apart = np.asarray(more) - np.asarray(less)
    n = len(apart)
    mean = float(apart.mean())
    spread = float(apart.std(ddof=1) / np.sqrt(n)) if n > 1 else float("inf")
    half = spread * float(stats.t.ppf(0.975, max(n - 1, 1)))
    return Difference(mean, mean - half, mean + half, n)


def resampled(more: Sequence[float], less: Sequence[float], seed: int = 0) -> Difference:
    """The same by the percentile bootstrap over learners, 10,000 times."""
    apart = np.asarray(more) - np.asarray(less)
    rng = np.random.default_rng(seed)
    means = apart[rng.integers(len(apart), size=(10_000, len(apart)))].mean(1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Difference(float(apart.mean()), float(low), float(high), len(apart))


def kept_gain(
    none: Sequence[float], full: Sequence[float], fading: Sequence[float], seed: int = 0
) -> Difference:
    """The share of the gain over nothing that fading keeps: a ratio of means, bootstrapped.

    >>> round(kept_gain([0.1, 0.12], [0.06, 0.06], [0.062, 0.062]).mean, 3)
    0.96
    """
    table = np.array([none, full, fading])
    rng = np.random.default_rng(seed)
    picked = table[:, rng.integers(table.shape[1], size=(10_000, table.shape[1]))].mean(2)
    shares = (picked[0] - picked[2]) / (picked[0] - picked[1])
    low, high = np.quantile(shares, [0.025, 0.975])
    top, whole, less = table.mean(1)
    return Difference(float((top - less) / (top - whole)), float(low), float(high), table.shape[1])
