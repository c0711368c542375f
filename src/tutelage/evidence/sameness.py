"""Whether one trainer guides all its learners alike although they need different things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tutelage.domain.relationship import Relationship
from tutelage.evidence.health import Index
from tutelage.evidence.results import Z90
from tutelage.evidence.track import Track

FEWEST_LEARNERS = 4
FEWEST_ITEMS = 8
SAME = 0.15  # share of the possible fit below which guidance is the same for all,
DIFFER = 0.3  # where needs differ by this much, in rating points
BAR = 4.0

Floats = NDArray[np.float64]


def sameness(counts: Floats, gaps: Floats, sds: Floats | None = None) -> Index:
    """Does a trainer's guidance fit its own learner's gaps better than somebody else's?

    ``counts`` [n, K]: guidance items by learner and criterion; ``gaps`` [n, K]: bar less
    estimate, ``sds`` [n, K] its standard deviations. The index is 1 - R, R = A / A_max (see
    `fits`): 0 where each works on what is its own, 1 where guidance might as well be swapped. It
    alarms where R < .15 and A_max, less what errors of estimate make of it, is over .3: needs
    differ, and guidance does not. Interval by leaving out one learner at a time (Tukey 1958).
    From 4 learners with 8 items each. Source: a swap test over learners.

    >>> same = sameness(np.full((4, 3), 5.0), np.eye(4, 3) * 2)
    >>> same.alarm, round(same.value, 2)
    (True, 1.0)
    """
    n = len(counts)
    few = n < FEWEST_LEARNERS or bool((counts.sum(1) < FEWEST_ITEMS).any())
    if few:
        return Index("sameness", None, alarm=False, n=n, offer="")
    fit, best = fits(counts[None], gaps[None])
    ratio = _ratio(float(fit[0]), float(best[0]))
    half = Z90 * _jackknife(counts, gaps)
    trust = reliability(gaps[None], None if sds is None else sds[None])
    return Index(
        "sameness",
        float(np.clip(1 - ratio, 0, 1)),
        bool(same_for_all(fit, best, trust)[0]),
        n,
        "What would you like to work on that is yours in particular?",
        "Your learners' gaps differ more than what you work on with them: before the next "
        "guidance, look at which criterion this learner is furthest from.",
        float(np.clip(1 - ratio - half, 0, 1)),
        float(np.clip(1 - ratio + half, 0, 1)),
    )


def fits(counts: Floats, gaps: Floats) -> tuple[Floats, Floats]:
    """A and A_max of a batch of trainers, [B] each; arrays are [B, n, K].

    A: mean over learners of (share of guidance · own gaps) less the mean over the others' gaps,
    gaps centred within a learner. A_max: the same if all guidance went to each one's largest gap.

    >>> fit, best = fits(np.eye(3)[None] * 9, np.eye(3)[None] * 2)
    >>> round(float(fit[0]), 2), round(float(best[0]), 2)
    (2.0, 2.0)
    """
    shares = counts / np.maximum(counts.sum(2, keepdims=True), 1e-9)
    centred = gaps - gaps.mean(2, keepdims=True)
    largest = np.eye(gaps.shape[2])[centred.argmax(2)]
    return _own_less_others(shares, centred), _own_less_others(largest, centred)


def same_for_all(fit: Floats, best: Floats, trust: Floats) -> NDArray[np.bool_]:
    """The alarm: hardly any of the fit that there could be, where there could be some."""
    same: NDArray[np.bool_] = fit < SAME * np.maximum(best, 1e-9)
    return same & (trust * best > DIFFER)


def reliability(gaps: Floats, sds: Floats | None = None) -> Floats:
    """How much of what sets learners' gaps apart is no error of estimate, [B], 0 to 1.

    1 - mean error variance / variance of the gaps, both centred within learner and criterion; 1
    where no errors are given. Estimates that are shrunk already make it more careful. Source:
    classical test theory (Spearman 1904).

    >>> apart = np.eye(4)[None] * 2
    >>> reliability(apart, np.full((1, 4, 4), 0.5)).round(2).tolist()
    [0.81]
    """
    if sds is None:
        return np.ones(len(gaps))
    n, k = gaps.shape[1:]
    centred = gaps - gaps.mean(2, keepdims=True) - gaps.mean(1, keepdims=True)
    centred = centred + gaps.mean((1, 2), keepdims=True)
    total = (centred**2).sum((1, 2)) / ((n - 1) * (k - 1))
    trust: Floats = np.clip(1 - (sds**2).mean((1, 2)) / np.maximum(total, 1e-9), 0, 1)
    return trust


def _own_less_others(shares: Floats, centred: Floats) -> Floats:
    each = shares @ centred.swapaxes(1, 2)  # [B, i, j]: i's guidance on j's needs
    n = each.shape[1]
    own = np.trace(each, axis1=1, axis2=2)
    others: Floats = own / n - (each.sum((1, 2)) - own) / (n * (n - 1))
    return others


def _ratio(fit: float, best: float) -> float:
    return fit / max(best, 1e-9)


def _jackknife(counts: Floats, gaps: Floats) -> float:
    """The standard error of R, by leaving out one learner at a time."""
    n = len(counts)
    without = np.array([[j for j in range(n) if j != i] for i in range(n)])
    fit, best = fits(counts[without], gaps[without])
    ratios = fit / np.maximum(best, 1e-9)
    return float(np.sqrt((n - 1) * np.mean((ratios - ratios.mean()) ** 2)))


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """One learner's row of `counts`, `gaps` and `sds`, by criterion; no texts."""

    counts: tuple[int, ...]
    gaps: tuple[float, ...]
    sds: tuple[float, ...]
    criteria: tuple[str, ...] = ()
    person: str | None = None  # who learns, where it is a person
    told: frozenset[str] = frozenset()  # the trainer's experiences it was told

    def on(self, criteria: Sequence[str]) -> LearnerRow:
        """The row on these criteria."""
        at = [self.criteria.index(c) for c in criteria]
        return replace(
            self,
            counts=tuple(self.counts[i] for i in at),
            gaps=tuple(self.gaps[i] for i in at),
            sds=tuple(self.sds[i] for i in at),
            criteria=tuple(criteria),
        )


def learner_row(
    state: Relationship, track: Track, criteria: tuple[str, ...] | None = None
) -> LearnerRow:
    """What one relationship says for `sameness`, on these criteria or on all it has."""
    criteria = state.criteria if criteria is None else criteria
    given = [g.entry.event for s in state.situations for g in s.guidance]
    named = [e.criteria for e in given]
    named += [d.event.criteria for s in state.situations for d in s.debriefs]
    found = [track.estimate(c) for c in criteria]
    learner = state.learner
    return LearnerRow(
        tuple(sum(c in on for on in named) for c in criteria),
        tuple(BAR - e.mean for e in found),
        tuple(e.sd for e in found),
        criteria,
        learner.id if learner is not None and learner.kind == "person" else None,
        frozenset(e.experience for e in given if e.experience),
    )


def of_learners(rows: Sequence[LearnerRow]) -> Index:
    """Sameness over the learners of one trainer."""
    parts = ([r.counts for r in rows], [r.gaps for r in rows], [r.sds for r in rows])
    counts, gaps, sds = (np.array(p, dtype=float) for p in parts)
    return sameness(counts, gaps, sds)
