"""The learner's unassisted judgment now, per criterion, and how sure that is."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tutelage.evidence.results import Estimate

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Touched = tuple[int, Ints, Floats, Bools | None]
"""A criterion's index, and per relationship: rater, rating, and whether it was touched."""

VERSION = "ability-1"
STEP = 0.6  # rating points between two declared steps of difficulty
_DENSITY = 1.0 / np.sqrt(2.0 * np.pi)


@dataclass(frozen=True, slots=True)
class Constants:
    """The filter's numbers, in rating points; measured in EVIDENCE's standard simulation."""

    prior_mean: float = 2.5
    own_sd: float = 0.6
    shared_sd: float = 0.35
    severity_sd: float = 0.3
    noise_sd: float = 0.6
    difficulty_sd: float = 0.45
    drift_sd: float = 0.05
    drift_damping: float = 0.98
    drift_growth: float = 3e-5
    drifts: tuple[float, ...] = (0.0025, 0.01, 0.04)  # variance a situation, one copy each
    leak: float = 0.02
    drop_alarm: float = 2.5
    drop_variance: float = 0.4
    drop_most: float = 2.0  # standard deviations that one situation may add to the alarm
    declared_prior: float = 10.0  # situations after which a habit of declaring "hard" shows


class Ability:
    """A dynamic estimate of unassisted judgment from ordinal ratings.

    State, per relationship: one shared drift, an ability for each criterion, a severity for each
    rater. Rating ``y`` of criterion ``k`` by rater ``r`` in a situation of difficulty ``d``::

        y = clip(round(ability_k - d - severity_r + noise), 1, 5)

    Each rating moves the state by the moments of the truncated normal (assumed-density
    filtering); the difficulty is uncertain about what was declared and is integrated out. Copies
    of the filter with different drift variances run side by side and are weighted by how well
    they predicted. A run of ratings below expectation widens the estimate, so that a drop shows.

    Shapes: ``batch`` relationships at once, B; live use is a batch of one. O(1) a rating.
    Units: rating points. Source: West & Harrison (1997), ch. 12 (mixtures of drift);
    Minka (2001) (assumed density); Page (1954) (cumulative sum).

    >>> ability = Ability(criteria=2)
    >>> for rating in (2, 3, 2, 3, 3):
    ...     ability.update([(0, 0, rating)])
    >>> print(ability.estimate(0))
    2.6 ± 0.4 (n=5)
    """

    def __init__(
        self, criteria: int, raters: int = 1, batch: int = 1, constants: Constants | None = None
    ) -> None:
        self.constants = c = constants or Constants()
        copies = len(c.drifts)
        self.criteria: list[int] = []
        self.raters: list[int] = []
        self.mean: Floats = np.zeros((batch, copies, 1))
        self.cov: Floats = np.full((batch, copies, 1, 1), c.drift_sd**2)
        self.log_weight: Floats = np.full((batch, copies), -np.log(copies))
        self.fall: Floats = np.zeros(batch)
        self.fell: Bools = np.zeros(batch, dtype=bool)
        self.declared_sum: Floats = np.zeros(batch)
        self.situations = 0
        self.counts: Ints = np.zeros((batch, 0), dtype=np.int64)
        self._drift = np.array(c.drifts)
        for _ in range(criteria):
            self.add_criterion()
        for _ in range(raters):
            self.add_rater()

    # the shape of the state --------------------------------------------------------------------
    def add_criterion(self) -> int:
        """One more criterion; returns its index.

        Once others were rated, what is shared with them is no longer known from the prior alone:
        a late criterion begins on its own, so that the covariance stays one.
        """
        c = self.constants
        at = self._grow(c.own_sd**2 + c.shared_sd**2, c.prior_mean)
        for other in self.criteria if self.situations == 0 else ():
            self.cov[:, :, at, other] = self.cov[:, :, other, at] = c.shared_sd**2
        self.criteria.append(at)
        self.counts = np.pad(self.counts, ((0, 0), (0, 1)))
        return len(self.criteria) - 1

    def add_rater(self) -> int:
        """One more rater; returns its index."""
        self.raters.append(self._grow(self.constants.severity_sd**2, 0.0))
        return len(self.raters) - 1

    def _grow(self, variance: float, mean: float) -> int:
        at = int(self.mean.shape[-1])
        self.mean = np.pad(self.mean, ((0, 0), (0, 0), (0, 1)), constant_values=mean)
        self.cov = np.pad(self.cov, ((0, 0), (0, 0), (0, 1), (0, 1)))
        self.cov[:, :, at, at] = variance
        return at

    # one situation -----------------------------------------------------------------------------
    def update(
        self, ratings: list[tuple[int, int, int]], declared: int = 0, *, step: float = STEP
    ) -> None:
        """One situation of one relationship: ``(criterion, rater, rating)`` and difficulty."""
        touched: list[Touched] = [
            (k, np.array([r]), np.array([float(y)]), None) for k, r, y in ratings
        ]
        self._situation(touched, np.array([declared * step]))

    def update_many(self, ratings: Floats, declared: Floats, rater: Ints) -> None:
        """One situation each of B relationships.

        ``ratings`` [B, K] with NaN where untouched, ``declared`` [B] in points, ``rater`` [B].
        """
        on = ~np.isnan(ratings)
        filled = np.where(on, ratings, 3.0)
        touched: list[Touched] = [
            (k, rater, filled[:, k], on[:, k]) for k in range(ratings.shape[1])
        ]
        self._situation(touched, declared)

    def _situation(self, touched: list[Touched], declared: Floats) -> None:
        expected = self._habitual(declared)
        self._move_on()
        self._watch_for_a_drop(touched, expected)
        difficulty = self._grow(self.constants.difficulty_sd**2, 0.0)
        self.mean[..., difficulty] = expected[:, None]
        for criterion, rater, rating, on in touched:
            self._rate(criterion, rater, rating, on, difficulty)
        self.mean = self.mean[..., :difficulty].copy()
        self.cov = self.cov[..., :difficulty, :difficulty].copy()
        self.log_weight -= _log_sum(self.log_weight)
        self.situations += 1

    def _habitual(self, declared: Floats) -> Floats:
        """Declared difficulty less this learner's own habit of declaring."""
        c = self.constants
        habit = self.declared_sum / (self.situations + c.declared_prior)
        self.declared_sum = self.declared_sum + declared
        centred: Floats = declared - habit
        return centred

    def _move_on(self) -> None:
        """Time passes: the shared drift carries all criteria, and each may drift on its own."""
        c, on = self.constants, self.criteria
        if self.situations == 0:
            return
        self.mean[..., on] += self.mean[..., :1]
        self.mean[..., 0] *= c.drift_damping
        step = np.eye(self.mean.shape[-1])
        step[on, 0] = 1.0
        step[0, 0] = c.drift_damping
        self.cov = step @ self.cov @ step.T
        self.cov[..., on, on] += self._drift[None, :, None]
        self.cov[..., 0, 0] += c.drift_growth
        weight = np.exp(self.log_weight)
        self.log_weight = np.log((1 - c.leak) * weight + c.leak / weight.shape[1])

    def _rate(
        self, criterion: int, rater: Ints, rating: Floats, on: Bools | None, difficulty: int
    ) -> None:
        rows = np.arange(len(rating))
        k, r, d = self.criteria[criterion], np.asarray(self.raters)[rater], difficulty
        mean, cov = self.mean, self.cov
        expected = mean[..., k] - mean[rows, :, r] - mean[..., d]
        gain = cov[..., k] - cov[rows, :, :, r] - cov[..., d]
        spread = gain[..., k] - gain[rows, :, r] - gain[..., d] + self.constants.noise_sd**2
        sd = np.sqrt(spread)
        shift, shrink, likelihood = _truncated(rating[:, None], expected, sd)
        if on is not None:
            silent = ~on[:, None]
            shift, shrink = np.where(silent, 0.0, shift), np.where(silent, 0.0, shrink)
            likelihood = np.where(silent, 1.0, likelihood)
        unit = gain / sd[..., None]
        self.mean = mean + unit * shift[..., None]
        self.cov = cov - unit[..., :, None] * unit[..., None, :] * shrink[..., None, None]
        self.log_weight = self.log_weight + np.log(likelihood)
        self.counts[:, criterion] += 1 if on is None else on

    def _watch_for_a_drop(self, touched: list[Touched], expected: Floats) -> None:
        """Cumulative sum of disappointments against the expected clipped rating."""
        c, batch = self.constants, len(expected)
        mean, cov = self._mixture()
        weights, ratings = np.zeros((batch, mean.shape[-1])), np.zeros(batch)
        pairs = np.zeros(batch)
        for criterion, rater, rating, on in touched:
            held = np.ones(batch) if on is None else on.astype(float)
            weights[:, self.criteria[criterion]] += held
            weights[np.arange(batch), np.asarray(self.raters)[rater]] -= held
            ratings += held * rating
            pairs += held
        some = np.maximum(pairs, 1.0)
        weights /= some[:, None]
        spread = np.einsum("bi,bij,bj->b", weights, cov, weights)
        sd = np.sqrt(spread + c.difficulty_sd**2 + c.noise_sd**2 / some)
        clipped = np.zeros(batch)
        for criterion, rater, _rating, on in touched:
            held = np.ones(batch) if on is None else on.astype(float)
            severity = mean[np.arange(batch), np.asarray(self.raters)[rater]]
            latent = mean[:, self.criteria[criterion]] - severity - expected
            clipped += held * _clipped(latent, sd)
        surprise = np.where(pairs > 0, (ratings - clipped) / some / sd, 0.0)
        # one bad day is no drop: a situation counts for so much and no more
        surprise = np.maximum(surprise, -c.drop_most)
        self.fall = np.maximum(0.0, self.fall - surprise - 0.5)
        self.fell = self.fall > c.drop_alarm
        widen = np.where(self.fell, c.drop_variance, 0.0)[:, None, None, None]
        block = np.zeros(self.cov.shape[-2:])
        block[np.ix_(self.criteria, self.criteria)] = 1.0
        self.cov = self.cov + widen * block
        self.fall = np.where(self.fell, 0.0, self.fall)

    # what it says ------------------------------------------------------------------------------
    def _mixture(self) -> tuple[Floats, Floats]:
        weight = np.exp(self.log_weight)
        mean = np.einsum("bm,bmi->bi", weight, self.mean)
        cov = np.einsum("bm,bmij->bij", weight, self.cov)
        return mean, cov

    def moments(self) -> tuple[Floats, Floats]:
        """Mean and standard deviation of every ability, each [B, K], in rating points."""
        weight = np.exp(self.log_weight)[..., None]
        mean, var = self.mean[..., self.criteria], self._variances()
        middle = (weight * mean).sum(1)
        spread = (weight * (var + (mean - middle[:, None]) ** 2)).sum(1)
        return middle, np.sqrt(spread)

    def at_least(self, bar: float) -> Floats:
        """P(ability ≥ bar) for every criterion, [B, K]."""
        weight = np.exp(self.log_weight)[..., None]
        z = (self.mean[..., self.criteria] - bar) / np.sqrt(self._variances())
        chance: Floats = (weight * ndtr(z)).sum(1)
        return chance

    def _variances(self) -> Floats:
        every: Floats = np.einsum("bmii->bmi", self.cov)[..., self.criteria]
        return np.maximum(every, 1e-6)

    def predict(self, criterion: int, declared: int = 0, rater: int = 0) -> float:
        """P(the next own call is rated 4 or 5) on this criterion, by this rater."""
        c = self.constants
        k, r = self.criteria[criterion], self.raters[rater]
        habit = self.declared_sum[0] / (self.situations + c.declared_prior)
        mean = self.mean[0, :, k] - self.mean[0, :, r] - (declared * STEP - habit)
        cov = self.cov[0]
        var = cov[:, k, k] + cov[:, r, r] - 2 * cov[:, k, r]
        sd = np.sqrt(var + c.noise_sd**2 + c.difficulty_sd**2)
        return float((np.exp(self.log_weight[0]) * ndtr((mean - 3.5) / sd)).sum())

    def estimate(self, criterion: int) -> Estimate:
        """Where a criterion stands in the first (live: the only) relationship."""
        mean, sd = self.moments()
        n = int(self.counts[0, criterion])
        return Estimate(float(mean[0, criterion]), float(sd[0, criterion]), n)

    # keeping it --------------------------------------------------------------------------------
    def copy(self) -> Self:
        """An independent copy."""
        twin = object.__new__(type(self))
        for name, value in vars(self).items():
            kept = value.copy() if isinstance(value, np.ndarray | list) else value
            setattr(twin, name, kept)
        return twin

    def dump(self) -> bytes:
        """The state as bytes, exactly."""
        arrays = {k: v for k, v in vars(self).items() if isinstance(v, np.ndarray | list | int)}
        buffer = io.BytesIO()
        np.savez(buffer, **{k: np.asarray(v) for k, v in arrays.items()})  # type: ignore[arg-type]
        return buffer.getvalue()

    @classmethod
    def load(cls, kept: bytes, constants: Constants | None = None) -> Ability:
        """The state that `dump` wrote."""
        ability = cls(0, 0, constants=constants)
        with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
            for name in arrays.files:
                value = arrays[name]
                was = getattr(ability, name)
                setattr(ability, name, value.tolist() if isinstance(was, list | int) else value)
        return ability


def _truncated(rating: Floats, mean: Floats, sd: Floats) -> tuple[Floats, Floats, Floats]:
    """Moments of a normal cut to the rating's half-point bounds; 1 and 5 are open-ended.

    Returns the shift of the mean and the share of variance lost, in standard units, and the
    likelihood of the rating.
    """
    low, high = rating <= 1, rating >= 5
    a = np.where(low, -9.0, (rating - 0.5 - mean) / sd)
    b = np.where(high, 9.0, (rating + 0.5 - mean) / sd)
    mass = np.maximum(ndtr(b) - ndtr(a), 1e-9)
    at_a = np.where(low, 0.0, _DENSITY * np.exp(-0.5 * a * a))
    at_b = np.where(high, 0.0, _DENSITY * np.exp(-0.5 * b * b))
    shift = np.clip((at_a - at_b) / mass, -8.0, 8.0)
    left = np.clip(1.0 + (a * at_a - b * at_b) / mass - shift**2, 0.02, 1.0)
    return shift, 1.0 - left, mass


def _clipped(latent: Floats, sd: Floats) -> Floats:
    """Expected rating when a normal is rounded and clipped to 1..5."""
    cuts = np.array([1.5, 2.5, 3.5, 4.5])
    total: Floats = 1.0 + ndtr((latent[:, None] - cuts) / sd[:, None]).sum(1)
    return total


def _log_sum(values: Floats) -> Floats:
    top = values.max(1, keepdims=True)
    total: Floats = top + np.log(np.exp(values - top).sum(1, keepdims=True))
    return total


def tuned(constants: Constants, numbers: dict[str, float]) -> Constants:
    """The constants with those changed that a `Configured` entry names."""
    known = {k: v for k, v in numbers.items() if k in Constants.__slots__ and k != "drifts"}
    return replace(constants, **known)  # type: ignore[arg-type]
