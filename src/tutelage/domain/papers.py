"""What both sign: agreement, goal and design, and what a signature or a handover brings."""

from __future__ import annotations

from tutelage.domain.entry import Entry
from tutelage.domain.events import HandedOver, Signed
from tutelage.domain.focus import let_in, start_level
from tutelage.domain.relationship import BOTH, Paper, Relationship, Side, Standing
from tutelage.domain.terms import Phase
from tutelage.domain.values import replace


def signed(state: Relationship, entry: Entry[Signed]) -> Relationship:
    """What a signature brings into force."""
    sides = state.sides(entry.actor)
    match entry.event.what:
        case "agreement":
            return _sign_agreement(state, entry.event.version, sides, entry.seq)
        case "goal":
            return _sign_goal(state, entry.event.version, sides, entry.seq)
        case _:
            return replace(state, design_signed=state.design_signed | sides)


def _sign_agreement(
    state: Relationship, version: int, sides: frozenset[Side], seq: int
) -> Relationship:
    if state.amended is not None and version == state.amended.version:
        paper = replace(state.amended, signed=state.amended.signed | sides)
        if "trainer" in sides:
            state = replace(state, joins=False)
        if paper.agreed:
            stood = state.agreement.entry.seq if state.agreement else 0
            # what stood is signed by a new trainer: that opts nobody in again
            left = state.opted_out if paper.entry.seq == stood else frozenset()
            agreed = replace(state, agreement=paper, amended=None, opted_out=left)
            if agreed.programme != state.programme:  # another sees what its learner shows it anew
                agreed = replace(agreed, support=None, levels_shown=False)
            return let_in(agreed, seq)
        return replace(state, amended=paper)
    if state.agreement is None:
        return state
    paper = replace(state.agreement, signed=state.agreement.signed | sides)
    life = "active" if paper.agreed and state.life == "proposed" else state.life
    return replace(state, agreement=paper, life=life)


def _sign_goal(state: Relationship, version: int, sides: frozenset[Side], seq: int) -> Relationship:
    if state.goal_next is not None and version == state.goal_next.version:
        paper = replace(state.goal_next, signed=state.goal_next.signed | sides)
        if not paper.agreed:
            return replace(state, goal_next=paper)
        return begin_criteria(_in_force(replace(state, goal_next=None), paper), seq)
    if state.goal is None:
        return state
    paper = replace(state.goal, signed=state.goal.signed | sides)
    return _in_force(state, paper)


def _in_force(state: Relationship, goal: Paper) -> Relationship:
    keys = [c.key for c in goal.entry.event.criteria] if goal.agreed else []
    new = tuple(k for k in keys if k not in state.criteria_ever)
    return replace(state, goal=goal, criteria_ever=(*state.criteria_ever, *new))


def handed_over(state: Relationship, entry: Entry[HandedOver]) -> Relationship:
    """Another trainer; the agreement stands, and waits for whoever has not consented yet."""
    party, sides = entry.event.to, state.sides(entry.actor)
    gone = {state.trainer.id} if state.trainer is not None else set()
    left = (state.left | gone) - {party.id}
    trainers = state.trainers | {party.id}
    after = replace(state, trainer=party, trainers=trainers, left=left, closing=None)
    paper = state.agreement
    if paper is None or sides == BOTH:
        return after
    # what stands is consented to, and no change that somebody else proposed
    latest = max(paper.version, state.amended.version if state.amended else 0)
    waits = Paper(paper.entry, latest + 1, paper.signed & sides)
    return replace(after, amended=waits, joins="trainer" not in sides)


def begin_criteria(state: Relationship, seq: int) -> Relationship:
    """In the guided phase every criterion of the goal has a level."""
    if state.phase is not Phase.GUIDED:
        return state
    levels = {
        key: state.levels.get(key) or Standing(start_level(state, key), seq)
        for key in state.criteria
    }
    return replace(state, levels=levels)
