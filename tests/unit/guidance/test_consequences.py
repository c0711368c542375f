"""What the system writes behind an entry, and what it leaves to people."""

from __future__ import annotations

import pytest

from tests.support.course import BOT, JUDGE, LEA, MENTOR, RITA, TOM, Course
from tutelage.domain.events import (
    Configured,
    LevelMoved,
    Noted,
    OptedOut,
    Paused,
    PhaseBegan,
    ProbeDrawn,
    RatingAsked,
    ThresholdMet,
)
from tutelage.domain.terms import Level, Phase, Role
from tutelage.guidance.blind import EVERYTHING, PACKET
from tutelage.guidance.consequences import consequences


def follows(course, chance=0.99):
    """What follows from the course's last entry that was somebody's."""
    entry = next(e for e in reversed(course.entries) if e.role is not Role.SYSTEM)
    return consequences(course.state, course.track, entry, lambda: chance)


def of(kind, found):
    return [e for e in found if isinstance(e, kind)]


# the beginning -----------------------------------------------------------------------------------
def test_a_first_signature_begins_nothing():
    course = Course().propose()
    course.sign()
    assert follows(course) == ()


def test_when_all_is_signed_the_numbers_and_the_baseline_follow():
    course = Course().propose().sign().set_goal()
    last = course.fork()
    course.sign("goal")
    before = course.entries.pop()
    assert before.event == PhaseBegan(phase=Phase.BASELINE)
    from tutelage.domain.evolve import fold

    last.entries, last.state = course.entries, fold(course.entries)
    configured, began = follows(last)
    assert isinstance(configured, Configured)
    assert configured.numbers["dwell"] == 5
    assert began == PhaseBegan(phase=Phase.BASELINE)


def test_a_signature_under_a_later_version_begins_nothing_anew(mentoring):
    mentoring.amend_goal("order", "people", "doubt")
    assert follows(mentoring) == ()


def test_guidance_begins_when_the_baseline_is_taken(mentoring):
    taken = next(e for e in mentoring.entries if e.event.kind == "baseline_taken")
    found = consequences(mentoring.state, mentoring.track, taken, lambda: 0.5)
    assert found == (PhaseBegan(phase=Phase.GUIDED),)


def test_a_note_is_followed_by_nothing(mentoring):
    mentoring.write(Noted(text="x"), role=Role.LEARNER)
    assert follows(mentoring) == ()


# raters ------------------------------------------------------------------------------------------
def test_an_own_call_is_sent_to_every_rater_as_a_blind_packet(agents):
    agents.situation().own_call()
    asked = of(RatingAsked, follows(agents))
    assert [a.rater for a in asked] == ["judge-1", "judge-2"]
    assert {a.shown for a in asked} == {PACKET["own_call"]}


def test_a_trainer_who_rates_is_said_to_know_everything(mentoring):
    mentoring.situation().own_call()
    (asked,) = follows(mentoring)
    assert (asked.rater, asked.shown) == ("tom", EVERYTHING)


@pytest.mark.parametrize(
    ("steps", "subjects"), [(("decided",), ["decision"]), (("own_call", "decided"), [])]
)
def test_a_decision_is_rated_only_where_there_was_no_own_call(coaching, steps, subjects):
    case = coaching.situation()
    for step in steps:
        getattr(case, step)()
    assert [a.subject for a in follows(coaching)] == subjects


def test_nobody_is_asked_to_rate_while_it_is_paused(mentoring):
    case = mentoring.situation()
    mentoring.write(Paused(), role=Role.LEARNER)
    case.own_call()
    assert follows(mentoring) == ()


# checks of the account ---------------------------------------------------------------------------
def hard_and_new(course, **rated):
    case = course.situation(difficulty=1, seen_before=False)
    said = {"novel": True, "difficult": True} | rated
    return case.own_call().rated(5, **said).decided().accounted()


def test_raters_check_the_account_where_only_that_is_missing(agents):
    hard_and_new(agents)
    checks = of(RatingAsked, follows(agents))
    assert [(c.rater, c.subject, c.second) for c in checks] == [
        ("judge-1", "account", True),
        ("judge-2", "account", True),
    ]


def test_a_rater_is_not_asked_twice_and_the_trainer_not_at_all(agents):
    case = hard_and_new(agents).checked("judge-1", shows=False)
    assert [c.rater for c in of(RatingAsked, follows(agents))] == ["judge-2"]
    case.checked("judge-2", shows=False)
    assert of(RatingAsked, follows(agents)) == []
    alone = Course().agree().baseline()
    hard_and_new(alone)
    assert of(RatingAsked, follows(alone)) == []


def test_an_account_that_proves_nothing_is_not_checked(agents):
    hard_and_new(agents, novel=False)
    assert of(RatingAsked, follows(agents)) == []


# withheld guidance -------------------------------------------------------------------------------
def both_opted_in(**given):
    return Course(BOT, MENTOR, (JUDGE,)).agree(withheld_guidance=True, **given).baseline()


@pytest.mark.parametrize(("chance", "withheld"), [(0.19, True), (0.2, False), (0.9, False)])
def test_guidance_is_withheld_by_chance_where_both_opted_in(chance, withheld):
    course = both_opted_in()
    course.situation().own_call()
    drawn = of(ProbeDrawn, follows(course, chance))
    assert [(d.withheld, d.probability) for d in drawn] == [(withheld, 0.2)]


def test_nothing_is_drawn_where_nobody_opted_in(agents):
    agents.situation().own_call()
    assert of(ProbeDrawn, follows(agents, 0.0)) == []


def test_nothing_is_drawn_at_high_stakes_or_where_there_is_nothing_to_withhold():
    course = both_opted_in()
    course.situation(stakes="high").own_call()
    assert of(ProbeDrawn, follows(course, 0.0)) == []
    course.moved("order", Level.DEBRIEF)
    course.situation(criteria=("order",)).own_call()
    assert of(ProbeDrawn, follows(course, 0.0)) == []


def test_nothing_is_drawn_before_and_after_guidance():
    course = both_opted_in()
    course.withdraw().situation().own_call()
    assert of(ProbeDrawn, follows(course, 0.0)) == []


# levels ------------------------------------------------------------------------------------------
def test_less_help_waits_for_a_person_where_a_person_learns(mentoring):
    mentoring.calls(*[4] * 6)
    assert mentoring.proposes().to is Level.ASK
    assert of(LevelMoved, follows(mentoring)) == []


def test_an_agent_learner_is_moved_by_the_system(agents):
    agents.calls(*[4] * 6)
    moves = of(LevelMoved, follows(agents))
    assert {(m.criterion, m.start, m.to, m.rule) for m in moves} == {
        (c, Level.SHARE, Level.ASK, "grown") for c in ("order", "people", "doubt")
    }


@pytest.mark.parametrize("who", [(LEA, TOM, ()), (LEA, MENTOR, (RITA,)), (BOT, MENTOR, (JUDGE,))])
def test_more_help_comes_at_once_for_anybody(who):
    course = Course(*who).agree().baseline().calls(*[4] * 6).follow_proposals()
    course.calls(*[1] * 4)
    assert {m.to for m in of(LevelMoved, follows(course))} == {Level.SHARE}


# threshold ---------------------------------------------------------------------------------------
def test_between_agents_the_threshold_is_met_by_two_blind_checks(agents):
    agents.calls(*[5] * 12)
    case = hard_and_new(agents).checked("judge-1")
    assert of(ThresholdMet, follows(agents)) == []
    case.checked("judge-2")
    (met,) = of(ThresholdMet, follows(agents))
    assert met.situation == case.key
    agents.write(met)
    assert of(ThresholdMet, follows(agents)) == []


def test_a_persons_threshold_waits_for_a_person(coaching):
    coaching.calls(*[5] * 12)
    hard_and_new(coaching).checked("rita")
    assert coaching.turn.threshold.met
    assert of(ThresholdMet, follows(coaching)) == []


# drawn starts ----------------------------------------------------------------------------------
def test_the_design_is_drawn_before_guidance_begins_where_both_opted_in():
    course = Course().agree(drawn_starts=True, design_situations=30, latest_start=24).baseline()
    drawn, began = follows(course, 0.25)
    assert began == PhaseBegan(phase=Phase.GUIDED)
    assert set(drawn.order) == set(course.state.criteria)
    assert drawn.horizon == 30
    assert max(drawn.starts) <= 24
    assert drawn.seed == 2**29
    assert follows(course, 0.25)[0] == drawn


def test_no_design_is_drawn_where_one_side_left_before_the_baseline_closed():
    course = Course().agree(drawn_starts=True, design_situations=30)
    course.write(OptedOut(of="drawn_starts"), role=Role.LEARNER)
    assert [type(e) for e in follows(course.baseline())] == [PhaseBegan]


def test_no_design_is_drawn_without_the_agreement_or_without_room_for_one(mentoring):
    assert [type(e) for e in follows(mentoring)] == [PhaseBegan]
    cramped = Course().agree(drawn_starts=True, design_situations=40, latest_start=6).baseline()
    assert [type(e) for e in follows(cramped)] == [PhaseBegan]
