"""Matching by proposal: what one says of oneself, a round, two yes, a trial, another trainer."""

from __future__ import annotations

import html
import re

import pytest

from bench.workload import GOAL, KEYS
from tests.support import seeded
from tests.support.browsing import SCRIPT, joined
from tutelage.domain.errors import Conflict
from tutelage.domain.events import AccountWritten, DecisionRecorded, OutcomeRecorded, Signed
from tutelage.guidance.roles import Experience
from tutelage.service.matching import Matching
from tutelage.service.profile import Profile
from tutelage.service.programmes import Invitation

NEED = "A client calls, angry about a wrong invoice"
STORY = "Angry clients on the phone about an invoice"
AGREED, SET = Signed(what="agreement"), Signed(what="goal")
CARE = "/programmes/care"


@pytest.fixture
def guided():
    """Nothing is there yet."""


@pytest.fixture
def lou(app, desk):
    """Who leads the programme."""
    browser = joined(app, "lou")
    desk.programmes.make("care", "Care", "lou")
    return browser


@pytest.fixture
def pool(desk, lou, leo, mia):
    """A learner and a trainer who joined and said what they look for and have handled."""
    join(desk, ("leo", "learner"), ("mia", "trainer"))
    desk.programmes.offer("care", "mia", 2, 3)
    leo.open(f"{CARE}/profile").send(f"{CARE}/profile", situations=NEED, able="Stay calm")
    mia.open(f"{CARE}/profile").send(f"{CARE}/profile", handled=STORY, mode="mentor")
    return Matching(desk)


def join(desk, *people):
    desk.programmes.invite("care", [Invitation(name, side) for name, side in people], "lou")
    for name, side in people:
        desk.programmes.answer("care", name, side, joins=True)


def say(desk, name, side, **words):
    Matching(desk).profiles.keep(Profile("care", name, side, **words))


def propose(lou):
    return lou.open(f"{CARE}/matching").send(f"{CARE}/matching")


def answer(browser, takes, having=""):
    action = re.search(rf'action="({CARE}/matches/[^"]+)"', browser.open(f"{CARE}/matches").page)[1]
    return browser.send(action, having or f'value="{takes}"')


def paired(lou, leo, mia):
    propose(lou)
    answer(leo, "yes")
    answer(mia, "yes")
    return mia.path.split("/")[2]


# from profile to relationship --------------------------------------------------------------------
def test_both_accept_and_the_relationship_is_proposed(desk, lou, leo, mia, pool):
    propose(lou)
    assert leo.open("/").says("Somebody is proposed to you")
    assert leo.open(f"{CARE}/matches").says(STORY)
    assert leo.says(f"1 of 1 situations are like what the trainer has handled: “{STORY}”")
    assert mia.open(f"{CARE}/matches").says(NEED)
    answer(leo, "yes")
    assert leo.says("You accepted; mia has not answered yet.")
    answer(mia, "yes")
    assert re.fullmatch(r"/r/[^/]+/agreement", mia.path)
    state = desk.state(mia.path.split("/")[2])
    assert (state.learner.id, state.trainer.id, state.mode) == ("leo", "mia", "mentor")
    assert state.terms.programme == "care"
    assert state.terms.handled == STORY
    assert not state.agreed


def test_a_pair_that_was_declined_is_not_proposed_again(lou, leo, mia, pool):
    propose(lou)
    answer(mia, "no", "Decline")
    propose_again = lou.open(f"{CARE}/matching")
    assert propose_again.says("who fits was declined, or is the trainer already")
    assert not propose_again.offers(f"{CARE}/matching")
    assert not leo.open(f"{CARE}/matches").says(STORY)
    assert leo.says("This did not go ahead.")


def test_what_is_not_taken_up_keeps_no_place_and_may_be_proposed_again(desk, lou, leo, mia, pool):
    propose(lou)
    answer(leo, "yes")
    desk.clock.later(days=15)
    (match,) = pool.mine("leo")
    assert leo.open(f"{CARE}/matches").says("It was not taken up in 14 days")
    with pytest.raises(Conflict):
        pool.answer(match.id, "mia", takes=True)
    propose(lou)
    assert [m.state for m in pool.mine("leo")] == ["proposed"]
    answer(leo, "yes"), answer(mia, "yes")
    assert pool.mine("leo")[0].state == "begun"


def test_a_pool_too_large_for_a_page_is_proposed_all_the_same(lou, leo, mia, pool, monkeypatch):
    monkeypatch.setattr("tutelage.doors.web.matching.MOST_LOOKED", 1)
    assert not lou.open(f"{CARE}/matching").says("leo with mia")
    assert lou.send(f"{CARE}/matching").says("leo with mia")


def test_what_was_answered_cannot_be_taken_back_by_the_other(lou, leo, mia, pool):
    propose(lou)
    leo.open(f"{CARE}/matches")
    answer(mia, "no", "Decline")
    (match,) = pool.mine("leo")
    with pytest.raises(Conflict):
        pool.answer(match.id, "leo", takes=True)


def test_two_who_begin_at_once_begin_one_relationship(desk, lou, leo, mia, pool):
    name = paired(lou, leo, mia)
    (match,) = pool.mine("leo")
    assert match.relationship == name == match.id
    assert len(desk.relationships()) == 1


def test_a_relationship_somebody_put_under_its_name_is_not_taken_for_it(desk, lou, leo, mia, pool):
    propose(lou)
    (match,) = pool.mine("leo")
    leo.open("/propose").send("/propose", other="lou", handled="x", because="y", id=match.id)
    answer(leo, "yes"), answer(mia, "yes")
    (match,) = pool.mine("leo")
    assert match.relationship != match.id
    assert desk.state(match.relationship).trainer.id == "mia"


# the lead ----------------------------------------------------------------------------------------
def test_a_lead_sees_who_and_counts_and_never_a_text(lou, leo, mia, pool):
    assert lou.open(f"{CARE}/matching").says("leo with mia")
    for browser in (lou.open(f"{CARE}/matching"), propose(lou)):
        assert browser.says("either way of working suits")
        assert not browser.says("situations are like")
        for words in (NEED, STORY, "Stay calm", "angry", "Angry"):
            assert not browser.says(words)
    assert lou.says("proposed")
    assert lou.open(f"{CARE}/matches").got.status_code == 404
    assert lou.open(f"{CARE}/profile").got.status_code == 404


def test_a_lead_cannot_try_words_out_to_read_what_others_wrote(desk, lou, leo, mia, pool):
    desk.programmes.make("care", "Care", "leo")  # leads it, and learns in it
    assert leo.open(f"{CARE}/matching").says("leo with mia")
    assert not leo.says("situations are like")
    assert not lou.open(f"{CARE}/matching").says("in the trainer's experiences")


def test_of_two_leads_at_once_one_round_wins(desk, lou, leo, mia, pool):
    desk.programmes.make("care", "Care", "mia")
    lou.open(f"{CARE}/matching"), mia.open(f"{CARE}/matching")
    lou.send(f"{CARE}/matching")
    mia.send(f"{CARE}/matching")
    assert mia.says("Another lead has proposed meanwhile; look again.")
    assert len(pool.of("care")) == 1


def test_sent_twice_it_is_one_round(lou, leo, mia, pool):
    assert len(pool.propose("care", "lou", 0)) == 1
    assert pool.propose("care", "lou", 0) == ()
    assert pool.round("care").number == 1


def test_to_others_there_is_nothing(app, desk, lou, leo, mia, pool):
    propose(lou)
    (match,) = pool.mine("leo")
    hana = joined(app, "hana")
    for path in ("profile", "matches", "matching"):
        assert hana.open(f"{CARE}/{path}").got.status_code == 404
    token = re.search(r'name="form" value="([^"]*)"', hana.open("/me").page)[1]
    sent = hana.http.post(f"{CARE}/matches/{match.id}", data={"form": token, "takes": "yes"})
    assert sent.status_code == 404
    assert pool.mine("leo")[0].state == "proposed"


# who fits ----------------------------------------------------------------------------------------
def test_capacity_is_kept_open_proposals_counted(app, desk, lou, leo, mia, pool):
    for name in ("ada", "bob"):
        joined(app, name)
        join(desk, (name, "learner"))
        say(desk, name, "learner", situations=NEED)
    assert sum(p.guide == "mia" for p in pool.propose("care", "lou", 0)) == 2
    assert [p.lacking for p in pool.look("care")] == ["no_places"]


def test_an_overloaded_trainer_comes_later(app, desk, lou, leo, mia, pool):
    joined(app, "tom")
    join(desk, ("tom", "trainer"))
    desk.programmes.offer("care", "tom", 2, 3)
    say(desk, "tom", "trainer", handled=STORY)
    assert {p.guide for p in pool.look("care")} == {"mia"}  # equal: by name
    joined(app, "ada")
    join(desk, ("ada", "learner"))
    say(desk, "ada", "learner", situations=NEED)
    pool.propose("care", "lou", 0)
    assert {m.trainer for m in pool.of("care")} == {"mia", "tom"}


def test_one_who_guides_all_alike_comes_later_and_nobody_is_told(
    app, desk, lou, leo, mia, pool, monkeypatch
):
    from tutelage.service import pool as pools

    joined(app, "tom")
    join(desk, ("tom", "trainer"))
    desk.programmes.offer("care", "tom", 2, 3)
    say(desk, "tom", "trainer", handled=STORY)
    monkeypatch.setattr(pools._Known, "_same", lambda _self, name: 0.9 if name == "mia" else 0.0)
    assert [p.guide for p in pool.look("care")] == ["tom"]
    assert not propose(lou).says("alike")


def test_experiences_are_counted_and_shown_to_nobody(desk, lou, leo, mia, pool):
    say(desk, "mia", "trainer", handled="")
    desk.bank.add("mia", [Experience("one", "An angry client, a wrong invoice, Zebra", "", "", "")])
    propose(lou)
    assert leo.open(f"{CARE}/matches").says("1 more in the trainer's experiences")
    for browser in (leo, lou.open(f"{CARE}/matching")):
        assert "Zebra" not in browser.page


def test_nobody_is_forced_on_anybody_and_everything_works_without(desk, lou, leo, mia):
    join(desk, ("leo", "learner"), ("mia", "trainer"))
    assert lou.open(f"{CARE}/matching").says(
        "says neither what to become able to do nor in which situations"
    )
    leo.open("/propose").send("/propose", other="mia", handled="x", because="y", programme="care")
    assert leo.path.startswith("/r/")


# what is said of oneself -------------------------------------------------------------------------
def test_hostile_words_come_out_as_words(lou, leo, mia, pool):
    mia.open(f"{CARE}/profile").send(f"{CARE}/profile", handled=f"{STORY} {SCRIPT}")
    propose(lou)
    leo.open(f"{CARE}/matches")
    assert "<script>alert" not in leo.page
    assert html.escape("<script>alert(1)</script>", quote=False) in leo.page


@pytest.mark.parametrize("words", ["x\n" * 40, "x" * 4001, "null \0 letter"])
def test_what_is_too_long_or_no_text_comes_back_and_is_not_kept(lou, leo, mia, pool, words):
    mia.open(f"{CARE}/profile").send(f"{CARE}/profile", handled=words)
    assert mia.got.status_code == 422
    assert pool.profiles.of("care", "mia", "trainer").handled == STORY


def test_what_was_deleted_is_quoted_nowhere(lou, leo, mia, pool):
    propose(lou)
    mia.open(f"{CARE}/profile").send(f"{CARE}/profile/forget")
    assert not leo.open(f"{CARE}/matches").says(STORY)
    assert leo.says("1 of 1 situations are like what the trainer has handled")


def test_whoever_leaves_takes_their_words_along(desk, lou, leo, mia, pool):
    propose(lou)
    desk.programmes.answer("care", "mia", "trainer", joins=False)
    assert pool.profiles.of("care", "mia", "trainer") is None
    answer(leo, "yes")
    assert not desk.relationships()


def close(desk, name, key):
    """A situation from its own call to its account."""
    decided = DecisionRecorded(situation=key, decision="Waited", why="It settles")
    came = OutcomeRecorded(situation=key, text="It settled")
    account = AccountWritten(
        situation=key,
        noticed="The hour",
        options=("wait",),
        turned_on=KEYS[0],
        asked_myself="What if?",
        happened="It settled",
    )
    for event in (seeded.opened(key), seeded.own_call(key), decided, came, account):
        desk.write(name, event, actor="leo")


# the trial ---------------------------------------------------------------------------------------
@pytest.fixture
def tried(app, desk, lou, leo, mia, pool):
    """A pair from a proposal, after three closed situations; another trainer is there."""
    name = paired(lou, leo, mia)
    said = (("leo", AGREED), ("mia", AGREED), ("leo", GOAL), ("leo", SET), ("mia", SET))
    seeded.write_all(desk, name, *said)
    for n in range(3):
        close(desk, name, f"s{n}")
    tom = joined(app, "tom")
    join(desk, ("tom", "trainer"))
    say(desk, "tom", "trainer", handled=STORY)
    return name, tom


def test_after_three_situations_both_are_asked_privately(lou, leo, mia, tried):
    for browser in (leo, mia):
        assert browser.open("/").says("Three situations are closed: go on, or look for another?")
    assert not lou.open(f"{CARE}/matching").says("re-match wanted")


def test_another_is_looked_for_and_nothing_is_lost(desk, lou, leo, mia, pool, tried):
    name, tom = tried
    answer(leo, "another", "Look for another")
    assert lou.open(f"{CARE}/matching").says("re-match wanted")
    assert not mia.open(f"{CARE}/matches").says("You look for another")
    assert lou.says("leo with tom")
    propose(lou)
    answer(tom, "yes")
    first = leo.open(f"{CARE}/matches")
    answer(first, "yes")
    assert desk.state(name).trainer.id == "mia"  # never by itself
    to = html.unescape(
        re.search(r'href="(/r/[^"]+/handover\?to=tom)"', leo.open(f"{CARE}/matches").page)[1]
    )
    leo.open(to).send(f"/r/{name}/handover", to="tom", because="Another view")
    state = desk.state(name)
    assert state.trainer.id == "tom"
    assert len(state.closed) == 3
    assert pool.mine("tom")[0].relationship == name
    assert not lou.open(f"{CARE}/matching").says("re-match wanted")


def test_who_goes_on_is_not_asked_again(leo, tried):
    answer(leo, "on", "Go on together")
    assert not leo.open("/").says("go on, or look for another?")
