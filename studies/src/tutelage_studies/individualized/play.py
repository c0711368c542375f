"""One game of a learner against the expert, quickly: its decisions with what each play is worth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import gnubg_nn
import numpy as np

from tutelage_studies.backgammon.board import (
    KINDS,
    START,
    Board,
    Position,
    as_board,
    kind,
    swapped,
)
from tutelage_studies.backgammon.expert import SETTLED, equity
from tutelage_studies.backgammon.games import LONGEST
from tutelage_studies.backgammon.judgment import (
    CRITERIA,
    FEATURES,
    GROUPS,
    REASONABLE,
    TOUCHED,
    Floats,
    features,
)
from tutelage_studies.individualized.world import EXPERT

MEMBERS: Floats = np.array([[float(f in GROUPS[c]) for c in CRITERIA] for f in FEATURES])


@dataclass(frozen=True, eq=False)
class Decision:
    """A choice somebody made: the plays in the order of `board.legal`, and which was played."""

    key: tuple[int, int, int]  # whose, in which game, the how manieth of it
    position: Position
    values: Floats  # [plays, features]
    worth: Floats  # [plays], in points
    played: int

    @cached_property
    def kind(self) -> int:
        """The kind of position, as a row of the weights."""
        return KINDS.index(kind(self.position.board))

    @property
    def best(self) -> int:
        """The expert's play."""
        return int(np.argmax(self.worth))

    @property
    def loss(self) -> float:
        """What the play gave up."""
        return float(self.worth.max() - self.worth[self.played])

    @cached_property
    def scores(self) -> Floats:
        """What each play is worth on each criterion, as `judgment.scores` has it."""
        found: Floats = (self.values * EXPERT[self.kind]) @ MEMBERS
        return found

    @cached_property
    def touched(self) -> tuple[str, ...]:
        """The criteria on which the reasonable plays differ; the same as `judgment.touched`."""
        spread = np.ptp(self._reasonable, axis=0)
        return tuple(c for c, s in zip(CRITERIA, spread, strict=True) if s > TOUCHED)

    @cached_property
    def in_scope(self) -> bool:
        """Whether the criteria disagree and weighing them settles it, as `expert.in_scope`."""
        on = [CRITERIA.index(c) for c in self.touched]
        values = self._reasonable[:, on]
        if not on or bool((values >= values.max(0) - 1e-9).all(1).any()):
            return False
        return self.settled

    @cached_property
    def settled(self) -> bool:
        """Whether the right weighing finds a play that gives up little; else it is an exception."""
        weighed = int(np.argmax(self.scores.sum(1)))
        return float(self.worth.max() - self.worth[weighed]) < SETTLED

    @property
    def _reasonable(self) -> Floats:
        total = self.scores.sum(1)
        kept: Floats = self.scores[total > total.max() - REASONABLE]
        return kept


@dataclass(frozen=True, slots=True)
class Played:
    """A game as it went: the learner's decisions, the expert's, and the result in points."""

    decisions: list[Decision]
    shown: list[Decision]  # the expert's own, where they were asked for
    result: float

    @property
    def loss(self) -> float:
        """The mean loss of the learner's decisions."""
        return float(np.mean([d.loss for d in self.decisions])) if self.decisions else 0.0


def boards(here: Position) -> list[Board]:
    """The boards after every legal play, in the order of `board.legal`."""
    high, low = sorted(here.dice, reverse=True)
    keys = gnubg_nn.moves([list(side) for side in here.board], high, low)
    return [as_board(gnubg_nn.board_from_position_key(k)) for k in sorted(set(keys))]


def decision(key: tuple[int, int, int], here: Position, played: int) -> Decision:
    """A decision with its plays and their worth reckoned anew."""
    after = boards(here)
    return Decision(key, here, features(after), np.array([equity(b) for b in after]), played)


def game(
    key: tuple[int, int], weights: Floats, rng: np.random.Generator, *, shown: bool = False
) -> Played:
    """A game of these weights against the expert's first look; dice from `rng` alone."""
    board, mine, rolls = START, bool(rng.random() < 0.5), 0
    own: list[Decision] = []
    theirs: list[Decision] = []
    while rolls < LONGEST:
        dice = rng.integers(1, 7, 2)
        if rolls == 0 and dice[0] == dice[1]:
            continue
        rolls += 1
        here = Position(board, (int(dice[0]), int(dice[1])))
        board = _mine(here, (*key, rolls), weights, own) if mine else _theirs(here)
        if shown and not mine and len(boards(here)) > 1:
            made = decision((*key, rolls), here, 0)
            theirs.append(made)
        if sum(board[1]) == 0:
            points = 2.0 if sum(board[0]) == 15 else 1.0
            return Played(own, theirs, points if mine else -points)
        board, mine = swapped(board), not mine
    return Played(own, theirs, 0.0)


def _mine(here: Position, key: tuple[int, int, int], weights: Floats, own: list[Decision]) -> Board:
    after = boards(here)
    if not after:
        return here.board
    if len(after) == 1:
        return after[0]
    values = features(after)
    at = int(np.argmax(values @ weights[KINDS.index(kind(here.board))]))
    own.append(Decision(key, here, values, np.array([equity(b) for b in after]), at))
    return after[at]


def _theirs(here: Position) -> Board:
    """The expert's play at first look; the engine's own search, ten times as fast as ours."""
    high, low = sorted(here.dice, reverse=True)
    steps = gnubg_nn.best_move([list(side) for side in here.board], high, low, 0)
    opponent, mover = list(here.board[0]), list(here.board[1])
    for start, end in steps:
        mover[start - 1] -= 1
        if end > 0:
            mover[end - 1] += 1
            if opponent[24 - end] == 1:
                opponent[24 - end] = 0
                opponent[24] += 1
    return tuple(opponent), tuple(mover)
