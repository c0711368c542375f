"""How it begins: the baseline, with past decisions retold."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from tutelage.domain.errors import NotYours, Refused, TutelageError
from tutelage.domain.events import (
    BaselineTaken,
    OwnCallRecorded,
    Rated,
    SituationOpened,
)
from tutelage.domain.relationship import Relationship
from tutelage.domain.rules import BASELINE_MINIMUM
from tutelage.domain.terms import Phase, Role
from tutelage.doors.web import forms as f
from tutelage.doors.web import pair, thread
from tutelage.doors.web.looks import page
from tutelage.doors.web.posted import one
from tutelage.doors.web.signing import FORM, Me, checked, home, html, session
from tutelage.guidance.words import criterion_name
from tutelage.service.accounts import Signed as Somebody
from tutelage.service.session import Session

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
Sent = Mapping[str, str]
STEPS = frozenset("12345")


# the baseline ----------------------------------------------------------------------------------
@router.post("/r/{relationship}/baseline")
def baseline(
    request: Request,
    me: Me,
    relationship: str,
    form: Annotated[str, Form()],
    fewer: Annotated[str, Form()] = "",
) -> Response:
    """Close the baseline with the situations so far."""
    checked(request, me, form)
    mine = session(request, me)
    mine.turn(relationship)
    keys = pair.baseline(mine.desk.state(relationship), me.person.name)
    mine.write(
        relationship, BaselineTaken(situations=tuple(keys), fewer_because=fewer.strip() or None)
    )
    return home(to=f"/r/{relationship}")


@router.get("/r/{relationship}/retell")
def retell(request: Request, me: Me, relationship: str) -> Response:
    """Retell a past decision, and say how sound it was: where I stand before any guidance."""
    return _retelling(request, me, relationship)


def _retelling(
    request: Request, me: Somebody, name: str, status: int = 200, **more: Any
) -> Response:
    state = _learns(session(request, me), name)
    shown: dict[str, Any] = {"typed": {}, "error": "", "id": f.fresh(), **more}
    told = sum(s.opened.event.retold for s in state.situations)
    shown |= {"told": told, "wanted": BASELINE_MINIMUM, "anchors": thread.anchors(state)}
    names = {c: criterion_name(state, c) for c in state.criteria}
    return page("retell", status, me=me, name=name, criteria=names, **shown)


def _learns(mine: Session, name: str) -> Relationship:
    mine.turn(name)
    state = mine.desk.state(name)
    if Role.LEARNER not in state.roles(mine.actor):
        raise NotYours("not_your_role", "Only the learner retells its decisions.")
    return state


@router.post("/r/{relationship}/retell")
async def retold(request: Request, me: Me, relationship: str) -> Response:
    """Write it as what it is: a situation from the past, the call made in it, my own rating."""
    sent = one(await request.form())
    checked(request, me, sent.get("form", ""))
    mine = session(request, me)
    _learns(mine, relationship)
    try:
        _tell(mine, relationship, sent)
    except (TutelageError, ValueError) as problem:
        again = getattr(problem, "code", "") == "id_reused"  # what was changed is another one
        shown: dict[str, Any] = {"typed": sent, "error": f.kindly(problem)}
        shown["id"] = f.fresh() if again else _id(sent)
        status = getattr(problem, "status", HTTPStatus.UNPROCESSABLE_ENTITY)
        return _retelling(request, me, relationship, status, **shown)
    return home(f"/r/{relationship}#due", sent.get("id", ""))


def _tell(mine: Session, name: str, sent: Sent) -> None:
    """Three entries in one transaction: all of it is told, or nothing."""
    if mine.desk.state(name).phase is not Phase.BASELINE:
        raise Refused("baseline_closed", "The baseline is closed.")
    ratings = {k.removeprefix("ratings."): v for k, v in sent.items() if k.startswith("ratings.")}
    rated = {k: int(v) for k, v in ratings.items() if v in STEPS}
    form = _id(sent)
    key = f"s{form[1:13]}"
    opened = SituationOpened(
        situation=key, text=sent.get("text", ""), criteria=tuple(rated), retold=True
    )
    call = OwnCallRecorded(situation=key, call=sent.get("call", ""), why=sent.get("why", ""))
    said = Rated(situation=key, subject="own_call", ratings=rated, as_self=True)
    mine.write(name, opened, id=form, then=(call, said))


def _id(sent: Sent) -> str:
    """The form's id, or one of that shape that follows from whatever else was sent for it."""
    said = sent.get("id", "")
    if FORM.fullmatch(said):
        return said
    cut = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:24]
    return f"f{cut}" if said else f.fresh()
