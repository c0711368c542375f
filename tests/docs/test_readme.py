"""What the pages tell a reader to run works, and what they link to is there."""

import re
from pathlib import Path

import pytest

from tests.docs.conftest import ROOT

LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)")
TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")


def test_commands_and_python_on_the_pages_print_what_the_pages_say(generate, docs):
    told = {
        name: docs[str(Path("docs") / name).replace("docs/../", "")] for name in generate.REPLAYED
    }
    assert generate.replayed(told) == told


def test_the_sample_that_the_examples_begin_with_is_made_by_the_script(generate, tmp_path):
    made = tmp_path / generate.SAMPLE
    generate.sample(made)
    assert made.read_bytes() == (ROOT / "docs" / generate.SAMPLE).read_bytes()


def test_the_figure_is_drawn_by_the_script(generate):
    drawn = (ROOT / "docs" / "images" / "estimate.svg").read_text(encoding="utf-8")
    assert numbers(drawn) == pytest.approx(numbers(generate.figure()), abs=0.3)


def test_the_figure_of_drawn_starts_is_drawn_by_its_script(drawn):
    kept = drawn.FILE.read_text(encoding="utf-8")
    assert numbers(kept) == pytest.approx(numbers(drawn.figure()), abs=0.3)


def numbers(svg):
    """What is drawn, whatever the last digit of a machine's arithmetic."""
    return [float(n) for n in re.findall(r"\d+\.\d+", svg)]


def test_every_link_between_pages_resolves(docs):
    broken = [
        (name, link)
        for name, page in docs.items()
        for link in LINK.findall(page)
        if not (ROOT / name).parent.joinpath(link).exists()
    ]
    assert not broken


def test_every_page_is_reached_from_the_index_or_the_readme(docs):
    linked = {
        (ROOT / name).parent.joinpath(link).resolve()
        for name, page in docs.items()
        for link in LINK.findall(page)
    }
    pages = {(ROOT / name).resolve() for name in docs} - {(ROOT / "README.md").resolve()}
    assert not pages - linked


def test_every_make_target_that_is_mentioned_exists(docs):
    made = set(
        re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    code = " ".join(
        c for page in docs.values() for c in re.findall(r"```sh.*?```|`[^`]+`", page, re.DOTALL)
    )
    assert {"demo", "test"} <= set(TARGET.findall(code)) <= made


def test_every_example_that_is_mentioned_exists(docs):
    named = set(re.findall(r"examples/\w+\.py", docs["README.md"]))
    assert len(named) == 4
    assert not [n for n in named if not (ROOT / n).exists()]


def test_the_picture_is_small():
    assert (ROOT / "docs" / "images" / "trajectory.png").stat().st_size < 200_000
