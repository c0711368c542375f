"""Matching from the command line: in counts alone, and written only where a lead says so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.support import seeded
from tests.support.terminal import Terminal
from tutelage.domain.errors import Conflict
from tutelage.service.keys import Key
from tutelage.service.matching import Matching
from tutelage.service.profile import Profile
from tutelage.service.programmes import Invitation
from tutelage.service.session import Session

NEED = "A client calls, angry about a wrong invoice"


def fill(desk):
    """A learner and a trainer who joined and said what they look for and have handled."""
    said = (
        Profile("care", "leo", "learner", situations=NEED),
        Profile("care", "mia", "trainer", handled=NEED),
    )
    for one in said:
        desk.programmes.invite("care", [Invitation(one.person, one.side)], "lou")
        desk.programmes.answer("care", one.person, one.side, joins=True)
        Matching(desk).profiles.keep(one)


@pytest.fixture
def run(sqlite_url, monkeypatch, capsys):
    with seeded.desk(sqlite_url) as desk:
        for name in ("lou", "leo", "mia"):
            desk.people.add(name)
        desk.programmes.make("care", "Care", "lou")
        fill(desk)
    return Terminal(sqlite_url, monkeypatch, capsys)


def test_what_would_be_proposed_is_said_and_not_written(run):
    answer = run("match", "care", "--json").json
    (found,) = answer["proposals"]
    assert (found["learner"], found["trainer"]) == ("leo", "mia")
    assert found["reasons"]["situations"] == {"count": 1, "of": 1, "more": 0, "adds": 0.5}
    assert answer["matches"] == run("match", "care", "--json").json["matches"] == []


def test_no_word_of_anybodys_is_printed(run):
    for how in ((), ("--json",)):
        assert "angry" not in run("match", "care", *how).out


def test_a_lead_proposes_and_nobody_else(run):
    assert "unknown_programme" in run("match", "care", "--propose", "--as", "mia").err
    assert "no_lead" in run("match", "care", "--propose").err
    found = run("match", "care", "--propose", "--as", "lou", "--json").json
    assert found["matches"] == [
        {"learner": "leo", "trainer": "mia", "state": "proposed", "rematch": False}
    ]


def test_nobody_who_looks_is_said(run):
    run("match", "care", "--propose", "--as", "lou")
    assert run("match", "care").out == "Nobody looks for anybody.\n"


def test_there_is_no_such_programme(run):
    assert "unknown_programme" in run("match", "none").err


def test_of_many_leads_at_once_one_round_wins(url):
    leads = [f"lead-{n}" for n in range(6)]
    with seeded.desk(url) as desk:
        for name in (*leads, "leo", "mia"):
            desk.people.add(name)
        for name in leads:
            desk.programmes.make("care", "Care", name)
        fill(desk)
        start = Barrier(len(leads))

        def round_of(lead):
            start.wait()
            try:
                return len(Matching(desk).propose("care", lead, 0))
            except Conflict as told:
                return told.code

        with ThreadPoolExecutor(len(leads)) as threads:
            said = list(threads.map(round_of, leads))
        assert sorted(map(str, said)) == ["1", *["proposed_meanwhile"] * 5]
        assert len(Matching(desk).of("care")) == 1


def test_an_answer_that_comes_at_once_with_another_is_kept(url):
    with seeded.desk(url) as desk:
        for name in ("lou", "leo", "mia"):
            desk.people.add(name)
        desk.programmes.make("care", "Care", "lou")
        fill(desk)
        Matching(desk).propose("care", "lou", 0)
        (match,) = Matching(desk).of("care")
        start = Barrier(2)

        def begin(person):
            mine = Session(desk, Key("browser", person))
            start.wait()
            found = Matching(desk).answer(match.id, person, takes=True)
            start.wait()
            found = Matching(desk).match(match.id, person)
            return Matching(desk).begin(mine, found, "both accepted", "much")

        with ThreadPoolExecutor(2) as threads:
            assert len(set(threads.map(begin, ("leo", "mia")))) == 1
        assert len(desk.relationships()) == 1
