"""When the threshold is awarded to learners whose true ability is known and does not change.

Each situation is novel with .3 and handled without help with .5; a proof is a novel one declared
hard, of two criteria or more, all rated 4 or more, unaided, with an account that a blind rater
accepts. Where the estimate is near, every second situation is arranged to be one that decides.
Source: EVIDENCE, the threshold row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tutelage.evidence.ability import Ability
from tutelage.guidance.simulate.measured import Characteristics, Measured, mean
from tutelage.guidance.simulate.worlds import STEP, Bools, Chance, Floats, chance, rating
from tutelage.guidance.threshold import CREDENTIAL, NEAR, THRESHOLD, Demand, stands

BAR = 4.0


@dataclass(frozen=True, slots=True)
class Looked:
    """After each of T situations: P(ability ≥ bar), ratings so far, proofs so far, averages."""

    chances: Floats  # [T, B, K]
    counts: Floats  # [T, B, K]
    proofs: Floats  # [T, B]
    averages: Floats  # [T, B, K] the naive moving average


def look(drawn: Chance, ability: Floats, seed: int) -> Looked:
    """Sixty situations of learners with these abilities [B, K], looked at after each."""
    rng = np.random.default_rng((seed, 2))
    batch, criteria = ability.shape
    estimate = Ability(criteria, drawn.severity.shape[1], batch)
    average, proofs, near = np.full((batch, criteria), 2.5), np.zeros(batch), np.zeros(batch, bool)
    rows = []
    for t in range(drawn.situations):
        arrange = near & (rng.random(batch) < 0.5)
        unaided, novel = (rng.random(batch) < 0.5) | arrange, (rng.random(batch) < 0.3) | arrange
        hard = np.where(arrange, np.abs(drawn.difficulty[t]) + 0.2, drawn.difficulty[t])
        declared = np.where(arrange, STEP, drawn.declared[t])
        on = drawn.touched[t] | (arrange[:, None] & (rng.random(ability.shape) < 0.5))
        latent = ability - (hard + drawn.severity_here(t))[:, None] + drawn.noise[t]
        given = np.where(on, rating(latent), np.nan)
        estimate.update_many(given, declared, drawn.rater[t])
        average = np.where(on, average + 0.25 * (given - average), average)
        accepted = rng.random(batch) < _accepts(ability, on)
        shown = (on.sum(1) >= 2) & ((given >= 4) | ~on).all(1) & accepted
        proofs = proofs + (unaided & novel & (declared > 0) & shown)
        chances = estimate.at_least(BAR)
        near = chances.min(1) > NEAR
        rows.append((chances, estimate.counts.copy(), proofs, average))
    return Looked(*(np.array(column, dtype=float) for column in zip(*rows, strict=True)))


def _accepts(ability: Floats, on: Bools) -> Floats:
    """How often a blind rater says that the account shows the criterion deciding."""
    weakest = np.where(on, ability, 9.0).min(1)
    return np.where(weakest > BAR - 0.5, 0.9, 0.25)


def awarded(seen: Looked, demand: Demand) -> Bools:
    """Whether it is awarded at each look, [T, B], by the product's own rule."""
    granted: Bools = stands(seen.chances, seen.counts, demand) & (seen.proofs >= demand.proofs)
    return granted


def naive(seen: Looked) -> Bools:
    """A moving average of 4 or more on all criteria."""
    return np.asarray((seen.averages >= BAR).all(2))


def rate(granted: Bools) -> Measured:
    """Learners who were ever awarded it."""
    return mean(granted.any(0))


def median_situation(granted: Bools) -> Measured:
    """The situation after which half of those awarded had it; the error is of a median."""
    when = granted.argmax(0)[granted.any(0)] + 1.0
    if len(when) < 2:
        return Measured(float("nan"), float("nan"), len(when))
    error = 1.2533 * float(when.std(ddof=1)) / np.sqrt(len(when))
    return Measured(float(np.median(when)), error, len(when))


def fixed(relationships: int, seed: int, gap: float, *, weak: float | None = None) -> Looked:
    """All criteria ``gap`` above the bar; with ``weak``, all .6 above and one ``weak`` above."""
    drawn = chance(relationships, seed)
    ability = np.full(drawn.start.shape, BAR + gap)
    if weak is not None:
        ability[:] = BAR + 0.6
        ability[:, 0] = BAR + weak
    return look(drawn, ability, seed)


def near(relationships: int, seed: int) -> Characteristics:
    """Learners a quarter below the bar, on all criteria or on one: false awards."""
    every = fixed(relationships, seed, -0.25)
    one = fixed(relationships, seed, 0.0, weak=-0.25)
    return {
        "threshold_rate": rate(awarded(every, THRESHOLD)),
        "threshold_rate_one_weak": rate(awarded(one, THRESHOLD)),
        "credential_rate": rate(awarded(every, CREDENTIAL)),
        "credential_rate_one_weak": rate(awarded(one, CREDENTIAL)),
        "moving_average_rate": rate(naive(every)),
        "moving_average_rate_one_weak": rate(naive(one)),
    }


def ready(relationships: int, seed: int) -> Characteristics:
    """Learners half a point above the bar, situations arranged when near: awards, and how soon."""
    seen = fixed(relationships, seed, 0.5)
    return {
        "threshold_rate": rate(awarded(seen, THRESHOLD)),
        "threshold_situation": median_situation(awarded(seen, THRESHOLD)),
        "credential_rate": rate(awarded(seen, CREDENTIAL)),
    }


def lenient(relationships: int, seed: int, by: float = 0.3) -> Characteristics:
    """All raters lenient alike, which nothing inside a relationship can show: false awards."""
    drawn = chance(relationships, seed, leniency=by)
    seen = look(drawn, np.full(drawn.start.shape, BAR - 0.25), seed)
    return {
        "threshold_rate": rate(awarded(seen, THRESHOLD)),
        "credential_rate": rate(awarded(seen, CREDENTIAL)),
    }
