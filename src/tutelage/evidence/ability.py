"""The learner's unassisted judgment now, per criterion, and how sure that is."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tutelage.evidence.constants import Constants
from tutelage.evidence.results import Estimate

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

VERSION = "ability-2"
DIFFICULTY = 1  # the axis of the situation at hand; axis 0 is the drift that all criteria share
STEP = 0.6  # rating points between two declared steps of difficulty
_DENSITY = 1.0 / np.sqrt(2.0 * np.pi)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What one situation said: P ratings of B relationships, and who gave them."""

    criteria: Ints  # [P]
    raters: Ints  # [P], or [B] where each relationship has one rater
    ratings: Floats  # [B, P]
    on: Bools | None  # [B, P]; None: all


class Ability:
    """A dynamic estimate of unassisted judgment from ordinal ratings.

    State, per relationship: one shared drift, the difficulty of the situation at hand, an ability
    for each criterion, a severity for each rater. Rating ``y`` of criterion ``k`` by rater ``r`` in
    a situation of difficulty ``d``::

        y = clip(round(ability_k - d - severity_r + noise), 1, 5)

    Each rating moves the state by the moments of the truncated normal (assumed-density
    filtering); the difficulty is uncertain about what was declared and is integrated out. Copies
    of the filter with different drift variances run side by side and are weighted by how well
    they predicted: the drift is learned. Several raters of one call share most of its noise. A run
    of ratings below expectation widens the estimate, so that a drop shows.

    Shapes: ``batch`` relationships at once, B; live use is a batch of one. O(1) a rating.
    Units: rating points. Source: West & Harrison (1997), ch. 12 (mixtures of drift);
    Minka (2001) (assumed density); Page (1954) (cumulative sum).

    >>> ability = Ability(criteria=2)
    >>> for rating in (2, 3, 2, 3, 3):
    ...     ability.update([(0, 0, rating)])
    >>> print(ability.estimate(0))
    2.6 ± 0.4 (n=5)
    >>> round(ability.predict(criterion=0, difficulty=-1, rater=0), 2)
    0.37
    """

    def __init__(
        self, criteria: int, raters: int = 1, batch: int = 1, constants: Constants | None = None
    ) -> None:
        self.constants = c = constants or Constants()
        copies = len(c.drifts)
        self.criteria: list[int] = []
        self.raters: list[int] = []
        self.mean: Floats = np.zeros((batch, copies, 2))
        self.cov: Floats = np.zeros((batch, copies, 2, 2))
        self.cov[..., 0, 0] = c.drift_sd**2
        self.cov[..., 1, 1] = c.difficulty_sd**2
        self.log_weight: Floats = np.full((batch, copies), -np.log(copies))
        self.fall: Floats = np.zeros(batch)
        self.fell: Bools = np.zeros(batch, dtype=bool)
        self.declared_sum: Floats = np.zeros(batch)
        self.situations = 0
        self.counts: Ints = np.zeros((batch, 0), dtype=np.int64)
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
        self, ratings: Sequence[tuple[int, int, int]], difficulty: int = 0, *, step: float = STEP
    ) -> None:
        """One situation of one relationship: ``(criterion, rater, rating)`` and its difficulty.

        ``difficulty`` as declared: -1 easy, 0, 1 hard.
        """
        k, r, y = (list(column) for column in zip(*ratings, strict=True)) if ratings else ([],) * 3
        heard = _Heard(
            np.array([self.criteria[i] for i in k], dtype=np.int64),
            np.array([self.raters[i] for i in r], dtype=np.int64),
            np.array([y], dtype=float),
            None,
        )
        self._situation(heard, np.array([difficulty * step]), k)

    def update_many(self, ratings: Floats, declared: Floats, rater: Ints) -> None:
        """One situation each of B relationships.

        ``ratings`` [B, K] with NaN where untouched, ``declared`` [B] in points, ``rater`` [B].
        """
        on = ~np.isnan(ratings)
        heard = _Heard(
            np.array(self.criteria),
            np.array(self.raters)[rater],
            np.where(on, ratings, 3.0),
            on,
        )
        self._situation(heard, declared, range(ratings.shape[1]))

    def _situation(self, heard: _Heard, declared: Floats, criteria: Sequence[int]) -> None:
        if self.situations:
            self._move_on()
        expected = self._habitual(declared)
        self._watch_for_a_drop(heard, expected)
        self._meet(expected)
        shared = self._share_noise(criteria)
        for place, criterion in enumerate(criteria):
            self._rate(heard, place, shared.get(criterion))
            self.counts[:, criterion] += 1 if heard.on is None else heard.on[:, place]
        if shared:  # the noise of this one situation is forgotten again
            left = self.mean.shape[-1] - len(shared)
            self.mean = self.mean[..., :left].copy()
            self.cov = self.cov[..., :left, :left].copy()
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
        c, on, cov = self.constants, self.criteria, self.cov
        self.mean[..., on] += self.mean[..., :1]
        self.mean[..., 0] *= c.drift_damping
        cov[..., on, :] += cov[..., :1, :]
        cov[..., on] += cov[..., :1]
        cov[..., 0, :] *= c.drift_damping
        cov[..., 0] *= c.drift_damping
        cov[..., on, on] += np.array(c.drifts)[:, None]
        cov[..., 0, 0] += c.drift_growth
        weight = np.exp(self.log_weight)
        self.log_weight = np.log((1 - c.leak) * weight + c.leak / weight.shape[1])

    def _meet(self, expected: Floats) -> None:
        """A new situation: how hard it is, is known only from what was declared."""
        self.mean[..., DIFFICULTY] = expected[:, None]
        self.cov[..., DIFFICULTY, :] = 0.0
        self.cov[..., DIFFICULTY] = 0.0
        self.cov[..., DIFFICULTY, DIFFICULTY] = self.constants.difficulty_sd**2

    def _share_noise(self, criteria: Sequence[int]) -> dict[int, int]:
        """Where a criterion has several raters here, an axis for the noise that they share."""
        c = self.constants
        several = {k for k in criteria if criteria.count(k) > 1} if len(criteria) > 1 else ()
        return {k: self._grow(c.noise_shared * c.noise_sd**2, 0.0) for k in several}

    def _rate(self, heard: _Heard, place: int, shared: int | None) -> None:
        k, rating = int(heard.criteria[place]), heard.ratings[:, place, None]
        mean, cov, noise = self.mean, self.cov, self.constants.noise_sd**2
        r_mean, r_cov = self._severity(heard, place)
        expected = mean[..., k] - r_mean - mean[..., DIFFICULTY]
        gain = cov[..., k] - r_cov - cov[..., DIFFICULTY]
        if shared is not None:
            expected, gain = expected + mean[..., shared], gain + cov[..., shared]
            noise *= 1.0 - self.constants.noise_shared
        spread = gain[..., k] - self._own(gain, heard, place) - gain[..., DIFFICULTY]
        if shared is not None:
            spread = spread + gain[..., shared]
        sd = np.sqrt(spread + noise)
        shift, shrink, likelihood = _truncated(rating, expected, sd)
        if heard.on is not None:
            silent = ~heard.on[:, place]
            shift[silent], shrink[silent], likelihood[silent] = 0.0, 0.0, 1.0
        unit = gain / sd[..., None]
        self.mean += unit * shift[..., None]
        self.cov -= unit[..., :, None] * (unit * shrink[..., None])[..., None, :]
        self.log_weight += np.log(likelihood)

    def _severity(self, heard: _Heard, place: int) -> tuple[Floats, Floats]:
        """Mean of the rater's severity [B, M], and its covariance with everything [B, M, n]."""
        if heard.on is None:
            r = int(heard.raters[place])
            return self.mean[..., r], self.cov[..., r]
        rows = np.arange(len(heard.raters))
        return self.mean[rows, :, heard.raters], self.cov[rows, :, :, heard.raters]

    def _own(self, values: Floats, heard: _Heard, place: int) -> Floats:
        """The rater's entry of values [B, M, n]."""
        if heard.on is None:
            own: Floats = values[..., int(heard.raters[place])]
            return own
        return values[np.arange(len(heard.raters)), :, heard.raters]

    def _watch_for_a_drop(self, heard: _Heard, expected: Floats) -> None:
        """Cumulative sum of disappointments against the expected clipped rating."""
        c, batch = self.constants, len(expected)
        weight = np.exp(self.log_weight)
        mean = (weight[..., None] * self.mean).sum(1)
        on = np.ones(heard.ratings.shape) if heard.on is None else heard.on.astype(float)
        pairs = on.sum(1)
        some = np.maximum(pairs, 1.0)
        load = np.zeros((batch, mean.shape[-1]))
        if heard.on is None:
            for k, r in zip(heard.criteria.tolist(), heard.raters.tolist(), strict=True):
                load[:, k] += 1.0
                load[:, r] -= 1.0
            severity = mean[:, heard.raters]
        else:
            load[:, heard.criteria] = on
            load[np.arange(batch), heard.raters] = -pairs
            severity = mean[np.arange(batch), heard.raters][:, None]
        load /= some[:, None]
        spread = (weight * _squares(self.cov, load)).sum(1)
        sd = np.sqrt(spread + c.difficulty_sd**2 + c.noise_sd**2 / some)
        latent = mean[:, heard.criteria] - severity - expected[:, None]
        disappointed = on * (heard.ratings - _clipped(latent, sd[:, None]))
        # one bad day is no drop: a situation counts for so much and no more
        surprise = np.maximum(disappointed.sum(1) / some / sd, -c.drop_most)
        self.fall = np.maximum(0.0, self.fall - np.where(pairs > 0, surprise, 0.0) - c.drop_slack)
        self.fell = self.fall > c.drop_alarm
        if self.fell.any():
            block = np.zeros(self.cov.shape[-2:])
            block[np.ix_(np.array(self.criteria), np.array(self.criteria))] = c.drop_variance
            self.cov[self.fell] += block
            self.fall = np.where(self.fell, 0.0, self.fall)

    # what it says ------------------------------------------------------------------------------
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
        on = self.criteria
        variances: Floats = np.maximum(self.cov[..., on, on], 1e-6)
        return variances

    def predict(self, criterion: int, difficulty: int = 0, rater: int = 0) -> float:
        """P(the next own call is rated 4 or 5) on this criterion, by this rater.

        ``difficulty`` as declared: -1 easy, 0, 1 hard.
        """
        declared, by = np.array([difficulty * STEP]), np.array([rater])
        return float(self.predict_many(declared, by)[0, criterion])

    def predict_many(self, declared: Floats, rater: Ints) -> Floats:
        """The same for every criterion of B relationships, [B, K]; ``declared`` [B] in points."""
        c, on = self.constants, self.criteria
        rows, by = np.arange(len(declared)), np.array(self.raters)[rater]
        habit = self.declared_sum / (self.situations + c.declared_prior)
        drift = np.array(c.drifts)[:, None] if self.situations else 0.0
        carried = self.situations > 0  # one step ahead: the shared drift moves on, too
        mean = self.mean[..., on] + carried * self.mean[..., :1]
        mean = mean - self.mean[rows, :, by][..., None] - (declared - habit)[:, None, None]
        cov = self.cov[..., on, :] + carried * self.cov[..., :1, :]
        var = cov[..., range(len(on)), on] + carried * cov[..., 0] + drift
        var = var + self.cov[rows, :, by, by][..., None] - 2 * cov[rows, :, :, by]
        sd = np.sqrt(np.maximum(var, 1e-6) + c.noise_sd**2 + c.difficulty_sd**2)
        chance: Floats = (np.exp(self.log_weight)[..., None] * ndtr((mean - 3.5) / sd)).sum(1)
        return chance

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
    total: Floats = 1.0 + ndtr((latent[..., None] - cuts) / sd[..., None]).sum(-1)
    return total


def _squares(cov: Floats, load: Floats) -> Floats:
    """Each load' cov load, [B, M], of covariances [B, M, n, n] and loads [B, n]."""
    each = (cov @ load[:, None, :, None])[..., 0]
    total: Floats = (each * load[:, None]).sum(-1)
    return total


def _log_sum(values: Floats) -> Floats:
    top = values.max(1, keepdims=True)
    total: Floats = top + np.log(np.exp(values - top).sum(1, keepdims=True))
    return total
