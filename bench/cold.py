"""The first command of a process: how long until an entry is on disk.

A fresh process each time, on a fresh copy. The clock runs from just before the desk is constructed
until the first `write` has returned: engine, schema check, checkpoint, all entries folded, novelty,
check, append. The imports before it are left out: they do not depend on the ledger, and a server
has done them before it listens. The command opens a situation: the dearest kind, since it needs the
index of all situations met. The estimate's checkpoint is where the service last put it.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.grown import NAME, Grown
from bench.measure import Measure, tell
from bench.workload import course
from tutelage import Tutelage


def cold_fold_ms(grown: Grown) -> Iterator[Measure]:
    """With the persisted estimate, and without it, by turns."""
    runs = 1 if grown.quick else 7
    _first(grown, keep=True)  # compiles, and warms the disk's cache
    pairs = [(_first(grown, keep=True), _first(grown, keep=False)) for _ in range(runs)]
    kept, anew = zip(*pairs, strict=True)
    for what, took in (("with", kept), ("without", anew)):
        tell(f"  {what} the checkpoint {min(took):.0f} to {max(took):.0f} ms")
    yield Measure("cold_fold_ms", median(kept), "ms", 300.0)
    yield Measure("cold_fold_ms_no_checkpoint", median(anew), "ms")


def _first(grown: Grown, *, keep: bool) -> float:
    file = grown.copy(grown.large)
    with closing(sqlite3.connect(file)) as connection, connection:
        (situations,) = connection.execute(
            "SELECT situations FROM relationship WHERE id = ?", [NAME]
        ).fetchone()
        if not keep:
            connection.execute("DELETE FROM checkpoint")
    # compiled modules as in any installation, and beside nobody's sources
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPYCACHEPREFIX"] = str(grown.folder / "compiled")
    command = [sys.executable, __file__, str(file), str(situations)]
    said = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout
    file.unlink()
    return float(said)


def _command(file: str, situations: int) -> float:
    actor, event = next(course(situations))
    start = time.perf_counter()
    desk = Tutelage(f"sqlite:///{file}")
    desk.write(NAME, event, actor=actor)
    took = time.perf_counter() - start
    desk.close()
    return 1e3 * took


if __name__ == "__main__":
    print(_command(sys.argv[1], int(sys.argv[2])))
