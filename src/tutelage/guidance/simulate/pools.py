"""Simulated pools of learners and trainers whose true fit is known, matched in four ways.

Each learner needs some kinds of situation, each trainer has handled some to some depth; what they
write is made from that, with noise. The true fit of two is the mean depth over what is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tutelage.evidence import assigning
from tutelage.evidence.matching import Guide, Pool, Seeker, pool
from tutelage.guidance.simulate.cases import terse
from tutelage.guidance.simulate.measured import Characteristics, mean

KINDS = 12  # of situation there are
SEEKERS = 60
WORST = 0.1  # the share of learners called the worst off

Floats = NDArray[np.float64]
Assigned = assigning.Assigned


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of pool: how many trainers with how many places, how much is written, how well."""

    says: str
    guides: int = 30
    capacity: int = 3
    lines: int = 3  # that each writes, at most
    stray: float = 0.1  # of the lines that are of some other kind
    popular: bool = False  # one trainer has handled everything
    silent: float = 0.0  # of the trainers who write nothing


SHAPES: dict[str, Shape] = {
    "balanced": Shape("60 learners, 30 trainers with 3 places each"),
    "scarce": Shape("60 learners, 15 trainers with 2 places each", guides=15, capacity=2),
    "tight": Shape("60 learners, 20 trainers with 3 places each", guides=20),
    "popular": Shape("balanced, and one trainer has handled everything", popular=True),
    "sparse": Shape(
        "balanced; one line each, 3 of 10 astray, 3 of 10 trainers say nothing",
        lines=1,
        stray=0.3,
        silent=0.3,
    ),
}


@dataclass(frozen=True, slots=True)
class World:
    """A pool, and how well each trainer would truly fit each learner, [S, G], 0 to 1."""

    known: Pool
    truth: Floats


def world(rng: np.random.Generator, shape: Shape) -> World:
    """A pool drawn at random."""
    needs = np.array([_some(rng, 3) for _ in range(SEEKERS)])
    depth = np.array([_some(rng, 4) * rng.uniform(0.3, 1.0, KINDS) for _ in range(shape.guides)])
    if shape.popular:
        depth[0] = rng.uniform(0.7, 1.0, KINDS)
    truth = needs @ depth.T / needs.sum(1, keepdims=True)
    seekers = [_seeker(rng, shape, i, n) for i, n in enumerate(needs)]
    guides = [_guide(rng, shape, j, d) for j, d in enumerate(depth)]
    return World(pool(seekers, guides), truth)


def _some(rng: np.random.Generator, most: int) -> Floats:
    """One to `most` kinds, evenly likely."""
    chosen = np.zeros(KINDS)
    chosen[rng.choice(KINDS, int(rng.integers(1, most + 1)), replace=False)] = 1.0
    return chosen


def _seeker(rng: np.random.Generator, shape: Shape, at: int, needs: Floats) -> Seeker:
    said = _written(rng, shape, needs, shape.lines)
    wants = _written(rng, shape, needs, 1)
    return Seeker(f"learner-{at:03}", able=wants, situations=said)


def _guide(rng: np.random.Generator, shape: Shape, at: int, depth: Floats) -> Guide:
    lines = 0 if rng.random() < shape.silent else 2 * shape.lines
    said = _written(rng, shape, depth, lines)
    days = float(rng.integers(1, 10))
    return Guide(f"trainer-{at:03}", handled=said, capacity=shape.capacity, reply_days=days)


def _written(
    rng: np.random.Generator, shape: Shape, weights: Floats, lines: int
) -> tuple[str, ...]:
    """Lines about what somebody needs or has handled; some about anything else."""
    own = rng.choice(KINDS, lines, p=weights / weights.sum())
    stray = rng.random(lines) < shape.stray
    kinds = np.where(stray, rng.integers(KINDS, size=lines), own)
    return tuple(terse(rng, int(kind)) for kind in kinds)


# ways of matching ------------------------------------------------------------------------------
Way = Callable[[np.random.Generator, Pool], Assigned]

WAYS: dict[str, Way] = {
    "assignment": lambda _rng, known: assigning.assign(known),
    "greedy": lambda _rng, known: assigning.greedy(known),
    "first": lambda rng, known: assigning.first_come(known, _turns(rng, known)),
    "random": lambda rng, known: assigning.at_random(known, rng),
}


def _turns(rng: np.random.Generator, known: Pool) -> list[int]:
    return [int(i) for i in rng.permutation(len(known.seekers))]


BEST = "best"  # the assignment, had everybody written down exactly what they need and know


@dataclass(frozen=True, slots=True)
class Matched:
    """What a way of matching did to one pool.

    ``fit``: mean true fit over all learners, 0 for who is with nobody; ``paired``: over those
    matched; ``worst``: mean of the tenth that is worst off, of those matched; ``alone``: share
    with nobody; ``poor``: share with a trainer who has handled nothing of what they need;
    ``full``: learners whose trainer is now full.
    """

    fit: float
    paired: float
    worst: float
    alone: float
    poor: float
    full: float


def matched(known: World, assigned: Assigned) -> Matched:
    """What an assignment is truly worth."""
    with_whom = np.flatnonzero(assigned >= 0)
    true = known.truth[with_whom, assigned[with_whom]]
    low = np.sort(true)[: max(1, round(WORST * len(true)))]
    taken = np.bincount(assigned[with_whom], minlength=len(known.known.guides))
    places = np.array([g.places for g in known.known.guides])
    full = (taken >= places)[assigned[with_whom]]
    return Matched(
        fit=float(true.sum() / len(assigned)),
        paired=_mean(true),
        worst=_mean(low),
        alone=1.0 - len(true) / len(assigned),
        poor=float((true == 0).sum() / len(assigned)),
        full=_mean(full),
    )


def _mean(values: Floats | NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def matching(pools: int, seed: int) -> Characteristics:
    """Every way on every shape of pool: figure_way_shape, the pool being the unit."""
    found: Characteristics = {}
    for i, (name, shape) in enumerate(SHAPES.items()):
        each = [dict(_all_ways([seed, i, b], shape)) for b in range(pools)]
        for way in (*WAYS, BEST):
            for figure in Matched.__dataclass_fields__:
                values = [getattr(one[way], figure) for one in each]
                found[f"match_{figure}_{way}_{name}"] = mean(values)
        better = [one["assignment"].fit - one["greedy"].fit for one in each]
        found[f"match_gain_greedy_{name}"] = mean(better)
        found[f"match_gain_first_{name}"] = mean(
            [one["assignment"].fit - one["first"].fit for one in each]
        )
    return found


def _all_ways(seed: list[int], shape: Shape) -> Iterator[tuple[str, Matched]]:
    rng = np.random.default_rng(seed)
    drawn = world(rng, shape)
    for way, match in WAYS.items():
        yield way, matched(drawn, match(rng, drawn.known))
    all_known = replace(drawn.known, score=drawn.truth, experience=drawn.truth)
    yield BEST, matched(drawn, assigning.assign(all_known))
