"""Lists and their pages; and what is about nobody's relationship."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tutelage.domain.goal import Review
from tutelage.domain.terms import Phase, Role
from tutelage.doors.shapes.base import Shape
from tutelage.doors.shapes.learner import EntryNow
from tutelage.guidance.turn import Waiting


class Summary(Shape):
    """A relationship as lists show it: who, where it is, whose turn; never a text."""

    relationship: str
    learner: str
    trainer: str
    life: str
    phase: Phase | None
    whose: Role | None
    since: datetime | None
    levels: dict[str, str]
    situations: int
    decided: int
    seq: int

    @classmethod
    def of(cls, row: dict[str, Any]) -> Summary:
        """Read it from what the desk returns."""
        kept = {n: row[n] for n in cls.model_fields if n not in {"relationship", "levels"}}
        return cls(relationship=row["id"], levels=json.loads(row["levels"]), **kept)


class Summaries(Shape):
    """A page of relationships; `next` is the cursor of the page behind it."""

    items: tuple[Summary, ...]
    next: str | None


class Task(Shape):
    """Something that waits for this actor, and in which relationship."""

    relationship: str
    what: str
    role: Role
    situation: str | None
    since: datetime | None
    seq: int | None

    @classmethod
    def of(cls, relationship: str, work: Waiting) -> Task:
        """Read it from what the desk returns; to a rater no time is told, which stays blind."""
        blind = work.role is Role.RATER
        when: dict[str, Any] = {n: None if blind else getattr(work, n) for n in ("since", "seq")}
        fields: dict[str, Any] = {n: getattr(work, n) for n in ("what", "role", "situation")}
        return cls(relationship=relationship, **fields, **when)


class Tasks(Shape):
    """What waits, the longest first."""

    items: tuple[Task, ...]

    @classmethod
    def of(cls, found: Iterable[tuple[str, Waiting]]) -> Tasks:
        """Read it from what the desk returns."""
        return cls(items=tuple(Task.of(name, work) for name, work in found))


class Entries(Shape):
    """A page of entries; `next` is the cursor of the page behind it."""

    items: tuple[EntryNow, ...]
    next: int | None


class KeyNow(Shape):
    """Whose key it is, and what it opens."""

    id: str
    actor: str
    relationship: str | None
    role: Role | None
    expires_at: datetime | None


class Opened(Shape):
    """The name of the relationship that was proposed."""

    relationship: str


class MissingPart(Shape):
    """A part that a goal still lacks, as a question."""

    part: str
    question: str


class ReviewNow(Shape):
    """Whether a goal is specific enough; what it lacks comes back as questions."""

    accepted: bool
    missing: tuple[MissingPart, ...]

    @classmethod
    def of(cls, review: Review) -> ReviewNow:
        """Read it from what the desk returns."""
        return cls.model_validate(review)
