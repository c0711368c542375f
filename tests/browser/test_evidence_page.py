"""Evidence and progress in a real Chromium: light and dark, two languages, a phone and a desk."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bench.workload import KEYS, grow
from bench.workload import opened as begin
from tests.support import seeded
from tests.support.doors import served
from tutelage.domain.events import Rated

browsers = pytest.importorskip("tests.support.browsers", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not browsers.CHROMIUM.exists(), reason="no chromium on this machine"),
]
PICTURES = os.environ.get("TUTELAGE_PICTURES")
PAIRS = ("long", "short", "unrated")
FOLDED = "document.querySelectorAll('details').forEach(d => d.open = true)"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def filled(desk):
    """A long course, one that has just begun, and one in which nobody rates."""
    begin(desk, "long")
    grow(desk, "long", 240)
    seeded.guide(desk, "short")
    seeded.agree(desk, "unrated", rated=False)
    desk.write("unrated", seeded.opened("s0"), actor="leo")
    desk.write("unrated", seeded.own_call("s0"), actor="leo")
    mine = Rated(situation="s0", subject="own_call", ratings={KEYS[0]: 4}, as_self=True)
    desk.write("unrated", mine, actor="leo")


@pytest.fixture(scope="module")
def browser():
    with browsers.chromium() as made:
        yield made


@pytest.fixture(scope="module")
def pages(tmp_path_factory, browser):
    """The pages as they were sent, by language, pair and name."""
    folder, kept = tmp_path_factory.mktemp("evidence"), {}
    with seeded.desk(f"sqlite:///{folder}/t.db") as desk:
        filled(desk)
        with served(desk) as base:
            for locale, link in (("en-GB", desk.people.invite("leo")), ("de-DE", None)):
                leo = browser.new_context(locale=locale).new_page()
                leo.goto(f"{base}/in/{link or desk.people.link('leo')}")
                leo.locator("form[action*='/in/'] button").click()
                if locale == "de-DE":
                    leo.goto(f"{base}/me")
                    leo.locator("form[action='/me/reads'] [name=language]").select_option("de")
                    leo.locator("form[action='/me/reads'] button").click()
                kept |= {(locale[:2], *k): v for k, v in seen(leo, base).items()}
            yield base, kept


def seen(leo, base):
    kept = {}
    for pair in PAIRS:
        for way in ("levels", "progress", "evidence"):
            leo.goto(f"{base}/r/{pair}/{way}")
            if way == "evidence":
                leo.locator("form[action$='/evidence'] button").click()
            kept[pair, way] = leo.content()
    return kept


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_axe_finds_no_violation_and_no_page_is_wider_than_a_phone(pages, browser, language, scheme):
    from axe_playwright_python.sync_playwright import Axe

    base, kept = pages
    screen = browser.new_context(viewport=browsers.PHONE, color_scheme=scheme).new_page()
    screen.goto(f"{base}/sign-in")
    for name, html in kept.items():
        if name[0] != language:
            continue
        assert f'lang="{language}"' in html
        shown = browsers.shown(screen, html)
        if name[2] != "levels":  # its forms are named alike
            shown.evaluate(FOLDED)
        got = Axe().run(shown).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in got] == [], name
        assert not shown.evaluate(WIDE), name
        if PICTURES:
            to = Path(PICTURES) / f"{'-'.join(name)}-{scheme}.png"
            shown.screenshot(path=to, full_page=True)


def test_on_a_phone_a_row_of_numbers_stands_below_its_name_and_breaks_no_word(pages, browser):
    base, kept = pages
    screen = browser.new_context(viewport=browsers.PHONE).new_page()
    screen.goto(f"{base}/sign-in")
    shown = browsers.shown(screen, kept["en", "long", "progress"])
    cell = shown.locator("table.stack td").first
    assert cell.evaluate("e => getComputedStyle(e).display") == "block"
    assert cell.evaluate("e => getComputedStyle(e, ':before').content").startswith('"start')
    shown.set_viewport_size(browsers.DESKTOP)
    assert cell.evaluate("e => getComputedStyle(e).display") == "table-cell"


def test_what_is_folded_is_not_read_before_it_is_opened(pages, browser):
    base, kept = pages
    screen = browser.new_context(viewport=browsers.PHONE).new_page()
    screen.goto(f"{base}/sign-in")
    text = browsers.shown(screen, kept["en", "long", "evidence"]).inner_text("main")
    assert "What changed" in text
    assert not re.search(r"Brier|decaying|\(n=", text)
