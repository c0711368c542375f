"""Simulated learners whose judgment is known: S1 and its variants, as in EVIDENCE's definitions.

All chance is drawn beforehand, so that what a policy does changes nothing of it, and the same
learner can be met again: in a batch, or one by one through a ledger. Arrays are [T, B, …].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

RATERS = 3
CAP = 4.6  # no learner grows beyond it
NOISE = 0.6
UPTAKE = 0.7  # how often a guidance is understood
STEP = 0.6  # rating points between two declared steps of difficulty


@dataclass(frozen=True, slots=True)
class Chance:
    """Everything that is left to chance in B relationships of T situations and K criteria."""

    start: Floats  # [B, K] true ability at first
    severity: Floats  # [B, R]
    difficulty: Floats  # [T, B]
    declared: Floats  # [T, B] in points, in three steps
    touched: Bools  # [T, B, K] at least one
    rater: Ints  # [T, B]
    noise: Floats  # [T, B, K] of the own call
    assisted_noise: Floats  # [T, B, K] of the decision after guidance
    taken: Bools  # [T, B, K] whether a guidance here would be understood

    @property
    def situations(self) -> int:
        """T."""
        return len(self.difficulty)

    def severity_here(self, t: int) -> Floats:
        """The severity of each relationship's rater in situation t, [B]."""
        here: Floats = self.severity[np.arange(len(self.severity)), self.rater[t]]
        return here


def chance(
    relationships: int,
    seed: int,
    *,
    situations: int = 60,
    criteria: int = 4,
    start: float = 2.2,
    leniency: float = 0.0,
    sole_rater: bool = False,
) -> Chance:
    """Draw what is left to chance; ``leniency`` is what all raters have in common.

    Source: EVIDENCE, S1.
    """
    rng = np.random.default_rng(seed)
    t, b, k = situations, relationships, criteria
    difficulty = rng.normal(0, 0.5, (t, b))
    said = np.clip(np.round((difficulty + rng.normal(0, 0.35, (t, b))) / STEP), -1, 1)
    touched = rng.random((t, b, k)) < 0.7
    some = rng.integers(k, size=(t, b, 1)) == np.arange(k)
    rater = rng.integers(RATERS, size=(t, b))
    return Chance(
        start=rng.normal(start, 0.4, (b, k)),
        severity=rng.normal(-leniency, 0.3, (b, RATERS)),
        difficulty=difficulty,
        declared=STEP * said,
        touched=touched | (some & ~touched.any(2, keepdims=True)),
        rater=np.zeros_like(rater) if sole_rater else rater,
        noise=rng.normal(0, NOISE, (t, b, k)),
        assisted_noise=rng.normal(0, NOISE, (t, b, k)),
        taken=rng.random((t, b, k)) < UPTAKE,
    )


def rating(latent: Floats) -> Floats:
    """A latent value as a rating, 1 to 5."""
    rounded: Floats = np.clip(np.round(latent), 1, 5)
    return rounded


@dataclass(frozen=True, slots=True)
class Course:
    """What happened: true abilities before each situation, and the ratings of the own calls."""

    chance: Chance
    ability: Floats  # [T, B, K]
    ratings: Floats  # [T, B, K], NaN where untouched
    decisions: Floats  # [T, B, K] ratings of the decisions made after guidance


@dataclass(frozen=True, slots=True)
class Growth:
    """How a learner grows: by experience, by guidance, and by one fall of all criteria."""

    experience: float = 0.02
    guidance: float = 0.12
    fall_at: int | None = None
    fall: float = -1.0


S1 = Growth()
FLAT = Growth(experience=0.0, guidance=0.0)
JUMP = Growth(fall_at=30)
LONG = Growth(guidance=0.03)


def course(drawn: Chance, growth: Growth = S1, boost: float = 1.0) -> Course:
    """The course of learners who are guided all the time, as `chance` has it.

    The own call is ``clip(round(ability - difficulty - severity + noise), 1, 5)``; after a touched
    situation ability grows by ``(experience + guidance·taken)·(cap - ability)/2``. A decision after
    guidance is rated ``boost`` higher; that is no learning.
    """
    ability = drawn.start
    abilities, ratings, decisions = [], [], []
    for t in range(drawn.situations):
        if t == growth.fall_at:
            ability = ability + growth.fall
        on = drawn.touched[t]
        hard = (drawn.difficulty[t] + drawn.severity_here(t))[:, None]
        abilities.append(ability)
        ratings.append(np.where(on, rating(ability - hard + drawn.noise[t]), np.nan))
        helped = rating(ability + boost - hard + drawn.assisted_noise[t])
        decisions.append(np.where(on, helped, np.nan))
        gain = growth.experience + growth.guidance * drawn.taken[t]
        ability = ability + on * gain * (CAP - ability) / 2
    return Course(drawn, np.array(abilities), np.array(ratings), np.array(decisions))
