"""Closing by two: proposed by one, agreed to by the other, or by time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.course import LEA, RITA, TOM, Course
from tutelage.domain.closing import CLOSES_AFTER, asked_to_close
from tutelage.domain.events import (
    AgreementAmended,
    Closed,
    ClosingDeclined,
    ClosingProposed,
    GuidanceGiven,
    HandedOver,
    OptedOut,
    Paused,
    Signed,
)
from tutelage.domain.terms import Party, Role

L, T, S = Role.LEARNER, Role.TRAINER, Role.SYSTEM
PROPOSED, CLOSED = ClosingProposed(because="she decides alone"), Closed(because="so she does")


def test_nobody_closes_it_over_the_others_head(mentoring):
    assert mentoring.code(CLOSED, role=T) == "close_together"
    mentoring.write(PROPOSED, role=T)
    assert mentoring.code(CLOSED, role=T) == "close_together"


def test_the_other_agrees_to_a_proposal(mentoring):
    mentoring.write(PROPOSED, role=T)
    assert asked_to_close(mentoring.state) is L
    assert "learner: close" in mentoring.waits
    mentoring.write(CLOSED, role=L)
    assert mentoring.state.life == "closed"


def test_it_is_proposed_once_until_it_is_declined(mentoring):
    assert mentoring.code(ClosingDeclined(), role=T) == "nothing_to_decline"
    mentoring.write(PROPOSED, role=L)
    assert mentoring.code(PROPOSED, role=T) == "closing_proposed"
    mentoring.write(ClosingDeclined(why="one more review"), role=T)
    assert asked_to_close(mentoring.state) is None
    assert mentoring.code(PROPOSED, role=T) is None


@pytest.mark.parametrize("role", [L, T, S])
def test_who_does_not_answer_holds_nobody_back(mentoring, role):
    assert mentoring.code(CLOSED, role=S) == "close_together"
    mentoring.write(PROPOSED, role=T)
    mentoring.now += CLOSES_AFTER - timedelta(minutes=2)
    assert mentoring.code(CLOSED, role=S) == "close_together"
    mentoring.now += timedelta(minutes=2)
    assert mentoring.code(CLOSED, role=role) is None


def test_whoever_answers_for_both_closes_at_once():
    learner = Party(id="pilot", kind="agent", owner=TOM.id)
    course = Course(learner=learner, trainer=TOM).agree().baseline()
    assert course.code(CLOSED, role=T) is None


def test_an_agents_owner_agrees_for_it():
    course = Course(learner=LEA, trainer=Party(id="bot", kind="agent", owner="olga"))
    course.agree().baseline()
    course.write(PROPOSED, role=L)
    course.write(CLOSED, actor="olga", role=Role.OWNER)
    assert course.state.life == "closed"


def test_a_pair_that_never_rates_is_not_asked_to():
    course = Course().propose(rated=False).sign()
    assert course.state.raters == ()
    assert Course().propose().sign().state.raters == (TOM,)


# handed over -------------------------------------------------------------------------------------
def test_a_new_trainer_signs_before_they_guide_and_the_learner_does_not_wait(mentoring):
    mentoring.write(HandedOver(to=RITA, because="she knows more"), role=L)
    assert "trainer: sign" in mentoring.waits
    assert mentoring.state.agreed
    case = mentoring.situation().own_call()
    given = GuidanceGiven(
        situation=case.key, move="ask", text="What if you wait?", criteria=("order",)
    )
    assert mentoring.code(given, "rita", T) == "sign_first"
    mentoring.write(Signed(what="agreement", version=2), "rita", T)
    assert mentoring.code(given, "rita", T) is None
    assert mentoring.state.amended is None


def test_an_owner_who_takes_over_waits_for_the_learners_signature_and_guides_meanwhile():
    course = Course(learner=LEA, trainer=Party(id="bot", kind="agent", owner="olga"))
    course.agree().baseline()
    olga = Party(id="olga", kind="person")
    course.write(HandedOver(to=olga, because="it is stuck"), "olga", Role.OWNER)
    assert "learner: sign" in course.waits
    case = course.situation().own_call()
    given = GuidanceGiven(
        situation=case.key, move="ask", text="What if you wait?", criteria=("order",)
    )
    assert course.code(given, "olga", T) is None


def test_a_handover_consents_to_what_stands_and_to_no_change_that_waits(mentoring):
    change = AgreementAmended(mode="coach", because="x", withheld_guidance=True)
    mentoring.write(change, role=T)
    mentoring.write(HandedOver(to=RITA, because="she knows more"), role=L)
    version = mentoring.state.amended.version
    mentoring.write(Signed(what="agreement", version=version), "rita", T)
    assert (mentoring.state.mode, mentoring.state.opted_in("withheld_guidance")) == (
        "mentor",
        False,
    )


def test_who_left_withheld_guidance_is_not_opted_in_again_by_a_handover():
    course = Course().propose(withheld_guidance=True).sign().set_goal().sign("goal")
    course.write(OptedOut(of="withheld_guidance"), role=L)
    course.write(HandedOver(to=RITA, because="she knows more"), role=L)
    course.write(Signed(what="agreement", version=2), "rita", T)
    assert not course.state.opted_in("withheld_guidance")


def test_a_former_trainer_rates_no_more_and_the_new_one_does():
    course = Course(raters=(RITA, TOM)).agree().baseline()
    noa = Party(id="noa", kind="person")
    course.write(HandedOver(to=noa, because="he moves away"), role=L)
    assert [r.id for r in course.state.raters] == ["rita", "noa"]
    assert course.state.roles("tom") == frozenset()


@pytest.mark.parametrize("stop", [Paused(), HandedOver(to=RITA, because="x")])
def test_a_proposal_to_close_ends_with_a_pause_or_a_handover(mentoring, stop):
    mentoring.write(PROPOSED, role=T)
    mentoring.write(stop, role=L)
    assert mentoring.state.closing is None


@pytest.mark.parametrize("contact", ["lea", "tom"])
def test_a_contact_for_concerns_is_outside(mentoring, contact):
    change = AgreementAmended(mode="coach", because="x", concern_contact=contact)
    assert mentoring.code(change, role=L) == "contact_inside"
