"""Many agents at once over REST: requests at a steady rate, whoever is slow.

A request is due at its time, not when the one before it came back: what waits in a queue counts
as latency. Run by itself it drives servers that are there: ``python bench/load.py URL… < JSON``.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

SCENES = ("The queue grows.", "Half of the checks fail.", "Latency doubled.", "The disk is full.")


@dataclass
class Agent:
    """One learner in one relationship, going through its situations."""

    relationship: str
    key: str
    criteria: list[str]
    turns: Iterator[tuple[str, str, dict[str, Any] | None]] = field(init=False)
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    done: list[str] = field(default_factory=list)  # ids of entries that were acknowledged

    def __post_init__(self) -> None:
        self.turns = self._turns()

    def _turns(self) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
        for n in count(1):
            at = {"situation": f"load{n}"}
            text = f"{SCENES[n % len(SCENES)]} It is the {n}th time in {self.relationship}."
            yield self._write("situation-opened", n, at | {"text": text, "criteria": self.criteria})
            yield self._write("own-call-recorded", n, at | {"call": "Wait", "why": "It settles"})
            yield "GET", "", None
            yield "POST", f"/situations/load{n}/collect", None
            said = {"decision": "Waited", "why": "It settled", "advice": "none"}
            yield self._write("decision-recorded", n, at | said)
            yield self._write("outcome-recorded", n, at | {"text": "It recovered"})

    def _write(self, kind: str, n: int, body: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
        return f"{n}.{kind}", f"/{kind}", body


@dataclass
class Driven:
    """What a load came to."""

    seconds: list[float] = field(default_factory=list)  # by request, from when it was due
    failed: list[str] = field(default_factory=list)
    written: dict[str, list[str]] = field(default_factory=dict)

    def quantile(self, share: float) -> float:
        """Seconds that this share of the requests took at most."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def drive(urls: list[str], agents: list[Agent], rate: float, seconds: float) -> Driven:
    """So many requests a second, by the agents in turn, to the servers in turn."""
    driven = Driven()
    links = {(url, a.relationship): Link(url) for url in urls for a in agents}
    async with asyncio.TaskGroup() as group:
        start = time.perf_counter()
        for n in range(int(rate * seconds)):
            due = start + n / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            agent, url = agents[n % len(agents)], urls[(n // len(agents) + n) % len(urls)]
            group.create_task(_one(links[url, agent.relationship], agent, due, driven))
    driven.written = {a.relationship: a.done for a in agents}
    return driven


async def _one(link: Link, agent: Agent, due: float, driven: Driven) -> None:
    async with agent.busy:  # an agent does one thing after the other
        name, path, body = next(agent.turns)
        write = name not in {"GET", "POST"}
        at = f"/api/relationships/{agent.relationship}{path}"
        headers = {"Authorization": f"Bearer {agent.key}"}
        if write:
            headers["Idempotency-Key"] = name
        status, said = await link.ask("POST" if write else name, at, headers, body)
        driven.seconds.append(time.perf_counter() - due)
        if status != 200:
            driven.failed.append(f"{name}: {status} {said[:200]!r}")
        elif write:
            agent.done.append(name)


class Link:
    """One kept connection: a client library would take more of the machine than the server."""

    def __init__(self, url: str) -> None:
        self._host, _, port = url.removeprefix("http://").partition(":")
        self._port = int(port)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, headers: dict[str, str], body: Any
    ) -> tuple[int, bytes]:
        """Status and body; sent again, as any client does, where the connection had gone stale."""
        said = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}", f"Content-Length: {len(said)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        raw = "\r\n".join([*lines, "Content-Type: application/json", "", ""]).encode() + said
        for _ in range(3):
            try:
                return await self._sent(raw)
            except (OSError, asyncio.IncompleteReadError):
                self._streams = None
        return 0, b"no connection"

    async def _sent(self, raw: bytes) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        writer.write(raw)
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        length = next((int(x[15:]) for x in lines if x.lower().startswith("content-length:")), 0)
        return int(lines[0].split()[1]), await reader.readexactly(length)


def main() -> None:
    """Drive the servers named, as standard input says, and print what came of it."""
    said = json.load(sys.stdin)
    agents = [Agent(**a) for a in said["agents"]]
    driven = asyncio.run(drive(sys.argv[1:], agents, said["rate"], said["seconds"]))
    print(
        json.dumps({"seconds": driven.seconds, "failed": driven.failed, "written": driven.written})
    )


if __name__ == "__main__":
    main()
