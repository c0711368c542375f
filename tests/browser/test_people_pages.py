"""A learner and her coach at two phones, without JavaScript: the loop, counted and looked at."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.support.doors import served
from tutelage import Tutelage

browsers = pytest.importorskip("tests.support.browsers", reason="playwright is not installed")
loops = pytest.importorskip("tests.support.loop", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not browsers.CHROMIUM.exists(), reason="no chromium on this machine"),
]
PICTURES = os.environ.get("TUTELAGE_PICTURES")
"""Where pictures of every page are written; none are without it."""


@pytest.fixture(scope="module")
def browser():
    with browsers.chromium() as made:
        yield made


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('people')}/t.db"
    with Tutelage(url, clock=browsers.Calendar()) as made:
        yield made


@pytest.fixture(scope="module")
def loop(browser, desk):
    """The loop itself: if it breaks, every test here is an error that shows where."""
    with served(desk) as base:
        yield loops.played(browser, desk, base, ("nora", "ines"))


@pytest.fixture(scope="module")
def in_german(browser, desk, loop):
    """The same course again, under other names, at browsers that ask for German."""
    return loops.played(browser, desk, loop.base, ("anna", "britta"), locale="de-DE")


# the loop --------------------------------------------------------------------------------------
def test_two_people_go_the_whole_way_with_few_fields_and_clicks(loop):
    for what, effort in loop.spent.items():
        print(f"{what}: {effort}")
    for n in (1, 2, 3):
        before = loop.spent[f"situation {n}, learner: before"]
        after = loop.spent[f"situation {n}, learner: after"]
        assert (before + after).fields <= (7 if n == 1 else 6)  # with the answer to a question
        assert loop.spent[f"situation {n}, trainer: guidance"].fields <= 3
        assert loop.spent[f"situation {n}, trainer: rating and debrief"].fields <= 3
    print(f"own calls alone, through the service, until the threshold: {loop.unaided}")
    both = loop.spent["alone, learner: before"] + loop.spent["alone, learner: after"]
    assert both.fields <= 5


def test_the_engine_proposed_what_they_confirmed(loop, desk):
    state = desk.state(loop.name)
    assert [(m.actor, m.event.rule) for m in state.moves] == [(loop.learner.name, "grown")]
    assert state.threshold is not None
    assert state.threshold.actor == loop.trainer.name
    assert state.life == "closed"


def test_a_pair_that_never_rates_has_a_whole_product(loop, desk, browser, axe):
    pair = loops.unrated(browser, desk, loop.base, ("paul", "quinn"))
    state = desk.state(pair.name)
    assert not any(s.asked for s in state.situations)
    assert [m.event.rule for m in state.moves] == ["own"]
    assert "Nothing waits for you" in pair.stages["unrated-home"]
    assert "not enough" in pair.stages["unrated-evidence"].lower()
    assert not violations(axe, page_at(browser, loop, browsers.PHONE), pair.stages)


# everyone --------------------------------------------------------------------------------------
STAGES = [
    "invited", "sign-in", "home-empty", "propose", "invitation", "agreement-sign", "home-sign",
    "goal", "goal-refused", "goal-sign", "goal-read", "begin", "retell", "rate", "baseline", "bring",
    "own-call", "waiting", "home-guide", "guide", "home-read", "unread", "answer", "decide",
    "outcome", "debrief", "account", "thread", "notebook-empty", "notebook", "relationship",
    "relationship-trainer", "me", "home-nothing", "gone", "handover", "proposed",
    "levels-agreed", "threshold", "threshold-met", "closing-waits", "home-close", "closing",
    "closed", "alone", "home-follow-up", "me-data", "packet", "erase", "home-contact",
    "concerns",
    "me-delete", *loops.WAYS,
]  # fmt: skip


@pytest.fixture(scope="module")
def axe():
    from axe_playwright_python.sync_playwright import Axe

    return Axe()


def test_every_page_is_looked_at(loop):
    assert set(loop.stages) == set(STAGES)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(loop, browser, axe, scheme):
    screen = page_at(browser, loop, browsers.PHONE, color_scheme=scheme)
    found = violations(axe, screen, loop.stages)
    assert not found, json.dumps(found, indent=1)


def test_axe_finds_what_is_wrong(loop, browser, axe):
    screen = page_at(browser, loop, browsers.PHONE)
    assert violations(axe, screen, {"bad": loop.stages["goal"].replace("<label", "<span")})


def violations(axe, screen, stages):
    found = {}
    for stage, html in stages.items():
        got = axe.run(browsers.shown(screen, html)).response["violations"]
        if got:
            found[stage] = [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in got]
    return found


def test_in_german_it_is_the_same_loop_and_fits_a_small_phone(in_german, browser, axe):
    screen = page_at(browser, in_german, browsers.NARROW)
    assert not violations(axe, screen, in_german.stages)
    assert not wide(screen, in_german.stages)
    assert 'lang="de"' in in_german.stages["thread"]


@pytest.mark.parametrize("size", ["NARROW", "PHONE", "DESKTOP"])
def test_no_page_scrolls_sideways(loop, browser, size):
    screen = page_at(browser, loop, getattr(browsers, size))
    assert not wide(screen, loop.stages)


def wide(screen, stages):
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return [stage for stage, html in stages.items() if browsers.shown(screen, html).evaluate(wider)]


@pytest.mark.parametrize("stage", ["own-call", "answer", "guide", "outcome", "bring", "goal"])
def test_the_due_form_is_reached_and_sent_by_keyboard_alone(loop, browser, stage):
    screen = browsers.shown(page_at(browser, loop, browsers.PHONE), loop.stages[stage])
    wanted = screen.locator(".due form").first
    last = wanted.locator("button:not([formnovalidate])")
    for _ in range(60):
        screen.keyboard.press("Tab")
        width = screen.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2, screen.evaluate("document.activeElement.outerHTML")
        if last.evaluate("e => e === document.activeElement"):
            return
    pytest.fail("the button of the form that is due was not reached")


def test_the_first_tab_leads_to_the_content(loop, browser):
    screen = browsers.shown(page_at(browser, loop, browsers.PHONE), loop.stages["thread"])
    screen.keyboard.press("Tab")
    assert screen.evaluate("document.activeElement.getAttribute('href')") == "#main"


def test_a_first_load_is_small(loop):
    page = loops.back(loop, loop.learner).page
    sizes: dict[str, int] = {}
    page.on("response", lambda got: sizes.update({got.url: len(got.body())}))
    for path in ("/", loop.at, loop.here):
        sizes.clear()
        loop.learner.open(path)
        page.wait_for_load_state("networkidle")
        print(f"first load of {path}: {sum(sizes.values()):,} bytes")
        assert any("htmx" in url for url in sizes)
        assert sum(sizes.values()) < 150_000


@pytest.mark.skipif(not PICTURES, reason="pictures are written where TUTELAGE_PICTURES says")
def test_every_page_can_be_photographed(loop, in_german, browser):
    folder = Path(PICTURES or ".")
    screen = page_at(browser, loop, browsers.PHONE)
    for stage, html in in_german.stages.items():
        browsers.shown(screen, html).screenshot(path=folder / f"{stage}-de.png", full_page=True)
    for size, scheme in (("PHONE", "light"), ("PHONE", "dark"), ("DESKTOP", "light")):
        screen = page_at(browser, loop, getattr(browsers, size), color_scheme=scheme)
        for stage, html in loop.stages.items():
            to = folder / f"{stage}-{size.lower()}-{scheme}.png"
            browsers.shown(screen, html).screenshot(path=to, full_page=True)


def page_at(browser, loop, size, **more):
    page = browser.new_context(viewport=size, **more).new_page()
    page.goto(f"{loop.base}/sign-in")
    return page
