"""Who can take part without being a person: the Learner, Trainer and Rater protocols.

An agent says what it wants to write; the service writes it in the agent's name, under the same
rules as anybody's. An agent sees only what it is handed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from tutelage.domain.events import (
    AccountWritten,
    Debriefed,
    DecisionRecorded,
    Event,
    GuidanceGiven,
    OwnCallRecorded,
    Rated,
)
from tutelage.guidance.brief import Brief, Context, Packet


@dataclass(frozen=True, slots=True)
class Experience:
    """One thing a trainer has handled: the case, what it did, why, and how it came out."""

    key: str
    case: str
    did: str
    why: str
    came_out: str
    criteria: tuple[str, ...] = ()


@runtime_checkable
class Learner(Protocol):
    """An agent that learns: it acts on its context and on nothing else."""

    id: str

    def own_call(self, situation: str, context: Context) -> OwnCallRecorded:
        """What it would do here and why, before any help."""
        ...

    def decide(self, situation: str, context: Context) -> DecisionRecorded:
        """What it does, once the guidance it was given is in its context."""
        ...

    def account(self, situation: str, context: Context) -> AccountWritten:
        """Its account of the decision, after the outcome."""
        ...

    def revise(self, situation: str, context: Context) -> Sequence[Event]:
        """What it now keeps, revises or drops in its notebook."""
        ...


@runtime_checkable
class Trainer(Protocol):
    """An agent that mentors or coaches."""

    id: str

    def guide(self, brief: Brief, bank: Sequence[Experience]) -> GuidanceGiven | None:
        """Guidance before the decision, within the moves the brief allows; None for "nothing"."""
        ...

    def debrief(self, brief: Brief) -> Debriefed | None:
        """A debrief of a decision that was made; None where it chooses not to."""
        ...

    def notice(self, brief: Brief) -> Sequence[Event]:
        """Obstacles to name, to revise or to call overcome, principles to mark."""
        ...


@runtime_checkable
class Rater(Protocol):
    """An agent that rates what it is shown, and sees nothing else."""

    id: str

    def rate(self, packet: Packet) -> Rated:
        """A rating of an own call or a decision, or a check of an account."""
        ...
