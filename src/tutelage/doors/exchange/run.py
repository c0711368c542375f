"""A run: what every format of traces becomes before it is a situation."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

Message = Mapping[str, Any]
Helped = Literal["nobody", "person", "ai", "unknown"]
"""Whom the trace shows to have helped before the decision; unknown where it does not say."""

_CONSULTS = re.compile(
    r"(^|_)(ask|consult|advis\w*|advice|guidance|mentor|coach|supervisor|second_opinion)(_|$)",
    re.IGNORECASE,
)
_PERSON = re.compile(r"human|person|user|operator|supervisor|expert", re.IGNORECASE)
_PLAIN = re.compile(r"[^A-Za-z0-9._:@+-]+")


@dataclass(frozen=True, slots=True)
class Skip:
    """Something in a file that became no run: where it is, and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Annotation:
    """What a person wrote about a failed run: whose mistake, at which step, and why."""

    reason: str
    agent: str | None = None
    step: str | None = None


@dataclass(frozen=True)
class Run:
    """One run of an agent: its trace id, its messages as they were, and how it came out."""

    trace: str
    messages: Sequence[Message]
    where: str = field(default="", compare=False)
    task: str | None = None
    reward: float | None = None
    unit: str = "reward"
    outcome: str | None = None
    asked: str | None = None  # what was wanted, where no message says it
    started: datetime | None = None
    helped: Helped = "nobody"
    annotation: Annotation | None = None
    spans: int = field(default=0, compare=False)

    @cached_property
    def key(self) -> str:
        """The situation's name: the same run of the same trace has it again."""
        said = json.dumps([self.trace, self.messages], sort_keys=True, default=str)
        return f"t-{hashlib.sha256(said.encode('utf-8', 'backslashreplace')).hexdigest()[:24]}"

    @property
    def named(self) -> str:
        """The trace id as a name that the ledger takes; a long or strange one by its digest."""
        plain = _PLAIN.sub("-", self.trace).strip("-._:@+")[:64]
        if plain == self.trace:
            return plain
        digest = hashlib.sha256(self.trace.encode("utf-8", "backslashreplace")).hexdigest()[:16]
        return f"{plain[:40]}:{digest}" if plain else f"t:{digest}"


# messages ---------------------------------------------------------------------------------------
def said(message: Message) -> str:
    """What a message says in words; nothing where it only calls a tool.

    >>> said({"role": "user", "content": [{"type": "text", "text": "Cancel it."}]})
    'Cancel it.'
    """
    content = message.get("content")
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = (p.get("text") or p.get("content") if isinstance(p, dict) else p for p in content)
    return "\n".join(p for p in parts if isinstance(p, str))


def calls(message: Message) -> Iterator[tuple[str, str]]:
    """The tools that a message calls, with their arguments as they were given.

    >>> list(calls({"tool_calls": [{"function": {"name": "book", "arguments": "{}"}}]}))
    [('book', '{}')]
    """
    listed = message.get("tool_calls")
    found = listed if isinstance(listed, list) else [message.get("function_call")]
    for call in found:
        if not isinstance(call, dict):
            continue
        inner = call.get("function", call)
        if not isinstance(inner, dict):  # Inspect names the function itself
            inner = {"name": inner, "arguments": call.get("arguments")}
        given = inner.get("arguments")
        yield str(inner.get("name") or "?"), given if isinstance(given, str) else _json(given)


def role(message: Message) -> str:
    """Who wrote a message; nothing where it does not say."""
    found = message.get("role")
    return found if isinstance(found, str) else ""


def by_agent(messages: Sequence[Message]) -> list[Message]:
    """The messages that the agent wrote."""
    return [m for m in messages if role(m) in {"assistant", "ai", "model"}]


def helped(messages: Sequence[Message]) -> Helped:
    """Whether the trace shows that nobody helped: from the task on, one agent, none asked.

    A log that begins in the middle, or in which the agent says nothing, shows nothing.
    """
    for message in by_agent(messages):
        for name, _given in calls(message):
            if _CONSULTS.search(name):
                return "person" if _PERSON.search(name) else "ai"
    names = (m.get("name") for m in messages if role(m) in {"assistant", "user"})
    if len({n for n in names if isinstance(n, str)}) > 1:
        return "ai"
    first = next((role(m) for m in messages if role(m) not in _SYSTEM), None)
    spoke = any(said(m).strip() or any(calls(m)) for m in by_agent(messages))
    return "nobody" if first == "user" and spoke else "unknown"


_SYSTEM = {"system", "developer"}


def number(value: Any) -> float | None:
    """A reward as a number: true is 1, false is 0; None where it is none.

    >>> number(True), number("0.5"), number("nan"), number("good")
    (1.0, 0.5, None, None)
    """
    try:
        found = float(value) if isinstance(value, bool | int | float | str) else math.nan
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def shorten(text: str, most: int) -> str:
    """The text, or its beginning with a sign that it goes on.

    >>> shorten("a long text", 7)
    'a long…'
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)
