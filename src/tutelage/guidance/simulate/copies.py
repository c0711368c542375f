"""Simulated forks: copies of one agent that drift apart, some guided, some not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from tutelage.evidence.forks import ForkContrast, fork_contrast
from tutelage.guidance.simulate.measured import Characteristics, mean
from tutelage.guidance.simulate.worlds import CAP, NOISE, UPTAKE, Floats, rating


@dataclass(frozen=True, slots=True)
class Forks:
    """Two arms of copies: same learner, same situations, own luck. S1's learner otherwise.

    Each copy's general ability wanders: that is why its situations are no separate witnesses.
    """

    situations: int = 20
    criteria: int = 4
    copies: int = 3  # an arm
    guidance: float = 0.06
    experience: float = 0.02
    drift: float = 0.05  # standard deviation a situation
    damping: float = 0.98  # of what it has wandered, a situation


def run(forks: Forks, relationships: int, seed: int) -> Floats:
    """The ratings of own calls, [B, arm, copy, T, K]: arm 0 guided, arm 1 not."""
    rng = np.random.default_rng(seed)
    b, k = relationships, forks.criteria
    shape = (b, 2, forks.copies, k)
    ability = np.broadcast_to(rng.normal(2.2, 0.4, (b, 1, 1, k)), shape)
    guided = forks.guidance * np.array([1.0, 0.0])[:, None, None]
    wandered = np.zeros((b, 2, forks.copies, 1))
    seen = []
    for _ in range(forks.situations):
        hard, touched = rng.normal(0, 0.5, (b, 1, 1, 1)), rng.random((b, 1, 1, k)) < 0.7
        call = rating(ability + wandered - hard + rng.normal(0, NOISE, shape))
        seen.append(np.where(touched, call, np.nan))
        gain = forks.experience + guided * (rng.random(shape) < UPTAKE)
        ability = ability + touched * gain * (CAP - ability) / 2
        wandered = forks.damping * wandered + rng.normal(0, forks.drift, wandered.shape)
    return np.stack(seen, axis=3)


def shown(forks: Forks, key: str) -> Callable[[int, int], Characteristics]:
    """How often the contrast of the two arms leaves out "no gain"."""

    def row(relationships: int, seed: int) -> Characteristics:
        arms = run(forks, relationships, seed)
        found = [fork_contrast(tuple(one[0]), tuple(one[1])) for one in arms]
        return {key: mean([isinstance(f, ForkContrast) and f.shown for f in found])}

    return row


ROWS: dict[str, Callable[[int, int], Characteristics]] = {
    f"forks, {copies} copies, {what}": shown(replace(Forks(copies=copies), guidance=g), key)
    for copies in (3, 4, 5)
    for what, g, key in (
        ("guidance does nothing", 0.0, "type1"),
        ("g = .06", 0.06, "power"),
        ("g = .12", 0.12, "power"),
    )
}
"""The rows of agents' forks, by what they are of."""
