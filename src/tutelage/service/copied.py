"""The copies of a relationship that lie in a ledger, each folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutelage.guidance.copies import Copy
from tutelage.service.database import relationships as table

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage


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
