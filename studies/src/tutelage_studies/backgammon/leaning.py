"""How a leaning grows from cases: solve the case again, and change only what went wrong.

A correction holds first in the kind of position it was learned in, then in every kind it recurs
in, and after three kinds everywhere except where it proved wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from tutelage.domain.events import Event, PrincipleDropped, PrincipleKept, PrincipleRevised
from tutelage.guidance.notebook import Notebook
from tutelage_studies.backgammon.board import CONTACT, KINDS, find, kind
from tutelage_studies.backgammon.expert import SLIP
from tutelage_studies.backgammon.judgment import CRITERIA, Floats, scores
from tutelage_studies.backgammon.words import CASES_KEPT, Case, Leaning, Lesson, leaning

Weight = Callable[[str], Floats]
"""How much each criterion weighs in a kind of position, [5], without the leaning in question."""

STEP = 1.0  # how far one lesson moves a leaning at most
GRID = 0.25
MARGIN = 0.01  # points by which the better play should come out ahead
STAY = 0.005  # points that a step of one must gain to be worth it
NEGLIGIBLE = 0.2  # a leaning smaller than this is none
EVERYWHERE = 3  # kinds of position after which a leaning is taken to hold in all


def leanings(notebook: Notebook) -> dict[str, Leaning]:
    """The leanings a notebook holds, by principle."""
    found = ((p.key, leaning(p.says, p.when, p.when_not, p.because)) for p in notebook.principles)
    return {key: held for key, held in found if held is not None}


def apart(case: Case) -> Floats:
    """What the better play has over the worse one on each criterion; zero for unknown plays."""
    better, worse = find(case.position, case.better), find(case.position, case.worse)
    if better is None or worse is None:
        return np.zeros(len(CRITERIA))
    values = scores(case.position)
    difference: Floats = values[better] - values[worse]
    return difference


def would_err(case: Case, weight: Floats) -> bool:
    """Whether this weighing still prefers the worse play, where that matters."""
    return case.cost >= SLIP and float(apart(case) @ weight) <= 0


def fits(lesson: Lesson) -> bool:
    """Whether the criterion really tells the two plays apart in the direction that was told."""
    difference = float(apart(lesson.case)[CRITERIA.index(lesson.criterion)])
    return difference < 0 if lesson.too_much else difference > 0


def learned(old: Leaning | None, lesson: Lesson, rest: Weight) -> Leaning:
    """The leaning after one more lesson that went wrong."""
    return refit(widened(old, lesson), rest)


def widened(old: Leaning | None, lesson: Lesson) -> Leaning:
    """The leaning with its scope and its cases as this lesson leaves them."""
    where, case = kind(lesson.case.position.board), lesson.case
    if old is None or not old.cases:
        start = old or Leaning(lesson.criterion, 0.0)
        return replace(start, kinds=(where,), besides=(), cases=(case,))
    if _contradicts(old, lesson, where):
        return replace(old, besides=_in_order((*old.besides, where)))
    kinds = _in_order((*old.kinds, where))
    return replace(
        old,
        kinds=CONTACT if len(kinds) >= EVERYWHERE else kinds,
        besides=tuple(k for k in old.besides if k != where),
        cases=(*(c for c in old.cases if c != case), case)[-CASES_KEPT:],
    )


def _contradicts(old: Leaning, lesson: Lesson, where: str) -> bool:
    """Whether it points the other way in a kind of position that no case of the leaning is from."""
    other_way = old.value > 0 if lesson.too_much else old.value < 0
    return other_way and all(kind(c.position.board) != where for c in old.cases)


def _in_order(kinds: Iterable[str]) -> tuple[str, ...]:
    held = set(kinds)
    return tuple(k for k in KINDS if k in held)


def refit(held: Leaning, rest: Weight) -> Leaning:
    """The value near the present one under which its cases come out best.

    Minimises the sum over the cases of max(0, margin - what the better play is ahead by), plus a
    small price for moving.
    """
    steps = np.arange(-STEP, STEP + GRID / 2, GRID)
    at = CRITERIA.index(held.criterion)
    price = STAY * np.abs(steps)
    for case in held.cases:
        where = kind(case.position.board)
        difference = apart(case)
        moved = held.value + steps if held.holds(where) else np.zeros(len(steps))
        price = price + np.maximum(0.0, MARGIN - difference @ rest(where) - difference[at] * moved)
    return replace(held, value=round(float(held.value + steps[int(np.argmin(price))]), 2))


def changes(
    before: Mapping[str, Leaning], after: Mapping[str, Leaning], *, least: float = NEGLIGIBLE
) -> list[Event]:
    """What to write into the notebook so that it says this."""
    found: list[Event] = []
    for key, held in after.items():
        if before.get(key) == held:
            continue
        if abs(held.value) >= least:
            found.append(_principle(key, held, revised=key in before))
        elif key in before:
            found.append(PrincipleDropped(principle=key, why="Little is left of it."))
    return found


def _principle(key: str, held: Leaning, *, revised: bool) -> PrincipleKept:
    written = PrincipleRevised if revised else PrincipleKept
    return written(
        principle=key,
        says=held.says,
        when=held.when,
        when_not=held.when_not,
        because=held.because,
        criteria=concerns(held),
    )


def concerns(held: Leaning) -> tuple[str, ...]:
    """The criteria a leaning is about: its own, and those that spoke for the worse plays.

    It weighs one against the others, so it is needed where any of them is touched.
    """
    against = {
        c for case in held.cases for c, by in zip(CRITERIA, apart(case), strict=True) if by < 0
    }
    return (held.criterion, *(c for c in CRITERIA if c in against and c != held.criterion))
