"""The batched core: a cohort goes through its arms without a ledger; and the generic batch."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from tutelage_studies.individualized.arms import ARMS, BATCH, WITHDRAWN, Arm
from tutelage_studies.individualized.course import Course, Record
from tutelage_studies.individualized.learner import Learner
from tutelage_studies.individualized.play import Decision
from tutelage_studies.individualized.trainer import Trainer
from tutelage_studies.individualized.world import BATCH as CHANCE
from tutelage_studies.individualized.world import Setting, bases, held_out

TRIED = 4  # batches that are tried on the gate's positions before one is given

Start = Callable[[Setting, Arm, Learner], Course]


def newcomers(setting: Setting) -> list[Learner]:
    """The learners of a cohort as they come."""
    return [Learner(n, base, setting) for n, base in enumerate(bases(setting))]


def run(setting: Setting, names: Sequence[str], start: Start = Course) -> dict[str, list[Record]]:
    """These arms, each from the same start; a partner's cases come from the individualized arm."""
    found: dict[str, list[Record]] = {}
    for name in sorted(names, key=lambda n: n == "yoked"):
        arm = ARMS[name]
        courses = [start(setting, arm, learner) for learner in newcomers(setting)]
        partners = found.get("individualized")
        if arm.source == "partner" and partners is None:
            partners = run(setting, ["individualized"])["individualized"]
        go(courses, range(1, setting.games + 1), partners or [])
        withdraw(courses)
        found[name] = [c.record for c in courses]
    return found


def go(courses: Sequence[Course], games: range, partners: Sequence[Record] = ()) -> None:
    """These games, for all of a cohort, one after the other."""
    for course in courses:
        course.measure(0)
    for number in games:
        for at, course in enumerate(courses):
            course.game(number, brought(partners, at, number))
        if number % BATCH == 0 and courses[0].arm.source == "generic":
            deliver(courses, number, generic(courses, number))


def brought(partners: Sequence[Record], at: int, number: int) -> Sequence[Decision]:
    """The cases of a learner's partner after a game: those of the next learner."""
    return partners[(at + 1) % len(partners)].brought.get(number, ()) if partners else ()


def deliver(courses: Sequence[Course], number: int, batch: Sequence[Decision]) -> None:
    """A batch for all, and the measure after it."""
    for course in courses:
        course.study(number, batch)
        course.measure(number)


def withdraw(courses: Sequence[Course]) -> None:
    """The games after guidance has ended."""
    for course in courses:
        course.withdraw()
        for number in range(course.setting.games + 1, course.setting.games + WITHDRAWN + 1):
            course.game(number)


# the generic batch -------------------------------------------------------------------------------
def generic(courses: Sequence[Course], number: int) -> list[Decision]:
    """One batch for all, from what all were annotated since the last."""
    pool: list[Decision] = []
    for course in courses:
        pool += course.waiting
        course.waiting = []
    return chosen([c.learner for c in courses], pool, number)


def chosen(learners: Sequence[Learner], pool: list[Decision], number: int) -> list[Decision]:
    """Of several batches the one that helps these learners most on held-out data; none if none.

    As prompt optimizers do: candidates drawn from everybody's cases, each tried on copies, the best
    kept only where it lowers the mean loss.
    """
    setting = learners[0].setting
    size = round(len(pool) / len(learners))
    if size == 0:
        return []
    gate = held_out(setting.seed, gate=True)
    best: list[Decision] = []
    now = float(np.mean([gate.loss(one.weights) for one in learners]))
    least = now if setting.gated else float("inf")
    for batch in _candidates(setting, pool, size, number):
        loss = float(np.mean([gate.loss(_after(one, batch, number)) for one in learners]))
        if loss < least:
            best, least = batch, loss
    return best


def _candidates(
    setting: Setting, pool: list[Decision], size: int, number: int
) -> Iterator[list[Decision]]:
    rng = np.random.default_rng([setting.seed, CHANCE, number])
    for _ in range(TRIED):
        yield [pool[int(i)] for i in rng.choice(len(pool), size, replace=False)]


def _after(
    learner: Learner, batch: Sequence[Decision], number: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """How a copy of a learner weighs after a batch."""
    copy = replace(learner, notes=deque(learner.notes))
    trainer = Trainer(learner.setting)
    for made in batch:
        copy.study(trainer.lesson(made), number, learner.setting.seen)
    return copy.weights
