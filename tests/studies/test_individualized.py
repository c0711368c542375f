"""Study 1 in its parts: the world, the learner, the arms, the measures; small and fast."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tutelage_studies.backgammon import expert, judgment
from tutelage_studies.backgammon.board import KINDS, legal
from tutelage_studies.backgammon.judgment import CRITERIA, FEATURES
from tutelage_studies.individualized import figures, measures
from tutelage_studies.individualized.arms import ARMS, BASELINE, PRIMARY
from tutelage_studies.individualized.cohort import chosen, newcomers, run
from tutelage_studies.individualized.course import Course
from tutelage_studies.individualized.learner import (
    ANY,
    Learner,
    Lesson,
    blank,
    count_read,
    count_words,
    page_read,
    page_words,
)
from tutelage_studies.individualized.levels import annotates
from tutelage_studies.individualized.play import Played, boards, decision, game
from tutelage_studies.individualized.trainer import CASES, Trainer, turned_on
from tutelage_studies.individualized.world import EXPERT, Setting, bases, held_out

from tutelage.domain.terms import Level

SMALL = Setting(910, learners=2, games=6)
CERTAIN = Setting(910, learners=2, games=6, uptake=1.0)


@pytest.fixture(scope="module")
def played() -> Played:
    base = bases(SMALL)[0]
    return game((0, 1), base, np.random.default_rng(5))


@pytest.fixture(scope="module")
def records():
    return run(SMALL, ["individualized", "yoked", "none", "generic", "fading"])


# the world ---------------------------------------------------------------------------------------
def test_the_experts_weights_lose_less_than_any_newcomers():
    held = held_out(SMALL.seed)
    assert all(held.loss(EXPERT) < held.loss(base) for base in bases(SMALL))


def test_without_heterogeneity_all_learners_have_the_same_gaps():
    first, *others = bases(Setting(910, learners=4, heterogeneity=0.0))
    assert all(np.array_equal(first, other) for other in others)


def test_with_heterogeneity_learners_differ():
    first, second = bases(SMALL)
    assert not np.array_equal(first, second)


@pytest.mark.parametrize(("share", "inside"), [(0.0, True), (1.0, False)])
def test_gaps_lie_inside_or_outside_the_mentors_criteria(share, inside):
    setting = Setting(910, learners=6, outside=share)
    changed = [np.flatnonzero((base != EXPERT).any(0)) for base in bases(setting)]
    assert all(bool(setting.seen[at]) is inside for gaps in changed for at in gaps)


# games -------------------------------------------------------------------------------------------
def test_a_decisions_plays_are_the_boards_plays_in_order(played):
    made = played.decisions[3]
    assert [p.after for p in legal(made.position)] == boards(made.position)
    assert np.array_equal(made.worth, expert.equities(made.position))


def test_touched_and_scope_are_the_environments(played):
    for made in played.decisions:
        assert made.touched == judgment.touched(made.position)
        assert made.in_scope == expert.in_scope(made.position)


def test_the_same_dice_come_whatever_else_is_drawn(played):
    again = game((0, 1), bases(SMALL)[0], np.random.default_rng(5))
    assert [d.position for d in again.decisions] == [d.position for d in played.decisions]


# the trainer -------------------------------------------------------------------------------------
def test_two_cases_a_game_the_worst_first(played):
    cases = Trainer(SMALL).cases(played.decisions)
    assert len(cases) == CASES
    assert cases[0].loss >= cases[1].loss
    assert all(c.settled and c.touched for c in cases)


def test_a_case_turns_on_a_criterion_it_touches(played):
    assert all(turned_on(c) in c.touched for c in Trainer(SMALL).cases(played.decisions))


def test_a_fallible_trainer_errs_and_errs_the_same_when_asked_again(played):
    trainer, made = Trainer(Setting(910, fallible=0.1)), played.decisions[0]
    assert not np.array_equal(trainer.judged(made), made.worth)
    assert np.array_equal(trainer.judged(made), trainer.judged(made))


# the learner -------------------------------------------------------------------------------------
def lesson(better: int, good: frozenset[int]) -> Lesson:
    values = np.zeros((2, len(FEATURES)))
    values[0, 0], values[1, 1] = 1.0, 1.0
    return Lesson((0, 1, 1), 0, values, better, good)


def weighing(first: float, second: float, setting: Setting = CERTAIN) -> Learner:
    base = np.zeros((len(KINDS), len(FEATURES)))
    base[:, 0], base[:, 1] = first, second
    return Learner(0, base, setting)


def test_a_case_it_now_solves_is_not_written_down():
    learner = weighing(0.0, 1.0)
    assert not learner.study(lesson(1, frozenset({1})), 1)
    assert not learner.pages.any()


def test_a_case_it_still_gets_wrong_moves_it_towards_the_better_play():
    learner = weighing(1.0, 0.99)
    assert learner.study(lesson(1, frozenset({1})), 1)
    assert learner.solve(0, lesson(1, frozenset({1})).values) == 1


def test_a_case_that_is_not_understood_changes_nothing():
    learner = weighing(1.0, 0.0, Setting(910, uptake=0.0))
    assert not learner.study(lesson(1, frozenset({1})), 1)


def test_a_full_context_lets_the_oldest_note_go():
    learner = weighing(1.0, 0.0, Setting(910, uptake=1.0, budget=2))
    for _ in range(5):
        learner.note(0, lesson(1, frozenset({1})).values[1])
    assert (learner.count, len(learner.notes)) == (2, 2)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.floats(-9, 9).map(lambda v: round(v, 6)),
        min_size=len(FEATURES),
        max_size=len(FEATURES),
    ),
    st.integers(0, ANY),
)
def test_a_page_read_back_says_the_same(numbers, row):
    pages = blank()
    pages[row] = numbers
    assert np.array_equal(page_read(page_words(row, pages)[0]), pages[row])


def test_the_count_of_cases_is_read_back():
    assert count_read(count_words(37)) == 37


# the arms ----------------------------------------------------------------------------------------
def test_there_are_thirteen_arms_and_seven_of_them_are_primary():
    assert len(ARMS) == 13
    assert set(PRIMARY) <= set(ARMS)


def test_nobody_is_guided_in_the_baseline(records):
    assert all(not any(r.annotated[:BASELINE]) for rs in records.values() for r in rs)


def test_the_yoked_get_exactly_their_partners_cases(records):
    own, yoked = records["individualized"], records["yoked"]
    assert [sorted(r.lost) for r in yoked] == [sorted(own[1].lost), sorted(own[0].lost)]


def test_with_nothing_nothing_changes(records):
    assert all(len({loss for _, loss in r.curve}) == 1 for r in records["none"])


def test_individualized_cases_are_two_a_game(records):
    guided = SMALL.games - BASELINE
    assert [sum(r.annotated) for r in records["individualized"]] == [CASES * guided] * 2


def test_a_batch_that_helps_nobody_is_not_given(played):
    expertlike = [Learner(0, EXPERT, CERTAIN)]
    pool = [d for d in played.decisions if d.loss < 0.001]
    assert chosen(expertlike, pool, 10) == []


@pytest.mark.parametrize("name", ["coach", "once", "demonstrations", "history", "practice"])
def test_every_arm_plays(name):
    course = Course(SMALL, ARMS[name], newcomers(SMALL)[0])
    course.measure(0)
    for number in range(1, BASELINE + 3):
        course.game(number)
    assert len(course.record.before) == BASELINE + 2


@pytest.mark.parametrize(
    ("level", "already", "number", "due"),
    [
        (Level.WAITING, 0, 1, False),
        (Level.SHARE, 1, 1, True),
        (Level.ASK, 0, 1, True),
        (Level.ASK, 1, 1, False),
        (Level.ASK, 1, 3, True),
        (Level.DEBRIEF, 0, 1, True),
        (Level.DEBRIEF, 1, 3, False),
        (Level.INDEPENDENT, 0, 1, False),
    ],
)
def test_levels_decide_what_is_annotated(level, already, number, due):
    assert annotates(level, already, number) is due


def test_a_learner_that_plays_as_the_expert_is_moved_to_less_help():
    course = Course(Setting(910), ARMS["fading"], Learner(0, EXPERT, Setting(910)))
    for number in range(1, 31):
        rng = np.random.default_rng([910, number])
        course.meet(number, game((0, number), EXPERT, rng))
    assert max(course.levels.of(c) for c in CRITERIA) >= Level.DEBRIEF


# the measures ------------------------------------------------------------------------------------
def test_half_way_is_none_where_it_is_never_reached():
    assert measures.half_way([(0, 0.1), (5, 0.09)], 0.04) is None


def test_a_clear_difference_excludes_zero_both_ways():
    more, less = [0.3, 0.31, 0.29, 0.33], [0.1, 0.12, 0.1, 0.11]
    assert measures.paired(more, less).low > 0
    assert measures.resampled(more, less).low > 0


def test_one_learner_is_no_interval():
    assert not measures.paired([0.3], [0.1]).excludes_zero


def test_labels_do_not_overlap():
    places = sorted(figures.apart({"a": 10.0, "b": 11.0, "c": 12.0}).values())
    assert min(np.diff(places)) >= figures.LINE


def test_a_decision_is_the_same_when_it_is_told_again(played):
    made = played.decisions[0]
    again = decision(made.key, made.position, made.played)
    assert np.array_equal(again.values, made.values)
    assert again.loss == made.loss
