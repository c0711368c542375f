"""The three ways a relationship goes wrong: dependency, undirectedness, sameness."""

import numpy as np
import pytest

from tests.support.course import Course
from tutelage.domain.relationship import Relationship
from tutelage.evidence.health import adequate, asked_for_help, dependency, sameness, undirectedness


def decided(course, rating, *, asks):
    case = course.situation().own_call().rated(rating)
    if asks:
        case.asked().guided("ask").read()
    return case.decided().accounted()


def test_a_learner_who_asks_although_it_was_right_alarms(mentoring):
    for _ in range(8):
        decided(mentoring, 4, asks=True)
    index = dependency(mentoring.state)
    assert index.alarm
    assert index.value == 1.0
    assert str(index) == "dependency: 1.00 (n=8) !"


def test_four_cases_are_too_few_to_alarm(mentoring):
    for _ in range(4):
        decided(mentoring, 4, asks=True)
    assert not dependency(mentoring.state).alarm


def test_the_alarm_is_an_offer_and_never_a_label(mentoring):
    for _ in range(8):
        decided(mentoring, 4, asks=True)
    offer = dependency(mentoring.state).offer
    assert offer == "You were right on your own in 8 of 11; decide first next time?"


def test_a_learner_who_decides_alone_does_not_alarm(mentoring):
    for i in range(10):
        decided(mentoring, 4, asks=i % 4 == 0)
    assert not dependency(mentoring.state).alarm


def test_a_novice_may_ask_about_what_it_got_wrong(mentoring):
    for _ in range(10):
        decided(mentoring, 2, asks=True)
    index = dependency(mentoring.state)
    assert not index.alarm
    assert str(index) == "dependency: not enough evidence yet (n=0)"


def test_routing_every_case_through_the_trainer_without_growing_alarms(mentoring):
    for _ in range(20):
        decided(mentoring, 2, asks=True)
    index = dependency(mentoring.state)
    assert (index.alarm, index.value) == (True, 1.0)
    assert "asked in 20 of 20" in index.offer


def test_asking_much_while_growing_does_not_alarm(mentoring):
    for i in range(20):
        decided(mentoring, 2 if i < 10 else 3, asks=True)
    assert not dependency(mentoring.state).alarm


def test_asking_much_where_nothing_was_rated_alarms():
    course = Course().agree()
    for _ in range(20):
        course.situation().asked(urgent=True).decided().accounted()
    assert dependency(course.state).alarm


def test_a_fact_is_no_consultation(mentoring):
    assert not asked_for_help(mentoring.situation().own_call().asked("fact").here)
    assert asked_for_help(mentoring.situation().own_call().asked("what_to_do").here)


@pytest.mark.parametrize(
    ("given", "right"), [({}, None), ({"every": 4}, True), ({"order": 3}, False)]
)
def test_an_own_call_is_adequate_when_every_criterion_is(mentoring, given, right):
    case = mentoring.situation().own_call()
    assert adequate((case.rated(**given) if given else case).here) is right


# undirectedness ----------------------------------------------------------------------------------
def test_guidance_that_names_the_goal_s_criteria_is_directed(mentoring):
    for _ in range(6):
        mentoring.situation().own_call().rated(3).guided().read().decided()
    assert undirectedness(mentoring.state).value == 0.0


def test_guidance_whose_calls_nobody_rates_drifts(mentoring):
    for _ in range(6):
        mentoring.situation().own_call().guided().read().decided()
    index = undirectedness(mentoring.state)
    assert index.alarm
    assert "shall we go back" in index.offer


def test_debriefs_without_a_criterion_drift(mentoring):
    for _ in range(6):
        mentoring.situation().own_call().rated(3).decided().debriefed(criteria=())
    assert undirectedness(mentoring.state).value == 1.0


def test_a_few_talks_say_nothing_of_direction(mentoring):
    mentoring.situation().own_call().guided()
    index = undirectedness(mentoring.state)
    assert (index.value, index.alarm, index.n) == (None, False, 1)


def test_a_long_relationship_without_a_goal_has_no_direction():
    assert undirectedness(Relationship(seq=51)).alarm
    assert not undirectedness(Relationship(seq=50)).alarm


# sameness ----------------------------------------------------------------------------------------
GAPS = np.eye(5, 4) * 2


def test_guidance_that_fits_each_learner_s_own_gap_is_not_the_same_for_all():
    index = sameness(np.eye(5, 4) * 20 + 2, GAPS)
    assert not index.alarm
    assert index.value > 0.5


def test_the_same_guidance_for_learners_with_other_gaps_alarms():
    index = sameness(np.full((5, 4), 3.0), GAPS)
    assert index.alarm
    assert index.offer


def test_the_same_guidance_for_the_same_gaps_is_right():
    assert not sameness(np.full((5, 4), 3.0), np.ones((5, 4))).alarm


@pytest.mark.parametrize(
    "counts", [np.full((3, 4), 9.0), np.array([[9.0] * 4] * 3 + [[1.0, 0, 0, 0]])]
)
def test_sameness_needs_four_learners_with_eight_items_each(counts):
    assert sameness(counts, GAPS[: len(counts)]).value is None
