"""The commands that let others in: serve, mcp, and the keys."""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tutelage.domain.errors import Malformed, Unavailable
from tutelage.domain.terms import Role
from tutelage.doors import writing
from tutelage.doors.common import As, Json, out, say

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

key_app = typer.Typer(no_args_is_help=True, help="Keys for REST and MCP.")


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="Where it listens")] = "127.0.0.1",
    name: Annotated[
        list[str] | None, typer.Option(help="A name it is called by, as learn.example; repeatable")
    ] = None,
    url: Annotated[str | None, typer.Option(help="Database, as before the command")] = None,
) -> None:
    """Serve the pages for people, REST under /api and MCP under /mcp, until interrupted."""
    import uvicorn  # noqa: PLC0415  # no other command needs a server

    from tutelage.doors.serve import application  # noqa: PLC0415
    from tutelage.service.settings import settings  # noqa: PLC0415

    set_up = settings(os.environ)  # refused before anything listens
    called = f"https://{name[0]}" if name else f"http://{host}:{port}"
    set_up = replace(set_up, at=set_up.at or called)
    if url is not None:
        writing.use(url)
    _free(host, port)
    with writing.desk(make=True) as tutelage:
        app = application(tutelage, hosts=tuple(name or ()), settings=set_up)
        at = f"http://{host}:{port}"
        say(f"For people: {at} · Ctrl-C ends it.")
        say(f"For programs: REST {at}/api (document: {at}/api/openapi.json) · MCP {at}/mcp")
        say("A key for a program: tutelage key create --as ACTOR")
        _first(tutelage, at)
        sys.stdout.flush()
        uvicorn.run(
            app,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            timeout_keep_alive=75,  # an agent thinks between two acts
        )


def _first(tutelage: Tutelage, at: str) -> None:
    """The first sign-in link, where nobody has an account yet."""
    from tutelage.service.accounts import INVITATION_LASTS  # noqa: PLC0415

    people = tutelage.people
    if people.empty():
        secret = people.link("", INVITATION_LASTS)
        say(f"Nobody has an account yet. The first sign-in: {at}/in/{secret}")


def invite(
    name: Annotated[
        str | None, typer.Argument(help="Whose link; they come in under this name")
    ] = None,
    at: Annotated[str, typer.Option(help="Where the server is reached")] = "http://127.0.0.1:8000",
    as_json: Json = False,
) -> None:
    """Print a link to sign in by, once: for somebody by name, or for somebody new."""
    from tutelage.service.accounts import INVITATION_LASTS  # noqa: PLC0415

    with writing.desk(make=True) as tutelage:
        people = tutelage.people
        secret = people.invite(name) if name else people.link("", INVITATION_LASTS)
    link = f"{at.rstrip('/')}/in/{secret}"
    out(as_json, {"link": link}, link)


def example(*, as_json: bool) -> None:
    """Bring the worked example of two people in, and print how to look at it."""
    from tutelage.doors.example.seed import COLE, NORA, seed  # noqa: PLC0415
    from tutelage.service.accounts import INVITATION_LASTS  # noqa: PLC0415

    with writing.desk(make=True) as tutelage:
        name = seed(tutelage)
        people = tutelage.people
        links = {}
        for one in (NORA, COLE):
            people.add(one)
            links[one] = f"http://127.0.0.1:8000/in/{people.link(one, INVITATION_LASTS)}"
    said = [
        f"A worked example, invented: {name}. Nora, a product manager, and Cole, her coach.",
        f"Look at it: tutelage --url {writing.url()} serve, then one of",
        *(f"  {who}: {link}" for who, link in links.items()),
        "Six sessions show the loop; they prove nothing, and the evidence says so.",
    ]
    out(as_json, {"relationship": name, "links": links}, "\n".join(said))


def _free(host: str, port: int) -> None:
    """Raise Unavailable where somebody listens there already."""
    try:
        with socket.create_server((host, port)):
            return
    except OSError as problem:
        said = f"Nothing can listen at {host}:{port}: {problem.strerror or problem}."
        raise Unavailable("port_taken", f"{said} Choose another --port.") from None


def mcp(
    key: Annotated[
        str | None, typer.Option(envvar="TUTELAGE_KEY", help="Whose key; or say --as")
    ] = None,
    by: Annotated[str | None, As] = None,
    relationship: Annotated[str | None, typer.Option(help="Only in this relationship")] = None,
) -> None:
    """Serve MCP over standard input and output, for one actor."""
    from collections.abc import Mapping  # noqa: PLC0415

    from tutelage.doors.mcp import server  # noqa: PLC0415  # 1.6 s that no other command pays
    from tutelage.service.keys import Key  # noqa: PLC0415
    from tutelage.service.session import Session  # noqa: PLC0415

    if (key is None) == (by is None):
        raise typer.BadParameter("Give either a key (TUTELAGE_KEY) or --as ACTOR.")
    with writing.desk() as tutelage:

        def opens(_headers: Mapping[str, str] | None) -> Session:
            if by is not None:
                return Session(tutelage, Key("stdio", by, relationship))
            return Session(tutelage, tutelage.keys.open(key))  # each time: it may be revoked

        opens(None)
        server(opens).run("stdio")


# keys ------------------------------------------------------------------------------------------
@key_app.command("create")
def create(
    by: Annotated[str, As],
    relationship: Annotated[str | None, typer.Option(help="Opens only this one")] = None,
    role: Annotated[str | None, typer.Option(help="learner, trainer, rater or owner")] = None,
    until: Annotated[str | None, typer.Option(help="ISO time with its zone")] = None,
    as_json: Json = False,
) -> None:
    """Make a key for an actor; it is shown once and kept nowhere."""
    with writing.desk(make=True) as tutelage:
        if relationship is not None:
            tutelage.state(relationship)  # raises Unknown
        made = tutelage.keys.make(
            by, relationship=relationship, role=_role(role), expires_at=_until(until)
        )
    out(as_json, {"key": made}, made)


def _role(said: str | None) -> Role | None:
    try:
        return None if said is None else Role(said)
    except ValueError:
        raise Malformed("bad_role", f"{said} is no role; there are {', '.join(Role)}.") from None


def _until(said: str | None) -> datetime | None:
    try:
        return None if said is None else datetime.fromisoformat(said)
    except ValueError:
        raise Malformed("bad_time", "Write the time as 2026-03-02T12:00+01:00.") from None


@key_app.command("list")
def list_(by: Annotated[str | None, As] = None, as_json: Json = False) -> None:
    """The keys there are, never their secrets."""
    from dataclasses import asdict  # noqa: PLC0415

    with writing.desk() as tutelage:
        found = tutelage.keys.all(by)
    page = "\n".join(map(str, found)) or "There is no key."
    out(as_json, [asdict(key) for key in found], page)


@key_app.command("revoke")
def revoke(key: Annotated[str, typer.Argument(help="Its id")], as_json: Json = False) -> None:
    """Close a key, at once and for good."""
    with writing.desk() as tutelage:
        found = tutelage.keys.revoke(key)
    out(as_json, {"revoked": found.id}, f"{found.id} opens nothing any more.")
