"""What a learner reads: entries, guidance, notebook, context."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from tutelage.domain.entry import Entry
from tutelage.domain.terms import Guiding, Role, Visibility
from tutelage.doors.shapes.base import Shape
from tutelage.guidance.brief import Context
from tutelage.guidance.notebook import Notebook


class EntryNow(Shape):
    """One entry, as this viewer may read it."""

    seq: int
    id: str
    actor: str
    role: Role
    written_at: datetime
    occurred_at: datetime
    visibility: Visibility
    event: dict[str, Any]
    digest: str

    @classmethod
    def of(cls, entry: Entry[Any]) -> EntryNow:
        """Read it from what the desk returns."""
        fields = {n: getattr(entry, n) for n in cls.model_fields if n != "event"}
        return cls(event=entry.event.model_dump(mode="json"), **fields)


class GuidanceNow(Shape):
    """A guidance that was read, with the experience it shares or the question it asks."""

    seq: int
    situation: str
    move: Guiding
    text: str
    criteria: tuple[str, ...]
    why: str | None
    experience: str | None

    @classmethod
    def of(cls, given: Entry[Any]) -> GuidanceNow:
        """Read it from what the desk returns."""
        event = given.event
        fields = {n: getattr(event, n) for n in ("situation", "move", "criteria", "experience")}
        why = str(event.why) if event.why else None
        return cls(seq=given.seq, text=str(event.text), why=why, **fields)


class Collected(Shape):
    """The guidance that was read in a situation."""

    items: tuple[GuidanceNow, ...]


class PrincipleNow(Shape):
    """A principle of the learner's, in its own words."""

    key: str
    says: str
    when: str
    when_not: str
    because: str
    criteria: tuple[str, ...]
    contested: bool


class QuestionNow(Shape):
    """A question the learner now asks itself."""

    key: str
    text: str
    criteria: tuple[str, ...]


class NotebookNow(Shape):
    """The learner's own principles and questions."""

    principles: tuple[PrincipleNow, ...]
    questions: tuple[QuestionNow, ...]

    @classmethod
    def of(cls, book: Notebook) -> NotebookNow:
        """Read it from what the desk returns."""
        return cls.model_validate(book)


class ContextNow(Shape):
    """What reaches the learner: goal, own principles and questions, guidance once read."""

    goal: str
    situation: str | None
    criteria: tuple[str, ...]
    notebook: NotebookNow
    guidance: tuple[str, ...]
    debriefs: tuple[str, ...]
    offers: tuple[str, ...]
    prompt: Annotated[str, Field(description="All of it as text, for an agent's context")]

    @classmethod
    def of(cls, context: Context) -> ContextNow:
        """Read it from what the desk returns."""
        names = ("goal", "situation", "criteria", "guidance", "debriefs", "offers")
        fields: dict[str, Any] = {n: getattr(context, n) for n in names}
        return cls(notebook=NotebookNow.of(context.notebook), prompt=str(context), **fields)
