"""What the built-in trainers do where something goes wrong between the two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.course import Course
from tests.unit.trainers.test_mentor import BANK, PHONE, QUEUE, briefed, case_of, experience
from tutelage.domain.terms import Level
from tutelage.evidence.health import Index
from tutelage.guidance.brief import Brief, brief
from tutelage.trainers import ExperienceMentor, QuestionCoach
from tutelage.trainers.questions import DECIDE_FIRST, ON_GOAL, named

MENTOR, COACH = ExperienceMentor("mentor-bot"), QuestionCoach("coach")
BOTH = pytest.mark.parametrize("trainer", [MENTOR, COACH], ids=["mentor", "coach"])


def going_wrong(view: Brief, *names: str) -> Brief:
    alarms = tuple(Index(n, 0.9, True, 9, f"An offer about {n}?", "act") for n in names)
    return replace(view, alarms=alarms)


def lean(course: Course, times: int = 8) -> Course:
    """A learner who asks although its own calls are good enough."""
    for _ in range(times):
        case = course.situation(criteria=("order",)).own_call().rated(4).asked().guided("ask")
        case.read().decided().accounted()
    return course


def text_of(trainer, view: Brief) -> str:
    return str(trainer.guide(view, BANK).text)


# dependency --------------------------------------------------------------------------------------
def test_where_the_learner_leans_on_it_the_mentor_asks_though_it_may_share(mentoring):
    view = briefed(case_of(lean(mentoring)))
    assert [i.name for i in view.alarms] == ["dependency"]
    assert "share" in view.criteria[0].allowed
    given = MENTOR.guide(view, BANK)
    assert (given.move, str(given.text)) == ("ask", DECIDE_FIRST[0])


@BOTH
def test_it_asks_what_the_learner_would_stand_by_once_a_situation(mentoring, trainer):
    case = case_of(lean(mentoring))
    assert text_of(trainer, briefed(case)) == DECIDE_FIRST[0]
    case.guided("ask", ("order",), text=DECIDE_FIRST[0]).read().answered()
    assert text_of(trainer, briefed(case)) not in DECIDE_FIRST


@pytest.mark.parametrize("how", ["high stakes", "urgent"])
def test_where_help_presses_the_mentor_shares_all_the_same(mentoring, how):
    more = {"stakes": "high"} if how == "high stakes" else {}
    case = lean(mentoring).situation(criteria=("order",), **more).own_call()
    view = briefed(case if more else case.asked(urgent=True))
    assert view.alarms
    assert MENTOR.guide(view, BANK).move == "share"


@BOTH
def test_the_debrief_offers_to_decide_first_and_says_what_was_right(mentoring, trainer):
    case = case_of(lean(mentoring)).rated(4).decided().came_out()
    said = trainer.debrief(briefed(case))
    assert said.next.startswith("You were right on your own in 9 of 12; decide first next time? ")
    assert said.why.startswith("Before any help your own call was good enough on Settles first")


def test_what_was_not_right_is_not_called_right(mentoring):
    said = MENTOR.debrief(briefed(case_of(lean(mentoring)).rated(2).decided()))
    assert said.why.startswith("Your decision bears most on")


@BOTH
@pytest.mark.parametrize("level", [Level.DEBRIEF, Level.INDEPENDENT])
def test_no_alarm_gives_more_help_than_the_level_allows(mentoring, trainer, level):
    mentoring.moved("order", level)
    view = going_wrong(briefed(case_of(mentoring)), "dependency", "undirectedness", "sameness")
    assert trainer.guide(view, BANK) is None


# undirectedness ----------------------------------------------------------------------------------
@BOTH
def test_where_the_talks_left_the_goal_it_asks_which_criterion_the_case_turns_on(
    mentoring, trainer
):
    case = case_of(mentoring)
    view = going_wrong(briefed(case), "undirectedness")
    question = named(ON_GOAL, view.criteria[0].name)
    given = trainer.guide(view, BANK)
    assert (str(given.text), given.criteria) == (question, ("order",))


def test_that_was_asked_once_and_the_mentor_shares_again(mentoring):
    view = going_wrong(briefed(case_of(mentoring)), "undirectedness")
    asked = replace(view, asked=frozenset({named(ON_GOAL, view.criteria[0].name)}))
    assert MENTOR.guide(asked, BANK).move == "share"


def test_whatever_stands_at_ask_the_mentor_shares_again_once_it_asked_about_that(mentoring):
    mentoring.moved("order", Level.ASK)
    case = case_of(mentoring, "At night the payment queue grew", "order", "people")
    view = going_wrong(briefed(case), "undirectedness")
    first = MENTOR.guide(view, BANK)
    assert first.criteria == ("order",)
    assert MENTOR.guide(replace(view, asked=frozenset({str(first.text)})), BANK).move == "share"


@BOTH
def test_the_debrief_offers_to_go_back_to_the_goal(mentoring, trainer):
    view = going_wrong(briefed(case_of(mentoring).decided()), "undirectedness")
    assert trainer.debrief(view).next.startswith("An offer about undirectedness? ")


def test_where_nothing_goes_wrong_nothing_is_offered(mentoring):
    said = MENTOR.debrief(briefed(case_of(mentoring).decided()))
    assert said.next.startswith("On Settles first")


# sameness ----------------------------------------------------------------------------------------
def test_of_two_experiences_that_fit_it_tells_the_one_that_no_other_learner_was_told(mentoring):
    twin = experience("twin", QUEUE.case, "order")
    case = case_of(mentoring)
    told = brief(case.course.state, case.course.track, "r1", case.key, among=same({"queue"}))
    assert MENTOR.guide(told, (QUEUE, twin)).experience == "twin"
    assert MENTOR.guide(told, (QUEUE, PHONE)).experience == "queue"


def same(told: set[str]) -> tuple[Index, frozenset[str]]:
    return Index("sameness", 1.0, True, 5, "Yours?", "Look at this one."), frozenset(told)


def test_a_coach_who_asks_all_alike_asks_about_this_learner_s_own_words(coaching):
    case = coaching.situation(criteria=("order",)).own_call(call="Roll it back")
    view = brief(coaching.state, coaching.track, "r1", case.key, among=same(set()))
    assert view.acts == ("Look at this one.",)
    assert "“Roll it back”" in text_of(COACH, view)
