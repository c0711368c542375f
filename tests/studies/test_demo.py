"""The demo as a newcomer runs it, with few games: one answer, its files, and the same ledger again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tutelage import Tutelage

pytestmark = pytest.mark.slow

KEYS = {
    "seed",
    "games",
    "loss_before",
    "loss_after",
    "loss_withdrawn",
    "loss_unmentored",
    "guidance_by_quarter",
    "levels",
    "threshold",
    "entries",
    "files",
}


def run(out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("tutelage")
    return subprocess.run(
        [command, "demo", "backgammon", "--games", "8", "--out", out, *more],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> dict[str, object]:
    found: dict[str, object] = json.loads(run(tmp_path_factory.mktemp("demo"), "--json").stdout)
    return found


def test_the_answer_is_one_object_with_these_keys(ran):
    assert set(ran) == KEYS
    assert len(ran["guidance_by_quarter"]) == 4
    assert len(ran["levels"]) == 5
    assert set(ran["threshold"]) == {"met", "missing"}


def test_the_files_are_there_and_the_ledger_can_be_imported(ran):
    names = [Path(f).name for f in ran["files"]]
    assert names == ["trajectory.html", "trajectory.md", "ledger.jsonl"]
    assert all(Path(f).stat().st_size > 1000 for f in ran["files"])
    with Tutelage("sqlite://") as desk:
        name = desk.import_(Path(ran["files"][2]))
        assert desk.verify(name).ok
        assert desk.verify(name).entries == ran["entries"]


def test_the_same_seed_gives_the_same_ledger(ran, tmp_path):
    again = json.loads(run(tmp_path, "--json").stdout)
    assert Path(again["files"][2]).read_bytes() == Path(ran["files"][2]).read_bytes()
    assert {k: v for k, v in again.items() if k != "files"} == {
        k: v for k, v in ran.items() if k != "files"
    }


def test_people_read_levels_losses_and_what_is_missing(tmp_path):
    said = run(tmp_path, "--seed", "2").stdout
    for words in ("before guidance", "never mentored", "Threshold:", "Masterpiece:", "Written:"):
        assert words in said
