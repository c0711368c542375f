"""One relationship written through the service, kept at three sizes; every use gets a copy."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path

from bench.measure import tell
from bench.workload import grow, opened
from tutelage import Tutelage

NAME = "r"  # of the relationship
SIZES = (100, 1000, 10_000)
QUICK = (100, 200, 400)


class Grown:
    """Grown once for all measures of a run, as far as one of them asks."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.folder, self.quick = folder, quick
        self.small, self.middle, self.large = QUICK if quick else SIZES
        self._numbers = count(1)

    def copy(self, entries: int) -> Path:
        """A database of its own in which the relationship has so many entries."""
        new = self.folder / f"copy-{next(self._numbers)}.db"
        shutil.copy(self._at(entries), new)
        return new

    def _at(self, entries: int) -> Path:
        file = self._file(entries)
        if not file.exists():
            smaller = max((s for s in (self.small, self.middle) if s < entries), default=None)
            before = None if smaller is None else self._at(smaller)
            _grow(before, file, entries)
        return file

    def _file(self, entries: int) -> Path:
        return self.folder / f"grown-{entries}.db"


def _grow(before: Path | None, file: Path, entries: int) -> None:
    tell(f"  writing {entries:,} entries")
    work = file.with_suffix(".work")
    if before is not None:
        shutil.copy(before, work)
    with Tutelage(f"sqlite:///{work}") as desk:
        if before is None:
            opened(desk, NAME)
        grow(desk, NAME, entries)
    work.rename(file)  # closed: nothing of it is in a write-ahead log any more
