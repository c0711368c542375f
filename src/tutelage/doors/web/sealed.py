"""What a browser keeps for us for some minutes: it cannot change it, nor use it twice.

The key lives in this process. So nothing is kept for whoever begins and never comes back.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from datetime import timedelta
from threading import Lock

from tutelage.service.writer import Clock, Entropy

REMEMBERED = 10_000  # of those used already; the oldest have long expired


class Seal:
    """Closes and opens such values, each for one purpose."""

    def __init__(self, clock: Clock, entropy: Entropy) -> None:
        self._clock, self._entropy, self._key = clock, entropy, entropy(32)
        self._used: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def close(self, purpose: str, lasts: timedelta, **said: str) -> str:
        """These words, to be given to a browser."""
        until = (self._clock() + lasts).timestamp()
        content = {**said, "until": until, "id": self._entropy(16).hex()}
        body = urlsafe_b64encode(json.dumps(content).encode()).decode()
        return f"{body}.{self.derived(purpose, body)}"

    def open(self, purpose: str, sealed: str | None) -> dict[str, str] | None:
        """The words again; None where they are not ours, for something else, or too old."""
        body, _, mark = (sealed or "").partition(".")
        if not hmac.compare_digest(mark.encode(), self.derived(purpose, body).encode()):
            return None
        said: dict[str, str] = json.loads(urlsafe_b64decode(body))
        return said if float(said["until"]) > self._clock().timestamp() else None

    def once(self, said: dict[str, str]) -> bool:
        """Whether these words come back for the first time."""
        with self._lock:
            if said["id"] in self._used:
                return False
            self._used[said["id"]] = None
            if len(self._used) > REMEMBERED:
                self._used.popitem(last=False)
            return True

    def derived(self, purpose: str, words: str) -> str:
        """A secret that follows from these words, and that nobody else can know."""
        said = f"{purpose} {words}".encode("utf-8", "replace")
        return hmac.new(self._key, said, hashlib.sha256).hexdigest()
