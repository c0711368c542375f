"""A trainer's experiences: kept, replaced, shared, and forgotten with the entry they came from."""

from __future__ import annotations

import pytest

from tests.support import seeded
from tests.support.agents import Says
from tests.support.cast import MENTOR
from tests.support.seeded import LEO, MIA, opened, own_call
from tutelage.domain.errors import Malformed, NotYours, Refused
from tutelage.domain.events import GuidanceFailed, GuidanceGiven
from tutelage.guidance.roles import Experience
from tutelage.trainers import ExperienceMentor

STORY = "When this happened to me I waited, and it cleared by itself."


def experience(key: str, did: str = "I waited.") -> Experience:
    return Experience(key, f"The case of {key}", did, "It clears.", "It cleared.", ("impact",))


@pytest.fixture
def desk(url):
    with seeded.desk(url) as tutelage:
        yield tutelage


def keys(desk, trainer="mentor-bot"):
    return [e.key for e in desk.bank.of(trainer)]


def called(desk, key="s", **more):
    desk.write("r", opened(key, **more), actor="leo")
    desk.write("r", own_call(key), actor="leo")
    return desk


def share(key="s", experience=None, text=STORY, **more):
    return GuidanceGiven(
        situation=key, move="share", text=text, criteria=("impact",), experience=experience, **more
    )


# keeping -----------------------------------------------------------------------------------------
def test_experiences_are_kept_in_the_order_they_were_told(desk):
    assert desk.bank.add("mentor-bot", [experience("b"), experience("a")]) == 2
    desk.bank.add("mentor-bot", [experience("c")])
    assert keys(desk) == ["b", "a", "c"]
    assert keys(desk, "somebody") == []


def test_one_told_again_replaces_the_first_and_comes_last(desk):
    desk.bank.add("mentor-bot", [experience("a"), experience("b")])
    desk.bank.add("mentor-bot", [experience("a", "I rolled back.")])
    assert keys(desk) == ["b", "a"]
    assert desk.bank.of("mentor-bot")[1] == experience("a", "I rolled back.")


def test_of_two_under_one_key_the_last_is_kept(desk):
    assert desk.bank.add("mentor-bot", [experience("a"), experience("a", "Later.")]) == 1
    assert [e.did for e in desk.bank.of("mentor-bot")] == ["Later."]


def test_many_are_kept_at_once_and_none_too(desk):
    assert desk.bank.add("mentor-bot", [experience(f"e{n}") for n in range(1100)]) == 1100
    assert desk.bank.add("mentor-bot", []) == 0
    assert len(keys(desk)) == 1100


@pytest.mark.parametrize(
    ("trainer", "key", "said", "code"),
    [
        ("mentor-bot", "", "x", "bad_name"),
        ("mentor-bot", "a b", "x", "bad_name"),
        ("x" * 65, "a", "x", "bad_name"),
        ("mentor-bot", "a", "\ud800", "text_unicode"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is(desk, trainer, key, said, code):
    with pytest.raises(Malformed) as refused:
        desk.bank.add(trainer, [experience("ok"), experience(key, said)])
    assert refused.value.code == code
    assert keys(desk, trainer) == []


def test_what_was_told_in_an_entry_is_forgotten_with_it(desk):
    desk.bank.add("mentor-bot", [experience("a")], source="digest-1")
    desk.bank.add("mentor-bot", [experience("b")])
    assert desk.bank.redact("digest-1") == 1
    assert desk.bank.redact("digest-1") == 0
    assert keys(desk) == ["b"]
    assert desk.bank.has("mentor-bot", "b")
    assert not desk.bank.has("mentor-bot", "a")


# a trainer's story is its own --------------------------------------------------------------------
def test_an_agent_shares_only_what_is_in_its_bank(desk):
    seeded.guide(desk, learner=LEO, trainer=MENTOR)
    called(desk)
    for key in ("nowhere", None):
        with pytest.raises(Refused) as refused:
            desk.write("r", share(experience=key), actor="mentor-bot")
        assert refused.value.code == "no_such_experience"
    desk.bank.add("mentor-bot", [experience("a")])
    assert desk.write("r", share(experience="a"), actor="mentor-bot").seq


def test_another_trainers_experience_is_not_its_own(desk):
    seeded.guide(desk, learner=LEO, trainer=MENTOR)
    desk.bank.add("somebody", [experience("a")])
    with pytest.raises(Refused):
        called(desk).write("r", share(experience="a"), actor="mentor-bot")


def test_a_retry_is_answered_though_the_experience_is_gone_since(desk):
    seeded.guide(desk, learner=LEO, trainer=MENTOR)
    desk.bank.add("mentor-bot", [experience("a")], source="digest-1")
    called(desk)
    first = desk.write("r", share(experience="a"), actor="mentor-bot", id="once")
    desk.bank.redact("digest-1")
    again = desk.write("r", share(experience="a"), actor="mentor-bot", id="once")
    assert (again.seq, again.repeated) == (first.seq, True)


def test_an_agent_that_makes_up_a_story_has_failed(desk):
    seeded.guide(desk, learner=LEO, trainer=MENTOR)
    liar = Says("mentor-bot", lambda b: share(b.key, "made-up"))
    desk.agents = {"mentor-bot": liar}
    assert called(desk).run_due() == 1
    (failed,) = [e.event for e in desk.entries("r") if isinstance(e.event, GuidanceFailed)]
    assert "no_such_experience" in str(failed.reason)


def test_the_mentor_shares_from_its_bank(desk):
    seeded.guide(desk, learner=LEO, trainer=MENTOR)
    desk.bank.add("mentor-bot", [experience("a"), experience("b")])
    desk.agents = {"mentor-bot": ExperienceMentor("mentor-bot")}
    for key in ("s", "t", "u"):
        called(desk, key).run_due()
    given = [e.event for e in desk.entries("r") if isinstance(e.event, GuidanceGiven)]
    assert {g.experience for g in given[:2]} == {"a", "b"}
    assert len({g.text for g in given}) == 3


# a person's story becomes one --------------------------------------------------------------------
def test_a_story_that_a_person_types_becomes_an_experience_of_its_own(desk):
    seeded.guide(desk, learner=LEO, trainer=MIA)
    called(desk, text="SECRET of the learner").write("r", share(experience="storage"), actor="mia")
    (kept,) = desk.bank.of("mia")
    assert (kept.key, kept.case, kept.criteria) == ("storage", STORY, ("impact",))
    assert "SECRET" not in str(kept)


def test_it_is_forgotten_when_the_entry_is_redacted(desk):
    seeded.guide(desk, learner=LEO, trainer=MIA)
    written = called(desk).write("r", share(experience="storage"), actor="mia")
    desk.redact("r", written.seq, actor="mia")
    assert desk.bank.of("mia") == ()


def test_one_that_is_in_the_bank_stays_as_it_was_told_first(desk):
    seeded.guide(desk, learner=LEO, trainer=MIA)
    called(desk).write("r", share(experience="storage"), actor="mia")
    other = share("t", "storage", "It happened to me again and I waited.")
    called(desk, "t").write("r", other, actor="mia")
    assert [e.case for e in desk.bank.of("mia")] == [STORY]


def test_a_story_without_a_name_is_named_by_its_entry(desk):
    seeded.guide(desk, learner=LEO, trainer=MIA)
    called(desk)
    from tutelage.domain.events import DecisionRecorded

    desk.write("r", DecisionRecorded(situation="s", decision="Waited", why="x"), actor="leo")
    written = desk.write("r", share(), actor="mia")
    assert keys(desk, "mia") == [f"told.{written.entry.digest[:24]}"]


def test_what_the_rules_refuse_leaves_no_story(desk):
    seeded.guide(desk, learner=LEO, trainer=MIA)
    desk.write("r", opened("s"), actor="leo")
    with pytest.raises(Refused) as refused:
        desk.write("r", share(experience="storage"), actor="mia")
    assert refused.value.code == "own_call_first"
    with pytest.raises(NotYours):
        called(desk, "t").write("r", share("t", "storage"), actor="leo")
    assert keys(desk, "mia") == keys(desk, "leo") == []
