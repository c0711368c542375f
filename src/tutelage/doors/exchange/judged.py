"""Where judgment breaks, by criterion, as raters saw it in the decisions of imported traces."""

from __future__ import annotations

from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.text import Gone
from tutelage.doors.exchange.breaks import Part, Task
from tutelage.evidence.rated import by_criterion, given
from tutelage.guidance.words import criterion_name

HELD = 3  # the mean rating from which on a criterion was at least handled by the book


def judged(state: Relationship) -> tuple[Part, ...]:
    """Each criterion of the goal with the tasks it was rated on; the one that breaks most first.

    A task held where its decision was rated 3 or more. Cases that were picked because they went
    badly are left out: they would make every criterion look broken.
    """
    tasks: dict[str, dict[str, Task]] = {key: {} for key in state.criteria}
    for known in state.situations:
        opened = known.opened.event
        if opened.source == "trace" and not opened.because_bad:
            for criterion, rating in by_criterion(given(known, "decision")).items():
                _add(tasks.get(criterion, {}), _task(known), rating)
    parts = (
        Part(criterion_name(state, key), tuple(of.values()), did=f"rated {HELD} or more in")
        for key, of in tasks.items()
    )
    return tuple(sorted((p for p in parts if p.tasks), key=lambda p: p.solved[0]))


def _task(known: Situation) -> str:
    said = known.opened.event.facts.get("task")
    return known.key if said is None or isinstance(said, Gone) else said


def _add(tasks: dict[str, Task], name: str, rating: float) -> None:
    task = tasks.setdefault(name, Task(name))
    task.n += 1
    task.solved += rating >= HELD
