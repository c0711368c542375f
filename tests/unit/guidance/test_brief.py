"""What the trainer sees, what a rater sees, and what reaches the learner. Laws 2 and 13."""

from datetime import timedelta

import pytest

from tests.support.course import RITA, Course, emptied
from tutelage.domain.errors import Unknown
from tutelage.domain.events import HandedOver, RatingAsked
from tutelage.domain.evolve import fold
from tutelage.domain.terms import Level, Role
from tutelage.guidance.blind import EVERYTHING, PACKET, blind, shown_to
from tutelage.guidance.brief import brief, context, packet
from tutelage.guidance.numbers import DEFAULT, numbers, to_configure
from tutelage.guidance.words import criterion_name


def briefed(case):
    return brief(case.course.state, case.course.track, "r1", case.key)


def told(case):
    return str(context(case.course.state, case.key))


# the trainer's brief -----------------------------------------------------------------------------
def test_the_trainer_sees_the_case_the_call_and_the_question(mentoring):
    view = briefed(mentoring.situation(text="The queue grows").own_call().asked())
    assert (view.key, view.text, view.call) == (
        "s4",
        "The queue grows",
        "Stop the deploy, wake nobody",
    )
    assert (view.why, view.question) == ("Everything else waits for it", "Well?")


def test_the_trainer_sees_a_case_without_a_call_too(mentoring):
    view = briefed(mentoring.situation())
    assert view.call is view.why is view.question is None


def test_the_trainer_sees_the_learner_s_answers(coaching):
    assert briefed(coaching.situation().own_call().guided("ask").read().answered()).answers == (
        "I would wait",
    )


def test_each_criterion_comes_with_level_moves_anchors_and_course(mentoring):
    mentoring.calls(2, 4, 3)
    first = briefed(mentoring.situation(criteria=("order",)).own_call()).criteria[0]
    assert (first.level, first.allowed) == (Level.SHARE, ("share", "ask"))
    assert first.ratings == (2, 2, 2, 2, 4, 3)
    assert first.missed
    assert len(first.anchors) == 5
    assert first.estimate.n == 6


def test_a_criterion_rated_well_lately_is_no_recurring_miss(mentoring):
    mentoring.calls(4, 5, 4, 4, 4)
    view = briefed(mentoring.situation())
    assert not any(c.missed for c in view.criteria)


def test_guidance_may_come_only_on_criteria_whose_level_allows_it(mentoring):
    mentoring.moved("order", Level.DEBRIEF)
    view = briefed(mentoring.situation().own_call())
    assert [c.key for c in view.open_criteria] == ["people", "doubt"]
    mentoring.withdraw()
    assert briefed(mentoring.situation().own_call()).open_criteria == ()


def test_urgent_help_may_come_on_every_criterion_even_when_withdrawn(mentoring):
    mentoring.withdraw()
    assert len(briefed(mentoring.situation().asked(urgent=True)).open_criteria) == 3


def test_what_was_told_and_not_taken_up_is_to_be_said_differently(mentoring):
    mentoring.situation().own_call().rated(2).guided().read().decided()
    view = briefed(mentoring.situation().own_call().rated(2))
    assert [t.situation for t in view.not_taken_up] == ["s4"]


def test_obstacles_that_were_overcome_are_no_longer_worked_on(mentoring):
    mentoring.obstacle("o1", "s1", "s2")
    case = mentoring.situation()
    assert [o.text for o in briefed(case).obstacles] == ["wakes everybody"]
    mentoring.overcome("o1", "s3")
    assert briefed(case).obstacles == ()


@pytest.mark.parametrize("key", ["s99", "s1"])
def test_there_is_no_brief_without_situation_and_goal(mentoring, key):
    course = Course().propose() if key == "s1" else mentoring
    with pytest.raises(Unknown):
        brief(course.state, course.track, "r1", key)


# what reaches the learner ------------------------------------------------------------------------
def test_unread_guidance_is_absent_from_the_context_and_there_once_read(mentoring):
    case = mentoring.situation().own_call().guided()
    assert "SECRET" not in told(case)
    assert "SECRET of s4" in told(case.read())


def test_guidance_of_another_situation_is_not_in_the_context(mentoring):
    mentoring.situation().own_call().guided().read()
    assert "SECRET" not in told(mentoring.situation())


def test_an_unread_question_to_an_answer_is_absent_too(coaching):
    case = coaching.situation().own_call().guided("ask").read().answered()
    case.guided("ask", text="SECOND question")
    assert "SECOND" not in told(case)


def test_the_context_holds_goal_situation_and_what_fits_of_the_notebook(mentoring):
    mentoring.principle("p", ("order",)).principle("q", ("doubt",)).question("what")
    text = told(mentoring.situation(criteria=("order",), text="The queue grows"))
    assert text.startswith("Goal: Decides within ten minutes")
    assert "Situation: The queue grows" in text
    assert "I ask myself:\n- What waits for this?" in text
    assert "Principle p" in text
    assert "Principle q" not in text


def test_a_debrief_reaches_the_learner_after_its_decision(mentoring):
    case = mentoring.situation().own_call().decided().debriefed()
    assert "Afterwards my trainer said:\n- the feed keep" in told(case)


def test_without_a_situation_the_whole_notebook_is_the_context(mentoring):
    mentoring.principle("p").principle("q", ("doubt",))
    whole = context(mentoring.state)
    assert len(whole.notebook.principles) == 2
    assert whole.criteria == mentoring.state.criteria
    assert "Situation" not in str(whole)


def test_before_a_situation_is_opened_its_criteria_say_what_fits(mentoring):
    mentoring.principle("p", ("order",)).principle("q", ("doubt",))
    fits = context(mentoring.state, criteria=("doubt",)).notebook.principles
    assert [p.key for p in fits] == ["q"]


def test_an_empty_relationship_has_an_empty_context():
    assert str(context(Course().state)) == "Goal: "


def test_the_budget_is_a_number_of_the_ledger(mentoring):
    for i in range(9):
        mentoring.principle(f"p{i}")
    case = mentoring.situation()
    assert len(context(mentoring.state, case.key).notebook.principles) == 6
    mentoring.configure(context_principles=2)
    assert len(context(mentoring.state, case.key).notebook.principles) == 2


# what a rater sees -------------------------------------------------------------------------------
def test_a_packet_holds_the_call_and_the_anchors_and_nothing_else(mentoring):
    case = mentoring.situation(criteria=("order",)).own_call().guided().read().decided()
    packet_ = packet(mentoring.state, case.key, "own_call")
    assert packet_.said == "Stop the deploy, wake nobody"
    assert list(packet_.anchors) == ["order"]
    assert packet_.account is None
    assert not any(w in repr(packet_) for w in ("SECRET", "guided", "share", "2026", "Stopped"))


def test_a_packet_of_a_decision_holds_the_decision(mentoring):
    case = mentoring.situation().decided()
    assert packet(mentoring.state, case.key, "decision").said == "Stopped the deploy"
    assert packet(mentoring.state, case.key, "own_call").said == "Stopped the deploy"


def test_a_packet_before_anything_was_said_is_empty(mentoring):
    case = mentoring.situation()
    assert packet(mentoring.state, case.key, "own_call").said == ""


def test_a_packet_of_an_account_holds_the_reasons_before_the_outcome(mentoring):
    case = mentoring.situation().own_call().decided().came_out().accounted()
    view = packet(mentoring.state, case.key, "account")
    assert view.why == "Everything else waits for it"
    assert "option: add workers" in view.account
    assert "drained" not in view.account


@pytest.mark.parametrize("subject", list(PACKET))
def test_nobody_is_shown_levels_guidance_or_outcome_but_the_trainer(coaching, subject):
    assert shown_to(coaching.state, "rita", subject) == PACKET[subject]
    assert shown_to(coaching.state, "tom", subject) == EVERYTHING


# blindness ---------------------------------------------------------------------------------------
def is_blind(case):
    return blind(case.course.state, case.here, case.here.ratings[-1])


def test_a_rater_who_was_shown_only_the_packet_is_blind(coaching):
    assert is_blind(coaching.situation().own_call().rated(3))


def test_the_trainer_is_never_blind(mentoring):
    assert not is_blind(mentoring.situation().own_call().rated(3))


def test_whoever_once_trained_here_is_not_blind():
    course = Course(raters=(RITA,)).agree().baseline()
    for to in ("rita", "tom"):
        party = RITA if to == "rita" else course.trainer
        course.write(HandedOver(to=party, because="holidays"), role=Role.LEARNER)
    case = course.situation().own_call().rated(3)
    assert not is_blind(case)
    assert shown_to(course.state, "rita", "own_call") == EVERYTHING


def test_a_rater_who_became_the_trainer_before_rating_is_not_blind():
    course = Course(raters=(RITA,)).agree().baseline()
    case = course.situation().own_call()
    course.write(HandedOver(to=RITA, because="holidays"), role=Role.LEARNER)
    assert case.here.asked[0].event.shown == PACKET["own_call"]
    assert not is_blind(case.rated(3))


def test_a_rater_who_was_shown_more_is_not_blind(coaching):
    case = coaching.situation()
    coaching.alone(case_call(case.key), role=Role.LEARNER)
    asked = RatingAsked(
        situation=case.key, subject="own_call", rater="rita", shown=("call", "guidance")
    )
    coaching.write(asked)
    assert not is_blind(case.rated(3))


def case_call(key):
    from tutelage.domain.events import OwnCallRecorded

    return OwnCallRecorded(situation=key, call="Stop it", why="It feeds the queue")


def test_nobody_is_blind_who_was_not_asked(coaching):
    case = coaching.situation().own_call().rated(3)
    stranger = case.here.ratings[-1]
    other = coaching.situation().here
    assert not blind(coaching.state, other, stranger)


# small words and numbers -------------------------------------------------------------------------
def test_a_criterion_whose_name_is_gone_is_called_by_its_key(mentoring):
    emptied_ = fold([emptied(e) if e.event.kind == "goal_set" else e for e in mentoring.entries])
    assert criterion_name(mentoring.state, "order").startswith("Settles first")
    assert criterion_name(emptied_, "order") == "order"
    assert criterion_name(Course().state, "order") == "order"


def test_an_old_relationship_keeps_its_numbers_until_another_entry(mentoring):
    assert numbers(mentoring.state) == DEFAULT
    mentoring.configure(dwell=7, something_new=1)
    assert numbers(mentoring.state).dwell == 7
    assert numbers(mentoring.state).window == DEFAULT.window


def test_a_new_relationship_is_configured_with_every_number_and_version(mentoring):
    given, versions = to_configure()
    mentoring.configure(**given)
    assert numbers(mentoring.state) == DEFAULT
    assert set(versions) >= {"policy", "ability", "novelty", "moves"}
    assert given["noise_sd"] == 0.6


# what goes wrong between the two -----------------------------------------------------------------
def leaning(course):
    """A learner who asks although it was right, eight times."""
    for _ in range(8):
        course.situation().own_call().rated(4).asked().guided("ask").read().decided().accounted()
    return course.situation().own_call()


def test_the_trainer_is_told_of_an_alarm_and_what_to_do(mentoring):
    view = briefed(leaning(mentoring))
    assert [i.name for i in view.alarms] == ["dependency"]
    assert "leave the decision with the learner" in view.acts[0]


def test_the_learner_gets_an_offer_and_never_a_label(mentoring):
    text = told(leaning(mentoring))
    assert "An offer: You were right on your own in 8 of 12; decide first next time?" in text
    assert "depend" not in text


def test_before_a_situation_is_opened_the_offer_is_there_too(mentoring):
    leaning(mentoring)
    assert context(mentoring.state, criteria=("order",)).offers
    assert context(mentoring.state).offers


def test_where_nothing_goes_wrong_nothing_is_said(mentoring):
    view = briefed(mentoring.situation().own_call())
    assert (view.alarms, view.acts) == ((), ())
    assert "offer" not in told(mentoring.situation())


def test_silence_is_told_when_the_time_is_given(mentoring):
    case = mentoring.situation().own_call()
    later = mentoring.now + timedelta(days=40)
    view = brief(mentoring.state, mentoring.track, "r1", case.key, later)
    assert "No situation for 40 days" in view.acts[0]
