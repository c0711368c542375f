"""A learning record store in this process: it takes what the standard allows, each id once."""

from __future__ import annotations

import base64
import json
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

IRI = re.compile(r"^https?://[^\s]+$")
KEY, SECRET = "the:key", "se/cret"


class RecordStore:
    """What it has, what it was asked, and what it answers next instead of taking it."""

    def __init__(self) -> None:
        self.has: dict[str, Any] = {}
        self.asked: list[tuple[str, int]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.taking: Callable[[], None] = lambda: None
        self.wrong: list[str] = []
        self.at = ""

    def take(self, some: list[dict[str, Any]]) -> int:
        """The status of the answer: all of them, or none."""
        for one in some:
            self.wrong += wrong(one)
        if self.wrong:
            return 400
        if any(one["id"] in self.has for one in some):
            assert all(self.has.get(one["id"], one) == one for one in some)
            return 409
        self.has |= {one["id"]: one for one in some}
        self.taking()
        return 200


def wrong(one: dict[str, Any]) -> list[str]:
    """What the standard forbids in a statement."""
    allowed = {"id", "actor", "verb", "object", "result", "context", "timestamp", "version"}
    said = [f"no {part}" for part in ("actor", "verb", "object") if part not in one]
    said += [f"unknown {part}" for part in set(one) - allowed]
    if str(uuid.UUID(one["id"])) != one["id"]:
        said.append("id")
    account = one["actor"]["account"]
    if set(one["actor"]) != {"objectType", "account"} or set(account) != {"homePage", "name"}:
        said.append("actor")
    if not IRI.match(account["homePage"]) or not account["name"]:
        said.append("account")
    if not IRI.match(one["verb"]["id"]) or not one["verb"]["display"]["en"]:
        said.append("verb")
    said += _activity(one["object"])
    context = one["context"]
    said += [
        w for p in context.get("contextActivities", {}).get("parent", []) for w in _activity(p)
    ]
    said += [f"extension {e}" for e in context.get("extensions", {}) if not IRI.match(e)]
    uuid.UUID(context["registration"])
    if datetime.fromisoformat(one["timestamp"]).tzinfo is None:
        said.append("timestamp")
    return said


def _activity(one: dict[str, Any]) -> list[str]:
    good = one["objectType"] == "Activity" and IRI.match(one["id"])
    good = good and IRI.match(one["definition"]["type"]) and one["definition"]["name"]["en"]
    return [] if good else ["activity"]


class _Handler(BaseHTTPRequestHandler):
    store: RecordStore

    def do_POST(self) -> None:
        self._take(json.loads(self._body()))

    def do_PUT(self) -> None:
        one = json.loads(self._body())
        assert parse_qs(urlsplit(self.path).query)["statementId"] == [one["id"]]
        self._take([one])

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def _take(self, some: list[dict[str, Any]]) -> None:
        self.store.asked.append((self.command, len(some)))
        if self.store.answers:
            self._answer(*self.store.answers.pop(0))
            return
        token = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        if self.headers["Authorization"] != f"Basic {token}":
            self._answer(401, {})
        elif self.headers["X-Experience-API-Version"] != "1.0.3" or self._elsewhere():
            self._answer(400, {})
        else:
            self._answer(self.store.take(some), {}, [one["id"] for one in some])

    def _elsewhere(self) -> bool:
        return urlsplit(self.path).path != "/xapi/statements"

    def _answer(self, status: int, headers: dict[str, str], body: Any = None) -> None:
        raw = b"" if status == 204 else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(raw))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """Whoever asked may be gone."""


@contextmanager
def record_store() -> Iterator[RecordStore]:
    """A store that listens on a port of its own."""
    store = RecordStore()
    handler = type("Handler", (_Handler,), {"store": store})
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    port = server.server_address[1]
    store.at = f"http://the%3Akey:se%2Fcret@127.0.0.1:{port}/xapi"
    try:
        yield store
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
