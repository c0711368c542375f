"""A deadline for what talks to a stranger's server, which may answer a letter a minute for days."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from tutelage.service.mail import Handed

SECONDS = 25.0  # longer than a slow server takes; eight of them are within a lease


def within(act: Callable[[], Handed], seconds: float = SECONDS) -> Handed:
    """What came of it; after the deadline nobody waits for it any more."""
    came: SimpleQueue[Handed] = SimpleQueue()

    def do() -> None:
        try:
            came.put(act())
        except Exception as error:  # noqa: BLE001  # whatever it is, it was not taken
            came.put(Handed(type(error).__name__))

    threading.Thread(target=do, name="tutelage-channel", daemon=True).start()
    try:
        return came.get(timeout=seconds)
    except Empty:
        return Handed("too_slow")
