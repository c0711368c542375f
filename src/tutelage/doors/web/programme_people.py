"""The people of a programme: who is in it, and a whole list invited at once."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

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
from tutelage.service.programmes import Invitation, Programme

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
    accounts = request.app.state.accounts
    every = [m for m in programmes(request).members(found.name) if m.state != "left"]
    members = [m for m in every if m.person > after][:SHOWN]
    away = {m.person for m in members if m.state == "invited" and not accounts.known(m.person)}
    shown: dict[str, Any] = {"listed": None, "typed": "", "error": "", "link": "", "who": ""}
    shown["further"] = members[-1].person if members and members[-1] != every[-1] else None
    mails = request.app.state.mailer is not None
    shown |= {"members": members, "away": away, "mails": mails, **more}
    return page("programme_people", status, me=me, programme=found, **shown)


@router.post("/programmes/{name}/people")
async def read(request: Request, me: Me, name: str) -> Response:
    """What a list says, before anybody is invited; what cannot be read is said by its line."""
    async with request.form() as sent:
        checked(request, me, str(sent.get("form", "")))
        found = led(request, me, name)
        file, typed = sent.get("file"), str(sent.get("list", ""))
        given = await file.read(MOST_BYTES + 1) if isinstance(file, UploadFile) else b""
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
) -> Response:
    """Invite everybody on the list; sent twice, or by two leads at once, they are invited once."""
    checked(request, me, form)
    found = led(request, me, name)
    try:
        read = roster.read(listed.encode("utf-8", "replace"))
        if read.problems:
            raise Malformed("bad_csv", read.problems[0].said)
        programmes(request).invite(name, _spelt(request, read), me.person.name)
    except TutelageError as wrong:
        return _shown(
            request, me, found, wrong.status, typed=listed, error=words.say(wrong.message)
        )
    return home(f"/programmes/{name}/people")


def _spelt(request: Request, read: Roster) -> list[Invitation]:
    """Each under the name as their account spells it."""
    accounts = request.app.state.accounts
    return [
        Invitation(accounts.spelt(p.person), p.side, p.mail, p.capacity, p.reply_days)
        for p in read.people
    ]


@router.post("/programmes/{name}/link")
def link(
    request: Request, me: Me, name: str, form: Annotated[str, Form()], person: Typed
) -> Response:
    """A link for one who was invited and has no account yet, to be passed on."""
    checked(request, me, form)
    found = led(request, me, name)
    waits = [m for m in programmes(request).members(name) if m.person == person]
    if not any(m.state == "invited" for m in waits):
        raise Conflict("not_invited", "They are not invited, or have joined already.")
    try:
        secret = request.app.state.accounts.invite(person, me.person.name, many=True)
    except TutelageError as wrong:
        return _shown(request, me, found, wrong.status, error=words.say(wrong.message))
    return _shown(request, me, found, link=f"{origin(request)}/in/{secret}", who=person)


@router.post("/programmes/{name}/forget")
def forget(
    request: Request, me: Me, name: str, form: Annotated[str, Form()], person: Typed, side: Typed
) -> Response:
    """Take an invitation back that nobody has answered."""
    checked(request, me, form)
    led(request, me, name)
    programmes(request).forget(name, person, side_of(side))
    return home(f"/programmes/{name}/people")
