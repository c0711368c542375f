"""Games against the expert, the situations drawn from them, and held-out positions.

Which of a learner's choices become situations is drawn before the first roll: one of its first
`WINDOW` choices in the goal's scope, one of the `WINDOW` after those, and so on, `PER_GAME` in
all. So nobody can pick a case by how it went. Held-out positions are not limited to that scope:
any decision may be among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from tutelage_studies.backgammon.board import (
    START,
    Board,
    Position,
    find,
    legal,
    swapped,
)
from tutelage_studies.backgammon.expert import equities, in_scope
from tutelage_studies.backgammon.judgment import Floats, scores, touched

Choose = Callable[[Position], int]

WINDOW = 2  # choices of the learner that one situation is drawn from; most games have six
PER_GAME = 3
LONGEST = 400  # rolls; a game that lasts longer is called off
NOISE = 0.15  # points; keeps self-play from repeating the same good games
HELD_OUT = 300

_GAMES, _SELF_PLAY, _HELD_OUT = 1, 2, 3  # streams of chance that never meet


@dataclass(frozen=True, slots=True)
class Moment:
    """A choice that was drawn to become a situation, as it comes up in the game."""

    key: str
    position: Position
    probability: float
    chosen: str

    @property
    def criteria(self) -> tuple[str, ...]:
        """The criteria it touches, fixed by its legal plays."""
        return touched(self.position)


@dataclass(slots=True)
class Game:
    """One game of the learner against the expert, played up to each choice that was drawn."""

    number: int
    rng: np.random.Generator
    drawn: frozenset[int]
    board: Board = START
    mine: bool = True
    rolls: int = 0
    choices: int = 0
    waiting: Position | None = None
    result: float | None = None
    leaned: list[Floats] = field(default_factory=list)

    @classmethod
    def begin(cls, seed: int, number: int) -> Game:
        """A game whose dice and whose situations are drawn from the seed and its number."""
        rng = np.random.default_rng([seed, _GAMES, number])
        drawn = frozenset(WINDOW * n + int(rng.integers(WINDOW)) for n in range(PER_GAME))
        return cls(number, rng, drawn, mine=bool(rng.random() < 0.5))

    def advance(self, choose: Choose) -> Moment | None:
        """Play on until a drawn choice comes up, or, with None, to the end of the game."""
        while self.result is None:
            here = self._roll()
            if here is None:
                continue
            if not self.mine:
                self._play(here, int(np.argmax(equities(here))))
                continue
            drawn = self._counts(here)
            if drawn is not None:
                self.waiting = here
                return drawn
            self._play(here, choose(here))
        return None

    def take(self, play: str) -> None:
        """Play what was decided at the drawn choice."""
        here = self.waiting
        at = find(here, play) if here is not None else None
        if here is None or at is None:
            raise ValueError(f"{play} is no legal play here.")
        self.waiting = None
        self._play(here, at)

    def _roll(self) -> Position | None:
        dice = self.rng.integers(1, 7, 2)
        while self.rolls == 0 and dice[0] == dice[1]:
            dice = self.rng.integers(1, 7, 2)
        self.rolls += 1
        here = Position(self.board, (int(dice[0]), int(dice[1])))
        if legal(here):
            return here
        self._pass()
        return None

    def _counts(self, here: Position) -> Moment | None:
        if not in_scope(here):
            return None
        at, self.choices = self.choices, self.choices + 1
        if at not in self.drawn:
            return None
        which = at // WINDOW
        first = which * WINDOW + 1
        chosen = f"Drawn before the game from choices {first} to {first + WINDOW - 1} in it."
        key = f"g{self.number:03d}{'abc'[which]}"
        return Moment(key, here, 1 / WINDOW, chosen)

    def _play(self, here: Position, at: int) -> None:
        if self.mine:
            self.leaned.append(_lean(here, at))
        after = legal(here)[at].after
        if sum(after[1]) == 0:
            points = 2.0 if sum(after[0]) == 15 else 1.0
            self.result = points if self.mine else -points
            return
        self.board = after
        self._pass()

    def _pass(self) -> None:
        self.board, self.mine = swapped(self.board), not self.mine
        if self.rolls >= LONGEST:
            self.result = 0.0

    @property
    def lean(self) -> Floats:
        """What the learner's plays had more of than other legal ones, criterion by criterion."""
        total: Floats = np.sum(self.leaned, axis=0) / max(1, len(self.leaned))
        return total


def _lean(here: Position, at: int) -> Floats:
    apart = scores(here)[at] - scores(here).mean(0)
    size = float(np.linalg.norm(apart))
    unit: Floats = apart / size if size else apart
    return unit


# positions nobody plays for real ----------------------------------------------------------------
def self_play(seed: int, game: int) -> Iterator[Position]:
    """Positions of one game of the expert against itself, with noise, about every second one."""
    rng = np.random.default_rng([seed, _SELF_PLAY, game])
    board, rolls = START, 0
    while rolls < LONGEST:
        dice = rng.integers(1, 7, 2)
        if rolls == 0 and dice[0] == dice[1]:
            continue
        rolls += 1
        here = Position(board, (int(dice[0]), int(dice[1])))
        plays = legal(here)
        if plays:
            worth = equities(here)
            if len(plays) > 1 and rng.random() < 0.5:
                yield here
            at = int(np.argmax(worth + rng.normal(0, NOISE * rng.exponential(1), len(worth))))
            board = plays[at].after
            if sum(board[1]) == 0:
                return
        board = swapped(board)


@lru_cache(4)
def held_out(seed: int, count: int = HELD_OUT) -> tuple[Position, ...]:
    """Decisions from games that no relationship plays; the same for every learner of a seed."""
    found: list[Position] = []
    game = 0
    while len(found) < count:
        found += self_play(seed * 1000 + _HELD_OUT, game)
        game += 1
    return tuple(found[:count])


def loss(decide: Choose, positions: tuple[Position, ...]) -> Floats:
    """What a way of deciding gives up, position by position."""
    return np.array([_loss(here, decide(here)) for here in positions])


def _loss(here: Position, at: int) -> float:
    worth = equities(here)
    return float(worth.max() - worth[at])
