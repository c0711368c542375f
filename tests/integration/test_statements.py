"""Facts go to a learning record store where the learner lets them, each there once, never a text."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading

import pytest

from bench.workload import KEYS
from tests.support import proven, seeded
from tests.support.browsing import joined
from tests.support.recordstore import record_store, wrong
from tests.support.terminal import Terminal
from tutelage.domain.events import Noted
from tutelage.doors.exchange import rounds
from tutelage.doors.exchange import store as stores
from tutelage.doors.serve import application
from tutelage.service.settings import record_store as record_store_at
from tutelage.service.statements import Statements

AT = "https://learn.example"


@pytest.fixture
def desk(sqlite_url):
    with seeded.desk(sqlite_url) as made:
        proven.masterpiece(made)
        seeded.close(made)
        yield made


@pytest.fixture
def kept(desk):
    found = Statements(desk.ledger.engine, desk.clock)
    found.allow("r", "leo")
    return found


@pytest.fixture
def run(desk, sqlite_url, monkeypatch, capsys):
    monkeypatch.setenv("TUTELAGE_AT", AT)
    monkeypatch.setattr(stores, "WAITS", (0.0, 0.0, 0.0))
    monkeypatch.setattr(stores.time, "sleep", lambda _s: None)
    return Terminal(sqlite_url, monkeypatch, capsys)


@pytest.fixture
def lrs():
    with record_store() as made:
        yield made


def exported(run, *more):
    said = run("export-xapi", "r", "--as", "leo", *more)
    assert said.code == 0, said.err
    return [json.loads(line) for line in said.out.splitlines()]


# what they say ---------------------------------------------------------------------------------
def test_every_statement_is_one_by_the_standard(run):
    found = exported(run)
    assert not [w for one in found for w in wrong(one)]
    assert len({one["id"] for one in found}) == len(found)


def test_the_whole_course_is_in_them(run, desk):
    verbs = [one["verb"]["id"].rpartition("/")[2] for one in exported(run)]
    assert verbs[0] == "registered"
    assert {"signed", "initialized", "attempted", "answered", "decided", "experienced"} <= set(
        verbs
    )
    assert {"was-rated", "passed", "mastered", "completed"} <= set(verbs)
    assert verbs.count("attempted") == len(desk.state("r").situations)


def test_registered_verbs_are_the_registrys_and_others_are_ours(run):
    for one in exported(run):
        own = one["verb"]["id"].rpartition("/")[2] in {"signed", "decided", "was-rated"}
        at = f"{AT}/xapi/verbs/" if own else "http://adlnet.gov/expapi/verbs/"
        assert one["verb"]["id"].startswith(at)


def test_no_text_no_score_and_nobody_else_is_in_them(run, desk):
    body = json.dumps(exported(run), ensure_ascii=False)
    texts = {t for row in desk.ledger.rows("r") for t in json.loads(row.texts or "[]")}
    assert not [t for t in texts if len(t or "") > 5 and t in body]
    assert not [
        name for name in ("mia", "rita", "score", *KEYS) if f'"{name}' in body or f"/{name}" in body
    ]
    assert {one["actor"]["account"]["name"] for one in exported(run)} == {"leo"}


def test_they_are_the_same_whenever_they_are_made(run):
    assert exported(run) == exported(run)


def test_they_are_written_to_a_file_too(run, tmp_path):
    file = tmp_path / "facts.jsonl"
    told = run.json("export-xapi", "r", "--as", "leo", "--out", file)
    assert told["statements"] == len(file.read_text().splitlines())


# who may ---------------------------------------------------------------------------------------
def test_without_the_learner_nothing_goes_out(run, lrs):
    assert run.refused("statements", "r", "--to", lrs.at) == (3, "no_consent")
    assert run.refused("export-xapi", "r") == (3, "no_consent")
    assert run.refused("export-xapi", "r", "--as", "mia") == (3, "no_consent")
    assert lrs.asked == []


def test_the_learner_lets_them_go_out_on_a_page_and_stops_them(desk, run, lrs):
    app = application(desk, rate=1e6, burst=1e6)
    leo, mia = joined(app, "leo"), joined(app, "mia")
    leo.open("/r/r/credential").send("/r/r/statements")
    assert leo.says("You let them go out, since")
    assert run.json("statements", "r", "--to", lrs.at)["sent"] == len(lrs.has) > 50
    form = mia.open("/me").page.partition('name="form" value="')[2].partition('"')[0]
    for may in ("yes", "no"):
        got = mia.http.post("/r/r/statements", data={"form": form, "may": may})
        assert got.status_code == 403
    leo.open("/r/r/credential").send("/r/r/statements")
    assert run.refused("statements", "r", "--to", lrs.at) == (3, "no_consent")


def test_consent_goes_with_the_account(desk, run, lrs):
    leo = joined(application(desk, rate=1e6, burst=1e6), "leo")
    leo.open("/r/r/credential").send("/r/r/statements")
    leo.open("/me/delete").send("/me/delete")
    assert run.refused("statements", "r", "--to", lrs.at) == (3, "no_consent")


def test_consent_taken_back_in_the_middle_stops_the_next_batch(desk, kept, run, lrs, monkeypatch):
    monkeypatch.setattr(rounds, "BATCH", 10)
    lrs.taking = lambda: kept.stop("r")
    assert run("statements", "r", "--to", lrs.at).code == 3
    assert len(lrs.has) == 10


def test_of_a_copy_nothing_goes_out(desk, kept, run, lrs):
    desk.fork("r", at=5, arm="copy", id="copy")
    kept.allow("copy", "leo")
    assert run.refused("statements", "copy", "--to", lrs.at) == (3, "a_copy")


# sent ------------------------------------------------------------------------------------------
def test_sent_twice_they_are_there_once(kept, run, lrs):
    first = run.json("statements", "r", "--to", lrs.at)["sent"]
    assert run.json("statements", "r", "--to", lrs.at)["sent"] == 0
    assert len(lrs.has) == first
    assert not lrs.wrong


def test_a_store_that_has_some_of_a_batch_gets_the_others(desk, kept, run, lrs):
    every = exported(run)
    lrs.has = {one["id"]: one for one in every[::2]}
    run.json("statements", "r", "--to", lrs.at)
    assert set(lrs.has) == {one["id"] for one in every}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_store_that_is_away_for_a_moment_is_asked_again(kept, run, lrs, status):
    lrs.answers = [(status, {"Retry-After": "0"}), (status, {})]
    assert run.json("statements", "r", "--to", lrs.at)["sent"] == len(lrs.has)


def test_a_store_that_asks_for_time_is_given_it(kept, run, lrs, monkeypatch):
    waited = []
    lrs.answers = [(429, {"Retry-After": "7"}), (429, {"Retry-After": "99999"})]
    at = stating_store(lrs, waited.append)
    at.send([])
    assert waited == [7.0, stores.LONGEST]


def stating_store(lrs, wait):
    return stores.Store(record_store_at(lrs.at), wait, (1.0, 5.0, 25.0))


@pytest.mark.parametrize(
    ("status", "code"),
    [(503, "store_away"), (401, "store_refused"), (302, "store_refused"), (404, "store_refused")],
)
def test_a_store_that_does_not_take_them_is_said_and_nothing_counts_as_sent(
    kept, run, lrs, status, code
):
    lrs.answers = [(status, {"Location": "http://127.0.0.1:1/"})] * 4
    said = run("statements", "r", "--to", lrs.at, "--json")
    assert (said.code, said.error["code"]) == (7, code)
    assert "cret" not in said.err
    lrs.answers.clear()
    assert run.json("statements", "r", "--to", lrs.at)["sent"] == len(lrs.has)


def test_where_nobody_listens_it_is_said(kept, run):
    said = run("statements", "r", "--to", "http://a:b@127.0.0.1:9/xapi", "--json")
    assert (said.code, said.error["code"]) == (7, "store_away")


@pytest.mark.parametrize(
    "to",
    [
        "lrs",
        "http://k:s@lrs.example/xapi",
        "https://lrs.example",
        "https://k@lrs.example",
        "https://k:s@x?y",
    ],
)
def test_an_address_that_gives_the_key_away_or_is_none_is_refused(kept, run, to):
    code, error = run.refused("statements", "r", "--to", to)
    assert (code, error) == (6, "bad_setting")


def test_without_an_address_of_the_server_nobody_can_be_named(kept, run, lrs, monkeypatch):
    monkeypatch.delenv("TUTELAGE_AT")
    assert run.refused("statements", "r", "--to", lrs.at) == (6, "no_address")


def test_killed_between_two_batches_it_goes_on(desk, kept, run, lrs, sqlite_url):
    for n in range(60):
        desk.write("r", seeded.opened(f"more{n}"), actor="leo")
        desk.write("r", seeded.own_call(f"more{n}"), actor="leo")
    taken, go = threading.Event(), threading.Event()

    def hold():
        if len(lrs.has) > 100:
            taken.set()
            go.wait(20)

    lrs.taking = hold
    code = "from tutelage.doors.cli import main; main()"
    started = subprocess.Popen(
        [sys.executable, "-c", code, "statements", "r"],
        env={**os.environ, "TUTELAGE_URL": sqlite_url, "TUTELAGE_LRS": lrs.at},
        stderr=subprocess.DEVNULL,
    )
    assert taken.wait(60)
    started.send_signal(signal.SIGKILL)
    started.wait()
    go.set()
    lrs.taking = lambda: None
    run.json("statements", "r", "--to", lrs.at)
    assert set(lrs.has) == {one["id"] for one in exported(run)}
    assert not lrs.wrong


# by themselves ---------------------------------------------------------------------------------
@pytest.fixture
def two(desk, kept):
    """Two relationships whose learners let facts out, and one whose learner does not."""
    for name in ("r2", "r3"):
        seeded.agree(desk, name)
    kept.allow("r2", "leo")
    return desk


@pytest.fixture
def facts(two, lrs):
    return rounds.Facts(two, record_store_at(lrs.at), AT)


def of_whom(lrs):
    return {one["context"]["registration"] for one in lrs.has.values()}


def test_without_a_name_all_that_are_due_go_once(two, run, lrs):
    assert run.json("statements", "--to", lrs.at)["sent"] == len(lrs.has)
    assert len(of_whom(lrs)) == 2
    lrs.asked.clear()
    assert run.json("statements", "--to", lrs.at)["sent"] == 0
    assert lrs.asked == []


def test_a_round_sends_what_is_new_and_folds_nothing_where_nothing_is(two, facts, lrs, monkeypatch):
    first = facts.round(lambda: False)
    assert first == len(lrs.has)
    two.write("r2", seeded.opened("new"), actor="leo")
    two.write("r2", Noted(text="mine"), actor="leo")
    assert facts.round(lambda: False) == 1
    monkeypatch.setattr(type(two), "state", lambda *_: pytest.fail("something was folded"))
    assert facts.round(lambda: False) == 0


def test_consent_that_was_taken_back_stops_the_next_round(two, facts, kept, lrs):
    kept.stop("r2")
    facts.round(lambda: False)
    assert len(of_whom(lrs)) == 1


def test_a_store_that_is_away_is_left_alone_for_longer_each_time(two, facts, lrs):
    lrs.answers = [(503, {})] * 2
    assert facts.round(lambda: False) == 0
    assert facts.round(lambda: False) == 0  # after a minute of the clock
    assert lrs.answers == []
    asked = len(lrs.asked)
    assert facts.round(lambda: False) == 0
    assert len(lrs.asked) == asked
    two.clock.later(minutes=5)
    assert facts.round(lambda: False) == len(lrs.has) > 0


def test_notify_sends_facts_too_without_a_mail_server(two, run, lrs, monkeypatch):
    monkeypatch.setenv("TUTELAGE_LRS", lrs.at)
    assert run("notify", "--once").code == 0
    assert len(of_whom(lrs)) == 2
    monkeypatch.delenv("TUTELAGE_AT")
    assert run.refused("notify", "--once") == (6, "bad_setting")
