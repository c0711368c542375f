"""All that is mine here: what I may take along of each relationship, and my account's end."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import JSONResponse, Response

from tutelage.doors.web.looks import HEADERS, page
from tutelage.doors.web.signing import COOKIE, Me, checked, home, html, session
from tutelage.service.leaving import close
from tutelage.service.mine import mine

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
NAME = r"^[\w.:@+-]*$"
SHOWN = 50  # relationships on a page; more are a click away


@router.get("/me/data")
def data(
    request: Request, me: Me, after: Annotated[str, Query(max_length=64, pattern=NAME)] = ""
) -> Response:
    """Each of my relationships, and what I may take along of it."""
    found = session(request, me).relationships(after, SHOWN + 1)
    rows, more = found[:SHOWN], found[SHOWN - 1]["id"] if len(found) > SHOWN else None
    return page("data", me=me, rows=rows, more=more)


@router.get("/me/account.json")
def account(request: Request, me: Me) -> Response:
    """All that is kept of me beside the relationships."""
    found = mine(request.app.state.doors.desk.ledger.engine, me.person.name)
    headers = {**HEADERS, "Content-Disposition": 'attachment; filename="account.json"'}
    return JSONResponse(found, headers=headers)


@router.get("/me/delete")
def asked(request: Request, me: Me) -> Response:
    """What goes with my account and what stays, before it goes."""
    found = session(request, me).relationships("", SHOWN + 1)
    going_on = [r for r in found if r["life"] not in {"ended", "closed"}]
    return page("delete", me=me, rows=going_on)


@router.post("/me/delete")
def delete(request: Request, me: Me, form: Annotated[str, Form()]) -> Response:
    """Close my account: every way in is gone at once."""
    checked(request, me, form)
    desk = request.app.state.doors.desk
    close(desk.ledger.engine, me.person.name, desk.clock().isoformat())
    gone = home(to="/sign-in")
    gone.delete_cookie(COOKIE)
    return gone
