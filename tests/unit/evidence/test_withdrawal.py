"""What stays and what falls when guidance ends."""

import numpy as np
import pytest

from tutelage.evidence.notyet import NotYet
from tutelage.evidence.withdrawal import after_withdrawal, share


def course(gain=1.0, fall=0.0, seed=0, spans=(6, 20, 12)):
    rng = np.random.default_rng(seed)
    climb = np.minimum(np.arange(spans[1]) / 8, 1) * gain
    level = 2.4 + np.concatenate([np.zeros(spans[0]), climb, np.full(spans[2], gain - fall)])
    ratings = level[:, None] + rng.normal(0, 0.6, (len(level), 4))
    ratings[rng.random(ratings.shape) > 0.7] = np.nan
    return ratings, np.zeros(len(level)), spans[0], spans[0] + spans[1]


def test_a_gain_that_stays_is_development():
    kept = after_withdrawal(*course(gain=1.2))
    assert kept.retained.low > 0
    assert kept.dependence.low < 0 < kept.dependence.high
    assert str(kept).endswith("not told from none")


def test_a_fall_when_guidance_ends_is_dependence():
    kept = after_withdrawal(*course(gain=1.2, fall=1.2))
    assert kept.dependence.low > 0
    assert kept.retained.low < 0 < kept.retained.high
    assert str(kept).endswith("]")


def test_the_intervals_hold_the_truth():
    runs = [after_withdrawal(*course(1.0, 0.4, seed)) for seed in range(200)]
    held = [(r.retained.low <= 0.6 <= r.retained.high) for r in runs]
    fell = [(r.dependence.low <= 0.4 <= r.dependence.high) for r in runs]
    assert np.mean(held) == pytest.approx(0.9, abs=0.06)
    assert np.mean(fell) == pytest.approx(0.9, abs=0.06)


def test_other_criteria_in_the_withdrawal_are_no_gain():
    easy = np.array([0.0, 2.0])
    ratings = 2.0 + easy + np.random.default_rng(0).normal(0, 0.3, (30, 2))
    ratings[:10, 1] = np.where(np.arange(10) < 7, np.nan, ratings[:10, 1])
    ratings[20:, 0] = np.where(np.arange(10) < 7, np.nan, ratings[20:, 0])
    kept = after_withdrawal(ratings, np.zeros(30), 8, 20)
    assert abs(kept.retained.points) < 0.4


def test_harder_cases_in_the_withdrawal_are_no_fall():
    ratings, declared, start, end = course()
    hard = np.where(np.arange(len(declared)) >= end, 0.6, 0.0)
    kept = after_withdrawal(ratings - hard[:, None], hard, start, end)
    same = after_withdrawal(ratings, declared, start, end)
    assert kept.dependence.points == pytest.approx(same.dependence.points)


def test_neighbouring_situations_alike_widen_the_interval():
    ratings, declared, start, end = course()
    waves = np.repeat([0.6, -0.6], 3)
    wavy = ratings + np.resize(waves, len(ratings))[:, None]
    mixed = ratings + np.resize([0.6, -0.6], len(ratings))[:, None]
    widths = [after_withdrawal(r, declared, start, end).dependence for r in (wavy, mixed)]
    assert widths[0].high - widths[0].low > 1.2 * (widths[1].high - widths[1].low)


@pytest.mark.parametrize(
    ("spans", "told"),
    [
        ((2, 20, 12), "2 rated situations in the baseline; about 1 more situation"),
        ((6, 2, 12), "2 rated situations at the end of guidance"),
        ((6, 20, 0), "0 rated situations since guidance ended; about 3 more situations"),
    ],
)
def test_a_phase_with_too_few_situations_says_so(spans, told):
    ratings, declared, start, end = course(spans=spans)
    answer = after_withdrawal(np.nan_to_num(ratings, nan=3.0), declared, start, end)
    assert isinstance(answer, NotYet)
    assert told in str(answer)


def test_ratings_that_never_change_have_no_width():
    kept = after_withdrawal(np.full((30, 2), 3.0), np.zeros(30), 6, 20)
    assert kept.retained.points == pytest.approx(0.0)


# shares ------------------------------------------------------------------------------------------
def test_a_share_of_no_rise_is_no_number():
    alike = np.array([3.0, 3.4, 2.8, 3.1])
    assert share(alike, alike - 1, alike + 0.1) is None
    assert share(alike, alike, alike[:2]) is None


def test_the_interval_of_a_share_holds_it():
    rng, held = np.random.default_rng(0), []
    for _ in range(300):
        groups = [rng.normal(m, 0.5, n) for m, n in ((4.0, 20), (3.2, 8), (2.4, 8))]
        found = share(*groups)
        held.append(found.low <= 0.5 <= found.high)
    assert np.mean(held) == pytest.approx(0.9, abs=0.06)
