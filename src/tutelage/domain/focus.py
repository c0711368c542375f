"""Drawn starts: one criterion is worked on at a time, in an order and from starts chance drew."""

from __future__ import annotations

from tutelage.domain.events import DesignDrawn
from tutelage.domain.relationship import Relationship, Standing
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Level
from tutelage.domain.values import replace


def in_focus(design: DesignDrawn, place: int) -> str | None:
    """The criterion that is worked on in the situation at this place, counted from the draw.

    >>> design = DesignDrawn(order=("b", "a"), starts=(1, 3), horizon=6, arrangements=8, seed=1)
    >>> [in_focus(design, place) for place in range(5)]
    [None, 'b', 'b', 'a', 'a']
    """
    started = [c for c, s in zip(design.order, design.starts, strict=True) if s <= place]
    return started[-1] if started else None


def running(state: Relationship, known: Situation) -> DesignDrawn | None:
    """The design that this situation is under, if both still agree to it and it is not over."""
    if state.design is None or known.place is None or not state.opted_in("drawn_starts"):
        return None
    design = state.design.event
    return design if known.place < design.horizon else None


def kept_out(state: Relationship, known: Situation, criterion: str) -> bool:
    """Whether the design keeps guidance from this criterion here."""
    design = running(state, known)
    if design is None or known.place is None or criterion not in design.order:
        return False
    return in_focus(design, known.place) != criterion


def start_level(state: Relationship, criterion: str) -> Level:
    """The level at which a criterion begins: waiting where its drawn start is still to come."""
    first = Level.ASK if state.mode == "coach" else Level.SHARE
    design = state.design.event if state.design and state.opted_in("drawn_starts") else None
    if design is None or criterion not in design.order:
        return first
    return first if design.starts[design.order.index(criterion)] < state.met else Level.WAITING


def let_in(state: Relationship, seq: int) -> Relationship:
    """The state with the criteria begun whose drawn start has come with the last situation."""
    waiting = [c for c, s in state.levels.items() if s.level is Level.WAITING]
    begun = {c: start_level(state, c) for c in waiting}
    new = {c: Standing(level, seq) for c, level in begun.items() if level is not Level.WAITING}
    return replace(state, levels={**state.levels, **new}) if new else state
