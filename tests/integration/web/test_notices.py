"""What is mailed to me is chosen under my name, and ended by one click in a mail."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from tests.support import seeded
from tests.support.browsing import Browser, joined
from tests.support.posts import Post
from tutelage import Tutelage
from tutelage.domain.errors import Malformed
from tutelage.doors.notifying import notifier
from tutelage.doors.serve import application
from tutelage.doors.web.notices import PURPOSE
from tutelage.service.added import add
from tutelage.service.channel import Channels
from tutelage.service.database import writing
from tutelage.service.preference import KINDS, Preferences
from tutelage.service.secret import Signature
from tutelage.service.settings import MailServer, settings
from tutelage.service.tables import reaches

AT = "http://localhost"
WANTED = {"turn": "at_once", "guidance": "daily", "paper": "at_once", "nudge": "never"}
HOURS = {"digest_at": "17", "quiet_from": "20", "quiet_until": "9"}


@pytest.fixture
def desk(sqlite_url):
    with seeded.desk(sqlite_url) as made:
        seeded.agree(made)
        yield made


@pytest.fixture
def app(desk):
    return application(desk, rate=1e6, burst=1e6, deliver=lambda _person, _link: None)


@pytest.fixture
def mia(app):
    return joined(app, "mia")


def wishes(desk, name="mia"):
    return Preferences(desk.ledger.engine).of(name)


def link(desk, name="mia"):
    return f"/stop/{Signature(desk.ledger.engine, PURPOSE, desk.entropy).of(name)}"


# choosing --------------------------------------------------------------------------------------
def test_what_is_chosen_is_kept_and_shown(desk, mia):
    mia.open("/me").send("/me/mail", **WANTED, **HOURS)
    assert (mia.path, wishes(desk).how, wishes(desk).digest_at) == ("/me", WANTED, 17)
    assert (wishes(desk).quiet_from, wishes(desk).quiet_until) == (20, 9)
    assert {"17", "20", "9", "never"} <= set(re.findall(r'value="(\w+)" selected', mia.page))
    assert mia.offers("/me/mail")


def test_before_anything_is_chosen_it_is_one_digest_a_day(desk, mia):
    assert wishes(desk).how == dict.fromkeys(KINDS, "daily")
    assert mia.open("/me").page.count('<option value="daily" selected>') == 4


def test_the_zone_chosen_for_pages_is_kept_for_mails(desk, mia):
    mia.open("/me").send("/me/reads", language="en", zone="Europe/Berlin")
    assert wishes(desk).zone == "Europe/Berlin"
    assert mia.says("By the clock of Europe/Berlin")
    mia.send("/me/reads", language="en", zone="UTC")
    assert wishes(desk).zone == "UTC"


@pytest.mark.parametrize("zone", ["", "../x", "Nowhere/At", "\x00"])
def test_a_zone_that_is_none_is_not_kept(desk, mia, zone):
    mia.open("/me").send("/me/reads", language="en", zone=zone)
    assert wishes(desk).zone == "UTC"


@pytest.mark.parametrize(
    "typed", [{"digest_at": "24"}, {"quiet_from": "-1"}, {"quiet_until": "x"}, {"turn": "<script>"}]
)
def test_what_no_page_of_ours_sends_changes_nothing_to_worse(desk, mia, typed):
    mia.open("/me").send("/me/mail", **{**WANTED, **HOURS, **typed})
    assert mia.got.status_code in {200, 422}
    assert set(wishes(desk).how.values()) <= {"at_once", "daily", "never"}
    assert "<script>" not in mia.page


@pytest.mark.parametrize("path", ["/me/mail", "/me/mail/again"])
def test_no_other_site_chooses_for_me(desk, mia, path):
    got = mia.http.post(path, data={"form": "x", **WANTED, **HOURS})
    assert got.status_code == 403
    assert wishes(desk).how == dict.fromkeys(KINDS, "daily")


def test_whoever_gave_no_address_reads_that_nothing_comes(app):
    lou = Browser(app).open(f"/in/{app.state.accounts.invite('lou')}")
    lou.send(lou.path, name="lou", mail="").open("/me")
    assert lou.says("Nothing, for you gave no mail address.")
    assert not lou.offers("/me/mail")


def test_an_address_that_takes_no_mail_is_shown_and_tried_again(desk, app, mia):
    from tutelage.service.delivery import Deliveries

    rows = Deliveries(desk.ledger.engine, desk.entropy)
    for _ in range(3):
        rows.refused(rows.claim("mia", desk.clock()), (), datetime(2020, 1, 1, tzinfo=UTC), "550")
    assert mia.open("/me").says("Your mail address refused three mails")
    mia.send("/me/mail/again")
    assert not wishes(desk).failing
    assert not mia.says("Your mail address refused three mails")


def test_that_mails_came_back_is_said_as_it_was(desk, mia):
    with writing(desk.ledger.engine) as connection:
        add(connection, reaches, [{"person": "mia", "refused": 0}])
        connection.execute(sa.update(reaches).values(bounced=3))
    assert mia.open("/me").says("Three mails to your address came back")
    assert not mia.says("Your mail address refused three mails")


def test_who_has_a_chat_and_no_mail_address_chooses_the_hours(desk, app):
    lou = Browser(app).open(f"/in/{app.state.accounts.invite('lou')}")
    lou.send(lou.path, name="lou", mail="").open("/me")
    chat = "slack://AAAAAAAAA/BBBBBBBBB/CCCCCCCCCCCCCCCCCCCCCCCC"
    Channels(desk.ledger.engine, desk.clock, desk.entropy).add("lou", chat)
    lou.open("/me").send("/me/mail", **HOURS)
    kept = wishes(desk, "lou")
    assert (kept.digest_at, kept.quiet_from, kept.quiet_until) == (17, 20, 9)
    assert kept.how == dict.fromkeys(KINDS, "daily")


# ending it by the link in a mail ---------------------------------------------------------------
def test_looking_at_the_link_ends_nothing_and_the_button_does(desk, app, mia):
    stranger = Browser(app).open(link(desk))
    assert stranger.says(
        "mia is told what waits in Tutelage. This ends it by mail and on every other channel."
    )
    assert wishes(desk).how == dict.fromkeys(KINDS, "daily")
    stranger.send(stranger.path)
    assert stranger.says(
        "mia is told nothing that waits any more, by mail or on any other channel."
    )
    assert set(wishes(desk).how.values()) == {"never"}


def test_a_mail_program_ends_it_by_one_click_without_a_session(desk, app, mia):
    got = Browser(app).http.post(
        link(desk),
        data={"List-Unsubscribe": "One-Click"},
        follow_redirects=False,
        headers={"Origin": "null"},
    )
    assert got.status_code == 200
    assert set(wishes(desk).how.values()) == {"never"}


def test_the_link_holds_after_a_restart_and_in_another_process(desk, sqlite_url, mia):
    before = link(desk)
    with Tutelage(sqlite_url, entropy=random.Random(9).randbytes) as other:
        assert link(other) == before
        Browser(application(other)).open(before).send(before)
    assert set(wishes(desk).how.values()) == {"never"}


@pytest.mark.parametrize("change", ["leo", "case", "short", "none", "dots", "unicode"])
def test_a_forged_link_ends_nothing(desk, app, mia, change):
    good = link(desk).removeprefix("/stop/")
    name, _, signature = good.partition(".")
    forged = {
        "leo": f"bGVv.{signature}",
        "case": f"{name}.{signature.upper()}",
        "short": good[:-1],
        "none": name,
        "dots": "...",
        "unicode": "ä.ö",
    }[change]
    got = Browser(app).http.post(f"/stop/{forged}")
    assert got.status_code == 401
    assert wishes(desk).how == wishes(desk, "leo").how == dict.fromkeys(KINDS, "daily")


def test_a_link_of_an_account_that_is_gone_ends_nothing(desk, app, mia):
    mia.open("/me/delete").send("/me/delete")
    assert Browser(app).open(link(desk)).got.status_code == 401


def test_links_that_are_none_are_counted_as_guesses(desk, mia):
    app = application(desk)
    codes = {Browser(app).http.get("/stop/x.y").status_code for _ in range(40)}
    assert codes == {401, 429}


def test_the_headers_of_a_mail_hold_the_link_whole(desk, app, mia):
    name = "m" * 64
    desk.people.add(name, "long@example.org")
    desk.open(seeded.proposed(trainer=seeded.Party(id=name, kind="person")), actor="leo", id="r2")
    Preferences(desk.ledger.engine).choose(name, dict.fromkeys(KINDS, "at_once"), quiet_from=7)
    with Post().up() as post:
        notifier(desk, MailServer("127.0.0.1", post.port, "t@learn.example"), AT).round()
    (got,) = [m for m in post.got if m["To"] == "long@example.org"]
    assert got["List-Unsubscribe"] == f"<{AT}{link(desk, name)}>"
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"\nNo more of these mails: {AT}{link(desk, name)}" in got.get_content().replace(
        "\r", ""
    )


# by itself -------------------------------------------------------------------------------------
def test_the_server_tells_people_by_itself_where_it_can_send_mail(sqlite_url):
    from starlette.testclient import TestClient

    with Tutelage(sqlite_url) as desk, Post().up() as post:
        desk.people.add("mia", "mia@example.org")
        at_any_time = {"quiet_from": 0, "quiet_until": 0}
        Preferences(desk.ledger.engine).choose("mia", WANTED, **at_any_time)
        desk.open(seeded.proposed(), actor="leo", id="r")
        env = {"TUTELAGE_SMTP": f"smtp://127.0.0.1:{post.port}", "TUTELAGE_MAIL_FROM": "t@a.b"}
        env["TUTELAGE_AT"] = "https://learn.example"
        with TestClient(application(desk, settings=settings(env))):
            (got,) = post.comes()
        assert "https://learn.example/r/r" in got.get_content()


@pytest.mark.parametrize(
    "said",
    [
        "learn.example",
        "ftp://a.b",
        "https://a.b/x",
        "https://u@a.b",
        "https://a.b?x",
        "https://a b",
    ],
)
def test_an_address_of_the_pages_that_cannot_be_meant_is_refused(said):
    with pytest.raises(Malformed):
        settings({"TUTELAGE_AT": said})
