"""Pools whose true fit is known."""

from tutelage.guidance.simulate.pools import SHAPES, matching


def test_the_whole_pool_at_once_is_truly_better_than_chance_and_first_come():
    found = matching(8, 3)
    for shape in SHAPES:
        assert (
            found[f"match_fit_assignment_{shape}"].value > found[f"match_fit_random_{shape}"].value
        )
    assert found["match_gain_first_scarce"].value > 0.03


def test_the_same_seed_gives_the_same_figures():
    assert matching(2, 5) == matching(2, 5)
