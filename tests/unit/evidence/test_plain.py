"""What practitioners know: the latest rating, a decaying average."""

import pytest

from tutelage.evidence.plain import plain


def test_the_decaying_average_leans_to_what_came_last():
    rising, falling = plain([1, 2, 3, 4, 5]), plain([5, 4, 3, 2, 1])
    assert rising.decaying > 3 > falling.decaying
    assert (rising.latest, falling.latest) == (5, 1)


def test_one_rating_is_its_own_average():
    assert plain([3]).decaying == pytest.approx(3.0)


def test_nothing_rated_says_so():
    assert str(plain([])) == "no rating yet"
