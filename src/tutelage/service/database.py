"""The database: SQLite by default, PostgreSQL by URL; its schema, and its errors in our words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cached_property
from importlib import resources
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite  # noqa: F401  # the usual one: with us, not at first use
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from tutelage.domain.errors import Malformed, Unavailable

HEAD = "0012"
"""The newest revision in migrations/; a test holds it equal to Alembic's own."""

CONNECTIONS = 16  # kept open by one process; as many again when there is a rush

BUSY_SECONDS = 5  # how long a writer waits for another process's transaction on SQLite


def connect(url: str) -> sa.Engine:
    """An engine on this URL with its schema up to date.

    Raises Unavailable where the database is not there, locked, or of a newer version.
    """
    with translated():
        try:
            engine = sa.create_engine(_driver(url), json_serializer=None, **_options(url))
        except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ModuleNotFoundError) as problem:
            raise Malformed("bad_url", f"This is no database URL: {problem}.") from None
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine)
        try:
            _migrate(engine)
        except BaseException:
            engine.dispose()
            raise
    return engine


def _driver(url: str) -> str:
    """PostgreSQL URLs as its own tools write them, with the driver we ship."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _options(url: str) -> dict[str, Any]:
    if url in {"sqlite://", "sqlite:///:memory:"}:
        # one connection that every thread shares: an in-memory database is its connection
        return {"poolclass": sa.StaticPool, "connect_args": {"check_same_thread": False}}
    return {"pool_size": CONNECTIONS, "max_overflow": CONNECTIONS}


def _prepare_sqlite(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, below
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # acknowledged means on disk
        connection.execute("PRAGMA secure_delete=ON")  # redacted means gone from the pages too

    @sa.event.listens_for(engine, "begin")
    def _(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        # a reader that turns writer later would fail with "locked" and no waiting
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(engine: sa.Engine) -> None:
    version = _version(engine)
    if version == HEAD:
        return  # the usual start: Alembic need not even be imported
    from alembic import command  # noqa: PLC0415  # 100 ms that most starts can do without
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(resources.files(__package__) / "migrations"))
    known = {s.revision for s in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise Unavailable(
            "newer_schema",
            f"This database is at version {version}, made by a newer Tutelage; upgrade first.",
        )
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _version(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(
            sa.text("SELECT version_num FROM alembic_version")
        ).scalar()
        return found


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that writes."""
    with (
        translated(),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


class Prepared:
    """A statement compiled once, to be executed by the driver's own cursor."""

    def __init__(self, engine: sa.Engine, statement: sa.ClauseElement) -> None:
        self._engine, self._statement = engine, statement

    @cached_property
    def _compiled(self) -> tuple[str, list[str] | None, dict[str, Any]]:
        """Its SQL, the order of the values where they have no names, and its own constants."""
        compiled: Any = self._statement.compile(dialect=self._engine.dialect)
        asked = {name for name, bind in compiled.binds.items() if bind.required}
        constants = {k: v for k, v in compiled.params.items() if k not in asked}
        return compiled.string, compiled.positiontup, constants

    def on(self, cursor: Any, given: Mapping[str, Any]) -> None:
        """Execute it with these values, by name."""
        sql, order, constants = self._compiled
        named = {**constants, **given}
        cursor.execute(sql, [named[k] for k in order] if order else named)


@contextmanager
def driving(engine: sa.Engine, *, writes: bool = False) -> Iterator[Any]:
    """One transaction on the driver's own cursor: for the two statements that every command makes.

    The same pool, locks and errors as `writing` and `reading`, without the 0.3 ms that SQLAlchemy
    takes to prepare an execution: twice what the disk takes.
    """
    driver: Any = engine.dialect.loaded_dbapi
    with translated(), closing(engine.raw_connection()) as connection:
        try:
            cursor = connection.cursor()
            if writes and engine.dialect.name == "sqlite":
                cursor.execute("BEGIN IMMEDIATE")
            with _alone(engine, connection, writes):
                yield cursor
            if writes:
                connection.commit()
        except driver.Error as problem:
            if engine.dialect.is_disconnect(problem, connection.dbapi_connection, None):
                connection.invalidate(problem)
            raise DBAPIError.instance(None, None, problem, driver.Error) from problem


@contextmanager
def _alone(engine: sa.Engine, connection: Any, writes: bool) -> Iterator[None]:
    """On PostgreSQL one statement that reads needs no transaction around it: two journeys less."""
    driver = connection.dbapi_connection
    if writes or engine.dialect.name != "postgresql":
        yield
        return
    driver.autocommit = True
    try:
        yield
    finally:
        if not driver.closed:
            driver.autocommit = False


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that reads."""
    with translated(), engine.connect() as connection:
        yield connection


@contextmanager
def translated() -> Iterator[None]:
    """The database's own errors, in words that say what to do."""
    try:
        yield
    except (OperationalError, InterfaceError) as problem:
        raise _unavailable(problem) from problem
    except DBAPIError as problem:
        if isinstance(problem, sa.exc.IntegrityError):
            raise
        if isinstance(problem, sa.exc.DataError) and "NUL" in str(problem.orig):
            # no later try helps: the value is wrong, not the database
            raise Malformed("text_unicode", "This is not valid Unicode text.") from None
        raise _unavailable(problem) from problem


_SAYINGS = (
    ("locked", "locked", "Another process holds the database; try again in a moment."),
    ("full", "disk_full", "The disk is full; make room and try again. Nothing was half-written."),
    ("no space", "disk_full", "The disk is full; make room and try again."),
    ("readonly", "read_only", "The database cannot be written; check the rights on its file."),
    ("unable to open", "no_database", "The database cannot be opened; check its path and rights."),
    ("not a database", "no_database", "This file is no database; check the URL."),
    ("malformed", "damaged", "The database file is damaged; restore it or import an export."),
    ("connect", "no_database", "The database server does not answer; check the URL."),
)


def _unavailable(problem: DBAPIError) -> Unavailable:
    said = str(problem.orig).lower()
    for sign, code, sentence in _SAYINGS:
        if sign in said:
            return Unavailable(code, sentence)
    first = str(problem.orig).strip().splitlines() or ["no answer"]
    return Unavailable("database", f"The database says: {first[0]}")
