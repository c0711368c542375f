"""A language model as the demo's mentor: it shares from the bank, and its learner reads the case."""

from __future__ import annotations

import re

import pytest
from tutelage_studies.backgammon import modelled
from tutelage_studies.backgammon.course import Course, agree, open_desk

from tests.unit.trainers.llm.recorded import Recorded
from tutelage.domain.errors import Unavailable
from tutelage.domain.events import GuidanceGiven, ModelCalled, PrincipleKept

NEVER = "no-such-model"


def shares(shown: str):
    """What a model does that tells the first experience on a criterion that may be shared."""
    may = re.findall(r"^\| (\w+): share", shown, re.MULTILINE)
    known = re.findall(
        r"^=== experience (\S+) .*\n\| The case: .*\n\| What I did: (.*)", shown, re.MULTILINE
    )
    key, did = next((k, d) for k, d in known if k.split("-")[1] in may) if may else known[0]
    said = {"move": "share", "criteria": [key.split("-")[1]], "text": f"I stood so once. {did}"}
    return said | {"why": "It is alike.", "experience": key, "copied": [did]}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Twelve games with a mentor by a model."""
    file = tmp_path_factory.mktemp("modelled") / "demo.db"
    model = Recorded(shares)
    with open_desk(file, 1) as desk:
        desk.agents["mentor"] = modelled.ModelledMentor("mentor", model, budget=modelled.BUDGET)
        agree(desk, "r")
        played = Course(desk, "r", 1, 1)
        for number in range(1, 13):
            played.game(number)
        yield played


def told(course, kind):
    return [e.event for e in course.desk.entries("r") if isinstance(e.event, kind)]


def test_what_it_shares_is_told_with_the_case_as_the_bank_has_it(course):
    given = [g for g in told(course, GuidanceGiven) if g.move == "share"]
    bank = {e.key: e for e in course.desk.bank.of("mentor")}
    assert given
    assert all(bank[g.experience].did in str(g.text) for g in given)


def test_the_learner_keeps_something_of_it_and_each_call_is_an_entry(course):
    assert any(p.follows for p in told(course, PrincipleKept))
    assert len(told(course, ModelCalled)) >= len(told(course, GuidanceGiven))


def test_a_model_that_cannot_be_used_is_refused_before_the_first_game(tmp_path):
    with pytest.raises(Unavailable, match=NEVER):
        open_desk(tmp_path / "demo.db", 1, model=NEVER)
