"""Mail through a real SMTP server: handed over, tried again, never injected, never in the log."""

from __future__ import annotations

import logging
import random
import re
import time
from datetime import UTC, datetime
from threading import Event

import pytest

from tests.support.browsing import Browser, joined
from tests.support.posts import Post, certificate
from tutelage import Tutelage
from tutelage.domain.errors import Malformed
from tutelage.doors.serve import application
from tutelage.service.later import Later
from tutelage.service.mail import Mailer
from tutelage.service.settings import MailServer, Settings

SOON = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8)
ANN = {"user": "ann", "password": "p@ss"}
LINK = re.compile(r"http://localhost/in/([0-9a-f]+)")


def now():
    return datetime(2026, 3, 2, 12, tzinfo=UTC)


def mailer(post, waits=SOON, **more):
    return Mailer(MailServer("127.0.0.1", post.port, "t@learn.example", **more), now, waits)


@pytest.fixture
def post():
    with Post().up() as made:
        yield made


@pytest.fixture(autouse=True)
def _quiet():
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # of the test's own server


# handing over ----------------------------------------------------------------------------------
def test_a_mail_arrives_as_text_from_the_sender(post):
    mailer(post).send("leo@example.org", "Grüße", "Hallo Leo,\n\näöü €")
    (got,) = post.comes()
    assert (got["From"], got["To"]) == ("t@learn.example", "leo@example.org")
    assert got["Subject"] == "Grüße"
    assert got.get_content_type() == "text/plain"
    assert got.get_content().splitlines() == ["Hallo Leo,", "", "äöü €"]
    assert got["Auto-Submitted"] == "auto-generated"
    assert post.to == [["leo@example.org"]]


@pytest.mark.parametrize(
    "to",
    [
        "",
        "leo",
        "leo@example.org, eve@example.org",
        "leo@example.org\r\nBcc: eve@example.org",
        "leo@example.org\nBcc: eve@example.org",
        "<leo@example.org>",
        "leo@example.org (eve@example.org)",
        "leo@example.org\x00",
    ],
)
def test_what_is_not_one_address_gets_no_mail(post, to):
    sender = mailer(post)
    with pytest.raises(Malformed):
        sender.send(to, "s", "t")
    assert sender.later.done()
    assert post.got == []


def test_no_line_of_a_subject_or_text_becomes_a_header(post):
    hostile = "Hi\r\nBcc: eve@example.org\r\n\r\nbody\ud800"
    mailer(post).send("leo@example.org", hostile, f".\r\n{hostile}\r\n.\r\nRCPT TO:<x@y.z>")
    (got,) = post.comes()
    assert got["Bcc"] is None
    assert post.to == [["leo@example.org"]]
    assert "RCPT TO" in got.get_content()


def test_the_sender_signs_in_over_starttls_with_a_certificate_it_trusts(tmp_path, monkeypatch):
    context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    with Post(tls_context=context, require_starttls=True).up() as post:
        mailer(post, **ANN).send("leo@example.org", "s", "t")
        post.comes()
    assert post.logins == [(b"ann", b"p@ss")]


def test_the_sender_speaks_tls_from_the_first_byte_where_it_is_told_to(tmp_path, monkeypatch):
    context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    with Post(ssl_context=context, auth_require_tls=False).up() as post:
        mailer(post, tls=True, **ANN).send("leo@example.org", "s", "t")
        post.comes()
    assert post.logins == [(b"ann", b"p@ss")]


def test_nothing_goes_to_a_server_whose_certificate_nobody_vouches_for(tmp_path, caplog):
    with Post(ssl_context=certificate(tmp_path)).up() as post:
        sender = mailer(post, waits=(), tls=True, **ANN)
        sender.send("leo@example.org", "s", "t")
        assert sender.later.done()
    assert post.got == post.logins == []
    assert "SSLCertVerificationError" in caplog.text


def test_no_password_goes_over_an_open_line(monkeypatch, caplog):
    monkeypatch.setattr("tutelage.service.mail.HERE", frozenset())  # as if it were far away
    with Post(auth_require_tls=False).up() as post:
        sender = mailer(post, **ANN)
        sender.send("leo@example.org", "s", "t")
        assert sender.later.done()
    assert post.got == post.logins == []
    assert "SMTPNotSupportedError" in caplog.text


# what fails ------------------------------------------------------------------------------------
def test_a_server_that_is_down_gets_the_mail_once_it_is_up():
    post = Post()
    sender = mailer(post)
    began = time.monotonic()
    sender.send("leo@example.org", "s", "t")
    assert time.monotonic() - began < 0.5
    time.sleep(0.05)
    with post.up():
        post.comes()


def test_a_server_that_is_busy_is_asked_again(post):
    post.answers = ["451 later, please", "421 go away"]
    mailer(post).send("leo@example.org", "s", "t")
    post.comes()


@pytest.mark.parametrize(
    ("answers", "tries"), [(["554 no leo@example.org here"], 1), (["451 leo@example.org"] * 9, 3)]
)
def test_what_is_never_taken_leaves_a_line_without_its_words(post, caplog, answers, tries):
    post.answers = answers
    sender = mailer(post, waits=SOON[:2])
    sender.send("leo@example.org", "SECRET subject", "SECRET link")
    assert sender.later.done()
    (line,) = [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]
    assert line.startswith(f"a mail was not sent, after {tries} tries: SMTPDataError")
    assert "SECRET" not in caplog.text
    assert "leo" not in caplog.text


def test_one_that_waits_to_be_tried_again_holds_up_no_other(post):
    post.answers = ["451 later"]
    sender = mailer(post, waits=(0.5,))
    sender.send("leo@example.org", "first", "t")
    sender.send("mia@example.org", "second", "t")
    assert [m["Subject"] for m in post.comes(2)] == ["second", "first"]


def test_at_the_end_what_waits_is_tried_once_more_and_counted(caplog):
    post = Post()
    sender = mailer(post, waits=(60.0,))
    sender.send("leo@example.org", "s", "t")
    time.sleep(0.1)
    sender.close()
    assert "not sent" in caplog.text
    sender.send("leo@example.org", "s", "t")
    assert "a mail was not sent: too many wait already" in caplog.text


def test_no_more_waits_than_there_is_room_for():
    later = Later(most=2)
    assert [later.do(lambda: None, after=60) for _ in range(3)] == [True, True, False]


def test_what_fails_later_stops_nothing_behind_it(caplog):
    later, done = Later(), []
    later.do(lambda: 1 / 0)
    later.do(lambda: done.append(1))
    assert later.done()
    assert done == [1]
    assert "ZeroDivisionError" in caplog.text


# signing in ------------------------------------------------------------------------------------
@pytest.fixture
def desk(sqlite_url):
    with Tutelage(sqlite_url, entropy=random.Random(3).randbytes) as made:
        yield made


@pytest.fixture
def app(desk, post):
    made = application(desk, rate=1e6, burst=1e6, settings=Settings(_set(post)))
    joined(made, "leo")
    return made


def _set(post):
    return MailServer("127.0.0.1", post.port, "t@learn.example")


def asks(app, mail, **headers):
    browser = Browser(app)
    browser.http.headers.update(headers)
    return browser.open("/sign-in").send("/sign-in", mail=mail)


def test_somebody_signs_in_by_mail(app, post, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    browser = asks(app, "LEO@example.org")
    (got,) = post.comes()
    assert got["Subject"] == "Your link to sign in to Tutelage"
    text = got.get_content()
    assert "It holds for 15 minutes." in text
    assert "If you did not ask for it, ignore this mail" in text
    secret = LINK.search(text)[1]
    assert browser.open(f"/in/{secret}").send(f"/in/{secret}").says("My turn")
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith("httpx")]
    assert not [line for line in ours if secret in line]
    assert secret not in "".join(capfd.readouterr())


def test_the_mail_is_in_the_persons_language_whatever_the_browser_asks_for(app, post):
    app.state.accounts.speaks("leo", "de")
    asks(app, "leo@example.org", **{"Accept-Language": "en"})
    (got,) = post.comes()
    assert got["Subject"] == "Dein Link zum Anmelden bei Tutelage"
    assert "Er gilt 15 Minuten." in got.get_content()
    assert "beachte diese E-Mail nicht" in got.get_content()


def test_who_has_no_account_gets_no_mail_and_reads_the_same(app, post):
    there, nobody = asks(app, "leo@example.org"), asks(app, "eve@example.org")
    assert there.page == nobody.page
    assert asks(app, "eve@example.org\x00'\r\nBcc: x@y.z").page == nobody.page
    assert app.state.later.done()
    assert app.state.mailer.later.done()
    assert post.to == [["leo@example.org"]]


def test_the_answer_waits_neither_for_the_account_nor_for_the_mail_server(app, desk, monkeypatch):
    found, answered, waited = desk.people.by_mail, Event(), []
    monkeypatch.setattr(
        desk.people, "by_mail", lambda mail: waited.append(answered.wait(20)) or found(mail)
    )
    for mail in ("leo@example.org", "eve@example.org"):
        assert asks(app, mail).says("a link is on its way")
    answered.set()
    assert app.state.later.done()
    assert waited == [True, True]


def test_with_a_mail_server_that_is_down_the_page_answers_and_the_mail_comes_later(desk):
    post = Post()
    app = application(desk, rate=1e6, burst=1e6, settings=Settings(_set(post)))
    app.state.mailer._waits = SOON
    joined(app, "leo")
    assert asks(app, "leo@example.org").says("a link is on its way")
    time.sleep(0.1)
    with post.up():
        (got,) = post.comes()
    assert LINK.search(got.get_content())


def test_without_a_mail_server_the_link_is_printed(desk, capsys):
    app = application(desk, rate=1e6, burst=1e6)
    joined(app, "leo")
    asks(app, "leo@example.org")
    assert app.state.later.done()
    assert "Sign-in link for leo: http://localhost/in/" in capsys.readouterr().out


def test_a_link_names_nobody_before_the_servers_name(app, post):
    browser = Browser(app)
    browser.http.headers["Host"] = "evil.example@localhost"
    browser.http.post("/sign-in", data={"mail": "leo@example.org"})
    (got,) = post.comes()
    assert LINK.search(got.get_content())


def test_serve_refuses_settings_that_cannot_be_meant(monkeypatch, tmp_path, capsys):
    from tutelage.doors.cli import main

    monkeypatch.setenv("TUTELAGE_SMTP", "smtp://ann:p4ss@post.example:x")
    monkeypatch.setenv("TUTELAGE_MAIL_FROM", "t@learn.example")
    monkeypatch.setattr("sys.argv", ["tutelage", "--url", f"sqlite:///{tmp_path}/t.db", "serve"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 6
    said = capsys.readouterr().err
    assert "TUTELAGE_SMTP" in said
    assert "p4ss" not in said


def inviting(app):
    """Somebody who proposed to one who has no account, and where they are invited."""
    leo = joined(app, "leo")
    words = {"other": "mia", "handled": "Ten years on call", "because": "New to it"}
    leo.open("/propose").send("/propose", **words)
    return leo, f"{leo.path}/invite"


@pytest.mark.parametrize("bad", ["a..b@x.de", ".a@x.de", "a,b@x.de", "a@x.de\r\nBcc: z@z.de"])
def test_an_address_that_is_none_leaves_the_earlier_link_good(app, bad):
    leo, at = inviting(app)
    link = LINK.search(leo.send(at).page)[0].removeprefix("http://localhost")
    leo.open(at.replace("/invite", "/agreement")).send(at, mail=bad)
    assert leo.got.status_code == 422
    assert leo.says("This is no mail address.")
    assert Browser(app).open(link).got.status_code == 200


def test_nobody_fills_a_mailbox_or_many_with_invitations(app):
    leo, at = inviting(app)
    page = leo.open(at.replace("/invite", "/agreement")).page

    def invites(mail):
        leo.page = page
        return leo.send(at, mail=mail).got.status_code

    assert [invites("one@example.org") for _ in range(6)] == [200] * 5 + [429]
    answers = [invites(f"n{n}@example.org") for n in range(16)]
    assert answers == [200] * 15 + [429]
    assert leo.says("Too many requests")


def test_an_invitation_goes_by_mail_and_is_shown_to_nobody_else(app, post):
    leo = joined(app, "leo")
    words = {"other": "mia", "handled": "Ten years on call", "because": "New to it"}
    leo.open("/propose").send("/propose", **words)
    at = leo.path
    leo.send(f"{at}/invite", mail="mia@example.org")
    assert leo.says("is on its way to mia@example.org")
    assert not LINK.search(leo.page)
    (got,) = post.comes()
    assert got["Subject"] == "leo invites you to Tutelage"
    assert "14 days" in got.get_content()
    link = LINK.search(got.get_content())[0].removeprefix("http://localhost")
    mia = Browser(app).open(link).send(link).open(at)
    assert mia.offers(f"{at}/sign")
    assert app.state.accounts.person("mia").mail == "mia@example.org"
