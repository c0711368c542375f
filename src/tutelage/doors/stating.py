"""The commands for xAPI: export-xapi, statements."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tutelage.domain.errors import Malformed, Refused
from tutelage.doors import writing
from tutelage.doors.common import Json, Name, out
from tutelage.doors.publishing import Target, Viewer, write_lines

if TYPE_CHECKING:
    from tutelage.doors.exchange.store import Store
    from tutelage.doors.exchange.xapi import About
    from tutelage.service.desk import Tutelage
    from tutelage.service.statements import Statements

BATCH = 100
Stated = tuple[int, dict[str, Any]]


def export_xapi(
    relationship: Name,
    to: Target = None,
    by: Viewer = None,
    as_json: Json = False,
) -> None:
    """The facts of a relationship as xAPI statements, JSON lines; without any text of anybody's."""
    from tutelage.service.statements import Statements  # noqa: PLC0415  # `--help` needs no SQL

    at = _address()
    with writing.desk() as tutelage:
        about = _about(tutelage, relationship, at)
        if by is None or "learner" not in about.state.sides(by):  # it is the learner's own act
            Statements(tutelage.ledger.engine, tutelage.clock).check(relationship)
        found = [one for _seq, one in _stated(tutelage, about, 0)]
    lines = [json.dumps(one, ensure_ascii=False) for one in found]
    write_lines(lines, to, "statements", as_json=as_json)


def statements(
    relationship: Name,
    to: Annotated[
        str,
        typer.Option(envvar="TUTELAGE_LRS", help="https://key:secret@lrs.example/xapi"),
    ],
    as_json: Json = False,
) -> None:
    """Send a relationship's facts to a learning record store; interrupted, it goes on."""
    from tutelage.doors.exchange.store import Store  # noqa: PLC0415  # `--help` needs none
    from tutelage.service.settings import record_store  # noqa: PLC0415
    from tutelage.service.statements import Statements  # noqa: PLC0415

    set_up, at = record_store(to), _address()
    with writing.desk() as tutelage, Store(set_up) as store:
        about = _about(tutelage, relationship, at)
        kept = Statements(tutelage.ledger.engine, tutelage.clock)
        count = _send(tutelage, about, kept, store, set_up.url)
    out(as_json, {"sent": count}, f"{count} statements sent.")


def _send(desk: Tutelage, about: About, kept: Statements, store: Store, url: str) -> int:
    """Everything that the store has not, a batch at a time; how many."""
    kept.check(about.relationship)
    count, name = 0, about.relationship
    for some in _batches(_stated(desk, about, kept.reached(name, url))):
        kept.check(name)  # a learner may take it back in between
        store.send([one for _seq, one in some])
        kept.reach(name, url, some[-1][0])
        count += len(some)
    return count


def _batches(found: Iterator[Stated]) -> Iterator[tuple[Stated, ...]]:
    return iter(lambda: tuple(islice(found, BATCH)), ())


def _stated(desk: Tutelage, about: About, after: int) -> Iterator[Stated]:
    from tutelage.doors.exchange.xapi import statements as of  # noqa: PLC0415

    return of(about, desk.ledger.read(about.relationship, after, about.state.seq))


def _about(desk: Tutelage, relationship: str, at: str) -> About:
    from tutelage.doors.exchange.xapi import About  # noqa: PLC0415

    state = desk.state(relationship)
    if state.arm is not None:
        raise Refused("a_copy", "This is a copy; its facts are nobody's course.")
    return About(at, relationship, state.learner.id if state.learner else "", state)


def _address() -> str:
    """The server's address, under which learners are named. Raises Malformed."""
    from tutelage.service.settings import AT, settings  # noqa: PLC0415

    at = settings(os.environ).at
    if at is None:
        said = f"Set {AT} to how people reach this server; statements name learners by it."
        raise Malformed("no_address", said)
    return at
