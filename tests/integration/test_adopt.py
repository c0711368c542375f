"""A practice that ran before is brought along: whole, once, marked as retold, or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from bench.workload import GOAL, KEYS
from tests.integration.test_begin import filled
from tests.support import seeded
from tests.support.terminal import Terminal
from tutelage import Tutelage
from tutelage.domain.events import BaselineTaken, Noted, PrincipleKept, RatingAsked, ThresholdMet
from tutelage.domain.terms import Visibility

HEAD = "date;situation;what I did;why;what happened;whose"
CSV = f"""{HEAD}
2025-01-10;"The queue
filled at night";Waited;It often settles;It settled;own
2025-02-11;A disk was full;Deleted logs;Ann said so;It came back;advised
11.03.2025;=cmd|' /C calc'!A0;Called Ann;;;own
"""
MD = """# My cases

## 2025-04-01: The mail stopped

Nobody could send.

### What I did

Restarted it

### What happened
```
## no heading in here
```

### Whose
own
"""
NOTES = """## On Mia
She listens longer than I do.

## On nights
I decide worse after three.
"""
RULES = """## Ask who waits before asking why

### When
An alert fires
### When not
It is a drill
### Because
Reach decides what is urgent
"""


@pytest.fixture
def desk(sqlite_url):
    with seeded.desk(sqlite_url) as made:
        seeded.agree(made)
        yield made


@pytest.fixture
def run(desk, sqlite_url, monkeypatch, capsys):
    return Terminal(sqlite_url, monkeypatch, capsys)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "practice"
    made.mkdir()
    for name, text in {
        "situations.csv": CSV,
        "cases.md": MD,
        "notes.md": NOTES,
        "principles.md": RULES,
    }.items():
        (made / name).write_text(text)
    return made


def kinds(desk):
    return [e.event.kind for e in desk.entries("r")]


def table(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "table.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return file


# what is brought -------------------------------------------------------------------------------
def test_a_folder_is_brought_whole(run, desk, folder):
    told = run.json("adopt", folder, "--to", "r")
    assert (told["written"], told["bad"], told["waits"]) == (7, [], None)
    found = desk.state("r").situations
    assert [s.opened.occurred_at.date().isoformat() for s in found] == [
        "2025-01-10",
        "2025-02-11",
        "2025-03-11",
        "2025-04-01",
    ]
    assert all(s.opened.event.retold for s in found)
    assert "The queue\nfilled at night" in [s.opened.event.text for s in found]


def test_text_that_a_spreadsheet_would_run_stays_text(run, desk, folder):
    run.json("adopt", folder, "--to", "r")
    assert "=cmd|' /C calc'!A0" in [s.opened.event.text for s in desk.state("r").situations]


def test_what_was_decided_alone_is_the_baseline_and_what_was_advised_never_counts(
    run, desk, folder
):
    run.json("adopt", folder, "--to", "r")
    by = {s.opened.occurred_at.month: s for s in desk.state("r").situations}
    assert [by[n].evidence_subject for n in (1, 2, 3, 4)] == [
        "own_call",
        None,
        "own_call",
        "own_call",
    ]
    assert {a.situation for a in seeded.told(desk, RatingAsked)} == {by[n].key for n in (1, 3, 4)}


def test_raters_are_asked_about_the_newest_and_no_more(run, desk, tmp_path):
    rows = "".join(f"2025-01-{n:02d};Case {n};Did {n};;;own\n" for n in range(1, 21))
    run.json("adopt", table(tmp_path, f"{HEAD}\n{rows}"), "--to", "r", "--baseline", 4)
    found = desk.state("r").situations
    assert [s.own_call is not None for s in found] == [False] * 16 + [True] * 4
    assert all(s.evidence_subject is None for s in found[:16])


def test_nothing_brought_after_the_baseline_is_evidence_of_anything(run, desk, folder):
    run.json("adopt", folder, "--to", "r")
    keys = tuple(s.key for s in desk.state("r").situations if s.own_call)
    desk.write("r", BaselineTaken(situations=keys), actor="mia")
    run.json("adopt", table(folder, f"{HEAD}\n2025-05-01;Late;Did it;;Fine;own\n"), "--to", "r")
    late = desk.state("r").situations[-1]
    assert (late.own_call, late.evidence_subject, late.asked) == (None, None, ())
    assert not seeded.told(desk, ThresholdMet)


def test_notes_are_ones_own_and_principles_are_the_notebook(run, desk, folder):
    run.json("adopt", folder, "--to", "r")
    notes = [e for e in desk.entries("r") if isinstance(e.event, Noted)]
    assert {(n.actor, n.visibility) for n in notes} == {("leo", Visibility.OWN)}
    (kept,) = seeded.told(desk, PrincipleKept)
    assert (kept.says, kept.when_not) == ("Ask who waits before asking why", "It is a drill")


def test_a_trainer_brings_its_own_notes_and_nobodys_cases(run, desk, folder):
    assert run.json("adopt", folder / "notes.md", "--to", "r", "--as", "mia")["written"] == 2
    assert {e.actor for e in desk.entries("r") if isinstance(e.event, Noted)} == {"mia"}
    assert run.refused("adopt", folder, "--to", "r", "--as", "mia") == (4, "not_your_role")
    assert run.refused("adopt", folder, "--to", "r", "--as", "eve") == (4, "not_your_role")


def test_columns_of_criteria_hold_notes_or_ones_own_rating(run, desk, tmp_path):
    name = str(GOAL.criteria[0].name)
    text = f'situation,what I did,"{name}",{KEYS[1]}\nA night,Waited,I saw it late,4\n'
    run.json("adopt", table(tmp_path, text), "--to", "r")
    (known,) = desk.state("r").situations
    assert known.criteria == KEYS[:2]
    assert known.opened.event.facts == {KEYS[0]: "I saw it late"}
    (rated,) = known.ratings
    assert (rated.event.ratings, rated.event.as_self) == ({KEYS[1]: 4}, True)


# once ------------------------------------------------------------------------------------------
def test_brought_again_nothing_is_written(run, desk, folder):
    run.json("adopt", folder, "--to", "r")
    before = kinds(desk)
    told = run.json("adopt", folder, "--to", "r")
    assert (told["written"], told["here_already"], kinds(desk)) == (0, 7, before)


def test_the_same_row_twice_is_one_case(run, desk, tmp_path):
    run.json("adopt", table(tmp_path, f"{HEAD}\n" + ";A night;Waited;;;own\n" * 3), "--to", "r")
    assert len(desk.state("r").situations) == 1


def test_what_was_erased_does_not_come_back(run, desk, folder):
    run.json("adopt", folder, "--to", "r")
    desk.redact("r", desk.state("r").situations[0].opened.seq)
    assert run.json("adopt", folder, "--to", "r")["written"] == 0


def test_a_dry_run_writes_nothing_and_names_each(run, desk, folder):
    before = kinds(desk)
    told = run.json("adopt", folder, "--to", "r", "--dry-run")
    assert len(told["rows"]) == 7
    assert {r["as"] for r in told["rows"]} == {"to be rated", "told"}
    assert kinds(desk) == before
    assert (
        "situations.csv:2\tcase\t2025-01-10\tto be rated"
        in run("adopt", folder, "--to", "r", "--dry-run").out
    )


def test_killed_in_the_middle_it_goes_on_where_it_was(desk, sqlite_url, tmp_path, run):
    rows = "".join(f"2025-01-01;Case {n};Did {n};;It held;own\n" for n in range(400))
    file = table(tmp_path, f"{HEAD}\n{rows}")
    command = [sys.executable, "-m", "tutelage.doors.cli", "adopt", str(file), "--to", "r"]
    code = "from tutelage.doors.cli import main; main()"
    command = [sys.executable, "-c", code, *command[3:]]
    started = subprocess.Popen(command, env={**os.environ, "TUTELAGE_URL": sqlite_url})
    while len(desk.state("r").situations) < 5 and started.poll() is None:
        time.sleep(0.02)
    started.send_signal(signal.SIGKILL)
    started.wait()
    half = desk.state("r").situations
    assert 5 <= len(half) < 400
    assert all(s.outcome for s in half)
    run.json("adopt", file, "--to", "r")
    assert len(desk.state("r").situations) == 400
    assert desk.verify("r").ok


# what cannot be read ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (";;Waited;;;own", "It does not say what was going on."),
        (";A night;;;;own", "It does not say what was done."),
        ("32.13.2025;A night;Waited;;;own", "There is no day 32.13.2025."),
        ("soon;A night;Waited;;;own", "Write the date as 2025-03-01, not soon."),
        ("3/4/2025;A night;Waited;;;own", "Write the date as 2025-03-01, not 3/4/2025."),
        ("2999-01-01;A night;Waited;;;own", "Its date lies ahead."),
        (";A night;Waited;;;both", "Whose is own or advised, not both."),
        (";A night;Waited;;;own;x;y", "This row has 8 cells, and the first row names 6 columns."),
        (';"A night;Waited;;;own', "This row cannot be read: unexpected end of data."),
        (f";{'x' * 70_000};Waited;;;own", "A text here is longer than 65,536 bytes."),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_nothing_is_written(
    run, desk, tmp_path, row, reason
):
    file = table(tmp_path, f"{HEAD}\n;Good;Did;;;own\n{row}\n")
    before = kinds(desk)
    assert run.refused("adopt", file, "--to", "r") == (6, "bad_lines")
    said = run("adopt", file, "--to", "r", "--dry-run")
    assert (said.code, f"table.csv:3\tcannot be read\t{reason}" in said.out) == (6, True)
    assert kinds(desk) == before
    told = run.json("adopt", file, "--to", "r", "--skip-bad")
    assert (told["written"], [b["reason"] for b in told["bad"]]) == (1, [reason])


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("date;place", "The first row names no column situation and what i did."),
        ("situation;what I did;mood", "There is no column mood; name it by a criterion."),
        ("situation;what I did;case", "The column text is there twice."),
        ("", "The first row names no column situation and what i did."),
    ],
)
def test_columns_that_are_none_are_said(run, tmp_path, head, reason):
    said = run("adopt", table(tmp_path, f"{head}\na;b;c\n"), "--to", "r", "--dry-run")
    assert f"table.csv:1\tcannot be read\t{reason}" in said.out


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_table_is_read_as_office_programs_write_it(run, desk, tmp_path, delimiter, encoding):
    text = "Datum;Situation;Was ich tat\r\n01.03.2025;Prüfung fiel aus;Ärger gezeigt\r\n"
    run.json("adopt", table(tmp_path, text.replace(";", delimiter), encoding), "--to", "r")
    (known,) = desk.state("r").situations
    assert (known.opened.event.text, known.decision.event.decision) == (
        "Prüfung fiel aus",
        "Ärger gezeigt",
    )


@pytest.mark.parametrize(
    "raw", [b"\x89PNG\r\n\x1a\n\x00\x00", b"a;b\x00c", b"\xff\xfeA", b"\x81\x8d\x8f"]
)
def test_a_file_that_is_no_text_is_refused(run, tmp_path, raw):
    assert run.refused("adopt", table(tmp_path, raw), "--to", "r") == (6, "not_text")


def test_a_file_of_any_size_is_refused_before_it_is_read(run, tmp_path):
    file = tmp_path / "huge.csv"
    with file.open("wb") as opened:
        opened.truncate(100 * 1024 * 1024)
    assert run.refused("adopt", file, "--to", "r") == (6, "file_too_large")
    assert run.refused("adopt", tmp_path / "none.csv", "--to", "r") == (6, "cannot_read")
    (tmp_path / "empty").mkdir()
    assert run.refused("adopt", tmp_path / "empty", "--to", "r") == (6, "nothing_to_read")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("no heading", "This stands before the first heading (## …)."),
        ("# Title only", "There is no heading (## …) in it."),
        ("## A night\n### Mood\nbad", "There is no section Mood; name it by a criterion."),
        ("## A night\n### Why\nnone", "It does not say what was done."),
    ],
)
def test_markdown_that_is_no_case_is_said(run, tmp_path, text, reason):
    file = tmp_path / "cases.md"
    file.write_text(text)
    assert reason in run("adopt", file, "--to", "r", "--dry-run").out


def test_a_principle_without_a_part_and_one_too_many_are_said(run, tmp_path):
    file = tmp_path / "principles.md"
    file.write_text("## Ask\n### When\nAlways\n")
    assert (
        "The principle has no section When not." in run("adopt", file, "--to", "r", "--dry-run").out
    )
    file.write_text("\n".join(RULES.replace("who waits", f"who {n}") for n in range(14)))
    told = run("adopt", file, "--to", "r", "--dry-run")
    assert told.out.count("A notebook holds 12 principles") == 2


# from the beginning ----------------------------------------------------------------------------
def test_a_relationship_is_opened_goes_on_when_signed_and_is_brought_at_last(run, folder):
    (folder / "goal.md").write_text(f"# Our goal\n\n```toml\n{filled()}\n```\n")
    pair = ("--learner", "pat", "--trainer", "mia", "--to", "new")
    assert run.json("adopt", folder, *pair)["waits"].startswith("Both sign the agreement")
    for who in ("pat", "mia"):
        run.json("write", "signed", "new", "--what", "agreement", "--as", who)
    assert run.json("adopt", folder, *pair)["waits"].startswith("Both sign the goal")
    for who in ("pat", "mia"):
        run.json("write", "signed", "new", "--what", "goal", "--as", who)
    told = run.json("adopt", folder, *pair)
    assert (told["written"], told["waits"]) == (7, None)


def test_without_a_relationship_or_names_nothing_is_opened(run, folder, sqlite_url):
    assert run.refused("adopt", folder, "--to", "nowhere") == (5, "unknown_relationship")
    with Tutelage(sqlite_url) as desk:
        assert [p["id"] for p in desk.relationships()] == ["r"]
