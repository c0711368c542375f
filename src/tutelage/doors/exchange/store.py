"""A learning record store: statements sent in batches, again while it is away, each there once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Self

import httpx

from tutelage.domain.errors import Unavailable
from tutelage.doors.exchange.xapi import VERSION
from tutelage.service.settings import RecordStore

SECONDS = 30.0
WAITS = 1.0, 5.0, 25.0  # seconds between tries
LONGEST = 120.0  # that a store may ask us to wait
TAKEN = frozenset({HTTPStatus.OK, HTTPStatus.NO_CONTENT})
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class Store:
    """One store, by its address and key."""

    def __init__(
        self,
        set_up: RecordStore,
        wait: Callable[[float], object] = time.sleep,
        waits: tuple[float, ...] = WAITS,
    ) -> None:
        self._at = f"{set_up.url}/statements"
        self._wait, self._waits = wait, waits
        self._http = httpx.Client(
            auth=(set_up.key, set_up.secret),
            headers={"X-Experience-API-Version": VERSION},
            timeout=SECONDS,
            follow_redirects=False,  # the key is for this address
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def send(self, some: Sequence[dict[str, Any]]) -> None:
        """Hand these over. Raises Unavailable where it does not take them.

        A store refuses a whole batch where it has one of it; then each goes alone.
        """
        answer = self._tried("POST", None, list(some))
        if answer.status_code == HTTPStatus.CONFLICT:
            for one in some:
                self._alone(one)
            return
        _check(answer)

    def _alone(self, one: dict[str, Any]) -> None:
        answer = self._tried("PUT", {"statementId": one["id"]}, one)
        if answer.status_code != HTTPStatus.CONFLICT:  # that it has it, is what we want
            _check(answer)

    def _tried(self, method: str, query: dict[str, str] | None, body: Any) -> httpx.Response:
        for pause in (*self._waits, None):
            answer = self._once(method, query, body)
            if answer is not None and answer.status_code not in PASSING:
                return answer
            if pause is not None:
                self._wait(max(pause, _asked(answer)))
        said = "The learning record store does not answer; what it took is kept, go on later."
        raise Unavailable("store_away", said)

    def _once(self, method: str, query: dict[str, str] | None, body: Any) -> httpx.Response | None:
        try:
            return self._http.request(method, self._at, params=query, json=body)
        except httpx.HTTPError:
            return None


def _asked(answer: httpx.Response | None) -> float:
    """How long the store asks us to wait, in seconds."""
    said = answer.headers.get("Retry-After", "") if answer is not None else ""
    return min(float(said), LONGEST) if said.isdecimal() else 0.0


def _check(answer: httpx.Response) -> None:
    if answer.status_code in TAKEN:
        return
    if answer.status_code in REFUSED:
        raise Unavailable("store_refused", "The learning record store does not take this key.")
    said = f"The learning record store answered {answer.status_code}; is the address right?"
    raise Unavailable("store_refused", said)
