"""Law 2 through the service: an unread guidance text is absent everywhere for the learner."""

from __future__ import annotations

import json

import pytest

from tests.support import seeded
from tests.support.seeded import opened, own_call
from tutelage.domain.errors import Malformed, NotYours, Refused
from tutelage.domain.events import DecisionRecorded, GuidanceGiven, HelpAsked
from tutelage.domain.text import Gone

TELLS = "When this happened to me I paged the storage team at once, since waiting cost an hour."


@pytest.fixture
def desk(sqlite_url):
    with seeded.desk(sqlite_url) as tutelage:
        seeded.guide(tutelage)
        yield tutelage


@pytest.fixture
def waiting(desk):
    """A situation with an own call, in which guidance waits unread."""
    desk.write("r", opened("s"), actor="leo")
    desk.write("r", own_call("s"), actor="leo")
    desk.write("r", share("s"), actor="mia")
    return desk


def share(key: str) -> GuidanceGiven:
    return GuidanceGiven(
        situation=key, move="share", text=TELLS, criteria=("impact",), experience="storage"
    )


def test_guidance_before_the_own_call_is_refused(desk):
    desk.write("r", opened("s"), actor="leo")
    with pytest.raises(Refused) as refused:
        desk.write("r", share("s"), actor="mia")
    assert refused.value.code == "own_call_first"


def test_unread_guidance_is_absent_from_everything_the_learner_reads(waiting, tmp_path):
    entries = list(waiting.entries("r", viewer="leo"))
    exported = tmp_path / "leo.jsonl"
    waiting.export("r", exported, viewer="leo")
    assert all(TELLS not in str(e) for e in entries)
    assert TELLS not in exported.read_text()
    assert TELLS not in str(waiting.context("r", "s"))
    assert TELLS not in str(waiting.turn("r"))
    assert TELLS not in json.dumps(waiting.relationships())
    given = next(e.event for e in entries if isinstance(e.event, GuidanceGiven))
    assert given.text == Gone("unread")


def test_the_turn_says_only_that_it_waits(waiting):
    assert waiting.turn("r").may_read == ("s",)
    assert "learner: read in s" in map(str, waiting.turn("r").waiting)


def test_collecting_it_writes_that_it_was_read_before_the_text_leaves(waiting):
    before = waiting.state("r").seq
    (given,) = waiting.collect_guidance("r", "s", actor="leo")
    assert given.text == TELLS
    assert waiting.state("r").seq == before + 1
    assert waiting.state("r").find("s").consulted
    assert TELLS in str(waiting.context("r", "s"))


def test_collecting_twice_gives_the_same_and_writes_once(waiting):
    first = waiting.collect_guidance("r", "s", actor="leo")
    seq = waiting.state("r").seq
    assert waiting.collect_guidance("r", "s", actor="leo") == first
    assert waiting.state("r").seq == seq


def test_nobody_but_the_learner_collects_it(waiting):
    with pytest.raises(NotYours):
        waiting.collect_guidance("r", "s", actor="mia")


def test_the_trainer_sees_its_own_guidance_before_it_is_read(waiting):
    assert any(TELLS in str(e.event) for e in waiting.entries("r", viewer="mia"))


def test_a_viewers_export_cannot_be_taken_for_the_ledger(waiting, tmp_path):
    file = tmp_path / "leo.jsonl"
    waiting.export("r", file, viewer="leo")
    with pytest.raises(Malformed) as refused:
        waiting.import_(file, id="copy")
    assert refused.value.code == "partial_export"


def test_a_decision_is_never_blocked_by_guidance_that_waits(waiting):
    decided = DecisionRecorded(situation="s", decision="Waited", why="as I said")
    assert waiting.write("r", decided, actor="leo").turn.seq > 0
    assert not waiting.state("r").find("s").consulted


def test_urgent_help_needs_no_own_call_and_then_nothing_counts(desk):
    desk.write("r", opened("s"), actor="leo")
    desk.write("r", HelpAsked(situation="s", question="It burns!", urgent=True), actor="leo")
    desk.write("r", share("s"), actor="mia")
    desk.collect_guidance("r", "s", actor="leo")
    with pytest.raises(Refused) as refused:
        desk.write("r", own_call("s"), actor="leo")
    assert refused.value.code == "own_call_late"
    assert desk.state("r").find("s").evidence_subject is None
