"""How far a situation is from those this learner has already met.

Declared facts first, text as tie-break: real talk is so varied, and templated text so alike, that
text alone misleads.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

VERSION = "novelty-1"
WIDTH = 256  # hashed n-grams: enough to tell a few hundred situations apart
FEWEST = 9  # past situations; with fewer, a nominal 10 % cannot be reached
DUPLICATE = 0.06  # distance under which two situations are the same case told twice
FACT_WEIGHT = 0.7

Vector = NDArray[np.float32]
Distances = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Novelty:
    """A conformal rank: the share of past situations at least as far from their neighbours."""

    rank: float | None
    nearest: str | None
    distance: float | None
    same: tuple[str, ...] = ()  # past situations that this one nearly repeats
    apart: Distances | None = field(default=None, repr=False, compare=False)  # to each of the past

    @property
    def novel(self) -> bool | None:
        """New at the nominal 10 %; None when there is too little to tell."""
        return None if self.rank is None else self.rank <= 0.1


@lru_cache(2048)
def vector(text: str) -> Vector:
    """A text as hashed counts of its 3- to 5-grams of characters, of length one.

    >>> round(float(vector("the dog barks") @ vector("the dog barks")), 3)
    1.0
    """
    words = f" {' '.join(text.lower().split())} "[:8000]
    counts = np.zeros(WIDTH, dtype=np.float32)
    for n in (3, 4, 5):
        grams = {words[i : i + n] for i in range(len(words) - n + 1)}
        for gram in grams:
            counts[zlib.crc32(gram.encode()) % WIDTH] += 1.0
    size = float(np.sqrt((counts * counts).sum()))
    scaled: Vector = np.round(counts / size, 6) if size else counts
    scaled.setflags(write=False)  # it is kept, and handed out again
    return scaled


class Seen:
    """The situations met so far: their texts as vectors, their declared facts as an index."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self._vectors: Vector = np.zeros((64, WIDTH), dtype=np.float32)
        self._nearest: Distances = np.full(64, np.inf)
        self._sizes: Distances = np.zeros(64)  # how many facts each declared
        self._with: dict[str, list[int]] = {}  # by fact, the places of the situations with it

    def add(
        self,
        key: str,
        text: str,
        facts: Mapping[str, str],
        known: Vector | None = None,
        nearest: float | None = None,
        apart: Distances | None = None,
    ) -> None:
        """One more situation; its text may be given as the vector that was kept of it.

        With its distance to the nearest of all, as `nearest` kept it, nothing is compared; with
        those that it was judged by, as `Novelty.apart` has them, they are not measured again.
        """
        here, said = vector(text) if known is None else known, declared(facts)
        count = len(self.keys)
        if nearest is None:
            apart = self._distances(here, said) if apart is None else apart
            nearest = float(apart.min(initial=np.inf))
            np.minimum(self._nearest[:count], apart, out=self._nearest[:count])
        if count == len(self._vectors):
            self._grow()
        self._vectors[count] = here
        self._nearest[count] = nearest
        self._sizes[count] = len(said)
        for fact in said:
            self._with.setdefault(fact, []).append(count)
        self.keys.append(key)

    @property
    def nearest(self) -> Distances:
        """How far each is from the one nearest to it, in the order they were met."""
        return self._nearest[: len(self.keys)]

    def judge(self, text: str, facts: Mapping[str, str], known: Vector | None = None) -> Novelty:
        """How new a situation is against all that were met.

        rank = (1 + #{past i: its distance to its nearest ≥ this one's}) / (n + 1): under
        exchangeability P(rank ≤ a) ≤ a. Source: Vovk, Gammerman & Shafer (2005).
        """
        if not self.keys:
            return Novelty(None, None, None)
        new, said = vector(text) if known is None else known, declared(facts)
        apart = self._distances(new, said)
        at, past = int(apart.argmin()), len(self.keys)
        distance = float(apart[at])
        rank = None
        if past >= FEWEST:
            farther = int((self._nearest[:past] >= distance - 1e-9).sum())
            rank = round((1 + farther) / (past + 1), 6)
        same = tuple(self.keys[i] for i in np.flatnonzero(apart < DUPLICATE))
        return Novelty(rank, self.keys[at], round(distance, 6), same, apart)

    def _grow(self) -> None:
        more = len(self._vectors)
        self._vectors = np.concatenate([self._vectors, np.zeros_like(self._vectors)])
        self._nearest = np.concatenate([self._nearest, np.full(more, np.inf)])
        self._sizes = np.concatenate([self._sizes, np.zeros(more)])

    def _distances(self, here: Vector, said: frozenset[str]) -> Distances:
        count = len(self.keys)
        by_text = 1.0 - (self._vectors[:count] @ here).astype(np.float64)
        if not said:
            return np.maximum(by_text, 0.0)
        shared = np.zeros(count)
        for fact in said:
            shared[self._with.get(fact, [])] += 1.0
        by_facts = 1.0 - shared / (len(said) + self._sizes[:count] - shared)
        return np.maximum(FACT_WEIGHT * by_facts + (1 - FACT_WEIGHT) * by_text, 0.0)


def declared(facts: Mapping[str, str]) -> frozenset[str]:
    """Declared facts as a set of name=value."""
    return frozenset(f"{k}={v}".lower() for k, v in facts.items())


def similarity(one: str, other: str) -> float:
    """Likeness of two texts, 0 to 1."""
    return float(vector(one) @ vector(other))


def closest(text: str, others: Iterable[str]) -> tuple[int, float] | None:
    """Index and likeness of the text most like this one."""
    here = vector(text)
    best = max(
        ((float(here @ vector(o)), -i) for i, o in enumerate(others)),
        default=None,
    )
    return None if best is None else (-best[1], best[0])
