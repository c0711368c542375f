"""What waits for agents is done, once, and nobody's failure is another's."""

from __future__ import annotations

import hashlib

import pytest

from bench.workload import KEYS
from tests.support import seeded
from tests.support.agents import Judge, Says, asks, breaks
from tests.support.cast import BOT, JUDGE, JUDGE_2, MENTOR, RITA
from tests.support.seeded import LEO, MIA, opened, own_call, reason, told
from tutelage import Tutelage
from tutelage.domain.events import (
    AccountWritten,
    Answered,
    BaselineTaken,
    Debriefed,
    DecisionRecorded,
    GuidanceFailed,
    GuidanceGiven,
    HelpAsked,
    ObstacleNamed,
    OutcomeRecorded,
)
from tutelage.domain.guiding import ROUNDS
from tutelage.service import work
from tutelage.trainers import ExperienceMentor, QuestionCoach

QUESTION = "What do you know here at first hand?"


@pytest.fixture
def desk(sqlite_url):
    """A person coached by an agent, whose own calls a person rates."""
    with seeded.desk(sqlite_url) as tutelage:
        seeded.guide(tutelage, ratings=3, learner=LEO, trainer=MENTOR, mode="coach", raters=(RITA,))
        yield tutelage


def with_agents(desk, *agents):
    desk.agents = {a.id: a for a in agents}
    return desk


def called(desk, key="s", name="r", actor="leo"):
    desk.write(name, opened(key), actor=actor)
    desk.write(name, own_call(key), actor=actor)
    return desk


# once --------------------------------------------------------------------------------------------
def test_a_request_is_answered_once_however_often_it_is_looked_at(desk):
    with_agents(called(desk), Says("mentor-bot", asks(QUESTION)))
    assert [desk.run_due("r"), desk.run_due("r"), desk.run_due()] == [1, 0, 0]
    assert [str(g.text) for g in told(desk, GuidanceGiven)] == [QUESTION]


def test_killed_before_it_wrote_it_is_asked_again_and_writes_once(desk, monkeypatch):
    trainer = Says("mentor-bot", asks(QUESTION))
    with_agents(called(desk), trainer)
    with monkeypatch.context() as patched:
        patched.setattr(work, "_write", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            desk.run_due("r")
    assert told(desk, GuidanceGiven) == []
    assert desk.run_due("r") == 1
    assert trainer.asked == 2


def test_two_workers_that_answer_differently_give_one_answer(desk, sqlite_url):
    called(desk)
    with Tutelage(sqlite_url, agents=[Says("mentor-bot", asks("Which option is left?"))]) as other:

        def late(brief):
            other.run_due("r")
            return asks(QUESTION)(brief)

        with_agents(desk, Says("mentor-bot", late)).run_due("r")
    assert [str(g.text) for g in told(desk, GuidanceGiven)] == ["Which option is left?"]
    assert told(desk, GuidanceFailed) == []


def test_only_so_much_is_done_as_was_asked_for(desk):
    for key in ("s", "t", "u"):
        called(desk, key)
    with_agents(desk, Says("mentor-bot", asks(QUESTION)))
    assert [desk.run_due("r", limit=2), desk.run_due("r", limit=2)] == [2, 1]


# failing -----------------------------------------------------------------------------------------
def test_with_nothing_to_add_the_learner_is_told_so(desk):
    with_agents(called(desk), Says("mentor-bot", lambda _b: None)).run_due()
    assert reason(desk) == work.NOTHING_TO_ADD


@pytest.mark.parametrize("text", ["You should roll back at once.", "SECRET: roll it back now."])
def test_a_text_that_is_refused_is_a_failure_that_quotes_none_of_it(desk, text):
    with_agents(called(desk), Says("mentor-bot", asks(text))).run_due()
    assert "tells_at_ask" in reason(desk)
    assert "roll" not in reason(desk)


def test_a_trainer_that_breaks_fails_and_its_error_stays_inside(desk):
    with_agents(called(desk), Says("mentor-bot", breaks)).run_due()
    assert reason(desk) == work.NO_ANSWER
    assert desk.run_due() == 0


def test_the_learner_decides_after_a_failure_and_counts_as_unaided(desk):
    with_agents(called(desk), Says("mentor-bot", breaks)).run_due()
    assert "learner: decide in s" in map(str, desk.turn("r").waiting)
    decided = DecisionRecorded(situation="s", decision="Waited", why="as I said")
    assert not desk.write("r", decided, actor="leo").state.find("s").consulted


def test_what_breaks_in_one_relationship_stops_nothing_in_another(desk):
    trainer = MENTOR.model_copy(update={"id": "coach-2"})
    seeded.guide(desk, "q", learner=LEO, trainer=trainer, mode="coach")
    called(called(desk), name="q")
    with_agents(desk, Says("mentor-bot", breaks), Says("coach-2", asks(QUESTION)))
    assert desk.run_due() == 2
    assert told(desk, GuidanceGiven, "q")
    assert told(desk, GuidanceFailed, "r")


def decided(desk, key="s"):
    called(desk, key)
    for event in (
        DecisionRecorded(situation=key, decision="Waited", why="x"),
        OutcomeRecorded(situation=key, text="It settled"),
    ):
        desk.write("r", event, actor="leo")
    return desk


def test_a_debrief_that_breaks_is_tried_at_the_next_run_and_stops_nothing(desk):
    called(decided(desk), "t")
    with_agents(desk, Says("mentor-bot", asks(QUESTION), debrief=breaks))
    assert desk.run_due("r") == 1
    assert told(desk, GuidanceGiven)[0].situation == "t"
    with_agents(desk, QuestionCoach("mentor-bot"))
    assert desk.run_due("r") == 1
    assert len(told(desk, Debriefed)) == 1


def test_a_rater_that_breaks_is_asked_again(sqlite_url):
    with seeded.desk(sqlite_url) as desk:
        seeded.agree(desk, raters=(JUDGE,))
        called(desk)
        broken = Judge("judge-1")
        broken.rate = breaks
        assert with_agents(desk, broken).run_due() == 0
        assert with_agents(desk, Judge("judge-1")).run_due() == 1


# who does what -----------------------------------------------------------------------------------
def test_raters_see_packets_and_nothing_else(sqlite_url):
    judge = Judge("judge-1")
    with seeded.desk(sqlite_url, agents=[judge]) as desk:
        seeded.agree(desk, raters=(JUDGE,))
        called(desk).run_due()
    (packet,) = judge.saw
    assert (packet.said, packet.why) == ("Wait ten minutes", "It often settles by itself")
    assert not any(w in repr(packet) for w in ("baseline", "2026", "level", "guidance"))


def test_an_agent_that_is_not_here_is_waited_for(desk):
    called(desk)
    assert with_agents(desk, Judge("judge-1")).run_due() == 0
    assert desk.turn("r").guidance_due == ("s",)


def test_a_rater_does_not_guide_though_it_has_the_trainers_name(desk):
    assert with_agents(called(desk), Judge("mentor-bot")).run_due() == 0


def test_forks_are_left_out_unless_they_are_named(desk):
    desk.fork("r", at=desk.state("r").seq, arm="alone", id="f")
    called(desk, name="f")
    with_agents(desk, Says("mentor-bot", asks(QUESTION)))
    assert desk.run_due() == 0
    assert desk.run_due("f") == 1
    assert told(desk, GuidanceGiven) == []


def test_a_persons_work_is_nobody_elses(sqlite_url):
    with seeded.desk(sqlite_url) as desk:
        seeded.guide(desk, learner=LEO, trainer=MIA)
        assert with_agents(called(desk), ExperienceMentor("other")).run_due() == 0
        assert desk.turn("r").guidance_due == ("s",)


# a whole course ----------------------------------------------------------------------------------
def test_a_coach_takes_up_each_answer_for_so_many_rounds_and_then_leaves_the_decision(desk):
    with_agents(called(desk), QuestionCoach("mentor-bot"))
    for n in range(ROUNDS):
        assert desk.turn("r").guidance_due == ("s",)
        assert desk.run_due() == 1
        *_, last = desk.collect_guidance("r", "s", actor="leo")
        assert desk.turn("r").guidance_due == ()
        seq = desk.state("r").find("s").guidance[-1].entry.seq
        answer = Answered(situation="s", guidance=seq, text=f"Thinking again ({n}): I would wait")
        desk.write("r", answer, actor="leo")
    assert desk.turn("r").guidance_due == ()
    assert desk.run_due() == 0
    assert len({str(g.text) for g in told(desk, GuidanceGiven)}) == ROUNDS
    assert last.move == "ask"


def test_help_asked_for_is_answered_after_the_coachs_question(desk):
    with_agents(called(desk), QuestionCoach("mentor-bot")).run_due()
    desk.collect_guidance("r", "s", actor="leo")
    desk.write("r", HelpAsked(situation="s", question="Is it sound?"), actor="leo")
    assert desk.run_due() == 1


def agents_at_work(url, *raters, rating=3, **more):
    judges = [Judge(r.id, rating) for r in raters]
    desk = seeded.desk(url, agents=[ExperienceMentor("mentor-bot"), *judges])
    seeded.agree(desk, learner=BOT, trainer=MENTOR, raters=raters, **more)
    return desk


def test_the_baseline_of_an_agent_is_taken_when_six_calls_are_rated(sqlite_url):
    with agents_at_work(sqlite_url, JUDGE) as desk:
        for n in range(6):
            assert told(desk, BaselineTaken) == []
            called(desk, f"s{n}", actor="bot").run_due()
        (taken,) = told(desk, BaselineTaken)
        assert taken.situations == tuple(f"s{n}" for n in range(6))
        assert desk.turn("r").phase == "guided"


def test_obstacles_are_named_when_the_ratings_show_them_and_overcome_when_they_do_not(sqlite_url):
    with agents_at_work(sqlite_url, JUDGE, rating=2) as desk:
        for n in range(7):
            called(desk, f"s{n}", actor="bot").run_due()
        named = told(desk, ObstacleNamed)
        assert {o.criteria for o in named} == {("impact",), ("evidence",)}
        desk.agents["judge-1"].rating = 5
        for n in range(7, 11):
            called(desk, f"s{n}", actor="bot").run_due()
        assert all(o.overcome for o in desk.state("r").obstacles.values())


def test_between_agents_the_threshold_follows_two_blind_checks_of_an_account(sqlite_url):
    with agents_at_work(sqlite_url, JUDGE, JUDGE_2, rating=5) as desk:
        for n in range(12):
            alone(desk, f"s{n}")
        met = desk.state("r").threshold
        assert met is not None
        assert met.role == "system"
        proof = desk.state("r").find(met.event.situation)
        checks = [r for r in proof.ratings if r.event.subject == "account"]
        assert {c.actor for c in checks} == {"judge-1", "judge-2"}
        assert {c.seq for c in checks} <= set(met.event.entries)


def hash_of(key):
    return hashlib.sha256(key.encode()).hexdigest()


def alone(desk, key):
    """A new and hard situation, decided and accounted for without any help."""
    text = f"Something that nobody has met: {key} {hash_of(key)}"
    hard = opened(key, *KEYS, text=text, difficulty=1, seen_before=False)
    account = AccountWritten(
        situation=key,
        noticed=f"What {hash_of(key)} showed",
        options=("wait", "roll back"),
        turned_on="impact",
        asked_myself=f"What does {key} change?",
        happened="It settled",
    )
    choice = DecisionRecorded(situation=key, decision="Waited", why="x")
    for event in (hard, own_call(key), choice, account):
        desk.write("r", event, actor="bot")
    desk.run_due()


def test_a_packet_is_as_blind_for_the_second_look(sqlite_url):
    with agents_at_work(sqlite_url, JUDGE, JUDGE_2, rating=5) as desk:
        for n in range(12):
            alone(desk, f"s{n}")
        packets = [p for p in desk.agents["judge-1"].saw if p.subject == "account"]
        assert packets
        assert all("settled" not in (p.account or "") for p in packets)
