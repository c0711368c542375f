"""kill -9 at random moments of two writing processes; then everything acknowledged must be there.

Run as a program, so that it can fork without pytest's threads:
``python tests/integration/torture.py URL ROUNDS SEED``.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench.workload import course, grow, opened
from tutelage import Tutelage
from tutelage.domain.errors import TutelageError
from tutelage.domain.events import Noted

RELATIONSHIP = "torture"


def write_the_course(url: str, acknowledge: int) -> None:
    """Situation after situation, each acknowledged entry reported as soon as it is."""
    with Tutelage(url) as desk:
        situations = course(len(desk.state(RELATIONSHIP).situations))
        for actor, event in situations:
            _report(acknowledge, desk.write(RELATIONSHIP, event, actor=actor).entry)


def write_notes(url: str, acknowledge: int) -> None:
    """A second writer at the same time: notes are allowed at any point."""
    with Tutelage(url) as desk:
        while True:
            note = Noted(text="Something to remember. " * 20)
            _report(acknowledge, desk.write(RELATIONSHIP, note, actor="mia").entry)


def _report(acknowledge: int, entry: object) -> None:
    line = f"{entry.seq} {entry.id} {entry.digest}\n"  # type: ignore[attr-defined]
    os.write(acknowledge, line.encode())


def _child(job: object, url: str, acknowledge: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    while True:
        try:
            job(url, acknowledge)  # type: ignore[operator]
        except TutelageError as error:
            # two writers in a hurry: one may be told to come back, nothing is lost by that
            if error.code not in {"busy", "locked"}:
                os.write(2, f"{error.code}: {error.message}\n".encode())
                os._exit(1)


def one_round(url: str, seconds: float) -> list[tuple[int, str, str]]:
    """Two writers until they are killed; what they had acknowledged."""
    reads, writes = os.pipe()
    pids = [_child(job, url, writes) for job in (write_the_course, write_notes)]
    os.close(writes)
    time.sleep(seconds)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    statuses = [os.waitpid(pid, 0)[1] for pid in pids]
    with os.fdopen(reads, "rb") as pipe:
        said = pipe.read().decode().splitlines(keepends=True)
    if any(os.WIFEXITED(status) for status in statuses):
        raise SystemExit("a writer gave up instead of being killed")
    return [(int(s), i, d) for s, i, d in (line.split() for line in said if line.endswith("\n"))]


def check(url: str, acknowledged: list[tuple[int, str, str]]) -> int:
    """Every acknowledged entry is there, the chain verifies, the projection is right."""
    with Tutelage(url) as desk:
        found = desk.verify(RELATIONSHIP)
        if not found.ok:
            raise SystemExit(f"broken chain: {found.problem}")
        there = {row.seq: (row.id, row.digest) for row in desk.ledger.rows(RELATIONSHIP)}
        lost = [a for a in acknowledged if there.get(a[0]) != (a[1], a[2])]
        if lost:
            raise SystemExit(f"{len(lost)} acknowledged entries are lost: {lost[:3]}")
        if not desk.rebuild(RELATIONSHIP):
            raise SystemExit("the projection row was not what the entries say")
        return found.entries


def main(url: str, rounds: int, seed: int) -> None:
    """As many rounds as asked, each killed at a moment drawn from the seed."""
    draw = random.Random(seed)
    with Tutelage(url) as desk:
        if not desk.relationships():
            opened(desk, RELATIONSHIP)
            grow(desk, RELATIONSHIP, 40)
    acknowledged: list[tuple[int, str, str]] = []
    entries = 0
    for number in range(1, rounds + 1):
        acknowledged += one_round(url, draw.uniform(0.02, 0.35))
        entries = check(url, acknowledged)
        if number % 20 == 0:
            print(f"{number} kills, {entries} entries", flush=True)
    print(f"{rounds} kills -9: {len(acknowledged)} acknowledged, {entries} entries, chain whole")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
