"""What a programme's relationships show together, what is missing, and for how many."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from tutelage.doors import drawings
from tutelage.doors.web.looks import page
from tutelage.doors.web.programme import led
from tutelage.doors.web.signing import Me, html
from tutelage.evidence.attribution import Attribution
from tutelage.evidence.notyet import NotYet
from tutelage.guidance.programme import Programme
from tutelage.service.tables import relationships as table

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
MOST = 500  # relationships that a page folds; beyond them a command does, in its own time


@router.get("/programmes/{name}/evidence")
def evidence(request: Request, me: Me, name: str) -> Response:
    """Pooled over its relationships; of fewer than five people nothing is told."""
    found, desk = led(request, me, name), request.app.state.doors.desk
    here = desk.ledger.projections(table.c.programme == name, table.c.arm.is_(None))
    shown: dict[str, Any] = {"pool": None, "drawn": "", "count": len(here), "most": MOST}
    if len(here) <= MOST:
        pool = desk.programme(name, but=me.person.name)
        shown |= {"pool": pool, "drawn": _drawn(pool)}
    return page("programme_evidence", me=me, programme=found, **shown)


def _drawn(pool: Programme) -> str:
    """The forest of effects, where each may be shown; else nothing."""
    told = [f for f in pool.found if isinstance(f, Attribution)]
    if not told or isinstance(pool.pooled, NotYet):
        return ""
    return drawings.forest(told, pool.pooled.effect)
