"""Situations from before are brought in the browser: uploaded or pasted, looked at, then kept."""

from __future__ import annotations

import html
import re

import pytest

from tests.support import seeded
from tests.support.browsing import SCRIPT

CSV = "date;situation;what I did;whose\n2025-01-10;A night;Waited;own\n2025-01-11;A day;Asked;advised\n"
AT = "/r/r/bring"


@pytest.fixture
def guided(desk):
    seeded.agree(desk)


def posted(browser, path, **data):
    file = data.pop("file", None)
    form = re.search(r'name="form" value="([^"]+)"', browser.open("/me").page)[1]
    files = {"file": ("cases.csv", file)} if file is not None else {"file": ("", b"")}
    browser.got = browser.http.post(path, data={"form": form, **data}, files=files)
    browser.page = browser.got.text
    return browser


def kept(browser):
    """The look's own form, sent as a browser sends it."""
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', browser.page)
    data = {k: html.unescape(v).replace("\n", "\r\n") for k, v in hidden}
    browser.got = browser.http.post(f"{AT}/keep", data=data)
    browser.page = browser.got.text
    return browser


def test_a_file_is_looked_at_and_then_kept(leo, desk):
    posted(leo, AT, file=CSV.encode("cp1252"))
    assert leo.says("your own call, to be rated")
    assert leo.says("told as advised, not counted")
    assert desk.state("r").situations == ()
    assert kept(leo).says("Brought and marked as retold: 2.")
    assert [s.opened.event.retold for s in desk.state("r").situations] == [True, True]


def test_a_pasted_table_is_read_too_and_once_however_often_it_is_sent(leo, desk):
    posted(leo, AT, text=CSV)
    page = leo.page
    for _ in range(2):
        leo.page = page
        kept(leo)
    assert len(desk.state("r").situations) == 2
    assert posted(leo, AT, text=CSV).says("There is nothing new in it.")


def test_rows_that_cannot_be_read_are_named_and_the_others_are_kept_where_that_is_chosen(leo, desk):
    posted(leo, AT, text=CSV + "soon;Bad;Did;own\n")
    assert leo.says("Line 4: Write the date as 2025-03-01, not soon.")
    assert kept(leo).says("Brought and marked as retold: 2.")


def test_what_is_typed_is_shown_as_it_is(leo):
    posted(leo, AT, text=f'situation,what I did\n"{SCRIPT.replace(chr(34), chr(34) * 2)}",=cmd()\n')
    assert SCRIPT not in leo.page
    assert leo.says(SCRIPT)
    assert leo.says("=cmd()")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": ""}, "Choose a file, or paste a table."),
        ({"file": b"\x89PNG\x00"}, "is no text: save it as CSV"),
        ({"file": b"x" * 1_000_001}, "This file is too large"),
        ({"text": "situation;what I did\n" + "a;b\n" * 201}, "Bring at most 200 rows at once"),
    ],
)
def test_what_is_no_table_is_said(leo, desk, given, said):
    posted(leo, AT, **given)
    assert leo.got.status_code == 422
    assert leo.says(said)


def test_a_form_of_a_hundred_megabytes_is_refused_before_it_is_read(leo):
    def never():
        yield b"a"
        raise AssertionError

    headers = {
        "content-length": str(100 * 1024 * 1024),
        "content-type": "multipart/form-data; boundary=b",
    }
    got = leo.http.post(AT, content=b"--b", headers=headers)
    assert got.status_code == 422
    assert "This file is too large" in got.text


def test_only_the_learner_brings_its_situations(mia, desk):
    assert mia.open(AT).got.status_code == 403
    assert posted(mia, AT, text=CSV).got.status_code == 403
    assert posted(mia, f"{AT}/keep", text=CSV).got.status_code in {403, 422}
    assert desk.state("r").situations == ()


def test_a_foreign_form_keeps_nothing(leo, desk):
    assert leo.http.post(f"{AT}/keep", data={"form": "stale", "text": CSV}).status_code == 403
    assert desk.state("r").situations == ()


def test_the_page_is_in_german_too(leo):
    leo.open("/me").send("/me/reads", language="de")
    assert leo.open(AT).says("Situationen von früher mitbringen")
    assert posted(leo, AT, text=CSV + "bald;Schlecht;Tat;own\n").says(
        "Zeile 4: Schreibe das Datum als"
    )
