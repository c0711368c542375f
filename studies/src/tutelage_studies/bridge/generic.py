"""One batch for all: drawn from everybody's cases, gated on endings that nobody plays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tutelage.domain.events import Event, PrincipleKept
from tutelage.guidance.brief import Context
from tutelage.guidance.notebook import Notebook, Principle
from tutelage_studies.bridge.endings import GATE, Board, held_out, lost
from tutelage_studies.bridge.environment import LAYOUTS, Defender, Floats, better

TRIED = 4  # batches tried on the gate before one is given to all


def chosen(
    seed: int, number: int, learners: Sequence[tuple[Defender, Notebook]], pool: list[Board]
) -> list[Board]:
    """Of several batches the one that most lowers the mean loss on the gate; none if none does."""
    size = round(len(pool) / len(learners))
    rng = np.random.default_rng([seed, 13, number])
    best: list[Board] = []
    least = _mean(seed, learners, best)
    for _ in range(TRIED if size else 0):
        batch = [pool[int(i)] for i in rng.choice(len(pool), size, replace=False)]
        after = _mean(seed, learners, batch)
        if after < least:
            best, least = batch, after
    return best


def _mean(
    seed: int, learners: Sequence[tuple[Defender, Notebook]], batch: Sequence[Board]
) -> float:
    gate = held_out(seed, "gate", GATE, LAYOUTS)
    return float(np.mean([lost(gate, tried(one, book, batch)) for one, book in learners]))


def tried(one: Defender, book: Notebook, batch: Sequence[Board]) -> Floats:
    """How a copy of a learner would weigh after a batch; its notebook is only imagined."""
    for b in batch:
        context = Context("", b.text, (), book, (), (better(b.text),))
        book = imagined(book, one.revise("", context))
    return one.weights(book)


def imagined(book: Notebook, events: Sequence[Event]) -> Notebook:
    """The notebook with these principles."""
    held = {p.key: p for p in book.principles}
    for event in events:
        assert isinstance(event, PrincipleKept)  # noqa: S101  # all that `revise` writes
        says, because = str(event.says), str(event.because)
        held[event.principle] = Principle(event.principle, says, "", "", because, ())
    return Notebook(tuple(held.values()), ())
