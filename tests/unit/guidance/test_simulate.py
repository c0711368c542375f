"""Simulated relationships: the worlds are what they are said to be, and what we do in them holds."""

import numpy as np
import pytest

from tutelage.domain.terms import Level
from tutelage.guidance.simulate import awards, biases, worlds
from tutelage.guidance.simulate.catalogue import BARS, VARIANTS, held, rivals_of_fading, simulate
from tutelage.guidance.simulate.estimates import area, bias, estimates, follow, wrongly_sure
from tutelage.guidance.simulate.loop import (
    KINDS,
    Contingent,
    Fixed,
    MovingAverage,
    Never,
    SuccessRate,
    closed_loop,
    learners,
    run,
)
from tutelage.guidance.simulate.measured import Measured, mean


# figures ---------------------------------------------------------------------------------------
def test_the_relationship_is_the_unit_of_an_error():
    found = mean([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    assert (found.value, found.n) == (0.5, 2)
    assert found.error == pytest.approx(0.5)


def test_nothing_to_average_gives_no_figure():
    assert mean(np.full((3, 2), np.nan)).n == 0
    assert np.isnan(mean(np.full((3, 2), np.nan)).value)


def test_the_area_under_the_curve_counts_ties_as_half():
    scores, hits = np.array([1.0, 1.0, 2.0, 2.0]), np.array([False, True, False, True])
    assert area(scores, hits).value == pytest.approx(0.5)
    assert np.isnan(area(scores, np.ones(4, dtype=bool)).value)


# worlds ----------------------------------------------------------------------------------------
def test_the_same_seed_draws_the_same_learners_and_another_seed_others():
    one, same, other = (worlds.chance(5, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.noise, same.noise)
    assert not np.array_equal(one.noise, other.noise)


def test_every_situation_touches_something_and_declares_one_of_three_steps():
    drawn = worlds.chance(50, 3)
    assert drawn.touched.any(2).all()
    assert set(np.round(np.unique(drawn.declared), 6)) == {-0.6, 0.0, 0.6}


def test_a_flat_learner_stays_and_a_guided_one_grows_to_the_cap_and_no_further():
    drawn = worlds.chance(20, 4, situations=400)
    assert np.array_equal(worlds.course(drawn, worlds.FLAT).ability[-1], drawn.start)
    grown = worlds.course(drawn).ability
    assert (np.diff(grown, axis=0) >= 0).all()
    assert grown.max() <= worlds.CAP


def test_a_fall_takes_one_point_of_every_criterion():
    drawn = worlds.chance(5, 5)
    fallen = worlds.course(drawn, worlds.Growth(0.0, 0.0, fall_at=30)).ability
    assert np.allclose(fallen[30] - fallen[29], -1.0)


def test_the_kinds_of_learner_come_in_equal_parts():
    who = learners(KINDS, 40, 4, seed=1)
    assert who.dependent.sum() == (who.pace < 1).sum() == (who.fall_at >= 0).sum() == 10


# the estimate ----------------------------------------------------------------------------------
@pytest.mark.parametrize("variant", ["s1", "flat", "jump", "long"])
def test_the_interval_holds_in_every_world(variant):
    found = simulate(variant, 100, 21)
    assert 0.87 <= found["coverage"].value <= 0.97


def test_assisted_decisions_counted_as_own_calls_mislead_and_own_calls_do_not():
    known = worlds.course(worlds.chance(100, 22))
    own, assisted = follow(known), follow(known, known.decisions)
    assert abs(bias(own).value) < 0.06
    assert bias(assisted).value > 0.5
    assert wrongly_sure(own).value < 0.04 < wrongly_sure(assisted).value


def test_the_estimate_predicts_better_than_what_practitioners_use():
    found = simulate("s1", 100, 23)
    rivals = (found["log_loss_moving_average"].value, found["log_loss_elo"].value)
    assert found["log_loss"].value < min(rivals) - 0.02


def test_drops_are_noticed_and_steady_learners_seldom_alarmed():
    assert simulate("jump", 200, 24)["drop_flagged"].value >= 0.7
    assert estimates(follow(worlds.course(worlds.chance(200, 25))))["drop_flagged"].value <= 0.09


# fading ----------------------------------------------------------------------------------------
def test_the_mixed_caseload_comes_to_independence_with_little_help_undone():
    found = closed_loop(KINDS, 120, 31)
    assert found["independent"].value >= 0.9
    assert found["premature_fading"].value <= 0.03
    assert found["flaps"].value <= 0.2


def test_a_fixed_schedule_fades_too_early_for_slow_learners():
    fixed, ours = (closed_loop(["slow"], 60, 32, p) for p in (Fixed(), Contingent()))
    assert fixed["premature_fading"].value > 0.5
    assert ours["premature_fading"].value < 0.15
    assert ours["independent"].value > fixed["independent"].value + 0.5


def test_without_asking_a_dependent_learner_never_comes_to_stand_alone():
    assert closed_loop(["dependent"], 40, 33, SuccessRate())["independent"].value <= 0.05
    assert closed_loop(["dependent"], 40, 33, Never())["independent"].value == 0.0
    assert closed_loop(["dependent"], 40, 33)["independent"].value >= 0.9


def test_a_moving_average_flaps():
    assert closed_loop(["s1"], 40, 34, MovingAverage())["flaps"].value > 2


def test_levels_move_by_one_and_not_in_the_first_weeks():
    drawn = worlds.chance(40, 35)
    seen = run(drawn, learners(["s1"], 40, 4, 35), Contingent())
    assert np.abs(seen.after - seen.level).max() == 1
    assert not seen.up[:4].any()
    assert (seen.level[0] == Level.SHARE).all()


def test_help_comes_back_after_a_fall():
    drawn, kinds = worlds.chance(60, 36, situations=120), ["jump"]
    who = learners(kinds, 60, 4, 36)
    seen = run(drawn, who, Contingent())
    back = [seen.down[t : t + 25, b].any() for b, t in enumerate(who.fall_at) if t < 95]
    assert np.mean(back) > 0.5


def test_every_rival_of_fading_is_told_by_name():
    assert {name for name, _ in rivals_of_fading(8, 37)} == {
        "fixed_schedule",
        "success_rate",
        "moving_average",
        "never_fading",
    }


# awards ----------------------------------------------------------------------------------------
def test_learners_below_the_bar_are_seldom_awarded_and_a_moving_average_would():
    found = awards.near(150, 41)
    assert found["threshold_rate"].value <= 0.04
    assert found["credential_rate"].value <= found["threshold_rate"].value
    assert found["moving_average_rate"].value > 0.2


def test_learners_above_the_bar_are_awarded_where_deciding_situations_are_arranged():
    found = awards.ready(150, 42)
    assert found["threshold_rate"].value >= 0.7
    assert found["threshold_situation"].value <= 25


def test_leniency_that_all_raters_share_cannot_be_seen_from_inside():
    assert awards.lenient(150, 43)["threshold_rate"].value > 0.05


# what spoils an estimate -----------------------------------------------------------------------
def test_secret_help_and_a_fond_rater_raise_the_estimate():
    secret, fond = biases.contaminated(60, 51), biases.fond(60, 51)
    assert 0.1 < secret["bias_30"].value < secret["bias_50"].value
    assert 0.1 < fond["bias_01"].value < fond["bias_02"].value < fond["bias_02_at_the_end"].value


def test_six_situations_with_one_rater_give_no_verdict():
    found = biases.short(100, 52)
    assert found["enough_6"].value == 0.0
    assert found["enough_12"].value < 0.02
    assert found["threshold_rate"].value <= 0.01
    assert 0.85 <= found["coverage_6"].value <= 0.99


# bars ------------------------------------------------------------------------------------------
def test_every_bar_names_a_variant_and_a_figure_that_it_prints():
    for variant in {bar.variant for bar in BARS}:
        found = simulate(variant, 8, 61)
        assert len(list(held(variant, found, BARS))) == sum(b.variant == variant for b in BARS)


def test_a_bar_is_met_by_the_figure_itself():
    bar = next(b for b in BARS if b.key == "coverage")
    assert bar.met(Measured(0.9, 0.01, 100))
    assert not bar.met(Measured(0.97, 0.01, 100))
    assert str(bar) == "0.88 to 0.96"


def test_every_variant_is_named_in_words():
    assert all(says for says, _ in VARIANTS.values())
