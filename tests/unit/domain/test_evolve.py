"""What each kind of entry changes in the state."""

from dataclasses import replace

import pytest

from tests.support.course import (
    BOT,
    CRITERIA,
    LEA,
    MENTOR,
    OLGA,
    RITA,
    TOM,
    Course,
    agents,
    criterion,
    goal,
    mentoring,
)
from tutelage.domain.events import (
    KINDS,
    ActionAgreed,
    ActionDone,
    AgreementAmended,
    CheckedIn,
    ConcernRaised,
    Configured,
    DesignDrawn,
    Ended,
    EvidenceViewed,
    Forked,
    HandedOver,
    Lapsed,
    MasterpieceCertified,
    ModelCalled,
    Noted,
    ObstacleRevised,
    Paused,
    PhaseBegan,
    PrincipleDropped,
    PrincipleMarked,
    PrincipleRevised,
    ProbeDrawn,
    Redacted,
    Resumed,
    Signed,
    ThresholdMet,
)
from tutelage.domain.evolve import evolve, fold
from tutelage.domain.relationship import OPEN_LIMIT, PROOF_LIMIT, Relationship
from tutelage.domain.terms import Level, Phase, Role

L, T, S, R = Role.LEARNER, Role.TRAINER, Role.SYSTEM, Role.RATER


def test_the_state_as_of_any_entry_is_a_fold_of_its_prefix(mentoring):
    course = mentoring
    half = course.entries[:10]
    assert fold(course.entries) == course.state
    assert fold(course.entries[10:], fold(half)) == course.state
    assert fold(half).seq == 10


# life --------------------------------------------------------------------------------------------
def test_proposed_opens_a_relationship_that_both_then_sign():
    course = Course().propose()
    assert (course.state.life, course.state.learner, course.state.trainer) == ("proposed", LEA, TOM)
    assert not course.state.agreement.agreed
    assert course.sign().state.life == "active"


def test_an_owner_of_both_agents_signs_for_both_at_once():
    course = Course(BOT, MENTOR).propose()
    course.write(Signed(what="agreement"), OLGA, Role.OWNER)
    assert course.state.agreement.agreed


def test_nothing_is_agreed_until_both_signed_agreement_and_goal():
    course = Course().propose().sign().set_goal()
    assert not course.state.agreed
    assert course.sign("goal").state.agreed
    assert course.state.phase is Phase.BASELINE


def test_a_goal_set_again_before_it_is_signed_is_a_new_version():
    course = Course().propose().sign().set_goal().set_goal(goal(("a", "b", "c")))
    assert course.state.goal.version == 2
    assert course.sign("goal", 2).state.criteria == ("a", "b", "c")


def test_an_amended_agreement_holds_when_both_have_signed(mentoring):
    event = AgreementAmended(mode="coach", because="Stories moved nothing", raters=(RITA,))
    mentoring.write(event, role=T)
    mentoring.write(Signed(what="agreement", version=2), role=T)
    assert mentoring.state.mode == "mentor"
    mentoring.write(Signed(what="agreement", version=2), role=L)
    assert (mentoring.state.mode, mentoring.state.raters) == ("coach", (RITA,))
    assert mentoring.state.amended is None


@pytest.mark.parametrize(
    ("event", "role", "life"),
    [
        (Paused(), L, "paused"),
        (Lapsed(days=40), S, "lapsed"),
        (Ended(), L, "ended"),
    ],
)
def test_the_life_of_a_relationship(mentoring, event, role, life):
    mentoring.write(event, role=role)
    assert mentoring.state.life == life


def test_closing_says_since_when_and_leaves_no_proposal(mentoring):
    mentoring.close()
    state = mentoring.state
    assert (state.life, state.closing, state.closed_at) == ("closed", None, state.last_at)


def test_a_paused_relationship_is_resumed(mentoring):
    mentoring.write(Paused(), role=L)
    mentoring.write(Resumed(), role=T)
    assert mentoring.state.life == "active"


def test_another_trainer_takes_over_and_the_first_stays_known(mentoring):
    mentoring.write(HandedOver(to=RITA, because="she knows more"), role=L)
    assert mentoring.state.trainer == RITA
    assert mentoring.state.trainers == {"tom", "rita"}


def test_the_guided_phase_begins_with_levels(mentoring, coaching):
    assert {s.level for s in mentoring.state.levels.values()} == {Level.SHARE}
    assert {s.level for s in coaching.state.levels.values()} == {Level.ASK}
    assert mentoring.state.baseline == ("s1", "s2", "s3")
    assert mentoring.state.phase_start == mentoring.state.phase_since


def test_levels_stay_while_guidance_is_withdrawn_and_resumed(mentoring):
    start = mentoring.moved("order", Level.ASK).withdraw().state.phase_start
    mentoring.write(PhaseBegan(phase=Phase.GUIDED), role=T)
    assert mentoring.state.level("order") is Level.ASK
    assert mentoring.state.phase_start == start


def test_a_goal_amended_before_guidance_brings_no_level():
    course = Course().agree().amend_goal("order", "people", "luck")
    assert course.state.levels == {}
    assert course.state.criteria_ever == ("order", "people", "doubt", "luck")


def test_a_design_waits_for_signatures(mentoring):
    drawn = DesignDrawn(order=CRITERIA, starts=(0, 2, 4), horizon=6, arrangements=6, seed=7)
    mentoring.write(drawn)
    mentoring.write(Signed(what="design"), role=L)
    assert mentoring.state.design_signed == {"learner"}
    assert mentoring.state.design.event.seed == 7


def test_numbers_and_arm_are_kept(mentoring):
    mentoring.write(Configured(numbers={"dwell": 3}, versions={}))
    mentoring.write(Forked(origin="r1", at=5, arm="alone"))
    assert mentoring.state.configured.event.numbers == {"dwell": 3}
    assert mentoring.state.arm == "alone"


@pytest.mark.parametrize(
    ("event", "role"),
    [
        (Noted(text="a"), L),
        (CheckedIn(helps="a", change="b"), L),
        (ModelCalled(model="m", prompt_version="1", tokens_in=1, tokens_out=1), S),
        (Redacted(entry=1), L),
    ],
)
def test_notes_change_nothing_but_who_wrote_last(mentoring, event, role):
    before = mentoring.state
    mentoring.write(event, role=role)
    names = ("seq", "last_at", "last_by", "said_at")
    same = {name: getattr(before, name) for name in names}
    assert replace(mentoring.state, **same) == before
    assert mentoring.state.last_by is role


def test_of_a_concern_the_state_keeps_that_it_was_raised_and_when(mentoring):
    mentoring.write(ConcernRaised(text="a"), role=L)
    (news,) = mentoring.state.news
    assert (news.what, news.seq, news.actor) == ("concern", mentoring.state.seq, "")


def test_who_looked_at_the_evidence_is_kept_since_the_first_look(mentoring):
    first = mentoring.write(EvidenceViewed(viewer="olga", what="evidence"))
    mentoring.write(EvidenceViewed(viewer="olga", what="evidence"))
    assert mentoring.state.viewers == {"olga": first.seq}
    assert mentoring.state.looked == 0  # there is no design to look at early


# situations --------------------------------------------------------------------------------------
def test_a_whole_situation_is_kept_entry_by_entry(coaching):
    case = coaching.situation().own_call().rated(3).asked().guided("ask").read().answered()
    case.failed().decided().came_out().debriefed().accounted().checked("rita")
    here = case.here
    assert None not in (here.own_call, here.decision, here.outcome, here.account)
    counts = [here.helps, here.guidance, here.answers, here.failures, here.debriefs, here.ratings]
    assert [len(c) for c in counts] == [1, 1, 1, 1, 1, 2]
    assert here.guidance[0].read == here.guidance[0].entry.seq + 1


def test_a_draw_says_whether_guidance_is_withheld(mentoring):
    case = mentoring.situation().own_call()
    mentoring.write(ProbeDrawn(situation=case.key, withheld=True, probability=0.2))
    assert (case.here.probed, case.here.withheld) == (True, True)


def test_an_accounted_situation_is_set_aside_and_still_found(mentoring):
    case = mentoring.situation().own_call().decided().accounted()
    assert case.key not in mentoring.state.open
    assert mentoring.state.find(case.key) is mentoring.state.closed[-1]
    assert mentoring.state.find("nowhere") is None


def test_a_dropped_situation_is_set_aside(mentoring):
    case = mentoring.situation().dropped()
    assert mentoring.state.open == {}
    assert case.here.dropped is not None


def test_a_rating_reaches_a_situation_that_was_set_aside(mentoring):
    case = mentoring.situation().own_call().decided().accounted()
    mentoring.situation().own_call().decided().accounted()
    assert len(case.rated(4).here.ratings) == 1
    assert [s.key for s in mentoring.state.situations] == ["s1", "s2", "s3", "s4", "s5"]


def test_what_waits_for_a_rater_is_known_until_it_is_rated_or_dropped(mentoring):
    first, second = (mentoring.situation().own_call() for _ in range(2))
    assert list(mentoring.state.unrated) == [first.key, second.key]
    first.rated(3)
    second.dropped()
    assert mentoring.state.unrated == {}


def test_the_oldest_of_too_many_open_situations_is_set_aside(mentoring):
    cases = [mentoring.situation() for _ in range(OPEN_LIMIT + 1)]
    assert len(mentoring.state.open) == OPEN_LIMIT
    assert mentoring.state.closed[-1].key == cases[0].key
    assert mentoring.state.recent(3)[-1].key == cases[-1].key


def test_a_situation_set_aside_undecided_may_still_prove_the_threshold(mentoring):
    first = mentoring.situation(difficulty=1, seen_before=False).own_call()
    for _ in range(OPEN_LIMIT):
        mentoring.situation()
    assert mentoring.state.proofs == ()
    first.decided().accounted()
    assert [mentoring.state.closed[i].key for i in mentoring.state.proofs] == [first.key]


def test_the_last_accounts_of_new_and_hard_cases_are_kept_as_possible_proofs(mentoring):
    for i in range(PROOF_LIMIT + 2):
        mentoring.situation(difficulty=1, seen_before=False).own_call().decided().accounted()
        mentoring.situation(difficulty=i % 2, seen_before=True).own_call().decided().accounted()
    assert len(mentoring.state.proofs) == PROOF_LIMIT
    assert all(
        mentoring.state.closed[i].opened.event.difficulty == 1 for i in mentoring.state.proofs
    )


def test_an_entry_about_a_situation_that_nobody_opened_changes_nothing_else():
    course = mentoring()
    called = course.situation().own_call().last
    assert fold([called]).open == {}
    assert (
        fold([course.obstacle("o1", "s1", "s2").overcome("o1", "s1").entries[-1]]).obstacles == {}
    )


def test_a_fold_is_total_even_where_the_rules_would_have_refused():
    course = Course().propose().sign().set_goal().sign("goal")
    strays = [e for e in course.entries if e.event.kind in {"signed", "phase_began"}]
    state = fold(strays)
    assert (state.agreement, state.goal, state.learner) == (None, None, None)
    assert state.mode == "mentor"
    assert state.raters == ()


# notebook, obstacles, levels, progress -----------------------------------------------------------
def test_the_notebook_keeps_revises_marks_and_drops(mentoring):
    mentoring.principle("p1").question("q1")
    revised = PrincipleRevised(principle="p1", says="new", when="b", when_not="c", because="d")
    mentoring.write(revised, role=L)
    mentoring.write(PrincipleMarked(principle="p1", mark="sound", why="yes"), role=T)
    assert mentoring.state.principles["p1"].event.says == "new"
    assert set(mentoring.state.marks) == set(mentoring.state.principles) == {"p1"}
    mentoring.write(PrincipleDropped(principle="p1"), role=L)
    assert mentoring.state.marks == mentoring.state.principles == {}
    assert set(mentoring.state.questions) == {"q1"}


def test_an_obstacle_is_named_overcome_and_said_again(mentoring):
    mentoring.obstacle("o1", "s1", "s2").overcome("o1", "s3")
    assert mentoring.state.obstacles["o1"].overcome is not None
    again = ObstacleRevised(obstacle="o1", text="a", when="b", situations=("s1", "s3"))
    mentoring.write(again, role=L)
    assert mentoring.state.obstacles["o1"].overcome is None


def test_a_moved_level_settles_what_was_contested(mentoring):
    mentoring.contested("order", Level.ASK).contested("people", Level.ASK)
    mentoring.moved("order", Level.ASK)
    assert [c.event.criterion for c in mentoring.state.contested] == ["people"]
    assert mentoring.state.levels["order"].moved is mentoring.state.moves[-1]


def test_actions_are_carried_forward_until_they_are_done(mentoring):
    mentoring.write(ActionAgreed(action="a1", text="write it down"), role=L)
    assert set(mentoring.state.actions) == {"a1"}
    mentoring.write(ActionDone(action="a1"), role=L)
    assert mentoring.state.actions == {}


def test_threshold_and_masterpiece_keep_their_first_confirmation(mentoring):
    case = mentoring.situation()
    met = ThresholdMet(situation=case.key, entries=(1, 2))
    for _ in range(2):
        mentoring.write(met, role=T)
        mentoring.write(MasterpieceCertified(entries=(1,), because="seen"), "olga", Role.OWNER)
    assert mentoring.state.threshold.seq + 3 == mentoring.state.seq
    assert mentoring.state.masterpiece.seq + 2 == mentoring.state.seq


# who is who --------------------------------------------------------------------------------------
def test_roles_come_from_the_agreement():
    state = agents().state
    assert state.roles("bot") == {L}
    assert state.roles("mentor-bot") == {T}
    assert state.roles("judge-1") == {R}
    assert state.roles(OLGA) == {Role.OWNER}
    assert state.roles("eve") == frozenset()
    assert state.agents_only


def test_a_trainer_rates_where_nobody_else_is_named(mentoring):
    assert mentoring.state.raters == (TOM,)
    assert mentoring.state.roles("tom") == {T, R}
    assert not mentoring.state.agents_only


def test_an_empty_relationship_knows_nobody():
    state = Relationship()
    assert (state.roles("lea"), state.sides("lea"), state.criteria) == (
        frozenset(),
        frozenset(),
        (),
    )
    assert state.level("order") is Level.WAITING
    assert Level.WAITING.word == "waiting"


def test_every_kind_of_event_is_folded_somewhere():
    course = mentoring()
    for kind, cls in KINDS.items():
        entry = course.entries[-1]._replace(event=cls.model_construct(kind=kind, **_fields(cls)))
        assert evolve(course.state, entry).seq == entry.seq


def _fields(cls):
    known = {
        "situation": "s1",
        "guidance": 1,
        "obstacle": "o1",
        "principle": "p1",
        "shown": True,
        "talk": "t1",
        "answer": "accepted",
        "question": "q1",
        "criterion": "order",
        "to": Level.ASK,
        "withheld": False,
        "probability": 0.2,
        "viewer": "olga",
        "phase": Phase.WITHDRAWN,
        "what": "design",
        "of": "drawn_starts",
        "action": "a1",
        "rater": "tom",
        "subject": "own_call",
        "arm": "x",
        "origin": "r0",
        "at": 1,
        "situations": ("s1",),
        "learner": LEA,
        "trainer": TOM,
        "raters": (),
        "criteria": (criterion("order"),),
    }
    if cls is HandedOver:
        known["to"] = RITA
    return {k: v for k, v in known.items() if k in cls.model_fields}
