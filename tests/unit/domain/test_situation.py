"""Law 3: only unassisted judgment is evidence of judgment."""

import pytest

from tests.support.course import Course
from tutelage.domain.entry import Findings
from tutelage.domain.events import Rated
from tutelage.domain.terms import Role


def test_the_own_call_is_evidence_and_its_ratings_count(mentoring):
    case = mentoring.situation().own_call().rated(4)
    assert case.here.evidence_subject == "own_call"
    assert [r.event.ratings["order"] for r in case.here.counted()] == [4]


def test_the_own_call_stays_evidence_when_guidance_was_read_after_it(mentoring):
    case = mentoring.situation().own_call().rated(2).guided().read().decided()
    assert case.here.evidence_subject == "own_call"
    assert case.here.consulted


def test_an_unaided_decision_is_evidence_where_there_is_no_own_call(mentoring):
    case = mentoring.situation().decided().rated(4, subject="decision")
    assert case.here.evidence_subject == "decision"
    assert len(case.here.counted()) == 1


def test_the_decision_is_no_evidence_beside_an_own_call(mentoring):
    case = mentoring.situation().own_call().rated(2).decided()
    assert all(r.event.subject == "own_call" for r in case.here.counted())


def test_a_decision_after_a_talk_is_no_evidence(mentoring):
    case = mentoring.situation()
    mentoring.met()
    assert case.decided().here.evidence_subject is None


def test_a_talk_after_the_decision_changes_nothing(mentoring):
    case = mentoring.situation().decided()
    mentoring.met()
    assert case.here.evidence_subject == "decision"


def test_only_the_first_talk_before_the_decision_is_noted(mentoring):
    case = mentoring.situation()
    first = mentoring.met().state.seq
    mentoring.met()
    assert case.here.helped_at == first


@pytest.mark.parametrize("help_", ["person", "ai", "material"])
def test_help_declared_with_the_own_call_makes_it_assisted(mentoring, help_):
    case = mentoring.situation().own_call(help=help_).rated(5)
    assert case.here.evidence_subject is None
    assert case.here.counted() == ()


def test_a_consultation_named_in_the_account_reclassifies_the_own_call(mentoring):
    case = mentoring.situation().own_call().rated(5).decided()
    assert case.here.evidence_subject == "own_call"
    assert case.accounted(consulted=("nobody", "ai")).here.evidence_subject is None


def test_naming_nobody_in_the_account_keeps_the_evidence(mentoring):
    case = mentoring.situation().own_call().rated(5).decided().accounted(consulted=("nobody",))
    assert case.here.evidence_subject == "own_call"


@pytest.mark.parametrize(
    ("given", "findings"),
    [
        ({"retold": True}, None),
        ({"because_bad": True}, None),
        ({}, Findings(version="novelty-1", near_duplicate=True)),
    ],
    ids=["retold", "picked because it went badly", "nearly repeats a guided one"],
)
def test_it_does_not_count_when(mentoring, given, findings):
    case = mentoring.situation(findings=findings, **given).own_call().rated(5)
    assert case.here.evidence_subject is None
    assert case.here.counted() == ()


def test_a_finding_that_it_is_no_duplicate_leaves_the_evidence(mentoring):
    found = Findings(version="novelty-1", novelty=0.1)
    assert mentoring.situation(findings=found).own_call().here.evidence_subject == "own_call"


def test_a_retold_case_counts_in_the_baseline_only():
    course = Course().agree()
    assert course.situation(retold=True).own_call().here.evidence_subject == "own_call"


def test_a_dropped_situation_does_not_count(mentoring):
    case = mentoring.situation().own_call().rated(5).dropped()
    assert case.here.evidence_subject is None


@pytest.mark.parametrize("about", ["what_to_do", "fact"])
def test_nothing_counts_after_urgent_help_that_came_before_an_own_call(mentoring, about):
    case = mentoring.situation().asked(about, urgent=True).decided()
    assert case.here.urgent
    assert case.here.evidence_subject is None


def test_urgent_help_after_the_own_call_leaves_it_as_evidence(mentoring):
    case = mentoring.situation().own_call().asked(urgent=True)
    assert not case.here.urgent
    assert case.here.evidence_subject == "own_call"


def test_a_learner_s_rating_of_itself_is_kept_and_never_counted(mentoring):
    case = mentoring.situation().own_call()
    event = Rated(situation=case.key, subject="own_call", ratings={"order": 5}, as_self=True)
    mentoring.write(event, role=Role.LEARNER)
    assert len(case.here.ratings) == 1
    assert case.here.counted() == ()


def test_a_fact_that_was_read_is_no_help(mentoring):
    case = mentoring.situation().own_call().asked("fact").guided("fact", ()).read()
    assert case.here.helped_at is None
    assert not case.here.consulted


def test_asking_for_help_is_consulting_even_when_no_answer_came(mentoring):
    assert mentoring.situation().own_call().asked("what_to_do").decided().here.consulted
    assert not mentoring.situation().own_call().asked("fact").decided().here.consulted


def test_guidance_read_after_the_decision_is_no_consultation(mentoring):
    case = mentoring.situation().own_call().decided().guided().read()
    assert case.here.helped_at is not None
    assert not case.here.consulted


def test_guidance_that_comes_after_the_decision_is_late(mentoring):
    case = mentoring.situation().own_call().guided().decided().guided()
    assert [case.here.late(g) for g in case.here.guidance] == [False, True]


def test_guidance_waits_until_it_is_collected(mentoring):
    case = mentoring.situation().own_call().guided()
    assert len(case.here.unread) == 1
    assert case.read().here.unread == ()


def test_a_question_waits_until_guidance_or_a_failure_answers_it(mentoring):
    case = mentoring.situation().own_call().asked()
    assert case.here.waiting_help is not None
    assert case.failed().here.waiting_help is None
    assert case.asked().here.waiting_help is not None
    assert case.guided().here.waiting_help is None


def test_no_question_waits_after_the_decision(mentoring):
    assert mentoring.situation().own_call().asked().decided().here.waiting_help is None


def test_the_order_of_evidence_is_that_of_the_call_that_is_rated(mentoring):
    case = mentoring.situation()
    assert case.here.order == case.here.opened.seq
    assert case.own_call().decided().here.order == case.here.own_call.seq


def test_a_rating_waits_for_each_rater_on_its_own(agents):
    case = agents.situation().own_call()
    assert [a.event.rater for a in case.here.unanswered_ratings()] == ["judge-1", "judge-2"]
    agents.write(
        Rated(situation=case.key, subject="own_call", ratings={"order": 3}), "judge-1", Role.RATER
    )
    assert [a.event.rater for a in case.here.unanswered_ratings()] == ["judge-2"]
    assert case.here.first_unrated == case.here.asked[1].seq
