"""Whose move it is, since when, and why."""

import pytest

from tests.support.course import BOT, JUDGE, MENTOR, RAY, RITA, Course
from tutelage.domain.events import Ended, Paused, Proposed, Rated, Signed
from tutelage.domain.terms import Level, Phase, Role
from tutelage.guidance.turn import RATINGS_SHOWN, debrief_due


def test_an_unsigned_agreement_waits_for_both():
    course = Course().propose()
    assert course.waits == {"learner: sign", "trainer: sign"}
    course.write(Signed(what="agreement"), role=Role.LEARNER)
    assert course.waits == {"trainer: sign"}
    assert course.turn.whose is Role.TRAINER


def test_then_the_goal_waits_for_the_learner_and_for_both_signatures():
    course = Course().propose().sign()
    assert course.waits == {"learner: set goal"}
    assert course.set_goal().waits == {"learner: sign", "trainer: sign"}


def test_nothing_waits_before_a_proposal():
    assert Course().turn.waiting == ()
    assert Course().turn.whose is Course().turn.since is None


@pytest.mark.parametrize(
    ("steps", "waits"),
    [
        ((), "learner: own call in s4"),
        (("own_call",), "trainer: guide in s4"),
        (("own_call", "guided"), "learner: read in s4"),
        (("own_call", "guided", "read"), "learner: decide in s4"),
        (("own_call", "failed"), "learner: decide in s4"),
        (("own_call", "guided", "read", "asked"), "trainer: guide in s4"),
        (("decided",), "learner: outcome in s4"),
    ],
)
def test_whose_move_it_is_in_a_situation(mentoring, steps, waits):
    case = mentoring.situation()
    for step in steps:
        getattr(case, step)()
    assert {w for w in mentoring.waits if ": rate" not in w and ": debrief" not in w} == {waits}


@pytest.mark.parametrize(
    ("told", "waits"),
    [
        ({}, set()),
        ({"difficulty": 1}, {"learner: account in s4"}),
        ({"seen_before": False}, {"learner: account in s4"}),
        ({"stakes": "high"}, {"learner: account in s4"}),
    ],
)
def test_a_full_account_is_waited_for_where_it_counts(mentoring, told, waits):
    mentoring.situation(**told).decided().came_out()
    assert {w for w in mentoring.waits if "account" in w} == waits


def test_an_agent_accounts_for_all_it_does(agents):
    case = agents.situation().decided().came_out()
    assert f"learner: account in {case.key}" in agents.waits


def test_urgent_help_waits_for_the_trainer_and_asks_for_no_own_call(mentoring):
    case = mentoring.situation().asked(urgent=True)
    assert mentoring.waits == {f"trainer: guide in {case.key}"}
    case.failed()
    assert mentoring.waits == {f"learner: decide in {case.key}"}


def test_it_is_the_move_of_whoever_was_waited_for_the_longest(mentoring):
    first = mentoring.situation()
    mentoring.situation().own_call()
    assert mentoring.turn.whose is Role.LEARNER
    assert mentoring.turn.since == first.here.opened.written_at


def test_what_may_be_read_and_where_guidance_is_due(mentoring):
    waiting, given = mentoring.situation().own_call(), mentoring.situation().own_call().guided()
    assert mentoring.turn.guidance_due == (waiting.key,)
    assert mentoring.turn.may_read == (given.key,)


def test_a_rater_is_waited_for_however_long_ago_the_case_was_closed():
    course = Course(raters=(RITA, RAY)).agree().baseline()
    case = course.situation().own_call()
    rated = Rated(situation=case.key, subject="own_call", ratings={"order": 3})
    course.write(rated, "rita", Role.RATER)
    case.decided().accounted()
    course.calls(*[3] * 8)
    mine = [w for w in course.turn.waiting if w.what == "rate"]
    assert [(w.situation, w.actor, w.role) for w in mine] == [(case.key, "ray", Role.RATER)]


def test_a_trainer_who_rates_is_waited_for_as_a_trainer(mentoring):
    case = mentoring.situation().own_call()
    assert f"trainer: rate in {case.key}" in mentoring.waits


def test_the_longest_waiting_ratings_are_shown_first_and_not_all(mentoring):
    cases = [mentoring.situation().own_call().decided().accounted() for _ in range(70)]
    shown = [w.situation for w in mentoring.turn.waiting if w.what == "rate"]
    assert shown == [c.key for c in cases[:RATINGS_SHOWN]]


# debriefs ----------------------------------------------------------------------------------------
def test_a_decision_is_debriefed_once_its_outcome_is_told(mentoring):
    case = mentoring.situation().own_call().rated(3).decided()
    assert not debrief_due(mentoring.state, case.here)
    assert debrief_due(mentoring.state, case.came_out().here)
    assert not debrief_due(mentoring.state, case.debriefed().here)


def test_nothing_is_debriefed_where_the_learner_is_independent_or_guidance_withdrawn(mentoring):
    case = mentoring.situation(criteria=("order",)).decided().came_out()
    mentoring.moved("order", Level.INDEPENDENT)
    assert not debrief_due(mentoring.state, case.here)
    mentoring.moved("order", Level.DEBRIEF)
    assert debrief_due(mentoring.state, case.here)
    assert not debrief_due(mentoring.withdraw().state, case.here)


def test_decisions_of_the_baseline_are_not_debriefed():
    course = Course().agree()
    case = course.situation().own_call().rated(2).decided().came_out()
    course.baseline()
    assert not debrief_due(course.state, case.here)


# baseline ----------------------------------------------------------------------------------------
def test_the_baseline_waits_for_three_rated_situations_of_a_person():
    course = Course().agree()
    for _ in range(3):
        assert "trainer: baseline" not in course.waits
        course.situation().own_call().rated(2)
    assert "trainer: baseline" in course.waits


def test_the_baseline_waits_for_six_of_an_agent_all_rated():
    course = Course(BOT, MENTOR, (JUDGE,)).agree()
    cases = [course.situation().own_call() for _ in range(6)]
    for case in cases:
        assert "trainer: baseline" not in course.waits
        case.rated(2)
    assert "trainer: baseline" in course.waits


def test_a_dropped_situation_does_not_keep_the_baseline_waiting():
    course = Course().agree()
    for _ in range(3):
        course.situation().own_call().rated(2)
    course.situation().own_call().dropped()
    assert "trainer: baseline" in course.waits


# life --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("stop", [Paused(), Ended()])
def test_nothing_is_due_while_it_is_paused_or_ended(mentoring, stop):
    mentoring.situation().own_call()
    mentoring.write(stop, role=Role.LEARNER)
    assert mentoring.waits == set()


def test_after_closing_only_the_learner_is_waited_for(mentoring):
    case = mentoring.situation().own_call().guided()
    mentoring.close()
    assert mentoring.waits == {f"learner: decide in {case.key}"}
    assert mentoring.turn.may_read == ()


# where it stands ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("mode", "why"),
    [("mentor", "every criterion begins at share"), ("coach", "a coach asks from the start")],
)
def test_a_level_that_never_moved_says_how_it_began(mode, why):
    course = Course().agree(mode)
    assert course.turn.stands[0].why == "guidance has not begun"
    assert course.baseline().turn.stands[0].why.startswith(why)


def test_a_level_that_moved_says_why(mentoring):
    stand = mentoring.moved("order", Level.ASK).turn.stands[0]
    assert (stand.level, stand.why) == (Level.ASK, "as agreed")
    assert stand.name == "Settles first what everything else waits for"
    assert mentoring.turn.level("order") is Level.ASK
    assert mentoring.turn.level("luck") is Level.WAITING


def test_the_turn_carries_proposals_and_what_the_threshold_lacks(mentoring):
    turn = mentoring.calls(*[4] * 6).turn
    assert {m.to for m in turn.proposals} == {Level.ASK}
    assert not turn.threshold.met
    assert (turn.phase, turn.life, turn.seq) == (Phase.GUIDED, "active", mentoring.state.seq)
    assert isinstance(mentoring.entries[0].event, Proposed)
