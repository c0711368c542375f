"""People at real browsers: a phone each, without JavaScript, and what they had to do on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
PHONE, DESKTOP, NARROW = (
    {"width": 360, "height": 740},
    {"width": 1100, "height": 800},
    {"width": 320, "height": 640},
)


class Calendar:
    """A clock that moves on by some seconds at every look, and by days when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 9, 7, 8, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=7)
        return self.now

    def later(self, **more: float) -> None:
        self.now += timedelta(**more)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield made
        made.close()


@dataclass
class Effort:
    """What somebody did for one step: fields filled in, and buttons, links and boxes clicked."""

    fields: int = 0
    clicks: int = 0

    def __add__(self, other: Effort) -> Effort:
        return Effort(self.fields + other.fields, self.clicks + other.clicks)

    def __str__(self) -> str:
        return f"{self.fields} fields, {self.clicks} clicks"


@dataclass
class Somebody:
    """One person at a browser. Every page they come by is kept as it was sent."""

    name: str
    page: Page
    base: str
    effort: Effort = field(default_factory=Effort)
    stages: dict[str, str] = field(default_factory=dict)

    def open(self, path: str) -> Somebody:
        self.page.goto(self.base + path)
        return self

    def follow(self, to: str = "") -> Somebody:
        """Go where one is asked to: to the task whose address holds this."""
        link = self.page.locator(f"main .mine[href*='{to}'], main .mine a[href*='{to}']").first
        assert link.count(), f"nothing to do at {to}: {self.page.inner_text('body')}"
        with self.page.expect_navigation():
            self._click(link)
        return self

    def keep(self, stage: str) -> Somebody:
        self.page.wait_for_load_state()
        self.stages[stage] = self.page.content()
        return self

    def send(self, action: str, *, taken: bool = True, **typed: Any) -> Somebody:
        """Fill the form of this action in and send it, and look whether it was taken."""
        form = self.page.locator(f"form[action$='{action}']").first
        assert form.count(), f"no form {action} on {self.page.url}: {self.page.inner_text('body')}"
        self._unfold(form)
        for name, value in typed.items():
            self._fill(form.locator(f"[name='{name.replace('__', '.')}']"), value)
        with self.page.expect_navigation():  # what a browser itself refuses goes nowhere
            self._click(form.locator("button:not([formnovalidate])").last)
        refused = self.page.locator(".wrong").all_inner_texts()
        assert bool(refused) is not taken, refused or self.page.inner_text("main")
        return self

    def spent(self) -> Effort:
        """What was done since this was last asked."""
        done, self.effort = self.effort, Effort()
        return done

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.base).partition("#")[0]

    def says(self, words: str) -> bool:
        return words in self.page.locator("main").inner_text()

    def _click(self, what: Any) -> None:
        self.effort.clicks += 1
        what.click()

    def _unfold(self, what: Any) -> None:
        for folded in what.locator("xpath=ancestor::details[not(@open)]").all():
            self._click(folded.locator("summary").first)

    def _fill(self, box: Any, value: Any) -> None:
        self._unfold(box.first)
        kind = box.first.get_attribute("type")
        if kind in {"radio", "checkbox"}:
            one = box.and_(box.page.locator(f"[value='{value}']"))
            self._unfold(one)
            if not one.is_checked():
                self._click(one)
            return
        self.effort.fields += 1
        if box.first.evaluate("e => e.tagName") == "SELECT":
            box.first.select_option(value)
        else:
            box.first.fill(value)


def somebody(
    browser: Browser, base: str, name: str, link: str, *, at: str = "/in", **more: Any
) -> Somebody:
    """A person who has just followed their invitation."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, **more)
    context.set_default_timeout(8000)
    one = Somebody(name, context.new_page(), base)
    one.open(f"{at}/{link}").keep("invited")
    typed = {"name": name} if one.page.locator("[name=name]").count() else {}
    one.send(f"{at}/{link}", **typed)
    return one


def shown(page: Page, html: str) -> Page:
    """Put a kept page on a screen again, with the style of the server."""
    page.unroute_all()
    page.route("**/kept", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(page.url.partition("/kept")[0].rstrip("/") + "/kept")
    return page
