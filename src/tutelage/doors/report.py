"""The trajectory in words: Markdown, JSON, and the files they go into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tutelage.domain.errors import Unavailable
from tutelage.doors.page import page
from tutelage.doors.words import (
    Measure,
    how_it_ended,
    how_much_help,
    obstacle_line,
    stands,
    where_it_is,
    where_it_started,
)
from tutelage.guidance.trajectory import NOT_KNOWN, Course, Trajectory


def write(found: Trajectory, folder: Path, measures: tuple[Measure, ...] = ()) -> list[str]:
    """Write trajectory.html and trajectory.md; returns their paths."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        html, text = folder / "trajectory.html", folder / "trajectory.md"
        html.write_text(page(found, measures), encoding="utf-8")
        text.write_text(markdown(found), encoding="utf-8")
    except OSError as problem:
        said = problem.strerror or "unknown reason"
        raise Unavailable("cannot_write", f"{folder} cannot be written: {said}.") from None
    return [str(html), str(text)]


def as_json(found: Trajectory, files: list[str]) -> dict[str, Any]:
    """The trajectory for programs."""
    return {
        "relationship": found.relationship,
        "goal": found.goal,
        "criteria": {c.criterion: _course_json(c) for c in found.courses},
        "obstacles": [
            {"text": h.text, "when": h.when, "overcome": h.overcome_at is not None}
            | {"what": h.course}
            for h in found.hurdles
        ],
        "guidance_by_quarter": list(found.guidance_by_quarter),
        "threshold": {"met": found.threshold.met, "missing": list(found.threshold.missing)},
        "masterpiece": {"met": found.masterpiece.met, "missing": list(found.masterpiece.missing)},
        "health": [str(i) for i in found.health],
        "files": files,
    }


def _course_json(c: Course) -> dict[str, Any]:
    start = None if c.start is None else round(c.start.mean, 2)
    now = {"mean": round(c.now.mean, 2), "sd": round(c.now.sd, 2), "n": c.now.n}
    return {"name": c.name, "start": start, "now": now, "level": c.stand.level.word}


def markdown(found: Trajectory) -> str:
    """The documented course as a page of Markdown."""
    return "\n".join(_markdown(found)) + "\n"


def _markdown(found: Trajectory) -> Iterator[str]:
    yield f"# The trajectory of {md(found.learner)}"
    yield f"\nWith {md(found.trainer)} as {found.mode}. Goal: {md(found.behaviour)}"
    yield f"\nIn this kind of situation: {md(found.goal)}"
    yield f"\n## Where it started\n\n{md(where_it_started(found))}"
    yield "\n## Its obstacles, and what moved each\n"
    if not found.hurdles:
        yield "No obstacle was named."
    yield from (f"- {md(obstacle_line(h))}" for h in found.hurdles)
    yield f"\n## Where it is now\n\n{md(where_it_is(found))}\n\n{md(how_it_ended(found))}"
    yield f"\n{md(how_much_help(found))}"
    yield "\n## Each criterion\n\n| criterion | start | now | level | why |\n|---|---|---|---|---|"
    for c in found.courses:
        where = f"{c.start or NOT_KNOWN} | {stands(c)} | {c.stand.level.word}"
        yield f"| {md(c.name)} | {where} | {md(c.stand.why)} |"
    yield "\n## In its own words\n"
    if found.notebook.empty:
        yield "The notebook is empty."
    yield from (f"- {md(str(p))}" for p in found.notebook.principles)
    yield from (f"- I ask myself: {md(q.text)}" for q in found.notebook.questions)


def md(text: str) -> str:
    """A text that no Markdown reader takes for markup."""
    flat = " ".join(text.split())
    for sign in "\\`*_[]<>|#~":
        flat = flat.replace(sign, f"\\{sign}")
    return flat
