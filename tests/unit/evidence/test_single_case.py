"""Two-phase single cases."""

import pytest

from tutelage.evidence.single_case import phase_test


def test_a_rise_at_the_start_is_the_strongest_of_all():
    found = phase_test([[1, 1, 2, 1, 5, 6, 5, 6]], [4], shortest=2)
    assert found.observed == pytest.approx(4.25)
    assert found.arrangements == 5
    assert found.p == pytest.approx(1 / 5)
    assert "5 arrangements" in str(found)


def test_values_that_never_change_show_nothing():
    found = phase_test([[3] * 8], [4], shortest=2)
    assert (found.p, found.z) == (1.0, 0.0)


def test_one_arrangement_alone_has_no_spread():
    assert phase_test([[1, 2, 3, 4]], [2], shortest=2).p == 1.0


def test_a_start_that_leaves_too_short_a_phase_is_a_mistake():
    with pytest.raises(ValueError, match="fewer than 3"):
        phase_test([[1, 2, 3, 4, 5, 6, 7]], [2], shortest=3)


@pytest.mark.parametrize("cases", [[], [[1.0, 2.0]], [list(range(60))] * 6])
def test_too_few_or_too_many_arrangements_are_said(cases):
    with pytest.raises(ValueError, match="arrangements"):
        phase_test(cases, [2] * len(cases), shortest=2)
