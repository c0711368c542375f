"""Put the pages on the application: routes, style, and errors as pages."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from importlib import resources
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import JSONResponse, RedirectResponse, Response

from tutelage.domain.errors import TutelageError
from tutelage.doors.limits import Limit
from tutelage.doors.problems import malformed, ours
from tutelage.doors.web import pages, signing, sso, words
from tutelage.doors.web.letters import Deliver
from tutelage.doors.web.looks import page
from tutelage.doors.web.provided import SignOns
from tutelage.service.desk import Tutelage
from tutelage.service.later import Later

ASKED = 1 / 60, 5.0  # links to one address a second, and at once: nobody fills another's mailbox


def site(
    app: FastAPI,
    desk: Tutelage,
    deliver: Deliver,
    hosts: Iterable[str],
    sign_ons: SignOns | None = None,
) -> None:
    """Add the pages over this desk; they answer to these names of the server."""
    app.state.hosts = frozenset(host.strip("[]") for host in hosts)
    app.state.accounts = desk.people
    app.state.deliver = deliver
    app.state.later = Later()
    app.state.sign_ons = sign_ons
    app.state.asked = Limit(*ASKED, time.monotonic)
    app.include_router(signing.router)
    app.include_router(sso.router)
    app.include_router(pages.router)
    app.add_exception_handler(signing.SignIn, _sign_in)
    app.add_exception_handler(TutelageError, _as_page)
    app.add_exception_handler(RequestValidationError, _unread)
    for name, kind in STATIC.items():
        app.add_api_route(f"/static/{name}", _static(name, kind), include_in_schema=False)


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


async def _sign_in(_request: Request, _error: Exception) -> Response:
    return RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)


async def _as_page(request: Request, error: Exception) -> Response | JSONResponse:
    """To a person as a page, to a program as a problem."""
    assert isinstance(error, TutelageError)  # noqa: S101  # as registered
    if not getattr(request.state, "html", False):
        return await ours(request, error)
    return _gone(request, error.status, error.message)


async def _unread(request: Request, error: Exception) -> Response | JSONResponse:
    """A form that cannot be read at all: a page of ours never sends one."""
    if not getattr(request.state, "html", False):
        return await malformed(request, error)
    return _gone(request, HTTPStatus.UNPROCESSABLE_ENTITY, "This form cannot be read.")


def _gone(request: Request, status: int, said: str) -> Response:
    me = request.app.state.accounts.open(request.cookies.get(signing.COOKIE))
    if me is not None:
        words.speaks(me.person.language)
    shown: dict[str, Any] = {"me": me, "said": words.say(said)}
    return page("gone", status, **shown)
