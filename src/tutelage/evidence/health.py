"""Two ways in which one relationship goes wrong, as indices: dependency and undirectedness.

The third, guidance alike for learners who are not, needs several learners: see `sameness`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincc, betaincinv

from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.evidence.rated import given, mean_rating, values
from tutelage.evidence.results import Z90

VERSION = "health-2"
FEWEST_ADEQUATE = 5
FEWEST_SIGNS = 5
FEWEST_GUIDED = 6
STEP = 0.6  # rating points between two declared steps of difficulty
DRIFT_SHARE = 0.5  # of guided situations off the goal: more than this alarms,
DRIFT_SURE = 0.9  # when it is this sure
GOALLESS = 50  # entries after which a relationship should have a goal
QUIET_DAYS = 21.0  # without a situation: longer than a holiday,
QUIET_TIMES = 4.0  # and this many times what is usual between two of them

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Index:
    """A share (or, for gaps, rating points), its 90 % interval, and what to do where it alarms.

    >>> print(Index("dependency", 0.75, True, 8, "Decide first?", low=0.47, high=0.92))
    dependency: 0.75 [0.47, 0.92] (n=8) !
    >>> print(Index("dependency", None, False, 2, "", more=3))
    dependency: not enough evidence yet (n=2), about 3 more situations
    """

    name: str
    value: float | None
    alarm: bool
    n: int
    offer: str  # to the learner: an offer, never a label
    act: str = ""  # to the trainer
    low: float | None = None
    high: float | None = None
    more: int = 0  # about how many more situations would be enough
    parts: tuple[Index, ...] = ()  # signs beside it that alarm nobody by themselves
    by: str = ""  # what read the texts it counts, where one did

    def __str__(self) -> str:
        if self.value is None:
            ahead = f", about {self.more} more situations" if self.more else ""
            return f"{self.name}: not enough evidence yet (n={self.n}){ahead}"
        about = "" if self.low is None else f" [{self.low:.2f}, {self.high:.2f}]"
        alarm, by = " !" if self.alarm else "", f", read with {self.by}" if self.by else ""
        return f"{self.name}: {self.value:.2f}{about} (n={self.n}){alarm}{by}"


def share_interval(hits: float, n: float, sure: float = 0.9) -> tuple[float, float]:
    """The interval of a share: quantiles of Beta(hits + ½, n - hits + ½), closed at 0 and 1.

    Source: Brown, Cai & DasGupta (2001), the modified Jeffreys interval.

    >>> [round(x, 2) for x in share_interval(6, 8)]
    [0.46, 0.92]
    >>> [round(x, 2) for x in share_interval(8, 8)]
    [0.79, 1.0]
    """
    tail, a, b = (1 - sure) / 2, hits + 0.5, n - hits + 0.5
    low = 0.0 if hits <= 0 else float(betaincinv(a, b, tail))
    high = 1.0 if hits >= n else float(betaincinv(a, b, 1 - tail))
    return low, high


def as_share(name: str, hits: float, n: int, fewest: int, act: str = "") -> Index:
    """A share of n cases with its interval; not enough evidence below `fewest`."""
    if n < fewest:
        return Index(name, None, alarm=False, n=n, offer="", more=fewest - n)
    low, high = share_interval(hits, n)
    return Index(name, hits / n, alarm=False, n=n, offer="", act=act, low=low, high=high)


# dependency ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Consulting:
    """How a batch of learners consulted over their last situations; every field is [...]."""

    seen: int  # situations looked at
    adequate: Ints  # own calls that were good enough
    asked_adequate: Ints  # of these, how often help was asked all the same
    asked: Ints
    routed: Bools  # help is asked although it is not needed
    stuck: Bools  # help is asked nearly always, and own calls do not rise

    @property
    def alarm(self) -> Bools:
        """Either of the two."""
        return self.routed | self.stuck


def consulting(
    lowest: Floats,
    judged: Floats,
    asked: Bools,
    *,
    window: int = 20,
    share: float = 0.5,
    sure: float = 0.95,
    help_share: float = 0.8,
    help_rise: float = 0.2,
) -> Consulting:
    """Who routes decisions through the trainer, from arrays [..., n] of situations in order.

    ``lowest`` is the lowest rating of each own call (NaN unrated), ``judged`` its mean rating plus
    declared difficulty (NaN where it is no evidence), ``asked`` whether help was asked for. Over
    the last `window` situations: *routed* where P(consults although the call was rated ≥ 4 on
    everything > share) > sure under a uniform prior, from 5 such calls on; *stuck* where help was
    asked in at least `help_share` of a full window and calls rose by less than `help_rise` points
    from its first half to its second. Source: Beta posterior; the measure follows judge-advisor
    studies (Bonaccio & Dalal 2006).

    >>> calls = np.array([[4.0] * 8, [2.0] * 8])
    >>> consulting(calls, calls, np.full((2, 8), True)).alarm.tolist()
    [True, False]
    """
    low, on, help_ = lowest[..., -window:], judged[..., -window:], asked[..., -window:]
    seen, good = help_.shape[-1], low >= 4
    n, hits, often = good.sum(-1), (good & help_).sum(-1), help_.sum(-1)
    chance = betaincc(1.0 + hits, 1.0 + n - hits, share)
    half = seen // 2
    rise = _mean_known(on[..., half:]) - _mean_known(on[..., :half])
    rise = np.where(np.isnan(rise), 0.0, rise)
    stuck = (seen == window) & (often >= help_share * window) & (rise < help_rise)
    return Consulting(seen, n, hits, often, (n >= FEWEST_ADEQUATE) & (chance > sure), stuck)


def _mean_known(values: Floats) -> Floats:
    known = ~np.isnan(values)
    count = known.sum(-1)
    total = np.where(known, values, 0.0).sum(-1)
    mean: Floats = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return mean


def asked_for_help(situation: Situation) -> bool:
    """Whether the learner consulted: asked for help that is not a mere fact."""
    return situation.asked_for_help


def adequate(situation: Situation) -> bool | None:
    """Whether the own call was rated 4 or more on every criterion; None when unrated."""
    low = _lowest(situation)
    return None if np.isnan(low) else low >= 4


def dependency(
    state: Relationship,
    *,
    window: int = 20,
    share: float = 0.5,
    sure: float = 0.95,
    help_share: float = 0.8,
    help_rise: float = 0.2,
) -> Index:
    """Does the learner consult although its own call was adequate?

    The share of adequate own calls with help asked for all the same; the alarm is that of
    `consulting`. Its parts show more of it and alarm nobody: see `signs`.
    """
    recent = state.recent(window)
    found = consulting(
        np.array([_lowest(s) for s in recent]),
        np.array([_judged(s) for s in recent]),
        np.array([asked_for_help(s) for s in recent], dtype=bool),
        window=window,
        share=share,
        sure=sure,
        help_share=help_share,
        help_rise=help_rise,
    )
    n, hits, often = int(found.adequate), int(found.asked_adequate), int(found.asked)
    parts = signs(recent)
    if bool(found.stuck) and not bool(found.routed):
        return _stuck(often, found.seen, parts)
    of_share = as_share("dependency", hits, n, FEWEST_ADEQUATE)
    return Index(
        "dependency",
        of_share.value,
        bool(found.routed),
        n,
        f"You were right on your own in {n} of {found.seen}; decide first next time?",
        _act(hits, n, parts),
        of_share.low,
        of_share.high,
        of_share.more,
        parts,
    )


def _stuck(often: int, seen: int, parts: tuple[Index, ...]) -> Index:
    low, high = share_interval(often, seen)
    offer = f"You asked in {often} of {seen}; shall we try questions instead of answers?"
    act = (
        f"Help was asked for in {often} of the last {seen} situations while own calls did not "
        "rise: telling does not move this learner; ask for its own reasoning first."
    )
    return Index("dependency", often / seen, True, seen, offer, act, low, high, 0, parts)


def _act(hits: int, n: int, parts: tuple[Index, ...]) -> str:
    """What the trainer may do, with what the signs add to it."""
    more = "".join(f" {p.act}" for p in parts if p.low is not None and p.low > 0.5 and p.act)
    return (
        f"Help was asked for in {hits} of {n} situations in which the own call was good enough: "
        f"say what was right in the call, and leave the decision with the learner.{more}"
    )


def signs(recent: tuple[Situation, ...]) -> tuple[Index, Index, Index]:
    """Beside the alarm: weight of advice, executive asks, and the gap that help makes.

    *Weight of advice*: where the own call was adequate and guidance was read, how far the decision
    followed it (taken 1, partly ½, set aside 0). *Executive asks*: the share of requests for help
    that ask what to do, and not whether the reasoning is sound (Nelson-Le Gall 1981). *Assisted
    gap*: rating of the decision less that of the own call where the learner had help; a poor
    alarm, since good guidance makes it too.
    """
    return _weight_of_advice(recent), _executive(recent), _gap(recent)


_WEIGHTS = {"taken": 1.0, "partly": 0.5, "set_aside": 0.0}


def _weight_of_advice(recent: tuple[Situation, ...]) -> Index:
    weights = [
        _WEIGHTS[s.decision.event.advice]
        for s in recent
        if s.decision is not None and s.decision.event.advice in _WEIGHTS
        if s.helped_at is not None and adequate(s)
    ]
    act = "It follows advice although its own call was good enough: ask what it would keep."
    return as_share("weight of advice", sum(weights), len(weights), FEWEST_SIGNS, act)


def _executive(recent: tuple[Situation, ...]) -> Index:
    about = [h.event.about for s in recent for h in s.helps if h.event.about != "fact"]
    act = "It asks what to do, not whether its reasoning is sound: ask for its reasons first."
    return as_share("executive asks", about.count("what_to_do"), len(about), FEWEST_SIGNS, act)


def _gap(recent: tuple[Situation, ...]) -> Index:
    gaps = [
        mean_rating(given(s, "decision")) - mean_rating(given(s, "own_call"))
        for s in recent
        if s.consulted
    ]
    known = np.array([g for g in gaps if not np.isnan(g)])
    n = len(known)
    if n < FEWEST_SIGNS:
        return Index("assisted gap", None, alarm=False, n=n, offer="", more=FEWEST_SIGNS - n)
    mean, half = float(known.mean()), Z90 * float(known.std(ddof=1)) / np.sqrt(n)
    return Index(
        "assisted gap", mean, alarm=False, n=n, offer="", low=mean - half, high=mean + half
    )


def _lowest(situation: Situation) -> float:
    """The lowest rating of an own call made without help; NaN where there is none."""
    call = situation.own_call
    helped = call is not None and call.event.help != "nobody"
    rated = [value for _criterion, value in values(given(situation, "own_call"))]
    return float(min(rated, default=np.nan)) if not helped else np.nan


def _judged(situation: Situation) -> float:
    """The mean rating that counts as evidence, with declared difficulty put back; NaN without."""
    return mean_rating(situation.counted()) + STEP * situation.opened.event.difficulty


# undirectedness ------------------------------------------------------------------------------
def undirectedness(state: Relationship, *, window: int = 20, now: datetime | None = None) -> Index:
    """Has the relationship drifted from its goal to chat, or gone quiet?

    The share of recent situations with guidance that are off the goal: they touch none of its
    criteria, their guidance names none or only answers facts, or nobody rated the own call. It
    alarms where P(share > ½) > .9 under a uniform prior, from 6 on. With `now`, also where no
    situation was brought for 21 days and four times the usual gap. No goal at all alarms too.
    """
    if state.goal is None and state.seq > GOALLESS:
        offer, act = "What do you want to decide?", "There is no goal yet: agree on one first."
        return Index("undirectedness", 1.0, alarm=True, n=0, offer=offer, act=act)
    recent = state.recent(window)
    guided = [s for s in recent if s.guidance or s.debriefs]
    off = sum(not _on_goal(s, state.criteria) for s in guided)
    found = as_share("undirectedness", off, len(guided), FEWEST_GUIDED)
    quiet = None if now is None or state.life != "active" else quiet_for(recent, now)
    if quiet is not None:
        return _quiet(found, quiet)
    chance = float(betaincc(1.0 + off, 1.0 + len(guided) - off, DRIFT_SHARE))
    return Index(
        found.name,
        found.value,
        found.value is not None and chance > DRIFT_SURE,
        found.n,
        "Our last talks left the goal; shall we go back to it, or set a new one?",
        f"{off} of the last {len(guided)} guided situations touched none of the goal's criteria "
        "or were never rated: name the criterion that each guidance is on, or amend the goal.",
        found.low,
        found.high,
        found.more,
    )


def _quiet(found: Index, days: int) -> Index:
    offer = f"Your last situation was {days} days ago; is there one now, or shall we pause?"
    act = f"No situation for {days} days: ask what came up since, or agree on a pause or an end."
    value, low, high = found.value, found.low, found.high
    return Index(found.name, value, True, found.n, offer, act, low, high, found.more)


def quiet_for(recent: tuple[Situation, ...], now: datetime) -> int | None:
    """Days without a situation, where that is long for this pair; None where it is not."""
    opened = [s.opened.written_at for s in recent]
    if not opened:
        return None
    gaps = sorted(b - a for a, b in pairwise(opened))
    usual = gaps[len(gaps) // 2] if gaps else timedelta(0)
    silence = now - opened[-1]
    long = silence > max(timedelta(days=QUIET_DAYS), QUIET_TIMES * usual)
    return silence.days if long else None


def _on_goal(situation: Situation, criteria: tuple[str, ...]) -> bool:
    told = [g.entry.event for g in situation.guidance if g.entry.event.move != "fact"]
    named = [c for e in told for c in e.criteria]
    named += [c for d in situation.debriefs for c in d.event.criteria]
    touches = any(c in criteria for c in situation.criteria)
    return touches and any(c in criteria for c in named) and bool(situation.ratings)
