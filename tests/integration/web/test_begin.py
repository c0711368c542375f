"""How a relationship begins in the browser: proposed, agreed, invited, a goal, a baseline."""

from __future__ import annotations

import re

import pytest

from tests.support import seeded
from tests.support.browsing import SCRIPT, Browser, joined
from tutelage.domain.events import AgreementAmended, HandedOver, Proposed, Rated, Signed

PROPOSAL = {"other": "mia", "handled": "Ten years on call", "because": "There are stories to tell"}
GOAL = {
    "situation": "A night on call in which an alert fires and nobody knows why",
    "behaviour": "Decides whether to wake somebody up, and says what it rests on",
    "today": "Wakes the whole team up at every alert",
    "horizon": "within 12 weeks",
}


@pytest.fixture
def guided():
    """Nothing is there yet."""


@pytest.fixture
def agreed(leo, mia):
    """Where both have signed the agreement."""
    leo.open("/propose").send("/propose", **PROPOSAL)
    at = leo.path
    leo.send(f"{at}/sign")
    mia.open(at).send(f"{at}/sign")
    leo.open(at)
    return at


def invited(browser):
    """The link that this page shows."""
    return re.search(r"/in/[0-9a-f]+", browser.page)[0]


# the agreement ---------------------------------------------------------------------------------
def test_everything_that_is_agreed_is_asked_for_and_shown_before_it_is_signed(leo, mia, desk):
    terms = {
        "cadence": "every second Thursday",
        "reply_days": "2",
        "concern_contact": "hana",
        "rater": "rita",
        "ending": "with a walk",
        "withheld_guidance": "yes",
        "mode": "coach",
    }
    leo.open("/propose").send("/propose", **PROPOSAL | terms)
    mia.open(leo.path)
    for said in (
        "every second Thursday",
        "replies within 2 days",
        "hana",
        "rita rates own calls, blind",
        "with a walk",
        "Whoever runs this server could read its database.",
        "None takes part.",
        "withheld by chance",
        "The two of you, and nobody else.",
    ):
        assert mia.says(said), said
    state = desk.state(leo.path.removeprefix("/r/"))
    assert (state.terms.withheld_guidance, state.terms.drawn_starts) == (True, False)
    assert not state.opted_in("drawn_starts")


def test_a_proposal_sent_twice_is_one(leo, mia, desk):
    form = leo.open("/propose").page
    leo.send("/propose", **PROPOSAL)
    first = leo.path
    leo.page = form
    assert leo.send("/propose", **PROPOSAL).path == first
    assert len(desk.relationships()) == 1


@pytest.mark.parametrize("wrong", [{"reply_days": "x"}, {"other": "l l"}, {"rater": "leo"}])
def test_what_was_typed_of_an_agreement_comes_back(leo, wrong):
    leo.open("/propose").send("/propose", **PROPOSAL | wrong | {"cadence": SCRIPT})
    assert leo.got.status_code in {409, 422}
    assert "<script>" not in leo.page
    assert leo.says(SCRIPT)
    assert leo.says("There are stories to tell")


def test_a_change_holds_once_both_have_signed_it(leo, mia, agreed, desk):
    goal(leo, mia, agreed)
    before = desk.state(name(agreed)).terms
    change = {"mode": "coach", "because": "She asks now", "reply_days": "5"}
    mia.open(f"{agreed}/agreement").send(f"{agreed}/agreement", **change)
    assert desk.state(name(agreed)).terms == before
    mia.send(f"{agreed}/sign")
    leo.open("/").open(agreed)
    assert leo.says("She asks now")
    leo.send(f"{agreed}/sign")
    now = desk.state(name(agreed)).terms
    assert isinstance(now, AgreementAmended)
    assert (now.mode, now.reply_days) == ("coach", 5)
    assert leo.open(f"{agreed}/agreement").says("Version 2")


def test_an_agent_is_proposed_with_who_answers_for_it_and_the_page_says_ai(leo, desk):
    leo.open("/propose").send("/propose", **PROPOSAL | {"other": "bot", "they_are": "agent"})
    assert leo.says("bot is an AI agent; leo answers for it.")
    (opened,) = seeded.told(desk, Proposed, desk.relationships()[0]["id"])
    assert (opened.trainer.kind, opened.trainer.owner) == ("agent", "leo")


# invited ---------------------------------------------------------------------------------------
def test_whoever_has_no_account_is_let_in_by_a_link_of_the_one_who_named_them(app, leo, sent):
    leo.open("/propose").send("/propose", **PROPOSAL)
    at = leo.path
    assert leo.says("mia has no account here yet")
    link = invited(leo.send(f"{at}/invite", mail="mia@example.org"))  # no mail server is set
    assert sent == []
    mia = Browser(app).open(link)
    assert mia.says("Welcome, mia")
    mia.send(link).open(at)
    assert mia.offers(f"{at}/sign")
    assert not leo.open(at).says("has no account")
    assert Browser(app).open(link).says("used already")


def test_a_later_invitation_of_somebody_closes_the_earlier(app, leo):
    leo.open("/propose").send("/propose", **PROPOSAL)
    at = leo.path
    first = invited(leo.send(f"{at}/invite"))
    second = invited(leo.open(at).send(f"{at}/invite"))
    assert Browser(app).open(first).says("not known here")
    assert Browser(app).open(second).says("Welcome, mia")


def test_an_invitation_expires(app, leo, desk):
    leo.open("/propose").send("/propose", **PROPOSAL)
    link = invited(leo.send(f"{leo.path}/invite"))
    desk.clock.later(days=14)
    assert Browser(app).open(link).says("expired")


def test_nobody_takes_a_name_that_somebody_elses_agreement_names(app, leo, desk):
    leo.open("/propose").send("/propose", **PROPOSAL | {"concern_contact": "hana"})
    eve = joined(app, "eve")
    eve.open("/propose").send("/propose", **PROPOSAL | {"other": "Hana"})
    eve.send(f"{eve.path}/invite")
    assert eve.got.status_code == 409
    assert eve.says("is taken already")
    stranger = Browser(app).open(f"/in/{desk.people.link()}")
    stranger.send(stranger.path, name="mia")
    assert stranger.says("is taken already")


def test_a_name_that_somebody_has_invited_is_theirs_to_give(app, leo):
    leo.open("/propose").send("/propose", **PROPOSAL)
    leo.send(f"{leo.path}/invite")
    eve = joined(app, "eve")
    eve.open("/propose").send("/propose", **PROPOSAL)
    assert eve.send(f"{eve.path}/invite").says("is taken already")


def test_an_invitation_is_no_mailing_list(leo, desk):
    for n in range(20):
        desk.people.invite(f"friend{n}", "leo")
    leo.open("/propose").send("/propose", **PROPOSAL)
    assert leo.send(f"{leo.path}/invite").says("Many of your invitations wait")


def test_only_who_is_named_is_invited(leo, mia, agreed):
    leo.open("/propose").send("/propose", **PROPOSAL | {"other": "noa"})
    at = leo.path
    leo.send(f"{at}/invite", name="anybody")
    assert leo.got.status_code == 404
    assert leo.says("anybody needs no invitation here.")
    assert mia.open(at).got.status_code == 403


# the goal --------------------------------------------------------------------------------------
def name(at):
    return at.removeprefix("/r/")


def goal(leo, mia, at, **more):
    criteria = {f"criterion.{n}": said for n, said in enumerate(("Doubt", "Reach", "Way back"))}
    leo.open(at).send(f"{at}/goal", **GOAL | criteria | more).send(f"{at}/sign")
    mia.open(at).send(f"{at}/sign")
    leo.open(at)


def test_criteria_are_taken_from_a_library_with_steps_to_be_put_in_ones_own_words(
    leo, agreed, desk
):
    chosen = {"library.people": "yes", "library.doubt": "yes", "fill": "yes"}
    leo.send(f"{agreed}/goal", **GOAL | {"criterion.0": "My own"} | chosen)
    assert leo.says("People: who decides, and what they fear")
    assert leo.says("The first explanation is taken for what happened.")
    typed = {"anchor.1.4": "I ask them before I decide.", "criterion.0": "My own"}
    typed |= {"criterion.1": "People: who decides", "criterion.2": "Doubt: what I do not know"}
    leo.send(f"{agreed}/goal", **GOAL | typed)
    criteria = desk.state(name(agreed)).goal.entry.event.criteria
    assert [str(c.name) for c in criteria] == list(typed.values())[1:]
    assert str(criteria[1].anchors[4]) == "I ask them before I decide."
    assert str(criteria[0].anchors[0]) == "It played no part in the call."


STEPS = (
    "The first explanation is taken for what happened.",
    "Doubt is felt, and passed over.",
    "It is named that something is not known.",
    "It is named which answer would change the call.",
    "The cheapest way to find out is taken before the call.",
)


def test_the_goal_is_read_in_full_and_a_change_holds_once_both_have_signed_it(
    leo, mia, agreed, desk
):
    goal(leo, mia, agreed)
    before = desk.state(name(agreed)).goal.entry.event.criteria
    leo.open(f"{agreed}/goal")
    assert leo.says(GOAL["today"])
    assert leo.says("It played no part in the call.")
    steps = dict(zip((f"anchor.0.{m}" for m in range(5)), STEPS, strict=True))
    typed = {f"criterion.{n}": str(c.name) for n, c in enumerate(before)} | steps | GOAL
    leo.send(f"{agreed}/goal/change", **typed | {"because": "", "horizon": "soon"})
    assert leo.got.status_code == 422
    assert leo.says(STEPS[4])
    typed |= {"horizon": "within 16 weeks", "because": "It takes longer"}
    leo.send(f"{agreed}/goal/change", **typed)
    assert desk.state(name(agreed)).goal.entry.event.criteria == before
    leo.send(f"{agreed}/sign")
    mia.open(agreed).send(f"{agreed}/sign")
    now = desk.state(name(agreed)).goal.entry.event
    assert now.horizon == "within 16 weeks"
    assert [c.key for c in now.criteria] == [f"{before[0].key}-2", before[1].key, before[2].key]


# the baseline ----------------------------------------------------------------------------------
RETOLD = {
    "text": "At two in the night the queue stood still and Ann was away.",
    "call": "I woke the whole team up",
    "why": "I was afraid to miss something",
}


def test_three_decisions_are_retold_with_ones_own_rating_and_close_the_baseline(
    leo, mia, agreed, desk
):
    goal(leo, mia, agreed)
    for n in range(3):
        assert leo.open(agreed).says(f"so far {n}")
        leo.open(f"{agreed}/retell")
        leo.send(
            f"{agreed}/retell", **RETOLD | {"ratings.doubt": "2", "text": f"Night {n}: it stood"}
        )
    assert not leo.open(agreed).says("Retell three decisions")
    state = desk.state(name(agreed))
    assert all(s.opened.event.retold and s.own_call for s in state.situations)
    assert [r.as_self for r in seeded.told(desk, Rated, name(agreed))] == [True] * 3
    mia.open(agreed).send(f"{agreed}/baseline")
    assert str(desk.state(name(agreed)).phase) == "guided"


def test_a_retelling_sent_twice_is_one_and_says_what_it_touched(leo, mia, agreed, desk):
    goal(leo, mia, agreed)
    form = leo.open(f"{agreed}/retell").page
    leo.send(f"{agreed}/retell", **RETOLD)
    assert leo.got.status_code == 409
    assert leo.says("Say which of the goal's criteria this touches.")
    assert leo.says("I woke the whole team up")
    for _ in range(2):
        leo.page = form
        leo.send(f"{agreed}/retell", **RETOLD | {"ratings.reach": "3"})
    assert len(desk.state(name(agreed)).situations) == 1
    assert mia.open(f"{agreed}/retell").got.status_code == 403


def test_a_retelling_goes_on_where_it_broke_off(leo, mia, agreed, desk, monkeypatch):
    goal(leo, mia, agreed)
    form = leo.open(f"{agreed}/retell").page
    typed = RETOLD | {"ratings.reach": "3"}
    with monkeypatch.context() as killed:
        killed.setattr("tutelage.doors.web.begin.Rated", None)
        with pytest.raises(TypeError):
            leo.send(f"{agreed}/retell", **typed)
    leo.page = form
    leo.send(f"{agreed}/retell", **typed)
    (known,) = desk.state(name(agreed)).situations
    assert known.own_call is not None
    assert len(known.ratings) == 1


# a pair that never rates -----------------------------------------------------------------------
def test_a_pair_that_never_rates_is_never_asked_to_and_moves_levels_by_agreement(leo, mia, desk):
    leo.open("/propose").send("/propose", **PROPOSAL | {"rated": "nobody"})
    at = leo.path
    leo.send(f"{at}/sign")
    mia.open(at).send(f"{at}/sign")
    goal(leo, mia, at)
    for n in range(3):
        leo.open(f"{at}/retell")
        leo.send(f"{at}/retell", **RETOLD | {"text": f"Night {n}", "ratings.reach": "3"})
    assert mia.open("/").says("Take the baseline")
    mia.open(at).send(f"{at}/baseline")
    assert not mia.open("/").says("Rate a call")
    mia.open(f"{at}/levels").send(f"{at}/write/level_moved", to="2", why="You ask yourself by now")
    assert str(desk.state(name(at)).level("doubt").word) == "ask"
    mia.open(f"{at}/evidence").send(f"{at}/evidence")
    assert mia.says("not enough")


# handed over -----------------------------------------------------------------------------------
def test_the_learner_goes_on_with_another_trainer_and_the_first_reads_no_more(
    app, leo, mia, agreed, desk
):
    goal(leo, mia, agreed)
    assert mia.open(f"{agreed}/handover").got.status_code == 403
    leo.open(f"{agreed}/handover").send(f"{agreed}/handover", to="l l", because="She moves away")
    assert leo.says("She moves away")
    leo.send(f"{agreed}/handover", to="noa", because="She moves away")
    assert leo.says("noa has no account here yet")
    link = invited(leo.send(f"{agreed}/invite"))
    assert mia.open(agreed).got.status_code == 403
    noa = Browser(app).open(link).send(link).open(agreed)
    assert noa.says("leo learns with noa")
    assert len(seeded.told(desk, HandedOver, name(agreed))) == 1
    assert len(seeded.told(desk, Signed, name(agreed))) == 4
