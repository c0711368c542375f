"""What the guidance did to an agent: copies of it from one ledger, with and without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from tutelage.evidence.attribution import chance
from tutelage.evidence.notyet import NotYet

Floats = NDArray[np.float64]
FEWEST_COPIES = 3  # an arm; with fewer, no interval is worth printing
RATING_POINTS = "rating points"
NO_CHANCE = NotYet("the copies of each arm did exactly the same: they are no copies of chance")


@dataclass(frozen=True, slots=True)
class ForkContrast:
    """How much better the copies of one arm decided than those of another, per situation.

    >>> print(ForkContrast(0.42, 0.11, 0.73, 0.018, (3, 3)))
    +0.42 rating points [+0.11, +0.73] (90 %, p = .018; 3 and 3 copies)
    >>> print(ForkContrast(0.021, 0.004, 0.038, 0.031, (4, 4), "points a play", paired=True))
    +0.021 points a play [+0.004, +0.038] (90 %, p = .031; 4 pairs of copies)
    """

    gain: float
    low: float
    high: float
    p: float  # one-sided: no gain
    copies: tuple[int, int]
    unit: str = RATING_POINTS
    arms: tuple[str, str] | None = None  # their names, where they have some
    paired: bool = False  # each copy has one of the other arm that met the same situations

    @property
    def shown(self) -> bool:
        """Whether the 90 % interval leaves out "no gain", over as many copies as that takes."""
        return min(self.copies) >= FEWEST_COPIES and self.low > 0

    def __str__(self) -> str:
        digits = 2 if self.high - self.low >= 0.1 else 3
        gain, low, high = (f"{value:+.{digits}f}" for value in (self.gain, self.low, self.high))
        return f"{gain} {self.unit} [{low}, {high}] (90 %, {chance(self.p)}; {self._size})"

    @property
    def _size(self) -> str:
        if self.paired:
            return f"{self.copies[0]} pairs of copies"
        if self.arms is None:
            return f"{self.copies[0]} and {self.copies[1]} copies"
        counted = zip(self.copies, self.arms, strict=True)
        return "copies: " + ", ".join(f"{count} {arm}" for count, arm in counted)


def fork_contrast(guided: Sequence[Floats], alone: Sequence[Floats]) -> ForkContrast | NotYet:
    """Did the guided copies decide better than the others in the second half of their situations?

    Each item holds the ratings [T, K] (or [T]) of one copy's own calls; NaN where not rated. The
    copy is the unit: copies drift apart, and the situations of one are no witnesses independent of
    each other (a paired t over situations rejects true nulls in 10 to 30 %). Welch's interval
    over copy means, which do not include the first half: there is little learned yet. Where all
    copies met the same situations, `levelled` takes out which of them each was rated on; there
    are no pairs to make, because any copy is as good a partner as any other. Source: Welch (1947).

    >>> import numpy as np
    >>> calls = [np.full((20, 2), level) for level in (3.0, 3.2, 3.3, 2.6, 2.9, 2.7)]
    >>> print(fork_contrast(calls[:3], calls[3:]))
    +0.43 rating points [+0.17, +0.70] (90 %, p = .013; 3 and 3 copies)
    """
    return compared(_means(guided), _means(alone))


def compared(
    guided: ArrayLike, alone: ArrayLike, unit: str = RATING_POINTS
) -> ForkContrast | NotYet:
    """The contrast of two arms by one mean a copy, in whatever unit these are; NaN is left out.

    gain ± t(.95, f)·√(s₁²/n₁ + s₂²/n₂), with Welch's f. Source: Welch (1947).

    >>> print(compared([3.0, 3.2, 3.3], [2.6, 2.9, 2.7]))
    +0.43 rating points [+0.17, +0.70] (90 %, p = .013; 3 and 3 copies)
    >>> print(compared([3.0, 3.2], [2.6]))
    not enough evidence yet: 2 and 1 rated copies; 3 an arm are the least; about 3 more forks
    """
    with_, without = _known(guided), _known(alone)
    sizes = np.array([len(with_), len(without)])
    if sizes.min() < FEWEST_COPIES:
        return too_few(len(with_), len(without))
    variances = np.array([with_.var(ddof=1), without.var(ddof=1)]) / sizes
    if variances.sum() < 1e-18:
        return NO_CHANCE
    freedom = float(variances.sum() ** 2 / (variances**2 / (sizes - 1)).sum())
    gain, error = float(with_.mean() - without.mean()), float(np.sqrt(variances.sum()))
    return _interval(gain, error, freedom, (len(with_), len(without)), unit)


def paired_contrast(pairs: Sequence[tuple[Floats, Floats]]) -> ForkContrast | NotYet:
    """The same where each guided copy has one without guidance that met the very same situations.

    Each pair holds two arrays [T, K] of the same shape, rows and columns in the same order. The
    pair is the unit: gain ± t(.95, n - 1)·s/√n over the pairs' differences, each over the cells of
    its second half that both were rated on. How hard its situations were falls out of a pair.
    Where *all* copies met the same, use `fork_contrast`: pairs then cost freedom and win nothing.

    >>> import numpy as np
    >>> calls = [(level + gain, level) for level, gain in ((3.0, 0.4), (2.0, 0.6), (2.6, 0.5))]
    >>> print(paired_contrast([(np.full((20, 2), a), np.full((20, 2), b)) for a, b in calls]))
    +0.50 rating points [+0.33, +0.67] (90 %, p = .007; 3 pairs of copies)
    """
    gains = np.array([_gain(a, b) for a, b in pairs], dtype=float)
    gains = gains[~np.isnan(gains)]
    count = len(gains)
    if count < FEWEST_COPIES:
        return too_few(count, count)
    error = float(gains.std(ddof=1) / np.sqrt(count))
    if error < 1e-9:
        return NO_CHANCE
    return _interval(
        float(gains.mean()), error, count - 1, (count, count), RATING_POINTS, paired=True
    )


def levelled(
    guided: Sequence[Floats], alone: Sequence[Floats]
) -> tuple[list[Floats], list[Floats]]:
    """Ratings less what a situation was worth, where all copies met the same ones.

    From each cell (situation, criterion) goes the mean of the two arms' means in it, and a cell
    that one arm was never rated on goes whole. So a copy that was rated on the easy ones only
    looks no better for it; where every copy was rated on everything, the contrast stays as it is.

    >>> import numpy as np
    >>> easy, hard, none = 4.0, 2.0, np.nan
    >>> with_, without = levelled([np.array([easy, none])], [np.array([easy, hard])])
    >>> with_[0].tolist(), without[0].tolist()
    ([0.0, nan], [0.0, nan])
    """
    if not (guided and alone):
        return list(guided), list(alone)
    with_, without = np.stack(guided), np.stack(alone)
    worth = (_over_copies(with_) + _over_copies(without)) / 2
    return list(with_ - worth), list(without - worth)


def too_few(guided: int, alone: int) -> NotYet:
    """So many copies an arm are too few, and how many more it takes."""
    lacking = sum(max(0, FEWEST_COPIES - n) for n in (guided, alone))
    reason = f"{guided} and {alone} rated copies; {FEWEST_COPIES} an arm are the least"
    return NotYet(reason, lacking, "fork")


def _interval(  # a contrast has as many parts
    gain: float,
    error: float,
    freedom: float,
    copies: tuple[int, int],
    unit: str,
    *,
    paired: bool = False,
) -> ForkContrast:
    half = float(stdtrit(freedom, 0.95)) * error
    p = float(stdtr(freedom, -gain / error))
    return ForkContrast(gain, gain - half, gain + half, p, copies, unit, paired=paired)


def _gain(guided: Floats, alone: Floats) -> float:
    """Mean difference over the cells of the second half that both were rated on; NaN without."""
    difference: Floats = _second_half(guided) - _second_half(alone)
    both = difference[~np.isnan(difference)]
    return float(both.mean()) if both.size else float("nan")


def _means(copies: Sequence[Floats]) -> Floats:
    """The mean rating of each copy's second half; NaN for copies without one."""
    halves = [_second_half(c) for c in copies]
    return np.array([np.nan if np.isnan(h).all() else float(np.nanmean(h)) for h in halves])


def _second_half(ratings: Floats) -> Floats:
    half: Floats = np.asarray(ratings, float)[len(ratings) // 2 :]
    return half


def _known(means: ArrayLike) -> Floats:
    found: Floats = np.asarray(means, dtype=float)
    known: Floats = found[~np.isnan(found)]
    return known


def _over_copies(ratings: Floats) -> Floats:
    """The mean of each cell over the copies rated there; NaN where none was."""
    known = (~np.isnan(ratings)).sum(axis=0)
    nowhere = np.full(known.shape, np.nan)
    found: Floats = np.divide(np.nansum(ratings, axis=0), known, out=nowhere, where=known > 0)
    return found
