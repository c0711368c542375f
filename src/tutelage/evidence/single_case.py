"""The randomization test of published two-phase cases: our arithmetic against the field's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST = 5_000_000  # arrangements that are still gone through one by one


@dataclass(frozen=True, slots=True)
class PhaseTest:
    """The rise from phase A to B over several cases, and how many starts would have shown as much.

    >>> print(PhaseTest(20.56, 0.03606, 1.73, 1331))
    phase B is 20.56 above phase A (p = 0.036, 1,331 arrangements)
    """

    observed: float
    p: float
    z: float
    arrangements: int

    def __str__(self) -> str:
        ways = f"{self.arrangements:,} arrangements"
        return f"phase B is {self.observed:.2f} above phase A (p = {self.p:.3f}, {ways})"


def phase_test(cases: Sequence[Sequence[float]], starts: Sequence[int], shortest: int) -> PhaseTest:
    """Did B begin where the values rose, rather than elsewhere?

    Statistic: mean of B less mean of A, averaged over cases. Every case's B could have begun at any
    place that leaves ``shortest`` values in each phase; all combinations are gone through, the real
    one among them. z is by their sample standard deviation. ``starts``: the first value of B.
    Source: Bulté & Onghena (2008); Marascuilo & Busk (1988).

    >>> test = phase_test([[1, 2, 1, 5, 6, 5], [2, 1, 4, 5, 4, 5]], [3, 2], shortest=2)
    >>> round(test.observed, 3), test.arrangements, round(test.p, 3)
    (3.5, 9, 0.111)
    """
    rises = [_rises(np.asarray(values, float), shortest) for values in cases]
    ways = int(np.prod([len(r) for r in rises])) if rises else 0
    if not 0 < ways <= MOST:
        raise ValueError(f"{ways} arrangements: between 1 and {MOST} can be gone through")
    if not all(0 <= s - shortest < len(r) for r, s in zip(rises, starts, strict=True)):
        raise ValueError(f"a phase of fewer than {shortest} values")
    every = reduce(lambda done, r: np.add.outer(done, r).ravel(), rises) / len(rises)
    observed = float(np.mean([r[s - shortest] for r, s in zip(rises, starts, strict=True)]))
    spread = float(every.std(ddof=1)) if ways > 1 else 0.0
    z = (observed - float(every.mean())) / spread if spread > 0 else 0.0
    return PhaseTest(observed, float((every >= observed - 1e-9).mean()), z, ways)


def _rises(values: Floats, shortest: int) -> Floats:
    """Mean of B less mean of A for each place B could begin."""
    places = np.arange(shortest, len(values) - shortest + 1)
    total, before = values.sum(), np.cumsum(values)[places - 1]
    rises: Floats = (total - before) / (len(values) - places) - before / places
    return rises
