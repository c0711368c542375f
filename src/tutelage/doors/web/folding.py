"""Long and raw texts as a phone shows them: prose, code in a block of its own, the start of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

LINES, LETTERS = 12, 900  # about as much of a text as a phone shows at once
_FENCE = re.compile(r"```[^\n`]*\n(.*?)(?:\n```|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text: prose, or raw."""

    text: str
    raw: bool = False


def parts(text: object) -> tuple[Part, ...]:
    """A text in order, with code and JSON set apart.

    >>> [p.raw for p in parts('{"a": 1}')]
    [True]
    """
    said = str(text)
    if _is_json(said):
        return (Part(said, raw=True),)
    return tuple(_split(said)) or (Part(said),)


def _split(said: str) -> Iterator[Part]:
    end = 0
    for fence in _FENCE.finditer(said):
        before = said[end : fence.start()].strip("\n")
        if before:
            yield Part(before)
        yield Part(fence[1], raw=True)
        end = fence.end()
    rest = said[end:].strip("\n") if end else said
    if rest:
        yield Part(rest)


def _is_json(said: str) -> bool:
    if not said.strip() or said.strip()[0] not in "[{":
        return False
    try:
        json.loads(said)
    except (ValueError, RecursionError):
        return False
    return True


def long(text: object) -> bool:
    """Whether it is more than is shown at once."""
    said = str(text)
    return len(said) > LETTERS or said.count("\n") >= LINES


def start(text: object) -> str:
    """Its first lines; a block that is cut is closed by its end."""
    first = "\n".join(str(text).splitlines()[:LINES])[:LETTERS]
    return f"{first} …"


def fenced(text: object) -> str:
    """Raw evidence whole as a block, unless it holds prose and blocks of its own."""
    said = str(text)
    return said if "```" in said or _is_json(said) else f"```\n{said}\n```"
