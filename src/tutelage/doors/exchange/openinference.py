"""OpenInference spans, as Phoenix exports them (one span a row) or as OTLP carries them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tutelage.doors.exchange import otel
from tutelage.doors.exchange import spans as told
from tutelage.doors.exchange.openai import moment
from tutelage.doors.exchange.reading import Inner, Item, items
from tutelage.doors.exchange.run import Run, Skip, helped
from tutelage.doors.exchange.spans import Span, traces

_INNER = Inner(through=otel.INNER.through, leaves=otel.INNER.leaves | {"data"})
_KIND = "openinference.span.kind"
_SAID = re.compile(r"llm\.(input|output)_messages\.(\d{1,4})\.message\.(.+)")
_CALL = re.compile(r"tool_calls\.(\d{1,4})\.tool_call\.(id|function\.name|function\.arguments)")
_PART = re.compile(r"contents\.(\d{1,4})\.message_content\.text")


def runs(path: Path) -> Iterator[Run | Skip]:
    """The traces in an export that hold an OpenInference span."""
    for trace in traces(_spans(path)):
        yield trace if isinstance(trace, Skip) else _run(trace)


def _spans(path: Path) -> Iterator[Span | Skip]:
    for item in items(path, _INNER):
        if isinstance(item, Skip):
            yield item
        elif isinstance(item.value, dict) and {"resourceSpans", "traceId"} & item.value.keys():
            yield from otel.unfolded(item)
        else:
            yield _row(item)


def _row(item: Item) -> Span | Skip:
    """A span as a row of an export: its context flat or nested, its attributes likewise."""
    if not isinstance(item.value, dict):
        return Skip(item.where, "a record that is no span")
    row = flattened(item.value)
    trace, id_ = (row.get(f"context.{n}", row.get(n)) for n in ("trace_id", "span_id"))
    if not (isinstance(trace, str) and trace and isinstance(id_, str) and id_):
        return Skip(item.where, "a span without its trace or its own id")
    kind = row.get("span_kind")
    attributes = {k.removeprefix("attributes."): v for k, v in row.items()}
    if kind is not None:
        attributes.setdefault(_KIND, kind)
    failed = str(row.get("status_code") or row.get("status.code") or "").upper() == "ERROR"
    said = str(row.get("status_message") or row.get("status.message") or "no reason given")
    return Span(
        trace=trace,
        id=id_,
        name=str(row.get("name") or ""),
        start=_nanoseconds(row.get("start_time")),
        end=_nanoseconds(row.get("end_time")),
        attributes=attributes,
        parent=row.get("parent_id") or None,
        error=said if failed else None,
        events=tuple(_annotations(item.value)),
        where=item.where,
    )


def _nanoseconds(value: Any) -> int:
    found = moment(value)
    return 0 if found is None else int(found.timestamp() * 1e9)


def _annotations(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    found = row.get("annotations", row.get("span_annotations"))
    for note in found if isinstance(found, list) else ():
        if isinstance(note, dict):
            inner = note.get("result")
            result = inner if isinstance(inner, dict) else note
            yield {
                "event": otel.EVALUATED,
                "name": note.get("name"),
                "score": result.get("score"),
                "label": result.get("label"),
            }


def flattened(value: Any, under: str = "", depth: int = 12) -> dict[str, Any]:
    """Nested attributes under their dotted names, as OTLP would carry them.

    >>> flattened({"llm": {"input_messages": [{"message.role": "user"}]}})
    {'llm.input_messages.0.message.role': 'user'}
    """
    named = value.items() if isinstance(value, dict) else enumerate(value)
    found: dict[str, Any] = {}
    for name, inner in named:
        at = f"{under}.{name}" if under else str(name)
        if isinstance(inner, dict | list) and depth:
            found |= flattened(inner, at, depth - 1)
        else:
            found[at] = inner
    return found


# from spans to a run ----------------------------------------------------------------------------
def _run(trace: tuple[Span, ...]) -> Run | Skip:
    if not any(_KIND in s.attributes for s in trace):
        return Skip(trace[0].where, "a trace without an OpenInference span")
    messages = max((list(_messages(flattened(s.attributes))) for s in trace), key=len)
    agents = {s.name for s in trace if s.attributes.get(_KIND) == "AGENT"}
    shown = helped(messages) if messages else "unknown"
    given = (_text(s.attributes.get("input.value")) for s in trace)
    asked = None if messages else next(filter(None, given), None)
    return told.run(trace, messages, "ai" if len(agents) > 1 else shown, asked)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _messages(attributes: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What was said to the model and what it answered, in one span."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for name, value in attributes.items():
        place = _SAID.fullmatch(name)
        if place:
            found.setdefault((place[1], int(place[2])), {})[place[3]] = value
    yield from (_message(found[at]) for at in sorted(found))


def _message(parts: Mapping[str, Any]) -> dict[str, Any]:
    message: dict[str, Any] = {"role": str(parts.get("role") or "assistant")}
    texts = [str(v) for name, v in parts.items() if _PART.fullmatch(name)]
    message["content"] = parts.get("content") or "\n".join(texts) or None
    if "name" in parts and message["role"] == "tool":
        message["name"] = parts["name"]
    if "tool_call_id" in parts:
        message["tool_call_id"] = parts["tool_call_id"]
    called = _called(parts)
    return {**message, "tool_calls": called} if called else message


def _called(parts: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for name, value in parts.items():
        place = _CALL.fullmatch(name)
        if place:
            found.setdefault(int(place[1]), {})[place[2]] = value
    return [
        {
            "id": call.get("id"),
            "type": "function",
            "function": {
                "name": call.get("function.name"),
                "arguments": str(call.get("function.arguments") or "{}"),
            },
        }
        for _n, call in sorted(found.items())
    ]
