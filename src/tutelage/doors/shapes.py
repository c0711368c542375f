"""What the doors answer with: the same shapes for programs through commands, REST and MCP."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tutelage.domain.entry import Entry
from tutelage.domain.goal import Review
from tutelage.domain.terms import Guiding, Key, Phase, Role, Visibility
from tutelage.guidance.brief import Brief, Context, CriterionBrief, Packet
from tutelage.guidance.notebook import Notebook
from tutelage.guidance.steps import Step
from tutelage.guidance.turn import Stand, Turn, Waiting


class Shape(BaseModel):
    """An answer of a door: read from what the desk returns."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Waits(Shape):
    """Something that waits for somebody, and since when."""

    what: str
    role: Role
    situation: str | None
    actor: str | None
    since: datetime
    seq: int


class NextStep(Shape):
    """What is asked of the learner next in one situation, and whether the ledger asks for help."""

    situation: str
    do: Literal["own_call", "wait", "collect", "answer", "decide", "outcome", "account"]
    why: str
    fields: tuple[str, ...]
    attach: Annotated[tuple[str, ...], Field(description="Raw evidence to attach")]
    consult: Annotated[bool, Field(description="Guidance is due here, or waits")]


class LevelNow(Shape):
    """The level of help on a criterion, why, and the estimate of unassisted judgment behind it."""

    name: str
    level: str
    why: str
    mean: float
    sd: float
    n: int

    @classmethod
    def of(cls, stand: Stand) -> LevelNow:
        """Read it from what the desk returns."""
        e = stand.estimate
        at = {"mean": round(e.mean, 3), "sd": round(e.sd, 3), "n": e.n}
        return cls(name=stand.name, level=stand.level.word, why=stand.why, **at)


class Proposal(Shape):
    """A change of level that the evidence proposes."""

    criterion: str
    to: str
    why: str


class Threshold(Shape):
    """Whether the threshold is met, and what is still missing."""

    met: bool
    missing: tuple[str, ...]
    next: str | None


class TurnNow(Shape):
    """Whose move it is and since when, the levels and why, what is due, what is proposed."""

    seq: int
    life: str
    phase: Phase | None
    whose: Role | None
    since: datetime | None
    waiting: tuple[Waits, ...]
    steps: tuple[NextStep, ...]
    levels: dict[str, LevelNow]
    guidance_due: tuple[str, ...]
    may_read: tuple[str, ...]
    proposals: tuple[Proposal, ...]
    threshold: Threshold

    @classmethod
    def of(cls, turn: Turn) -> TurnNow:
        """Read it from what the desk returns."""
        verdict = turn.threshold
        return cls(
            seq=turn.seq,
            life=turn.life,
            phase=turn.phase,
            whose=turn.whose,
            since=turn.since,
            waiting=tuple(map(_waits, turn.waiting)),
            steps=tuple(map(_step, turn.steps)),
            levels={s.criterion: LevelNow.of(s) for s in turn.stands},
            guidance_due=turn.guidance_due,
            may_read=turn.may_read,
            proposals=tuple(
                Proposal(criterion=m.criterion, to=m.to.word, why=m.why) for m in turn.proposals
            ),
            threshold=Threshold(met=verdict.met, missing=verdict.missing, next=verdict.next),
        )


class WrittenNow(Shape):
    """What an acknowledged entry came to: where it stands, and the turn that follows."""

    seq: int
    id: str
    repeated: Annotated[bool, Field(description="A retry, answered with the first result")]
    whose: Role | None
    step: Annotated[NextStep | None, Field(description="What is asked next in this situation")]
    guidance_due: tuple[str, ...]
    may_read: tuple[str, ...]

    @classmethod
    def of(cls, written: Any) -> WrittenNow:
        """Read it from what the desk returns."""
        turn: Turn = written.turn
        key = getattr(written.entry.event, "situation", None)
        step = turn.step(key) if isinstance(key, str) else None
        return cls(
            seq=written.seq,
            id=written.entry.id,
            repeated=written.repeated,
            whose=turn.whose,
            step=_step(step) if step else None,
            guidance_due=turn.guidance_due,
            may_read=turn.may_read,
        )


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


class Task(Shape):
    """Something that waits for this actor, and in which relationship."""

    relationship: str
    what: str
    role: Role
    situation: str | None
    since: datetime
    seq: int

    @classmethod
    def of(cls, relationship: str, work: Waiting) -> Task:
        """Read it from what the desk returns."""
        names = ("what", "role", "situation", "since", "seq")
        fields: dict[str, Any] = {n: getattr(work, n) for n in names}
        return cls(relationship=relationship, **fields)


class KeyNow(Shape):
    """Whose key it is, and what it opens."""

    id: str
    actor: str
    relationship: str | None
    role: Role | None
    expires_at: datetime | None


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


class Opened(Shape):
    """The name of the relationship that was proposed."""

    relationship: str


class Tasks(Shape):
    """What waits, the longest first."""

    items: tuple[Task, ...]

    @classmethod
    def of(cls, found: Iterable[tuple[str, Waiting]]) -> Tasks:
        """Read it from what the desk returns."""
        return cls(items=tuple(Task.of(name, work) for name, work in found))


class Summaries(Shape):
    """A page of relationships; `next` is the cursor of the page behind it."""

    items: tuple[Summary, ...]
    next: str | None


class Entries(Shape):
    """A page of entries; `next` is the cursor of the page behind it."""

    items: tuple[EntryNow, ...]
    next: int | None


class Collected(Shape):
    """The guidance that was read in a situation."""

    items: tuple[GuidanceNow, ...]


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


class Problem(BaseModel):
    """What went wrong: a stable code for programs, one sentence for people (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str


def _waits(w: Waiting) -> Waits:
    return Waits.model_validate(w)


def _step(s: Step) -> NextStep:
    return NextStep.model_validate(s)
