"""Proposing: whom a proposal of a match waits for, until it lapses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tutelage.service.database import reading
from tutelage.service.matching import LAPSES
from tutelage.service.news import Wait
from tutelage.service.programmes import Side
from tutelage.service.tables import matches as table
from tutelage.service.tables import planned

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

MATCH = "match/"  # before its id, where others have a relationship's name: none has a slash
WHOLE = sa.literal(MATCH).concat(table.c.id)


class Proposals:
    """The proposals of one database that wait for an answer."""

    def __init__(self, desk: Tutelage) -> None:
        self._desk = desk

    def fresh(self, new: sa.ColumnElement[bool], now: datetime) -> list[tuple[str, int]]:
        """Those of which somebody is to be told, and of which round they are."""
        joined = table.outerjoin(planned, planned.c.relationship == WHOLE)
        due = sa.or_(planned.c.seq.is_(None), planned.c.seq != table.c.round, new)
        query = sa.select(WHOLE, table.c.round).select_from(joined).where(due, *_open(now))
        with reading(self._desk.ledger.engine) as connection:
            return [(name, number) for name, number in connection.execute(query)]

    def of(self, name: str, now: datetime) -> Iterator[Wait]:
        """Whom one of them waits for."""
        query = sa.select(table).where(table.c.id == name.removeprefix(MATCH), *_open(now))
        with reading(self._desk.ledger.engine) as connection:
            row = connection.execute(query).mappings().first()
        if row is not None:
            yield from self._wait(row, "learner", "trainer")
            yield from self._wait(row, "trainer", "learner")

    def _wait(self, row: Any, side: Side, other: Side) -> Iterator[Wait]:
        programme, person = row["programme"], row[side]
        if row[f"{side}_said"] is None and self._desk.programmes.joined(programme, person, side):
            since, with_whom = datetime.fromisoformat(row["at"]), (row[other],)
            yield Wait(person, "match", row["round"], since, with_whom, programme=programme)


def _open(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Not begun, not declined, not accepted by both, and not too old."""
    c, said = table.c, (table.c.learner_said, table.c.trainer_said)
    lacks = sa.or_(*(one.is_(None) for one in said))
    goes = (sa.or_(one.is_(None), one == "yes") for one in said)
    return c.relationship.is_(None), c.at >= (now - LAPSES).isoformat(), lacks, *goes
