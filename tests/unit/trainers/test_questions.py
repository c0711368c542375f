"""The question bank: each question asks, whatever name or words stand in it."""

import pytest

from tutelage.guidance.moves import read
from tutelage.trainers.questions import (
    CRITERION,
    DECIDE_FIRST,
    FACETS,
    NARROWER,
    ON_GOAL,
    OWN_WORDS,
    SHORT,
    UNDECIDED,
)

NAMES = (
    "Settles first what everything else waits for",
    "You should always stop the deploy",
    "Why don't you just refund them?",
    "weighing impact against the rest",
)
PLAIN = [*(q for f in FACETS for q in f.questions), *NARROWER, *DECIDE_FIRST]


@pytest.mark.parametrize("question", PLAIN)
def test_every_question_asks(question):
    assert read(question).move == "ask"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("question", [*CRITERION, ON_GOAL, *OWN_WORDS])
def test_every_question_asks_whatever_is_quoted_in_it(question, name):
    assert read(question.format(name=name, said=name)).move == "ask"


def test_no_question_stands_twice_in_the_bank():
    every = [*PLAIN, *CRITERION, ON_GOAL, *OWN_WORDS]
    assert len(set(every)) == len(every)


def test_each_facet_can_be_asked_in_three_ways():
    assert {len(f.questions) for f in FACETS} == {3}
    assert len({f.key for f in FACETS}) == len(FACETS)


@pytest.mark.parametrize(
    ("facet", "said"),
    [
        ("options", "Roll back, or else wait for the night shift"),
        ("evidence", "The log shows a gap"),
        ("doubt", "Wait, unless the curve turns"),
        ("people", "The customer would have to be told"),
        ("difference", "Unlike the case in May nothing was deployed"),
        ("time", "It can wait until tomorrow"),
    ],
)
def test_what_a_call_covers_is_seen(facet, said):
    covered = {f.key for f in FACETS if f.covered(said)}
    assert facet in covered
    assert "difference" not in {f.key for f in FACETS if f.covered("Roll it back")}


@pytest.mark.parametrize("said", ["I don't know yet", "No idea", "I am not sure here"])
def test_not_knowing_is_heard(said):
    assert UNDECIDED.search(said)
    assert len(said) < SHORT
