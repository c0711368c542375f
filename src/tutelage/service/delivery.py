"""Deliveries: what was told to whom, what is still to be told, and who is telling it just now.

A line, a person's mail or one channel of theirs, is claimed for as long as one message takes.
Whoever dies with a claim leaves it to the next after the lease: a message may come twice where
somebody died between sending it and saying so here; it is never lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tutelage.service.added import add
from tutelage.service.database import reading, writing
from tutelage.service.stamped import stamp
from tutelage.service.tables import channels, reaches
from tutelage.service.tables import deliveries as table
from tutelage.service.telling import Key
from tutelage.service.writer import Entropy

APART = timedelta(hours=1)  # at least, between two mails to one person
LEASE = timedelta(minutes=5)  # longer than any server takes for one mail
BATCH = 500
_KEY = tuple(table.c[name] for name in Key._fields)
Row = tuple[Key, datetime]


@dataclass(frozen=True, slots=True)
class Lines:
    """One kind of lines: where each is kept, and which deliveries go by it."""

    reach: sa.Table
    name: sa.Column[Any]  # of the line, where it is kept
    by: sa.Column[Any]  # and in a delivery
    only: sa.ColumnElement[bool]
    open: sa.ColumnElement[bool]  # whether anything goes by it now
    machines: sa.ColumnElement[bool]  # which are told as often as there is something


MAIL = Lines(
    reaches, reaches.c.person, table.c.person, table.c.channel == "mail", sa.true(), sa.false()
)
CHANNELS = Lines(
    channels,
    channels.c.id,
    table.c.channel,
    table.c.channel != "mail",
    channels.c.off_at.is_(None),
    channels.c.kind == "webhook",
)


class Deliveries:
    """The rows of one database that go by one kind of lines."""

    def __init__(self, engine: sa.Engine, entropy: Entropy, lines: Lines = MAIL) -> None:
        self._engine, self._entropy, self._lines = engine, entropy, lines

    def whom(self, now: datetime) -> list[str]:
        """By which lines something is due that may be sent now; the longest due first."""
        lines = self._lines
        first, by = sa.func.min(table.c.due_at), lines.by
        joined = table.outerjoin(lines.reach, lines.name == by)
        query = sa.select(by).select_from(joined).where(_due(now), lines.only, *self._free(now))
        with reading(self._engine) as connection:
            return list(connection.execute(query.group_by(by).order_by(first, by)).scalars())

    def claim(self, line: str, now: datetime, lease: timedelta = LEASE) -> str | None:
        """Nobody else writes there until the lease is over; None where nothing is to be written.

        Nothing is while somebody else has them, within an hour of the last mail, or while a
        server that refused one is given time.
        """
        token, lines = self._entropy(12).hex(), self._lines
        change = sa.update(lines.reach).where(lines.name == line, *self._free(now))
        if self._held(line, now):
            return None
        with writing(self._engine) as connection:
            if lines is MAIL:
                add(connection, reaches, [{"person": line, "refused": 0}])
            until = {"claim": token, "claimed_until": stamp(now + lease)}
            got = connection.execute(change.values(**until)).rowcount
        return token if got else None

    def _held(self, line: str, now: datetime) -> bool:
        """Whether it is another's just now: who only looks keeps nobody from writing."""
        lines = self._lines
        there = sa.select(lines.name).where(lines.name == line)
        free = there.where(*self._free(now))
        with reading(self._engine) as connection:
            if connection.execute(free).first() is not None:
                return False
            return connection.execute(there).first() is not None

    def due(self, line: str, now: datetime, most: int | None = None) -> dict[Key, int]:
        """What is due there, the longest due first, and how often each was tried."""
        lines = self._lines
        query = sa.select(*_KEY, table.c.tries).where(lines.by == line, lines.only, _due(now))
        ordered = query.order_by(table.c.due_at, *_KEY).limit(most)
        with reading(self._engine) as connection:
            return {Key(*row[:-1]): row[-1] for row in connection.execute(ordered)}

    def drop(self, keys: Collection[Key]) -> None:
        """Tell these no more: they no longer wait."""
        if not keys:
            return
        with writing(self._engine) as connection:
            for key in keys:
                connection.execute(sa.delete(table).where(*_at(key), table.c.state == "waiting"))

    # what came of it ---------------------------------------------------------------------------
    def sent(self, token: str, keys: Collection[Key], now: datetime) -> None:
        """These were told."""
        reach: dict[str, Any] = {"mailed_at": stamp(now), "again_at": None, "refused": 0}
        if self._lines is CHANNELS:
            reach["failing_since"] = None
        self._done(token, keys, {"state": "sent", "error": None}, reach)

    def refused(self, token: str, keys: Collection[Key], now: datetime, error: str) -> None:
        """The mail was refused for good: it is not tried again, and it is counted."""
        reach = {"mailed_at": stamp(now), "again_at": None, "refused": reaches.c.refused + 1}
        self._done(token, keys, {"state": "failed", "error": error[:80]}, reach)

    def later(
        self, token: str, keys: Collection[Key], again: datetime, error: str, **more: Any
    ) -> None:
        """It was not taken, and is tried again; `more` is noted of the line."""
        self._done(token, keys, {"error": error[:80]}, {"again_at": stamp(again), **more})

    def told(self, token: str, key: Key, now: datetime) -> bool:
        """This one was told, and the line is held on; whether it still is ours."""
        sent = {"state": "sent", "error": None, "due_at": stamp(now)}
        ours = sa.select(self._lines.name).where(self._lines.reach.c.claim == token)
        with writing(self._engine) as connection:
            connection.execute(sa.update(table).where(*_at(key)).values(**sent))
            return connection.execute(ours).first() is not None

    def release(self, token: str) -> None:
        """There was nothing to say after all."""
        self._done(token, (), {}, {})

    def _done(
        self,
        token: str,
        keys: Collection[Key],
        row: dict[str, Any],
        reach: dict[str, Any],
    ) -> None:
        """The rows, and their person's claim if it is still this one's, in one transaction."""
        ours = sa.update(self._lines.reach).where(self._lines.reach.c.claim == token)
        with writing(self._engine) as connection:
            done = ours.values(**reach, claim=None, claimed_until=None)
            held = connection.execute(done).rowcount > 0
            for key in sorted(keys):
                if held and "state" in row:  # wishes that changed meanwhile took the row away
                    told = {**row, "due_at": reach["mailed_at"], "tries": 0}
                    add(connection, table, [{**key._asdict(), **told}])
                change = sa.update(table).where(*_at(key))
                connection.execute(change.values(**row, tries=table.c.tries + 1))

    def _free(self, now: datetime) -> list[sa.ColumnElement[bool]]:
        """Nobody writes there now, nobody did within the hour, and it does not ask for time."""
        lines, c = self._lines, self._lines.reach.c
        latest = {"claimed_until": now, "again_at": now}
        past = [_past(c[name], at) for name, at in latest.items()]
        return [lines.open, *past, sa.or_(lines.machines, _past(c.mailed_at, now - APART))]

    # housekeeping ------------------------------------------------------------------------------
    def forget(self, before: datetime) -> int:
        """Let go of what was told long ago, and cannot be told again; how many."""
        old = sa.and_(table.c.state != "waiting", table.c.due_at < stamp(before))
        with writing(self._engine) as connection:
            return connection.execute(sa.delete(table).where(old)).rowcount


def plan(connection: sa.Connection, due: Iterable[Row]) -> None:
    """These are to be told, each from then on; what is planned already stays as it is."""
    fresh = {"state": "waiting", "tries": 0}
    rows = [{**key._asdict(), **fresh, "due_at": stamp(at)} for key, at in sorted(due)]
    for start in range(0, len(rows), BATCH):
        add(connection, table, rows[start : start + BATCH])


def _due(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.state == "waiting", table.c.due_at <= stamp(now))


def _past(column: sa.Column[Any], at: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(column.is_(None), column <= stamp(at))


def _at(key: Key) -> list[sa.ColumnElement[bool]]:
    return [column == value for column, value in zip(_KEY, key, strict=True)]
