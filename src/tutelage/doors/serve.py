"""``tutelage serve``: /api, /mcp, /healthz and /readyz in one application."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa
from anyio.to_thread import current_default_thread_limiter, run_sync
from fastapi import FastAPI
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import JSONResponse

from tutelage.domain.errors import TutelageError
from tutelage.doors.api import BURST, RATE, Doors, api
from tutelage.doors.common import say
from tutelage.doors.mcp import server
from tutelage.doors.notifying import MINUTE, told_by
from tutelage.doors.problems import problem
from tutelage.doors.retaining import DAY, daily, repeated
from tutelage.doors.web.letters import Deliver, by_mail
from tutelage.doors.web.provided import SignOns
from tutelage.doors.web.sealed import Seal
from tutelage.doors.web.site import site
from tutelage.service.accounts import Person
from tutelage.service.credentials import Credentials
from tutelage.service.database import reading
from tutelage.service.desk import Tutelage
from tutelage.service.mail import Mailer
from tutelage.service.session import Session
from tutelage.service.settings import NOTHING_SET, Settings, SignOn
from tutelage.service.subjects import Subjects

THREADS = 16  # requests at a time: more would wait for each other, and for the database
LOCAL = ("127.0.0.1", "localhost", "[::1]")


def application(
    desk: Tutelage,
    *,
    hosts: tuple[str, ...] = (),
    rate: float = RATE,
    burst: float = BURST,
    deliver: Deliver | None = None,
    settings: Settings = NOTHING_SET,
) -> FastAPI:
    """All the doors over one desk; `hosts` are the names it is called by besides the local ones.

    `deliver` brings a sign-in link to somebody; without it, it goes by mail where a server for
    that is set, and is printed where this one runs if not.
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
        async with (
            mcp.session_manager.run(),
            daily(desk, settings.keep_days),
            _telling(desk, settings),
        ):
            yield
        await run_sync(_close, app)

    app = api(desk, rate=rate, burst=burst, lifespan=lifespan)
    app.router.routes.extend(sub.routes)
    _health(app, desk)
    app.state.private_channels = settings.private_channels
    app.state.keep_days = settings.keep_days
    app.state.mailer = mailer = Mailer(settings.mail, desk.clock) if settings.mail else None
    deliver = deliver or (by_mail(mailer) if mailer else _printed)
    sign_ons = _sign_ons(desk, settings.sign_on) if settings.sign_on else None
    app.state.credentials = _credentials(desk, settings)
    site(app, desk, deliver, allowed, sign_ons, hosts)
    return app


@asynccontextmanager
async def _telling(desk: Tutelage, settings: Settings) -> AsyncIterator[None]:
    """Meanwhile tell people each minute what waits for them."""
    teller = told_by(desk, settings)
    async with (
        repeated(lambda stop: teller.round(stop.is_set), MINUTE),
        repeated(lambda _stop: teller.tidy(), DAY),
    ):
        yield


def _sign_ons(desk: Tutelage, set_up: SignOn) -> SignOns:
    from tutelage.service.oidc import Provider  # noqa: PLC0415  # 300 ms, where nobody needs it

    subjects = Subjects(desk.people, desk.ledger.engine, desk.clock)
    return SignOns(Provider(set_up, desk.clock), subjects, Seal(desk.clock, desk.entropy))


def _credentials(desk: Tutelage, settings: Settings) -> Credentials | None:
    """Where credentials are kept; nowhere where no address can stand on one."""
    if settings.at is None:
        return None
    from tutelage.service.issuer import Issuer, key_in  # noqa: PLC0415  # slow, and few need it

    key = key_in(settings.credential_key) if settings.credential_key else None
    engine = desk.ledger.engine
    issuer = Issuer(engine, desk.clock, settings.at, key)
    return Credentials(engine, desk.clock, desk.entropy, issuer)


def _close(app: FastAPI) -> None:
    """What was to be done later is done, or said to be lost."""
    app.state.later.close()
    if app.state.mailer is not None:
        app.state.mailer.close()


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
