"""What a new process need not compute again: the same numbers, and none that a lost text left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.workload import grow
from bench.workload import opened as begin
from tests.support import seeded
from tutelage.service.keep import CHECKPOINT_EVERY, cold, seen


@pytest.fixture
def desk(url):
    with seeded.desk(url) as tutelage:
        begin(tutelage, "r")
        grow(tutelage, "r", CHECKPOINT_EVERY + 40)
        yield tutelage


def test_a_new_process_knows_how_far_apart_the_situations_are(desk):
    kept = cold(desk.ledger, "r")
    anew = seen(desk.ledger, "r", replace(kept, seen=None))
    assert kept.checkpoint >= CHECKPOINT_EVERY
    assert kept.seen is not None
    assert kept.seen.keys == anew.keys
    assert kept.seen.nearest.tolist() == anew.nearest.tolist()


def test_distances_to_a_text_that_is_gone_are_not_kept(desk):
    first = desk.state("r").situations[0]
    desk.redact("r", first.opened.seq)
    kept = cold(desk.ledger, "r")
    assert kept.seen is None
    assert first.key not in seen(desk.ledger, "r", kept).keys


# reports ---------------------------------------------------------------------------------------
def test_a_report_is_made_once_for_a_state_and_anew_for_the_next(sqlite_url):
    with seeded.desk(sqlite_url) as desk:
        seeded.guide(desk)
        first = desk.trajectory("r")
        assert desk.trajectory("r") is first
        desk.write("r", seeded.opened("s1"), actor="leo")
        assert len(desk.trajectory("r").steps) == len(first.steps) + 1
        assert desk.trajectory("r", upto=first.seq) == first
