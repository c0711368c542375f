"""The worked example for people: whole, by the rules, honest, and there once."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from tests.support.terminal import Terminal
from tutelage import Tutelage
from tutelage.doors.example.seed import COLE, NAME, NORA, seed
from tutelage.doors.serve import application


@pytest.fixture
def desk(sqlite_url):
    with Tutelage(sqlite_url) as made:
        seed(made)
        yield made


def test_it_has_six_sessions_a_pattern_found_and_decisions_of_her_own(desk):
    state = desk.state(NAME)
    keys = [s.key for s in state.situations]
    assert len([k for k in keys if k.startswith("session")]) == 6
    assert all(s.consulted for s in state.situations if s.key.startswith("session"))
    assert not any(s.consulted for s in state.situations if s.key.startswith("later"))
    assert state.obstacles["more-detail"].overcome is not None
    assert list(state.principles) == ["pre-mortem"]
    assert desk.verify(NAME).ok


def test_it_says_what_six_sessions_do_not_show(desk):
    found = desk.evidence(NAME)
    assert not found.shown
    assert "Not enough evidence yet" in found.headline
    assert not found.threshold.met


def test_it_is_brought_in_once(desk):
    before = desk.state(NAME).seq
    assert seed(desk) == NAME
    assert desk.state(NAME).seq == before


def test_the_command_prints_a_link_for_each_that_opens(sqlite_url, monkeypatch, capsys):
    run = Terminal(sqlite_url, monkeypatch, capsys)
    said = run.json("demo", "--people")
    assert said["relationship"] == NAME
    with Tutelage(sqlite_url) as desk:
        app = application(desk)
        for who in (NORA, COLE):
            http = TestClient(app, base_url="http://localhost", follow_redirects=True)
            path = re.sub(r"^http://[^/]+", "", said["links"][who])
            assert http.post(path).status_code == 200
            assert "The annual plan" in http.get(f"/r/{NAME}").text
