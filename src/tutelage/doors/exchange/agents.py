"""A section of an AGENTS.md file: the principles that held, replaced in place between markers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from tutelage.domain.errors import Malformed, Unavailable
from tutelage.domain.relationship import Relationship
from tutelage.doors.exchange.proven import Proven, proven
from tutelage.doors.exchange.skill import question
from tutelage.doors.report import md

SHOWN = 8  # principles; the file is in every prompt of the agent
_MARKER = re.compile(r"^<!-- tutelage:(begin|end) (\S+) -->[ \t\r]*$", re.MULTILINE)


def section(state: Relationship, relationship: str, found: Proven | None = None) -> str:
    """The section with its markers; empty between them where nothing has held yet."""
    return "\n".join(_lines(relationship, found or proven(state)))


def _lines(relationship: str, found: Proven) -> Iterator[str]:
    yield _marker("begin", relationship)
    if found.held:
        yield "## Judgment that held\n"
        yield "Weigh these against the case; do not follow them where they do not fit.\n"
    for held in found.held[-SHOWN:]:
        p = held.principle
        yield f"- {md(p.says)} When: {md(p.when)} When not: {md(p.when_not)} ({held})"
    if found.held and found.book.questions:
        yield "\nAsk yourself first:\n"
        yield from map(question, found.book.questions[-3:])
    yield _marker("end", relationship)


def _marker(which: str, relationship: str) -> str:
    return f"<!-- tutelage:{which} {relationship} -->"


def placed(text: str, relationship: str, new: str) -> str:
    """The file's text with the section in place of the old one, or at its end.

    Everything outside the markers stays as it was. Raises Malformed where the markers are torn:
    one without the other, twice, or in the wrong order.
    """
    mine = [m for m in _MARKER.finditer(text) if m[2] == relationship]
    if not mine and new.count("\n") == 1:
        return text  # nothing has held, and nothing is there to be taken out
    if not mine:
        between = (
            "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
        )
        return f"{text}{between}{new}\n"
    if [m[1] for m in mine] != ["begin", "end"] or _crossed(text, mine):
        said = f"The markers of {relationship} are torn: there is not one begin before one end."
        raise Malformed("torn_markers", said)
    return text[: mine[0].start()] + new + text[mine[1].end() :]


def _crossed(text: str, mine: list[re.Match[str]]) -> bool:
    """Whether another relationship's marker lies inside."""
    return any(m[2] != mine[0][2] for m in _MARKER.finditer(text, mine[0].end(), mine[1].start()))


def put(file: Path, relationship: str, new: str) -> bool:
    """Write the section into the file, whole or not at all; whether that changed it."""
    try:
        before = file.read_bytes().decode("utf-8") if file.exists() else ""
        after = placed(before, relationship, new)
        if after == before:
            return False
        aside = file.with_name(f"{file.name}.{os.getpid()}.part")
        aside.write_bytes(after.encode())
        aside.replace(file)
    except UnicodeDecodeError:
        raise Malformed("bad_text", f"{file} is no UTF-8 text.") from None
    except OSError as problem:
        said = f"{file} cannot be written: {problem.strerror}."
        raise Unavailable("cannot_write", said) from None
    return True
