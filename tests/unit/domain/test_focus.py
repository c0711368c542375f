"""Drawn starts: one thing at a time, in the order that chance drew, where both agreed to it."""

import pytest

from tests.support.course import CRITERIA, Course
from tutelage.domain.errors import Refused
from tutelage.domain.events import (
    AgreementAmended,
    BaselineTaken,
    DesignDrawn,
    LevelMoved,
    OptedOut,
)
from tutelage.domain.focus import in_focus, kept_out, running
from tutelage.domain.guiding import allowed
from tutelage.domain.terms import Level, Role

STARTS = (1, 3, 5)


DRAW = DesignDrawn(order=CRITERIA, starts=STARTS, horizon=8, arrangements=48, seed=1)


def begun(**agreed):
    """A baseline, the draw, and guidance: order from the second situation on, people from …"""
    course = Course().agree(**agreed)
    cases = [course.situation(retold=True).own_call().decided().accounted() for _ in range(3)]
    course.alone(DRAW)
    keys = tuple(c.key for c in cases)
    course.write(BaselineTaken(situations=keys), role=Role.TRAINER)
    return course


@pytest.fixture
def drawn():
    return begun(drawn_starts=True)


def words(course):
    return [course.state.level(c).word for c in CRITERIA]


def may(course, case):
    return {c for c in CRITERIA if allowed(course.state, case.here, c)}


def test_every_criterion_waits_until_its_drawn_start(drawn):
    begins = []
    for place in range(7):
        begins += [
            (place, c) for c, w in zip(CRITERIA, words(drawn), strict=True) if w != "waiting"
        ]
        drawn.situation()
    assert [min(p for p, c in begins if c == name) for name in CRITERIA] == [2, 4, 6]


def test_situations_are_counted_from_the_draw_and_those_of_the_baseline_are_not(drawn):
    drawn.situation()
    drawn.situation()
    assert [s.place for s in drawn.state.situations] == [None, None, None, 0, 1]


def test_guidance_is_for_the_criterion_in_focus_and_no_other():
    course = begun(drawn_starts=True)
    seen = [may(course, course.situation().own_call()) for _ in range(9)]
    assert seen[:6] == [set(), {"order"}, {"order"}, {"people"}, {"people"}, {"doubt"}]
    assert seen[8] == set(CRITERIA)  # the design is over


def test_the_learner_may_ask_all_the_same_and_high_stakes_override():
    course = begun(drawn_starts=True)
    for _ in range(3):
        course.situation()
    asked = course.situation().own_call().asked()
    assert {"order", "people"} <= may(course, asked)
    high = course.situation(stakes="high").own_call()
    assert may(course, high) == set(CRITERIA)


def test_a_debrief_of_what_is_not_in_focus_is_refused():
    course = begun(drawn_starts=True)
    course.situation()
    case = course.situation().own_call().decided()
    with pytest.raises(Refused, match="not in focus here by the draw"):
        case.debriefed(("people",))
    case.debriefed(("order",))


def test_without_the_agreement_or_after_leaving_it_the_draw_keeps_nothing_out():
    course = begun()
    case = course.situation().own_call()
    assert case.here.place == 0
    assert running(course.state, case.here) is None
    assert not any(kept_out(course.state, case.here, c) for c in CRITERIA)


def test_one_side_leaves_the_drawn_starts_at_once_and_for_good(drawn):
    case = drawn.situation().own_call()
    assert running(drawn.state, case.here) is not None
    drawn.write(OptedOut(of="drawn_starts"), role=Role.LEARNER)
    assert running(drawn.state, case.here) is None
    assert "waiting" not in words(drawn)
    again = AgreementAmended(mode="mentor", because="After all", drawn_starts=True)
    assert drawn.code(again, drawn.trainer.id, Role.TRAINER) == "guidance_began"
    assert drawn.code(OptedOut(of="drawn_starts"), role=Role.LEARNER) == "not_opted_in"


def test_who_opts_in_after_guidance_began_is_told_that_it_is_too_late(mentoring):
    late = AgreementAmended(mode="mentor", because="A friend told me", drawn_starts=True)
    assert mentoring.code(late, mentoring.trainer.id, Role.TRAINER) == "guidance_began"


def test_a_level_that_waits_is_moved_by_nobody_but_a_person(drawn):
    event = LevelMoved(criterion="doubt", start=Level.WAITING, to=Level.ASK, why="now", rule="own")
    assert drawn.code(event, drawn.trainer.id, Role.TRAINER) is None


def test_nobody_is_in_focus_before_the_first_start():
    design = DesignDrawn(order=("b", "a"), starts=(1, 3), horizon=6, arrangements=8, seed=1)
    assert [in_focus(design, p) for p in (0, 1, 2, 3)] == [None, "b", "b", "a"]
