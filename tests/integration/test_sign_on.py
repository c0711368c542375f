"""Single sign-on against a real provider: in, by a new name, by an address, added, and refused."""

from __future__ import annotations

import hashlib
import hmac
import html
import json
import logging
import random
import re
import time
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import httpx
import pytest
from joserfc import jwt
from starlette.responses import JSONResponse, Response
from starlette.testclient import TestClient

from tests.support import seeded
from tests.support.browsing import SCRIPT, Browser, joined
from tests.support.provider import CLIENT, NOBODY, SECRET, IdProvider
from tutelage import Tutelage
from tutelage.doors.serve import application
from tutelage.service.settings import Settings, SignOn


@pytest.fixture(scope="module")
def running():
    with IdProvider().up() as made:
        yield made


@pytest.fixture
def provider(running):
    running.who = {"sub": "42", "preferred_username": "leo"}
    running.claims, running.answers, running.signs = {}, {}, None
    return running


class Clock:
    """The hour, which a test can move."""

    ahead = timedelta()

    def __call__(self):
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(sqlite_url, clock):
    with Tutelage(sqlite_url, clock=clock, entropy=random.Random(5).randbytes) as made:
        yield made


def opened(desk, provider, *, join=False):
    set_up = SignOn(provider.issuer, CLIENT, SECRET, "Acme <ID>", join)
    given = {"rate": 1e6, "burst": 1e6, "deliver": lambda _person, _link: None}
    return application(desk, settings=Settings(sign_on=set_up), **given)


@pytest.fixture
def app(desk, provider):
    return opened(desk, provider)


@pytest.fixture
def open_app(desk, provider):
    return opened(desk, provider, join=True)


class Signing(Browser):
    """A browser that goes to the provider and comes back."""

    def out(self, path="/sso"):
        """Off to the provider: where it sends the browser back to."""
        got = self.http.get(path, follow_redirects=False)
        assert got.status_code == 302, got.text
        back = httpx.get(got.headers["location"]).headers["location"]
        return back.removeprefix("http://localhost")

    def through(self, path="/sso"):
        return self.open(self.out(path))

    def in_(self):
        return self.open("/").says("My turn")


def leo(app):
    """Somebody with an account, and a browser that is signed in."""
    return joined(app, "leo")


def links(app, name):
    issuer = app.state.sign_ons.provider.settings.issuer
    return app.state.sign_ons.subjects.kept(name, issuer)


# in --------------------------------------------------------------------------------------------
def test_the_page_offers_it_by_a_link_only_where_it_is_set_up(app, desk):
    page = Browser(app).open("/sign-in")
    assert page.says("Sign in with Acme <ID>")
    assert '<a class="button second" href="/sso">' in page.page
    without = application(desk)
    assert not Browser(without).open("/sign-in").says("Sign in with")
    assert Browser(without).open("/sso").got.status_code == 404
    assert Browser(without).open("/sso/back?code=x&state=y").got.status_code == 404


def test_somebody_adds_it_to_their_account_and_signs_in_by_it(app):
    browser = leo(app)
    browser.open("/me")
    assert browser.says("Sign in with Acme <ID> from now on")
    back = Signing.out(browser)
    browser.open(back)
    assert browser.path == "/sso/keep"
    assert not links(app, "leo")  # it was only asked
    browser.send("/sso/keep")
    assert browser.says("With Acme <ID>, or by a link.")
    other = Signing(app).through()
    assert other.path == "/"
    assert other.says("My turn")
    assert len(app.state.accounts.browsers("leo")) == 2


def test_it_is_taken_away_again_by_who_has_an_address(app):
    browser = leo(app)
    browser.open(Signing.out(browser)).send("/sso/keep").send("/sso/drop")
    assert not links(app, "leo")
    assert Signing(app).through().says("There is no account here for you yet")


def test_nobody_locks_themselves_out(open_app):
    browser = Signing(open_app).through().send("/sso/join", name="leo")
    page = browser.open("/me").page
    assert "/sso/drop" not in page
    form = re.search(r'name="form" value="([^"]+)"', page)[1]
    assert browser.http.post("/sso/drop", data={"form": form}).status_code == 409
    assert links(open_app, "leo")


def test_an_address_that_is_verified_opens_the_account_that_has_it(app, provider):
    typed_by_another = leo(app)
    provider.who |= {"email": "LEO@example.org", "email_verified": True}
    assert Signing(app).through().says("My turn")
    assert links(app, "leo")
    # whoever made the account with that address proved nothing, and is signed out
    assert not typed_by_another.open("/").says("My turn")


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_is_not_verified_opens_nothing(app, provider, verified):
    leo(app)
    provider.who |= {"email": "leo@example.org", "email_verified": verified}
    browser = Signing(app).through()
    assert browser.got.status_code == 403
    assert not browser.in_()
    assert not links(app, "leo")


def test_another_address_opens_nothing(app, provider):
    leo(app)
    provider.who |= {"email": "leo@example.org.evil.example", "email_verified": True}
    assert not Signing(app).through().in_()


# joining ---------------------------------------------------------------------------------------
def test_a_stranger_joins_only_where_the_operator_allows_it(app, open_app):
    browser = Signing(app).through()
    assert browser.got.status_code == 403
    assert browser.says("ask for an invitation")
    assert browser.open("/sso/join").says("begun elsewhere")
    assert app.state.accounts.empty()
    asked = Signing(open_app).through()
    assert 'value="leo"' in asked.page
    assert asked.send("/sso/join", name="lea").says("My turn")
    assert Signing(open_app).through().open("/me").says("lea")


def test_whoever_holds_an_invitation_joins_and_uses_it_up(app):
    invitation = app.state.accounts.link()
    browser = Signing(app).open(f"/in/{invitation}")
    path = html.unescape(re.search(r'href="(/sso\?invited=[^"]+)"', browser.page)[1])
    browser.through(path).send("/sso/join", name="leo")
    assert browser.says("My turn")
    assert Browser(app).open(f"/in/{invitation}").says("used already")


def test_an_invitation_for_somebody_with_an_account_lets_nobody_else_join(app):
    leo(app)
    link = app.state.accounts.link("leo")
    assert not Signing(app).through(f"/sso?invited={link}").in_()
    assert not Signing(app).through("/sso?invited=guess").in_()


def test_a_verified_address_is_kept_and_another_is_not(open_app, provider):
    provider.who |= {"email": "lea@example.org", "email_verified": True}
    asked = Signing(open_app).through()
    assert asked.says("Mail reaches you at lea@example.org.")
    asked.send("/sso/join", name="lea")
    provider.who |= {"sub": "43", "email": "eve@example.org", "email_verified": False}
    Signing(open_app).through().send("/sso/join", name="eve")
    people = open_app.state.accounts
    assert (people.person("lea").mail, people.person("eve").mail) == ("lea@example.org", None)


def test_nobody_joins_under_a_name_that_means_somebody_here(open_app, desk):
    leo(open_app)
    desk.open(seeded.proposed(), actor="leo")  # its trainer is mia, who has no account yet
    desk.keys.make("ann")
    browser = Signing(open_app).through()
    page = browser.page
    for name in ("leo", "mia", "MIA", "ann", "", "a b", SCRIPT, "x" * 64 + "y"):
        browser.page = page
        browser.send("/sso/join", name=name)
        assert browser.got.status_code in {409, 422}
        assert "<script>" not in browser.page
        assert not browser.in_()
    browser.page = page
    assert browser.send("/sso/join", name="zoe").says("My turn")


def test_single_sign_on_gives_no_role(open_app, desk):
    name = desk.open(seeded.proposed(), actor="leo")
    browser = Signing(open_app).through().send("/sso/join", name="zoe")
    assert browser.open(f"/r/{name}").got.status_code == 403


def test_who_joins_reads_on_in_their_language(open_app):
    browser = Signing(open_app)
    browser.http.headers["Accept-Language"] = "de"
    assert browser.open("/sign-in").says("Mit Acme <ID> anmelden")
    assert browser.through().says("Du hast hier noch kein Konto")
    assert browser.send("/sso/join", name="lea").says("Ich bin dran")
    assert open_app.state.accounts.person("lea").language == "de"
    assert browser.open("/me").says("Mit Acme <ID> oder über einen Link.")


def test_who_types_another_name_changes_nothing_for_its_owner(app):
    leo(app)
    invitation = app.state.accounts.invite("zed", by="leo")
    browser = Signing(app)
    browser.http.headers["Accept-Language"] = "de"
    browser.through(f"/sso?invited={invitation}").send("/sso/join", name="leo")
    people = app.state.accounts
    assert [people.person(n).language for n in ("leo", "zed")] == ["en", "de"]


# who is signed in already ----------------------------------------------------------------------
def test_somebody_signed_in_is_never_turned_into_somebody_else(open_app):
    Signing(open_app).through().send("/sso/join", name="mia")
    browser = leo(open_app)
    browser.open(Signing.out(browser))
    assert browser.got.status_code == 409
    assert browser.says("belongs to another account here; sign out first")
    assert browser.open("/me").says("leo")
    assert not links(open_app, "leo")


def test_no_other_site_adds_its_sign_in_to_an_account(app):
    browser = leo(app)
    browser.open(Signing.out(browser))
    assert browser.http.post("/sso/keep", data={"form": "guess"}).status_code == 403
    form = re.search(r'name="form" value="([^"]+)"', browser.page)[1]
    evil = {"Origin": "https://evil.example"}
    assert browser.http.post("/sso/keep", data={"form": form}, headers=evil).status_code == 403
    assert not links(app, "leo")


def test_no_other_site_joins_in_somebodys_name(open_app):
    browser = Signing(open_app).through()
    evil = {"Origin": "https://evil.example"}
    assert browser.http.post("/sso/join", data={"name": "x"}, headers=evil).status_code == 403


def test_of_two_who_add_the_same_sign_in_one_is_told(app):
    one, other = leo(app), joined(app, "mia")
    one.open(Signing.out(one))
    other.open(Signing.out(other))
    assert one.send("/sso/keep").path == "/me"
    assert other.send("/sso/keep").got.status_code == 409
    assert (links(app, "leo"), links(app, "mia")) == (True, False)


# what comes back wrong -------------------------------------------------------------------------
def known(app, provider):
    """A browser to sign in with, of somebody whose sign-in opens an account."""
    browser = leo(app)
    browser.open(Signing.out(browser)).send("/sso/keep")
    return Signing(app)


def refused(browser, status=(401, 403)):
    """A clear page, nothing leaked, no session."""
    assert browser.got.status_code in status
    assert browser.says("That did not work")
    for secret in (SECRET, "Traceback", "id_token", "verifier", "invalid_grant"):
        assert secret not in browser.page
    assert "tutelage" not in browser.http.cookies
    return not browser.in_()


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": ["another", "third"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"exp": "soon"},
        {"iat": None},
        {"nbf": 99_999_999_999},
        {"sub": None},
        {"sub": ""},
        {"sub": 42},
        {"sub": "4\x002"},
        {"sub": "x" * 256},
        {"iss": None},
        {"aud": None},
        {"at_hash": "another"},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(app, provider, claims):
    browser = known(app, provider)
    provider.claims = claims
    assert refused(browser.through())


def test_a_token_that_another_signed_is_refused(app, provider):
    browser = known(app, provider)
    provider.signs = NOBODY
    assert refused(browser.through())


def part(said):
    return urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


@pytest.mark.parametrize("alg", ["none", "None", "HS256"])
def test_a_token_that_anybody_could_have_signed_is_refused(app, provider, alg, monkeypatch):
    browser = known(app, provider)
    right = provider.id_token

    def forged(nonce):
        claims = jwt.decode(right(nonce), provider.key).claims
        body = f"{part({'alg': alg, 'kid': 'one'})}.{part(claims)}"
        mark = hmac.new(SECRET.encode(), body.encode(), hashlib.sha256).digest()
        return f"{body}.{urlsafe_b64encode(mark).decode().rstrip('=') if alg == 'HS256' else ''}"

    monkeypatch.setattr(provider, "id_token", forged)
    assert refused(browser.through())


def nonsense():
    texts = (b"", b"<html>", b"[]", b"null", b"42", b'{"a"', b'{"id_token": 7}', b"\xff\xfe", b"{}")
    for path in ("/token", "/jwks", "/.well-known/openid-configuration"):
        for text in texts:
            yield path, 200, text
    yield "/token", 200, b'{"access_token": "x", "token_type": "Bearer", "id_token": "a.b.c"}'
    yield "/token", 400, b'{"error": "invalid_grant", "error_description": "<script>"}'
    yield "/jwks", 200, b'{"keys": []}'
    yield "/jwks", 200, b'{"keys": [{"kty": "RSA"}, 7]}'
    yield "/jwks", 200, b'{"keys": ' + b"[" * 5000 + b"]" * 5000 + b"}"


@pytest.mark.parametrize(("path", "status", "text"), list(nonsense()))
def test_a_provider_that_answers_nonsense_signs_nobody_in(app, provider, path, status, text):
    browser = known(app, provider)
    back = browser.out()
    app.state.sign_ons.provider._until = 0  # so that it is asked again who it is
    provider.answers[path] = lambda: Response(text, status, media_type="application/json")
    assert refused(browser.open(back), (401, 403, 503))


@pytest.mark.parametrize("path", ["/token", "/jwks", "/.well-known/openid-configuration"])
def test_a_provider_that_is_broken_says_so(app, provider, path, caplog):
    browser = known(app, provider)
    back = browser.out()
    app.state.sign_ons.provider._until = 0
    provider.answers[path] = lambda: Response(b"secrets of theirs", 503)
    assert refused(browser.open(back), (503,))
    assert "secrets of theirs" not in browser.page + caplog.text


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": 7},
        {"jwks_uri": "http://[evil"},
    ],
    ids=str,
)
def test_a_description_that_leads_elsewhere_is_not_followed(app, provider, changed):
    said = {**provider.description(), **changed}
    provider.answers["/.well-known/openid-configuration"] = lambda: JSONResponse(said)
    got = Signing(app).http.get("/sso", follow_redirects=False)
    assert got.status_code == 401
    assert "evil" not in got.text + got.headers.get("location", "")


def test_a_provider_that_is_down_leaves_the_way_by_link(desk, caplog):
    gone = IdProvider()
    app = opened(desk, gone)
    browser = Signing(app).open("/sso")
    assert browser.got.status_code == 503
    assert browser.says("The sign-in service does not answer; try again in a moment")
    assert browser.open("/sign-in").says("Send me a link")
    assert SECRET not in caplog.text


def test_after_a_failure_it_is_not_asked_again_at_once(app, provider):
    provider.answers["/.well-known/openid-configuration"] = lambda: Response(b"", 500)
    before = len(provider.asked)
    for _ in range(5):
        assert Signing(app).open("/sso").got.status_code == 503
    assert len(provider.asked) == before + 1


def test_two_who_begin_at_once_ask_for_one_description(app, provider):
    before, start, got = len(provider.asked), Barrier(3), []
    provider.answers["/.well-known/openid-configuration"] = lambda: (
        time.sleep(0.3) or JSONResponse(provider.description())
    )

    def begin():
        browser = Signing(app)
        start.wait()
        got.append(browser.http.get("/sso", follow_redirects=False).status_code)

    threads = [Thread(target=begin) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert got == [302] * 3
    assert len(provider.asked) == before + 1


def test_a_provider_that_hangs_holds_up_no_other_page(app):
    provider = app.state.sign_ons.provider
    held = [provider._room.acquire(blocking=False) for _ in range(4)]
    assert all(held)
    assert Signing(app).open("/sso").got.status_code == 503
    for _ in held:
        provider._room.release()
    assert Signing(app).out().startswith("/sso/back?")


# what the browser brings back ------------------------------------------------------------------
def test_a_callback_is_good_once(app, provider):
    browser = known(app, provider)
    cookie = dict(browser.http.cookies)
    back = browser.out()
    cookie = dict(browser.http.cookies)
    assert browser.open(back).says("My turn")
    again = Signing(app)
    again.http.cookies.update({"sso": cookie["sso"]})
    assert refused(again.open(back))
    assert refused(Signing(app).open(back))


def test_a_callback_is_for_the_browser_that_began(app, provider):
    browser, other = known(app, provider), Signing(app)
    back = browser.out()
    assert refused(other.open(back))
    other.out()
    assert refused(other.open(back))
    assert browser.open(back).says("My turn")


def test_a_sign_in_that_took_too_long_is_begun_anew(app, provider, clock):
    browser = known(app, provider)
    back = browser.out()
    clock.ahead = timedelta(minutes=11)
    assert refused(browser.open(back))
    assert browser.says("you get a link that opens once")


def test_a_name_is_asked_for_some_minutes_only(open_app, clock):
    browser = Signing(open_app).through()
    clock.ahead = timedelta(minutes=11)
    assert browser.send("/sso/join", name="lea").says("is too old; begin again")
    assert open_app.state.accounts.empty()


@pytest.mark.parametrize(
    "changed",
    [
        lambda back: re.sub(r"state=[^&]+", "state=guess", back),
        lambda back: re.sub(r"state=[^&]+", "state=%C3%A4%00", back),
        lambda back: re.sub(r"state=[^&]+&?", "", back),
        lambda back: re.sub(r"code=[^&]+", "code=guess", back),
        lambda back: re.sub(r"code=[^&]+", "code=", back),
        lambda back: re.sub(r"code=[^&]+", "error=access_denied&error_description=<script>", back),
        lambda back: re.sub(r"iss=[^&]+", "iss=https://evil.example", back),
        lambda _back: "/sso/back",
    ],
)
def test_a_callback_that_was_changed_is_refused(app, provider, changed):
    browser = known(app, provider)
    assert refused(browser.open(changed(browser.out())))
    assert "<script>" not in browser.page


@pytest.mark.parametrize("value", ["", ".", "x", "eyJhIjoxfQ==.ff", "ä.ö", "a" * 4000])
def test_what_a_browser_keeps_cannot_be_made_up(app, provider, value):
    browser = known(app, provider)
    back = browser.out()
    for cookie in ("sso", "sso-who"):
        browser.http.cookies.delete(cookie) if cookie in browser.http.cookies else None
    headers = {"Cookie": f"sso={value}; sso-who={value}".encode()}
    assert browser.http.get(back, headers=headers).status_code == 401
    assert browser.http.get("/sso/join", headers=headers).status_code == 401


def test_what_was_sealed_for_one_purpose_opens_nothing_else(app):
    seal = app.state.sign_ons.seal
    value = seal.close("flow", timedelta(minutes=1), invited="")
    assert seal.open("flow", value)
    assert seal.open("ticket", value) is None
    assert seal.open("flow", value[:-1]) is None
    assert seal.open("flow", "x" + value) is None


def test_cookies_are_for_no_script_and_for_no_other_site(app):
    got = TestClient(app, base_url="https://localhost").get("/sso", follow_redirects=False)
    said = got.headers["set-cookie"].lower()
    for word in ("httponly", "samesite=lax", "secure", "path=/sso"):
        assert word in said
    assert "max-age=600" in said


def test_nothing_secret_is_logged(open_app, provider, caplog):
    caplog.set_level(logging.DEBUG)
    browser = Signing(open_app)
    back = browser.out()
    code = re.search(r"code=([^&]+)", back)[1]
    verifier = open_app.state.sign_ons.flow(browser.http.cookies["sso"]).verifier
    browser.open(back)
    provider.claims = {"nonce": "another"}
    Signing(open_app).through()
    ours = [r for r in caplog.records if not r.name.startswith(("httpx", "httpcore", "asyncio"))]
    said = "\n".join(r.getMessage() for r in ours)
    assert "a single sign-on was refused: InvalidClaimError" in said
    for secret in (SECRET, verifier, code):
        assert secret not in said
