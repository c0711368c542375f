"""How long it takes to say whose turn it is after an entry was written."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

from bench.grown import NAME, Grown
from bench.measure import Measure, seconds, tell
from bench.workload import course
from tutelage import Tutelage


def turn_ms(grown: Grown) -> Iterator[Measure]:
    """Median `Written.turn` after an append, at 10,000 entries, over whole situations."""
    turns: list[float] = []
    writes: list[float] = []
    with Tutelage(f"sqlite:///{grown.copy(grown.large)}") as desk:
        acts = course(len(desk.state(NAME).situations))
        for _ in range(6 * (4 if grown.quick else 50)):
            actor, event = next(acts)
            start = time.perf_counter()
            written = desk.write(NAME, event, actor=actor)
            writes.append(time.perf_counter() - start)
            turns.append(seconds(getattr, written, "turn"))
    told = 1e3 * median(turns)
    tell(f"  {told:.2f} ms, beside {1e3 * median(writes):.2f} ms for the append before it")
    yield Measure("turn_ms", told, "ms", 2.0)
