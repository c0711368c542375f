"""The design of the evidence: in which order criteria come into focus, and when, drawn by chance.

One thing at a time: the pair works on one criterion until the next one starts. Because chance drew
the order and the starts, any other draw could as well have come out; what the test asks is whether
the ratings follow the draw that did.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutelage.domain.errors import Refused

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

BASELINE = 2  # situations that nobody guides, so that every criterion has some before its focus
FEWEST_CRITERIA = 4  # alone; with fewer there is too little to compare with
FEWEST_SITUATIONS = 24  # alone; with fewer even a strong effect is rarely seen


@dataclass(frozen=True, slots=True)
class Design:
    """What chance drew: the order of the criteria and the situation in which each focus starts.

    Situations are counted from the draw, from 0. The j-th focus starts at
    ``baseline + j·window + U{0 … window - 1}`` and lasts until the next one starts, the last one
    until the horizon. Source: Wampold & Worsham (1986) for the order, Marascuilo & Busk (1988) for
    the starts; both drawn, as Levin & Ferron advise.

    >>> print(Design(("b", "a"), (3, 9), window=6, horizon=14))
    first b from situation 4, then a from situation 10, one of 72 ways it could have been drawn
    """

    order: tuple[str, ...]
    starts: tuple[int, ...]  # of order[0], order[1], …
    window: int  # situations among which a start is drawn, and between the windows' beginnings
    horizon: int  # situations after which the test is made
    seed: int = 0
    baseline: int = BASELINE

    def __str__(self) -> str:
        told = [f"{c} from situation {s + 1}" for c, s in zip(self.order, self.starts, strict=True)]
        ways = f"one of {self.arrangements:,} ways it could have been drawn"
        return ", ".join(["first " + ", then ".join(told), ways])

    @property
    def arrangements(self) -> int:
        """How many draws were possible, each as likely: K!·window^K."""
        return arrangements(len(self.order), self.window)

    @property
    def too_small(self) -> tuple[str, ...]:
        """Why this relationship is for the pool only; empty when it can show something alone.

        >>> Design(("a", "b"), (3, 9), 6, 14).too_small
        ('2 criteria of at least 4', '14 situations of at least 24')
        """
        return too_small(len(self.order), self.horizon)

    def start(self, criterion: str) -> int:
        """The situation in which this criterion comes into focus."""
        return self.starts[self.order.index(criterion)]

    def focus(self, criteria: Sequence[str], situations: int | None = None) -> Bools:
        """Which criterion is in focus when: [T, K], columns as in ``criteria``."""
        length = self.horizon if situations is None else situations
        ranks = np.array([[list(criteria).index(c) for c in self.order]])
        on: Bools = focus(ranks, np.array([self.starts]), length)[0]
        return on

    def redraw(self, count: int, rng: np.random.Generator, situations: int | None = None) -> Bools:
        """Other draws that could have come out: [count, T, K], in focus or not.

        The columns stand for the criteria in any fixed order: all orders are as likely.
        """
        length = self.horizon if situations is None else situations
        k = len(self.order)
        orders = rng.permuted(np.tile(np.arange(k), (count, 1)), axis=1)
        late = rng.integers(self.window, size=(count, k))
        return focus(orders, self.baseline + np.arange(k) * self.window + late, length)


def focus(orders: Ints, starts: Ints, situations: int) -> Bools:
    """In focus from its start until the next one's: ``orders``, ``starts`` [B, K] → [B, T, K].

    >>> focus(np.array([[1, 0]]), np.array([[1, 3]]), 5)[0].astype(int).T.tolist()
    [[0, 0, 0, 1, 1], [0, 1, 1, 0, 0]]
    """
    t = np.arange(situations)
    turn = (starts[:, None, :] <= t[:, None]).sum(2) - 1  # [B, T] whose turn it is; -1: nobody's
    now = np.take_along_axis(orders, np.maximum(turn, 0), axis=1)
    on: Bools = (now[..., None] == np.arange(orders.shape[1])) & (turn >= 0)[..., None]
    return on


def arrangements(criteria: int, window: int) -> int:
    """How many ways a design can be drawn.

    >>> arrangements(5, 7)
    2016840
    """
    return math.factorial(criteria) * math.prod([window] * criteria)


def too_small(criteria: int, horizon: int) -> tuple[str, ...]:
    """What a relationship lacks to show something alone."""
    few = f"{criteria} criteria of at least {FEWEST_CRITERIA}"
    short = f"{horizon} situations of at least {FEWEST_SITUATIONS}"
    found = ((few, criteria < FEWEST_CRITERIA), (short, horizon < FEWEST_SITUATIONS))
    return tuple(words for words, lacking in found if lacking)


def widest(criteria: int, horizon: int, latest: int | None = None) -> int:
    """The window that uses the horizon, or less where no start may be later than ``latest``.

    >>> widest(5, 40), widest(5, 40, latest=21)
    (7, 4)
    """
    room = (horizon - BASELINE) // criteria
    return room if latest is None else min(room, (latest - BASELINE + 1) // criteria)


def draw(seed: int, criteria: Sequence[str], horizon: int, latest: int | None = None) -> Design:
    """Draw order and starts for a horizon of situations, no start later than ``latest``.

    Refuses where nothing can be drawn: one criterion only, one named twice, or no room for a
    choice of starts. What is merely too small to show something alone is drawn: `too_small` says.

    >>> draw(7, ("a", "b", "c", "d"), horizon=30, latest=25).starts
    (7, 11, 18, 25)
    """
    window = widest(max(len(criteria), 1), horizon, latest)
    if len(set(criteria)) < 2 or len(set(criteria)) < len(criteria):
        raise Refused(
            "design_needs_criteria", "A drawn order needs two criteria or more, each named once."
        )
    if window < 2:
        raise Refused(
            "design_needs_room",
            f"With {len(criteria)} criteria the last start must be allowed up to situation "
            f"{BASELINE + 2 * len(criteria)} or later, and the horizon be as long.",
        )
    rng = np.random.default_rng(seed)
    order = tuple(criteria[i] for i in rng.permutation(len(criteria)))
    places = range(len(criteria))
    starts = tuple(BASELINE + j * window + int(rng.integers(window)) for j in places)
    return Design(order, starts, window, horizon, seed)


def from_entry(
    order: Sequence[str],
    starts: Sequence[int],
    ways: int,
    seed: int,
    horizon: int | None = None,
) -> Design:
    """The design that an entry `DesignDrawn` records; ``ways`` gives the window back.

    Without a horizon, the longest that has this window is taken. Refuses an entry that no draw
    can have made: nothing can be tested against it.

    >>> from_entry(("b", "a"), (3, 9), ways=72, seed=0).window
    6
    """
    k = len(order)
    window = round((ways / math.factorial(k)) ** (1 / k)) if k else 0
    fits = k == len(starts) and all(
        0 <= s - BASELINE - j * window < window for j, s in enumerate(starts)
    )
    if k < 2 or not fits or arrangements(k, window) != ways:
        raise Refused("design_unknown", "The recorded starts are none that a draw can have made.")
    longest = BASELINE + k * window + k - 1 if horizon is None else horizon
    return Design(tuple(order), tuple(starts), window, longest, seed)
