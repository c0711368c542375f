"""The endings of the study, reckoned once and shared by all; and learners as they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

import numpy as np

from tutelage_studies.bridge.environment import (
    FEATURES,
    KINDS,
    WEIGHTS,
    Defender,
    Floats,
    deal,
    features,
    read,
    touched,
    worth,
)

BANK, GATE, HELD_OUT, FINE = 480, 150, 300, 48  # endings; layouts that the measure averages over
GAPS, FACTORS = 3, (-1.0, 0.0, 4.0)  # turned round, ignored, over-weighted
MISJUDGED = ("winner", "lone honour", "dummy winners", "dummy tenaces", "dummy length", "singleton")
"""Aspects that decide enough for a gap in them to be seen."""


@dataclass(frozen=True, eq=False)
class Board:
    """An ending with what its leads have and are worth."""

    text: str
    kind: int
    values: Floats  # [leads, features]
    mean: Floats  # [leads], over layouts that may be
    was: Floats  # [leads], in the layout that was


def board(seed: str, layouts: int | None = None) -> Board:
    """An ending of a seed in which a criterion has a say; reckoned once and shared by all."""
    text = next(t for t in (deal(f"{seed}-{n}") for n in count()) if touched(t))
    mean = worth(text) if layouts is None else worth(text, layouts=layouts)
    return Board(text, read(text)[0], features(text), mean, worth(text, hindsight=True))


@lru_cache(4)
def bank(seed: int, size: int = BANK) -> list[Board]:
    """The endings that are played."""
    return [board(f"{seed} bank {n}") for n in range(size)]


@lru_cache(8)
def held_out(seed: int, name: str, size: int, layouts: int) -> list[Board]:
    """Endings that nobody plays."""
    return [board(f"{seed} {name} {n}", layouts) for n in range(size)]


def lost(boards: Sequence[Board], weights: Floats) -> float:
    """Tricks given up a lead, on average over layouts that may be."""
    return float(np.mean([b.mean.max() - b.mean[led(b, weights)] for b in boards]))


def led(b: Board, weights: Floats) -> int:
    """The lead that weighs most."""
    return int((b.values @ weights[b.kind]).argmax())


def newcomer(seed: int, number: int) -> Defender:
    """A learner with gaps of its own: the right weights, some turned, ignored or overdone."""
    rng = np.random.default_rng([seed, 11, number])
    base = WEIGHTS.copy()
    for name in rng.choice(MISJUDGED, GAPS, replace=False):
        everywhere = rng.random() < 0.5
        kinds = range(len(KINDS)) if everywhere else rng.choice(len(KINDS), 2, replace=False)
        at = FEATURES.index(str(name))
        base[list(kinds), at] = WEIGHTS[list(kinds), at] * rng.choice(FACTORS)
    return Defender(base)


def fitted(endings: int = 600) -> Floats:
    """The right weights by kind: a ridge of what leads win on what they have; on seed 900."""
    found = np.zeros_like(WEIGHTS)
    texts = [deal(f"900 fit {n}") for n in range(endings)]
    for kind in range(len(KINDS)):
        mine = [t for t in texts if read(t)[0] == kind]
        x = np.vstack([features(t) - features(t).mean(0) for t in mine])
        y = np.concatenate([worth(t) - worth(t).mean() for t in mine])
        found[kind] = np.linalg.solve(x.T @ x + 5.0 * np.eye(len(FEATURES)), x.T @ y)
    return found.round(2)
