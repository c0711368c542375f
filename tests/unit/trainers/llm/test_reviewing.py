"""Goals and accounts are read for people: questions and quotes, nothing is refused or written."""

from __future__ import annotations

import pytest

from tests.support.cast import goal
from tests.unit.trainers.llm.recorded import Recorded
from tutelage.domain.errors import Unavailable
from tutelage.trainers.llm import AccountChecker, Budget, Fact, GoalReviewer

GOAL = goal().model_dump(exclude={"kind"})
QUESTION = "Which causes do you have in mind?"


def reviewer(*replies):
    return GoalReviewer("reviewer", Recorded(*replies), budget=Budget(tries=2))


def checker(*replies):
    return AccountChecker("checker", Recorded(*replies), budget=Budget(tries=2))


def missing(*questions):
    return {"missing": [{"part": "situation", "question": q} for q in questions]}


# goals -------------------------------------------------------------------------------------------
def test_a_goal_that_the_rules_refuse_costs_nothing():
    agent = reviewer(missing())
    assert not agent.review({"behaviour": "Become a better leader"}).accepted
    assert agent.calls() == ()


def test_what_the_model_finds_open_comes_back_as_questions():
    review = reviewer(missing(QUESTION)).review(GOAL)
    assert str(review) == QUESTION
    assert not review.accepted


def test_a_goal_that_leaves_nothing_open_is_accepted():
    assert reviewer(missing()).review(GOAL).accepted


def test_a_reviewer_proposes_no_answers():
    agent = reviewer(missing("You should name the payment service."), missing(QUESTION))
    assert str(agent.review(GOAL)) == QUESTION


# accounts ----------------------------------------------------------------------------------------
@pytest.fixture
def known(mentoring):
    case = mentoring.situation().own_call().decided().came_out()
    return case.accounted(happened="The queue drained after nine minutes").here


def claims(**more):
    said = {"quote": "the queue drained", "verdict": "supported", "entry": None, "recorded": None}
    return {"claims": [said | more]}


def of_outcome(known):
    return {"entry": known.outcome.seq, "recorded": str(known.outcome.event.text)}


def test_a_fact_stands_with_the_entry_that_says_so(known):
    (fact,) = checker(claims(**of_outcome(known))).check(known)
    text = str(known.outcome.event.text)
    assert fact == Fact("The queue drained", "supported", known.outcome.seq, text.rstrip("."))


def test_what_the_record_does_not_say_needs_no_entry(known):
    (fact,) = checker(claims(verdict="not_recorded")).check(known)
    assert str(fact) == "“The queue drained” is not recorded."


@pytest.mark.parametrize(
    "wrong",
    [
        {"quote": "everybody cheered"},
        {"entry": 9999, "recorded": "x"},
        {"recorded": "Nobody did anything at all"},
        {"entry": None},
    ],
)
def test_a_finding_without_its_quotes_is_refused(known, wrong):
    with pytest.raises(Unavailable):
        checker(claims(**of_outcome(known) | wrong)).check(known)


def test_guidance_that_was_not_read_is_not_shown(mentoring):
    case = mentoring.situation().own_call().guided(text="SECRET story").decided().accounted()
    agent = checker({"claims": []})
    assert agent.check(case.here) == ()
    assert "SECRET" not in agent.model.shown[0]


def test_where_there_is_no_account_no_model_is_called(mentoring):
    agent = checker({"claims": []})
    assert agent.check(mentoring.situation().own_call().here) == ()
    assert agent.calls() == ()
