"""A past case as somebody wrote it down, read and made sure of; or what is wrong, and where."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from tutelage.domain.entry import canonical
from tutelage.domain.text import TEXT_LIMIT

OWN = frozenset({"", "own", "mine", "i", "eigen", "eigene", "ich", "selbst"})
ADVISED = frozenset({"advised", "helped", "with help", "beraten", "mit hilfe"})
STEPS = frozenset("12345")
NOON = time(12, tzinfo=UTC)  # the same day nearly everywhere


@dataclass(frozen=True, slots=True)
class Bad:
    """Something that cannot be read: where, and why, in a sentence."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"


@dataclass(slots=True)
class Raw:
    """What stands in one row, or under one heading, by the name of its column."""

    file: str
    line: int
    said: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A past decision: what was going on, what was done, and what came of it."""

    file: str
    line: int
    when: datetime | None
    text: str
    did: str
    why: str
    happened: str
    own: bool  # else somebody advised it
    criteria: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]  # by criterion
    ratings: tuple[tuple[str, int], ...]  # one's own

    @property
    def key(self) -> str:
        """Follows from what it says: brought twice, it is there once."""
        when = self.when.isoformat() if self.when else ""
        said = (when, self.text, self.did, self.why, self.happened, self.own, self.criteria)
        whole = canonical([*said, self.notes, self.ratings])
        return f"b{hashlib.sha256(whole.encode()).hexdigest()[:24]}"


class Unread(Exception):  # a reason, on its way to the line it is about
    """Why a case cannot be read."""


def read_case(at: Raw, criteria: Mapping[str, str]) -> Case | Bad:
    """The case in a row, or what is wrong with it."""
    try:
        return _case(at, criteria)
    except Unread as problem:
        return Bad(at.file, at.line, str(problem))


def _case(at: Raw, criteria: Mapping[str, str]) -> Case:
    said = {k: v for k, v in at.said.items() if v}
    if "text" not in said:
        raise Unread("It does not say what was going on.")
    if "did" not in said:
        raise Unread("It does not say what was done.")
    if any(len(v.encode("utf-8", "replace")) > TEXT_LIMIT for v in said.values()):
        raise Unread(f"A text here is longer than {TEXT_LIMIT:,} bytes.")
    beside = {k.removeprefix("criterion:"): v for k, v in said.items() if k.startswith("crit")}
    beside.pop("criteria", None)
    return Case(
        at.file,
        at.line,
        _when(said.get("date", "")),
        said["text"],
        said["did"],
        said.get("why", ""),
        said.get("happened", ""),
        _own(said.get("whose", "")),
        _touched(said.get("criteria", ""), tuple(beside), criteria),
        tuple((k, v) for k, v in beside.items() if v not in STEPS),
        tuple((k, int(v)) for k, v in beside.items() if v in STEPS),
    )


def _own(said: str) -> bool:
    word = said.casefold().strip(" .")
    if word in OWN or word in ADVISED:
        return word in OWN
    raise Unread(f"Whose is own or advised, not {said[:40]}.")


def _touched(said: str, beside: tuple[str, ...], known: Mapping[str, str]) -> tuple[str, ...]:
    """The criteria it names or has a note on; all, where it says nothing of them."""
    asked = [part for part in re.split(r"[;,\n]", said) if part.strip()]
    found = {part: criterion(part, known) for part in asked}
    for part, key in found.items():
        if key is None:
            raise Unread(f"There is no criterion {part.strip()[:60]} in the goal.")
    named = {*found.values(), *beside}
    return tuple(k for k in known if k in named) or tuple(known)


DATES = (
    (re.compile(r"(\d{4})-(\d\d?)-(\d\d?)"), (1, 2, 3)),
    (re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})"), (3, 2, 1)),
)


def _when(said: str) -> datetime | None:
    """A day as 2025-03-01 or 1.3.2025, or a moment as ISO writes it; nothing where none is said."""
    if not said:
        return None
    for form, (year, month, day) in DATES:
        found = form.fullmatch(said)
        if found:
            return _day(said, int(found[year]), int(found[month]), int(found[day]))
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise Unread(f"Write the date as 2025-03-01, not {said[:40]}.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(said: str, year: int, month: int, day: int) -> datetime:
    try:
        return datetime.combine(date(year, month, day), NOON)
    except ValueError:
        raise Unread(f"There is no day {said[:40]}.") from None


def criterion(said: str, criteria: Mapping[str, str]) -> str | None:
    """The criterion that somebody names, by its key, its name, or its name's first words."""
    asked = plain(said)
    for key, name in criteria.items():
        if asked and asked in {plain(key), plain(name), plain(name.partition(":")[0])}:
            return key
    return None


def plain(said: str) -> str:
    """A heading without what people put around it: *What I did?* is what i did.

    >>> plain(" *What I did?* ")
    'what i did'
    """
    return re.sub(r"[^\w]+", " ", said.casefold()).strip()
