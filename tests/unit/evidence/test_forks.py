"""Copies of an agent, with guidance and without."""

import numpy as np
import pytest

from tutelage.evidence.forks import fork_contrast
from tutelage.evidence.notyet import NotYet


def copies(level, n=3, seed=0, spread=0.2):
    rng = np.random.default_rng(seed)
    return [level + rng.normal(0, spread) + rng.normal(0, 0.6, (20, 4)) for _ in range(n)]


def test_a_clear_gain_is_shown_with_its_interval():
    found = fork_contrast(copies(3.6), copies(2.6, seed=1))
    assert found.shown
    assert found.gain == pytest.approx(1.0, abs=0.4)
    assert "3 and 3 copies" in str(found)


def test_it_is_welch_s_interval():
    found = fork_contrast(copies(3.0, 4), copies(2.8, 5, seed=3, spread=0.6))
    # scipy.stats.ttest_ind(…, equal_var=False) on the means of the second halves
    assert (found.low, found.high) == pytest.approx((-0.724086546, 0.426288447))
    assert found.p == pytest.approx(0.686162196)


def test_the_first_half_does_not_count():
    guided, alone = copies(3.6), copies(2.6, seed=1)
    spoiled = [np.concatenate([np.ones((10, 4)), c[10:]]) for c in guided]
    assert fork_contrast(spoiled, alone) == fork_contrast(guided, alone)


def test_two_copies_an_arm_can_be_chance():
    answer = fork_contrast(copies(4.0), copies(2.0, 2))
    assert str(answer) == (
        "not enough evidence yet: 2 rated copies in an arm; one copy can be chance; "
        "about 1 more copy an arm"
    )


def test_copies_without_ratings_are_left_out():
    answer = fork_contrast([*copies(4.0, 2), np.full((20, 4), np.nan)], copies(2.0))
    assert isinstance(answer, NotYet)


def test_copies_that_are_all_the_same_are_no_copies():
    answer = fork_contrast([np.full((20, 2), 4.0)] * 3, [np.full((20, 2), 3.0)] * 3)
    assert "exactly the same" in str(answer)
