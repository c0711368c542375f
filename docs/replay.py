"""Run the commands and the Python of a page again, and put what they print in their place."""  # noqa: INP001

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from unittest.mock import patch

import typer.main

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_PYTHON = re.compile(
    r"^```python run\n(?P<code>.*?)^```\n\n```text\n.*?^```$", re.MULTILINE | re.DOTALL
)
_TIME = re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d")


def replayed(pages: dict[str, str]) -> dict[str, str]:
    """The pages with their commands run again; times are replaced, so that runs compare."""
    before = os.environ.copy()
    once = cache(typer.main.get_command)  # to build it anew for each command takes longest
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        patch("typer.main.get_command", once),
    ):
        os.environ |= {"COLUMNS": "92", "TERM": "dumb"}
        os.environ.pop("TUTELAGE_URL", None)
        try:
            return {
                name: _PYTHON.sub(_ran, _BLOCK.sub(_replay, text)) for name, text in pages.items()
            }
        finally:
            os.environ.clear()
            os.environ.update(before)


def _replay(block: re.Match[str]) -> str:
    info, body = block["info"], block["body"]
    if info.startswith("json "):
        Path(info.removeprefix("json ")).write_text(body, encoding="utf-8")
    if info != "console":
        return block[0]
    lines = (f"$ {command}\n{_run(command)}" for command in _commands(body))
    return f"```console\n{''.join(lines)}```"


def _ran(block: re.Match[str]) -> str:
    """A block of Python with what it prints; it runs in the repository's root."""
    said = io.StringIO()
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(said):
        exec(compile(block["code"], "page", "exec"), {"__name__": "page"})  # noqa: S102  # ours
    return f"```python run\n{block['code']}```\n\n```text\n{said.getvalue()}```"


def _commands(body: str) -> Iterator[str]:
    command, goes_on = "", False
    for line in body.splitlines():
        if goes_on or line.startswith("$ "):
            command = f"{command}\n{line}" if goes_on else line.removeprefix("$ ")
            goes_on = line.endswith("\\")
            if not goes_on:
                yield command


_LAST = [0]


def _run(command: str) -> str:
    name, *given = shlex.split(command.replace("\\\n", ""))
    if (name, given) == ("echo", ["$?"]):
        return f"{_LAST[0]}\n"
    if name != "tutelage":
        raise ValueError(f"Only tutelage is replayed, not {name}.")
    said = _TIME.sub("2026-06-01 02:30", _tutelage(given))
    return "".join(f"{line.rstrip()}\n" for line in said.splitlines())


def _tutelage(given: list[str]) -> str:
    from tutelage.doors.cli import main  # noqa: PLC0415  # only where commands are run

    said, was = io.StringIO(), sys.argv
    sys.argv = ["tutelage", *given]
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            main()
        _LAST[0] = 0
    except SystemExit as ended:
        _LAST[0] = int(ended.code or 0)
    finally:
        sys.argv = was
    return said.getvalue()
