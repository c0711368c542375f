"""Planning: each thing that waits becomes a delivery on each channel of its person, once.

What was planned is kept with the entry up to which it was: a round in which nobody wrote, nothing
grew old and nobody chose otherwise asks the database twice, and folds nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tutelage.service.accounts import CLOSED, Person
from tutelage.service.added import add
from tutelage.service.channel import Channel, Channels
from tutelage.service.database import reading, writing
from tutelage.service.delivery import Row, plan
from tutelage.service.preference import Preferences, Wishes
from tutelage.service.proposing import WHOLE
from tutelage.service.stamped import stamp
from tutelage.service.tables import deliveries, leads, matches, people, planned, reaches
from tutelage.service.tables import relationships as table
from tutelage.service.telling import Telling, Tellings, Told

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

BATCH = 100  # relationships planned in one transaction
MANY = 20  # people whose wishes changed, from whom on all is planned anew


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who is told: by mail, by which channels, and when."""

    person: Person
    wishes: Wishes
    channels: Sequence[Channel] = ()


class Planning:
    """Plans what the people of one desk are told."""

    def __init__(self, desk: Tutelage, channels: Channels) -> None:
        self._desk, self._engine = desk, desk.ledger.engine
        self._tellings, self._channels = Tellings(desk), channels

    def round(self, now: datetime) -> int:
        """Plan what is new; in how many relationships there was something."""
        self._anew()
        found = self._tellings.fresh(now)
        listeners = self._listeners() if found else {}
        for start in range(0, len(found), BATCH):
            batch = [self._tellings.of(*row, now) for row in found[start : start + BATCH]]
            self._keep(batch, listeners, now)
        return len(found)

    def _keep(
        self, batch: Sequence[Told], listeners: Mapping[str, Listener], now: datetime
    ) -> None:
        due = [row for told in batch for t in told.tellings for row in _due(t, listeners, now)]
        rows = [
            {
                "relationship": t.relationship,
                "seq": t.seq,
                "next_at": t.next_at and stamp(t.next_at),
            }
            for t in batch
        ]
        names = [told.relationship for told in batch]
        with writing(self._engine) as connection:
            _alone(connection)
            connection.execute(sa.delete(planned).where(planned.c.relationship.in_(names)))
            add(connection, planned, rows)
            plan(connection, due)

    def _listeners(self) -> dict[str, Listener]:
        c = people.c
        query = sa.select(c.name, c.mail, c.language).where(c.language != CLOSED)
        with reading(self._engine) as connection:
            found = connection.execute(query).all()
        wishes, channels = Preferences(self._engine).every(), self._channels.every()
        usual = Wishes()
        return {
            row[0]: Listener(Person(*row), wishes.get(row[0], usual), channels.get(row[0], ()))
            for row in found
        }

    # who came, or chose otherwise --------------------------------------------------------------
    def _anew(self) -> None:
        """For whoever is new, or chose otherwise, all that waits is planned anew."""
        c = people.c
        joined = people.outerjoin(reaches, reaches.c.person == c.name)
        new = sa.func.coalesce(reaches.c.known, 0) == 0
        query = sa.select(c.name).select_from(joined).where(c.language != CLOSED, new)
        with reading(self._engine) as connection:
            names = list(connection.execute(query).scalars())
        if names:
            with writing(self._engine) as connection:
                _forget(connection, names)


def _alone(connection: sa.Connection) -> None:
    """Of several that plan, one writes at a time; on SQLite one writes at a time anyway."""
    if connection.dialect.name == "postgresql":
        key = sa.func.hashtext("planned")
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def _forget(connection: sa.Connection, names: Sequence[str]) -> None:
    """Nothing counts as planned where one of these takes part."""
    _alone(connection)
    if len(names) > MANY:
        connection.execute(sa.delete(planned))
    for name in names if len(names) <= MANY else ():
        rows = sa.select(table.c.id).where(_part(name))
        mine = sa.or_(matches.c.learner == name, matches.c.trainer == name)
        for those in (rows, sa.select(WHOLE).where(mine)):
            connection.execute(sa.delete(planned).where(planned.c.relationship.in_(those)))
    add(connection, reaches, [{"person": name, "refused": 0} for name in names])
    change = sa.update(reaches).where(reaches.c.person == sa.bindparam("who")).values(known=1)
    connection.execute(change, [{"who": name} for name in names])
    waits = sa.and_(
        deliveries.c.person == sa.bindparam("who"),
        deliveries.c.state == "waiting",
        deliveries.c.tries == 0,
    )
    connection.execute(sa.delete(deliveries).where(waits), [{"who": name} for name in names])


def _part(name: str) -> sa.ColumnElement[bool]:
    """Whether somebody is told of a relationship, in whatever role."""
    c, said = table.c, json.dumps(name)
    lists = (column.contains(said, autoescape=True) for column in (c.due, c.owners, c.named))
    led = c.programme.in_(sa.select(leads.c.programme).where(leads.c.person == name))
    asks = sa.and_(c.support_at.is_not(None), led)
    return sa.or_(c.learner == name, c.trainer == name, *lists, asks)


def _due(telling: Telling, listeners: Mapping[str, Listener], now: datetime) -> Iterator[Row]:
    """When somebody is told of it on each of their channels, as they wish."""
    who = listeners.get(telling.key.person)
    if who is None:
        return
    hows = {channel.id: channel.how for channel in who.channels}
    if who.person.mail:
        hows["mail"] = who.wishes.how
    for channel, how in hows.items():
        said = how.get(telling.kind, "never")
        if said != "never":
            key = telling.key._replace(channel=channel)
            # whoever rates blind is told at no telling hour
            yield key, who.wishes.due("daily" if telling.blind else said, now)
