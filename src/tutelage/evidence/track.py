"""The estimate of one relationship, kept in step with its ledger.

Observations are ordered by their own call's seq. Most come in order and cost O(1); a late rating,
or a call reclassified by its account, re-filters from the last checkpoint before it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic_core import from_json, to_json

from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.evidence.ability import Ability
from tutelage.evidence.constants import Constants, tuned
from tutelage.evidence.results import Estimate

CHECKPOINT_EVERY = 16  # situations: a late rating re-filters at most this many more
RECENT = 16  # the last situations each keep theirs: most late ratings are of one of them


@dataclass(frozen=True, slots=True)
class Observation:
    """What one situation says of unassisted judgment: ratings by (criterion, rater)."""

    order: int
    situation: str
    declared: int
    ratings: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A checkpoint: the filter after so many observations, and what its axes stand for."""

    count: int
    ability: Ability
    criteria: tuple[str, ...]
    raters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """The estimate after one observation: what charts and policies look back on."""

    order: int
    situation: str
    criteria: tuple[str, ...]
    means: tuple[float, ...]
    sds: tuple[float, ...]


def observation(situation: Situation) -> Observation | None:
    """What this situation says, or None: one observation a situation, unassisted calls only."""
    ratings = tuple(
        (criterion, entry.actor, value)
        for entry in situation.counted()
        for criterion, value in entry.event.ratings.items()
        if value is not None
    )
    if not ratings:
        return None
    opened = situation.opened.event
    return Observation(situation.order, situation.key, opened.difficulty, ratings)


@dataclass(frozen=True, slots=True)
class Track:
    """Observations so far, the filter after the last of them, and checkpoints on the way."""

    constants: Constants = field(default_factory=Constants)
    criteria: tuple[str, ...] = ()
    raters: tuple[str, ...] = ()
    seen: tuple[Observation, ...] = ()
    points: tuple[Point, ...] = ()
    ability: Ability | None = None
    checkpoints: tuple[Mark, ...] = ()
    recent: tuple[Mark, ...] = ()
    rated: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # places by criterion

    def revise(self, situation: Situation, criteria: tuple[str, ...]) -> Track:
        """The track after this situation changed."""
        new = observation(situation)
        at = bisect_left(self.seen, situation.order, key=lambda o: o.order)
        known = at < len(self.seen) and self.seen[at].situation == situation.key
        if new == (self.seen[at] if known else None):
            return self
        start = self._back_to(at)
        between, after = self.seen[len(start.seen) : at], self.seen[at + known :]
        return _from(start, (*between, *((new,) if new else ()), *after), criteria)

    def _step(self, new: Observation, criteria: tuple[str, ...]) -> Track:
        ability, known, raters = self._axes(new, criteria)
        at = {k: i for i, k in enumerate(known)}
        who = {r: i for i, r in enumerate(raters)}
        ability.update([(at[k], who[r], y) for k, r, y in new.ratings if k in at], new.declared)
        means, sds = ability.moments()
        point = Point(
            new.order, new.situation, known, tuple(means[0].tolist()), tuple(sds[0].tolist())
        )
        place, mark = len(self.seen), Mark(len(self.seen) + 1, ability, known, raters)
        places = {k: (*self.rated.get(k, ()), place) for k in {k for k, _r, _y in new.ratings}}
        return Track(
            self.constants,
            known,
            raters,
            (*self.seen, new),
            (*self.points, point),
            ability,
            (*self.checkpoints, mark) if mark.count % CHECKPOINT_EVERY == 0 else self.checkpoints,
            (*self.recent[1 - RECENT :], mark),
            {**self.rated, **places},
        )

    def _axes(
        self, new: Observation, criteria: tuple[str, ...]
    ) -> tuple[Ability, tuple[str, ...], tuple[str, ...]]:
        """A copy of the filter with an axis for every criterion and rater in sight."""
        old = self.ability
        ability = old.copy() if old else Ability(0, 0, constants=self.constants)
        known, raters = self.criteria, self.raters
        for key in criteria:
            if key not in known:
                ability.add_criterion()
                known = (*known, key)
        for _criterion, rater, _value in new.ratings:
            if rater not in raters:
                ability.add_rater()
                raters = (*raters, rater)
        return ability, known, raters

    def _back_to(self, count: int) -> Track:
        """The track at the last checkpoint at which no more than `count` had been observed."""
        if count == len(self.seen):
            return self
        marks = self.checkpoints[: bisect_right(self.checkpoints, count, key=lambda m: m.count)]
        recent = self.recent[: bisect_right(self.recent, count, key=lambda m: m.count)]
        last = max((*marks[-1:], *recent[-1:]), key=lambda m: m.count, default=None)
        if last is None:
            return Track(self.constants)
        at = last.count
        return Track(
            self.constants,
            last.criteria,
            last.raters,
            self.seen[:at],
            self.points[:at],
            last.ability,
            marks,
            recent,
            {k: kept for k, places in self.rated.items() if (kept := _before(places, at))},
        )

    # what it says ------------------------------------------------------------------------------
    def estimate(self, criterion: str) -> Estimate:
        """Where a criterion stands; before any rating, the prior."""
        if self.ability is None or criterion not in self.criteria:
            c = self.constants
            return Estimate(c.prior_mean, (c.own_sd**2 + c.shared_sd**2) ** 0.5, 0)
        at, last = self.criteria.index(criterion), self.points[-1]
        return Estimate(last.means[at], last.sds[at], int(self.ability.counts[0, at]))

    def at_least(self, bar: float) -> dict[str, float]:
        """P(ability ≥ bar) by criterion."""
        if self.ability is None:
            return {}
        return dict(zip(self.criteria, self.ability.at_least(bar)[0].tolist(), strict=True))

    def since(self, seq: int, criterion: str, most: int = 60) -> tuple[Observation, ...]:
        """The rated calls on a criterion made after an entry, at most the last `most`."""
        last = self.rated.get(criterion, ())[-most:]
        first = bisect_right(last, seq, key=lambda i: self.seen[i].order)
        return tuple(self.seen[i] for i in last[first:])

    def last_rated(self, criterion: str) -> bool:
        """Whether the last situation rated this criterion."""
        places = self.rated.get(criterion, ())
        return bool(places) and places[-1] == len(self.seen) - 1

    def mean_at(self, seq: int, criterion: str) -> float | None:
        """The estimate's mean as it stood at an entry."""
        count = bisect_right(self.points, seq, key=lambda p: p.order)
        before = self.points[count - 1] if count else None
        if before is None or criterion not in before.criteria:
            return None
        return before.means[before.criteria.index(criterion)]


def track(state: Relationship) -> Track:
    """The whole track of a folded relationship, from the beginning."""
    found = (observation(s) for s in state.situations)
    ordered = sorted((o for o in found if o is not None), key=lambda o: o.order)
    return _from(begin(state), ordered, state.criteria_ever)


def begin(state: Relationship) -> Track:
    """An empty track under the numbers in force."""
    numbers = state.configured.event.numbers if state.configured else {}
    return Track(tuned(Constants(), numbers))


def _from(start: Track, ordered: Iterable[Observation], criteria: tuple[str, ...]) -> Track:
    for o in ordered:
        start = start._step(o, criteria)  # noqa: SLF001  # a fold of this module's own type
    return start


def dump(kept: Track) -> bytes:
    """The track as bytes: a checkpoint that a new process reads instead of filtering again.

    With three of its recent filters, so that a rating that comes a little late costs little.
    """
    last = len(kept.recent)
    marks = [kept.recent[i] for i in sorted({0, last - 2, last - 1}) if i >= 0 and last]
    bodies = [m.ability.dump() for m in marks]
    head: dict[str, Any] = {
        "seen": [(o.order, o.situation, o.declared, o.ratings) for o in kept.seen],
        "points": [(p.order, p.situation, p.criteria, p.means, p.sds) for p in kept.points],
        "marks": [(m.count, m.criteria, m.raters) for m in marks],
        "sizes": [len(b) for b in bodies],
    }
    return b"\n".join((to_json(head), b"".join(bodies)))


def load(state: Relationship, kept: bytes) -> Track:
    """The track that `dump` wrote; numbers come from the ledger, not from the checkpoint."""
    head, _, body = kept.partition(b"\n")
    parts = from_json(head)
    start = begin(state)
    seen = tuple(
        Observation(o, s, d, tuple(map(tuple, ratings))) for o, s, d, ratings in parts["seen"]
    )
    points = tuple(Point(o, s, tuple(c), tuple(m), tuple(d)) for o, s, c, m, d in parts["points"])
    marks: list[Mark] = []
    for (count, criteria, raters), size in zip(parts["marks"], parts["sizes"], strict=True):
        ability = Ability.load(body[:size], start.constants)
        marks.append(Mark(count, ability, tuple(criteria), tuple(raters)))
        body = body[size:]
    if not marks:
        return start
    return replace(
        start,
        criteria=marks[-1].criteria,
        raters=marks[-1].raters,
        seen=seen,
        points=points,
        ability=marks[-1].ability,
        recent=tuple(marks),
        rated=_places(seen),
    )


def _before(places: tuple[int, ...], at: int) -> tuple[int, ...]:
    return places[: bisect_left(places, at)]


def _places(seen: tuple[Observation, ...]) -> dict[str, tuple[int, ...]]:
    places: dict[str, list[int]] = {}
    for i, o in enumerate(seen):
        for key in {k for k, _r, _y in o.ratings}:
            places.setdefault(key, []).append(i)
    return {key: tuple(at) for key, at in places.items()}
