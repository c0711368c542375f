"""Workers in processes of their own, which may be killed; forked from one that has imported all."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["dbos", "psycopg", "tutelage.doors.cli", __name__])


class Process:
    """`tutelage worker --name …` on a database, in a folder that tells what its agents do."""

    def __init__(self, url: str, folder: Path, name: str, *more: str, agents: str) -> None:
        named = ("--name", name, "--agents", f"tests.support.work_agents:{agents}")
        self._process = _forks.Process(target=_run, args=(url, folder, (*named, *more)))
        self._process.start()
        self.pid = self._process.pid or 0
        self._said = folder / f"said-{self.pid}"

    def kill(self) -> None:
        self._process.kill()
        self._process.join()

    def interrupt(self) -> tuple[int, str]:
        os.kill(self.pid, signal.SIGINT)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        """Its exit code, and what it said."""
        self._process.join(60)
        code = self._process.exitcode
        assert code is not None, "it does not end"
        return code, self.said()

    def said(self) -> str:
        return self._said.read_text() if self._said.exists() else ""


def _run(url: str, folder: Path, arguments: tuple[str, ...]) -> None:
    os.environ |= {"TUTELAGE_URL": url, "TUTELAGE_TEST_FOLDER": str(folder)}
    said = os.open(folder / f"said-{os.getpid()}", os.O_WRONLY | os.O_CREAT)
    os.dup2(said, 1)
    os.dup2(said, 2)
    sys.argv = ["tutelage", "worker", "--lease", "1", *arguments]

    from tutelage.doors import cli

    cli.main()


def until(holds: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something holds, however slow the machine is."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)
