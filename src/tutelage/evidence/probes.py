"""What guidance does *now*: situations in which chance withheld it, against the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutelage.evidence.attribution import chance
from tutelage.evidence.dose import follow
from tutelage.evidence.notyet import NotYet
from tutelage.evidence.withdrawal import Share, share

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
FEWEST_PROBES = 4  # situations with guidance, and without


@dataclass(frozen=True, slots=True)
class Probed:
    """How much better decisions are with guidance than where it was withheld by chance.

    It says what guidance does in a decision, nothing of what the learner learned; its p is never
    combined with that of the design.

    >>> print(Probed(0.004, 0.9, 0.5, 1.3, 7, 18, None))
    with guidance decisions are now 0.9 points better (90 % interval 0.5 to 1.3; p = .004, \
withheld in 7 of 25); this is help, not learning
    """

    p: float
    points: float
    low: float
    high: float
    withheld: int
    guided: int
    dependence: Share | None  # of the rise since the baseline, what is gone without guidance

    def __str__(self) -> str:
        total = self.withheld + self.guided
        told = (
            f"with guidance decisions are now {self.points:.1f} points better (90 % interval "
            f"{self.low:.1f} to {self.high:.1f}; {chance(self.p)}, "
            f"withheld in {self.withheld} of {total}); this is help, not learning"
        )
        if self.dependence is None:
            return told
        return f"{told}; dependence: {self.dependence} of the rise is gone without guidance"


def probed(
    decisions: Floats,
    withheld: Bools,
    probability: Floats,
    calls: Floats,
    baseline: Floats | None = None,
    redraws: int = 999,
    seed: int = 0,
) -> Probed | NotYet:
    """What does guidance add to a decision now, and how much of the rise hangs on it?

    One entry a situation [n]: mean rating of the ``decisions``, whether guidance was ``withheld``,
    with what ``probability``, mean rating of the own ``calls`` before the draw, which says how hard
    the case was and where the learner stood. Randomization test: the draws are made again; own
    call and time are projected out. Interval by inversion. ``baseline``: ratings of decisions
    before there was any guidance; with it, `Share`. Source: Edgington & Onghena (2007), ch. 11.
    """
    known = ~(np.isnan(decisions) | np.isnan(calls)) & (probability > 0) & (probability < 1)
    decided, out, chance = decisions[known], withheld[known], probability[known]
    short = FEWEST_PROBES - int(min(out.sum(), (~out).sum()))
    if short > 0:
        rare = float(np.minimum(chance, 1 - chance).mean()) if len(chance) else 0.3
        more = int(np.ceil(short / rare))
        return NotYet(f"{int(out.sum())} probes among {len(out)} rated decisions", more)
    if np.ptp(decided) == 0:
        return NotYet(f"every decision was rated {decided[0]:g}")
    rng = np.random.default_rng(seed)
    others = rng.random((redraws, len(chance))) >= chance
    doses = np.concatenate([~out[None], others]).astype(float)
    found = follow(doses, _without(calls[known]), decided)
    low, high = found.interval()
    now = decided[~out], decided[out]
    hangs = None if baseline is None else share(now[0], now[1], baseline)
    return Probed(found.p, found.points, low, high, int(out.sum()), int((~out).sum()), hangs)


def _without(calls: Floats) -> Floats:
    """What takes the own call, time and the mean out of a column: a projection [n, n]."""
    known = np.stack([np.ones(len(calls)), calls, np.arange(len(calls))], axis=1)
    projection: Floats = np.eye(len(calls)) - known @ np.linalg.pinv(known)
    return projection
