"""Setting aside by itself: where nobody of a pair wrote for four weeks."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tutelage.domain.errors import TutelageError
from tutelage.domain.events import Lapsed
from tutelage.service.database import reading
from tutelage.service.tables import people
from tutelage.service.tables import relationships as table
from tutelage.service.writer import own_id

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

LAPSES_AFTER = timedelta(days=28)
log = logging.getLogger(__name__)


def lapse_due(desk: Tutelage) -> int:
    """Set aside what nobody writes in; how many. Run twice or by two at once, it does so once.

    People have four weeks from when they came in, too: what was imported is older than they are.
    """
    joined = _joined(desk.ledger.engine)
    limit = (desk.clock() - LAPSES_AFTER).astimezone(UTC).isoformat(timespec="seconds")
    quiet = sa.or_(table.c.said_at.is_(None), table.c.said_at <= limit)
    goes_on = table.c.life.in_(("proposed", "active"))
    rows = desk.ledger.projections(goes_on, quiet, table.c.arm.is_(None))
    return sum(
        _lapse(desk, row["id"], max((joined.get(n, "") for n in _pair(row)), default=""))
        for row in rows
    )


def _pair(row: dict[str, str]) -> tuple[str, str]:
    return row["learner"], row["trainer"]


def _lapse(desk: Tutelage, name: str, joined: str) -> bool:
    try:
        state = desk.state(name)
        if state.agents_only or state.said_at is None:
            return False
        since = max(state.said_at.isoformat(), joined)
        if desk.clock() - datetime.fromisoformat(since) < LAPSES_AFTER:
            return False
        token = own_id("lapse", name, state.seq)
        desk.system(name, Lapsed(days=LAPSES_AFTER.days), id=token, seen=state.seq)
    except TutelageError as refused:  # somebody wrote in between
        log.info("%s is not set aside: %s", name, refused.code)
        return False
    return True


def _joined(engine: sa.Engine) -> dict[str, str]:
    with reading(engine) as connection:
        found = connection.execute(sa.select(people.c.name, people.c.made_at)).all()
    return {row[0]: row[1] for row in found}
