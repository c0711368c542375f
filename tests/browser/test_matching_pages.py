"""The pages of matching on a phone, in German too: readable, reachable, not wider than the screen."""

from __future__ import annotations

import os

import pytest

from tests.support import seeded
from tests.support.browsing import joined
from tests.support.doors import served
from tutelage.doors.serve import application
from tutelage.service.matching import Matching
from tutelage.service.profile import Profile
from tutelage.service.programmes import Invitation

browsers = pytest.importorskip("tests.support.browsers", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not browsers.CHROMIUM.exists(), reason="no chromium on this machine"),
]
PICTURES = os.environ.get("TUTELAGE_PICTURES")
LONG = "Invoicedisputeswithaverylongwordthatnobodybreaks"
NEED = f"A client calls, angry about a wrong invoice {LONG}"


@pytest.fixture(params=["en", "de"])
def pages(request, tmp_path):
    """Each page as its reader gets it."""
    with seeded.desk(f"sqlite:///{tmp_path}/t.db") as desk:
        app = application(desk, rate=1e6, burst=1e6)
        here = {name: joined(app, name) for name in ("lou", "leo", "mia", "ada")}
        for name in here:
            desk.people.speaks(name, request.param)
        desk.programmes.make("care", "Care", "lou")
        said = (
            Profile("care", "leo", "learner", able="Stay calm", situations=NEED),
            Profile("care", "mia", "trainer", handled=NEED),
            Profile("care", "ada", "learner"),
        )
        for one in said:
            desk.programmes.invite("care", [Invitation(one.person, one.side)], "lou")
            desk.programmes.answer("care", one.person, one.side, joins=True)
            Matching(desk).profiles.keep(one)
        with served(desk) as base:
            yield base, dict(_pages(desk, here))


def _pages(desk, here):
    at = "/programmes/care"
    yield "before", here["lou"].open(f"{at}/matching").page
    Matching(desk).propose("care", "lou", 0)
    for name in ("leo", "mia"):
        yield f"profile-{name}", here[name].open(f"{at}/profile").page
        yield f"matches-{name}", here[name].open(f"{at}/matches").page
    yield "after", here["lou"].open(f"{at}/matching").page
    yield "none", here["ada"].open(f"{at}/matches").page


def test_axe_finds_nothing_and_no_page_scrolls_sideways(pages):
    from axe_playwright_python.sync_playwright import Axe

    (base, stages), axe, found = pages, Axe(), {}
    with browsers.chromium() as browser:
        screen = browser.new_page(viewport=browsers.NARROW)
        screen.goto(f"{base}/sign-in")
        for stage, html in stages.items():
            browsers.shown(screen, html)
            if PICTURES:
                screen.screenshot(path=f"{PICTURES}/{stage}.png", full_page=True)
            wrong = [v["id"] for v in axe.run(screen).response["violations"]]
            wide = screen.evaluate("document.documentElement.scrollWidth > innerWidth")
            if wrong or wide:
                found[stage] = (wrong, wide)
    assert not found
