"""Who saw what: one row a relationship, day, actor and what, counted up in its own transaction.

A look never holds a page up and never fails it: where the database is busy it waits in memory for
the next look, for whoever reads the log, or for the desk to close.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from tutelage.domain.errors import TutelageError
from tutelage.domain.relationship import Relationship
from tutelage.service.database import BUSY_SECONDS, Prepared, reading
from tutelage.service.tables import looks
from tutelage.service.writer import Clock

SHOWN = 50  # rows on a page; older ones are a click away
WAITING = 10_000  # looks kept in memory while nothing can be written; more are let go
ASIDE = "concerns"
"""What the contact for concerns reads; that somebody raised one is nobody else's to know."""

Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Look:
    """Who looked at what on a day: how often, and when last."""

    actor: str
    what: str
    times: int
    last_at: datetime


class Looks:
    """The access log of one database."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._add = Prepared(engine, _adding(engine.dialect.name))
        self._waiting: dict[Key, tuple[int, str]] = {}
        self._guard, self._writer = threading.Lock(), threading.Lock()

    def note(self, actor: str, seen: Iterable[tuple[str, str]]) -> None:
        """Somebody saw these: each a relationship and what of it."""
        counted = Counter(seen)
        if not counted:
            return
        now = self._clock()
        day, at = now.date().isoformat(), now.isoformat()
        self._keep({(name, day, actor, what): (n, at) for (name, what), n in counted.items()})
        self.flush()

    def flush(self) -> None:
        """Write what waits, without waiting for anybody; what cannot be written waits on."""
        while self._waiting and self._writer.acquire(blocking=False):
            try:
                with self._guard:
                    taken, self._waiting = self._waiting, {}
                if not self._written(taken):
                    self._keep(taken)
                    return
            finally:
                self._writer.release()

    def _written(self, taken: Mapping[Key, tuple[int, str]]) -> bool:
        try:
            with _at_once(self._engine) as cursor:
                for key in sorted(taken):  # in one order: two writers never wait for each other
                    times, at = taken[key]
                    self._add.on(cursor, {**dict(zip(_KEY, key, strict=True)), "n": times, "t": at})
        except (TutelageError, SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error):
            return False
        return True

    def _keep(self, more: Mapping[Key, tuple[int, str]]) -> None:
        with self._guard:
            for key, (times, at) in more.items():
                before, last = self._waiting.get(key, (0, at))
                if before or len(self._waiting) < WAITING:
                    self._waiting[key] = (before + times, max(last, at))

    # reading -----------------------------------------------------------------------------------
    def of(
        self, relationship: str, state: Relationship, viewer: str, *, most: int, skip: int = 0
    ) -> list[Look]:
        """Who saw what of a relationship, the newest first, as this viewer may know it."""
        self.flush()
        c = looks.c
        mine = c.actor == viewer
        others = sa.and_(c.what != ASIDE, sa.or_(c.actor.in_(_known(state)), c.what == "packet"))
        query = (
            sa.select(c.actor, c.what, c.times, c.last_at)
            .where(c.relationship == relationship, sa.or_(mine, others))
            .order_by(c.last_at.desc(), c.actor, c.what)
            .limit(most)
            .offset(skip)
        )
        with reading(self._engine) as connection:
            found = connection.execute(query).all()
        return [Look(a, w, n, datetime.fromisoformat(t)) for a, w, n, t in found]


def _known(state: Relationship) -> set[str]:
    """Whoever is or was of the pair, or rates; the contact for concerns stays unnamed."""
    parties = [p for p in (state.learner, state.trainer) if p is not None]
    named = {n for p in parties for n in (p.id, p.owner) if n}
    return named | state.trainers | {r.id for r in state.raters}


_KEY = ("relationship", "day", "actor", "what")


def _adding(dialect: str) -> sa.ClauseElement:
    """One more look: a new row, or a row counted up."""
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    bound: dict[str, Any] = {name: sa.bindparam(name) for name in _KEY}
    made = insert(looks).values(**bound, times=sa.bindparam("n"), last_at=sa.bindparam("t"))
    new, old = made.excluded, looks.c
    later = sa.case((old.last_at > new.last_at, old.last_at), else_=new.last_at)
    return made.on_conflict_do_update(  # type: ignore[no-any-return]
        index_elements=list(_KEY), set_={"times": old.times + new.times, "last_at": later}
    )


@contextmanager
def _at_once(engine: sa.Engine) -> Iterator[Any]:
    """A transaction that waits neither for a lock nor for the disk; for this log alone.

    A power cut may lose the last looks; a killed process loses none that were written.
    """
    with engine.connect() as held:
        driver: Any = held.connection.dbapi_connection
        if getattr(driver, "in_transaction", False):  # in memory all threads share a connection
            raise SQLAlchemyError("Somebody else is writing; the look waits.")
        cursor = driver.cursor()
        try:
            for line in _SOON[engine.dialect.name]:
                cursor.execute(line)
            yield cursor
            driver.commit()
        except BaseException:
            driver.rollback()
            raise
        finally:
            for line in _AGAIN[engine.dialect.name]:
                cursor.execute(line)
            cursor.close()


_SOON = {
    "sqlite": ("PRAGMA busy_timeout=0", "PRAGMA synchronous=NORMAL", "BEGIN IMMEDIATE"),
    "postgresql": ("SET LOCAL synchronous_commit = off; SET LOCAL lock_timeout = '50ms'",),
}
_AGAIN: dict[str, tuple[str, ...]] = {
    "sqlite": (f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}", "PRAGMA synchronous=FULL"),
    "postgresql": (),
}
