"""Copies of an agent as they lie in the ledger, and what their contrast says of the guidance.

The arms of forks are named freely. One arm went on with the trainer, one without; what was done
to a copy after the fork tells which is which.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.evidence.forks import (
    FEWEST_COPIES,
    ForkContrast,
    fork_contrast,
    levelled,
    paired_contrast,
    too_few,
)
from tutelage.evidence.notyet import NotYet
from tutelage.guidance.record import ratings
from tutelage.guidance.words import several

Floats = NDArray[np.float64]
Arms = tuple[str, str]  # the one with guidance, and the one without

SHORTEST = 6  # rated situations after the fork: a copy with fewer has hardly gone its own way
SHARED = 0.5  # of the situations of the shorter one: from here on two copies met the same


@dataclass(frozen=True)
class Copy:
    """One fork: its name, its arm, the last entry that it shares, and the state it came to."""

    name: str
    arm: str
    at: int
    state: Relationship

    @cached_property
    def situations(self) -> tuple[Situation, ...]:
        """Those with a call of its own after the fork, in order, up to the last that was rated."""
        own = [s for s in self.state.situations if s.order > self.at]
        while own and not own[-1].counted():
            own.pop()
        return tuple(own)

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of these situations."""
        return tuple(s.key for s in self.situations)

    @property
    def ratings(self) -> Floats:
        """Ratings of these own calls, [T, K] over the goal's criteria; NaN where not rated."""
        return ratings(self.situations, self.state.criteria)

    @property
    def rated(self) -> int:
        """How many of these situations were rated."""
        return sum(bool(s.counted()) for s in self.situations)

    @property
    def raters(self) -> frozenset[str]:
        """Who rated them."""
        return frozenset(r.actor for s in self.situations for r in s.counted())

    @property
    def guided(self) -> bool:
        """Whether any guidance reached it after the fork: read, talked, or told in a debrief."""
        return any(self._reached(s) for s in self.state.situations)

    def _reached(self, known: Situation) -> bool:
        read = [g.entry for g in known.guidance if g.read and g.entry.event.move != "fact"]
        given = (*read, *known.debriefs)
        return any(e.seq > self.at for e in given) or (known.talked or 0) > self.at


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What a copy met and how it was rated, cut to the length that all copies came to."""

    met: tuple[Any, ...]  # situations as they compare: name, text, criteria
    rated: Floats

    def on(self, some: Sequence[Any]) -> Floats:
        """The ratings on these situations, which it met, in this order."""
        at = {met: i for i, met in enumerate(self.met)}
        return self.rated[[at[m] for m in some]]

    def common(self, others: Iterable[_Stretch]) -> tuple[Any, ...]:
        """The situations that all met, in order; none where these are too few of them."""
        held = [frozenset(o.met) for o in others]
        found = tuple(m for m in self.met if all(m in h for h in held))
        return found if len(found) >= max(SHORTEST, SHARED * len(self.met)) else ()


def by_copies(copies: Sequence[Copy], arms: Arms | None = None) -> ForkContrast | NotYet | None:
    """What the copies of one learner with and without the trainer show; None where there are none.

    `arms` names the arm with guidance and the arm without. Not given, there must be two: the one
    that guidance reached after the fork, and the one that it did not. Compared are copies from one
    entry, over the situations that all of them came to, rated by the same raters. Where all met
    the same situations or each met those of one partner, this is used. A person's forks are a way
    to look back and no copies: nothing is told of them unless it is asked for.
    """
    if any(c.state.learner is None or c.state.learner.kind != "agent" for c in copies):
        return arms and NotYet("people cannot be copied: their forks only look back")
    if not copies:
        return arms and too_few(0, 0)
    known = _from_one_entry([c for c in copies if arms is None or c.arm in arms])
    chosen = _named(known, arms, sorted({c.arm for c in copies})) if arms else _told_apart(known)
    return chosen if isinstance(chosen, NotYet) else _contrast(known, chosen)


def _from_one_entry(copies: Sequence[Copy]) -> list[Copy]:
    """The copies made at the entry at which most were made; of two such, the later one."""
    counts: dict[int, int] = {}
    for copy in copies:
        counts[copy.at] = counts.get(copy.at, 0) + 1
    best = max(counts, key=lambda at: (counts[at], at), default=0)
    return [c for c in copies if c.at == best]


def _named(copies: Sequence[Copy], arms: Arms, there: list[str]) -> Arms | NotYet:
    unknown = [a for a in arms if a not in there]
    if unknown:
        return NotYet(f"no copy is of the arm {unknown[0]}; there are {' and '.join(there)}")
    if arms[0] == arms[1]:
        return NotYet("an arm cannot be compared with itself")
    if not any(c.guided for c in copies if c.arm == arms[0]):
        return NotYet(f"no copy of the arm {arms[0]} was guided after the fork")
    helped = sum(c.guided for c in copies if c.arm == arms[1])
    if helped:
        were = "copy was" if helped == 1 else "copies were"
        return NotYet(f"{helped} {were} guided in the arm {arms[1]}: it is not without the trainer")
    return arms


def _told_apart(copies: Sequence[Copy]) -> Arms | NotYet:
    """Which of two arms is the one with guidance."""
    there = sorted({c.arm for c in copies})
    guided = [a for a in there if any(c.guided for c in copies if c.arm == a)]
    if len(there) > 2:
        return NotYet(f"there are {len(there)} arms ({', '.join(there)}): name the two to compare")
    if len(there) == 1:
        counts = (len(copies), 0) if guided else (0, len(copies))
        return replace(too_few(*counts), reason=f"all copies are of one arm, {there[0]}")
    if len(guided) != 1:
        both = "both arms were" if guided else "neither arm was"
        return NotYet(f"{both} guided after the fork ({' and '.join(there)})")
    return guided[0], next(a for a in there if a != guided[0])


def _contrast(copies: Sequence[Copy], arms: Arms) -> ForkContrast | NotYet:
    ready = [c for c in copies if c.rated >= SHORTEST]
    guided, alone = ([c for c in ready if c.arm == arm] for arm in arms)
    if min(len(guided), len(alone)) < FEWEST_COPIES:
        now = too_few(len(guided), len(alone))
        begun = too_few(*(sum(c.arm == arm for c in copies) for arm in arms))
        return _not_ready(now, begun, len(copies) - len(ready))
    if len({c.raters for c in ready}) > 1:
        return NotYet("the copies were not rated by the same raters, who may differ in leniency")
    found = _compared(*_stretches(guided, alone))
    return found if isinstance(found, NotYet) else replace(found, arms=arms)


def _not_ready(now: NotYet, begun: NotYet, early: int) -> NotYet:
    """What lacks, where some copies have hardly begun: those are waited for and not made anew."""
    if not early:
        return now
    are = several(early, "copy has", "copies have")
    reason = f"{now.reason}; {are} fewer than {SHORTEST} rated situations"
    return NotYet(reason, begun.more or None, "fork")


def _stretches(
    guided: Sequence[Copy], alone: Sequence[Copy]
) -> tuple[list[_Stretch], list[_Stretch]]:
    """Both arms over as many situations as the shortest copy has, on the criteria all share."""
    every = [*guided, *alone]
    length = min(len(c.situations) for c in every)
    shared = [k for k in every[0].state.criteria if all(k in c.state.criteria for c in every)]
    cut = [_stretch(c.situations[:length], tuple(shared)) for c in every]
    return cut[: len(guided)], cut[len(guided) :]


def _stretch(known: tuple[Situation, ...], criteria: tuple[str, ...]) -> _Stretch:
    opened = [s.opened.event for s in known]
    met = tuple((o.situation, o.text, o.criteria) for o in opened)
    return _Stretch(met, ratings(known, criteria))


def _compared(guided: list[_Stretch], alone: list[_Stretch]) -> ForkContrast | NotYet:
    """The contrast that fits who met what: all the same, pairs that did, or each its own."""
    same = guided[0].common([*guided, *alone])
    if same:
        with_, without = ([s.on(same) for s in arm] for arm in (guided, alone))
        return fork_contrast(*levelled(with_, without))
    pairs = _pairs(guided, alone)
    if pairs:
        return paired_contrast(pairs)
    return fork_contrast([s.rated for s in guided], [s.rated for s in alone])


def _pairs(guided: list[_Stretch], alone: list[_Stretch]) -> list[tuple[Floats, Floats]]:
    """Each copy with its one partner in the other arm; none where it is not so for every copy."""
    partners = [(g, a, s) for g in guided for a in alone if (s := g.common([a]))]
    once = {id(g) for g, _a, _s in partners}, {id(a) for _g, a, _s in partners}
    counts = {len(partners), len(guided), len(alone), *map(len, once)}
    if len(counts) > 1:
        return []
    return [(g.on(s), a.on(s)) for g, a, s in partners]
