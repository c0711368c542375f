"""Databases that are locked, full, newer, damaged or not there: one sentence, nothing half-written."""

from __future__ import annotations

import sqlite3

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.support import seeded
from tutelage import Tutelage
from tutelage.domain.errors import Malformed, TutelageError, Unavailable
from tutelage.domain.events import Noted
from tutelage.service import database, tables


def refusal(attempt) -> str:
    with pytest.raises(TutelageError) as refused:
        attempt()
    return refused.value.code


def test_the_schema_on_disk_is_what_the_code_expects(url):
    with Tutelage(url) as desk, desk.ledger.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []


def test_the_newest_migration_is_the_one_the_code_names():
    config = Config()
    config.set_main_option("script_location", "src/tutelage/service/migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == database.HEAD


def test_a_newer_schema_is_left_alone(url):
    with Tutelage(url) as desk, desk.ledger.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    assert refusal(lambda: Tutelage(url)) == "newer_schema"


def test_a_locked_database_says_so_and_nothing_is_lost(sqlite_url, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    with seeded.desk(sqlite_url) as desk:
        seeded.guide(desk)
        before = desk.state("r").seq
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert refusal(lambda: desk.write("r", Noted(text="x"), actor="mia")) == "locked"
        other.execute("ROLLBACK")
        other.close()
        assert desk.write("r", Noted(text="x"), actor="mia").seq == before + 1


@pytest.mark.postgres
def test_a_name_that_no_database_holds_is_refused_for_good(postgres_url):
    with Tutelage(postgres_url) as desk:
        assert refusal(lambda: desk.programmes.named("a\0b")) == "text_unicode"


def test_a_full_disk_says_so_and_nothing_is_half_written(sqlite_url):
    with seeded.desk(sqlite_url) as desk:
        seeded.guide(desk)
        before = desk.verify("r")
        engine = desk.ledger.engine
        with engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

        @sa.event.listens_for(engine, "checkout")
        def _(connection, *_):
            connection.execute(f"PRAGMA max_page_count={pages}")

        note = Noted(text="x" * 60_000)
        assert refusal(lambda: desk.write("r", note, actor="mia")) == "disk_full"
        assert desk.verify("r") == before
        assert desk.rebuild("r")


def test_a_file_that_is_no_database_says_so(tmp_path):
    file = tmp_path / "letter.txt"
    file.write_text("Dear Leo, " * 200)
    assert refusal(lambda: Tutelage(f"sqlite:///{file}")) == "no_database"


def test_a_folder_that_is_not_there_says_so(tmp_path):
    assert refusal(lambda: Tutelage(f"sqlite:///{tmp_path}/no/where.db")) == "no_database"


def test_a_server_that_does_not_answer_says_so():
    assert refusal(lambda: Tutelage("postgresql://127.0.0.1:1/nothing")) == "no_database"


@pytest.mark.parametrize("url", ["", "nonsense", "mongodb://x", "sqlite:/relative"])
def test_an_address_that_is_none_says_so(url):
    with pytest.raises(Malformed) as refused:
        Tutelage(url)
    assert refused.value.code == "bad_url"


def test_a_write_cut_off_between_two_rows_leaves_neither(sqlite_url, monkeypatch):
    with seeded.desk(sqlite_url) as desk:
        seeded.guide(desk)
        before = desk.state("r").seq
        monkeypatch.setattr(desk.ledger, "append", _failing)
        with pytest.raises(Unavailable):
            desk.write("r", seeded.opened("s"), actor="leo")
        monkeypatch.undo()
        assert desk.state("r").seq == before
        assert desk.state("r").find("s") is None


def _failing(*_args: object) -> None:
    raise Unavailable("disk_full", "The disk is full.")
