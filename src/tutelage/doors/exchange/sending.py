"""The same spans through OpenTelemetry's own SDK, where it is installed, to its exporters."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import entry_points
from typing import Any

from tutelage.domain.errors import Malformed, Unavailable
from tutelage.doors.exchange.telemetry import Out

GROUP = "opentelemetry_traces_exporter"


def exporter(name: str) -> Any:
    """An exporter that an installed package registers: `console`, `otlp`, … Raises Malformed."""
    found = {e.name: e for e in entry_points(group=GROUP)}
    if name not in found:
        have = f"There are {', '.join(sorted(found))}." if found else "None is installed."
        said = f"No exporter {name} is installed. {have} See opentelemetry-sdk and its exporters."
        raise Malformed("no_exporter", said)
    return found[name].load()()


def send(found: Iterable[Out], to: Any) -> int:
    """Hand the spans to an exporter; how many. Raises Unavailable where it takes them not."""
    from opentelemetry.sdk.trace.export import SpanExportResult  # noqa: PLC0415  # optional

    made = [_readable(span) for span in found]
    result = to.export(made)
    to.shutdown()
    if result is not SpanExportResult.SUCCESS:
        raise Unavailable("not_sent", "The exporter did not take the spans; see its own message.")
    return len(made)


def _readable(span: Out) -> Any:
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import Event, ReadableSpan  # noqa: PLC0415

    return ReadableSpan(
        name=span.name,
        context=_context(span.trace, span.id),
        parent=_context(span.trace, span.parent) if span.parent else None,
        resource=Resource({"service.name": "tutelage"}),
        attributes=dict(span.attributes),
        events=[Event(e.name, dict(e.attributes), e.at) for e in span.events],
        start_time=span.start,
        end_time=span.end,
    )


def _context(trace: str, id_: str) -> Any:
    from opentelemetry.trace import SpanContext, TraceFlags  # noqa: PLC0415

    sampled = TraceFlags(TraceFlags.SAMPLED)
    return SpanContext(int(trace, 16), int(id_, 16), is_remote=False, trace_flags=sampled)
