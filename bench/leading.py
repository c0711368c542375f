"""A lead's overview over ten thousand relationships, against reading their rows and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import sqlalchemy as sa

from bench.grown import Grown
from bench.measure import Measure, seconds, times
from tutelage import Tutelage
from tutelage.service.database import reading, writing
from tutelage.service.overview import Overviews
from tutelage.service.tables import members, relationships

PAIRS, TIMES = 10_000, 15
QUICK = 200, 3
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEVELS = ("share", "ask", "debrief", "independent")


def overview(grown: Grown) -> Iterator[Measure]:
    """Median of the overview of a programme of 10,000 pairs, on SQLite."""
    pairs, turns = QUICK if grown.quick else (PAIRS, TIMES)
    with Tutelage(f"sqlite:///{grown.folder}/programme.db") as desk:
        engine = desk.ledger.engine
        fill(engine, pairs)
        seen = [seconds(Overviews(engine).of, "care", NOW) for _ in range(turns)]
        read = [seconds(_rows, engine) for _ in range(turns)]
    yield Measure("overview_ms", 1e3 * median(seen), "ms", 200.0)
    yield Measure("overview_vs_rows", times(zip(seen, read, strict=True)), "times", 2.0)


def _rows(engine: sa.Engine) -> None:
    """The same rows, read and nothing made of them."""
    with reading(engine) as connection:
        connection.execute(
            sa.select(relationships).where(relationships.c.programme == "care")
        ).all()


def fill(engine: sa.Engine, pairs: int) -> None:
    """A programme of so many pairs, a tenth of them silent, late or asking for support."""
    with writing(engine) as connection:
        connection.execute(sa.insert(relationships), [_pair(n) for n in range(pairs)])
        connection.execute(sa.insert(members), [_member(n) for n in range(pairs // 4)])


def _pair(n: int) -> dict[str, Any]:
    ago = (NOW - timedelta(days=n % 16)).isoformat(timespec="seconds")
    levels = {f"c{k}": LEVELS[(n + k) % 4] for k in range(4)}
    return {
        "id": f"r{n:05}",
        "seq": 60,
        "learner": f"l{n}",
        "trainer": f"t{n // 4}",
        "life": "active",
        "phase": ("baseline", "guided", "guided", "follow_up")[n % 4],
        "due": "[]",
        "levels": json.dumps(levels),
        "situations": 12,
        "decided": 10,
        "programme": "care",
        "answers": f"l{n}",
        "said_at": ago,
        "late_at": ago if n % 10 == 0 else None,
        "support_at": ago if n % 100 == 0 else None,
        "shown": n % 50 == 0,
    }


def _member(n: int) -> dict[str, Any]:
    said = {"programme": "care", "person": f"t{n}", "side": "trainer", "state": "joined"}
    return {**said, "at": NOW.isoformat(), "capacity": 4, "invited_by": "lou", "mail_state": "none"}
