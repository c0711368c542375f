"""What no AI coaches on, through the doors: an offer of a person, and nothing closed to anybody."""

from __future__ import annotations

import pytest

from bench.workload import KEYS
from tests.support import seeded
from tests.support.browsing import Browser, joined
from tutelage.domain.entry import split
from tutelage.domain.errors import NotYours, Refused
from tutelage.domain.events import (
    Answered,
    BaselineTaken,
    Debriefed,
    DecisionRecorded,
    GuidanceFailed,
    GuidanceGiven,
    HandedOver,
    HelpAsked,
    LevelMoved,
    OutcomeRecorded,
)
from tutelage.domain.terms import Level, Party, Role
from tutelage.doors.serve import application
from tutelage.guidance.turn import waiting
from tutelage.trainers.coach import QuestionCoach

COACH = Party(id="coach-bot", kind="agent", owner="olga")
HEAVY = "My boss hits me when the numbers are late."
ASK = {"move": "ask", "text": "What do you weigh here?", "criteria": KEYS[:1]}


@pytest.fixture
def desk(sqlite_url):
    with seeded.desk(sqlite_url, agents=[QuestionCoach("coach-bot")]) as made:
        yield made


def relation(desk, trainer=COACH, signs="olga", **more):
    """A relationship of leo's in its guided phase."""
    given = {"mode": "coach", "concern_contact": "vera", **more}
    seeded.agree(desk, trainer=trainer, **given)
    for key in ("b1", "b2", "b3"):
        desk.write("r", seeded.opened(key), actor="leo")
        desk.write("r", seeded.own_call(key), actor="leo")
    desk.write("r", BaselineTaken(situations=("b1", "b2", "b3")), actor=trainer.id)
    return "r"


def opened(desk, key="s1", call="Wait", **more):
    desk.write("r", seeded.opened(key, **more), actor="leo")
    return desk.write("r", seeded.own_call(key, call=call), actor="leo")


def failed(desk, key="s1"):
    return [str(f.event.reason) for f in desk.state("r").find(key).failures]


def guide(desk, key="s1", actor="coach-bot", **more):
    return desk.write("r", GuidanceGiven(situation=key, **{**ASK, **more}), actor=actor)


def test_an_agent_is_not_asked_and_the_learner_is_offered_the_person_named(desk):
    relation(desk)
    opened(desk, text=HEAVY)
    assert failed(desk) == ["An AI does not coach on what is written here; please turn to vera."]
    assert desk.run_due() >= 0
    assert not desk.state("r").find("s1").guidance
    assert all(w.what != "guide" for w in waiting(desk.state("r")) if w.situation == "s1")


@pytest.mark.parametrize("where", ["call", "help", "answer"])
def test_it_is_found_in_a_call_a_question_for_help_and_an_answer(desk, where):
    relation(desk)
    opened(desk, call=HEAVY if where == "call" else "Wait")
    if where == "help":
        desk.write("r", HelpAsked(situation="s1", question=HEAVY, urgent=True), actor="leo")
    if where == "answer":
        given = guide(desk)
        desk.collect_guidance("r", "s1", actor="leo")
        desk.write("r", Answered(situation="s1", guidance=given.seq, text=HEAVY), actor="leo")
    assert len(failed(desk)) == 1


def test_an_agent_that_tries_all_the_same_is_refused_with_the_reason(desk):
    relation(desk)
    opened(desk, text=HEAVY)
    with pytest.raises(Refused, match="An AI does not coach") as refused:
        guide(desk)
    assert refused.value.code == "not_for_an_agent"


def test_the_learner_is_never_blocked(desk):
    relation(desk)
    opened(desk, text=HEAVY)
    desk.write("r", DecisionRecorded(situation="s1", decision="d", why="w"), actor="leo")
    desk.write("r", OutcomeRecorded(situation="s1", text="o"), actor="leo")
    assert desk.turn("r").step("s1").do == "account"
    assert not [w for w in waiting(desk.state("r")) if w.what == "debrief"]
    said = {"expected": "e", "happened": "h", "why": "w", "next": "n"}
    with pytest.raises(Refused, match="An AI does not coach"):
        desk.write("r", Debriefed(situation="s1", **said), actor="coach-bot")


def test_asking_for_help_again_is_answered_at_once(desk):
    relation(desk)
    opened(desk, text=HEAVY)
    desk.write("r", HelpAsked(situation="s1", question="And now?"), actor="leo")
    assert len(failed(desk)) == 2


def test_a_person_is_not_stopped(desk):
    relation(desk, trainer=seeded.MIA)
    opened(desk, text=HEAVY)
    assert failed(desk) == []
    guide(desk, actor="mia")


def test_an_agents_own_work_is_not_read_for_it(desk):
    bot = Party(id="leo", kind="agent", owner="olga")
    seeded.agree(desk, learner=bot, trainer=COACH)
    written = desk.write("r", seeded.opened("s1", text=HEAVY), actor="leo")
    assert written.entry.findings.beyond is None


def test_the_finding_names_no_matter_and_outlives_the_text_without_it(desk):
    relation(desk)
    opened(desk, text=HEAVY)
    entry = desk.state("r").find("s1").opened
    assert entry.findings.beyond == "care-1"
    desk.redact("r", entry.seq, actor="leo")
    assert split(desk.state("r").find("s1").opened.event)[1] == ["[redacted]"]
    with pytest.raises(Refused, match="An AI does not coach"):
        guide(desk)
    assert desk.verify("r").ok


def test_benign_work_is_guided_as_ever(desk):
    relation(desk)
    opened(desk, text="Kill the process or restart the worker?")
    assert failed(desk) == []
    desk.run_due()
    assert desk.state("r").find("s1").guidance


# somebody stands in ----------------------------------------------------------------------------
def test_the_owner_guides_in_the_agents_place_under_its_own_name(desk):
    relation(desk)
    opened(desk, text=HEAVY)
    entry = guide(desk, actor="olga").entry
    assert (entry.actor, entry.role, entry.findings.stands_in) == ("olga", Role.TRAINER, COACH.id)
    assert "olga" in desk.state("r").trainers


def test_the_agent_leaves_a_situation_to_whoever_stands_in(desk):
    relation(desk)
    opened(desk)
    given = guide(desk, actor="olga")
    with pytest.raises(Refused, match="A person stands in"):
        guide(desk)
    desk.collect_guidance("r", "s1", actor="leo")
    desk.write("r", Answered(situation="s1", guidance=given.seq, text="The cost"), actor="leo")
    due = [w for w in waiting(desk.state("r")) if w.situation == "s1" and w.what == "guide"]
    assert [w.actor for w in due] == ["olga"]
    desk.run_due()
    assert len(desk.state("r").find("s1").guidance) == 1
    opened(desk, "s2")
    desk.run_due()
    assert desk.state("r").find("s2").guidance[0].entry.actor == COACH.id


def test_who_stands_in_may_tell_a_story_of_its_own_and_move_a_level(desk):
    relation(desk, mode="mentor")
    opened(desk)
    guide(desk, actor="olga", move="share", text="I once waited too long.", experience="e1")
    assert desk.bank.has("olga", "e1")
    start, to = Level.SHARE, Level.ASK
    event = LevelMoved(criterion=KEYS[0], start=start, to=to, why="It is time")
    assert desk.write("r", event, actor="olga").entry.role is Role.TRAINER


def test_who_stood_in_never_rates_blind_afterwards(desk):
    relation(desk, raters=(Party(id="olga", kind="person"),))
    opened(desk)
    guide(desk, actor="olga")
    opened(desk, "s2")
    asked = [a.event for a in desk.state("r").find("s2").asked]
    assert "levels" in next(a.shown for a in asked if a.rater == "olga")


def test_a_learner_that_owns_its_trainer_does_not_guide_itself(desk):
    own = Party(id="coach-bot", kind="agent", owner="leo")
    relation(desk, trainer=own)
    opened(desk)
    with pytest.raises(NotYours):
        guide(desk, actor="leo")


def test_the_owner_takes_over_for_good_and_nobody_else_without_the_learner(desk):
    relation(desk)
    stranger, olga = Party(id="rex", kind="person"), Party(id="olga", kind="person")
    with pytest.raises(Refused, match="The learner hands over"):
        desk.write("r", HandedOver(to=stranger, because="b"), actor="olga")
    desk.write("r", HandedOver(to=olga, because="b"), actor="olga")
    assert desk.state("r").trainer == olga
    opened(desk, text=HEAVY)
    assert failed(desk) == []
    guide(desk, actor="olga")
    with pytest.raises(Refused, match="is the trainer here already"):
        desk.write("r", HandedOver(to=olga, because="b"), actor="leo")


def test_the_ledger_folds_the_same_from_the_disk(desk):
    relation(desk)
    opened(desk, text=HEAVY)
    guide(desk, actor="olga")
    before = desk.state("r")
    assert desk.rebuild("r")
    assert desk.state("r") == before


# in the browser --------------------------------------------------------------------------------
@pytest.fixture
def app(desk):
    return application(desk, rate=1e6, burst=1e6, deliver=lambda _person, _link: None)


def test_the_learners_page_offers_the_person_and_the_form_and_says_no_diagnosis(desk, app):
    relation(desk)
    opened(desk, text=HEAVY)
    leo = joined(app, "leo").open("/r/r/s/s1")
    assert leo.says("This deserves a person")
    assert leo.says("vera, named in your agreement, is there for it, urgent or not.")
    assert leo.offers("/r/r/write/decision_recorded")
    for word in ("abuse", "distress", "medical", "legal"):
        assert not leo.says(word)
    leo.send("/r/r/write/concern_raised", text="Please call me")
    assert joined(app, "vera").open("/r/r/concerns").says("Please call me")


def test_the_page_of_any_situation_with_an_ai_names_a_person_too(desk, app):
    relation(desk)
    opened(desk)
    leo = joined(app, "leo").open("/r/r/s/s1")
    assert leo.says("coach-bot is an AI.")
    assert leo.says("For what weighs on you there is a person: vera.")


def test_without_anybody_named_the_page_says_whom_to_turn_to(desk, app):
    relation(desk, concern_contact=None)
    opened(desk, text=HEAVY)
    leo = joined(app, "leo").open("/r/r/s/s1")
    assert leo.says("Please turn to a person you trust")


def test_a_person_trainer_is_told_and_may_guide(desk, app):
    relation(desk, trainer=seeded.MIA)
    opened(desk, text=HEAVY)
    mia = joined(app, "mia").open("/r/r/s/s1")
    assert mia.says("You may point to vera")
    assert mia.offers("/r/r/write/guidance_given")
    assert not joined(app, "leo").open("/r/r/s/s1").says("This deserves a person")


def test_the_owner_stands_in_on_the_page_and_the_learner_sees_for_whom(desk, app):
    relation(desk)
    opened(desk, text=HEAVY)
    olga = joined(app, "olga").open("/r/r/s/s1")
    assert olga.says("coach-bot steps aside in this situation.")
    assert olga.says("Stand in for coach-bot: guide")
    olga.send("/r/r/write/guidance_given", **{**ASK, "criteria": KEYS[0]})
    leo = joined(app, "leo").open("/r/r/s/s1").send("/r/r/s/s1/collect")
    assert leo.says("stands in for coach-bot")
    assert leo.says("What do you weigh here?")


def test_over_rest_an_agent_trainer_is_refused_with_the_code(desk, app):
    relation(desk)
    opened(desk, text=HEAVY)
    secret = desk.keys.make("coach-bot")
    got = Browser(app).http.post(
        "/api/relationships/r/guidance-given",
        json={"situation": "s1", **ASK},
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert (got.status_code, got.json()["code"]) == (409, "not_for_an_agent")


def test_why_no_guidance_came_is_said_in_the_readers_language(desk, app):
    relation(desk)
    opened(desk, text=HEAVY)
    leo = Browser(app)
    leo.http.headers["Accept-Language"] = "de"
    leo.open(f"/in/{app.state.accounts.invite('leo')}")
    leo.send(leo.path).open("/r/r/s/s1")
    assert leo.says("Zu dem, was hier steht, begleitet eine KI nicht; bitte wende dich an vera.")


def test_a_worker_tells_the_learner_after_a_handover_to_an_agent(desk):
    relation(desk, trainer=seeded.MIA)
    opened(desk, text=HEAVY)
    desk.write("r", HandedOver(to=COACH, because="holidays"), actor="leo")
    desk.run_due("r")
    assert len(failed(desk)) == 1
    assert isinstance(desk.state("r").find("s1").failures[0].event, GuidanceFailed)
