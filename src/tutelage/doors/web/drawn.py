"""Levels as they are looked at: a scale from 1 to 5, where judgment stands on it, how surely."""

from __future__ import annotations

from dataclasses import dataclass

from tutelage.doors.web.words import say
from tutelage.guidance.turn import Stand, Turn

WIDE, HIGH, EDGE = 260, 28, 10
Z90 = 1.645


@dataclass(frozen=True, slots=True)
class Drawn:
    """One criterion: its words, and the places of its drawing."""

    stand: Stand
    mean: float
    low: float
    high: float
    known: bool
    bar: float = 0.0

    @property
    def said(self) -> str:
        """The drawing in words."""
        if not self.known:
            return say("not known yet")
        e = self.stand.estimate
        mean = min(5.0, max(1.0, e.mean))  # the scale of judgment has no ends; that of words has
        return say(f"{mean:.1f} of 5, give or take {Z90 * e.sd:.1f}")


def levels(turn: Turn) -> tuple[Drawn, ...]:
    """The criteria of a turn, each with its place on the scale."""
    return tuple(_drawn(s) for s in turn.stands)


def _drawn(stand: Stand) -> Drawn:
    e = stand.estimate
    low, high = max(1.0, e.mean - Z90 * e.sd), min(5.0, e.mean + Z90 * e.sd)
    return Drawn(stand, _x(e.mean), _x(low), _x(high), e.n > 0, _x(4.0))


def _x(value: float) -> float:
    return EDGE + (min(5.0, max(1.0, value)) - 1) / 4 * (WIDE - 2 * EDGE)
