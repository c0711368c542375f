"""Who saw what: counted through every door, shown to the two, and never in anybody's way."""

from __future__ import annotations

import json
import sqlite3
import threading
import time

import pytest
from starlette.testclient import TestClient

from tests.support import seeded
from tests.support.browsing import joined
from tutelage.domain.errors import NotYours
from tutelage.domain.events import ConcernRaised
from tutelage.domain.terms import Party
from tutelage.doors.serve import application
from tutelage.service.keys import Key
from tutelage.service.session import Session

RITA = Party(id="rita", kind="person")


@pytest.fixture
def desk(url):
    with seeded.desk(url) as made:
        seeded.guide(made, raters=(RITA,), concern_contact="cora")
        yield made


@pytest.fixture
def app(desk):
    return application(desk, rate=1e6, burst=1e6, deliver=lambda _person, _link: None)


@pytest.fixture
def leo(app):
    return joined(app, "leo")


@pytest.fixture
def mia(app):
    return joined(app, "mia")


def seen(desk, viewer="leo", but=("start",)):
    """How often, by whom and what; where somebody arrives is a matter of its own."""
    found = desk.looks.of("r", desk.state("r"), viewer, most=10**6)
    return {(one.actor, one.what): one.times for one in found if one.what not in but}


def asks(desk):
    """The rater is asked for one more call."""
    desk.write("r", seeded.opened("s1"), actor="leo")
    desk.write("r", seeded.own_call("s1"), actor="leo")


# counted ---------------------------------------------------------------------------------------
def test_a_page_that_is_read_is_a_look_counted_up(desk, leo):
    leo.open("/r/r/s/b0").open("/r/r/s/b0").open("/r/r/notebook")
    assert seen(desk) == {("leo", "situation b0"): 2, ("leo", "notebook"): 1}


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/r/r", "relationship"),
        ("/r/r/between", "between"),
        ("/r/r/levels", "levels"),
        ("/r/r/progress", "trajectory"),
        ("/r/r/trajectory.html", "trajectory"),
        ("/r/r/export.jsonl", "export"),
        ("/r/r/export.csv", "export"),
        ("/r/r/privacy", "privacy"),
    ],
)
def test_every_page_with_contents_is_one_look(desk, mia, path, what):
    assert mia.open(path).got.status_code == 200
    assert seen(desk) == {("mia", what): 1}


def test_what_is_only_asked_or_refused_is_no_look(desk, app, leo):
    leo.open("/r/r/evidence").open("/r/r/end").open("/me")
    joined(app, "eve").open("/r/r").open("/r/r/export.csv")
    assert seen(desk) == {}


def test_the_first_words_on_the_start_page_are_a_look(desk, mia):
    asks(desk)
    before = seen(desk, but=()).get(("mia", "start"), 0)
    mia.open("/")
    assert seen(desk, but=()) == {("mia", "start"): before + 1}


def test_a_program_that_reads_counts_the_same(desk, app):
    key = {"Authorization": f"Bearer {desk.keys.make('leo')}"}
    http = TestClient(app, base_url="http://localhost")
    for path in ("", "/entries", "/notebook", "/situations/b0/context", "/trajectory"):
        assert http.get(f"/api/relationships/r{path}", headers=key).status_code == 200
    http.post("/api/relationships/r/evidence", headers=key)
    whats = {"turn", "entries", "notebook", "context b0", "trajectory", "evidence"}
    assert set(seen(desk)) == {("leo", what) for what in whats}


def test_a_hostile_name_of_a_situation_is_not_kept(desk, leo):
    leo.open("/r/r/s/%3Cscript%3Ealert(1)%3C%2Fscript%3E").open("/r/r/s/" + "x" * 500)
    assert set(seen(desk)) == {("leo", "situation")}


# shown -----------------------------------------------------------------------------------------
def test_learner_and_trainer_see_who_looked_at_what(desk, leo, mia):
    mia.open("/r/r/s/b0")
    assert leo.open("/r/r/privacy").says("<td>mia</td><td>situation b0</td>")
    assert mia.open("/r/r/privacy").says("<td>leo</td><td>the texts, to be erased</td>")


def test_older_looks_are_behind_a_link(desk, leo):
    desk.looks.note("mia", [("r", f"situation k{n}") for n in range(60)])
    assert leo.open("/r/r/privacy").page.count("<td>mia</td>") == 49  # and the look at this page
    assert leo.open("/r/r/privacy?looks=50").page.count("<td>mia</td>") == 11


def test_a_rater_s_look_is_shown_without_what_was_rated(desk, app, leo):
    asks(desk)
    rita = joined(app, "rita").open("/r/r/rate/s1")
    assert rita.got.status_code == 200
    assert leo.open("/r/r/privacy").says("<td>rita</td><td>a call to be rated</td>")
    assert ("rita", "packet") in seen(desk)


def test_a_blind_rater_sees_nobodys_looks(desk, app, leo):
    leo.open("/r/r")
    rita = joined(app, "rita")
    assert rita.open("/r/r/privacy").got.status_code == 403
    assert not rita.open("/r/r/export.jsonl").says('"look"')
    assert not rita.open("/r/r/export.csv").says("look")
    with pytest.raises(NotYours):
        Session(desk, Key("k", "rita")).looks("r")


def test_that_somebody_reads_concerns_tells_nobody_that_there_is_one(desk, app, leo, mia):
    desk.write("r", ConcernRaised(text="It is not going well"), actor="leo")
    cora = joined(app, "cora").open("/r/r/concerns")
    assert cora.says("It is not going well")
    assert not mia.open("/r/r/privacy").says("cora")
    assert ("cora", "concerns") in seen(desk, "cora")


def test_the_looks_are_taken_along(desk, leo, mia):
    mia.open("/r/r/notebook")
    last = json.loads(leo.open("/r/r/export.jsonl").page.splitlines()[-1])
    assert last["look"]["actor"] in {"leo", "mia"}
    assert ",mia,,,look,notebook,1" in leo.open("/r/r/export.csv").page


def test_a_text_that_is_erased_leaves_who_saw_it(desk, leo, mia):
    mia.open("/r/r/s/b0")
    seq = desk.state("r").find("b0").opened.seq
    leo.open(f"/r/r/erase/{seq}").send(f"/r/r/erase/{seq}")
    assert seen(desk)["mia", "situation b0"] == 1


# in nobody's way -------------------------------------------------------------------------------
def test_a_database_that_is_busy_holds_no_page_up_and_the_look_is_written_later(tmp_path):
    file = tmp_path / "busy.db"
    with seeded.desk(f"sqlite:///{file}") as desk:
        seeded.guide(desk)
        me = Session(desk, Key("k", "leo"))
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        start = time.monotonic()
        me.notebook("r")
        assert time.monotonic() - start < 1
        other.execute("ROLLBACK")
        other.close()
        assert seen(desk) == {("leo", "notebook"): 1}


def test_a_table_that_is_not_there_fails_no_page(tmp_path):
    file = tmp_path / "gone.db"
    with seeded.desk(f"sqlite:///{file}") as desk:
        seeded.guide(desk)
        with sqlite3.connect(file) as other:
            other.execute("DROP TABLE look")
        other.close()
        assert Session(desk, Key("k", "leo")).notebook("r").empty


def test_many_at_once_are_all_counted(url):
    with seeded.desk(url) as desk:
        seeded.guide(desk)
        looks = [lambda: [desk.looks.note("leo", [("r", "turn")]) for _ in range(25)]] * 8
        threads = [threading.Thread(target=one) for one in looks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen(desk) == {("leo", "turn"): 200}


def test_writing_is_as_durable_after_a_look_as_before(tmp_path):
    with seeded.desk(f"sqlite:///{tmp_path / 'full.db'}") as desk:
        seeded.guide(desk)
        Session(desk, Key("k", "leo")).notebook("r")
        with desk.ledger.engine.connect() as held:
            assert held.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert held.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000
