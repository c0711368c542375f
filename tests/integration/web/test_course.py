"""Levels, threshold, evidence and ratings in the browser: proposed, agreed to, contested, blind."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from bench.workload import KEYS
from tests.support import seeded
from tests.support.browsing import SCRIPT, joined
from tutelage.domain.events import (
    DecisionRecorded,
    EvidenceViewed,
    LevelContested,
    LevelMoved,
    Rated,
    ThresholdMet,
)
from tutelage.domain.terms import Level, Party

WRITE = "/r/r/write"
RITA = Party(id="rita", kind="person")


def call(desk, key, *criteria, rater="mia", rating=5, **more):
    """An own call of leo's that was rated so."""
    desk.write("r", seeded.opened(key, *criteria, **more), actor="leo")
    desk.write("r", seeded.own_call(key), actor="leo")
    ratings = dict.fromkeys(criteria or KEYS[:2], rating)
    desk.write("r", Rated(situation=key, subject="own_call", ratings=ratings), actor=rater)


@pytest.fixture
def proposed(desk, guided):
    """Own calls so good that the evidence proposes less help."""
    for n in range(5):
        call(desk, f"s{n}")
    return desk.turn("r").proposals[0]


# levels ----------------------------------------------------------------------------------------
def test_a_proposal_stands_on_the_page_with_its_reason_and_either_agrees(leo, proposed, desk):
    assert leo.open("/r/r").says(proposed.why)
    leo.send("/r/r/levels/agree", having=proposed.criterion)
    assert leo.path == "/r/r/levels"
    (moved,) = seeded.told(desk, LevelMoved)
    assert (moved.to, moved.rule, moved.why) == (Level.ASK, "grown", proposed.why)


def test_agreeing_on_a_stale_page_moves_nothing_twice_and_says_so(leo, mia, proposed, desk):
    mia.open("/r/r")
    leo.open("/r/r").send("/r/r/levels/agree", having=proposed.criterion)
    mia.send("/r/r/levels/agree", having=proposed.criterion)
    assert mia.got.status_code == 409
    assert mia.says("does not propose this level now")
    assert len(seeded.told(desk, LevelMoved)) == 1


def test_a_proposal_is_contested_with_a_reason_and_is_gone(leo, mia, proposed, desk):
    leo.open("/r/r").send(f"{WRITE}/level_contested", having=proposed.criterion, why=SCRIPT)
    (contested,) = seeded.told(desk, LevelContested)
    assert contested.why == SCRIPT
    assert proposed.criterion not in {m.criterion for m in desk.turn("r").proposals}
    assert mia.open("/r/r/levels").says(SCRIPT)
    assert "<script>" not in mia.page


def test_contesting_without_a_reason_comes_back_with_the_form(leo, proposed, desk):
    leo.open("/r/r").send(f"{WRITE}/level_contested", having=proposed.criterion, why=" ")
    assert leo.got.status_code == 422
    assert leo.says("Say something here.")
    leo.send(f"{WRITE}/level_contested", why="Too few calls")
    assert seeded.told(desk, LevelContested)[0].criterion == proposed.criterion


def test_people_move_a_level_themselves_with_a_reason(mia, desk):
    mia.open("/r/r/levels").send(f"{WRITE}/level_moved", having=KEYS[0], to="3", why="She can")
    (moved,) = seeded.told(desk, LevelMoved)
    assert (moved.criterion, moved.to, moved.rule) == (KEYS[0], Level.DEBRIEF, "own")
    assert mia.says("by hand")


def test_a_level_that_moved_meanwhile_is_said_and_what_was_typed_is_kept(leo, mia, desk):
    mia.open("/r/r/levels")
    leo.open("/r/r/levels").send(f"{WRITE}/level_moved", having=KEYS[0], to="2", why="w")
    mia.send(f"{WRITE}/level_moved", having=KEYS[0], to="3", why="A long reason")
    assert mia.got.status_code == 409
    assert mia.says("A long reason")
    assert mia.says("stands at ask by now")


@pytest.mark.parametrize("to", ["9", "-1", "x", "", SCRIPT])
def test_a_level_that_is_none_moves_nothing(leo, proposed, desk, to):
    leo.open("/r/r").send("/r/r/levels/agree", having=proposed.criterion, to=to)
    assert leo.got.status_code in {409, 422}
    leo.open("/r/r/levels").send(f"{WRITE}/level_moved", having=KEYS[0], to=to, why="w")
    assert leo.got.status_code in {409, 422}
    assert not seeded.told(desk, LevelMoved)


def test_a_rater_is_offered_no_level_and_moves_none(app, desk):
    seeded.guide(desk, raters=(RITA,))
    rita = joined(app, "rita")
    assert rita.open("/r/r/levels").got.status_code == 403
    form = re.search(r'name="form" value="([^"]+)"', rita.open("/").page)[1]
    data = {"form": form, "criterion": KEYS[0], "to": "2"}
    assert rita.http.post("/r/r/levels/agree", data=data).status_code == 403


# threshold -------------------------------------------------------------------------------------
def test_what_the_threshold_lacks_is_said(leo):
    assert leo.open("/r/r/levels").says("What is missing:")
    assert leo.says("rated own calls more")
    assert not leo.offers("/r/r/levels/threshold")


def test_the_threshold_is_shown_by_a_blind_rater_and_confirmed_by_the_trainer(app, desk):
    seeded.guide(desk, raters=(RITA,))
    leo, mia, rita = (joined(app, name) for name in ("leo", "mia", "rita"))
    for n in range(12):
        call(desk, f"s{n}", *KEYS, rater="rita")
    desk.write(
        "r",
        seeded.opened("proof", *KEYS, difficulty=1, seen_before=False, text="A new, hard case"),
        actor="leo",
    )
    said = {"call": "Wake Ann", "why": "It spreads", "expects": "She stops it"}
    leo.open("/r/r/s/proof").send(f"{WRITE}/own_call_recorded", **said)
    fives = {f"ratings__{key}": "5" for key in KEYS}
    rita.open("/r/r/rate/proof").send(f"{WRITE}/rated", **fives, difficult="true", novel="true")
    leo.open("/r/r/s/proof").send(f"{WRITE}/decision_recorded", decision="Woke Ann", why="Spread")
    leo.send(f"{WRITE}/outcome_recorded", text="She stopped it")
    account = {"noticed": "It spread", "options": ["Wait", "Wake"], "turned_on": KEYS[0]}
    leo.send(f"{WRITE}/account_written", **account, asked_myself="Who waits?", happened="Stopped")
    while rita.open("/r/r/rate/proof").got.status_code == 200:
        _rate(rita, fives)
    assert mia.open("/r/r/levels").says("Nothing is missing.")
    assert not leo.open("/r/r/levels").offers("/r/r/levels/threshold")
    mia.send("/r/r/levels/threshold")
    assert mia.says("It is met, since")
    assert seeded.told(desk, ThresholdMet)[0].situation == "proof"


def _rate(rita, fives):
    if rita.says("Check the account"):
        quote = {f"quotes__{KEYS[0]}": "It spread"}
        rita.send(f"{WRITE}/rated", shows_criterion="true", consistent="true", **quote)
    else:
        rita.send(f"{WRITE}/rated", **fives)
    assert rita.got.status_code == 200


def test_a_threshold_that_is_not_met_is_not_confirmed(mia, desk):
    form = re.search(r'name="form" value="([^"]+)"', mia.open("/r/r").page)[1]
    data = {"form": form, "situation": "b0"}
    got = mia.http.post("/r/r/levels/threshold", data=data)
    assert got.status_code in {409, 422}
    assert not seeded.told(desk, ThresholdMet)


# ratings ---------------------------------------------------------------------------------------
def test_a_rater_is_shown_call_and_decision_one_at_a_time_and_blind(app, desk):
    seeded.guide(desk, raters=(RITA,), withheld_guidance=True)
    desk.write("r", seeded.opened("s1"), actor="leo")
    desk.write("r", seeded.own_call("s1"), actor="leo")
    done = DecisionRecorded(situation="s1", decision="Woke Ann", why="It spread")
    desk.write("r", done, actor="leo")
    rita = joined(app, "rita").open("/r/r/rate/s1")
    assert rita.says("Rate the own call")
    assert not rita.says("Woke Ann")
    rita.send(f"{WRITE}/rated", **{f"ratings__{KEYS[0]}": "4", f"ratings__{KEYS[1]}": "na"})
    assert rita.path == "/"
    assert rita.open("/r/r/rate/s1").says("Rate the decision")
    assert rita.says("Woke Ann")
    rita.send(f"{WRITE}/rated", **{f"ratings__{KEYS[0]}": "5"})
    assert {r.subject for r in seeded.told(desk, Rated) if r.situation == "s1"} == {
        "own_call",
        "decision",
    }
    assert rita.open("/r/r/rate/s1").got.status_code == 404


def test_a_learner_rates_its_own_call_and_is_shown_as_such(leo, mia, desk):
    desk.write("r", seeded.opened("s1"), actor="leo")
    desk.write("r", seeded.own_call("s1"), actor="leo")
    leo.open("/r/r/s/s1").send(f"{WRITE}/rated", having="as_self", **{f"ratings__{KEYS[0]}": "4"})
    assert leo.got.status_code == 200
    assert [r.as_self for r in seeded.told(desk, Rated) if r.situation == "s1"] == [True]
    assert 'name="fixed.as_self"' not in leo.open("/r/r/s/s1").page


def test_a_rating_that_lacks_a_number_comes_back_as_the_form(mia, desk):
    desk.write("r", seeded.opened("s1"), actor="leo")
    desk.write("r", seeded.own_call("s1"), actor="leo")
    mia.open("/r/r/s/s1").send(f"{WRITE}/rated", **{f"quotes__{KEYS[0]}": "Wait ten"})
    assert mia.got.status_code == 422
    assert mia.says("Wait ten")


# progress and evidence -------------------------------------------------------------------------
def styles(page):
    return set(re.findall(r"<style>(.*?)</style>", page, re.DOTALL)) | set(
        re.findall(r'style="([^"]*)"', page)
    )


def test_the_trajectory_is_a_page_whose_policy_allows_its_own_styles_alone(leo):
    leo.open("/r/r/progress")
    policy = leo.got.headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert styles(leo.page)
    for style in styles(leo.page):
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_what_people_write_brings_no_style_into_the_policy(leo, desk):
    before = leo.open("/r/r/progress").got.headers["content-security-policy"]
    bad = '</style><style>*{color:red}</style><i style="color:red">'
    leo.open("/r/r/notebook").send(f"{WRITE}/question_kept", text=bad)
    leo.open("/r/r/progress")
    assert leo.says(bad)
    assert leo.got.headers["content-security-policy"] == before


def test_looking_at_the_evidence_is_a_button_and_counts_once(leo, desk):
    leo.open("/r/r/evidence")
    assert not seeded.told(desk, EvidenceViewed)
    asked = leo.page
    for _ in range(2):
        leo.page = asked
        leo.send("/r/r/evidence")
        assert leo.says("Did guidance do it?")
    assert len(seeded.told(desk, EvidenceViewed)) == 1


def test_a_stranger_sees_no_progress_and_no_evidence(app, guided):
    eve = joined(app, "eve")
    for path in ("levels", "progress", "trajectory.html", "evidence"):
        assert eve.open(f"/r/r/{path}").got.status_code == 403
