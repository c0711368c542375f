"""What practitioners know, to be shown beside the estimate: the latest rating, a decaying average.

Neither knows difficulty, severity or chance; they are shown because people recognise them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

DECAY = 0.65  # of a rating's weight, what each later one leaves


@dataclass(frozen=True, slots=True)
class Plain:
    """The latest rating and the decaying average of one criterion; None before any.

    >>> print(plain([2, 3, 3, 4]))
    latest 4, decaying average 3.3 (n=4)
    """

    latest: int | None
    decaying: float | None
    n: int

    def __str__(self) -> str:
        if self.latest is None or self.decaying is None:
            return "no rating yet"
        return f"latest {self.latest}, decaying average {self.decaying:.1f} (n={self.n})"


def plain(ratings: Sequence[int], decay: float = DECAY) -> Plain:
    """Latest and decaying average of ratings, oldest first: sum of decay^age·rating over decay^age.

    >>> plain([])
    Plain(latest=None, decaying=None, n=0)
    """
    if not ratings:
        return Plain(None, None, 0)
    weights = [decay**age for age in range(len(ratings) - 1, -1, -1)]
    total = sum(w * y for w, y in zip(weights, ratings, strict=True))
    return Plain(ratings[-1], total / sum(weights), len(ratings))
