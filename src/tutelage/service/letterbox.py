"""Letterbox: a maildir that any number of processes read, each mail by one of them.

Whoever moves a mail from new/ has it; the move is atomic. Done, it is marked as seen. One that is
neither was left by a process that died, and is put back after a while.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from mailbox import Maildir, NoSuchMailboxError
from pathlib import Path

from tutelage.domain.errors import Unavailable
from tutelage.service.incoming import LARGEST

LEASE = 300.0  # seconds: no mail takes longer, not even with a slow mail server
HELD, DONE = ":2,", ":2,S"
REJECTED = "rejected"
MOST = 500  # mails of one round


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is this process's to read."""

    path: Path
    raw: bytes  # one byte more than is read, where it is too large


class Letterbox:
    """The mails of one maildir."""

    def __init__(self, path: str, lease: float = LEASE) -> None:
        self._path, self._lease = Path(path), lease

    def letters(self) -> Iterator[Letter]:
        """Each mail that waits, as soon as it is this process's. Raises Unavailable."""
        box = self._box()
        self._put_back()
        for at in sorted((self._path / "new").iterdir())[:MOST]:
            held = self._hold(at)
            if held is not None:
                yield held
        box.close()

    def done(self, letter: Letter) -> None:
        """It was read, and has become what it was to."""
        to = letter.path.with_name(_plain(letter.path.name) + DONE)
        with contextlib.suppress(FileNotFoundError):  # another took it back, and was done first
            letter.path.rename(to)

    def reject(self, letter: Letter) -> None:
        """It became nothing, and is put where an operator can look at it."""
        folder = self._box().add_folder(REJECTED)
        folder.close()
        to = self._path / f".{REJECTED}" / "cur" / (_plain(letter.path.name) + DONE)
        with contextlib.suppress(FileNotFoundError):
            letter.path.rename(to)

    def _box(self) -> Maildir:
        try:
            return Maildir(self._path, create=False)
        except (NoSuchMailboxError, OSError):
            raise Unavailable("no_maildir", "There is no maildir where answers are put.") from None

    def _hold(self, at: Path) -> Letter | None:
        """Take a mail; None where another was faster, or where it is none."""
        to = self._path / "cur" / (_plain(at.name) + HELD)
        try:
            if at.name.startswith(".") or not stat.S_ISREG(at.lstat().st_mode):
                return None
            os.utime(at)  # from here on its lease runs
            at.rename(to)
            with to.open("rb") as file:
                return Letter(to, file.read(LARGEST + 1))
        except FileNotFoundError:
            return None

    def _put_back(self) -> None:
        """What a process held and did not finish waits again."""
        for at in (self._path / "cur").iterdir():
            if at.name.endswith(HELD) and _age(at) > self._lease:
                with contextlib.suppress(FileNotFoundError):
                    at.rename(self._path / "new" / _plain(at.name))


def _plain(name: str) -> str:
    return name.partition(":")[0]


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
