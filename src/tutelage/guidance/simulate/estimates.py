"""How the estimate does where the truth is known: coverage, log loss, bias, drops noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tutelage.evidence.ability import Ability
from tutelage.evidence.constants import Constants
from tutelage.evidence.results import Z90
from tutelage.guidance.simulate.measured import Characteristics, Measured, mean
from tutelage.guidance.simulate.worlds import Bools, Chance, Course, Floats

SETTLED = 5  # situations before an interval is held against the truth
SOON = 10  # situations within which a drop should show
WATCHED = slice(5, 35)  # thirty situations in which a learner that did not fall is watched


@dataclass(frozen=True, slots=True)
class Followed:
    """The filter over a course: what it said before and after each situation, [T, B, …]."""

    course: Course
    predicted: Floats  # [T, B, K] P(this own call is rated 4 or 5), before it was
    mean: Floats  # [T, B, K]
    sd: Floats  # [T, B, K]
    fell: Bools  # [T, B] whether a drop was flagged
    sure: Floats  # [T, B, K] P(ability ≥ 3.75)
    at_bar: Floats  # [T, B, K] P(ability ≥ 4.0)


def follow(
    course: Course, ratings: Floats | None = None, constants: Constants | None = None
) -> Followed:
    """Run the filter over a course, or over other ratings of it."""
    drawn, given = course.chance, course.ratings if ratings is None else ratings
    batch, criteria = drawn.start.shape
    ability = Ability(criteria, drawn.severity.shape[1], batch, constants)
    columns = list(zip(*_steps(ability, drawn, given), strict=True))
    return Followed(course, *(np.array(c) for c in columns))


def _steps(ability: Ability, drawn: Chance, given: Floats) -> Iterator[tuple[NDArray[Any], ...]]:
    for t in range(drawn.situations):
        declared, rater = drawn.declared[t], drawn.rater[t]
        predicted = ability.predict_many(declared, rater)
        ability.update_many(given[t], declared, rater)
        chances = ability.at_least(3.75), ability.at_least(4.0)
        yield predicted, *ability.moments(), ability.fell, *chances


def coverage(seen: Followed) -> Measured:
    """How often the 90 % interval contains the true ability."""
    inside = np.abs(seen.course.ability - seen.mean) < Z90 * seen.sd
    return mean(inside[SETTLED:].swapaxes(0, 1))


def bias(seen: Followed) -> Measured:
    """Estimate less truth, in rating points."""
    return mean((seen.mean - seen.course.ability)[SETTLED:].swapaxes(0, 1))


def log_loss(seen: Followed) -> Measured:
    """Mean log loss of P(next own call rated 4 or 5), in nats."""
    good, chance = seen.course.ratings >= 4, np.clip(seen.predicted, 1e-3, 1 - 1e-3)
    lost = -np.where(good, np.log(chance), np.log(1 - chance))
    return mean(np.where(np.isnan(seen.course.ratings), np.nan, lost).swapaxes(0, 1))


def auc(seen: Followed) -> Measured:
    """P(a call rated 4 or 5 was given the higher chance); error by Hanley & McNeil (1982)."""
    known = ~np.isnan(seen.course.ratings)
    return area(seen.predicted[known], seen.course.ratings[known] >= 4)


def area(scores: Floats, hits: Bools) -> Measured:
    """Area under the receiver operating characteristic of scores for hits.

    >>> print(area(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])))
    0.750 ± 0.276 (n=4)
    """
    order = np.argsort(scores, kind="stable")
    _, first, count = np.unique(scores[order], return_index=True, return_counts=True)
    ranks = np.empty(len(scores))
    ranks[order] = np.repeat(first + (count + 1) / 2, count)
    good = np.asarray(hits, dtype=bool)
    n1, n0 = int(good.sum()), int((~good).sum())
    if n1 == 0 or n0 == 0:
        return Measured(float("nan"), float("nan"), len(scores))
    a = float((ranks[good].sum() - n1 * (n1 + 1) / 2) / (n1 * n0))
    q1, q2 = a / (2 - a), 2 * a * a / (1 + a)
    var = (a * (1 - a) + (n1 - 1) * (q1 - a * a) + (n0 - 1) * (q2 - a * a)) / (n1 * n0)
    return Measured(a, float(np.sqrt(max(var, 0.0))), len(scores))


def drop_flagged(seen: Followed, fall_at: int | None) -> Measured:
    """Learners whose drop was flagged in time; without a fall, learners falsely said to fall."""
    within = WATCHED if fall_at is None else slice(fall_at, fall_at + SOON)
    return mean(seen.fell[within].any(0))


def wrongly_sure(seen: Followed, margin: float = 3.75, sure: float = 0.9) -> Measured:
    """Among "P(ability ≥ 3.75) > .9": how often the ability was below 3.75."""
    said = seen.sure[SETTLED:] > sure
    wrong = np.where(said, seen.course.ability[SETTLED:] < margin, np.nan)
    return mean(wrong.swapaxes(0, 1))


def rival(
    course: Course, weight: float, *, for_difficulty: bool, spread: float
) -> tuple[Floats, Floats]:
    """A running estimate and its P(rating ≥ 4), [T, B, K]: a moving average, or an Elo rating.

    Both start at 2.5 and move by ``weight`` of the surprise; Elo knows what was declared.
    """
    level, chances, levels = np.full(course.chance.start.shape, 2.5), [], []
    for t, ratings in enumerate(course.ratings):
        declared = course.chance.declared[t][:, None]
        chances.append(ndtr((level - declared - 3.5) / spread))
        seen = ratings + declared * for_difficulty
        level = np.where(np.isnan(ratings), level, level + weight * (seen - level))
        levels.append(level)
    return np.array(levels), np.array(chances)


def rivals(seen: Followed) -> Characteristics:
    """The log loss of what practitioners use: a moving average, and an Elo rating."""
    found = {}
    for name, weight, knows in (("moving_average", 0.25, False), ("elo", 0.2, True)):
        _, chances = rival(seen.course, weight, for_difficulty=knows, spread=0.9)
        found[f"log_loss_{name}"] = log_loss(replace(seen, predicted=chances))
    return found


def estimates(seen: Followed, fall_at: int | None = None) -> Characteristics:
    """All of them."""
    return {
        "coverage": coverage(seen),
        "log_loss": log_loss(seen),
        "auc": auc(seen),
        "bias": bias(seen),
        "drop_flagged": drop_flagged(seen, fall_at),
    }
