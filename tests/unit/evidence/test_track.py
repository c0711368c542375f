import pytest

from tests.support.course import CRITERIA, JUDGE, LEA, RAY, RITA, TOM, Course
from tutelage.domain.events import Rated
from tutelage.domain.terms import Role
from tutelage.evidence.track import CHECKPOINT_EVERY, RECENT, begin, dump, load, observation, track


def rate(course, case, rater, value):
    event = Rated(situation=case.key, subject="own_call", ratings={"order": value})
    course.write(event, rater, Role.RATER)


def same(one, other):
    return (one.seen, one.points, one.raters, dict(one.rated)) == (
        other.seen,
        other.points,
        other.raters,
        dict(other.rated),
    )


def test_a_situation_says_something_once_its_own_call_is_rated(mentoring):
    case = mentoring.situation(difficulty=1).own_call()
    assert observation(case.here) is None
    seen = observation(case.rated(order=4).here)
    assert (seen.declared, seen.ratings) == (1, (("order", "tom", 4),))


def test_a_criterion_that_does_not_apply_says_nothing(mentoring):
    assert observation(mentoring.situation().own_call().rated(order=None).here) is None


def test_an_assisted_call_says_nothing(mentoring):
    before = mentoring.track
    mentoring.situation().own_call(help="ai").rated(5)
    assert mentoring.track is before


def test_the_estimate_starts_at_the_prior_and_moves_with_each_call(mentoring):
    assert Course().track.estimate("order").n == 0
    assert Course().track.at_least(3.0) == {}
    before = mentoring.track.estimate("order")
    after = mentoring.calls(4).track.estimate("order")
    assert (after.n, before.n) == (4, 3)
    assert after.mean > before.mean


def test_a_criterion_nobody_knows_stands_at_the_prior(mentoring):
    assert mentoring.track.estimate("luck").mean == 2.5
    assert mentoring.track.mean_at(10**6, "luck") is None


def test_a_consultation_named_later_takes_the_call_out_of_the_estimate(mentoring):
    before = mentoring.track
    case = mentoring.situation().own_call().rated(5)
    assert len(mentoring.track.seen) == 4
    case.decided().accounted(consulted=("person",))
    assert same(mentoring.track, before)


@pytest.mark.parametrize("gap", [1, RECENT - 1, RECENT + 3, 2 * CHECKPOINT_EVERY + 5])
def test_a_late_rating_changes_the_estimate_as_if_it_had_come_in_time(gap):
    course = Course(LEA, TOM, (RITA,)).agree().baseline()
    late = course.situation().own_call()
    course.calls(*[2 + i % 3 for i in range(gap)])
    rate(course, late, "rita", 5)
    assert same(course.track, track(course.state))
    assert [o.order for o in course.track.seen] == sorted(o.order for o in course.track.seen)


def test_a_second_rating_of_the_last_call_goes_back_by_one_situation_only():
    course = Course(raters=(RITA, RAY)).agree().baseline()
    case = course.situation().own_call()
    rate(course, case, "rita", 3)
    before = course.track
    rate(course, case, "ray", 4)
    assert course.track.recent[:-1] == before.recent[:-1]
    assert same(course.track, track(course.state))


def test_a_call_taken_out_of_the_middle_leaves_the_rest_as_if_it_had_never_been(mentoring):
    case = mentoring.situation().own_call().rated(5).decided()
    mentoring.calls(2, 3, 2)
    case.accounted(consulted=("ai",))
    assert same(mentoring.track, track(mentoring.state))
    assert case.key not in {o.situation for o in mentoring.track.seen}


def test_calls_on_a_criterion_since_an_entry_are_the_last_ones_in_order(mentoring):
    start = mentoring.state.seq
    mentoring.calls(2, 3, 4).calls(5, criteria=("people",))
    since = mentoring.track.since(start, "order")
    assert [o.ratings[0][2] for o in since] == [2, 3, 4]
    assert [o.ratings[0][2] for o in mentoring.track.since(start, "order", most=2)] == [3, 4]
    assert mentoring.track.since(start, "luck") == ()


def test_the_mean_as_it_stood_at_an_entry_does_not_change_later(mentoring):
    start = mentoring.state.phase_start
    then = mentoring.track.mean_at(start, "order")
    mentoring.calls(5, 5, 5)
    assert mentoring.track.mean_at(start, "order") == then
    assert mentoring.track.estimate("order").mean > then + 0.5
    assert mentoring.track.mean_at(1, "order") is None


def test_other_numbers_from_the_ledger_make_another_filter(mentoring):
    mentoring.configure(prior_mean=3.5)
    assert mentoring.track.constants.prior_mean == 3.5
    assert begin(mentoring.state).estimate("order").mean == 3.5


def test_what_was_dumped_loads_and_goes_on_the_same(agents):
    agents.calls(2, 3, 4, 2, 3)
    kept = load(agents.state, dump(agents.track))
    assert same(kept, agents.track)
    assert kept.estimate("order") == agents.track.estimate("order")
    agents.calls(5)
    last = agents.state.closed[-1]
    assert same(kept.revise(last, CRITERIA), agents.track)


def test_a_rating_that_comes_a_little_late_after_loading_is_no_different(agents):
    late = agents.situation().own_call()
    rate(agents, late, JUDGE.id, 3)
    agents.calls(*[3] * (RECENT + 2))
    kept = load(agents.state, dump(agents.track))
    rate(agents, late, "judge-2", 5)
    assert same(kept.revise(late.here, CRITERIA), agents.track)


def test_an_empty_track_dumps_and_loads():
    course = Course().agree()
    assert same(load(course.state, dump(course.track)), course.track)


def test_a_criterion_that_joined_the_goal_later_is_estimated_from_its_own_calls(mentoring):
    mentoring.amend_goal("order", "people", "luck").calls(5, 5, criteria=("luck",))
    assert mentoring.track.estimate("luck").n == 2
    assert mentoring.track.estimate("doubt").n == 3
    assert same(mentoring.track, track(mentoring.state))
