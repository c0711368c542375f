"""Telling many people: planning, a round in which nothing is new, and draining by two processes.

The reference of draining is a bare loop on the same file that only reads and marks each row, one
durable commit each. One of the two processes is killed on the way.
"""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median

from bench.grown import Grown
from bench.measure import Measure, seconds, tell
from bench.told import many
from tutelage import Tutelage
from tutelage.service.channel import Channels
from tutelage.service.planning import Planning

SIZE, QUICK = (10_000, 10), (40, 5)
MARKED = 2_000  # rows of the reference
ROOT = Path(__file__).parents[1]


def telling(grown: Grown) -> Iterator[Measure]:
    """10,000 relationships, in each of which ten things wait for one person."""
    count, each = QUICK if grown.quick else SIZE
    file = grown.folder / "telling.db"
    url = f"sqlite:///{file}"
    tell(f"  writing {count:,} relationships")
    many(url, count, each)
    with Tutelage(url) as desk:
        channels = Channels(desk.ledger.engine, desk.clock, desk.entropy)
        planning = Planning(desk, channels)
        yield Measure("plan_s", seconds(planning.round, desk.clock()), "s", 150.0)
        idle = [seconds(planning.round, desk.clock()) for _ in range(5)]
        yield Measure("plan_nothing_ms", 1e3 * median(idle), "ms", 250.0)
    bare = _marked(file, grown.folder / "bare.db")
    took, came = drained(url, grown.folder / "mails", count * each // 4)
    lost, double = count - len(came), sum(came.values()) - len(came)
    tell(f"  {count * each / took:,.0f} deliveries a second; the bare loop {1 / bare:,.0f} rows")
    yield Measure("drain_vs_marking", took / (count * each) / bare, "ratio", 5.0)
    yield Measure("drain_lost", lost, "mails", 0.0)
    yield Measure("drain_double", double, "mails", 1.0)  # sent, and killed before it was noted


def drained(url: str, file: Path, after: int) -> tuple[float, Counter[str]]:
    """Two processes tell; one is killed when so many were told. Seconds, and mails by person."""
    command = [sys.executable, "-m", "bench.teller", url, str(file)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "cwd": ROOT}
    both = [subprocess.Popen(command, **pipes) for _ in range(2)]
    for one in both:
        assert one.stdout.readline() == b"ready\n"
    start = time.perf_counter()
    for one in both:
        one.stdin.write(b"go\n")
        one.stdin.close()
    while told(url) < after and both[0].poll() is None:
        time.sleep(0.05)
    both[0].send_signal(signal.SIGKILL)
    assert both[1].wait() == 0
    both[0].wait()
    took = time.perf_counter() - start
    for one in both:
        one.stdout.close()
    return took, Counter(file.read_text().split())


def told(url: str) -> int:
    """How many were told already."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)) as bare:
        query = "SELECT count(*) FROM delivery WHERE state = 'sent'"
        return int(bare.execute(query).fetchone()[0])


def _marked(file: Path, copy: Path) -> float:
    """Seconds for one row, read and marked as told."""
    shutil.copy(file, copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as bare:
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=FULL")
        rows = bare.execute("SELECT rowid FROM delivery WHERE state = 'waiting'").fetchmany(MARKED)

        def mark() -> None:
            for (row,) in rows:
                bare.execute("SELECT * FROM delivery WHERE rowid = ?", (row,)).fetchone()
                bare.execute("UPDATE delivery SET state = 'sent' WHERE rowid = ?", (row,))

        return seconds(mark) / len(rows)
