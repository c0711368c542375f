"""API keys: shown once, hashed, scoped, expiring, revocable at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.support import seeded
from tests.support.doors import Rest
from tests.support.seeded import opened, own_call
from tutelage import Tutelage
from tutelage.domain.errors import Malformed, NoKey, Unknown
from tutelage.domain.events import GuidanceGiven
from tutelage.domain.terms import Party, Role

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def desk(url):
    times = [NOON]
    with Tutelage(url, clock=lambda: times[-1]) as made:
        made.times = times
        yield made


def test_a_key_opens_what_it_was_made_for(desk):
    said = desk.keys.make("leo", relationship="r", role=Role.LEARNER)
    key = desk.keys.open(said)
    assert (key.actor, key.relationship, key.role) == ("leo", "r", Role.LEARNER)
    assert key.opens("r")
    assert not key.opens("s")


def test_no_secret_is_in_the_database(desk):
    said = desk.keys.make("leo")
    with desk.ledger.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT * FROM api_key")).all()
    assert said.split("_")[2] not in str(rows)


@pytest.mark.parametrize(
    "said", [None, "", "tk", "tk_", "tk_a_b", "Bearer x", "tk_%_x", "tk_a_b_c"]
)
def test_what_is_no_key_opens_nothing(desk, said):
    desk.keys.make("leo")
    with pytest.raises(NoKey) as nothing:
        desk.keys.open(said)
    assert nothing.value.code == "no_key"


def test_a_wrong_secret_opens_nothing(desk):
    name = desk.keys.make("leo").split("_")[1]
    with pytest.raises(NoKey):
        desk.keys.open(f"tk_{name}_{'0' * 48}")


def test_a_revoked_key_opens_nothing_from_then_on(desk):
    said = desk.keys.make("leo")
    desk.keys.revoke(desk.keys.open(said).id)
    with pytest.raises(NoKey, match="revoked"):
        desk.keys.open(said)


def test_a_key_opens_until_it_expires(desk):
    said = desk.keys.make("leo", expires_at=NOON + timedelta(days=1))
    assert desk.keys.open(said).actor == "leo"
    desk.times.append(NOON + timedelta(days=1))
    with pytest.raises(NoKey, match="expired"):
        desk.keys.open(said)


def test_keys_are_listed_by_actor_without_their_secrets(desk):
    said = desk.keys.make("leo")
    desk.keys.make("mia")
    (only,) = desk.keys.all("leo")
    assert only.actor == "leo"
    assert said.split("_")[2] not in str(only)
    assert len(desk.keys.all()) == 2


def test_a_key_that_is_not_there_cannot_be_revoked(desk):
    with pytest.raises(Unknown):
        desk.keys.revoke("nope")


def test_nobody_gets_a_key_as_the_system(desk):
    with pytest.raises(Malformed):
        desk.keys.make("leo", role=Role.SYSTEM)
    with pytest.raises(Malformed):
        desk.keys.make("leo with spaces")
    with pytest.raises(Malformed):
        desk.keys.make("leo", expires_at=datetime(2026, 3, 2))  # noqa: DTZ001  # no zone


# how far a key opens ---------------------------------------------------------------------------
@pytest.fixture
def shared(sqlite_url):
    """Olga owns the learner of r and rates it; mia told a story in it, and trains in other too."""
    with seeded.desk(sqlite_url) as desk:
        bot = Party(id="bot", kind="agent", owner="olga")
        seeded.guide(desk, learner=bot, raters=(Party(id="olga", kind="person"),))
        seeded.agree(desk, "other")
        desk.write("r", opened("s"), actor="bot")
        desk.write("r", own_call("s"), actor="bot")
        more = {"text": "I once waited", "criteria": ("impact",), "experience": "e", "why": "w"}
        desk.write("r", GuidanceGiven(situation="s", move="share", **more), actor="mia")
        yield Rest(desk)


def test_a_key_for_one_relationship_reads_no_story_told_in_another(shared):
    assert "I once waited" in shared("GET", "/bank", shared.key("mia")).text
    got = shared("GET", "/bank", shared.key("mia", "other"))
    assert (got.status_code, got.json()["code"]) == (403, "key_scope")
    assert shared("GET", "/bank", shared.key("mia", None, Role.RATER)).status_code == 403


def test_a_raters_key_of_an_owner_reads_what_a_rater_reads(shared):
    key = shared.key("olga", "r", Role.RATER)
    found = shared("GET", "/relationships/r/entries?limit=500", key).json()["items"]
    assert {e["event"]["kind"] for e in found} == {"rated", "rating_asked"}


def test_a_rater_that_writes_is_told_no_turn(shared):
    rated = {"situation": "s", "subject": "own_call", "ratings": {"impact": 3}}
    key = shared.key("olga", "r", Role.RATER)
    got = shared("POST", "/relationships/r/rated", key, json=rated).json()
    assert (got["whose"], got["step"], got["guidance_due"], got["may_read"]) == (None, None, [], [])


def test_an_id_that_the_service_will_want_is_not_taken_before_it(shared):
    headers = {"Idempotency-Key": "0" * 24}
    kept = {"question": "q", "text": "What waits?"}
    path = "/relationships/r/question-kept"
    got = shared("POST", path, shared.key("bot"), json=kept, headers=headers)
    assert got.json()["code"] == "reserved_id"


def test_an_owner_finds_what_it_has_to_sign(shared):
    agent = Party(id="bob", kind="agent", owner="ann")
    shared.desk.open(seeded.proposed(learner=agent), actor="ann", id="new")
    (task,) = shared("GET", "/inbox", shared.key("ann")).json()["items"]
    assert (task["relationship"], task["what"]) == ("new", "sign")
