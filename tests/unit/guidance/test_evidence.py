"""The evidence report: a clear answer with its reason, never a number that looks sound and isn't."""

import pytest

from tests.support.course import LEA, RITA, TOM, Course
from tests.support.designed import KEYS, designed, live
from tutelage.domain.events import EvidenceViewed, Met, OptedOut, PhaseBegan, ProbeDrawn
from tutelage.domain.terms import Phase, Role
from tutelage.evidence.attribution import Attribution, Record, started_early
from tutelage.evidence.looks import Looks
from tutelage.evidence.notyet import NotYet
from tutelage.evidence.probes import Probed
from tutelage.evidence.withdrawal import Kept
from tutelage.guidance.attributing import attributed
from tutelage.guidance.blind import blind
from tutelage.guidance.evidence import evidence
from tutelage.guidance.programme import FEWEST_PEOPLE, Known, programme
from tutelage.guidance.record import record
from tutelage.guidance.threshold import Contrast, masterpiece


def report(course, **given):
    return evidence(course.state, course.track, "r", **given)


# attribution -----------------------------------------------------------------------------------
def test_calls_that_follow_the_drawn_focus_are_attributed_to_the_guidance():
    found = report(live(designed(), 28))
    moved = found.attributed.moved
    assert isinstance(moved, Attribution)
    assert moved.shown
    assert found.shown
    assert "guidance moved what it worked on" in found.headline.lower()


def test_calls_that_do_not_follow_it_are_not():
    found = report(live(designed(), 28, rise=0))
    assert not found.shown
    assert "Not shown" in found.headline


def test_before_the_horizon_it_says_how_many_situations_are_missing():
    moved = report(live(designed(), 20)).attributed.moved
    assert str(moved) == (
        "not enough evidence yet: 20 of the 28 situations agreed; about 8 more situations"
    )


def test_without_drawn_starts_nothing_tells_guidance_from_experience(mentoring):
    found = report(mentoring.calls(*[4] * 12))
    assert isinstance(found.attributed.moved, NotYet)
    assert "nothing tells guidance from experience" in found.headline


def test_a_design_that_was_not_followed_is_said_to_be():
    course = designed()
    for _ in range(28):
        case = course.situation(criteria=KEYS, stakes="high").own_call().rated(3)
        case.guided(criteria=KEYS).read().decided().accounted()
    moved = report(course).attributed.moved
    assert isinstance(moved, NotYet)
    assert "the design was not followed" in moved.reason


def test_a_design_that_no_draw_can_have_made_is_refused_in_words():
    course = designed()
    bad = course.state.design._replace(
        event=course.state.design.event.model_copy(update={"starts": (0, 0, 0, 0)})
    )
    from tutelage.domain.values import replace

    moved = attributed(replace(course.state, design=bad, met=1)).moved
    assert isinstance(moved, NotYet)


def test_leaving_the_drawn_starts_ends_the_design_where_it_was():
    course = live(designed(), 20)
    course.write(OptedOut(of="drawn_starts"), role=Role.LEARNER)
    known = record(course.state)
    assert isinstance(known, Record)
    assert known.ended
    assert isinstance(attributed(course.state).looked, Looks)  # a moment somebody chose is a look


def test_a_talk_on_a_criterion_before_its_start_is_told_as_a_departure():
    course = live(designed(), 2)
    last = course.state.design.event.order[-1]
    course.write(Met(on=course.now, criteria=(last,), told=True), role=Role.TRAINER)
    known = record(live(course, 12).state)
    assert known.guided[1, known.criteria.index(last)]
    assert started_early(known) == {last: 1}


# looking ---------------------------------------------------------------------------------------
def looked(course):
    course.write(EvidenceViewed(viewer="lea", what="evidence"))
    return course


def test_a_look_before_the_horizon_makes_the_looks_decide():
    course = live(looked(live(designed(), 14)), 14)
    found = report(course)
    assert course.state.looked == 1
    assert isinstance(found.attributed.looked, Looks)
    assert found.shown is (found.attributed.looked.crossed is not None)


def test_a_look_at_the_horizon_is_the_one_that_was_planned():
    course = looked(live(designed(), 28))
    assert course.state.looked == 0
    assert report(course).attributed.looked is None


def test_without_a_design_looks_do_not_count(mentoring):
    assert looked(mentoring).state.looked == 0


# what stays ------------------------------------------------------------------------------------
def test_what_stayed_after_the_withdrawal_is_told_with_its_interval():
    course = Course(raters=(RITA,)).agree().baseline(2, 5).calls(*[3, 4, 5] * 4)
    assert isinstance(report(course).kept, NotYet)
    kept = report(course.withdraw().calls(4, 5, 3, 4, 5, 4)).kept
    assert isinstance(kept, Kept)
    assert kept.retained.points > 1
    assert kept.retained.low > 0


def test_withheld_guidance_shows_help_now_and_no_learning():
    course = Course(raters=(RITA,)).agree(withheld_guidance=True).baseline(2)
    for n in range(24):
        case = course.situation().own_call().rated(2 + n % 2)
        held = n % 4 == 0
        course.write(ProbeDrawn(situation=case.key, withheld=held, probability=0.25))
        case = case if held else case.guided().read()
        case.decided()
        course.alone(_asked(case))
        case.rated(2 + n % 2 + (0 if held else 2), subject="decision").accounted()
    now = report(course).now
    assert isinstance(now, Probed)
    assert now.points > 1
    assert report(course).changed[0].assisted == pytest.approx(4.5, abs=0.4)


def _asked(case):
    from tutelage.domain.events import RatingAsked

    return RatingAsked(situation=case.key, subject="decision", rater="rita", shown=("situation",))


# bad input -------------------------------------------------------------------------------------
def test_nothing_rated_gives_no_figure():
    course = Course(raters=(RITA,)).agree()
    found = report(course)
    assert "not known" in found.headline
    assert found.changed[0].rise is None
    assert "No own call was rated." in found.caveats


def test_one_rater_constant_ratings_and_the_trainer_as_rater_are_told(mentoring):
    told = " ".join(report(mentoring.calls(*[2] * 8)).caveats)
    assert "The trainer alone rated" in told
    assert "One rater" in told
    assert "Every call was rated 2" in told
    assert "retold" in told


def test_copies_without_the_trainer_decide_where_there_are_some(mentoring):
    found = report(mentoring, contrast=Contrast(0.8, 0.3, 1.3, 0.01, (3, 3)))
    assert found.shown
    assert "did it" in found.headline
    assert not report(mentoring, contrast=Contrast(0.8, -0.3, 1.3, 0.1, (3, 3))).shown


def test_drawn_starts_that_show_it_stand_for_copies_in_a_masterpiece():
    shown, without = live(designed(), 28), live(designed(), 28, rise=0)
    said = [masterpiece(c.state, c.track).missing for c in (shown, without)]
    assert not any("randomized evidence" in m for m in said[0])
    assert any("randomized evidence" in m for m in said[1])


# the programme ---------------------------------------------------------------------------------
def known(course, name):
    return Known(name, course.state, course.track)


def learners(count, same=False):
    pairs = []
    for n in range(count):
        course = live(designed(seed=n, learner="lea" if same else f"lea-{n}"), 28)
        pairs.append(known(course, f"r{n}"))
    return pairs


def test_figures_of_fewer_than_five_people_are_not_told():
    found = programme(learners(2))
    assert isinstance(found.pooled, NotYet)
    assert found.pooled.more == FEWEST_PEOPLE - 2
    assert [p.relationship for p in found.pairs] == ["r0", "r1"]
    assert "told over 5 people" in found.headline


def test_one_person_in_five_relationships_is_one_person():
    assert isinstance(programme(learners(5, same=True)).pooled, NotYet)


def test_five_relationships_are_pooled_and_nobody_s_own_effect_is_told():
    found = programme(learners(5))
    assert found.pooled.shown
    assert found.pooled.effect.low > 0
    assert found.found == ()


def test_those_who_contribute_nothing_do_not_make_five():
    quiet = [known(designed(seed=9, learner=f"new-{n}"), f"q{n}") for n in range(4)]
    assert isinstance(programme([*learners(1), *quiet]).pooled, NotYet)


def test_what_was_never_signed_is_left_out():
    assert programme([known(Course(LEA, TOM).propose(), "r")]).pairs == ()
    assert isinstance(programme([]).pooled, NotYet)


def same_for_all(people):
    pairs = []
    for at in range(people):
        course = designed(seed=at, learner=f"lea-{at}")
        for _ in range(10):
            ratings = {k: 1 if k == KEYS[at % 4] else 5 for k in KEYS}
            case = course.situation(criteria=KEYS, stakes="high").own_call().rated(**ratings)
            case.guided(criteria=("k0",)).read().decided().accounted()
        pairs.append(known(course, f"r{at}"))
    return programme(pairs).sameness


def test_a_trainer_with_one_guidance_for_all_is_told_so_over_five_people():
    ((trainer, index),) = same_for_all(5)
    assert trainer == "tom"
    assert index.alarm
    assert same_for_all(4) == ()


# who looks, who leaves -------------------------------------------------------------------------
def test_a_rater_who_looked_at_the_evidence_is_blind_no_more():
    course = designed()
    course.write(EvidenceViewed(viewer="rita", what="evidence"))
    case = course.situation(criteria=KEYS).own_call().rated(3)
    assert not blind(course.state, case.here, case.here.ratings[0])


def test_guidance_taken_up_again_is_no_withdrawal():
    course = Course(raters=(RITA,)).agree().baseline(2, 5).calls(*[3, 4, 5] * 4)
    course.withdraw().calls(4, 5, 3)
    course.write(PhaseBegan(phase=Phase.GUIDED), role=Role.LEARNER)
    assert isinstance(report(course.calls(*[4, 5] * 6)).kept, NotYet)
    kept = report(course.withdraw().calls(4, 5, 3, 4, 5, 4)).kept
    assert isinstance(kept, Kept)
    assert kept.situations[2] == 6


def test_three_criteria_are_too_few_to_show_anything_alone_however_one_looks():
    course = live(looked(live(designed(keys=KEYS[:3]), 10)), 18)
    found = attributed(course.state)
    assert not found.shown
    assert "too little to tell alone" in str(found)


def test_one_copy_shows_nothing(mentoring):
    assert not report(mentoring, contrast=Contrast(0.8, 0.3, 1.3, 0.01, (1, 1))).shown


def test_the_design_is_written_by_the_system_alone():
    course = designed()
    again = course.state.design.event
    assert course.code(again) == "drawn"
    assert course.code(again, course.trainer.id, Role.TRAINER) == "not_your_role"
