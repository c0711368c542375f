"""Handing over: the learner goes on with another trainer, and says so."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import Response

from tutelage.domain.errors import NotYours, TutelageError
from tutelage.domain.events import HandedOver
from tutelage.domain.terms import Party, Role
from tutelage.doors.web import forms as f
from tutelage.doors.web.looks import page
from tutelage.doors.web.signing import Me, checked, home, html, session
from tutelage.service.accounts import Signed as Somebody

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])


@router.get("/r/{relationship}/handover")
def handover(
    request: Request, me: Me, relationship: str, to: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """To whom, why, and what the new trainer will read."""
    return _page(request, me, relationship, typed=(to, ""))


def _page(
    request: Request,
    me: Somebody,
    name: str,
    status: int = 200,
    error: str = "",
    typed: tuple[str, str] = ("", ""),
) -> Response:
    mine = session(request, me)
    mine.turn(name)
    state = mine.desk.state(name)
    if Role.LEARNER not in state.roles(me.person.name):
        raise NotYours("not_your_role", "The learner decides with whom to go on.")
    return page("handover", status, me=me, name=name, state=state, error=error, typed=typed)


@router.post("/r/{relationship}/handover")
def handed(
    request: Request,
    me: Me,
    relationship: str,
    form: Annotated[str, Form()],
    to: Annotated[str, Form(max_length=64)] = "",
    because: Annotated[str, Form()] = "",
) -> Response:
    """Go on with this trainer; what was written goes with the learner."""
    checked(request, me, form)
    try:
        mine = session(request, me)
        name = mine.desk.people.spelt(to.strip())
        event = HandedOver(to=Party(id=name, kind="person"), because=because)
        mine.write(relationship, event)
    except (TutelageError, ValueError) as problem:
        status = getattr(problem, "status", HTTPStatus.UNPROCESSABLE_ENTITY)
        return _page(request, me, relationship, status, f.kindly(problem), (to, because))
    return home(to=f"/r/{relationship}/agreement")
