"""Threshold and masterpiece: met, or what is still missing, in words."""

import pytest

from tests.support.course import CRITERIA, RAY, RITA, Course
from tutelage.domain.entry import Findings
from tutelage.domain.events import MasterpieceCertified, ThresholdMet
from tutelage.domain.terms import Role
from tutelage.guidance.threshold import (
    Contrast,
    credential,
    masterpiece,
    only_checks_missing,
    shortcomings,
    threshold,
)

HARD = {"difficulty": 1, "seen_before": False}


@pytest.fixture
def able():
    """A learner whose judgment is beyond doubt, with a blind rater beside the trainer."""
    return Course(raters=(RITA,)).agree().baseline(4).calls(*[5] * 14)


def proof(course, *checkers, rating=5, given=None, call=None, account=None, **said):
    said = {"novel": True, "difficult": True, **said}
    case = course.situation(**{**HARD, **(given or {})}).own_call(**(call or {}))
    case.rated(rating, **said).decided().came_out().accounted(**(account or {}))
    return case.checked(*checkers)


def verdict(course):
    return threshold(course.state, course.track)


def short(case):
    return set(shortcomings(case.course.state, case.here))


def test_it_is_met_when_everything_holds(able):
    case = proof(able, "rita")
    assert verdict(able).met
    assert str(verdict(able)) == "met"
    assert verdict(able).situation == case.key


def test_what_proves_it_are_its_own_entries_and_ratings(able):
    here = proof(able, "rita").here
    said = (here.opened, here.own_call, here.decision, here.account, *here.ratings)
    assert verdict(able).entries == tuple(sorted(e.seq for e in said))


def test_a_check_without_a_quote_proves_nothing(able):
    case = proof(able)
    case.checked("rita", quotes={})
    assert short(case) == {"1 blind rater saw the criterion deciding it"}


def test_an_expectation_must_have_been_said_before_the_outcome(able):
    case = proof(able, "rita", call={"expects": None})
    assert short(case) == {"what it expected was said before the outcome"}


def test_what_the_trainer_alone_calls_new_and_hard_is_not_confirmed():
    alone = Course().agree().baseline(4).calls(*[5] * 14)
    assert {"a blind rater confirmed it as hard", "a blind rater confirmed it as new"} <= short(
        proof(alone)
    )


def test_what_is_shown_to_others_takes_two_such_situations(able):
    proof(able, "rita")
    assert verdict(able).met
    first = credential(able.state, able.track)
    assert not first.met
    assert any("novel, hard situation" in m for m in first.missing)
    proof(able, "rita")
    both = credential(able.state, able.track)
    assert both.met
    assert len(both.entries) > len(verdict(able).entries)


def test_when_it_is_near_the_situations_that_would_decide_are_proposed(able):
    said = verdict(able)
    assert not said.met
    assert "new and hard" in said.next
    assert verdict(Course().agree().baseline(2)).next == ""


def test_a_check_that_said_no_is_no_part_of_the_proof(able):
    case = proof(able, "rita").checked("ray", shows=False)
    assert case.here.ratings[-1].seq not in verdict(able).entries


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"given": {"difficulty": 0}}, "the learner called it hard"),
        ({"given": {"seen_before": True}}, "it was new to the learner"),
        ({"given": {"seen_before": None}}, "it was new to the learner"),
        ({"given": {"retold": True}}, "it was lived, not retold"),
        ({"given": {"because_bad": True}}, "it counts as unassisted"),
        ({"call": {"help": "ai"}}, "it counts as unassisted"),
        ({"account": {"consulted": ("ai",)}}, "it counts as unassisted"),
        ({"given": {"criteria": ("order", "order")}}, "it touches two criteria"),
        ({"difficult": False}, "a blind rater confirmed it as hard"),
        ({"difficult": None}, "a blind rater confirmed it as hard"),
        ({"novel": False}, "a blind rater confirmed it as new"),
        ({"rating": 3}, "every criterion was rated 4 or more"),
        ({"account": {"options": ("only one",)}}, "the account weighs two options"),
        (
            {"account": {"findings": Findings(version="novelty-1", copied=True)}},
            "the account is no copy",
        ),
    ],
)
def test_one_thing_missing_is_named_and_nothing_is_met(able, given, missing):
    assert missing in short(proof(able, "rita", **given))
    assert not verdict(able).met


@pytest.mark.parametrize("checkers", [(), ("tom",)], ids=["nobody", "the trainer"])
def test_the_account_needs_a_blind_rater(able, checkers):
    assert short(proof(able, *checkers)) == {"1 blind rater saw the criterion deciding it"}
    assert not verdict(able).met


@pytest.mark.parametrize("said", [{"shows": False}, {"consistent": False}])
def test_a_blind_rater_who_does_not_see_it_leaves_it_open(able, said):
    case = proof(able).checked("rita", **said)
    assert short(case) == {"1 blind rater saw the criterion deciding it"}


def test_agents_need_two_blind_raters(agents):
    agents.calls(*[5] * 16)
    case = proof(agents, "judge-1")
    assert short(case) == {"2 blind raters saw the criterion deciding it"}
    case.checked("judge-2")
    assert verdict(agents).met


def test_an_open_case_without_an_account_proves_nothing(able):
    case = able.situation(**HARD).own_call().rated(5, novel=True, difficult=True).decided()
    assert "it has an account" in short(case)
    assert not only_checks_missing(able.state, case.here)


def test_raters_are_asked_once_only_their_check_is_missing(able):
    case = proof(able)
    assert only_checks_missing(able.state, case.here)
    assert not only_checks_missing(able.state, case.checked("rita").here)
    assert not only_checks_missing(able.state, proof(able, difficult=False).here)


def test_asking_for_help_takes_the_case_out_of_the_proofs(able):
    case = able.situation(**HARD).own_call().asked()
    case.rated(5, novel=True, difficult=True).decided().accounted().checked("rita")
    assert not verdict(able).met
    assert not only_checks_missing(able.state, case.here)


def test_a_proof_is_not_enough_while_the_estimate_is_unsure():
    course = Course(raters=(RITA,)).agree().baseline(4)
    proof(course, "rita")
    said = verdict(course)
    assert not said.met
    assert sum("80 % is needed" in m for m in said.missing) == 3


def test_a_criterion_that_was_hardly_rated_is_not_met_by_what_the_others_lend_it():
    course = Course(raters=(RITA,)).agree().baseline(4)
    proof(course, "rita")
    said = verdict(course)
    assert any("rated own call" in m and m.endswith("more") for m in said.missing)


def test_an_old_proof_holds_when_the_estimate_becomes_sure(able):
    course = Course(raters=(RITA,)).agree().baseline(4)
    proof(course, "rita")
    assert verdict(course.calls(*[5] * 14)).met


def test_what_came_nearest_is_named(able):
    proof(able, rating=3, difficult=False)
    near = proof(able)
    said = str(verdict(able))
    assert said.startswith(f"not yet: a proving situation; {near.key} came nearest but not: ")


def test_without_any_case_it_says_what_is_looked_for(able):
    assert verdict(able).missing == (
        "a novel, hard situation decided without consulting, with an account",
    )


def test_without_a_goal_a_goal_is_missing():
    course = Course().propose()
    assert "a goal that both have signed" in verdict(course).missing


# masterpiece -------------------------------------------------------------------------------------
GAIN = Contrast(gain=0.8, low=0.3, high=1.3, p=0.01, copies=(3, 3))


@pytest.fixture
def master():
    """Everything a masterpiece needs, but the contrast with copies."""
    course = Course(raters=(RITA, RAY)).agree().baseline(2).calls(*[5] * 24)
    course.obstacle("o1", "s1", "s2").overcome("o1", "s9")
    case = proof(course, "rita")
    met = verdict(course)
    course.write(ThresholdMet(situation=case.key, entries=met.entries), "rita", Role.RATER)
    return course


def missing(course, contrast=GAIN):
    return masterpiece(course.state, course.track, contrast).missing


def test_a_masterpiece_needs_threshold_change_obstacle_and_contrast(master):
    said = masterpiece(master.state, master.track, GAIN)
    assert said.met
    assert set(master.state.threshold.event.entries) < set(said.entries)


def test_at_the_start_everything_is_missing(mentoring):
    first, change, obstacle, contrast = missing(mentoring, None)
    assert first == "the threshold"
    assert change.startswith("own calls that rose by 0.5 or more, beyond doubt, on Settles first")
    assert obstacle == "an obstacle of this learner's that was named and overcome"
    assert contrast.startswith("randomized evidence that the guidance did it: not enough")


@pytest.mark.parametrize(
    ("contrast", "said"),
    [
        (None, "randomized evidence that the guidance did it"),
        (Contrast(0.8, 0.3, 1.3, 0.01, (2, 3)), "1 more copy of this learner"),
        (Contrast(0.8, 0.3, 1.3, 0.01, (1, 1)), "2 more copies of this learner"),
        (Contrast(0.4, -0.1, 0.9, 0.1, (3, 3)), "excludes chance"),
    ],
)
def test_it_is_not_certified_without_a_contrast_that_excludes_chance(master, contrast, said):
    assert len(missing(master, contrast)) == 1
    assert said in missing(master, contrast)[0]


def test_drawn_starts_without_situations_show_nothing_yet(master):
    from tutelage.domain.events import DesignDrawn

    drawn = DesignDrawn(order=CRITERIA, starts=(2, 4, 6), horizon=8, arrangements=48, seed=1)
    master.write(drawn)
    assert "no situation was opened since the design was drawn" in missing(master, None)[0]


def test_without_a_baseline_nobody_can_say_that_calls_have_risen():
    course = Course(raters=(RITA,)).agree().baseline(count=0).calls(*[5] * 20)
    assert any("rose by" in m for m in missing(course))


def test_whoever_was_good_at_first_need_not_rise():
    course = Course(raters=(RITA,)).agree().baseline(5, 10)
    assert not any("rose by" in m for m in missing(course))


def test_certifying_is_written_by_somebody_else_than_the_pair(master):
    event = MasterpieceCertified(entries=(1,), because="seen")
    assert master.code(event, role=Role.TRAINER) == "not_your_role"
    assert master.code(event, "rita", Role.RATER) is None
