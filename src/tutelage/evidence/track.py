"""The estimate of one relationship, kept in step with its ledger.

Observations are ordered by their own call's seq. Most come in order and cost O(1); a late rating,
or a call reclassified by its account, re-filters from the last checkpoint before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.evidence.ability import Ability, Constants, tuned
from tutelage.evidence.results import Estimate

CHECKPOINT_EVERY = 16  # situations: a late rating re-filters at most this many more


@dataclass(frozen=True, slots=True)
class Observation:
    """What one situation says of unassisted judgment: ratings by (criterion, rater)."""

    order: int
    situation: str
    declared: int
    ratings: tuple[tuple[str, str, int], ...]


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
    checkpoints: tuple[tuple[int, Ability, tuple[str, ...], tuple[str, ...]], ...] = ()

    def revise(self, situation: Situation, criteria: tuple[str, ...]) -> Track:
        """The track after this situation changed."""
        new, at = observation(situation), self._place(situation)
        old = self.seen[at] if at is not None else None
        if new == old:
            return self
        if at is None and new is not None and self._is_last(new):
            return self._step(new, criteria)
        kept = [o for o in self.seen if o.situation != situation.key]
        if new is not None:
            kept = sorted((*kept, new), key=lambda o: o.order)
        return self._replay(tuple(kept), criteria)

    def _place(self, situation: Situation) -> int | None:
        for i in range(len(self.seen) - 1, -1, -1):
            if self.seen[i].situation == situation.key:
                return i
            if self.seen[i].order < situation.order:
                break
        return None

    def _is_last(self, new: Observation) -> bool:
        return not self.seen or self.seen[-1].order < new.order

    def _step(self, new: Observation, criteria: tuple[str, ...]) -> Track:
        ability, known, raters = self._axes(new, criteria)
        at = {k: i for i, k in enumerate(known)}
        who = {r: i for i, r in enumerate(raters)}
        ability.update([(at[k], who[r], y) for k, r, y in new.ratings if k in at], new.declared)
        means, sds = ability.moments()
        point = Point(new.order, new.situation, known, tuple(means[0]), tuple(sds[0]))
        count, marks = len(self.seen) + 1, self.checkpoints
        if count % CHECKPOINT_EVERY == 0:
            marks = (*marks, (count, ability, known, raters))
        return Track(
            self.constants,
            known,
            raters,
            (*self.seen, new),
            (*self.points, point),
            ability,
            marks,
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

    def _replay(self, observations: tuple[Observation, ...], criteria: tuple[str, ...]) -> Track:
        pairs = zip(observations, self.seen, strict=False)
        same = next((i for i, (a, b) in enumerate(pairs) if a != b), None)
        if same is None:
            same = min(len(observations), len(self.seen))
        marks = tuple(m for m in self.checkpoints if m[0] <= same)
        start = Track(self.constants)
        if marks:
            count, ability, known, raters = marks[-1]
            seen, points = self.seen[:count], self.points[:count]
            start = Track(self.constants, known, raters, seen, points, ability, marks)
        for o in observations[len(start.seen) :]:
            start = start._step(o, criteria)
        return start

    # what it says ------------------------------------------------------------------------------
    def estimate(self, criterion: str) -> Estimate:
        """Where a criterion stands; before any rating, the prior."""
        if self.ability is None or criterion not in self.criteria:
            c = self.constants
            return Estimate(c.prior_mean, (c.own_sd**2 + c.shared_sd**2) ** 0.5, 0)
        return self.ability.estimate(self.criteria.index(criterion))

    def at_least(self, bar: float) -> dict[str, float]:
        """P(ability ≥ bar) by criterion."""
        if self.ability is None:
            return {}
        return dict(zip(self.criteria, self.ability.at_least(bar)[0].tolist(), strict=True))

    def since(self, seq: int, criterion: str, most: int = 60) -> tuple[Observation, ...]:
        """The rated calls on a criterion made after an entry, at most the last `most`."""
        found: list[Observation] = []
        for o in reversed(self.seen):
            if o.order <= seq or len(found) == most:
                break
            if any(k == criterion for k, _r, _y in o.ratings):
                found.append(o)
        return tuple(reversed(found))

    def mean_at(self, seq: int, criterion: str) -> float | None:
        """The estimate's mean as it stood at an entry."""
        before = next((p for p in reversed(self.points) if p.order <= seq), None)
        if before is None or criterion not in before.criteria:
            return None
        return before.means[before.criteria.index(criterion)]


def track(state: Relationship) -> Track:
    """The whole track of a folded relationship, from the beginning."""
    found = (observation(s) for s in state.situations)
    ordered = sorted((o for o in found if o is not None), key=lambda o: o.order)
    return _from(begin(state), ordered, state.criteria)


def begin(state: Relationship) -> Track:
    """An empty track under the numbers in force."""
    numbers = state.configured.event.numbers if state.configured else {}
    return Track(tuned(Constants(), numbers))


def _from(start: Track, ordered: Iterable[Observation], criteria: tuple[str, ...]) -> Track:
    for o in ordered:
        start = start._step(o, criteria)  # noqa: SLF001  # a fold of this module's own type
    return start


def dump(kept: Track) -> bytes:
    """The track as bytes: a checkpoint that a new process reads instead of filtering again."""
    head: dict[str, Any] = {
        "criteria": kept.criteria,
        "raters": kept.raters,
        "seen": [(o.order, o.situation, o.declared, o.ratings) for o in kept.seen],
        "points": [(p.order, p.situation, p.criteria, p.means, p.sds) for p in kept.points],
    }
    body = kept.ability.dump() if kept.ability else b""
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + body


def load(state: Relationship, kept: bytes) -> Track:
    """The track that `dump` wrote; numbers come from the ledger, not from the checkpoint."""
    head, _, body = kept.partition(b"\n")
    parts = json.loads(head)
    start = begin(state)
    seen = tuple(
        Observation(o, s, d, tuple((k, r, y) for k, r, y in ratings))
        for o, s, d, ratings in parts["seen"]
    )
    points = tuple(Point(o, s, tuple(c), tuple(m), tuple(d)) for o, s, c, m, d in parts["points"])
    ability = Ability.load(body, start.constants) if body else None
    known, raters = tuple(parts["criteria"]), tuple(parts["raters"])
    marks = ((len(seen), ability, known, raters),) if ability is not None else ()
    return replace(
        start,
        criteria=known,
        raters=raters,
        seen=seen,
        points=points,
        ability=ability,
        checkpoints=marks,
    )
