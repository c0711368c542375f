"""How like texts of a pool are: by the words that say what they are about, rare ones counting more.

Whole texts are told apart by `novelty.vector`; but short ones of different people share half of
their letters by chance, so here only content words speak (those of `asks.content`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tutelage.evidence.asks import content

LONGEST = 2000  # letters of a text that are read

Floats = NDArray[np.float64]


class Likeness:
    """Texts of one pool as vectors of length one over the words of the pool.

    A word weighs ln((1 + n) / m), n texts of which m have it: what everybody writes says nothing
    of whom it suits. Source: Spärck Jones (1972), inverse document frequency.

    >>> pool = Likeness(["an angry client calls", "the client was angry", "a broken build"])
    >>> apart = pool.of(("an angry client calls",)) @ pool.of(("the client was angry",)).T
    >>> round(float(apart.toarray()[0, 0]), 2)
    0.58
    """

    def __init__(self, texts: Iterable[str]) -> None:
        counts: dict[str, int] = {}
        n = 0
        for text in texts:
            n += 1
            for word in words(text):
                counts[word] = counts.get(word, 0) + 1
        self._at = {word: i for i, word in enumerate(sorted(counts))}
        held = np.array([counts[word] for word in self._at], dtype=float)
        self._weights: Floats = np.log((1 + n) / np.maximum(held, 1.0))
        self._kept: dict[tuple[str, ...], csr_array] = {}  # a trainer is compared with many

    def of(self, texts: tuple[str, ...]) -> csr_array:
        """These texts, one a row; one without a content word is like nothing."""
        if texts not in self._kept:
            self._kept[texts] = self._rows(texts)
        return self._kept[texts]

    def _rows(self, texts: Sequence[str]) -> csr_array:
        columns = [sorted(self._at[w] for w in words(t) if w in self._at) for t in texts]
        ends = np.cumsum([0, *map(len, columns)])
        at = np.array([i for row in columns for i in row], dtype=np.int64)
        sizes = [float(np.sqrt((self._weights[row] ** 2).sum())) for row in columns]
        lengths = np.repeat(np.array(sizes, dtype=float), np.diff(ends))
        return csr_array((self._weights[at] / lengths, at, ends), (len(texts), len(self._at)))


def words(text: str) -> frozenset[str]:
    """The content words of as much of a text as is read."""
    return content(text[:LONGEST])
