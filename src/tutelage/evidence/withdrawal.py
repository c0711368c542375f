"""After guidance is withdrawn: what stays is development, what falls is dependence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from tutelage.evidence.notyet import NotYet
from tutelage.evidence.results import Z90

Floats = NDArray[np.float64]
FEWEST = 3  # rated situations in each phase
LAST = 10  # the last guided situations, which the withdrawal is compared with
MOST_ALIKE = 0.6  # autocorrelation beyond which a short series cannot estimate it


@dataclass(frozen=True, slots=True)
class Change:
    """A difference of own calls between two phases, in rating points, with its 90 % interval.

    >>> print(Change(0.8, 0.5, 1.1))
    +0.8 points [+0.5, +1.1]
    """

    points: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.points:+.1f} points [{self.low:+.1f}, {self.high:+.1f}]"


@dataclass(frozen=True, slots=True)
class Kept:
    """What stayed and what fell when guidance ended, own calls only.

    >>> print(Kept(Change(0.8, 0.5, 1.1), Change(0.1, -0.2, 0.4), (5, 10, 12)))
    retained gain over the baseline: +0.8 points [+0.5, +1.1]; \
lost when guidance was withdrawn (dependence): +0.1 points [-0.2, +0.4], not told from none
    """

    retained: Change
    dependence: Change  # above 0: own calls fell
    situations: tuple[int, int, int]  # rated in baseline, at the end of guidance, in withdrawal

    def __str__(self) -> str:
        fell = f"lost when guidance was withdrawn (dependence): {self.dependence}"
        clear = "" if self.dependence.low > 0 else ", not told from none"
        return f"retained gain over the baseline: {self.retained}; {fell}{clear}"


def after_withdrawal(
    ratings: Floats, declared: Floats, guided_from: int, withdrawn_from: int
) -> Kept | NotYet:
    """How much of the gain stayed when guidance ended, and how much fell with it?

    ``ratings`` [T, K] of own calls, ``declared`` difficulty [T] in points; baseline until
    ``guided_from``, withdrawal from ``withdrawn_from`` on. Least squares of rating + difficulty on
    criterion and phase; errors by situation, not by rating, widened for the autocorrelation found.
    The end of guidance is its last ten situations, so that a still rising learner's dependence is
    judged by where it had got to. Source: Liang & Zeger (1986), with t for few situations.

    >>> import numpy as np
    >>> ratings = np.repeat([2.0, 3.0, 4.0, 3.5], [5, 10, 10, 10])[:, None] + np.zeros((35, 2))
    >>> kept = after_withdrawal(ratings + np.tile([0, .4, .2, -.2, -.4], 7)[:, None],
    ...                         np.zeros(35), 5, 25)
    >>> round(kept.retained.points, 2), round(kept.dependence.points, 2)
    (1.5, 0.5)
    """
    phase = _phases(len(declared), guided_from, withdrawn_from)
    rated = (~np.isnan(ratings)).any(1)
    counts = [int((rated & (phase == i)).sum()) for i in range(3)]
    names: tuple[str, ...] = ("in the baseline", "at the end of guidance", "since guidance ended")
    for count, name in zip(counts, names, strict=True):
        if count < FEWEST:
            return NotYet(f"{count} rated situations {name}", FEWEST - count)
    fit = _fitted(ratings, declared, phase)
    retained = fit.contrast(np.array([-1.0, 0.0, 1.0]))
    fell = fit.contrast(np.array([0.0, 1.0, -1.0]))
    return Kept(retained, fell, (counts[0], counts[1], counts[2]))


def _phases(length: int, guided_from: int, withdrawn_from: int) -> NDArray[np.int64]:
    """0 baseline, 1 end of guidance, 2 withdrawal; -1 what counts for none of them."""
    t = np.arange(length)
    late = max(guided_from, withdrawn_from - LAST)
    return np.select([t < guided_from, t >= withdrawn_from, t >= late], [0, 2, 1], -1)


@dataclass(frozen=True, slots=True)
class _Fit:
    """Phase means over like criteria, their covariance, and the situations behind each."""

    means: Floats  # [3]
    covariance: Floats  # [3, 3]
    situations: Floats  # [3]

    def contrast(self, weights: Floats) -> Change:
        """A difference of phases; degrees of freedom by Satterthwaite (1946)."""
        points = float(weights @ self.means)
        variance = max(float(weights @ self.covariance @ weights), 1e-12)
        each = weights**2 * np.diag(self.covariance)
        freedom = each.sum() ** 2 / max(float((each**2 / (self.situations - 1)).sum()), 1e-12)
        half = float(stdtrit(max(float(freedom), 2.0), 0.95)) * float(np.sqrt(variance))
        return Change(points, points - half, points + half)


def _fitted(ratings: Floats, declared: Floats, phase: NDArray[np.int64]) -> _Fit:
    t, k = np.nonzero(~np.isnan(ratings) & (phase >= 0)[:, None])
    known = np.unique(k)
    of_phase = (phase[t][:, None] == np.arange(3)).astype(float)
    of_criterion = (k[:, None] == known[1:]) - 1.0 / len(known)
    design = np.concatenate([of_phase, of_criterion], axis=1)
    y = ratings[t, k] + (declared - declared.mean())[t]
    bread = np.linalg.pinv(design.T @ design)
    found = bread @ (design.T @ y)
    left = y - design @ found
    situations = np.unique(t)
    means = np.array([float(left[t == s].mean()) for s in situations])
    counts = np.bincount(phase[situations], minlength=3).astype(float)
    # a phase mean uses up one situation of its phase: its own residuals are that much too small
    fair = np.sqrt(counts / (counts - 1))[phase[situations]]
    scores = np.array([design[t == s].T @ left[t == s] for s in situations]) * fair[:, None]
    covariance = bread @ (scores.T @ scores) @ bread * _inflation(means, phase[situations])
    return _Fit(found[:3], covariance[:3, :3], counts)


def _inflation(left: Floats, phase: NDArray[np.int64]) -> float:
    """How much more a mean varies because neighbouring situations are alike: (1 + r)/(1 - r)."""
    together = phase[1:] == phase[:-1]
    size = float((left**2).mean())
    if size < 1e-12 or not together.any():
        return 1.0
    alike = float((left[1:] * left[:-1])[together].mean()) / size
    r = min(max(alike, 0.0), MOST_ALIKE)
    return (1 + r) / (1 - r)


@dataclass(frozen=True, slots=True)
class Share:
    """A share of a rise, with its 90 % interval; below 0 and above 1 are possible.

    >>> print(Share(0.6, 0.35, 0.95))
    60 % (35 to 95 %)
    """

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value * 100:.0f} % ({self.low * 100:.0f} to {self.high * 100:.0f} %)"


def share(with_help: Floats, without: Floats, baseline: Floats) -> Share | None:
    """Of the rise over the baseline, how much is gone without help?

    (with - without)/(with - baseline), interval by Fieller (1954). None where the rise itself
    cannot be told from none: a share of nothing is no number.

    >>> import numpy as np
    >>> print(share(np.array([4, 4, 5, 4, 4.]), np.array([3, 3, 4, 3.]), np.array([2, 2, 3, 2.])))
    49 % (24 to 75 %)
    """
    groups = [np.asarray(g, float)[~np.isnan(g)] for g in (with_help, without, baseline)]
    if min(len(g) for g in groups) < FEWEST:
        return None
    means = [float(g.mean()) for g in groups]
    own = [float(g.var(ddof=1)) / len(g) for g in groups]
    lost, rise = means[0] - means[1], means[0] - means[2]
    a = rise**2 - Z90**2 * (own[0] + own[2])
    if a <= 0 or rise <= 0:
        return None
    b = lost * rise - Z90**2 * own[0]
    c = lost**2 - Z90**2 * (own[0] + own[1])
    half = float(np.sqrt(max(b**2 - a * c, 0.0)))
    return Share(lost / rise, (b - half) / a, (b + half) / a)
