"""The people of a programme: who is in it, and a whole list invited at once."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from tutelage.domain.errors import Conflict, Malformed, TutelageError
from tutelage.doors import roster
from tutelage.doors.roster import MOST_BYTES, Roster
from tutelage.doors.web import words
from tutelage.doors.web.looks import page
from tutelage.doors.web.programme import Typed, led, programmes, side_of
from tutelage.doors.web.signing import Me, checked, home, html, origin
from tutelage.service.accounts import Signed
from tutelage.service.programmes import Programme

SHOWN = 100  # people on a page

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])


@router.get("/programmes/{name}/people")
def people(
    request: Request, me: Me, name: str, after: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """Who is in it, who is invited, and where a list is read in."""
    return _shown(request, me, led(request, me, name), after=after)


def _shown(
    request: Request,
    me: Signed,
    found: Programme,
    status: int = 200,
    after: str = "",
    **more: Any,
) -> Response:
    known = programmes(request).members(found.name)
    every = [m for m in known if m.state != "left"]
    members = [m for m in every if m.person > after][:SHOWN]
    shown: dict[str, Any] = {"listed": None, "typed": "", "error": "", "link": "", "who": ""}
    shown["further"] = members[-1].person if members and members[-1] != every[-1] else None
    mails = request.app.state.mailer is not None
    shown |= {"members": members, "mails": mails, **more}
    left = {(m.person, m.side) for m in known if m.state == "left"}
    listed = shown["listed"].people if shown["listed"] else ()
    shown["left"] = [p.person for p in listed if (p.person, p.side) in left]
    return page("programme_people", status, me=me, programme=found, **shown)


@router.post("/programmes/{name}/people")
async def read(request: Request, me: Me, name: str) -> Response:
    """What a list says, before anybody is invited; what cannot be read is said by its line."""
    async with request.form() as sent:
        checked(request, me, str(sent.get("form", "")))
        file, typed = sent.get("file"), str(sent.get("list", ""))
        given = await file.read(MOST_BYTES + 1) if isinstance(file, UploadFile) else b""
    return await run_sync(_read, request, me, name, given, typed)


def _read(request: Request, me: Signed, name: str, given: bytes, typed: str) -> Response:
    found = led(request, me, name)
    try:
        listed = roster.read(given or typed.encode("utf-8", "replace"))
    except Malformed as wrong:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _shown(request, me, found, status, typed=typed, error=words.say(wrong.message))
    return _shown(request, me, found, listed=listed, typed=_written(listed))


def _written(listed: Roster) -> str:
    """The list as it was understood, to be sent once more."""
    rows = [("name", "mail", "side", "capacity", "reply_days")]
    rows += [
        (one.person, one.mail or "", one.side, _said(one.capacity), _said(one.reply_days))
        for one in listed.people
    ]
    return "\n".join(",".join(row) for row in rows)  # no part of it can hold a comma


def _said(number: int | None) -> str:
    return "" if number is None else str(number)


@router.post("/programmes/{name}/invite")
def invite(
    request: Request,
    me: Me,
    name: str,
    form: Annotated[str, Form()],
    listed: Annotated[str, Form(alias="list")],
    again: Annotated[str, Form(max_length=8)] = "",
) -> Response:
    """Invite everybody on the list; sent twice, or by two leads at once, they are invited once."""
    checked(request, me, form)
    found = led(request, me, name)
    try:
        read = roster.read(listed.encode("utf-8", "replace"))
        if read.problems:
            raise Malformed("bad_csv", read.problems[0].said)
        people = roster.spelt(read, request.app.state.accounts)
        programmes(request).invite(name, people, me.person.name, again=again == "yes")
    except TutelageError as wrong:
        return _shown(
            request, me, found, wrong.status, typed=listed, error=words.say(wrong.message)
        )
    return home(f"/programmes/{name}/people")


@router.post("/programmes/{name}/link")
def link(
    request: Request, me: Me, name: str, form: Annotated[str, Form()], person: Typed, side: Typed
) -> Response:
    """The link of an invitation that no mail brings, to be passed on."""
    checked(request, me, form)
    found, kept = led(request, me, name), programmes(request)
    waits = [m for m in kept.members(name) if (m.person, m.side) == (person, side)]
    mailed = {"waiting", "sent"} if request.app.state.mailer is not None else set()
    if not any(m.state == "invited" and m.mail_state not in mailed for m in waits):
        raise Conflict("not_invited", "They are not invited, have joined, or get it by mail.")
    told = f"{origin(request)}/join/{kept.token(name, person, side)}"
    return _shown(request, me, found, link=told, who=person)


@router.post("/programmes/{name}/again")
def again(
    request: Request, me: Me, name: str, form: Annotated[str, Form()], person: Typed, side: Typed
) -> Response:
    """Mail an invitation once more."""
    checked(request, me, form)
    led(request, me, name)
    programmes(request).send_again(name, person, side_of(side))
    return home(f"/programmes/{name}/people")


@router.post("/programmes/{name}/forget")
def forget(
    request: Request, me: Me, name: str, form: Annotated[str, Form()], person: Typed, side: Typed
) -> Response:
    """Take an invitation back that nobody has answered."""
    checked(request, me, form)
    led(request, me, name)
    programmes(request).forget(name, person, side_of(side))
    return home(f"/programmes/{name}/people")
