"""Spans of any format, sorted into traces on disk, so that a hundred thousand need no memory."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from tutelage.doors.exchange.run import Run, Skip, number

LATEST = 2**63 - 1  # nanoseconds: what lies behind it is no time
Row = tuple[bytes, bytes, int, str]
BATCH = 2000  # rows written at once
_FAILED = {"fail", "failed", "failure", "incorrect", "false", "bad"}
_PASSED = {"pass", "passed", "success", "correct", "true", "good"}


@dataclass(frozen=True, slots=True)
class Span:
    """One step of a trace, whoever exported it; times in nanoseconds since 1970."""

    trace: str
    id: str
    name: str
    start: int
    end: int
    attributes: Mapping[str, Any]
    parent: str | None = None
    error: str | None = None
    events: tuple[Mapping[str, Any], ...] = ()
    where: str = field(default="", compare=False)


def traces(spans: Iterable[Span | Skip]) -> Iterator[tuple[Span, ...] | Skip]:
    """The spans of each trace in the order they began, however they came; a span told again, once.

    They wait in a private file that SQLite deletes.
    """
    with closing(sqlite3.connect("")) as store:
        store.execute("PRAGMA journal_mode = OFF")
        store.execute("CREATE TABLE span (trace, id, start, body, PRIMARY KEY (trace, id))")
        rows: list[Row] = []
        for span in spans:
            if isinstance(span, Skip):
                yield span
                continue
            rows.append(_row(span))
            if len(rows) == BATCH:
                yield from _put(store, rows)
        yield from _put(store, rows)
        found = store.execute("SELECT trace, body FROM span ORDER BY trace, start, id")
        for _trace, group in groupby(found, key=lambda row: row[0]):
            yield tuple(_read(body) for _trace, body in group)


def _row(span: Span) -> Row:
    """As SQLite takes it, which knows no half characters and no numbers beyond 64 bits."""
    trace, id_ = (text.encode("utf-8", "surrogatepass") for text in (span.trace, span.id))
    return trace, id_, min(max(span.start, 0), LATEST), _written(span)


def _put(store: sqlite3.Connection, rows: list[Row]) -> Iterator[Skip]:
    before = store.total_changes
    store.executemany("INSERT OR IGNORE INTO span VALUES (?, ?, ?, ?)", rows)
    again = len(rows) - (store.total_changes - before)
    rows.clear()
    for _ in range(again):
        yield Skip("", "a span that was told before")


def _written(span: Span) -> str:
    said = (span.name, span.end, span.attributes, span.parent, span.error, span.events, span.where)
    return json.dumps([span.trace, span.id, span.start, *said], default=str)


def _read(body: str) -> Span:
    trace, id_, start, name, end, attributes, parent, error, events, where = json.loads(body)
    return Span(trace, id_, name, start, end, attributes, parent, error, tuple(events), where=where)


# from a trace to a run --------------------------------------------------------------------------
TASKS = ("tutelage.task", "task.id", "task_id", "test_case.id", "metadata.task_id")
REWARDS = ("reward", "score", "metadata.reward", "eval.score")


def task(spans: Iterable[Span]) -> str | None:
    """The task that a trace was about, where one of its spans says so."""
    found = (span.attributes.get(name) for span in spans for name in TASKS)
    return next((str(f) for f in found if f is not None), None)


def started(spans: tuple[Span, ...]) -> datetime | None:
    """When the first span began."""
    try:
        first = min(s.start for s in spans)
        return datetime.fromtimestamp(first / 1e9, UTC) if first > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def outcome(spans: tuple[Span, ...]) -> tuple[float | None, str, str | None]:
    """How it came out: measure, its unit, and words. An evaluation first, then an error."""
    scores = list(_scores(spans))
    if scores:
        told = ", ".join(f"{name} {value:g}" for name, value in scores)
        return sum(v for _, v in scores) / len(scores), "score", told
    roots = [s for s in spans if s.parent is None] or list(spans[:1])
    failed = next((s for s in roots if s.error is not None), None)
    if failed is None:
        return None, "score", None
    return 0.0, "no error", f"It ended in an error: {failed.error}"


def _scores(spans: tuple[Span, ...]) -> Iterator[tuple[str, float]]:
    for span in spans:
        for name in REWARDS:
            value = number(span.attributes.get(name))
            if value is not None:
                yield name, value
        for event in span.events:
            value = score(event.get("score"), event.get("label"))
            if value is not None:
                yield str(event.get("name") or "evaluation"), value


def score(value: Any, label: Any) -> float | None:
    """A score as a number; where there is none, a label that says pass or fail.

    >>> score(None, "Correct"), score("0.25", None), score(None, "so so")
    (1.0, 0.25, None)
    """
    found = number(value)
    if found is not None or not isinstance(label, str):
        return found
    said = label.strip().lower()
    return 1.0 if said in _PASSED else 0.0 if said in _FAILED else None


def run(spans: tuple[Span, ...], messages: list[Any], helped: Any, asked: str | None) -> Run:
    """The run that a trace tells."""
    reward, unit, told = outcome(spans)
    return Run(
        trace=spans[0].trace,
        messages=messages,
        where=spans[0].where,
        task=task(spans),
        reward=reward,
        unit=unit,
        outcome=told,
        asked=asked,
        started=started(spans),
        helped=helped,
        spans=len(spans),
    )
