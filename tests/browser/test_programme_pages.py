"""A programme at phones, without JavaScript: its lead, two learners and two trainers, all the way."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.support.doors import served
from tutelage import Tutelage
from tutelage.service.settings import Settings

browsers = pytest.importorskip("tests.support.browsers", reason="playwright is not installed")
programmes = pytest.importorskip("tests.support.led", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not browsers.CHROMIUM.exists(), reason="no chromium on this machine"),
]
PICTURES = os.environ.get("TUTELAGE_PICTURES")
LARGEST = 150_000  # bytes of a page
NEAR = {"rules": {"target-size": {"enabled": True}}}  # no buttons too small or too near


@pytest.fixture(scope="module")
def browser():
    with browsers.chromium() as made:
        yield made


@pytest.fixture(scope="module")
def led(browser, tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('programme')}/t.db"
    settings = Settings(at="https://learn.example")
    with (
        Tutelage(url, clock=browsers.Calendar()) as desk,
        served(desk, settings=settings) as base,
    ):
        yield programmes.played(browser, desk, base)


@pytest.fixture(scope="module")
def axe():
    from axe_playwright_python.sync_playwright import Axe

    return Axe()


def screen_of(led, size, **more):
    page = led.browser.new_context(viewport=size, **more).new_page()
    page.goto(f"{led.base}/sign-in")
    return page


def violations(axe, screen, stages):
    found = {}
    for stage, html in stages.items():
        got = axe.run(browsers.shown(screen, html), options=NEAR).response["violations"]
        if got:
            found[stage] = [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in got]
    return found


def wide(screen, stages):
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return [stage for stage, html in stages.items() if browsers.shown(screen, html).evaluate(wider)]


# the way ---------------------------------------------------------------------------------------
def test_a_programme_leads_from_a_list_to_what_is_carried_away(led):
    state = led.desk.state(led.at.removeprefix("/r/"))
    assert (state.learner.id, state.trainer.id) == ("nora", "mia")
    assert state.terms.programme == "care"
    assert state.agreed
    assert state.support is not None
    assert "care" in led.stages["agreement"]
    assert "lou looks after it" in led.stages["lead-cared"]
    assert "lou kümmert sich" in led.german.stages["lead-cared"]
    assert "Valid." in led.stages["credential-page"]
    assert "mia has handled something like this" in led.stages["practice"]


def test_no_lead_reads_a_word_that_a_pair_wrote(led):
    said = [text for one in programmes.SAID.values() for text in one.values() if text != "mentor"]
    words = [line for text in said for line in text.splitlines()]
    words += [programmes.TALK["where"], programmes.STORY["did"], programmes.STORY["why"]]
    for stage, html in (led.lead.stages | led.german.stages).items():
        assert [word for word in words if word in html] == [], stage


def test_what_the_evidence_lacks_is_said_in_german(led):
    page = led.german.stages["lead-end-evidence"]
    assert "Zahlen gibt es über 5 Menschen oder mehr" in page
    assert "people or more" not in page


# how it looks ----------------------------------------------------------------------------------
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_and_no_button_too_near_another(led, axe, scheme):
    found = violations(axe, screen_of(led, browsers.PHONE, color_scheme=scheme), led.stages)
    assert not found, json.dumps(found, indent=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_none_in_german_on_a_small_phone(led, axe, scheme):
    assert 'lang="de"' in led.german.stages["lead-cared"]
    screen = screen_of(led, browsers.NARROW, color_scheme=scheme)
    found = violations(axe, screen, led.german.stages)
    assert not found, json.dumps(found, indent=1)


@pytest.mark.parametrize("size", ["NARROW", "PHONE"])
def test_no_page_scrolls_sideways(led, size):
    screen = screen_of(led, getattr(browsers, size))
    assert not wide(screen, led.stages)
    assert not wide(screen, led.german.stages)


def test_no_page_is_large(led):
    sizes = {s: len(html.encode()) for s, html in (led.stages | led.german.stages).items()}
    assert {s: n for s, n in sizes.items() if n > LARGEST} == {}


@pytest.mark.skipif(not PICTURES, reason="pictures are written where TUTELAGE_PICTURES says")
def test_every_page_can_be_photographed(led):
    folder = Path(PICTURES or ".")
    for size, stages, language in (
        (browsers.PHONE, led.stages, "en"),
        (browsers.NARROW, led.german.stages, "de"),
    ):
        screen = screen_of(led, size)
        for stage, html in stages.items():
            to = folder / f"{stage}-{language}.png"
            browsers.shown(screen, html).screenshot(path=to, full_page=True)
