"""Whose turn it is, and what a write came to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from tutelage.domain.terms import Phase, Role
from tutelage.doors.shapes.base import Shape
from tutelage.guidance.steps import Step
from tutelage.guidance.turn import Stand, Turn, Waiting


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
        if written.entry.role is Role.RATER:  # it stays blind: no turn, no step, no level
            at = {"seq": written.seq, "id": written.entry.id, "repeated": written.repeated}
            return cls(**at, whose=None, step=None, guidance_due=(), may_read=())
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


def _waits(w: Waiting) -> Waits:
    return Waits.model_validate(w)


def _step(s: Step) -> NextStep:
    return NextStep.model_validate(s)
