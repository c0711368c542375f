"""How long texts are kept: erased so many days after a relationship is over, as by hand.

Each text goes by an entry of its own, in every copy and index of it; the chain stays whole. A sweep
that is interrupted goes on where it stopped, for what is gone is not looked for again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tutelage.domain.events import Redacted
from tutelage.domain.terms import Role
from tutelage.evidence import asks
from tutelage.evidence.novelty import vector
from tutelage.service.database import relationships as table
from tutelage.service.ledger import Ledger
from tutelage.service.row import Row
from tutelage.service.writer import SYSTEM, Say, Writer

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

OVER = frozenset({"ended", "closed", "lapsed"})
BATCH = 500  # texts erased in one transaction: the relationship is folded anew behind each
STRETCH = 500  # entries read at once, from the last one back
UNSAID = frozenset({"redacted", "evidence_viewed", "forked"})
"""Kinds of entries that do not go on with a relationship."""


@dataclass(frozen=True, slots=True)
class Swept:
    """A relationship that is over for long enough, and how many of its texts were still there."""

    relationship: str
    until: datetime
    texts: int


def until(over_since: datetime, days: int) -> datetime:
    """Until when the texts of a relationship that is over are kept."""
    return over_since + timedelta(days=days)


def due(life: str, over_since: datetime | None, now: datetime, days: int) -> bool:
    """Whether the texts of a relationship are to be erased now.

    >>> from datetime import UTC
    >>> ended = datetime(2026, 3, 1, tzinfo=UTC)
    >>> [due("ended", ended, datetime(2026, 3, day, tzinfo=UTC), 30) for day in (30, 31)]
    [False, True]
    >>> due("active", ended, datetime(2027, 3, 1, tzinfo=UTC), 30)
    False
    """
    return life in OVER and over_since is not None and until(over_since, days) <= now


def over_since(ledger: Ledger, relationship: str, life: str, seq: int) -> datetime | None:
    """Since when it is over: since it ended, or since anybody last went on alone in it."""
    if life not in OVER:
        return None
    for row in _back(ledger, relationship, seq):
        kind = _kind(row)
        alone = life != "ended" and row.role != Role.SYSTEM and kind not in UNSAID
        if kind == life or alone:
            return datetime.fromisoformat(row.written_at)
    return None


def sweep(
    desk: Tutelage,
    writer: Writer,
    days: int,
    *,
    dry: bool = False,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Swept]:
    """Erase the texts of every relationship that is over for so many days, and of its copies."""
    now, ledger = desk.clock(), desk.ledger
    for row in ledger.projections(table.c.life.in_(sorted(OVER)), table.c.arm.is_(None)):
        name = row["id"]
        since = over_since(ledger, name, row["life"], row["seq"])
        if since is None or not due(row["life"], since, now, days):
            continue
        for one in (name, *_copies(ledger, name)):
            left = [r for r in ledger.rows(one) if r.texts not in {None, "[]"}]
            if left:
                yield Swept(one, until(since, days), len(left))
            if not dry and not _erased(desk, writer, one, left, stop):
                return


def _copies(ledger: Ledger, name: str) -> Iterator[str]:
    """The forks of a relationship, and theirs."""
    for row in ledger.projections(table.c.origin == name):
        yield row["id"]
        yield from _copies(ledger, row["id"])


def _erased(
    desk: Tutelage, writer: Writer, name: str, left: list[Row], stop: Callable[[], bool]
) -> bool:
    """Erase these texts, a batch at a time; whether nobody stopped it."""
    for start in range(0, len(left), BATCH):
        if stop():
            return False
        some = left[start : start + BATCH]
        for row in some:
            if _kind(row) == "guidance_given":
                desk.bank.redact(row.digest)
        says = [Say(Redacted(entry=r.seq), SYSTEM, _id(name, r), Role.SYSTEM) for r in some]
        writer.write(name, says)
        vector.cache_clear()
        asks.forget()
    return True


def _id(name: str, row: Row) -> str:
    """The same for two that sweep at once, so that a text is erased by one entry."""
    return hashlib.sha256(f"retention\n{name}\n{row.seq}".encode()).hexdigest()[:24]


def _back(ledger: Ledger, name: str, seq: int) -> Iterator[Row]:
    while seq > 0:
        after = max(0, seq - STRETCH)
        yield from reversed(list(ledger.rows(name, after, seq)))
        seq = after


def _kind(row: Row) -> str:
    return str(json.loads(row.facts)["kind"])
