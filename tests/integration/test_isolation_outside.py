"""What leaves the server, by mail, chat, webhook, calendar, credential or statement, holds no text."""

from __future__ import annotations

import base64
import json
import logging
import mailbox
import re
import zlib
from pathlib import Path

import pytest

from tests.support import isolated, proven, seeded
from tests.support.hooks import Hooks
from tests.support.isolated import AT, PEOPLE, SECRETS
from tests.support.posts import Post
from tests.support.recordstore import record_store
from tests.support.terminal import Terminal
from tutelage.domain.events import Ended, TalkMoved
from tutelage.doors.notifying import told_by
from tutelage.doors.serve import application
from tutelage.service import chatting
from tutelage.service.channel import Channels
from tutelage.service.preference import KINDS, Preferences
from tutelage.service.programmes import Invitation
from tutelage.service.settings import MailServer, ReplyBox, Settings
from tutelage.service.statements import Statements

TOKEN = re.compile(r"reply\+[0-9a-f]{40}@learn\.example")
MY_TEXTS = [proven.ACCOUNT, "The secret reason", "The secret case", *SECRETS]


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    return f"sqlite:///{tmp_path_factory.mktemp('outside')}/t.db"


@pytest.fixture(scope="module")
def app(url):
    with seeded.desk(url) as desk:
        yield application(
            desk, rate=1e6, burst=1e6, settings=Settings(at=AT), hosts=("learn.example",)
        )


@pytest.fixture(scope="module")
def browsers(app):
    found = isolated.people(app)
    isolated.build(app.state.doors.desk, found)
    return found


@pytest.fixture(scope="module")
def desk(app, browsers):
    return app.state.doors.desk


def any_text(said):
    """Texts of anybody's in it: here nobody has a right to one."""
    return [text for text in MY_TEXTS if text in said]


# told ------------------------------------------------------------------------------------------
class Told:
    """Everything that rounds over a month said to everybody, on every way there is."""

    def __init__(self, desk, folder):
        self.chats, self.hooks, self.post = [], Hooks(), Post()
        self.box = mailbox.Maildir(folder / "answers", create=True)
        self._desk = desk

    def rounds(self):
        desk, post = self._desk, self.post
        server = MailServer("127.0.0.1", post.port, "tutelage@learn.example")
        box = ReplyBox("reply@learn.example", str(self.box._path), "")
        teller = told_by(desk, Settings(mail=server, at=AT, replies=box, private_channels=True))
        desk.programmes.invite("care", [Invitation("new", "learner", "new@example.org")], "lou")
        teller.round()
        self._answer(teller)
        moved = TalkMoved(
            talk="t1", at="2026-04-20T10:00Z", zone="Europe/Berlin", where="TALK-PLACE"
        )
        desk.write("r", moved, actor="leo")
        for days in (1, 7, 7, 7):
            desk.clock.later(days=days)
            teller.round()
        desk.write("r", Ended(), actor="leo")
        teller.round()

    def _answer(self, teller):
        """To whatever asks for an answer, one that is not taken: words quoted, and none new."""
        found = [(t, m["To"]) for m in self.post.got for t in TOKEN.findall(m.as_string())]
        assert found
        for n, (to, sender) in enumerate(found):
            raw = f"From: {sender}\nTo: {to}\nMessage-ID: <{n}@home>\n\n> {' '.join(SECRETS)}\n"
            (Path(self.box._path) / "new" / f"{n}.home").write_text(raw)
        assert teller.round().not_taken == len(found)

    def mails(self):
        """Whom each mail went to, and what it says, its calendar apart."""
        for mail, to in zip(self.post.got, self.post.to, strict=True):
            parts = [p for p in mail.walk() if not p.is_multipart()]
            dates = [p for p in parts if p.get_filename() or "calendar" in p.get_content_type()]
            words = [str(mail.items()), *(p.get_content() for p in parts if p not in dates)]
            (address,) = to
            yield address.partition("@")[0], "\n".join(words), [_text(p) for p in dates]


def _text(part):
    said = part.get_content()
    return said.decode() if isinstance(said, bytes) else said


@pytest.fixture(scope="module")
def told(desk, tmp_path_factory):
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # of the test's own server
    said = Told(desk, tmp_path_factory.mktemp("told"))

    class Chat:
        leads_to = ""

        def __init__(self, url):
            self.url = url

        def notify(self, title, body, body_format):  # noqa: ARG002  # as apprise has it
            said.chats.append(f"{title}\n{body}")
            return True

    with pytest.MonkeyPatch.context() as patch, said.hooks.up(), said.post.up():
        patch.setattr(chatting, "service", Chat)
        channels = Channels(desk.ledger.engine, desk.clock, desk.entropy, private=True)
        for name in PEOPLE:
            how = dict.fromkeys(KINDS, "at_once")
            Preferences(desk.ledger.engine).choose(name, how, quiet_from=0, quiet_until=0)
            channels.add(name, f"{said.hooks.url}/{name}")
            channels.add(name, "slack://AAAAAAAAA/BBBBBBBBB/CCCCCCCCCCCCCCCCCCCCCCCC")
        said.rounds()
    return said


def test_no_mail_says_a_text_of_anybodys(told):
    mails = list(told.mails())
    assert {"leo", "mia", "ray", "new"} <= {who for who, _words, _dates in mails}
    assert not [(who, any_text(words)) for who, words, _dates in mails if any_text(words)]


def test_mails_of_every_kind_are_among_them(told):
    said = " / ".join(str(mail["Subject"]) for mail in told.post.got)
    known = ("Your answer was not taken", "invites you", "Talk with", "Moved", "wait for you")
    assert [subject for subject in (*known, "Called off") if subject not in said] == []


def test_only_the_calendars_of_the_two_say_where_they_talk_and_nothing_else(told):
    dates = [(who, file) for who, _words, files in told.mails() for file in files]
    assert {who for who, file in dates if "TALK-PLACE" in file} == {"leo", "mia"}
    assert {who for who, _file in dates} == {"leo", "mia"}
    assert {text for _who, file in dates for text in any_text(file)} == {"TALK-PLACE"}


def test_no_chat_and_no_webhook_says_a_text_of_anybodys(told):
    assert told.chats
    assert told.hooks.got
    assert any_text("\n".join(told.chats)) == []
    assert any_text("\n".join(f"{heads} {body.decode()}" for heads, body in told.hooks.got)) == []


def test_no_page_behind_a_link_in_a_mail_shows_more_than_whom_it_is_for(told, browsers):
    """Whoever has somebody's mail, and who has it forwarded, ends their mails and reads nothing."""
    links = {link for mail in told.post.got for link in re.findall(r"/stop/\S+", mail.as_string())}
    assert links
    for link in links:
        got = browsers["nobody"].http.get(link.rstrip(">=\"'"))
        assert got.status_code < 500
        assert any_text(got.text) == []


# taken along -----------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def credential(browsers):
    """The id of leo's, with all that he may put on it but words of his own."""
    leo = browsers["leo"].open("/r/c/credential")
    leo.send("/r/c/credential/look", name="Leo Ames", mail="1").send("/r/c/credential")
    assert leo.path.startswith("/verify/")
    return leo.path.rpartition("/")[2]


@pytest.mark.parametrize("who", [*PEOPLE, "nobody"])
def test_a_credential_its_pages_and_its_status_say_no_text(app, browsers, credential, who):
    http = browsers[who].http
    kid = http.get("/.well-known/jwks.json").json()["keys"][0]["kid"].rpartition("/")[2]
    known = {"credential": credential, "thumbprint": kid}
    public = ("/verify", "/keys", "/achievements", "/.well-known")
    at = [isolated.filled(p, **known) for p in isolated.reads(app) if p.startswith(public)]
    got = {path: http.get(path) for path in at}
    assert len(got) > 5
    assert {g.status_code for g in got.values()} == {200}
    said = {path: g.text + read(g.text) for path, g in got.items()}
    assert "Leo Ames" in said[f"/verify/{credential}/credential.jwt"]
    assert "BitstringStatusList" in said[f"/verify/{credential}/status"]
    assert {path: any_text(text) for path, text in said.items() if any_text(text)} == {}


def read(token):
    """What is signed in it, without asking whether it is signed well."""
    parts = token.split(".")
    if len(parts) != 3 or not token.startswith("ey"):
        return ""
    said = [base64.urlsafe_b64decode(p + "=" * (-len(p) % 4)).decode() for p in parts[:2]]
    listed = re.search(r'"encodedList": ?"u([\w-]+)"', said[1])
    if listed:
        raw = base64.urlsafe_b64decode(listed[1] + "=" * (-len(listed[1]) % 4))
        said.append(zlib.decompress(raw, 31).decode("latin-1"))
    return "\n".join(said)


def test_statements_say_no_text_in_a_file_or_to_a_store(desk, url, monkeypatch, capsys):
    monkeypatch.setenv("TUTELAGE_AT", AT)
    run = Terminal(url, monkeypatch, capsys)
    Statements(desk.ledger.engine, desk.clock).allow("c", "leo")
    Statements(desk.ledger.engine, desk.clock).allow("r", "leo")
    for pair in ("r", "c"):
        said = run("export-xapi", pair, "--as", "leo").out
        assert said.count("\n") > 10
        assert any_text(said) == []
        with record_store() as lrs:
            run.json("statements", pair, "--to", lrs.at)
            assert lrs.has
            assert any_text(json.dumps(lrs.has, ensure_ascii=False)) == []


# told to who runs and leads it -----------------------------------------------------------------
@pytest.mark.parametrize("how", [(), ("--json",)])
def test_a_programme_and_its_matching_are_told_on_the_command_line_without_a_text(
    desk, url, monkeypatch, capsys, how
):
    run = Terminal(url, monkeypatch, capsys)
    for command in ("programme", "match"):
        said = run(command, "care", *how)
        assert said.code == 0
        assert any_text(said.out + said.err) == []
