"""The commands for xAPI: export-xapi, statements."""

from __future__ import annotations

import json
import os
from typing import Annotated

import typer

from tutelage.domain.errors import Malformed
from tutelage.doors import writing
from tutelage.doors.common import Json, Name, out
from tutelage.doors.publishing import Target, Viewer, write_lines


def export_xapi(
    relationship: Name,
    to: Target = None,
    by: Viewer = None,
    as_json: Json = False,
) -> None:
    """The facts of a relationship as xAPI statements, JSON lines; without any text of anybody's."""
    from tutelage.doors.exchange.rounds import about_of, stated  # noqa: PLC0415
    from tutelage.service.statements import Statements  # noqa: PLC0415  # `--help` needs no SQL

    at = _address()
    with writing.desk() as tutelage:
        about = about_of(tutelage, relationship, at)
        if by is None or "learner" not in about.state.sides(by):  # it is the learner's own act
            Statements(tutelage.ledger.engine, tutelage.clock).check(relationship)
        found = [one for _seq, one in stated(tutelage, about, 0)]
    lines = [json.dumps(one, ensure_ascii=False) for one in found]
    write_lines(lines, to, "statements", as_json=as_json)


def statements(
    to: Annotated[
        str,
        typer.Option(envvar="TUTELAGE_LRS", help="https://key:secret@lrs.example/xapi"),
    ],
    relationship: Annotated[str | None, typer.Argument(metavar="[RELATIONSHIP]")] = None,
    as_json: Json = False,
) -> None:
    """Send facts to a learning record store, of all whose learners let them; it goes on."""
    from tutelage.doors.exchange.rounds import Facts  # noqa: PLC0415  # `--help` needs none
    from tutelage.doors.exchange.store import Store  # noqa: PLC0415
    from tutelage.service.settings import record_store  # noqa: PLC0415

    set_up, at = record_store(to), _address()
    with writing.desk() as tutelage, Store(set_up) as store:
        facts = Facts(tutelage, set_up, at)
        count = facts.one(relationship, store) if relationship else sum(facts.each(store))
    out(as_json, {"sent": count}, f"{count} statements sent.")


def _address() -> str:
    """The server's address, under which learners are named. Raises Malformed."""
    from tutelage.service.settings import AT, settings  # noqa: PLC0415

    at = settings(os.environ).at
    if at is None:
        said = f"Set {AT} to how people reach this server; statements name learners by it."
        raise Malformed("no_address", said)
    return at
