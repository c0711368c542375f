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

metadata = sa.MetaData()

entries = sa.Table(
    "entry",
    metadata,
    sa.Column("relationship", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("written_at", sa.String(40), nullable=False),
    sa.Column("occurred_at", sa.String(40), nullable=False),
    sa.Column("visibility", sa.String(16), nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("findings", sa.Text),
    sa.Column("texts", sa.Text),
    sa.Column("salt", sa.String(64)),
    sa.Column("text_digest", sa.String(64), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("vector", sa.LargeBinary),  # index of a situation's text; goes with the text
    sa.UniqueConstraint("relationship", "id", name="uq_entry_id"),
    sa.Index("ix_entry_digest", "digest"),
)

relationships = sa.Table(
    "relationship",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("origin", sa.String(64)),
    sa.Column("arm", sa.String(64)),
    sa.Column("learner", sa.String(64), nullable=False),
    sa.Column("trainer", sa.String(64), nullable=False),
    sa.Column("life", sa.String(16), nullable=False),
    sa.Column("phase", sa.String(16)),
    sa.Column("whose", sa.String(16)),
    sa.Column("since", sa.String(40)),
    sa.Column("due", sa.Text, nullable=False),
    sa.Column("levels", sa.Text, nullable=False),
    sa.Column("situations", sa.Integer, nullable=False),
    sa.Column("decided", sa.Integer, nullable=False),
    sa.Column("owners", sa.Text),  # who answers for the agents here, as a JSON list
    sa.Column("named", sa.Text),  # everybody its agreement names, as a JSON list
    sa.Column("programme", sa.String(64)),  # which programme sees this row, and no more than it
    sa.Column("answers", sa.String(64)),  # the person who learns, or who owns the agent that does
    sa.Column("said_at", sa.String(40)),  # when one of the pair last wrote
    sa.Column("late_at", sa.String(40)),  # from when on the reply that waits longest is overdue
    sa.Column("support_at", sa.String(40)),  # since when the pair asks for support
    sa.Column("shown", sa.Boolean),  # whether the learner shows the programme its levels
    sa.Column("talks", sa.Integer),  # planned live talks, of which calendars are told
    sa.Index("ix_relationship_learner", "learner"),
    sa.Index("ix_relationship_trainer", "trainer"),
    sa.Index("ix_relationship_programme", "programme"),
)

checkpoints = sa.Table(
    "checkpoint",
    metadata,
    sa.Column("relationship", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("version", sa.String(40), nullable=False),
    sa.Column("track", sa.LargeBinary, nullable=False),
    sa.Column("nearest", sa.LargeBinary),  # how far each situation met is from its nearest
)

experiences = sa.Table(
    "experience",
    metadata,
    sa.Column("trainer", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("source", sa.String(64)),  # digest of the entry it was told in, for redaction
    sa.Column("offered", sa.String(64)),  # the programme whose other trainers may read it
    sa.Index("ix_experience_source", "source"),
)

keys = sa.Table(
    "api_key",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),  # of the secret, which is nowhere
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("relationship", sa.String(64)),
    sa.Column("role", sa.String(16)),
    sa.Column("made_at", sa.String(40), nullable=False),
    sa.Column("expires_at", sa.String(40)),
    sa.Column("revoked_at", sa.String(40)),
)

people = sa.Table(
    "person",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("mail", sa.String(254), unique=True),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("made_at", sa.String(40), nullable=False),
)

links = sa.Table(
    "sign_in_link",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("expires_at", sa.String(40), nullable=False),
    sa.Column("used_at", sa.String(40)),
    sa.Column("mail", sa.String(254)),  # where an invitation went; the account gets it
    sa.Column("invited_by", sa.String(64)),  # who invited them; nobody where the operator did
)

subjects = sa.Table(
    "subject",
    metadata,
    sa.Column("issuer", sa.String(255), primary_key=True),
    sa.Column("subject", sa.String(255), primary_key=True),  # as the issuer names them
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("made_at", sa.String(40), nullable=False),
)

looks = sa.Table(
    "look",
    metadata,
    sa.Column("relationship", sa.String(64), primary_key=True),
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("actor", sa.String(64), primary_key=True),
    sa.Column("what", sa.String(80), primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("last_at", sa.String(40), nullable=False),
)

sessions = sa.Table(
    "web_session",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("id", sa.String(16), nullable=False),  # as it is listed; not the secret
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("made_at", sa.String(40), nullable=False),
    sa.Column("seen_at", sa.String(40), nullable=False),
    sa.Column("browser", sa.String(200), nullable=False),
    sa.Index("ix_web_session_person", "person"),
)

programmes = sa.Table(
    "programme",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("contact", sa.String(64)),  # for concerns, as agreements in it name them first
    sa.Column("made_at", sa.String(40), nullable=False),
)

leads = sa.Table(
    "lead",
    metadata,
    sa.Column("programme", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Index("ix_lead_person", "person"),
)

members = sa.Table(
    "member",
    metadata,
    sa.Column("programme", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("side", sa.String(8), primary_key=True),  # learner or trainer; some are both
    sa.Column("state", sa.String(8), nullable=False),  # invited, joined or left
    sa.Column("at", sa.String(40), nullable=False),  # since when
    sa.Column("capacity", sa.Integer),  # how many learners at once, of a trainer
    sa.Column("reply_days", sa.Integer),
    sa.Column("invited_by", sa.String(64), nullable=False),
    sa.Column("mail", sa.String(254)),  # where the invitation goes; not kept once they joined
    sa.Column("mail_state", sa.String(8), nullable=False),  # none, waiting, sent or failed
    sa.Column("mail_at", sa.String(40)),  # when it was sent; while it waits, not before then
    sa.Index("ix_member_person", "person"),
    sa.Index("ix_member_mail_state", "mail_state"),
)

cares = sa.Table(
    "care",
    metadata,
    sa.Column("relationship", sa.String(64), primary_key=True),
    sa.Column("what", sa.String(16), primary_key=True),  # support, silent or late
    sa.Column("since", sa.String(40), primary_key=True),
    sa.Column("lead", sa.String(64), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)

profiles = sa.Table(
    "match_profile",
    metadata,
    sa.Column("programme", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("side", sa.String(8), primary_key=True),
    sa.Column("able", sa.Text, nullable=False),  # of a learner, a line each
    sa.Column("situations", sa.Text, nullable=False),
    sa.Column("handled", sa.Text, nullable=False),  # of a trainer
    sa.Column("mode", sa.String(8)),  # mentor or coach; none says that either suits
    sa.Column("at", sa.String(40), nullable=False),
    sa.Index("ix_match_profile_person", "person"),
)

rounds = sa.Table(
    "match_round",
    metadata,
    sa.Column("programme", sa.String(64), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),  # how many times it was proposed
    sa.Column("lead", sa.String(64), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)

matches = sa.Table(
    "match",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),  # follows from the three names
    sa.Column("programme", sa.String(64), nullable=False),
    sa.Column("learner", sa.String(64), nullable=False),
    sa.Column("trainer", sa.String(64), nullable=False),
    sa.Column("reasons", sa.Text, nullable=False),  # as JSON, no text of anybody's in it
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("learner_said", sa.String(8)),  # yes or no
    sa.Column("trainer_said", sa.String(8)),
    sa.Column("relationship", sa.String(64)),  # what it became
    sa.Column("after", sa.String(64)),  # the relationship that would be handed over
    sa.Column("learner_wish", sa.String(8)),  # after the trial: on or another
    sa.Column("trainer_wish", sa.String(8)),
    sa.Index("ix_match_programme", "programme"),
    sa.Index("ix_match_learner", "learner"),
    sa.Index("ix_match_trainer", "trainer"),
)

invites = sa.Table(
    "invite",
    metadata,
    sa.Column("relationship", sa.String(64), primary_key=True),
    sa.Column("talk", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("uid", sa.String(64), nullable=False, unique=True),  # as their calendar knows it
    sa.Column("sequence", sa.Integer, nullable=False),  # what their calendar is to hold
    sa.Column("sent", sa.Integer),  # what it was last sent; nothing yet where there is none
    sa.Column("state", sa.String(8), nullable=False),  # waiting, sent or failed
    sa.Column("due_at", sa.String(40), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Index("ix_invite_state", "state", "due_at"),
)

calendars = sa.Table(
    "calendar",
    metadata,
    sa.Column("relationship", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),  # up to which entry its invites were planned
)

deliveries = sa.Table(
    "delivery",
    metadata,
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("what", sa.String(20), primary_key=True),
    sa.Column("relationship", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("stage", sa.Integer, primary_key=True, autoincrement=False),  # days, of a nudge
    sa.Column("channel", sa.String(32), primary_key=True),  # its id; or mail
    sa.Column("state", sa.String(8), nullable=False),  # waiting, sent or failed
    sa.Column("due_at", sa.String(40), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("error", sa.String(80)),  # a code; never the server's words
    sa.Index("ix_delivery_state", "state", "due_at"),
)

preferences = sa.Table(
    "preference",
    metadata,
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("how", sa.String(8), nullable=False),
)

reaches = sa.Table(
    "reach",
    metadata,
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("zone", sa.String(64)),
    sa.Column("quiet_from", sa.Integer),
    sa.Column("quiet_until", sa.Integer),
    sa.Column("digest_at", sa.Integer),
    sa.Column("refused", sa.Integer, nullable=False),  # mails in a row that were, for good
    sa.Column("mailed_at", sa.String(40)),
    sa.Column("again_at", sa.String(40)),
    sa.Column("feed", sa.Integer),  # how often they had their calendar's address made anew
    sa.Column("claim", sa.String(32)),  # of the process that writes to them now, until then
    sa.Column("claimed_until", sa.String(40)),
    sa.Column("bounced", sa.Integer),  # mails that came back for good, and when the last did
    sa.Column("bounced_at", sa.String(40)),
    sa.Column("known", sa.Integer),  # 1 where all that waits for them was planned as they wish
)

channels = sa.Table(
    "channel",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(8), nullable=False),  # chat or webhook
    sa.Column("url", sa.Text, nullable=False),  # a secret: whoever has it can write there
    sa.Column("secret", sa.String(80)),  # what a webhook is signed with
    sa.Column("made_at", sa.String(40), nullable=False),
    sa.Column("mailed_at", sa.String(40)),
    sa.Column("again_at", sa.String(40)),
    sa.Column("claim", sa.String(32)),
    sa.Column("claimed_until", sa.String(40)),
    sa.Column("refused", sa.Integer, nullable=False),  # failures in a row, and since when
    sa.Column("failing_since", sa.String(40)),
    sa.Column("off_at", sa.String(40)),
    sa.Index("ix_channel_person", "person"),
)

channel_wishes = sa.Table(
    "channel_wish",
    metadata,
    sa.Column("channel", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("how", sa.String(8), nullable=False),
)

planned = sa.Table(
    "planned",
    metadata,
    sa.Column("relationship", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),  # up to which entry
    sa.Column("next_at", sa.String(40)),  # when something in it has waited for long
)

replies = sa.Table(
    "reply",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),  # of the token in the address
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("relationship", sa.String(64), nullable=False),
    sa.Column("what", sa.String(20), nullable=False),
    sa.Column("situation", sa.String(64), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("expires_at", sa.String(40), nullable=False),
    sa.Column("used_by", sa.String(64)),  # the entry that a mail to it became
)

letters = sa.Table(
    "letter",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),  # of a mail that was counted or answered
    sa.Column("read_at", sa.String(40), nullable=False),
)

secrets = sa.Table(
    "secret",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.String(64), nullable=False),
)


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
