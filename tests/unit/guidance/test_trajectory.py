"""The documented course: where it started, what moved it, where it is now, and what is not known."""

from __future__ import annotations

import pytest

from tests.support.course import Course, emptied
from tutelage.domain.events import GuidanceGiven, MasterpieceCertified, ThresholdMet
from tutelage.domain.evolve import fold
from tutelage.domain.terms import Level, Phase, Role
from tutelage.evidence.track import track
from tutelage.guidance.trajectory import NOT_KNOWN, Trajectory, trajectory


def course_of(course: Course) -> Trajectory:
    return trajectory(course.state, course.track, "r1")


def of(course: Course, criterion: str = "order"):
    return next(c for c in course_of(course).courses if c.criterion == criterion)


# before there is anything to tell ----------------------------------------------------------------
def test_of_an_empty_relationship_nothing_is_known():
    found = course_of(Course())
    assert {found.learner, found.trainer, found.goal, found.today, found.horizon} == {NOT_KNOWN}
    assert (found.courses, found.steps, found.hurdles, found.phases) == ((), (), (), ())
    assert found.guidance_by_quarter == (0, 0, 0, 0)


def test_where_it_started_is_not_known_before_guidance_begins():
    course = Course().agree()
    course.situation().own_call().rated(2)
    found = of(course)
    assert (found.start, found.gain, found.levels) == (None, None, ())
    assert found.now.n == 1


def test_where_it_started_is_not_known_for_what_no_baseline_touched():
    course = Course().agree()
    for _ in range(3):
        course.situation(criteria=("order",)).own_call().rated(2).decided().accounted()
    from tutelage.domain.events import BaselineTaken

    course.write(BaselineTaken(situations=("s1", "s2", "s3")), role=Role.TRAINER)
    assert of(course).start.n == 3
    assert of(course, "people").start is None


def test_where_it_started_is_not_known_when_nothing_was_rated():
    course = Course().agree()
    from tutelage.domain.events import BaselineTaken

    for _ in range(3):
        course.situation().own_call()
    course.write(BaselineTaken(situations=("s1", "s2", "s3")), role=Role.TRAINER)
    assert of(course).start is None


# the course of a criterion -----------------------------------------------------------------------
def test_it_started_at_its_baseline_and_has_gained_since(mentoring):
    mentoring.calls(*[5] * 6)
    found = of(mentoring)
    assert found.start.n == 3
    assert found.start.mean < 3 < found.now.mean
    assert found.gain == pytest.approx(found.now.mean - found.start.mean)
    assert [n for n, _m, _s in found.curve] == list(range(1, 10))


def test_a_criterion_that_came_later_has_a_curve_of_its_own(mentoring):
    mentoring.amend_goal("order", "people", "luck").calls(4, criteria=("luck",))
    found = of(mentoring, "luck")
    assert [n for n, _m, _s in found.curve][-1] == 4
    assert found.anchors[0] == "played no part"
    assert found.start is None


@pytest.mark.parametrize(("mode", "first"), [("mentor", Level.SHARE), ("coach", Level.ASK)])
def test_levels_begin_as_agreed_and_carry_the_reason_of_each_move(mode, first):
    course = Course().agree(mode).baseline().calls(4).moved("order", Level.DEBRIEF)
    assert of(course).levels == (
        (3, first, "guidance began"),
        (4, Level.DEBRIEF, "as agreed"),
    )


# the situations on the way -----------------------------------------------------------------------
def test_each_situation_says_what_help_it_got_and_how_its_call_was_rated(mentoring):
    case = mentoring.situation(criteria=("order", "people")).own_call().guided().read()
    case.rated(order=2, people=5).decided().guided("ask").debriefed()
    step = course_of(mentoring).steps[-1]
    assert step.helps == ("share", "debrief", "debrief")
    assert (step.number, step.rating, step.counted, step.consulted) == (4, 3.5, True, True)


def test_a_situation_that_nobody_rated_has_no_rating(mentoring):
    mentoring.situation()
    step = course_of(mentoring).steps[-1]
    assert (step.rating, step.counted, step.helps) == (None, False, ())


def test_guidance_is_counted_by_quarter_without_the_baseline_and_without_debriefs(mentoring):
    for n in range(8):
        case = mentoring.situation().own_call()
        (case.guided() if n < 3 else case).decided().debriefed()
    assert course_of(mentoring).guidance_by_quarter == (2, 1, 0, 0)


def test_phases_are_named_by_the_first_situation_of_each(mentoring):
    mentoring.calls(3, 3).withdraw().calls(4)
    assert course_of(mentoring).phases == ((1, "baseline"), (4, "guided"), (6, "withdrawn"))


def test_a_situation_outside_any_phase_was_met_alone(mentoring):
    from dataclasses import replace

    known = mentoring.state.closed[0]
    alone = replace(known, phase=None)
    mentoring.state = replace(mentoring.state, closed=(alone, *mentoring.state.closed[1:]))
    assert course_of(mentoring).phases[0] == (1, "alone")


# obstacles ---------------------------------------------------------------------------------------
def hurdle(course: Course):
    (found,) = course_of(course).hurdles
    return found


def named(course: Course) -> Course:
    """An obstacle that showed in s4 and s5, on order."""
    from tutelage.domain.events import ObstacleNamed

    course.calls(1, 1)
    event = ObstacleNamed(
        obstacle="o",
        text="wakes all",
        when="at night",
        criteria=("order",),
        situations=("s4", "s5"),
    )
    course.write(event, role=Role.TRAINER)
    return course


def test_an_obstacle_that_shows_has_not_been_overcome(mentoring):
    found = hurdle(named(mentoring))
    assert (found.text, found.when, found.named_at) == ("wakes all", "at night", 5)
    assert found.overcome_at is found.because is None
    assert found.course == "It has not been overcome yet."


def test_what_moved_an_obstacle_that_nobody_worked_on_is_not_known(mentoring):
    named(mentoring).calls(5).overcome("o", "s6")
    found = hurdle(mentoring)
    assert (found.overcome_at, found.overcome_in, found.because) == (6, ("s6",), "did not show")
    assert found.course == "What moved it is not known."


@pytest.mark.parametrize(
    ("move", "words"), [("share", "a shared experience"), ("ask", "a question"), ("tell", "a tell")]
)
def test_an_obstacle_is_followed_by_the_help_that_named_it(mentoring, move, words):
    named(mentoring)
    because = "It burned" if move == "tell" else None
    case = mentoring.situation().own_call()
    case.guided(move, ("order",), obstacle="o", told_because=because).read().decided()
    mentoring.calls(5).overcome("o", "s7")
    found = hurdle(mentoring)
    assert [(i.number, i.help) for i in found.worked_on] == [(6, move)]
    assert f"followed by {words} in situation 6" in found.course
    assert "moved" not in found.course


def test_help_on_its_criteria_where_it_showed_counts_and_help_elsewhere_does_not(mentoring):
    for _ in range(2):
        mentoring.situation().own_call().guided(criteria=("order",)).read().decided()
    from tutelage.domain.events import ObstacleNamed

    event = ObstacleNamed(
        obstacle="o", text="x", when="x", criteria=("order",), situations=("s4", "s5")
    )
    mentoring.write(event, role=Role.TRAINER)
    mentoring.situation().own_call().guided(criteria=("people",)).read().decided().debriefed()
    assert [i.number for i in hurdle(mentoring).worked_on] == [4, 5]


def test_guidance_that_was_never_read_moved_nothing(mentoring):
    named(mentoring).situation().own_call().guided("ask", ("order",), obstacle="o").decided()
    mentoring.calls(5).overcome("o", "s7")
    assert hurdle(mentoring).worked_on == ()


def test_a_debrief_on_it_is_told_as_a_debrief(mentoring):
    named(mentoring)
    for case in ("s4", "s5"):
        from tests.support.course import Case

        Case(mentoring, case).debriefed()
    mentoring.calls(5).overcome("o", "s6")
    assert [i.help for i in hurdle(mentoring).worked_on] == ["debrief", "debrief"]
    assert "a debrief in situation 5" in hurdle(mentoring).course


def test_help_after_it_was_gone_did_not_move_it(mentoring):
    named(mentoring).calls(5).overcome("o", "s6")
    mentoring.situation().own_call().guided(criteria=("order",), obstacle="o").read()
    assert hurdle(mentoring).worked_on == ()


# threshold, masterpiece, the rest ----------------------------------------------------------------
def test_what_is_missing_is_said_until_it_is_met_and_then_what_was_confirmed(mentoring):
    before = course_of(mentoring)
    assert not before.threshold.met
    assert "the threshold" in before.masterpiece.missing
    mentoring.write(ThresholdMet(situation="s1", entries=(3,)), role=Role.TRAINER)
    mentoring.write(MasterpieceCertified(entries=(4,), because="x"), role=Role.SYSTEM)
    after = course_of(mentoring)
    assert (after.threshold.situation, after.threshold.entries) == ("s1", (3,))
    assert (after.masterpiece.met, after.masterpiece.entries) == (True, (4,))


def test_a_course_is_told_as_of_its_last_entry(coaching):
    coaching.situation().own_call().guided("ask").read()
    coaching.question("q", text="SECRET of s4", follows=(coaching.state.seq - 1,))
    found = course_of(coaching)
    assert (found.mode, found.life, found.seq) == ("coach", "active", coaching.state.seq)
    assert found.questions == (1, 1)
    assert [i.name for i in found.health] == ["dependency", "undirectedness"]
    assert not found.randomized


def test_with_every_text_gone_the_numbers_are_the_same(mentoring):
    named(mentoring).calls(5).overcome("o", "s6")
    mentoring.principle("p")
    bare = mentoring.fork()
    bare.state = fold(emptied(e) for e in mentoring.entries)
    bare.track = track(bare.state)
    whole, without = course_of(mentoring), course_of(bare)
    assert [c.now for c in without.courses] == [c.now for c in whole.courses]
    assert (without.steps, without.phases) == (whole.steps, whole.phases)
    assert without.today == "[redacted]"
    assert without.notebook.empty


def test_the_steps_know_the_phase_they_were_met_in(mentoring):
    mentoring.calls(4)
    assert [s.phase for s in course_of(mentoring).steps] == [Phase.BASELINE] * 3 + [Phase.GUIDED]


def test_the_same_help_may_have_worked_on_two_obstacles(mentoring):
    named(mentoring)
    from tutelage.domain.events import ObstacleNamed

    twin = ObstacleNamed(
        obstacle="o2", text="x", when="x", criteria=("order",), situations=("s4", "s5")
    )
    mentoring.write(twin, role=Role.TRAINER)
    event = GuidanceGiven(situation="s5", move="ask", text="What waits?", criteria=("order",))
    mentoring.write(event, role=Role.TRAINER)
    from tests.support.course import Case

    Case(mentoring, "s5").read()
    assert [len(h.worked_on) for h in course_of(mentoring).hurdles] == [1, 1]
