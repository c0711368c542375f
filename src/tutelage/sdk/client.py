"""A typed client over REST, with the same verbs and the same context manager as in this process."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterator
from copy import copy
from types import SimpleNamespace
from typing import Any, Self

import httpx

from tutelage.domain.entry import canonical
from tutelage.domain.errors import (
    Conflict,
    Malformed,
    NoKey,
    NotYours,
    Refused,
    Stale,
    TooMany,
    TutelageError,
    Unavailable,
    Unknown,
)
from tutelage.domain.events import Event, Proposed, SituationOpened
from tutelage.domain.verbs import Verbs

TRIES = 3  # a write is tried this often, under one id: it is done once
PAUSE = 0.2  # seconds before the second try; doubled with each

_BY_STATUS: dict[int, type[TutelageError]] = {
    401: NoKey,
    403: NotYours,
    404: Unknown,
    409: Refused,
    412: Stale,
    413: Malformed,
    422: Malformed,
    429: TooMany,
}
_CONFLICTS = frozenset({"id_reused", "busy", "exists"})

Answer = SimpleNamespace
"""What the service answered, its fields as attributes: `answer.step.do`, `answer.seq`."""


class Client:
    """Tutelage over HTTP, as one actor: whoever the key is for.

    Writes are retried under one id where the network fails, so that each is done once. Raises the
    same errors as in process; Unavailable where the service does not answer within `timeout`
    seconds.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout: float = 10.0,
        tries: int = TRIES,
        http: httpx.Client | None = None,
    ) -> None:
        self._http = http or httpx.Client()
        self._at, self._key = url.rstrip("/") + "/api", key
        self.timeout, self.tries = timeout, tries

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def hurried(self, seconds: float) -> Client:
        """The same, for somebody who cannot wait: one try, and no longer than this."""
        twin = copy(self)
        twin.timeout, twin.tries = seconds, 1
        return twin

    # writing -----------------------------------------------------------------------------------
    def open(self, proposed: Proposed, *, id: str | None = None) -> str:  # noqa: A002
        """Propose a relationship; returns its name."""
        made = self._post("/relationships", proposed, id or secrets.token_hex(16))
        return str(made.relationship)

    def write(
        self,
        relationship: str,
        event: Event,
        *,
        id: str | None = None,  # noqa: A002  # the word the envelope uses
        seen: int | None = None,
    ) -> Answer:
        """Write an event; what it came to, and what is asked next in its situation.

        `seen` refuses with Stale where others wrote behind that entry.
        """
        kind = str(getattr(event, "kind", "")).replace("_", "-")
        path = f"/relationships/{relationship}/{kind}"
        return self._post(path, event, id or secrets.token_hex(16), seen)

    def collect_guidance(self, relationship: str, situation: str) -> tuple[Answer, ...]:
        """Read the guidance that waits; from then on the decision is assisted."""
        path = f"/relationships/{relationship}/situations/{situation}/collect"
        return tuple(self.ask("POST", path).items)

    def situation(self, relationship: str, opened: SituationOpened) -> RemoteVisit:
        """A situation to go through with the verbs of the design, as a context manager."""
        return RemoteVisit(self, relationship, opened)

    # reading -----------------------------------------------------------------------------------
    def turn(self, relationship: str) -> Answer:
        """Whose move it is, what is asked next, the levels and why."""
        return self.ask("GET", f"/relationships/{relationship}")

    def context(self, relationship: str, situation: str) -> Answer:
        """What reaches the learner; `prompt` holds all of it as text."""
        return self.ask("GET", f"/relationships/{relationship}/situations/{situation}/context")

    def notebook(self, relationship: str) -> Answer:
        """The learner's own principles and questions."""
        return self.ask("GET", f"/relationships/{relationship}/notebook")

    def brief(self, relationship: str, situation: str) -> Answer:
        """What the trainer sees of a situation."""
        return self.ask("GET", f"/relationships/{relationship}/situations/{situation}/brief")

    def inbox(self) -> tuple[Answer, ...]:
        """What waits for you, the longest first."""
        return tuple(self.ask("GET", "/inbox").items)

    def entries(self, relationship: str, after: int = 0) -> Iterator[Answer]:
        """The entries behind a seq, as you may read them, fetched in pages."""
        cursor: int | None = after
        while cursor is not None:
            path = f"/relationships/{relationship}/entries"
            page = self.ask("GET", path, params={"after": cursor, "limit": 500})
            yield from page.items
            cursor = page.next

    # the wire ----------------------------------------------------------------------------------
    def _post(self, path: str, event: Event, name: str, seen: int | None = None) -> Answer:
        body = canonical(event.model_dump(mode="json", exclude_unset=True))
        headers = {"Idempotency-Key": name, "Content-Type": "application/json"}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return self.ask("POST", path, content=body.encode(), headers=headers)

    def ask(self, method: str, path: str, **more: Any) -> Answer:
        """One request, tried again where that can help. Raises the errors of the domain."""
        headers = {"Authorization": f"Bearer {self._key}", **more.pop("headers", {})}
        sure = method == "GET" or "Idempotency-Key" in headers
        for attempt in range(self.tries if sure else 1):
            if attempt:
                time.sleep(PAUSE * 2**attempt)
            try:
                at = self._at + path
                got = self._http.request(method, at, headers=headers, timeout=self.timeout, **more)
            except httpx.HTTPError as problem:
                away: TutelageError = Unavailable("away", f"Tutelage does not answer: {problem}.")
                continue
            if got.is_success:
                try:
                    answer: Answer = _answer(got.json())
                except ValueError:
                    raise Unavailable("away", "What answers there is not Tutelage.") from None
                return answer
            away = _error(got)
            if got.status_code < 500:
                break
        raise away


class RemoteVisit(Verbs[Answer]):
    """One situation of a learner's, over HTTP; the same verbs as in process.

    Entering opens the situation, or takes up one of the same name and text.
    """

    def __init__(self, client: Client, relationship: str, opened: SituationOpened) -> None:
        self._client, self._opened = client, opened
        self.relationship, self.key = relationship, opened.situation
        self._read = 1

    def __enter__(self) -> Self:
        self.step = self._write(self._opened).step
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def collect_guidance(self) -> tuple[Answer, ...]:
        """Read the guidance that waits; from then on the decision is assisted."""
        found = self._client.collect_guidance(self.relationship, self.key)
        self._read = found[-1].seq if found else self._read
        return found

    def wait_for_guidance(self, seconds: float) -> tuple[Answer, ...]:
        """Read the guidance that is due, once it is there; empty where none comes by then."""
        end = time.monotonic() + seconds
        while self.step is not None and self.step.do in {"wait", "collect"}:
            if self.step.do == "collect":
                return self.collect_guidance()
            left = end - time.monotonic()
            if left <= 0:
                break
            time.sleep(min(PAUSE, left))
            steps = self.turn.steps
            self.step = next((s for s in steps if s.situation == self.key), None)
        return ()

    @property
    def context(self) -> Answer:
        """What reaches the learner here; as text in `prompt`."""
        return self._client.context(self.relationship, self.key)

    @property
    def turn(self) -> Answer:
        """Whose move it is now."""
        return self._client.turn(self.relationship)

    def _last_read(self) -> int:
        return self._read

    def _write(self, event: Event) -> Answer:
        opens = isinstance(event, SituationOpened)
        told = hashlib.sha256(self.key.encode()).hexdigest()[:24]
        name = f"opened.{told}" if opens else None
        written = self._client.write(self.relationship, event, id=name)
        self.step = written.step
        return written


def _answer(found: Any) -> Any:
    """JSON with its fields as attributes, all the way down."""
    if isinstance(found, dict):
        return SimpleNamespace(**{k: _answer(v) for k, v in found.items()})
    return [_answer(v) for v in found] if isinstance(found, list) else found


def _error(got: httpx.Response) -> TutelageError:
    try:
        said = got.json()
        code, detail = str(said["code"]), str(said["detail"])
    except (ValueError, KeyError, TypeError):
        code, detail = "away", f"Tutelage answered {got.status_code}."
    kind = Conflict if code in _CONFLICTS else _BY_STATUS.get(got.status_code, Unavailable)
    return kind(code, detail)
