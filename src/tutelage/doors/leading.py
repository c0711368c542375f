"""The commands of programmes: who leads one, a list invited at once, and what a lead sees."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tutelage.domain.errors import Malformed
from tutelage.doors import writing
from tutelage.doors.common import As, Json, out

if TYPE_CHECKING:
    from tutelage.doors.roster import Roster
    from tutelage.service.desk import Tutelage
    from tutelage.service.overview import Overview
    from tutelage.service.programmes import Invitation

Named = Annotated[str, typer.Argument(help="The programme's name, as in its address")]


def lead(
    programme: Named,
    person: Annotated[str, typer.Argument(help="Who leads it; they need an account")],
    title: Annotated[str | None, typer.Option(help="What people read; needed to make one")] = None,
    contact: Annotated[
        str | None, typer.Option(help="Whom its agreements name for concerns, outside the pair")
    ] = None,
    no_longer: Annotated[bool, typer.Option("--no-longer", help="They lead it no more")] = False,
    as_json: Json = False,
) -> None:
    """Make a programme, and say who leads it; more than one may."""
    with writing.desk(make=True) as tutelage:
        if no_longer:
            tutelage.programmes.dismiss(programme, person)
        else:
            kept = title or tutelage.programmes.named(programme).title
            tutelage.programmes.make(programme, kept, person, contact)
        leads = tutelage.programmes.leads(programme)
    said = f"{programme} is led by {', '.join(leads) or 'nobody'}."
    out(as_json, {"programme": programme, "leads": leads}, said)


def enrol(
    programme: Named,
    file: Annotated[Path, typer.Argument(help="CSV: name, mail, side, capacity, reply_days")],
    by: Annotated[str, As],
    links: Annotated[bool, typer.Option("--links", help="A link for each without mail")] = False,
    as_json: Json = False,
) -> None:
    """Invite everybody on a list into a programme; where a line cannot be read, nobody."""
    from tutelage.doors import roster  # noqa: PLC0415
    from tutelage.doors.exchange.decoded import raw_in  # noqa: PLC0415
    from tutelage.doors.notifying import HERE  # noqa: PLC0415
    from tutelage.service.settings import settings  # noqa: PLC0415

    with writing.desk() as tutelage:
        tutelage.programmes.led(programme, by)
        listed = roster.read(raw_in(file, roster.MOST_BYTES))
        _check(listed)
        people = roster.spelt(listed, tutelage.people)
        new = tutelage.programmes.invite(programme, people, by)
        at = settings(os.environ).at or HERE
        made = dict(_links(tutelage, programme, people, at)) if links else {}
    told = [f"{len(listed.people)} read, {new} of them new.", *map(": ".join, made.items())]
    out(as_json, {"read": len(listed.people), "new": new, "links": made}, "\n".join(told))


def _check(listed: Roster) -> None:
    if listed.problems:
        said = "; ".join(
            f"line {p.line}: {p.said}" if p.line else p.said for p in listed.problems[:10]
        )
        raise Malformed("bad_csv", f"Nobody is invited. {said}")


def _links(
    tutelage: Tutelage, programme: str, people: Sequence[Invitation], at: str
) -> Iterator[tuple[str, str]]:
    for one in people:
        if one.mail is None:
            token = tutelage.programmes.token(programme, one.person, one.side)
            yield one.person, f"{at}/join/{token}"


def overview(tutelage: Tutelage, programme: str) -> Overview:
    """What its lead sees now. Raises Unknown."""
    from tutelage.service.overview import Overviews  # noqa: PLC0415

    tutelage.programmes.named(programme)
    return Overviews(tutelage.ledger.engine).of(programme, tutelage.clock())


def lines(seen: Overview) -> Iterator[str]:
    """The overview as text."""
    yield " · ".join(f"{phase} {count}" for phase, count in seen.phases.items()) or "No pair yet."
    for what in ("support", "late", "silent"):
        found = getattr(seen, what)
        yield f"{what}: {found.count}"
        for one in found.first:
            cared = f" · {one.cared_by} looks after it" if one.cared_by else ""
            yield f"  {one.learner} with {one.trainer} since {one.since:%Y-%m-%d}{cared}"
    yield f"room for {seen.room} more; {len(seen.without)} learners without a trainer"
    yield f"levels: {seen.levels}"
