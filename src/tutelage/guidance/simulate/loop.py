"""The closed loop: help by level, learners who grow by it or lean on it, and what a policy does.

Worlds: help moves by level and ability (telling helps novices and hurts the experienced), some
learners grow only when they are asked (*dependent*), some slowly, some fall on one criterion.
Source: EVIDENCE, "Worlds for the closed loop".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tutelage.domain.terms import Level
from tutelage.evidence.ability import Ability
from tutelage.guidance import levels
from tutelage.guidance.levels import Standings, decide
from tutelage.guidance.numbers import DEFAULT, Numbers
from tutelage.guidance.simulate.measured import Characteristics, Measured, mean
from tutelage.guidance.simulate.worlds import CAP, Bools, Chance, Floats, Ints, chance, rating

SITUATIONS = 120
BAR = 4.0  # true independence: this on all criteria
TOO_EARLY = {Level.ASK: 3.5, Level.DEBRIEF: 3.75}  # ability below which leaving a level is early
SOON = 15  # situations within which an undone move counts as a flap
EXPERIENCE = 0.02


@dataclass(frozen=True, slots=True)
class Learners:
    """What kind each of B learners is."""

    dependent: Bools  # [B] grows only when asked; leans on what it is told
    pace: Floats  # [B] how much of the usual gain guidance brings
    fall_at: Ints  # [B] situation of a fall, or -1
    fall_on: Ints  # [B] the criterion that falls


KINDS = ("s1", "dependent", "slow", "jump")


def learners(kinds: Sequence[str], count: int, criteria: int, seed: int) -> Learners:
    """``count`` learners, the kinds in equal parts, in turn."""
    rng = np.random.default_rng((seed, 1))
    kind = np.array(kinds)[np.arange(count) % len(kinds)]
    fall_at = rng.integers(20, 80, count)
    return Learners(
        dependent=kind == "dependent",
        pace=np.where(kind == "slow", 0.3, 1.0),
        fall_at=np.where(kind == "jump", fall_at, -1),
        fall_on=rng.integers(criteria, size=count),
    )


class Policy(Protocol):
    """What decides how much help there is."""

    def begin(self, drawn: Chance) -> Ints:
        """The levels at first, [B, K]."""
        ...

    def step(self, t: int, level: Ints, own: Floats, shown: Floats) -> Ints:
        """The levels after situation t; ``own`` [B, K] ratings of own calls, ``shown`` decisions.

        NaN where untouched.
        """
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """What happened under a policy; [T, B, K] each, before and after the moves of a situation."""

    ability: Floats
    level: Ints
    after: Ints
    touched: Bools
    own: Floats

    @property
    def up(self) -> Bools:
        """Moves to less help."""
        up: Bools = self.after > self.level
        return up

    @property
    def down(self) -> Bools:
        """Moves to more help."""
        down: Bools = self.after < self.level
        return down


def run(drawn: Chance, who: Learners, policy: Policy) -> Run:
    """Let learners and policy go on together."""
    ability, level = drawn.start, policy.begin(drawn)
    leaning = np.zeros_like(ability)
    rows: list[tuple[Floats, Ints, Ints, Floats]] = []
    every = np.arange(len(ability))
    for t in range(drawn.situations):
        falls = who.fall_at == t
        ability = ability.copy()
        ability[every[falls], who.fall_on[falls]] -= 1.2
        on = drawn.touched[t]
        own, shown = _ratings(drawn, t, ability, leaning * who.dependent[:, None], level)
        after = policy.step(t, level, np.where(on, own, np.nan), np.where(on, shown, np.nan))
        rows.append((ability, level, after, np.where(on, own, np.nan)))
        gain = _gain(level, ability, who, drawn.taken[t])
        ability = ability + on * gain * (CAP - ability) / 2
        leaning = np.where(on, 0.85 * leaning + 0.15 * (level == Level.SHARE), leaning)
        level = after
    abilities, before, afterwards, owns = (np.array(c) for c in zip(*rows, strict=True))
    return Run(abilities, before, afterwards, drawn.touched, owns)


def _ratings(
    drawn: Chance, t: int, ability: Floats, leaning: Floats, level: Ints
) -> tuple[Floats, Floats]:
    """Ratings of the own call, and of the decision after help."""
    hard = (drawn.difficulty[t] + drawn.severity_here(t))[:, None]
    own = rating(ability - 0.4 * leaning - hard + drawn.noise[t])
    boost = np.select([level == Level.SHARE, level == Level.ASK], [0.9, 0.4], 0.0)
    helped = np.maximum(ability, np.minimum(ability + boost, 4.7))
    return own, rating(helped - hard + drawn.assisted_noise[t])


def _gain(level: Ints, ability: Floats, who: Learners, taken: Bools) -> Floats:
    """What a touched situation brings, as a share of half the way to the cap."""
    leans = who.dependent[:, None] & (level == Level.SHARE)
    share = np.select([ability < 3.2, ability < 3.6], [0.10, 0.03], -0.04)
    ask = np.select([ability < 2.6, ability < 4.0], [0.04, 0.14], 0.03)
    debrief = np.where(ability < 3.0, 0.02, 0.06)
    at = [level == Level.SHARE, level == Level.ASK, level == Level.DEBRIEF]
    guided = np.select(at, [np.where(leans, 0.0, share), ask, debrief], 0.0)
    gain: Floats = np.where(leans, 0.0, EXPERIENCE) + guided * who.pace[:, None] * taken
    return gain


# policies --------------------------------------------------------------------------------------
class Contingent:
    """The product's own: estimates and the rule of `levels`."""

    def __init__(self, numbers: Numbers = DEFAULT) -> None:
        self.numbers = numbers

    def begin(self, drawn: Chance) -> Ints:
        """The levels at first."""
        self._drawn = drawn
        batch, criteria = drawn.start.shape
        self.ability = Ability(criteria, drawn.severity.shape[1], batch)
        self._calls = np.zeros((batch, criteria), dtype=np.int64)
        self._then = np.zeros((batch, criteria))
        self._held = np.zeros((batch, criteria), dtype=bool)
        return np.full((batch, criteria), int(Level.SHARE))

    def step(self, t: int, level: Ints, own: Floats, shown: Floats) -> Ints:  # noqa: ARG002
        """The levels after situation t."""
        n, rated = self.numbers, ~np.isnan(own)
        self.ability.update_many(own, self._drawn.declared[t], self._drawn.rater[t])
        mean, _sd = self.ability.moments()
        if t < n.dwell:  # where the estimate settles first is where it rises from
            self._then = mean
        self._calls = self._calls + rated
        chances = {at: self.ability.at_least(bar.bar) for at, bar in levels.bars(n).items()}
        rise = mean - self._then
        to, rule = decide(Standings(level, chances, self._calls, rise, self._held, rated), n)
        moved = to != level
        self._calls = np.where(moved, 0, self._calls)
        self._then = np.where(moved, mean, self._then)
        self._held = np.where(moved, rule == levels.NOT_MOVED, self._held)
        return to


class Fixed:
    """A schedule: one level less help every so many situations, whatever happens."""

    def __init__(self, every: int = 20) -> None:
        self.every = every

    def begin(self, drawn: Chance) -> Ints:
        """The levels at first."""
        return np.full(drawn.start.shape, int(Level.SHARE))

    def step(self, t: int, level: Ints, own: Floats, shown: Floats) -> Ints:  # noqa: ARG002
        """The levels after situation t."""
        return np.full_like(level, min(Level.SHARE + (t + 1) // self.every, Level.INDEPENDENT))


class Never:
    """Help never fades."""

    def __init__(self, level: Level = Level.SHARE) -> None:
        self.level = int(level)

    def begin(self, drawn: Chance) -> Ints:
        """The levels at first."""
        return np.full(drawn.start.shape, self.level)

    def step(self, t: int, level: Ints, own: Floats, shown: Floats) -> Ints:  # noqa: ARG002
        """The levels after situation t."""
        return level


class SuccessRate:
    """Less help at a share of good calls above ``high`` among the last six, more below ``low``."""

    def __init__(self, low: float = 0.3, high: float = 0.7, window: int = 6) -> None:
        self.low, self.high, self.window = low, high, window

    def begin(self, drawn: Chance) -> Ints:
        """The levels at first."""
        batch, criteria = drawn.start.shape
        self._last = np.full((batch, criteria, self.window), np.nan)
        self._calls = np.zeros((batch, criteria), dtype=np.int64)
        return np.full((batch, criteria), int(Level.SHARE))

    def step(self, t: int, level: Ints, own: Floats, shown: Floats) -> Ints:  # noqa: ARG002
        """The levels after situation t."""
        rated = ~np.isnan(own)
        pushed = np.concatenate([self._last[..., 1:], (own >= 4)[..., None].astype(float)], -1)
        self._last = np.where(rated[..., None], pushed, self._last)
        self._calls = self._calls + rated
        share = np.nan_to_num(self._last).mean(-1)
        ready = rated & (self._calls >= self.window) & ~np.isnan(self._last).any(-1)
        up = np.where(ready & (share >= self.high), np.minimum(level + 1, Level.INDEPENDENT), level)
        to = np.where(ready & (share <= self.low), np.maximum(level - 1, Level.SHARE), up)
        self._calls = np.where(to != level, 0, self._calls)
        return to


class MovingAverage:
    """Levels follow an exponential average of the ratings, without uncertainty or patience."""

    def __init__(self, weight: float = 0.25) -> None:
        self.weight = weight

    def begin(self, drawn: Chance) -> Ints:
        """The levels at first."""
        self._mean = np.full(drawn.start.shape, 2.5)
        return np.full(drawn.start.shape, int(Level.SHARE))

    def step(self, t: int, level: Ints, own: Floats, shown: Floats) -> Ints:  # noqa: ARG002
        """The levels after situation t."""
        new = self._mean + self.weight * (own - self._mean)
        self._mean = np.where(np.isnan(own), self._mean, new)
        above = sum((self._mean >= bar).astype(np.int64) for bar in (2.5, 3.75, 4.0))
        return np.where(np.isnan(own), level, Level.SHARE + above)


# measures --------------------------------------------------------------------------------------
def independent(seen: Run) -> Measured:
    """Learners who came to true independence: 4.0 or more on all criteria."""
    return mean((seen.ability >= BAR).all(2).any(0))


def situations_needed(seen: Run) -> Measured:
    """Situations until then; those who never came count as all there were."""
    ready: Bools = np.asarray((seen.ability >= BAR).all(2))
    return mean(np.where(ready.any(0), ready.argmax(0), len(ready)).astype(float))


def guidance_share(seen: Run) -> Measured:
    """The share of touched criteria that stood at share or ask."""
    guided = np.where(seen.touched, seen.level <= Level.ASK, np.nan)
    return mean(guided.swapaxes(0, 1))


def premature_fading(seen: Run) -> Measured:
    """The share of moves to debrief and to independent that came too early."""
    early = np.full(seen.level.shape, np.nan)
    for level, least in TOO_EARLY.items():
        here = seen.up & (seen.level == level)
        early = np.where(here, seen.ability < least, early)
    return mean(early.swapaxes(0, 1))


def flaps(seen: Run) -> Measured:
    """Moves to less help that were undone within fifteen situations, for each criterion."""
    undone = np.zeros(seen.level.shape)
    for t in range(len(seen.level)):
        before = seen.up[max(0, t - SOON) : t].any(0)
        undone[t] = seen.down[t] & before
    return mean(undone.sum(0))


def fading(seen: Run) -> Characteristics:
    """How a policy fared."""
    return {
        "independent": independent(seen),
        "situations_needed": situations_needed(seen),
        "guidance_share": guidance_share(seen),
        "premature_fading": premature_fading(seen),
        "flaps": flaps(seen),
    }


def closed_loop(
    kinds: Sequence[str], relationships: int, seed: int, policy: Policy | None = None
) -> Characteristics:
    """A caseload of these kinds under a policy, over 120 situations."""
    drawn = chance(relationships, seed, situations=SITUATIONS)
    who = learners(kinds, relationships, drawn.start.shape[1], seed)
    return fading(run(drawn, who, policy or Contingent()))
