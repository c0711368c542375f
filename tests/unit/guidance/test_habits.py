"""The indices of health do in simulation what they are said to do, on small numbers."""

import numpy as np
import pytest

from tutelage.evidence.health import consulting
from tutelage.guidance.simulate import asking, cases, habits
from tutelage.guidance.simulate.habits import caseloads, cosine, ever, learners, rule

FEW = 200


@pytest.fixture(scope="module")
def dependency():
    return habits.dependency(FEW, 5)


@pytest.fixture(scope="module")
def sameness():
    return habits.sameness(FEW, 5)


@pytest.fixture(scope="module")
def asked():
    return asking.self_observation(8, 5)


def test_a_dependent_learner_is_noticed_and_a_healthy_one_left_alone(dependency):
    assert dependency["alarm"].value >= 0.95
    assert dependency["alarm_healthy"].value <= 0.08
    assert dependency["alarm_novices"].value <= 0.16
    assert 0.4 < dependency["alarm_half"].value < dependency["alarm"].value


def test_naive_alarms_blame_novices_or_miss_the_dependent(dependency):
    assert dependency["alarm_novices_by_rate"].value > 0.4
    assert dependency["alarm_by_gap"].value < 0.8


def test_a_dependent_learner_asks_and_does_not_grow():
    seen = learners(FEW, 1, dependent=1.0)
    free = learners(FEW, 1)
    assert seen.asked.mean() > 0.85
    assert seen.own[:, -10:].mean() < free.own[:, -10:].mean() - 0.3


def test_looking_at_more_points_alarms_no_fewer():
    seen = learners(FEW, 2, dependent=0.5)
    assert ever(seen, rule, 60).value >= ever(seen, rule, 30).value


def test_the_rule_in_simulation_is_the_rule_that_serves():
    seen = learners(20, 3, dependent=1.0)
    alone = [
        bool(consulting(own, own + hard, asks).alarm)
        for own, hard, asks in zip(seen.own, seen.declared, seen.asked, strict=True)
    ]
    assert rule(seen).tolist() == alone


def test_one_size_is_told_from_fitting_guidance(sameness):
    assert sameness["sameness_auc"].value >= 0.97
    assert sameness["sameness_alarm_8x20"].value > 0.8


def test_learners_with_the_same_needs_raise_no_alarm(sameness):
    false = [
        m.value for k, m in sameness.items() if k.startswith("sameness_false_") and k[15].isdigit()
    ]
    assert len(false) == 5
    assert max(false) <= 0.1


def test_texts_alike_do_not_tell_same_from_same_needs(sameness):
    assert sameness["sameness_same_needs_auc_by_cosine_8x8"].value < 0.85


def test_counts_are_the_items_given_and_alike_ones_have_a_cosine_of_one():
    counts, gaps = caseloads(5, 1, 0.5, learners_each=6, items=9)
    assert counts.shape == gaps.shape == (5, 6, 5)
    assert (counts.sum(2) == 9).all()
    assert np.allclose(cosine(np.ones((2, 4, 3))), 1.0)


def test_a_question_taken_over_is_found_and_a_copied_one_is_not(asked):
    said = [asked[f"asks_own_{r}"].value for r in (0, 25, 50, 75, 100)]
    assert said == sorted(said)
    assert abs(said[2] - 0.5) < 0.2
    assert said[0] < 0.1
    assert asked["asks_own_who_copies"].value < 0.12
    assert asked["asks_auc"].value > 0.85


def test_saying_questions_without_deciding_by_them_changes_no_call(asked):
    assert asked["asks_change_who_own"].value > 0.5
    assert abs(asked["asks_change_who_says"].value) < 0.35
    assert asked["asks_changes_who_own"].value > asked["asks_changes_who_says"].value


def test_what_is_not_new_is_seldom_called_new_and_a_new_kind_is_found():
    found = cases.novelty(6, 5)
    assert found["novelty_false"].value <= 0.16
    assert found["novelty_found"].value >= 0.6
    assert found["novelty_found_long"].value < found["novelty_found_long_facts"].value


@pytest.mark.parametrize("world", [habits.dependency, habits.sameness])
def test_the_same_seed_gives_the_same_figures(world):
    assert world(30, 7) == world(30, 7)
    assert world(30, 7) != world(30, 8)
