"""The measures work, and say what they found; whether a bar holds is for `make bench` to say."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SHAPE = {"name": str, "value": float, "unit": str, "bar": float, "holds": bool}


def bench(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "bench/run.py", *args]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_each_measure_is_one_json_line_with_its_bar():
    run = bench("--quick", "turn_ms", "command_growth")
    assert run.returncode == 0, run.stderr
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert [line["name"] for line in lines] == ["turn_ms", "command_growth"]
    for line in lines:
        assert {name: type(value) for name, value in line.items()} == SHAPE


@pytest.mark.slow
def test_many_agents_at_once_lose_and_double_nothing():
    run = bench("--quick", "load_sqlite", "load_postgresql")
    assert run.returncode == 0, run.stderr
    found = {line["name"]: line["value"] for line in map(json.loads, run.stdout.splitlines())}
    wrong = {n: v for n, v in found.items() if not n.endswith("_ms") and v != 0}
    assert len(found) == 9
    assert not wrong, run.stderr


def test_a_measure_that_is_not_there_is_named_with_those_that_are():
    run = bench("speed")
    assert run.returncode == 2
    assert "no measure speed; there are command_growth" in run.stderr
