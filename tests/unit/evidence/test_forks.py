"""Copies of an agent, with guidance and without."""

import numpy as np
import pytest

from tutelage.evidence.forks import compared, fork_contrast, levelled, paired_contrast
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
        "not enough evidence yet: 3 and 2 rated copies; 3 an arm are the least; about 1 more fork"
    )


def test_copies_without_ratings_are_left_out():
    answer = fork_contrast([*copies(4.0, 2), np.full((20, 4), np.nan)], copies(2.0))
    assert isinstance(answer, NotYet)


def test_copies_that_are_all_the_same_are_no_copies():
    answer = fork_contrast([np.full((20, 2), 4.0)] * 3, [np.full((20, 2), 3.0)] * 3)
    assert "exactly the same" in str(answer)


# the same situations -----------------------------------------------------------------------------
def test_which_situations_a_copy_was_rated_on_makes_no_gain():
    hard = np.where(np.arange(20) % 2, 1.0, 4.0)[:, None] + np.zeros((20, 2))
    rng = np.random.default_rng(4)
    guided, alone = ([hard + rng.normal(0, 0.1, hard.shape) for _ in range(3)] for _ in range(2))
    for one in guided:
        one[1::4] = np.nan  # of the hard ones, half were not rated
    assert fork_contrast(guided, alone).gain > 0.3
    assert fork_contrast(*levelled(guided, alone)).gain == pytest.approx(0, abs=0.1)


def test_levelling_leaves_a_contrast_where_all_was_rated_as_it_is():
    guided, alone = copies(3.6), copies(2.6, seed=1)
    found, plain = fork_contrast(*levelled(guided, alone)), fork_contrast(guided, alone)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))


def test_a_pair_s_own_luck_falls_out_of_it():
    luck = np.random.default_rng(2).normal(0, 1, 4)
    guided, alone = copies(3.2, 4, spread=0), copies(2.8, 4, seed=1, spread=0)
    pairs = [(g + x, a + x) for g, a, x in zip(guided, alone, luck, strict=True)]
    assert paired_contrast(pairs).shown
    assert not fork_contrast(*map(list, zip(*pairs, strict=True))).shown


def test_it_is_the_interval_of_a_paired_t():
    gains = ((0.4, 3.0), (0.1, 2.2), (0.9, 2.6), (0.3, 3.1))
    found = paired_contrast([(np.full((20, 2), b + g), np.full((20, 2), b)) for g, b in gains])
    # as scipy.stats.ttest_1samp says of the four gains
    assert (found.low, found.high) == pytest.approx((0.024524656, 0.825475344))


def test_pairs_that_are_too_few_or_without_chance_say_so():
    calls = copies(3.0, 2)
    assert "2 and 2 rated copies" in str(paired_contrast([(calls[0], calls[1])] * 2))
    assert "exactly the same" in str(paired_contrast([(calls[0], calls[1])] * 3))
    nothing = np.full((20, 4), np.nan)
    assert "0 and 0" in str(paired_contrast([(nothing, calls[0])] * 3))
    assert levelled([], calls) == ([], calls)


def test_one_mean_a_copy_is_compared_in_any_unit():
    found = compared([-0.041, -0.043, -0.040], [-0.061, -0.055, -0.064, np.nan], "points a play")
    assert str(found).startswith("+0.019 points a play [+0.01")
    assert found.copies == (3, 3)
