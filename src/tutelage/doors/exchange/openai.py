"""Message logs in the style of OpenAI, as many harnesses write them: one dialogue a record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tutelage.doors.exchange.reading import Item, items
from tutelage.doors.exchange.run import Annotation, Run, Skip, helped, number

_MESSAGES = ("messages", "traj", "trajectory", "history", "conversation", "conversations")
_TRACE = ("trace_id", "session_id", "run_id", "id", "question_ID")
_TASK = ("task_id", "task", "question_ID", "test_id")
_REWARD = ("reward", "score", "is_correct", "success", "passed")
_TIME = ("started_at", "created_at", "created", "timestamp", "start_time")


def runs(path: Path) -> Iterator[Run | Skip]:
    """The dialogues in a file; a file that is one list of messages is one dialogue."""
    loose: list[Any] = []
    for item in items(path):
        if isinstance(item, Skip):
            yield item
        elif _is_message(item.value):
            loose.append(item.value)
        else:
            yield _run(item)
    if loose:
        yield _of({"messages": loose}, loose, path.name)


def _run(item: Item) -> Run | Skip:
    record = item.value
    if isinstance(record, list) and record and all(map(_is_message, record)):
        return _of({}, record, item.where)
    if not isinstance(record, dict):
        return Skip(item.where, "a record that is no dialogue")
    messages = _messages(record)
    if messages is None:
        return Skip(item.where, "a record without messages")
    return _of(record, messages, item.where)


def _messages(record: dict[str, Any]) -> list[Any] | None:
    """The dialogue of a record, or of the request and the response that it holds."""
    for name in _MESSAGES:
        found = record.get(name)
        if isinstance(found, list) and found and all(map(_is_message, found)):
            return found
    request, response = record.get("request"), record.get("response")
    if not isinstance(request, dict) or not isinstance(response, dict):
        return None
    asked, choices = request.get("messages"), response.get("choices")
    if not isinstance(asked, list) or not all(map(_is_message, asked)):
        return None
    answer = [c.get("message") for c in choices or () if isinstance(c, dict)][:1]
    return [*asked, *filter(_is_message, answer)]


def _is_message(value: Any) -> bool:
    spoken = isinstance(value, dict) and isinstance(value.get("role"), str)
    return spoken and not any(name in value for name in _MESSAGES)


def _of(record: dict[str, Any], messages: list[Any], where: str) -> Run:
    shown = record.get("mistake_agent")
    return Run(
        trace=_trace(record, messages),
        messages=messages,
        where=where,
        task=_task(record),
        reward=_reward(record),
        outcome=_outcome(record),
        asked=_text(record.get("question")),
        started=_time(record),
        helped="ai" if shown and _several(record) else helped(messages),
        annotation=_annotation(record),
    )


def _several(record: dict[str, Any]) -> bool:
    """Whether more than one agent took part: each is the other's help."""
    prompts = record.get("system_prompt")
    return isinstance(prompts, dict) and len(prompts) > 1


def _trace(record: dict[str, Any], messages: list[Any]) -> str:
    """The record's own id; else its task and trial, told from others by its content."""
    for name in _TRACE:
        found = record.get(name)
        if isinstance(found, str) and found.strip():
            return found
    said = json.dumps(messages, sort_keys=True).encode("utf-8", "backslashreplace")
    digest = hashlib.sha256(said).hexdigest()[:12]
    task, trial = _task(record), record.get("trial")
    first = f"task-{task}." if task is not None else ""
    return f"{first}trial-{trial}.{digest}" if isinstance(trial, int | str) else f"{first}{digest}"


def _task(record: dict[str, Any]) -> str | None:
    found = (record.get(name) for name in _TASK)
    return next((str(f) for f in found if isinstance(f, int | str) and str(f).strip()), None)


def _reward(record: dict[str, Any]) -> float | None:
    found = (number(record.get(name)) for name in _REWARD)
    return next((f for f in found if f is not None), None)


def _outcome(record: dict[str, Any]) -> str | None:
    """What the record says of the outcome beside its reward."""
    info = record.get("info")
    checked = info.get("reward_info") if isinstance(info, dict) else None
    said = checked.get("info") if isinstance(checked, dict) else None
    expected = _text(record.get("ground_truth"))
    if isinstance(said, dict):
        return ", ".join(f"{k} {v}" for k, v in said.items() if isinstance(v, int | float))
    return f"The answer would have been: {expected}" if expected else None


def _annotation(record: dict[str, Any]) -> Annotation | None:
    reason = _text(record.get("mistake_reason"))
    if reason is None:
        return None
    return Annotation(reason, _text(record.get("mistake_agent")), _text(record.get("mistake_step")))


def _time(record: dict[str, Any]) -> datetime | None:
    for name in _TIME:
        found = moment(record.get(name))
        if found is not None:
            return found
    return None


def moment(value: Any) -> datetime | None:
    """A time as ISO text or in seconds since 1970; None where it is none, or has no zone.

    >>> moment("2026-03-02T12:00:00Z").isoformat()
    '2026-03-02T12:00:00+00:00'
    """
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
            return found if found.tzinfo else None
        seconds = number(value) if not isinstance(value, bool) else None
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, int | str) and str(value).strip() else None
