"""Before a pair starts: would a drawn design show it, and how long would it take?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tutelage.domain.errors import Refused
from tutelage.evidence.design import arrangements, too_small, widest
from tutelage.guidance.simulate.attributed import judged
from tutelage.guidance.simulate.focus import NAMES, TARGET, World
from tutelage.guidance.simulate.measured import Measured
from tutelage.guidance.simulate.worlds import CAP, UPTAKE

ENOUGH = 0.8  # the power that a plan should have
POOLED_BAR, POOLED_MORE = 1.645, 0.842  # normal quantiles of .95 and of ENOUGH
MOST_TOGETHER = 200
REDRAWS = 199  # of a plan's tests: the power is off by less than .01


@dataclass(frozen=True, slots=True)
class Plan:
    """What a design of so many criteria and situations would show, were the effect this large."""

    criteria: int
    horizon: int
    effect: float  # rating points gained on a criterion by the end of its focus
    window: int
    arrangements: int
    power: Measured  # alone
    together: int | None  # relationships like this that show it with power .8; None: more than 200
    too_small: tuple[str, ...]

    def __str__(self) -> str:
        size = f"{self.criteria} criteria, {self.horizon} situations"
        told = f"{size}, {self.effect:g} points gained by the end of a focus: "
        if self.too_small:
            told += f"too small to tell alone ({', '.join(self.too_small)}); "
        else:
            told += f"shown in {self.power.value:.0%} of relationships; "
        if self.together is None:
            return told + f"not even {MOST_TOGETHER} together would show it"
        if self.together <= 1:
            return told + "one is enough"
        return told + f"{self.together} together would show it (power {ENOUGH:.0%})"


def plan(
    criteria: int,
    horizon: int,
    effect: float,
    *,
    latest: int | None = None,
    touch: float = 0.7,
    world: World = TARGET,
    relationships: int = 200,
    seed: int = 0,
) -> Plan:
    """Power for K criteria, T situations and an effect, by running such relationships.

    ``effect``: rating points that guidance adds to a criterion by the end of its focus, where a
    learner starts as in S1; a fifth of it spills over to the others (`world`), which costs power.
    ``touch``: how often a situation touches a criterion. ``together``: the relationships that
    Stouffer's test needs, ((1.645 + .842·sd z)/mean z)². Refuses what cannot be drawn.
    """
    window = widest(max(criteria, 1), horizon, latest)
    if not 2 <= criteria <= len(NAMES) or window < 2:
        raise Refused(
            "design_needs_room",
            f"A design needs 2 to {len(NAMES)} criteria and two situations or more for each.",
        )
    here = replace(
        world,
        criteria=criteria,
        situations=horizon,
        latest=latest,
        touch=(touch,),
        guidance=rate(effect, touch * window, world.start),
    )
    found = judged(here, relationships, seed, REDRAWS)
    return Plan(
        criteria,
        horizon,
        effect,
        window,
        arrangements(criteria, window),
        found.rejected,
        needed(found.z),
        too_small(criteria, horizon),
    )


def rate(effect: float, touches: float, start: float = TARGET.start) -> float:
    """The guidance rate at which so many guided touches add ``effect`` points to ``start``.

    A touch closes ``rate·uptake/2`` of the distance to the cap.

    >>> round(rate(1.0, touches=5), 2)
    0.29
    """
    share = min(effect / (CAP - start), 0.99)
    return float(2 * (1 - (1 - share) ** (1 / touches)) / UPTAKE)


def needed(scores: NDArray[np.float64]) -> int | None:
    """How many relationships with such z show it together with power .8; None above 200.

    None too where the mean z cannot be told from 0: there is no number to hope for.

    >>> needed(np.array([0.5, 1.5, 1.0, 1.2, 0.8]))
    4
    """
    mean, spread = float(scores.mean()), float(scores.std())
    if mean <= 2 * spread / np.sqrt(len(scores)):
        return None
    count = int(np.ceil(((POOLED_BAR + POOLED_MORE * spread) / mean) ** 2))
    return count if count <= MOST_TOGETHER else None
