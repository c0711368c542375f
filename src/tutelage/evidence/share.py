"""A share of successes with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tutelage.evidence.results import Z90


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 90 % interval.

    >>> print(wilson(0, 4))
    0 of 4 (0 to 40 %)
    """

    solved: int
    n: int
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.solved} of {self.n} ({self.low * 100:.0f} to {self.high * 100:.0f} %)"


def wilson(solved: int, n: int, z: float = Z90) -> Rate:
    """The share of successes with Wilson's interval: centre (s + z²/2)/(n + z²).

    Source: Wilson (1927); Brown, Cai & DasGupta (2001) for small n.
    """
    if n == 0:
        return Rate(0, 0, 0.0, 1.0)
    share, square = solved / n, z * z
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return Rate(solved, n, max(0.0, centre - half), min(1.0, centre + half))
