"""A position with its dice: legal plays, how they are written, and how it reads to a person.

A board is ``(opponent, mover)``: 25 counts each, the mover's ace point first and the bar last,
every side counted from its own end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import gnubg_nn

Side = tuple[int, ...]
Board = tuple[Side, Side]
Step = tuple[int, int]

BAR = 24
CACHED = 4096  # positions whose plays are kept: a run of 60 games meets about 2000
KINDS = ("opening", "blitz", "pressed", "priming", "holding", "race")
"""Types of position, by what the play is mostly about."""

CONTACT = KINDS[:-1]
"""Those in which there is something to judge; a race is counted."""

KIND_WORDS = {
    "opening": "an opening",
    "blitz": "a blitz",
    "pressed": "a position under pressure",
    "priming": "a priming battle",
    "holding": "a holding game",
    "race": "a race",
}
_WRITTEN = re.compile(r"position (?P<id>[A-Za-z0-9+/]{14}) with (?P<dice>[1-6][1-6])")


@dataclass(frozen=True, slots=True)
class Position:
    """What the mover sees: the board and the dice it has to play."""

    board: Board
    dice: tuple[int, int]

    @property
    def id(self) -> str:
        """GNU Backgammon's position id of the board, from the mover's side."""
        return str(gnubg_nn.position_id([list(side) for side in self.board]))

    @property
    def rolled(self) -> str:
        """The dice, the higher first."""
        high, low = sorted(self.dice, reverse=True)
        return f"{high}{low}"

    def __str__(self) -> str:
        return f"position {self.id} with {self.rolled}"


@dataclass(frozen=True, slots=True)
class Play:
    """A legal play: its steps, whom it is played against, and the board after it, same side."""

    steps: tuple[Step, ...]
    against: Side
    after: Board

    @property
    def text(self) -> str:
        """The play as players write it."""
        return written(self.steps, self.against)


def as_board(sides: Sequence[Sequence[int]]) -> Board:
    """The engine's lists as a board."""
    return tuple(sides[0]), tuple(sides[1])


START = as_board(gnubg_nn.board_from_position_id("4HPwATDgc/ABMA"))


def swapped(board: Board) -> Board:
    """The same board from the other side."""
    return board[1], board[0]


def read(text: str) -> Position:
    """The position a text names first.

    >>> read("I am in position 4HPwATDgc/ABMA with 31.").rolled
    '31'
    """
    found = _WRITTEN.search(text)
    if found is None:
        raise ValueError("No position is named here: write 'position <id> with <dice>'.")
    return position(found["id"], found["dice"])


@lru_cache(CACHED)
def position(key: str, dice: str) -> Position:
    """A position from its id and its dice."""
    board = as_board(gnubg_nn.board_from_position_id(key))
    return Position(board, (int(dice[0]), int(dice[1])))


# plays ---------------------------------------------------------------------------------------
@lru_cache(CACHED)
def legal(here: Position) -> tuple[Play, ...]:
    """Every legal play, one for each board it can lead to, in a fixed order."""
    board = [list(side) for side in here.board]
    high, low = sorted(here.dice, reverse=True)
    found = dict(gnubg_nn.moves(board, high, low, 1))
    return tuple(
        Play(steps, here.board[0], as_board(gnubg_nn.board_from_position_key(key)))
        for key, steps in sorted(found.items())
    )


def find(here: Position, text: str) -> int | None:
    """The place of a written play among the legal ones."""
    return texts(here).get(text)


@lru_cache(CACHED)
def texts(here: Position) -> dict[str, int]:
    """The legal plays by how they are written."""
    return {play.text: i for i, play in enumerate(legal(here))}


def written(steps: Sequence[Step], opponent: Side) -> str:
    """A play as players write it: ``8/5 6/5``, ``bar/22*``, ``6/off(2)``.

    >>> written(((13, 10), (10, 9), (6, 5), (6, 5)), (0,) * 25)
    '13/9 6/5(2)'
    """
    chains: list[list[str]] = []
    for start, end in sorted(steps, reverse=True):
        chain = next((c for c in chains if c[-1].rstrip("*") == _named(start)), None)
        if chain is None:
            chain = [_named(start)]
            chains.append(chain)
        elif len(chain) > 1 and not chain[-1].endswith("*"):
            chain.pop()
        chain.append(_reached(end, opponent, chains))
    texts = Counter("/".join(chain) for chain in chains)
    return " ".join(text if n == 1 else f"{text}({n})" for text, n in texts.items())


def _reached(point: int, opponent: Side, chains: list[list[str]]) -> str:
    hit = f"{point}*"
    blot = point > 0 and opponent[BAR - point] == 1
    return hit if blot and not any(hit in chain for chain in chains) else _named(point)


def _named(point: int) -> str:
    return "bar" if point > BAR else "off" if point <= 0 else str(point)


# what kind of position it is -----------------------------------------------------------------
def pips(side: Side) -> int:
    """How far a side has to go."""
    return sum(count * (point + 1) for point, count in enumerate(side))


def rearmost(side: Side) -> int:
    """The highest point a side still occupies, 0 for its ace point."""
    return max((point for point, count in enumerate(side) if count), default=0)


def contact(board: Board) -> bool:
    """Whether the sides still have to pass each other."""
    opponent, mover = board
    return rearmost(opponent) + rearmost(mover) > BAR - 2


def home_points(side: Side) -> int:
    """How many of its six home points a side holds."""
    return sum(count >= 2 for count in side[:6])


def longest_block(side: Side) -> int:
    """The longest run of points a side holds between its 3 and its 12 point."""
    best = run = 0
    for count in side[2:12]:
        run = run + 1 if count >= 2 else 0
        best = max(best, run)
    return best


def kind(board: Board) -> str:
    """What a position is mostly about: one of `KINDS`."""
    opponent, mover = board
    if not contact(board):
        return "race"
    if mover[BAR] or home_points(opponent) >= 4:
        return "pressed"
    if opponent[BAR]:
        return "blitz"
    if max(longest_block(mover), longest_block(opponent)) >= 4:
        return "priming"
    return "opening" if pips(mover) + pips(opponent) >= 290 else "holding"


def facts(here: Position) -> dict[str, str]:
    """What may be declared of a position before anybody judges it."""
    opponent, mover = here.board
    return {
        "kind": kind(here.board),
        "lead": _lead(pips(opponent) - pips(mover)),
        "bar": "mine" if mover[BAR] else "theirs" if opponent[BAR] else "nobody",
        "my_home": _strength(mover),
        "their_home": _strength(opponent),
        "anchor": "yes" if any(c >= 2 for c in mover[18:24]) else "no",
        "back": _back(mover),
        "dice": "double" if here.dice[0] == here.dice[1] else "plain",
        "roll": here.rolled,
        "position": here.id,
    }


FAMILIAR = ("kind", "lead", "bar", "my_home", "anchor", "dice")
"""The facts by which a situation is recognised as one of a sort already met."""


def sort_of(here: Position) -> tuple[str, ...]:
    """The combination of facts by which a situation counts as met before."""
    declared = facts(here)
    return tuple(declared[name] for name in FAMILIAR)


def _lead(margin: int) -> str:
    if abs(margin) <= 10:
        return "level"
    far = "far " if abs(margin) > 40 else ""
    return far + ("ahead" if margin > 0 else "behind")


def _strength(side: Side) -> str:
    held = home_points(side)
    return "weak" if held <= 1 else "middling" if held <= 3 else "strong"


def _back(side: Side) -> str:
    behind = sum(side[18:])
    return "none" if behind == 0 else "few" if behind <= 2 else "many"


# how it reads --------------------------------------------------------------------------------
def describe(here: Position) -> str:
    """A position in one readable paragraph, its name included."""
    opponent, mover = here.board
    ahead = pips(opponent) - pips(mover)
    lead = "level in the race" if ahead == 0 else f"{abs(ahead)} pips {_side(ahead)}"
    return " ".join(
        [
            f"I have to play {_dice(here)} in {KIND_WORDS[kind(here.board)]}, {lead}",
            f"({pips(mover)} to {pips(opponent)}).",
            _on_the_bar(mover[BAR], opponent[BAR]),
            f"I hold {_points(mover)}; my blots: {_blots(mover)}.",
            f"Against me stand {_points(opponent)} (their count); their blots: {_blots(opponent)}.",
            f"This is {here}.",
        ]
    )


def _side(ahead: int) -> str:
    return "ahead" if ahead > 0 else "behind"


def _dice(here: Position) -> str:
    high, low = sorted(here.dice, reverse=True)
    return f"double {high}" if high == low else f"{high} and {low}"


def _on_the_bar(mine: int, theirs: int) -> str:
    if mine:
        return f"I have {mine} on the bar."
    return f"They have {theirs} on the bar." if theirs else "Nobody is on the bar."


def _points(side: Side) -> str:
    held = [f"{p + 1} ({count})" for p, count in enumerate(side[:BAR]) if count >= 2]
    return ", ".join(reversed(held)) or "no point"


def _blots(side: Side) -> str:
    single = [str(p + 1) for p, count in enumerate(side[:BAR]) if count == 1]
    return ", ".join(reversed(single)) or "none"
