"""The command line: every act of a relationship, and the demo.

Exit codes: 0 done · 1 unexpected · 2 wrong usage · 3 refused by a rule · 4 not your role ·
5 unknown name · 6 malformed input · 7 database unavailable · 130 interrupted.
"""

from __future__ import annotations

import io
import json
import os
import sys
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import TypeAdapter, ValidationError

from tutelage.domain.errors import Malformed, TutelageError
from tutelage.domain.events import Proposed
from tutelage.doors import (
    adopting,
    begin,
    leading,
    matching,
    measuring,
    notifying,
    publishing,
    retaining,
    serving,
    stating,
    tracing,
    working,
    writing,
)
from tutelage.doors.common import ENTRY, As, Json, Name, out, read_json, say

app = typer.Typer(
    no_args_is_help=True,
    help="One-to-one mentoring and coaching, for people and agents.",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
bank_app = typer.Typer(no_args_is_help=True, help="A trainer's bank of experiences.")
app.add_typer(begin.goal_app, name="goal")
app.add_typer(bank_app, name="bank")
app.add_typer(writing.app, name="write")
app.add_typer(serving.key_app, name="key")
app.add_typer(working.app, name="work")


def _version(asked: bool) -> None:
    if asked:
        say(version("tutelage"))
        raise typer.Exit


@app.callback()
def _options(
    url: Annotated[
        str, typer.Option(envvar="TUTELAGE_URL", help="Database: sqlite:///file or postgresql://…")
    ] = "sqlite:///tutelage.db",
    _shown: Annotated[
        bool,
        typer.Option("--version", help="Say which version.", is_eager=True, callback=_version),
    ] = False,
) -> None:
    writing.use(url)


# relationships ---------------------------------------------------------------------------------
@app.command("open")
def open_(
    learner: Annotated[str, typer.Option(help="leo, or agent:NAME:OWNER for an agent")],
    trainer: Annotated[str, typer.Option(help="mia, or agent:NAME:OWNER for an agent")],
    handled: Annotated[str, typer.Option(help="What the trainer has handled in such situations")],
    because: Annotated[str, typer.Option(help="Why a mentor, or why a coach")],
    mode: Annotated[str, typer.Option(help="mentor or coach")] = "mentor",
    rater: Annotated[list[str] | None, typer.Option(help="Who else rates; repeatable")] = None,
    file: Annotated[Path | None, typer.Option("--from", help="The other fields as JSON")] = None,
    by: Annotated[str | None, As] = None,
    name: Annotated[str | None, typer.Option("--id", help="The relationship's name")] = None,
    as_json: Json = False,
) -> None:
    """Propose a relationship; prints its name."""
    party = writing.party
    body = (writing.fields(Proposed, file) if file else {}) | {
        "learner": party(learner),
        "trainer": party(trainer),
        "mode": mode,
        "raters": [party(r) for r in rater or []],
        "handled": handled,
        "because": because,
    }
    event = writing.event("proposed", body)
    proposer = by or party(trainer).get("owner") or party(trainer)["id"]
    with writing.desk(make=True) as tutelage:
        made = tutelage.open(event, actor=proposer, id=name)  # type: ignore[arg-type]
    out(as_json, {"relationship": made}, made)


@app.command("list")
def list_(by: Annotated[str | None, As] = None, as_json: Json = False) -> None:
    """The relationships, and whose turn each is."""
    from tutelage.doors.show import listing  # noqa: PLC0415  # rich is slow to import

    with writing.desk() as tutelage:
        found = tutelage.relationships(by)
    out(as_json, found, listing(found))


@app.command()
def show(
    relationship: Name,
    upto: Annotated[int | None, typer.Option(help="As of this entry", **ENTRY)] = None,
    as_json: Json = False,
) -> None:
    """Whose turn it is and since when, the levels and why, what is proposed and what is missing."""
    from tutelage.doors.shapes import TurnNow  # noqa: PLC0415
    from tutelage.doors.show import turn_page  # noqa: PLC0415

    with writing.desk() as tutelage:
        turn = tutelage.turn(relationship, upto)
    out(as_json, TurnNow.of(turn).model_dump(mode="json"), turn_page(relationship, turn))


@app.command()
def entries(
    relationship: Name,
    by: Annotated[str | None, As] = None,
    after: Annotated[int, typer.Option(help="Only what comes behind it", **ENTRY)] = 0,
    as_json: Json = False,
) -> None:
    """The entries, as one viewer may read them."""
    from tutelage.doors.shapes import EntryNow  # noqa: PLC0415
    from tutelage.doors.show import entry_line  # noqa: PLC0415

    with writing.desk() as tutelage:
        for entry in tutelage.entries(relationship, viewer=by, after=after):
            found = EntryNow.of(entry).model_dump(mode="json") if as_json else None
            out(as_json, found, entry_line(entry))


@app.command()
def collect(
    relationship: Name, situation: str, by: Annotated[str, As], as_json: Json = False
) -> None:
    """Read the guidance that waits in a situation; from then on its decision is assisted."""
    with writing.desk() as tutelage:
        given = tutelage.collect_guidance(relationship, situation, actor=by)
    said = "\n\n".join(f"{g.move}: {g.text}" for g in given) or "No guidance waits here."
    out(as_json, [g.model_dump(mode="json") for g in given], said)


@app.command()
def trajectory(
    relationship: Name,
    to: Annotated[
        Path | None, typer.Option("--out", help="Folder for trajectory.html, .md")
    ] = None,
    upto: Annotated[int | None, typer.Option(help="As of this entry", **ENTRY)] = None,
    as_json: Json = False,
) -> None:
    """The documented course: start, obstacles, what moved each, where it is now."""
    from tutelage.doors import report  # noqa: PLC0415

    with writing.desk() as tutelage:
        found = tutelage.trajectory(relationship, upto)
    files = report.write(found, to) if to else []
    out(as_json, report.as_json(found, files), "\n".join(files) or report.markdown(found))


# the ledger ------------------------------------------------------------------------------------
@app.command()
def verify(relationship: Name, as_json: Json = False) -> None:
    """Walk the chain: is every entry what was written, and is none missing?"""
    with writing.desk() as tutelage:
        found = tutelage.verify(relationship)
    answer = {"ok": found.ok, "entries": found.entries, "head": found.head}
    out(
        as_json,
        answer | {"problem": found.problem},
        found.problem or f"{found.entries} entries, whole.",
    )
    if not found.ok:
        raise Malformed("broken_chain", found.problem or "The chain is broken.")


@app.command()
def export(
    relationship: Name,
    file: Path,
    by: Annotated[str | None, As] = None,
    as_json: Json = False,
) -> None:
    """Write a relationship as JSONL: without loss, or with --as, as that viewer may read it."""
    with writing.desk() as tutelage:
        count = tutelage.export(relationship, file, viewer=by)
    out(as_json, {"entries": count, "file": str(file)}, f"{count} entries in {file}")


@app.command("import")
def import_(
    file: Path,
    name: Annotated[str | None, typer.Option("--id", help="Name it otherwise")] = None,
    as_json: Json = False,
) -> None:
    """Read an export into a new relationship: all of it, or nothing."""
    with writing.desk(make=True) as tutelage:
        made = tutelage.import_(file, id=name)
    out(as_json, {"relationship": made}, made)


@app.command()
def fork(
    relationship: Name,
    at: Annotated[int, typer.Option(help="The last entry the copy shares", **ENTRY)],
    arm: Annotated[str, typer.Option(help="What the copy is for")],
    name: Annotated[str | None, typer.Option("--id", help="The copy's name")] = None,
    as_json: Json = False,
) -> None:
    """Copy a relationship up to an entry; the copy goes its own way."""
    with writing.desk() as tutelage:
        made = tutelage.fork(relationship, at=at, arm=arm, id=name)
    out(as_json, {"relationship": made}, made)


@app.command()
def redact(
    relationship: Name,
    entry: Annotated[int, typer.Argument(**ENTRY)],
    by: Annotated[str | None, As] = None,
    as_json: Json = False,
) -> None:
    """Remove the text of an entry, in every copy of it; its facts stay, and the chain holds."""
    with writing.desk() as tutelage:
        written = tutelage.redact(relationship, entry, actor=by)
    out(as_json, {"seq": written.seq, "redacted": entry}, f"The text of entry {entry} is gone.")


@app.command()
def rebuild(relationship: Name, as_json: Json = False) -> None:
    """Fold a relationship anew from its entries and write its projection row."""
    with writing.desk() as tutelage:
        right = tutelage.rebuild(relationship)
    out(as_json, {"was_right": right}, "It was right." if right else "It is right now; it was not.")


# banks ------------------------------------------------------------------------------------
@bank_app.command("add")
def bank_add(trainer: str, file: Path, as_json: Json = False) -> None:
    """Keep experiences from a JSON list of {key, case, did, why, came_out, criteria}."""
    from tutelage.guidance.roles import Experience  # noqa: PLC0415

    try:
        told = TypeAdapter(list[Experience]).validate_python(read_json(file))
    except ValidationError as problem:
        said = "; ".join(map(_in_words, problem.errors()))
        raise Malformed("bad_experience", f"This is no list of experiences: {said}") from None
    with writing.desk(make=True) as tutelage:
        count = tutelage.bank.add(trainer, told)
    out(as_json, {"kept": count}, f"{count} kept.")


# doors -----------------------------------------------------------------------------------------
app.command()(serving.serve)
app.command()(serving.mcp)
app.command()(serving.invite)
app.command()(working.worker)
app.command()(retaining.retain)
app.command()(notifying.notify)
app.command()(leading.lead)
app.command()(leading.enrol)
app.command()(matching.match)


# measuring --------------------------------------------------------------------------------------
app.command()(measuring.evidence)
app.command()(measuring.bill)
app.command()(measuring.programme)
app.command()(measuring.simulate)
app.command()(begin.arms)
app.command()(begin.facts)
app.command("plan-design")(measuring.plan_design)


# traces in, and what was learned out -----------------------------------------------------------
app.command("import-traces")(tracing.import_traces)
app.command()(adopting.adopt)
begin.goal_app.command("propose")(tracing.goal_propose)
app.command("export-notebook")(publishing.export_notebook)
app.command("export-otel")(publishing.export_otel)
app.command()(publishing.dataset)
app.command("export-xapi")(stating.export_xapi)
app.command()(stating.statements)


# the demo --------------------------------------------------------------------------------------
@app.command()
def demo(
    name: Annotated[str, typer.Argument(help="Which demo")] = "backgammon",
    seed: Annotated[int, typer.Option(help="The same seed gives the same ledger")] = 1,
    games: Annotated[int, typer.Option(min=1, max=1000)] = 60,
    to: Annotated[Path, typer.Option("--out", help="Folder for what it writes")] = Path("demo-out"),
    model: Annotated[
        str | None, typer.Option(help="Mentor by this model: openai:…, with your key; it costs")
    ] = None,
    people: Annotated[
        bool, typer.Option("--people", help="Two people instead, to look at in the browser")
    ] = False,
    as_json: Json = False,
) -> None:
    """Watch an agent be mentored from its first mistakes to independence."""
    if people:
        serving.example(as_json=as_json)
        return
    found = {e.name: e for e in entry_points(group="tutelage.demos")}
    if name not in found:
        have = f" There is: {', '.join(sorted(found))}." if found else ""
        _fail(
            "no_demo",
            f"The demo '{name}' is not installed.{have} Its game engine is GPL and no part of this "
            "wheel: clone the repository and run `make demo` (or `uv run tutelage demo`).",
            2,
            as_json=as_json,
        )
    run = found[name].load()
    by = {} if model is None else {"model": model}
    run(seed=seed, games=games, out=to, as_json=as_json, **by)


# errors ----------------------------------------------------------------------------------------
def main() -> None:
    """Run the command line; every error is one sentence and an exit code."""
    as_json = "--json" in sys.argv[1:]
    if isinstance(sys.stdout, io.TextIOWrapper):  # a name that is no Unicode is shown, not fatal
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        try:
            code = app(standalone_mode=not as_json)
        finally:
            sys.stdout.flush()
    except TutelageError as error:
        _fail(error.code, error.message, error.exit_code, as_json=as_json)
    except ValidationError as error:
        said = "; ".join(map(_in_words, error.errors()))
        _fail("malformed", said, Malformed.exit_code, as_json=as_json)
    except KeyboardInterrupt:
        said = "Interrupted; what was acknowledged is kept."
        _fail("interrupted", said, 130, as_json=as_json)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise  # else it is wrong usage, as the library words it
        _fail("usage", error.format_message(), getattr(error, "exit_code", 2), as_json=as_json)
    else:
        raise SystemExit(code or 0)


def _in_words(problem: Any) -> str:
    where = ".".join(str(part) for part in problem["loc"] if part != "function-plain")
    return f"{where}: {problem['msg']}" if where else str(problem["msg"])


def _fail(code: str, message: str, exit_code: int, *, as_json: bool) -> NoReturn:
    if as_json:
        say(json.dumps({"error": {"code": code, "message": message}}), err=True)
    else:
        say(f"{message} [{code}]", err=True)
    raise SystemExit(exit_code)
