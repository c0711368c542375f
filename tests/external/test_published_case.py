"""The field's randomization test, on a published case: the same numbers to six digits.

`exampleAB` of the R package scan (Wilbert & Lueke), three pupils, `rand_test(exampleAB,
complete = TRUE)`: every start that leaves five values in each phase.
"""

import csv
from pathlib import Path

import pytest

from tutelage.evidence.single_case import phase_test

CASES = Path(__file__).parents[3] / "shared" / "data" / "scan_sced" / "scan_sced_long.csv"

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(not CASES.exists(), reason="the published cases are not there"),
]


@pytest.fixture(scope="module")
def example():
    """Values and first value of B by pupil."""
    with CASES.open() as file:
        rows = [r for r in csv.DictReader(file) if r["dataset"] == "exampleAB"]
    pupils = sorted({r["case"] for r in rows})
    values = [[float(r["value"]) for r in rows if r["case"] == p] for p in pupils]
    starts = [sum(r["phase"] == "A" for r in rows if r["case"] == p) for p in pupils]
    return values, starts


def test_the_published_values_come_out(example):
    found = phase_test(*example, shortest=5)
    assert found.arrangements == 1331
    assert found.observed == pytest.approx(20.555556, abs=5e-7)
    assert found.p == pytest.approx(0.03606311, abs=5e-9)
    assert found.z == pytest.approx(1.730748, abs=5e-7)
