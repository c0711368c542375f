"""People are told in chats and by webhooks, as they chose, and nobody reaches into our networks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import random
import socket
import time

import pytest
import sqlalchemy as sa

from tests.integration.test_notify import AT, AT_ONCE, Clock, called, server
from tests.support import seeded
from tests.support.hooks import Hooks
from tests.support.posts import Post, certificate
from tutelage import Tutelage
from tutelage.domain.errors import Conflict, Malformed, Unknown
from tutelage.domain.terms import Party
from tutelage.doors.notifying import notifier
from tutelage.service import channelling, chatting, preference, reachable
from tutelage.service.channel import Channels, end
from tutelage.service.database import writing
from tutelage.service.delivery import CHANNELS, MAIL, Deliveries
from tutelage.service.preference import KINDS, Preferences

SLACK = "slack://AAAAAAAAA/BBBBBBBBB/CCCCCCCCCCCCCCCCCCCCCCCC"
NEVER = dict.fromkeys(KINDS, "never")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(url, clock):
    with Tutelage(url, clock=clock, entropy=random.Random(1).randbytes) as made:
        seeded.guide(made)
        called(made, "s1")
        yield made


@pytest.fixture
def hooks():
    with Hooks().up() as made:
        yield made


@pytest.fixture
def teller(desk):
    return notifier(desk, None, AT, private=True)


@pytest.fixture
def chats(monkeypatch):
    """What is said in chats, instead of a service's server."""
    said = []

    class Service:
        leads_to = ""

        def __init__(self, url):
            self.url = url

        def notify(self, title, body, body_format):
            assert body_format == "text"
            said.append((self.url, title, body))
            return self.url != "slack://down"

    monkeypatch.setattr(chatting, "service", Service)
    return said


def channels(desk, *, private=True):
    return Channels(desk.ledger.engine, desk.clock, desk.entropy, private=private)


def hook(desk, hooks, name="mia", path="/in?key=SECRET"):
    desk.people.add(name)
    return channels(desk).add(name, f"{hooks.url}{path}")


# webhooks --------------------------------------------------------------------------------------
def test_a_webhook_is_told_what_waits_and_never_a_word(desk, hooks, teller):
    hook(desk, hooks)
    assert teller.round().sent == 1
    (said,) = hooks.said
    assert said.pop("id").startswith("msg_")
    assert said == {
        "kind": "turn",
        "relationship": "r",
        "seq": desk.state("r").find("s1").own_call.seq,
        "stage": 0,
        "since": "2026-03-02T12:00:00+00:00",
        "link": "https://learn.example/r/r",
    }


def test_it_is_signed_as_standard_webhooks_say(desk, hooks, teller, clock):
    secret = hook(desk, hooks).secret
    teller.round()
    ((heads, body),) = hooks.got
    signed = f"{heads['webhook-id']}.{heads['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mark = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert heads["webhook-signature"] == f"v1,{mark}"
    assert int(heads["webhook-timestamp"]) == int(clock().timestamp())
    assert len(key) == 32


def test_it_is_sent_again_under_the_same_id_until_it_is_taken(desk, hooks, teller, clock):
    hook(desk, hooks)
    hooks.answers = [500, 503]
    assert teller.round().later == 1
    clock.forward(minutes=1)
    assert teller.round().later == 1
    clock.forward(minutes=4)
    assert teller.round().later == 0
    clock.forward(minutes=1)
    assert teller.round().sent == 1
    clock.forward(hours=2)
    assert teller.round().sent == 0
    assert len(hooks.got) == 1


def test_programs_are_told_at_any_hour_and_as_often_as_there_is_something(
    desk, hooks, teller, clock
):
    hook(desk, hooks)
    Preferences(desk.ledger.engine).choose("mia", NEVER, quiet_from=0, quiet_until=23)
    for n in range(3):
        called(desk, f"x{n}")
        teller.round()
        clock.forward(minutes=1)
    assert len({said["id"] for said in hooks.said}) == len(hooks.said) == 4


def test_what_is_wanted_daily_comes_with_the_day_and_what_never_does_not(
    desk, hooks, teller, clock
):
    one = hook(desk, hooks)
    channels(desk).choose("mia", one.id, {**NEVER, "turn": "daily"})
    assert teller.round().sent == 0
    clock.forward(days=1)
    assert teller.round().sent == 1
    channels(desk).choose("mia", one.id, NEVER)
    called(desk, "x")
    clock.forward(days=2)
    assert teller.round().sent == 0


def test_a_redirect_is_not_followed(desk, hooks, teller):
    hook(desk, hooks)
    hooks.answers = [302]
    assert teller.round().later == 1
    assert hooks.got == []


def test_a_blind_rater_is_told_neither_whom_nor_when(desk, hooks, teller, clock):
    seeded.guide(desk, "blind", raters=(Party(id="ray", kind="person"),))
    called_only(desk, "blind", "k")
    hook(desk, hooks, "ray")
    assert teller.round().sent == 0
    clock.forward(days=1)
    teller.round()
    for said in hooks.said:
        assert (said["relationship"], said["seq"], said["since"]) == (None, None, None)
        assert said["link"] == "https://learn.example/"


def called_only(desk, name, key):
    desk.write(name, seeded.opened(key), actor="leo")
    desk.write(name, seeded.own_call(key), actor="leo")


def test_one_that_fails_for_days_is_switched_off_and_tried_again_when_told(
    desk, hooks, teller, clock, caplog
):
    one = hook(desk, hooks)
    hooks.answers = [500] * 400
    for _ in range(40):
        teller.round()
        clock.forward(hours=4)
    assert channels(desk).find(one.id).off_at is not None
    assert 8 <= 400 - len(hooks.answers) < 30
    hooks.answers = []
    assert teller.round().sent == 0
    channels(desk).again("mia", one.id)
    assert teller.round().sent >= 1
    assert "SECRET" not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_one_that_fails_often_within_an_hour_is_not_switched_off(desk, hooks, teller, clock):
    one = hook(desk, hooks)
    hooks.answers = [500] * 3
    for _ in range(60):
        teller.round()
        clock.forward(minutes=2)
    assert channels(desk).find(one.id).off_at is None
    assert len(hooks.got) == 1


def test_one_that_is_gone_is_switched_off_at_once(desk, hooks, teller):
    one = hook(desk, hooks)
    hooks.answers = [410]
    assert teller.round().refused == 1
    assert channels(desk).find(one.id).off_at is not None


# chats -----------------------------------------------------------------------------------------
def test_a_chat_is_told_what_waits_without_a_link_that_ends_anything(desk, teller, chats):
    desk.people.add("mia")
    channels(desk).add("mia", SLACK)
    at_any_time(desk)
    assert teller.round().sent == 1
    ((_url, title, text),) = chats
    assert title == "Something waits for you in Tutelage"
    assert "- Guide · leo · since 2026-03-02 12:00 UTC\n  https://learn.example/r/r" in text
    assert "/stop/" not in text
    assert "reply+" not in text


def at_any_time(desk, name="mia"):
    Preferences(desk.ledger.engine).choose(name, NEVER, quiet_from=0, quiet_until=0)


def test_quiet_hours_and_the_hour_between_two_hold_in_chats(desk, teller, chats, clock):
    desk.people.add("mia")
    channels(desk).add("mia", SLACK)
    Preferences(desk.ledger.engine).choose("mia", NEVER, quiet_from=11, quiet_until=14)
    assert teller.round().sent == 0
    clock.at(2, 14)
    assert teller.round().sent == 1
    called(desk, "x")
    assert teller.round().sent == 0
    clock.at(2, 15)
    assert teller.round().sent == 1


def test_a_chat_that_is_down_is_tried_again_without_its_address_in_a_log(
    desk, teller, chats, clock, caplog
):
    desk.people.add("mia")
    at_any_time(desk)
    channels(desk).add("mia", "slack://down")
    assert teller.round().later == 1
    assert "slack" not in caplog.text


def test_mail_comes_as_before_beside_channels(desk, hooks, chats):
    with Post().up() as post:
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        desk.people.add("mia", "mia@example.org")
        hook(desk, hooks)
        channels(desk).add("mia", SLACK)
        Preferences(desk.ledger.engine).choose("mia", AT_ONCE, quiet_from=0, quiet_until=0)
        assert notifier(desk, server(post), AT, private=True).round().sent == 3
        assert len(post.got) == len(hooks.got) == len(chats) == 1


def test_ending_it_ends_it_on_every_channel(desk, hooks, teller, chats):
    hook(desk, hooks)
    channels(desk).add("mia", SLACK)
    Preferences(desk.ledger.engine).stop("mia")
    called(desk, "x")
    assert teller.round().sent == 0


def test_a_channel_goes_with_its_account(desk, hooks, teller):
    from tutelage.service.leaving import close

    hook(desk, hooks)
    close(desk.ledger.engine, "mia", desk.clock().isoformat())
    assert channels(desk).of("mia") == []
    assert teller.round().sent == 0


def test_a_slow_round_ends_and_those_not_reached_come_first(desk, teller, chats, monkeypatch):
    monkeypatch.setattr(channelling, "BUDGET", 0.0)
    monkeypatch.setattr(channelling, "shuffled", lambda names, _entropy: sorted(names))
    desk.people.add("mia")
    at_any_time(desk)
    made = [channels(desk).add("mia", f"{SLACK}{n}").id for n in range(3)]
    urls = {one.id: one.url for one in channels(desk).of("mia")}
    monkeypatch.setattr(channelling, "within", _slowly)
    for count in (1, 2, 3):
        assert teller.round().sent == 1
        assert [url for url, _title, _text in chats] == [urls[n] for n in sorted(made)[:count]]
        called(desk, f"x{count}")
    assert teller.round().sent == 0


def _slowly(act):
    time.sleep(0.01)
    return act()


def test_stopping_is_done_whole_or_not_at_all(desk, monkeypatch):
    desk.people.add("mia")
    one = channels(desk).add("mia", SLACK)
    kept, turns = Preferences(desk.ledger.engine), iter([writing])

    def once(engine):
        return next(turns)(engine)  # of a second there is none

    monkeypatch.setattr(preference, "writing", once)
    kept.stop("mia")
    assert kept.of("mia").silent
    assert channels(desk).find(one.id).how["turn"] == "never"


# where a channel may lead ----------------------------------------------------------------------
@pytest.mark.parametrize(
    "said",
    [
        "file:///etc/passwd",
        "exec://id",
        "dbus://",
        "syslog://",
        "windows://",
        "mailto://u:p@x.y",
        "json://example.org",
        "slack://",
        f"{SLACK}?verify=no",
        "mmost://example.org/token",
        "http://example.org/",
        "https://u:p@example.org/",
        "https:///x",
        "https://exa mple.org",
        "https://example.org:99999/",
        "gopher://example.org",
        "https://" + "a" * 3000,
        "x",
        "",
    ],
)
def test_what_leads_elsewhere_than_to_a_service_is_refused(desk, said):
    with pytest.raises(Malformed):
        channels(desk, private=False).add("mia", said)


@pytest.mark.parametrize(
    "said",
    [
        "workflows://127.0.0.1/" + "a" * 32 + "/" + "b" * 20,
        "zulip://bot@a.localhost/" + "a" * 32,
        "mmosts://10.0.0.1/" + "a" * 24,
        "gotifys://127.0.0.1/token",
        "ntfys://169.254.169.254/topic",
        "rockets://" + "a" * 24 + "/" + "b" * 24 + "@192.168.0.1/#c",
    ],
)
def test_a_chat_at_a_server_in_a_private_network_is_refused(desk, said):
    with pytest.raises(Malformed):
        channels(desk, private=False).add("mia", said)


def test_a_server_that_answers_a_letter_at_a_time_is_not_waited_for():
    import threading

    from tutelage.service.deadline import within

    over = threading.Event()
    assert within(lambda: over.wait(60), 0.05).error == "too_slow"
    over.set()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "172.16.0.1",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "[::1]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a00:1]",
        "[2002:a00:1::]",
        "[64:ff9b:1::a00:1]",
        "[fec0::1]",
        "[::10.0.0.1]",
        "localhost",
        "2130706433",
        "0x7f.1",
    ],
)
def test_a_private_address_is_refused_unless_the_operator_lets_it(desk, host):
    with pytest.raises(Malformed):
        channels(desk, private=False).add("mia", f"https://{host}/hook")
    if host[0].isdigit():
        assert channels(desk).add("mia", f"https://{host}/hook").kind == "webhook"


def test_a_name_that_leads_somewhere_private_later_is_not_followed(desk, monkeypatch, caplog):
    def leads(*to):
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in to]
        monkeypatch.setattr(reachable.socket, "getaddrinfo", lambda *_a, **_k: found)

    desk.people.add("mia")
    leads("93.184.216.34")
    channels(desk, private=False).add("mia", "https://hook.example/x")
    leads("93.184.216.34", "10.0.0.1")
    assert notifier(desk, None, AT).round().later == 1
    assert "private_channel" in caplog.text


@pytest.mark.parametrize(
    "said",
    [
        SLACK,
        "discord://0123456789/abcdefghijklmnopqrstuvwxyz",
        "tgram://123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQ/12315544/",
        "zulip://bot@org.zulipchat.com/" + "a" * 32,
        "pover://" + "u" * 30 + "@" + "a" * 30,
    ],
)
def test_a_chat_service_that_is_allowed_can_read_its_address(said):
    made = chatting.service(said)
    assert made.redirects is False
    assert made.verify_certificate is True


# through a real chat service --------------------------------------------------------------------
@pytest.fixture
def ntfy(tmp_path, monkeypatch):
    """A server that chat services of this process reach over TLS, with a certificate of its own."""
    with Hooks(certificate(tmp_path)).up() as made:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "cert.pem"))
        made.answers = [200] * 9
        yield made


def test_a_message_goes_through_a_chat_service_in_our_name_alone(desk, teller, ntfy):
    desk.people.add("mia")
    at_any_time(desk)
    channels(desk).add("mia", ntfy.url.replace("https:", "ntfys:") + "/topic")
    assert teller.round().sent == 1
    ((heads, body),) = ntfy.got
    said = f"{heads}{body.decode()}"
    assert "Something waits for you in Tutelage" in said
    assert "https://learn.example/r/r" in said
    assert heads["user-agent"] == "Tutelage"
    strange = ("apprise", "icon", "image", "github", ".png")
    assert not [word for word in strange if word in said.lower()]


def test_a_chat_service_whose_certificate_is_not_known_is_told_nothing(
    desk, teller, ntfy, monkeypatch
):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    desk.people.add("mia")
    at_any_time(desk)
    channels(desk).add("mia", ntfy.url.replace("https:", "ntfys:") + "/topic")
    assert teller.round().later == 1
    assert ntfy.got == []


def test_marks_of_the_chat_service_in_a_text_are_escaped(ntfy, monkeypatch):
    from apprise.plugins.slack import NotifySlack

    monkeypatch.setattr(NotifySlack, "webhook_url", ntfy.url)
    hostile = "<!channel> & <https://evil.example|a link> *loud*"
    chatting.send(SLACK, "<!here>", hostile, private=True)
    said = ntfy.got[0][1].decode()
    assert not [mark for mark in ("<!", "<https", "apprise") if mark in said.lower()]
    assert "&lt;!channel&gt; &amp; &lt;https" in said


def test_five_are_enough_and_nobody_touches_another_persons(desk, hooks):
    for _ in range(5):
        one = hook(desk, hooks)
    with pytest.raises(Conflict):
        hook(desk, hooks)
    for act in ("again", "drop"):
        with pytest.raises(Unknown):
            getattr(channels(desk), act)("leo", one.id)
    with pytest.raises(Unknown):
        channels(desk).choose("leo", one.id, NEVER)


def test_its_address_is_shown_by_its_last_letters_and_in_no_repr(desk, hooks):
    one = hook(desk, hooks)
    assert one.shown == "http://…CRET"
    assert "SECRET" not in repr(one)
    assert one.secret not in repr(one)


# found by an index -----------------------------------------------------------------------------
def test_what_goes_by_one_line_is_found_by_an_index(sqlite_url):
    with Tutelage(sqlite_url) as desk:
        engine, asked = desk.ledger.engine, []
        sa.event.listen(engine, "before_cursor_execute", lambda *a: asked.append((a[2], a[3])))
        for lines in (MAIL, CHANNELS):
            rows = Deliveries(engine, desk.entropy, lines)
            rows.due("x", desk.clock())
            rows.release("x")
        with engine.begin() as connection:
            end(connection, sa.select(sa.literal("x")))
        looked = [(s, p) for s, p in asked if s.startswith(("SELECT del", "UPDATE", "DELETE"))]
        with engine.connect() as connection:
            plans = [
                row[3]
                for said, given in looked
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", given)
            ]
    assert len(looked) == 7
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
    assert sum("ix_delivery_person" in plan for plan in plans) == 1
    assert sum("ix_delivery_channel" in plan for plan in plans) == 2
