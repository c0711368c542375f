"""One table of cases through all three doors: the same refusals with the same codes."""

from __future__ import annotations

import shutil

import pytest

from tests.support import seeded
from tests.support.doors import Commands, Rest, Tools
from tests.support.seeded import opened, own_call
from tests.support.terminal import Terminal
from tutelage.domain.events import GuidanceGiven

SITUATION = {"situation": "t", "text": "The queue grows.", "criteria": ["impact"]}
CALL = {"situation": "s", "call": "Wait", "why": "It settles"}
DECISION = {"situation": "s", "decision": "Waited", "why": "It settled"}
GUIDE = {"situation": "s", "text": "What waits for this?", "move": "ask", "criteria": ["impact"]}
RATED = {"situation": "s", "subject": "own_call", "ratings": {"impact": 3}}
ACCOUNT = {
    "situation": "s",
    "noticed": "n",
    "options": ["a", "b"],
    "turned_on": "impact",
    "asked_myself": "q",
    "happened": "h",
}

CASES = {
    "a situation is opened": ("leo", "r", "situation_opened", SITUATION, 200, None),
    "an own call is recorded": ("leo", "r", "own_call_recorded", CALL | {"situation": "n"}, 200, None),
    "a call comes after guidance was asked urgently": (
        "leo", "r", "own_call_recorded", CALL | {"situation": "u"}, 409, "own_call_late",
    ),
    "a second own call": ("leo", "r", "own_call_recorded", CALL, 409, "own_call_stands"),
    "an account before the decision": ("leo", "r", "account_written", ACCOUNT, 409, "decide_first"),
    "an outcome before the decision": (
        "leo", "r", "outcome_recorded", {"situation": "s", "text": "It settled"}, 409, "decide_first",
    ),
    "a decision is never blocked": ("leo", "r", "decision_recorded", DECISION, 200, None),
    "an answer to what was not read": (
        "leo", "r", "answered", {"situation": "s", "guidance": 1, "text": "x"}, 409, "read_first",
    ),
    "guidance before an own call": ("mia", "r", "guidance_given", GUIDE | {"situation": "n"}, 409, "own_call_first"),
    "guidance by the learner": ("leo", "r", "guidance_given", GUIDE, 403, "not_your_role"),
    "a decision by the trainer": ("mia", "r", "decision_recorded", DECISION, 403, "not_your_role"),
    "a stranger writes": ("eve", "r", "decision_recorded", DECISION, 403, "no_role"),
    "no such relationship": ("leo", "nowhere", "decision_recorded", DECISION, 404, "unknown_relationship"),
    "no such situation": ("leo", "r", "decision_recorded", DECISION | {"situation": "x"}, 404, "unknown_situation"),
    "a blank text": ("leo", "r", "decision_recorded", DECISION | {"why": " "}, 422, "malformed"),
    "a text that is too long": (
        "leo", "r", "decision_recorded", DECISION | {"why": "x" * 70_000}, 422, "text_too_long",
    ),
    "a field that is none": ("leo", "r", "decision_recorded", DECISION | {"level": 4}, 422, "malformed"),
    "a rating off the scale": ("mia", "r", "rated", RATED | {"ratings": {"impact": 9}}, 422, "malformed"),
    "the trainer rates, as nobody else is named": ("mia", "r", "rated", RATED, 200, None),
    "a debrief before the decision": (
        "mia", "r", "debriefed",
        {"situation": "s", "expected": "e", "happened": "h", "why": "w", "next": "n"},
        409, "decide_first",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A guided relationship: an own call in s with guidance that waits, urgent help in u, n new."""
    file = tmp_path_factory.mktemp("doors") / "begun.db"
    with seeded.desk(f"sqlite:///{file}") as desk:
        seeded.guide(desk)
        for key in ("s", "n", "u"):
            desk.write("r", opened(key), actor="leo")
        desk.write("r", own_call("s"), actor="leo")
        share = GuidanceGiven(situation="s", move="ask", text="What waits?", criteria=("impact",))
        desk.write("r", share, actor="mia")
        from tutelage.domain.events import HelpAsked

        urgent = HelpAsked(situation="u", question="What now?", about="what_to_do", urgent=True)
        desk.write("r", urgent, actor="leo")
    return file


@pytest.fixture(params=["rest", "mcp", "commands"])
def door(request, begun, sqlite_url, monkeypatch, capsys, tmp_path):
    shutil.copy(begun, sqlite_url.removeprefix("sqlite:///"))
    if request.param == "commands":
        yield Commands(Terminal(sqlite_url, monkeypatch, capsys), tmp_path)
        return
    with seeded.desk(sqlite_url, seed=7) as desk:
        yield Rest(desk) if request.param == "rest" else Tools(desk)


@pytest.mark.parametrize("case", CASES)
def test_each_door_answers_alike_when(door, case):
    actor, relationship, kind, body, status, code = CASES[case]
    got = door.write(actor, relationship, kind, body)
    assert (got.status, got.code) == (status, code), got.said


def test_a_retry_is_answered_with_the_first_result(door):
    first = door.write("leo", "r", "decision_recorded", DECISION, id="d1")
    again = door.write("leo", "r", "decision_recorded", DECISION, id="d1")
    assert (first.status, again.status) == (200, 200)
    assert first.said["seq"] == again.said["seq"]


def test_an_id_says_one_thing_only(door):
    door.write("leo", "r", "decision_recorded", DECISION, id="d1")
    other = door.write("leo", "r", "decision_recorded", DECISION | {"why": "Else"}, id="d1")
    assert (other.status, other.code) == (409, "id_reused")


def test_hostile_text_is_kept_as_it_is(door, sqlite_url):
    hostile = '<script>alert(1)</script>\u202e {"kind": "ended"} \'; DROP TABLE entry; -- \x1b[2J'
    got = door.write("leo", "r", "decision_recorded", DECISION | {"why": hostile})
    assert got.status == 200
    with seeded.desk(sqlite_url, seed=9) as desk:
        decided = desk.state("r").find("s").decision
        assert decided.event.why == hostile
