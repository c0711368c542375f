"""The commands that bring out what was learned: export-notebook, export-otel, dataset."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tutelage.domain.errors import Unavailable
from tutelage.doors import writing
from tutelage.doors.common import Json, Name, out

if TYPE_CHECKING:
    from tutelage.domain.relationship import Relationship

Viewer = Annotated[
    str | None, typer.Option("--as", metavar="ACTOR", help="One of the pair; else the operator")
]
Texts = Annotated[bool, typer.Option("--texts", help="With the texts, as the learner reads them")]
Target = Annotated[Path | None, typer.Option("--out", help="File; else standard output")]


def export_notebook(
    relationship: Name,
    format: Annotated[str, typer.Option(help="skill or agents")] = "skill",  # noqa: A002
    to: Annotated[
        Path | None, typer.Option("--out", help="SKILL.md's folder, or the AGENTS.md file")
    ] = None,
    by: Viewer = None,
    as_json: Json = False,
) -> None:
    """Principles that held, as SKILL.md or as a section of AGENTS.md: sound, and calls improved."""
    from tutelage.doors.exchange.leaving import may_take  # noqa: PLC0415  # scipy is slow to import
    from tutelage.doors.exchange.proven import proven  # noqa: PLC0415
    from tutelage.doors.exchange.skill import why_not  # noqa: PLC0415

    if format not in {"skill", "agents"}:
        raise typer.BadParameter("--format is skill or agents.")
    with writing.desk() as tutelage:
        state = tutelage.state(relationship)
    may_take(state, by)
    found = proven(state)
    answer: dict[str, Any] = {
        "principles": [{"principle": h.principle.key, "held": str(h)} for h in found.held],
        "left_out": found.missing,
    }
    text, file = (_agents if format == "agents" else _skill)(state, relationship, to)
    page = (file or text) if found.held else f"No principle has held yet. {why_not(found)}"
    out(as_json, {**answer, "text": text, "file": file}, page)


def _skill(state: Relationship, relationship: str, to: Path | None) -> tuple[str, str | None]:
    from tutelage.doors.exchange.skill import name_of, written  # noqa: PLC0415

    text = written(state, relationship)
    if to is None:
        return text, None
    file = to / name_of(relationship) / "SKILL.md"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        said = f"{file} cannot be written: {problem.strerror}."
        raise Unavailable("cannot_write", said) from None
    _write(file, [text.rstrip("\n")])
    return text, str(file)


def _agents(state: Relationship, relationship: str, to: Path | None) -> tuple[str, str | None]:
    from tutelage.doors.exchange.agents import put, section  # noqa: PLC0415

    text = section(state, relationship)
    if to is None:
        return text, None
    put(to, relationship, text)
    return text, str(to)


def export_otel(
    relationship: Name,
    to: Target = None,
    exporter: Annotated[
        str | None,
        typer.Option(help="Through opentelemetry-sdk, to this exporter of it: console, otlp, …"),
    ] = None,
    annotations: Annotated[
        bool, typer.Option("--annotations", help="Ratings as OpenInference annotations instead")
    ] = False,
    texts: Texts = False,
    by: Viewer = None,
    as_json: Json = False,
) -> None:
    """Every step as an OpenTelemetry span, its ratings as evaluation events: OTLP JSON lines."""
    from tutelage.doors.exchange import annotations as notes  # noqa: PLC0415
    from tutelage.doors.exchange import sending, telemetry  # noqa: PLC0415

    with writing.desk() as tutelage:
        if annotations:
            rows = notes.rows(tutelage, relationship, by, texts=texts)
            lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        else:
            spans = list(telemetry.spans(tutelage, relationship, by, texts=texts))
            lines = list(telemetry.otlp(spans))
    if exporter is not None and not annotations:
        count = sending.send(spans, sending.exporter(exporter))
        out(as_json, {"spans": count, "file": None}, f"{count} spans sent.")
        return
    write_lines(lines, to, "annotations" if annotations else "traces", as_json=as_json)


def dataset(
    relationship: Name,
    to: Target = None,
    messages: Annotated[
        bool, typer.Option("--messages", help="With the messages of imported traces, as they were")
    ] = False,
    by: Viewer = None,
    as_json: Json = False,
) -> None:
    """Situation, call, decision, outcome and ratings: one JSON object a situation."""
    from tutelage.doors.exchange.dataset import rows  # noqa: PLC0415

    with writing.desk() as tutelage:
        found = rows(tutelage, relationship, by, with_messages=messages)
        lines = [json.dumps(row, ensure_ascii=False, default=str) for row in found]
    write_lines(lines, to, "situations", as_json=as_json)


def write_lines(lines: list[str], to: Path | None, what: str, *, as_json: bool) -> None:
    """JSON lines into a file, and how many; or to standard output as they are."""
    if to is None:
        for line in lines:
            print(line)  # noqa: T201  # the answer, for programs: nothing in it is shown raw
        return
    _write(to, lines)
    out(as_json, {what: len(lines), "file": str(to)}, f"{len(lines)} {what} in {to}")


def _write(file: Path, lines: Iterable[str]) -> None:
    try:
        with file.open("w", encoding="utf-8", newline="\n") as opened:
            opened.writelines(f"{line}\n" for line in lines)
    except OSError as problem:
        said = f"{file} cannot be written: {problem.strerror}."
        raise Unavailable("cannot_write", said) from None
