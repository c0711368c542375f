"""How the health indices, novelty and self-observation do where the truth is known.

Dependency and sameness follow EVIDENCE's reference worlds; every figure comes from the functions
that serve live relationships. The naive alternatives stand beside them for comparison.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from tutelage.evidence.health import consulting
from tutelage.evidence.sameness import fits, reliability, same_for_all
from tutelage.guidance.simulate.asking import self_observation
from tutelage.guidance.simulate.cases import novelty
from tutelage.guidance.simulate.estimates import area
from tutelage.guidance.simulate.measured import Characteristics, Measured, mean
from tutelage.guidance.simulate.worlds import CAP, NOISE, STEP, Bools, Floats, rating

__all__ = ["dependency", "novelty", "sameness", "self_observation"]

LOOKS = 5  # situations between two looks
FIRST_LOOK = 10
CAUGHT_BY = 30
WATCHED_UNTIL = 60
PROBED = 0.15  # of guidance that was asked for and withheld
RAW_RATE = 0.75  # a consult rate over the last 20 that a naive rule would alarm on
RAW_GAP = 1.0  # rating points between decision and own call, likewise
ALIKE = 0.9  # mean cosine of guidance over which a naive rule would call it the same
CRITERIA = 5
ERROR = 0.3  # of an estimated gap, in rating points


# dependency ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Habits:
    """Own calls and consultations of B learners over T situations, all [B, T]."""

    own: Floats  # ratings of the own calls
    decided: Floats  # ratings of the decisions
    declared: Floats  # difficulty, in points
    asked: Bools
    guided: Bools


def learners(
    relationships: int,
    seed: int,
    dependent: float = 0.0,
    ability: float | None = None,
    situations: int = WATCHED_UNTIL,
) -> Habits:
    """Learners who consult when their own call looks weak, or (dependent 1) nearly always.

    A dependent learner's call sinks by up to .4 with guidance and it does not grow. Source:
    EVIDENCE, `dep.py`.
    """
    rng = np.random.default_rng(seed)
    b, free = relationships, 1 - dependent
    level = rng.normal(3.3, 0.5, b) if ability is None else np.full(b, ability)
    taste, leaning = rng.normal(0, 0.6, b), np.zeros(b)
    rows: list[tuple[NDArray[Any], ...]] = []
    for _ in range(situations):
        hard = rng.normal(0, 0.5, b)
        own = level - 0.4 * dependent * leaning - hard
        declared = STEP * np.clip(np.round((hard + rng.normal(0, 0.35, b)) / STEP), -1, 1)
        feels = own + rng.normal(0, 0.6, b)
        would_ask = free * expit(taste + 2 * (3.4 - feels)) + dependent * 0.9
        asked = rng.random(b) < would_ask
        guided = asked & (rng.random(b) >= PROBED)
        advised = np.minimum(level + 0.9, CAP) - hard + rng.normal(0, 0.3, b)
        weight = free * np.clip(0.5 + 0.35 * (advised - own) + rng.normal(0, 0.25, b), 0, 1)
        weight += dependent * np.clip(rng.normal(0.9, 0.1, b), 0, 1)
        decided = np.where(guided, own + weight * (advised - own), own)
        noise = rng.normal(0, NOISE, (2, b))
        rows.append((rating(own + noise[0]), rating(decided + noise[1]), declared, asked, guided))
        grows = free * (0.02 + 0.07 * guided) + dependent * 0.004
        level = level + grows * (CAP - level) / 2
        leaning = 0.85 * leaning + 0.15 * guided
    own_, decided_, declared_, asked_, guided_ = (np.array(c).T for c in zip(*rows, strict=True))
    return Habits(own_, decided_, declared_, asked_.astype(bool), guided_.astype(bool))


Rule = Callable[[Habits], Bools]


def rule(seen: Habits) -> Bools:
    """The product's own alarm, [B]."""
    return consulting(seen.own, seen.own + seen.declared, seen.asked).alarm


def often(seen: Habits) -> Bools:
    """A naive alarm: help was asked for in three quarters of the last situations."""
    found: Bools = seen.asked[:, -20:].mean(1) >= RAW_RATE
    return found


def helped_much(seen: Habits) -> Bools:
    """Another: decisions after guidance are rated a point higher than own calls."""
    on, gap = seen.guided[:, -20:], (seen.decided - seen.own)[:, -20:]
    found: Bools = (on * gap).sum(1) > RAW_GAP * np.maximum(on.sum(1), 1)
    return found


def ever(seen: Habits, by: Rule, until: int) -> Measured:
    """How many learners were alarmed at any look, every 5 situations, until then."""
    found = np.zeros(len(seen.own), dtype=bool)
    for t in range(FIRST_LOOK, until + 1, LOOKS):
        found |= by(_until(seen, t))
    return mean(found)


def _until(seen: Habits, t: int) -> Habits:
    return Habits(
        seen.own[:, :t],
        seen.decided[:, :t],
        seen.declared[:, :t],
        seen.asked[:, :t],
        seen.guided[:, :t],
    )


def dependency(relationships: int, seed: int) -> Characteristics:
    """The dependency alarm on dependent, half dependent, healthy and novice learners."""
    worlds = {
        "alarm": (learners(relationships, seed, dependent=1.0), CAUGHT_BY),
        "alarm_half": (learners(relationships, seed + 1, dependent=0.5), WATCHED_UNTIL),
        "alarm_healthy": (learners(relationships, seed + 2), WATCHED_UNTIL),
        "alarm_novices": (learners(relationships, seed + 3, ability=2.3), WATCHED_UNTIL),
    }
    rules = {"": rule, "_by_rate": often, "_by_gap": helped_much}
    return {
        name + how: ever(seen, by, until)
        for how, by in rules.items()
        for name, (seen, until) in worlds.items()
    }


# sameness ------------------------------------------------------------------------------------
def caseloads(
    trainers: int,
    seed: int,
    fitting: float,
    *,
    learners_each: int = 8,
    items: int = 8,
    apart: float = 0.6,
) -> tuple[Floats, Floats]:
    """Guidance counts and estimated gaps of trainers' learners, each [B, n, K].

    A share `fitting` of the guidance follows each learner's own needs, the rest the trainer's
    favourites. Needs are `apart` (sd) between learners, and known with error. Source: `size.py`.
    """
    rng = np.random.default_rng(seed)
    shape = (trainers, learners_each, CRITERIA)
    common = rng.normal(0, 0.3, (trainers, 1, CRITERIA))
    gaps = 1.5 + common + rng.normal(0, apart, shape)
    need = np.exp(2 * gaps)
    favour = np.exp(rng.normal(0, 0.8, (trainers, 1, CRITERIA)))
    chance = fitting * need / need.sum(2, keepdims=True)
    chance = chance + (1 - fitting) * favour / favour.sum(2, keepdims=True)
    counts = rng.multinomial(items, chance).astype(float)
    return counts, gaps + rng.normal(0, ERROR, shape)


def cosine(counts: Floats) -> Floats:
    """A naive sameness: the mean cosine of learners' guidance, [B]."""
    unit = counts / np.linalg.norm(counts, axis=2, keepdims=True)
    alike, n = unit @ unit.swapaxes(1, 2), counts.shape[1]
    found: Floats = (alike.sum((1, 2)) - n) / (n * (n - 1))
    return found


SIZES = ((4, 8), (4, 20), (8, 8), (8, 20), (16, 20))
TAILORED = 0.7


def sameness(relationships: int, seed: int) -> Characteristics:
    """The sameness alarm; a relationship here is one trainer with its learners.

    `sameness_auc`: the same for all against fitting, 8 learners with 8 items each.
    """
    found: Characteristics = {}
    for i, (n, items) in enumerate(SIZES):
        found |= _of_size(relationships, seed + 10 * i, n, items)
    found["sameness_auc"] = found["sameness_auc_8x8"]
    return found


def _of_size(trainers: int, seed: int, n: int, items: int) -> Characteristics:
    same, fit, alike = (
        caseloads(trainers, seed + i, fitting, learners_each=n, items=items, apart=apart)
        for i, (fitting, apart) in enumerate(((0.0, 0.6), (TAILORED, 0.6), (TAILORED, 0.1)))
    )
    size = f"{n}x{items}"
    hits = np.repeat([True, False], trainers)
    ratio = np.concatenate([_fit_ratio(*same), _fit_ratio(*fit)])
    naive = np.concatenate([cosine(same[0]), cosine(fit[0])])
    against = np.concatenate([cosine(same[0]), cosine(alike[0])])
    return {
        f"sameness_auc_{size}": area(-ratio, hits),
        f"sameness_alarm_{size}": mean(_alarm(*same)),
        f"sameness_false_{size}": mean(_alarm(*alike)),
        f"sameness_false_tailored_{size}": mean(_alarm(*fit)),
        f"sameness_auc_by_cosine_{size}": area(naive, hits),
        f"sameness_same_needs_auc_by_cosine_{size}": area(against, hits),
        f"sameness_false_by_cosine_{size}": mean(cosine(alike[0]) > ALIKE),
    }


def _alarm(counts: Floats, gaps: Floats) -> Bools:
    return same_for_all(*fits(counts, gaps), reliability(gaps, np.full_like(gaps, ERROR)))


def _fit_ratio(counts: Floats, gaps: Floats) -> Floats:
    fit, best = fits(counts, gaps)
    ratio: Floats = fit / np.maximum(best, 1e-9)
    return ratio
