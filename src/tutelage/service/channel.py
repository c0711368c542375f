"""Channels: where else than by mail a person is told: in a chat, or a program by a webhook.

Its address is a secret, for whoever has it can write there: it is shown by its kind and its last
letters, and never logged. A channel that fails for days is switched off until its person says so.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from tutelage.domain.errors import Conflict, Unknown
from tutelage.service import chatting, reachable
from tutelage.service.added import add
from tutelage.service.database import reading, writing
from tutelage.service.preference import HOW, KINDS, anew
from tutelage.service.stamped import stamp
from tutelage.service.tables import channel_wishes as wishes
from tutelage.service.tables import channels as table
from tutelage.service.tables import deliveries
from tutelage.service.writer import Clock, Entropy

MOST = 5  # of one person
FAILURES, FAILS_FOR = 8, timedelta(days=3)  # in a row, and for so long: then it is switched off
TAIL = 4
Kind = Literal["chat", "webhook"]


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel of one person, and what it is told when."""

    id: str
    person: str
    kind: Kind
    url: str = field(repr=False)
    secret: str | None = field(repr=False)
    off_at: str | None = None
    how: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """What is shown of its address."""
        return f"{self.url.partition(':')[0]}://…{self.url.rstrip('/')[-TAIL:]}"


class Channels:
    """The channels of one database."""

    def __init__(
        self, engine: sa.Engine, clock: Clock, entropy: Entropy, *, private: bool = False
    ) -> None:
        self._engine, self._clock, self._entropy = engine, clock, entropy
        self._private = private

    def add(self, person: str, url: str) -> Channel:
        """A new one, which is told everything at once. Raises Malformed, Conflict."""
        kind: Kind = "webhook" if url.startswith(("https:", "http:")) else "chat"
        self._check(kind, url)
        secret = _secret(self._entropy(32)) if kind == "webhook" else None
        name, now = self._entropy(12).hex(), stamp(self._clock())
        row = {"id": name, "person": person, "kind": kind, "url": url, "secret": secret}
        with writing(self._engine) as connection:
            count = sa.select(sa.func.count()).where(table.c.person == person)
            if connection.execute(count).scalar_one() >= MOST:
                raise Conflict("many_channels", "These are many channels; end one first.")
            connection.execute(sa.insert(table).values(**row, made_at=now, refused=0))
            how = dict.fromkeys(KINDS, "at_once")
            _choose(connection, name, how)
            anew(connection, person)
        return Channel(name, person, kind, url, secret, None, how)

    def of(self, person: str) -> list[Channel]:
        """This person's channels, the oldest first."""
        return self._read(table.c.person == person)

    def every(self) -> dict[str, list[Channel]]:
        """All channels, by whose they are."""
        found: dict[str, list[Channel]] = {}
        for one in self._read(sa.true()):
            found.setdefault(one.person, []).append(one)
        return found

    def find(self, name: str) -> Channel | None:
        """A channel by its id."""
        return next(iter(self._read(table.c.id == name)), None)

    def choose(self, person: str, name: str, how: Mapping[str, str]) -> None:
        """Tell it so from now on. Raises Unknown where it is not theirs."""
        with writing(self._engine) as connection:
            _owned(connection, person, name)
            _choose(connection, name, how)
            anew(connection, person)

    def again(self, person: str, name: str) -> None:
        """Try one again that failed. Raises Unknown."""
        fresh = {"refused": 0, "failing_since": None, "off_at": None, "again_at": None}
        with writing(self._engine) as connection:
            _owned(connection, person, name)
            connection.execute(sa.update(table).where(table.c.id == name).values(**fresh))

    def drop(self, person: str, name: str) -> None:
        """End it for good. Raises Unknown."""
        with writing(self._engine) as connection:
            _owned(connection, person, name)
            end(connection, sa.select(table.c.id).where(table.c.id == name))

    def _check(self, kind: Kind, url: str) -> None:
        try:
            if kind == "chat":
                chatting.check(url, private=self._private)
                return
            at = reachable.webhook(url, private=self._private)
            reachable.address(str(at.hostname), at.port or 443, private=self._private)
        except OSError:
            raise reachable.bad() from None

    def _read(self, fits: sa.ColumnElement[bool]) -> list[Channel]:
        columns = [table.c[n] for n in ("id", "person", "kind", "url", "secret", "off_at")]
        query = sa.select(*columns).where(fits).order_by(table.c.made_at, table.c.id)
        told = sa.select(wishes).join(table, table.c.id == wishes.c.channel).where(fits)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
            said = connection.execute(told).all() if rows else ()
        how: dict[str, dict[str, str]] = {}
        for name, kind, one in said:
            how.setdefault(name, {})[kind] = one
        return [
            Channel(r.id, r.person, r.kind, r.url, r.secret, r.off_at, how.get(r.id, {}))
            for r in rows
        ]


def end(connection: sa.Connection, which: sa.Select[Any]) -> None:
    """Remove these channels, and all that was to be told there."""
    names = list(connection.execute(which).scalars())
    connection.execute(sa.delete(deliveries).where(deliveries.c.channel.in_(names)))
    connection.execute(sa.delete(wishes).where(wishes.c.channel.in_(names)))
    connection.execute(sa.delete(table).where(table.c.id.in_(names)))


def failed(now: datetime, *, gone: bool = False) -> dict[str, Any]:
    """What a failure changes in a channel's row."""
    since = sa.func.coalesce(table.c.failing_since, stamp(now))
    long = sa.and_(
        table.c.refused + 1 >= FAILURES,
        table.c.failing_since <= stamp(now - FAILS_FOR),
    )
    off = sa.case((sa.or_(sa.literal(gone), long), stamp(now)), else_=table.c.off_at)
    return {"refused": table.c.refused + 1, "failing_since": since, "off_at": off}


def _choose(connection: sa.Connection, name: str, how: Mapping[str, str]) -> None:
    said = {kind: one for kind, one in how.items() if kind in KINDS and one in HOW}
    gone = sa.and_(wishes.c.channel == name, wishes.c.kind.in_(said))
    connection.execute(sa.delete(wishes).where(gone))
    add(connection, wishes, [{"channel": name, "kind": k, "how": h} for k, h in said.items()])


def _owned(connection: sa.Connection, person: str, name: str) -> None:
    fits = sa.and_(table.c.id == name, table.c.person == person)
    if connection.execute(sa.select(table.c.id).where(fits)).first() is None:
        raise Unknown("unknown_channel", "There is no such channel of yours.")


def _secret(raw: bytes) -> str:
    return f"whsec_{base64.b64encode(raw).decode()}"
