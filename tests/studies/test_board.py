import pytest
from tutelage_studies.backgammon.board import (
    KINDS,
    START,
    Position,
    describe,
    facts,
    find,
    kind,
    legal,
    position,
    read,
    sort_of,
    written,
)
from tutelage_studies.backgammon.judgment import CRITERIA, GROUPS, features, scores, touched
from tutelage_studies.backgammon.weights import WEIGHTS


def test_the_opening_position_has_its_known_id():
    assert Position(START, (3, 1)).id == "4HPwATDgc/ABMA"


def test_a_position_is_read_back_from_its_description(positions):
    for here in positions:
        again = read(describe(here))
        assert again.board == here.board
        assert sorted(again.dice) == sorted(here.dice)


def test_every_legal_play_is_found_by_how_it_is_written(positions):
    for here in positions:
        plays = legal(here)
        assert [find(here, p.text) for p in plays] == list(range(len(plays)))


def test_the_known_best_opening_play_is_legal():
    assert find(Position(START, (3, 1)), "8/5 6/5") is not None


def test_an_illegal_play_is_not_found():
    assert find(Position(START, (3, 1)), "8/1") is None


@pytest.mark.parametrize(
    ("steps", "play"),
    [
        (((8, 5), (6, 5)), "8/5 6/5"),
        (((25, 22), (24, 23)), "bar/22 24/23"),
        (((24, 21), (21, 20)), "24/20"),
        (((6, 0), (6, 0)), "6/off(2)"),
    ],
)
def test_plays_are_written_as_players_write_them(steps, play):
    assert written(steps, (0,) * 25) == play


def test_a_hit_is_marked_and_the_play_goes_on_from_it():
    blot_on_my_21 = tuple(1 if place == 3 else 0 for place in range(25))
    assert written(((24, 21), (21, 20)), blot_on_my_21) == "24/21*/20"


def test_every_position_is_of_a_known_kind_and_declares_its_facts(positions):
    assert {kind(p.board) for p in positions} == set(KINDS)
    assert all(sort_of(p)[0] == facts(p)["kind"] == kind(p.board) for p in positions)


def test_a_text_without_a_position_is_refused():
    with pytest.raises(ValueError, match="No position"):
        read("I have to decide something.")


def test_the_dice_are_read_the_higher_first():
    assert position("4HPwATDgc/ABMA", "13").rolled == "31"


def test_ten_features_belong_to_five_criteria_and_the_scores_are_their_weighted_sum(positions):
    assert sum(map(len, GROUPS.values())) == 10
    here = positions[0]
    total = features([p.after for p in legal(here)]) @ WEIGHTS[kind(here.board)]
    assert scores(here).sum(1) == pytest.approx(total)
    assert scores(here).shape == (len(legal(here)), len(CRITERIA))


def test_what_a_choice_touches_is_known_before_anybody_chooses(choices):
    assert choices
    assert all(2 <= len(touched(p)) <= 5 for p in choices)


def test_a_forced_play_touches_nothing():
    forced = next(p for d in ("66", "55", "44") if (p := position("4HPwATDgOfgAWA", d)))
    assert len(legal(forced)) < 2
    assert touched(forced) == ()
