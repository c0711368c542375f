"""Export and import: a relationship as JSONL, one entry a line, without loss."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tutelage.domain.entry import Draft, canonical, split
from tutelage.domain.errors import Malformed, TutelageError, Unavailable
from tutelage.domain.events import Forked, SituationOpened
from tutelage.domain.relationship import Relationship
from tutelage.domain.rules import check
from tutelage.evidence.novelty import vector
from tutelage.guidance.admit import told
from tutelage.service.keep import Kept
from tutelage.service.row import Row, read_row, walk, written_row
from tutelage.service.views import project, visible
from tutelage.service.writer import check_name

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

FORMAT = 1
LINE_LIMIT = 32 * 1024 * 1024  # bytes; no entry comes near it


def export(desk: Tutelage, relationship: str, path: Path, viewer: str | None = None) -> int:
    """Write the head and every entry; returns how many. The file is whole or not there."""
    state = desk.state(relationship)
    if viewer is None:
        lines: Iterator[Any] = map(written_row, desk.ledger.rows(relationship, upto=state.seq))
    else:
        lines = _as_seen(desk, relationship, state, viewer)
    head = {"tutelage": FORMAT, "relationship": relationship, "entries": state.seq}
    head |= {"viewer": viewer, "agents": sorted(state.agents)} if viewer else {}
    return _write(path, head, lines)


def _as_seen(
    desk: Tutelage, relationship: str, state: Relationship, viewer: str
) -> Iterator[dict[str, Any]]:
    """What a viewer may read; the rest of a hidden entry is its envelope and digest."""
    for entry in visible(state, desk.ledger.read(relationship, upto=state.seq), viewer):
        facts, texts = split(entry.event)
        yield {
            "seq": entry.seq,
            "id": entry.id,
            "actor": entry.actor,
            "role": entry.role,
            "written_at": entry.written_at.isoformat(),
            "occurred_at": entry.occurred_at.isoformat(),
            "facts": json.loads(facts),
            "texts": texts,
            "digest": entry.digest,
        }


def _write(path: Path, head: dict[str, Any], lines: Iterator[Any]) -> int:
    count = 0
    try:
        aside = path.with_name(f"{path.name}.{os.getpid()}.part")
        with aside.open("x", encoding="utf-8", newline="\n") as file:
            try:
                file.write(canonical(head) + "\n")
                for line in lines:
                    file.write(canonical(line) + "\n")
                    count += 1
                file.flush()
                os.fsync(file.fileno())
                aside.replace(path)
            except BaseException:
                aside.unlink(missing_ok=True)
                raise
    except OSError as problem:
        raise Unavailable("cannot_write", f"{path} cannot be written: {problem.strerror}") from None
    return count


def import_(desk: Tutelage, path: Path, id: str | None = None) -> str:  # noqa: A002
    """Read an export into a new relationship. Raises Malformed where it is torn or forged."""
    try:
        with path.open("rb") as file:
            head = _head(file.readline(LINE_LIMIT))
            name = id or head["relationship"]
            check_name(name)
            taken = _Taken(head["entries"])
            desk.ledger.take_in(name, taken.rows(file), taken.project)
    except OSError as problem:
        raise Unavailable("cannot_read", f"{path} cannot be read: {problem.strerror}") from None
    return str(name)


def _head(line: bytes) -> dict[str, Any]:
    head = _parse(line, 1)
    if head.get("tutelage") != FORMAT:
        raise Malformed("not_an_export", "The first line does not say that this is an export.")
    if head.get("viewer"):
        raise Malformed("partial_export", "This is what one viewer may read; it has no chain.")
    if not isinstance(head.get("relationship"), str) or not isinstance(head.get("entries"), int):
        raise Malformed("not_an_export", "The first line lacks the relationship or its length.")
    return head


class _Taken:
    """Rows on their way in: each must follow from the one before it, and keep the rules."""

    def __init__(self, expected: int) -> None:
        self.expected, self.kept = expected, Kept(Relationship())

    def rows(self, lines: Any) -> Iterator[Row]:
        for number, line in enumerate(iter(lambda: lines.readline(LINE_LIMIT), b""), start=2):
            row = read_row(_parse(line, number))
            yield self._fold(row, number)
        count = self.kept.state.seq
        if count != self.expected:
            raise Malformed("truncated", f"{count} of {self.expected} entries are in this file.")

    def _fold(self, row: Row, number: int) -> Row:
        before = self.kept
        found = walk([row], before.digest, before.state.seq)
        if not found.ok:
            raise Malformed("forged", f"Line {number}: {found.problem}")
        entry = row.entry()
        try:
            draft = Draft(entry.event, entry.actor, entry.role, entry.written_at, entry.findings)
            if not isinstance(entry.event, Forked):
                check(before.state, draft)
        except TutelageError as refusal:
            raise Malformed("against_rules", f"Line {number}: {refusal.message}") from None
        self.kept = before.step(entry)
        return row.indexed(_index(entry.event) if row.texts is not None else None)

    def project(self) -> dict[str, Any]:
        return project(self.kept.state)


def _index(event: Any) -> bytes | None:
    if not isinstance(event, SituationOpened):
        return None
    return vector(told(event.text)).astype(np.float32).tobytes()


def _parse(line: bytes, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, UnicodeDecodeError, RecursionError):
        raise Malformed("bad_line", f"Line {number} is torn or no JSON.") from None
    if not isinstance(found, dict):
        raise Malformed("bad_line", f"Line {number} is no entry.")
    return found
