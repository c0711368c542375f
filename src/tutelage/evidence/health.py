"""The three ways a relationship goes wrong, as indices: dependency, undirectedness, sameness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincc

from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation

FEWEST_ADEQUATE = 5
FEWEST_GUIDED = 6
FEWEST_LEARNERS = 4
FEWEST_ITEMS = 8
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Index:
    """A number between 0 and 1, whether it alarms, and from how many cases it comes."""

    name: str
    value: float | None
    alarm: bool
    n: int
    offer: str

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.name}: not enough evidence yet (n={self.n})"
        return f"{self.name}: {self.value:.2f} (n={self.n}){' !' if self.alarm else ''}"


def asked_for_help(situation: Situation) -> bool:
    """Whether the learner consulted: asked for help that is not a mere fact."""
    return situation.asked_for_help


def adequate(situation: Situation) -> bool | None:
    """Whether the own call was rated 4 or more on every criterion; None when unrated."""
    values = [
        v
        for r in situation.ratings
        if r.event.subject == "own_call" and not r.event.as_self
        for v in r.event.ratings.values()
        if v is not None
    ]
    return min(values) >= 4 if values else None


def dependency(
    state: Relationship,
    *,
    window: int = 20,
    share: float = 0.5,
    sure: float = 0.9,
    help_share: float = 0.75,
    help_rise: float = 0.2,
) -> Index:
    """Does the learner consult although its own call was adequate?

    Alarm when P(rate > share) > sure under a uniform prior on the rate, or when help was asked
    in at least `help_share` of a full window while own calls rose by less than `help_rise`.
    Source: Beta posterior; the measure follows judge-advisor studies (Bonaccio & Dalal 2006).
    """
    recent = state.recent(window)
    good = [s for s in recent if adequate(s)]
    asked = sum(asked_for_help(s) for s in good)
    often = sum(asked_for_help(s) for s in recent)
    chance = float(betaincc(1 + asked, 1 + len(good) - asked, share))
    routed = len(good) >= FEWEST_ADEQUATE and chance > sure
    stuck = len(recent) == window and often >= help_share * window and _rise(recent) < help_rise
    alone = len(good) - asked
    offer = f"You were right on your own in {len(good)} of {len(recent)}; decide first next time?"
    if stuck and not routed:
        offer = f"You asked in {often} of {len(recent)}; shall we try questions instead of answers?"
    value = asked / len(good) if len(good) >= FEWEST_ADEQUATE else None
    if value is None and stuck:
        value = often / len(recent)
    return Index("dependency", value, routed or stuck, len(good), offer if alone >= 0 else "")


def _rise(recent: tuple[Situation, ...]) -> float:
    half = len(recent) // 2
    first, second = _mean_rating(recent[:half]), _mean_rating(recent[half:])
    return second - first if first is not None and second is not None else 0.0


def _mean_rating(situations: tuple[Situation, ...]) -> float | None:
    values = [
        v + 0.6 * s.opened.event.difficulty
        for s in situations
        for r in s.counted()
        for v in r.event.ratings.values()
        if v is not None
    ]
    return float(np.mean(values)) if values else None


def undirectedness(state: Relationship, *, window: int = 20) -> Index:
    """Has the relationship drifted from its goal to chat?

    The share of recent guided situations whose guidance names none of the goal's criteria, or
    whose own call nobody ever rated.
    """
    guided = [s for s in state.recent(window) if s.guidance or s.debriefs]
    drifting = [s for s in guided if not (_on_goal(s, state.criteria) and s.ratings)]
    if state.goal is None and state.seq > 50:
        return Index("undirectedness", 1.0, alarm=True, n=0, offer="What do you want to decide?")
    if len(guided) < FEWEST_GUIDED:
        return Index("undirectedness", None, alarm=False, n=len(guided), offer="")
    value = len(drifting) / len(guided)
    offer = "Our last talks left the goal; shall we go back to it, or set a new one?"
    return Index("undirectedness", value, value > 0.6, len(guided), offer)


def _on_goal(situation: Situation, criteria: tuple[str, ...]) -> bool:
    named = [c for g in situation.guidance for c in g.entry.event.criteria]
    named += [c for d in situation.debriefs for c in d.event.criteria]
    return any(c in criteria for c in named)


def sameness(counts: Floats, gaps: Floats) -> Index:
    """Does a trainer's guidance fit its own learner's gaps better than somebody else's?

    ``counts`` [n, K]: guidance items by learner and criterion; ``gaps`` [n, K]: bar less
    estimate. A = mean fit to one's own needs less mean fit to the others'; A_max the same if all
    guidance went to each learner's largest gap. R = A / A_max; alarm when R < .15 and
    A_max > .4, that is when needs differ and guidance does not. Source: a swap test over learners.

    >>> import numpy as np
    >>> same = sameness(np.full((4, 3), 5.0), np.eye(4, 3) * 2)
    >>> same.alarm, round(same.value, 2)
    (True, 0.0)
    """
    enough = len(counts) >= FEWEST_LEARNERS and bool((counts.sum(1) >= FEWEST_ITEMS).all())
    if not enough:
        return Index("sameness", None, alarm=False, n=len(counts), offer="")
    shares = counts / counts.sum(1, keepdims=True)
    centred = gaps - gaps.mean(1, keepdims=True)
    fit = _own_less_others(shares @ centred.T)
    best = _own_less_others(np.eye(gaps.shape[1])[centred.argmax(1)] @ centred.T)
    ratio = fit / max(best, 1e-9)
    alarm = bool(ratio < 0.15 and best > 0.4)
    offer = "Your learners' gaps differ more than what you work on with them; look at one pair?"
    return Index("sameness", float(np.clip(ratio, 0, 1)), alarm, len(counts), offer)


def _own_less_others(fit: Floats) -> float:
    n = len(fit)
    own = float(np.trace(fit))
    return own / n - (float(fit.sum()) - own) / (n * (n - 1))
