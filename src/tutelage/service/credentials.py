"""Credentials that learners took along: signed, kept, shown to whoever has the address, revoked.

A revoked one keeps that it was, and when; what was signed, and the name in it, is gone. It is
revoked by its learner, with the account, and with any text that it rests on (see `carried`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tutelage.domain.errors import Refused, Unknown
from tutelage.service.accounts import CLOSED
from tutelage.service.carried import credentials as table
from tutelage.service.carried import revoking
from tutelage.service.database import reading, writing
from tutelage.service.tables import entries, people
from tutelage.service.writer import Clock, Entropy

if TYPE_CHECKING:
    from tutelage.service.issuer import Issuer

Kind = Literal["threshold", "masterpiece"]


@dataclass(frozen=True, slots=True)
class Credential:
    """One that was taken along; without its JWS once it is revoked."""

    id: str
    relationship: str
    seq: int
    kind: Kind
    person: str
    issued_at: datetime
    revoked_at: datetime | None
    jws: str | None


@dataclass(frozen=True, slots=True)
class Award:
    """What is certified: the entry that says so, for whom, and the entries it rests on."""

    relationship: str
    seq: int
    kind: Kind
    person: str
    rests: tuple[int, ...]


class Credentials:
    """All credentials of one installation."""

    def __init__(self, engine: sa.Engine, clock: Clock, entropy: Entropy, issuer: Issuer) -> None:
        self.issuer = issuer
        self._engine, self._clock, self._entropy = engine, clock, entropy

    def issue(self, award: Award, make: Callable[[str, datetime], dict[str, Any]]) -> Credential:
        """Sign and keep what `make` says of its id and time; the one that holds, if one does.

        Raises Refused where a text it rests on is gone.
        """
        known = self.holding(award)
        if known is not None:
            return known
        id_, now = self._entropy(16).hex(), self._clock()
        signed = self.issuer.sign(make(id_, now))
        try:
            self._keep(award, id_, now, signed)
        except IntegrityError:  # it was asked for twice at once
            known = self.holding(award)
            if known is None:
                raise
            return known
        return self.find(id_)

    def _keep(self, award: Award, id_: str, now: datetime, signed: str) -> None:
        values = {"relationship": award.relationship, "seq": award.seq, "kind": award.kind}
        values |= {"id": id_, "person": award.person, "issued_at": now.isoformat()}
        values |= {"rests": f",{','.join(map(str, award.rests))},", "live": 1, "jws": signed}
        with writing(self._engine) as connection:
            _stands(connection, award)
            connection.execute(sa.insert(table).values(**values))

    def holding(self, award: Award) -> Credential | None:
        """The one that holds of this award, if one does."""
        c = table.c
        which = (c.relationship == award.relationship, c.kind == award.kind, c.live == 1)
        found = self._found(*which, c.person == award.person)
        return found[0] if found else None

    def find(self, id_: str) -> Credential:
        """The one with this id. Raises Unknown."""
        found = self._found(table.c.id == id_)
        if not found:
            raise Unknown("unknown_credential", "There is no such credential here.")
        return found[0]

    def of(self, relationship: str, person: str) -> list[Credential]:
        """What somebody took along of a relationship, the newest first."""
        return self._found(table.c.relationship == relationship, table.c.person == person)

    def revoke(self, id_: str, person: str) -> None:
        """Take one's own credential back, for good. Raises Unknown where there is none."""
        now = self._clock().isoformat()
        mine = sa.and_(table.c.id == id_, table.c.person == person)
        with writing(self._engine) as connection:
            known = connection.execute(sa.select(table.c.id).where(mine)).one_or_none()
            connection.execute(revoking(mine, now))
        if known is None:
            raise Unknown("unknown_credential", "There is no such credential here.")

    def _found(self, *which: sa.ColumnElement[bool]) -> list[Credential]:
        query = sa.select(table).where(*which).order_by(table.c.issued_at.desc(), table.c.id)
        with reading(self._engine) as connection:
            return [_read(row) for row in connection.execute(query).mappings()]


def _read(row: Any) -> Credential:
    given: dict[str, Any] = {k: row[k] for k in ("id", "relationship", "seq", "kind", "person")}
    revoked = row["revoked_at"]
    return Credential(
        **given,
        issued_at=datetime.fromisoformat(row["issued_at"]),
        revoked_at=datetime.fromisoformat(revoked) if revoked else None,
        jws=row["jws"],
    )


def _stands(connection: sa.Connection, award: Award) -> None:
    """Refuse where a text it rests on is gone, or its person; neither goes before this is kept."""
    query = sa.select(entries.c.texts).where(
        entries.c.relationship == award.relationship, entries.c.seq.in_(award.rests)
    )
    here = sa.select(people.c.language).where(people.c.name == award.person)
    texts = connection.execute(query.with_for_update(read=True)).scalars().all()
    account = connection.execute(here.with_for_update(read=True)).scalar()
    if account == CLOSED or gone(texts):
        raise Refused("text_erased", "A text that it rests on was erased; nothing is certified.")


def gone(texts: Iterable[str | None]) -> bool:
    """Whether one of these texts was erased."""
    return any(text is None for text in texts)
