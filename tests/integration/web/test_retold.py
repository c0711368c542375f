"""A retold decision is three entries or none, whatever was typed and however often."""

from __future__ import annotations

import pytest

from tests.support import seeded
from tutelage.domain.events import BaselineTaken

RATED = f"ratings.{seeded.KEYS[0]}"
TOLD = {"text": "A night", "call": "I woke Ann", "why": "Nobody knew", RATED: "3"}


@pytest.fixture
def guided(desk):
    seeded.agree(desk)


def kinds(desk):
    return [e.event.kind for e in desk.entries("r")]


@pytest.fixture
def form(leo):
    return leo.open("/r/r/retell").page


def send(leo, page, **typed):
    leo.page = page
    return leo.send("/r/r/retell", **TOLD | typed)


def test_a_call_that_is_too_long_writes_nothing_and_can_be_mended(leo, desk, form):
    before = kinds(desk)
    send(leo, form, call="c" * 70_000)
    assert leo.got.status_code == 422
    assert kinds(desk) == before
    send(leo, leo.page, text="Other words")
    told = ["situation_opened", "own_call_recorded", "rated"]
    assert [k for k in kinds(desk) if k in told] == told


@pytest.mark.parametrize("part", ["text", "call", RATED])
def test_what_is_changed_and_sent_again_is_kept_under_an_id_of_its_own(leo, desk, form, part):
    send(leo, form)
    send(leo, form, **{part: "2"})
    assert leo.got.status_code == 409
    assert len(desk.state("r").situations) == 1
    send(leo, leo.page, **{part: "2"})
    assert len(desk.state("r").situations) == 2


def test_an_id_of_any_length_and_shape_is_cut_to_one(leo, desk, form):
    for said in ("f" + "a" * 63, "f" + "a" * 99, "\x00", "../.."):
        for _ in range(2):
            send(leo, form, id=said, text=said)
    assert len(desk.state("r").situations) == 4
    assert all(s.ratings for s in desk.state("r").situations)


def test_nothing_is_retold_once_the_baseline_is_closed(leo, desk, form):
    for n in range(3):
        send(leo, form, id=f"night {n}", text=f"Night {n}")
    keys = tuple(s.key for s in desk.state("r").situations)
    desk.write("r", BaselineTaken(situations=keys), actor="mia")
    before = kinds(desk)
    send(leo, form)
    assert (leo.got.status_code, kinds(desk)) == (409, before)
    assert leo.says("The baseline is closed.")
