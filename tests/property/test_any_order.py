"""Whatever is attempted, in whatever order: what the rules let in keeps the laws."""

from hypothesis import given
from hypothesis import strategies as st

from tests.support.course import emptied, reread
from tests.support.walk import HIDDEN, walk
from tutelage.domain.evolve import fold
from tutelage.evidence.track import dump, load, track
from tutelage.guidance.brief import context
from tutelage.guidance.policy import propose
from tutelage.guidance.threshold import threshold

courses = st.builds(walk, st.integers(0, 2**32), st.integers(10, 120))


def numbers_of(state, estimates):
    moves = {(m.criterion, m.start, m.to, m.rule) for m in propose(state, estimates)}
    verdict = threshold(state, estimates)
    standing = {key: (s.level, s.since) for key, s in state.levels.items()}
    return (
        estimates.seen,
        estimates.points,
        standing,
        moves,
        (verdict.met, len(verdict.missing), verdict.situation, verdict.entries),
    )


@given(courses)
def test_no_guidance_is_read_before_the_own_call_but_urgent_help_after_which_nothing_counts(course):
    for known in course.state.situations:
        read = [g.read for g in known.guidance if g.read is not None]
        called = known.own_call.seq if known.own_call else None
        decided = known.decision.seq if known.decision else None
        first = min((s for s in (called, decided) if s is not None), default=None)
        if read and (first is None or min(read) < first):
            assert known.urgent
            assert known.own_call is None
            assert known.evidence_subject is None
            assert known.counted() == ()


@given(courses)
def test_an_own_call_precedes_help_decision_and_outcome(course):
    for known in course.state.situations:
        if known.own_call is not None:
            later = [g.read for g in known.guidance if g.read] + [known.helped_at or 10**9]
            later += [e.seq for e in (known.decision, known.outcome) if e is not None]
            assert known.own_call.seq < min(later)


@given(courses)
def test_the_learner_s_context_never_holds_an_unread_guidance(course):
    for known in course.state.situations:
        if not any(g.read for g in known.guidance):
            assert HIDDEN not in str(context(course.state, known.key))
    assert HIDDEN not in str(context(course.state))


@given(courses)
def test_guidance_before_the_decision_gives_no_more_help_than_was_allowed(course):
    for known in course.state.situations:
        urgent = any(h.event.urgent for h in known.helps)
        for given_ in known.guidance:
            late = known.decision is not None and known.decision.seq < given_.entry.seq
            person = course.trainer.kind == "person"
            if given_.entry.event.move == "tell" and not (late or urgent):
                assert person
                assert given_.entry.event.told_because is not None


@given(courses)
def test_a_state_folds_back_from_what_the_ledger_holds(course):
    assert fold(reread(e) for e in course.entries) == course.state


@given(courses, st.floats(0, 1))
def test_a_fold_of_a_prefix_and_the_rest_is_the_fold_of_the_whole(course, share):
    cut = int(share * len(course.entries))
    assert fold(course.entries[cut:], fold(course.entries[:cut])) == course.state


@given(courses)
def test_with_every_text_gone_estimates_levels_and_threshold_are_the_same(course):
    bare = fold(emptied(e) for e in course.entries)
    assert numbers_of(bare, track(bare)) == numbers_of(course.state, course.track)


@given(courses)
def test_the_estimate_kept_in_step_is_the_estimate_from_the_beginning(course):
    anew = track(course.state)
    assert (course.track.seen, course.track.points) == (anew.seen, anew.points)
    assert dict(course.track.rated) == dict(anew.rated)


@given(courses)
def test_an_estimate_that_was_dumped_loads_and_goes_on_the_same(course):
    kept = load(course.state, dump(course.track))
    assert numbers_of(course.state, kept) == numbers_of(course.state, course.track)
    if course.state.life == "closed":
        return
    case = course.situation(criteria=course.state.criteria).own_call().rated(4)
    assert kept.revise(case.here, course.state.criteria_ever).points == course.track.points


@given(courses)
def test_every_situation_is_found_and_what_waits_for_a_rater_is_known(course):
    state = course.state
    assert all(state.find(s.key) is s for s in state.situations)
    waiting = {s.key for s in state.situations if s.unanswered_ratings() and not s.dropped}
    assert set(state.unrated) == waiting
    assert len(state.closed) == len(state.places)
