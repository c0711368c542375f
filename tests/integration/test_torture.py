"""kill -9 at random moments: every acknowledged entry is there, and the chain verifies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("torture.py")


def torture(url: str, rounds: int) -> str:
    ran = subprocess.run(
        [sys.executable, str(SCRIPT), url, str(rounds), "1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_nothing_acknowledged_is_lost_when_writers_are_killed(url):
    assert "5 kills -9" in torture(url, 5)


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_in_two_hundred_kills(url):
    assert "200 kills -9" in torture(url, 200)
