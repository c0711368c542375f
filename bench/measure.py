"""What a measure says, and how its samples are taken: in pairs, so that a drift hits both alike."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Measure:
    """A number with the bar it is held to; without a bar it is only told."""

    name: str
    value: float
    unit: str
    bar: float | None = None
    at_least: bool = False

    @property
    def holds(self) -> bool | None:
        """Whether the bar holds; None where there is none."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    def __str__(self) -> str:
        said = {"name": self.name, "value": round(self.value, 3), "unit": self.unit}
        return json.dumps({**said, "bar": self.bar, "holds": self.holds})


def seconds(act: Callable[..., object], *args: object, **given: object) -> float:
    """How long it takes to call this."""
    start = time.perf_counter()
    act(*args, **given)
    return time.perf_counter() - start


def times(pairs: Iterable[tuple[float, float]]) -> float:
    """How many times as long the first takes: the median over the pairs."""
    return median(ours / theirs for ours, theirs in pairs)


def tell(what: str) -> None:
    """Progress, on stderr."""
    print(what, file=sys.stderr, flush=True)
