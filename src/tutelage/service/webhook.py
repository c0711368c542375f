"""Webhook: one thing that waits, told to a program: signed as Standard Webhooks say.

It goes to the address that was looked at and to no other; nothing is followed, nothing is read of
the answer but its code, and the same thing has the same id however often it is sent.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import SplitResult

from tutelage.domain.errors import TutelageError
from tutelage.service import reachable
from tutelage.service.mail import Handed

TIMEOUT = 10.0  # seconds for each step
GONE = 410  # it is to be sent nothing any more


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, under which id, and when."""

    id: str
    said: Mapping[str, object]
    at: datetime

    @property
    def body(self) -> bytes:
        """As it is sent, and signed."""
        return json.dumps(self.said, separators=(",", ":")).encode()

    def heads(self, secret: str) -> dict[str, str]:
        """Its id, its time and its signature."""
        at = str(int(self.at.timestamp()))
        return {
            "content-type": "application/json",
            "webhook-id": self.id,
            "webhook-timestamp": at,
            "webhook-signature": signature(secret, self.id, at, self.body),
        }


def signature(secret: str, id: str, at: str, body: bytes) -> str:  # noqa: A002  # their word
    """The signature of a body, as Standard Webhooks write it.

    >>> signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
    ...           "1614265330", b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{id}.{at}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def send(url: str, secret: str, message: Message, *, private: bool) -> Handed:
    """Send it, and say what came of it."""
    import httpx  # noqa: PLC0415  # 100 ms, where nobody has a webhook

    try:
        at = reachable.webhook(url, private=private)
        host, port = str(at.hostname), at.port or (443 if at.scheme == "https" else 80)
        to = reachable.address(host, port, private=private)
        request = httpx.Request(
            "POST",
            _at(at, to, port),
            content=message.body,
            headers={**message.heads(secret), "host": at.netloc},
            extensions={"sni_hostname": host, "timeout": httpx.Timeout(TIMEOUT).as_dict()},
        )
        answer = _transport().handle_request(request)
        answer.close()
    except TutelageError as problem:
        return Handed(problem.code)
    except (OSError, httpx.HTTPError, httpx.InvalidURL, ValueError) as problem:
        return Handed(type(problem).__name__)
    code = answer.status_code
    return Handed() if answer.is_success else Handed(f"HTTP {code}", refused=code == GONE)


@cache
def _transport() -> Any:
    """No cookies, no redirects, no proxies; no connection is kept, for names share addresses."""
    import httpx  # noqa: PLC0415  # as above

    trusted = ssl.create_default_context()
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.HTTPTransport(verify=trusted, trust_env=False, limits=limits)


def _at(at: SplitResult, to: str, port: int) -> str:
    """The same address, with the place its name leads to instead of the name."""
    host = f"[{to}]" if ":" in to else to
    query = f"?{at.query}" if at.query else ""
    return f"{at.scheme}://{host}:{port}{at.path or '/'}{query}"
