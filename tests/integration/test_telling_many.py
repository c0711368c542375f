"""Much is told to many, by two processes of which one is killed: nothing is lost, nothing doubled."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
import sqlalchemy as sa

from bench.told import many
from tests.support.hooks import Hooks
from tutelage import Tutelage
from tutelage.service.channel import Channels
from tutelage.service.database import reading, writing
from tutelage.service.planning import Planning
from tutelage.service.preference import KINDS
from tutelage.service.tables import channel_wishes, deliveries, preferences
from tutelage.service.tables import channels as channel_table

RELATIONSHIPS, EACH = 400, 5


def hooked(url, hooks):
    """Everybody has a webhook instead of mail."""
    with Tutelage(url) as desk, writing(desk.ledger.engine) as connection:
        one = {"kind": "webhook", "url": hooks.url, "secret": "whsec_c2VjcmV0", "made_at": "2026"}
        names = [f"p{n}" for n in range(RELATIONSHIPS)]
        rows = [{"id": f"c{n}", "person": n, "refused": 0, **one} for n in names]
        connection.execute(sa.insert(channel_table), rows)
        how = [{"channel": f"c{n}", "kind": k, "how": "at_once"} for n in names for k in KINDS]
        connection.execute(sa.insert(channel_wishes), how)
        connection.execute(sa.update(preferences).values(how="never"))


def states(url):
    query = sa.select(deliveries.c.state, sa.func.count()).group_by(deliveries.c.state)
    with Tutelage(url) as desk, reading(desk.ledger.engine) as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


@pytest.mark.slow
def test_two_tell_2000_things_one_is_killed_and_each_comes_once(url, tmp_path):
    many(url, RELATIONSHIPS, EACH)
    with Hooks().up() as hooks:
        hooked(url, hooks)
        command = [sys.executable, "-m", "bench.teller", url, str(tmp_path / "mails")]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        both = [subprocess.Popen(command, **pipes) for _ in range(2)]
        for one in both:
            assert one.stdout.readline() == b"ready\n"
            one.stdin.write(b"go\n")
            one.stdin.close()
        killed_at = random.Random().randrange(200, 1500)
        while len(hooks.got) < killed_at and both[0].poll() is None:
            time.sleep(0.01)
        both[0].send_signal(signal.SIGKILL)
        assert both[1].wait(300) == 0
        both[0].wait()
        for one in both:
            one.stdout.close()
    ids = Counter(heads["webhook-id"] for heads, _body in hooks.got)
    assert len(ids) == RELATIONSHIPS * EACH
    assert sum(ids.values()) - len(ids) <= 1  # the one that was sent and not noted: the same id
    assert states(url) == {"sent": RELATIONSHIPS * EACH}
    assert (tmp_path / "mails").read_text() == ""


def test_a_round_in_which_nothing_happened_folds_nothing(url, monkeypatch):
    many(url, 20, 2)
    with Tutelage(url) as desk:
        planning = Planning(desk, Channels(desk.ledger.engine, desk.clock, desk.entropy))
        assert planning.round(desk.clock()) == 20
        monkeypatch.setattr(Tutelage, "state", lambda *_: pytest.fail("something was folded"))
        assert planning.round(desk.clock()) == 0


def test_who_comes_or_chooses_later_is_told_what_waits_already(url):
    from datetime import timedelta

    from tutelage.service.preference import Preferences

    many(url, 30, 1)
    with Tutelage(url) as desk:
        planning = Planning(desk, Channels(desk.ledger.engine, desk.clock, desk.entropy))
        planning.round(desk.clock())
        Preferences(desk.ledger.engine).choose("p7", dict.fromkeys(KINDS, "daily"))
        assert planning.round(desk.clock()) == 1
        assert planning.round(desk.clock()) == 0
        assert planning.round(desk.clock() + timedelta(days=7)) == 30  # it has waited for long
        desk.people.add("mia", "mia@example.org")
        assert planning.round(desk.clock() + timedelta(days=7)) == 30
