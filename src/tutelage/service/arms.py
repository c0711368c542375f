"""Arms: copies of a relationship meet the same new situations, some with the trainer, some without.

The user's own agent is called for each; nothing reaches a copy but its own context. The copies are
forks with names of their own, so a run that was interrupted goes on where it was.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from tutelage.domain.errors import Malformed, Refused, TutelageError
from tutelage.domain.events import (
    DecisionRecorded,
    Event,
    OutcomeRecorded,
    OwnCallRecorded,
    PhaseBegan,
    SituationOpened,
)
from tutelage.domain.terms import Phase
from tutelage.evidence.forks import FEWEST_COPIES
from tutelage.guidance.brief import Context
from tutelage.guidance.copies import SHORTEST, Arms
from tutelage.guidance.roles import Learner
from tutelage.service.desk import Tutelage
from tutelage.service.tables import relationships
from tutelage.service.writer import kind_of

WITH, ALONE = "with", "alone"

Plain = Callable[[str, str], tuple[str, str]]
"""An agent as a function: the task and its context to what it would do, and why."""


class Function:
    """A plain function as a learner. It keeps nothing by itself: what it learns is its context."""

    def __init__(self, function: Plain, id: str) -> None:  # noqa: A002
        self.id, self._function = id, function

    def own_call(self, situation: str, context: Context) -> OwnCallRecorded:
        """What it would do, and why."""
        call, why = self._said(context)
        return OwnCallRecorded(situation=situation, call=call, why=why)

    def decide(self, situation: str, context: Context) -> DecisionRecorded:
        """What it does, once guidance is in its context."""
        decision, why = self._said(context)
        return DecisionRecorded(situation=situation, decision=decision, why=why)

    def revise(self, situation: str, context: Context) -> tuple[Event, ...]:
        """Nothing: a function has no notebook."""
        del situation, context
        return ()

    def _said(self, context: Context) -> tuple[str, str]:
        found = self._function(context.situation or "", str(context))
        match found:
            case (str(call), str(why)):
                return call, why
        raise Malformed("bad_agent", "The agent answers with two texts: its call, and why.")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a copy has come."""

    copy: str
    arm: str
    done: int
    of: int

    def __str__(self) -> str:
        return f"{self.copy}: {self.done} of {self.of} situations"


def run_arms(
    desk: Tutelage,
    relationship: str,
    situations: Iterable[SituationOpened],
    agent: Plain | Callable[[], Learner],
    *,
    copies: int = FEWEST_COPIES,
    at: int | None = None,
) -> Iterator[Progress]:
    """Let copies of this relationship go through these situations, and say how far each has come.

    `agent` is a function of task and context, or a class that makes a learner anew for each copy;
    an agent whose source has changed gets copies of its own. The desk holds the agents that train
    and rate. Raises Refused where nobody trains or rates here, Malformed where the situations are
    too few to compare or the agent cannot be used.
    """
    state = desk.state(relationship)
    new = tuple(situations)
    _check(desk, relationship, new)
    entry = at or state.seq
    for n in range(copies):
        for arm in arms_of(agent):
            name = f"{_short(relationship, 32)}.{entry}.{arm}.{n + 1}"
            if not desk.ledger.projections(relationships.c.id == name):
                desk.fork(relationship, at=entry, arm=arm, id=name)
            learner = _learner(agent, state.learner.id if state.learner else "")
            yield from _through(desk, name, arm, new, learner)


def arms_of(agent: Any) -> Arms:
    """The arms of this agent, by its source: the one with the trainer, and the one without."""
    try:
        source = inspect.getsource(inspect.getmodule(agent) or agent)
    except (OSError, TypeError):
        source = repr(getattr(agent, "__code__", agent))
    of = f"{getattr(agent, '__qualname__', agent)}\n{source}"
    mark = hashlib.sha256(of.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{WITH}-{mark}", f"{ALONE}-{mark}"


def _short(name: str, most: int = 40) -> str:
    """No more characters of a name, and of no other: two that begin alike stay two."""
    if len(name) <= most:
        return name
    return f"{name[: most - 13]}.{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _check(desk: Tutelage, relationship: str, new: tuple[SituationOpened, ...]) -> None:
    state = desk.state(relationship)
    if len({opened.situation for opened in new}) < SHORTEST:
        said = f"Give at least {SHORTEST} new situations: copies with fewer are not compared."
        raise Malformed("too_few_situations", said)
    trainer = state.trainer.id if state.trainer else ""
    if not state.agents_only:
        raise Refused("agents_only", "Arms are for agents: a person cannot be copied.")
    if trainer not in desk.agents:
        raise Refused("no_trainer", f"The trainer {trainer} is not here; name it with --agents.")
    away = [r.id for r in state.raters if r.id not in desk.agents]
    if away:
        said = (
            f"{', '.join(away)} rates here and is no agent of this desk. Arms are rated by agents: "
            "name one as rater in the agreement (begin(…, raters=…), agreement-amended), and bring "
            "it with --agents."
        )
        raise Refused("no_rater", said)
    if state.phase is not Phase.GUIDED:
        raise Refused("not_guided", "Arms begin where the relationship is guided.")


def _learner(agent: Any, name: str) -> Learner:
    """A learner of this copy's own, so that nothing is carried from one to another."""
    if isinstance(agent, type) or getattr(agent, "makes_learner", False):
        return cast("Learner", agent())
    return cast("Learner", Function(agent, name))


def _through(
    desk: Tutelage, copy: str, arm: str, new: tuple[SituationOpened, ...], learner: Learner
) -> Iterator[Progress]:
    state = desk.state(copy)
    actor = state.learner.id if state.learner else learner.id
    if arm.startswith(ALONE) and state.phase is Phase.GUIDED:
        why = "This copy goes on without the trainer."
        desk.write(copy, PhaseBegan(phase=Phase.WITHDRAWN, because=why), actor=actor)
    for n, opened in enumerate(new, start=1):
        _Situation(desk, copy, actor, opened).through(learner)
        yield Progress(copy, arm, n, len(new))


@dataclass(frozen=True, slots=True)
class _Situation:
    """One situation in one copy; each entry has a name of its own, so that none is made twice."""

    desk: Tutelage
    copy: str
    actor: str
    opened: SituationOpened

    def through(self, learner: Learner) -> None:
        key = self.opened.situation
        known = self.desk.state(self.copy).find(key)
        if known is not None and known.outcome is not None:
            return  # an earlier run has been here
        if known is None:
            self._write(self.opened)
        if known is None or known.own_call is None:
            self._write(self._asked(learner.own_call))
        self.desk.run_due(self.copy)
        self._rated()
        self.desk.collect_guidance(self.copy, key, actor=self.actor)
        if known is None or known.decision is None:
            self._write(self._asked(learner.decide))
        self._write(OutcomeRecorded(situation=key, text="Not known yet.", known=False))
        self.desk.run_due(self.copy)
        for event in learner.revise(key, self._context()):
            self.desk.write(self.copy, event, actor=self.actor)

    def _asked(self, act: Callable[[str, Context], Event]) -> Event:
        """What the user's agent says. Raises Malformed where it breaks: nothing is made up."""
        try:
            return act(self.opened.situation, self._context())
        except TutelageError:
            raise
        except Exception as problem:
            where = f"in {self.opened.situation}: {type(problem).__name__}: {problem}"
            raise Malformed("bad_agent", f"The agent broke {where}") from problem

    def _rated(self) -> None:
        """Stop where a rater broke: a report without ratings is none."""
        known = self.desk.state(self.copy).find(self.opened.situation)
        if known is not None and known.unanswered_ratings():
            who = ", ".join(a.event.rater for a in known.unanswered_ratings())
            said = f"{who} did not rate the call in {known.key}; the log says why."
            raise Refused("no_rating", said)

    def _context(self) -> Context:
        return self.desk.context(self.copy, self.opened.situation)

    def _write(self, event: Event) -> None:
        name = f"{_short(self.opened.situation)}.{kind_of(event)}"
        self.desk.write(self.copy, event, actor=self.actor, id=name)
