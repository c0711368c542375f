"""What the rules refuse in a situation. Law 2: own call first; law 4: the learner is not blocked."""

import pytest

from tests.support.course import Course
from tutelage.domain.errors import Refused
from tutelage.domain.events import (
    AccountWritten,
    Answered,
    Debriefed,
    DecisionRecorded,
    GuidanceFailed,
    GuidanceGiven,
    GuidanceRead,
    HelpAsked,
    OutcomeRecorded,
    OwnCallRecorded,
    ProbeDrawn,
    Rated,
    RatingAsked,
    SituationDropped,
    SituationOpened,
)
from tutelage.domain.terms import Role

L, T, R, S = Role.LEARNER, Role.TRAINER, Role.RATER, Role.SYSTEM
CALL = OwnCallRecorded(situation="s4", call="Stop it", why="It feeds the queue")
ASK = HelpAsked(situation="s4", question="Well?")
URGENT = HelpAsked(situation="s4", question="Now?", urgent=True)
GUIDE = GuidanceGiven(situation="s4", move="ask", text="What waits?", criteria=("order",))
READ = GuidanceRead(situation="s4", guidance=1)
ANSWER = Answered(situation="s4", guidance=1, text="I would wait")
DECIDE = DecisionRecorded(situation="s4", decision="Stopped it", why="It fed the queue")
OUTCOME = OutcomeRecorded(situation="s4", text="It drained")
DROP = SituationDropped(situation="s4")
DEBRIEF = Debriefed(situation="s4", expected="a", happened="b", why="c", next="d")
PROBE = ProbeDrawn(situation="s4", withheld=False, probability=0.2)
ACCOUNT = AccountWritten(
    situation="s4",
    noticed="a",
    options=("b", "c"),
    turned_on="order",
    asked_myself="d",
    happened="e",
)


def rating(subject="own_call", ratings=None, **given):
    ratings = {"order": 3} if ratings is None else ratings
    return Rated(situation="s4", subject=subject, ratings=ratings, **given)


def codes(course, *events):
    return [course.code(event, role=role) for event, role in events]


def test_a_situation_is_opened_once_and_touches_criteria_of_the_goal(mentoring):
    def opened(key, *criteria):
        return SituationOpened(situation=key, text="Again", criteria=criteria), L

    assert codes(
        mentoring, opened("s1", "order"), opened("s9"), opened("s9", "luck"), opened("s9", "order")
    ) == ["id_reused", "criteria_needed", "unknown_criterion", None]


def test_when_it_was_just_opened(mentoring):
    mentoring.situation()
    assert codes(mentoring, (CALL, L), (ASK, L), (URGENT, L), (GUIDE, T), (READ, L)) == [
        None,
        "own_call_first",
        None,
        "own_call_first",
        "nothing_to_read",
    ]
    assert codes(mentoring, (ANSWER, L), (DECIDE, L), (OUTCOME, L), (ACCOUNT, L)) == [
        "read_first",
        None,
        "decide_first",
        "decide_first",
    ]
    assert codes(mentoring, (DEBRIEF, T), (DROP, L), (PROBE, S)) == ["decide_first", None, None]


@pytest.mark.parametrize("event", [CALL, ASK, DECIDE, OUTCOME, ACCOUNT, DEBRIEF, DROP, READ, PROBE])
def test_nothing_is_written_about_a_situation_that_nobody_opened(mentoring, event):
    role = {Debriefed: T, ProbeDrawn: S}.get(type(event), L)
    assert mentoring.code(event, role=role) == "unknown_situation"


def test_an_own_call_stays_as_it_was(mentoring):
    mentoring.situation().own_call()
    assert mentoring.code(CALL, role=L) == "own_call_stands"


def test_an_own_call_comes_before_the_decision(mentoring):
    mentoring.situation().decided()
    assert mentoring.code(CALL, role=L) == "own_call_late"


def test_an_own_call_comes_before_urgent_help_and_before_a_talk(mentoring):
    mentoring.situation().asked(urgent=True)
    assert mentoring.code(CALL, role=L) == "own_call_late"
    case = mentoring.situation()
    mentoring.met()
    assert case.refused(CALL.model_copy(update={"situation": case.key})) == "own_call_late"


def test_guidance_is_read_once_and_answered_after_that(mentoring):
    case = mentoring.situation().own_call().guided("ask")
    seq = mentoring.state.seq
    read = GuidanceRead(situation=case.key, guidance=seq)
    answer = Answered(situation=case.key, guidance=seq, text="I would wait")
    assert codes(mentoring, (answer, L), (read, L)) == ["read_first", None]
    case.read()
    assert codes(mentoring, (answer, L), (read, L)) == [None, "nothing_to_read"]


def test_the_learner_decides_at_any_time_and_once(mentoring):
    case = mentoring.situation()
    assert mentoring.code(DECIDE, role=L) is None
    case.own_call().asked()
    assert mentoring.code(DECIDE, role=L) is None
    case.decided()
    assert codes(mentoring, (DECIDE, L), (ASK, L)) == ["decided", "decided"]


def test_an_account_is_written_once_and_turns_on_a_criterion_it_touches(mentoring):
    case = mentoring.situation(criteria=("order", "people")).decided()
    elsewhere = ACCOUNT.model_copy(update={"turned_on": "doubt"})
    assert codes(mentoring, (elsewhere, L), (ACCOUNT, L)) == ["unknown_criterion", None]
    case.accounted()
    assert codes(mentoring, (ACCOUNT, L), (DROP, L)) == ["accounted", "accounted"]


def test_nothing_more_is_written_about_a_dropped_situation(mentoring):
    mentoring.situation().own_call().dropped()
    assert codes(mentoring, (DECIDE, L), (ASK, L), (DROP, L)) == ["dropped"] * 3


def test_a_probe_is_drawn_once(mentoring):
    mentoring.situation().own_call()
    mentoring.write(PROBE)
    assert mentoring.code(PROBE) == "drawn"


def test_a_debrief_names_criteria_of_the_goal(mentoring):
    mentoring.situation().decided()
    luck = DEBRIEF.model_copy(update={"criteria": ("luck",)})
    assert codes(mentoring, (luck, T), (DEBRIEF, T)) == ["unknown_criterion", None]


def test_the_system_may_say_that_the_trainer_failed(mentoring):
    mentoring.situation().own_call()
    assert mentoring.code(GuidanceFailed(situation="s4", reason="late")) is None


# ratings -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("event", "actor", "role", "code"),
    [
        (rating(), "rita", R, None),
        (rating(ratings={"order": None}), "rita", R, None),
        (rating(), "ray", R, "not_asked"),
        (rating(), "tom", T, "not_asked"),
        (rating("decision"), "rita", R, "nothing_to_rate"),
        (rating("account"), "rita", R, "nothing_to_rate"),
        (rating(ratings={}), "rita", R, "ratings_needed"),
        (rating(ratings={"doubt": 3}), "rita", R, "unknown_criterion"),
        (rating(), "lea", L, "self_rating"),
        (rating(as_self=True), "rita", R, "self_rating"),
        (rating(as_self=True), "lea", L, None),
    ],
)
def test_a_rating_comes_from_whoever_was_asked(coaching, event, actor, role, code):
    coaching.situation(criteria=("order", "people")).own_call()
    assert coaching.code(event, actor, role) == code


def test_nobody_rates_twice_what_was_asked_once(coaching):
    case = coaching.situation().own_call().rated(3)
    assert coaching.code(rating(), "rita", R) == "not_asked"
    ask = RatingAsked(situation=case.key, subject="own_call", rater="rita", shown=("call",))
    coaching.write(ask)
    assert coaching.code(rating(), "rita", R) is None


def test_an_account_is_checked_without_a_number(coaching):
    case = coaching.situation().own_call().decided().accounted()
    case.checked("rita")
    assert case.here.ratings[-1].event.consistent


def test_an_account_can_be_written_on_a_criterion_that_left_the_goal():
    course = Course().agree().baseline()
    case = course.situation(criteria=("doubt",)).own_call().decided()
    course.amend_goal("order", "people", "luck")
    assert "doubt" not in course.state.criteria
    assert case.accounted().here.account is not None


def test_a_refusal_tells_the_writer_what_to_do(mentoring):
    mentoring.situation()
    with pytest.raises(Refused, match="First say what you would do and why"):
        mentoring.write(ASK, role=L)
