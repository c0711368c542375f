"""What could not be written while Tutelage was away, kept in a file and written later."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from tutelage.domain.errors import TutelageError, Unavailable
from tutelage.domain.events import EVENT, Event

LIMIT = 64 * 1024 * 1024  # bytes the file may grow to; what comes then is counted and let go


@dataclass(frozen=True, slots=True)
class Kept:
    """One event that waits, under the id it is written with."""

    relationship: str
    id: str
    event: Event


class Spool:
    """Events in the order they came, one JSON object a line; each is written once, under its id."""

    def __init__(self, file: Path | str, limit: int = LIMIT) -> None:
        self.file, self._limit = Path(file), limit
        self._lock = Lock()
        self.lost = 0  # for want of room

    def put(self, kept: Kept) -> bool:
        """Keep an event; False where there is no room or no disk, for an agent must run on."""
        said = {"relationship": kept.relationship, "id": kept.id}
        line = json.dumps(said | {"event": kept.event.model_dump(mode="json")}) + "\n"
        with self._lock:
            written = self._append(line)
            self.lost += not written
        return written

    def _append(self, line: str) -> bool:
        try:
            size = self.file.stat().st_size if self.file.exists() else 0
            if size + len(line) <= self._limit:
                with self.file.open("a", encoding="utf-8") as opened:
                    opened.write(line)
        except OSError:
            return False
        return size + len(line) <= self._limit

    def __len__(self) -> int:
        return sum(1 for _ in self._lines())

    def drain(self, write: Callable[[Kept], object]) -> int:
        """Write what waits, oldest first; how many. Where Tutelage is away again the rest waits.

        What it refuses for good is set aside beside the file, with the reason.
        """
        with self._lock:
            waiting, done = list(self._lines()), 0
            try:
                for line in waiting:
                    self._write(line, write)
                    done += 1
            except Unavailable:
                pass
            self._keep(waiting[done:])
        return done

    def _write(self, line: str, write: Callable[[Kept], object]) -> None:
        try:
            said = json.loads(line)
            event = EVENT.validate_python(said["event"])
            write(Kept(said["relationship"], said["id"], event))
        except Unavailable:
            raise
        except (TutelageError, ValueError, KeyError, TypeError) as problem:
            with self.file.with_suffix(".refused").open("a", encoding="utf-8") as opened:
                opened.write(json.dumps({"why": str(problem), "line": line.strip()}) + "\n")

    def _lines(self) -> Iterator[str]:
        if self.file.exists():
            with self.file.open(encoding="utf-8", errors="replace") as opened:
                yield from (line for line in opened if line.strip())

    def _keep(self, lines: list[str]) -> None:
        """Replace the file at once: a process killed here leaves the one or the other."""
        fresh = self.file.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as opened:
            opened.writelines(lines)
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(self.file)
