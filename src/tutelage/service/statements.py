"""Whose facts may go to a learning record store, and up to which entry each store has them."""

from __future__ import annotations

import hashlib
from datetime import datetime

import sqlalchemy as sa

from tutelage.domain.errors import Refused
from tutelage.service.added import add
from tutelage.service.carried import consents, sent
from tutelage.service.database import reading, writing
from tutelage.service.tables import relationships
from tutelage.service.writer import Clock


class Statements:
    """The consents of one installation, and what was sent on them."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock

    def allow(self, relationship: str, person: str) -> None:
        """The learner lets the facts of this relationship go out."""
        row = {"relationship": relationship, "person": person}
        with writing(self._engine) as connection:
            add(connection, consents, [{**row, "given_at": self._clock().isoformat()}])

    def stop(self, relationship: str) -> None:
        """Nothing more goes out; what went is with whoever has it."""
        with writing(self._engine) as connection:
            connection.execute(sa.delete(consents).where(consents.c.relationship == relationship))

    def since(self, relationship: str) -> datetime | None:
        """Since when they may go out; None where they may not."""
        query = sa.select(consents.c.given_at).where(consents.c.relationship == relationship)
        with reading(self._engine) as connection:
            found = connection.execute(query).scalar()
        return datetime.fromisoformat(found) if found else None

    def check(self, relationship: str) -> None:
        """Raise Refused unless the learner lets them go out."""
        if self.since(relationship) is None:
            said = "The learner has not let facts of this relationship go out; see Your data."
            raise Refused("no_consent", said)

    def due(self, store: str) -> list[str]:
        """The relationships whose facts may go out, and of which this store has not everything."""
        c, same = relationships.c, sent.c.relationship == consents.c.relationship
        has = sa.and_(same, sent.c.store == _digest(store))
        joined = consents.join(relationships, c.id == consents.c.relationship)
        query = sa.select(c.id).select_from(joined.outerjoin(sent, has))
        new = (c.arm.is_(None), sa.func.coalesce(sent.c.seq, 0) < c.seq)
        with reading(self._engine) as connection:
            return list(connection.execute(query.where(*new).order_by(c.id)).scalars())

    def reached(self, relationship: str, store: str) -> int:
        """Up to which entry this store has everything; 0 where it has nothing."""
        query = sa.select(sent.c.seq).where(*_at(relationship, store))
        with reading(self._engine) as connection:
            return int(connection.execute(query).scalar() or 0)

    def reach(self, relationship: str, store: str, seq: int) -> None:
        """It has everything up to this entry; of two who send at once, the further one counts."""
        row = {"relationship": relationship, "store": _digest(store), "seq": seq}
        behind = sa.update(sent).where(*_at(relationship, store), sent.c.seq < seq)
        with writing(self._engine) as connection:
            add(connection, sent, [row])
            connection.execute(behind.values(seq=seq))


def _at(relationship: str, store: str) -> tuple[sa.ColumnElement[bool], ...]:
    return sent.c.relationship == relationship, sent.c.store == _digest(store)


def _digest(store: str) -> str:
    return hashlib.sha256(store.encode()).hexdigest()
