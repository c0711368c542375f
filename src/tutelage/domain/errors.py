"""What can go wrong, and what each says to whom.

::

    TutelageError
    ├── Refused           a rule of the relationship does not allow it        409
    │   ├── Conflict      somebody else wrote first, or the id is taken       409
    │   └── Stale         more was written than the writer had seen           412
    ├── NoKey             no key, or one that opens nothing any more          401
    ├── NotYours          this actor has no such role here                    403
    ├── Unknown           no such relationship, situation or entry            404
    ├── Malformed         the event, file or text cannot be read              422
    ├── TooMany           more requests than this key may make; wait          429
    └── Unavailable       the database or a language model cannot serve now   503

Every error has a stable ``code`` for programs and one sentence for people.
"""

from __future__ import annotations

from typing import ClassVar


class TutelageError(Exception):
    """The base of all that Tutelage raises on purpose."""

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[type[TutelageError], tuple[str, str]]:
        return type(self), (self.code, self.message)


class Refused(TutelageError):
    """The relationship's rules do not allow this; the message tells the writer why."""

    status = 409
    exit_code = 3


class Conflict(Refused):
    """Somebody else wrote first, or this entry id already says something else."""


class Stale(Refused):
    """The writer named the entry it had seen last, and others came behind it."""

    status = 412


class NoKey(TutelageError):
    """There is no key here, or it was revoked, has expired or was never made."""

    status = 401
    exit_code = 4


class NotYours(TutelageError):
    """The actor has no role here that may do this."""

    status = 403
    exit_code = 4


class Unknown(TutelageError):
    """There is no such relationship, situation or entry."""

    status = 404
    exit_code = 5


class Malformed(TutelageError):
    """What was given cannot be read: a wrong field, a torn file, an oversized text."""

    status = 422
    exit_code = 6


class TooMany(TutelageError):
    """More requests than this key may make in so short a time."""

    status = 429
    exit_code = 7

    def __init__(self, code: str, message: str, after: float = 1.0) -> None:
        super().__init__(code, message)
        self.after = after  # seconds to wait


class Unavailable(TutelageError):
    """The database (locked, full, missing, newer) or a language model cannot serve this now."""

    status = 503
    exit_code = 7
