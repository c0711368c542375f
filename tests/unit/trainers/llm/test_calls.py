"""Every call is taken down, and none is made beyond the budget."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.models.test import TestModel

from tests.unit.trainers.llm.recorded import Recorded, Silent, asking
from tutelage.domain.errors import Malformed, Unavailable
from tutelage.guidance.brief import brief
from tutelage.trainers.llm import Budget, ModelCoach, Spent, calls

QUESTION = "What would change your mind?"


@pytest.fixture
def briefed(coaching):
    case = coaching.situation(criteria=("order",)).own_call()
    return brief(case.course.state, case.course.track, "r1", case.key)


def coach(model, **budget):
    return ModelCoach("coach", model, budget=Budget(**{"tries": 2, "answer_seconds": 5} | budget))


def refused(agent, briefed, spent=None) -> str:
    with pytest.raises(Unavailable) as refusal, agent.within(spent or Spent()):
        agent.guide(briefed, ())
    return refusal.value.code


# taken down --------------------------------------------------------------------------------------
def test_a_call_has_model_prompt_version_tokens_and_cost(briefed):
    agent = coach(Recorded(asking(), name="m-1", tokens=70, cost="0.25"))
    agent.guide(briefed, ())
    (call,) = agent.calls()
    assert (call.model, call.prompt_version, call.agent) == ("function:m-1", "coach-1", "coach")
    assert (call.tokens_in, call.tokens_out, call.cost) == (70, 10, 0.25)
    assert agent.calls() == ()


def test_the_version_that_answered_is_named_where_it_is_another(briefed):
    model = Recorded(asking(), name="m", answers_as="m-2026-01-30")
    agent = coach(model)
    agent.guide(briefed, ())
    assert [c.model for c in agent.calls()] == ["function:m (m-2026-01-30)"]


def test_without_a_price_only_tokens_bound_it(briefed, caplog):
    agent = coach(Recorded(asking()), cost=1.0)
    agent.guide(briefed, ())
    assert "price of function:recorded is not known" in caplog.text


def test_each_try_is_a_call(briefed):
    agent = coach(Recorded(asking("Wait."), asking()))
    agent.guide(briefed, ())
    assert len(agent.calls()) == 2


@pytest.mark.parametrize(
    ("model", "code"),
    [
        (Recorded("no"), "model_nonsense"),
        (Recorded(ModelHTTPError(500, "m", "gone")), "model_away"),
        (Silent(asking()), "model_slow"),
    ],
)
def test_failed_calls_are_taken_down_too(briefed, model, code):
    agent = coach(model, answer_seconds=0.05)
    assert refused(agent, briefed) == code
    made = agent.calls()
    assert made
    assert all(c.tokens_in > 0 for c in made)


def test_calls_are_taken_down_for_the_thread_that_made_them(briefed):
    agent = coach(Recorded(asking()))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _n: agent.guide(briefed, ()), range(4)))
    assert agent.calls() == ()


# silence -----------------------------------------------------------------------------------------
def test_after_silence_it_is_asked_once_more(briefed):
    agent = coach(Silent(asking(), times=1), answer_seconds=0.05)
    assert agent.guide(briefed, ()).text == QUESTION
    assert len(agent.calls()) == 2


def test_it_works_where_a_loop_is_running_already(briefed):
    async def inside():
        return coach(Recorded(asking())).guide(briefed, ())

    assert asyncio.run(inside()).text == QUESTION


# budgets -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("limit", "spent"),
    [
        ({"tokens": 100}, Spent(tokens=100)),
        ({"cost": 1.0}, Spent(cost=1.0)),
        ({"seconds": 9}, Spent(seconds=9)),
        ({"tokens": 0}, Spent()),
    ],
)
def test_where_the_budget_is_spent_no_call_is_made(briefed, limit, spent):
    agent = coach(Recorded(asking()), **limit)
    assert refused(agent, briefed, spent) == "budget_spent"
    assert agent.calls() == ()


@pytest.mark.parametrize("limit", [{"tokens": 150}, {"cost": 0.3}])
def test_it_stops_between_two_tries(briefed, limit):
    agent = coach(Recorded(asking("Wait."), asking(), cost="0.3", tokens=200), **limit)
    assert refused(agent, briefed) == "budget_spent"
    assert len(agent.calls()) == 1


def test_waiting_counts_also_where_nothing_came_of_it(briefed):
    agent = coach(Silent(asking()), answer_seconds=0.05, seconds=0.04, tries=2)
    assert refused(agent, briefed) == "budget_spent"
    (call,) = agent.calls()
    assert call.seconds >= 0.05


def test_what_one_answer_may_take_is_told_to_the_provider(briefed):
    agent = ModelCoach("coach", Recorded(asking()), settings={"temperature": 0.0})
    agent.guide(briefed, ())
    (info,) = agent.model.infos
    assert info.model_settings == {"max_tokens": 2000, "timeout": 60.0, "temperature": 0.0}


@pytest.mark.parametrize("wrong", [{"tokens": -1}, {"tries": 0}, {"cost": float("nan")}])
def test_a_budget_is_of_numbers(wrong):
    with pytest.raises(Malformed):
        Budget(**wrong)


# models ------------------------------------------------------------------------------------------
def test_the_librarys_own_test_model_does(briefed):
    made = TestModel(custom_output_args=asking())
    assert coach(made).guide(briefed, ()).text == QUESTION


@pytest.mark.parametrize("name", ["no-such-model", "nobody:gpt", "openai:gpt-5"])
def test_a_model_that_cannot_be_used_is_named(briefed, name, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    agent = ModelCoach("coach", name)
    with pytest.raises(Unavailable, match=name) as refusal:
        agent.guide(briefed, ())
    assert refusal.value.code == "no_such_model"
    with pytest.raises(Unavailable, match=name):
        agent.ready()


def test_the_library_is_loaded_by_the_first_call_and_not_before():
    code = "import sys, tutelage.trainers.llm as m; m.ModelRater('r', 'test'); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "tutelage.trainers.llm.rating" in done.stdout
    assert "pydantic_ai" not in done.stdout


def test_without_the_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(calls, "find_spec", lambda _name: None)
    with pytest.raises(Unavailable, match=r"pip install 'tutelage\[llm\]'"):
        ModelCoach("coach", "openai:gpt-5")
