"""Law 5: levels are contingent on unassisted judgment, each move with its reason in words."""

import pytest

from tests.support.course import Course
from tutelage.domain.entry import Draft
from tutelage.domain.events import LevelMoved
from tutelage.domain.terms import Level, Role
from tutelage.guidance.policy import propose


def at(course, level, rule="grown"):
    for key in course.state.criteria:
        course.moved(key, level, rule)
    return course


def grown(course, rating=4, most=40):
    """Calls of this rating until less help is proposed on `order`; how many it took."""
    for count in range(1, most):
        if course.calls(rating).proposes() is not None:
            return count
    return None


@pytest.mark.parametrize("calls", [0, 1, 2, 4])
def test_no_less_help_on_a_few_ratings(mentoring, calls):
    assert mentoring.calls(*[5] * calls).proposes() is None


def test_less_help_after_five_good_calls(mentoring):
    assert grown(mentoring) == 5
    move = mentoring.proposes()
    assert (move.start, move.to, move.rule) == (Level.SHARE, Level.ASK, "grown")
    assert not move.more_help


def test_levels_go_up_one_at_a_time_to_independent(mentoring):
    for expected in (Level.ASK, Level.DEBRIEF, Level.INDEPENDENT):
        assert grown(mentoring, 5) is not None
        assert mentoring.proposes().to is expected
        mentoring.follow_proposals()
    mentoring.calls(5, 5, 5, 5, 5)
    assert mentoring.proposes() is None


def test_good_calls_before_the_last_move_do_not_count_towards_the_next(mentoring):
    mentoring.calls(*[5] * 12).follow_proposals()
    assert mentoring.state.level("order") is Level.ASK
    assert mentoring.proposes() is None
    assert grown(mentoring, 5) == 5


def test_guidance_comes_back_after_five_poor_ratings_behind_eleven_good_ones(mentoring):
    at(mentoring, Level.DEBRIEF).calls(*[4] * 11)
    assert mentoring.proposes() is None or not mentoring.proposes().more_help
    mentoring.calls(1, 2, 1, 2, 1)
    move = mentoring.proposes()
    assert (move.to, move.rule, move.more_help) == (Level.ASK, "fell", True)


def test_guidance_comes_back_after_two_poor_decisions(mentoring):
    at(mentoring, Level.INDEPENDENT).calls(2)
    assert mentoring.proposes() is None
    mentoring.situation().own_call().rated(order=2)
    assert mentoring.proposes().to is Level.DEBRIEF


def test_only_the_criterion_that_fell_gets_more_help():
    course = at(Course().agree().baseline(4, 4), Level.DEBRIEF).calls(*[4] * 8)
    for _ in range(5):
        course.situation().own_call().rated(order=1, people=4, doubt=4)
    fell = [m.criterion for m in propose(course.state, course.track) if m.more_help]
    assert fell == ["order"]


def test_telling_that_moves_nothing_is_replaced_by_asking(mentoring):
    mentoring.calls(*[2] * 9)
    assert mentoring.proposes() is None
    move = mentoring.calls(2).proposes()
    assert (move.to, move.rule) == (Level.ASK, "not_moved_by_telling")
    assert "Questions may move more than stories" in move.why


def test_a_learner_that_telling_moves_goes_on_being_told():
    course = Course().agree().baseline(1).calls(1, 1, 2, 2, 2, 2, 2, 2, 2, 2)
    assert course.proposes() is None


def test_asking_in_place_of_telling_is_held_before_telling_comes_back(mentoring):
    mentoring.calls(*[2] * 10).follow_proposals()
    assert mentoring.calls(*[2] * 13).proposes() is None
    move = mentoring.calls(2).proposes()
    assert (move.to, move.rule) == (Level.SHARE, "fell")


def test_a_learner_never_gets_more_help_than_sharing(mentoring):
    mentoring.calls(1, 1, 1, 1)
    assert mentoring.proposes() is None


def test_a_contested_move_waits_for_as_much_new_evidence(mentoring):
    mentoring.calls(*[4] * 5).contested("order", Level.ASK)
    assert mentoring.proposes() is None
    assert mentoring.proposes("people").to is Level.ASK
    assert mentoring.calls(*[4] * 4).proposes() is None
    assert mentoring.calls(4).proposes().to is Level.ASK


def test_more_help_comes_even_where_it_is_contested(mentoring):
    at(mentoring, Level.INDEPENDENT).calls(2, 2).contested("order", Level.DEBRIEF)
    assert mentoring.proposes().to is Level.DEBRIEF


def test_a_reason_names_the_criterion_its_last_ratings_and_what_follows(mentoring):
    why = mentoring.calls(*[4] * 6).proposes().why
    assert why.startswith("Settles first what everything else waits for: your own calls were")
    assert "last rated 4, 4, 4, 4, 4; it is" in why
    assert "at least 2.5" in why
    assert why.endswith("asks instead of sharing what it would do.")


@pytest.mark.parametrize(
    ("level", "says"),
    [
        (Level.ASK, "shares experiences again"),
        (Level.DEBRIEF, "asks along with you again"),
        (Level.INDEPENDENT, "debriefed again"),
    ],
)
def test_the_reason_for_more_help_says_what_comes_back(mentoring, level, says):
    move = at(mentoring, level).calls(1, 1, 1, 1).proposes()
    assert says in move.why
    assert "only under 1 % sure" in move.why


def test_the_numbers_of_the_ledger_decide(mentoring):
    mentoring.configure(dwell=2, ask_sure=0.0)
    assert mentoring.calls(2, 2).proposes().to is Level.ASK


def test_assisted_and_self_rated_calls_move_no_level(mentoring):
    for _ in range(12):
        mentoring.situation().own_call(help="ai").rated(5).decided().accounted()
    assert mentoring.proposes() is None
    assert mentoring.track.estimate("order").n == 3


def test_nothing_is_proposed_once_closed_or_on_a_criterion_left_behind(mentoring):
    mentoring.calls(*[4] * 6).amend_goal("people", "doubt", "luck")
    assert {m.criterion for m in propose(mentoring.state, mentoring.track)} == {"people", "doubt"}
    mentoring.close()
    assert propose(mentoring.state, mentoring.track) == ()


def test_a_criterion_that_waits_for_its_start_is_not_moved(mentoring):
    away = LevelMoved(criterion="order", start=Level.SHARE, to=Level.WAITING, why="later")
    assert mentoring.code(away, role=Role.TRAINER) == "no_level"  # nobody moves it there by hand
    mentoring.fold(mentoring._entry(Draft(away, "tom", Role.TRAINER, mentoring.now)))
    assert mentoring.calls(*[5] * 8).proposes() is None
