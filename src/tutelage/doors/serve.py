"""``tutelage serve``: /api, /mcp, /healthz and /readyz in one application."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import JSONResponse

from tutelage.domain.errors import TutelageError
from tutelage.doors.api import BURST, RATE, Doors, api
from tutelage.doors.common import say
from tutelage.doors.mcp import server
from tutelage.doors.problems import problem
from tutelage.doors.retaining import daily
from tutelage.doors.web.site import Deliver, site
from tutelage.service.accounts import Person
from tutelage.service.database import reading
from tutelage.service.desk import Tutelage
from tutelage.service.session import Session

THREADS = 16  # requests at a time: more would wait for each other, and for the database
LOCAL = ("127.0.0.1", "localhost", "[::1]")


def application(
    desk: Tutelage,
    *,
    hosts: tuple[str, ...] = (),
    rate: float = RATE,
    burst: float = BURST,
    deliver: Deliver | None = None,
    keep_days: int | None = None,
) -> FastAPI:
    """All the doors over one desk; `hosts` are the names it is called by besides the local ones.

    `deliver` brings a sign-in link to somebody; without it, it is printed where the server runs.
    After `keep_days` the texts of a relationship that is over are erased; without it, by hand.
    """

    def opens(headers: Mapping[str, str] | None) -> Session:
        doors: Doors = app.state.doors
        given = headers or {}
        return doors.session(given.get("authorization"), "mcp")

    mcp = server(opens)
    allowed = [*LOCAL, *hosts]
    named = [*allowed, *(f"{host}:*" for host in allowed)]
    origins = [f"{scheme}://{host}" for scheme in ("http", "https") for host in named]
    sub = mcp.streamable_http_app(
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(allowed_hosts=named, allowed_origins=origins),
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        async with mcp.session_manager.run(), daily(desk, keep_days):
            yield

    app = api(desk, rate=rate, burst=burst, lifespan=lifespan)
    app.router.routes.extend(sub.routes)
    _health(app, desk)
    app.state.keep_days = keep_days
    site(app, desk, deliver or _printed, allowed)
    return app


def _printed(person: Person, link: str) -> None:
    say(f"Sign-in link for {person.name}: {link}")
    sys.stdout.flush()


def _health(app: FastAPI, desk: Tutelage) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, bool]:
        """This process answers."""
        return {"ok": True}

    @app.get("/readyz", include_in_schema=False)
    def readyz() -> Any:
        """The database answers too."""
        try:
            with reading(desk.ledger.engine) as connection:
                connection.execute(sa.text("SELECT 1"))
        except TutelageError as error:
            return problem(error.status, error.code, error.message)
        return JSONResponse({"ready": True})
