"""Simulated relationships that work on one drawn criterion at a time, and whose truth is known.

The worlds of EVIDENCE's attribution rows. Arrays are [B, T, K]: relationship, situation, criterion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tutelage.evidence.design import BASELINE, Design, focus, widest
from tutelage.guidance.simulate.worlds import CAP, NOISE, STEP, UPTAKE, Bools, Floats, rating

NAMES = ("a", "b", "c", "d", "e", "f", "g", "h")


@dataclass(frozen=True, slots=True)
class World:
    """How these learners grow and how their calls come about. Source: EVIDENCE, pool.py."""

    situations: int = 40
    criteria: int = 5
    experience: float = 0.02
    guidance: float = 0.25
    transfer: float = 0.0  # of a gain, what reaches each other criterion
    autocorrelation: float = 0.0  # of the noise, from situation to situation
    start: float = 2.2
    touch: tuple[float, ...] = (0.7,)  # a criterion's chance of being touched; one for all or each
    touch_in_focus: float | None = None  # the learner brings more of what is in focus
    leaning: float = 0.0  # points that a rater who knows the focus adds to it
    severity: float = 0.0  # standard deviation between raters
    latest: int | None = None  # no start later than this
    strays: float = 0.0  # how often a touched criterion out of focus is guided all the same


NULL = World(experience=0.03, guidance=0.0, autocorrelation=0.3)
TARGET = World(transfer=0.2, autocorrelation=0.2)


@dataclass(frozen=True, slots=True)
class Courses:
    """What came of B relationships: their designs, ratings, and what guidance truly did."""

    designs: tuple[Design, ...]
    focus: Bools  # [B, T, K]
    ratings: Floats  # [B, T, K], NaN where not touched
    declared: Floats  # [B, T] points
    gained: Floats  # [B, T, K] ability, less what it would have been without guidance

    def __iter__(self) -> Iterator[tuple[Design, Bools, Floats, Floats]]:
        return iter(zip(self.designs, self.focus, self.ratings, self.declared, strict=True))

    @property
    def truth(self) -> Floats:
        """The gain by guidance in the touched cells that had been worked on, in points, [B]."""
        touched = ~np.isnan(self.ratings)
        worked = self.focus & touched
        had = touched & (worked.cumsum(1) - worked > 0)
        total: Floats = np.where(had, self.gained, 0).sum((1, 2)) / np.maximum(had.sum((1, 2)), 1)
        return total


def courses(world: World, relationships: int, seed: int) -> Courses:
    """Draw a design for each relationship and let it run."""
    rng = np.random.default_rng(seed)
    designs, on = _designs(world, relationships, rng)
    declared, hard = _difficulty(world, relationships, rng)
    ability = rng.normal(world.start, 0.4, (relationships, world.criteria))
    alone, noise = ability, np.zeros_like(ability)
    ratings, gained = np.full(on.shape, np.nan), np.zeros(on.shape)
    for t in range(world.situations):
        now = on[:, t]
        touched = _touched(world, now, rng)
        fresh = rng.normal(0, NOISE, ability.shape)
        noise = world.autocorrelation * noise + np.sqrt(1 - world.autocorrelation**2) * fresh
        seen = rating(ability - hard[:, t, None] + noise + world.leaning * now)
        ratings[:, t] = np.where(touched, seen, np.nan)
        gained[:, t] = ability - alone
        ability, alone = _grown(world, ability, alone, touched, now, rng)
    return Courses(designs, on, ratings, declared, gained)


def _designs(
    world: World, relationships: int, rng: np.random.Generator
) -> tuple[tuple[Design, ...], Bools]:
    k = world.criteria
    window = widest(k, world.situations, world.latest)
    orders = rng.permuted(np.tile(np.arange(k), (relationships, 1)), axis=1)
    late = rng.integers(window, size=orders.shape)
    starts = BASELINE + np.arange(k) * window + late
    designs = tuple(
        Design(tuple(NAMES[i] for i in o), tuple(int(s) for s in ss), window, world.situations)
        for o, ss in zip(orders, starts, strict=True)
    )
    return designs, focus(orders, starts, world.situations)


def _difficulty(
    world: World, relationships: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """What is declared, and what lowers every rating of the situation: difficulty, severity."""
    shape = (relationships, world.situations)
    difficulty = rng.normal(0, 0.5, shape)
    said = STEP * np.clip(np.round((difficulty + rng.normal(0, 0.35, shape)) / STEP), -1, 1)
    raters = rng.normal(0, world.severity, (relationships, 3))
    severity = np.take_along_axis(raters, rng.integers(3, size=shape), axis=1)
    return said, difficulty + severity


def _touched(world: World, now: Bools, rng: np.random.Generator) -> Bools:
    chance = np.broadcast_to(np.array(world.touch), now.shape)
    if world.touch_in_focus is not None:
        chance = np.where(now, world.touch_in_focus, chance)
    touched = rng.random(now.shape) < chance
    some = rng.integers(now.shape[1], size=(len(now), 1)) == np.arange(now.shape[1])
    on: Bools = touched | (some & ~touched.any(1, keepdims=True))
    return on


def _grown(
    world: World,
    ability: Floats,
    alone: Floats,
    touched: Bools,
    now: Bools,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Abilities after a situation, as guided and as they would have been alone."""
    guided = now | (rng.random(now.shape) < world.strays)
    taken = touched & guided & (rng.random(now.shape) < UPTAKE)
    gain = world.guidance * taken * (CAP - ability) / 2
    spilled = world.transfer * (gain.sum(1, keepdims=True) - gain)
    by_itself = world.experience * touched
    grown = ability + by_itself * (CAP - ability) / 2 + gain + spilled
    return grown, alone + by_itself * (CAP - alone) / 2
