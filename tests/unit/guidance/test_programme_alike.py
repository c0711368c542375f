"""Whether a trainer guides all alike, from what each of its relationships says."""

import numpy as np
import pytest

from tests.support.course import mentoring
from tutelage.evidence.sameness import LearnerRow
from tutelage.guidance.programme import MOST_LEARNERS, Known, guided_alike, of_trainer

KEYS = ("a", "b", "c", "d")


def rows(count=5, guided=9, people=0):
    """Learners whose gaps differ and who are guided alike."""
    gaps = np.eye(count, 4) * 2
    return [
        LearnerRow((guided,) * 4, tuple(gaps[i]), (0.1,) * 4, KEYS, told=frozenset({f"e{i}"}))
        if i >= people
        else LearnerRow((guided,) * 4, tuple(gaps[i]), (0.1,) * 4, KEYS, f"p{i}")
        for i in range(count)
    ]


def kept(rows):
    return {f"r{i}": (7, row) for i, row in enumerate(rows)}


def folded(_name):
    pytest.fail("It has not gone on, and is folded.")


def alike(rows, relationship="r0"):
    return guided_alike(relationship, dict.fromkeys(kept(rows), 7), kept(rows), folded)


def test_a_trainer_who_guides_all_alike_is_told_so_and_what_the_others_were_told():
    index, elsewhere = alike(rows())
    assert (index.name, index.alarm) == ("sameness", True)
    assert elsewhere == {"e1", "e2", "e3", "e4"}


def test_where_each_is_guided_on_its_own_nothing_is_said():
    own = [LearnerRow(tuple(20 * (r.gaps[i] > 0) for i in range(4)), *_rest(r)) for r in rows(4)]
    assert alike(own) is None


def _rest(row):
    return row.gaps, row.sds, row.criteria, row.person, row.told


@pytest.mark.parametrize(("count", "people"), [(3, 0), (4, 1), (5, 1)])
def test_of_too_few_learners_or_people_nothing_is_said(count, people):
    assert alike(rows(count, people=people)) is None


def test_over_five_people_it_is_said():
    assert alike(rows(people=5)) is not None


def test_a_learner_who_has_just_begun_silences_nothing():
    new = LearnerRow((0,) * 4, (1.0,) * 4, (1.0,) * 4, KEYS)
    assert alike([*rows(), new]) is not None
    assert of_trainer([*rows(3), new]).value is None


def test_only_shared_criteria_are_compared():
    other = LearnerRow((9, 9), (1.0, 1.0), (0.1, 0.1), ("x", "y"))
    assert of_trainer([*rows(), other]) is None
    assert of_trainer([]) is None


def test_only_relationships_that_went_on_are_folded():
    course, memory = mentoring(), kept(rows())
    seen = []

    def fold(name):
        seen.append(name)
        return Known(name, course.state, course.track)

    guided_alike("r0", {**dict.fromkeys(memory, 7), "r3": 8}, memory, fold)
    guided_alike("r0", {**dict.fromkeys(memory, 7), "r3": 8}, memory, fold)
    assert seen == ["r3"]
    assert memory["r3"][0] == 8


def test_no_more_than_so_many_are_looked_at():
    many = {f"r{i:03}": (7, row) for i, row in enumerate(rows() * 9)}
    _index, elsewhere = guided_alike("r000", dict.fromkeys(many, 7), many, folded)
    assert len(many) > MOST_LEARNERS
    assert elsewhere == {"e0", "e1", "e2", "e3", "e4"}
