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

import httpx

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
    limits = httpx.Limits(max_connections=256, max_keepalive_connections=256)
    async with httpx.AsyncClient(limits=limits, timeout=30) as http, asyncio.TaskGroup() as group:
        start = time.perf_counter()
        for n in range(int(rate * seconds)):
            due = start + n / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            agent, url = agents[n % len(agents)], urls[(n // len(agents) + n) % len(urls)]
            group.create_task(_one(http, url, agent, due, driven))
    driven.written = {a.relationship: a.done for a in agents}
    return driven


async def _one(http: httpx.AsyncClient, url: str, agent: Agent, due: float, driven: Driven) -> None:
    async with agent.busy:  # an agent does one thing after the other
        name, path, body = next(agent.turns)
        write = name not in {"GET", "POST"}
        headers = {"Authorization": f"Bearer {agent.key}"}
        if write:
            headers["Idempotency-Key"] = name
        at = f"{url}/api/relationships/{agent.relationship}{path}"
        try:
            got = await http.request("POST" if write else name, at, headers=headers, json=body)
        except httpx.HTTPError as problem:
            driven.failed.append(f"{name}: {problem!r}")
            return
        driven.seconds.append(time.perf_counter() - due)
        if not got.is_success:
            driven.failed.append(f"{name}: {got.status_code} {got.text[:200]}")
        elif write:
            agent.done.append(name)


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
