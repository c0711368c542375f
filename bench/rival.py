"""The same domain as an `eventsourcing` 9.5 aggregate, on SQLite at equal durability.

The aggregate folds the same entries with the same `evolve`, after the same `check`, and holds the
same state, which is compared at the end. It is spared what else a desk does for a command: judging
texts and novelty, the estimate, the entries that follow (it is handed them), projection row, chain.

Without its cache the library rebuilds the aggregate for every command, from the last snapshot; the
best of several intervals counts. With the cache (and without copying what it holds, since the state
is frozen) it keeps the aggregate between commands, as a desk does: told, without a bar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import Transcoder

from bench.grown import NAME, Grown
from bench.measure import Measure, seconds, tell
from bench.transcoding import Compact
from bench.workload import course
from tutelage import Tutelage
from tutelage.domain.entry import Draft, Entry
from tutelage.domain.evolve import evolve
from tutelage.domain.relationship import Relationship
from tutelage.domain.rules import check

INTERVALS = (None, 10, 25, 50, 100, 250)  # entries between two snapshots
CACHED = "cached"


class Course(Aggregate):
    """A relationship, as a user of the library would write it."""

    def __init__(self) -> None:
        self.folded = Relationship()

    class Wrote(Aggregate.Event):
        """An entry was written."""

        entry: Any

        def apply(self, aggregate: Any) -> None:
            aggregate.folded = evolve(aggregate.folded, self.entry)

    def write(self, entry: Entry[Any]) -> None:
        """One entry, where the rules allow it."""
        draft = Draft(entry.event, entry.actor, entry.role, entry.written_at, entry.findings)
        check(self.folded, draft)
        self.trigger_event(self.Wrote, entry=entry, timestamp=entry.written_at)


class Courses(Application[UUID]):
    """The application around it."""

    def construct_transcoder(self) -> Transcoder:
        return Compact()

    def write(self, course_id: UUID, entries: Sequence[Entry[Any]]) -> None:
        """One command: the entry, and those that follow from it."""
        found: Course = self.repository.get(course_id)
        for entry in entries:
            found.write(entry)
        self.save(found)


def vs_eventsourcing(grown: Grown) -> Iterator[Measure]:
    """Mean command at 1,000 entries: the library's ÷ ours."""
    intervals = (None, 50) if grown.quick else INTERVALS
    with ExitStack() as stack:
        file = grown.copy(grown.middle)
        desk = stack.enter_context(Tutelage(f"sqlite:///{file}"))
        written = list(desk.entries(NAME))
        rivals = {k: _application(file, k) for k in (*intervals, CACHED)}
        for rival in rivals.values():
            stack.callback(rival.close)
        ids = {k: _begin(rivals[k], written, k) for k in rivals}
        took = _take_turns(desk, rivals, ids, cycles=3 if grown.quick else 36)
        assert all(_state(rivals[k], ids[k]) == desk.state(NAME) for k in rivals)
    ours, cached = took.pop("ours"), took.pop(CACHED)
    best = min(took, key=lambda k: took[k])
    for k, mean in took.items():
        tell(f"  {1e3 * mean:.2f} ms with snapshots every {k or 'never'}")
    tell(f"  {1e3 * cached:.2f} ms from its cache, {1e3 * ours:.2f} ms ours; best: every {best}")
    yield Measure("vs_eventsourcing", took[best] / ours, "ratio", 4.0, at_least=True)
    yield Measure("vs_eventsourcing_cached", cached / ours, "ratio")


def _application(beside: Path, interval: Any) -> Courses:
    every = {Course: interval} if isinstance(interval, int) else {}
    kind = type("Courses", (Courses,), {"snapshotting_intervals": every})
    env = {
        "PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "SQLITE_DBNAME": str(beside.with_suffix(f".rival-{interval}")),
    }
    if interval == CACHED:
        env |= {"AGGREGATE_CACHE_MAXSIZE": "10", "DEEPCOPY_FROM_AGGREGATE_CACHE": "n"}
    app: Courses = kind(env)
    with app.factory.datastore.get_connection(commit=False) as connection:  # type: ignore[attr-defined]
        assert _pragma(connection, "journal_mode") == "wal"
        assert _pragma(connection, "synchronous") == 2  # FULL, as ours
    return app


def _pragma(connection: Any, name: str) -> Any:
    with connection.cursor() as cursor:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]


def _begin(app: Courses, written: Sequence[Entry[Any]], interval: Any) -> UUID:
    """The same entries as in our ledger, and the snapshot it would have taken last."""
    new = Course()
    for entry in written:
        new.write(entry)
    last = new.version // interval * interval if isinstance(interval, int) else 0
    app.events.put(new.collect_events())
    if last:
        app.take_snapshot(new.id, version=last)
    return new.id


def _take_turns(
    desk: Tutelage, rivals: dict[Any, Courses], ids: dict[Any, UUID], cycles: int
) -> dict[Any, float]:
    """Mean seconds a command; each is written here, then there. 36 situations are 252 entries."""
    acts = course(len(desk.state(NAME).situations))
    took: dict[Any, float] = dict.fromkeys(("ours", *rivals), 0.0)
    commands = 6 * cycles
    for _ in range(commands):
        actor, event = next(acts)
        before = desk.state(NAME).seq
        took["ours"] += seconds(desk.write, NAME, event, actor=actor) / commands
        entries = list(desk.entries(NAME, after=before))
        for k, app in rivals.items():
            took[k] += seconds(app.write, ids[k], entries) / commands
    return took


def _state(app: Courses, course_id: UUID) -> Relationship:
    found: Course = app.repository.get(course_id)
    return found.folded
