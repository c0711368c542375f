"""Where else than by mail I am told: in a chat, or a program of mine by a webhook."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from tutelage.domain.errors import Conflict, Malformed
from tutelage.doors.web import words
from tutelage.doors.web.looks import page
from tutelage.doors.web.notices import How
from tutelage.doors.web.signing import Me, channels, checked, counted, home, html, own_page

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
Name = Annotated[str, Form(pattern=r"^[0-9a-f]{24}$")]


@router.post("/me/channels")
def add(
    request: Request,
    me: Me,
    form: Annotated[str, Form()],
    url: Annotated[str, Form(max_length=2000)],
) -> Response:
    """Add a channel; the secret of a webhook is shown now, and never again."""
    checked(request, me, form)
    counted(request)  # each is looked up, and should not be a way of looking around
    try:
        made = channels(request).add(me.person.name, url.strip())
    except (Malformed, Conflict) as refused:
        shown: dict[str, Any] = {"channel_error": words.say(refused.message)}
        return page("me", HTTPStatus.UNPROCESSABLE_ENTITY, **{**own_page(request, me), **shown})
    if made.secret is None:
        return home(to="/me#channels")
    got = page("channel", me=me, channel=made, secret=made.secret)
    got.headers["cache-control"] = "no-store"
    return got


@router.post("/me/channels/how")
def choose(
    request: Request,
    me: Me,
    form: Annotated[str, Form()],
    channel: Name,
    turn: How,
    guidance: How,
    paper: How,
    nudge: How,
) -> Response:
    """Choose what one channel is told, and when."""
    checked(request, me, form)
    how = {"turn": turn, "guidance": guidance, "paper": paper, "nudge": nudge}
    channels(request).choose(me.person.name, channel, how)
    return home(to="/me#channels")


@router.post("/me/channels/again")
def again(request: Request, me: Me, form: Annotated[str, Form()], channel: Name) -> Response:
    """Try one again that was switched off."""
    checked(request, me, form)
    channels(request).again(me.person.name, channel)
    return home(to="/me#channels")


@router.post("/me/channels/end")
def end(request: Request, me: Me, form: Annotated[str, Form()], channel: Name) -> Response:
    """End one for good."""
    checked(request, me, form)
    channels(request).drop(me.person.name, channel)
    return home(to="/me#channels")
