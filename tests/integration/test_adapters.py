"""Each adapter against the real framework, without a network: the run becomes a situation."""

from __future__ import annotations

import anyio
import pytest

from tests.support import seeded
from tests.support.doors import served
from tutelage.domain.events import GuidanceGiven, QuestionKept
from tutelage.sdk import Client, Flow, Sampling
from tutelage.sdk.spool import Spool

TASK = "The queue grows and nobody deployed."


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    file = tmp_path_factory.mktemp("adapters") / "t.db"
    with seeded.desk(f"sqlite:///{file}") as made:
        seeded.guide(made)
        made.write("r", QuestionKept(question="q", text="Who waits for it?"), actor="leo")
        yield made


@pytest.fixture(scope="module")
def at(desk):
    with served(desk) as url:
        yield url


@pytest.fixture
def flow(desk, at, tmp_path):
    with Client(at, desk.keys.make("leo")) as client:
        yield Flow(
            client, "r", ("impact",), Sampling(share=1.0), spool=Spool(tmp_path / "s"), timeout=5
        )


@pytest.fixture
def away(tmp_path):
    with Client("http://127.0.0.1:9", "k") as client:
        yield Flow(client, "r", ("impact",), Sampling(share=1.0), spool=Spool(tmp_path / "s"))


@pytest.fixture
def quick_trainer(desk, flow, monkeypatch):
    """A trainer that asks at the moment an own call is written."""
    flow.patience = 3.0
    write = desk.write

    def answering(name, event, **more):
        written = write(name, event, **more)
        if event.kind == "own_call_recorded":
            ask = GuidanceGiven(
                situation=event.situation, move="ask", text="Ask Ann?", criteria=("impact",)
            )
            write(name, ask, actor="mia")
        return written

    monkeypatch.setattr(desk, "write", answering)


def last(desk):
    return desk.state("r").situations[-1]


def decided(desk):
    known = last(desk)
    return known.own_call.event.call, known.decision.event.decision, known.decision.event.advice


# pydantic-ai -----------------------------------------------------------------------------------
def pydantic_run(flow, seen):
    from pydantic_ai import Agent
    from pydantic_ai.messages import ModelResponse, TextPart
    from pydantic_ai.models.function import FunctionModel

    from tutelage.sdk.adapters.pydantic_ai import Tutelage

    def model(messages, info):
        told = f"{info.instructions} {messages}"
        seen.append(told)
        return ModelResponse([TextPart("Ask Ann" if "Ask Ann?" in told else "Wait")])

    agent = Agent(FunctionModel(model), capabilities=[Tutelage(flow)])
    return anyio.run(agent.run, TASK).output


def test_a_run_of_pydantic_ai_becomes_a_situation_with_the_notebook_in_its_context(flow, desk):
    seen = []
    assert pydantic_run(flow, seen) == "Wait"
    assert "Who waits for it?" in seen[0]
    assert last(desk).opened.event.text == TASK
    assert decided(desk) == ("Wait", "Wait", "none")


def test_pydantic_ai_asks_its_model_once_more_where_guidance_came(flow, desk, quick_trainer):
    assert pydantic_run(flow, []) == "Ask Ann"
    assert decided(desk) == ("Wait", "Ask Ann", "unknown")


def test_pydantic_ai_runs_on_where_tutelage_is_away(away):
    assert pydantic_run(away, []) == "Wait"
    assert len(away.spool) == 3


# LangChain -------------------------------------------------------------------------------------
def langchain_agent(flow, seen):
    from langchain.agents import create_agent
    from langchain_core.language_models.fake_chat_models import FakeListChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.outputs import ChatGeneration, ChatResult

    from tutelage.sdk.adapters.langchain import Tutelage

    class Model(FakeListChatModel):
        def _generate(self, messages, *_args, **_more):
            told = str(messages)
            seen.append(told)
            said = AIMessage("Ask Ann" if "Ask Ann?" in told else "Wait")
            return ChatResult(generations=[ChatGeneration(message=said)])

    return create_agent(Model(responses=["x"]), tools=[], middleware=[Tutelage(flow)])


def asked():
    return {"messages": [{"role": "user", "content": TASK}]}


def test_a_run_of_langchain_becomes_a_situation_with_the_notebook_in_its_context(flow, desk):
    seen = []
    answer = langchain_agent(flow, seen).invoke(asked())
    assert answer["messages"][-1].text == "Wait"
    assert "Who waits for it?" in seen[0]
    assert decided(desk) == ("Wait", "Wait", "none")


def test_langchain_calls_its_model_once_more_where_guidance_came(flow, desk, quick_trainer):
    answer = langchain_agent(flow, []).invoke(asked())
    assert answer["messages"][-1].text == "Ask Ann"
    assert decided(desk) == ("Wait", "Ask Ann", "unknown")


def test_langchain_does_the_same_asynchronously(flow, desk, quick_trainer):
    answer = anyio.run(langchain_agent(flow, []).ainvoke, asked())
    assert answer["messages"][-1].text == "Ask Ann"
    assert decided(desk) == ("Wait", "Ask Ann", "unknown")


def test_langchain_runs_on_where_tutelage_is_away(away):
    answer = langchain_agent(away, []).invoke(asked())
    assert answer["messages"][-1].text == "Wait"
    assert len(away.spool) == 3


# OpenAI Agents ---------------------------------------------------------------------------------
def openai_run(flow, seen):
    from agents import Agent, ModelResponse, RunConfig, Runner, Usage
    from agents.models.interface import Model
    from openai.types.responses import ResponseOutputMessage, ResponseOutputText

    from tutelage.sdk.adapters.openai_agents import Tutelage

    class Fake(Model):
        async def get_response(self, *_args, **given):
            seen.append(str(given["input"]))
            text = ResponseOutputText(text="Wait", type="output_text", annotations=[])
            said = ResponseOutputMessage(
                id="m", content=[text], role="assistant", status="completed", type="message"
            )
            return ModelResponse(output=[said], usage=Usage(), response_id=None)

        def stream_response(self, *_args, **_more):
            raise NotImplementedError

    async def run():
        agent = Agent(name="bot", model=Fake())
        config = RunConfig(tracing_disabled=True)
        return await Runner.run(agent, TASK, hooks=Tutelage(flow), run_config=config)

    return anyio.run(run).final_output


def test_a_run_of_openai_agents_becomes_a_situation_with_the_notebook_in_its_context(flow, desk):
    seen = []
    assert openai_run(flow, seen) == "Wait"
    assert "Who waits for it?" in seen[0]
    assert last(desk).opened.event.text == TASK
    assert decided(desk) == ("Wait", "Wait", "none")


def test_openai_agents_run_on_where_tutelage_is_away(away):
    assert openai_run(away, []) == "Wait"
    assert len(away.spool) == 3


def test_pydantic_ai_spends_none_of_the_agents_own_retries(flow, desk, quick_trainer):
    from pydantic_ai import Agent
    from pydantic_ai.messages import ModelResponse, TextPart
    from pydantic_ai.models.function import FunctionModel

    from tutelage.sdk.adapters.pydantic_ai import Tutelage

    model = FunctionModel(lambda _messages, _info: ModelResponse([TextPart("Wait")]))
    agent = Agent(model, capabilities=[Tutelage(flow)], retries=0)
    assert anyio.run(agent.run, TASK).output == "Wait"


def test_an_answer_by_an_output_tool_is_a_call_too(flow, desk):
    from pydantic_ai import Agent
    from pydantic_ai.models.test import TestModel

    from tutelage.sdk.adapters.pydantic_ai import Tutelage

    agent = Agent(TestModel(), output_type=dict[str, int], capabilities=[Tutelage(flow)])
    anyio.run(agent.run, TASK)
    assert last(desk).decision.event.decision.startswith("{")
