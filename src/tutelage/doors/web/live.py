"""Whether the other has written since a page was made; the page asks now and then."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from tutelage.doors.web.looks import page
from tutelage.doors.web.signing import Me, html, session
from tutelage.doors.web.thread import TITLES

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
MOST = 50  # entries looked at; whoever was away for longer opens the page anyway


@router.get("/r/{relationship}/news/{seq}")
def news(
    request: Request, me: Me, relationship: str, seq: Annotated[int, Path(ge=0, le=2**53)]
) -> Response:
    """Who wrote behind this entry, if anybody did; never what."""
    mine = session(request, me)
    found = mine.entries(relationship, seq, MOST)
    others = {e.actor: None for e in found if e.event.kind in TITLES and e.actor != mine.actor}
    if not others:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return page("news", who=", ".join(others))
