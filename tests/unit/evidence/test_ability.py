import numpy as np
import pytest

from tutelage.evidence.ability import Ability
from tutelage.evidence.constants import Constants, tuned
from tutelage.evidence.results import Estimate

T, K, RATERS = 60, 4, 3


def rated(ratings, criteria=1, difficulty=0):
    ability = Ability(criteria)
    for rating in ratings:
        ability.update([(0, 0, rating)], difficulty)
    return ability


def test_before_any_rating_the_prior_is_the_estimate():
    assert str(Ability(1).estimate(0)) == "2.5 ± 0.7 (n=0)"


def test_good_ratings_raise_the_estimate_and_narrow_it():
    few, many = rated([4] * 3).estimate(0), rated([4] * 12).estimate(0)
    assert 2.5 < few.mean < many.mean < 4.3
    assert many.sd < few.sd


def test_a_rating_counts_more_in_a_hard_situation_than_in_an_easy_one():
    hard, easy = Ability(1), Ability(1)
    hard.update([(0, 0, 3)], difficulty=1)
    easy.update([(0, 0, 3)], difficulty=-1)
    assert hard.estimate(0).mean > easy.estimate(0).mean


def test_a_learner_who_calls_everything_hard_gains_little_by_it():
    always, never = rated([3] * 60, difficulty=1), rated([3] * 60)
    assert always.estimate(0).mean - never.estimate(0).mean < 0.25


def test_one_criterion_says_something_about_the_others():
    ability = rated([5] * 6, criteria=2)
    assert 2.5 < ability.estimate(1).mean < ability.estimate(0).mean
    assert ability.estimate(1).n == 0


def test_a_severe_rater_is_told_from_a_weak_learner():
    ability = Ability(1, raters=2)
    for _ in range(30):
        ability.update([(0, 0, 4), (0, 1, 2)])
    severe, mild = ability.mean[0, 0, ability.raters[1]], ability.mean[0, 0, ability.raters[0]]
    assert severe > 0 > mild
    assert ability.estimate(0).n == 60


def test_one_poor_rating_makes_the_estimate_unsure_and_four_good_ones_restore_it():
    steady, once = rated([4] * 12).estimate(0), rated([*[4] * 12, 1]).estimate(0)
    after = rated([*[4] * 12, 1, *[4] * 4]).estimate(0)
    assert once.sd > steady.sd
    assert once.mean < steady.mean - 0.5 < after.mean


def test_five_poor_ratings_after_eleven_good_ones_are_believed():
    ability = rated([4, 5] * 5 + [4] + [1, 2, 1, 2, 1])
    assert ability.estimate(0).mean < 3.0
    assert ability.at_least(3.75)[0, 0] < 0.2


def test_a_drop_widens_the_estimate_when_it_shows():
    steady, fallen = rated([4] * 12), rated([4] * 12 + [1])
    fallen.update([(0, 0, 1)])
    assert fallen.moments()[1][0, 0] > steady.moments()[1][0, 0]


def test_a_situation_without_ratings_moves_time_and_nothing_else():
    ability = rated([4] * 5)
    before = ability.estimate(0)
    ability.update([])
    assert ability.estimate(0).mean == pytest.approx(before.mean, abs=0.05)
    assert ability.estimate(0).n == before.n


def test_the_chance_of_a_good_call_grows_with_ability_and_falls_with_difficulty():
    ability = rated([4] * 8)
    assert ability.predict(0, difficulty=-1) > ability.predict(0) > ability.predict(0, difficulty=1)
    assert rated([2] * 8).predict(0) < 0.2 < ability.predict(0)


def test_a_criterion_added_late_begins_at_the_prior_and_the_covariance_stays_one():
    ability = Ability(5)
    for _ in range(40):
        ability.update([(k, 0, 4) for k in range(5)])
    late = ability.add_criterion()
    assert ability.estimate(late).mean == pytest.approx(2.5)
    assert np.linalg.eigvalsh(ability.cov).min() > -1e-9


def test_the_covariance_stays_one_whatever_is_rated():
    rng, ability = np.random.default_rng(3), Ability(3, raters=2)
    for _ in range(80):
        ability.update([(k, int(rng.integers(2)), int(rng.integers(1, 6))) for k in range(3)])
    assert np.linalg.eigvalsh(ability.cov).min() > 0
    assert np.exp(ability.log_weight).sum() == pytest.approx(1.0)


def test_a_copy_goes_its_own_way():
    one = rated([4] * 3)
    two = one.copy()
    two.update([(0, 0, 1)])
    assert one.estimate(0) != two.estimate(0)
    assert one.estimate(0) == rated([4] * 3).estimate(0)


def test_what_was_dumped_loads_exactly_and_goes_on_the_same():
    one = rated([4, 3, 5, 1], criteria=2)
    two = Ability.load(one.dump())
    assert two.estimate(0) == one.estimate(0)
    one.update([(1, 0, 2)], 1)
    two.update([(1, 0, 2)], 1)
    assert np.array_equal(one.mean, two.mean)
    assert np.array_equal(one.cov, two.cov)


def test_a_configured_number_changes_the_filter_and_an_unknown_one_does_not():
    assert tuned(Constants(), {"prior_mean": 3.0, "dwell": 4.0}).prior_mean == 3.0
    assert tuned(Constants(), {"dwell": 4.0}) == Constants()


def test_an_estimate_prints_itself_with_its_uncertainty():
    assert str(Estimate(3.44, 0.26, 9)) == "3.4 ± 0.3 (n=9)"
    low, high = Estimate(3.0, 0.5, 4).interval
    assert high - low == pytest.approx(2 * 1.645 * 0.5, abs=0.01)


# operating characteristics on EVIDENCE's standard simulation --------------------------------------
def worlds(many, seed, start=2.2, e=0.02, g=0.12, drop_at=None):
    """S1, `many` relationships at once: true abilities, ratings (NaN untouched), declared, raters."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(start, 0.4, (many, K))
    severity = rng.normal(0, 0.3, (many, RATERS))
    for t in range(T):
        if t == drop_at:
            theta = theta - 1.0
        hard = rng.normal(0, 0.5, many)
        declared = 0.6 * np.clip(np.round((hard + rng.normal(0, 0.35, many)) / 0.6), -1, 1)
        touched = rng.random((many, K)) < 0.7
        touched[np.arange(many), rng.integers(K, size=many)] |= ~touched.any(1)
        rater = rng.integers(RATERS, size=many)
        seen = theta - (hard + severity[np.arange(many), rater])[:, None]
        ratings = np.clip(np.round(seen + rng.normal(0, 0.6, (many, K))), 1, 5)
        yield theta, np.where(touched, ratings, np.nan), declared, rater
        taken = g * (rng.random((many, K)) < 0.7)
        theta = theta + touched * (e + taken) * (4.6 - theta) / 2


def followed(many, seed, **world):
    """The filter over these worlds: abilities, means, standard deviations and alarms, by time."""
    ability, rows = Ability(K, RATERS, many), []
    for theta, ratings, declared, rater in worlds(many, seed, **world):
        ability.update_many(ratings, declared, rater)
        rows.append((theta, *ability.moments(), ability.fell))
    return [np.array(column) for column in zip(*rows, strict=True)]


def inside(theta, mean, sd):
    return float((np.abs(theta - mean) < 1.645 * sd)[5:].mean())


@pytest.mark.parametrize(
    "world", [{}, {"e": 0.0, "g": 0.0}, {"drop_at": 30}], ids=["S1", "flat", "jump"]
)
def test_the_90_percent_interval_contains_the_true_ability(world):
    theta, mean, sd, _ = followed(200, 11, **world)
    assert 0.86 <= inside(theta, mean, sd) <= 0.97


def test_the_estimate_is_not_biased():
    theta, mean, _, _ = followed(200, 12)
    assert abs(float((theta - mean)[5:].mean())) < 0.06


def test_a_drop_by_one_point_is_noticed_within_ten_situations():
    *_, fell = followed(200, 13, start=3.6, e=0.0, g=0.0, drop_at=30)
    assert fell[30:40].any(0).mean() >= 0.75


def test_few_learners_who_did_not_fall_are_said_to_have_fallen():
    *_, fell = followed(200, 14)
    assert fell[5:35].any(0).mean() <= 0.08


def test_a_batch_says_what_its_relationships_say_alone():
    rows = list(worlds(3, 15))[:12]
    batch, alone = Ability(K, RATERS, 3), Ability(K, RATERS)
    for _, ratings, declared, rater in rows:
        batch.update_many(ratings, declared, rater)
        touched = np.flatnonzero(~np.isnan(ratings[1]))
        given = [(int(k), int(rater[1]), int(ratings[1, k])) for k in touched]
        alone.update(given, round(declared[1] / 0.6))
    assert np.allclose(batch.moments()[0][1], alone.moments()[0][0], atol=1e-9)


# several raters, and the next call ---------------------------------------------------------------
def test_two_raters_of_one_call_say_less_than_two_calls_do():
    one_call, two_calls = Ability(1, raters=2), Ability(1, raters=2)
    one_call.update([(0, 0, 5), (0, 1, 5)])
    for rater in (0, 1):
        two_calls.update([(0, rater, 5)])
    assert one_call.estimate(0).mean < two_calls.estimate(0).mean
    assert one_call.cov.shape == two_calls.cov.shape  # what they shared is forgotten again


def test_two_raters_of_a_poor_call_pull_the_other_criteria_little_more_than_one():
    once, twice = (Ability(3, raters=2) for _ in range(2))
    for ability in (once, twice):
        for _ in range(10):
            ability.update([(k, r, 4) for k in range(3) for r in range(2)])
    before = once.estimate(2).mean
    once.update([(0, 0, 1)])
    twice.update([(0, 0, 1), (0, 1, 1)])
    fell = [before - a.estimate(2).mean for a in (once, twice)]
    assert fell[1] < 1.6 * fell[0]


def test_the_chance_of_the_next_call_is_the_same_alone_and_in_a_batch():
    rows = list(worlds(3, 16))[:10]
    batch, alone = Ability(K, RATERS, 3), Ability(K, RATERS)
    for _, ratings, declared, rater in rows:
        together = batch.predict_many(declared, rater)
        step = round(declared[1] / 0.6)
        given = [alone.predict(k, step, int(rater[1])) for k in range(K)]
        assert np.allclose(together[1], given, atol=1e-9)
        batch.update_many(ratings, declared, rater)
        touched = np.flatnonzero(~np.isnan(ratings[1]))
        alone.update([(int(k), int(rater[1]), int(ratings[1, k])) for k in touched], step)
