"""What a trainer and a rater read: the brief, the packet, their own bank."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from tutelage.domain.terms import Guiding, Key, Phase
from tutelage.doors.shapes.base import Shape
from tutelage.doors.shapes.learner import NotebookNow
from tutelage.guidance.brief import Brief, CriterionBrief, Packet


class CriterionNow(Shape):
    """One criterion as its trainer needs it: level, moves allowed here, this learner's ratings."""

    key: str
    name: str
    anchors: tuple[str, ...]
    level: str
    allowed: tuple[Guiding, ...]
    estimate: str
    ratings: tuple[int, ...]
    missed: bool

    @classmethod
    def of(cls, c: CriterionBrief) -> CriterionNow:
        """Read it from what the desk returns."""
        names = ("key", "name", "anchors", "allowed", "ratings", "missed")
        fields: dict[str, Any] = {n: getattr(c, n) for n in names}
        return cls(level=c.level.word, estimate=str(c.estimate), **fields)


class BriefNow(Shape):
    """What a trainer is told: the case, the own call, and its model of this learner."""

    situation: str
    phase: Phase | None
    text: str
    evidence: str | None
    call: str | None
    why: str | None
    question: str | None
    answers: tuple[str, ...]
    decision: str | None
    outcome: str | None
    criteria: tuple[CriterionNow, ...]
    told: Annotated[tuple[str, ...], Field(description="Told before on these criteria")]
    obstacles: dict[str, str]
    notebook: NotebookNow
    acts: Annotated[tuple[str, ...], Field(description="What may be done about what goes wrong")]

    @classmethod
    def of(cls, brief: Brief) -> BriefNow:
        """Read it from what the desk returns."""
        known = brief.situation
        decided, came = known.decision, known.outcome
        raw = known.opened.event.evidence or (known.own_call and known.own_call.event.evidence)
        names = ("phase", "text", "call", "why", "question", "answers", "acts")
        fields: dict[str, Any] = {n: getattr(brief, n) for n in names}
        return cls(
            situation=brief.key,
            evidence=str(raw) if raw else None,
            decision=str(decided.event.decision) if decided else None,
            outcome=str(came.event.text) if came else None,
            criteria=tuple(map(CriterionNow.of, brief.criteria)),
            told=tuple(f"{t.event.text} ({t.how})" for t in brief.told),
            obstacles={o.key: o.text for o in brief.obstacles},
            notebook=NotebookNow.of(brief.notebook),
            **fields,
        )


class PacketNow(Shape):
    """What a blind rater is shown: situation, what was said, and the anchors. Nothing else."""

    situation: str
    subject: Literal["own_call", "decision", "account"]
    text: str
    said: str
    why: str
    account: str | None
    anchors: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, packet: Packet) -> PacketNow:
        """Read it from what the desk returns."""
        return cls.model_validate(packet)


class ExperienceNow(Shape):
    """What a trainer has handled: the case, what it did, why, and how it came out."""

    key: Key
    case: str
    did: str
    why: str
    came_out: str
    criteria: tuple[Key, ...] = ()


class Experiences(Shape):
    """A trainer's experiences."""

    items: Annotated[tuple[ExperienceNow, ...], Field(max_length=500)]


class Kept(Shape):
    """How many were kept."""

    kept: int
