"""Every constant is on the page of numbers with the default it has now."""

import importlib
import re
from dataclasses import fields

import pytest

from tutelage.evidence.constants import Constants
from tutelage.guidance.numbers import Numbers

FIXED = {
    "rules": "domain.rules",
    "growing": "domain.growing",
    "turn": "guidance.turn",
    "guiding": "domain.guiding",
    "text": "domain.text",
    "writer": "service.writer",
    "novelty": "evidence.novelty",
    "admit": "guidance.admit",
    "threshold": "guidance.threshold",
    "attributing": "guidance.attributing",
    "programme": "guidance.programme",
    **{
        name: f"evidence.{name}"
        for name in (
            "asks",
            "attribution",
            "design",
            "forks",
            "health",
            "looks",
            "plain",
            "pooling",
            "probes",
            "sameness",
            "self_observation",
            "withdrawal",
        )
    },
    "relationship": "domain.relationship",
    "database": "service.database",
}


@pytest.fixture(scope="module")
def told(docs):
    """Name -> default, as the page's rows say."""
    rows = re.findall(
        r"^\| `([\w.]+)` \| ([^|]+) \|", docs["docs/reference/numbers.md"], re.MULTILINE
    )
    return {name: tuple(map(float, default.split(","))) for name, default in rows}


@pytest.mark.parametrize("cls", [Numbers, Constants])
def test_every_number_that_a_relationship_is_configured_with(told, cls):
    for field in fields(cls):
        value = getattr(cls(), field.name)
        expected = value if isinstance(value, tuple) else (value,)
        assert told.get(field.name) == pytest.approx(expected), field.name


def test_the_numbers_fixed_in_the_code(told):
    fixed = {name: value for name, value in told.items() if "." in name}
    assert len(fixed) > 10
    for name, value in fixed.items():
        module, _, constant = name.partition(".")
        found = getattr(importlib.import_module(f"tutelage.{FIXED[module]}"), constant)
        assert value == pytest.approx((found,)), name


@pytest.mark.parametrize("module", [m for m in FIXED.values() if m.startswith("evidence.")])
def test_every_least_that_evidence_takes_has_its_row(told, module):
    found = vars(importlib.import_module(f"tutelage.{module}"))
    least = [f"{module.removeprefix('evidence.')}.{n}" for n in found if n.startswith("FEWEST")]
    imported = {"attribution.FEWEST_CRITERIA", "attribution.FEWEST_SITUATIONS"}  # design's
    assert not set(least) - set(told) - imported


def test_no_row_stands_for_a_number_that_is_gone(told):
    known = {f.name for cls in (Numbers, Constants) for f in fields(cls)}
    assert not {name for name in told if "." not in name} - known


def test_every_table_is_on_the_page_of_storage(docs):
    names = importlib.import_module("tutelage.service.tables").metadata.tables
    assert not [n for n in names if f"| `{n}` |" not in docs["docs/reference/storage.md"]]
