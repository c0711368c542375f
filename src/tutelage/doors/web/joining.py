"""The link of an invitation into a programme: whoever was sent it joins, account or not."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from tutelage.domain.errors import Conflict, TutelageError
from tutelage.doors.web import words
from tutelage.doors.web.looks import page
from tutelage.doors.web.programme import programmes
from tutelage.doors.web.signing import (
    COOKIE,
    Me,
    People,
    checked,
    counted,
    home,
    html,
    ours,
    signed_in,
)
from tutelage.service.accounts import mail_address
from tutelage.service.programmes import Member

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
Found = tuple[Member, str | None]


@router.get("/join/{token}")
def asked(request: Request, people: People, token: str) -> Response:
    """What one is invited to; looking at it, as scanners of mail do, joins nothing."""
    return _shown(request, people, token, _found(request, token))


def _found(request: Request, token: str) -> Found:
    """The invitation of a link. Raises Unknown, and counts the guess."""
    try:
        return programmes(request).invited(token)
    except TutelageError:
        counted(request)
        raise


def _shown(
    request: Request, people: Any, token: str, found: Found, status: int = 200, **more: Any
) -> Response:
    invited, mail = found
    me = people.open(request.cookies.get(COOKIE))
    if me is not None:
        words.speaks(me.person.language)
    known = mail is not None and people.by_mail(mail) is not None
    shown: dict[str, Any] = {"typed": invited.person, "error": "", "mail": "", **more}
    shown |= {"known": known, "mailed": mail is not None}
    shown["programme"] = programmes(request).named(invited.programme)
    return page("join", status, me=me, token=token, invited=invited, **shown)


@router.post("/join/{token}")
def enter(
    request: Request,
    people: People,
    token: str,
    name: Annotated[str, Form(max_length=64)] = "",
    mail: Annotated[str, Form(max_length=254)] = "",
) -> Response:
    """Make an account by the link, and join with it: the name is one's own choice."""
    ours(request)
    invited, asked_at = found = _found(request, token)
    kept, browser = programmes(request), request.headers.get("user-agent", "")
    try:
        if asked_at is not None and people.by_mail(asked_at) is not None:
            raise Conflict("name_taken", "This name or address is taken already; choose another.")
        reached = asked_at or (mail_address(mail) if mail.strip() else None)
        opened = people.enter(
            people.link(),
            browser,
            name.strip(),
            reached,
            lambda connection, person: kept.claim(connection, invited, person),
        )
    except TutelageError as refused:
        said = words.say(refused.message)
        more = {"typed": name, "mail": mail, "error": said}
        return _shown(request, people, token, found, refused.status, **more)
    signed = people.open(opened)
    if signed is not None:
        people.speaks(signed.person.name, words.language())
        kept.answer(invited.programme, signed.person.name, invited.side, joins=True)
    return signed_in(request, opened)


@router.post("/join/{token}/me")
def join(request: Request, me: Me, token: str, form: Annotated[str, Form()]) -> Response:
    """Join with the account that is signed in."""
    checked(request, me, form)
    invited, _mail = _found(request, token)
    programmes(request).join(invited, me.person.name)
    return home(f"/programmes/{invited.programme}")
