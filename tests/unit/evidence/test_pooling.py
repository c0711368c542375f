"""A programme's relationships together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.evidence.test_attribution import record
from tutelage.evidence.attribution import attribute
from tutelage.evidence.notyet import NotYet
from tutelage.evidence.pooling import pool, stouffer, together


def test_weak_relationships_show_together_what_none_shows_alone():
    found = [attribute(record(s, gain=0.6, criteria=3, situations=22)) for s in range(8)]
    pooled = pool(found)
    assert not any(f.shown for f in found)
    assert pooled.shown
    assert pooled.effect.n == 8
    assert str(pooled).startswith(
        "shown that guidance moved what it worked on (p < .001 pooled over 8)"
    )


def test_those_without_evidence_are_counted():
    pooled = pool([attribute(record(s, gain=0.0)) for s in range(3)] + [NotYet("too few")] * 2)
    assert not pooled.shown
    assert pooled.missing == 2
    assert "no evidence yet for 2 of 5 relationships" in str(pooled)


def test_a_programme_without_any_evidence_says_so():
    assert str(pool([NotYet("none")])) == (
        "not enough evidence yet: no evidence yet for 1 of 1 relationships"
    )


def test_two_relationships_say_whether_but_not_how_much():
    pooled = pool([attribute(record(s)) for s in range(2)])
    assert pooled.effect is None
    assert "how much: 3 are needed" in str(pooled)


@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=9))
def test_a_smaller_p_never_makes_the_pooled_one_larger(ps):
    assert stouffer([ps[0] / 2, *ps[1:]]) <= stouffer(ps)


def test_pooled_nulls_keep_their_level():
    rng = np.random.default_rng(1)
    assert np.mean([stouffer(rng.random(6)) <= 0.05 for _ in range(3000)]) < 0.06


def test_effects_alike_do_not_differ():
    assert together([0.4, 0.41, 0.39, 0.4], [0.2] * 4).differ == 0.0


def test_the_interval_over_relationships_holds_their_mean():
    rng, held = np.random.default_rng(2), []
    for _ in range(600):
        errors = rng.uniform(0.15, 0.3, 8)
        found = together(rng.normal(0.5, np.sqrt(0.2**2 + errors**2)), errors)
        held.append(found.low <= 0.5 <= found.high)
    assert np.mean(held) == pytest.approx(0.9, abs=0.04)


def test_relationships_that_differ_widen_it():
    alike, apart = together([0.4, 0.5, 0.6], [0.2] * 3), together([-0.5, 0.5, 1.5], [0.2] * 3)
    assert apart.high - apart.low > 2 * (alike.high - alike.low)
    assert apart.differ == pytest.approx(np.sqrt(1 - 0.04), abs=0.01)
