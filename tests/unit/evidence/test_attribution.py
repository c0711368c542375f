"""One relationship's ratings held against its drawn design."""

import doctest
import importlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutelage.evidence.attribution import (
    Attribution,
    Record,
    attribute,
    record_of,
    started_early,
)
from tutelage.evidence.design import Design, draw
from tutelage.evidence.dose import cells, precision, strengths
from tutelage.evidence.notyet import NotYet

NAMES = ("a", "b", "c", "d", "e")
MODULES = (
    "attribution",
    "design",
    "dose",
    "forks",
    "looks",
    "notyet",
    "pooling",
    "probes",
    "single_case",
    "withdrawal",
)


def record(seed=0, *, gain=1.0, situations=40, criteria=5, **changes):
    """Ratings that rise by `gain` as a criterion is worked on; others stay."""
    rng, names = np.random.default_rng(seed), NAMES[:criteria]
    design = draw(seed, names, situations)
    worked = np.minimum(design.focus(names).cumsum(0) / 4, 1)
    ratings = np.clip(np.round(2.4 + gain * worked + rng.normal(0, 0.5, worked.shape)), 1, 5)
    ratings[rng.random(ratings.shape) > 0.8] = np.nan
    declared = rng.integers(-1, 2, situations) * 0.6
    return replace(record_of(names, ratings, declared, design), **changes)


def without(known, where):
    return replace(known, ratings=np.where(where, np.nan, known.ratings))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_hold(name):
    assert doctest.testmod(importlib.import_module(f"tutelage.evidence.{name}")).failed == 0


# what is found -----------------------------------------------------------------------------------
def test_what_moved_with_the_focus_is_shown_with_its_effect():
    found = attribute(record())
    assert found.shown
    assert found.low < found.points < found.high
    assert found.points == pytest.approx(1.0, abs=0.4)
    assert str(found).startswith("guidance moved what it worked on: at least 0.")
    assert "more than the other criteria" in str(found)


def test_what_did_not_move_is_not_shown():
    found = attribute(record(gain=0.0))
    assert not found.shown
    assert found.low < 0 < found.high
    assert str(found).startswith("not shown that guidance moved what it worked on")


def test_a_rise_of_everything_is_not_attributed():
    everything = record(gain=0.0)
    rise = np.linspace(0, 2, 40)[:, None]
    assert not attribute(replace(everything, ratings=everything.ratings + rise)).shown


def test_the_same_seed_gives_the_same_answer():
    assert attribute(record(), seed=3) == attribute(record(), seed=3)


def test_the_order_of_the_criteria_does_not_matter_beyond_the_draws():
    known = record(3)
    other = replace(known, criteria=known.criteria[::-1], ratings=known.ratings[:, ::-1])
    here, there = attribute(known, 1999), attribute(other, 1999)
    assert here.points == pytest.approx(there.points, abs=0.06)
    assert here.p == pytest.approx(there.p, abs=0.02)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(-1, 1))
def test_the_interval_leaves_out_nothing_exactly_where_p_does(seed, gain):
    found = attribute(record(seed, gain=gain, situations=26), redraws=199)
    assert (found.low > 0) == (found.p <= 0.05)
    assert 1 / 200 <= found.p <= 1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(-2, 2))
def test_an_effect_that_is_added_is_found_again(seed, added):
    known = record(seed, gain=0.0, situations=26)
    seen = cells(known.ratings, known.declared)
    others = known.design.redraw(199, np.random.default_rng(1))
    more = replace(seen, heard=seen.heard + added * seen.dose(known.focus[None])[0])
    before, after = (strengths(s, known.focus, others) for s in (seen, more))
    shift = added * before.per_dose
    assert after.points - before.points == pytest.approx(shift, abs=1e-6)
    assert np.subtract(after.interval(), before.interval()) == pytest.approx(shift, abs=1e-6)


def test_more_draws_than_arrangements_still_give_a_fair_p():
    known = record(1, criteria=2, situations=16)
    full = replace(known, ratings=np.nan_to_num(known.ratings, nan=3.0))
    found = attribute(full, redraws=600)
    assert found.arrangements == 98
    assert found.p >= 1 / 98 - 0.008


def test_too_few_draws_for_an_interval_give_an_open_one():
    known = record()
    found = strengths(
        cells(known.ratings, known.declared),
        known.focus,
        known.design.redraw(5, np.random.default_rng(0)),
    )
    assert found.interval() == (-np.inf, np.inf)


def test_a_very_long_relationship_is_averaged_and_says_the_same():
    known = record(5, situations=120)
    seen = [cells(known.ratings, known.declared, most) for most in (1000, 250)]
    others = known.design.redraw(299, np.random.default_rng(0))
    full, short = (strengths(s, known.focus, others) for s in seen)
    assert len(seen[1].first) < len(seen[1].heard) / 1.5
    assert precision(seen[1]).shape == (len(seen[1].first),) * 2
    assert short.points == pytest.approx(full.points, abs=0.1)


# too little --------------------------------------------------------------------------------------
def test_before_the_horizon_it_waits_and_says_how_long():
    known = record()
    early = replace(known, ratings=known.ratings[:31], declared=known.declared[:31])
    told = "not enough evidence yet: 31 of the 40 situations agreed; about 9 more situations"
    assert str(attribute(early)) == told


def test_a_relationship_that_ended_early_is_tested_and_says_so():
    known = record()
    early = replace(known, ratings=known.ratings[:31], declared=known.declared[:31], ended=True)
    assert "ended after 31 of 40 situations" in str(attribute(early))


def test_situations_after_the_horizon_do_not_count():
    known = record()
    longer = replace(
        known,
        ratings=np.vstack([known.ratings, np.full((9, 5), 5.0)]),
        declared=np.append(known.declared, np.zeros(9)),
    )
    assert attribute(longer) == attribute(known)


def test_no_rating_at_all_is_not_enough():
    answer = attribute(without(record(), where=True))
    assert (answer.more, answer.reason[:20]) == (24, "no own call was rate")


def test_one_criterion_has_nothing_to_compare_with():
    answer = attribute(without(record(), np.arange(5) > 0))
    assert "nothing to compare" in str(answer)


def test_few_situations_that_compare_are_not_enough():
    answer = attribute(without(record(), (np.arange(40) >= 9)[:, None] & (np.arange(5) > 0)))
    assert isinstance(answer, NotYet)
    assert answer.more == 24 - int(answer.reason.split()[0])


def test_ratings_that_are_all_alike_say_nothing():
    known = record()
    flat = np.where(np.isnan(known.ratings), np.nan, 3.0)
    assert "every own call was rated 3" in str(attribute(replace(known, ratings=flat)))


def test_focus_without_a_single_case_says_nothing():
    known = record()
    assert "no criterion was met" in str(attribute(without(known, known.focus)))


@pytest.mark.parametrize(("criteria", "situations"), [(3, 40), (4, 22)])
def test_a_small_relationship_counts_in_the_pool_only(criteria, situations):
    found = attribute(record(criteria=criteria, situations=situations))
    assert not found.shown
    assert str(found).startswith("too little to tell alone")
    assert np.isfinite(found.z)


# caveats -----------------------------------------------------------------------------------------
def test_one_rater_is_said():
    assert "one rater only" in str(attribute(record(raters=1)))
    assert "one rater" not in str(attribute(record(raters=3)))


def test_a_rater_who_knew_is_said():
    assert "knew the focus" in str(attribute(record(blind=False)))


def test_practice_that_follows_the_focus_is_said():
    known = record(situations=60)
    some = np.random.default_rng(0).random((60, 5)) > 0.4
    found = attribute(without(known, some & ~known.focus))
    assert found.touch_in > found.touch_out + 0.2
    assert "came up more often" in str(found)


def test_guidance_before_its_start_is_counted_and_the_draw_stands():
    known = record()
    guided = known.focus.copy()
    last = known.design.order[-1]
    guided[1:4, NAMES.index(last)] = True
    found = attribute(replace(known, guided=guided))
    assert f"guided before its start: {last} 3 times" in str(found)
    assert replace(found, caveats=()) == replace(attribute(known), caveats=())
    assert started_early(replace(known, guided=guided)) == {last: 3}
    assert started_early(known) == {}


def test_a_design_that_was_not_followed_is_no_evidence():
    known = record()
    answer = attribute(replace(known, guided=np.roll(known.focus, 1, axis=1)))
    assert isinstance(answer, NotYet)
    assert "the design was not followed" in str(answer)


def test_imported_situations_do_not_count():
    found = attribute(record(imported=4))
    assert "the first 4 situations were imported" in str(found)
    assert isinstance(found, Attribution)


def test_starts_in_the_imported_part_need_a_new_draw():
    answer = attribute(record(imported=20))
    assert "draw a new design from here on" in str(answer)


def test_ratings_of_another_shape_or_other_criteria_are_a_mistake():
    design = Design(("a", "b"), (3, 9), window=6, horizon=14)
    with pytest.raises(ValueError, match="row a situation"):
        Record(("a", "b"), np.ones((14, 3)), np.zeros(14), design)
    with pytest.raises(ValueError, match="other criteria"):
        Record(("a", "z"), np.ones((14, 2)), np.zeros(14), design)
