"""Talks in the browser: planned by my clock, moved, called off, answered; and a calendar's address."""

from __future__ import annotations

import re

import pytest
import vobject

from tests.support import seeded
from tests.support.browsing import SCRIPT, Browser
from tutelage.domain.events import TalkMoved, TalkPlanned

WHEN = {"at": "2026-03-28T10:00", "zone": "Europe/Berlin", "minutes": "30", "where": "Room 7"}


@pytest.fixture
def planned(leo):
    return leo.open("/r/r/talks").send("/r/r/talks", **WHEN)


def key(desk):
    (only,) = desk.state("r").planned
    return only


def feed(browser):
    page = browser.open("/me/calendar").page
    return re.search(r"/calendar/[\w.-]+\.ics", page)[0]


def test_a_talk_is_planned_by_the_clock_that_is_chosen(planned, mia, desk):
    (said,) = seeded.told(desk, TalkPlanned)
    assert said.at.isoformat() == "2026-03-28T10:00:00+01:00"
    assert mia.open("/r/r/talks").says("2026-03-28 09:00 UTC")
    assert mia.says("Room 7")


def test_a_form_sent_twice_plans_one_talk(leo, desk):
    page = leo.open("/r/r/talks").page
    leo.send("/r/r/talks", **WHEN)
    leo.page = page
    leo.send("/r/r/talks", **WHEN)
    assert len(seeded.told(desk, TalkPlanned)) == 1


def test_a_talk_is_moved_answered_and_called_off(planned, mia, desk):
    at = f"/r/r/talks/{key(desk)}"
    mia.open("/r/r/talks").send(f"{at}/move", **WHEN | {"at": "2026-04-02T16:30"})
    assert mia.says("2026-04-02 14:30 UTC")
    mia.send(f"{at}/answer", answer="accepted")
    assert mia.says("mia: comes")
    mia.send(f"{at}/cancel")
    assert mia.says("called off")
    assert not mia.offers(f"{at}/move")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"at": "2026-03-29T02:30"}, "this hour does not exist"),
        ({"at": "tomorrow"}, "Say a day and a time."),
        ({"at": "0001-01-01T00:00"}, "Say a day and a time."),
        ({"at": "9999-12-31T23:59", "zone": "America/New_York"}, "Say a day and a time."),
        ({"at": "2026-01-01T10:00"}, "This is past already"),
        ({"at": "2226-01-01T10:00"}, "more than two years away"),
        ({"zone": "Moon/Crater"}, "Choose a zone of time from the list."),
        ({"minutes": "1000"}, "less than or equal to 480"),
    ],
)
def test_what_cannot_be_meant_is_said_and_what_was_typed_stays(leo, desk, typed, said):
    leo.open("/r/r/talks").send("/r/r/talks", **WHEN | typed)
    assert leo.says(said)
    assert leo.says('value="Room 7"')
    assert seeded.told(desk, TalkPlanned) == []


@pytest.mark.parametrize("act", ["move", "cancel", "answer"])
def test_what_names_no_talk_is_refused(planned, act):
    form = re.search(r'name="form" value="([^"]*)"', planned.page)[1]
    data = {"form": form, "at": WHEN["at"], "answer": "accepted"}
    assert planned.http.post(f"/r/r/talks/%00/{act}", data=data).status_code == 422


def test_a_hostile_place_is_text(leo):
    leo.open("/r/r/talks").send("/r/r/talks", **WHEN | {"where": SCRIPT})
    assert SCRIPT not in leo.page
    assert leo.says(SCRIPT)


def test_strangers_neither_see_nor_move_talks(planned, app, desk):
    from tests.support.browsing import joined

    eve = joined(app, "eve")
    assert eve.open("/r/r/talks").got.status_code == 403
    token = re.search(r'name="form" value="([^"]*)"', eve.open("/").page)[1]
    for action in ("move", "cancel", "answer"):
        data = {"form": token, "answer": "declined", **WHEN}
        got = eve.http.post(f"/r/r/talks/{key(desk)}/{action}", data=data)
        assert got.status_code == 403
    assert seeded.told(desk, TalkMoved) == []


def test_a_calendar_subscribes_to_all_my_talks_without_signing_in(planned, app, mia, leo):
    got = Browser(app).open(feed(mia)).got
    assert got.headers["content-type"].startswith("text/calendar")
    event = vobject.readOne(got.text).vevent
    assert event.summary.value == "Talk with leo"
    assert "example.org" not in got.text


def test_the_feed_of_somebody_in_no_pair_is_empty(planned, app):
    from tests.support.browsing import joined

    got = Browser(app).open(feed(joined(app, "eve"))).got
    assert "VEVENT" not in got.text


def test_an_address_that_was_made_anew_shows_nothing_under_the_old_one(planned, app, mia):
    old = feed(mia)
    mia.send("/me/calendar")
    assert Browser(app).open(old).got.status_code == 401
    assert Browser(app).open(feed(mia)).got.status_code == 200


def test_a_guessed_address_is_none(planned, app, mia):
    good = feed(mia)
    for bad in (good.replace(".ics", "x.ics"), "/calendar/x.ics", "/calendar/bWlhLzA.00.ics"):
        assert Browser(app).open(bad).got.status_code == 401
