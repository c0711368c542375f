"""Under my name I say where else I am told."""

from __future__ import annotations

import re

import pytest

from tests.support import seeded
from tests.support.browsing import joined
from tutelage.doors.serve import application
from tutelage.service.channel import Channels
from tutelage.service.settings import settings

HOW = {"turn": "daily", "guidance": "never", "paper": "at_once", "nudge": "never"}
HOOK = "http://127.0.0.1:9/in?key=SECRET"


@pytest.fixture
def desk(sqlite_url):
    with seeded.desk(sqlite_url) as made:
        seeded.agree(made)
        yield made


@pytest.fixture
def mia(desk):
    private = settings({"TUTELAGE_PRIVATE_CHANNELS": "yes"})
    quiet = {"rate": 1e6, "burst": 1e6, "deliver": lambda _person, _link: None}
    return joined(application(desk, settings=private, **quiet), "mia")


def channels(desk):
    return Channels(desk.ledger.engine, desk.clock, desk.entropy, private=True)


def test_a_webhook_is_added_and_its_secret_shown_once(desk, mia):
    mia.open("/me").send("/me/channels", url=HOOK)
    (one,) = channels(desk).of("mia")
    assert mia.says(one.secret)
    assert mia.got.headers["cache-control"] == "no-store"
    mia.open("/me")
    assert mia.says("http://…CRET")
    assert "SECRET" not in mia.page
    assert one.secret not in mia.page


def test_what_it_is_told_is_chosen_and_it_is_ended(desk, mia):
    mia.open("/me").send("/me/channels", url=HOOK)
    mia.open("/me").send("/me/channels/how", **HOW)
    assert channels(desk).of("mia")[0].how == HOW
    mia.send("/me/channels/end")
    assert channels(desk).of("mia") == []


def test_one_that_was_switched_off_is_tried_again(desk, mia):
    import sqlalchemy as sa

    from tutelage.service.database import writing
    from tutelage.service.tables import channels as table

    mia.open("/me").send("/me/channels", url=HOOK)
    with writing(desk.ledger.engine) as connection:
        connection.execute(sa.update(table).values(off_at="2026"))
    assert mia.open("/me").says("It took nothing for days")
    mia.send("/me/channels/again")
    assert not mia.says("It took nothing for days")


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "https://u@x.y", "<script>", "slack://x?y=z"]
)
def test_what_is_no_channel_is_said_beside_the_box(desk, mia, url):
    mia.open("/me").send("/me/channels", url=url)
    assert mia.got.status_code == 422
    assert re.search('class="wrong" role="alert">This', mia.page)
    assert channels(desk).of("mia") == []
    assert "<script>" not in mia.page


def test_no_other_site_adds_one(desk, mia):
    assert mia.http.post("/me/channels", data={"form": "x", "url": HOOK}).status_code == 403
    assert channels(desk).of("mia") == []


def test_it_is_said_in_german(desk, mia):
    mia.open("/me").send("/me/reads", language="de", zone="UTC")
    assert mia.open("/me").says("Wo du sonst Bescheid bekommst")
    mia.send("/me/channels", url="file:///x")
    assert mia.says("Dieser Chatdienst ist hier nicht bekannt")
