"""The commands that measure: evidence, programme, simulate, plan-design."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from tutelage.doors import writing
from tutelage.doors.common import ENTRY, Json, Name, out

Folder = Annotated[Path | None, typer.Option("--out", help="Folder for a page and its Markdown")]


def evidence(
    relationship: Name,
    by: Annotated[
        str | None, typer.Option("--as", metavar="ACTOR", help="Who looks; looks count")
    ] = None,
    to: Folder = None,
    upto: Annotated[int | None, typer.Option(help="As of this entry", **ENTRY)] = None,
    arms: Annotated[
        str | None,
        typer.Option(metavar="A,B", help="Of the copies: the arm guided on, and the one without"),
    ] = None,
    as_json: Json = False,
) -> None:
    """What changed, what moved it, what stayed, and how sure each of these is."""
    with writing.desk() as tutelage:
        found = tutelage.evidence(relationship, viewer=by, upto=upto, arms=_arms(arms))
    answer_evidence(found, to, as_json=as_json)


def answer_evidence(found: Any, to: Path | None, *, as_json: bool) -> None:
    """The evidence of a relationship, as a page and its Markdown where a folder is named."""
    from tutelage.doors import evidence as told  # noqa: PLC0415

    text = told.markdown(found)
    files = told.write("evidence", to, told.page(found), text) if to else []
    _answer(told.as_json(found), files, text, as_json=as_json)


def _arms(named: str | None) -> tuple[str, str] | None:
    if named is None:
        return None
    guided, comma, alone = (part.strip() for part in named.partition(","))
    if not (guided and comma and alone) or "," in alone:
        raise typer.BadParameter("Name two arms with a comma between them, as in --arms with,alone")
    return guided, alone


def bill(relationship: Name, as_json: Json = False) -> None:
    """The bill for help: guidance read and models paid, ten situations at a time; it is to fall."""
    from tutelage.guidance.bill import bill as of  # noqa: PLC0415

    with writing.desk() as tutelage:
        found = of(tutelage.entries(relationship))
    stretches = [asdict(s) for s in found.stretches]
    out(as_json, {"stretches": stretches, "falls": found.falls}, str(found))


def programme(
    name: Annotated[
        str | None, typer.Argument(help="One programme, as its lead sees it; else all there is")
    ] = None,
    to: Folder = None,
    as_json: Json = False,
) -> None:
    """All relationships together: who and how much, the pooled effect, what is missing."""
    from tutelage.doors import evidence as told  # noqa: PLC0415
    from tutelage.doors import leading  # noqa: PLC0415

    with writing.desk() as tutelage:
        seen = leading.overview(tutelage, name) if name else None
        found = tutelage.programme(name)
    text, answer = told.programme_markdown(found), told.programme_json(found)
    files = told.write("programme", to, told.programme_page(found), text) if to else []
    if seen is not None:
        text = "\n".join([*leading.lines(seen), "", text])
        answer["overview"] = asdict(seen)
    _answer(answer, files, text, as_json=as_json)


def plan_design(
    criteria: Annotated[int, typer.Option(min=1, max=8, help="Criteria of the goal, K")] = 5,
    situations: Annotated[int, typer.Option(min=2, max=400, help="Situations agreed, T")] = 40,
    effect: Annotated[
        float, typer.Option(min=0.0, max=2.4, help="Rating points that focused work would add")
    ] = 1.0,
    latest: Annotated[int | None, typer.Option(min=1, help="No start later than this")] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    as_json: Json = False,
) -> None:
    """Before a pair starts: would drawn starts show what guidance does, and how surely?"""
    from dataclasses import asdict  # noqa: PLC0415

    from tutelage.guidance.simulate.plan import plan  # noqa: PLC0415

    found = plan(criteria, situations, effect, latest=latest, seed=seed)
    out(as_json, {"says": str(found), **asdict(found)}, str(found))


def _answer(answer: dict[str, Any], files: list[str], text: str, *, as_json: bool) -> None:
    out(as_json, {**answer, "files": files}, "\n".join(files) or text)


def simulate(
    variant: Annotated[str, typer.Option(help="s1, flat, jump, …; all prints every bar")] = "s1",
    relationships: Annotated[
        int, typer.Option(min=2, max=100_000, help="How many are simulated")
    ] = 400,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same figures")] = 1,
    as_json: Json = False,
) -> None:
    """Simulate relationships whose truth is known: how often are we right, and how sure is that?"""
    from tutelage.doors import simulation  # noqa: PLC0415  # numpy and rich are slow to import

    if variant == simulation.EVERY:
        simulation.all_bars(relationships, seed, as_json=as_json)
    else:
        simulation.one(variant, relationships, seed, as_json=as_json)
