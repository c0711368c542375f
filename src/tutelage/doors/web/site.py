"""Put the pages on the application: routes, style, and errors as pages."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from http import HTTPStatus
from importlib import resources
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from tutelage.domain.errors import TutelageError
from tutelage.doors.limits import Limit
from tutelage.doors.problems import malformed, ours, refused
from tutelage.doors.web import pages, signing, sso, words
from tutelage.doors.web.letters import Deliver
from tutelage.doors.web.looks import page
from tutelage.doors.web.provided import SignOns
from tutelage.service.desk import Tutelage
from tutelage.service.later import Later

ASKED = 1 / 60, 5.0  # links to one address a second, and at once: nobody fills another's mailbox
INVITING = 20 / 86_400, 20.0  # mails of one person's to others, a second and at once


def site(
    app: FastAPI,
    desk: Tutelage,
    deliver: Deliver,
    hosts: Iterable[str],
    sign_ons: SignOns | None = None,
    named: Iterable[str] = (),
) -> None:
    """Add the pages over this desk; they answer to these names of the server, some given to it."""
    app.state.named = frozenset(host.lower() for host in named)
    app.state.hosts = frozenset(host.strip("[]") for host in hosts)
    app.state.accounts = desk.people
    app.state.deliver = deliver
    app.state.later = Later()
    app.state.sign_ons = sign_ons
    app.state.asked = Limit(*ASKED, time.monotonic)
    app.state.inviting = Limit(*INVITING, time.monotonic)
    app.include_router(signing.router)
    app.include_router(sso.router)
    app.include_router(pages.router)
    app.add_exception_handler(signing.SignIn, _sign_in)
    app.add_exception_handler(TutelageError, _as_page)
    app.add_exception_handler(RequestValidationError, _unread)
    app.add_exception_handler(HTTPException, _http)
    for name, kind in STATIC.items():
        app.add_api_route(f"/static/{name}", _static(name, kind), include_in_schema=False)


SHORT = 20  # letters: what is longer was written, and is shown before it is lost

STATIC = {
    "style.css": "text/css",
    "drafts.js": "text/javascript",
    "htmx.min.js": "text/javascript",  # 4.0.1, as published (0BSD)
}


def _static(name: str, kind: str) -> Callable[[], Awaitable[Response]]:
    body = (resources.files(__package__) / "static" / name).read_bytes()

    async def sent() -> Response:
        return Response(body, media_type=kind, headers={"Cache-Control": "max-age=3600"})

    return sent


async def _sign_in(request: Request, _error: Exception) -> Response:
    """Off to sign in, and back afterwards; what was being sent is shown, to be kept."""
    if request.method == "POST":
        said = words.say("You are signed out. What you wrote was not sent; keep it, and sign in.")
        return _gone(request, HTTPStatus.UNAUTHORIZED, said, await _typed(request))
    gone = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    if request.url.path.startswith("/r/"):
        gone.set_cookie(signing.NEXT, request.url.path, max_age=3600, httponly=True, samesite="lax")
    return gone


async def _typed(request: Request) -> list[str]:
    """What somebody had typed into a form that cannot be taken."""
    form = await request.form()
    ours = ("form", "id", "what", "version")
    found = ((k, v) for k, v in form.multi_items() if k not in ours and not k.startswith("fixed."))
    return [v for _k, v in found if isinstance(v, str) and len(v) > SHORT]


async def _as_page(request: Request, error: Exception) -> Response | JSONResponse:
    """To a person as a page, to a program as a problem."""
    assert isinstance(error, TutelageError)  # noqa: S101  # as registered
    if not getattr(request.state, "html", False):
        return await ours(request, error)
    typed = await _typed(request) if error.code == "foreign_form" else []
    return _gone(request, error.status, error.message, typed)


async def _unread(request: Request, error: Exception) -> Response | JSONResponse:
    """A form that cannot be read at all: a page of ours never sends one."""
    if not getattr(request.state, "html", False):
        return await malformed(request, error)
    return _gone(request, HTTPStatus.UNPROCESSABLE_ENTITY, "This form cannot be read.")


async def _http(request: Request, error: Exception) -> Response:
    """What the server itself refuses, as a form that is too long: to a person as a page."""
    assert isinstance(error, HTTPException)  # noqa: S101  # as registered
    posted = request.method == "POST" and request.url.path.startswith(("/r/", "/propose"))
    if not posted or error.status_code != HTTPStatus.BAD_REQUEST:
        return await refused(request, error)
    said = "This form is too long to be read; split what you wrote. It is still in your browser."
    return _gone(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, said)


def _gone(request: Request, status: int, said: str, typed: Sequence[str] = ()) -> Response:
    me = request.app.state.accounts.open(request.cookies.get(signing.COOKIE))
    if me is not None:
        words.speaks(me.person.language)
    shown: dict[str, Any] = {"me": me, "said": words.say(said), "typed": typed}
    return page("gone", status, **shown)
