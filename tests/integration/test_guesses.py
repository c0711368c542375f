"""How often one may ask for links, and guess them; and sessions ended from another browser."""

from __future__ import annotations

import re

import pytest

from tests.support import seeded
from tests.support.browsing import Browser, joined
from tutelage.doors.api import GUESSES
from tutelage.doors.serve import application
from tutelage.doors.web.site import ASKED
from tutelage.service.accounts import INVITATION_LASTS

ONCE, PER_ADDRESS = int(GUESSES[1]), int(ASKED[1])


@pytest.fixture
def sent():
    return []


@pytest.fixture
def app(sqlite_url, sent):
    with seeded.desk(sqlite_url) as desk:
        yield application(desk, deliver=lambda _person, link: sent.append(link))


def statuses(ask, count):
    return [ask(n).status_code for n in range(count)]


def test_one_address_is_sent_a_few_links_whoever_asks_and_whether_or_not_it_has_an_account(
    app, sent
):
    joined(app, "leo")
    http = Browser(app).http
    for mail in ("leo@example.org", "eve@example.org"):
        shapes = (mail, mail.upper(), f" {mail} ")
        got = statuses(
            lambda n, s=shapes: http.post("/sign-in", data={"mail": s[n % 3]}), PER_ADDRESS + 1
        )
        assert got == [200] * PER_ADDRESS + [429]
    assert app.state.later.done()
    assert len(sent) == PER_ADDRESS


def test_one_browser_asks_for_a_few_links_only(app):
    http = Browser(app).http
    ask = lambda n: http.post("/sign-in", data={"mail": f"p{n}@example.org"})  # noqa: E731
    assert statuses(ask, ONCE + 1) == [200] * ONCE + [429]
    german = http.post(
        "/sign-in", data={"mail": "x@example.org"}, headers={"Accept-Language": "de"}
    )
    assert "Zu viele Anfragen; warte" in german.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_links_are_guessed_a_few_times_only(app, method):
    http = Browser(app).http
    got = statuses(lambda n: getattr(http, method)(f"/in/{n:048x}"), ONCE + 1)
    assert set(got[:-1]) <= {401, 403}
    assert got[-1] == 429


def test_links_that_are_good_and_names_that_are_taken_are_no_guesses(app):
    joined(app, "leo")
    browser = Browser(app).open(f"/in/{app.state.accounts.link('', INVITATION_LASTS)}")
    page, link = browser.page, browser.path
    for _ in range(ONCE + 3):
        browser.page = page
        assert browser.send(link, name="leo").got.status_code == 409
    assert browser.send(link, name="lea").says("My turn")


def test_a_browser_is_ended_from_another_by_a_form(app):
    phone = joined(app, "leo")
    link = f"/in/{app.state.accounts.link('leo')}"
    desk = Browser(app).open(link).send(link).open("/me")
    (this,) = re.findall(r"this one.*?name=\"browser\" value=\"(\w+)\"", desk.page, re.DOTALL)
    (other,) = set(re.findall(r'name="browser" value="(\w+)"', desk.page)) - {this}
    form = re.search(r'name="form" value="(\w+)"', desk.page)[1]
    forged = desk.http.post("/me/end", data={"form": "guess", "browser": other})
    assert forged.status_code == 403
    assert phone.open("/").says("My turn")
    desk.http.post("/me/end", data={"form": form, "browser": other})
    assert phone.open("/").says("you get a link")
    assert desk.open("/").says("My turn")
