"""What was found by attacking the doors, each as a sentence."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bench.workload import GOAL, KEYS
from tests.support import seeded
from tests.support.doors import Rest
from tests.support.seeded import opened, own_call
from tutelage.domain.errors import NotYours, TooMany, Unavailable
from tutelage.domain.events import ConcernRaised, GuidanceGiven, Noted, PrincipleKept, Signed
from tutelage.domain.terms import Party, Role
from tutelage.doors.watching import Watch
from tutelage.guidance.blind import blind
from tutelage.sdk import Client, Flow, Sampling
from tutelage.sdk.spool import Kept, Spool
from tutelage.service.pair import begin

BOT = Party(id="bot", kind="agent", owner="olga")
RAY, OLGA = Party(id="ray", kind="person"), Party(id="olga", kind="person")
PRINCIPLE = PrincipleKept(
    principle="p", says="SECRET", when="w", when_not="n", because="b", criteria=KEYS[:1]
)


@pytest.fixture
def rest(sqlite_url):
    """A guided relationship rated by ray and by olga, who owns the agent; guidance waits in s."""
    with seeded.desk(sqlite_url) as desk:
        seeded.guide(desk, learner=BOT, raters=(RAY, OLGA), concern_contact="hr")
        desk.write("r", opened("s"), actor="bot")
        desk.write("r", own_call("s"), actor="bot")
        ask = GuidanceGiven(situation="s", move="ask", text="GUIDANCE?", criteria=KEYS[:1])
        desk.write("r", ask, actor="mia")
        yield Rest(desk)


RATED = {"situation": "s", "subject": "own_call", "ratings": {KEYS[0]: 3}}


def test_a_rater_is_not_told_by_the_list_where_the_relationship_stands(rest):
    assert rest("GET", "/relationships", rest.key("ray", "r")).json()["items"] == []


def test_a_rater_is_not_told_by_the_answer_to_its_rating_that_guidance_waits(rest):
    said = rest("POST", "/relationships/r/rated", rest.key("ray"), json=RATED).json()
    assert (said["step"], said["may_read"], said["guidance_due"]) == (None, [], [])
    assert said["whose"] is None


@pytest.mark.parametrize("path", ["", "/entries", "/trajectory", "/notebook"])
def test_a_rater_who_read_the_relationship_as_its_owner_rates_it_knowing(rest, path):
    rest("GET", f"/relationships/r{path}", rest.key("olga"))
    assert rest("POST", "/relationships/r/rated", rest.key("olga"), json=RATED).status_code == 200
    state = rest.desk.state("r")
    (rated,) = state.find("s").ratings
    assert not blind(state, state.find("s"), rated)


def test_a_key_for_one_role_reads_nothing_of_its_actors_other_roles(rest):
    rest.desk.collect_guidance("r", "s", actor="bot")
    got = rest("GET", "/relationships/r/entries", rest.key("olga", "r", Role.RATER))
    assert got.status_code == 200
    assert "GUIDANCE?" not in got.text
    assert {e["event"]["kind"] for e in got.json()["items"]} <= {"rating_asked", "rated"}


def test_a_key_for_one_relationship_opens_no_bank(rest):
    key = rest.key("mia", "r")
    story = {"key": "k", "case": "c", "did": "d", "why": "w", "came_out": "o"}
    assert rest("GET", "/bank", key).status_code == 403
    assert rest("POST", "/bank", key, json={"items": [story]}).status_code == 403


def test_a_concern_and_a_private_note_are_removed_by_nobody_else(rest):
    for event in (ConcernRaised(text="x"), Noted(text="x")):
        seq = rest.desk.write("r", event, actor="mia").seq
        for actor in ("bot", "olga"):
            with pytest.raises(NotYours):
                rest.desk.redact("r", seq, actor=actor)


def test_who_owns_the_trainer_removes_no_text_of_the_learners(sqlite_url):
    with seeded.desk(sqlite_url) as desk:
        seeded.guide(desk, trainer=Party(id="coach", kind="agent", owner="vendor"))
        seq = desk.write("r", PRINCIPLE, actor="leo").seq
        with pytest.raises(NotYours):
            desk.redact("r", seq, actor="vendor")
        assert desk.redact("r", seq, actor="leo")


def test_a_text_removed_by_one_process_is_served_by_no_other(rest, sqlite_url):
    seq = rest.desk.write("r", PRINCIPLE, actor="bot").seq
    with seeded.desk(sqlite_url, seed=2) as other:
        assert "SECRET" in str(other.state("r").principles)
        rest.desk.redact("r", seq, actor="bot")
        assert "SECRET" not in str(other.state("r").principles)


def test_an_id_of_an_entry_is_told_to_nobody_without_a_role(rest):
    got = rest.write("eve", "r", "noted", {"text": "x"}, id="open.r")
    assert (got.status, got.code) == (403, "no_role")


def test_wrong_keys_of_somebody_else_lock_nobody_out(rest):
    for _ in range(25):
        last = rest("GET", "/key", "tk_aa_bb")
    assert last.status_code == 429
    assert rest("GET", "/key", rest.key("mia")).status_code == 200


def test_events_end_for_a_key_that_was_revoked(rest):
    shown = rest.key("bot")
    rest.desk.keys.revoke(rest.desk.keys.open(shown).id)
    assert rest("GET", "/relationships/r/events?seconds=0", shown).status_code == 401


def test_who_waits_for_news_does_not_hurry_a_database_that_is_away(rest, monkeypatch):
    watch, looks = Watch(rest.desk, every=0.05), []

    def away(_names):
        looks.append(1)
        raise Unavailable("locked", "away")

    monkeypatch.setattr(watch, "_now", away)
    assert asyncio.run(watch.beyond("r", 99, 0.3)) is None
    assert 0 < len(looks) < 20


# begun in one call -----------------------------------------------------------------------------
def test_a_pair_with_another_person_as_trainer_goes_on_once_that_person_has_signed(sqlite_url):
    who = {"learner": "bot", "trainer": "mia", "owner": "olga"}
    with seeded.desk(sqlite_url) as desk:
        name = begin(desk, GOAL, **who).name
        begin(desk, GOAL, **who)
        desk.write(name, Signed(what="agreement"), actor="mia")
        begin(desk, GOAL, **who)
        desk.write(name, Signed(what="goal"), actor="mia")
        assert begin(desk, GOAL, **who).desk.state(name).agreed


def test_a_pair_that_was_killed_before_the_goal_was_signed_goes_on(sqlite_url, monkeypatch):
    who = {"learner": "bot", "trainer": "olga", "owner": "olga"}
    with seeded.desk(sqlite_url) as desk:
        write = desk.write

        def killed(name, event, **more):
            if event == Signed(what="goal"):
                raise KeyboardInterrupt
            return write(name, event, **more)

        with monkeypatch.context() as patched:
            patched.setattr(desk, "write", killed)
            with pytest.raises(KeyboardInterrupt):
                begin(desk, GOAL, **who)
        assert desk.state(begin(desk, GOAL, **who).name).agreed


def test_a_second_question_is_answered_as_the_first_was(sqlite_url):
    with seeded.desk(sqlite_url) as desk:
        pair = begin(desk, GOAL, learner="bot", trainer="olga", owner="olga", mode="coach")
        with pair.situation("One case.") as b:
            b.own_call("Wait", "It settles")
        pair.rate(b.key, 2)
        pair.begin_guidance(because="enough")
        with pair.situation("A new case.", situation="s" * 64) as s:
            s.own_call("Wait", "It settles")
            for text in ("What else?", "Who waits?"):
                ask = GuidanceGiven(situation=s.key, move="ask", text=text, criteria=KEYS[:1])
                desk.write(pair.name, ask, actor="olga")
                s.collect_guidance()
                s.answer(f"About {text}")
        assert len(desk.state(pair.name).find(s.key).answers) == 2


# the spool and the flow ------------------------------------------------------------------------
def kept(n):
    return Kept("r", f"i{n}", Noted(text=f"note {n}"))


def test_nobody_waits_for_a_drain_to_put_something_in(tmp_path):
    spool, go = Spool(tmp_path / "s"), threading.Event()
    spool.put(kept(0))
    draining = threading.Thread(target=spool.drain, args=(lambda _k: go.wait(10),))
    draining.start()
    putting = threading.Thread(target=spool.put, args=(kept(1),))
    putting.start()
    putting.join(5)
    assert not putting.is_alive()
    go.set()
    draining.join()


def test_what_another_process_puts_in_during_a_drain_is_kept(tmp_path):
    spool, other, got = Spool(tmp_path / "s"), Spool(tmp_path / "s"), []
    spool.put(kept(0))

    def write(k):
        got.append(k.id)
        if k.id == "i0":
            other.put(kept(1))
            assert other.drain(got.append) == 0  # one drains at a time

    spool.drain(write)
    assert got == ["i0", "i1"]


def test_too_many_requests_set_nothing_aside(tmp_path):
    spool = Spool(tmp_path / "s")
    spool.put(kept(0))

    def refuse(_kept):
        raise TooMany("too_many", "wait")

    assert (spool.drain(refuse), len(spool)) == (0, 1)


def test_a_line_torn_by_a_kill_takes_no_other_with_it(tmp_path):
    spool, got = Spool(tmp_path / "s"), []
    spool.file.write_text('{"relationship": "r", "id": "to')
    spool.put(kept(1))
    spool.drain(lambda k: got.append(k.id))
    assert got == ["i1"]


@pytest.mark.parametrize("body", [b"<html>sign in</html>"])
def test_an_agent_runs_on_where_something_else_answers(tmp_path, body):
    import httpx

    other = httpx.Client(
        transport=httpx.MockTransport(lambda _r: httpx.Response(200, content=body))
    )
    client = Client("http://localhost", "k", http=other)
    flow = Flow(client, "r", ("impact",), Sampling(share=1.0), spool=Spool(tmp_path / "s"))
    assert flow.run("t", lambda _context: "answer") == "answer"
    assert len(flow.spool) == 3


def test_an_agent_runs_on_where_its_client_is_closed(tmp_path):
    client = Client("http://127.0.0.1:9", "k")
    client.close()
    flow = Flow(client, "r", ("impact",), Sampling(share=1.0), spool=Spool(tmp_path / "s"))
    assert flow.run("t", lambda _context: "answer") == "answer"


def test_many_runs_of_langchain_at_once_do_not_wait_for_each_other(tmp_path):
    from langchain.agents import create_agent
    from langchain_core.language_models.fake_chat_models import FakeListChatModel

    from tutelage.sdk.adapters.langchain import Tutelage

    client = Client("http://127.0.0.1:9", "k")
    flow = Flow(client, "r", ("impact",), Sampling(share=1.0), spool=Spool(tmp_path / "s"))
    agent = create_agent(FakeListChatModel(responses=["x"]), tools=[], middleware=[Tutelage(flow)])

    async def all_at_once():
        asked = [{"messages": [{"role": "user", "content": f"q{n}"}]} for n in range(40)]
        return await asyncio.wait_for(asyncio.gather(*map(agent.ainvoke, asked)), 60)

    assert len(asyncio.run(all_at_once())) == 40


@pytest.mark.parametrize("structured", [False, True])
def test_an_agent_of_pydantic_ai_without_retries_is_never_asked_again(
    tmp_path, structured, monkeypatch
):
    """Guidance is due and there, and yet the run does not fail of it."""
    import anyio
    from pydantic import BaseModel
    from pydantic_ai import Agent
    from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart
    from pydantic_ai.models.function import FunctionModel

    from tutelage.sdk.adapters.pydantic_ai import Tutelage
    from tutelage.sdk.flow import Live

    monkeypatch.setattr(Live, "_guided", lambda *_: "Ask Ann?")

    class Out(BaseModel):
        answer: str

    def model(_messages, info):
        if not structured:
            return ModelResponse([TextPart("Wait")])
        return ModelResponse([ToolCallPart(info.output_tools[0].name, {"answer": "Wait"})])

    client = Client("http://127.0.0.1:9", "k")
    flow = Flow(client, "r", ("impact",), Sampling(share=1.0), spool=Spool(tmp_path / "s"))
    kind = {"output_type": Out} if structured else {}
    agent = Agent(FunctionModel(model), retries=0, capabilities=[Tutelage(flow)], **kind)
    said = anyio.run(agent.run, "The queue grows.").output
    assert said == (Out(answer="Wait") if structured else "Wait")
    assert len(flow.spool) == 3  # the situation, the own call and the decision


@pytest.mark.parametrize(
    "text", ["a=" + "[" * 50_000, "a=" + "9" * 5_000, ".".join("a" * 60_000) + "=1"]
)
def test_a_hostile_goal_file_is_refused_in_a_sentence(text):
    from tutelage.domain.errors import Malformed
    from tutelage.service import goalfile

    with pytest.raises(Malformed):
        goalfile.parse(text)


def test_criteria_named_in_another_script_have_keys_of_their_own():
    from tutelage.service import goalfile

    text = '[[criteria]]\nname = "谁在等它"\n[[criteria]]\nname = "什么是已知的"\n'
    keys = [c["key"] for c in goalfile.parse(text)["criteria"]]
    assert keys == ["criterion-1", "criterion-2"]
