"""A pair begun in one call: an agent that learns, its trainer, and the person who answers for them.

For whoever runs an agent and wants to see its judgment rated today. Run again, the same script
goes on where it was.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutelage.domain.errors import Refused, Unknown
from tutelage.domain.events import (
    AccountWritten,
    BaselineTaken,
    DecisionRecorded,
    Event,
    GoalSet,
    OutcomeRecorded,
    OwnCallRecorded,
    Proposed,
    Rated,
    Signed,
    SituationOpened,
)
from tutelage.domain.relationship import Relationship
from tutelage.domain.terms import Mode, Party, Phase
from tutelage.guidance.roles import Trainer
from tutelage.service import goalfile
from tutelage.service.desk import Tutelage
from tutelage.service.tables import relationships
from tutelage.service.visit import Visit
from tutelage.service.writer import Written, kind_of

HANDLED = "See what it shares or asks."
BECAUSE = "The agent is to decide by itself in the end."
_ONCE: dict[type[Event], str] = {
    OwnCallRecorded: "own_call",
    DecisionRecorded: "decision",
    OutcomeRecorded: "outcome",
    AccountWritten: "account",
}
"""What is said once in a situation, and where the state has it."""


@dataclass(frozen=True)
class Pair:
    """One relationship of an agent's, with the acts of the person who answers for it."""

    desk: Tutelage
    name: str
    learner: str
    owner: str

    def situation(self, text: str, *, criteria: tuple[str, ...] = (), **more: Any) -> PairVisit:
        """A real situation of the agent's: the same text is the same situation, taken up again."""
        key = more.pop("situation", None) or f"s.{_digest(text)}"
        touched = criteria or self.desk.state(self.name).criteria
        opened = SituationOpened(situation=key, text=text, criteria=touched, **more)
        return PairVisit(self, opened)

    def rate(self, situation: str, rating: int | dict[str, int | None]) -> Written:
        """The owner rates the own call from 1 to 5: alike on all criteria, or each by its key."""
        known = self.desk.state(self.name).find(situation)
        if known is None:
            raise Unknown("unknown_situation", f"There is no situation {situation}.")
        ratings = rating if isinstance(rating, dict) else dict.fromkeys(known.criteria, rating)
        rated = Rated(situation=situation, subject="own_call", ratings=ratings)
        name = f"rated.{_digest(situation)}"
        return self.desk.write(self.name, rated, actor=self.owner, id=name)

    def begin_guidance(self, *, because: str) -> None:
        """Close the baseline with what was rated so far, and say why that must do."""
        state = self.desk.state(self.name)
        if state.phase is Phase.BASELINE:
            called = tuple(s.key for s in state.situations if s.own_call is not None)
            taken = BaselineTaken(situations=called, fewer_because=because)
            trainer = state.trainer.id if state.trainer else self.owner
            self.desk.write(self.name, taken, actor=trainer)


class PairVisit(Visit):
    """A situation, with the two acts around it: guidance fetched at once, the call rated."""

    def __init__(self, pair: Pair, opened: SituationOpened) -> None:
        super().__init__(pair.desk, pair.name, opened, pair.learner)
        self._pair = pair

    def guidance(self) -> str:
        """Let agent trainers do what is due here, and read what came; empty where nothing is."""
        self._desk.run_due(self.relationship)
        return "\n".join(str(given.text) for given in self.collect_guidance())

    def rate(self, rating: int | dict[str, int | None]) -> Written:
        """The owner rates the own call."""
        return self._pair.rate(self.key, rating)

    def _write(self, event: Event) -> Written:
        """What was said first holds: a script run again, whose agent says it otherwise, goes on."""
        known = self._desk.state(self.relationship).find(self.key)
        first = getattr(known, _ONCE.get(type(event), ""), None)
        event, name = (first.event, first.id) if first is not None else (event, self._name(event))
        return self._desk.write(self.relationship, event, actor=self.actor, id=name)

    def _name(self, event: Event) -> str:
        """Of its own, so that a script run again does nothing twice."""
        return f"{self.key[:20]}.{kind_of(event)}.{_digest(self.key + repr(event))}"


def begin(
    desk: Tutelage,
    goal: GoalSet | Path | str,
    *,
    learner: str,
    trainer: str,
    owner: str,
    raters: tuple[str, ...] = (),
    mode: Mode = "coach",
    handled: str = HANDLED,
    because: str = BECAUSE,
    name: str | None = None,
) -> Pair:
    """Begin a relationship of an agent's, agreement and goal signed; or go on with it.

    `goal` is a goal.toml that was filled in, or a goal. `owner` is the person who signs for the
    agents, and rates unless `raters` names agents of this desk that do. A trainer that is a person
    signs for itself. Raises Refused with what the goal lacks, and where it is not the goal that was
    signed here.
    """
    wanted = goal if isinstance(goal, GoalSet) else goalfile.read(goal)
    pair = Pair(desk, name or f"{learner}-with-{trainer}"[:64], learner, owner)
    if not _known(desk, pair.name):
        proposed = Proposed(
            learner=Party(id=learner, kind="agent", owner=owner),
            trainer=_trainer(desk, trainer, owner),
            raters=_raters(desk, raters, owner),
            mode=mode,
            handled=handled,
            because=because,
        )
        desk.open(proposed, actor=owner, id=pair.name)
    _agree(pair, wanted)
    return pair


def _known(desk: Tutelage, name: str) -> bool:
    return bool(desk.ledger.projections(relationships.c.id == name))


def _trainer(desk: Tutelage, name: str, owner: str) -> Party:
    trainers = [a.id for a in desk.agents.values() if isinstance(a, Trainer)]
    if name in trainers:
        return Party(id=name, kind="agent", owner=owner)
    if trainers:  # whoever brought trainers meant one of them
        have = ", ".join(trainers)
        raise Refused("no_trainer", f"{name} is no trainer of this desk; there is {have}.")
    return Party(id=name, kind="person")


def _raters(desk: Tutelage, names: tuple[str, ...], owner: str) -> tuple[Party, ...]:
    away = [n for n in names if n not in desk.agents]
    if away:
        raise Refused("no_rater", f"{', '.join(away)} is no agent of this desk.")
    agents = tuple(Party(id=n, kind="agent", owner=owner) for n in names)
    return agents or (Party(id=owner, kind="person"),)


def _agree(pair: Pair, goal: GoalSet) -> None:
    """What is still missing of agreement and goal, as far as the owner may sign it."""
    state = _sign(pair, "agreement")
    agreed = state.agreement is not None and state.agreement.agreed
    if agreed and state.goal is None and state.goal_next is None:
        pair.desk.write(pair.name, goal, actor=pair.learner)
    _is_this(_sign(pair, "goal"), goal)


def _is_this(state: Relationship, goal: GoalSet) -> None:
    paper = state.goal or state.goal_next
    if paper is not None and paper.entry.event.model_dump() != goal.model_dump():
        raise Refused(
            "goal_differs",
            "This is not the goal that was set here; amend it (tutelage write goal-amended), or "
            "begin another relationship with name=….",
        )


def _sign(pair: Pair, what: Any) -> Relationship:
    """Where the owner has not yet: a script that was interrupted goes on."""
    state = pair.desk.state(pair.name)
    paper = state.agreement if what == "agreement" else state.goal_next or state.goal
    if paper is None or state.sides(pair.owner) <= paper.signed:
        return state
    signed = Signed(what=what, version=paper.version)
    return pair.desk.write(pair.name, signed, actor=pair.owner).state


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
