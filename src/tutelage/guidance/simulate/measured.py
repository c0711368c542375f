"""A simulated figure never stands without its Monte-Carlo error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure, its standard error over simulated relationships, and how many there were.

    >>> print(Measured(0.934, 0.0021, 1000))
    0.934 ± 0.002 (n=1000)
    """

    value: float
    error: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.3f} ± {self.error:.3f} (n={self.n})"


Characteristics = dict[str, Measured]
"""What one variant shows, by key: coverage, log_loss, type1, …"""


def mean(values: ArrayLike) -> Measured:
    """The mean over relationships; the relationship is the unit, whatever it holds.

    ``values`` [B] or [B, …]: what belongs to one relationship is averaged first. NaN is left out.
    Empty gives NaN.

    >>> print(mean([[True, True], [False, True], [True, True], [False, False]]))
    0.625 ± 0.239 (n=4)
    """
    flat = np.asarray(values, dtype=float).reshape(len(np.asarray(values)), -1)
    known = ~np.isnan(flat)
    some = known.any(1)
    each = np.where(known, flat, 0.0)[some].sum(1) / known[some].sum(1)
    n = len(each)
    if n == 0:
        return Measured(float("nan"), float("nan"), 0)
    error = float(each.std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan")
    return Measured(float(each.mean()), error, n)
