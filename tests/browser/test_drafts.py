"""Drafts: what was typed outlasts a lost network, a closed page and a session that is over."""

from __future__ import annotations

import pytest

from tests.support import seeded
from tests.support.doors import served

browsers = pytest.importorskip("tests.support.browsers", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not browsers.CHROMIUM.exists(), reason="no chromium on this machine"),
]
TEXT = "[name=text]"
TYPED = "The queue of the payment service grows"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with seeded.desk(f"sqlite:///{tmp_path_factory.mktemp('drafts')}/t.db") as made:
        seeded.guide(made)
        yield made


@pytest.fixture(scope="module")
def base(desk):
    with served(desk) as url:
        yield url


@pytest.fixture(scope="module")
def chromium():
    with browsers.chromium() as made:
        yield made


@pytest.fixture
def leo(chromium, desk, base):
    """A page of leo's, with JavaScript, in a browser of its own."""
    page = chromium.new_context(viewport=browsers.PHONE).new_page()
    page.set_default_timeout(8000)
    page.goto(f"{base}/in/{desk.people.invite('leo')}")
    page.locator("main button").click()
    page.wait_for_url(f"{base}/")
    page.goto(f"{base}/r/r")
    return page


def type_it(page, text=TYPED):
    page.locator("summary").filter(has_text="Bring a situation").or_(
        page.locator(TEXT)
    ).first.click()
    page.locator(TEXT).fill(text)
    page.locator("[name=criteria]").first.check()
    page.wait_for_timeout(600)  # longer than the script waits after a letter


def send(page):
    page.locator("form[action$='situation_opened'] button").last.click()


def test_what_was_typed_is_there_again_and_can_be_discarded(leo, base):
    type_it(leo)
    leo.goto(f"{base}/r/r")
    assert leo.locator(TEXT).input_value() == TYPED
    assert leo.locator("[name=criteria]").first.is_checked()
    assert "not sent yet" in leo.locator(".draft").inner_text()
    leo.locator(".draft button").click()
    leo.goto(f"{base}/r/r")
    assert leo.locator(TEXT).input_value() == ""


def test_without_a_network_it_is_kept_and_sent_later(leo, base, desk):
    before = len(desk.state("r").situations)
    type_it(leo, "Half of the health checks fail in one zone")
    leo.context.set_offline(True)
    send(leo)
    assert "No network" in leo.locator(".draft").inner_text()
    leo.context.set_offline(False)
    leo.goto(f"{base}/r/r")
    assert leo.locator(TEXT).input_value() == "Half of the health checks fail in one zone"
    send(leo)
    leo.wait_for_url("**/s/*")
    assert len(desk.state("r").situations) == before + 1
    leo.goto(f"{base}/r/r")
    assert leo.locator(TEXT).input_value() == ""  # the server has it


def test_an_answer_that_was_lost_on_its_way_is_no_second_situation(leo, base, desk):
    before = len(desk.state("r").situations)
    type_it(leo, "Latency doubled within ten minutes of a certificate change")

    def lost(route):
        route.fetch(max_redirects=0)  # the server has it, and this browser never hears of it
        leo.context.clear_cookies(name="kept")
        route.abort()

    leo.route("**/write/situation_opened", lost)
    send(leo)
    leo.wait_for_timeout(500)
    leo.unroute_all()
    leo.goto(f"{base}/r/r")
    assert leo.locator(TEXT).input_value().startswith("Latency doubled")
    send(leo)
    leo.wait_for_url("**/s/*")
    assert len(desk.state("r").situations) == before + 1


def test_a_session_that_is_over_loses_nothing(leo, base, desk):
    type_it(leo, "The disk of the log host is full")
    mine = leo.context
    mine.clear_cookies()
    send(leo)
    leo.get_by_text("You are signed out.").wait_for()
    assert leo.locator("textarea").input_value() == "The disk of the log host is full"
    leo.goto(f"{base}/in/{desk.people.link('leo')}")
    leo.locator("main button").click()
    leo.wait_for_url(f"{base}/")
    leo.goto(f"{base}/r/r")
    assert leo.locator(TEXT).input_value() == "The disk of the log host is full"


def test_signing_out_leaves_no_draft_in_the_browser(leo, base):
    type_it(leo)
    leo.locator("form[action='/out'] button").click()
    leo.wait_for_url("**/sign-in")
    assert leo.evaluate("Object.keys(localStorage).length") == 0


def test_an_account_that_is_deleted_leaves_no_draft_in_the_browser(chromium, base, desk):
    page = chromium.new_context().new_page()
    page.goto(f"{base}/in/{desk.people.invite('zoe')}")
    page.locator("main button").click()
    page.goto(f"{base}/propose")
    page.locator("[name=because]").fill("It is new to me")
    page.wait_for_timeout(600)
    assert page.evaluate("Object.keys(localStorage).length") == 1
    page.goto(f"{base}/me/delete")
    page.locator("form[action='/me/delete'] button").click()
    page.wait_for_url("**/sign-in")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_the_page_says_that_the_other_has_written(leo, base, desk):
    leo.goto(f"{base}/r/r")
    leo.evaluate("document.querySelector('.news').dispatchEvent(new Event('every'))")
    desk.write("r", seeded.opened("n1"), actor="leo")
    desk.write("r", seeded.own_call("n1"), actor="leo")
    told = seeded.asks("n1")
    desk.write("r", told, actor="mia")
    leo.evaluate("document.querySelector('.news').dispatchEvent(new Event('every'))")
    leo.locator(".news", has_text="mia has written meanwhile").wait_for()
