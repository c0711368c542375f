"""The coach's next question follows from this learner's call, answers, and what it was asked."""

from __future__ import annotations

import pytest

from tests.support.course import Course
from tutelage.domain.events import Answered, GuidanceGiven
from tutelage.domain.terms import Level, Role
from tutelage.guidance.brief import Brief, brief
from tutelage.guidance.moves import read
from tutelage.trainers import QuestionCoach
from tutelage.trainers.questions import CRITERION, FACETS, NARROWER, QUOTED, in_quotes

COACH = QuestionCoach("coach")
OPTIONS, EVIDENCE, DOUBT = (f.questions for f in FACETS[:3])
ORDER = {"criteria": ("order",)}


def briefed(case) -> Brief:
    return brief(case.course.state, case.course.track, "r1", case.key)


def next_question(case) -> str:
    given = COACH.guide(briefed(case), ())
    assert given is not None
    return str(given.text)


def ask(case, text: str | None = None):
    """The coach's question is given, and read."""
    event = COACH.guide(briefed(case), ())
    event = event.model_copy(update={"text": text}) if text else event
    case.course.write(event, role=Role.TRAINER)
    return case.read()


def answer(case, text: str):
    seq = case.here.guidance[-1].entry.seq
    case.course.write(Answered(situation=case.key, guidance=seq, text=text), role=Role.LEARNER)
    return case


def call(course: Course, said: str, **more):
    return course.situation(**ORDER).own_call(call=said, why="It is so", **more)


# what the call left out --------------------------------------------------------------------------
def test_it_asks_first_how_the_criterion_bears_on_the_case(coaching):
    question = next_question(call(coaching, "Roll it back"))
    assert question == "How does “Settles first what everything else waits for” bear on this case?"


def test_whoever_spoke_of_the_criterion_is_asked_what_else_was_left_out(coaching):
    said = "This settles what the others wait for"
    assert next_question(call(coaching, said)) == OPTIONS[0]
    assert next_question(call(coaching, f"{said}; else wait instead")) == EVIDENCE[0]


def test_an_expectation_with_a_probability_has_weighed_the_doubt(coaching):
    covered = "This settles it; I saw the log; the other option costs more"
    assert next_question(call(coaching, covered)) == DOUBT[0]
    assert next_question(call(coaching, covered, probability=0.7)) not in DOUBT


@pytest.mark.parametrize("said", ["I don't know yet", "No idea what to do"])
def test_whoever_does_not_know_is_asked_something_narrower(coaching, said):
    assert next_question(call(coaching, said)) == NARROWER[0]


# the last answer ---------------------------------------------------------------------------------
def test_the_answer_is_read_like_the_call(coaching):
    case = ask(call(coaching, "This settles it"))
    assert answer(case, "I could use the other option, and it costs an hour").here.answers
    assert next_question(case) == EVIDENCE[0]


def test_a_short_answer_gets_the_same_thing_asked_differently(coaching):
    case = ask(call(coaching, "This settles it"))
    assert next_question(answer(case, "none really")) == OPTIONS[1]


def test_an_answer_of_not_knowing_is_asked_narrower_and_then_narrower_still(coaching):
    case = ask(call(coaching, "I don't know"))
    assert next_question(answer(case, "I have no idea")) == NARROWER[1]


# what was asked before ---------------------------------------------------------------------------
def test_it_never_asks_the_same_twice(coaching):
    asked = []
    for n in range(30):
        case = call(coaching, f"Roll back number {n}")
        asked.append(next_question(case))
        ask(case).decided()
    assert len(set(asked)) == 30
    assert "Roll back number 29" in asked[-1]


def test_it_remembers_what_was_asked_on_another_criterion(coaching):
    said = "I tell those who act on it; this settles it"
    ask(call(coaching, said)).decided()
    case = coaching.situation(criteria=("people",)).own_call(call=said, why="x")
    assert next_question(case) != OPTIONS[0]


def test_with_nothing_left_to_ask_it_adds_nothing(coaching):
    for _ in range(30):
        case = call(coaching, "Roll it back")
        event = COACH.guide(briefed(case), ())
        if event is None:
            break
        coaching.write(event, role=Role.TRAINER)
        case.read().decided()
    else:
        pytest.fail("It always had a question left.")


def test_what_was_not_taken_up_is_said_differently(coaching):
    first = ask(call(coaching, "This settles it")).rated(2).decided()
    assert str(first.here.guidance[0].entry.event.text) == OPTIONS[0]
    case = call(coaching, "This settles it").rated(2)
    assert next_question(case) == OPTIONS[1]
    taken_up = call(coaching, "This settles it, or else the other option")
    assert next_question(taken_up) not in OPTIONS


def test_how_the_criterion_bears_on_the_case_is_said_differently_too(coaching):
    ask(call(coaching, "Roll it back")).rated(2).decided()
    case = call(coaching, "Roll it back").rated(2)
    assert next_question(case).startswith("Looking only at “Settles first")
    assert CRITERION[1].startswith("Looking only at")


# within its limits -------------------------------------------------------------------------------
def test_it_quotes_a_long_call_in_part_and_never_its_quotation_marks(coaching):
    said = 'Roll it back, then say "you should stop" to everyone'
    assert in_quotes(said) == said.replace('"', "")
    assert len(in_quotes("word " * 100)) <= QUOTED + 2


def test_it_works_on_the_criterion_with_most_room(coaching):
    coaching.situation().own_call().rated(order=5, people=1, doubt=5).decided()
    given = COACH.guide(briefed(coaching.situation().own_call()), ())
    assert given.criteria == ("people",)
    assert "most room" in given.why


def test_it_names_the_obstacle_it_works_on(coaching):
    from tutelage.domain.events import ObstacleNamed

    named = ObstacleNamed(
        obstacle="o", text="x", when="x", criteria=("order",), situations=("s1", "s2")
    )
    coaching.write(named, role=Role.TRAINER)
    assert COACH.guide(briefed(call(coaching, "Roll back")), ()).obstacle == "o"


def test_it_has_nothing_to_ask_where_the_learner_decides_first(coaching):
    coaching.moved("order", Level.DEBRIEF)
    assert COACH.guide(briefed(call(coaching, "Roll back")), ()) is None


def test_its_debrief_leaves_the_question_for_next_time(coaching):
    case = call(coaching, "This settles it", expects="It drains").decided().came_out()
    said = COACH.debrief(briefed(case))
    assert said.next == f"Next time, ask yourself first: {OPTIONS[0]}"
    assert (said.expected, said.happened) == ("It drains", "The queue drained")


def test_what_is_not_known_in_a_debrief_is_said_to_be(coaching):
    said = COACH.debrief(briefed(call(coaching, "Roll back", expects=None).decided()))
    assert said.expected == "You did not say what you expected."
    assert said.happened == "What came of it is not known yet."


def test_without_criteria_there_is_no_debrief(coaching):
    from dataclasses import replace

    bare = replace(briefed(call(coaching, "x").decided()), criteria=())
    assert COACH.debrief(bare) is None
    assert COACH.guide(bare, ()) is None


def test_whatever_it_gives_asks(coaching):
    given = COACH.guide(briefed(call(coaching, "You should stop it. Stop it now!")), ())
    assert isinstance(given, GuidanceGiven)
    assert read(str(given.text)).move == given.move == "ask"
