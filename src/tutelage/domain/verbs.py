"""The learner's verbs in one situation: the same here, over REST, and in whatever comes next.

Pure: each verb makes its event; where it is written is the business of whoever offers the verbs.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from tutelage.domain.events import (
    AccountWritten,
    Answered,
    DecisionRecorded,
    Event,
    HelpAsked,
    OutcomeRecorded,
    OwnCallRecorded,
)

W = TypeVar("W")


class Verbs(Generic[W]):
    """What a learner does in a situation; each verb writes one entry and can be left for later."""

    key: str

    def own_call(self, call: str, why: str, **more: Any) -> W:
        """Say what you would do and why, before any help."""
        return self._write(OwnCallRecorded(situation=self.key, call=call, why=why, **more))

    def ask_for_help(self, question: str, **more: Any) -> W:
        """Ask: what to do, whether your reasoning is sound, or a fact."""
        return self._write(HelpAsked(situation=self.key, question=question, **more))

    def answer(self, text: str) -> W:
        """Answer the trainer's last question."""
        return self._write(Answered(situation=self.key, guidance=self._last_read(), text=text))

    def decide(self, decision: str, why: str, **more: Any) -> W:
        """Record what you did, why, and what you did with the advice."""
        return self._write(DecisionRecorded(situation=self.key, decision=decision, why=why, **more))

    def outcome(self, text: str, **more: Any) -> W:
        """Say what happened."""
        return self._write(OutcomeRecorded(situation=self.key, text=text, **more))

    def account(self, **said: Any) -> W:
        """Account for the decision: what you noticed, weighed, asked yourself and think now."""
        return self._write(AccountWritten(situation=self.key, **said))

    def _last_read(self) -> int:
        """The entry of the guidance read last; 1 where none was, and the rules say why not."""
        raise NotImplementedError

    def _write(self, event: Event) -> W:
        raise NotImplementedError
