"""The bill for help: how often guidance reached the learner, and what models cost, as time goes on.

It is meant to fall: help that does not become less has not taught.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tutelage.domain.entry import Entry
from tutelage.domain.events import GuidanceRead, ModelCalled, SituationOpened
from tutelage.guidance.words import several

STRETCH = 10  # situations to a line


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some situations one after the other, and the help that came while they were met.

    >>> print(Stretch(1, 10, 7, 12_300, 0.41))
    situations 1 to 10: guidance in 7, 12,300 tokens, $0.41
    """

    first: int
    last: int
    guided: int
    tokens: int = 0
    cost: float = 0.0

    def __str__(self) -> str:
        paid = f", {self.tokens:,} tokens, ${self.cost:.2f}" if self.tokens else ""
        which = f"{self.first} to {self.last}" if self.last > self.first else str(self.first)
        return f"situations {which}: guidance in {self.guided}{paid}"


@dataclass(frozen=True, slots=True)
class Bill:
    """The stretches in order, the last one as far as it goes."""

    stretches: tuple[Stretch, ...]

    @property
    def falls(self) -> bool | None:
        """Whether every whole stretch had no more guidance than the one before; None for fewer."""
        whole = [s.guided for s in self.stretches if s.last - s.first == STRETCH - 1]
        return None if len(whole) < 2 else all(b <= a for a, b in pairwise(whole))

    def __str__(self) -> str:
        if not self.stretches:
            return "No situation yet."
        lines = [str(s) for s in self.stretches]
        whole = [s.guided for s in self.stretches if s.last - s.first == STRETCH - 1]
        if len(whole) > 1:
            lines.append(f"From {whole[0]} to {whole[-1]} of {several(STRETCH, 'situation')}.")
        return "\n".join(lines)


def bill(entries: Iterable[Entry[Any]]) -> Bill:
    """The bill of a relationship, from its entries."""
    return Bill(tuple(_stretches(entries)))


def _stretches(entries: Iterable[Entry[Any]]) -> Iterator[Stretch]:
    first, met, guided, tokens, cost = 1, 0, set[str](), 0, 0.0
    for entry in entries:
        match entry.event:
            case SituationOpened():
                if met - first == STRETCH - 1:
                    yield Stretch(first, met, len(guided), tokens, cost)
                    first, guided, tokens, cost = met + 1, set(), 0, 0.0
                met += 1
            case GuidanceRead(situation=key):
                guided.add(key)
            case ModelCalled() as call:
                tokens += call.tokens_in + call.tokens_out
                cost += call.cost
            case _:
                pass
    if met >= first:
        yield Stretch(first, met, len(guided), tokens, cost)
