"""The command line: every act of a relationship, in words and in JSON, and errors that say what."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
import typer.main

from bench.workload import GOAL
from tests.support import seeded
from tests.support.cast import MENTOR
from tests.support.seeded import LEO, opened, own_call
from tests.support.terminal import Terminal
from tutelage import Tutelage
from tutelage.domain.events import KINDS, GuidanceGiven
from tutelage.doors.cli import app

TUTELAGE = Path(sys.executable).with_name("tutelage")
SITUATION = ("--situation", "s", "--text", "An alert fires at night", "--criteria", "impact")


@pytest.fixture
def run(sqlite_url, monkeypatch, capsys):
    return Terminal(sqlite_url, monkeypatch, capsys)


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A database with a relationship in its guided phase, and guidance that waits in it."""
    file = tmp_path_factory.mktemp("cli") / "begun.db"
    with seeded.desk(f"sqlite:///{file}") as desk:
        seeded.guide(desk)
        desk.write("r", opened("s"), actor="leo")
        desk.write("r", own_call("s"), actor="leo")
        text = "When I had this I waited, and it cleared."
        share = GuidanceGiven(
            situation="s", move="share", text=text, criteria=("impact",), experience="storage"
        )
        desk.write("r", share, actor="mia")
    return file


@pytest.fixture
def guided(run, begun, sqlite_url):
    """The command line on a copy of that database."""
    shutil.copy(begun, sqlite_url.removeprefix("sqlite:///"))
    return run


def opened_by(run, *more):
    who = ("--learner", "leo", "--trainer", "mia")
    return run("open", *who, "--handled", "ten years", "--because", "new", "--id", "r", *more)


# a relationship from its beginning ---------------------------------------------------------------
def test_a_relationship_is_agreed_and_begun_from_the_command_line(run, tmp_path):
    goal = tmp_path / "goal.json"
    goal.write_text(GOAL.model_dump_json())
    assert opened_by(run).out == "r\n"
    for actor in ("leo", "mia"):
        run("write", "signed", "r", "--as", actor, "--what", "agreement")
    run("write", "goal-set", "r", "--as", "leo", "--from", goal)
    for actor in ("leo", "mia"):
        said = run("write", "signed", "r", "--as", actor, "--what", "goal")
    assert said.out == "Entry 6. Next: learner: open situation\n"
    assert run.json("show", "r")["phase"] == "baseline"


def test_the_rest_of_an_agreement_comes_from_a_file(run, tmp_path):
    rest = tmp_path / "rest.json"
    rest.write_text(json.dumps({"reply_days": 5, "withheld_guidance": True}))
    assert opened_by(run, "--from", rest, "--rater", "rita").code == 0
    (entry,) = [run.json("entries", "r")]
    assert entry["event"]["reply_days"] == 5
    assert entry["event"]["raters"] == [{"id": "rita", "kind": "person", "owner": None}]


def test_an_agent_is_named_with_its_owner(run):
    who = ("--learner", "agent:bot:olga", "--trainer", "agent:coach:olga", "--mode", "coach")
    made = run.json("open", *who, "--handled", "x", "--because", "x")
    (row,) = run.json("list", "--as", "bot")
    assert (row["id"], row["trainer"]) == (made["relationship"], "coach")


def test_a_criterion_without_a_key_gets_one_from_its_name(run, tmp_path):
    body = GOAL.model_dump(mode="json")
    for criterion in body["criteria"]:
        del criterion["key"]
    (tmp_path / "goal.json").write_text(json.dumps(body))
    opened_by(run)
    for actor in ("leo", "mia"):
        run("write", "signed", "r", "--as", actor, "--what", "agreement")
    run("write", "goal-set", "r", "--as", "leo", "--from", tmp_path / "goal.json")
    last = run("entries", "r", "--after", 3, "--json").json
    assert last["event"]["criteria"][0]["key"] == "weighing-impact-against-the-rest"


# writing -----------------------------------------------------------------------------------------
def commands():
    root = typer.main.get_command(app)
    return root.commands["write"].commands


def flags(command) -> set[str]:
    return {o.removeprefix("--").replace("-", "_") for p in command.params for o in p.opts}


OFFERED = {k: c for k, c in KINDS.items() if c.offered and k != "proposed"}


@pytest.mark.parametrize("kind", OFFERED)
def test_every_offered_event_has_a_command_with_its_sentence_and_its_fields(kind):
    command, cls = commands()[kind.replace("_", "-")], OFFERED[kind]
    assert command.help == cls.__doc__
    fields = {"help_had" if f == "help" else f for f in cls.model_fields if f != "kind"}
    assert fields <= flags(command)
    assert {"as", "from", "id", "occurred_at", "json"} <= flags(command)


def test_nothing_else_has_a_command():
    assert set(commands()) == {k.replace("_", "-") for k in OFFERED}


def test_texts_lists_maps_numbers_and_flags_are_options(guided):
    many = ("--criteria", "evidence", "--difficulty", "1", "--facts", "nodes=3", "--retold")
    said = ("--situation", "t", *SITUATION[2:], *many, "--seen-before", "no", "--occurred-at")
    written = guided.json(
        "write", "situation-opened", "r", "--as", "leo", *said, "2026-03-01T02:00+01:00"
    )
    entry = guided("entries", "r", "--after", written["seq"] - 1, "--json").json
    event = entry["event"]
    assert entry["occurred_at"].startswith("2026-03-01T")
    assert (event["criteria"], event["facts"]) == (["impact", "evidence"], {"nodes": "3"})
    assert (event["difficulty"], event["retold"], event["seen_before"]) == (1, True, False)


def test_ratings_are_numbers_or_not_applicable_and_quotes_are_words(guided):
    said = ("--subject", "own_call", "--ratings", "impact=4", "--ratings", "evidence=n/a")
    written = guided.json(
        "write", "rated", "r", "--as", "mia", "--situation", "s", *said, "--quotes", "impact=10"
    )
    event = guided("entries", "r", "--after", written["seq"] - 1, "--json").json["event"]
    assert event["ratings"] == {"impact": 4, "evidence": None}
    assert event["quotes"] == {"impact": "10"}


def test_a_level_is_a_word_or_its_number(guided):
    said = ("--criterion", "impact", "--start", "share", "--to", 2, "--why", "x")
    assert guided.json("write", "level-moved", "r", "--as", "mia", *said)["whose"]
    assert guided.json("show", "r")["levels"]["impact"]["level"] == "ask"


def test_a_party_is_named_as_in_open(guided):
    said = ("--to", "agent:coach:olga", "--because", "holidays")
    assert guided("write", "handed-over", "r", "--as", "leo", *said).code == 0
    assert guided.json("list")[0]["trainer"] == "coach"


def test_a_retry_under_the_same_id_is_done_once(guided):
    note = ("write", "noted", "r", "--as", "leo", "--text", "x", "--id", "once")
    first, again = guided.json(*note), guided.json(*note)
    assert (again["seq"], again["repeated"]) == (first["seq"], True)
    assert guided.refused(*note[:-4], "--text", "y", "--id", "once") == (3, "id_reused")


# reading -----------------------------------------------------------------------------------------
def test_show_says_whose_turn_it_is_the_levels_and_what_is_missing(guided):
    page = guided("show", "r").out
    assert "learner: read in s" in page
    assert "every criterion begins at share" in page
    assert "not known yet" in page
    assert "threshold, still missing" in page
    turn = guided.json("show", "r")
    assert {"seq", "life", "phase", "whose", "since", "waiting", "levels"} <= set(turn)
    assert turn["may_read"] == ["s"]
    assert set(turn["levels"]["impact"]) == {"name", "level", "why", "mean", "sd", "n"}
    assert guided.json("show", "r", "--upto", 1)["life"] == "proposed"


def test_list_shows_each_relationship_on_a_line(guided):
    assert "guided" in guided("list").out
    assert guided.json("list", "--as", "zoe") == []


def test_entries_are_one_json_a_line_and_as_the_viewer_may_read_them(guided):
    lines = guided("entries", "r", "--as", "leo", "--json").out.splitlines()
    seen = [json.loads(line) for line in lines]
    assert seen[-1]["event"]["text"] == "[unread]"
    assert {"seq", "id", "actor", "role", "written_at", "digest"} <= set(seen[0])
    assert "[unread]" in guided("entries", "r", "--as", "leo").out
    assert "When I had this" in guided("entries", "r").out


def test_collect_reads_the_guidance_that_waits(guided):
    (given,) = guided.json("collect", "r", "s", "--as", "leo")
    assert given["text"].startswith("When I had this")
    assert "share: When I had this" in guided("collect", "r", "s", "--as", "leo").out
    guided("write", "situation-opened", "r", "--as", "leo", "--situation", "t", *SITUATION[2:])
    assert guided("collect", "r", "t", "--as", "leo").out == "No guidance waits here.\n"


def test_the_trajectory_is_printed_or_written_to_files(guided, tmp_path):
    assert guided("trajectory", "r").out.startswith("# The trajectory of leo")
    answer = guided.json("trajectory", "r", "--out", tmp_path / "to" / "here")
    assert [Path(f).name for f in answer["files"]] == ["trajectory.html", "trajectory.md"]
    assert all(Path(f).read_text() for f in answer["files"])
    assert set(answer["criteria"]["impact"]) == {"name", "start", "now", "level"}
    assert {"obstacles", "guidance_by_quarter", "threshold", "masterpiece"} <= set(answer)


# the ledger --------------------------------------------------------------------------------------
def test_a_ledger_is_verified_exported_imported_forked_redacted_and_rebuilt(guided, tmp_path):
    file = tmp_path / "r.jsonl"
    entries = guided.json("verify", "r")["entries"]
    assert guided.json("export", "r", file) == {"entries": entries, "file": str(file)}
    assert guided.json("import", file, "--id", "copy") == {"relationship": "copy"}
    assert guided.json("fork", "r", "--at", 9, "--arm", "alone", "--id", "f")["relationship"] == "f"
    assert guided.json("verify", "f") == {
        "ok": True,
        "entries": 10,
        "head": guided.json("verify", "f")["head"],
        "problem": None,
    }
    assert guided.json("redact", "r", 9, "--as", "leo")["redacted"] == 9
    assert guided.json("rebuild", "r") == {"was_right": True}
    assert guided("rebuild", "copy").out == "It was right.\n"
    assert f"{entries + 1} entries, whole." in guided("verify", "r").out


def test_a_broken_chain_is_said_and_exits_with_malformed(guided, sqlite_url):
    engine = sa.create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE entry SET actor = 'eve' WHERE seq = 3"))
    engine.dispose()
    said = guided("verify", "r", "--json")
    assert (said.code, said.json["ok"], said.error["code"]) == (6, False, "broken_chain")


def test_work_is_done_for_agents_that_need_no_model(run, sqlite_url, tmp_path):
    with seeded.desk(sqlite_url) as desk:
        seeded.guide(desk, trainer=MENTOR, learner=LEO)
        desk.write("r", opened("s"), actor="leo")
        desk.write("r", own_call("s"), actor="leo")
    bank = tmp_path / "bank.json"
    told = {"key": "a", "case": "x", "did": "I waited", "why": "x", "came_out": "x"}
    bank.write_text(json.dumps([told, told | {"key": "b", "criteria": ["impact"]}]))
    assert run.json("bank", "add", "mentor-bot", bank) == {"kept": 2}
    assert run.json("work", "--mentor", "mentor-bot") == {"done": 1}
    assert run.json("work", "--coach", "somebody") == {"done": 0}
    assert run.json("collect", "r", "s", "--as", "leo")[0]["experience"] == "b"


# goals -------------------------------------------------------------------------------------------
def test_a_goal_is_checked_from_a_file_from_standard_input_and_from_one_line(run, tmp_path):
    file = tmp_path / "goal.json"
    file.write_text(GOAL.model_dump_json(exclude={"kind"}))
    assert run.json("goal", "check", file) == {"accepted": True, "missing": []}
    said = run("goal", "check", "-", "--json", stdin=file.read_bytes())
    assert said.json["accepted"]
    vague = run.json("goal", "check", "--text", "become a better leader")
    assert not vague["accepted"]
    assert all(m["question"].endswith("?") and m["part"] for m in vague["missing"])
    assert run("goal", "check", file).out == "Accepted.\n"


@pytest.mark.parametrize(
    ("raw", "code"),
    [(b"", "bad_json"), (b"[1]", "bad_goal"), (b'{"a":', "bad_json"), (b"\xff\xfe", "bad_json")],
)
def test_what_is_no_goal_is_malformed(run, raw, code):
    assert run.refused("goal", "check", "-", stdin=raw) == (6, code)


@pytest.mark.parametrize("value", [5, None, [], {}, "x", ["x"], [{"name": 3, "anchors": "abcde"}]])
@pytest.mark.parametrize("part", ["situation", "criteria", "today", "horizon"])
def test_a_goal_with_parts_of_the_wrong_kind_is_questioned_and_not_a_crash(run, part, value):
    body = GOAL.model_dump(mode="json", exclude={"kind"}) | {part: value}
    said = run("goal", "check", "-", "--json", stdin=json.dumps(body).encode())
    assert said.code in {0, 6}
    assert said.code == 6 or part == "horizon" or not said.json["accepted"]


def test_a_goal_comes_from_one_place(run):
    assert run("goal", "check").code == 2
    assert run("goal", "check", "x.json", "--text", "x").code == 2


# exit codes --------------------------------------------------------------------------------------
def test_wrong_usage_exits_with_2(run):
    for args in (
        ("show",),
        ("nonsense",),
        ("show", "r", "--nonsense"),
        ("show", "r", "--upto", "x"),
    ):
        assert run.refused(*args) == (2, "usage")


def test_without_a_command_the_help_is_shown(run):
    said = run()
    assert "Usage" in said.out + said.err


@pytest.mark.parametrize(
    ("args", "answer"),
    [
        (("write", "guidance-given", "r", "--as", "mia", "--situation", "b0", "--move", "ask",
          "--text", "What?"), (3, "criteria_needed")),
        (("write", "noted", "r", "--as", "zoe", "--text", "x"), (4, "no_role")),
        (("collect", "r", "s", "--as", "mia"), (4, "not_your_role")),
        (("redact", "r", "1", "--as", "zoe"), (4, "not_yours")),
        (("show", "nobody"), (5, "unknown_relationship")),
        (("verify", "nobody"), (5, "unknown_relationship")),
        (("rebuild", "nobody"), (5, "unknown_relationship")),
        (("trajectory", "nobody"), (5, "unknown_relationship")),
        (("entries", "nobody"), (5, "unknown_relationship")),
        (("export", "nobody", "x.jsonl"), (5, "unknown_relationship")),
        (("fork", "nobody", "--at", "1", "--arm", "x"), (5, "unknown_relationship")),
        (("fork", "r", "--at", "999", "--arm", "x"), (5, "unknown_entry")),
        (("fork", "r", "--at", "0", "--arm", "x"), (5, "unknown_entry")),
        (("show", "r", "--upto", "0"), (5, "unknown_entry")),
        (("redact", "r", "999"), (5, "unknown_entry")),
        (("redact", "r", "9" * 30), (2, "usage")),
        (("entries", "r", "--after", "9" * 30), (2, "usage")),
        (("show", "r", "--upto", "9" * 30), (2, "usage")),
        (("collect", "r", "nowhere", "--as", "leo"), (5, "unknown_situation")),
        (("show", "not a name"), (6, "bad_name")),
        (("show", "x" * 65), (6, "bad_name")),
        (("write", "noted", "r", "--as", "leo", "--text", " "), (6, "malformed")),
        (("write", "noted", "r", "--as", "leo", "--text", "x" * 70_000), (6, "text_too_long")),
        (("write", "noted", "r", "--as", "leo", "--text", "\udcff"), (6, "malformed")),
        (("write", "noted", "r", "--as", "leo", "--text", "x", "--occurred-at", "soon"),
         (6, "bad_time")),
        (("write", "noted", "r", "--as", "leo", "--text", "x", "--occurred-at", "2026-03-02"),
         (6, "time_zone")),
        (("write", "level-contested", "r", "--as", "leo", "--criterion", "impact", "--why", "x",
          "--to", "best"), (6, "level")),
        (("write", "level-contested", "r", "--as", "leo", "--criterion", "impact", "--why", "x",
          "--to", "\u00b2"), (6, "level")),
        (("write", "rated", "r", "--as", "mia", "--situation", "s", "--subject", "own_call",
          "--ratings", "impact"), (6, "name_value")),
        (("write", "rated", "r", "--as", "mia", "--situation", "s", "--subject", "own_call",
          "--ratings", "impact=9"), (6, "malformed")),
        (("write", "noted", "r", "--as", "leo", "--from", "nowhere.json"), (6, "cannot_read")),
        (("goal", "check", "nowhere.json"), (6, "cannot_read")),
        (("goal", "check", "/"), (6, "cannot_read")),
        (("import", "nowhere.jsonl"), (7, "cannot_read")),
        (("import", "/"), (7, "cannot_read")),
        (("export", "r", "/nowhere/r.jsonl"), (7, "cannot_write")),
        (("trajectory", "r", "--out", "/dev/null/x"), (7, "cannot_write")),
        (("--url", "nonsense", "list"), (6, "bad_url")),
        (("--url", "sqlite:////nowhere/t.db", "list"), (7, "no_database")),
        (("open", "--learner", "agent:bot", "--trainer", "mia", "--handled", "x", "--because",
          "x"), (6, "malformed")),
        (("open", "--learner", "leo", "--trainer", "leo", "--handled", "x", "--because", "x"),
         (3, "two_needed")),
    ],
)  # fmt: skip
def test_what_goes_wrong_has_its_exit_code_and_its_name(guided, args, answer):
    assert guided.refused(*args) == answer


@pytest.mark.parametrize(
    "raw", ["", "{", "5", "[]", "null", '{"text": 5}', '{"text": "x", "more": 1}', "[" * 100_000]
)
def test_an_event_file_that_holds_no_event_is_malformed(guided, tmp_path, raw):
    (tmp_path / "e.json").write_text(raw)
    code, _name = guided.refused(
        "write", "noted", "r", "--as", "leo", "--from", tmp_path / "e.json"
    )
    assert code == 6


@pytest.mark.parametrize(
    "raw",
    ["5", "{}", '["a"]', '[{"key": "a"}]', '[{"key":1,"case":2,"did":3,"why":4,"came_out":5}]'],
)
def test_a_bank_file_that_holds_no_experiences_is_malformed(run, tmp_path, raw):
    (tmp_path / "bank.json").write_text(raw)
    answer = run.refused("bank", "add", "mia", tmp_path / "bank.json")
    assert answer == (6, "bad_experience")


def test_a_newer_schema_is_said_to_be_newer(guided, sqlite_url):
    engine = sa.create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    assert guided.refused("list") == (7, "newer_schema")


def test_a_file_that_is_no_database_is_said_to_be_none(run, tmp_path):
    (tmp_path / "x.db").write_text("This is a letter, and not a database at all. " * 50)
    assert run.refused("--url", f"sqlite:///{tmp_path / 'x.db'}", "list") == (7, "no_database")


# what a terminal must not do ---------------------------------------------------------------------
def test_nothing_that_was_written_steers_the_terminal(guided, sqlite_url):
    with Tutelage(sqlite_url) as desk:
        desk.write("r", opened("t", text="red \x1b[31m alert \x9b2J \x07"), actor="leo")
    for command in (("entries", "r"), ("trajectory", "r"), ("show", "r")):
        out = guided(*command).out
        assert not set(out) & {"\x1b", "\x9b", "\x07"}


def test_the_version_and_the_help_need_no_database(run):
    assert run("--version").out == "0.1.0\n"
    assert "Exit codes" not in run("--help").err
    assert "Write an event" in run("write", "--help").out


# as a process ------------------------------------------------------------------------------------
def test_a_reader_that_stops_reading_is_no_error(guided, sqlite_url):
    with Tutelage(sqlite_url) as desk:
        desk.write("r", opened("t", text="long " * 12_000), actor="leo")
    said = f"{TUTELAGE} entries r --json | head -c 10"
    done = subprocess.run(
        ["bash", "-c", said],
        check=False,
        env={**os.environ, "TUTELAGE_URL": sqlite_url},
        capture_output=True,
    )
    assert done.returncode == 0
    assert done.stderr == b""
    assert len(done.stdout) == 10


def completing(**how: str) -> str:
    """What a shell is told that completes `tutelage`; detecting the shell is typer's own affair."""
    ran = subprocess.run(
        [TUTELAGE], env={**os.environ, **how}, capture_output=True, text=True, check=True
    )
    return ran.stdout


def test_completion_is_offered_for_shells_and_knows_the_commands():
    shown = completing(_TUTELAGE_COMPLETE="source_bash")
    asked = {"_TUTELAGE_COMPLETE": "complete_bash", "COMP_WORDS": "tutelage re", "COMP_CWORD": "1"}
    found = completing(**asked)
    assert "complete" in shown
    assert set(found.split()) == {"redact", "rebuild", "retain"}
