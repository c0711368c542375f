"""What a play does on each criterion of judgment, in points of equity, and how that is weighed.

Ten features of the board after a play are grouped into five criteria. Weights fitted to the
expert's equities turn a feature into points, so that a criterion's score says what the play is
worth on it; a judgment is how much weight each score gets. The expert-like weight is 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tutelage_studies.backgammon.board import CACHED, CONTACT, KINDS, Board, Position, kind, legal
from tutelage_studies.backgammon.weights import WEIGHTS

Floats = NDArray[np.float64]

CRITERIA = ("safety", "attack", "structure", "race", "flexibility")
NAMES = {
    "safety": "Safety",
    "attack": "Attack",
    "structure": "Structure",
    "race": "Race and timing",
    "flexibility": "Flexibility",
}
FEATURES = (
    "exposure",
    "hit",
    "home points",
    "prime",
    "anchor",
    "escape",
    "stacks",
    "borne off",
    "builders",
    "pips",
)
GROUPS = {
    "safety": ("exposure",),
    "attack": ("home points",),
    "structure": ("prime", "anchor"),
    "race": ("hit", "escape", "borne off", "pips"),  # a hit wins time: their pips are lost
    "flexibility": ("stacks", "builders"),
}
REASONABLE = 0.25  # a play this far behind the best, all criteria weighed alike, is none to weigh
TOUCHED = 0.06  # points of equity by which reasonable plays must differ on a criterion
FACTORS = (0.0, -1.0, 4.0)  # a criterion ignored, inverted, over-weighted

_MEMBERS: Floats = np.array(
    [[feature in GROUPS[criterion] for criterion in CRITERIA] for feature in FEATURES], dtype=float
)
_SHOTS = (11, 12, 14, 15, 15, 17, 6, 6, 5, 3, 2, 3)  # of 36 rolls, by distance 1 to 12


def _shots() -> Floats:
    """Rolls that hit a blot on point p from place c; place 0 is their bar."""
    table = np.zeros((24, 25))
    for point in range(24):
        for place in range(25):
            distance = point - place + 1
            if 0 < distance <= 12:
                table[point, place] = _SHOTS[distance - 1]
    return table


_HITS = _shots()
_POINT = np.arange(24)
_COST = (24 - _POINT) / 24 * 0.7 + 0.3  # a blot near home loses more when it is hit


def features(boards: Sequence[Board]) -> Floats:
    """The ten features of boards after a play, [n, 10], from the mover's side."""
    every = np.array(boards, dtype=np.int64)
    theirs, mine = every[:, 0], every[:, 1]
    outside = mine[:, :24]
    made = outside >= 2
    columns = [
        3.0 * _exposure(theirs, outside),
        theirs[:, 24],
        made[:, :6].sum(1),
        0.7 * _prime(made),
        made[:, 18:24].any(1) + 0.5 * made[:, 19:21].any(1),
        -0.5 * (outside[:, 18:24].sum(1) + mine[:, 24]),
        -0.5 * np.maximum(outside - 3, 0).sum(1),
        0.5 * (15 - mine.sum(1)),
        0.5 * np.minimum(outside[:, 6:12], 1).sum(1),
        -(outside * (_POINT + 1)).sum(1) / 10.0,
    ]
    return np.stack([np.asarray(c, dtype=float) for c in columns], axis=1)


def _exposure(theirs: NDArray[np.int64], outside: NDArray[np.int64]) -> Floats:
    places = np.concatenate([theirs[:, 24:25], theirs[:, :24][:, ::-1]], axis=1) > 0
    shots = np.minimum(places.astype(float) @ _HITS.T, 30) / 36
    exposed: Floats = -((outside == 1) * shots * _COST).sum(1)
    return exposed


def _prime(made: NDArray[np.bool_]) -> Floats:
    run = np.zeros(len(made))
    best = run
    for point in range(2, 12):
        run = np.where(made[:, point], run + 1, 0.0)
        best = np.maximum(best, run)
    return best


# scores --------------------------------------------------------------------------------------
@lru_cache(CACHED)
def scores(here: Position) -> Floats:
    """What each legal play is worth on each criterion, [plays, 5], in points of equity."""
    values = features([p.after for p in legal(here)])
    weights = np.array(WEIGHTS[kind(here.board)])
    found: Floats = (values * weights) @ _MEMBERS
    found.setflags(write=False)
    return found


def reasonable(here: Position) -> Floats:
    """The scores of the plays worth weighing."""
    values = scores(here)
    total = values.sum(1)
    kept: Floats = values[total > total.max() - REASONABLE]
    return kept


@lru_cache(CACHED)
def touched(here: Position) -> tuple[str, ...]:
    """The criteria on which the reasonable plays differ; known before anybody chooses."""
    if len(legal(here)) < 2:
        return ()
    spread = np.ptp(reasonable(here), axis=0)
    return tuple(c for c, s in zip(CRITERIA, spread, strict=True) if s > TOUCHED)


@lru_cache(CACHED)
def is_choice(here: Position) -> bool:
    """Whether the criteria disagree: no reasonable play is best on all that are touched."""
    on = [CRITERIA.index(c) for c in touched(here)]
    if not on:
        return False
    values = reasonable(here)[:, on]
    return not bool((values >= values.max(0) - 1e-9).all(1).any())


# weighing ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Gap:
    """One flaw of a base judgment: a criterion weighed wrongly in some kinds of position."""

    criterion: str
    factor: float
    kinds: tuple[str, ...]


def gains(gaps: Sequence[Gap] = ()) -> Floats:
    """How much weight each kind of position gives each criterion, [kinds, 5]; 1 is the expert's."""
    table = np.ones((len(KINDS), len(CRITERIA)))
    for gap in gaps:
        rows = [KINDS.index(k) for k in gap.kinds]
        table[rows, CRITERIA.index(gap.criterion)] = gap.factor
    return table


def draw_gaps(rng: np.random.Generator) -> tuple[Gap, ...]:
    """Two or three flaws, each in all kinds of position with contact or in half of them."""
    chosen = rng.choice(len(CRITERIA), int(rng.integers(2, 4)), replace=False)
    return tuple(
        Gap(CRITERIA[int(c)], float(rng.choice(FACTORS)), _where(rng)) for c in sorted(chosen)
    )


def _where(rng: np.random.Generator) -> tuple[str, ...]:
    if rng.random() < 0.5:
        return CONTACT
    half = rng.choice(len(CONTACT), (len(CONTACT) + 1) // 2, replace=False)
    return tuple(CONTACT[int(i)] for i in sorted(half))


def choose(here: Position, weight: Floats) -> int:
    """The play this weighing prefers."""
    return int(np.argmax(scores(here) @ weight))
