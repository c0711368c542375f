"""A simulated relationship is a relationship: through events, fold and policy it is the same."""

import numpy as np
import pytest

from tests.support.course import BOT, MENTOR, Course, goal
from tutelage.domain.events import Rated
from tutelage.domain.terms import Level, Party, Role
from tutelage.guidance.simulate.loop import KINDS, Contingent, learners, run
from tutelage.guidance.simulate.worlds import STEP, chance

KEYS = ("k0", "k1", "k2", "k3")
RATERS = tuple(Party(id=f"rater-{r}", kind="agent", owner="olga") for r in range(3))


class ThroughLedgers:
    """A policy that writes every situation into ledgers and reads the levels off their folds."""

    def begin(self, drawn):
        self.drawn = drawn
        self.courses = [self._begun() for _ in drawn.start]
        self.means = []
        return self._levels()

    def _begun(self):
        course = Course(BOT, MENTOR, RATERS).propose().sign().set_goal(goal(KEYS)).sign("goal")
        course.situation(retold=True, criteria=KEYS).own_call().decided().accounted()
        course.write(_baseline(course), role=Role.TRAINER)
        return course

    def _levels(self):
        return np.array([[int(c.state.level(k)) for k in KEYS] for c in self.courses])

    def step(self, t, level, own, shown):  # noqa: ARG002  # the protocol's
        for b, course in enumerate(self.courses):
            self._situation(course, own[b], round(self.drawn.declared[t, b] / STEP), t, b)
        self.means.append([[c.track.estimate(k).mean for k in KEYS] for c in self.courses])
        return self._levels()

    def _situation(self, course, own, declared, t, b):
        ratings = {k: int(y) for k, y in zip(KEYS, own, strict=True) if not np.isnan(y)}
        case = course.situation(criteria=tuple(ratings), difficulty=declared).own_call()
        rated = Rated(situation=case.key, subject="own_call", ratings=ratings)
        course.write(rated, RATERS[self.drawn.rater[t, b]].id, Role.RATER)
        case.decided().accounted()
        course.follow_proposals()


def _baseline(course):
    from tutelage.domain.events import BaselineTaken

    keys = tuple(s.key for s in course.state.situations)
    return BaselineTaken(situations=keys, fewer_because="a simulated newcomer")


@pytest.mark.parametrize("seed", [7, 8])
def test_ten_simulated_relationships_are_the_same_in_a_batch_and_through_their_ledgers(seed):
    drawn = chance(10, seed, situations=40)
    who = learners(KINDS, 10, 4, seed)
    batch, ledgers = Contingent(), ThroughLedgers()
    one, other = run(drawn, who, batch), run(drawn, who, ledgers)
    assert np.array_equal(one.after, other.after)
    assert np.allclose(batch.ability.moments()[0], ledgers.means[-1], atol=1e-9)
    assert (one.after > Level.SHARE).any()
