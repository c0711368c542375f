"""What no page of ours sends is refused as a page says it, and never as an accident."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError
from starlette.testclient import TestClient

from tests.support.browsing import Browser
from tutelage.doors.web import forms


@pytest.fixture
def http(app, leo):
    """leo's browser; an error in the server is an answer to it."""
    made = TestClient(
        app, base_url="http://localhost", follow_redirects=False, raise_server_exceptions=False
    )
    made.cookies.update(dict(leo.http.cookies))
    return made


@pytest.fixture
def form(leo):
    return leo.open("/me").page.partition('name="form" value="')[2].partition('"')[0]


@pytest.mark.parametrize("what", ["agreement", "goal", "x", ""])
@pytest.mark.parametrize("version", ["0", "-1", "9" * 20, "x"])
def test_a_version_that_is_none_is_not_signed(http, form, what, version):
    sent = {"form": form, "what": what, "version": version}
    assert http.post("/r/r/sign", data=sent).status_code == 422


def test_a_space_is_no_reason_for_a_short_baseline(mia, desk):
    mia.open("/me")
    form = mia.page.partition('name="form" value="')[2].partition('"')[0]
    got = mia.http.post("/r/r/baseline", data={"form": form, "fewer": " "})
    assert got.status_code == 409


@pytest.mark.parametrize("origin", ["http://[evil", "null", "http://evil.example", ""])
def test_an_origin_that_is_none_is_a_foreign_one(http, form, origin):
    sent = {"form": form, "to": "z"}
    got = http.post("/r/r/handover", data=sent, headers={"origin": origin})
    assert got.status_code == 403


ODD = ["unicode_escape", '"utf-8\0"', "idna", "utf-16", "utf-8; charset=utf-16"]


@pytest.mark.parametrize("charset", [f"charset={c}" for c in ODD] + ["charset*=x''unicode_escape"])
@pytest.mark.parametrize("path", ["/propose", "/r/r/goal", "/r/r/write/noted", "/out", "/sign-in"])
def test_a_form_in_another_encoding_is_not_read(http, path, charset):
    body = b'--x\r\nContent-Disposition: form-data; name="form"\r\n\r\n\\ud800\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; {charset}"
    got = http.post(path, content=body, headers={"content-type": kind})
    assert 400 <= got.status_code < 500


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf8"'])
def test_a_form_in_utf_8_is_read(http, form, charset):
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    body = f"form={form}&text=said&id=f{'a' * 24}"
    got = http.post("/r/r/write/noted", content=body, headers={"content-type": kind})
    assert got.status_code == 303


def test_what_no_database_takes_never_gets_there(http, form, app, leo):
    assert http.get("/me/data?after=%00").status_code == 422
    assert http.post("/me/end", data={"form": form, "browser": "\0"}).status_code == 422
    link = app.state.accounts.link()
    stranger = Browser(app).open(f"/in/{link}")
    stranger.send(stranger.path, name="zoe", mail="a\0@example.org")
    assert stranger.says("This is no mail address.")


def test_what_is_wrong_as_a_whole_is_said_without_a_field():
    with pytest.raises(ValidationError) as wrong:
        TypeAdapter(int).validate_python("x")
    assert forms.kindly(wrong.value).startswith("Input should be")


# from elsewhere --------------------------------------------------------------------------------
def test_another_site_signs_nobody_in(app, leo, sent):
    app.state.accounts.add("eve")
    foreign = {"origin": "https://evil.example"}
    link = f"/in/{app.state.accounts.link('eve')}"
    assert leo.http.post(link, headers=foreign).status_code == 403
    assert leo.open("/me").says("leo")
    assert leo.http.post(link, headers={"origin": "http://localhost"}).status_code == 200
    asked = leo.http.post("/sign-in", data={"mail": "leo@example.org"}, headers=foreign)
    app.state.later.done()
    assert (asked.status_code, sent) == (403, [])
