"""Agents for workers in processes of their own; files in a folder say what they do, and did."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.support.agents import Says, asks
from tutelage.domain.events import GuidanceGiven
from tutelage.guidance.brief import Brief

QUESTION = "What do you know here at first hand?"


def _folder() -> Path:
    return Path(os.environ["TUTELAGE_TEST_FOLDER"])


def _think(brief: Brief) -> GuidanceGiven:
    """Say that it has begun, and answer when the file `go` is there."""
    (_folder() / f"begun-{os.getpid()}").touch()
    while not (_folder() / "go").exists():
        time.sleep(0.02)
    return asks(QUESTION)(brief)


def slow() -> Says:
    """A coach that thinks until it is let go."""
    return Says("mentor-bot", _think)


def quick() -> Says:
    """A coach that takes some milliseconds, so that kills fall into the middle of its work."""
    return Says("mentor-bot", _quick)


def _quick(brief: Brief) -> GuidanceGiven:
    time.sleep(0.1)
    return asks(QUESTION)(brief)


def quoting() -> Says:
    """A coach whose error quotes a text, and whose answer tells what to do."""
    return Says("mentor-bot", _quoting)


def _quoting(brief: Brief) -> GuidanceGiven:
    if brief.key == "s":
        raise ValueError("SECRET, of the situation s")
    return asks("SECRET: you should roll it back now.")(brief)
