"""Single sign-on in a real browser without JavaScript: the strict policy lets it out and back."""

from __future__ import annotations

import pytest

from tests.support.doors import served
from tests.support.provider import CLIENT, SECRET, IdProvider
from tutelage import Tutelage
from tutelage.service.settings import Settings, SignOn

browsers = pytest.importorskip("tests.support.browsers", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not browsers.CHROMIUM.exists(), reason="no chromium on this machine"),
]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    file = tmp_path_factory.mktemp("signon") / "t.db"
    with IdProvider().up() as provider, Tutelage(f"sqlite:///{file}") as desk:
        set_up = Settings(sign_on=SignOn(provider.issuer, CLIENT, SECRET, "Acme", join=True))
        desk.people.add("leo")
        with served(desk, settings=set_up) as at:
            yield desk, provider, at


def looked_at(browser, at, screen):
    """Neither a violation for axe, nor wider than a small phone, in the light and in the dark."""
    from axe_playwright_python.sync_playwright import Axe

    for scheme in ("light", "dark"):
        more = {"viewport": browsers.NARROW, "color_scheme": scheme}
        page = browser.new_context(**more).new_page()
        page.goto(at)
        shown = browsers.shown(page, screen.content())
        assert Axe().run(shown).response["violations"] == []
        assert shown.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )


@pytest.fixture(scope="module")
def browser():
    with browsers.chromium() as made:
        yield made


def test_somebody_joins_and_somebody_adds_it_in_a_real_browser(base, browser):
    desk, provider, at = base
    context = browser.new_context(viewport=browsers.PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{at}/sign-in")
    looked_at(browser, at, page)
    page.get_by_text("Sign in with Acme").click()
    assert page.url == f"{at}/sso/join"
    looked_at(browser, at, page)
    page.get_by_label("By which name").fill("lea")
    page.get_by_role("button", name="Join").click()
    assert page.url == f"{at}/"
    page.get_by_role("button", name="Sign out").click()

    provider.who = {"sub": "43", "name": "L. E. O."}
    page.goto(f"{at}/in/{desk.people.link('leo')}")
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{at}/me")
    page.get_by_text("Sign in with Acme from now on").click()
    assert page.url == f"{at}/sso/keep"
    assert "as L. E. O. then comes in here as leo" in page.inner_text("main")
    looked_at(browser, at, page)
    page.get_by_role("button", name="Yes, from now on").click()
    assert page.url == f"{at}/me"
    looked_at(browser, at, page)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("Sign in with Acme").click()
    assert page.url == f"{at}/"
    assert "leo" in page.inner_text("header")
