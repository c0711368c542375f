"""How long texts are kept: erased so many days after a relationship is over, as by hand.

Each text goes by an entry of its own, in every copy and index of it; the chain stays whole. A sweep
that is interrupted goes on where it stopped, for what is gone is not looked for again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tutelage.domain.errors import Stale
from tutelage.domain.events import Redacted
from tutelage.domain.terms import Role
from tutelage.evidence import asks
from tutelage.evidence.novelty import vector
from tutelage.service.ledger import Ledger
from tutelage.service.row import Row
from tutelage.service.tables import relationships as table
from tutelage.service.writer import SYSTEM, Say, Writer, own_id

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

OVER = frozenset({"ended", "closed", "lapsed"})
BATCH = 500  # texts erased in one transaction: the relationship is folded anew behind each
UNSAID = frozenset({"redacted", "evidence_viewed", "forked"})
"""Kinds of entries that do not go on with a relationship."""
LASTS = Role.LEARNER  # whose writing puts it off: nobody else keeps the learner's texts for ever


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
    """Since when it is over: since it ended, or since its learner last went on alone in it."""
    if life not in OVER:
        return None
    for row in ledger.back(relationship, seq):
        kind = _kind(row)
        alone = life != "ended" and row.role == LASTS and kind not in UNSAID
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
    ledger = desk.ledger
    for row in ledger.projections(table.c.life.in_(sorted(OVER)), table.c.arm.is_(None)):
        name = row["id"]
        for one in (name, *_copies(ledger, name)):
            since = _over(desk, name, days)
            if since is None:
                break
            left = [r for r in ledger.rows(one) if r.texts not in {None, "[]"}]
            if left:
                yield Swept(one, until(since, days), len(left))
            if not dry and not _erased(desk, writer, (name, one), left, days, stop):
                return


def _over(desk: Tutelage, name: str, days: int) -> datetime | None:
    """Since when it is over, for long enough that its texts are due now; None where not."""
    row = desk.ledger.projection(name)
    since = over_since(desk.ledger, name, row["life"], row["seq"])
    return since if due(row["life"], since, desk.clock(), days) else None


def _copies(ledger: Ledger, name: str) -> Iterator[str]:
    """The forks of a relationship, and theirs."""
    for row in ledger.projections(table.c.origin == name):
        yield row["id"]
        yield from _copies(ledger, row["id"])


def _erased(
    desk: Tutelage,
    writer: Writer,
    names: tuple[str, str],
    left: list[Row],
    days: int,
    stop: Callable[[], bool],
) -> bool:
    """Erase these texts of a relationship or its copy, a batch at a time; False where stopped.

    Each batch is written behind an entry at which all was still over: whoever resumes it in
    between is first, and what is left is looked at anew in the next sweep.
    """
    root, one = names
    for start in range(0, len(left), BATCH):
        if stop():
            return False
        seen = desk.ledger.projection(one)["seq"]
        if _over(desk, root, days) is None:
            return True
        try:
            _batch(desk, writer, one, left[start : start + BATCH], seen)
        except Stale:
            return True
    return True


def _batch(desk: Tutelage, writer: Writer, name: str, some: list[Row], seen: int) -> None:
    for row in some:
        if _kind(row) == "guidance_given":
            desk.bank.redact(row.digest)
    says = [Say(Redacted(entry=r.seq), SYSTEM, _id(name, r), Role.SYSTEM, seen=seen) for r in some]
    writer.write(name, says)
    vector.cache_clear()
    asks.forget()


def _id(name: str, row: Row) -> str:
    """The same for two that sweep at once, so that a text is erased by one entry."""
    return own_id("retention", name, row.seq)


def _kind(row: Row) -> str:
    return str(json.loads(row.facts)["kind"])
