"""The rule of fading, on arrays: the same for one live relationship and for a thousand simulated.

Less help needs to be likely enough, waits for enough rated own calls, and comes one level at a
time; more help comes as soon as the bar has become unlikely. The bars for going up lie above those
for coming back, so that a criterion does not go to and fro. Telling that moves nothing is replaced
by asking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tutelage.domain.terms import Level
from tutelage.guidance.numbers import Numbers

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

STAY, GROWN, FELL, NOT_MOVED = range(4)
"""Why a level moves; `RULES` has their names."""

Rule = Literal["stay", "grown", "fell", "not_moved_by_telling"]
RULES: tuple[Rule, ...] = ("stay", "grown", "fell", "not_moved_by_telling")


@dataclass(frozen=True, slots=True)
class Bar:
    """What it takes to stand at a level: P(ability ≥ bar) > sure."""

    bar: float
    sure: float


def bars(n: Numbers) -> dict[Level, Bar]:
    """By level, what it takes to come up to it."""
    return {
        Level.ASK: Bar(n.ask_bar, n.ask_sure),
        Level.DEBRIEF: Bar(n.debrief_bar, n.debrief_sure),
        Level.INDEPENDENT: Bar(n.independent_bar, n.independent_sure),
    }


@dataclass(frozen=True, slots=True)
class Standings:
    """Where criteria stand and what speaks for a move; every array is […, K]."""

    level: Ints
    chances: dict[Level, Floats]  # P(ability ≥ the level's bar)
    calls: Ints  # rated own calls since the level began
    rise: Floats  # of the estimate since then, in rating points
    held: Bools  # telling was given up here: sharing may not come back yet
    rated: Bools  # whether the last situation rated this criterion


def decide(at: Standings, n: Numbers) -> tuple[Ints, Ints]:
    """The level each criterion should stand at now, and which rule says so; each […, K].

    A level moves by one, and only on a rating of the criterion itself.
    """
    to, rule = at.level.copy(), np.full_like(at.level, STAY)
    for level, bar in bars(n).items():
        chance, below = at.chances[level], at.level == level - 1
        up = at.rated & below & (at.calls >= n.dwell) & (chance > bar.sure)
        back = at.rated & (at.level == level) & (at.calls >= n.back_after) & (chance < n.back_sure)
        if level is Level.ASK:
            back &= ~(at.held & (at.calls < n.telling_hold))
        to, rule = _move(to, rule, up & (rule == STAY), level, GROWN)
        to, rule = _move(to, rule, back & (rule == STAY), level - 1, FELL)
    stuck = at.rated & (at.level == Level.SHARE) & (rule == STAY)
    stuck &= (at.calls >= n.telling_calls) & (at.rise < n.telling_rise)
    return _move(to, rule, stuck, Level.ASK, NOT_MOVED)


def _move(to: Ints, rule: Ints, where: Bools, level: int, why: int) -> tuple[Ints, Ints]:
    return np.where(where, level, to), np.where(where, why, rule)
