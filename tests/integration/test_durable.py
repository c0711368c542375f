"""Durable work in this process: once, again after failures, given up, and retried."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from importlib.metadata import EntryPoint

import pytest
import typer
from typer.testing import CliRunner

from tests.support import seeded
from tests.support.agents import Judge, Says, asks, breaks
from tests.support.cast import JUDGE, MENTOR, RITA
from tests.support.seeded import LEO, opened, own_call
from tests.support.work_agents import QUESTION
from tutelage.domain.errors import Conflict, Malformed, Unknown
from tutelage.domain.events import (
    DecisionRecorded,
    GuidanceFailed,
    GuidanceGiven,
    OutcomeRecorded,
    Paused,
    Rated,
    Resumed,
)
from tutelage.doors import working, writing
from tutelage.service import work
from tutelage.service.durable import Worker
from tutelage.service.pieces import Patience
from tutelage.service.tasks import Tasks

sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
HASTY = Patience(tries=2, first=0.02)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A coached relationship, and the file of a worker that found nothing to do in it."""
    folder = tmp_path_factory.mktemp("durable")
    with seeded.desk(f"sqlite:///{folder / 'tutelage.db'}") as desk:
        seeded.guide(desk, ratings=3, learner=LEO, trainer=MENTOR, mode="coach", raters=(RITA,))
        desk.agents = {"nobody": Judge("nobody")}
        with Worker(desk, "w1"):
            pass
    return folder


@pytest.fixture
def desk(prepared, sqlite_url, tmp_path):
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    with seeded.desk(sqlite_url, seed=2) as tutelage:
        yield tutelage


def called(desk, *keys, name="r"):
    for key in keys:
        desk.write(name, opened(key), actor="leo")
        desk.write(name, own_call(key), actor="leo")
    return desk


def drained(desk, *agents, name="w1", **more):
    """What came of one worker's round with these agents."""
    desk.agents = {a.id: a for a in agents}
    with Worker(desk, name, **more) as worker:
        worker.drain()
        return dict(worker.came_of)


def told(desk, kind, name="r"):
    return [e for e in desk.entries(name) if isinstance(e.event, kind)]


def listed(desk):
    with Tasks(desk.url) as tasks:
        return tasks.listed("running", "failing", "dead", "idle")


def command(desk, *words):
    writing.use(desk.url)
    said = CliRunner().invoke(working.app, [*words, "--json"], catch_exceptions=False)
    return json.loads(said.stdout)


# once --------------------------------------------------------------------------------------------
def test_each_request_is_answered_once_under_the_id_of_its_workflow(desk):
    called(desk, "s", "t")
    coach = Says("mentor-bot", asks(QUESTION))
    ids = {work.work_id("r", w) for w in desk.turn("r").waiting if w.what == "guide"}
    assert drained(desk, coach) == {"done": 2}
    assert drained(desk, coach) == {}
    assert {e.id for e in told(desk, GuidanceGiven)} == ids
    assert coach.asked == 2
    assert listed(desk) == []


def test_a_trainer_that_declines_a_debrief_is_not_asked_for_it_again(desk):
    called(desk, "s")
    decided = DecisionRecorded(situation="s", decision="Waited", why="as I said")
    for event in (decided, OutcomeRecorded(situation="s", text="It settled")):
        desk.write("r", event, actor="leo")
    asked = []
    coach = Says("mentor-bot", asks(QUESTION), debrief=asked.append)
    assert [drained(desk, coach), drained(desk, coach)] == [{"done": 1}, {}]
    assert len(asked) == 1


def test_what_a_pause_interrupts_is_done_after_it(desk):
    called(desk, "s", "t")

    def pausing(brief):
        desk.write("r", Paused(), actor="leo")
        return asks(QUESTION)(brief)

    coach = Says("mentor-bot", pausing)
    assert drained(desk, coach, name="w2", slots=1) == {"done": 1, "not waiting": 1}
    desk.write("r", Resumed(), actor="leo")
    assert drained(desk, Says("mentor-bot", asks(QUESTION))) == {"done": 1}


def test_a_ledger_that_was_restored_from_before_is_worked_through_again(desk, sqlite_url, tmp_path):
    coach = Says("mentor-bot", asks(QUESTION))
    called(desk, "s")
    desk.close()
    shutil.copy(tmp_path / "tutelage.db", tmp_path / "backup.db")
    assert drained(desk, coach) == {"done": 1}
    desk.close()
    shutil.copy(tmp_path / "backup.db", tmp_path / "tutelage.db")
    with seeded.desk(sqlite_url, seed=3) as restored:
        assert drained(restored, coach) == {"done": 1}
        assert len(told(restored, GuidanceGiven)) == 1


# failing -----------------------------------------------------------------------------------------
def test_the_learner_is_told_at_once_when_its_trainer_breaks(desk):
    assert drained(called(desk, "s"), Says("mentor-bot", breaks)) == {"done": 1}
    assert len(told(desk, GuidanceFailed)) == 1
    assert "learner: decide in s" in map(str, desk.turn("r").waiting)


def test_an_agent_that_never_answers_keeps_no_learner_waiting(desk):
    called(desk, "s")
    answers = threading.Event()
    coach = Says("mentor-bot", lambda brief: (answers.wait(60), asks(QUESTION)(brief))[1])
    desk.agents = {"mentor-bot": coach}
    with Worker(desk, "w2", slots=1, patience=Patience(answer=0.05), lease=0.05) as worker:
        worker.drain()
        assert worker.stuck
        assert len(told(desk, GuidanceFailed)) == 1
        answers.set()
        assert worker.finish(60)
    assert told(desk, GuidanceGiven) == []


@pytest.fixture
def rated(url):
    """A relationship whose own call waits for an agent to rate it, and that agent breaks."""
    with seeded.desk(url) as desk:
        seeded.agree(desk, raters=(JUDGE,))
        yield called(desk, "s")


def broken(said="no"):
    judge = Judge("judge-1")
    judge.rate = lambda _packet: (_ for _ in ()).throw(ValueError(said))
    return judge


@sqlite
def test_work_that_fails_waits_longer_each_time_and_is_given_up(rated):
    assert drained(rated, broken(), patience=Patience(tries=2, first=30)) == {"failed": 1}
    assert drained(rated, broken(), patience=Patience(tries=2, first=30)) == {}
    (task,) = listed(rated)
    assert (task.state, task.tries) == ("failing", 1)
    with Worker(rated, "w1", patience=HASTY) as worker:
        worker.tasks.put(task.piece, "failing", "", 0.0)
        worker.drain()
        assert worker.came_of == {"dead": 1}
    assert "ValueError at test_durable.py" in listed(rated)[0].why


def test_a_dead_letter_is_listed_and_done_when_it_is_retried(rated):
    assert drained(rated, broken(), patience=Patience(tries=1)) == {"dead": 1}
    (row,) = command(rated, "list")
    assert (row["what"], row["agent"], row["state"], row["tries"]) == ("rate", "judge-1", "dead", 1)
    assert drained(rated, Judge("judge-1")) == {}
    assert command(rated, "retry", row["id"]) == {"retried": 1}
    assert drained(rated, Judge("judge-1")) == {"done": 1}
    assert len(told(rated, Rated)) == 1
    assert command(rated, "list") == []


def test_what_kills_its_worker_again_and_again_is_given_up_and_the_learner_decides(desk):
    called(desk, "s")
    coach = Says("mentor-bot", asks(QUESTION))
    desk.agents = {"mentor-bot": coach}
    with Worker(desk, "w1", patience=HASTY) as worker:
        (piece,) = worker.due().values()
        for _ in range(HASTY.tries):
            worker.tasks.begin(piece, "w1")
        worker.drain()
        assert worker.came_of == {"dead": 1}
    assert coach.asked == 0
    assert len(told(desk, GuidanceFailed)) == 1


def test_neither_the_work_file_nor_the_view_holds_a_text(desk, tmp_path):
    called(desk, "s")
    drained(desk, Says("mentor-bot", asks("SECRET: what is left?")))
    desk.write("r", opened("q"), actor="leo")
    drained(desk, Says("mentor-bot", breaks))
    kept = b"".join(f.read_bytes() for f in tmp_path.glob("*.work.sqlite*"))
    assert b"guide" in kept
    for text in (b"SECRET", b"alert fires", b"It often settles"):
        assert text not in kept


@sqlite
def test_an_error_that_quotes_a_text_is_kept_without_it(rated, tmp_path):
    drained(rated, broken("It often settles by itself"))
    assert "settles" not in listed(rated)[0].why
    kept = b"".join(f.read_bytes() for f in tmp_path.glob("*.work.sqlite*"))
    assert b"settles" not in kept


# who works ---------------------------------------------------------------------------------------
def test_a_second_worker_of_the_same_name_is_refused(desk, monkeypatch):
    with Tasks(desk.url) as tasks:
        with monkeypatch.context() as patched:
            patched.setattr(os, "getpid", os.getppid)
            tasks.join("w1", 60)
        with pytest.raises(Conflict, match="A worker w1 runs on"):
            tasks.join("w1", 60)


def test_one_that_died_may_begin_again_at_once(desk, monkeypatch):
    with Tasks(desk.url) as tasks:
        with monkeypatch.context() as patched:
            patched.setattr(os, "getpid", lambda: 2**22 + 1)  # no process has this number
            tasks.join("w1", 60)
        tasks.join("w1", 60)
        assert [(m.name, m.pid) for m in tasks.workers()] == [("w1", os.getpid())]


def test_the_dead_are_given_to_one_taker(desk):
    with Tasks(desk.url) as tasks:
        for name in ("w1", "w2", "w3"):
            tasks.join(name, 60)
        tasks.leave("w1")
        assert [tasks.dead("w2", 60), tasks.dead("w3", 60)] == [["w1"], []]
        tasks.bury("w1")
        assert not tasks.beat("w1")


def test_a_worker_without_the_agent_leaves_its_work_alone(desk):
    assert drained(called(desk, "s"), Judge("judge-1")) == {}
    assert desk.turn("r").guidance_due == ("s",)


def test_what_a_worker_left_is_taken_over_by_one_that_has_the_agent(desk):
    coach = Says("mentor-bot", asks(QUESTION))
    called(desk, "s").agents = {"mentor-bot": coach}
    with Worker(desk, "w1") as worker:
        worker.finish(0)
        assert worker.look() == 1
    assert drained(desk, Judge("judge-1"), name="w2") == {}
    assert drained(desk, coach, name="w3", lease=0.01) == {"done": 1}
    assert command(desk, "workers") == []


def test_a_worker_stops_when_it_is_told_to(desk):
    desk.agents = {"mentor-bot": Says("mentor-bot", asks(QUESTION))}
    stop = threading.Event()
    with Worker(desk, "w1") as worker:
        loop = threading.Thread(target=worker.run, args=(stop, 0.01))
        loop.start()
        stop.set()
        loop.join()
        assert worker.finish(5)
    assert command(desk, "workers") == []


# the commands ------------------------------------------------------------------------------------
def test_where_no_worker_was_there_is_no_failed_work_and_no_file(sqlite_url, tmp_path):
    with seeded.desk(sqlite_url) as desk:
        assert command(desk, "list") == []
        with pytest.raises(Unknown, match="No worker has worked here yet"):
            command(desk, "retry", "--all")
    assert list(tmp_path.glob("*.work.*")) == []


def test_the_workers_are_listed_with_their_last_sign_of_life(desk):
    with Tasks(desk.url) as tasks:
        tasks.join("w2", 60)
        tasks.join("w3", 60)
        tasks.leave("w3")
    found = {m["name"]: m["silent"] for m in command(desk, "workers")}
    assert found["w2"] >= 0
    assert found["w3"] is None


def test_only_failed_work_is_retried(desk):
    with pytest.raises(Unknown, match="No failed piece of work has the id nothing"):
        command(desk, "retry", "nothing")


def test_a_database_in_memory_has_no_workers():
    with pytest.raises(Malformed, match="in memory"):
        Tasks("sqlite://")


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("nobody", "No package offers the agents 'nobody'"),
        ("tests.support.nothing:here", "is not there"),
        ("tests.support.work_agents:nothing", "is not there"),
        ("tests.support.work_agents:QUESTION", "is no function"),
        ("builtins:dict", "returns no trainers or raters"),
    ],
)
def test_agents_that_cannot_be_had_are_told_in_a_sentence(desk, named, said):
    with pytest.raises(Malformed, match=said):
        command(desk, "--agents", named)


def worker(desk, *words):
    app = typer.Typer()
    app.command()(working.worker)
    writing.use(desk.url)
    return CliRunner().invoke(app, ["--name", "w1", *words], catch_exceptions=False)


def test_once_a_worker_ends_by_itself_and_says_what_came_of_it(desk):
    called(desk, "s", "t")
    said = worker(desk, "--once", "--json", "--coach", "mentor-bot")
    assert json.loads(said.stdout) == {"worker": "w1", "done": 2}
    assert "Nothing waited." in worker(desk, "--once", "--coach", "mentor-bot").stdout


def test_a_worker_without_agents_is_wrong_usage(desk):
    said = worker(desk, "--once")
    assert (said.exit_code, "Name an agent" in said.stderr) == (2, True)


def test_a_worker_has_a_plain_name(desk):
    with pytest.raises(Malformed):
        Worker(desk, "a name with spaces")


def test_agents_come_from_a_file_in_the_folder_of_the_command(desk, tmp_path, monkeypatch):
    text = (
        "from tutelage.trainers import QuestionCoach\ndef one(): return QuestionCoach('mentor-bot')"
    )
    (tmp_path / "my_own_agents.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    called(desk, "s")
    assert command(desk, "--agents", "my_own_agents:one") == {"done": 1}


def test_agents_come_from_an_entry_point(desk, monkeypatch):
    offered = EntryPoint("mine", "tests.support.work_agents:quick", working.AGENTS)
    monkeypatch.setattr(
        working, "entry_points", lambda group: [offered] if group == working.AGENTS else []
    )
    called(desk, "s")
    assert command(desk, "--agents", "mine") == {"done": 1}


def test_without_a_subcommand_work_is_done_once_in_this_process(desk):
    called(desk, "s")
    assert command(desk, "--coach", "mentor-bot") == {"done": 1}
