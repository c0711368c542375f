"""Principles that held: marked sound, and followed by better unassisted calls."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scipy.special import stdtrit

from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.evidence.ability import STEP
from tutelage.evidence.notyet import NotYet
from tutelage.evidence.rated import mean_rating, values
from tutelage.guidance.notebook import Notebook, Principle, notebook

FEWEST = 3  # unassisted calls after it; two may be luck
NOISE = 0.5  # rating points: calls rated alike are still not measured more exactly than that


@dataclass(frozen=True, slots=True)
class Held:
    """By how much unassisted calls were rated better after a principle was kept than before.

    Followed by, not caused by: the learner also gains experience.
    """

    principle: Principle
    gain: float
    low: float
    high: float
    before: int
    after: int

    def __str__(self) -> str:
        return (
            f"{self.gain:+.1f} rating points ({self.low:+.1f} to {self.high:+.1f}, 90 %; "
            f"n={self.before} unassisted calls before, {self.after} after)"
        )


@dataclass(frozen=True, slots=True)
class Proven:
    """What may be told to others, and why the rest may not yet."""

    held: tuple[Held, ...]
    missing: dict[str, str]
    book: Notebook


def proven(state: Relationship) -> Proven:
    """Every principle of the notebook: held, or what is missing."""
    book = notebook(state)
    held: list[Held] = []
    missing: dict[str, str] = {}
    for principle in book.principles:
        found = _judge(state, principle)
        if isinstance(found, Held):
            held.append(found)
        else:
            missing[principle.key] = str(found)
    return Proven(tuple(held), missing, book)


def _judge(state: Relationship, principle: Principle) -> Held | str | NotYet:
    mark = state.marks.get(principle.key)
    if mark is None or mark.event.mark != "sound":
        return "the trainer has not marked it sound"
    before, after = _calls(state, principle)
    if len(after) < FEWEST or len(before) < 2:
        short = max(FEWEST - len(after), 0)
        told = f"{len(before)} unassisted calls before it and {len(after)} after"
        return NotYet(told, short or None)
    gain, half = _gain(before, after)
    if gain - half <= 0:
        return f"later unassisted calls are not clearly better: {gain:+.1f} ± {half:.1f}"
    return Held(principle, gain, gain - half, gain + half, len(before), len(after))


def _calls(state: Relationship, principle: Principle) -> tuple[list[float], list[float]]:
    """The ratings of unassisted calls on the principle's criteria, before it was kept and after."""
    kept = state.principles[principle.key].seq
    seen = [(s.order, r) for s in state.situations for r in _rating(s, principle.criteria)]
    return [r for order, r in seen if order < kept], [r for order, r in seen if order > kept]


def _rating(known: Situation, criteria: Sequence[str]) -> Iterator[float]:
    """One number a situation: the mean over raters and criteria, declared difficulty put back."""
    counted = known.counted()
    if not criteria:
        mean = mean_rating(counted)
    else:
        on = [value for criterion, value in values(counted) if criterion in criteria]
        mean = sum(on) / len(on) if on else math.nan
    if not math.isnan(mean):
        yield mean + STEP * known.opened.event.difficulty


def _gain(before: Sequence[float], after: Sequence[float]) -> tuple[float, float]:
    """Difference of means and the half-width of its 90 % interval, by Student's t, pooled.

    half = t(.95, m + n - 2) · s · √(1/m + 1/n), with s at least the noise of a single rating.
    """
    first, later = (sum(of) / len(of) for of in (before, after))
    spread = sum((v - first) ** 2 for v in before) + sum((v - later) ** 2 for v in after)
    freedom = len(before) + len(after) - 2
    deviation = max(math.sqrt(spread / freedom), NOISE)
    width = deviation * math.sqrt(1 / len(before) + 1 / len(after))
    return later - first, float(stdtrit(freedom, 0.95)) * width
