"""The world of the study: a setting, its learners' base judgment, and positions nobody plays.

A learner weighs the ten features of a board by kind of position. The expert's weights, fitted to
GNU Backgammon, are its best; each learner has three gaps in them: a feature ignored, turned round
or weighed four times, in all kinds of position or in half of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tutelage_studies.backgammon.board import KINDS, Position, kind, legal
from tutelage_studies.backgammon.expert import equity
from tutelage_studies.backgammon.games import self_play
from tutelage_studies.backgammon.judgment import CRITERIA, FEATURES, GROUPS, Floats, features
from tutelage_studies.backgammon.weights import WEIGHTS

EXPERT: Floats = np.array([WEIGHTS[k] for k in KINDS])
MISJUDGED = ("exposure", "hit", "home points", "prime", "escape", "stacks", "builders")
"""Features that decide enough for a gap in them to be seen."""

FACTORS = (-1.0, 0.0, 4.0)  # turned round, ignored, over-weighted
GAPS = 3
KNOWN = ("safety", "structure", "flexibility")  # criteria of a mentor that does not see them all
HELD_OUT, GATE = 400, 200  # positions that measure, and positions that gate a batch

# streams of chance that never meet
BASE, SHARED, GAME, UPTAKE, TRAINER, BATCH, DRAW, OWN = range(11, 19)
_TEST, _GATE = 700_000, 800_000


@dataclass(frozen=True, slots=True)
class Setting:
    """What a cell of the study holds fixed; `primary` is the one through the ledger."""

    seed: int
    learners: int = 64
    games: int = 80
    heterogeneity: float = 1.0  # chance that a gap is the learner's own and not everybody's
    uptake: float = 0.7  # chance that a case is understood
    budget: int | None = None  # notes that fit the context; the oldest goes
    outside: float | None = None  # share of gaps outside a mentor's criteria; None: it sees all
    gated: bool = True  # whether a batch for all is held back where it helps nobody
    strength: float = 1.0  # how far a note moves the weights, against the primary cell
    fallible: float = 0.0  # sd of the trainer's error in judging a play, in points

    @property
    def seen(self) -> Floats:
        """Which features the mentor's criteria cover, [10] of 0 and 1."""
        known = CRITERIA if self.outside is None else KNOWN
        inside = {f for c in known for f in GROUPS[c]}
        return np.array([float(f in inside) for f in FEATURES])


Gap = tuple[int, float, tuple[int, ...]]


def bases(setting: Setting) -> list[Floats]:
    """The base weights of every learner, [kinds, features] each."""
    shared = _gaps(setting, np.random.default_rng([setting.seed, SHARED]))
    found = []
    for number in range(setting.learners):
        rng = np.random.default_rng([setting.seed, BASE, number])
        own = _gaps(setting, rng)
        mine = rng.random(GAPS) < setting.heterogeneity
        found.append(_corrupted([o if m else s for o, s, m in zip(own, shared, mine, strict=True)]))
    return found


def _gaps(setting: Setting, rng: np.random.Generator) -> list[Gap]:
    places = [FEATURES.index(f) for f in MISJUDGED]
    chosen = [int(at) for at in rng.choice(places, GAPS, replace=False)]
    if setting.outside is not None:
        chosen = _inside_or_not(setting, places, rng)
    return [(at, float(rng.choice(FACTORS)), _where(rng)) for at in chosen]


def _inside_or_not(setting: Setting, places: list[int], rng: np.random.Generator) -> list[int]:
    """Features of which a share lies outside the mentor's criteria."""
    inside = rng.permutation([p for p in places if setting.seen[p]])
    beyond = rng.permutation([p for p in places if not setting.seen[p]])
    out = rng.random(GAPS) < (setting.outside or 0.0)
    return [int(b if o else i) for i, b, o in zip(inside, beyond, out, strict=False)]


def _where(rng: np.random.Generator) -> tuple[int, ...]:
    if rng.random() < 0.5:
        return tuple(range(len(KINDS)))
    return tuple(int(k) for k in rng.choice(len(KINDS), len(KINDS) // 2, replace=False))


def _corrupted(gaps: list[Gap]) -> Floats:
    weights = EXPERT.copy()
    for at, factor, kinds in gaps:
        weights[list(kinds), at] = EXPERT[list(kinds), at] * factor
    return weights


# positions that nobody plays ---------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Held:
    """Decisions to measure with: features, equities and kinds, padded to the longest."""

    values: Floats  # [positions, plays, features]
    lost: Floats  # [positions, plays]: what each play gives up
    there: Floats  # 0 for a play, -inf where there is none
    kinds: np.ndarray[tuple[int], np.dtype[np.intp]]

    def loss(self, weights: Floats) -> float:
        """The mean loss of a way of weighing, in points a decision."""
        judged = np.einsum("npf,nf->np", self.values, weights[self.kinds]) + self.there
        chosen = judged.argmax(1)
        return float(self.lost[np.arange(len(chosen)), chosen].mean())


@lru_cache(8)
def held_out(seed: int, *, gate: bool = False) -> Held:
    """Held-out positions of a seed: the same for every learner and every arm."""
    wanted, start = (GATE, _GATE) if gate else (HELD_OUT, _TEST)
    found: list[Position] = []
    game = 0
    while len(found) < wanted:
        found += self_play(seed * 1000 + start, game)
        game += 1
    return _held(found[:wanted])


def _held(positions: list[Position]) -> Held:
    most = max(len(legal(p)) for p in positions)
    values = np.zeros((len(positions), most, len(FEATURES)))
    lost = np.zeros((len(positions), most))
    there = np.full((len(positions), most), -np.inf)
    for at, here in enumerate(positions):
        boards = [p.after for p in legal(here)]
        worth = np.array([equity(b) for b in boards])
        values[at, : len(boards)] = features(boards)
        lost[at, : len(boards)] = worth.max() - worth
        there[at, : len(boards)] = 0.0
    kinds = np.array([KINDS.index(kind(p.board)) for p in positions])
    return Held(values, lost, there, kinds)
