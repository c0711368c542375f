"""The same act through each door: what it was answered with, as a status and a code."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import uvicorn
from mcp import Client
from starlette.testclient import TestClient

from tests.support.terminal import Terminal
from tutelage import Tutelage
from tutelage.domain.terms import Role
from tutelage.doors.serve import application
from tutelage.doors.tools import TOOLS

STATUS = {0: 200, 3: 409, 4: 403, 5: 404, 6: 422, 7: 503}
"""What an exit code of the command line is over HTTP."""

TOOL = {
    "situation_opened": ("open_situation", {}),
    "own_call_recorded": ("record_own_call", {"call": "own_call", "why": "reasoning"}),
    "help_asked": ("ask_for_help", {}),
    "answered": ("answer", {}),
    "decision_recorded": ("record_decision", {}),
    "outcome_recorded": ("record_outcome", {}),
    "account_written": ("record_account", {}),
    "principle_kept": ("keep_principle", {}),
    "guidance_given": ("guide", {}),
    "rated": ("rate", {}),
    "debriefed": ("debrief", {}),
}
"""The tool that writes each kind, and what it calls some of the fields."""


@dataclass(frozen=True)
class Answer:
    """What a door answered: a status as over HTTP, a code, and the sentence or the result."""

    status: int
    code: str | None
    said: Any


class Rest:
    """REST in this process."""

    def __init__(self, desk: Tutelage, **more: Any) -> None:
        self.desk = desk
        self.app = application(desk, rate=more.pop("rate", 1e6), burst=more.pop("burst", 1e6))
        self.http = TestClient(self.app, base_url="http://localhost", raise_server_exceptions=False)

    def key(self, actor: str, relationship: str | None = None, role: Role | None = None) -> str:
        return self.desk.keys.make(actor, relationship=relationship, role=role)

    def __call__(self, method: str, path: str, key: str | None = None, **more: Any) -> Any:
        headers = more.pop("headers", {})
        if key is not None:
            headers = {"Authorization": f"Bearer {key}", **headers}
        return self.http.request(method, f"/api{path}", headers=headers, **more)

    def write(
        self, actor: str, relationship: str, kind: str, body: dict[str, Any], **more: Any
    ) -> Answer:
        headers = {"Idempotency-Key": more["id"]} if "id" in more else {}
        path = f"/relationships/{relationship}/{kind.replace('_', '-')}"
        got = self("POST", path, self.key(actor), json=body, headers=headers)
        said = got.json()
        return Answer(got.status_code, said.get("code"), said)


class Tools:
    """MCP in this process, through the official client."""

    def __init__(self, desk: Tutelage) -> None:
        self.desk = desk

    def call(self, actor: str, name: str, told: dict[str, Any]) -> Answer:
        from tutelage.doors.mcp import server
        from tutelage.service.session import Session

        key = self.desk.keys.make(actor)
        made = server(lambda _headers: Session(self.desk, self.desk.keys.open(key)))

        async def ask() -> Any:
            async with Client(made) as client:
                return await client.call_tool(name, told)

        got = anyio.run(ask)
        said = got.structured_content
        if got.is_error:
            return Answer(said["status"], said["code"], said)
        return Answer(200, None, said)

    def write(
        self, actor: str, relationship: str, kind: str, body: dict[str, Any], **more: Any
    ) -> Answer:
        tool, called = TOOL[kind]
        told = {called.get(name, name): value for name, value in body.items()}
        needed = next(t for t in TOOLS if t.name == tool).told.model_json_schema()["required"]
        if tool == "record_own_call" and "evidence" in needed:
            told.setdefault("evidence", "alert.log: 22:14 queue 9,120")
        if tool == "record_decision":
            told.setdefault("advice", "none")
        return self.call(actor, tool, {"relationship": relationship, **told, **more})


class Commands:
    """The command line in this process."""

    def __init__(self, run: Terminal, folder: Path) -> None:
        self.run, self.folder = run, folder

    def write(
        self, actor: str, relationship: str, kind: str, body: dict[str, Any], **more: Any
    ) -> Answer:
        file = self.folder / "event.json"
        file.write_text(json.dumps(body))
        named = ("--id", more["id"]) if "id" in more else ()
        kind = kind.replace("_", "-")
        said = self.run(
            "write", kind, relationship, "--as", actor, "--from", file, *named, "--json"
        )
        if said.code:
            return Answer(STATUS[said.code], said.error["code"], said.error)
        return Answer(200, None, said.json)


@contextlib.contextmanager
def served(desk: Tutelage, **more: Any) -> Iterator[str]:
    """The real server on a free port."""
    config = uvicorn.Config(
        application(desk, **({"rate": 1e6, "burst": 1e6} | more)),
        port=0,
        log_level="error",
        ws="none",
    )
    made = uvicorn.Server(config)
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    while not made.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{made.servers[0].sockets[0].getsockname()[1]}"
    made.should_exit = True
    thread.join()
