"""The trajectory page in a real Chromium: it draws, it fits a phone, it needs nothing from outside."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bench.workload import grow
from bench.workload import opened as begin
from tests.support import seeded
from tutelage.doors import report
from tutelage.doors.words import Measure

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium on this machine"),
]
MEASURE = Measure("Loss", "points", {"with": ((1, 0.1), (20, 0.04))}, "held out")
PROBE = """<script>document.title = JSON.stringify({
  wide: document.documentElement.scrollWidth, view: innerWidth,
  drawn: document.querySelectorAll('svg polyline, svg rect').length,
  fetched: performance.getEntriesByType('resource').length})</script>"""


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    with seeded.desk(f"sqlite:///{folder}/t.db") as desk:
        begin(desk, "r")
        grow(desk, "r", 200)
        report.write(desk.trajectory("r"), folder, (MEASURE,))
    return folder / "trajectory.html"


def chromium(page: Path, width: int, *more: str) -> str:
    """Load a page without a screen; returns what Chromium printed."""
    profile = page.parent / "profile"
    ran = subprocess.run(
        [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            f"--user-data-dir={profile}",
            f"--window-size={width},900",
            *more,
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return ran.stdout


def seen(page: Path, width: int) -> dict[str, int]:
    """What a script on a copy of the page sees of it."""
    probe = page.with_name("probe.html")
    probe.write_text(page.read_text().replace("</body>", f"{PROBE}</body>"))
    title = re.search(r"<title>\{(.*?)\}</title>", chromium(probe, width, "--dump-dom"))
    assert title
    pairs = re.findall(r'"?(\w+)"?:(\d+)', title[1].replace("&quot;", '"'))
    return {name: int(number) for name, number in pairs}


@pytest.mark.parametrize("width", [500, 1200])
def test_it_draws_and_fits_the_window(page, width):
    found = seen(page, width)
    assert found["drawn"] >= 4 + 4 + 1  # a curve and a level for each criterion, and the measure
    assert found["wide"] <= found["view"]


def test_it_fetches_nothing(page):
    assert seen(page, 1200)["fetched"] == 0


def test_it_can_be_photographed(page):
    picture = page.with_name("page.png")
    chromium(page, 1200, f"--screenshot={picture}")
    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert picture.stat().st_size > 20_000
