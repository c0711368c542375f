"""Invitations into a programme are mailed until a server takes them, once, by any process."""

from __future__ import annotations

import logging
import random
import re
import threading

import pytest

from tests.integration.test_notify import Clock
from tests.support.posts import Post, free_port
from tutelage import Tutelage
from tutelage.doors.notifying import inviter
from tutelage.service.inviting import LEASE
from tutelage.service.programmes import Invitation
from tutelage.service.settings import MailServer

AT = "https://learn.example"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(url, clock):
    with Tutelage(url, clock=clock, entropy=random.Random(1).randbytes) as made:
        made.people.add("lou", "lou@example.org")
        made.programmes.make("care", "Care", "lou")
        yield made


@pytest.fixture
def post():
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # of the test's own server
    with Post().up() as made:
        yield made


def rounds(desk, port):
    server = MailServer("127.0.0.1", port, "tutelage@learn.example")
    return inviter(desk, server, AT)


def invite(desk, *people):
    listed = [Invitation(name, "learner", mail) for name, mail in people]
    return desk.programmes.invite("care", listed, "lou")


def state(desk, name="nora"):
    return next(m.mail_state for m in desk.programmes.members("care") if m.person == name)


def link(mail):
    """The link of a mail, whole, as it would be clicked."""
    (found,) = [line for line in mail.get_content().splitlines() if "/join/" in line]
    assert re.fullmatch(rf"{AT}/join/[\w.-]+", found)
    return found


def test_the_link_in_the_mail_is_the_one_that_opens(desk, post):
    invite(desk, ("nora", "nora@example.org"))
    assert rounds(desk, post.port).round() == 1
    (mail,) = post.got
    invited, where = desk.programmes.invited(link(mail).rpartition("/")[2])
    assert (invited.person, invited.side, where) == ("nora", "learner", "nora@example.org")


def test_an_invitation_is_in_the_language_of_whoever_invites(desk, post):
    desk.people.speaks("lou", "de")
    invite(desk, ("nora", "nora@example.org"))
    rounds(desk, post.port).round()
    assert "Hallo nora" in post.got[0].get_content()


def test_each_is_mailed_once_however_many_rounds_there_are(desk, post):
    invite(desk, ("nora", "nora@example.org"), ("otto", "otto@example.org"))
    assert [rounds(desk, post.port).round() for _ in range(3)] == [2, 0, 0]


def test_a_server_that_is_away_is_asked_again_later(desk, clock, post):
    invite(desk, ("nora", "nora@example.org"))
    assert rounds(desk, free_port()).round() == 0
    assert rounds(desk, post.port).round() == 0  # not yet
    clock.forward(minutes=16)
    assert rounds(desk, post.port).round() == 1


def test_an_address_that_is_refused_is_shown_and_another_one_is_tried(desk, post):
    invite(desk, ("nora", "nora@example.org"))
    post.answers = ["550 no such user"]
    rounds(desk, post.port).round()
    assert state(desk) == "failed"
    invite(desk, ("nora", "nora@example.com"))
    assert rounds(desk, post.port).round() == 1


def test_whoever_was_killed_before_the_note_leaves_it_to_the_next(desk, clock, post, monkeypatch):
    invite(desk, ("nora", "nora@example.org"))
    killed = rounds(desk, post.port)
    monkeypatch.setattr(killed, "_came", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        killed.round()
    assert rounds(desk, post.port).round() == 0  # it may still be at it
    clock.forward(seconds=LEASE.total_seconds() + 1)
    assert rounds(desk, post.port).round() == 1
    assert len({link(mail) for mail in post.got}) == 1  # both open, for they are one


def test_two_processes_share_the_work_without_a_double(desk, post):
    invite(desk, *((f"n{n}", f"n{n}@example.org") for n in range(30)))
    two = [threading.Thread(target=rounds(desk, post.port).round) for _ in range(2)]
    for one in two:
        one.start()
    for one in two:
        one.join()
    to = [address for each in post.to for address in each]
    assert sorted(to) == sorted(f"n{n}@example.org" for n in range(30))


def test_an_answer_or_a_taking_back_ends_the_mail(desk, post):
    desk.people.add("nora", "nora@example.org")
    invite(desk, ("nora", "nora@example.org"), ("otto", "otto@example.org"))
    desk.programmes.answer("care", "nora", "learner", joins=False)
    desk.programmes.forget("care", "otto", "learner")
    assert rounds(desk, post.port).round() == 0


def test_two_leads_at_once_invite_everybody_once(desk, post):
    people = [(f"n{n}", f"n{n}@example.org") for n in range(50)]
    two = [threading.Thread(target=invite, args=(desk, *people)) for _ in range(2)]
    for one in two:
        one.start()
    for one in two:
        one.join()
    assert len(desk.programmes.members("care")) == 50
    assert rounds(desk, post.port).round() == 50


def test_a_server_that_is_away_is_not_asked_by_every_invitation(desk, monkeypatch):
    invite(desk, *((f"n{n}", f"n{n}@example.org") for n in range(9)))
    teller, tries = rounds(desk, free_port()), []
    one = teller._one
    monkeypatch.setattr(teller, "_one", lambda row: tries.append(row) or one(row))
    teller.round()
    assert len(tries) == 1


def test_an_invitation_is_sent_again_once_a_day_and_holds_anew(desk, clock, post):
    invite(desk, ("nora", "nora@example.org"))
    rounds(desk, post.port).round()
    desk.programmes.send_again("care", "nora", "learner")
    assert rounds(desk, post.port).round() == 0
    clock.forward(days=13)
    desk.programmes.send_again("care", "nora", "learner")
    assert rounds(desk, post.port).round() == 1
    clock.forward(days=13)
    assert desk.programmes.invited(link(post.got[0]).rpartition("/")[2])


def test_whoever_declined_is_asked_again_only_where_that_is_meant(desk, post):
    invite(desk, ("nora", "nora@example.org"))
    token = desk.programmes.token("care", "nora", "learner")
    desk.programmes.invited(token)
    desk.people.add("nora", "nora@example.org")
    desk.programmes.answer("care", "nora", "learner", joins=False)
    invite(desk, ("nora", "nora@example.org"))
    assert rounds(desk, post.port).round() == 0
    listed = [Invitation("nora", "learner", "nora@example.org")]
    desk.programmes.invite("care", listed, "lou", again=True)
    assert rounds(desk, post.port).round() == 1
