"""The ledger: entries in a chain, and one projection row a relationship. Nothing else writes them.

Acknowledged means on disk. The primary key (relationship, seq) is the optimistic lock: of two
writers at the same place one is told to look again. Each digest covers the one before it, so that
nothing can be changed or left out without showing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tutelage.domain.errors import Conflict, Unknown
from tutelage.service.carried import REVOKE
from tutelage.service.database import Prepared, driving, reading, writing
from tutelage.service.row import Row
from tutelage.service.tables import checkpoints, entries, relationships

PAGE = 500  # rows fetched at a time, so that a million entries need no more memory than these


class Checkpoint(NamedTuple):
    """The estimate as of an entry, so that a new process need not filter again."""

    seq: int
    track: bytes
    nearest: bytes | None  # what `Seen.nearest` was, where the process knew it


Projection = dict[str, Any]
"""The columns of a relationship's projection row, its id excepted."""


class Ledger:
    """Entries and projection rows in one database."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        prepared = partial(Prepared, engine)
        self._page, self._page_indexed = prepared(_PAGE), prepared(_PAGE_INDEXED)
        self._insert, self._add, self._set = prepared(_INSERT), prepared(_ADD), prepared(_SET)
        self._redact, self._find = prepared(_REDACT), prepared(_FIND)
        self._revoke = prepared(REVOKE)

    # reading -----------------------------------------------------------------------------------
    def rows(
        self, relationship: str, after: int = 0, upto: int | None = None, *, indexed: bool = False
    ) -> Iterator[Row]:
        """Entries behind a seq, in order, up to another; fetched in pages.

        With `indexed` they carry the index of their text as well, as a copy needs.
        """
        return chain.from_iterable(self.pages(relationship, after, upto, indexed=indexed))

    def pages(
        self, relationship: str, after: int = 0, upto: int | None = None, *, indexed: bool = False
    ) -> Iterator[list[Row]]:
        """The same, a page at a time."""
        query = self._page_indexed if indexed else self._page
        given = {"at": relationship, "after": after, "upto": upto or 2**31 - 1}
        while True:
            with driving(self.engine) as cursor:
                query.on(cursor, given)
                found = list(map(_row, cursor.fetchall()))
            if found:
                yield found
            if len(found) < PAGE:
                return
            given["after"] = found[-1].seq

    def read(self, relationship: str, after: int = 0, upto: int | None = None) -> Iterator[Any]:
        """The same as entries with their events."""
        return (row.entry() for row in self.rows(relationship, after, upto))

    def find(self, relationship: str, id: str) -> Row | None:  # noqa: A002
        """The entry with this id, if there is one."""
        with driving(self.engine) as cursor:
            self._find.on(cursor, {"at": relationship, "named": id})
            found = cursor.fetchone()
        return Row(*found) if found else None

    def vectors(self, relationship: str) -> dict[int, bytes]:
        """The kept index of situations' texts, by the seq of their opening."""
        query = sa.select(entries.c.seq, entries.c.vector).where(
            entries.c.relationship == relationship, entries.c.vector.is_not(None)
        )
        with reading(self.engine) as connection:
            return {row.seq: row.vector for row in connection.execute(query)}

    def projection(self, relationship: str) -> Projection:
        """The projection row. Raises Unknown where there is no such relationship."""
        query = sa.select(relationships).where(relationships.c.id == relationship)
        with reading(self.engine) as connection:
            found = connection.execute(query).mappings().one_or_none()
        if found is None:
            raise Unknown("unknown_relationship", f"There is no relationship {relationship}.")
        return dict(found)

    def projections(self, *where: sa.ColumnElement[bool]) -> list[Projection]:
        """All projection rows that fit, oldest name first."""
        query = sa.select(relationships).where(*where).order_by(relationships.c.id)
        with reading(self.engine) as connection:
            return [dict(r) for r in connection.execute(query).mappings()]

    def back(self, relationship: str, seq: int) -> Iterator[Row]:
        """The rows from this one back to the first, read a stretch at a time."""
        while seq > 0:
            after = max(0, seq - PAGE)
            yield from reversed(list(self.rows(relationship, after, seq)))
            seq = after

    def last_of(
        self, relationship: str, kind: str, actor: str | None = None, after: int = 0
    ) -> datetime | None:
        """When an entry of this kind was last written there, by this actor or by any."""
        c = entries.c
        fits = sa.and_(c.relationship == relationship, c.facts.contains(f'"kind":"{kind}"'))
        fits = fits if actor is None else sa.and_(fits, c.actor == actor)
        fits = sa.and_(fits, c.seq > after)
        query = sa.select(c.written_at).where(fits).order_by(c.seq.desc()).limit(1)
        with reading(self.engine) as connection:
            found = connection.execute(query).scalar()
        return None if found is None else datetime.fromisoformat(found)

    def checkpoint(self, relationship: str, version: str) -> Checkpoint | None:
        """What was persisted, if it was made by this version and still fits the chain."""
        c = checkpoints.c
        fits = sa.and_(
            entries.c.relationship == c.relationship,
            entries.c.seq == c.seq,
            entries.c.digest == c.digest,
        )
        query = (
            sa.select(c.seq, c.track, c.nearest)
            .join(entries, fits)
            .where(c.relationship == relationship, c.version == version)
        )
        with reading(self.engine) as connection:
            found = connection.execute(query).one_or_none()
        return Checkpoint(*found) if found else None

    # writing -----------------------------------------------------------------------------------
    def append(
        self,
        relationship: str,
        rows: Sequence[Row],
        projection: Projection,
        gone: Sequence[int] = (),
    ) -> None:
        """These rows and the projection row, in one transaction; durable when it returns.

        The texts of the entries in `gone` go in the same transaction, in every copy of them, and
        with them the credentials that rest on one.
        Raises Conflict("stale") when somebody else has written there first.
        """
        project = self._add if rows[0].seq == 1 else self._set
        try:
            with driving(self.engine, writes=True) as cursor:
                for row in rows:
                    self._insert.on(cursor, _values(relationship, row))
                project.on(cursor, {"at": relationship, **projection})
                for seq in gone:
                    at = {"at": relationship, "gone": seq}
                    self._redact.on(cursor, at)
                    self._revoke.on(cursor, {**at, "now": rows[-1].written_at})
        except IntegrityError:
            raise Conflict("stale", "Somebody else wrote first; look again.") from None

    def keep_checkpoint(
        self, relationship: str, digest: str, version: str, kept: Checkpoint
    ) -> None:
        """Persist the estimate as of an entry; a cache that may be lost at any time."""
        at = checkpoints.c.relationship == relationship
        envelope = {"relationship": relationship, "digest": digest, "version": version}
        with writing(self.engine) as connection:
            connection.execute(sa.delete(checkpoints).where(at))
            connection.execute(sa.insert(checkpoints).values(**envelope, **kept._asdict()))

    def put_projection(self, relationship: str, projection: Projection) -> None:
        """Write the projection row anew, as a rebuild does."""
        with writing(self.engine) as connection:
            found = connection.execute(_SET, {"at": relationship, **projection})
            if found.rowcount == 0:
                connection.execute(_ADD, {"at": relationship, **projection})

    def take_in(self, relationship: str, rows: Iterable[Row], project: Callable[[], Any]) -> int:
        """All rows of a new relationship in one transaction, in pages; then its projection row."""
        count = 0
        try:
            with writing(self.engine) as connection:
                for batch in _batches(rows, PAGE):
                    connection.execute(_INSERT, [_values(relationship, row) for row in batch])
                    count += len(batch)
                connection.execute(_ADD, {"at": relationship, **project()})
        except IntegrityError:
            raise Conflict("exists", f"There is a relationship {relationship} already.") from None
        return count


def _values(relationship: str, row: Row) -> dict[str, Any]:
    return {"relationship": relationship, **row._asdict()}


def _batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


_NAMES = Row._fields
_row = partial(tuple.__new__, Row)  # as Row._make, without its look at the length
_COLUMNS = tuple(entries.c[name] for name in _NAMES if name != "vector")


def _page(*columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .where(entries.c.relationship == sa.bindparam("at"))
        .where(entries.c.seq > sa.bindparam("after"))
        .where(entries.c.seq <= sa.bindparam("upto"))
        .order_by(entries.c.seq)
        .limit(PAGE)
    )


_PAGE = _page(*_COLUMNS, sa.null())
_PAGE_INDEXED = _page(*_COLUMNS, entries.c.vector)
_FIND = sa.select(*_COLUMNS).where(
    entries.c.relationship == sa.bindparam("at"), entries.c.id == sa.bindparam("named")
)
_INSERT = sa.insert(entries)
_PROJECTED = tuple(c.name for c in relationships.c if c.name != "id")
_ADD = sa.insert(relationships).values(
    id=sa.bindparam("at"), **{name: sa.bindparam(name) for name in _PROJECTED}
)
_SET = (
    sa.update(relationships)
    .where(relationships.c.id == sa.bindparam("at"))
    .values(**{name: sa.bindparam(name) for name in _PROJECTED})
)
_REDACT = (
    sa.update(entries)
    .where(
        entries.c.digest
        == sa.select(entries.c.digest)
        .where(entries.c.relationship == sa.bindparam("at"), entries.c.seq == sa.bindparam("gone"))
        .scalar_subquery()
    )
    .values(texts=None, salt=None, vector=None)
)
