"""How long texts are kept: a clock that everybody sees, and a sweep that can die at any line."""

from __future__ import annotations

import json
import random
import time
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from tests.support import seeded
from tests.support.browsing import Browser
from tests.support.terminal import Terminal
from tutelage import Tutelage
from tutelage.domain.entry import redacted
from tutelage.domain.errors import Malformed
from tutelage.domain.events import (
    Ended,
    GuidanceGiven,
    Lapsed,
    Noted,
    QuestionKept,
    Redacted,
    Resumed,
)
from tutelage.doors.serve import application
from tutelage.service import retention
from tutelage.service.settings import KEEP_DAYS, Settings, settings

MARCH = datetime(2026, 3, 2, 12, tzinfo=UTC)
STORY = {"situation": "s1", "move": "share", "criteria": ("impact",), "experience": "e1"}


class Clock:
    """A clock that stands still until it is put forward."""

    def __init__(self):
        self.now = MARCH

    def __call__(self):
        return self.now

    def forward(self, **much):
        self.now += timedelta(**much)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(url, clock):
    with Tutelage(url, clock=clock, entropy=random.Random(1).randbytes) as made:
        seeded.guide(made)
        made.write("r", seeded.opened("s1"), actor="leo")
        made.write("r", seeded.own_call("s1"), actor="leo")
        made.write("r", GuidanceGiven(text="I once woke Ann", **STORY), actor="mia")
        yield made


def texts(desk, name="r"):
    return [r.texts for r in desk.ledger.rows(name) if r.texts not in {None, "[]"}]


def swept(desk, days=30, **how):
    return list(desk.retain(days, **how))


# when ------------------------------------------------------------------------------------------
def test_the_texts_of_what_goes_on_are_kept(desk, clock):
    clock.forward(days=400)
    assert swept(desk) == []
    assert texts(desk)


def test_the_texts_go_when_the_days_are_over_and_not_before(desk, clock):
    desk.write("r", Ended(), actor="leo")
    clock.forward(days=29, hours=23)
    assert swept(desk) == []
    clock.forward(hours=1)
    assert [one.relationship for one in swept(desk)] == ["r"]
    assert texts(desk) == []


def test_whoever_goes_on_alone_keeps_theirs(desk, clock):
    seeded.close(desk)
    clock.forward(days=20)
    desk.write("r", QuestionKept(question="q1", text="Who waits?"), actor="leo")
    clock.forward(days=29)
    assert swept(desk) == []
    clock.forward(days=1)
    assert len(swept(desk)) == 1
    assert texts(desk) == []


def test_a_note_of_the_trainers_puts_nothing_off(desk, clock):
    seeded.close(desk)
    clock.forward(days=29)
    desk.write("r", Noted(text="still here"), actor="mia")
    clock.forward(days=1)
    assert len(swept(desk)) == 1
    assert texts(desk) == []


def test_erasing_one_text_by_hand_does_not_wind_the_clock(desk, clock):
    seeded.close(desk)
    clock.forward(days=29)
    desk.redact("r", 2, actor="leo")
    clock.forward(days=1)
    assert len(swept(desk)) == 1


# what ------------------------------------------------------------------------------------------
def test_the_chain_the_levels_and_the_estimates_stay(desk, clock):
    desk.write("r", Ended(), actor="leo")
    track, levels = desk.track("r"), desk.state("r").levels
    clock.forward(days=31)
    swept(desk)
    assert desk.verify("r").ok
    assert desk.rebuild("r")
    assert desk.track("r").points == track.points
    assert desk.state("r").levels == levels


def test_copies_indexes_and_the_bank_forget_it_too(desk, clock):
    copy = desk.fork("r", at=desk.state("r").seq, arm="with")
    desk.write(copy, seeded.opened("f1", text="Only in the copy"), actor="leo")
    assert desk.bank.has("mia", "e1")
    desk.write("r", Ended(), actor="leo")
    clock.forward(days=31)
    assert {one.relationship for one in swept(desk)} == {"r", copy}
    assert texts(desk) == texts(desk, copy) == []
    assert desk.ledger.vectors("r") == desk.ledger.vectors(copy) == {}
    assert not desk.bank.has("mia", "e1")
    assert desk.verify(copy).ok


def test_a_dry_run_says_what_would_go_and_erases_nothing(desk, clock):
    desk.write("r", Ended(), actor="leo")
    clock.forward(days=31)
    (one,) = swept(desk, dry=True)
    assert one.texts == len(texts(desk))
    assert one.until == MARCH + timedelta(days=30)


# interrupted -----------------------------------------------------------------------------------
def test_a_sweep_that_is_stopped_goes_on_where_it_was(desk, clock, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 3)
    desk.write("r", Ended(), actor="leo")
    clock.forward(days=31)
    before, looks = len(texts(desk)), iter((False, True))
    swept(desk, stop=lambda: next(looks))
    assert len(texts(desk)) == before - 3
    swept(desk)
    assert texts(desk) == []
    assert len(seeded.told(desk, Redacted)) == before
    assert desk.verify("r").ok


def test_what_is_resumed_before_its_batch_keeps_its_texts(desk, clock):
    def resumes():
        if desk.state("r").life == "lapsed":
            desk.write("r", Resumed(), actor="leo")
        return False

    desk.system("r", Lapsed(days=30))
    clock.forward(days=40)
    before = texts(desk)
    swept(desk, stop=resumes)
    assert texts(desk) == before
    assert swept(desk) == []


def test_whoever_resumes_while_a_batch_is_prepared_comes_first(desk, clock, monkeypatch):
    prepared = retention._batch

    def late(found, *rest):
        desk.write("r", Resumed(), actor="leo")
        prepared(found, *rest)

    monkeypatch.setattr(retention, "_batch", late)
    desk.system("r", Lapsed(days=30))
    clock.forward(days=40)
    before = texts(desk)
    swept(desk)
    assert texts(desk) == before


def test_sweeping_again_erases_nothing_and_writes_nothing(desk, clock):
    desk.write("r", Ended(), actor="leo")
    clock.forward(days=31)
    swept(desk)
    seq = desk.state("r").seq
    assert swept(desk) == []
    assert desk.state("r").seq == seq


def test_two_that_sweep_at_once_erase_each_text_by_one_entry(url, clock):
    with Tutelage(url, clock=clock) as one, Tutelage(url, clock=clock) as other:
        seeded.guide(one)
        one.write("r", Ended(), actor="leo")
        other.state("r")
        clock.forward(days=31)
        left = [r for r in one.ledger.rows("r") if r.texts not in {None, "[]"}]
        for desk in (one, other):  # both found the same
            retention._erased(desk, desk._writer, ("r", "r"), left, 30, lambda: False)
        assert len(seeded.told(one, Redacted)) == len(left)
        assert one.verify("r").ok


# shown and run ---------------------------------------------------------------------------------
def page(desk, days):
    app = application(
        desk, rate=1e6, burst=1e6, deliver=lambda *_: None, settings=Settings(keep_days=days)
    )
    desk.people.add("leo")
    browser = Browser(app).open(f"/in/{desk.people.link('leo')}")
    return browser.send(browser.path).open("/r/r/privacy")


def test_everybody_sees_how_long_texts_are_kept(desk):
    assert page(desk, None).says("Texts are kept until somebody erases them.")
    assert page(desk, 30).says("for 30 days after it is over")
    desk.write("r", Ended(), actor="leo")
    assert page(desk, 30).says("Texts are kept until 2026-04-01 12:00 UTC")


def test_the_server_sweeps_when_it_starts(desk, clock):
    desk.write("r", Ended(), actor="leo")
    clock.forward(days=31)
    with TestClient(application(desk, settings=Settings(keep_days=30))):
        end = time.monotonic() + 10
        while texts(desk) and time.monotonic() < end:
            time.sleep(0.02)
    assert texts(desk) == []


def test_the_command_says_what_goes_and_what_is_gone(tmp_path, monkeypatch, capsys):
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    with seeded.desk(url) as desk:
        seeded.guide(desk)
        desk.write("r", Ended(), actor="leo")
    run = Terminal(url, monkeypatch, capsys)
    assert "is not set" in run("retain").out
    monkeypatch.setenv(KEEP_DAYS, "1")
    assert "would go" in run("retain", "--dry-run").out
    assert json.loads(run("retain", "--json").out)["swept"][0]["relationship"] == "r"
    assert run("retain").out == "No text was kept for so long.\n"
    with seeded.desk(url) as desk:
        assert all(redacted(e) for e in desk.entries("r") if e.event.kind == "situation_opened")


@pytest.mark.parametrize("said", ["0", "-3", "x", "1.5", "9" * 30, "٣٠٠٠٠٠٠٠"])
def test_a_number_of_days_that_is_none_is_refused(said):
    with pytest.raises(Malformed):
        settings({KEEP_DAYS: said})


def test_without_the_variable_texts_are_kept():
    assert settings({}).keep_days is settings({KEEP_DAYS: " "}).keep_days is None
    assert settings({KEEP_DAYS: "365"}).keep_days == 365
