"""The page of operating characteristics names every bar, every figure, and what made it."""

import re

import pytest

from tutelage.guidance.simulate.catalogue import BARS, POLICIES, VARIANTS
from tutelage.guidance.simulate.measured import Measured

PAGE = "docs/reference/operating-characteristics.md"


@pytest.fixture(scope="module")
def page(docs):
    return docs[PAGE]


def test_every_bar_of_the_catalogue_is_on_it_as_it_is_now(page):
    rows = [f"| {b.variant} | {b.says} | `{b.key}` | {b} | " for b in BARS]
    assert not [row for row in rows if row not in page]


def test_every_variant_and_every_rival_of_fading_is_on_it(page):
    assert not [v for v in VARIANTS if f"### `{v}`: {VARIANTS[v][0]}\n" not in page]
    assert not [p for p in POLICIES if f"| {p.replace('_', ' ')} | " not in page]


def test_it_says_which_command_made_it(operating, page):
    made = re.search(r"--relationships (\d+) --seed (\d+)", page)
    assert made is not None
    assert f"`{operating.command(int(made[1]), int(made[2]))}`" in page
    assert int(made[1]) >= 1000


def test_it_counts_the_bars_that_are_met_and_marks_the_others(page):
    said = re.search(r"\*\*(\d+) of (\d+) bars are met", page)
    assert said is not None
    missed = page.count("| **no** |")
    assert (int(said[1]) + missed, int(said[2])) == (len(BARS), len(BARS))


def test_every_figure_on_it_is_explained(operating, page):
    figures = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert len(figures) > 80
    assert all(operating.meaning(key) for key in figures)


def test_a_bar_that_is_missed_reads_so(operating):
    bar = next(b for b in BARS if b.key == "log_loss")
    row = next(
        row for row in operating._bars([operating.Held(bar, Measured(9.0, 0.1, 7))]) if "9.0" in row
    )
    assert row.endswith("| 9.000 ± 0.100 (n=7) | **no** |")


def test_a_figure_that_there_is_nothing_to_take_from_is_a_dash(operating):
    assert operating._short(Measured(float("nan"), float("nan"), 0)) == "–"  # noqa: RUF001  # as printed
