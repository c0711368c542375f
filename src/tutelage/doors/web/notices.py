"""How I am told by mail what waits for me, and the link in each such mail that ends it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from tutelage.domain.errors import NoKey, TutelageError
from tutelage.doors.web import words
from tutelage.doors.web.looks import page
from tutelage.doors.web.signing import Me, checked, counted, home, html, wishes
from tutelage.service.secret import Signature

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
PURPOSE = "unsubscribe"
Hour = Annotated[int, Form(ge=0, le=23)]
How = Annotated[str, Form(max_length=8)]


@router.post("/me/mail")
def choose(
    request: Request,
    me: Me,
    form: Annotated[str, Form()],
    turn: How,
    guidance: How,
    paper: How,
    nudge: How,
    digest_at: Hour,
    quiet_from: Hour,
    quiet_until: Hour,
) -> Response:
    """Choose what is mailed to me, and when."""
    checked(request, me, form)
    how = {"turn": turn, "guidance": guidance, "paper": paper, "nudge": nudge}
    hours = {"digest_at": digest_at, "quiet_from": quiet_from, "quiet_until": quiet_until}
    wishes(request).choose(me.person.name, how, **hours)
    return home(to="/me#mail")


@router.post("/me/mail/again")
def again(request: Request, me: Me, form: Annotated[str, Form()]) -> Response:
    """Try my address again."""
    checked(request, me, form)
    wishes(request).again(me.person.name)
    return home(to="/me#mail")


@router.get("/stop/{token}")
def asked(request: Request, token: str) -> Response:
    """What the link would end; looking at it, as scanners of mail do, ends nothing."""
    return page("stop", me=None, done=False, token=token, name=_name(request, token))


@router.post("/stop/{token}")
def stop(request: Request, token: str) -> Response:
    """Mail nothing any more to whom the link was sent; by one click in a mail program, too."""
    name = _name(request, token)
    wishes(request).stop(name)
    return page("stop", me=None, done=True, token=token, name=name)


def _name(request: Request, token: str) -> str:
    """For whom a link was signed, and still has an account. Raises NoKey."""
    desk = request.app.state.doors.desk
    name = Signature(desk.ledger.engine, PURPOSE, desk.entropy).name(token)
    try:
        person = request.app.state.accounts.person(name or "")
    except TutelageError:
        counted(request)
        raise NoKey(
            "no_such_stop", "This link ends no mails; choose under your name what is mailed to you."
        ) from None
    words.reads(request.headers.get("accept-language", ""))
    words.speaks(person.language)
    return str(person.name)
