"""Looking before the end, and betting without one."""

from dataclasses import replace
from math import factorial

import numpy as np
import pytest

from tests.unit.evidence.test_attribution import NAMES, record
from tutelage.evidence.design import Design
from tutelage.evidence.looks import Bets, _strongest, bets, looks, weekly
from tutelage.evidence.notyet import NotYet


def until(known, t):
    return replace(known, ratings=known.ratings[:t], declared=known.declared[:t])


def test_a_strong_effect_is_shown_before_the_horizon():
    found = looks(record(gain=2.0, situations=60), weekly(60, 12))
    assert found.crossed < 60
    assert found.taken[-1] == found.crossed
    assert str(found).startswith(f"shown at the look after {found.crossed} situations")


def test_no_effect_is_not_shown_at_any_look():
    found = looks(record(gain=0.0), weekly(40, 8))
    assert (found.crossed, found.spent) == (None, 0.05)
    assert str(found) == "not shown at any look (8 of the agreed looks, horizon 40)"


def test_looks_that_are_not_due_wait():
    found = looks(until(record(gain=0.0), 17), weekly(40, 8))
    assert found.taken == (5, 10, 15)
    assert "about 25 more situations" in str(found)
    assert looks(until(record(), 3), weekly(40, 8)).taken == ()


def test_an_earlier_look_does_not_change_with_what_comes_later():
    known = record(gain=1.5)
    first = looks(known, weekly(40, 8)).crossed
    assert first is not None
    assert looks(until(known, first), weekly(40, 8)).crossed == first


def test_a_look_at_hardly_any_rating_stops_nothing():
    assert looks(record(gain=2.0), (1, 40)).crossed == 40


def test_ties_at_the_bar_are_never_stopped():
    alive = np.ones(6, dtype=bool)
    strength = np.array([3.0, 3.0, 3.0, 1.0, 0.0, 0.0])
    assert _strongest(strength, alive, 2).sum() == 0
    assert _strongest(strength, alive, 3).tolist() == [True] * 3 + [False] * 3
    assert _strongest(strength, alive, 0).sum() == 0


def test_a_design_that_was_not_followed_is_looked_at_in_vain():
    known = record()
    astray = replace(known, guided=np.roll(known.focus, 1, axis=1))
    assert "the design was not followed" in str(looks(astray, weekly(40, 8)))
    assert looks(astray, weekly(40, 8)) == bets(astray)


# bets --------------------------------------------------------------------------------------------
def test_bets_grow_where_guidance_works_and_never_beyond_the_orders():
    strong = bets(record(gain=2.0, situations=60))
    weak = bets(record(gain=0.0, situations=60))
    assert weak.growth < 3 < strong.growth <= factorial(5)
    assert strong.focuses == 5


def test_over_all_orders_the_stake_stays_the_same():
    known = record(2, criteria=3, situations=30)
    orders = [(a, b, c) for a in "abc" for b in "abc" for c in "abc" if len({a, b, c}) == 3]
    drawn = [replace(known, design=replace(known.design, order=o)) for o in orders]
    assert np.mean([bets(d).growth for d in drawn]) == pytest.approx(1.0)


def test_bets_wait_for_the_first_focus_to_end():
    known = record()
    answer = bets(until(known, 4))
    assert isinstance(answer, NotYet)
    assert answer.more == known.design.starts[1] - 4


def test_hardly_any_rating_is_no_bet():
    design = Design(NAMES[:2], (2, 4), window=2, horizon=6)
    known = replace(record(criteria=2, situations=6), design=design)
    bare = replace(known, ratings=np.where(np.arange(6)[:, None] < 5, np.nan, known.ratings))
    assert bets(bare) == Bets(1.0, 2)


def test_bets_of_several_relationships_multiply():
    both = Bets(5.0, 3) * Bets(6.0, 4)
    assert both == Bets(30.0, 7)
    assert both.shown
    assert "whenever one looks" in str(both)
    assert not Bets(5.0, 3).shown
