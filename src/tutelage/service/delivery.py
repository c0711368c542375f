"""Deliveries: what was told to whom, what is still to be told, and who is telling it just now.

A person is claimed for as long as one mail to them takes. Whoever dies with a claim leaves it to
the next after the lease: a mail may come twice where somebody died between sending it and saying
so here; it is never lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tutelage.service.added import add
from tutelage.service.database import deliveries as table
from tutelage.service.database import reaches, reading, writing
from tutelage.service.stamped import stamp
from tutelage.service.telling import Key
from tutelage.service.writer import Entropy

APART = timedelta(hours=1)  # at least, between two mails to one person
LEASE = timedelta(minutes=5)  # longer than any server takes for one mail
BATCH = 500
_KEY = tuple(table.c[name] for name in Key._fields)


class Deliveries:
    """The rows of one database."""

    def __init__(self, engine: sa.Engine, entropy: Entropy) -> None:
        self._engine, self._entropy = engine, entropy

    def keys(self) -> set[Key]:
        """All that was told, or is planned to be."""
        with reading(self._engine) as connection:
            return {Key(*row) for row in connection.execute(sa.select(*_KEY))}

    def plan(self, due: Iterable[tuple[Key, datetime]]) -> None:
        """These are to be told, each from then on; what is planned already stays as it is."""
        fresh = {"state": "waiting", "tries": 0}
        rows = [{**key._asdict(), **fresh, "due_at": stamp(at)} for key, at in sorted(due)]
        for start in range(0, len(rows), BATCH):
            with writing(self._engine) as connection:
                add(connection, table, rows[start : start + BATCH])

    def whom(self, now: datetime) -> list[str]:
        """For whom something is due that may be sent now; the longest due first."""
        first, whose = sa.func.min(table.c.due_at), table.c.person
        joined = table.outerjoin(reaches, reaches.c.person == whose)
        query = sa.select(whose).select_from(joined).where(_due(now), *_free(now)).group_by(whose)
        with reading(self._engine) as connection:
            return list(connection.execute(query.order_by(first, whose)).scalars())

    def claim(self, person: str, now: datetime, lease: timedelta = LEASE) -> str | None:
        """Nobody else writes to them until the lease is over; None where they are not to get one.

        They are not while somebody else has them, within an hour of the last mail, or while a
        server that refused one is given time.
        """
        token = self._entropy(12).hex()
        change = sa.update(reaches).where(reaches.c.person == person, *_free(now))
        with writing(self._engine) as connection:
            add(connection, reaches, [{"person": person, "refused": 0}])
            until = {"claim": token, "claimed_until": stamp(now + lease)}
            got = connection.execute(change.values(**until)).rowcount
        return token if got else None

    def due(self, person: str, now: datetime) -> dict[Key, int]:
        """What is due for them, and how often each was tried."""
        query = sa.select(*_KEY, table.c.tries).where(table.c.person == person, _due(now))
        with reading(self._engine) as connection:
            return {Key(*row[:-1]): row[-1] for row in connection.execute(query)}

    def drop(self, keys: Collection[Key]) -> None:
        """Tell these no more: they no longer wait."""
        with writing(self._engine) as connection:
            for key in keys:
                connection.execute(sa.delete(table).where(*_at(key), table.c.state == "waiting"))

    # what came of it ---------------------------------------------------------------------------
    def sent(self, token: str, keys: Collection[Key], now: datetime) -> None:
        """These were told."""
        reach = {"mailed_at": stamp(now), "again_at": None, "refused": 0}
        self._done(token, keys, {"state": "sent", "error": None}, reach)

    def refused(self, token: str, keys: Collection[Key], now: datetime, error: str) -> None:
        """The mail was refused for good: it is not tried again, and it is counted."""
        reach = {"mailed_at": stamp(now), "again_at": None, "refused": reaches.c.refused + 1}
        self._done(token, keys, {"state": "failed", "error": error[:80]}, reach)

    def later(self, token: str, keys: Collection[Key], again: datetime, error: str) -> None:
        """The mail was not taken; it is tried again."""
        self._done(token, keys, {"error": error[:80]}, {"again_at": stamp(again)})

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
        ours = sa.update(reaches).where(reaches.c.claim == token)
        with writing(self._engine) as connection:
            done = ours.values(**reach, claim=None, claimed_until=None)
            held = connection.execute(done).rowcount > 0
            for key in sorted(keys):
                if held and "state" in row:  # wishes that changed meanwhile took the row away
                    told = {**row, "due_at": reach["mailed_at"], "tries": 0}
                    add(connection, table, [{**key._asdict(), **told}])
                change = sa.update(table).where(*_at(key))
                connection.execute(change.values(**row, tries=table.c.tries + 1))

    # housekeeping ------------------------------------------------------------------------------
    def forget(self, before: datetime) -> int:
        """Let go of what was told long ago, and cannot be told again; how many."""
        old = sa.and_(table.c.state != "waiting", table.c.due_at < stamp(before))
        with writing(self._engine) as connection:
            return connection.execute(sa.delete(table).where(old)).rowcount


def _due(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.state == "waiting", table.c.due_at <= stamp(now))


def _free(now: datetime) -> list[sa.ColumnElement[bool]]:
    """Nobody mails them now, nobody did within the hour, and no server wants to be let alone."""
    latest = {"claimed_until": now, "mailed_at": now - APART, "again_at": now}
    columns = [(reaches.c[name], stamp(at)) for name, at in latest.items()]
    return [sa.or_(column.is_(None), column <= at) for column, at in columns]


def _at(key: Key) -> list[sa.ColumnElement[bool]]:
    return [column == value for column, value in zip(_KEY, key, strict=True)]
