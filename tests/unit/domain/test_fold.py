"""Folding many entries says the same as evolving one by one."""

from __future__ import annotations

from functools import reduce

from tests.support.course import mentoring
from tutelage.domain.evolve import evolve, fold
from tutelage.domain.relationship import Relationship


def test_a_fold_is_its_entries_evolved_one_by_one():
    course = mentoring()
    one, other = course.situation().own_call(), course.situation().own_call()
    one.guided("share").asked()
    other.rated(2)
    one.read().decided().came_out().rated(3).accounted().debriefed()
    other.decided().dropped()
    course.calls(3, 4)
    one_by_one = reduce(evolve, course.entries, Relationship())
    assert fold(course.entries) == one_by_one == course.state
    assert list(fold(course.entries).unrated) == list(one_by_one.unrated)


def test_a_fold_goes_on_from_any_entry():
    course = mentoring().calls(2, 3)
    for at in range(len(course.entries)):
        assert fold(course.entries[at:], fold(course.entries[:at])) == course.state
