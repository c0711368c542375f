"""The mentor shares what fits, never twice while others are left, and notices obstacles."""

from __future__ import annotations

import pytest

from tests.support.cast import MENTOR, RAY, RITA
from tests.support.course import Course
from tutelage.domain.events import ObstacleNamed, ObstacleOvercome
from tutelage.domain.terms import Level, Role
from tutelage.guidance.brief import brief
from tutelage.guidance.moves import read
from tutelage.guidance.roles import Experience
from tutelage.trainers import ExperienceMentor

TRAINER = ExperienceMentor("mentor-bot")


def experience(key: str, case: str, *criteria: str) -> Experience:
    return Experience(key, case, "I waited.", "A restart hides the cause.", "It cleared.", criteria)


QUEUE = experience("queue", "The queue of the payment service grew at night.", "order")
REFUND = experience("refund", "A customer wanted a refund twice.", "order")
PHONE = experience("phone", "The queue of the payment service grew one night.", "people")
BANK = (REFUND, PHONE, QUEUE)


def briefed(case):
    return brief(case.course.state, case.course.track, "r1", case.key)


def case_of(course: Course, text: str = "At night the payment queue grew", *criteria: str):
    return course.situation(text=text, criteria=criteria or ("order",)).own_call()


def shared(case, bank=BANK) -> str | None:
    return TRAINER.guide(briefed(case), bank).experience


def share(case, bank=BANK):
    case.course.write(TRAINER.guide(briefed(case), bank), role=Role.TRAINER)
    return case.read().decided()


# sharing -----------------------------------------------------------------------------------------
def test_it_shares_what_is_on_the_criterion_and_like_the_case(mentoring):
    assert shared(case_of(mentoring)) == "queue"
    assert shared(case_of(mentoring, "The customer wants a refund")) == "refund"
    assert shared(case_of(mentoring, "At night the payment queue grew", "people")) == "phone"


def test_a_story_says_the_case_what_was_done_why_and_how_it_came_out(mentoring):
    given = TRAINER.guide(briefed(case_of(mentoring)), BANK)
    assert all(s in str(given.text) for s in (QUEUE.case, QUEUE.did, QUEUE.why, QUEUE.came_out))
    assert read(str(given.text)).move == given.move == "share"


def test_one_that_was_told_is_not_told_again_while_others_are_left(mentoring):
    told = []
    for _ in range(3):
        case = case_of(mentoring)
        told.append(shared(case))
        share(case)
    assert told == ["queue", "refund", "phone"]


def test_one_told_on_another_criterion_was_told(mentoring):
    share(case_of(mentoring, "At night the payment queue grew", "people"), (PHONE,))
    assert shared(case_of(mentoring), (PHONE, REFUND)) == "refund"


def test_one_told_long_ago_was_told(mentoring):
    share(case_of(mentoring), (QUEUE,))
    mentoring.calls(*[3] * 35)
    assert shared(case_of(mentoring), (QUEUE, REFUND)) == "refund"


def test_when_all_were_told_it_tells_the_best_one_differently(mentoring):
    first = share(case_of(mentoring), (QUEUE,)).here.guidance[0].entry.event.text
    again = TRAINER.guide(briefed(case_of(mentoring)), (QUEUE,))
    assert again.experience == "queue"
    assert str(again.text).startswith(f"What matters to me here is this: {QUEUE.why}")
    assert again.text != first


def test_told_in_both_ways_it_is_not_told_again(mentoring):
    for _ in range(2):
        share(case_of(mentoring), (QUEUE,))
    assert TRAINER.guide(briefed(case_of(mentoring)), (QUEUE,)).move == "ask"


# asking ------------------------------------------------------------------------------------------
def test_with_an_empty_bank_it_asks(mentoring):
    given = TRAINER.guide(briefed(case_of(mentoring)), ())
    assert (given.move, given.experience) == ("ask", None)


def test_where_it_may_only_ask_it_asks_though_it_has_a_story(mentoring):
    mentoring.moved("order", Level.ASK)
    assert TRAINER.guide(briefed(case_of(mentoring)), BANK).move == "ask"


def test_where_the_learner_decides_first_it_adds_nothing(mentoring):
    mentoring.moved("order", Level.DEBRIEF)
    assert TRAINER.guide(briefed(case_of(mentoring)), BANK) is None


# debriefs ----------------------------------------------------------------------------------------
def test_its_debrief_aims_at_the_fourth_anchor(mentoring):
    said = TRAINER.debrief(briefed(case_of(mentoring).decided().came_out()))
    assert "handled with reasons that fit this case" in said.next
    assert said.criteria == ("order",)


def test_a_criterion_without_anchors_is_debriefed_all_the_same(mentoring):
    from dataclasses import replace

    whole = briefed(case_of(mentoring).decided())
    bare = replace(whole, criteria=tuple(replace(c, anchors=()) for c in whole.criteria))
    assert "give it its weight" in TRAINER.debrief(bare).next
    assert TRAINER.debrief(replace(whole, criteria=())) is None


# obstacles ---------------------------------------------------------------------------------------
def noticed(course: Course):
    return TRAINER.notice(briefed(case_of(course)))


def test_three_low_ratings_make_an_obstacle():
    course = Course().agree().baseline(rating=3).calls(1, 2, criteria=("order",))
    assert noticed(course) == ()
    (named,) = noticed(course.calls(2, criteria=("order",)))
    assert isinstance(named, ObstacleNamed)
    assert (named.criteria, named.situations) == (("order",), ("s4", "s5", "s7"))
    assert "3 of the last 6" in named.when


def test_an_obstacle_that_is_known_is_not_named_again():
    course = Course().agree().baseline(rating=3).calls(1, 1, 1, criteria=("order",))
    (named,) = noticed(course)
    course.write(named, role=Role.TRAINER)
    assert noticed(course) == ()


@pytest.mark.parametrize(("good", "over"), [((4, 5, 4), 0), ((4, 5, 4, 4), 1), ((4, 5, 3, 5), 0)])
def test_four_good_calls_in_a_row_overcome_it(good, over):
    course = Course().agree().baseline(rating=3).calls(1, 1, 1, criteria=("order",))
    course.write(noticed(course)[0], role=Role.TRAINER)
    course.calls(*good, criteria=("order",))
    found = [e for e in noticed(course) if isinstance(e, ObstacleOvercome)]
    assert len(found) == over
    assert all(len(e.situations) == 4 for e in found)


def test_what_has_stopped_already_is_not_named():
    course = Course().agree().baseline(rating=3)
    course.calls(1, 1, 1, 4, 4, 4, 4, criteria=("order",))
    assert noticed(course) == ()


def test_two_raters_of_one_call_make_it_one_call():
    course = Course(trainer=MENTOR, raters=(RITA, RAY)).agree().baseline(rating=3)
    course.calls(1, 1, criteria=("order",))
    assert noticed(course) == ()
    (named,) = noticed(course.calls(1, criteria=("order",)))
    assert len(named.situations) == 3
    course.write(named, role=Role.TRAINER)
    assert noticed(course.calls(5, 5, criteria=("order",))) == ()
    assert len(noticed(course.calls(5, 5, criteria=("order",)))) == 1
