"""The messages of a run as raw evidence: whole where they fit, else shortened with their digests.

A text in the ledger holds 64 KiB. A longer dialogue loses the middle of its longest texts first,
and each of them says how much is gone and what the digest of the whole was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from tutelage.domain.text import TEXT_LIMIT
from tutelage.doors.exchange.run import Message, Run

ROOM = TEXT_LIMIT - 1024  # for the trace's own name and the frame
_STEPS = (16_000, 4_000, 1_000, 250, 80)  # characters that a text keeps, less with every try


def pack(run: Run, room: int = ROOM) -> tuple[str, int]:
    """The evidence of a run, and how many texts or messages of it are cut."""
    whole = _framed(run, run.messages, 0)
    if _fits(whole, room):
        return whole, 0
    for most in _STEPS:
        cuts = _Cuts(most)
        messages = [cuts.of(m) for m in run.messages]
        shortened = _framed(run, messages, cuts.count)
        if _fits(shortened, room):
            return shortened, cuts.count
    return _ends(run, messages, cuts.count, room)


def _ends(run: Run, messages: Sequence[Any], count: int, room: int) -> tuple[str, int]:
    """The first and the last messages, as many as there is room for."""
    keep = len(messages) // 2
    while keep:
        left_out = len(messages) - 2 * keep
        note = {"role": "note", "content": f"[{left_out} messages are left out here]"}
        said = _framed(run, [*messages[:keep], note, *messages[-keep:]], count + left_out)
        if _fits(said, room):
            return said, count + left_out
        keep //= 2
    return _framed(run, [], count + len(messages)), count + len(messages)


def unpack(evidence: str) -> list[Message] | None:
    """The messages again, as they were imported; None where this is no imported trace."""
    messages = _frame(evidence).get("messages")
    return messages if isinstance(messages, list) else None


def named(evidence: str) -> str | None:
    """The trace id that the evidence came with."""
    found = _frame(evidence).get("trace")
    return found if isinstance(found, str) else None


def _frame(evidence: str) -> dict[str, Any]:
    """What `pack` made; empty where this is no imported trace."""
    try:
        found = json.loads(evidence)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and "trace" in found else {}


def _framed(run: Run, messages: Sequence[Any], cut: int) -> str:
    frame = {"trace": run.trace, **({"cut": cut} if cut else {}), "messages": messages}
    said = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
    try:
        said.encode()
    except UnicodeEncodeError:  # half a character, as a broken stream leaves it: kept escaped
        return json.dumps(frame, separators=(",", ":"))
    return said


def _fits(text: str, room: int) -> bool:
    return len(text.encode()) <= room


class _Cuts:
    """Shortens every text that is longer than so many characters, and counts them."""

    def __init__(self, most: int) -> None:
        self._most, self.count = most, 0

    def of(self, value: Any) -> Any:
        """The value with its long texts cut."""
        match value:
            case str():
                return self._text(value)
            case dict():
                return {name: self.of(inner) for name, inner in value.items()}
            case list():
                return [self.of(inner) for inner in value]
            case _:
                return value

    def _text(self, text: str) -> str:
        if len(text) <= self._most + 120:
            return text
        self.count += 1
        digest = hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]
        first, last = self._most * 2 // 3, self._most // 3
        gone = f"[{len(text) - first - last:,} characters are left out here; sha256 {digest}…]"
        return f"{text[:first]}\n{gone}\n{text[-last:]}"
