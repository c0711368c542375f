"""How often one key may ask: a token bucket each, so that one agent gone wild stops nobody else."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from tutelage.domain.errors import TooMany

REMEMBERED = 100_000  # keys and addresses whose buckets are kept; the least used go first


class Limit:
    """A bucket of `burst` requests for each name, filled again at `rate` a second."""

    def __init__(self, rate: float, burst: float, seconds: Callable[[], float]) -> None:
        self.rate, self.burst = rate, burst
        self._seconds = seconds
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, name: str) -> None:
        """One request of this name's. Raises TooMany, with the seconds to wait."""
        with self._lock:
            now = self._seconds()
            left = self._now(name, now)
            if left < 1:
                wait = (1 - left) / self.rate
                raise TooMany("too_many", f"Too many requests; wait {wait:.1f} s.", wait)
            self._put(name, left - 1, now)

    def _now(self, name: str, now: float) -> float:
        left, at = self._left.get(name, (self.burst, now))
        return min(self.burst, left + (now - at) * self.rate)

    def _put(self, name: str, left: float, now: float) -> None:
        self._left[name] = (left, now)
        self._left.move_to_end(name)
        if len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
