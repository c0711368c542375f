"""Traces for the tests: small files in each format, and what a command makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SYSTEM = {"role": "system", "content": "You are an airline's agent."}
ASKS = {"role": "user", "content": "Cancel my flight, please."}
CALLS = {
    "role": "assistant",
    "content": None,
    "tool_calls": [
        {"id": "c1", "type": "function", "function": {"name": "cancel", "arguments": '{"id": 7}'}}
    ],
}
ANSWERS = {"role": "tool", "tool_call_id": "c1", "name": "cancel", "content": "done"}
ENDS = {"role": "assistant", "content": "Your flight is cancelled."}
DIALOGUE = [SYSTEM, ASKS, CALLS, ANSWERS, ENDS]


def log(task: Any = 1, trial: int = 0, reward: Any = 1.0, **more: Any) -> dict[str, Any]:
    """A record of a message log; each task and trial says something of its own."""
    said = {"role": "user", "content": f"Cancel flight {task}-{trial}, please."}
    messages = more.pop("messages", [SYSTEM, said, CALLS, ANSWERS, ENDS])
    return {"task_id": task, "trial": trial, "reward": reward, "messages": messages, **more}


def lines(file: Path, *records: Any) -> Path:
    """A file of JSON lines; a text is written as it is."""
    told = (r if isinstance(r, str) else json.dumps(r) for r in records)
    file.write_text("\n".join(told) + "\n")
    return file


def span(
    trace: str,
    id: str,  # noqa: A002
    at: int = 1,
    attributes: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A span as OTLP writes it."""
    return {
        "traceId": trace,
        "spanId": id,
        "name": more.pop("name", "chat"),
        "startTimeUnixNano": str(at * 10**9),
        "endTimeUnixNano": str((at + 1) * 10**9),
        "attributes": keyed(attributes or {"gen_ai.operation.name": "chat"}),
        **more,
    }


def keyed(given: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": name, "value": _valued(value)} for name, value in given.items()]


def _valued(value: Any) -> dict[str, Any]:
    match value:
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case list():
            return {"arrayValue": {"values": [_valued(v) for v in value]}}
        case dict():
            return {"kvlistValue": {"values": keyed(value)}}
        case _:
            return {"stringValue": value}


def request(spans: Iterable[Any], **scope: Any) -> dict[str, Any]:
    """One export request of OTLP."""
    inner = {"scope": {"name": "agent"}, "spans": list(spans), **scope}
    return {"resourceSpans": [{"resource": {}, "scopeSpans": [inner]}]}


def told(content: str, role: str = "user") -> dict[str, Any]:
    """A message of one text part, as GenAI spans carry it."""
    return {"role": role, "parts": [{"type": "text", "content": content}]}


def chat(answer: str = "Your flight is cancelled.") -> dict[str, Any]:
    """The attributes of a model call with its content."""
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.input.messages": json.dumps([told("Cancel my flight, please.")]),
        "gen_ai.output.messages": json.dumps([told(answer, "assistant")]),
    }


def sample(id: Any = 1, epoch: int = 1, value: Any = "C", **more: Any) -> dict[str, Any]:  # noqa: A002
    """A sample of an Inspect log."""
    call = {"id": "c1", "type": "function", "function": "cancel", "arguments": {"id": 7}}
    messages = [
        {"role": "user", "content": f"Cancel flight {id}-{epoch}.", "source": "input"},
        {"role": "assistant", "content": "", "source": "generate", "tool_calls": [call]},
        {"role": "tool", "content": "done", "tool_call_id": "c1", "function": "cancel"},
        {"role": "assistant", "content": "Cancelled.", "source": "generate"},
    ]
    scores = {"includes": {"value": value, "answer": "Cancelled."}}
    return {"id": id, "epoch": epoch, "messages": messages, "scores": scores, **more}


def inspect(*samples: dict[str, Any], version: int = 2) -> dict[str, Any]:
    """A whole Inspect log."""
    about = {"task": "airline", "run_id": "run-1", "created": "2026-03-02T12:00:00+00:00"}
    return {"version": version, "status": "success", "eval": about, "samples": list(samples)}
