"""Laws 5 and 6: how much help a level allows, and when the ledger says guidance is due."""

import pytest

from tests.support.course import Course
from tutelage.domain.errors import Refused
from tutelage.domain.events import GuidanceGiven, ProbeDrawn
from tutelage.domain.guiding import ROUNDS, allowed, guidance_due
from tutelage.domain.terms import Level, Role


def moves(case, key="order"):
    return allowed(case.course.state, case.here, key)


def due(case):
    return guidance_due(case.course.state, case.here)


def withheld(course):
    case = course.situation().own_call()
    course.write(ProbeDrawn(situation=case.key, withheld=True, probability=0.2))
    return case


@pytest.mark.parametrize(
    ("level", "may"),
    [
        (Level.SHARE, ("share", "ask")),
        (Level.ASK, ("ask",)),
        (Level.DEBRIEF, ()),
        (Level.INDEPENDENT, ()),
    ],
)
def test_a_level_allows_its_moves(mentoring, level, may):
    if level is not Level.SHARE:
        mentoring.moved("order", level)
    assert moves(mentoring.situation()) == may


@pytest.mark.parametrize(
    ("level", "may"),
    [
        (Level.ASK, ("share", "ask")),
        (Level.DEBRIEF, ("ask",)),
        (Level.INDEPENDENT, ()),
    ],
)
def test_a_request_for_help_permits_one_level_more(mentoring, level, may):
    mentoring.moved("order", level)
    assert moves(mentoring.situation().own_call().asked()) == may


def test_a_request_for_help_at_share_permits_no_more_than_sharing(mentoring):
    assert moves(mentoring.situation().own_call().asked()) == ("share", "ask")


def test_asking_for_a_fact_permits_nothing_more(coaching):
    assert moves(coaching.situation().own_call().asked("fact")) == ("ask",)


def test_asking_for_help_never_moves_the_level(coaching):
    coaching.situation().own_call().asked()
    assert coaching.state.level("order") is Level.ASK


@pytest.mark.parametrize("level", [Level.ASK, Level.DEBRIEF, Level.INDEPENDENT])
def test_high_stakes_allow_sharing_at_any_level(mentoring, level):
    mentoring.moved("order", level)
    assert moves(mentoring.situation(stakes="high")) == ("share", "ask")


def test_urgent_help_may_tell_at_any_level_and_in_any_phase(coaching):
    coaching.withdraw()
    assert "tell" in moves(coaching.situation().asked(urgent=True))


def test_nothing_is_allowed_while_guidance_is_withdrawn_or_withheld(mentoring):
    assert moves(withheld(mentoring)) == ()
    mentoring.withdraw()
    assert moves(mentoring.situation()) == ()


def test_a_criterion_that_waits_for_its_start_is_not_guided():
    assert moves(Course().agree().situation().own_call()) == ()


def test_guidance_is_due_after_the_own_call(mentoring):
    case = mentoring.situation()
    assert not due(case)
    assert due(case.own_call())
    assert not due(case.guided())


def test_guidance_is_due_again_when_the_learner_asks_back(mentoring):
    case = mentoring.situation().own_call().guided().read()
    assert due(case.asked())


def test_an_answer_is_taken_up_in_turn_for_a_few_rounds(coaching):
    case = coaching.situation().own_call()
    for _ in range(ROUNDS):
        assert due(case)
        assert not due(case.guided("ask").read())
        case.answered()
    assert not due(case)


def test_an_answer_that_the_trainer_failed_to_take_up_keeps_nobody_waiting(coaching):
    case = coaching.situation().own_call().guided("ask").read().answered()
    assert due(case)
    assert not due(case.failed())


@pytest.mark.parametrize("level", [Level.DEBRIEF, Level.INDEPENDENT])
def test_no_guidance_is_due_where_every_level_is_past_asking(mentoring, level):
    for key in mentoring.state.criteria:
        mentoring.moved(key, level)
    assert not due(mentoring.situation().own_call())


def test_the_learner_is_not_kept_waiting_by_a_trainer_that_failed(mentoring):
    case = mentoring.situation().own_call().failed()
    assert not due(case)
    assert f"learner: decide in {case.key}" in mentoring.waits


def test_no_guidance_is_due_once_decided_dropped_or_paused(mentoring):
    assert not due(mentoring.situation().own_call().decided())
    assert not due(mentoring.situation().own_call().dropped())


def test_a_request_that_the_rules_would_refuse_is_not_due(mentoring):
    assert not due(withheld(mentoring).asked())
    mentoring.withdraw()
    assert not due(mentoring.situation().own_call().asked())


def test_a_fact_and_urgent_help_are_due_in_any_phase(mentoring):
    mentoring.withdraw()
    assert due(mentoring.situation().own_call().asked("fact"))
    assert due(mentoring.situation().asked(urgent=True))


def test_a_case_retold_for_the_baseline_is_not_guided_afterwards():
    course = Course().agree()
    told = course.situation(retold=True).own_call().rated(2)
    course.baseline()
    assert not due(told)
    assert due(told.asked())


# what is refused ---------------------------------------------------------------------------------
def test_guidance_waits_for_the_own_call(mentoring):
    with pytest.raises(Refused) as refused:
        mentoring.situation().guided()
    assert refused.value.code == "own_call_first"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"move": "tell"}, "above_level"),
        ({"move": "share"}, "above_level"),
        ({"move": "fact", "criteria": ()}, "no_fact_asked"),
        ({"move": "ask", "criteria": ()}, "criteria_needed"),
        ({"move": "ask", "criteria": ("luck",)}, "unknown_criterion"),
        ({"move": "ask", "criteria": ("doubt",)}, "unknown_criterion"),
        ({"move": "ask", "answers": 1}, "answers_nothing"),
        ({"move": "ask"}, None),
    ],
)
def test_guidance_by_a_coach_at_ask(coaching, given, code):
    case = coaching.situation(criteria=("order", "people")).own_call()
    given = {"criteria": ("order",), "text": "What waits?", "experience": "e1", **given}
    assert case.refused(GuidanceGiven(situation=case.key, **given), Role.TRAINER) == code


def test_sharing_names_the_experience_that_is_told(mentoring):
    case = mentoring.situation().own_call()
    event = GuidanceGiven(situation=case.key, move="share", text="Once", criteria=("order",))
    assert case.refused(event, Role.TRAINER) == "experience_needed"


def test_a_person_may_tell_with_a_stated_reason(coaching):
    case = coaching.situation().own_call().guided("tell", told_because="no time to ask")
    assert len(case.here.guidance) == 1


def test_an_agent_may_not_tell_whatever_its_reason(agents):
    case = agents.situation().own_call()
    with pytest.raises(Refused) as refused:
        case.guided("tell", told_because="no time")
    assert refused.value.code == "above_level"


def test_nobody_tells_where_the_level_allows_no_guidance(mentoring):
    mentoring.moved("order", Level.DEBRIEF)
    with pytest.raises(Refused, match="debrief after the decision"):
        mentoring.situation().own_call().guided("tell", ("order",), told_because="no time")


def test_a_fact_that_was_asked_for_is_answered_at_any_level(mentoring):
    mentoring.withdraw()
    assert mentoring.situation().own_call().asked("fact").guided("fact", ()).here.guidance


@pytest.mark.parametrize("prepare", ["baseline", "withdrawn", "withheld"])
def test_only_urgent_help_comes_before_outside_and_against_the_draw(prepare):
    course = Course().agree()
    case = course.situation().own_call()
    if prepare != "baseline":
        course.baseline()
    if prepare == "withdrawn":
        course.withdraw()
    if prepare == "withheld":
        case = withheld(course)
    code = {"baseline": "baseline_first"}.get(prepare, prepare)
    with pytest.raises(Refused) as refused:
        case.guided()
    assert refused.value.code == code
    assert case.asked(urgent=True).guided().here.guidance


def test_guidance_at_ask_covers_several_criteria_at_once(coaching):
    assert coaching.situation().own_call().guided("ask", ("order", "people")).here.guidance


@pytest.mark.parametrize("what", ["own call", "help", "answer"])
def test_guidance_may_answer_the_own_call_a_question_or_an_answer(coaching, what):
    case = coaching.situation().own_call()
    if what == "help":
        case.asked()
    if what == "answer":
        case.guided("ask").read().answered()
    seq = coaching.state.seq if what != "own call" else case.here.own_call.seq
    assert case.guided("ask", answers=seq).here.guidance[-1].entry.event.answers == seq


def test_after_the_decision_guidance_is_a_debrief_and_may_tell(agents):
    agents.withdraw()
    assert agents.situation().decided().guided("tell").here.guidance
