"""The course and everything, as PDF: whoever may read it takes it along, and no text is markup."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from tests.support import seeded
from tests.support.browsing import SCRIPT, joined
from tutelage.domain.events import (
    DecisionRecorded,
    GuidanceGiven,
    ObstacleNamed,
    QuestionKept,
    Rated,
    RatingAsked,
)
from tutelage.domain.terms import Party
from tutelage.doors.serve import application
from tutelage.doors.web import paper, words

HOSTILE = [
    SCRIPT,
    '#import "@preview/evil:0.1.0": *',
    '#read("/etc/passwd") #panic("x") $x^2$ *b* @ref <label> ` ``` // /* \\',
    "\U0001f9d1\u200d\U0001f680 עברית العربية 漢字 \u202e reversed",
    "a\x00b\x1b[31m",
    "x" * 60_000,
    "wort " * 12_000,
    '"}; #d.title \\u{41}',
]


SHARED = {"situation": "s1", "move": "share", "text": "I did", "criteria": ("impact",)}
SHARED |= {"experience": "e1"}


@pytest.fixture
def desk(sqlite_url):
    with seeded.desk(sqlite_url) as made:
        seeded.guide(made, raters=(Party(id="rita", kind="person"),))
        yield made


@pytest.fixture
def app(desk):
    return application(desk, rate=1e6, burst=1e6, deliver=lambda _person, _link: None)


@pytest.fixture
def leo(app):
    return joined(app, "leo")


def pages(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def told(pdf, tmp_path):
    """What stands on the pages, where a reader of PDF is at hand."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext here")
    file = tmp_path / "read.pdf"
    file.write_bytes(pdf)
    got = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True)
    return got.stdout.decode()


@pytest.mark.parametrize("name", ["trajectory", "export"])
def test_it_is_a_file_to_be_kept_tagged_and_linked(leo, name):
    assert leo.open("/r/r/privacy").says(f'href="/r/r/{name}.pdf"')
    got = leo.open(f"/r/r/{name}.pdf").got
    assert (got.status_code, got.headers["content-type"]) == (200, "application/pdf")
    assert "attachment" in got.headers["content-disposition"]
    assert got.content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in got.content


def test_the_progress_page_leads_to_it(leo):
    assert leo.open("/r/r/progress").says('href="/r/r/trajectory.pdf"')


def test_the_course_has_one_to_four_pages(leo):
    assert 1 <= pages(leo.open("/r/r/trajectory.pdf").got.content) <= 4


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_neither_breaks_nor_runs(desk, leo, text):
    desk.write("r", QuestionKept(question="q1", text=text), actor="leo")
    named = ObstacleNamed(
        obstacle="o", text=text, when=text, criteria=("impact",), situations=("b0", "b1")
    )
    desk.write("r", named, actor="leo")
    for name in ("trajectory", "export"):
        got = leo.open(f"/r/r/{name}.pdf").got
        assert got.status_code == 200
        assert got.content.startswith(b"%PDF-")
    assert pages(leo.open("/r/r/trajectory.pdf").got.content) <= 4


def test_markup_of_the_typesetter_is_read_as_it_was_written(desk, leo, tmp_path):
    desk.write("r", QuestionKept(question="q1", text='#panic("x") *b* $y$'), actor="leo")
    for name in ("trajectory", "export"):
        assert '#panic("x") *b* $y$' in told(leo.open(f"/r/r/{name}.pdf").got.content, tmp_path)


def test_it_is_written_in_the_reader_s_language(leo, tmp_path):
    leo.open("/me").send("/me/reads", language="de")
    said = told(leo.open("/r/r/trajectory.pdf").got.content, tmp_path)
    assert "Der Verlauf von leo" in said
    assert "Gemacht am" in said


def test_decisions_after_help_stand_apart(desk):
    for actor, event in (
        ("leo", seeded.opened("s1")),
        ("leo", seeded.own_call("s1")),
        ("mia", GuidanceGiven(**SHARED)),
    ):
        desk.write("r", event, actor=actor)
    desk.collect_guidance("r", "s1", actor="leo")
    decided = DecisionRecorded(situation="s1", decision="d", why="w", advice="taken")
    desk.write("r", decided, actor="leo")
    desk.system("r", RatingAsked(situation="s1", subject="decision", rater="rita", shown=()))
    rated = Rated(situation="s1", subject="decision", ratings={"impact": 5})
    desk.write("r", rated, actor="rita")
    found, state = desk.trajectory("r"), desk.state("r")
    rows = {r["name"]: r for r in paper._criteria(found, paper._assisted(state))["rows"]}
    (helped,) = [r["assisted"] for r in rows.values() if r["assisted"] is not None]
    assert helped == 5.0


def test_guidance_that_was_not_read_is_not_on_its_learner_s_paper(desk, leo, app, tmp_path):
    desk.write("r", seeded.opened("s1"), actor="leo")
    desk.write("r", seeded.own_call("s1"), actor="leo")
    given = GuidanceGiven(situation="s1", move="ask", text="I woke Ann?", criteria=("impact",))
    desk.write("r", given, actor="mia")
    assert "I woke Ann?" not in told(leo.open("/r/r/export.pdf").got.content, tmp_path)
    mia = joined(app, "mia").open("/r/r/export.pdf")
    assert "I woke Ann?" in told(mia.got.content, tmp_path)


def test_a_stranger_gets_no_paper_and_a_blind_rater_no_course(app):
    eve, rita = joined(app, "eve"), joined(app, "rita")
    for name in ("trajectory", "export"):
        assert eve.open(f"/r/r/{name}.pdf").got.status_code == 403
    assert rita.open("/r/r/trajectory.pdf").got.status_code == 403


def test_a_blind_rater_s_paper_holds_what_it_may_read_and_no_looks(app, leo, tmp_path):
    leo.open("/r/r")
    said = told(joined(app, "rita").open("/r/r/export.pdf").got.content, tmp_path)
    assert "Wait ten minutes" not in said
    assert "Who looked at what" not in said


def test_a_thick_export_holds_the_newest_and_says_so(desk, monkeypatch, tmp_path):
    monkeypatch.setattr(paper, "SET", 5)
    entries = list(desk.entries("r"))
    pdf = paper.export("r", desk.state("r"), entries, [], desk.clock())
    assert f"The newest 5 of {len(entries)} entries" in told(pdf, tmp_path)


def test_every_text_that_is_gone_is_said_to_be_gone(desk, leo):
    for entry in list(desk.entries("r")):
        desk.redact("r", entry.seq)
    for language in words.LANGUAGES:
        leo.open("/me").send("/me/reads", language=language)
        for name in ("trajectory", "export"):
            assert leo.open(f"/r/r/{name}.pdf").got.status_code == 200


def test_no_other_command_pays_for_the_typesetter():
    code = "import sys, tutelage.doors.serve, tutelage.doors.cli; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
