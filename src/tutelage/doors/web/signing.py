"""Signing in without passwords: a link that opens once, and sessions that can be ended."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import RedirectResponse, Response

from tutelage.domain.errors import NoKey, NotYours, TutelageError
from tutelage.doors.web import words
from tutelage.doors.web.looks import page, watched
from tutelage.doors.web.provided import offered
from tutelage.doors.web.seen import looked, page_of
from tutelage.service.accounts import SESSION_LASTS, Accounts, Person, Signed, mail_address
from tutelage.service.channel import Channels
from tutelage.service.keys import Key
from tutelage.service.preference import Preferences
from tutelage.service.session import Session

COOKIE = "tutelage"
ZONE, NEXT = "zone", "next"
FORM = re.compile(r"f[0-9a-f]{24}")
YEAR = 365 * 24 * 3600
log = logging.getLogger(__name__)


class SignIn(Exception):  # what is to be done, not what went wrong
    """Nobody is signed in; they are sent to where one does."""


async def html(request: Request) -> None:
    """Mark a request as a person's: what goes wrong with it is shown as a page, in their words."""
    request.state.html = True
    if request.url.hostname not in request.app.state.hosts:  # a link of ours would lead there
        raise NotYours("foreign_host", "This server is not called so; see tutelage serve --name.")
    if not _utf8(request.headers.get("content-type", "").lower()):
        raise RequestValidationError([])  # a page of ours sends UTF-8; others may bring in anything
    asked = request.headers.get("accept-language", "")
    words.reads(asked, request.cookies.get(ZONE, ""))
    watched(partial(looked, request))


def _utf8(kind: str) -> bool:
    """Whether a body of this kind is read as UTF-8: in other encodings come half characters."""
    return kind.count("charset") == len(re.findall(r'charset="?utf-?8"?(?=;|$)', kind))


def accounts(request: Request) -> Accounts:
    """The people of this installation."""
    found: Accounts = request.app.state.accounts
    return found


def wishes(request: Request) -> Preferences:
    """How the people of this installation are told what waits for them."""
    return Preferences(request.app.state.doors.desk.ledger.engine)


def channels(request: Request) -> Channels:
    """Where else people are told, as far as this installation lets them."""
    desk = request.app.state.doors.desk
    private = request.app.state.private_channels
    return Channels(desk.ledger.engine, desk.clock, desk.entropy, private=private)


def who(request: Request, people: Annotated[Accounts, Depends(accounts)]) -> Signed:
    """Who is at the browser. Raises SignIn."""
    signed = people.open(request.cookies.get(COOKIE))
    if signed is None:
        raise SignIn
    return signed


async def reader(signed: Annotated[Signed, Depends(who)]) -> Signed:
    """Whoever is signed in, and from here on every word in their language.

    It runs in the request's own context, which a dependency in a thread would not.
    """
    words.speaks(signed.person.language)
    return signed


Me = Annotated[Signed, Depends(reader)]
People = Annotated[Accounts, Depends(accounts)]
router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])


def session(request: Request, me: Signed) -> Session:
    """What this person may do, the same as through every other door; one for a request."""
    found: Session | None = getattr(request.state, "session", None)
    if found is None:
        key = Key("browser", me.person.name)
        found = Session(request.app.state.doors.desk, key, page_of(request))
        request.state.session = found
    return found


def checked(request: Request, me: Signed, form: str) -> None:
    """Refuse what another page sent in this person's name. Raises NotYours."""
    ours(request)
    if not me.sent(form):
        raise _foreign()


def ours(request: Request) -> None:
    """Refuse what a page of another site sent. Raises NotYours."""
    origin = request.headers.get("origin")
    if origin is not None and _at(origin) != request.headers.get("host"):
        raise _foreign()


def _foreign() -> NotYours:
    return NotYours("foreign_form", "This form was not made for you; open the page anew.")


def _at(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def home(to: str = "/", kept: str = "") -> Response:
    """Off to another page; what was sent under this id is kept, and its draft can go."""
    gone = RedirectResponse(to, HTTPStatus.SEE_OTHER)
    if FORM.fullmatch(kept):
        gone.set_cookie("kept", kept, max_age=120, samesite="lax")  # for the page's script
    return gone


@router.get("/sign-in")
def sign_in(request: Request) -> Response:
    """Where a link is asked for."""
    return page("sign_in", me=None, asked=False, **offered(request))


@router.post("/sign-in")
def ask(request: Request, people: People, mail: Annotated[str, Form(max_length=254)]) -> Response:
    """Send a link, where there is such an account; the answer tells nobody whether there is.

    So it is looked up after the answer, on another thread: what takes longer tells, too.
    """
    ours(request)
    counted(request)
    request.app.state.asked.take(mail.strip().lower())
    send = partial(_send, people, request.app.state.deliver, mail, f"{origin(request)}/in/")
    if not request.app.state.later.do(send):
        log.error("a sign-in link was not made: too many wait already")
    return page("sign_in", me=None, asked=True, **offered(request))


def _send(people: Accounts, deliver: Callable[[Person, str], None], mail: str, at: str) -> None:
    known = people.by_mail(mail)
    if known is not None:
        deliver(known, at + people.link(known.name))


@router.get("/in/{secret}")
def look(request: Request, secret: str, people: People) -> Response:
    """Who this link is for; nothing is used up, for scanners of mail look at it too."""
    shown: dict[str, Any] = {"me": None, "secret": secret, "typed": ("", ""), **offered(request)}
    try:
        name = people.whose(secret)
    except TutelageError as error:
        counted(request)
        said = words.say(error.message)
        return page("link", HTTPStatus.FORBIDDEN, name="", invited=False, error=said, **shown)
    return page("link", name=name, invited=not people.known(name), error="", **shown)


@router.post("/in/{secret}")
def enter(
    request: Request,
    secret: str,
    people: People,
    name: Annotated[str, Form(max_length=64)] = "",
    mail: Annotated[str, Form(max_length=254)] = "",
) -> Response:
    """Sign in, and use the link up; whoever came by an invitation says their name."""
    ours(request)  # or another site could sign somebody in as somebody else
    browser = request.headers.get("user-agent", "")
    invited = invites(people, secret)
    try:
        kept = mail_address(mail) if mail.strip() else None
        opened = people.enter(secret, browser, name.strip(), kept)
    except TutelageError as error:
        if isinstance(error, NoKey):
            counted(request)
        shown: dict[str, Any] = {"me": None, "secret": secret, "typed": (name, mail)}
        shown["name"] = people.whose(secret) if invited else ""
        shown |= {"error": words.say(error.message), **offered(request)}
        return page("link", error.status, invited=invited, **shown)
    signed = people.open(opened)
    if invited and signed:  # they were greeted in their browser's language, and go on in it
        people.speaks(signed.person.name, words.language())
    return signed_in(request, opened)


def signed_in(request: Request, opened: str) -> Response:
    """Off to the start, in this session from now on."""
    to = request.cookies.get(NEXT, "")
    gone = home(to if re.fullmatch(r"/r/[\w./:@+-]+", to) else "/")
    gone.delete_cookie(NEXT)
    gone.set_cookie(
        COOKIE,
        opened,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return gone


def invites(people: Accounts, secret: str) -> bool:
    """Whether this is an invitation that is still good."""
    try:
        return not people.known(people.whose(secret))
    except TutelageError:
        return False


@router.post("/out")
def out(request: Request, me: Me, people: People, form: Annotated[str, Form()]) -> Response:
    """Sign out of this browser."""
    checked(request, me, form)
    people.leave(me.person.name, me.session)
    gone = home(to="/sign-in")
    gone.delete_cookie(COOKIE)
    return gone


@router.get("/me")
def myself(request: Request, me: Me) -> Response:
    """The browsers I am signed in with, and how I read pages."""
    return page("me", **own_page(request, me))


def own_page(request: Request, me: Signed) -> dict[str, Any]:
    """All that the page under my name shows."""
    people, name = accounts(request), me.person.name
    shown: dict[str, Any] = {"languages": words.LANGUAGES, "zones": words.zones(), "me": me}
    shown |= {
        "wishes": wishes(request).of(name),
        "channels": channels(request).of(name),
        "channel_error": "",
    }
    return {**shown, **offered(request, me.person), "browsers": people.browsers(name)}


@router.post("/me/reads")
def reads(
    request: Request,
    me: Me,
    people: People,
    form: Annotated[str, Form()],
    language: Annotated[str, Form(max_length=8)],
    zone: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Choose in which language I read, and by which clock."""
    checked(request, me, form)
    if language in words.LANGUAGES:
        people.speaks(me.person.name, language)
    gone = home(to="/me")
    if zone in words.zones():
        wishes(request).keep_zone(me.person.name, zone)  # mails come by the same clock
        secure = request.url.scheme == "https"
        gone.set_cookie(ZONE, zone, YEAR, httponly=True, samesite="lax", secure=secure)
    return gone


@router.post("/me/end")
def end(
    request: Request,
    me: Me,
    people: People,
    form: Annotated[str, Form()],
    browser: Annotated[str, Form(pattern=r"^[0-9a-f]{0,16}$")],
) -> Response:
    """Sign out of another browser, at once."""
    checked(request, me, form)
    people.leave(me.person.name, browser)
    return home(to="/me")


def origin(request: Request) -> str:
    """How this server is called by who asks; nobody's name stands before it.

    A name that it was given comes with a port only where it listens there: what is asked for by
    another one would put that into the links we mail.
    """
    host = request.url.netloc.rpartition("@")[2].lower()
    name, _, port = host.partition(":")
    if name in request.app.state.named:
        host = host if port == str((request.scope.get("server") or ("", ""))[1]) else name
    return f"{request.url.scheme}://{host}"


def counted(request: Request) -> None:
    """One more that could be a guess, from this address. Raises TooMany."""
    request.app.state.doors.guesses.take(request.client.host if request.client else "")
