"""A situation gone through with its own verbs, and what the system draws and moves behind them."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest

from tests.support import seeded
from tests.support.cast import BOT, JUDGE, MENTOR, RITA
from tests.support.seeded import opened, own_call
from tutelage.domain.errors import NotYours, Refused, Unknown
from tutelage.domain.events import (
    DecisionRecorded,
    GuidanceGiven,
    LevelMoved,
    ProbeDrawn,
    Rated,
)
from tutelage.domain.terms import Level

STORY = "When I had this I waited, and it cleared by itself."


@pytest.fixture
def desk(sqlite_url):
    with seeded.desk(sqlite_url) as tutelage:
        seeded.guide(tutelage)
        yield tutelage


def share(desk, key="s"):
    event = GuidanceGiven(
        situation=key, move="share", text=STORY, criteria=("impact",), experience="storage"
    )
    desk.write("r", event, actor="mia")


# the verbs ---------------------------------------------------------------------------------------
def test_a_situation_is_gone_through_with_all_its_verbs(desk):
    with desk.situation("r", opened("s"), actor="leo") as s:
        s.own_call("Wait", why="It settles", probability=0.7)
        s.ask_for_help("Is that sound?")
        share(desk)
        assert [str(g.text) for g in s.collect_guidance()] == [STORY]
        s.answer("I would wait longer")
        s.decide("Waited", why="as I said", advice="taken")
        s.outcome("It settled", measure=12, unit="minutes")
        said = {"noticed": "x", "options": ("a", "b"), "asked_myself": "x", "happened": "x"}
        written = s.account(turned_on="impact", **said)
    known = s.so_far
    assert known.own_call.event.probability == 0.7
    assert (len(known.helps), len(known.answers)) == (1, 1)
    assert known.outcome.event.measure == 12
    assert known.decision.event.advice == "taken"
    assert known.account.seq == written.seq
    assert s.turn == desk.turn("r")


def test_what_is_not_decided_yet_stays_open_and_is_taken_up_again(desk):
    with desk.situation("r", opened("s"), actor="leo") as s:
        s.own_call("Wait", why="It settles")
    with desk.situation("r", opened("s", text="said otherwise"), actor="leo") as again:
        again.decide("Waited", why="as I said")
    assert "said otherwise" not in str(again.so_far.opened.event.text)
    assert again.so_far.own_call is not None


def test_an_error_inside_leaves_what_was_written(desk):
    with suppress(ValueError), desk.situation("r", opened("s"), actor="leo") as s:
        s.own_call("Wait", why="It settles")
        raise ValueError("the phone rang")
    assert desk.state("r").find("s").own_call is not None


def test_the_context_holds_guidance_once_it_was_collected(desk):
    with desk.situation("r", opened("s"), actor="leo") as s:
        s.own_call("Wait", why="It settles")
        share(desk)
        assert STORY not in str(s.context)
        s.collect_guidance()
        assert STORY in str(s.context)


def test_an_answer_before_anything_was_read_is_refused(desk):
    with desk.situation("r", opened("s"), actor="leo") as s, pytest.raises(Refused) as refused:
        s.answer("To what?")
    assert refused.value.code == "read_first"


def test_a_situation_is_the_learners(desk):
    with pytest.raises(NotYours), desk.situation("r", opened("s"), actor="mia"):
        pytest.fail("It is not mia's.")
    with pytest.raises(Unknown), desk.situation("nobody", opened("s"), actor="leo"):
        pytest.fail("There is no such relationship.")


# withheld guidance -------------------------------------------------------------------------------
def drawn(desk, viewer=None):
    return [e.event for e in desk.entries("r", viewer=viewer) if isinstance(e.event, ProbeDrawn)]


@pytest.fixture
def probed(sqlite_url):
    """Both opted in; enough calls that at least one guidance is withheld and one is not."""
    with seeded.desk(sqlite_url, seed=3) as tutelage:
        seeded.guide(tutelage, withheld_guidance=True)
        for n in range(60):
            tutelage.write("r", opened(f"s{n}"), actor="leo")
            tutelage.write("r", own_call(f"s{n}"), actor="leo")
            if len({d.withheld for d in drawn(tutelage)}) == 2:
                break
        yield tutelage


def test_probes_are_drawn_at_the_own_call_with_their_probability(probed):
    assert {d.probability for d in drawn(probed)} == {0.2}
    assert {d.withheld for d in drawn(probed)} == {True, False}
    assert [d.situation for d in drawn(probed)] == [f"s{n}" for n in range(len(drawn(probed)))]


def test_nothing_is_drawn_for_whoever_did_not_opt_in(desk):
    desk.write("r", opened("s"), actor="leo")
    desk.write("r", own_call("s"), actor="leo")
    assert drawn(desk) == []


def test_a_draw_is_hidden_from_the_pair_until_the_decision(probed, tmp_path):
    for viewer in ("leo", "mia"):
        assert drawn(probed, viewer) == []
        probed.export("r", tmp_path / f"{viewer}.jsonl", viewer=viewer)
        assert "probe_drawn" not in (tmp_path / f"{viewer}.jsonl").read_text()
    choice = DecisionRecorded(situation="s0", decision="Waited", why="x")
    probed.write("r", choice, actor="leo")
    assert [d.situation for d in drawn(probed, "leo")] == ["s0"]


def test_guidance_is_withheld_where_it_was_drawn_and_due_elsewhere(probed):
    withheld = {d.situation for d in drawn(probed) if d.withheld}
    assert set(probed.turn("r").guidance_due) == {d.situation for d in drawn(probed)} - withheld
    with pytest.raises(Refused) as refused:
        share(probed, min(withheld))
    assert refused.value.code == "withheld"


# levels ------------------------------------------------------------------------------------------
def rated_calls(desk, learner, rater, ratings, start=0):
    for n, rating in enumerate(ratings, start=start):
        desk.write("r", opened(f"s{n}"), actor=learner)
        desk.write("r", own_call(f"s{n}"), actor=learner)
        event = Rated(situation=f"s{n}", subject="own_call", ratings={"impact": rating})
        desk.write("r", event, actor=rater)


def level(desk):
    return desk.turn("r").level("impact")


def test_less_help_waits_for_a_persons_yes_and_more_help_does_not(sqlite_url):
    with seeded.desk(sqlite_url) as desk:
        seeded.guide(desk, trainer=MENTOR, raters=(RITA,))
        rated_calls(desk, "leo", "rita", [4] * 6)
        (move,) = desk.turn("r").proposals
        event = LevelMoved(
            **{k: getattr(move, k) for k in ("criterion", "start", "to", "why", "rule")}
        )
        with pytest.raises(NotYours) as refused:
            desk.write("r", event, actor="mentor-bot")
        assert refused.value.code == "person_confirms"
        assert level(desk) is Level.SHARE
        desk.write("r", event, actor="leo")
        assert level(desk) is Level.ASK
        rated_calls(desk, "leo", "rita", [1] * 4, start=6)
        assert level(desk) is Level.SHARE


def test_an_agent_learners_levels_move_by_themselves_and_say_why(sqlite_url):
    with seeded.desk(sqlite_url) as desk:
        seeded.guide(desk, learner=BOT, trainer=MENTOR, raters=(JUDGE,))
        rated_calls(desk, "bot", "judge-1", [4] * 6)
        assert level(desk) is Level.ASK
        assert "own calls were last rated 4" in desk.turn("r").stands[0].why
        (row,) = desk.relationships("bot")
        assert json.loads(row["levels"])["impact"] == "ask"
