"""MCP through the official client: in memory, over stdio and over streamable HTTP."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
from pathlib import Path

import anyio
import httpx2
import pytest
from mcp import Client, MCPError
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from tests.support import seeded
from tests.support.cast import BOT
from tests.support.doors import Tools, served
from tutelage.domain.events import PrincipleKept, QuestionKept
from tutelage.doors.mcp import server
from tutelage.doors.tools import TOOLS
from tutelage.service.session import Session

LEARNER = [
    "open_situation",
    "record_own_call",
    "ask_for_help",
    "collect_guidance",
    "answer",
    "record_decision",
    "record_outcome",
    "record_account",
    "get_notebook",
    "keep_principle",
]


@pytest.fixture
def desk(sqlite_url):
    with seeded.desk(sqlite_url) as made:
        seeded.guide(made)
        yield made


def client(desk, actor):
    key = desk.keys.make(actor)
    return Client(server(lambda _headers: Session(desk, desk.keys.open(key))))


def ask(desk, actor, act):
    """What one act of the client comes to."""

    async def run():
        async with client(desk, actor) as connected:
            return await act(connected)

    return anyio.run(run)


def test_the_tools_stand_in_the_order_of_use(desk):
    found = ask(desk, "leo", lambda c: c.list_tools())
    names = [t.name for t in found.tools]
    assert [n for n in names if n in LEARNER] == LEARNER
    assert {"inbox", "guide", "rate", "debrief"} <= set(names)


def test_own_call_reasoning_and_evidence_are_required_arguments():
    (tool,) = (t for t in TOOLS if t.name == "record_own_call")
    required = tool.told.model_json_schema()["required"]
    assert {"own_call", "reasoning", "evidence"} <= set(required)


def test_every_tool_says_what_it_answers_and_takes_nothing_else(desk):
    found = ask(desk, "leo", lambda c: c.list_tools())
    for tool in found.tools:
        assert tool.description
        assert tool.output_schema
        curated = tool.name != "ask_own_call"  # made by the library, as it asks a person
        assert tool.input_schema.get("additionalProperties", True) is not curated


def test_a_text_that_looks_like_json_stays_a_text(desk):
    told = {"relationship": "r", "situation": "j", "criteria": ["impact"], "text": '{"a": [1]}'}
    assert Tools(desk).call("leo", "open_situation", told).status == 200
    assert desk.state("r").find("j").opened.event.text == '{"a": [1]}'


def test_the_answer_says_whether_guidance_is_due_and_what_to_attach(desk):
    tools = Tools(desk)
    told = {"relationship": "r", "situation": "s", "criteria": ["impact"], "text": "It grows"}
    step = tools.call("leo", "open_situation", told).said["step"]
    assert (step["do"], step["attach"]) == ("own_call", ["evidence"])
    assert {"own_call", "reasoning", "evidence"} <= set(step["fields"])
    told = {"relationship": "r", "situation": "s", "own_call": "Wait", "reasoning": "It settles"}
    got = tools.call("leo", "record_own_call", told | {"evidence": "alert.log: 9,120 waiting"})
    assert (got.said["step"]["do"], got.said["step"]["consult"]) == ("wait", True)


def test_the_decision_is_asked_together_with_what_was_done_with_the_advice():
    (tool,) = (t for t in TOOLS if t.name == "record_decision")
    assert "advice" in tool.told.model_json_schema()["required"]


def test_a_refusal_reads_as_a_sentence_and_carries_its_code(desk):
    got = Tools(desk).call("leo", "collect_guidance", {"relationship": "r", "situation": "x"})
    assert (got.status, got.code) == (404, "unknown_situation")
    assert got.said["detail"] == "There is no situation x."


def test_an_unknown_argument_is_named(desk):
    got = Tools(desk).call("leo", "inbox", {"level": 3})
    assert (got.status, got.code) == (422, "malformed")
    assert "level" in got.said["detail"]


def test_a_wrong_key_reads_nothing(desk):
    async def run():
        made = server(lambda _headers: Session(desk, desk.keys.open("tk_no_no")))
        async with Client(made) as connected:
            got = await connected.call_tool("inbox", {})
            with pytest.raises(MCPError, match="no_key"):
                await connected.read_resource("tutelage://r")
            return got

    got = anyio.run(run)
    assert (got.is_error, got.structured_content["code"]) == (True, "no_key")


# resources and the skill -----------------------------------------------------------------------
def test_the_relationship_and_its_trajectory_are_resources(desk):
    found = ask(desk, "leo", lambda c: c.read_resource("tutelage://r"))
    assert json.loads(found.contents[0].text)["life"] == "active"
    found = ask(desk, "leo", lambda c: c.read_resource("tutelage://r/trajectory"))
    assert found.contents[0].text.startswith("# The trajectory of leo")


@pytest.mark.parametrize(
    ("actor", "uri", "says"),
    [
        ("leo", "tutelage://nowhere", "There is no relationship"),
        ("leo", "skill://r/other/SKILL.md", "There is no such skill"),
        ("eve", "tutelage://r", "no role"),
    ],
)
def test_a_foreign_resource_is_not_there(desk, actor, uri, says):
    async def act(connected):
        with pytest.raises(MCPError, match=says):
            await connected.read_resource(uri)

    ask(desk, actor, act)


def kept(desk):
    words = {"says": "Look\n---\nfirst", "when": "It is quiet", "when_not": "Never", "because": "b"}
    desk.write("r", PrincipleKept(principle="p", **words), actor="leo")
    desk.write("r", QuestionKept(question="q", text="What waits?"), actor="leo")


def test_the_notebook_is_a_skill_whose_digest_is_that_of_its_file(desk):
    kept(desk)

    async def act(connected):
        session = connected.session
        listed = await session.send_request(_request("skills/list", {}), _Any)
        uri = listed.skills[0]["uri"]
        one = await session.send_request(_request("skills/get", {"uri": uri}), _Any)
        return listed, one, await connected.read_resource(uri)

    listed, one, file = ask(desk, "leo", act)
    text = file.contents[0].text
    (resource,) = listed.skills[0]["resources"]
    assert resource["digest"] == f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    assert resource["size"] == len(text.encode())
    assert one.skill == listed.skills[0]
    assert listed.skills[0]["uri"] == "skill://r/notebook-r/SKILL.md"
    assert text.count("\n---\n") == 1  # no text of the learner's ends the frontmatter anew
    assert "What waits?" in text


def test_a_trainer_has_no_skill_of_its_learners(desk):
    kept(desk)

    async def act(connected):
        return await connected.session.send_request(_request("skills/list", {}), _Any)

    assert ask(desk, "mia", act).skills == []


def _request(method, params):
    from mcp_types import Request

    class Asked(Request):
        method: str
        params: dict

    return Asked(method=method, params=params)


class _Any:
    """Any result, its fields as attributes."""

    @classmethod
    def model_validate(cls, found, **_more):
        made = cls()
        made.__dict__.update(found)
        return made


# the story, over each transport ----------------------------------------------------------------
async def story(learner, trainer):
    """From a situation to a rated own call and a debriefed decision."""

    async def call(who, name, **told):
        got = await who.call_tool(name, {"relationship": "r", **told})
        assert not got.is_error, got.content
        return got.structured_content

    at = {"situation": "cert"}
    text = "A certificate expires at two."
    await call(learner, "open_situation", **at, text=text, criteria=["impact"], evidence="log")
    await call(learner, "record_own_call", **at, own_call="Renew", reasoning="x", evidence="log")
    tasks = (await trainer.call_tool("inbox", {})).structured_content["items"]
    assert ("guide", "cert") in [(t["what"], t["situation"]) for t in tasks]
    brief = await call(trainer, "get_brief", **at)
    assert brief["evidence"] == "log"
    await call(trainer, "guide", **at, move="ask", text="What waits for it?", criteria=["impact"])
    (given,) = (await call(learner, "collect_guidance", **at))["items"]
    await call(learner, "answer", **at, guidance=given["seq"], text="Two services")
    said = {"decision": "Renewed", "why": "Two wait", "advice": "taken"}
    await call(learner, "record_decision", **at, **said)
    await call(learner, "record_outcome", **at, text="Nothing broke")
    packet = await call(trainer, "get_packet", **at, subject="own_call")
    assert packet["said"] == "Renew"
    await call(trainer, "rate", **at, subject="own_call", ratings={"impact": 3})
    told = {"expected": "e", "happened": "h", "why": "w", "next": "n"}
    await call(trainer, "debrief", **at, **told)
    account = {"noticed": "n", "options": ["a", "b"], "turned_on": "impact", "happened": "h"}
    done = await call(learner, "record_account", **at, **account, asked_myself="What waits?")
    principle = {"says": "Look who waits", "when": "w", "when_not": "n", "because": "b"}
    await call(learner, "keep_principle", principle="who", **principle)
    assert (await call(learner, "get_notebook"))["principles"][0]["key"] == "who"
    return done


def test_the_whole_story_in_memory(desk):
    async def run():
        async with client(desk, "leo") as learner, client(desk, "mia") as trainer:
            return await story(learner, trainer)

    assert anyio.run(run)["step"] is None
    assert desk.track("r").estimate("impact").n == 4


def test_the_whole_story_over_http(desk):
    async def run(at):
        async with contextlib.AsyncExitStack() as stack:
            both = []
            for actor in ("leo", "mia"):
                headers = {"Authorization": f"Bearer {desk.keys.make(actor)}"}
                http = await stack.enter_async_context(httpx2.AsyncClient(headers=headers))
                link = streamable_http_client(f"{at}/mcp", http_client=http)
                both.append(await stack.enter_async_context(Client(link)))
            return await story(*both)

    with served(desk) as at:
        assert anyio.run(run, at)["step"] is None


def test_a_foreign_host_is_turned_away(desk):
    with served(desk) as at:
        headers = {"Host": "evil.example", "Content-Type": "application/json"}
        got = httpx2.post(f"{at}/mcp", json={}, headers=headers)
    assert got.status_code == 421


def test_the_whole_story_over_stdio(desk, sqlite_url):
    tutelage = Path(sys.executable).with_name("tutelage")

    def link(actor):
        args = ["--url", sqlite_url, "mcp", "--as", actor]
        return stdio_client(StdioServerParameters(command=str(tutelage), args=args))

    async def run():
        async with Client(link("leo")) as learner, Client(link("mia")) as trainer:
            return await story(learner, trainer)

    assert anyio.run(run)["step"] is None


def test_over_stdio_a_key_opens_what_it_is_for(desk, sqlite_url):
    key = desk.keys.make("leo", relationship="other")
    tutelage = Path(sys.executable).with_name("tutelage")

    async def run():
        parameters = StdioServerParameters(
            command=str(tutelage),
            args=["mcp"],
            env={"TUTELAGE_URL": sqlite_url, "TUTELAGE_KEY": key},
        )
        async with Client(stdio_client(parameters)) as connected:
            return await connected.call_tool("get_turn", {"relationship": "r"})

    assert anyio.run(run).structured_content["code"] == "unknown_relationship"


# a person behind the client --------------------------------------------------------------------
def elicited(desk, actor, relationship="r"):
    from mcp_types import ElicitResult

    asked = []

    async def person(_context, params):
        asked.append(params.message)
        said = {"own_call": "I would wait", "reasoning": "It settles", "help": "ai"}
        return ElicitResult(action="accept", content=said)

    key = desk.keys.make(actor)
    made = server(lambda _headers: Session(desk, desk.keys.open(key)))

    async def run():
        async with Client(made, elicitation_callback=person) as connected:
            told = {"relationship": relationship, "situation": "s"}
            return await connected.call_tool("ask_own_call", told)

    return anyio.run(run), asked


def test_a_person_is_asked_for_the_own_call_in_a_form(desk):
    desk.write("r", seeded.opened("s"), actor="leo")
    got, asked = elicited(desk, "leo")
    assert got.structured_content["step"]["do"] == "wait"
    known = desk.state("r").find("s")
    assert asked[0].endswith(str(known.opened.event.text))
    assert (known.own_call.event.call, known.own_call.event.help) == ("I would wait", "ai")


def test_an_agent_is_not_asked_in_a_form(desk):
    seeded.guide(desk, "a", learner=BOT)
    got, asked = elicited(desk, "bot", "a")
    assert (got.is_error, asked) == (True, [])
    assert "[not_a_person]" in got.content[0].text
