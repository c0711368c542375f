"""People are told by mail what waits for them: derived from the ledger, once, and not in floods."""

from __future__ import annotations

import logging
import random
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bench.workload import GOAL, KEYS
from tests.support import seeded
from tests.support.posts import Post
from tests.support.terminal import Terminal
from tutelage import Tutelage
from tutelage.domain.events import (
    DecisionRecorded,
    Lapsed,
    Noted,
    OutcomeRecorded,
    Paused,
    Rated,
    Resumed,
    Signed,
)
from tutelage.domain.terms import Party
from tutelage.doors.notifying import notifier, telling
from tutelage.service.delivery import Deliveries
from tutelage.service.keys import Key
from tutelage.service.lapsing import lapse_due
from tutelage.service.preference import KINDS, Preferences
from tutelage.service.session import Session
from tutelage.service.settings import MailServer
from tutelage.service.tables import deliveries, reaches
from tutelage.service.telling import Tellings

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
AT = "https://learn.example"
AT_ONCE = dict.fromkeys(KINDS, "at_once")


class Clock:
    """A clock that stands still until it is put forward."""

    def __init__(self):
        self.now = MONDAY

    def __call__(self):
        return self.now

    def forward(self, **much):
        self.now += timedelta(**much)

    def at(self, day, hour, minute=0):
        self.now = datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(url, clock):
    with Tutelage(url, clock=clock, entropy=random.Random(1).randbytes) as made:
        yield made


@pytest.fixture
def post():
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # of the test's own server
    with Post().up() as made:
        yield made


@pytest.fixture
def teller(desk, post):
    return notifier(desk, server(post), AT)


@pytest.fixture
def guided(desk):
    """leo has said what he would do, and mia rated it; her guidance is due."""
    seeded.guide(desk)
    called(desk, "s1")
    return desk


def called(desk, key):
    desk.write("r", seeded.opened(key), actor="leo")
    desk.write("r", seeded.own_call(key), actor="leo")
    rated = Rated(situation=key, subject="own_call", ratings=dict.fromkeys(KEYS[:2], 2))
    desk.write("r", rated, actor="mia")


def server(post):
    return MailServer("127.0.0.1", post.port, "t@learn.example")


def join(desk, *names, language="en", **how):
    for name in names:
        desk.people.add(name, f"{name}@example.org", language)
        wants(desk, name, **how)


def wants(desk, name, how=AT_ONCE, **hours):
    given = {"quiet_from": 0, "quiet_until": 0, **hours}
    Preferences(desk.ledger.engine).choose(name, how, **given)


def body(mail):
    return mail.get_content().replace("\r\n", "\n")


def rows(desk, *columns):
    with desk.ledger.engine.connect() as connection:
        return connection.execute(sa.select(*(deliveries.c[c] for c in columns))).all()


# what is told ----------------------------------------------------------------------------------
def test_a_mail_says_who_what_since_when_and_where(guided, post, teller):
    join(guided, "mia")
    assert teller.round().sent == 1
    (got,) = post.got
    assert (got["To"], got["Subject"]) == ("mia@example.org", "Something waits for you in Tutelage")
    assert "- Guide · leo · since 2026-03-02 12:00 UTC\n  https://learn.example/r/r\n" in body(got)
    assert got["Auto-Submitted"] == "auto-generated"


def test_nothing_is_told_twice(guided, post, teller, desk, clock):
    join(guided, "mia")
    for _ in range(5):
        teller.round()
        clock.forward(hours=2)
    assert notifier(desk, server(post), AT).round().sent == 0
    assert len(post.got) == 1


def test_one_mail_holds_all_that_is_due(guided, post, teller):
    join(guided, "mia")
    seeded.agree(guided, "r2", learner=Party(id="lea", kind="person"))
    guided.open(seeded.proposed(learner=Party(id="lou", kind="person")), actor="lou", id="r3")
    teller.round()
    (got,) = post.got
    assert got["Subject"] == "2 things wait for you in Tutelage"
    assert "Guide · leo" in body(got)
    assert "Sign · lou" in body(got)


def test_guidance_waits_for_the_learner_without_a_word_of_it(guided, post, teller, clock):
    join(guided, "leo")
    guided.write("r", seeded.asks("s1", "What does waiting cost the shop?"), actor="mia")
    teller.round()
    assert "Guidance waits · mia" in body(post.got[0])
    assert "cost" not in post.got[0].as_string()


def test_a_mail_is_in_the_language_and_by_the_clock_of_its_reader(guided, post, teller):
    join(guided, "mia", language="de")
    Preferences(guided.ledger.engine).keep_zone("mia", "Europe/Berlin")
    teller.round()
    assert post.got[0]["Subject"] == "In Tutelage wartet etwas auf dich"
    assert "- Begleiten · leo · seit 02.03.2026, 13:00 MEZ" in body(post.got[0])


def test_whoever_has_no_address_or_no_account_is_told_nothing(guided, post, teller):
    guided.people.add("mia")
    assert teller.round().sent == 0
    assert rows(guided, "person") == []


def test_what_no_longer_waits_is_not_told(guided, post, teller, clock):
    join(guided, "mia", how=dict.fromkeys(KINDS, "daily"))
    teller.round()
    guided.write("r", seeded.asks("s1"), actor="mia")
    clock.forward(days=1)
    assert teller.round().sent == 0
    assert rows(guided, "what") == []


def test_a_fork_tells_nobody(guided, post, teller):
    guided.fork("r", at=guided.state("r").seq, arm="without", id="copy")
    join(guided, "mia")
    teller.round()
    assert "/r/copy" not in body(post.got[0])


def test_the_owner_signs_and_is_told_so(desk, post, teller):
    bot = Party(id="bot", kind="agent", owner="ann")
    desk.open(seeded.proposed(learner=bot), actor="mia", id="r")
    join(desk, "ann", "bot")
    teller.round()
    assert [m["To"] for m in post.got] == ["ann@example.org"]


def test_a_blind_rater_is_told_neither_whom_nor_when(desk, post, teller, clock):
    seeded.guide(desk, raters=(Party(id="ray", kind="person"),))
    desk.write("r", seeded.opened("secret-key"), actor="leo")
    desk.write("r", seeded.own_call("secret-key"), actor="leo")
    join(desk, "ray")
    assert teller.round().sent == 0  # not at once: that would tell when
    clock.forward(days=1)
    teller.round()
    assert "- Rate a call\n  https://learn.example/\n" in body(post.got[0])
    assert not re.search("leo|mia|2026|/r/", body(post.got[0]))


def test_what_is_told_is_what_stands_in_each_inbox(desk):
    ray, ann = Party(id="ray", kind="person"), "ann"
    bot = Party(id="bot", kind="agent", owner=ann)
    people = {"leo", "mia", "ray", "ann", "lou"}

    def same():
        told = {(t.key.person, t.key.relationship, t.key.what) for t in seen(desk, people)}
        inboxes = {n: Session(desk, Key("t", n)).inbox() for n in people}
        assert told == {(n, name, w.what) for n, box in inboxes.items() for name, w in box}

    for given in ({"raters": (ray,)}, {"learner": bot}, {"trainer": bot}):
        name = f"r{len(given['raters']) if 'raters' in given else next(iter(given))}"
        desk.open(seeded.proposed(**given), actor=ann if "raters" not in given else "leo", id=name)
        same()
    for _step in course(desk, "c", raters=(ray,)):
        same()


def seen(desk, people):
    tellings, now = Tellings(desk), desk.clock()
    found = (tellings.of(*row, now).tellings for row in tellings.fresh(now))
    return [t for told in found for t in told if t.key.person in people]


# a full course ---------------------------------------------------------------------------------
def course(desk, name, **more):
    """A whole relationship, step by step; every text in it is a word that nothing else says."""
    seeded.guide(desk, name, **more)
    yield
    for n in range(3):
        key = f"SITUATION{n}"
        steps = (
            ("leo", seeded.opened(key, text=f"SECRET opened {n} in the night of the alert")),
            ("leo", seeded.own_call(key, call="SECRET call", why="SECRET why", expects="SECRET")),
            ("mia", seeded.asks(key, "What would SECRET guidance cost here?")),
        )
        for actor, event in steps:
            desk.write(name, event, actor=actor)
            yield
        desk.collect_guidance(name, key, actor="leo")
        yield
        decided = DecisionRecorded(situation=key, decision="SECRET", why="SECRET", advice="taken")
        for event in (decided, OutcomeRecorded(situation=key, text="SECRET outcome")):
            desk.write(name, event, actor="leo")
            yield
    seeded.close(desk, name)
    yield


def test_no_text_of_a_whole_course_is_in_any_mail(desk, post, clock, teller):
    join(desk, "leo", "mia", "ray")
    ray = Party(id="ray", kind="person")
    relationship = "a" * 24
    for _step in course(desk, relationship, raters=(ray,)):
        teller.round()
        clock.forward(days=8)  # so that nudges come too
        teller.round()
        clock.forward(hours=2)
    assert len(post.got) > 15
    said = "\n".join(f"{m.items()}\n{body(m)}" for m in post.got)
    assert "SECRET" not in said
    assert "SITUATION" not in said
    assert texts(desk, relationship) & set(map(str.strip, said.splitlines())) == set()
    assert [t for t in texts(desk, relationship) if len(t) > 12 and t in said] == []


def texts(desk, name):
    import json

    found = {t for r in desk.ledger.rows(name) if r.texts for t in json.loads(r.texts)}
    assert len(found) > 20
    return found


# when ------------------------------------------------------------------------------------------
def test_by_default_a_digest_comes_at_eight_by_the_readers_clock(guided, post, teller, clock):
    guided.people.add("mia", "mia@example.org")
    Preferences(guided.ledger.engine).keep_zone("mia", "America/New_York")
    assert teller.round().sent == 0
    clock.at(2, 12, 59)
    assert teller.round().sent == 0
    clock.at(2, 13)  # 08:00 in New York
    assert teller.round().sent == 1


@pytest.mark.parametrize(("day", "hour"), [(28, 7), (29, 6)])
def test_eight_is_eight_before_and_after_the_clocks_change(guided, post, teller, clock, day, hour):
    guided.people.add("mia", "mia@example.org")
    Preferences(guided.ledger.engine).keep_zone("mia", "Europe/Berlin")
    clock.at(day - 1, 20)
    called(guided, "s2")
    teller.round()
    clock.at(day, hour - 1, 59)
    assert teller.round().sent == 0
    clock.at(day, hour)
    assert teller.round().sent == 1


def test_in_quiet_hours_nothing_comes_and_afterwards_it_does(guided, post, teller, clock):
    join(guided, "mia", quiet_from=11, quiet_until=14)
    assert teller.round().sent == 0
    clock.at(2, 13, 59)
    assert teller.round().sent == 0
    clock.at(2, 14)
    assert teller.round().sent == 1


def test_of_what_somebody_wants_never_nothing_comes(guided, post, teller, clock):
    join(guided, "mia", how={**AT_ONCE, "turn": "never"})
    for _ in range(3):
        assert teller.round().sent == 0
        clock.forward(days=2)


def test_a_changed_wish_holds_for_what_waits_already(guided, post, teller):
    join(guided, "mia", how=dict.fromkeys(KINDS, "daily"))
    assert teller.round().sent == 0
    wants(guided, "mia")
    assert teller.round().sent == 1


def test_wishes_that_change_while_a_mail_goes_out_bring_it_no_second_time(
    guided, post, teller, clock
):
    join(guided, "mia")
    before = teller._post.now

    def meanwhile(*given):
        handed = before(*given)
        wants(guided, "mia")
        return handed

    teller._post.now = meanwhile
    for _ in range(3):
        teller.round()
        clock.forward(hours=2)
    assert len(post.got) == 1


def test_at_most_one_mail_an_hour_comes_however_much_happens(guided, post, teller, clock):
    join(guided, "mia")
    for n in range(12):
        called(guided, f"more{n}")
        teller.round()
        clock.forward(minutes=10)
    assert len(post.got) == 2
    clock.forward(hours=1)
    teller.round()
    assert "- Guide" in body(post.got[2])


def test_it_is_said_again_after_7_14_and_21_days(guided, post, teller, clock):
    join(guided, "mia")
    for _day in range(27):
        teller.round()
        clock.forward(days=1)
    said = [re.findall(r"it has waited for (\d+) days", body(m)) for m in post.got]
    assert said == [[], ["7"], ["14"], ["21"]]


def test_what_came_up_and_grew_old_meanwhile_is_said_once(guided, teller, clock, post):
    join(guided, "mia", how={**AT_ONCE, "turn": "daily"}, digest_at=11)
    teller.round()
    clock.forward(days=7, hours=1)
    teller.round()
    assert len(re.findall("- Guide", body(post.got[0]))) == 1


# lapse -----------------------------------------------------------------------------------------
def lapses(desk, name="r"):
    return len(seeded.told(desk, Lapsed, name))


def test_after_28_days_of_silence_it_lapses_once_and_both_are_told(guided, post, clock, teller):
    clock.forward(days=27, hours=23)
    assert lapse_due(guided) == 0
    clock.forward(hours=1)
    assert [lapse_due(guided), lapse_due(guided)] == [1, 0]
    assert (guided.state("r").life, lapses(guided)) == ("lapsed", 1)
    join(guided, "leo", "mia")
    for _ in range(3):
        teller.round()
        clock.forward(hours=2)
    assert sorted(m["To"] for m in post.got) == ["leo@example.org", "mia@example.org"]
    assert "Set aside" in body(post.got[0])


def test_two_that_lapse_it_at_once_write_it_once(guided, clock, url):
    clock.forward(days=28)
    with Tutelage(url, clock=clock) as other:
        both = [threading.Thread(target=lapse_due, args=(d,)) for d in (guided, other)]
        [t.start() for t in both]
        [t.join() for t in both]
    assert lapses(guided) == 1


def test_a_word_within_the_time_keeps_it_going(guided, clock):
    clock.forward(days=20)
    guided.write("r", Noted(text="x"), actor="mia")
    clock.forward(days=20)
    assert lapse_due(guided) == 0


def test_a_look_at_the_evidence_is_no_word(guided, clock):
    clock.forward(days=20)
    guided.evidence("r", viewer="mia")
    clock.forward(days=8)
    assert lapse_due(guided) == 1


def test_what_is_paused_or_among_agents_alone_or_just_joined_does_not_lapse(desk, clock):
    bot, bat = (Party(id=n, kind="agent", owner="ann") for n in ("bot", "bat"))
    seeded.guide(desk, "paused")
    desk.write("paused", Paused(), actor="leo")
    seeded.guide(desk, "agents", learner=bot, trainer=bat)
    seeded.guide(desk, "new", learner=Party(id="lou", kind="person"))
    clock.forward(days=28)
    desk.people.add("lou")
    assert lapse_due(desk) == 0


def test_the_worked_example_does_not_lapse_when_somebody_comes_to_look_at_it(sqlite_url):
    from tutelage.doors.example.seed import COLE, NORA, seed

    with Tutelage(sqlite_url) as desk:
        seed(desk)
        for name in (NORA, COLE):
            desk.people.add(name)
        assert lapse_due(desk) == 0


def test_what_lapsed_can_be_resumed_and_lapse_again(guided, clock):
    clock.forward(days=28)
    lapse_due(guided)
    guided.write("r", Resumed(), actor="leo")
    assert lapse_due(guided) == 0
    clock.forward(days=28)
    assert lapse_due(guided) == 1
    assert lapses(guided) == 2


def test_a_proposal_that_lapsed_can_be_resumed_and_signed(desk, clock):
    desk.open(seeded.proposed(), actor="leo", id="r")
    clock.forward(days=28)
    assert lapse_due(desk) == 1
    desk.write("r", Resumed(), actor="mia")
    both = Signed(what="agreement"), GOAL, Signed(what="goal")
    for what in both:
        for actor in ("leo", "mia") if isinstance(what, Signed) else ("leo",):
            desk.write("r", what, actor=actor)
    assert (desk.state("r").life, desk.state("r").phase) == ("active", "baseline")


# what fails ------------------------------------------------------------------------------------
def test_a_server_that_is_down_gets_the_mail_once_it_is_up(guided, clock):
    post = Post()
    teller = notifier(guided, server(post), AT)
    join(guided, "mia", "leo")
    for _ in range(20):
        assert teller.round().sent == 0
        clock.forward(minutes=30)
    with post.up():
        clock.forward(hours=4)
        teller.round()
    assert sorted(m["To"] for m in post.got) == ["leo@example.org", "mia@example.org"]


def test_a_server_that_is_away_is_asked_once_a_round(guided, clock):
    asked = []
    guided.open(seeded.proposed(learner=Party(id="lou", kind="person")), actor="lou", id="r3")
    join(guided, "mia", "lou")
    teller = notifier(guided, server(Post()), AT)
    before = teller._post.now
    teller._post.now = lambda *a: asked.append(a) or before(*a)
    assert teller.round().later == 1
    assert len(asked) == 1


def test_a_busy_server_is_asked_again_later_and_later(guided, post, teller, clock):
    join(guided, "mia")
    post.answers = ["451 mia@example.org, later"] * 3
    waited = 0
    while not post.got:
        teller.round()
        clock.forward(minutes=1)
        waited += 1
    assert waited == 1 + 1 + 5 + 15
    assert rows(guided, "state", "tries", "error") == [("sent", 4, None)]


def test_three_refused_mails_end_it_without_the_address_in_any_log(
    guided, post, teller, clock, caplog
):
    join(guided, "mia")
    post.answers = ["550 no mia@example.org here"] * 9
    for n in range(6):
        called(guided, f"x{n}")
        teller.round()
        clock.forward(hours=2)
    assert len(post.answers) == 9 - 3
    assert Preferences(guided.ledger.engine).of("mia").failing
    assert {r[0] for r in rows(guided, "error") if r[0]} == {"SMTPDataError 550"}
    assert "mia@" not in caplog.text


def test_after_it_is_tried_again_all_that_waits_is_told(guided, post, teller, clock):
    join(guided, "mia")
    post.answers = ["550 no"]
    assert teller.round().refused == 1
    Preferences(guided.ledger.engine).again("mia")
    clock.forward(hours=1)
    assert teller.round().sent == 1


def test_one_mail_that_cannot_be_made_keeps_no_other_back(guided, post, teller, caplog):
    guided.open(seeded.proposed(learner=Party(id="lou", kind="person")), actor="mia", id="r3")
    join(guided, "lou", "mia")
    good = teller._word

    def word(person, wishes, told):
        if person.name == "mia":
            raise RuntimeError("SECRET")
        return good(person, wishes, told)

    teller._word = word
    assert (teller.round().sent, teller.round().sent) == (1, 0)
    assert "SECRET" not in caplog.text


@pytest.mark.parametrize("name", ["r" * 64, "a:b@c+d", "x.y"])
def test_a_hostile_name_is_a_word_in_a_link_and_no_more(desk, post, teller, name):
    hostile = "0" + "a@b.c:+-" * 7
    desk.open(seeded.proposed(learner=Party(id=hostile, kind="person")), actor=hostile, id=name)
    join(desk, "mia")
    teller.round()
    (got,) = post.got
    assert hostile in body(got)
    assert re.search(r"https://learn\.example/r/[\w.%-]+\n", body(got))
    assert set(got.keys()) >= {"List-Unsubscribe", "List-Unsubscribe-Post"}


# two at once, and one killed -------------------------------------------------------------------
KILLED = """
import os, sys, time
from datetime import timedelta
from tests.integration.test_notify import AT
from tutelage import Tutelage
from tutelage.doors.notifying import notifier
from tutelage.service.settings import MailServer
url, port, where, after = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
desk = Tutelage(url)
teller = notifier(desk, MailServer("127.0.0.1", port, "t@learn.example"), AT)
teller._lease = timedelta(seconds=1)
count, now = [0], teller._post.now
def dies(*given):
    count[0] += 1
    time.sleep(0.1)  # so that both are at it
    if count[0] > after and where == "before":
        os._exit(9)
    handed = now(*given)
    if count[0] > after and where == "after":
        os._exit(9)
    return handed
teller._post.now = dies
print("ready", flush=True)
sys.stdin.readline()  # until both are
teller.round()
"""


@pytest.mark.parametrize("where", ["before", "after"])
def test_of_two_senders_one_is_killed_and_nothing_is_lost(url, post, where):
    names = [f"p{n}" for n in range(24)]
    with Tutelage(url) as desk:
        for name in names:
            party = Party(id=name, kind="person")
            desk.open(seeded.proposed(learner=party, trainer=seeded.MIA), actor="mia", id=name)
        join(desk, *names)
        given = (url, str(post.port), where, "3")
        piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        running = [
            subprocess.Popen([sys.executable, "-c", KILLED, *given], **piped),
            subprocess.Popen([sys.executable, "-c", KILLED, *given[:3], "99"], **piped),
        ]
        for one in running:
            assert one.stdout.readline() == b"ready\n"
        for one in running:
            one.stdin.write(b"go\n")
            one.stdin.close()
            while not post.got:  # the one that is killed is at it first
                time.sleep(0.01)
        ended = sorted(one.wait(60) for one in running)
        for one in running:
            one.stdout.close()
        teller = notifier(desk, server(post), AT)
        rest = threading.Event()
        while rows_waiting(desk) and not rest.wait(0.3):
            teller.round()
    got = [m["To"] for m in post.got]
    assert set(got) == {f"{n}@example.org" for n in names}
    assert ended == [0, 9]
    assert len(got) - len(names) == (1 if where == "after" else 0)
    same = [m["Message-ID"] for m in post.got]
    assert len(set(same)) == len(names)  # a double can be seen to be one


def rows_waiting(desk):
    return [r for r in rows(desk, "state") if r[0] == "waiting"]


def test_many_threads_at_once_send_each_mail_once(desk, post, clock):
    names = [f"p{n}" for n in range(12)]
    for name in names:
        desk.open(
            seeded.proposed(learner=Party(id=name, kind="person")), actor="mia", id=f"r-{name}"
        )
    join(desk, *names)
    tellers = [notifier(desk, server(post), AT) for _ in range(3)]
    threads = [threading.Thread(target=t.round) for t in tellers]
    [t.start() for t in threads]
    [t.join() for t in threads]
    for teller in tellers:
        teller.round()
    assert sorted(m["To"] for m in post.got) == sorted(f"{n}@example.org" for n in names)


def test_a_claim_that_somebody_left_behind_is_free_after_the_lease(guided, post, teller, clock):
    join(guided, "mia")
    held = Deliveries(guided.ledger.engine, guided.entropy).claim("mia", clock())
    assert held
    assert teller.round().sent == 0
    clock.forward(minutes=5)
    assert teller.round().sent == 1


# housekeeping ----------------------------------------------------------------------------------
def test_what_was_told_long_ago_is_let_go_and_not_told_anew(guided, post, teller, clock):
    join(guided, "mia", how={**AT_ONCE, "nudge": "never"})
    teller.round()
    clock.forward(days=91)
    assert teller.tidy() == 1
    assert teller.round().sent == 0


def test_with_an_account_goes_all_that_is_kept_of_it(guided, teller, clock):
    from tutelage.service.leaving import close

    join(guided, "mia")
    teller.round()
    close(guided.ledger.engine, "mia", clock().isoformat())
    with guided.ledger.engine.connect() as connection:
        assert connection.execute(sa.select(reaches)).all() == []
    assert rows(guided, "person") == []
    assert teller.round().sent == 0


# the command -----------------------------------------------------------------------------------
def test_the_command_tells_once_where_no_server_runs(sqlite_url, post, monkeypatch, capsys):
    with Tutelage(sqlite_url) as desk:
        desk.open(seeded.proposed(), actor="leo", id="r")
        join(desk, "mia")
        desk.write("r", Signed(what="agreement"), actor="leo")
    told_by(monkeypatch, post)
    said = Terminal(sqlite_url, monkeypatch, capsys)("notify", "--once", "--json")
    nothing = {"refused": 0, "later": 0, "answered": 0, "not_taken": 0}
    assert said.json == {"sent": 1, **nothing}
    assert "https://learn.example/r/r\n" in body(post.got[0])


def test_the_command_says_that_there_is_no_mail_server(sqlite_url, monkeypatch, capsys):
    seeded.desk(sqlite_url).close()
    said = Terminal(sqlite_url, monkeypatch, capsys)("notify", "--once", "--json")
    assert (said.code, said.error["code"]) == (6, "no_mail_server")


MAIN = "from tutelage.doors.cli import main; main()"


def test_the_command_goes_on_until_it_is_stopped(sqlite_url, post, monkeypatch):
    with Tutelage(sqlite_url) as desk:
        desk.open(seeded.proposed(), actor="leo", id="r")
        join(desk, "mia")
    told_by(monkeypatch, post)
    command = [sys.executable, "-c", MAIN, "--url", sqlite_url, "notify"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    post.comes(seconds=30)
    running.send_signal(signal.SIGTERM)
    said, _ = running.communicate(timeout=20)
    assert (running.returncode, "1 sent, 0 refused." in said) == (0, True)


def test_a_worker_tells_people_beside_its_work(sqlite_url, post, monkeypatch):
    told_by(monkeypatch, post)
    with Tutelage(sqlite_url) as desk:
        desk.open(seeded.proposed(), actor="leo", id="r")
        join(desk, "mia")
        with telling(desk):
            post.comes()


def told_by(monkeypatch, post):
    monkeypatch.setenv("TUTELAGE_SMTP", f"smtp://127.0.0.1:{post.port}")
    monkeypatch.setenv("TUTELAGE_MAIL_FROM", "t@learn.example")
    monkeypatch.setenv("TUTELAGE_AT", "https://learn.example/")
