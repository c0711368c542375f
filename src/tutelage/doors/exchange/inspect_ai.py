"""Inspect AI logs: one JSON document, or an `.eval` archive with a file a sample."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

from tutelage.domain.errors import Malformed
from tutelage.doors.exchange.openai import moment
from tutelage.doors.exchange.reading import Inner, Item, items, member, packed
from tutelage.doors.exchange.run import Helped, Run, Skip, helped, number

VERSION = 2  # of the log's schema: what Inspect has written since 2024
_INNER = Inner(leaves=frozenset({"samples"}))
_LETTERS = {"C": 1.0, "P": 0.5, "I": 0.0, "N": 0.0}  # correct, partial, incorrect, no answer
_ATTACHED = "attachment://"


def runs(path: Path) -> Iterator[Run | Skip]:
    """The samples of a log. Raises Malformed where its schema is not known."""
    yield from _archived(path) if is_zipfile(path) else _document(path)


def _document(path: Path) -> Iterator[Run | Skip]:
    for item in items(path, _INNER):
        if isinstance(item, Skip):
            yield item
            continue
        _known(item.around or item.value, path)
        if item.around:
            yield _run(item, item.around)


def _known(head: Any, path: Path) -> None:
    version = head.get("version") if isinstance(head, dict) else None
    if not isinstance(head, dict) or "eval" not in head:
        raise Malformed("not_a_log", f"{path} is no log of Inspect's.")
    if version != VERSION:
        said = f"{path} is a log of version {version}; version {VERSION} is known here."
        raise Malformed("unknown_version", said)


def _archived(path: Path) -> Iterator[Run | Skip]:
    with packed(path) as archive:
        named = {info.filename: info for info in archive.infolist()}
        first = named.get("header.json") or named.get("_journal/start.json")
        found = member(archive, first) if first else None
        head = None if isinstance(found, Skip | None) else _parsed(found)
        _known(head, path)
        for name, info in named.items():
            if not (name.startswith("samples/") and name.endswith(".json")):
                continue
            data, where = member(archive, info), f"{path.name}/{name}"
            value = data if isinstance(data, Skip) else _parsed(data)
            if isinstance(data, Skip):
                yield data
            elif value is None:
                yield Skip(where, "a sample that is no JSON")
            else:
                yield _run(Item(where, value), head or {})


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _run(item: Item, head: Mapping[str, Any]) -> Run | Skip:
    sample = item.value
    messages = sample.get("messages") if isinstance(sample, dict) else None
    if not isinstance(messages, list) or not all(isinstance(m, dict) for m in messages):
        return Skip(item.where, "a sample without messages")
    if not messages:
        return Skip(item.where, "a sample that was never begun")
    whole = _attached(messages, sample.get("attachments"))
    reward, told = _outcome(sample)
    return Run(
        trace=_trace(sample, head),
        messages=whole,
        where=item.where,
        task=str(sample.get("id")),
        reward=reward,
        unit="score",
        outcome=told,
        asked=sample["input"] if isinstance(sample.get("input"), str) else None,
        started=moment(sample.get("started_at")) or moment(_eval(head).get("created")),
        helped=_helped(whole),
    )


def _eval(head: Mapping[str, Any]) -> Mapping[str, Any]:
    found = head.get("eval")
    return found if isinstance(found, dict) else {}


def _trace(sample: Mapping[str, Any], head: Mapping[str, Any]) -> str:
    """The sample's own id; in old logs the run's, with sample and epoch."""
    if sample.get("uuid"):
        return str(sample["uuid"])
    run = _eval(head).get("run_id") or _eval(head).get("task") or "inspect"
    return f"{run}:{sample.get('id')}:{sample.get('epoch', 1)}"


def _attached(value: Any, attachments: Any) -> Any:
    """The messages with what was kept beside them put back in its place."""
    if not isinstance(attachments, dict) or not attachments:
        return value
    if isinstance(value, str) and value.startswith(_ATTACHED):
        return attachments.get(value.removeprefix(_ATTACHED), value)
    if isinstance(value, list):
        return [_attached(v, attachments) for v in value]
    if isinstance(value, dict):
        return {k: _attached(v, attachments) for k, v in value.items()}
    return value


def _outcome(sample: Mapping[str, Any]) -> tuple[float | None, str | None]:
    scores = sample.get("scores")
    if not isinstance(scores, dict):
        error = sample.get("error")
        message = error.get("message") if isinstance(error, dict) else None
        return (0.0, f"It ended in an error: {message}") if message else (None, None)
    found = {name: _score(s.get("value")) for name, s in scores.items() if isinstance(s, dict)}
    known = {name: value for name, value in found.items() if value is not None}
    told = ", ".join(f"{name} {value:g}" for name, value in known.items())
    return (sum(known.values()) / len(known), told) if known else (None, None)


def _score(value: Any) -> float | None:
    if isinstance(value, str) and value in _LETTERS:
        return _LETTERS[value]
    return number(value)


def _helped(messages: list[Any]) -> Helped:
    """A person who wrote in the middle of it helped; the input is the task itself."""
    if any(m.get("source") == "operator" for m in messages):
        return "person"
    return helped(messages)
