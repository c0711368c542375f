"""People answer by mail: once, in their own name, and never in anybody else's."""

from __future__ import annotations

import logging
import mailbox
import os
import random
import re
import subprocess
import sys
import threading
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.integration.test_notify import AT, Clock, body, called, join, server
from tests.support import seeded
from tests.support.posts import Post
from tutelage import Tutelage
from tutelage.domain.events import (
    Answered,
    DecisionRecorded,
    GuidanceGiven,
    Noted,
    OutcomeRecorded,
    OwnCallRecorded,
)
from tutelage.doors.notifying import notifier
from tutelage.service import replying as replies_read
from tutelage.service.letterbox import Letterbox
from tutelage.service.preference import Preferences
from tutelage.service.reply import BOUNCE, Replies, Reply
from tutelage.service.settings import ReplyBox

BASE = "reply@learn.example"
TOKEN = re.compile(r"reply\+[0-9a-f]{40}@learn\.example")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(url, clock):
    with Tutelage(url, clock=clock, entropy=random.Random(1).randbytes) as made:
        seeded.guide(made)
        for n in range(3):  # nothing of the baseline waits any more
            decided = DecisionRecorded(situation=f"b{n}", decision="Waited", why="As said")
            for event in (decided, OutcomeRecorded(situation=f"b{n}", text="It settled")):
                made.write("r", event, actor="leo")
        yield made


@pytest.fixture
def post():
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    with Post().up() as made:
        yield made


@pytest.fixture
def box(tmp_path):
    return mailbox.Maildir(tmp_path / "answers", create=True)


@pytest.fixture
def teller(desk, post, box):
    return made(desk, post, box)


def made(desk, post, box, checked_by="mx.learn.example"):
    return notifier(desk, server(post), AT, ReplyBox(BASE, box._path, checked_by))


@pytest.fixture
def asked(desk, post, teller):
    """leo was asked by mail what he would do; the address of his answer."""
    desk.write("r", seeded.opened("s1"), actor="leo")
    join(desk, "leo")
    teller.round()
    return post.got[0]["Reply-To"]


def mail(to, text="Wait ten minutes.\n\nIt often settles.", sender="leo@example.org", **heads):
    made = EmailMessage()
    made["From"], made["To"] = sender, to
    made["Message-ID"] = heads.pop("id", "<1@home>")
    for name, value in heads.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


def put(box, raw, name="1.a.home"):
    (Path(box._path) / "new" / name).write_bytes(raw)


def answers(box, teller, raw):
    put(box, raw)
    got = teller.round()
    return got.answered, got.not_taken


def told(desk, kind):
    return seeded.told(desk, kind)


def calls(desk):
    return [e for e in told(desk, OwnCallRecorded) if e.situation == "s1"]


def left(box, folder="new"):
    return sorted(at.name for at in (Path(box._path) / folder).iterdir())


# what becomes of it ----------------------------------------------------------------------------
def test_an_answer_becomes_the_own_call_and_its_reason(asked, desk, box, teller):
    assert TOKEN.fullmatch(asked)
    assert answers(box, teller, mail(asked)) == (1, 0)
    (call,) = calls(desk)
    assert (str(call.call), str(call.why)) == ("Wait ten minutes.", "It often settles.")
    assert call.help == "nobody"
    assert (left(box), left(box, "cur")) == ([], ["1.a.home:2,S"])


def test_the_mail_says_what_an_answer_becomes(asked, post):
    assert "your words become your own call" in " ".join(body(post.got[0]).split())
    assert len(asked.partition("@")[0]) <= 64


def test_an_answer_in_one_piece_has_its_reason_in_it(asked, desk, box, teller):
    answers(box, teller, mail(asked, "Wait."))
    assert str(calls(desk)[0].why) == "It is said with it."


def test_a_whole_situation_is_answered_by_mail(desk, box, teller, post, clock):
    desk.write("r", seeded.opened("s1"), actor="leo")
    join(desk, "leo", "mia")

    def answer(person, text, nth=0):
        clock.forward(hours=2)
        teller.round()
        last = [m for m in post.got if m["To"] == f"{person}@example.org"][-1]
        found = [last["Reply-To"], *TOKEN.findall(body(last))]
        address = [a for a in found if a][nth]
        raw = mail(address, text, f"{person}@example.org", id=f"<{len(post.got)}>")
        assert answers(box, teller, raw) == (1, 0)

    answer("leo", "Wait.")
    called_and_rated(desk)
    answer("mia", "What does waiting cost the shop?")
    assert told(desk, GuidanceGiven)[0].move == "ask"
    desk.collect_guidance("r", "s1", actor="leo")
    clock.forward(hours=2)
    answer("leo", "Little at night.")
    assert str(told(desk, Answered)[0].text) == "Little at night."
    desk.write("r", seeded.asks("s1", "And by day?"), actor="mia")
    desk.collect_guidance("r", "s1", actor="leo")
    clock.forward(days=8)
    answer("leo", "Waited.\n\nIt was night.", nth=1)
    decided = told(desk, DecisionRecorded)[-1]
    assert (str(decided.decision), decided.advice) == ("Waited.", "unknown")
    answer("leo", "It settled.")
    assert str(told(desk, OutcomeRecorded)[-1].text) == "It settled."
    answer("mia", "Ask him about the day next time.")
    assert str(told(desk, Noted)[0].text) == "Ask him about the day next time."


def called_and_rated(desk):
    from bench.workload import KEYS
    from tutelage.domain.events import Rated

    rated = Rated(situation="s1", subject="own_call", ratings=dict.fromkeys(KEYS[:2], 2))
    desk.write("r", rated, actor="mia")


def test_in_a_digest_each_thing_has_an_address_of_its_own(desk, post, teller):
    for key in ("s1", "s2"):
        desk.write("r", seeded.opened(key), actor="leo")
    join(desk, "leo")
    teller.round()
    (got,) = post.got
    assert got["Reply-To"] is None
    assert len(set(TOKEN.findall(body(got)))) == 2


def test_no_address_leads_a_rater_or_who_signs_to_write(desk, post, teller):
    from tutelage.domain.terms import Party

    desk.open(seeded.proposed(learner=Party(id="lou", kind="person")), actor="lou", id="r3")
    join(desk, "mia", "lou")
    teller.round()
    assert not any(TOKEN.search(m.as_string()) for m in post.got if "Reply-To" in m)
    assert not TOKEN.search(body(post.got[0]))


def test_no_guidance_text_is_in_a_mail_that_can_be_answered(asked, desk, box, teller, post, clock):
    answers(box, teller, mail(asked))
    called_and_rated(desk)
    desk.write("r", seeded.asks("s1", "What does SECRET waiting cost?"), actor="mia")
    clock.forward(hours=2)
    teller.round()
    assert "Guidance waits" in body(post.got[-1])
    assert "SECRET" not in post.got[-1].as_string()
    assert post.got[-1]["Reply-To"] is None


def test_telling_where_a_question_is_due_is_not_taken(desk, box, teller, post):
    called(desk, "s1")
    join(desk, "mia")
    teller.round()
    raw = mail(post.got[0]["Reply-To"], "You should just restart it at once.", "mia@example.org")
    assert answers(box, teller, raw) == (0, 1)
    assert told(desk, GuidanceGiven) == []
    assert "This reads as telling" in body(post.got[-1])


# once ------------------------------------------------------------------------------------------
def test_the_same_mail_twice_is_one_entry(asked, desk, box, teller):
    put(box, mail(asked), "1")
    put(box, mail(asked), "2")
    assert teller.round().answered == 2
    assert len(calls(desk)) == 1


def test_an_address_that_was_used_is_not_used_again_and_its_person_is_told_once(
    asked, desk, box, teller, post
):
    answers(box, teller, mail(asked))
    before = len(post.got)
    assert answers(box, teller, mail(asked, "Restart it.", id="<2@home>")) == (0, 1)
    assert len(calls(desk)) == 1
    assert answers(box, teller, mail(asked, "Restart it.", id="<2@home>")) == (0, 1)
    (said,) = post.got[before:]
    assert said["Subject"] == "Your answer was not taken"
    assert "answered already" in body(said)
    assert f"{AT}/r/r" in body(said)
    assert left(box, ".rejected/cur") == ["1.a.home:2,S"]


def test_what_the_rules_refuse_is_told_and_the_address_stays_good(asked, desk, box, teller, post):
    from tutelage.domain.events import Paused, Resumed, SituationDropped

    desk.write("r", Paused(), actor="mia")
    desk.write("r", Resumed(), actor="mia")
    assert answers(box, teller, mail(asked, "\n\n> quoted\n")) == (0, 1)
    assert "no words of yours" in body(post.got[-1])
    assert answers(box, teller, mail(asked, id="<2@home>")) == (1, 0)
    desk.write("r", SituationDropped(situation="s1"), actor="leo")
    assert answers(box, teller, mail(asked, id="<3@home>")) == (0, 1)


def test_an_address_ends(asked, desk, box, teller, post, clock):
    clock.forward(days=61)
    assert answers(box, teller, mail(asked)) == (0, 1)
    assert "too old" in body(post.got[-1])


def test_while_no_mail_can_be_sent_a_refusal_waits_for_its_mail(asked, desk, box, post, teller):
    answers(box, teller, mail(asked))
    before = len(post.got)
    teller._replying._box = Letterbox(box._path, lease=0.0)
    post.answers = ["451 later"]
    put(box, mail(asked, "Restart it.", id="<2@home>"), "2")
    os.utime(Path(box._path) / "new" / "2")
    teller.round()
    assert len(post.got) == before
    for held in left(box, "cur"):
        os.utime(Path(box._path) / "cur" / held, (1, 1))
    teller.round()
    assert len(post.got) == before + 1


# forged ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("sender", ["eve@example.org", "leo@example.org, eve@example.org", "<>"])
def test_a_foreign_sender_writes_nothing_and_is_told_nothing(
    asked, desk, box, teller, post, sender, caplog
):
    assert answers(box, teller, mail(asked, sender=sender)) == (0, 1)
    assert calls(desk) == []
    assert {to for one in post.to for to in one} == {"leo@example.org"}
    assert "foreign_sender" in caplog.text
    assert "@" not in "".join(r.getMessage() for r in caplog.records)


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.replace("reply+", "reply+0", 1),
        lambda a: re.sub(r"\+.", lambda m: "+" + ("0" if m[0] != "+0" else "1"), a),
        lambda _a: f"reply+{'0' * 40}@learn.example",
        lambda _a: BASE,
        lambda a: a.replace("learn", "yearn"),
    ],
)
def test_a_token_that_we_did_not_sign_writes_nothing(asked, desk, box, teller, post, change):
    before = len(post.got)
    assert answers(box, teller, mail(change(asked))) == (0, 1)
    assert calls(desk) == []
    assert len(post.got) == before


def test_a_row_that_somebody_changed_is_no_signature(asked, desk, box, teller):
    import sqlalchemy as sa

    from tutelage.service.database import writing
    from tutelage.service.tables import replies

    desk.people.add("eve", "eve@example.org")
    with writing(desk.ledger.engine) as connection:
        connection.execute(sa.update(replies).values(person="eve"))
    assert answers(box, teller, mail(asked, sender="eve@example.org")) == (0, 1)


def test_nobody_answers_for_another_by_an_address_of_their_own(asked, desk, box, teller):
    desk.people.add("eve", "eve@example.org")
    assert answers(box, teller, mail(asked, sender="eve@example.org")) == (0, 1)


def test_a_mail_server_that_writes_addresses_in_capitals_loses_nothing(asked, desk, box, teller):
    assert answers(box, teller, mail(asked.upper(), sender="Leo@Example.ORG")) == (1, 0)


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("mx.learn.example; dmarc=fail header.from=example.org", 0),
        ("mx.learn.example; spf=fail smtp.mailfrom=example.org", 0),
        ("mx.learn.example; dkim=fail", 0),
        ("mx.learn.example 1; dmarc=pass; dkim=fail", 1),
        ("mx.learn.example; spf=softfail; dkim=pass", 1),
        ("mx.evil.example; dmarc=fail", 1),
    ],
)
def test_what_the_own_server_calls_forged_is_refused(asked, box, teller, said, taken):
    raw = mail(asked, Authentication_Results=said)
    assert answers(box, teller, raw) == (taken, 1 - taken)


# machines --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "heads",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"List_Id": "<all.learn.example>"},
        {"Subject": "Automatic reply: Something waits for you"},
        {"Subject": "Abwesenheitsnotiz"},
    ],
)
def test_what_a_machine_answers_becomes_nothing_and_gets_no_answer(
    asked, desk, box, teller, post, heads
):
    before = len(post.got)
    assert answers(box, teller, mail(asked, **heads)) == (0, 0)
    assert calls(desk) == []
    assert len(post.got) == before
    assert left(box, "cur") == ["1.a.home:2,S"]


def test_our_own_mails_that_come_back_become_nothing(asked, box, teller, post):
    ours = post.got[0]
    assert answers(box, teller, ours.as_bytes()) == (0, 0)
    before = len(post.got)
    ours.replace_header("To", asked)
    assert answers(box, teller, ours.as_bytes()) == (0, 0)
    assert len(post.got) == before


def bounce(to, status="5.1.1", action="failed", name="1"):
    return (
        f"From: <mailer-daemon@example.org>\nTo: {to}\nReturn-Path: <>\nMessage-ID: <{name}@x>\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nThe mail to mia@example.org failed.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
        f"Final-Recipient: rfc822; leo@example.org\nAction: {action}\nStatus: {status}\n\n--b--\n"
    ).encode()


@pytest.mark.parametrize(
    ("status", "action", "ends"),
    [("5.1.1", "failed", True), ("4.2.2", "failed", False), ("5.1.1", "delayed", False)],
)
def test_three_mails_that_come_back_for_good_end_it_for_their_person(
    asked, desk, box, teller, post, status, action, ends
):
    back = teller._replying._replies.address(Reply("leo", BOUNCE))
    wishes = Preferences(desk.ledger.engine)
    for n in range(3):
        assert not wishes.of("leo").failing
        put(box, bounce(back, status, action, str(n)), f"{n}")
        put(box, bounce(back, status, action, str(n)), f"{n}again")  # delivered twice
        teller.round()
    assert wishes.of("leo").failing is ends
    assert not wishes.of("mia").failing
    wishes.again("leo")
    assert not wishes.of("leo").failing


def test_where_a_mail_comes_back_to_is_its_own_address(asked, post, teller):
    assert post.senders[0] == teller._replying._replies.address(Reply("leo", BOUNCE))
    assert post.senders[0] != asked


# two readers, and one killed -------------------------------------------------------------------
def test_two_readers_at_once_read_each_mail_once(desk, post, box, url, clock):
    for n in range(12):
        desk.write("r", seeded.opened(f"s{n}"), actor="leo")
    join(desk, "leo")
    teller = made(desk, post, box)
    teller.round()
    for n, address in enumerate(sorted(set(TOKEN.findall(body(post.got[0]))))):
        put(box, mail(address, id=f"<{n}>"), str(n))
    with Tutelage(url, clock=clock) as other:
        both = [threading.Thread(target=made(d, post, box).round) for d in (desk, other)]
        [t.start() for t in both]
        [t.join() for t in both]
    assert len([e for e in told(desk, OwnCallRecorded) if e.situation.startswith("s")]) == 12
    assert len(left(box, "cur")) == 12


KILLED = """
import os, sys
from tests.integration.test_answers import BASE, Clock
from tutelage import Tutelage
from tutelage.doors.notifying import notifier
from tutelage.service.settings import MailServer, ReplyBox
url, folder = sys.argv[1:]
with Tutelage(url, clock=Clock()) as desk:
    teller = notifier(desk, MailServer("127.0.0.1", 1, "t@a.b"), "https://a.b", ReplyBox(BASE, folder))
    teller._replying._box.done = lambda _letter: os._exit(9)
    teller.round()
"""


def test_a_reader_killed_between_the_entry_and_the_move_doubles_nothing(
    asked, desk, box, teller, url, clock
):
    import time as times

    put(box, mail(asked))
    given = [sys.executable, "-c", KILLED, url, str(box._path)]
    assert subprocess.run(given, check=False, timeout=60).returncode == 9
    assert len(calls(desk)) == 1
    assert left(box, "cur") == ["1.a.home:2,"]
    assert teller.round().answered == 0  # it is held still
    os.utime(Path(box._path) / "cur" / "1.a.home:2,", (times.time() - 600,) * 2)
    assert teller.round().answered == 1
    assert len(calls(desk)) == 1
    assert left(box, "cur") == ["1.a.home:2,S"]


def test_a_mail_half_written_is_not_read(asked, desk, box, teller):
    (Path(box._path) / "tmp" / "1").write_bytes(mail(asked)[:40])
    assert teller.round().answered == 0
    assert left(box, "tmp") == ["1"]


def test_a_maildir_that_is_not_there_keeps_no_mail_back(desk, post, tmp_path, caplog):
    desk.write("r", seeded.opened("s1"), actor="leo")
    join(desk, "leo")
    teller = notifier(desk, server(post), AT, ReplyBox(BASE, str(tmp_path / "none")))
    assert teller.round().sent == 1
    assert "no_maildir" in caplog.text


# hostile mails ---------------------------------------------------------------------------------
def deep(to):
    inner = b"Content-Type: text/plain\n\nWait.\n"
    for n in range(300):
        line = f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n'.encode()
        inner = line + inner + f"\n--b{n}--\n".encode()
    return f"From: leo@example.org\nTo: {to}\n".encode() + inner


@pytest.mark.parametrize(
    "raw",
    [
        lambda _to: b"",
        lambda to: mail(to, "x" * (3 * 1024 * 1024)),
        deep,
        lambda _to: b"To: " + b"(" * 90_000 + b"\n\nWait.\n",
        lambda to: f"From: leo@example.org\nTo: {to}\nTo: {to}\n\n\x00".encode(),
        lambda _to: random.Random(3).randbytes(9_000),
        lambda to: mail(to)[:60],
    ],
)
def test_a_hostile_mail_is_put_aside_and_the_next_is_read(asked, desk, box, teller, raw):
    put(box, raw(asked), "0")
    put(box, mail(asked), "1")
    assert teller.round().answered == 1
    assert len(left(box, ".rejected/cur")) == 1
    assert len(calls(desk)) == 1


def test_a_calendar_that_answers_with_what_no_database_takes_is_put_aside(desk, box, teller):
    said = ("METHOD:REPLY", "BEGIN:VEVENT", "UID:a\0b", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.c")
    file = "\r\n".join(("BEGIN:VCALENDAR", *said, "END:VEVENT", "END:VCALENDAR", ""))
    raw = b"From: eve@example.org\r\nContent-Type: text/calendar\r\n\r\n" + file.encode()
    assert answers(box, teller, raw) == (0, 1)
    assert (left(box), left(box, "cur")) == ([], [])


def test_what_is_not_taken_is_said_in_the_language_of_its_reader(desk, box, teller, post):
    desk.write("r", seeded.opened("s1"), actor="leo")
    join(desk, "leo", language="de")
    teller.round()
    assert "deine Worte werden" in " ".join(body(post.got[0]).split())
    answers(box, teller, mail(post.got[0]["Reply-To"], " "))
    assert post.got[-1]["Subject"] == "Deine Antwort wurde nicht übernommen"
    assert "stand kein Wort von dir" in body(post.got[-1])


def test_addresses_that_ended_long_ago_are_let_go(asked, desk, teller, clock):
    import sqlalchemy as sa

    from tutelage.service.database import reading
    from tutelage.service.tables import replies

    clock.forward(days=151)
    teller.tidy()
    with reading(desk.ledger.engine) as connection:
        assert connection.execute(sa.select(replies)).all() == []
    assert replies_read.KEPT.days == 90


def test_who_answers_from_another_address_is_told_at_their_own_once_a_day(
    asked, desk, box, teller, post, clock
):
    post.got.clear()
    for n in range(3):
        assert answers(box, teller, mail(asked, "x" * n, sender="leo@work.example")) == (0, 1)
        clock.forward(hours=1)
    (got,) = [m for m in post.got if m["Subject"] == "Your answer was not taken"]
    assert got["To"] == "leo@example.org"
    assert "write from this one" in body(got)
    assert "work.example" not in str(got)
    post.got.clear()
    clock.forward(days=1)
    answers(box, teller, mail(asked, sender="leo@work.example"))
    assert "Your answer was not taken" in [m["Subject"] for m in post.got]


def test_of_a_forged_answer_nobody_is_told(asked, box, teller, post):
    post.got.clear()
    forged = "mx.learn.example; dmarc=fail"
    heads = {"Authentication_Results": forged}
    assert answers(box, teller, mail(asked, sender="leo@work.example", **heads)) == (0, 1)
    assert post.got == []


def test_while_no_mail_can_be_sent_they_are_told_with_the_next_one(asked, box, teller, post):
    post.got.clear()
    post.answers = ["451 later"]
    answers(box, teller, mail(asked, "a", sender="leo@work.example"))
    assert post.got == []
    answers(box, teller, mail(asked, "b", sender="leo@work.example"))
    assert [m["Subject"] for m in post.got] == ["Your answer was not taken"]


def test_the_addresses_of_one_mail_are_written_at_once_and_for_shown_lines_alone(
    desk, post, teller, monkeypatch
):
    written = []
    real = Replies.addresses
    monkeypatch.setattr(Replies, "addresses", lambda s, a: written.append(list(a)) or real(s, a))
    for n in range(40):
        desk.write("r", seeded.opened(f"s{n}"), actor="leo")
    join(desk, "leo")
    teller.round()
    (got,) = post.got
    assert len(written) == 1
    assert len(TOKEN.findall(body(got))) == len(written[0]) - 1 == 30


# no address of ours ----------------------------------------------------------------------------
def texts(desk):
    return "\n".join(row.texts or "" for row in desk.ledger.rows("r"))


@pytest.mark.parametrize(
    "before",
    [
        "",
        "Gesendet: Montag, 02. März 2026 um 12:00 Uhr\nVon: t@learn.example\n",
        "Odesláno: pondělí\nOdesílatel: Tutelage\n",
        "In einer unbekannten Sprache:\n",
    ],
)
@pytest.mark.parametrize("broken", ["", "\n", "\n> ", " "])
def test_no_token_of_ours_enters_a_ledger(asked, desk, box, teller, post, before, broken):
    local, _, token = asked.partition("+")
    stop = re.search(r"/stop/(\S+)", body(post.got[0]))[1]
    quoted = f"By mail: mailto:{local}+{token[:9]}{broken}{token[9:].upper()}\n{AT}/stop/{stop}\n"
    said = f"Wait ten minutes.\n\nIt settles.\n\n{before}{quoted}> {token}\n{asked}"
    assert answers(box, teller, mail(asked, said)) == (1, 0)
    assert calls(desk)[0].call == "Wait ten minutes."
    assert token[:20] not in texts(desk).lower()
    assert stop[-20:] not in texts(desk)
