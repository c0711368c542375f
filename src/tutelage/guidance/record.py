"""A folded relationship as the arrays that the tests of attribution read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutelage.domain.events import DesignDrawn
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Phase
from tutelage.evidence.ability import STEP
from tutelage.evidence.attribution import Record
from tutelage.evidence.design import Design, from_entry
from tutelage.evidence.notyet import NotYet
from tutelage.evidence.rated import by_criterion, given, mean_rating
from tutelage.guidance.blind import blind

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def design_of(drawn: DesignDrawn) -> Design:
    """The drawn design. Raises Refused where its starts are none that a draw can have made."""
    return from_entry(drawn.order, drawn.starts, drawn.arrangements, drawn.seed, drawn.horizon)


def record(state: Relationship) -> Record | NotYet:
    """What is known since the design was drawn; why not, where there is none."""
    if state.design is None:
        return NotYet("no starts were drawn, so nothing tells guidance from experience")
    design = design_of(state.design.event)
    under = tuple(s for s in state.situations if s.place is not None and s.place < design.horizon)
    if not under:
        return NotYet("no situation was opened since the design was drawn")
    criteria = design.order
    return Record(
        criteria=criteria,
        ratings=ratings(under, criteria),
        declared=declared(under),
        design=design,
        guided=np.array([[c in _helped(s, state.talks) for c in criteria] for s in under]),
        raters=len({r.actor for s in under for r in s.counted()}) or None,
        blind=all(blind(state, s, r) for s in under for r in s.counted()),
        imported=_imported(under),
        ended=not state.opted_in("drawn_starts")
        or state.life in {"ended", "closed"}
        or state.phase is not Phase.GUIDED,
    )


def ratings(known: tuple[Situation, ...], criteria: tuple[str, ...]) -> Floats:
    """Ratings of the calls that count, [T, K]: the mean over raters, NaN where there is none."""
    found = np.full((len(known), len(criteria)), np.nan)
    for t, situation in enumerate(known):
        rated = by_criterion(situation.counted())
        found[t] = [rated.get(criterion, np.nan) for criterion in criteria]
    return found


def declared(known: tuple[Situation, ...]) -> Floats:
    """Declared difficulty in rating points, [T]."""
    return np.array([s.opened.event.difficulty * STEP for s in known], dtype=float)


def _helped(known: Situation, talks: tuple[tuple[int, str], ...]) -> frozenset[str]:
    """The criteria on which guidance was read, a decision was debriefed, or there was a talk."""
    read = [g.entry.event for g in known.guidance if g.read is not None]
    named = [c for e in read if e.move != "fact" for c in e.criteria]
    talked = {c for met, c in talks if known.place == max(met - 1, 0)}
    return frozenset(named) | talked | {c for d in known.debriefs for c in d.event.criteria}


def _imported(known: tuple[Situation, ...]) -> int:
    """How many at the beginning were told afterwards and not lived here."""
    lived = [i for i, s in enumerate(known) if not s.opened.event.retold]
    return lived[0] if lived else len(known)


@dataclass(frozen=True, slots=True)
class Phases:
    """All calls of a relationship, and where guidance began and where it ended."""

    ratings: Floats
    declared: Floats
    guided_from: int
    withdrawn_from: int


def phases(state: Relationship) -> Phases | NotYet:
    """The calls before, under and after guidance; why not, where it has not ended."""
    known = state.situations
    guided = [i for i, s in enumerate(known) if s.phase is Phase.GUIDED]
    if not guided:
        return NotYet("guidance has not begun")
    if state.phase is Phase.GUIDED or not _unguided(known[-1]):
        return NotYet("guidance has not been withdrawn yet")
    last = max(guided)  # it may have been withdrawn before and taken up again
    counted = ratings(known, state.criteria)
    for i, situation in enumerate(known[:last]):
        if _unguided(situation):
            counted[i] = np.nan
    return Phases(counted, declared(known), guided[0], last + 1)


def _unguided(known: Situation) -> bool:
    return known.phase in {Phase.WITHDRAWN, Phase.FOLLOW_UP}


@dataclass(frozen=True, slots=True)
class Probes:
    """Situations in which guidance might have been withheld: one entry each."""

    decisions: Floats
    calls: Floats
    withheld: Bools
    probability: Floats
    baseline: Floats  # ratings before there was guidance


def probes(state: Relationship) -> Probes | NotYet:
    """What the draws of withheld guidance say; why not, where nothing was drawn."""
    drawn = tuple(s for s in state.situations if s.probed)
    if not drawn:
        return NotYet("no guidance was withheld by chance")
    before = tuple(s for s in state.situations if s.phase is Phase.BASELINE)
    return Probes(
        decisions=np.array([mean_rating(given(s, "decision")) for s in drawn]),
        calls=np.array([mean_rating(given(s, "own_call")) for s in drawn]),
        withheld=np.array([s.withheld for s in drawn]),
        probability=np.array([s.probability for s in drawn], dtype=float),
        baseline=np.array([mean_rating(given(s, "own_call")) for s in before]),
    )
