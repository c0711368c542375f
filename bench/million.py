"""The memory it takes to stream and fold a million entries of a thousand relationships.

One relationship is written through the service; its rows are copied to 999 other names. A fresh
process then folds one after the other and reports the most memory it ever held.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.grown import NAME, Grown
from bench.measure import Measure, tell
from tutelage import Tutelage
from tutelage.domain.evolve import fold
from tutelage.service.row import Row

COLUMNS = ",".join(Row._fields)
COPY = (
    f"INSERT INTO entry (relationship,{COLUMNS}) "  # noqa: S608
    f"SELECT ?,{COLUMNS} FROM entry WHERE relationship=?"
)


def fold_million_mb(grown: Grown) -> Iterator[Measure]:
    """Peak memory of a process that folds 1,000 times 1,000 entries."""
    file, names = grown.copy(grown.middle), 10 if grown.quick else 1000
    entries = _multiply(file, names)
    command = [sys.executable, __file__, str(file), str(names)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    file.unlink()
    folded, peak = said.split()
    assert int(folded) == entries
    yield Measure("fold_million_mb", float(peak), "MB", 300.0)


def _multiply(file: Path, names: int) -> int:
    """Copy the relationship to other names; how many entries there are then."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")  # a scratch file
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-200000")
        connection.execute("DROP INDEX ix_entry_digest")  # for redaction; not read here
        connection.execute("BEGIN")
        for n in range(1, names):
            connection.execute(COPY, [_name(n), NAME])
            if n % 250 == 0:
                tell(f"  copied {n} relationships")
        connection.execute("COMMIT")
        (entries,) = connection.execute("SELECT count(*) FROM entry").fetchone()
        return int(entries)


def _name(n: int) -> str:
    return f"{NAME}{n}" if n else NAME


def _fold(file: str, names: int) -> None:
    entries = 0
    with Tutelage(f"sqlite:///{file}") as desk:
        for n in range(names):
            entries += fold(desk.ledger.read(_name(n))).seq
            if n % 250 == 249:
                tell(f"  folded {entries:,} entries, at most {_peak():.0f} MB")
    print(entries, _peak())


def _peak() -> float:
    """Of this program alone; getrusage would count the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (one for one in status.splitlines() if one.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    _fold(sys.argv[1], int(sys.argv[2]))
