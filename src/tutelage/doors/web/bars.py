"""Counts as they are looked at: a bar each, as long as it is many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tutelage.doors.web.words import word

WIDE = 200


@dataclass(frozen=True, slots=True)
class Bar:
    """What is counted, in the reader's words, how many, and how long its bar is."""

    key: str
    said: str
    count: int
    width: float


def bars(counts: Mapping[str, int]) -> tuple[Bar, ...]:
    """A bar for each count, the longest across the paper."""
    most = max(counts.values(), default=0) or 1
    return tuple(Bar(k, word(k), n, round(WIDE * n / most, 1)) for k, n in counts.items())
