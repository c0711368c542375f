"""Ratings held against a drawn focus: what a dose of focused work did, in rating points.

The arithmetic of `attribution`, `looks` and the planner. Everything here is linear: one matrix is
made from when and on what the learner was rated, and every other draw is one more row times it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

MOST_CELLS = 700  # more ratings are averaged over neighbouring situations first
NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Working:
    """How own calls vary when nothing is done, in rating points², and how fast work tells.

    A working model: it buys power only. The level comes from re-drawing the design.
    """

    noise: float = 0.45  # of one rating, rounding included
    situation: float = 0.22  # what all criteria of one situation share: difficulty, rater
    criterion: float = 0.16  # between criteria at first
    criterion_drift: float = 0.002  # a situation
    general_drift: float = 0.01  # of all criteria together, a situation
    unknown: float = 25.0  # the general level: nothing is known of it
    full_after: float = 8.0  # focused situations after which 63 % of the effect is there
    practice_after: float = 4.0  # the same for mere practice, which is projected out


WORKING = Working()


@dataclass(frozen=True, slots=True)
class Cells:
    """The rated own calls of one relationship, one cell a situation and criterion it touched.

    In a very long relationship neighbouring cells of a criterion are averaged, by ``first``.
    """

    criterion: Ints  # [n]
    situation: Ints  # [n]
    heard: Floats  # [n] rating + declared difficulty, so that a hard case counts for more
    touched: Bools  # [T, K]
    first: Ints  # [m] where each run of cells that are averaged begins
    length: int = 1  # situations a run spans

    @property
    def counts(self) -> Floats:
        """Cells in each run, [m]."""
        return np.diff(self.first, append=len(self.heard)).astype(float)

    @property
    def response(self) -> Floats:
        """What is explained, [m]."""
        return self.mean(self.heard)

    def mean(self, values: Floats) -> Floats:
        """The means over the runs: [..., n] → [..., m]."""
        if len(self.first) == len(self.heard):
            return values
        means: Floats = np.add.reduceat(values, self.first, axis=-1) / self.counts
        return means

    def dose(self, focus: Bools, working: Working = WORKING) -> Floats:
        """How much focused work each cell had behind it: ``focus`` [B, T, K] → [B, m].

        ``1 - exp(-n / full_after)``, n the earlier situations that touched the criterion while it
        was in focus: the first tell most, and what was learned stays when the focus moves on.
        """
        worked = focus & self.touched
        before = worked.cumsum(1, dtype=np.int32) - worked
        at = self.situation * self.touched.shape[1] + self.criterion
        n = before.reshape(len(focus), -1).take(at, axis=1)
        curve = 1 - np.exp(-np.arange(focus.shape[1] + 1) / working.full_after)
        return self.mean(curve[n])

    def practice(self, working: Working = WORKING) -> Floats:
        """What mere practice may have done: two curves of the earlier touches, [m, 2]."""
        before = self.touched.cumsum(0) - self.touched
        n = before[self.situation, self.criterion] / working.practice_after
        return self.mean(np.stack([np.log1p(n), 1 - np.exp(-n)])).T


def cells(ratings: Floats, declared: Floats, most: int = MOST_CELLS) -> Cells:
    """The cells of ``ratings`` [T, K], NaN where not touched, and ``declared`` points [T]."""
    touched = ~np.isnan(ratings)
    criterion, situation = np.nonzero(touched.T)
    hard = declared - declared.mean() if len(declared) else declared
    length = int(np.ceil(max(len(situation), 1) / most))
    run = criterion * len(ratings) + situation // length
    first = np.flatnonzero(np.diff(run, prepend=-1))
    heard = ratings[situation, criterion] + hard[situation]
    return Cells(criterion, situation, heard, touched, first, length)


def precision(seen: Cells, working: Working = WORKING) -> Floats:
    """The inverse of the working covariance, with the practice curves projected out: [m, m]."""
    t, k = seen.situation[seen.first] // seen.length, seen.criterion[seen.first]
    elapsed = np.minimum(t[:, None], t) * seen.length + 1.0
    covariance = working.unknown + working.general_drift * elapsed
    covariance += working.situation / seen.length * (t[:, None] == t)
    own = working.criterion + working.criterion_drift * elapsed
    covariance += own * (k[:, None] == k)
    covariance[np.diag_indices(len(t))] += working.noise / seen.counts
    inverse = np.linalg.inv(covariance)
    curves = seen.practice(working)
    weighted = inverse @ curves
    projected: Floats = inverse - weighted @ np.linalg.pinv(curves.T @ weighted) @ weighted.T
    return projected


@dataclass(frozen=True, slots=True)
class Strengths:
    """How strongly the ratings follow each draw; row 0 is the draw that was made.

    ``strength`` is the standardised generalised-least-squares score D'My / √(D'MD) of a draw's
    doses D; ``overlap`` the score that the real doses, one point strong, would give it.
    """

    strength: Floats  # [1 + B]
    overlap: Floats  # [1 + B]
    per_dose: float  # the mean dose of the cells that had any: from a full dose to points

    @property
    def p(self) -> float:
        """The share of draws that the ratings follow as strongly as the one that was made."""
        return float((self.strength >= self.strength[0] - NOTHING).mean())

    @property
    def z(self) -> float:
        """The strength in standard deviations of the other draws."""
        others = self.strength[1:]
        return float((self.strength[0] - others.mean()) / max(float(others.std()), NOTHING))

    @property
    def points(self) -> float:
        """The effect in rating points: what has to be taken away for the draw to be a usual one."""
        behind = self.strength[0] - float(self.strength[1:].mean())
        apart = self.overlap[0] - float(self.overlap[1:].mean())
        return float(behind / max(apart, NOTHING) * self.per_dose)

    def interval(self, level: float = 0.9) -> tuple[float, float]:
        """All effects that the test would not reject, in rating points.

        For each other draw there is one effect that, taken away, makes the ratings follow it as
        much as the real one; a smaller effect leaves the real draw ahead. So the ends are order
        statistics of these effects: no search is needed, and the interval agrees with p.
        """
        ahead = self.strength[0] - self.strength[1:]
        apart = self.overlap[0] - self.overlap[1:]
        same = apart <= NOTHING  # the real draw come out again: it rejects no effect
        ends = ahead[~same] / apart[~same]
        out = (1 - level) / 2 * len(self.strength) - 1 - int(same.sum())
        at = int(np.floor(out + NOTHING)) + 1  # so many may be left out on each side, and no more
        if at < 1 or at > len(ends):
            return -np.inf, np.inf
        ends.sort()
        return float(ends[at - 1]) * self.per_dose, float(ends[-at]) * self.per_dose


def follow(doses: Floats, matrix: Floats, response: Floats, per_dose: float = 1.0) -> Strengths:
    """How strongly a response [n] follows each row of doses [1 + B, n], under a matrix [n, n]."""
    weighted = doses @ matrix
    size = np.sqrt(np.maximum(np.einsum("bn,bn->b", weighted, doses), NOTHING))
    return Strengths(weighted @ response / size, weighted @ doses[0] / size, per_dose)


def strengths(seen: Cells, focus: Bools, others: Bools) -> Strengths:
    """How strongly the cells follow the real ``focus`` [T, K] and ``others`` [B, T, K]."""
    doses = seen.dose(np.concatenate([focus[None], others]))
    had = doses[0] > 0
    mean_dose = float(doses[0][had].mean()) if had.any() else 0.0
    return follow(doses, precision(seen), seen.response, mean_dose)
