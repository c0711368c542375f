"""A goal as a file that people edit: ``goal.toml``, its skeleton, and reading it back."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tutelage.domain import goal as goals
from tutelage.domain.errors import Malformed, Refused
from tutelage.domain.events import GoalSet
from tutelage.domain.text import TEXT_LIMIT

LIMIT = 16 * TEXT_LIMIT  # bytes of a goal's file
BLANK = re.compile(r"^\s*(<[^<>]*>)?\s*$")
"""A place that nobody filled in: nothing, or the skeleton's own <question>."""
DOTS = 500  # in one line: tomllib takes the square of a dotted key's parts in memory

ANCHORS = (
    "It played no part in the call.",
    "It was seen, but misread or given no weight.",
    "It was seen and handled by the book.",
    "It was handled well, with reasons that fit this case.",
    "It was handled well and adapted to what was unusual here.",
)
"""Anchors that fit any criterion."""

SKELETON = """\
# A goal, to be filled in: replace every <question>. Then: tutelage goal check goal.toml
situation = "<In which recurring kind of situation do you decide this?>"
behaviour = "<What will others see you decide or do in it?>"
today = "<Where do you stand today: what do you do now in such a situation?>"
horizon = "<By when, or within how many situations?>"

# Three to six things that good judgment looks at here, each with the five anchors of its scale.
# The anchors below fit any criterion; better ones say what each step looks like for this one.
"""
_CRITERION = """
[[criteria]]
name = "<What does good judgment look at here? ({number} of 3)>"
anchors = [
{anchors}
]
"""


def skeleton() -> str:
    """The text of a goal.toml to be filled in; the gate refuses it as it is."""
    anchors = "\n".join(f'  "{anchor}",' for anchor in ANCHORS)
    return SKELETON + "".join(_CRITERION.format(number=n, anchors=anchors) for n in (1, 2, 3))


def parse(text: str) -> dict[str, Any]:
    """The parts of a goal in TOML; places that nobody filled in are left out. Raises Malformed."""
    if any(line.count(".") > DOTS for line in text.splitlines()):
        raise Malformed("bad_toml", "A line here has more dots than a goal has; break it up.")
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as problem:
        raise Malformed("bad_toml", f"This is no valid TOML: {problem}.") from None
    return {key: value for key, value in found.items() if not _blank(value)} | _criteria(found)


def _criteria(found: Mapping[str, Any]) -> dict[str, Any]:
    listed = found.get("criteria")
    if not isinstance(listed, list):
        return {}
    return {"criteria": [with_key(c, n) for n, c in enumerate(listed, start=1) if not _unnamed(c)]}


def _unnamed(criterion: Any) -> bool:
    return isinstance(criterion, dict) and _blank(criterion.get("name", ""))


def _blank(value: Any) -> bool:
    return isinstance(value, str) and BLANK.match(value) is not None


def with_key(criterion: Any, number: int = 1) -> Any:
    """A criterion without a key gets one from its name; from its place, in other scripts."""
    if isinstance(criterion, dict) and "key" not in criterion and "name" in criterion:
        plain = re.sub(r"[^a-z0-9]+", "-", str(criterion["name"]).lower()).strip("-")
        return {**criterion, "key": plain[:40].rstrip("-") or f"criterion-{number}"}
    return criterion


def goal_of(parts: Mapping[str, Any]) -> GoalSet:
    """The goal with these parts. Raises Refused with what it lacks, as questions."""
    review = goals.review(parts)
    if not review.accepted:
        raise Refused("goal_vague", " ".join(m.question for m in review.missing))
    try:
        return GoalSet(**parts)
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise Malformed("malformed_goal", f"{where}: {first['msg']}") from None


def read(file: Path | str) -> GoalSet:
    """The goal in a goal.toml. Raises Malformed, or Refused with questions where it is vague."""
    try:
        return goal_of(parse(text_of(file)))
    except Refused as vague:
        said = f"{file} is not filled in yet, or too vague. {vague.message}"
        raise Refused(vague.code, said) from None


def text_of(file: Path | str, limit: int | None = LIMIT) -> str:
    """What such a file says. Raises Malformed."""
    try:
        raw = Path(file).read_bytes()
    except OSError as problem:
        raise Malformed("cannot_read", f"{file} cannot be read: {problem.strerror}.") from None
    if limit is not None and len(raw) > limit:
        raise Malformed("file_too_large", f"{file} is larger than any goal.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Malformed("bad_toml", f"{file} is no text in UTF-8.") from None
