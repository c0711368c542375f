"""Closing by itself: where one proposed it, and the other has not answered for two weeks."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tutelage.domain.closing import CLOSES_AFTER
from tutelage.domain.errors import TutelageError
from tutelage.domain.events import Closed
from tutelage.service.tables import relationships as table
from tutelage.service.writer import own_id

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

log = logging.getLogger(__name__)


def close_due(desk: Tutelage) -> int:
    """Close what nobody answered for; how many. Run twice or by two at once, it closes once."""
    c = table.c
    waiting = desk.ledger.projections(c.due.contains('["close"'), c.arm.is_(None))
    return sum(_close(desk, row["id"]) for row in waiting)


def _close(desk: Tutelage, name: str) -> bool:
    asked = desk.state(name).closing
    if asked is None or desk.clock() - asked.written_at < CLOSES_AFTER:
        return False
    token = own_id(f"close {name} {asked.seq}")
    try:
        desk.system(name, Closed(because=asked.event.because), id=token)
    except TutelageError as refused:  # somebody answered in between
        log.info("%s is not closed: %s", name, refused.code)
        return False
    return True
