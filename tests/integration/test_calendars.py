"""Talks in calendars: invited, moved and called off, as a calendar of another maker reads them."""

from __future__ import annotations

import logging
import mailbox
import random
import threading
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
import vobject

from tests.integration.test_notify import Clock
from tests.support import seeded
from tests.support.posts import Post, free_port
from tutelage import Tutelage
from tutelage.domain.errors import TutelageError
from tutelage.domain.events import (
    Ended,
    HandedOver,
    TalkAnswered,
    TalkCancelled,
    TalkMoved,
    TalkPlanned,
)
from tutelage.domain.terms import Party
from tutelage.doors.notifying import calendars, told_by
from tutelage.service.calendars import LEASE, answered
from tutelage.service.ics import reply
from tutelage.service.preference import KINDS, Preferences
from tutelage.service.settings import MailServer, ReplyBox, Settings

AT, BERLIN = "https://learn.example", ZoneInfo("Europe/Berlin")
ROOM = "https://meet.example/room-7"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(url, clock):
    with Tutelage(url, clock=clock, entropy=random.Random(1).randbytes) as made:
        for name in ("leo", "mia"):
            made.people.add(name, f"{name}@example.org")
        seeded.agree(made)
        yield made


@pytest.fixture
def post():
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # of the test's own server
    with Post().up() as made:
        yield made


@pytest.fixture
def told(desk, post):
    return rounds(desk, post.port)


def rounds(desk, port):
    return calendars(desk, MailServer("127.0.0.1", port, "tutelage@learn.example"), AT)


def at(day, hour=10, month=3):
    return datetime(2026, month, day, hour, tzinfo=BERLIN)


def planned(desk, when=None, talk="t1", **more):
    said = TalkPlanned(talk=talk, at=when or at(20), zone="Europe/Berlin", where=ROOM, **more)
    return desk.write("r", said, actor="mia")


def moved(desk, when, talk="t1"):
    return desk.write("r", TalkMoved(talk=talk, at=when, zone="Europe/Berlin"), actor="leo")


def files(post, whom="leo"):
    """What this person's calendar was sent, in order, as another library reads it."""
    mine = [m for m, to in zip(post.got, post.to, strict=True) if to == [f"{whom}@example.org"]]
    parts = [p for m in mine for p in m.walk() if p.get_content_type() == "text/calendar"]
    return [(p.get_param("method"), vobject.readOne(p.get_content())) for p in parts]


# from planned to called off --------------------------------------------------------------------
def test_a_talk_is_invited_moved_and_called_off_under_one_uid(desk, clock, post, told):
    planned(desk)
    told.round()
    moved(desk, at(21, 15))
    told.round()  # it may be moved again at once
    clock.forward(minutes=3)
    told.round()
    desk.write("r", TalkCancelled(talk="t1"), actor="mia")
    told.round()
    events = [(method, file.method.value, file.vevent) for method, file in files(post)]
    assert [m for m, _n, _e in events] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [n for _m, n, _e in events] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({e.uid.value for _m, _n, e in events}) == 1
    assert [e.sequence.value for _m, _n, e in events] == ["0", "1", "2"]
    assert [e.dtstart.value.astimezone(UTC) for _m, _n, e in events] == [
        at(20).astimezone(UTC),
        at(21, 15).astimezone(UTC),
        at(21, 15).astimezone(UTC),
    ]
    assert events[-1][2].status.value == "CANCELLED"


def test_the_organizer_is_the_mailbox_that_sends_and_nobody_sees_the_others_address(
    desk, post, told
):
    planned(desk)
    told.round()
    for whom, other in (("leo", "mia"), ("mia", "leo")):
        ((_method, file),) = files(post, whom)
        assert file.vevent.organizer.value == "mailto:tutelage@learn.example"
        assert file.vevent.attendee.value == f"mailto:{whom}@example.org"
        assert f"{other}@example.org" not in file.serialize()
        assert file.vevent.summary.value == f"Talk with {other}"


def test_each_has_a_uid_that_the_other_cannot_answer_by(desk, post, told):
    planned(desk)
    told.round()
    assert files(post, "leo")[0][1].vevent.uid.value != files(post, "mia")[0][1].vevent.uid.value


def test_the_zone_comes_with_its_rules_over_the_change_of_clocks(desk, post, told):
    planned(desk, at(27))  # before the clocks go forward on 29 March
    planned(desk, at(30), talk="t2")
    told.round()
    starts = [file.vevent.dtstart.value for _method, file in files(post)]
    assert sorted(s.utcoffset() for s in starts) == [timedelta(hours=1), timedelta(hours=2)]
    assert all("BEGIN:VTIMEZONE" in file.serialize() for _method, file in files(post))


def test_what_is_hostile_in_a_place_stays_in_its_line(desk, post, told):
    hostile = "x\r\nATTENDEE:mailto:eve@example.org\x00;\u202e,"
    said = TalkPlanned(talk="t1", at=at(20), where=hostile)
    desk.write("r", said, actor="mia")
    told.round()
    ((_method, file),) = files(post)
    assert [a.value for a in file.vevent.attendee_list] == ["mailto:leo@example.org"]
    assert "ATTENDEE:mailto:eve" in file.vevent.location.value


def test_no_word_of_the_pair_is_in_the_mail_itself(desk, post, told):
    planned(desk)
    told.round()
    for mail in post.got:
        assert ROOM not in mail.get_body(("plain",)).get_content()


# what is told to whom --------------------------------------------------------------------------
def test_nothing_new_means_no_mail(desk, post, told):
    planned(desk)
    assert [told.round() for _ in range(3)] == [2, 0, 0]


def test_a_talk_moved_three_times_in_a_row_is_sent_once(desk, clock, post, told):
    planned(desk)
    for day in (21, 22, 23):
        moved(desk, at(day))
        told.round()
    clock.forward(minutes=3)
    assert told.round() == 2
    ((_method, file),) = files(post)
    assert file.vevent.sequence.value == "3"


def test_what_was_called_off_before_anybody_was_told_is_not_told(desk, post, told):
    planned(desk)
    desk.write("r", TalkCancelled(talk="t1"), actor="mia")
    assert told.round() == 0


def test_the_end_of_a_relationship_takes_its_talks_out_of_the_calendars(desk, post, told):
    planned(desk)
    told.round()
    desk.write("r", Ended(), actor="leo")
    assert told.round() == 2
    assert [method for method, _file in files(post)] == ["REQUEST", "CANCEL"]


def test_after_a_handover_the_former_trainer_has_the_talk_no_more(desk, post, told):
    desk.people.add("nils", "nils@example.org")
    planned(desk)
    told.round()
    to = Party(id="nils", kind="person")
    desk.write("r", HandedOver(to=to, because="moves away"), actor="leo")
    told.round()
    assert [method for method, _file in files(post, "mia")] == ["REQUEST", "CANCEL"]
    assert [method for method, _file in files(post, "nils")] == ["REQUEST"]
    assert [method for method, _file in files(post, "leo")] == ["REQUEST"]


def test_a_former_trainer_learns_no_date_that_is_none_of_theirs(desk, clock, post, told):
    desk.people.add("nils", "nils@example.org")
    planned(desk)
    told.round()
    to = Party(id="nils", kind="person")
    desk.write("r", HandedOver(to=to, because="moves away"), actor="leo")
    moved(desk, at(25))
    told.round()
    moved(desk, at(26))
    for _ in range(3):
        clock.forward(minutes=3)
        told.round()
    invited, cancelled = [file.vevent for _method, file in files(post, "mia")]
    assert cancelled.dtstart.value == invited.dtstart.value


def test_a_new_trainer_is_invited_and_not_told_that_it_moved(desk, post, told):
    desk.people.add("nils", "nils@example.org")
    planned(desk)
    told.round()
    desk.write("r", HandedOver(to=Party(id="nils", kind="person"), because="so"), actor="leo")
    moved(desk, at(25))
    told.round()
    desk.clock.forward(minutes=3)
    told.round()
    (mail,) = [m for m in post.got if m["To"] == "nils@example.org"]
    assert mail["Subject"].startswith("Talk with leo")


def test_the_hour_that_comes_twice_is_written_by_utc(desk, post, told):
    second = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN)
    planned(desk, second)
    told.round()
    ((_method, file),) = files(post)
    assert file.vevent.dtstart.value.astimezone(UTC) == second.astimezone(UTC)


def test_a_server_that_is_away_is_not_asked_by_every_invite(desk, monkeypatch):
    for n in range(5):
        planned(desk, at(20, n + 8), talk=f"t{n}")
    teller, tries = rounds(desk, free_port()), []
    one = teller._one
    monkeypatch.setattr(teller, "_one", lambda row: tries.append(row) or one(row))
    teller.round()
    assert len(tries) == 1


def test_whoever_ends_mails_has_a_talk_taken_out_all_the_same(desk, post, told):
    planned(desk)
    told.round()
    Preferences(desk.ledger.engine).stop("leo")
    desk.write("r", TalkCancelled(talk="t1"), actor="mia")
    told.round()
    assert [method for method, _file in files(post)] == ["REQUEST", "CANCEL"]


def test_whoever_takes_mails_again_is_invited_to_what_was_planned_meanwhile(
    desk, clock, post, told
):
    wishes = Preferences(desk.ledger.engine)
    wishes.stop("leo")
    planned(desk)
    told.round()
    wishes.choose("leo", dict.fromkeys(KINDS, "daily"))
    clock.forward(days=1, minutes=1)
    told.round()
    assert [method for method, _file in files(post)] == ["REQUEST"]


def test_a_talk_that_is_over_is_told_to_nobody(desk, clock, post, told):
    planned(desk)
    clock.at(21, 12)
    assert told.round() == 0


def test_whoever_has_no_address_is_told_nothing_and_the_other_is(url, clock, post):
    with Tutelage(url, clock=clock, entropy=random.Random(1).randbytes) as desk:
        desk.people.add("leo", "leo@example.org")
        desk.people.add("mia")
        seeded.agree(desk)
        planned(desk)
        assert rounds(desk, post.port).round() == 1


# what goes wrong -------------------------------------------------------------------------------
def test_a_server_that_is_away_gets_it_later_and_as_it_is_then(desk, clock, post):
    planned(desk)
    assert rounds(desk, free_port()).round() == 0
    moved(desk, at(22))
    rounds(desk, post.port).round()
    clock.forward(minutes=3)
    assert rounds(desk, post.port).round() == 2
    ((_method, file),) = files(post)
    assert file.vevent.sequence.value == "1"


def test_killed_between_mail_and_note_the_same_is_sent_again(desk, clock, post, told, monkeypatch):
    planned(desk)
    with monkeypatch.context() as patched:
        patched.setattr(told, "_came", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            told.round()
    clock.forward(seconds=LEASE.total_seconds() + 1)
    told.round()
    marks = [m["Message-ID"] for m, to in zip(post.got, post.to, strict=True) if "leo" in to[0]]
    assert len(set(marks)) == 1  # a mail program knows it by its name


def test_two_processes_send_each_once(desk, post):
    for n in range(10):
        planned(desk, at(20, n + 8), talk=f"t{n}")
    two = [threading.Thread(target=rounds(desk, post.port).round) for _ in range(2)]
    for one in two:
        one.start()
    for one in two:
        one.join()
    rounds(desk, post.port).round()
    uids = [file.vevent.uid.value for whom in ("leo", "mia") for _m, file in files(post, whom)]
    assert len(uids) == len(set(uids)) == 20


# answers ---------------------------------------------------------------------------------------
def answer(post, said, whom="leo", sequence=None, stamp="20260302T120000Z"):
    """What a calendar mails back, as it is read."""
    return reply(answer_text(post, said, whom, sequence, stamp).encode())


def answer_text(post, said, whom="leo", sequence=None, stamp="20260302T120000Z"):
    file = files(post, whom)[-1][1]
    event = file.vevent
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Other//Calendar//EN",
        "METHOD:REPLY",
        "BEGIN:VEVENT",
        f"UID:{event.uid.value}",
        f"SEQUENCE:{event.sequence.value if sequence is None else sequence}",
        f"DTSTAMP:{stamp}",
        "ORGANIZER:mailto:tutelage@learn.example",
        f"ATTENDEE;PARTSTAT={said}:mailto:{whom}@example.org",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
    return "\r\n".join(lines)


def test_the_answer_of_a_calendar_becomes_an_entry_once(desk, post, told):
    planned(desk)
    told.round()
    for _ in range(2):
        assert answered(desk, "leo@example.org", answer(post, "ACCEPTED")) == "written"
    assert len(seeded.told(desk, TalkAnswered)) == 1
    assert desk.state("r").planned["t1"].answers == {"leo": "accepted"}


def test_whoever_thinks_again_twice_has_their_last_word(desk, post, told):
    planned(desk)
    told.round()
    for minute, said in enumerate(("ACCEPTED", "DECLINED", "ACCEPTED")):
        given = answer(post, said, stamp=f"20260302T1200{minute:02}Z")
        assert answered(desk, "leo@example.org", given) == "written"
    assert desk.state("r").planned["t1"].answers == {"leo": "accepted"}


def test_an_answer_from_another_address_is_none(desk, post, told):
    planned(desk)
    told.round()
    assert answered(desk, "mia@example.org", answer(post, "DECLINED")) == "forged"
    assert seeded.told(desk, TalkAnswered) == []


def test_an_answer_that_comes_late_is_not_taken_for_the_new_date(desk, clock, post, told):
    planned(desk)
    told.round()
    moved(desk, at(22))
    told.round()
    clock.forward(minutes=3)
    told.round()
    assert answered(desk, "leo@example.org", answer(post, "ACCEPTED", sequence=0)) == "late"
    assert answered(desk, "leo@example.org", answer(post, "ACCEPTED")) == "written"


def test_an_answer_after_it_was_called_off_changes_nothing(desk, post, told):
    planned(desk)
    told.round()
    desk.write("r", TalkCancelled(talk="t1"), actor="mia")
    assert answered(desk, "leo@example.org", answer(post, "ACCEPTED")) == "talk_cancelled"


@pytest.mark.parametrize(
    "given", [b"", b"\0\xff", b"BEGIN:VCALENDAR", b"x" * 300_000, "BEGIN:VCALENDAR\r\nMETHOD:REPLY"]
)
def test_what_is_no_answer_is_none(given):
    assert reply(given if isinstance(given, bytes) else given.encode()) is None


# rules -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("event", "code"),
    [
        (TalkPlanned(talk="t2", at=datetime(2026, 1, 1, tzinfo=UTC)), "talk_past"),
        (TalkPlanned(talk="t2", at=datetime(2206, 1, 1, tzinfo=UTC)), "talk_far"),
        (TalkPlanned(talk="t2", at=datetime(2026, 4, 1, tzinfo=UTC), zone="No/Where"), "bad_time"),
        (TalkMoved(talk="t9", at=datetime(2026, 4, 1, tzinfo=UTC)), "unknown_talk"),
        (TalkPlanned(talk="t1", at=datetime(2026, 4, 1, tzinfo=UTC)), "id_reused"),
    ],
)
def test_a_date_that_cannot_be_meant_is_refused(desk, event, code):
    planned(desk)
    with pytest.raises(TutelageError) as refused:
        desk.write("r", event, actor="leo")
    assert refused.value.code == code


def test_no_talk_to_come_is_pushed_out_of_the_calendars_by_many_more(desk, post, told):
    for n in range(64):
        planned(desk, at(20), talk=f"t{n}")
    with pytest.raises(TutelageError) as refused:
        planned(desk, at(20), talk="t64")
    assert refused.value.code == "many_talks"
    assert "t0" in desk.state("r").planned


def test_what_is_over_makes_room(desk, clock):
    for n in range(64):
        planned(desk, at(20 + n % 2), talk=f"t{n}")
    clock.at(20, 12)
    planned(desk, at(22), talk="t64")
    kept = desk.state("r").planned
    assert ("t0" in kept, "t1" in kept, len(kept)) == (False, True, 64)


# the whole way, through a mailbox --------------------------------------------------------------
@pytest.fixture
def box(tmp_path):
    return mailbox.Maildir(tmp_path / "answers", create=True)


def teller(desk, post, box):
    settings = Settings(
        mail=MailServer("127.0.0.1", post.port, "tutelage@learn.example"),
        at=AT,
        replies=ReplyBox("reply@learn.example", box._path, "mx.learn.example"),
    )
    return told_by(desk, settings)


def mailed(post, said, sender, whom="leo"):
    """The mail that a calendar sends with its answer."""
    made = EmailMessage()
    made["From"], made["To"] = sender, "tutelage@learn.example"
    made["Subject"] = "Accepted: Talk with mia"
    made.set_content("leo has accepted.")
    file = answer_text(post, said, whom)
    made.add_alternative(file, subtype="calendar", params={"method": "REPLY"})
    return made.as_bytes()


def test_one_round_invites_and_reads_what_the_calendar_mails_back(desk, post, box):
    planned(desk)
    teller(desk, post, box).round()
    for sender, came in (("mia@example.org", {}), ("leo@example.org", {"leo": "accepted"})):
        box.add(mailed(post, "ACCEPTED", sender))
        teller(desk, post, box).round()
        assert desk.state("r").planned["t1"].answers == came


def test_whoever_ended_all_mails_is_sent_no_invite(desk, post, box):
    Preferences(desk.ledger.engine).stop("leo")
    planned(desk)
    teller(desk, post, box).round()
    assert (files(post, "leo"), len(files(post, "mia"))) == ([], 1)
