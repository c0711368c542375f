"""A real HTTP server in this process that keeps what it is sent."""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Hooks:
    """It takes webhooks while it is up; `answers` are the codes it says instead, once each."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.to = ""
        hooks = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                code = hooks.answers.pop(0) if hooks.answers else 204
                if code < 300:
                    hooks.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(code)
                if code == 302:
                    self.send_header("location", f"{hooks.url}/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_said: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
            self.url = f"https://127.0.0.1:{self._server.server_port}"

    @property
    def said(self) -> list[dict[str, Any]]:
        """The bodies."""
        return [json.loads(body) for _heads, body in self.got]

    @contextlib.contextmanager
    def up(self) -> Any:
        """Let it listen."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()
