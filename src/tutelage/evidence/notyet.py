"""The normal answer of evidence: not yet, why, and what would be enough."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NotYet:
    """There is not enough evidence to say anything: the reason, and about how much more it takes.

    >>> print(NotYet("7 rated situations", 17))
    not enough evidence yet: 7 rated situations; about 17 more situations
    >>> print(NotYet("every own call was rated 3"))
    not enough evidence yet: every own call was rated 3
    """

    reason: str
    more: int | None = None
    unit: str = "situation"

    def __str__(self) -> str:
        told = f"not enough evidence yet: {self.reason}"
        if self.more is None:
            return told
        return f"{told}; about {self.more} more {self.unit}{'' if self.more == 1 else 's'}"
