"""What the guidance did to an agent: copies of it from one ledger, with and without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from tutelage.evidence.attribution import chance
from tutelage.evidence.notyet import NotYet

Floats = NDArray[np.float64]
FEWEST_COPIES = 3  # an arm; with fewer, no interval is worth printing


@dataclass(frozen=True, slots=True)
class ForkContrast:
    """How much better the copies of one arm decided than those of another, per situation.

    >>> print(ForkContrast(0.42, 0.11, 0.73, 0.018, (3, 3)))
    +0.42 rating points [+0.11, +0.73] (90 %, p = .018; 3 and 3 copies)
    """

    gain: float
    low: float
    high: float
    p: float  # one-sided: no gain
    copies: tuple[int, int]
    unit: str = "rating points"

    @property
    def shown(self) -> bool:
        """Whether the 90 % interval leaves out "no gain"."""
        return self.low > 0

    def __str__(self) -> str:
        size = f"{self.copies[0]} and {self.copies[1]} copies"
        interval = f"[{self.low:+.2f}, {self.high:+.2f}]"
        return f"{self.gain:+.2f} {self.unit} {interval} (90 %, {chance(self.p)}; {size})"


def fork_contrast(guided: Sequence[Floats], alone: Sequence[Floats]) -> ForkContrast | NotYet:
    """Did the guided copies decide better than the others in the second half of their situations?

    Each item holds the ratings [T, K] (or [T]) of one copy's own calls; NaN where not rated. The
    copy is the unit: copies drift apart, and the situations of one are no witnesses independent of
    each other (a paired t over situations rejects true nulls in 10 to 30 %). Welch's interval
    over copy means, which do not include the first half: there is little learned yet. Source:
    Welch (1947).

    >>> import numpy as np
    >>> calls = [np.full((20, 2), level) for level in (3.0, 3.2, 3.3, 2.6, 2.9, 2.7)]
    >>> print(fork_contrast(calls[:3], calls[3:]))
    +0.43 rating points [+0.17, +0.70] (90 %, p = .013; 3 and 3 copies)
    """
    with_, without = _means(guided), _means(alone)
    few = FEWEST_COPIES - min(len(with_), len(without))
    if few > 0:
        fewest = min(len(with_), len(without))
        return NotYet(
            f"{fewest} rated copies in an arm; one copy can be chance", few, "copy an arm"
        )
    variances = np.array([with_.var(ddof=1) / len(with_), without.var(ddof=1) / len(without)])
    error = float(np.sqrt(variances.sum()))
    if error < 1e-9:
        return NotYet("the copies of each arm did exactly the same: they are no copies of chance")
    sizes = np.array([len(with_), len(without)])
    freedom = float(variances.sum() ** 2 / (variances**2 / (sizes - 1)).sum())
    gain = float(with_.mean() - without.mean())
    half = float(stdtrit(freedom, 0.95)) * error
    p = float(stdtr(freedom, -gain / error))
    return ForkContrast(gain, gain - half, gain + half, p, (len(with_), len(without)))


def _means(copies: Sequence[Floats]) -> Floats:
    """The mean rating of each copy's second half; copies without one are left out."""
    halves = [np.asarray(c, float)[len(c) // 2 :] for c in copies]
    return np.array([float(np.nanmean(h)) for h in halves if not np.isnan(h).all()])
