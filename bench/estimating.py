"""What an estimate, a simulation and an evidence report take."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

import numpy as np

from bench.grown import Grown
from bench.measure import Measure, seconds, tell
from tests.support.designed import designed, live
from tutelage.evidence.ability import Ability
from tutelage.guidance.evidence import evidence
from tutelage.guidance.simulate.catalogue import simulate

CRITERIA, RATERS = 4, 3


def rating_us(grown: Grown) -> Iterator[Measure]:
    """A rating's update, live and in a batch of 1,000; microseconds, medians of five runs."""
    situations = 20 if grown.quick else 200
    rng = np.random.default_rng(1)
    ratings = rng.integers(1, 6, (situations, 1000, CRITERIA)).astype(float)
    ratings[rng.random(ratings.shape) < 0.3] = np.nan
    raters, declared = rng.integers(RATERS, size=(situations, 1000)), np.zeros(1000)

    def live_run() -> None:
        ability = Ability(CRITERIA, RATERS)
        for t in range(situations):
            on = np.flatnonzero(~np.isnan(ratings[t, 0])).tolist()
            ability.update([(k, int(raters[t, 0]), int(ratings[t, 0, k])) for k in on])

    def batch_run() -> None:
        ability = Ability(CRITERIA, RATERS, 1000)
        for t in range(min(situations, 40)):
            ability.update_many(ratings[t], declared, raters[t])

    alone = int((~np.isnan(ratings[:, 0])).sum())
    together = int((~np.isnan(ratings[: min(situations, 40)])).sum())
    took = median(seconds(live_run) for _ in range(5)), median(seconds(batch_run) for _ in range(5))
    yield Measure("rating_live_us", 1e6 * took[0] / alone, "us", 250.0)
    yield Measure("rating_batch_us", 1e6 * took[1] / together, "us", 5.0)


def simulate_s(grown: Grown) -> Iterator[Measure]:
    """`tutelage simulate --variant s1` of 1,000 relationships, on one core."""
    count = 20 if grown.quick else 1000
    yield Measure("simulate_s1_s", seconds(simulate, "s1", count, 1), "s", 20.0)


def evidence_s(grown: Grown) -> Iterator[Measure]:
    """The evidence of a relationship of 2,000 situations, 400 of them under drawn starts."""
    count = 60 if grown.quick else 2000
    course = live(designed(min(count, 400)), count, rise=1)
    tell(f"  {len(course.state.situations)} situations")
    took = median(seconds(evidence, course.state, course.track, "r") for _ in range(3))
    yield Measure("evidence_s", took, "s", 2.0)
