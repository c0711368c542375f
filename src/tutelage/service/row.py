"""An entry as it lies in the table: its digest, the walk along the chain, a line of an export."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from pydantic_core import from_json

from tutelage.domain.entry import (
    START,
    Draft,
    Entry,
    Findings,
    canonical,
    entry_digest,
    found,
    join,
    split,
    text_digest,
)
from tutelage.domain.errors import Malformed
from tutelage.domain.terms import Role, Visibility
from tutelage.domain.text import Stored

_ENVELOPE = ("seq", "id", "actor", "role", "written_at", "occurred_at", "visibility", "findings")


class Row(NamedTuple):
    """An entry as it lies in the table."""

    seq: int
    id: str
    actor: str
    role: str
    written_at: str
    occurred_at: str
    visibility: str
    facts: str
    findings: str | None
    texts: str | None
    salt: str | None
    text_digest: str
    digest: str = ""
    vector: bytes | None = None

    @property
    def envelope(self) -> str:
        """Everything about the entry but its event, as the digest covers it."""
        return canonical([getattr(self, name) for name in _ENVELOPE])

    def after(self, previous: str) -> str:
        """The digest it must have behind that one."""
        return entry_digest(previous, self.envelope, self.facts, self.text_digest)

    def indexed(self, vector: bytes | None) -> Row:
        """The same with the index of its text."""
        return self if vector is None else self._replace(vector=vector)

    def entry(self) -> Entry[Any]:
        """The entry with its event; where the texts are gone, `Gone` stands."""
        stored = Stored(None if self.texts is None else tuple(from_json(self.texts)))
        findings = None if self.findings is None else found(self.findings)
        at = datetime.fromisoformat(self.written_at)
        at_once = self.occurred_at == self.written_at
        occurred_at = at if at_once else datetime.fromisoformat(self.occurred_at)
        return self.entry_of(join(self.facts, stored), findings, at, occurred_at)

    def entry_of(
        self, event: Any, findings: Findings | None, written_at: datetime, occurred_at: datetime
    ) -> Entry[Any]:
        """The entry around an event that was read already."""
        return Entry(
            self.seq,
            self.id,
            self.actor,
            _ROLES[self.role],
            written_at,
            occurred_at,
            _VISIBILITIES[self.visibility],
            event,
            findings,
            self.digest,
        )


_ROLES = {role.value: role for role in Role}  # ten times as fast as Role(…)
_VISIBILITIES = {visibility.value: visibility for visibility in Visibility}


def _dump(findings: Findings | None) -> str | None:
    return None if findings is None else canonical(findings.model_dump(mode="json"))


def as_row(  # an entry has as many parts as its envelope
    draft: Draft,
    *,
    seq: int,
    id: str,  # noqa: A002  # the word the envelope uses
    occurred_at: datetime,
    visibility: Visibility,
    salt: str,
    previous: str,
    vector: bytes | None = None,
) -> Row:
    """The row this draft becomes behind an entry with digest `previous`."""
    facts, texts = split(draft.event)
    said = canonical(texts)
    row = Row(
        seq=seq,
        id=id,
        actor=draft.actor,
        role=draft.role.value,
        written_at=draft.now.isoformat(),
        occurred_at=occurred_at.isoformat(),
        visibility=visibility.value,
        facts=facts,
        findings=_dump(draft.findings),
        texts=said,
        salt=salt,
        text_digest=text_digest(salt, said),
        vector=vector,
    )
    return row._replace(digest=row.after(previous))


# the chain --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Verified:
    """What a walk along the chain found."""

    ok: bool
    entries: int
    head: str
    problem: str | None = None


def walk(rows: Iterable[Row], previous: str = START, count: int = 0) -> Verified:
    """Whether every row follows from the one before it, and every text is what was digested."""
    for row in rows:
        count += 1
        problem = _problem(row, count, previous)
        if problem is not None:
            return Verified(ok=False, entries=count, head=previous, problem=problem)
        previous = row.digest
    return Verified(ok=True, entries=count, head=previous)


def _problem(row: Row, place: int, previous: str) -> str | None:
    if row.seq != place:
        return f"Entry {place} is missing; {row.seq} stands in its place."
    if row.texts is not None and text_digest(row.salt or "", row.texts) != row.text_digest:
        return f"The text of entry {row.seq} is not what was written."
    if row.after(previous) != row.digest:
        return f"Entry {row.seq} does not follow from the one before it."
    return None


# exports ----------------------------------------------------------------------------------------
def read_row(given: dict[str, Any]) -> Row:
    """A row from an export's line. Raises Malformed where a part is missing or of a wrong type."""
    try:
        texts = given["texts"]
        row = Row(
            seq=given["seq"],
            id=given["id"],
            actor=given["actor"],
            role=Role(given["role"]).value,
            written_at=datetime.fromisoformat(given["written_at"]).isoformat(),
            occurred_at=datetime.fromisoformat(given["occurred_at"]).isoformat(),
            visibility=Visibility(given["visibility"]).value,
            facts=canonical(given["facts"]),
            findings=None if given["findings"] is None else canonical(given["findings"]),
            texts=None if texts is None else canonical(texts),
            salt=given["salt"],
            text_digest=given["text_digest"],
            digest=given["digest"],
        )
        row.entry()
    except (KeyError, TypeError, ValueError, IndexError) as problem:
        raise Malformed("bad_line", f"This line is no entry: {problem}") from None
    return row


def written_row(row: Row) -> dict[str, Any]:
    """A row as an export's line, without loss."""
    given: dict[str, Any] = {name: getattr(row, name) for name in Row._fields if name != "vector"}
    for part in ("facts", "findings", "texts"):
        given[part] = None if given[part] is None else json.loads(given[part])
    return given
