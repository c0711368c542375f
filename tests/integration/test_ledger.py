"""The chain, forks, redaction and rebuild: what is on disk is what was said, and stays so."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bench.workload import grow
from bench.workload import opened as begin
from tests.support import seeded
from tutelage.domain.errors import NotYours, Unknown
from tutelage.domain.events import OwnCallRecorded, SituationOpened
from tutelage.domain.text import Gone
from tutelage.evidence.track import track
from tutelage.guidance.turn import turn
from tutelage.service.keep import VERSION
from tutelage.service.tables import entries


@pytest.fixture
def desk(url):
    with seeded.desk(url) as tutelage:
        begin(tutelage, "r")
        grow(tutelage, "r", 120)
        yield tutelage


def change(desk, seq, **values):
    with desk.ledger.engine.begin() as connection:
        connection.execute(
            sa.update(entries)
            .where(entries.c.relationship == "r", entries.c.seq == seq)
            .values(**values)
        )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"facts": '{"kind":"resumed"}'}, "does not follow"),
        ({"texts": '["other words"]'}, "not what was written"),
        ({"actor": "zoe"}, "does not follow"),
        ({"digest": "0" * 64}, "does not follow"),
    ],
)
def test_a_changed_entry_shows(desk, values, said):
    change(desk, 30, **values)
    found = desk.verify("r")
    assert not found.ok
    assert said in found.problem


def test_a_removed_entry_shows(desk):
    with desk.ledger.engine.begin() as connection:
        connection.execute(sa.delete(entries).where(entries.c.seq == 40))
    assert "41 stands in its place" in desk.verify("r").problem


def test_entries_cut_off_at_the_end_show(desk):
    with desk.ledger.engine.begin() as connection:
        connection.execute(sa.delete(entries).where(entries.c.seq > 100))
    assert "Entries behind 100 are missing" in desk.verify("r").problem


def test_redaction_removes_the_text_and_keeps_chain_estimates_and_levels(desk):
    before = desk.turn("r")
    call = next(e for e in desk.entries("r") if isinstance(e.event, OwnCallRecorded))
    desk.redact("r", call.seq, actor="leo")
    gone = next(iter(desk.ledger.read("r", call.seq - 1, call.seq)))
    assert gone.event.call == Gone()
    assert desk.verify("r").ok
    assert desk.turn("r").stands == before.stands


def test_with_every_text_removed_a_cold_fold_says_the_same(desk, url):
    for seq in range(1, desk.state("r").seq + 1):
        desk.redact("r", seq)
    with seeded.desk(url) as cold:
        live, again = desk.turn("r"), cold.turn("r")
        assert [s.estimate for s in again.stands] == [s.estimate for s in live.stands]
        assert [s.level for s in again.stands] == [s.level for s in live.stands]
        assert again.threshold == live.threshold
        assert cold.verify("r").ok


def test_redaction_reaches_forks(desk):
    call = next(e for e in desk.entries("r") if isinstance(e.event, SituationOpened))
    copy = desk.fork("r", at=100, arm="alone")
    desk.redact("r", call.seq, actor="leo")
    forked = next(iter(desk.ledger.read(copy, call.seq - 1, call.seq)))
    assert forked.event.text == Gone()
    assert desk.verify(copy).ok


def test_a_trainer_does_not_remove_the_learners_words(desk):
    call = next(e for e in desk.entries("r") if isinstance(e.event, OwnCallRecorded))
    with pytest.raises(NotYours):
        desk.redact("r", call.seq, actor="mia")
    with pytest.raises(Unknown):
        desk.redact("r", 9999)


def test_a_fork_is_the_prefix_and_goes_its_own_way(desk):
    copy = desk.fork("r", at=80, arm="alone")
    prefix = [(r.seq, r.digest, r.texts) for r in desk.ledger.rows("r", upto=80)]
    assert [(r.seq, r.digest, r.texts) for r in desk.ledger.rows(copy, upto=80)] == prefix
    assert desk.state(copy).arm == "alone"
    grow(desk, copy, 110)
    assert desk.verify(copy).ok
    assert desk.state("r").seq < 130


def test_a_fork_is_in_nobodys_list(desk):
    desk.fork("r", at=80, arm="alone")
    assert [p["id"] for p in desk.relationships()] == ["r"]


def test_a_rebuild_equals_what_lived(desk, url):
    live = desk.state("r"), desk.track("r").seen, desk.turn("r")
    assert desk.rebuild("r")
    assert (desk.state("r"), desk.track("r").seen, desk.turn("r")) == live
    with seeded.desk(url) as cold:
        assert (cold.state("r"), cold.track("r").seen, cold.turn("r")) == live


def test_a_persisted_estimate_gives_the_same_as_filtering_anew(desk, url):
    grow(desk, "r", 400)
    with seeded.desk(url) as cold:
        state = cold.state("r")
        assert desk.ledger.checkpoint("r", VERSION) is not None
        assert turn(state, cold.track("r")) == turn(state, track(state))


def test_a_wrong_projection_row_is_found_and_mended(desk):
    with desk.ledger.engine.begin() as connection:
        connection.execute(sa.text("UPDATE relationship SET whose = 'nobody'"))
    assert not desk.rebuild("r")
    assert desk.rebuild("r")
