"""Which runs a mentor gets to see today: a random share, and the worst of the rest."""

from __future__ import annotations

import hashlib
import heapq
from dataclasses import dataclass
from typing import Any, TypeVar

from tutelage.doors.exchange.outline import Chosen
from tutelage.doors.exchange.run import Run

T = TypeVar("T", bound=tuple[Any, ...])


@dataclass(frozen=True, slots=True)
class Picked:
    """A run, and how it was chosen."""

    run: Run
    chosen: Chosen


class Picking:
    """Chooses while the runs go by, and holds no more of them than it may choose.

    Every run gets a number that follows from the seed and its own content, as good as random; the
    lowest are the random share. So the order in which the files are read changes nothing, and a
    run that is told twice has no better chance. With `n` runs and a share of `k`, each is drawn
    with the chance k/n. The worst are then taken from the others, those that are measured: they
    are marked as chosen because they went badly, and count nowhere as evidence. Those taken so
    before keep their lot in later draws, and use it up: without them the share would be too good.
    """

    def __init__(self, share: int, worst: int, seed: int) -> None:
        self._share, self._worst, self._seed = share, worst, seed
        self._drawn: list[tuple[int, str, Run]] = []
        self._bad: list[tuple[float, int, str, Run]] = []
        self._taken: set[str] = set()
        self.count = 0

    def add(self, run: Run, *, taken: bool = False) -> None:
        """One more run to choose from; `taken` was brought in before as one of the worst."""
        self.count += 1
        key = run.key
        lot = _lot(self._seed, key)
        self._taken |= {key} if taken else set()
        _keep(self._drawn, (-lot, key, run), self._share)
        if run.reward is not None and not taken:
            _keep(self._bad, (-run.reward, -lot, key, run), self._worst + self._share)

    def picked(self) -> list[Picked]:
        """The random share first, then the worst."""
        drawn = sorted(self._drawn, reverse=True)
        chance = len(drawn) / self.count if self.count else 0.0
        how = f"drawn at random: {len(drawn)} of {self.count} runs, seed {self._seed}"
        keys = {key for _lot, key, _run in drawn}
        bad = [run for *_, key, run in sorted(self._bad, reverse=True) if key not in keys]
        worst = Chosen("one of the worst of the runs that were not drawn", None, because_bad=True)
        return [
            *(Picked(run, Chosen(how, chance)) for *_, run in drawn if run.key not in self._taken),
            *(Picked(run, worst) for run in bad[: self._worst]),
        ]


def _keep(heap: list[T], entry: T, most: int) -> None:
    """Keep the highest few; equal keys are the same run."""
    if most <= 0 or any(entry[-2] == kept[-2] for kept in heap):
        return
    if len(heap) < most:
        heapq.heappush(heap, entry)
    else:
        heapq.heappushpop(heap, entry)


def _lot(seed: int, key: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}\n{key}".encode()).digest()[:8], "big")
