"""A relationship under drawn starts, whose calls follow the focus or do not."""

from __future__ import annotations

from tests.support.course import RITA, Course, goal
from tutelage.domain.events import BaselineTaken, DesignDrawn
from tutelage.domain.focus import in_focus
from tutelage.domain.terms import Party, Role
from tutelage.evidence.design import draw

KEYS = ("k0", "k1", "k2", "k3")


def designed(
    horizon: int = 28,
    seed: int = 3,
    learner: str = "lea",
    keys: tuple[str, ...] = KEYS,
    **agreed,
) -> Course:
    """Agreed, with a baseline of three rated cases, and drawn."""
    course = Course(Party(id=learner, kind="person"), raters=(RITA,))
    course.propose(drawn_starts=True, **agreed).sign().set_goal(goal(keys)).sign("goal")
    cases = [
        course.situation(retold=True, criteria=keys).own_call().rated(2).decided().accounted()
        for _ in range(3)
    ]
    found = draw(seed, keys, horizon)
    course.alone(
        DesignDrawn(
            order=found.order,
            starts=found.starts,
            horizon=found.horizon,
            arrangements=found.arrangements,
            seed=seed,
        )
    )
    course.write(BaselineTaken(situations=tuple(c.key for c in cases)), role=Role.TRAINER)
    return course


def live(course: Course, count: int, rise: int = 2, *, guide: bool = True) -> Course:
    """Situations whose calls are rated 2, and `rise` more once their criterion was in focus."""
    design, worked, keys = course.state.design.event, set(), course.state.criteria
    for _ in range(count):
        focus = in_focus(design, course.state.met)
        ratings = {
            k: min(2 + rise * (k in worked) + (course.state.met + i) % 2, 5)
            for i, k in enumerate(keys)
        }
        case = course.situation(criteria=keys).own_call().rated(**ratings)
        if guide and focus and case.here.place is not None:
            case.guided(criteria=(focus,)).read()
            worked.add(focus)
        case.decided().accounted()
    return course
