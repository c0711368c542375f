"""Whom a proposal waits for, a concern, a wish for support: told once, and never a word of it."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise

import pytest

from bench.workload import GOAL
from tests.integration.test_matching import fill
from tests.integration.test_notify import AT, Clock, body, join, server
from tests.integration.web.test_matching import AGREED, SET, close
from tests.support import seeded
from tests.support.hooks import Hooks
from tests.support.posts import Post
from tutelage import Tutelage
from tutelage.domain.events import ConcernRaised, SupportAsked, SupportSettled
from tutelage.domain.events.talk import TalkAnswered, TalkCancelled, TalkMoved, TalkPlanned
from tutelage.doors.notifying import notifier
from tutelage.service.channel import Channels
from tutelage.service.keys import Key
from tutelage.service.matching import Matching
from tutelage.service.proposing import Proposals
from tutelage.service.session import Session

WORDS = "He shouts at me"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(url, clock):
    with Tutelage(url, clock=clock, entropy=random.Random(1).randbytes) as made:
        join(made, "lou", "lea")
        for name in ("lou", "lea"):
            made.programmes.make("care", "Care", name)
        yield made


@pytest.fixture
def post():
    with Post().up() as made:
        yield made


@pytest.fixture
def teller(desk, post):
    return notifier(desk, server(post), AT)


@pytest.fixture
def told(desk, teller, post, clock):
    """Who was mailed since, and what beside the turns: a line and its link."""

    def told():
        clock.forward(hours=2)
        teller.round()
        found = {(m["To"].partition("@")[0], *beside(body(m))) for m in post.got}
        post.got.clear()
        return {one for one in found if len(one) > 1}

    return told


def beside(text):
    lines = [line.strip() for line in text.splitlines()]
    for what, where in pairwise(lines):
        if any(one in where for one in ("/programmes/", "/concerns", "/talks")):
            yield what.removeprefix("- ").partition(" · since")[0]
            yield where.removeprefix(AT)


@pytest.fixture
def pair(desk):
    """leo and mia in the programme, guided."""
    seeded.guide(desk, programme="care", concern_contact="vera")
    join(desk, "leo", "mia", "vera")
    return desk


# proposals -------------------------------------------------------------------------------------
@pytest.fixture
def match(desk):
    """leo and mia are proposed to each other."""
    join(desk, "leo", "mia")
    fill(desk)
    Matching(desk).propose("care", "lou", 0)
    return Matching(desk).of("care")[0].id


def test_a_proposal_is_told_to_both_once(match, told):
    to = "/programmes/care/matches"
    asks = "Somebody is proposed to you"
    assert told() == {("leo", f"{asks} · mia", to), ("mia", f"{asks} · leo", to)}
    assert told() == set()


def test_who_has_answered_is_not_told(match, desk, told):
    Matching(desk).answer(match, "leo", takes=True)
    assert {one[0] for one in told()} == {"mia"}


@pytest.mark.parametrize("how", ["declined", "left", "lapsed"])
def test_of_what_is_over_nobody_is_told(match, desk, told, clock, how):
    if how == "declined":
        Matching(desk).answer(match, "leo", takes=False)
    elif how == "left":
        desk.programmes.answer("care", "leo", "learner", joins=False)
        desk.programmes.answer("care", "mia", "trainer", joins=False)
    else:
        clock.forward(days=14, minutes=1)
    assert told() == set()


def test_a_proposal_is_said_again_after_a_week_and_anew_when_it_comes_anew(
    match, desk, told, clock
):
    told()
    clock.forward(days=7)
    again = "Somebody is proposed to you · mia"
    assert ("leo", again, "/programmes/care/matches") in told()
    clock.forward(days=8)
    assert told() == set()
    Matching(desk).propose("care", "lou", 1)
    assert len(told()) == 2


def test_who_gets_an_account_later_is_told_what_is_proposed(desk, told):
    fill(desk)
    Matching(desk).propose("care", "lou", 0)
    assert told() == set()
    join(desk, "leo")
    assert {one[0] for one in told()} == {"leo"}


def test_a_webhook_is_told_of_a_proposal_without_a_relationship(match, desk):
    with Hooks().up() as hooks:
        made = Channels(desk.ledger.engine, desk.clock, desk.entropy, private=True)
        made.add("leo", hooks.url)
        notifier(desk, None, AT, private=True).round()
        (said,) = hooks.said
    assert said["relationship"] is None
    assert (said["kind"], said["link"]) == ("turn", f"{AT}/programmes/care/matches")


def test_both_are_told_when_their_trial_is_over_until_they_say(match, desk, told, clock):
    kept = Matching(desk)
    for person in ("leo", "mia"):
        found = kept.answer(match, person, takes=True)
    name = kept.begin(Session(desk, Key("browser", "leo")), found, "both accepted", "much")
    signs = (("leo", AGREED), ("mia", AGREED), ("leo", GOAL), ("leo", SET), ("mia", SET))
    seeded.write_all(desk, name, *signs)
    clock.forward(minutes=1)
    for n in range(2):
        close(desk, name, f"s{n}")
    assert told() == set()
    close(desk, name, "s2")
    kept.wishes(match, "mia", "on")
    asks = "Three situations are closed: go on, or look for another? · mia"
    assert told() == {("leo", asks, "/programmes/care/matches")}
    assert told() == set()


# concerns --------------------------------------------------------------------------------------
def test_a_concern_is_told_to_whom_it_is_raised_with_once_and_not_by_whom(
    pair, told, teller, post, clock
):
    pair.write("r", ConcernRaised(text=WORDS), actor="leo")
    clock.forward(hours=2)
    teller.round()
    (got,) = [m for m in post.got if m["To"] == "vera@example.org"]
    assert f"- A concern was raised with you · since 2026-03-02 12:00 UTC\n  {AT}/r/r/concerns" in (
        body(got)
    )
    assert not any(word in str(got) for word in (WORDS, "leo", "mia"))
    post.got.clear()
    clock.forward(days=8)
    assert told() == set()


def test_a_second_concern_is_told_too_and_one_of_long_ago_is_not(pair, told, clock):
    pair.write("r", ConcernRaised(text=WORDS), actor="leo")
    assert len(told()) == 1
    pair.write("r", ConcernRaised(text=WORDS), actor="mia")
    assert len(told()) == 1
    pair.write("r", ConcernRaised(text=WORDS), actor="mia")
    clock.forward(days=61)
    assert {one for one in told() if one[0] == "vera"} == set()


# support ---------------------------------------------------------------------------------------
def test_each_lead_is_told_once_that_support_is_asked_for(pair, told, clock):
    pair.write("r", SupportAsked(), actor="leo")
    asks = ("They ask for support · leo · mia", "/programmes/care#support")
    assert told() == {("lou", *asks), ("lea", *asks)}
    clock.forward(days=8)
    assert told() == set()
    pair.write("r", SupportSettled(), actor="leo")
    pair.write("r", SupportAsked(), actor="leo")
    assert len(told()) == 2


def test_of_support_that_is_settled_nobody_is_told(pair, told):
    pair.write("r", SupportAsked(), actor="leo")
    pair.write("r", SupportSettled(), actor="leo")
    assert told() == set()


# talks -----------------------------------------------------------------------------------------
@pytest.fixture
def declined(pair, clock):
    planned = TalkPlanned(talk="t", at=clock.now + timedelta(days=9))
    pair.write("r", planned, actor="leo")
    pair.write("r", TalkAnswered(talk="t", answer="declined"), actor="mia")
    return pair


def test_who_is_declined_is_told(declined, told):
    said = "The date of your talk was declined · mia"
    assert told() == {("leo", said, "/r/r/talks")}
    assert told() == set()


@pytest.mark.parametrize("then", ["moved", "cancelled", "accepted"])
def test_of_a_date_that_is_no_more_nobody_is_told(declined, told, clock, then):
    events = {
        "moved": TalkMoved(talk="t", at=clock.now + timedelta(days=8)),
        "cancelled": TalkCancelled(talk="t"),
        "accepted": TalkAnswered(talk="t", answer="accepted"),
    }
    declined.write("r", events[then], actor="mia")
    assert told() == set()


# cheaply ---------------------------------------------------------------------------------------
def test_what_was_planned_is_not_folded_again(declined, told, monkeypatch):
    declined.write("r", ConcernRaised(text=WORDS), actor="leo")
    declined.write("r", SupportAsked(), actor="leo")
    assert len(told()) == 4
    monkeypatch.setattr(Tutelage, "state", lambda *_: pytest.fail("something was folded"))
    assert told() == set()


def test_a_proposal_that_was_planned_is_not_read_again(match, told, monkeypatch):
    assert len(told()) == 2
    monkeypatch.setattr(Proposals, "of", lambda *_: pytest.fail("it was read"))
    assert told() == set()
