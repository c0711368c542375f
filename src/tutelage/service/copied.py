"""The copies of a relationship that lie in a ledger: made, and each folded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tutelage.domain.events import Forked
from tutelage.domain.relationship import Relationship
from tutelage.domain.terms import Role
from tutelage.guidance.copies import Copy
from tutelage.service.keep import Kept
from tutelage.service.row import Row
from tutelage.service.tables import relationships as table
from tutelage.service.views import project
from tutelage.service.writer import SYSTEM, Say, Writer

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage


def fork(desk: Tutelage, writer: Writer, relationship: str, at: int, arm: str, name: str) -> str:
    """A copy under this name up to an entry. Raises Unknown where there is no such entry."""
    writer.at(relationship, at)
    kept = Kept(Relationship())

    def rows() -> Iterator[Row]:
        nonlocal kept
        for row in desk.ledger.rows(relationship, upto=at, indexed=True):
            kept = kept.step(row.entry())
            yield row
        forked = Forked(origin=relationship, at=at, arm=arm)
        say = Say(forked, SYSTEM, desk.new_id(), Role.SYSTEM)
        kept, _entry, row = writer.step(kept, None, say, desk.clock())
        yield row

    desk.ledger.take_in(name, rows(), lambda: project(kept.state))
    return name


def copies(desk: Tutelage, relationship: str) -> tuple[Copy, ...]:
    """The forks of this relationship, by arm and name. Raises Unknown where it is not there."""
    desk.ledger.projection(relationship)
    rows = desk.ledger.projections(table.c.origin == relationship)
    forks = ((p["id"], p["arm"], desk.state(p["id"])) for p in rows)
    made = (Copy(name, arm, state.forked_at, state) for name, arm, state in forks)
    own = (c for c in made if _same_at(desk, c.at, relationship, c.name))
    return tuple(sorted(own, key=lambda c: (c.arm, c.name)))


def _same_at(desk: Tutelage, seq: int, one: str, other: str) -> bool:
    """Whether both have the same entry there: an imported fork may be of another origin."""
    ends = [row.digest for name in (one, other) for row in desk.ledger.rows(name, seq - 1, seq)]
    return len(ends) == 2 and ends[0] == ends[1]
