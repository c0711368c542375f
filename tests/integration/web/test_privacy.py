"""What one may read is taken along, and what one wrote is erased, in the browser."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from tests.support import seeded
from tests.support.browsing import SCRIPT, joined
from tutelage.domain.events import GuidanceGiven, Noted, QuestionKept, Redacted
from tutelage.domain.terms import Party
from tutelage.doors.web import paper

GIVEN = {"situation": "s1", "move": "ask", "text": "I woke Ann?", "criteria": ("impact",)}
SAID = "The certificate of the shop"


@pytest.fixture
def guided(desk):
    seeded.guide(desk)
    desk.write("r", QuestionKept(question="q1", text=SAID), actor="leo")
    return desk.state("r").seq


def lines(browser):
    found = map(json.loads, browser.open("/r/r/export.jsonl").page.splitlines())
    return [line for line in found if "look" not in line]


def rows(browser):
    return list(csv.DictReader(io.StringIO(browser.open("/r/r/export.csv").page, newline="")))


def erased(browser, seq):
    return browser.open(f"/r/r/erase/{seq}").send(f"/r/r/erase/{seq}")


# taken along -----------------------------------------------------------------------------------
def test_every_entry_that_i_may_read_is_taken_along(leo, guided):
    found = lines(leo)
    assert {line["seq"] for line in found} <= set(range(1, guided + 1))
    assert found[-1]["facts"]["kind"] == "question_kept"
    assert found[-1]["texts"] == [SAID]
    assert "attachment" in leo.got.headers["content-disposition"]


def test_every_text_is_a_row_of_a_table(leo, guided):
    (row,) = [r for r in rows(leo) if r["seq"] == str(guided) and r["field"] == "text"]
    assert (row["kind"], row["actor"], row["value"]) == ("question_kept", "leo", SAID)


def test_guidance_that_was_not_read_is_in_no_export_of_its_learner(leo, mia, desk):
    desk.write("r", seeded.opened("s1"), actor="leo")
    desk.write("r", seeded.own_call("s1"), actor="leo")
    desk.write("r", GuidanceGiven(**GIVEN), actor="mia")
    for path in ("/r/r/export.jsonl", "/r/r/export.csv", "/r/r/privacy"):
        assert "I woke Ann?" not in leo.open(path).page
    assert "I woke Ann?" in mia.open("/r/r/export.jsonl").page


def test_a_blind_rater_takes_along_what_it_may_read_and_no_more(app, desk):
    seeded.guide(desk, raters=(Party(id="rita", kind="person"),))
    rita = joined(app, "rita")
    assert {line["actor"] for line in lines(rita)} == {"rita", "system"}
    assert not rita.says("Wait ten minutes")
    assert {r["kind"] for r in rows(rita)} == {"rating_asked", "rated"}


def test_a_blind_rater_takes_no_time_and_no_order_along(app, desk, monkeypatch):
    set_ = []
    monkeypatch.setattr(paper, "_set", lambda *a, **_: set_.append(str(a[2]["entries"])) or b"")
    seeded.guide(desk, raters=(Party(id="rita", kind="person"),))
    for n in range(5):
        desk.write("r", seeded.opened(f"n{n}"), actor="leo")
        desk.write("r", seeded.own_call(f"n{n}"), actor="leo")
    rita = joined(app, "rita")
    asked = [line for line in lines(rita) if line["facts"]["kind"] == "rating_asked"]
    assert not {"seq", "written_at", "occurred_at"} & {key for line in asked for key in line}
    keys = [line["facts"]["situation"] for line in asked]
    assert sorted(keys) != keys
    assert "2026" not in rita.open("/r/r/export.csv").page
    rita.open("/r/r/export.pdf")
    assert "2026" not in set_[0]


def test_what_a_spreadsheet_would_run_is_text(leo, desk):
    desk.write("r", QuestionKept(question="q2", text='=HYPERLINK("http://x")'), actor="leo")
    assert [r["value"] for r in rows(leo) if "HYPERLINK" in r["value"]] == [
        '\'=HYPERLINK("http://x")'
    ]
    assert not [r for r in rows(leo) if r["value"][:1] in set("=+-@")]


def test_a_stranger_takes_nothing_along_and_erases_nothing(app, guided, desk):
    eve = joined(app, "eve")
    form = re.search(r'name="form" value="([^"]+)"', eve.page)[1]
    for path in ("export.jsonl", "export.csv", "privacy", f"erase/{guided}"):
        assert eve.open(f"/r/r/{path}").got.status_code == 403
        assert not eve.says(SAID)
    assert eve.http.post(f"/r/r/erase/{guided}", data={"form": form}).status_code == 403
    assert not seeded.told(desk, Redacted)


# erased ----------------------------------------------------------------------------------------
def test_a_text_is_shown_before_it_is_erased_and_then_nobody_reads_it(leo, mia, guided, desk):
    assert leo.open("/r/r/privacy").says(SAID)
    assert leo.open(f"/r/r/erase/{guided}").says(SAID)
    assert not seeded.told(desk, Redacted)
    leo.send(f"/r/r/erase/{guided}")
    assert leo.path == "/r/r/privacy"
    for path in ("privacy", "notebook", "progress", "export.jsonl", "export.csv"):
        for browser in (leo, mia):
            assert not browser.open(f"/r/r/{path}").says(SAID)
    assert desk.verify("r").ok


def test_erasing_twice_is_erasing_once(leo, guided, desk):
    page = leo.open(f"/r/r/erase/{guided}").page
    for _ in range(2):
        leo.page = page
        assert leo.send(f"/r/r/erase/{guided}").got.status_code == 200
    assert len(seeded.told(desk, Redacted)) == 1
    assert leo.open(f"/r/r/erase/{guided}").says("There is no text there to erase.")


def test_nobody_erases_what_the_other_wrote_unless_it_is_their_course(leo, mia, guided):
    form = re.search(r'name="form" value="([^"]+)"', mia.open("/r/r").page)[1]
    assert mia.open(f"/r/r/erase/{guided}").got.status_code == 403
    assert mia.http.post(f"/r/r/erase/{guided}", data={"form": form}).status_code == 403
    assert not mia.open("/r/r/privacy").says(f'/erase/{guided}"')
    assert leo.open("/r/r/notebook").says(SAID)


def test_a_note_of_somebody_else_cannot_be_found_by_its_number(leo, mia, desk):
    desk.write("r", Noted(text="Mine alone"), actor="mia")
    seq = desk.state("r").seq
    assert leo.open(f"/r/r/erase/{seq}").got.status_code == 404
    assert not leo.says("Mine alone")
    assert erased(mia, seq).path == "/r/r/privacy"


def test_every_page_stands_when_every_text_is_gone(leo, mia, desk):
    for entry in list(desk.entries("r")):
        desk.redact("r", entry.seq)
    paths = ("", "/s/b0", "/levels", "/between", "/life", "/notebook", "/progress", "/privacy")
    for path in (*paths, "/export.jsonl", "/export.csv", "/erase/1"):
        assert leo.open(f"/r/r{path}").got.status_code == 200
    assert leo.open("/r/r/privacy").says("There is none.")


@pytest.mark.parametrize("seq", ["0", "-1", "99999999", "9" * 30, "x"])
def test_a_number_that_is_none_is_refused(leo, seq):
    assert leo.open(f"/r/r/erase/{seq}").got.status_code in {404, 422}


def test_older_texts_are_a_click_away(leo, desk):
    for n in range(60):
        desk.write("r", QuestionKept(question=f"k{n}", text=f"Question number {n}."), actor="leo")
    assert not leo.open("/r/r/privacy").says("Question number 3.")
    older = re.search(r'href="(/r/r/privacy\?before=\d+)"', leo.page)[1]
    assert leo.open(older).says("Question number 3.")


def test_a_text_with_script_is_shown_as_text_before_it_is_erased(leo, desk):
    desk.write("r", QuestionKept(question="q2", text=SCRIPT), actor="leo")
    for path in ("privacy", f"erase/{desk.state('r').seq}"):
        assert leo.open(f"/r/r/{path}").says(SCRIPT)
        assert "<script>" not in leo.page
