"""What the rules refuse in a relationship's life: agreement, goal, phases, notebook, levels."""

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
    criterion,
    goal,
    mentoring,
)
from tutelage.domain.errors import NotYours, TutelageError
from tutelage.domain.events import (
    KINDS,
    ActionAgreed,
    ActionDone,
    AgreementAmended,
    BaselineTaken,
    CheckedIn,
    Closed,
    ConcernRaised,
    DesignDrawn,
    Ended,
    GoalAmended,
    GoalSet,
    HandedOver,
    Lapsed,
    LevelContested,
    LevelMoved,
    Met,
    Noted,
    ObstacleNamed,
    ObstacleOvercome,
    ObstacleRevised,
    Paused,
    PhaseBegan,
    PrincipleDropped,
    PrincipleKept,
    PrincipleMarked,
    PrincipleRevised,
    Proposed,
    QuestionKept,
    Redacted,
    Resumed,
    Signed,
    SituationOpened,
)
from tutelage.domain.growing import PRINCIPLE_LIMIT
from tutelage.domain.terms import Level, Party, Phase, Role

L, T, S, O = Role.LEARNER, Role.TRAINER, Role.SYSTEM, Role.OWNER  # noqa: E741
AMENDED = AgreementAmended(mode="coach", because="Stories moved nothing")
OPENED = SituationOpened(situation="s9", text="Again", criteria=("order",))


def proposal(**given):
    words = {"learner": LEA, "trainer": TOM, "mode": "mentor", "handled": "much", "because": "so"}
    return Proposed(**{**words, **given})


def amended_goal(*keys):
    event = goal(keys).model_dump(exclude={"kind"})
    return GoalAmended(because="It was too wide", **event)


def principle(cls=PrincipleKept, key="p1", **given):
    return cls(principle=key, says="a", when="b", when_not="c", because="d", **given)


def obstacle(cls=ObstacleNamed, situations=("s1", "s2")):
    return cls(obstacle="o1", text="wakes all", when="it is loud", situations=situations)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_event_is_written_only_in_the_roles_it_names(kind):
    cls = KINDS[kind]
    event = cls.model_construct(kind=kind)
    for role in set(Role) - cls.by:
        assert Course().code(event, "somebody", role) == "not_your_role"


def test_whoever_may_write_it_is_named_in_the_refusal(mentoring):
    with pytest.raises(NotYours, match="Only the system can write lapsed"):
        mentoring.alone(Lapsed(days=30), role=L)


# life --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("event", "role", "code"),
    [
        (Noted(text="a"), L, "unknown_relationship"),
        (proposal(trainer=LEA), L, "two_needed"),
        (proposal(raters=(LEA,)), L, "rater_clash"),
        (proposal(raters=(RITA, RITA)), L, "rater_clash"),
        (proposal(raters=(RITA, TOM)), L, None),
    ],
)
def test_before_anything_was_proposed(event, role, code):
    assert Course().code(event, role=role) == code


@pytest.mark.parametrize(
    ("event", "role", "code"),
    [
        (proposal(), L, "already_proposed"),
        (OPENED, L, "sign_first"),
        (goal(), L, "sign_first"),
        (AMENDED, T, "sign_first"),
        (Met(on="2026-03-01T10:00Z"), T, "sign_first"),
        (Signed(what="goal"), L, "nothing_to_sign"),
        (Signed(what="design"), L, "nothing_to_sign"),
        (Signed(what="agreement", version=2), L, "nothing_to_sign"),
        (Resumed(), L, "not_paused"),
        (PhaseBegan(phase=Phase.FOLLOW_UP), L, "nothing_to_follow"),
        (Noted(text="a thought"), L, None),
        (Ended(), T, None),
    ],
)
def test_before_both_have_signed(event, role, code):
    assert Course().propose().code(event, role=role) == code


def test_an_amendment_of_the_goal_waits_for_the_first_signatures():
    course = Course().propose().sign().set_goal()
    assert course.code(amended_goal(*CRITERIA), role=L) == "sign_first"
    assert course.code(goal(), role=L) is None


def test_nobody_signs_a_version_twice():
    course = Course().propose().sign()
    assert course.code(Signed(what="agreement"), role=L) == "already_signed"


def test_an_agent_signs_through_its_owner():
    course = Course(BOT, MENTOR).propose()
    assert course.code(Signed(what="agreement"), role=L) == "owner_signs"
    assert course.code(Signed(what="agreement"), OLGA, O) is None


def test_somebody_outside_signs_nothing():
    assert Course().propose().code(Signed(what="agreement"), "eve", T) == "owner_signs"


def test_two_criteria_need_two_keys():
    course = Course().propose().sign()
    assert course.code(goal(("order", "order", "doubt")), role=L) == "criteria_clash"


@pytest.mark.parametrize(
    ("event", "role", "code"),
    [
        (goal(), L, "goal_in_focus"),
        (amended_goal(*CRITERIA, "order"), L, "criteria_clash"),
        (amended_goal(*CRITERIA, "luck"), L, None),
        (AMENDED, L, None),
        (AMENDED.model_copy(update={"raters": (LEA,)}), T, "rater_clash"),
        (HandedOver(to=RITA, because="she knows more"), L, None),
        (HandedOver(to=LEA, because="alone"), L, "two_needed"),
        (DesignDrawn(order=CRITERIA, starts=(0, 1, 2), horizon=6, arrangements=6, seed=1), S, None),
        (Paused(), L, None),
        (Redacted(entry=3), L, None),
        (Redacted(entry=999), L, "unknown_entry"),
        (ActionDone(action="a1"), L, "unknown_action"),
        (CheckedIn(helps="stories", change="pace"), L, None),
    ],
)
def test_in_the_guided_phase(mentoring, event, role, code):
    assert mentoring.code(event, role=role) == code


def test_an_action_is_agreed_once_until_it_is_done(mentoring):
    action = ActionAgreed(action="a1", text="write it down")
    mentoring.write(action, role=L)
    assert mentoring.code(action, role=T) == "id_reused"
    mentoring.write(ActionDone(action="a1"), role=L)
    assert mentoring.code(action, role=T) is None


@pytest.mark.parametrize("stop", [Paused(), Lapsed(days=60)])
def test_what_stands_still_is_resumed_and_not_stopped_again(mentoring, stop):
    mentoring.write(stop, role=S if isinstance(stop, Lapsed) else L)
    assert mentoring.code(Paused(), role=L) == "already_paused"
    assert mentoring.code(OPENED, role=L) is None
    assert mentoring.code(Resumed(), role=T) is None


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (OPENED, "ended"),
        (Ended(), "ended"),
        (Noted(text="a"), None),
        (ConcernRaised(text="a"), None),
        (Redacted(entry=1), None),
    ],
)
def test_after_the_end_nothing_but_notes_concerns_and_redaction(mentoring, event, code):
    mentoring.write(Ended(), role=L)
    assert mentoring.code(event, role=L) == code


@pytest.mark.parametrize(
    ("event", "role", "code"),
    [
        (OPENED, L, None),
        (principle(), L, None),
        (Noted(text="a"), T, None),
        (Met(on="2026-03-01T10:00Z"), T, "closed"),
        (Paused(), L, "closed"),
        (Closed(because="again"), L, "closed"),
    ],
)
def test_after_closing_the_learner_goes_on_alone(mentoring, event, role, code):
    mentoring.close()
    assert mentoring.code(event, role=role) == code


# phases ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("phase", "role", "code"),
    [
        (Phase.BASELINE, L, "begins_by_itself"),
        (Phase.GUIDED, T, "begins_by_itself"),
        (Phase.GUIDED, S, "phase_stands"),
        (Phase.WITHDRAWN, L, None),
        (Phase.FOLLOW_UP, T, None),
    ],
)
def test_the_phases_after_guided(mentoring, phase, role, code):
    assert mentoring.code(PhaseBegan(phase=phase), role=role) == code


def test_guidance_that_was_withdrawn_may_be_resumed(mentoring):
    mentoring.withdraw()
    assert mentoring.code(PhaseBegan(phase=Phase.WITHDRAWN), role=L) == "phase_stands"
    assert mentoring.code(PhaseBegan(phase=Phase.GUIDED), role=L) is None
    assert mentoring.code(PhaseBegan(phase=Phase.FOLLOW_UP), role=L) is None


@pytest.mark.parametrize(
    ("phase", "code"),
    [(Phase.WITHDRAWN, "nothing_to_withdraw"), (Phase.FOLLOW_UP, "nothing_to_follow")],
)
def test_there_is_nothing_to_withdraw_before_guidance(phase, code):
    assert Course().agree().code(PhaseBegan(phase=phase), role=L) == code


@pytest.mark.parametrize(
    ("keys", "why", "code"),
    [
        (("s1", "s2", "s3"), None, None),
        (("s1", "s2", "s2"), None, "baseline_short"),
        (("s1",), "she is new here", None),
        (("s1", "s2", "s4"), None, "baseline_incomplete"),
        (("s1", "s2", "s7"), None, "unknown_situation"),
    ],
)
def test_the_baseline_names_three_called_situations_or_says_why_fewer(keys, why, code):
    course = Course().agree()
    for _ in range(3):
        course.situation().own_call()
    course.situation()
    assert course.code(BaselineTaken(situations=keys, fewer_because=why), role=T) == code


def test_the_baseline_is_taken_once(mentoring):
    event = BaselineTaken(situations=("s1", "s2", "s3"))
    assert mentoring.code(event, role=T) == "baseline_closed"


# notebook ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("event", "role", "code"),
    [
        (principle(), L, "id_reused"),
        (principle(key="p2"), L, None),
        (principle(key="p2", criteria=("luck",)), L, "unknown_criterion"),
        (principle(PrincipleRevised), L, None),
        (principle(PrincipleRevised, "p9"), L, "unknown_principle"),
        (principle(), T, "not_your_role"),
        (PrincipleDropped(principle="p1"), L, None),
        (PrincipleDropped(principle="p9"), L, "unknown_principle"),
        (PrincipleMarked(principle="p1", mark="contested", why="too wide"), T, None),
        (PrincipleMarked(principle="p9", mark="sound", why="yes"), T, "unknown_principle"),
        (QuestionKept(question="q1", text="What waits?", criteria=("order",)), L, None),
        (QuestionKept(question="q1", text="What?", criteria=("luck",)), L, "unknown_criterion"),
    ],
)
def test_the_notebook_is_the_learner_s(mentoring, event, role, code):
    assert mentoring.principle("p1").code(event, role=role) == code


def test_a_full_notebook_asks_to_revise_or_drop(mentoring):
    for i in range(PRINCIPLE_LIMIT):
        mentoring.principle(f"p{i}")
    assert mentoring.code(principle(key="one-more"), role=L) == "notebook_full"
    assert mentoring.code(principle(PrincipleRevised, "p3"), role=L) is None


# obstacles ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("event", "code"),
    [
        (obstacle(), "id_reused"),
        (obstacle(ObstacleRevised), None),
        (obstacle(ObstacleRevised, ("s1", "s1")), "two_needed"),
        (obstacle(ObstacleRevised, ("s1", "s99")), "unknown_situation"),
        (ObstacleOvercome(obstacle="o1", situations=("s3",), because="gone"), None),
        (ObstacleOvercome(obstacle="o2", situations=("s3",), because="x"), "unknown_obstacle"),
    ],
)
def test_an_obstacle_is_named_once_and_quotes_two_situations(mentoring, event, code):
    assert mentoring.obstacle("o1", "s1", "s2").code(event, role=T) == code


def test_an_obstacle_that_nobody_named_is_not_revised(mentoring):
    assert mentoring.code(obstacle(ObstacleRevised), role=T) == "unknown_obstacle"


# levels ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("key", "start", "to", "code"),
    [
        ("order", Level.SHARE, Level.ASK, None),
        ("order", Level.ASK, Level.DEBRIEF, "level_moved"),
        ("order", Level.SHARE, Level.SHARE, "level_stands"),
        ("luck", Level.SHARE, Level.ASK, "unknown_criterion"),
    ],
)
def test_a_level_moves_from_where_it_stands(mentoring, key, start, to, code):
    event = LevelMoved(criterion=key, start=start, to=to, why="so")
    assert mentoring.code(event, role=T) == code


def test_a_level_is_contested_by_what_it_would_become(mentoring):
    event = LevelContested(criterion="order", to=Level.ASK, why="too early")
    assert mentoring.code(event, role=L) is None
    stays = event.model_copy(update={"to": Level.SHARE})
    assert mentoring.code(stays, role=L) == "level_stands"


def test_there_are_no_levels_before_the_baseline():
    event = LevelMoved(criterion="order", start=Level.WAITING, to=Level.ASK, why="so")
    assert Course().agree().code(event, role=T) == "baseline_first"


def test_a_criterion_that_was_added_begins_at_share(mentoring):
    mentoring.write(amended_goal("order", "people", "luck"), role=L)
    mentoring.write(Signed(what="goal", version=2), role=L)
    assert mentoring.state.level("luck") is Level.WAITING
    mentoring.write(Signed(what="goal", version=2), role=T)
    assert mentoring.state.level("luck") is Level.SHARE
    assert mentoring.state.criteria == ("order", "people", "luck")


def test_no_refusal_changes_the_state():
    course = mentoring()
    before = course.state
    for event, role in [(goal(), L), (Resumed(), L), (proposal(), L), (Lapsed(days=1), T)]:
        with pytest.raises(TutelageError):
            course.write(event, role=role)
    assert course.state is before


def test_a_goal_has_three_to_six_criteria():
    assert criterion("order").key == "order"
    with pytest.raises(ValueError, match="criteria"):
        goal(("order", "people"))
    assert isinstance(goal(), GoalSet)
    assert Party(id="x", kind="person").owner is None
