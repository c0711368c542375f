"""Many relationships in which much waits: one is written, the others are copies by other names.

Their chains do not verify, which nothing here looks at; everything else is as written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from bench.workload import GOAL, KEYS, SCENES
from tutelage import Tutelage
from tutelage.domain.events import Proposed, Signed, SituationOpened
from tutelage.domain.terms import Party
from tutelage.service.database import reading, writing
from tutelage.service.preference import KINDS
from tutelage.service.tables import entries, people, preferences, reaches, relationships

FIRST, BATCH = "p0", 2_000
TABLES = (entries, relationships)


def many(url: str, count: int, each: int) -> None:
    """So many learners, each in one relationship in which so many things wait for them."""
    with Tutelage(url) as desk:
        _first(desk, each)
        engine = desk.ledger.engine
        with reading(engine) as connection:
            first = {t: list(connection.execute(sa.select(t)).mappings()) for t in TABLES}
        for table, rows in first.items():
            _add(engine, table, (_as(row, n) for n in range(1, count) for row in rows))
        names = [f"p{n}" for n in range(count)]
        one = {"language": "en", "made_at": "2026"}
        _add(engine, people, ({"name": n, "mail": f"{n}@example.org", **one} for n in names))
        at_once = ({"person": n, "kind": k, "how": "at_once"} for n in names for k in KINDS)
        _add(engine, preferences, at_once)
        awake = {"quiet_from": 0, "quiet_until": 0, "refused": 0}
        _add(engine, reaches, ({"person": n, **awake} for n in names))


def _first(desk: Tutelage, each: int) -> None:
    mia, learner = (Party(id=n, kind="person") for n in ("mia", FIRST))
    words = {"mode": "mentor", "handled": "ten years on call", "because": "it is new"}
    desk.open(Proposed(learner=learner, trainer=mia, **words), actor=FIRST, id=FIRST)
    for what in (Signed(what="agreement"), GOAL, Signed(what="goal")):
        for actor in (FIRST, "mia") if isinstance(what, Signed) else (FIRST,):
            desk.write(FIRST, what, actor=actor)
    for n in range(each):
        text = f"{SCENES[n % len(SCENES)]} ({n})"
        event = SituationOpened(situation=f"s{n}", text=text, criteria=KEYS[:2])
        desk.write(FIRST, event, actor=FIRST)


def _as(row: Any, n: int) -> dict[str, Any]:
    """A row of the first, as that of another learner."""
    return {name: _named(value, n) for name, value in row.items()}


def _named(value: Any, n: int) -> Any:
    if not isinstance(value, str):
        return value
    return f"p{n}" if value == FIRST else value.replace(f'"{FIRST}"', f'"p{n}"')


def _add(engine: sa.Engine, table: sa.Table, rows: Iterator[dict[str, Any]]) -> None:
    with writing(engine) as connection:
        batch: list[dict[str, Any]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                connection.execute(sa.insert(table), batch)
                batch = []
        if batch:
            connection.execute(sa.insert(table), batch)
