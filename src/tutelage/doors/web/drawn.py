"""Levels as they are looked at: a scale from 1 to 5, where judgment stands on it, how surely."""

from __future__ import annotations

from dataclasses import dataclass

from tutelage.domain.relationship import Relationship
from tutelage.doors.web.words import say, tell
from tutelage.evidence.rated import given, values
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
    own: int | None = None  # how the learner last rated itself; no part of the estimate
    whose: str = ""  # the learner's name; empty for the learner

    @property
    def said(self) -> str:
        """The drawing in words."""
        return f"{self._estimate} · {self.own_said}" if self.own else self._estimate

    @property
    def _estimate(self) -> str:
        if not self.known:
            return say("not known yet")
        e = self.stand.estimate
        mean = min(5.0, max(1.0, e.mean))  # the scale of judgment has no ends; that of words has
        return say(f"{mean:.1f} of 5, give or take {Z90 * e.sd:.1f}")

    @property
    def own_said(self) -> str:
        """The learner's own rating in words."""
        if self.whose:
            return tell("%(name)s, own rating: %(own)s", name=self.whose, own=self.own)
        return tell("your own rating: %(own)s", own=self.own)

    @property
    def own_x(self) -> float:
        """Where the hollow dot of the learner's own rating stands."""
        return _x(self.own or 1)


def levels(turn: Turn, state: Relationship, me: str) -> tuple[Drawn, ...]:
    """The criteria of a turn, each with its place on the scale."""
    own, learner = _own(state), state.learner.id if state.learner else ""
    whose = "" if learner == me else learner
    return tuple(_drawn(s, own.get(s.criterion), whose) for s in turn.stands)


def _own(state: Relationship) -> dict[str, int]:
    """By criterion, the learner's latest rating of an own call of its own."""
    rated = [r for s in state.situations for r in given(s, "own_call", as_self=True)]
    return dict(values(sorted(rated, key=lambda r: r.seq)))


def _drawn(stand: Stand, own: int | None, whose: str) -> Drawn:
    e = stand.estimate
    low, high = max(1.0, e.mean - Z90 * e.sd), min(5.0, e.mean + Z90 * e.sd)
    return Drawn(stand, _x(e.mean), _x(low), _x(high), e.n > 0, _x(4.0), own, whose)


def _x(value: float) -> float:
    return EDGE + (min(5.0, max(1.0, value)) - 1) / 4 * (WIDE - 2 * EDGE)
