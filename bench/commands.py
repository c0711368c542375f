"""Does a command cost more in a long relationship than in a short one?

Two processes, each with its desk warm on a relationship of another length, take turns by whole
situations of the workload, so that both write the same kinds of entries. A round is long enough
for either to persist its estimate once.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import fmean, median
from typing import IO, Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.grown import NAME, Grown
from bench.measure import Measure, tell
from bench.workload import course
from tutelage import Tutelage
from tutelage.service.keep import CHECKPOINT_EVERY

ENTRIES = 7  # a situation's
COMMANDS = 6  # one of the entries follows by itself


def command_growth(grown: Grown) -> Iterator[Measure]:
    """Mean command at 10,000 entries ÷ at 100."""
    found = [_round(grown) for _ in range(1 if grown.quick else 5)]
    for small, large in found:
        tell(f"  {1e3 * small:.2f} ms at {grown.small}, {1e3 * large:.2f} at {grown.large}")
    yield Measure("command_growth", median(b / a for a, b in found), "ratio", 1.3)


def _round(grown: Grown) -> tuple[float, float]:
    situations = 8 if grown.quick else CHECKPOINT_EVERY // ENTRIES + 1
    small: list[float] = []
    large: list[float] = []
    with ExitStack() as stack:
        short = stack.enter_context(_writer(grown.copy(grown.small)))
        long = stack.enter_context(_writer(grown.copy(grown.large)))
        for n in range(situations):
            pair = [(short, small), (long, large)]
            for writer, taken in pair if n % 2 else reversed(pair):
                taken.append(_ask(writer))
    return fmean(small), fmean(large)


def _ask(writer: subprocess.Popen[str]) -> float:
    ask: IO[str] | Any = writer.stdin
    answer: IO[str] | Any = writer.stdout
    ask.write("\n")
    ask.flush()
    return float(answer.readline()) / COMMANDS


@contextmanager
def _writer(file: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that writes a situation for each line it reads; it is warm when this returns."""
    command = [sys.executable, __file__, str(file)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        for _ in range(2):
            _ask(writer)
        yield writer


def _write(file: str) -> None:
    with Tutelage(f"sqlite:///{file}") as desk:
        # the situation that is open is skipped; it stays open in either relationship
        acts = course(len(desk.state(NAME).situations))
        for _ in sys.stdin:
            cycle = [next(acts) for _ in range(COMMANDS)]
            start = time.perf_counter()
            for actor, event in cycle:
                desk.write(NAME, event, actor=actor)
            print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    _write(sys.argv[1])
