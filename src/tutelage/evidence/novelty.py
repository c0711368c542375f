"""How far a situation is from those this learner has already met.

Declared facts first, text as tie-break: real talk is so varied, and templated text so alike, that
text alone misleads.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

VERSION = "novelty-1"
WIDTH = 256  # hashed n-grams: enough to tell a few hundred situations apart
FEWEST = 9  # past situations; with fewer, a nominal 10 % cannot be reached
DUPLICATE = 0.06  # distance under which two situations are the same case told twice
FACT_WEIGHT = 0.7

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Novelty:
    """A conformal rank: the share of past situations at least as far from their neighbours."""

    rank: float | None
    nearest: str | None
    distance: float | None

    @property
    def novel(self) -> bool | None:
        """New at the nominal 10 %; None when there is too little to tell."""
        return None if self.rank is None else self.rank <= 0.1


def vector(text: str) -> Vector:
    """A text as hashed counts of its 3- to 5-grams of characters, of length one.

    >>> float(vector("the dog barks") @ vector("the dog barks"))
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
    return scaled


@dataclass(slots=True)
class Seen:
    """The situations met so far: their texts as vectors, their declared facts as sets."""

    keys: list[str] = field(default_factory=list)
    facts: list[frozenset[str]] = field(default_factory=list)
    guided: set[str] = field(default_factory=set)
    nearest: list[float] = field(default_factory=list)
    _vectors: Vector = field(default_factory=lambda: np.zeros((64, WIDTH), dtype=np.float32))

    def add(self, key: str, text: str, facts: Mapping[str, str]) -> None:
        """One more situation."""
        here, said = vector(text), declared(facts)
        apart = self._distances(here, said)
        count = len(self.keys)
        if count == len(self._vectors):
            self._vectors = np.concatenate([self._vectors, np.zeros_like(self._vectors)])
        self._vectors[count] = here
        for i, d in enumerate(apart):
            self.nearest[i] = min(self.nearest[i], float(d))
        self.nearest.append(float(apart.min()) if count else np.inf)
        self.keys.append(key)
        self.facts.append(said)

    def judge(self, text: str, facts: Mapping[str, str]) -> Novelty:
        """How new a situation is against all that were met.

        rank = (1 + #{past i: its distance to its nearest ≥ this one's}) / (n + 1): under
        exchangeability P(rank ≤ a) ≤ a. Source: Vovk, Gammerman & Shafer (2005).
        """
        if not self.keys:
            return Novelty(None, None, None)
        apart = self._distances(vector(text), declared(facts))
        at = int(apart.argmin())
        here = float(apart[at])
        rank = None
        if len(self.keys) >= FEWEST:
            past = np.array(self.nearest)
            rank = round(float(1 + (past >= here - 1e-9).sum()) / (len(past) + 1), 6)
        return Novelty(rank, self.keys[at], round(here, 6))

    def duplicate_of_guided(self, found: Novelty) -> bool:
        """Whether the nearest situation is nearly the same and was guided."""
        close = found.distance is not None and found.distance < DUPLICATE
        return close and found.nearest in self.guided

    def _distances(self, here: Vector, said: frozenset[str]) -> NDArray[np.float64]:
        count = len(self.keys)
        by_text = 1.0 - (self._vectors[:count] @ here).astype(np.float64)
        if not said:
            return np.maximum(by_text, 0.0)
        by_facts = np.array([_jaccard(said, other) for other in self.facts], dtype=np.float64)
        return np.maximum(FACT_WEIGHT * by_facts + (1 - FACT_WEIGHT) * by_text, 0.0)


def declared(facts: Mapping[str, str]) -> frozenset[str]:
    """Declared facts as a set of name=value."""
    return frozenset(f"{k}={v}".lower() for k, v in facts.items())


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    union = len(one | other)
    return 1.0 - len(one & other) / union if union else 0.0


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
