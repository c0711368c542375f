"""Which of the trainer's questions the learner made its own, and how well it knows itself."""

import pytest

from tests.support.course import emptied
from tests.unit.evidence.test_asks import topics
from tutelage.domain.entry import Findings
from tutelage.domain.events import OutcomeRecorded, OwnCallRecorded, Rated
from tutelage.domain.evolve import fold
from tutelage.domain.terms import Role
from tutelage.evidence.asks import VERSION, by_vectors
from tutelage.evidence.self_observation import (
    LOOK_BACK,
    Call,
    Question,
    calibration,
    came_out,
    change,
    follow,
    made_own,
    over_time,
    own_share,
    self_observation,
)


def call(number, rating, *asks, **more):
    return Call(number, 10 * number, {"order": rating}, asks, **more)


def asked(number=3, **more):
    return Question(10 * number + 1, number, ("order",), **more)


BEFORE = [call(1, 2.0), call(2, 2.0), call(3, 2.0)]


def followed(*calls, question=None):
    return follow([question or asked()], [*BEFORE, *calls])[0]


# one question ------------------------------------------------------------------------------------
def test_a_question_asked_again_in_a_better_call_is_made_own():
    found = followed(call(4, 2.0), call(5, 3.0, 31), call(6, 2.0))
    assert found.own
    assert (found.chances, found.asked_in, found.before, found.then) == ((4, 5, 6), (5,), 2.0, 3.0)


def test_a_question_that_changes_nothing_is_not():
    assert not followed(call(4, 2.0), call(5, 2.0, 31), call(6, 3.0)).own


def test_deciding_alone_by_the_criterion_is_a_change_too():
    assert followed(call(4, 2.0, 31, turned_on="order")).own
    assert not followed(call(4, 2.0, 31, turned_on="people")).own


def test_a_question_that_never_comes_up_is_not_made_own():
    assert not followed(call(4, 5.0), call(5, 5.0), call(6, 5.0)).own


def test_calls_that_ask_another_question_are_no_baseline():
    calls = [call(1, 2.0), call(2, 5.0, 99), call(3, 2.0), call(5, 3.0, 31)]
    assert follow([asked()], calls)[0].before == 2.0


def test_calls_on_other_criteria_long_after_or_never_read_are_no_chance():
    elsewhere = Call(4, 40, {"people": 3.0}, ())
    unread = Call(5, 50, {"order": 3.0}, None)
    found = followed(elsewhere, unread, call(3 + LOOK_BACK + 1, 3.0))
    assert found.chances == ()
    assert not found.judgeable


# shares ------------------------------------------------------------------------------------------
OWN = asked(chances=(4, 5, 6), asked_in=(5,), before=2.0, then=3.0)
NOT = asked(chances=(4, 5, 6))


def test_the_share_counts_questions_with_three_later_calls():
    index = own_share([OWN, OWN, OWN, NOT, NOT, asked(chances=(4,))])
    assert (index.value, index.n) == (0.6, 5)
    assert index.low < 0.6 < index.high
    assert index.offer == "You now ask yourself 3 of the 5 questions you were asked."


def test_of_few_questions_nothing_is_said():
    assert str(own_share([OWN] * 3)) == (
        "self-observation: not enough evidence yet (n=3), about 2 more situations"
    )


def test_calls_that_ask_are_compared_with_calls_that_do_not():
    calls = [call(n, 3.0 + n % 2, *((31,) if n % 2 else ())) for n in range(4, 16)]
    index = change([asked()], calls)
    assert (index.value, index.low) == (1.0, 1.0)
    assert change([asked()], calls[:3]).value is None
    assert change([], []).value is None


def test_the_course_is_what_would_have_been_said_then():
    questions = [asked(n) for n in range(1, 7)]
    calls = [call(n, 2.0) for n in range(1, 8)]
    calls += [call(n, 4.0, *(q.seq for q in questions)) for n in range(8, 16)]
    course = dict(over_time(questions, calls))
    assert list(course) == [5, 10, 15]
    assert course[5].value is None
    assert course[10].value == course[15].value == 1.0
    assert course[15] == own_share(follow(questions, calls))


# knowing itself ----------------------------------------------------------------------------------
def test_expectations_are_held_against_what_came():
    brier, over = calibration([(1.0, 1.0), (0.0, 0.0)] * 5)
    assert (brier.value, over.value) == (0.0, 0.0)
    brier, over = calibration([(0.9, 0.0), (0.9, 1.0)] * 10)
    assert over.value == pytest.approx(0.4)
    assert over.low > 0
    assert brier.value == pytest.approx(0.41)


def test_nine_expectations_are_too_few():
    assert [i.more for i in calibration([(0.5, 1.0)] * 9)] == [1, 1]


@pytest.mark.parametrize(
    ("said", "came"),
    [
        ({"as_expected": True}, 1.0),
        ({"as_expected": False, "measure": 3.0}, 0.0),
        ({"measure": 1.0}, None),
        ({"as_expected": True, "known": False}, None),
        ({}, None),
    ],
)
def test_only_a_plain_yes_or_no_says_whether_it_came_out(said, came):
    assert came_out(OutcomeRecorded(situation="s", text="x", **said)) == came


# one relationship --------------------------------------------------------------------------------
def judged(course, rating, *asks, **call_):
    """A situation whose own call was found to ask these questions."""
    case = course.situation()
    words = {"call": "I would wait", "why": "x", **call_}
    findings = Findings(version="asks-1", asks=asks)
    course.write(OwnCallRecorded(situation=case.key, **words), role=Role.LEARNER, findings=findings)
    return case.rated(rating)


def question(course):
    case = judged(course, 2).guided("ask", text="What waits for this?").read()
    case.decided().accounted()
    return case.here.guidance[0].entry.seq


def test_a_ledger_is_read_as_questions_and_calls(coaching):
    seqs = [question(coaching) for _ in range(5)]
    for _ in range(3):
        judged(coaching, 3).decided().accounted()
    judged(coaching, 4, seqs[0], seqs[1]).decided().accounted()
    found = self_observation(coaching.state)
    assert (found.share.value, found.share.n) == (0.4, 5)
    assert [q.own for q in found.questions] == [True, True, False, False, False]
    assert found.changes_calls is None
    assert "self-observation: 0.40" in str(found)


def test_a_call_made_with_help_asks_nothing(coaching):
    seq = question(coaching)
    judged(coaching, 5, seq, help="ai")
    assert self_observation(coaching.state).questions[0].asked_in == ()


def test_a_question_nobody_read_was_not_asked(coaching):
    judged(coaching, 2).guided("ask").decided()
    assert self_observation(coaching.state).questions == ()


def test_what_it_thinks_of_its_calls_is_held_against_what_others_think(coaching):
    for _ in range(4):
        case = judged(coaching, 3)
        mine = Rated(
            situation=case.key,
            subject="own_call",
            ratings=dict.fromkeys(case.here.criteria, 5),
            as_self=True,
        )
        coaching.write(mine, "lea", Role.LEARNER)
    assert self_observation(coaching.state).self_rating_gap.value == 2.0


def test_expectations_of_a_ledger_are_paired_with_outcomes(coaching):
    for i in range(10):
        case = judged(coaching, 3, probability=0.8).decided()
        event = OutcomeRecorded(situation=case.key, text="x", as_expected=bool(i % 2))
        coaching.write(event, role=Role.LEARNER)
    assert self_observation(coaching.state).overconfidence.value == pytest.approx(0.3)


def test_with_every_text_gone_it_is_the_same(coaching):
    seq = question(coaching)
    for _ in range(3):
        judged(coaching, 4, seq)
    bare = fold(emptied(e) for e in coaching.entries)
    assert self_observation(bare) == self_observation(coaching.state)


# with an embedder --------------------------------------------------------------------------------
ALIKE = by_vectors(topics, "topics")
QUESTION, PARAPHRASE = "What would the customer say to a delay?", "Is the client cross, so late?"


def customers(course, *reasons, times=5):
    """So many questions about the customer, and after them calls for these reasons."""
    for n in range(times):
        words = f"{QUESTION} Number {n}"
        judged(course, 2).guided("ask", text=words).read().decided().accounted()
    for why in reasons:
        judged(course, 4, why=why).decided().accounted()
    return course


def test_a_paraphrase_that_shares_no_word_is_heard_by_an_embedder_only(coaching):
    customers(coaching, "x", "x", PARAPHRASE)
    words, heard = self_observation(coaching.state), self_observation(coaching.state, alike=ALIKE)
    assert (words.share.value, heard.share.value) == (0.0, 1.0)
    assert [len(q.asked_in) for q in heard.questions] == [1] * 5


def test_an_index_says_what_read_the_texts(coaching):
    customers(coaching, "x", "x", PARAPHRASE)
    assert self_observation(coaching.state).share.by == VERSION
    heard = self_observation(coaching.state, alike=ALIKE)
    assert str(heard.share).endswith(f"(n=5), read with {VERSION} + topics")
    assert heard.change.by == heard.share.by


def test_what_it_asked_before_it_was_asked_is_its_own_for_an_embedder_too(coaching):
    judged(coaching, 2, why=PARAPHRASE).decided().accounted()
    customers(coaching, "x", "x", PARAPHRASE)
    assert self_observation(coaching.state, alike=ALIKE).share.value == 0.0


def test_a_copied_question_does_not_count_for_an_embedder_either(coaching):
    customers(coaching, "x", "x", f"{QUESTION} Number 1")
    assert self_observation(coaching.state, alike=ALIKE).share.value == 0.0


def test_with_every_text_gone_the_findings_stay(coaching):
    seq = question(coaching)
    for _ in range(3):
        judged(coaching, 4, seq, why=PARAPHRASE)
    bare = fold(emptied(e) for e in coaching.entries)
    assert self_observation(bare, alike=ALIKE).questions == self_observation(bare).questions
    assert self_observation(bare, alike=ALIKE).questions[0].asked_in


def test_of_a_question_whose_text_is_gone_the_finding_stays(coaching):
    customers(coaching, times=1)
    seq = next(_g.entry.seq for s in coaching.state.situations for _g in s.guidance)
    judged(coaching, 4, seq, why="x")
    gone = [emptied(e) if e.seq == seq else e for e in coaching.entries]
    assert self_observation(fold(gone), alike=ALIKE).questions[0].asked_in


def test_a_call_made_with_help_is_not_listened_to(coaching):
    customers(coaching)
    judged(coaching, 5, why=PARAPHRASE, help="ai")
    found = self_observation(coaching.state, alike=ALIKE)
    assert not any(q.asked_in for q in found.questions)


def test_a_kept_question_in_other_words_is_made_own(coaching):
    customers(coaching, times=1)
    coaching.question("late", text=PARAPHRASE)
    assert made_own(coaching.state) == (0, 1)
    assert made_own(coaching.state, ALIKE) == (1, 1)
    coaching.question("new", text="Is the client new?")
    assert made_own(coaching.state, ALIKE) == (1, 1)
