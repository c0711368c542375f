"""Two ways in which a relationship goes wrong: dependency and undirectedness."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.course import Course
from tutelage.domain.events import Paused, RatingAsked
from tutelage.domain.relationship import Relationship
from tutelage.domain.terms import Role
from tutelage.evidence.health import (
    adequate,
    as_share,
    asked_for_help,
    consulting,
    dependency,
    quiet_for,
    share_interval,
    signs,
    undirectedness,
)
from tutelage.guidance.blind import shown_to


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
    assert str(index) == "dependency: 1.00 [0.79, 1.00] (n=8) !"


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
    assert str(index) == "dependency: not enough evidence yet (n=0), about 5 more situations"


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


# beside the alarm --------------------------------------------------------------------------------
def part(course, name):
    return {i.name: i for i in dependency(course.state).parts}[name]


def test_the_trainer_hears_another_sentence_than_the_learner(mentoring):
    for _ in range(8):
        decided(mentoring, 4, asks=True)
    index = dependency(mentoring.state)
    assert "leave the decision with the learner" in index.act
    assert index.act != index.offer


@pytest.mark.parametrize(
    ("advice", "weight"), [("taken", 1.0), ("partly", 0.5), ("set_aside", 0.0)]
)
def test_the_weight_of_advice_is_how_far_it_was_followed_without_need(mentoring, advice, weight):
    for _ in range(5):
        case = mentoring.situation().own_call().rated(4).guided().read()
        case.decided(advice=advice).accounted()
    index = part(mentoring, "weight of advice")
    assert (index.value, index.alarm, index.n) == (weight, False, 5)


def test_asking_what_to_do_is_told_from_asking_whether_it_is_sound(mentoring):
    for i in range(8):
        mentoring.situation().own_call().rated(4).asked("what_to_do" if i else "is_it_sound")
    assert part(mentoring, "executive asks").value == 7 / 8
    assert "ask for its reasons first" in dependency(mentoring.state).act


def test_the_assisted_gap_is_what_help_adds_to_a_rating(mentoring):
    for own in (2, 2, 3, 3, 2, 2):
        case = mentoring.situation().own_call().rated(own).asked().guided("ask").read().decided()
        rate_decision(case, own + 1)
    index = part(mentoring, "assisted gap")
    assert (index.value, index.low, index.high) == (1.0, 1.0, 1.0)


def rate_decision(case, value):
    shown = shown_to(case.course.state, case.course.trainer.id, "decision")
    trainer = case.course.trainer.id
    case.course.write(
        RatingAsked(situation=case.key, subject="decision", rater=trainer, shown=shown)
    )
    case.rated(value, subject="decision")


def test_with_little_help_the_signs_say_nothing(mentoring):
    assert [i.value for i in signs(mentoring.state.recent(20))] == [None, None, None]


def test_an_own_call_made_with_help_is_not_adequate_on_its_own(mentoring):
    assert adequate(mentoring.situation().own_call(help="ai").rated(5).here) is None


# the rule over arrays ------------------------------------------------------------------------------
def test_a_batch_is_judged_as_each_learner_alone():
    rng = np.random.default_rng(0)
    calls = np.where(rng.random((50, 30)) < 0.2, np.nan, rng.integers(2, 6, (50, 30)))
    asked = rng.random((50, 30)) < rng.random((50, 1))
    alone = [bool(consulting(c, c, a).alarm) for c, a in zip(calls, asked, strict=True)]
    assert consulting(calls, calls, asked).alarm.tolist() == alone
    assert any(alone)


def test_only_the_last_situations_are_looked_at():
    calls, asked = np.full((1, 40), 4.0), np.arange(40)[None] < 20
    assert not consulting(calls, calls, asked).alarm[0]
    assert consulting(calls[:, :20], calls[:, :20], asked[:, :20]).alarm[0]


def test_of_nothing_nothing_is_said():
    nothing = np.zeros((2, 0))
    assert not consulting(nothing, nothing, nothing > 0).alarm.any()


@given(st.integers(1, 60), st.data())
def test_a_share_s_interval_contains_it_and_narrows_with_more_cases(n, data):
    hits = data.draw(st.integers(0, n))
    low, high = share_interval(hits, n)
    assert 0 <= low <= hits / n <= high <= 1
    wide, narrow = share_interval(4 * hits, 4 * n), (low, high)
    assert wide[1] - wide[0] <= narrow[1] - narrow[0] + 1e-9


def test_a_share_of_too_few_says_how_many_more():
    assert as_share("x", 1, 2, 5).more == 3


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


def test_a_situation_that_touches_none_of_the_goal_s_criteria_is_off_it(mentoring):
    for _ in range(6):
        mentoring.situation().own_call().rated(3).guided().read().decided()
    mentoring.amend_goal("money", "time", "trust")
    index = undirectedness(mentoring.state)
    assert (index.value, index.alarm) == (1.0, True)
    assert "amend the goal" in index.act


def test_facts_alone_are_chat(mentoring):
    for _ in range(6):
        case = mentoring.situation().own_call().rated(3).asked("fact")
        case.guided("fact", text="The form is on the wiki").read().decided()
    assert undirectedness(mentoring.state).value == 1.0


def test_a_few_off_the_goal_are_no_drift(mentoring):
    for i in range(10):
        case = mentoring.situation().own_call().rated(3)
        case.decided().debriefed(criteria=()) if i < 3 else case.guided().read()
    index = undirectedness(mentoring.state)
    assert not index.alarm
    assert index.low < 0.3 < index.high


def test_a_month_without_a_situation_is_offered_a_pause(mentoring):
    mentoring.situation().own_call().rated(3)
    soon, late = mentoring.now + timedelta(days=20), mentoring.now + timedelta(days=30)
    assert not undirectedness(mentoring.state, now=soon).alarm
    index = undirectedness(mentoring.state, now=late)
    assert index.alarm
    assert (
        index.offer == "Your last situation was 30 days ago; is there one now, or shall we pause?"
    )


def test_silence_is_long_only_for_a_pair_that_meets_often(mentoring):
    cases = []
    for _ in range(4):
        cases.append(mentoring.situation().here)
        mentoring.now += timedelta(days=14)
    last = cases[-1].opened.written_at
    assert quiet_for(tuple(cases), last + timedelta(days=50)) is None
    assert quiet_for(tuple(cases), last + timedelta(days=60)) == 60
    assert quiet_for((), last) is None


def test_a_paused_relationship_may_be_quiet(mentoring):
    mentoring.situation()
    mentoring.write(Paused(why="leave"), role=Role.LEARNER)
    later = mentoring.now + timedelta(days=300)
    assert not undirectedness(mentoring.state, now=later).alarm
