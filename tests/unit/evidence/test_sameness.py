"""Whether one trainer guides all its learners alike although they need different things."""

import numpy as np
import pytest

from tests.support.course import mentoring
from tutelage.evidence.sameness import (
    LearnerRow,
    fits,
    learner_row,
    of_learners,
    reliability,
    same_for_all,
    sameness,
)

GAPS = np.eye(5, 4) * 2


def test_guidance_that_fits_each_learner_s_own_gap_is_not_the_same_for_all():
    index = sameness(np.eye(5, 4) * 20 + 2, GAPS)
    assert not index.alarm
    assert index.value < 0.5
    assert index.low <= index.value <= index.high


def test_the_same_guidance_for_learners_with_other_gaps_alarms():
    index = sameness(np.full((5, 4), 3.0), GAPS)
    assert index.alarm
    assert index.value == 1.0
    assert "furthest from" in index.act
    assert index.offer.endswith("?")


def test_the_same_guidance_for_the_same_gaps_is_right():
    assert not sameness(np.full((5, 4), 3.0), np.ones((5, 4))).alarm


def test_gaps_that_differ_by_no_more_than_their_errors_alarm_nobody():
    rng = np.random.default_rng(0)
    counts, gaps = np.full((8, 4), 3.0), rng.normal(1, 0.4, (8, 4))
    assert sameness(counts, gaps).alarm
    assert not sameness(counts, gaps, np.full((8, 4), 0.4)).alarm


@pytest.mark.parametrize(
    "counts", [np.full((3, 4), 9.0), np.array([[9.0] * 4] * 3 + [[1.0, 0, 0, 0]])]
)
def test_sameness_needs_four_learners_with_eight_items_each(counts):
    index = sameness(counts, GAPS[: len(counts)])
    assert index.value is None
    assert "not enough evidence yet" in str(index)


def test_a_batch_of_trainers_is_judged_as_each_alone():
    rng = np.random.default_rng(1)
    counts, gaps = rng.integers(1, 6, (3, 5, 4)).astype(float), rng.normal(1, 1, (3, 5, 4))
    fit, best = fits(counts, gaps)
    alone = [
        same_for_all(*fits(c[None], g[None]), np.ones(1))[0]
        for c, g in zip(counts, gaps, strict=True)
    ]
    assert same_for_all(fit, best, np.ones(3)).tolist() == alone


def test_who_is_met_first_makes_no_difference():
    rng = np.random.default_rng(2)
    counts, gaps = rng.integers(2, 6, (6, 4)).astype(float), rng.normal(1, 1, (6, 4))
    turned = rng.permutation(6)
    one, other = sameness(counts, gaps), sameness(counts[turned], gaps[turned])
    assert one.value == pytest.approx(other.value)
    assert one.low == pytest.approx(other.low)


def test_what_is_common_to_all_learners_is_no_difference():
    rng = np.random.default_rng(3)
    gaps = rng.normal(1, 1, (1, 6, 4))
    sds = np.full((1, 6, 4), 0.3)
    common = np.array([3.0, 0, 0, 1])
    assert reliability(gaps + common, sds) == pytest.approx(reliability(gaps, sds))


def test_one_relationship_says_what_its_guidance_was_on_and_how_far_it_is():
    course = mentoring()
    course.situation().own_call().rated(2).guided(criteria=("order",)).read().decided()
    row = learner_row(course.state, course.track, ("order", "people"))
    assert row.counts == (1, 0)
    assert row.gaps[0] == pytest.approx(4.0 - course.track.estimate("order").mean)
    assert row.sds[1] > 0


def test_rows_of_learners_come_to_one_index():
    rows = [LearnerRow((3, 3, 3, 3), tuple(g), (0.1,) * 4) for g in GAPS]
    assert of_learners(rows).alarm
    assert of_learners([]).value is None


def test_a_row_says_who_was_told_which_experience_on_all_it_has():
    course = mentoring()
    course.situation().own_call().guided(criteria=("order",)).read().decided()
    row = learner_row(course.state, course.track)
    assert (row.criteria, row.person, row.told) == (
        ("order", "people", "doubt"),
        "lea",
        {"night-17"},
    )
    assert row.on(("doubt", "order")).counts == (0, 1)
    assert row.on(("order",)) == learner_row(course.state, course.track, ("order",))
