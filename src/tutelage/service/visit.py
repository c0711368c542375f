"""A situation gone through with the design's own verbs: ``with tutelage.situation(…) as s:``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from tutelage.domain.events import (
    AccountWritten,
    Answered,
    DecisionRecorded,
    Event,
    GuidanceGiven,
    HelpAsked,
    OutcomeRecorded,
    OwnCallRecorded,
    SituationOpened,
)
from tutelage.domain.situation import Situation
from tutelage.guidance.brief import Context
from tutelage.guidance.turn import Turn
from tutelage.service.writer import Written

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage


class Visit:
    """One situation of a learner's; each verb writes one entry and can be left for later.

    Entering opens the situation, or takes up an open one of the same name. Leaving writes nothing:
    what is not decided yet stays open.
    """

    def __init__(
        self, desk: Tutelage, relationship: str, opened: SituationOpened, actor: str
    ) -> None:
        self._desk, self._opened = desk, opened
        self.relationship, self.key, self.actor = relationship, opened.situation, actor

    def __enter__(self) -> Self:
        if self._desk.state(self.relationship).find(self.key) is None:
            self._write(self._opened)
        return self

    def __exit__(self, *_: object) -> None:
        return None

    # the learner's verbs, in the order of use --------------------------------------------------
    def own_call(self, call: str, *, why: str, **more: Any) -> Written:
        """Say what you would do and why, before any help."""
        return self._write(OwnCallRecorded(situation=self.key, call=call, why=why, **more))

    def ask_for_help(self, question: str, **more: Any) -> Written:
        """Ask: what to do, whether your reasoning is sound, or a fact."""
        return self._write(HelpAsked(situation=self.key, question=question, **more))

    def collect_guidance(self) -> tuple[GuidanceGiven, ...]:
        """Read the guidance that waits; from then on the decision is assisted."""
        return self._desk.collect_guidance(self.relationship, self.key, actor=self.actor)

    def answer(self, text: str) -> Written:
        """Answer the trainer's last question."""
        read = [g.entry.seq for g in self.so_far.guidance if g.read is not None]
        last = read[-1] if read else 1  # with nothing read the rules refuse, and say why
        return self._write(Answered(situation=self.key, guidance=last, text=text))

    def decide(self, decision: str, *, why: str, **more: Any) -> Written:
        """Record what you did, why, and what you did with the advice."""
        return self._write(DecisionRecorded(situation=self.key, decision=decision, why=why, **more))

    def outcome(self, text: str, **more: Any) -> Written:
        """Say what happened."""
        return self._write(OutcomeRecorded(situation=self.key, text=text, **more))

    def account(self, **said: Any) -> Written:
        """Account for the decision: what you noticed, weighed, asked yourself and think now."""
        return self._write(AccountWritten(situation=self.key, **said))

    # where it stands ---------------------------------------------------------------------------
    @property
    def so_far(self) -> Situation:
        """What was said in it up to now."""
        found = self._desk.state(self.relationship).find(self.key)
        assert found is not None  # noqa: S101  # entering opened it
        return found

    @property
    def context(self) -> Context:
        """What reaches the learner here: goal, own principles and questions, guidance once read."""
        return self._desk.context(self.relationship, self.key)

    @property
    def turn(self) -> Turn:
        """Whose move it is now."""
        return self._desk.turn(self.relationship)

    def _write(self, event: Event) -> Written:
        return self._desk.write(self.relationship, event, actor=self.actor)
