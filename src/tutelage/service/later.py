"""What is done after an answer, off its thread: one thing after the other, the earliest first.

It lives in memory: what waits when a process is killed is gone, and who asked for it asks again.
"""

from __future__ import annotations

import heapq
import logging
import time
from collections.abc import Callable
from itertools import count
from threading import Condition, Thread

MOST = 1000  # pieces that wait; who asks for more than one thread can do gets nothing
log = logging.getLogger(__name__)
Work = Callable[[], None]


class Later:
    """One thread of its own, begun when it is first needed."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._waits: list[tuple[float, int, Work]] = []
        self._numbers = count()
        self._changed = Condition()
        self._thread: Thread | None = None
        self._busy = self._closed = False

    def do(self, work: Work, after: float = 0.0) -> bool:
        """Do this in so many seconds; False where there is no room, or it was closed."""
        with self._changed:
            if self._closed or len(self._waits) >= self._most:
                return False
            heapq.heappush(self._waits, (time.monotonic() + after, next(self._numbers), work))
            if self._thread is None:
                self._thread = Thread(target=self._run, name="tutelage-later", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return True

    def done(self, seconds: float = 5.0) -> bool:
        """Wait until nothing waits; False where something still does."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waits and not self._busy, seconds)

    def close(self, seconds: float = 5.0) -> int:
        """Try at once what still waits, and take nothing more; how much is left undone."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self.done(seconds)
        with self._changed:
            left = len(self._waits) + self._busy
            self._waits.clear()
        return left

    def _run(self) -> None:
        while (work := self._next()) is not None:
            try:
                work()
            except Exception as error:  # noqa: BLE001  # the thread goes on; a message may hold a text
                log.error("what was to be done later failed: %s", type(error).__name__)  # noqa: TRY400
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _next(self) -> Work | None:
        """The earliest that is due, once it is; None at the end."""
        with self._changed:
            while self._waits or not self._closed:
                wait = self._waits[0][0] - time.monotonic() if self._waits else None
                if wait is not None and (wait <= 0 or self._closed):
                    self._busy = True
                    return heapq.heappop(self._waits)[2]
                self._changed.wait(wait)
        return None
