"""The expert's verdict: GNU Backgammon's equities, what a play gives up, and on which criterion.

The loss of a play is spread over the criteria touched by how far the play is from the best one on
each: too little of it was bought, or too much was paid for it. A rating is that loss on a scale;
a 5 needs a case in which something tempts, since there is nothing to adapt to in a plain one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import gnubg_nn
import numpy as np

from tutelage_studies.backgammon.board import CACHED, Board, Position, legal, swapped
from tutelage_studies.backgammon.judgment import CRITERIA, Floats, is_choice, scores, touched

CUTS = (0.005, 0.02, 0.05, 0.1)
"""Points given up on a criterion: below the first is a 5, below the second a 4, and so on."""

SLIP = 0.02  # points under which a play is as good as the best
CLOSE = 0.03  # points under which two plays are a close call
SETTLED = 0.03  # points that the right weighing may give up where the criteria settle it
NEAR, PRICE = 0.08, 0.05  # the same two, for a case that is merely not plain
STAKE = 0.08  # points that a wrong choice among the first five plays must cost in a hard case


def equity(board: Board, ply: int = 0) -> float:
    """What a board is worth to the side that has just played it, in points."""
    opponent, mover = board
    if sum(mover) == 0:
        return 2.0 if sum(opponent) == 15 else 1.0
    win, gammon, backgammon, lost, lost_more = gnubg_nn.probabilities(
        [list(side) for side in swapped(board)], ply
    )
    return -float(2 * win - 1 + gammon + backgammon - lost - lost_more)


@lru_cache(CACHED)
def equities(here: Position) -> Floats:
    """The equity of every legal play."""
    found = np.array([equity(p.after) for p in legal(here)])
    found.setflags(write=False)
    return found


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a play gave up against the best one, in all and on each criterion touched."""

    best: str
    played: str
    loss: float
    lost: dict[str, float]
    contrast: dict[str, float]
    tempting: bool

    @property
    def fine(self) -> bool:
        """Whether it gave up next to nothing."""
        return self.loss < SLIP

    @property
    def ratings(self) -> dict[str, int]:
        """The loss on each criterion as a rating from 1 to 5."""
        return {c: rating(lost, tempting=self.tempting) for c, lost in self.lost.items()}


def rating(lost: float, *, tempting: bool) -> int:
    """The rating of a loss on one criterion.

    >>> [rating(lost, tempting=True) for lost in (0.0, 0.01, 0.03, 0.4)]
    [5, 4, 3, 1]
    >>> rating(0.0, tempting=False)
    4
    """
    return min(5 - sum(lost >= cut for cut in CUTS), 5 if tempting else 4)


def verdict(here: Position, played: int, values: Floats | None = None) -> Verdict:
    """The verdict on one play."""
    worth = equities(here) if values is None else values
    best = int(np.argmax(worth))
    loss = float(worth[best] - worth[played])
    contrast = scores(here)[best] - scores(here)[played]
    plays = legal(here)
    on = touched(here)
    return Verdict(
        plays[best].text,
        plays[played].text,
        loss,
        spread(loss, {c: float(contrast[CRITERIA.index(c)]) for c in on}),
        dict(zip(CRITERIA, map(float, contrast), strict=True)),
        tempting(here),
    )


def spread(loss: float, contrast: dict[str, float]) -> dict[str, float]:
    """A loss spread over criteria by how far the play is from the best one on each.

    >>> spread(0.08, {"safety": 0.2, "attack": 0.0, "race": -0.2})
    {'safety': 0.04, 'attack': 0.0, 'race': 0.04}
    """
    apart = {c: abs(d) for c, d in contrast.items()}
    total = sum(apart.values())
    return {c: round(loss * a / total, 4) if total else 0.0 for c, a in apart.items()}


@lru_cache(CACHED)
def in_scope(here: Position) -> bool:
    """Whether it is a situation of the goal: the criteria disagree, and weighing them settles it.

    Known from the position alone. Where even the right weighing gives up a good deal, something
    matters that is not among the five criteria, and a rating on them would be chance.
    """
    if not is_choice(here):
        return False
    worth = equities(here)
    return float(worth.max() - worth[int(np.argmax(scores(here).sum(1)))]) < SETTLED


def hard(here: Position) -> bool:
    """Whether it is a hard case: a close call at the top, and much to lose just below."""
    return _close(here, CLOSE, STAKE)


def tempting(here: Position) -> bool:
    """Whether another play tempts: near enough to be considered, with something to lose."""
    return _close(here, NEAR, PRICE)


def _close(here: Position, near: float, stake: float) -> bool:
    first = np.sort(equities(here))[::-1][:5]
    if len(first) < 3:
        return False
    return bool(first[0] - first[1] < near and first[0] - first[-1] > stake)
