"""The commands that bring traces in: import-traces, and goal propose."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tutelage.domain.errors import Malformed, Unavailable
from tutelage.doors import writing
from tutelage.doors.common import Json, out, say

if TYPE_CHECKING:
    from tutelage.doors.exchange.breaks import Breaks, Part
    from tutelage.doors.exchange.importing import Import, Tally
    from tutelage.doors.exchange.picking import Picked
    from tutelage.doors.exchange.run import Run

NAMES = ("openai", "otel", "openinference", "inspect")
Look = Callable[["Tally"], Iterator["Run"]]
"""Reads the files once, and counts what is skipped."""

PROGRESS = 5000  # runs between two signs of life


def import_traces(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…")],
    format: Annotated[str, typer.Option(help=f"One of {', '.join(NAMES)}")] = "openai",  # noqa: A002
    to: Annotated[
        str | None, typer.Option(metavar="RELATIONSHIP", help="Bring them in here; else report")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--as", metavar="LEARNER", help="Whose runs they are")
    ] = None,
    debriefs_by: Annotated[
        str | None,
        typer.Option(metavar="TRAINER", help="Annotations of failed runs become its debriefs"),
    ] = None,
    quota: Annotated[
        int | None, typer.Option(min=1, max=1000, help="Bring in so many a day: a random share…")
    ] = None,
    worst: Annotated[int, typer.Option(min=0, help="…and so many of the worst of the rest")] = 2,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed draws the same runs; else by chance")
    ] = None,
    passed: Annotated[
        float, typer.Option("--pass", help="A run is solved from this measure on")
    ] = 1.0,
    policy: Annotated[
        Path | None, typer.Option(help="Report by the headings of this policy document")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Folder for a page of where judgment breaks")
    ] = None,
    scrub: Annotated[
        str | None, typer.Option(help="package.module:function over every text before it is stored")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read an agent's traces: where its judgment breaks; with --to, as situations to work on."""
    from tutelage.doors.exchange.breaks import Breaks, part_json  # noqa: PLC0415  # scipy is slow

    _check(format, to, by, quota)
    breaks = Breaks(_criteria(policy), passed)
    look: Look = lambda tally: _read(files, format, scrub, tally)  # noqa: E731  # told twice
    tally = _first_look(look, breaks)
    if to is not None:
        tally = _bring_in(look, to, by, debriefs_by, (quota, worst, seed))
    pages, rated = _pages(breaks, folder), _rated(to)
    told = {"breaks": breaks.as_json(), "rated": [part_json(p) for p in rated], "files": pages}
    parts = ("\n  ".join(p.lines) for p in (breaks.whole, *breaks.parts, *rated))
    lines = [*_said(tally, written=to is not None), *_another(tally, format), "", *parts, *pages]
    out(as_json, {**tally.as_json(), **told}, "\n".join(lines))


def _check(name: str, to: str | None, by: str | None, quota: int | None) -> None:
    if name not in NAMES:
        raise typer.BadParameter(f"--format is one of {', '.join(NAMES)}.")
    if to is None and (by is not None or quota is not None):
        raise typer.BadParameter("--as and --quota need --to RELATIONSHIP.")


def _criteria(policy: Path | None) -> dict[str, str]:
    """A policy's headings, by whose words the report tells runs apart; a goal's are rated."""
    from tutelage.doors.exchange.policy import headings  # noqa: PLC0415

    if policy is None:
        return {}
    return {h.key: f"{h.name} (by words in common)" for h in headings(read_text(policy))}


def _first_look(look: Look, breaks: Breaks) -> Tally:
    """Read everything before anything is written: a torn file leaves nothing behind."""
    from tutelage.doors.exchange.importing import Tally  # noqa: PLC0415

    tally = Tally()
    for run in look(tally):
        breaks.add(run)
        tally.add(run)
    return tally


def _read(files: list[Path], name: str, scrub: str | None, tally: Tally) -> Iterator[Run]:
    from tutelage.doors.exchange.formats import read  # noqa: PLC0415
    from tutelage.doors.exchange.run import Skip  # noqa: PLC0415
    from tutelage.doors.exchange.scrubbing import scrub_named, scrubbed  # noqa: PLC0415

    count, hook = 0, scrub_named(scrub) if scrub else None
    for found in read(files, name):
        if isinstance(found, Skip):
            tally.skip(found)
            continue
        count += 1
        _progress(count)
        yield found if hook is None else scrubbed(found, hook)


def _progress(count: int) -> None:
    if count % PROGRESS == 0 and sys.stderr.isatty():
        say(f"{count:,} runs read", err=True)


def _bring_in(
    look: Look,
    to: str,
    by: str | None,
    debriefs_by: str | None,
    picking: tuple[int | None, int, int | None],
) -> Tally:
    from tutelage.doors.exchange.importing import Import, Tally  # noqa: PLC0415

    tally = Tally()
    with writing.desk() as tutelage:
        door = Import(tutelage, to, by, debriefs_by)
        door.write(_picked(door, look(tally), picking), tally)
    return tally


def _picked(
    door: Import, runs: Iterator[Run], picking: tuple[int | None, int, int | None]
) -> Iterator[Picked]:
    """All of them; under a quota what was begun, and what is drawn for today."""
    from tutelage.doors.exchange.outline import Chosen  # noqa: PLC0415
    from tutelage.doors.exchange.picking import Picked, Picking  # noqa: PLC0415

    quota, worst, seed = picking
    if quota is None:
        for run in runs:
            yield Picked(run, Chosen())
        return
    left = door.left_today(quota)
    bad = min(worst, left // 2)  # chance comes first: what it draws is evidence
    drawing = Picking(left - bad, bad, door.chance() if seed is None else seed)
    for run in runs:
        if door.begun(run):
            yield Picked(run, Chosen())
        elif door.taken_as_bad(run):
            drawing.add(run, taken=True)
        elif not door.has(run):
            drawing.add(run)
    yield from drawing.picked()


def _pages(breaks: Breaks, folder: Path | None) -> list[str]:
    if folder is None:
        return []
    from tutelage.doors.evidence import write  # noqa: PLC0415
    from tutelage.doors.exchange.broken import markdown, page  # noqa: PLC0415

    return write("breaks", folder, page(breaks), markdown(breaks))


def _rated(to: str | None) -> tuple[Part, ...]:
    """What raters saw in the decisions of the traces that are in the relationship."""
    from tutelage.doors.exchange.judged import judged  # noqa: PLC0415

    if to is None:
        return ()
    with writing.desk() as tutelage:
        return judged(tutelage.state(to))


def _said(tally: Tally, *, written: bool) -> list[str]:
    counts = tally.as_json()
    what = ", ".join(f"{counts[n]} {n}" for n in ("situations", "decisions", "outcomes"))
    head = f"{what}, {counts['skipped']} skipped." if written else f"{what} to bring in, "
    head += "" if written else f"{counts['skipped']} skipped."
    lines = [head, f"{counts['unaided']} of the decisions are shown to be unaided."]
    for left_out in counts["reasons"]:
        where = f" ({', '.join(left_out['where'])})" if left_out["where"] else ""
        lines.append(f"  skipped {left_out['count']}: {left_out['reason']}{where}")
    return lines


def _another(tally: Tally, name: str) -> list[str]:
    """A hint where nothing could be read: an empty report would look like a finding."""
    counts = tally.as_json()
    nothing = counts["skipped"] and not counts["situations"]
    return [f"Nothing here could be read as {name}. Is it another --format?"] if nothing else []


def read_text(file: Path) -> str:
    """A text file. Raises Malformed where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise Malformed("cannot_read", f"{file} cannot be read: {problem.strerror}.") from None
    except UnicodeDecodeError:
        raise Malformed("bad_text", f"{file} is no UTF-8 text.") from None


def goal_propose(
    policy: Annotated[Path, typer.Argument(help="A policy document in Markdown")],
    to: Annotated[Path, typer.Option("--out", help="The file to write and edit")] = Path(
        "goal.toml"
    ),
    as_json: Json = False,
) -> None:
    """Propose criteria from a policy document's headings, as a goal.toml to edit."""
    from tutelage.doors.exchange.policy import chosen, headings, template  # noqa: PLC0415

    found = headings(read_text(policy))
    text = template(policy.name, found)
    try:
        with to.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise Malformed("file_there", f"{to} is there already; it is left as it is.") from None
    except OSError as problem:
        said = f"{to} cannot be written: {problem.strerror}."
        raise Unavailable("cannot_write", said) from None
    answer: dict[str, Any] = {"file": str(to), "criteria": [h.key for h in chosen(found)]}
    out(
        as_json,
        answer,
        f"{to}: {len(answer['criteria'])} criteria proposed. Edit it, then check it.",
    )
