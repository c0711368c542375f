"""Worlds with a drawn focus, what the test shows in them, and the planner."""

import doctest
from dataclasses import replace

import numpy as np
import pytest

from tutelage.domain.errors import Refused
from tutelage.guidance.simulate import attributed, copies, plan
from tutelage.guidance.simulate.attributed import ROWS, judged, leaning, null, transfer
from tutelage.guidance.simulate.copies import Forks, shown
from tutelage.guidance.simulate.focus import NULL, TARGET, courses


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(plan).failed == 0


# the worlds --------------------------------------------------------------------------------------
def test_the_same_seed_runs_the_same():
    one, two = (courses(TARGET, 5, 3) for _ in range(2))
    assert np.array_equal(one.ratings, two.ratings, equal_nan=True)
    assert one.designs == two.designs


def test_a_course_is_worked_on_as_its_design_says():
    ran = courses(TARGET, 4, 1)
    for design, on, ratings, declared in ran:
        assert np.array_equal(design.focus("abcde"), on)
        assert ratings.shape == (40, 5)
        assert (~np.isnan(ratings)).any(1).all()
        assert set(np.round(declared, 1)) <= {-0.6, 0.0, 0.6}


def test_without_guidance_nothing_is_gained():
    assert (courses(NULL, 20, 1).gained == 0).all()
    assert (courses(NULL, 20, 1).truth == 0).all()


def test_guidance_gains_on_what_was_in_focus_and_spills_over_where_it_does():
    alone = courses(replace(TARGET, transfer=0.0), 50, 1)
    spilling = courses(TARGET, 50, 1)
    before = ~(alone.focus.cumsum(1) > 0)
    assert (alone.gained[before] == 0).all()
    assert spilling.gained[before].mean() > 0.05
    assert 0.4 < alone.truth.mean() < spilling.truth.mean()


def test_practice_follows_the_focus_where_the_world_says_so():
    ran = courses(replace(NULL, touch=(0.5,), touch_in_focus=0.95), 50, 1)
    touched = ~np.isnan(ran.ratings)
    assert touched[ran.focus].mean() > 0.9
    assert touched[~ran.focus].mean() < 0.6


def test_noise_is_as_alike_from_one_situation_to_the_next_as_said():
    still = replace(NULL, experience=0.0, touch=(1.0,), start=3.0, autocorrelation=0.6)
    level = courses(still, 300, 1).ratings
    apart = level[..., 0] - level[..., 1]
    apart = apart - apart.mean(1, keepdims=True)
    alike = (apart[:, 1:] * apart[:, :-1]).mean() / (apart**2).mean()
    assert alike == pytest.approx(0.5, abs=0.1)


# what the test shows -----------------------------------------------------------------------------
def test_nothing_is_shown_where_guidance_does_nothing():
    found = null(100, seed=5)
    assert found["type1"].value <= 0.1
    assert abs(found["bias"].value) <= 0.06
    assert 0.82 <= found["coverage"].value <= 0.97


def test_what_guidance_does_is_shown_alone_and_pooled():
    found = transfer(96, seed=5)
    assert found["power"].value >= 0.48
    assert found["power_pooled"].value >= 0.9
    assert found["bias"].value < 0


def test_a_rater_who_leans_to_the_focus_hardly_misleads():
    found = leaning(50, seed=5)
    assert set(found) == {"type1", "type1_slight", "type1_strong"}
    assert max(m.value for m in found.values()) <= 0.15


@pytest.mark.parametrize("name", ["twelve looks, guidance works", "bets, guidance works"])
def test_interim_rows_run(name):
    assert ROWS[name](16, 1)["power"].n == 16


def test_every_row_is_a_figure_with_its_error():
    for name, row in ROWS.items():
        if not name.startswith(("twelve", "bets")):
            assert all(0 <= m.error < 1 for m in row(16, 1).values()), name


@pytest.mark.slow
@pytest.mark.parametrize("name", [n for n in ROWS if "power" not in n and "works" not in n])
def test_the_level_is_kept_in_every_world(name):
    found = ROWS[name](400, 11)
    assert found.get("type1", found.get("coverage")).value <= (0.09 if "type1" in found else 0.95)


def test_the_effect_is_unbiased_where_nothing_spills_over():
    found = judged(replace(TARGET, transfer=0.0), 100, 7)
    assert abs(found.bias.value) <= 0.1
    assert found.coverage.value >= 0.82


# forks -------------------------------------------------------------------------------------------
def test_copies_that_merely_drift_apart_are_told_from_guided_ones():
    level = shown(Forks(guidance=0.0), "type1")(300, 1)["type1"].value
    power = shown(Forks(guidance=0.12, copies=4), "power")(150, 1)["power"].value
    assert level <= 0.09
    assert power >= 0.9


def test_the_rows_of_forks_are_named_by_copies():
    assert {n[:15] for n in copies.ROWS} == {f"forks, {c} copies" for c in (3, 4, 5)}


# the planner -------------------------------------------------------------------------------------
def test_a_plan_says_what_it_would_show():
    made = plan.plan(5, 40, 1.0)
    assert 0.55 < made.power.value < 0.95
    assert made.together in {2, 3}
    assert made.arrangements == 2016840
    assert str(made).startswith("5 criteria, 40 situations, 1 points gained by the end of a focus")


def test_a_larger_effect_or_a_longer_horizon_shows_more():
    small, large, longer = (
        plan.plan(4, t, e, relationships=50) for t, e in ((30, 0.4), (30, 1.4), (70, 0.4))
    )
    assert small.power.value < large.power.value
    assert small.power.value <= longer.power.value + 0.05
    assert large.together <= small.together


def test_a_small_plan_is_for_the_pool():
    made = plan.plan(3, 20, 1.0, relationships=60)
    assert "too small to tell alone (3 criteria of at least 4" in str(made)
    assert f"{made.together} together would show it" in str(made)


def test_a_plan_for_no_effect_promises_nothing():
    made = plan.plan(4, 24, 0.0, relationships=60)
    assert made.together is None
    assert str(made).endswith("not even 200 together would show it")


def test_one_that_is_enough_is_said():
    strong = plan.Plan(5, 60, 2.0, 11, 1, made_up(0.97), 1, ())
    assert str(strong).endswith("shown in 97% of relationships; one is enough")


def made_up(value):
    return attributed.Measured(value, 0.01, 100)


@pytest.mark.parametrize("size", [(1, 40), (9, 60), (5, 11)])
def test_a_plan_that_cannot_be_drawn_is_refused(size):
    with pytest.raises(Refused, match="2 to 8 criteria"):
        plan.plan(*size, 1.0)


def test_guided_touches_add_up_to_the_effect():
    rate = plan.rate(0.8, touches=6, start=2.2)
    distance = 2.4 * (1 - rate * 0.7 / 2) ** 6
    assert 2.4 - distance == pytest.approx(0.8)
