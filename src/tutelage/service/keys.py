"""API keys: who comes in through a door, and into which relationship and role.

A key is shown once, when it is made; the database holds a digest of its secret. It opens what its
actor may do, or less: one relationship, one role. It can expire, and be revoked at any time.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tutelage.domain.errors import Malformed, NoKey, Unknown
from tutelage.domain.terms import Role
from tutelage.service.database import Prepared, driving, reading, writing
from tutelage.service.tables import keys as table
from tutelage.service.writer import Clock, Entropy, check_name

MARK = "tk"  # what every key begins with, so that a scanner of repositories knows one


@dataclass(frozen=True, slots=True)
class Key:
    """Somebody at a door: the actor, and what this key of theirs opens."""

    id: str
    actor: str
    relationship: str | None = None
    role: Role | None = None
    made_at: datetime | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def opens(self, relationship: str) -> bool:
        """Whether it is for this relationship, or for all of its actor's."""
        return self.relationship in {None, relationship}

    def __str__(self) -> str:
        where = self.relationship or "every relationship"
        role = f" as {self.role}" if self.role else ""
        end = " · revoked" if self.revoked_at else ""
        until = f" · until {self.expires_at:%Y-%m-%d %H:%M}" if self.expires_at else ""
        return f"{self.id} · {self.actor} in {where}{role}{until}{end}"


class Keys:
    """The keys of one database."""

    def __init__(self, engine: sa.Engine, clock: Clock, entropy: Entropy) -> None:
        self._engine, self._clock, self._entropy = engine, clock, entropy
        self._find = Prepared(engine, _FIND)

    def make(
        self,
        actor: str,
        *,
        relationship: str | None = None,
        role: Role | None = None,
        expires_at: datetime | None = None,
    ) -> str:
        """Make a key; what it returns is shown once and kept nowhere."""
        for name in filter(None, (actor, relationship)):
            check_name(name)
        if expires_at is not None and expires_at.tzinfo is None:
            raise Malformed("time_zone", "Say when it expires with its time zone.")
        if role is Role.SYSTEM:
            raise Malformed("bad_role", "Nobody comes in as the system.")
        made = Key(self._entropy(6).hex(), actor, relationship, role, self._clock(), expires_at)
        secret = self._entropy(24).hex()
        with writing(self._engine) as connection:
            connection.execute(sa.insert(table).values(digest=_digest(secret), **_columns(made)))
        return f"{MARK}_{made.id}_{secret}"

    def open(self, said: str | None) -> Key:
        """The key that somebody shows. Raises NoKey where it opens nothing."""
        mark, _, rest = (said or "").partition("_")
        name, _, secret = rest.partition("_")
        found = self._row(name) if mark == MARK and secret and name.isalnum() else None
        if not said:
            raise NoKey("no_key", "Show a key: Authorization: Bearer tk_… (tutelage key create).")
        if found is None or not hmac.compare_digest(found[1], _digest(secret)):
            raise NoKey("no_key", "This key opens nothing here: mistyped, or of another database.")
        key = found[0]
        if key.revoked_at is not None:
            raise NoKey("key_revoked", "This key was revoked; ask for another.")
        if key.expires_at is not None and key.expires_at <= self._clock():
            raise NoKey("key_expired", "This key has expired; ask for another.")
        return key

    def _row(self, name: str) -> tuple[Key, str] | None:
        with driving(self._engine) as cursor:
            self._find.on(cursor, {"name": name[:32]})
            found = cursor.fetchone()
        return (_key(found[:-1]), found[-1]) if found else None

    def revoke(self, name: str) -> Key:
        """Close a key, at once and for good. Raises Unknown."""
        now = self._clock().isoformat()
        fits = sa.and_(table.c.id == name, table.c.revoked_at.is_(None))
        with writing(self._engine) as connection:
            connection.execute(sa.update(table).where(fits).values(revoked_at=now))
        found = self._row(name)
        if found is None:
            raise Unknown("unknown_key", f"There is no key {name}.")
        return found[0]

    def all(self, actor: str | None = None) -> list[Key]:
        """Every key, or this actor's, oldest first; never a secret."""
        query = sa.select(*_COLUMNS).order_by(table.c.made_at, table.c.id)
        if actor is not None:
            query = query.where(table.c.actor == actor)
        with reading(self._engine) as connection:
            return [_key(row) for row in connection.execute(query)]


_COLUMNS = tuple(table.c[name] for name in Key.__dataclass_fields__)
_FIND = sa.select(*_COLUMNS, table.c.digest).where(table.c.id == sa.bindparam("name"))


def _digest(secret: str) -> str:
    # 192 random bits need no slow hash: there is nothing to guess
    return hashlib.sha256(secret.encode()).hexdigest()


def _columns(key: Key) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(key).items()}


def _key(row: Any) -> Key:
    name, actor, relationship, role, *times = row
    made, expires, revoked = (datetime.fromisoformat(t) if t else None for t in times)
    return Key(name, actor, relationship, Role(role) if role else None, made, expires, revoked)
