"""A proposal for a whole pool at once: who with whom, why, and who is better left waiting.

First come, first served gives the first the best and the last what is left. Here all are looked at
together; nobody is given a trainer who has handled nothing of the kind, only to be given one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from tutelage.evidence.matching import (
    ENOUGH,
    LOAD,
    MOST_PLACES,
    Fit,
    Floats,
    Guide,
    Pool,
    Seeker,
    pool,
)

ALTERNATIVES = 3

Lacking = Literal["no_trainers", "nothing_said", "no_experience", "excluded", "no_places"]
"""Why nobody is proposed."""
Assigned = NDArray[np.int64]
"""By seeker, the place of its guide in the pool; -1 for nobody."""

LACKS: dict[Lacking, str] = {
    "no_trainers": "no trainer has room",
    "nothing_said": "says neither what to become able to do nor in which situations",
    "no_experience": "no trainer has handled situations like these",
    "excluded": "who fits was declined, or is the trainer already",
    "no_places": "all who fit are full",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """For one learner: the trainer proposed with its reasons, or what is lacking; other choices."""

    seeker: str
    fit: Fit | None
    lacking: Lacking | None = None
    others: tuple[Fit, ...] = ()

    @property
    def guide(self) -> str | None:
        """Who is proposed."""
        return None if self.fit is None else self.fit.guide

    def unquoted(self) -> Proposal:
        """The same in counts, for who may read nobody's words."""
        others = tuple(o.unquoted() for o in self.others)
        return replace(self, fit=self.fit and self.fit.unquoted(), others=others)

    def __str__(self) -> str:
        if self.fit is None:
            return f"{self.seeker}: nobody; {LACKS[self.lacking or 'no_trainers']}"
        return f"{self.seeker} with {self.fit.guide}, {self.fit}"


def propose(seekers: Iterable[Seeker], guides: Iterable[Guide]) -> tuple[Proposal, ...]:
    """Proposals for all, the best fit first; equal ones by name.

    Maximises the sum over pairs of score - LOAD · (taken before it in this round / capacity),
    where experience is enough; no trainer over its places. Source: the assignment problem (Kuhn
    1955), solved by shortest augmenting paths (Crouse 2016).
    """
    known = pool(seekers, guides)
    return proposals(known, assign(known))


def assign(known: Pool) -> Assigned:
    """The assignment with the largest total."""
    owner, costs = _places(known)
    found = np.full(len(known.seekers), -1, dtype=np.int64)
    worth = known.score[:, owner] - costs
    good = known.enough[:, owner] & (worth > 0)
    rows, columns = linear_sum_assignment(np.where(good, worth, 0.0), maximize=True)
    taken = good[rows, columns]  # what is worth nothing is no match
    found[rows[taken]] = owner[columns[taken]]
    return found


def _places(known: Pool) -> tuple[Assigned, Floats]:
    """A column for each place of each guide: whose it is, and what it costs.

    A guide has no more columns than there are learners whom it could guide.
    """
    wanted = known.enough.sum(0)
    free = [min(g.places, int(w)) for g, w in zip(known.guides, wanted, strict=True)]
    owner = np.repeat(np.arange(len(free), dtype=np.int64), free)
    costs = [step(g, k) for g, n in zip(known.guides, free, strict=True) for k in range(n)]
    return owner, np.array(costs, dtype=float)


def step(guide: Guide, taken: int) -> float:
    """What it costs to give a guide one more, after so many in this round."""
    return LOAD * taken / max(1, min(guide.capacity, MOST_PLACES))


def total(known: Pool, assigned: Assigned) -> float:
    """What an assignment is worth: the figure that `assign` makes largest."""
    taken, found = [0] * len(known.guides), 0.0
    for i, j in enumerate(assigned):
        if j >= 0:
            found += float(known.score[i, j]) - step(known.guides[j], taken[j])
            taken[j] += 1
    return found


# in words --------------------------------------------------------------------------------------
def proposals(known: Pool, assigned: Assigned) -> tuple[Proposal, ...]:
    """An assignment with its reasons."""
    free = np.array([g.places > 0 for g in known.guides], dtype=bool)
    could = known.enough & free
    made = [_proposal(known, could[i], i, int(j)) for i, j in enumerate(assigned)]
    return tuple(sorted(made, key=_order))


def _order(one: Proposal) -> tuple[float, str]:
    return (1.0 if one.fit is None else -one.fit.score, one.seeker)


def _proposal(known: Pool, could: NDArray[np.bool_], seeker: int, guide: int) -> Proposal:
    score = known.score[seeker]
    ranked = sorted(np.flatnonzero(could), key=lambda j: (-score[j], j))
    others = [int(j) for j in ranked if j != guide][:ALTERNATIVES]
    return Proposal(
        known.seekers[seeker].name,
        known.fit(seeker, guide) if guide >= 0 else None,
        None if guide >= 0 else _lacking(known, seeker),
        tuple(known.fit(seeker, j) for j in others),
    )


def _lacking(known: Pool, seeker: int) -> Lacking:
    one, knows = known.seekers[seeker], known.experience[seeker]
    if not (one.situations or one.able):
        return "nothing_said"
    if not any(g.places for g in known.guides):
        return "no_trainers" if not known.enough[seeker].any() else "no_places"
    if known.enough[seeker].any():
        return "no_places"
    others = np.array([g.name != one.name for g in known.guides], dtype=bool)
    return "excluded" if ((knows >= ENOUGH) & others).any() else "no_experience"


# what it is held against -----------------------------------------------------------------------
def first_come(known: Pool, order: Sequence[int] | None = None) -> Assigned:
    """Each in its turn takes the best that is left; in the order of names where none is given."""
    turns = range(len(known.seekers)) if order is None else order
    taken = np.zeros(len(known.guides), dtype=np.int64)
    found = np.full(len(known.seekers), -1, dtype=np.int64)
    for i in turns:
        worth = _left(known, taken, i)
        best = int(worth.argmax()) if len(worth) else -1
        if best >= 0 and worth[best] > 0:
            found[i] = best
            taken[best] += 1
    return found


def greedy(known: Pool) -> Assigned:
    """The best pair of all first, then the best of those left, and so on."""
    taken = np.zeros(len(known.guides), dtype=np.int64)
    found = np.full(len(known.seekers), -1, dtype=np.int64)
    every, enough = range(len(known.seekers)), known.enough
    worth = np.array([_left(known, taken, i) for i in every]).reshape(known.score.shape)
    while worth.size and worth.max() > 0:
        i, j = divmod(int(worth.argmax()), len(known.guides))
        found[i] = j
        taken[j] += 1
        guide = known.guides[j]
        may = enough[:, j] & (found < 0) & (taken[j] < guide.places)
        worth[:, j] = np.where(may, known.score[:, j] - step(guide, int(taken[j])), -np.inf)
        worth[i] = -np.inf
    return found


def _left(known: Pool, taken: Assigned, seeker: int) -> Floats:
    """What each guide is worth to this seeker, as many as it has taken; -inf where it may not."""
    costs = np.array([step(g, int(t)) for g, t in zip(known.guides, taken, strict=True)])
    places = np.array([g.places for g in known.guides])
    may = known.open[seeker] & (known.experience[seeker] >= ENOUGH) & (taken < places)
    worth: Floats = np.where(may, known.score[seeker] - costs, -np.inf)
    return worth


def at_random(known: Pool, rng: np.random.Generator) -> Assigned:
    """Anybody who has room and is not excluded, whatever they have handled."""
    left = np.array([g.places for g in known.guides])
    found = np.full(len(known.seekers), -1, dtype=np.int64)
    for i in rng.permutation(len(known.seekers)):
        may = np.flatnonzero(known.open[i] & (left > 0))
        if len(may):
            found[i] = rng.choice(may)
            left[found[i]] -= 1
    return found
