"""Invitations into a programme are mailed until a server takes them, once, by any process."""

from __future__ import annotations

import logging
import random
import threading

import pytest

from tests.integration.test_notify import Clock
from tests.support.posts import Post, free_port
from tutelage import Tutelage
from tutelage.domain.errors import Conflict
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


def test_somebody_new_gets_a_link_that_lets_them_in_under_their_name(desk, post):
    invite(desk, ("nora", "nora@example.org"))
    assert rounds(desk, post.port).round() == 1
    (mail,) = post.got
    link = next(line for line in mail.get_content().splitlines() if "/in/" in line)
    assert link.startswith(f"{AT}/in/")
    opened = desk.people.enter(link.rpartition("/")[2], "test")
    assert desk.people.open(opened).person.mail == "nora@example.org"


def test_somebody_with_an_account_is_led_to_the_programme_and_gets_no_key(desk, post):
    desk.people.add("nora", "nora@example.org")
    invite(desk, ("nora", "nora@example.org"))
    rounds(desk, post.port).round()
    (mail,) = post.got
    assert f"{AT}/programmes/care" in mail.get_content().splitlines()
    assert "/in/" not in mail.get_content()


def test_nobody_is_told_that_a_name_has_another_address(desk, post):
    desk.people.add("nora", "nora@example.org")
    invite(desk, ("nora", "other@example.org"))
    assert rounds(desk, post.port).round() == 0
    assert (post.got, state(desk)) == ([], "failed")


def test_a_name_that_a_programme_asks_in_is_given_away_by_nobody_but_its_leads(desk):
    invite(desk, ("nora", None))
    for name in ("nora", "Nora"):
        with pytest.raises(Conflict) as refused:
            desk.people.invite(name, "eve")
        assert refused.value.code == "name_taken"
    assert desk.people.whose(desk.people.invite("nora", "lou", many=True)) == "nora"


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
    link = post.got[-1].get_content().split("/in/")[1].split()[0]
    assert desk.people.whose(link) == "nora"  # the last one is the one that opens


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
