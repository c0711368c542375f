"""OpenTelemetry spans of generative AI: OTLP as JSON, one document or one request a line.

Messages are read as any version of the conventions wrote them: `gen_ai.input.messages` (from 1.37
on, as a structure or as JSON), events a message (`gen_ai.user.message`, …), and numbered
attributes (`gen_ai.prompt.0.content`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tutelage.doors.exchange import spans as told
from tutelage.doors.exchange.reading import Inner, Item, items
from tutelage.doors.exchange.run import Helped, Run, Skip, helped
from tutelage.doors.exchange.spans import Span, traces

INNER = Inner(
    through=frozenset({"resourceSpans", "scopeSpans", "instrumentationLibrarySpans"}),
    leaves=frozenset({"spans"}),
)
_SCHEMA = re.compile(r"/schemas/(\d+)\.")
_VALUES = ("stringValue", "boolValue", "doubleValue", "bytesValue")
EVALUATED = "gen_ai.evaluation.result"


def runs(path: Path) -> Iterator[Run | Skip]:
    """The traces in a file that hold a span of generative AI."""
    for trace in traces(spans(path)):
        yield trace if isinstance(trace, Skip) else _run(trace)


def spans(path: Path) -> Iterator[Span | Skip]:
    """Every span of an OTLP file, in the order it stands there."""
    for item in items(path, INNER):
        if isinstance(item, Skip):
            yield item
        else:
            yield from unfolded(item)


def unfolded(item: Item) -> Iterator[Span | Skip]:
    """The spans of a request, or the span that this is."""
    value = item.value
    if not isinstance(value, dict):
        yield Skip(item.where, "a record that is no span")
    elif "resourceSpans" in value:
        for resource in _listed(value, "resourceSpans"):
            for scope in _listed(resource, "scopeSpans", "instrumentationLibrarySpans"):
                for span in _listed(scope, "spans"):
                    yield _span(span, {**resource, **scope}, item.where)
    elif "traceId" in value:
        yield _span(value, item.around, item.where)
    else:
        yield Skip(item.where, "a record that is no span")


def _listed(value: Any, *names: str) -> Iterable[Any]:
    found = next((value.get(n) for n in names if n in value), None) if _is(value) else None
    return found if isinstance(found, list) else ()


def _is(value: Any) -> bool:
    return isinstance(value, dict)


def _span(value: Any, around: Mapping[str, Any], where: str) -> Span | Skip:
    version = _SCHEMA.search(str(around.get("schemaUrl") or ""))
    if version and version[1] != "1":
        return Skip(where, f"a schema of version {version[1]}, which is not known here")
    trace, id_ = (value.get("traceId"), value.get("spanId")) if _is(value) else (None, None)
    if not (isinstance(trace, str) and trace and isinstance(id_, str) and id_):
        return Skip(where, "a span without its trace or its own id")
    try:
        start, end = (int(value.get(n) or 0) for n in ("startTimeUnixNano", "endTimeUnixNano"))
    except (TypeError, ValueError, OverflowError):
        return Skip(where, "a span whose times are no numbers")
    events = tuple(map(_event, _listed(value, "events")))
    return Span(
        trace=trace,
        id=id_,
        name=str(value.get("name") or ""),
        start=start,
        end=end,
        attributes=flat(value.get("attributes")),
        parent=value.get("parentSpanId") or None,
        error=_error(value.get("status")),
        events=events,
        where=where,
    )


def _error(status: Any) -> str | None:
    code = status.get("code") if _is(status) else None
    if str(code) not in {"2", "STATUS_CODE_ERROR"}:
        return None
    return str(status.get("message") or "no reason given")


def flat(attributes: Any) -> dict[str, Any]:
    """OTLP attributes as a plain mapping.

    >>> flat([{"key": "n", "value": {"intValue": "3"}}])
    {'n': 3}
    """
    if isinstance(attributes, dict):  # as exporters for people write them
        return attributes
    listed = attributes if isinstance(attributes, list) else ()
    return {str(a.get("key")): _value(a.get("value")) for a in listed if _is(a)}


def _value(value: Any) -> Any:
    if not _is(value):
        return value
    if "intValue" in value:
        return int(value["intValue"]) if re.fullmatch(r"-?\d{1,20}", str(value["intValue"])) else 0
    if "arrayValue" in value:
        return [_value(v) for v in _listed(value["arrayValue"], "values")]
    if "kvlistValue" in value:
        inner = value["kvlistValue"]
        return flat(inner.get("values") if _is(inner) else None)
    return next((value[name] for name in _VALUES if name in value), None)


def _event(event: Any) -> dict[str, Any]:
    """An event: an evaluation by its parts, anything else by its name and attributes."""
    given = flat(event.get("attributes")) if _is(event) else {}
    name = str(event.get("name") or "") if _is(event) else ""
    if name != EVALUATED:
        return {"event": name, **given}
    return {
        "event": name,
        "name": given.get("gen_ai.evaluation.name"),
        "score": given.get("gen_ai.evaluation.score.value"),
        "label": given.get("gen_ai.evaluation.score.label"),
    }


# from spans to a run ----------------------------------------------------------------------------
def _run(trace: tuple[Span, ...]) -> Run | Skip:
    if not any(name.startswith("gen_ai.") for s in trace for name in s.attributes):
        return Skip(trace[0].where, "a trace without a gen_ai span")
    spoken = max((list(_messages(s)) for s in trace), key=len)
    messages = spoken or list(_calls(trace))
    asked = None if spoken else trace[0].name or None
    return told.run(trace, messages, _helped(trace, messages, spoken), asked)


def _helped(trace: tuple[Span, ...], messages: list[Any], spoken: list[Any]) -> Helped:
    """Whom the trace shows to have helped; without the words that were said, nobody knows."""
    agents = {str(s.attributes.get("gen_ai.agent.name")) for s in trace} - {"None"}
    if len(agents) > 1:
        return "ai"
    found = helped(messages)
    return found if spoken or found != "nobody" else "unknown"


def _calls(trace: tuple[Span, ...]) -> Iterator[dict[str, Any]]:
    """Where no content was kept: which tools were called, in order."""
    for span in trace:
        tool = span.attributes.get("gen_ai.tool.name")
        if isinstance(tool, str):
            given = span.attributes.get("gen_ai.tool.call.arguments")
            yield _calling([{"name": tool, "arguments": given, "id": span.id}])


def _calling(parts: Iterable[Mapping[str, Any]], content: str | None = None) -> dict[str, Any]:
    made = [
        {
            "id": p.get("id"),
            "type": "function",
            "function": {"name": p.get("name"), "arguments": _argument(p.get("arguments"))},
        }
        for p in parts
    ]
    return {"role": "assistant", "content": content, "tool_calls": made}


def _argument(given: Any) -> str:
    if given is None:
        return "{}"
    return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False, default=str)


def _messages(span: Span) -> Iterator[dict[str, Any]]:
    """What was said to the model and what it answered, in one span."""
    attributes = span.attributes
    system = _parsed(attributes.get("gen_ai.system_instructions"))
    if isinstance(system, list):
        yield from _spoken({"role": "system", "parts": system})
    for name in ("gen_ai.input.messages", "gen_ai.output.messages"):
        found = _parsed(attributes.get(name))
        for message in found if isinstance(found, list) else ():
            yield from _spoken(message)
    yield from _in_events(span)
    yield from _numbered(attributes)


def _parsed(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None


def _spoken(message: Any) -> Iterator[dict[str, Any]]:
    """A message of parts as messages of the common form."""
    if not _is(message):
        return
    parts = message.get("parts")
    role = str(message.get("role") or "assistant")
    if not isinstance(parts, list):
        yield {**message, "role": role}
        return
    kinds = [p for p in parts if _is(p)]
    texts = [str(p.get("content")) for p in kinds if p.get("type") == "text"]
    called = [p for p in kinds if p.get("type") == "tool_call"]
    answers = [p for p in kinds if p.get("type") == "tool_call_response"]
    thoughts = [str(p.get("content")) for p in kinds if p.get("type") == "reasoning"]
    content = "\n".join(texts) or None
    if called:
        yield {**_calling(called, content), **_thought(thoughts)}
    elif texts or not answers:
        yield {"role": role, "content": content, **_thought(thoughts)}
    for part in answers:
        said = part.get("response", part.get("result"))
        yield {"role": "tool", "tool_call_id": part.get("id"), "content": _argument(said)}


def _thought(thoughts: list[str]) -> dict[str, str]:
    return {"reasoning": "\n".join(thoughts)} if thoughts else {}


_EVENT = re.compile(r"gen_ai\.(system|user|assistant|tool)\.message|gen_ai\.(choice)")


def _in_events(span: Span) -> Iterator[dict[str, Any]]:
    for event in span.events:
        found = _EVENT.fullmatch(str(event.get("event")))
        if found is None:
            continue
        body = {k: v for k, v in event.items() if k != "event"}
        inner = _parsed(body.get("message"))
        body = inner if _is(inner) else body
        calls = _parsed(body.get("tool_calls"))
        more = {"tool_calls": calls} if isinstance(calls, list) else {}
        yield {"role": found[1] or "assistant", "content": body.get("content"), **more}


_PLACE = re.compile(r"gen_ai\.(prompt|completion)\.(\d{1,4})\.(\w+)")


def _numbered(attributes: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    found: dict[tuple[bool, int], dict[str, Any]] = {}
    for name, value in attributes.items():
        place = _PLACE.fullmatch(name)
        if place:
            at = (place[1] == "completion", int(place[2]))
            found.setdefault(at, {})[place[3]] = value
    for (answer, _n), message in sorted(found.items()):
        yield {"role": "assistant" if answer else "user", **message}
