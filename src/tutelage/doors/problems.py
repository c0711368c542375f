"""Errors as problem+json (RFC 9457): the same codes and sentences as through every door."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from tutelage.domain.errors import TooMany, TutelageError
from tutelage.doors.shapes import Problem

log = logging.getLogger(__name__)

MEDIA = "application/problem+json"
BODY_LIMIT = 4 * 1024 * 1024  # bytes of a request; an event holds 1 MiB at most
_SHOWN = {
    401: "There is no key, or it opens nothing any more.",
    403: "You have no role here that may do this.",
    404: "There is no such relationship, situation or entry.",
    409: "A rule of the relationship does not allow it.",
    412: "Others wrote behind the entry you had seen.",
    413: "The request is too large.",
    422: "A field cannot be read.",
    429: "Too many requests; wait as long as Retry-After says.",
    503: "The database cannot serve this now; try again.",
}

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": said,
        "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, said in _SHOWN.items()
}
"""What any route may answer besides its own."""


def problem(status: int, code: str, detail: str, **headers: str) -> JSONResponse:
    """One problem as a response."""
    title = HTTPStatus(status).phrase
    body = Problem(title=title, status=status, code=code, detail=_whole(detail))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return JSONResponse(body.model_dump(), status, named, MEDIA)


def _whole(text: str) -> str:
    """The text as valid Unicode: what somebody sent comes back in some of the sentences."""
    return text.encode("utf-8", "backslashreplace").decode()


def handle(app: FastAPI) -> None:
    """Let every error of this application leave as a problem."""
    app.add_exception_handler(TutelageError, ours)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(Exception, _unexpected)
    app.add_middleware(Bounded)


async def ours(_request: Request, error: Exception) -> JSONResponse:
    """One of our own errors, as a problem."""
    assert isinstance(error, TutelageError)  # noqa: S101  # as registered
    headers = {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW_Authenticate"] = "Bearer"
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry_After"] = "1"
    if isinstance(error, TooMany):
        headers["Retry_After"] = str(max(1, round(error.after)))
    return problem(error.status, error.code, error.message, **headers)


async def malformed(_request: Request, error: Exception) -> JSONResponse:
    """A request that cannot be read, as a problem."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  # as registered
    said = "; ".join(in_words(e) for e in error.errors()[:8])
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "malformed", said)


def in_words(found: Any) -> str:
    """One of pydantic's errors: where, and what; never what was sent."""
    skipped = ("body", "function-plain")
    where = ".".join(str(part) for part in found["loc"] if part not in skipped)
    return f"{where}: {found['msg']}" if where else str(found["msg"])


async def refused(_request: Request, error: Exception) -> JSONResponse:
    """What the framework itself refuses, as a problem."""
    assert isinstance(error, HTTPException)  # noqa: S101  # as registered
    status = 422 if error.status_code == 400 else error.status_code  # one word for one thing
    code = {404: "no_route", 405: "no_method", 413: "too_large"}.get(status, "malformed")
    headers = {k.replace("-", "_"): v for k, v in (error.headers or {}).items()}
    return problem(status, code, str(error.detail), **headers)


async def _unexpected(_request: Request, error: Exception) -> JSONResponse:
    log.error("unexpected: %s", type(error).__name__)  # its message may hold somebody's text
    return problem(500, "unexpected", "Something went wrong here; it was logged.")


Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class Bounded:
    """Refuse a request's body that is larger than any event can be, while it comes in."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        got = 0

        async def bounded() -> Any:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > BODY_LIMIT:
                raise HTTPException(413, f"A request has at most {BODY_LIMIT:,} bytes.")
            return message

        await self._app(scope, bounded, send)
