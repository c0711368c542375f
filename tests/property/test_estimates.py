"""What holds of the estimate whatever the ratings are."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.course import CRITERIA, RAY, RITA, Course
from tutelage.domain.events import Rated
from tutelage.domain.terms import Role
from tutelage.evidence.ability import Ability
from tutelage.evidence.novelty import FEWEST, Seen
from tutelage.evidence.track import track

values = st.integers(1, 5)
steps = st.sampled_from([-1, 0, 1])
one = st.tuples(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), values), max_size=5), steps
)
many = st.lists(one, min_size=1, max_size=15)


def filtered(situations, order=(0, 1, 2)):
    ability = Ability(3, raters=2)
    for ratings, declared in situations:
        ability.update([(order[k], r, y) for k, r, y in ratings], declared)
    return ability


@given(many)
def test_estimates_stay_finite_and_sure_of_something(situations):
    mean, sd = filtered(situations).moments()
    assert np.isfinite(mean).all()
    assert ((sd > 0) & (sd < 2)).all()


@given(many, st.permutations([0, 1, 2]))
def test_permuting_the_criteria_permutes_their_estimates(situations, order):
    plain, moved = filtered(situations).moments(), filtered(situations, order).moments()
    for a, b in zip(plain, moved, strict=True):
        assert np.allclose(a[0], b[0, list(order)], atol=1e-9)


@given(
    st.lists(st.tuples(st.lists(values, min_size=3, max_size=3), steps), min_size=1, max_size=12)
)
def test_a_batch_is_the_same_as_its_relationships_one_by_one(situations):
    batch, first, second = Ability(3, 1, 2), Ability(3), Ability(3)
    for ratings, declared in situations:
        other = [6 - y for y in ratings]
        pair = np.array([ratings, other], dtype=float)
        batch.update_many(pair, np.array([declared, -declared]) * 0.6, np.zeros(2, dtype=np.int64))
        first.update([(k, 0, y) for k, y in enumerate(ratings)], declared)
        second.update([(k, 0, y) for k, y in enumerate(other)], -declared)
    together = batch.moments()
    for row, alone in enumerate((first, second)):
        for a, b in zip(together, alone.moments(), strict=True):
            assert np.allclose(a[row], b[0], atol=1e-9)


@given(st.lists(values, min_size=1, max_size=10), st.integers(0, 9))
def test_a_better_rating_never_makes_the_estimate_worse(ratings, at):
    at %= len(ratings)
    better = [*ratings[:at], min(5, ratings[at] + 1), *ratings[at + 1 :]]
    means = [filtered([([(0, 0, y)], 0) for y in r]).moments()[0][0, 0] for r in (ratings, better)]
    fell = any(filtered([([(0, 0, y)], 0) for y in r]).fell[0] for r in (ratings, better))
    assert fell or means[1] >= means[0] - 0.3


@given(many, st.integers(0, 14))
def test_a_filter_kept_half_way_goes_on_the_same(situations, cut):
    half = filtered(situations[:cut])
    again = Ability.load(half.dump())
    for ratings, declared in situations[cut:]:
        half.update(list(ratings), declared)
        again.update(list(ratings), declared)
    assert np.array_equal(half.mean, again.mean)
    assert np.array_equal(half.cov, again.cov)


ROUND = [(case, rater) for case in range(6) for rater in ("rita", "ray")]


@settings(max_examples=8)
@given(st.permutations(ROUND), st.lists(values, min_size=12, max_size=12))
def test_ratings_in_any_order_give_the_estimate_from_the_beginning(order, given_):
    course = Course(raters=(RITA, RAY)).agree().baseline()
    cases = [course.situation().own_call() for _ in range(6)]
    for (case, rater), value in zip(order, given_, strict=True):
        event = Rated(
            situation=cases[case].key,
            subject="own_call",
            ratings=dict.fromkeys(CRITERIA, value),
        )
        course.write(event, rater, Role.RATER)
        anew = track(course.state)
        assert (course.track.seen, course.track.points) == (anew.seen, anew.points)
    assert [o.order for o in anew.seen] == sorted(o.order for o in anew.seen)


facts = st.dictionaries(st.sampled_from(["kind", "people"]), st.sampled_from("abc"))


@given(st.lists(st.tuples(st.text(max_size=20), facts), min_size=1, max_size=25))
def test_novelty_is_a_rank_and_a_repeated_case_is_never_far(cases):
    seen = Seen()
    for i, (text, said) in enumerate(cases):
        found = seen.judge(text, said)
        assert (found.rank is None) == (i < FEWEST)
        assert found.rank is None or 0 < found.rank <= 1
        seen.add(str(i), text, said)
    text, said = cases[-1]
    assert not text.strip() or seen.judge(text, said).distance < 1e-5
