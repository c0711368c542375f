"""Every step of a relationship as OpenTelemetry spans, and its ratings as evaluation events.

A trace is one situation, a span one step of it; what is about no situation is a trace of its own.
Names follow the GenAI conventions where they have one (`gen_ai.evaluation.result`), else
`tutelage.*`. Nothing here needs an SDK; with one, `send` hands the same spans to its exporters.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tutelage.domain.entry import Entry, split
from tutelage.domain.events import GoalSet, Rated
from tutelage.domain.relationship import Relationship
from tutelage.domain.text import Gone
from tutelage.doors.exchange.leaving import entries
from tutelage.guidance.blind import blind

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

SCHEMA = "https://opentelemetry.io/schemas/1.37.0"
EVALUATED = "gen_ai.evaluation.result"
INTERNAL = 1  # the kind of span that nobody calls from outside
_ELSEWHERE = frozenset({"kind", "situation", "ratings"})  # in the envelope, or an event each
_PEOPLE = frozenset({"learner", "trainer", "raters", "rater", "to", "viewer", "concern_contact"})
Attributes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a span."""

    name: str
    at: int
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Out:
    """A span to be exported; times in nanoseconds since 1970, names in hexadecimal."""

    trace: str
    id: str
    parent: str | None
    name: str
    start: int
    end: int
    attributes: Mapping[str, Any]
    events: list[Event] = field(default_factory=list)


def spans(
    desk: Tutelage, relationship: str, viewer: str | None = None, *, texts: bool = False
) -> Iterator[Out]:
    """The spans of a relationship, trace by trace; texts only where they are asked for."""
    state = desk.state(relationship)
    told = list(entries(desk, relationship, viewer))
    told.sort(key=lambda e: (_first(state, e), e.seq))
    for _first_seq, group in groupby(told, key=lambda e: _first(state, e)):
        yield from _trace(state, relationship, list(group), texts=texts)


def _situation(entry: Entry[Any]) -> str | None:
    """The name of the situation it is about; what a goal calls so is a text."""
    if isinstance(entry.event, GoalSet):
        return None
    found = getattr(entry.event, "situation", None)
    return found if isinstance(found, str) else None


def _first(state: Relationship, entry: Entry[Any]) -> int:
    """Which trace an entry is in: by the seq that opened its situation, 0 for none."""
    known = state.find(_situation(entry) or "")
    return known.opened.seq if known else 0


def _trace(
    state: Relationship, relationship: str, group: list[Entry[Any]], *, texts: bool
) -> Iterator[Out]:
    known = state.find(_situation(group[0]) or "")
    name = f"situation {known.key}" if known else "relationship"
    trace = _trace_id(relationship, known.key if known else "")
    root = Out(
        trace=trace,
        id=_hex(f"{trace}\nroot", 16),
        parent=None,
        name=f"tutelage {name}",
        start=_time(group[0]),
        end=max(map(_time, group)),
        attributes=_about(state, relationship, known),
    )
    steps = {e.seq: _step(root, relationship, e, texts=texts) for e in group}
    for entry in group:
        if isinstance(entry.event, Rated) and known is not None:
            rated = known.own_call if entry.event.subject == "own_call" else known.decision
            on = steps.get(rated.seq) if rated is not None else None
            events = _evaluations(state, entry, texts=texts)
            (on or steps[entry.seq]).events.extend(events)
    yield root
    yield from steps.values()


def _about(state: Relationship, relationship: str, known: Any) -> Attributes:
    about: Attributes = {"tutelage.relationship": relationship, "tutelage.mode": state.mode}
    about["openinference.span.kind"] = "CHAIN"
    if known is None:
        return about
    levels = [f"{c}={state.level(c).word}" for c in known.criteria]
    return about | {
        "tutelage.situation": known.key,
        "tutelage.source": known.opened.event.source,
        "tutelage.phase": str(known.phase or ""),
        "tutelage.evidence": known.evidence_subject or "none",
        "tutelage.consulted": known.consulted,
        "tutelage.levels_now": levels,
        **({"tutelage.trace": known.opened.event.trace} if known.opened.event.trace else {}),
    }


def _step(root: Out, relationship: str, entry: Entry[Any], *, texts: bool) -> Out:
    """One entry as a span; its own time, and no length that was not measured."""
    at = _time(entry)
    attributes: Attributes = {
        "tutelage.relationship": relationship,
        "tutelage.seq": entry.seq,
        "tutelage.kind": entry.event.kind,
        "tutelage.role": str(entry.role),
        "openinference.span.kind": "EVALUATOR" if isinstance(entry.event, Rated) else "CHAIN",
    }
    if _situation(entry):
        attributes["tutelage.situation"] = _situation(entry)
    attributes |= _fields(entry, texts=texts)
    id_ = _span_id(root.trace, entry.seq)
    return Out(root.trace, id_, root.id, f"tutelage.{entry.event.kind}", at, at, attributes)


def _fields(entry: Entry[Any], *, texts: bool) -> Attributes:
    """An event's facts, and its texts where they are asked for and there."""
    facts, plain = json.loads(split(entry.event)[0]), entry.event.model_dump(mode="json")
    found: Attributes = {}
    for name, value in plain.items():
        if name in _ELSEWHERE | _PEOPLE or value in (None, [], {}):
            continue
        if facts[name] == value:
            found[f"tutelage.{name}"] = _simple(value)
        elif texts and not isinstance(getattr(entry.event, name), Gone):
            found[f"tutelage.text.{name}"] = _simple(value)
    return found


def _simple(value: Any) -> Any:
    """A value as attributes take it: a scalar, a list of texts, or JSON."""
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _evaluations(state: Relationship, entry: Entry[Rated], *, texts: bool) -> Iterator[Event]:
    for criterion, value, attributes in evaluated(state, entry, texts=texts):
        named = {"gen_ai.evaluation.name": criterion, "gen_ai.evaluation.score.value": float(value)}
        label = {"gen_ai.evaluation.score.label": f"{value} of 5"}
        yield Event(EVALUATED, _time(entry), named | label | attributes)


def evaluated(
    state: Relationship, entry: Entry[Rated], *, texts: bool
) -> Iterator[tuple[str, int, Attributes]]:
    """What was rated how; with the words that were quoted, where texts may leave."""
    known = state.find(entry.event.situation)
    about: Attributes = {
        "tutelage.subject": entry.event.subject,
        "tutelage.blind": known is not None and blind(state, known, entry),
        "tutelage.as_self": entry.event.as_self,
    }
    for criterion, value in entry.event.ratings.items():
        quote = entry.event.quotes.get(criterion)
        said = {"gen_ai.evaluation.explanation": quote} if texts and isinstance(quote, str) else {}
        if value is not None:
            yield criterion, value, about | said


def _time(entry: Entry[Any]) -> int:
    return int(entry.occurred_at.timestamp() * 1e6) * 1000


def span_of(relationship: str, situation: str, seq: int) -> str:
    """The span that an entry of a situation is exported as."""
    return _span_id(_trace_id(relationship, situation), seq)


def _trace_id(relationship: str, situation: str) -> str:
    return _hex(f"{relationship}\n{situation}", 32)


def _span_id(trace: str, seq: int) -> str:
    return _hex(f"{trace}\n{seq}", 16)


def _hex(said: str, digits: int) -> str:
    return hashlib.sha256(said.encode()).hexdigest()[:digits]


# OTLP as JSON lines -----------------------------------------------------------------------------
def otlp(found: Iterable[Out]) -> Iterator[str]:
    """One export request a trace, as the OpenTelemetry collector reads them from a file."""
    for _trace_id, group in groupby(found, key=lambda s: s.trace):
        scope = {"name": "tutelage", "version": version("tutelage")}
        inner = {"scope": scope, "spans": list(map(_written, group)), "schemaUrl": SCHEMA}
        resource = {"attributes": _keyed({"service.name": "tutelage"})}
        whole = {"resourceSpans": [{"resource": resource, "scopeSpans": [inner]}]}
        yield json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def _written(span: Out) -> dict[str, Any]:
    return {
        "traceId": span.trace,
        "spanId": span.id,
        **({"parentSpanId": span.parent} if span.parent else {}),
        "name": span.name,
        "kind": INTERNAL,
        "startTimeUnixNano": str(span.start),
        "endTimeUnixNano": str(span.end),
        "attributes": _keyed(span.attributes),
        "events": [
            {"name": e.name, "timeUnixNano": str(e.at), "attributes": _keyed(e.attributes)}
            for e in span.events
        ],
    }


def _keyed(attributes: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"key": name, "value": _valued(value)} for name, value in attributes.items()]


def _valued(value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case list():
            return {"arrayValue": {"values": [_valued(v) for v in value]}}
        case _:
            return {"stringValue": str(value)}
