"""The client over REST, and the flow that lets an agent run whatever happens to Tutelage."""

from __future__ import annotations

import threading
import time

import pytest

from tests.support import seeded
from tests.support.doors import served
from tests.support.seeded import opened
from tutelage.domain.errors import (
    Conflict,
    Malformed,
    NoKey,
    NotYours,
    Refused,
    Stale,
    Unavailable,
    Unknown,
)
from tutelage.domain.events import DecisionRecorded, GuidanceFailed, GuidanceGiven, Rated
from tutelage.sdk import Client, Flow, Sampling
from tutelage.sdk.adapters.decorator import learns
from tutelage.sdk.flow import Run
from tutelage.sdk.spool import Kept, Spool

AWAY = "http://127.0.0.1:9"  # nothing listens there
DECISION = DecisionRecorded(situation="s", decision="Waited", why="It settled")


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("sdk") / "t.db"


@pytest.fixture(scope="module")
def desk(file):
    with seeded.desk(f"sqlite:///{file}") as made:
        seeded.guide(made)
        yield made


@pytest.fixture(scope="module")
def at(desk):
    with served(desk) as url:
        yield url


@pytest.fixture
def leo(desk, at):
    with Client(at, desk.keys.make("leo")) as client:
        yield client


@pytest.fixture
def mia(desk, at):
    with Client(at, desk.keys.make("mia")) as client:
        yield client


@pytest.fixture
def flow(leo, tmp_path):
    return Flow(
        leo, "r", ("impact",), Sampling(share=1.0), spool=Spool(tmp_path / "spool"), timeout=5
    )


# the client ------------------------------------------------------------------------------------
def test_a_situation_is_gone_through_as_in_process(leo, mia):
    with leo.situation("r", opened("story")) as s:
        assert s.step.do == "own_call"
        s.own_call("Wait", why="It settles")
        assert s.step.consult
        ask = GuidanceGiven(situation="story", move="ask", text="Who waits?", criteria=("impact",))
        mia.write("r", ask)
        (given,) = s.collect_guidance()
        assert given.text == "Who waits?"
        assert "Who waits?" in s.context.prompt
        s.answer("Nobody")
        s.decide("Waited", why="Nobody waits", advice="taken")
        s.outcome("It settled")
        s.account(
            noticed="n", options=("a", "b"), turned_on="impact", asked_myself="q", happened="h"
        )
        assert s.step is None
    mia.write("r", Rated(situation="story", subject="own_call", ratings={"impact": 4}))
    assert leo.turn("r").levels.impact.n == 4


def test_errors_are_those_of_the_domain(leo, at):
    with pytest.raises(Unknown) as unknown:
        leo.turn("nowhere")
    assert unknown.value.code == "unknown_relationship"
    with pytest.raises(NotYours):
        leo.brief("r", "b0")
    twice = DECISION.model_copy(update={"situation": "b0"})
    leo.write("r", twice)
    with pytest.raises(Refused):
        leo.write("r", twice)
    with Client(at, "tk_no_no") as nobody, pytest.raises(NoKey):
        nobody.inbox()


def test_a_write_says_what_it_had_seen(leo):
    leo.write("r", opened("seen"))
    with pytest.raises(Stale):
        leo.write("r", DECISION.model_copy(update={"situation": "seen"}), seen=1)


def test_an_id_says_one_thing(leo):
    leo.write("r", opened("once"), id="once")
    assert leo.write("r", opened("once"), id="once").repeated
    with pytest.raises(Conflict):
        leo.write("r", opened("twice"), id="once")


def test_entries_are_fetched_in_pages(leo, desk):
    found = [e.seq for e in leo.entries("r")]
    assert found == [e.seq for e in desk.entries("r", viewer="leo")]


def test_a_service_that_is_away_is_unavailable():
    with Client(AWAY, "k", tries=1) as client, pytest.raises(Unavailable) as away:
        client.inbox()
    assert away.value.code == "away"


# sampling --------------------------------------------------------------------------------------
def test_of_many_runs_a_share_is_drawn_and_the_uncertain_and_high_stakes_all_are():
    policy = Sampling(share=0.01)
    assert policy.choose(Run("t"), 0.5) is None
    assert policy.choose(Run("t"), 0.005) == ("a random share of all runs", 0.01)
    assert policy.choose(Run("t", uncertainty=0.9), 0.5) == ("the agent was uncertain", 1.0)
    assert policy.choose(Run("t", stakes="high"), 0.5) == ("the stakes are high", 1.0)


def test_a_hundred_thousand_runs_become_about_as_many_situations_as_the_share_says():
    import random

    draw, policy = random.Random(1).random, Sampling(share=0.01)
    chosen = sum(policy.choose(Run("t"), draw()) is not None for _ in range(100_000))
    assert 900 < chosen < 1100


# the flow --------------------------------------------------------------------------------------
def last(desk):
    return desk.state("r").situations[-1]


def test_a_run_becomes_a_situation_with_an_own_call_and_a_decision(flow, desk):
    assert flow.run("The queue grows", lambda _context: ("Wait", "It settles")) == (
        "Wait",
        "It settles",
    )
    known = last(desk)
    assert known.own_call.event.call == "Wait"
    assert (known.decision.event.decision, known.decision.event.advice) == ("Wait", "none")
    assert (known.opened.event.chosen, known.opened.event.probability) == (
        "a random share of all runs",
        1.0,
    )


def test_a_run_that_was_not_chosen_asks_nothing_of_tutelage(flow, desk):
    flow.sampling = Sampling(share=0.0)
    before = desk.state("r").seq
    assert flow.run("Nothing", lambda context: context or "bare") == "bare"
    assert desk.state("r").seq == before


def test_guidance_that_is_due_and_comes_in_time_reaches_the_second_answer(flow, desk, mia):
    flow.patience = 3.0
    stop = threading.Event()

    def train():
        while not stop.is_set():
            for task in mia.inbox():
                if task.what == "guide" and task.situation.startswith("run."):
                    ask = GuidanceGiven(
                        situation=task.situation, move="ask", text="Who?", criteria=("impact",)
                    )
                    mia.write("r", ask)
            time.sleep(0.05)

    trainer = threading.Thread(target=train)
    trainer.start()
    said = flow.run("A task", lambda context: "Ask Ann" if "Who?" in context else "Wait")
    stop.set()
    trainer.join()
    known = last(desk)
    assert said == "Ask Ann"
    assert known.own_call.event.call == "Wait"
    assert (known.decision.event.decision, known.decision.event.advice) == ("Ask Ann", "unknown")
    assert known.evidence_subject == "own_call"
    assert flow.report.consulted == 1
    assert flow.report.tokens > 0


def test_texts_are_scrubbed_before_they_leave(flow, desk):
    flow.scrub = lambda text: text.replace("4711", "[number]")
    flow.run("Card 4711", lambda _context: ("Pay 4711", "4711 says so"))
    known = last(desk)
    said = f"{known.opened.event.text} {known.own_call.event} {known.decision.event}"
    assert "4711" not in said
    assert "[number]" in said


def test_an_error_of_the_agents_is_the_agents(flow):
    with pytest.raises(ZeroDivisionError):
        flow.run("A task", lambda _context: 1 / 0)


def test_where_tutelage_is_away_the_agent_runs_and_what_it_said_is_spooled(flow, leo, desk):
    with Client(AWAY, "k") as flow.client:
        assert flow.run("Away", lambda context: context or "Wait") == "Wait"
    assert len(flow.spool) == 3
    flow.client = leo
    assert flow.drain() == 3
    assert flow.drain() == 0
    assert last(desk).decision.event.decision == "Wait"


def test_a_service_that_hangs_costs_no_more_than_was_said(flow, monkeypatch):
    flow.timeout = 0.2
    monkeypatch.setattr(Client, "ask", lambda *_a, **_k: time.sleep(1))
    flow.run("Slow", lambda _context: "Wait")
    assert flow.report.worst < 0.9  # less than one request takes: nothing waited for it
    assert flow.report.away == 1
    assert len(flow.spool) == 3


def test_the_report_says_what_was_added(flow):
    flow.run("A task", lambda _context: "Wait")
    said = str(flow.report)
    assert said.startswith("1 runs, 1 situations, 0 with guidance; added ")
    assert "tokens" in said


def test_a_plain_function_learns_by_a_decorator(flow, desk):
    @learns(flow)
    def agent(task, context=""):
        return f"Do {task}", "I always do"

    assert agent("it") == ("Do it", "I always do")
    assert last(desk).own_call.event.why == "I always do"


# the spool -------------------------------------------------------------------------------------
def kept(n):
    return Kept("r", f"id{n}", DECISION)


def test_what_was_spooled_is_written_in_order_and_once(tmp_path):
    spool, got = Spool(tmp_path / "s"), []
    for n in range(3):
        spool.put(kept(n))
    assert spool.drain(lambda k: got.append(k.id)) == 3
    assert got == ["id0", "id1", "id2"]
    assert len(spool) == 0


def test_where_it_is_away_again_the_rest_waits(tmp_path):
    spool = Spool(tmp_path / "s")
    for n in range(3):
        spool.put(kept(n))

    def write(k):
        if k.id == "id1":
            raise Unavailable("away", "away")

    assert spool.drain(write) == 1
    assert len(spool) == 2


def test_a_torn_line_is_set_aside_and_the_rest_is_written(tmp_path):
    file, got = tmp_path / "s", []
    spool = Spool(file)
    spool.put(kept(0))
    with file.open("a") as torn:
        torn.write('{"relationship": "r", "id\n')
    spool.put(kept(1))
    spool.drain(lambda k: got.append(k.id))
    assert got == ["id0", "id1"]
    assert '{\\"relationship\\"' in file.with_suffix(".refused").read_text()


def test_a_full_spool_lets_go_and_counts(tmp_path):
    spool = Spool(tmp_path / "s", limit=10)
    assert not spool.put(kept(0))
    assert spool.lost == 1


# what is wrong with us is counted, and never the agent's -------------------------------------------
@pytest.mark.parametrize(
    ("change", "last"),
    [
        ({"relationship": "piar"}, "unknown_relationship"),
        ({"criteria": ("signl",)}, "unknown_criterion"),
        ({"scrub": lambda _text: 1 / 0}, "ZeroDivisionError"),
        ({"tokens_of": lambda _text: 1 / 0}, "ZeroDivisionError"),
    ],
)
def test_a_flow_that_is_set_up_wrong_runs_the_agent_and_says_so(flow, change, last, caplog):
    for name, value in change.items():
        setattr(flow, name, value)
    assert flow.run("A task", lambda _context: ("Wait", "why")) == ("Wait", "why")
    assert flow.report.last == last
    assert last in str(flow.report)
    assert last in caplog.text


def test_a_wrong_key_is_counted_as_refused(flow, at):
    with Client(at, "tk_no_no") as flow.client:
        assert flow.run("A task", lambda _context: "Wait") == "Wait"
    assert (flow.report.refused, flow.report.situations) == (1, 0)


def test_criteria_without_a_comma_are_found_before_the_first_run(leo):
    with pytest.raises(Malformed, match="tuple"):
        Flow(leo, "r", "impact")


def test_a_flow_is_checked_beforehand(flow):
    flow.check()
    flow.criteria = ("signl",)
    with pytest.raises(Malformed, match="signl is no criterion"):
        flow.check()
    flow.relationship = "piar"
    with pytest.raises(Unknown):
        flow.check()


@pytest.mark.parametrize("known", [{"stakes": "hgih"}, {"mood": 3}])
def test_what_a_caller_knows_may_be_wrong(flow, known):
    assert flow.run("A task", lambda _context: "Wait", **known) == "Wait"
    assert flow.report.failed == 1


def test_waiting_costs_patience_and_not_the_timeout(flow, mia, desk, monkeypatch):
    flow.patience, flow.timeout = 5.0, 1.0
    turn = Client.turn
    monkeypatch.setattr(Client, "turn", lambda c, r: (time.sleep(0.3), turn(c, r))[1])

    def late():
        time.sleep(1.5)
        ask = GuidanceGiven(
            situation=last(desk).key, move="ask", text="Late?", criteria=("impact",)
        )
        mia.write("r", ask)

    trainer = threading.Thread(target=late)
    trainer.start()
    flow.run("A task", lambda context: "Guided" if "Late?" in context else "Alone")
    trainer.join()
    assert last(desk).decision.event.decision == "Guided"
    assert flow.report.away == 0


def test_where_no_guidance_will_come_nobody_waits_for_it(flow, desk):
    flow.patience = 30.0

    def fails():
        while not (desk.state("r").open and last(desk).own_call and last(desk).key != before):
            time.sleep(0.02)
        desk.system("r", GuidanceFailed(situation=last(desk).key, reason="It broke."))

    before = last(desk).key
    trainer = threading.Thread(target=fails)
    trainer.start()
    began = time.monotonic()
    flow.run("A task", lambda _context: "Alone")
    trainer.join()
    assert time.monotonic() - began < flow.patience / 2


def test_the_next_run_that_reaches_tutelage_writes_what_was_spooled(flow, leo):
    with Client(AWAY, "k") as flow.client:
        flow.run("Away", lambda _context: "Wait")
    flow.client = leo
    flow.run("Back", lambda _context: "Wait")
    end = time.monotonic() + 10
    while len(flow.spool) and time.monotonic() < end:
        time.sleep(0.02)
    assert len(flow.spool) == 0


def test_a_client_waits_for_guidance_that_is_due(leo, mia):
    with leo.situation("r", opened("waits")) as s:
        s.own_call("Wait", why="It settles")
        assert s.wait_for_guidance(0.1) == ()
        ask = GuidanceGiven(situation="waits", move="ask", text="Who?", criteria=("impact",))
        mia.write("r", ask)
        (given,) = s.wait_for_guidance(5)
    assert given.text == "Who?"
