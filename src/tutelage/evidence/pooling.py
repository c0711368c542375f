"""A programme's relationships together: is there anything, how much, and for how many nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri, stdtrit

from tutelage.evidence.attribution import LEVEL, Attribution, chance
from tutelage.evidence.notyet import NotYet

Floats = NDArray[np.float64]
FEWEST = 3  # relationships; two say nothing of how much effects differ


@dataclass(frozen=True, slots=True)
class Effect:
    """A mean over relationships in rating points, its 90 % interval, and how much they differ.

    >>> print(Effect(0.42, 0.21, 0.63, 0.1, 8))
    0.42 points (90 % interval 0.21 to 0.63) over 8 relationships; they differ by ± 0.10
    """

    points: float
    low: float
    high: float
    differ: float  # standard deviation of true effects between relationships
    n: int

    def __str__(self) -> str:
        between = f"90 % interval {self.low:.2f} to {self.high:.2f}"
        spread = f"they differ by ± {self.differ:.2f}"
        return f"{self.points:.2f} points ({between}) over {self.n} relationships; {spread}"


@dataclass(frozen=True, slots=True)
class Pooled:
    """What a programme's designs show together, and what is missing."""

    p: float | None  # is there anything?
    effect: Effect | None  # how much?
    counted: int
    missing: int  # relationships that say nothing yet

    @property
    def shown(self) -> bool:
        """Whether the relationships together show that guidance moved what it worked on."""
        return self.p is not None and self.p <= LEVEL

    def __str__(self) -> str:
        total = self.counted + self.missing
        lacking = f"no evidence yet for {self.missing} of {total} relationships"
        if self.p is None:
            return f"not enough evidence yet: {lacking}"
        said = "shown" if self.shown else "not shown"
        found = f"{said} that guidance moved what it worked on ({chance(self.p)} pooled"
        size = f"; {self.effect}" if self.effect else f"; how much: {FEWEST} are needed"
        told = f"{found} over {self.counted}){size}"
        return f"{told}; {lacking}" if self.missing else told


def pool(found: Sequence[Attribution | NotYet]) -> Pooled:
    """All relationships of a programme: none is left out because of what it shows.

    Those too small to tell alone count here. Those without evidence are counted and said.
    """
    told = [f for f in found if isinstance(f, Attribution)]
    sized = [f for f in told if np.isfinite(f.error) and f.error > 0]
    return Pooled(
        p=stouffer([_middle(f) for f in told]) if told else None,
        effect=together([f.points for f in sized], [f.error for f in sized]),
        counted=len(told),
        missing=len(found) - len(told),
    )


def stouffer(ps: Sequence[float] | Floats) -> float:
    """Is there anything in any of them? One p of many: Φ(-Σ Φ⁻¹(1 - p)/√n).

    Source: Stouffer et al. (1949).

    >>> round(stouffer([0.06, 0.10, 0.20, 0.03]), 4)
    0.0027
    """
    scores = -ndtri(np.clip(np.asarray(ps, float), 1e-6, 1 - 1e-6))
    return float(ndtr(-scores.sum() / np.sqrt(len(scores))))


def _middle(found: Attribution) -> float:
    """A p of so many draws, at the middle of its step: at its upper end it is never below 1."""
    return found.p - 0.5 / (found.redraws + 1)


def together(points: Sequence[float], errors: Sequence[float]) -> Effect | None:
    """How much, for relationships like these? None for fewer than three.

    Random effects: the variance between relationships by Paule & Mandel (1982), the interval by
    Hartung & Knapp (2001), never narrower than the normal one. ``errors``: standard errors.

    >>> print(together([0.2, 0.5, 0.9, 0.4, 0.6], [0.2, 0.2, 0.2, 0.2, 0.2]))
    0.52 points (90 % interval 0.27 to 0.77) over 5 relationships; they differ by ± 0.16
    """
    y, variance = np.asarray(points, float), np.square(np.asarray(errors, float))
    n = len(y)
    if n < FEWEST:
        return None
    between = _between(y, variance)
    weights = 1 / (variance + between)
    mean = float(weights @ y / weights.sum())
    spread = max(float(weights @ (y - mean) ** 2) / (n - 1), 1.0)
    half = float(stdtrit(n - 1, 0.95)) * np.sqrt(spread / weights.sum())
    return Effect(mean, mean - half, mean + half, float(np.sqrt(between)), n)


def _between(y: Floats, variance: Floats) -> float:
    """The variance between that makes the weighted squares what they should be, n - 1."""

    def excess(between: float) -> float:
        weights = 1 / (variance + between)
        return float(weights @ (y - weights @ y / weights.sum()) ** 2) - (len(y) - 1)

    if excess(0.0) <= 0:
        return 0.0
    return float(brentq(excess, 0.0, 10 * float(np.var(y)) + 1.0))
