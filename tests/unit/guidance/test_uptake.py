"""Each guidance is followed until this learner shows that it understood it."""

import pytest

from tests.support.course import Course
from tutelage.domain.entry import Findings
from tutelage.evidence.self_observation import made_own
from tutelage.guidance.uptake import LOOK_BACK, told_before


def guided(course, move="share"):
    return course.situation().own_call().rated(2).guided(move).read().decided()


def last(course):
    return told_before(course.state)[-1]


def test_until_a_later_situation_tests_it_uptake_is_unknown(mentoring):
    guided(mentoring)
    assert (last(mentoring).taken, last(mentoring).how) == (
        "unknown",
        "no later situation has tested it",
    )


@pytest.mark.parametrize(("rating", "taken"), [(4, "yes"), (3, "no")])
def test_a_later_own_call_shows_whether_it_was_taken_up(mentoring, rating, taken):
    guided(mentoring)
    mentoring.situation().own_call().rated(rating)
    assert last(mentoring).taken == taken


def test_a_later_call_on_another_criterion_says_nothing(mentoring):
    mentoring.situation().own_call().guided(criteria=("order",)).read()
    mentoring.situation().own_call().rated(people=5)
    assert last(mentoring).taken == "unknown"


def test_an_assisted_call_shows_nothing(mentoring):
    guided(mentoring)
    mentoring.situation().own_call(help="ai").rated(5)
    assert last(mentoring).taken == "unknown"


def test_guidance_that_nobody_read_was_not_refused(mentoring):
    mentoring.situation().own_call().guided().decided()
    mentoring.situation().own_call().rated(2)
    assert (last(mentoring).taken, last(mentoring).how) == ("unknown", "it was not read yet")


def test_a_principle_that_follows_from_it_shows_it(mentoring):
    seq = guided(mentoring).here.guidance[0].entry.seq
    assert (
        last(mentoring.principle("p", follows=(seq,))).how == "the learner made a principle of it"
    )


@pytest.mark.parametrize("how", ["follows", "echoes"])
def test_a_question_made_one_s_own_shows_it(coaching, how):
    seq = guided(coaching, "ask").here.guidance[0].entry.seq
    found = Findings(version="novelty-1", echoes=seq)
    given = {"follows": (seq,)} if how == "follows" else {"findings": found}
    coaching.question("q", **given)
    assert last(coaching).how == "the learner asks itself this question now"
    assert made_own(coaching.state) == (1, 1)


def test_questions_not_made_own_are_counted_too(coaching):
    guided(coaching, "ask")
    coaching.question("q", findings=Findings(version="novelty-1"))
    assert made_own(coaching.state) == (0, 1)


def test_only_guidance_on_the_criteria_at_hand_is_told_again(mentoring):
    mentoring.situation().own_call().guided(criteria=("doubt",)).read()
    assert len(told_before(mentoring.state, ("doubt",))) == 1
    assert told_before(mentoring.state, ("order",)) == ()


def test_what_was_told_long_ago_is_history():
    course = Course().agree().baseline()
    guided(course).accounted()
    course.calls(*[2] * LOOK_BACK)
    assert told_before(course.state) == ()
