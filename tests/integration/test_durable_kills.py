"""kill -9: a worker goes on under its own name, or another one takes over; each request once."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.support import seeded
from tests.support.cast import MENTOR, RITA
from tests.support.seeded import LEO, opened, own_call
from tests.support.work_agents import QUESTION
from tests.support.worker_process import Process, until
from tutelage.domain.events import GuidanceFailed, GuidanceGiven
from tutelage.service import work
from tutelage.service.tasks import Tasks

sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@pytest.fixture
def desk(url):
    with seeded.desk(url) as tutelage:
        seeded.guide(tutelage, ratings=3, learner=LEO, trainer=MENTOR, mode="coach", raters=(RITA,))
        yield tutelage


@pytest.fixture
def start(url, tmp_path):
    """Start a worker; whatever is left of it at the end of the test is killed."""
    begun = []

    def starting(name, *more, agents="slow"):
        begun.append(Process(url, tmp_path, name, *more, agents=agents))
        return begun[-1]

    yield starting
    for process in begun:
        process.kill()


def called(desk, *keys, name="r"):
    for key in keys:
        desk.write(name, opened(key), actor="leo")
        desk.write(name, own_call(key), actor="leo")


def asked(desk, name="r"):
    return {work.work_id(name, w) for w in desk.turn(name).waiting if w.what == "guide"}


def answers(desk, name="r"):
    kinds = GuidanceGiven | GuidanceFailed
    return Counter(e.id for e in desk.entries(name) if isinstance(e.event, kinds))


def killed_in_the_middle(desk, start, tmp_path):
    called(desk, "s")
    first = start("w1")
    until((tmp_path / f"begun-{first.pid}").exists)
    first.kill()
    assert answers(desk) == {}
    (tmp_path / "go").touch()


@pytest.mark.slow
def test_killed_in_the_middle_it_goes_on_under_its_own_name(desk, start, tmp_path):
    ids = asked_of(desk, start, tmp_path)
    code, said = start("w1", "--once").ended()
    assert (code, "1 done" in said) == (0, True), said
    assert answers(desk) == dict.fromkeys(ids, 1)


def test_killed_in_the_middle_another_worker_takes_over(desk, start, tmp_path, url):
    ids = asked_of(desk, start, tmp_path)
    other = start("w2")
    until(lambda: answers(desk))
    code, said = other.interrupt()
    assert (code, "w2 takes over from w1: 1" in said) == (0, True), said
    assert answers(desk) == dict.fromkeys(ids, 1)
    with Tasks(url) as tasks:
        assert tasks.listed("running", "failing", "dead") == []


def asked_of(desk, start, tmp_path):
    killed_in_the_middle(desk, start, tmp_path)
    return asked(desk)


@pytest.mark.slow
@sqlite
def test_interrupted_it_finishes_what_it_does_and_says_nothing_of_its_text(desk, start, tmp_path):
    called(desk, "s")
    worker = start("w1")
    until((tmp_path / f"begun-{worker.pid}").exists)
    (tmp_path / "go").touch()
    code, said = worker.interrupt()
    assert code == 0
    assert "1 done" in said
    assert QUESTION not in said
    assert sum(answers(desk).values()) == 1


@pytest.mark.slow
@sqlite
def test_an_agent_that_thinks_on_does_not_keep_an_interrupted_worker(desk, start, tmp_path):
    called(desk, "s")
    worker = start("w1", "--grace", "0")
    until((tmp_path / f"begun-{worker.pid}").exists)
    assert worker.interrupt()[0] == 0
    (tmp_path / "go").touch()
    assert start("w2", "--once").ended()[0] == 0
    assert sum(answers(desk).values()) == 1


@pytest.mark.slow
@sqlite
def test_a_worker_whose_agents_all_hang_frees_the_learner_and_ends_for_a_restart(desk, start):
    called(desk, "s")
    code, said = start("w1", "--answer", "0.1", "--slots", "1").ended()
    assert (code, "start it again" in said) == (1, True), said
    assert "learner: decide in s" in map(str, desk.turn("r").waiting)


@pytest.mark.slow
@sqlite
def test_the_log_of_a_worker_says_what_failed_and_quotes_no_text(desk, start):
    called(desk, "s", "t")
    code, said = start("w1", "--once", agents="quoting").ended()
    assert code == 0
    assert "ValueError at work_agents.py" in said
    assert "SECRET" not in said
    assert sum(answers(desk).values()) == 2


@pytest.mark.slow
def test_two_workers_that_are_killed_all_the_time_give_each_request_one_answer(desk, start):
    names = [f"q{n}" for n in range(10)]
    many = {"ratings": 3, "learner": LEO, "trainer": MENTOR, "mode": "coach", "raters": (RITA,)}
    for name in names:
        seeded.guide(desk, name, **many)
        called(desk, *(f"s{k}" for k in range(10)), name=name)
    wanted = {(name, id_) for name in names for id_ in asked(desk, name)}
    workers = {name: start(name, agents="quick") for name in ("w1", "w2")}
    draw, kills = random.Random(1), 8
    for n in range(1, kills + 1):
        until(lambda n=n: len(everywhere(desk, names)) >= n * len(wanted) / (kills + 1))
        name = draw.choice(sorted(workers))
        workers[name].kill()
        workers[name] = start(name, agents="quick")
    until(lambda: not any(desk.turn(name).guidance_due for name in names))
    for worker in workers.values():
        until(lambda w=worker: "Ctrl-C stops it" in w.said())
        assert worker.interrupt()[0] == 0
    assert everywhere(desk, names) == dict.fromkeys(wanted, 1)


def everywhere(desk, names):
    return Counter((name, id_) for name in names for id_ in answers(desk, name).elements())
