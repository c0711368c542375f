"""What a number or a reading keeps out, and what is found in what is let in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.cast import CRITERIA, LEA, MENTOR, OLGA, RITA, goal
from tests.support.course import Course, emptied
from tests.support.seeded import opened
from tutelage.domain.entry import Draft, Entry, Findings, canonical, found
from tutelage.domain.errors import NotYours, Refused, TutelageError
from tutelage.domain.events import (
    AccountWritten,
    AgreementAmended,
    Debriefed,
    GuidanceGiven,
    LevelMoved,
    MasterpieceCertified,
    Noted,
    OwnCallRecorded,
    QuestionKept,
    Rated,
    SituationOpened,
    ThresholdMet,
)
from tutelage.domain.evolve import fold
from tutelage.domain.terms import Level, Role
from tutelage.evidence import asks
from tutelage.evidence.novelty import Seen
from tutelage.guidance.admit import admit, facts_of
from tutelage.guidance.threshold import Contrast, threshold

ALARM = "Alarm at three: the queue of the payment service grows and two teams point at each other"
TELLS = "You should stop the deploy."


def admitted(course: Course, event: Any, role: Role, actor: str = "", **more: Any) -> Draft:
    who = actor or {Role.LEARNER: course.learner.id, Role.TRAINER: course.trainer.id}.get(role, "")
    seen = more.pop("seen", Seen())
    draft = Draft(event, who, role, course.now)
    return admit(course.state, course.track, seen, draft, **more)


def refusal(course: Course, event: Any, role: Role, actor: str = "", **more: Any) -> str:
    with pytest.raises(TutelageError) as refused:
        admitted(course, event, role, actor, **more)
    return refused.value.code


# drawn starts ----------------------------------------------------------------------------------
def test_drawn_starts_without_room_for_a_draw_are_refused_with_the_goal():
    course = Course().propose(drawn_starts=True, latest_start=6).sign()
    assert refusal(course, goal(), Role.LEARNER) == "design_needs_room"


def test_drawn_starts_without_room_for_a_draw_are_refused_when_the_agreement_is_amended():
    course = Course().agree()
    cramped = AgreementAmended(mode="mentor", because="x", drawn_starts=True, latest_start=6)
    assert refusal(course, cramped, Role.TRAINER) == "design_needs_room"
    roomy = cramped.model_copy(update={"latest_start": None})
    assert admitted(course, roomy, Role.TRAINER).findings is None


# goals and what is not judged --------------------------------------------------------------------
def test_a_vague_goal_is_refused_with_its_questions():
    vague = goal().model_copy(update={"behaviour": "become a better leader"})
    with pytest.raises(Refused, match=r"\?") as refused:
        admitted(Course().propose().sign(), vague, Role.LEARNER)
    assert refused.value.code == "goal_vague"


def test_a_specific_goal_is_let_in_as_it_is():
    draft = admitted(Course().propose().sign(), goal(), Role.LEARNER)
    assert draft.findings is None


def test_what_needs_no_reading_gets_no_finding(mentoring):
    assert admitted(mentoring, Noted(text="x"), Role.TRAINER).findings is None


# situations --------------------------------------------------------------------------------------
def met(course: Course, *cases: Any) -> Seen:
    seen = Seen()
    for case in cases:
        event = case.here.opened.event
        seen.add(case.key, str(event.text), facts_of(event))
    return seen


def judged(course: Course, seen: Seen) -> Any:
    event = SituationOpened(situation="again", text=ALARM, criteria=CRITERIA)
    return admitted(course, event, Role.LEARNER, seen=seen).findings


def test_a_first_situation_is_neither_new_nor_a_duplicate(mentoring):
    found = judged(mentoring, Seen())
    assert (found.novelty, found.nearest, found.near_duplicate) == (None, None, False)


@pytest.mark.parametrize(
    ("help_", "counts_not"),
    [
        (lambda case: case, False),
        (lambda case: case.own_call().guided(), False),
        (lambda case: case.own_call().guided().read(), True),
        (lambda case: case.own_call().decided().debriefed(), True),
    ],
)
def test_a_near_duplicate_is_one_of_a_situation_whose_answer_was_told(mentoring, help_, counts_not):
    case = help_(mentoring.situation(text=ALARM))
    assert judged(mentoring, met(mentoring, case)).near_duplicate is counts_not


def test_an_unguided_twin_that_is_nearer_does_not_hide_the_guided_one(mentoring):
    guided = mentoring.situation(text=f"{ALARM}.").own_call().guided().read()
    twin = mentoring.situation(text=ALARM)
    found = judged(mentoring, met(mentoring, guided, twin))
    assert found.nearest == twin.key
    assert found.near_duplicate


def test_another_case_is_no_duplicate_however_much_was_told(mentoring):
    case = mentoring.situation(text="A customer asks for a refund twice").own_call().guided().read()
    assert not judged(mentoring, met(mentoring, case)).near_duplicate


def test_a_situation_seen_only_by_another_index_is_left_out(mentoring):
    seen = Seen()
    seen.add("elsewhere", ALARM, {})
    assert not judged(mentoring, seen).near_duplicate


def test_facts_that_are_gone_are_left_out():
    course = Course().agree()
    case = course.situation(facts={"system": "queue"})
    gone: Entry[Any] = emptied(case.here.opened)
    assert facts_of(case.here.opened.event) == {"system": "queue"}
    assert facts_of(gone.event) == {}


# guidance ----------------------------------------------------------------------------------------
def ask(case: Any, text: str) -> GuidanceGiven:
    return GuidanceGiven(situation=case.key, move="ask", text=text, criteria=("order",))


def test_an_agent_that_tells_where_it_may_ask_is_refused_with_what_tells(agents):
    case = agents.situation().own_call()
    with pytest.raises(Refused, match="You should stop the deploy") as refused:
        admitted(agents, ask(case, TELLS), Role.TRAINER)
    assert refused.value.code == "tells_at_ask"


def test_a_person_may_send_what_tells_and_the_finding_is_stored(mentoring):
    case = mentoring.situation().own_call()
    found = admitted(mentoring, ask(case, TELLS), Role.TRAINER).findings
    assert found.move == "tell"
    assert TELLS[slice(*found.quote)] == TELLS


def test_an_agent_may_tell_in_a_debrief(agents):
    case = agents.situation().own_call().decided()
    assert admitted(agents, ask(case, TELLS), Role.TRAINER).findings.move == "tell"


def test_a_question_is_found_to_ask(agents):
    case = agents.situation().own_call()
    found = admitted(agents, ask(case, "What waits for this?"), Role.TRAINER).findings
    assert (found.move, found.quote) == ("ask", None)


# debriefs ----------------------------------------------------------------------------------------
def own_debrief(case: Any) -> Debriefed:
    return Debriefed(situation=case.key, expected="x", happened="x", why="x", next="x")


def test_the_learner_debriefs_itself_once_it_is_independent_here(mentoring):
    case = mentoring.situation(criteria=("order",)).own_call().decided()
    assert refusal(mentoring, own_debrief(case), Role.LEARNER) == "trainer_debriefs"
    mentoring.moved("order", Level.INDEPENDENT)
    assert admitted(mentoring, own_debrief(case), Role.LEARNER).findings is None


def test_the_trainer_debriefs_before_that(mentoring):
    case = mentoring.situation().own_call().decided()
    assert admitted(mentoring, own_debrief(case), Role.TRAINER).findings is None


# accounts and questions --------------------------------------------------------------------------
def account(case: Any, noticed: str) -> AccountWritten:
    return AccountWritten(
        situation=case.key,
        noticed=noticed,
        options=("stop the deploy", "add workers"),
        turned_on="order",
        asked_myself="What feeds the queue?",
        happened="It drained",
    )


@pytest.mark.parametrize(
    ("noticed", "copied"),
    [("The deploy started first", True), ("Nobody had told the night shift anything", False)],
)
def test_an_account_that_repeats_an_earlier_one_is_found_to_be_copied(mentoring, noticed, copied):
    mentoring.situation().own_call().decided().accounted()
    case = mentoring.situation().own_call().decided()
    found = admitted(mentoring, account(case, noticed), Role.LEARNER).findings
    assert found.copied is copied


def test_a_first_account_copies_nothing():
    course = Course().agree()
    case = course.situation().own_call().decided()
    assert not admitted(course, account(case, "x"), Role.LEARNER).findings.copied


@pytest.mark.parametrize(
    ("text", "echoes"), [("What waits for this one?", True), ("Is it loud?", False)]
)
def test_a_kept_question_like_the_trainers_echoes_it(coaching, text, echoes):
    case = coaching.situation().own_call().guided("ask", text="What waits for this?").read()
    kept = admitted(coaching, QuestionKept(question="q", text=text), Role.LEARNER)
    asked = case.here.guidance[0].entry.seq
    assert (kept.findings.echoes if kept.findings else None) == (asked if echoes else None)


def test_a_question_that_was_not_read_yet_is_nobodys_echo(coaching):
    coaching.situation().own_call().guided("ask", text="What waits for this?")
    same = QuestionKept(question="q", text="What waits for this?")
    assert admitted(coaching, same, Role.LEARNER).findings is None


# own calls ---------------------------------------------------------------------------------------
def asking(course: Course, why: str, **given: Any) -> Any:
    """What is found in an own call with these reasons."""
    case = course.situation()
    event = OwnCallRecorded(situation=case.key, call="I wait", why=why, **given)
    return admitted(course, event, Role.LEARNER).findings


def questioned(course: Course, text: str = "Which teams would notice the outage first?") -> int:
    """A question that was asked and read in an earlier situation."""
    case = course.situation().own_call().guided("ask", text=text).read()
    return case.here.guidance[0].entry.seq


def test_an_own_call_that_asks_the_trainers_question_in_other_words_is_found(coaching):
    seq = questioned(coaching)
    said = asking(coaching, "Do any teams feel this outage yet? I think two do.")
    assert (said.version, said.asks) == (asks.VERSION, (seq,))


def test_a_copied_question_is_found_to_ask_nothing(coaching):
    questioned(coaching)
    assert asking(coaching, "Which teams would notice the outage first?").asks == ()


def test_a_question_it_asked_before_is_not_the_trainers(coaching):
    coaching.situation().own_call(why="Do any teams feel this outage yet?")
    questioned(coaching)
    assert asking(coaching, "Which of the teams feel this outage?").asks == ()


def test_an_own_call_is_not_read_where_nothing_was_asked_or_help_was_had(coaching):
    assert asking(coaching, "Do any teams feel this outage?") is None
    questioned(coaching)
    assert asking(coaching, "Do any teams feel this outage?", help="ai") is None


def test_a_question_that_was_not_read_is_not_asked_again(coaching):
    coaching.situation().own_call().guided("ask", text="Which teams would notice the outage?")
    assert asking(coaching, "Do any teams feel this outage yet?") is None


def test_a_question_whose_text_is_gone_is_compared_with_nothing(coaching):
    questioned(coaching)
    bare = coaching.fork()
    bare.state = fold(emptied(e) for e in coaching.entries)
    assert asking(bare, "Do any teams feel this outage yet?").asks == ()


def test_findings_without_it_are_stored_as_they_were_before_it():
    stored = Findings(version="novelty-1", novelty=0.2).model_dump(mode="json")
    assert "asks" not in stored
    assert found(canonical(stored)) == Findings(version="novelty-1", novelty=0.2)
    kept = Findings(version="asks-1", asks=(7,))
    assert found(canonical(kept.model_dump(mode="json"))) == kept


# checks of accounts ----------------------------------------------------------------------------
def check(quote: str, course: Course) -> Rated:
    key = course.state.situations[-1].key
    return Rated(
        situation=key,
        subject="account",
        shows_criterion=True,
        consistent=True,
        quotes={"order": quote},
    )


def test_a_check_quotes_the_account_and_not_something_that_it_does_not_say(mentoring):
    case = mentoring.situation().own_call().decided().accounted()
    said = str(case.here.account.event.noticed)
    assert admitted(mentoring, check(f"“{said.upper()} …”", mentoring), Role.RATER, "rita")
    invented = check("I asked everybody first", mentoring)
    assert refusal(mentoring, invented, Role.RATER, "rita") == "quote_not_there"


def test_a_check_of_an_account_whose_text_was_removed_is_let_in(mentoring):
    mentoring.situation().own_call().decided().accounted()
    mentoring.state = fold(emptied(e) for e in mentoring.entries)
    assert admitted(mentoring, check("whatever it said", mentoring), Role.RATER, "rita")


# levels ------------------------------------------------------------------------------------------
def level(course: Course, to: Level, rule: Any = "grown") -> LevelMoved:
    start = course.state.level("order")
    return LevelMoved(criterion="order", start=start, to=to, why="x", rule=rule)


def test_a_level_the_evidence_does_not_propose_is_refused(mentoring):
    assert refusal(mentoring, level(mentoring, Level.ASK), Role.TRAINER) == "not_proposed"


def test_a_person_confirms_what_the_evidence_proposes(mentoring):
    mentoring.calls(*[4] * 6)
    assert admitted(mentoring, level(mentoring, Level.ASK), Role.TRAINER).event.to is Level.ASK


def test_less_help_for_a_person_is_no_agents_to_confirm():
    course = Course(LEA, MENTOR, (RITA,)).agree().baseline().calls(*[4] * 6)
    event = level(course, Level.ASK)
    assert refusal(course, event, Role.TRAINER) == "person_confirms"
    assert admitted(course, event, Role.LEARNER).event == event


def test_an_agent_learner_needs_nobodys_yes(agents):
    agents.calls(*[4] * 6)
    assert admitted(agents, level(agents, Level.ASK), Role.SYSTEM, "system").event.to is Level.ASK


def test_only_a_person_moves_a_level_against_the_evidence(mentoring, agents):
    own = level(mentoring, Level.INDEPENDENT, "own")
    assert admitted(mentoring, own, Role.TRAINER).event == own
    assert refusal(agents, level(agents, Level.ASK, "own"), Role.TRAINER) == "person_moves"
    assert admitted(agents, level(agents, Level.ASK, "own"), Role.OWNER, OLGA)


# threshold and masterpiece -----------------------------------------------------------------------
def proven(course: Course, *checkers: str) -> Course:
    course.calls(*[5] * 12)
    case = course.situation(difficulty=1, seen_before=False, text="Nobody has met this")
    case.own_call().rated(5, novel=True, difficult=True).decided().accounted()
    case.checked(*checkers)
    return course


def met_event(course: Course, **changed: Any) -> ThresholdMet:
    verdict = threshold(course.state, course.track)
    assert verdict.met, verdict
    said = {"situation": verdict.situation, "entries": verdict.entries} | changed
    return ThresholdMet(**said)


def test_a_threshold_without_its_evidence_is_refused_with_what_is_missing(mentoring):
    event = ThresholdMet(situation="s1", entries=(1,))
    assert refusal(mentoring, event, Role.TRAINER) == "threshold_missing"


def test_a_person_confirms_the_threshold_with_the_entries_that_prove_it(coaching):
    proven(coaching, "rita")
    assert admitted(coaching, met_event(coaching), Role.TRAINER)
    assert refusal(coaching, met_event(coaching, entries=(1,)), Role.TRAINER) == "threshold_proof"


def test_an_agent_does_not_confirm_a_threshold(agents):
    proven(agents, "judge-1", "judge-2")
    event = met_event(agents)
    assert refusal(agents, event, Role.TRAINER) == "person_confirms"
    assert admitted(agents, event, Role.SYSTEM, "system")
    assert admitted(agents, event, Role.OWNER, OLGA)


GAIN = Contrast(gain=1.0, low=0.5, high=1.5, p=0.01, copies=(4, 4))


def certified(course: Course) -> MasterpieceCertified:
    course.write(met_event(course), role=Role.SYSTEM)
    course.obstacle("o", "s1", "s2").overcome("o", "s5")
    return MasterpieceCertified(entries=(1,), because="It shows")


def test_a_masterpiece_needs_what_the_copies_without_the_trainer_show(coaching):
    event = certified(proven(coaching, "rita"))
    assert refusal(coaching, event, Role.RATER, "rita") == "masterpiece_missing"
    assert admitted(coaching, event, Role.RATER, "rita", contrast=GAIN)


def test_where_a_person_takes_part_a_person_certifies(coaching):
    event = certified(proven(coaching, "rita"))
    code = refusal(coaching, event, Role.SYSTEM, "system", contrast=GAIN)
    assert code == "person_confirms"


def test_between_agents_the_system_certifies(agents):
    event = certified(proven(agents, "judge-1", "judge-2"))
    assert admitted(agents, event, Role.SYSTEM, "system", contrast=GAIN)


# redaction ---------------------------------------------------------------------------------------
def test_with_every_text_gone_nothing_is_compared_and_nothing_fails(mentoring):
    mentoring.situation().own_call().guided("ask", text="What waits?").read().decided().accounted()
    bare = mentoring.fork()
    bare.state = fold(emptied(e) for e in mentoring.entries)
    case = bare.situation().own_call().decided()
    assert not admitted(bare, account(case, "x"), Role.LEARNER).findings.copied
    kept = admitted(bare, QuestionKept(question="q", text="What waits?"), Role.LEARNER)
    assert kept.findings is None
    gone = emptied(case.here.opened).event
    assert admitted(bare, gone, Role.LEARNER, seen=met(mentoring)).findings.novelty is None


def test_it_is_the_learner_who_is_told_that_the_trainer_debriefs(mentoring):
    case = mentoring.situation().own_call().decided()
    with pytest.raises(NotYours, match="until you are independent"):
        admitted(mentoring, own_debrief(case), Role.LEARNER)


def test_a_closed_relationships_learner_debriefs_itself(mentoring):
    case = mentoring.situation().own_call().decided()
    mentoring.close()
    assert admitted(mentoring, own_debrief(case), Role.LEARNER)


def test_facts_come_before_words_when_a_situation_is_judged(mentoring):
    seen = Seen()
    seen.add("s1", "words", {"system": "queue"})
    event = opened("x", "order", text="other words", facts={"system": "queue"})
    assert admitted(mentoring, event, Role.LEARNER, seen=seen).findings.nearest == "s1"
