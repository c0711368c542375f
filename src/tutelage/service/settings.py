"""The environment, read once into one frozen object: deployment only, never what guides anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tutelage.domain.errors import Malformed

KEEP_DAYS = "TUTELAGE_KEEP_DAYS"
MOST_DAYS = 100 * 365


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator of this installation has set."""

    keep_days: int | None = None  # how long texts are kept after a relationship is over


def read(environment: Mapping[str, str]) -> Settings:
    """The settings in this environment. Raises Malformed."""
    return Settings(keep_days=_days(environment.get(KEEP_DAYS, "")))


def _days(said: str) -> int | None:
    if not said.strip():
        return None
    days = int(said) if said.strip().isdecimal() and len(said) < 12 else 0
    if not 1 <= days <= MOST_DAYS:
        raise Malformed("bad_days", f"{KEEP_DAYS} is a number of days from 1, not {said[:40]}.")
    return days
