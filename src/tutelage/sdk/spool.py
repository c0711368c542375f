"""What could not be written while Tutelage was away, kept in a file and written later."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tutelage.domain.errors import NoKey, TooMany, TutelageError, Unavailable
from tutelage.domain.events import EVENT, Event

try:
    import fcntl
except ImportError:  # Windows: alone among nobody, so one process a file there
    fcntl = None  # type: ignore[assignment]

LIMIT = 64 * 1024 * 1024  # bytes the file may grow to; what comes then is counted and let go


def passes(problem: Exception) -> bool:
    """Whether it is no refusal for good: away, too many at once, busy, or a key to be renewed."""
    away = isinstance(problem, TimeoutError | Unavailable | TooMany | NoKey)
    return away or getattr(problem, "code", "") == "busy"


@dataclass(frozen=True, slots=True)
class Kept:
    """One event that waits, under the id it is written with."""

    relationship: str
    id: str
    event: Event


class Spool:
    """Events in the order they came, one JSON object a line; each is written once, under its id.

    Any number of threads and processes may share the file. Draining takes it aside first, so that
    nobody who puts something in waits for the network.
    """

    def __init__(self, file: Path | str, limit: int = LIMIT) -> None:
        self.file, self._limit = Path(file), limit
        self.lost = 0  # for want of room

    def put(self, kept: Kept) -> bool:
        """Keep an event; False where there is no room or no disk, for an agent must run on."""
        said = {"relationship": kept.relationship, "id": kept.id}
        line = json.dumps(said | {"event": kept.event.model_dump(mode="json")}) + "\n"
        try:
            written = self._append(line.encode())
        except OSError:
            written = False
        self.lost += not written
        return written

    def _append(self, line: bytes) -> bool:
        with _alone(self._beside(".lock")), self.file.open("ab+") as opened:
            size = opened.seek(0, os.SEEK_END)
            if size + len(line) > self._limit:
                return False
            if size and (opened.seek(-1, os.SEEK_END), opened.read(1))[1] != b"\n":
                line = b"\n" + line  # somebody was killed in the middle of a line
            opened.write(line)
        return True

    def __len__(self) -> int:
        return sum(1 for file in (self._taken, self.file) for _ in _lines(file))

    @property
    def waits(self) -> bool:
        """Whether anything waits; at no more cost than a look at the disk."""
        return self._taken.exists() or self.file.exists()

    def drain(self, write: Callable[[Kept], object]) -> int:
        """Write what waits, oldest first; how many. Where Tutelage is away again the rest waits.

        What it refuses for good is set aside beside the file, with the reason. Nothing is done
        where another thread or process is draining it.
        """
        done = 0
        with _alone(self._beside(".drains"), wait=False) as alone:
            while alone and self._take():
                waiting = list(_lines(self._taken))
                count = self._write_all(waiting, write)
                done += count
                if count < len(waiting):
                    break
        return done

    def _take(self) -> bool:
        """Take the file aside, unless what was taken before is not done yet."""
        with _alone(self._beside(".lock")):
            if not self._taken.exists() and self.file.exists():
                self.file.rename(self._taken)
        return self._taken.exists()

    def _write_all(self, waiting: list[str], write: Callable[[Kept], object]) -> int:
        done = 0
        try:
            for line in waiting:
                self._write(line, write)
                done += 1
        except TutelageError:
            pass  # it passes: the rest waits
        finally:
            self._keep(waiting[done:])
        return done

    def _write(self, line: str, write: Callable[[Kept], object]) -> None:
        try:
            said = json.loads(line)
            kept = Kept(said["relationship"], said["id"], EVENT.validate_python(said["event"]))
        except (ValueError, KeyError, TypeError) as problem:
            self._refused(line, problem)
            return
        try:
            write(kept)
        except TutelageError as problem:
            if passes(problem):
                raise
            self._refused(line, problem)

    def _refused(self, line: str, problem: Exception) -> None:
        with self.file.with_suffix(".refused").open("a", encoding="utf-8") as opened:
            opened.write(json.dumps({"why": str(problem), "line": line.strip()}) + "\n")

    def _keep(self, lines: list[str]) -> None:
        """What was taken and still waits; a process killed here leaves the one or the other."""
        if not lines:
            self._taken.unlink(missing_ok=True)
            return
        fresh = self._beside(".new")
        with fresh.open("w", encoding="utf-8") as opened:
            opened.writelines(lines)
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(self._taken)

    @property
    def _taken(self) -> Path:
        return self._beside(".taken")

    def _beside(self, end: str) -> Path:
        return self.file.with_name(self.file.name + end)


def _lines(file: Path) -> Iterator[str]:
    if file.exists():
        with file.open(encoding="utf-8", errors="replace") as opened:
            yield from (line for line in opened if line.strip())


@contextmanager
def _alone(file: Path, *, wait: bool = True) -> Iterator[bool]:
    """Alone among threads and processes, until the block ends or the process does."""
    with file.open("a") as opened:
        alone = True
        if fcntl is not None:
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                alone = False
        yield alone
