"""Who is mentored in the demo: a learner with personal gaps, drawn from the seed."""

from __future__ import annotations

import numpy as np

from tutelage_studies.backgammon.board import KINDS, Position, kind
from tutelage_studies.backgammon.games import held_out, loss
from tutelage_studies.backgammon.judgment import Gap, choose, draw_gaps, gains
from tutelage_studies.backgammon.learner import InContextLearner

NOVICE = (0.09, 0.13)  # mean loss in points; whoever weighs like the expert gives up .04
ENTRANCE = 7  # seed of the positions of the entrance test; no measure of the demo uses them
POSITIONS = 300
_GAPS = 4  # a stream of chance of its own


def newcomer(seed: int, name: str = "learner") -> InContextLearner:
    """A learner with something to learn: gaps are drawn until their cost is a novice's."""
    return InContextLearner(name, gaps(seed))


def gaps(seed: int) -> tuple[Gap, ...]:
    """The first draw of the seed that costs as much as a novice's judgment does."""
    rng = np.random.default_rng([seed, _GAPS])
    while True:
        drawn = draw_gaps(rng)
        if NOVICE[0] <= cost(drawn) <= NOVICE[1]:
            return drawn


def cost(drawn: tuple[Gap, ...]) -> float:
    """The mean loss of a judgment with these gaps on the entrance test."""
    table = gains(drawn)

    def decide(here: Position) -> int:
        return choose(here, table[KINDS.index(kind(here.board))])

    return float(loss(decide, held_out(ENTRANCE, POSITIONS)).mean())
