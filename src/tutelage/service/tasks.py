"""What workers keep about their work: who is alive, and what was tried how often and why in vain.

It lies next to DBOS's own tables, in a file beside the ledger (SQLite) or in a schema of its own
(PostgreSQL), and names entries only: no text of a relationship comes here.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa

from tutelage.domain.errors import Conflict, Malformed, Unknown
from tutelage.service.database import translated
from tutelage.service.pieces import Piece

SCHEMA = "tutelage_work"
"""Where a PostgreSQL database keeps the work; a schema of its own, beside the ledger's."""

_LOCK = 0x7475746C  # any number, the same for all workers: one of them makes the tables
_BUSY_SECONDS = 30  # as long as DBOS waits for the same file

metadata = sa.MetaData()

workers = sa.Table(
    "tutelage_worker",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("host", sa.String(255), nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("beat", sa.Float, nullable=False),  # its last sign of life; 0 when it went home
    sa.Column("taken", sa.Float, nullable=False),  # when another began to take its work over
)

tasks = sa.Table(
    "tutelage_task",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("relationship", sa.String(64), nullable=False),
    sa.Column("what", sa.String(16), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("agent", sa.String(64), nullable=False),
    sa.Column("worker", sa.String(64), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("since", sa.Float, nullable=False),  # when it was first tried
    sa.Column("due", sa.Float, nullable=False),  # when it is tried again
    sa.Column("why", sa.String(200), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work that was begun and is not done: what, how often, why not yet."""

    piece: Piece
    worker: str
    state: str
    tries: int
    since: float
    due: float
    why: str


@dataclass(frozen=True, slots=True)
class Member:
    """A worker, and how long ago it gave its last sign of life; None when it went home."""

    name: str
    host: str
    pid: int
    silent: float | None


def place(url: str) -> sa.URL:
    """Where the work of this ledger is kept: `<file>.work.sqlite`, or the same PostgreSQL."""
    try:
        found = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise Malformed("bad_url", f"This is no database URL: {url}.") from None
    if found.get_backend_name() == "sqlite":
        if found.database in {None, "", ":memory:"}:
            said = "Other processes cannot open a database in memory; give the worker a file."
            raise Malformed("in_memory", said)
        return sa.URL.create("sqlite", database=f"{found.database}.work.sqlite")
    return found.set(drivername="postgresql+psycopg")


class Tasks:
    """The two tables: workers and tasks. Every time in them is the database's own clock."""

    def __init__(self, url: str, *, make: bool = True) -> None:
        where = place(url)
        self.local = where.get_backend_name() == "sqlite"
        self._engine = _sqlite(where) if self.local else _postgres(where)
        self.made = make or self._there(where)
        if make:
            self._make()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the database back."""
        self._engine.dispose()

    def _there(self, where: sa.URL) -> bool:
        if self.local:
            if not Path(where.database or "").exists():
                return False
            with self._engine.connect() as connection:
                return sa.inspect(connection).has_table(tasks.name)
        with translated(), self._engine.connect() as connection:
            return sa.inspect(connection).has_table(tasks.name, schema=SCHEMA)

    def _make(self) -> None:
        with translated(), self._engine.begin() as connection:
            if self.local:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
                connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            metadata.create_all(connection)

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with translated(), self._engine.begin() as connection:
            yield connection

    @cached_property
    def _now(self) -> sa.ColumnElement[float]:
        """Seconds by the database's clock, so that no two machines need agree."""
        said = "(julianday('now') - 2440587.5) * 86400.0"
        return sa.literal_column(
            said if self.local else "extract(epoch from clock_timestamp())::float8"
        )

    # who is alive ------------------------------------------------------------------------------
    def join(self, name: str, lease: float) -> None:
        """Begin under this name. Raises Conflict where a worker of this name is at work."""
        me = {"host": socket.gethostname()[:255], "pid": os.getpid()}
        with self._writing() as connection:
            found = connection.execute(
                sa.select(workers, (self._now - workers.c.beat).label("age")).where(
                    workers.c.name == name
                )
            ).one_or_none()
            if found is not None and found.age < lease and _runs(found.host, found.pid):
                raise Conflict(
                    "worker_runs",
                    f"A worker {name} runs on {found.host} (process {found.pid}); name this one "
                    f"otherwise, or wait {lease:.0f} seconds if that one is gone.",
                )
            connection.execute(sa.delete(workers).where(workers.c.name == name))
            row = {"name": name, "beat": self._now, "taken": 0.0, **me}
            connection.execute(sa.insert(workers).values(row))

    def beat(self, name: str) -> bool:
        """A sign of life; False where others thought this worker dead and took its work."""
        change = sa.update(workers).where(workers.c.name == name)
        with self._writing() as connection:
            return connection.execute(change.values(beat=self._now, taken=0.0)).rowcount > 0

    def leave(self, name: str, *, clean: bool = False) -> None:
        """Go home: others may take over at once what is left, if anything is."""
        me = workers.c.name == name
        change = sa.delete(workers) if clean else sa.update(workers).values(beat=0.0)
        with self._writing() as connection:
            connection.execute(change.where(me))

    def dead(self, me: str, lease: float) -> list[str]:
        """Workers without a sign of life for a lease, each given to one taker at a time."""
        silent = sa.and_(
            workers.c.name != me,
            workers.c.beat < self._now - lease,
            workers.c.taken < self._now - lease,
        )
        with translated(), self._engine.connect() as connection:
            names = connection.execute(sa.select(workers.c.name).where(silent)).scalars().all()
        return [n for n in names if self._take(n, silent)]

    def _take(self, name: str, silent: sa.ColumnElement[bool]) -> bool:
        change = sa.update(workers).where(workers.c.name == name, silent)
        with self._writing() as connection:
            return connection.execute(change.values(taken=self._now)).rowcount > 0

    def bury(self, name: str) -> None:
        """Nothing of this worker is left."""
        gone = sa.delete(workers).where(workers.c.name == name, workers.c.taken > 0)
        with self._writing() as connection:
            connection.execute(gone)

    def workers(self) -> list[Member]:
        """Who has joined and not gone home with its work done; the longest silent last."""
        if not self.made:
            return []
        silent = (self._now - workers.c.beat).label("silent")
        query = sa.select(workers.c.name, workers.c.host, workers.c.pid, workers.c.beat, silent)
        with translated(), self._engine.connect() as connection:
            found = connection.execute(query.order_by(silent, workers.c.name))
            return [Member(r.name, r.host, r.pid, r.silent if r.beat else None) for r in found]

    # what was tried ----------------------------------------------------------------------------
    def begin(self, piece: Piece, worker: str) -> int:
        """Count one more try, before it is made: a try that kills its worker counts as well."""
        at = tasks.c.id == piece.id
        change = {"tries": tasks.c.tries + 1, "state": "running", "worker": worker}
        with self._writing() as connection:
            self._put(connection, piece, change, {"tries": 1, "state": "running", "worker": worker})
            found: int = connection.execute(sa.select(tasks.c.tries).where(at)).scalar_one()
        return found

    def done(self, piece: str) -> None:
        """Nothing remains to be told of it: the entry does."""
        with self._writing() as connection:
            connection.execute(sa.delete(tasks).where(tasks.c.id == piece))

    def put(self, piece: Piece, state: str, why: str, wait: float = 0.0) -> None:
        """Not done: it fails and is tried again after a wait, is dead, or does not wait now."""
        values = {"state": state, "why": why[:200], "due": self._now + wait}
        with self._writing() as connection:
            self._put(connection, piece, values, values)

    def _put(
        self, connection: sa.Connection, piece: Piece, change: dict[str, Any], first: dict[str, Any]
    ) -> None:
        """Change the row of this piece, or make it; nobody else does at the same time."""
        at = tasks.c.id == piece.id
        if connection.execute(sa.update(tasks).where(at).values(change)).rowcount == 0:
            blank = {"worker": "", "tries": 0, "since": self._now, "due": 0.0, "why": ""}
            connection.execute(sa.insert(tasks).values({**asdict(piece), **blank, **first}))

    def ready(self) -> list[Task]:
        """What failed and whose wait is over, and what once did not wait."""
        fits = sa.and_(tasks.c.state.in_(("failing", "idle")), tasks.c.due <= self._now)
        return self._tasks(fits)

    def find(self, piece: str) -> Task | None:
        """The row of this piece, if it was begun and is not done."""
        return next(iter(self._tasks(tasks.c.id == piece)), None)

    def claim(self, task: Task, lease: float) -> bool:
        """Whether this worker is the one that tries it again."""
        same = sa.and_(tasks.c.id == task.piece.id, tasks.c.due == task.due)
        change = sa.update(tasks).where(same, tasks.c.state == task.state)
        with self._writing() as connection:
            return connection.execute(change.values(due=self._now + lease)).rowcount > 0

    # the view ----------------------------------------------------------------------------------
    def listed(self, *states: str) -> list[Task]:
        """What was begun and is not done, the longest first."""
        return self._tasks(tasks.c.state.in_(states)) if self.made else []

    def retry(self, piece: str | None = None) -> int:
        """Give a dead letter, or all of them, as many tries as at first; how many. At once."""
        fits: sa.ColumnElement[bool] = tasks.c.state.in_(("dead", "failing"))
        if piece is not None:
            fits = sa.and_(fits, tasks.c.id == piece)
        if not self.made:
            raise Unknown("unknown_work", "No worker has worked here yet.")
        with self._writing() as connection:
            values = {"state": "failing", "tries": 0, "due": 0.0}
            count = connection.execute(sa.update(tasks).where(fits).values(values)).rowcount
        if piece is not None and count == 0:
            raise Unknown("unknown_work", f"No failed piece of work has the id {piece}.")
        return count

    def _tasks(self, where: sa.ColumnElement[bool]) -> list[Task]:
        query = sa.select(tasks).where(where).order_by(tasks.c.since, tasks.c.id)
        with translated(), self._engine.connect() as connection:
            return [_task(row) for row in connection.execute(query)]


def _task(row: Any) -> Task:
    piece = Piece(row.id, row.relationship, row.what, row.seq, row.actor, row.agent)
    return Task(piece, row.worker, row.state, row.tries, row.since, row.due, row.why)


def _runs(host: str, pid: int) -> bool:
    """Whether that process may still be at work; on another machine nobody can tell."""
    if host != socket.gethostname()[:255]:
        return True
    if pid == os.getpid():
        return False  # in a container every worker is process 1: the row is our forerunner's
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _sqlite(where: sa.URL) -> sa.Engine:
    engine = sa.create_engine(where, connect_args={"timeout": _BUSY_SECONDS})

    @sa.event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")  # stays in the file: for DBOS as well
        connection.isolation_level = "IMMEDIATE"  # a reader that turns writer would fail

    return engine


def _postgres(where: sa.URL) -> sa.Engine:
    engine = sa.create_engine(where, pool_size=2, pool_pre_ping=True)
    return engine.execution_options(schema_translate_map={None: SCHEMA})
