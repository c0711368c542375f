"""A relationship written entry by entry, in memory, as the pure core allows it.

Every verb makes a draft, lets the rules check it, gives it its place in the ledger, folds it and
keeps the estimate in step. The system's own entries follow by themselves, as a desk writes them.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from tests.support.case import Case
from tests.support.cast import (
    BOT,
    CRITERIA,
    JUDGE,
    JUDGE_2,
    LEA,
    MENTOR,
    OLGA,
    RAY,
    RITA,
    TOM,
    criterion,
    goal,
)
from tutelage.domain.entry import (
    START,
    Draft,
    Entry,
    Findings,
    canonical,
    entry_digest,
    join,
    split,
    text_digest,
)
from tutelage.domain.errors import TutelageError
from tutelage.domain.events import (
    BaselineTaken,
    Closed,
    ClosingProposed,
    Configured,
    DecisionRecorded,
    Event,
    GoalAmended,
    GoalSet,
    LevelContested,
    LevelMoved,
    Met,
    ObstacleNamed,
    ObstacleOvercome,
    OwnCallRecorded,
    PhaseBegan,
    PrincipleKept,
    Proposed,
    QuestionKept,
    RatingAsked,
    Signed,
    SituationOpened,
)
from tutelage.domain.evolve import evolve
from tutelage.domain.relationship import Relationship
from tutelage.domain.rules import check
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Level, Party, Phase, Role
from tutelage.domain.text import Stored
from tutelage.evidence.track import begin, track
from tutelage.guidance.blind import shown_to
from tutelage.guidance.policy import Move, propose
from tutelage.guidance.turn import Turn, turn

__all__ = [
    "BOT",
    "CRITERIA",
    "JUDGE",
    "JUDGE_2",
    "LEA",
    "MENTOR",
    "OLGA",
    "RAY",
    "RITA",
    "TOM",
    "Case",
    "Course",
    "agents",
    "coaching",
    "criterion",
    "emptied",
    "goal",
    "mentoring",
    "reread",
]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Course:
    """One relationship: its entries, the state they fold to, and the estimate in step with it."""

    def __init__(self, learner: Party = LEA, trainer: Party = TOM, raters: Iterable[Party] = ()):
        self.learner, self.trainer, self.raters = learner, trainer, tuple(raters)
        self.entries: list[Entry[Any]] = []
        self.state, self.track = Relationship(), begin(Relationship())
        self.now = NOON

    # writing -----------------------------------------------------------------------------------
    def write(
        self,
        event: Event,
        actor: str | None = None,
        role: Role = Role.SYSTEM,
        findings: Findings | None = None,
    ) -> Entry[Any]:
        """Check an event, fold it, and let the system's entries follow it."""
        entry = self.alone(event, actor, role, findings)
        for follows in self._system(entry):
            self.alone(follows)
        return entry

    def alone(
        self,
        event: Event,
        actor: str | None = None,
        role: Role = Role.SYSTEM,
        findings: Findings | None = None,
    ) -> Entry[Any]:
        """Check an event and fold it; nothing follows."""
        who = actor or {Role.LEARNER: self.learner.id, Role.TRAINER: self.trainer.id}.get(role, "")
        draft = Draft(event, who, role, self.now, findings)
        check(self.state, draft)
        entry = self._entry(draft)
        self.fold(entry)
        return entry

    def fold(self, entry: Entry[Any]) -> None:
        before, self.state = self.state, evolve(self.state, entry)
        self.entries.append(entry)
        self.now += timedelta(minutes=1)
        key = getattr(entry.event, "situation", None)
        known = self.state.find(key) if isinstance(key, str) else None
        if isinstance(entry.event, Configured) or before.criteria_ever != self.state.criteria_ever:
            self.track = track(self.state)
        elif known is not None:
            self.track = self.track.revise(known, self.state.criteria_ever)

    def _entry(self, draft: Draft) -> Entry[Any]:
        seq, facts, texts = self.state.seq + 1, *split(draft.event)
        previous = self.entries[-1].digest if self.entries else START
        envelope = canonical([seq, draft.actor, draft.role, draft.now.isoformat()])
        of_text = text_digest(f"salt-{seq}", canonical(texts))
        return Entry(
            seq=seq,
            id=f"e{seq}",
            actor=draft.actor,
            role=draft.role,
            written_at=draft.now,
            occurred_at=draft.now,
            visibility=type(draft.event).visible[0],
            event=draft.event,
            findings=draft.findings,
            digest=entry_digest(previous, envelope, facts, of_text),
        )

    def _system(self, entry: Entry[Any]) -> list[Event]:
        match entry.event:
            case Signed() if self.state.agreed and self.state.phase is None:
                return [PhaseBegan(phase=Phase.BASELINE)]
            case BaselineTaken():
                return [PhaseBegan(phase=Phase.GUIDED)]
            case OwnCallRecorded(situation=key):
                return self._ask(key, "own_call")
            case DecisionRecorded(situation=key) if self._at(key).evidence_subject == "decision":
                return self._ask(key, "decision")
            case _:
                return []

    def _ask(self, key: str, subject: Any) -> list[Event]:
        return [
            RatingAsked(
                situation=key,
                subject=subject,
                rater=r.id,
                shown=shown_to(self.state, r.id, subject),
            )
            for r in self.state.raters
        ]

    def _at(self, key: str) -> Situation:
        known = self.state.find(key)
        assert known is not None, key
        return known

    def fork(self) -> Course:
        """An independent copy."""
        twin = copy(self)
        twin.entries = list(self.entries)
        return twin

    def code(self, event: Event, actor: str | None = None, role: Role = Role.SYSTEM) -> str | None:
        """The code an event is refused with here, or None where it is let in; nothing changes."""
        try:
            self.fork().alone(event, actor, role)
        except TutelageError as error:
            return error.code
        return None

    # agreeing ----------------------------------------------------------------------------------
    def propose(self, mode: Any = "mentor", **given: Any) -> Course:
        event = Proposed(
            learner=self.learner,
            trainer=self.trainer,
            raters=self.raters,
            mode=mode,
            handled="Two hundred nights on call",
            because="There is experience to share",
            **given,
        )
        self.write(event, self.learner.owner or self.learner.id, Role.LEARNER)
        return self

    def sign(self, what: Any = "agreement", version: int = 1) -> Course:
        for party, role in ((self.learner, Role.LEARNER), (self.trainer, Role.TRAINER)):
            missing = {"learner", "trainer"} & self.state.sides(party.owner or party.id)
            paper = {"agreement": self.state.agreement, "goal": self.state.goal}[what]
            if paper is not None and paper.version == version and missing <= paper.signed:
                continue  # one owner signs for both agents at once
            who = Role.OWNER if party.owner else role
            self.write(Signed(what=what, version=version), party.owner or party.id, who)
        return self

    def amend_goal(self, *keys: str) -> Course:
        """Another version of the goal, signed by both."""
        words = goal(keys).model_dump(exclude={"kind"})
        self.write(GoalAmended(because="It was too wide", **words), role=Role.LEARNER)
        assert self.state.goal_next is not None
        version = self.state.goal_next.version
        for role in (Role.LEARNER, Role.TRAINER):
            self.write(Signed(what="goal", version=version), role=role)
        return self

    def set_goal(self, event: GoalSet | None = None) -> Course:
        self.write(event or goal(), role=Role.LEARNER)
        return self

    def agree(self, mode: Any = "mentor", **given: Any) -> Course:
        """Agreement and goal, both signed: the baseline phase."""
        return self.propose(mode, **given).sign().set_goal().sign("goal")

    def baseline(self, rating: int = 2, count: int = 3) -> Course:
        """The baseline, taken: the guided phase."""
        cases = [
            self.situation(retold=True).own_call().rated(rating).decided().accounted()
            for _ in range(count)
        ]
        why = None if count >= 3 else "There were no more"
        keys = tuple(c.key for c in cases)
        self.write(BaselineTaken(situations=keys, fewer_because=why), role=Role.TRAINER)
        return self

    def withdraw(self) -> Course:
        self.write(PhaseBegan(phase=Phase.WITHDRAWN), role=Role.LEARNER)
        return self

    def close(self) -> Course:
        self.write(ClosingProposed(because="no longer needed"), role=Role.LEARNER)
        self.write(Closed(because="no longer needed"), role=Role.TRAINER)
        return self

    def configure(self, **numbers: float) -> Course:
        self.write(Configured(numbers=numbers, versions={}))
        return self

    # situations --------------------------------------------------------------------------------
    def situation(
        self,
        key: str | None = None,
        criteria: tuple[str, ...] = CRITERIA,
        *,
        findings: Findings | None = None,
        **given: Any,
    ) -> Case:
        """Open a situation."""
        name = key or f"s{len(self.state.open) + len(self.state.closed) + 1}"
        given.setdefault("text", f"Alarm {name}: the queue grows and two teams point at each other")
        self.write(
            SituationOpened(situation=name, criteria=criteria, **given),
            role=Role.LEARNER,
            findings=findings,
        )
        return Case(self, name)

    def calls(self, *ratings: int, criteria: tuple[str, ...] = CRITERIA) -> Course:
        """A run of situations, each with an own call, its rating and a decision."""
        for rating in ratings:
            self.situation(criteria=criteria).own_call().rated(rating).decided().accounted()
        return self

    # levels, notebook, obstacles ---------------------------------------------------------------
    def moved(self, key: str, to: Level, rule: Any = "own") -> Course:
        start = self.state.level(key)
        event = LevelMoved(criterion=key, start=start, to=to, why="as agreed", rule=rule)
        self.write(event, role=Role.TRAINER)
        return self

    def contested(self, key: str, to: Level) -> Course:
        self.write(LevelContested(criterion=key, to=to, why="too early"), role=Role.LEARNER)
        return self

    def principle(self, key: str, criteria: tuple[str, ...] = (), **given: Any) -> Course:
        words = {
            "says": f"Principle {key}",
            "when": "several things fail at once",
            "when_not": "one thing fails",
            "because": "the rest waits for it",
        }
        event = PrincipleKept(principle=key, criteria=criteria, **{**words, **given})
        self.write(event, role=Role.LEARNER)
        return self

    def question(self, key: str, text: str = "What waits for this?", **given: Any) -> Course:
        findings = given.pop("findings", None)
        event = QuestionKept(question=key, text=text, **given)
        self.write(event, role=Role.LEARNER, findings=findings)
        return self

    def obstacle(self, key: str, *cases: str) -> Course:
        event = ObstacleNamed(
            obstacle=key, text="wakes everybody", when="it is loud", situations=cases
        )
        self.write(event, role=Role.TRAINER)
        return self

    def overcome(self, key: str, *cases: str) -> Course:
        event = ObstacleOvercome(obstacle=key, situations=cases, because="did not show")
        self.write(event, role=Role.TRAINER)
        return self

    def met(self) -> Course:
        self.write(Met(on=self.now, criteria=CRITERIA[:1], told=True), role=Role.TRAINER)
        return self

    # what follows ------------------------------------------------------------------------------
    @property
    def turn(self) -> Turn:
        return turn(self.state, self.track)

    @property
    def waits(self) -> set[str]:
        """What waits, as people read it."""
        return {str(w) for w in self.turn.waiting}

    def proposes(self, key: str = "order") -> Move | None:
        return next((m for m in propose(self.state, self.track) if m.criterion == key), None)

    def follow_proposals(self) -> Course:
        """Confirm every proposed level."""
        for m in propose(self.state, self.track):
            event = LevelMoved(
                criterion=m.criterion, start=m.start, to=m.to, why=m.why, rule=m.rule
            )
            self.write(event, role=Role.SYSTEM)
        return self


@cache
def _begun() -> dict[str, Course]:
    return {
        "mentoring": Course().agree().baseline(),
        "coaching": Course(raters=(RITA,)).agree("coach").baseline(),
        "agents": Course(BOT, MENTOR, (JUDGE, JUDGE_2)).agree().baseline(),
    }


def mentoring() -> Course:
    """A person mentored by a person, guided: the trainer is the only rater."""
    return _begun()["mentoring"].fork()


def coaching() -> Course:
    """A person coached by a person, guided, with one blind rater."""
    return _begun()["coaching"].fork()


def agents() -> Course:
    """An agent mentored by an agent, guided, with two blind raters."""
    return _begun()["agents"].fork()


def emptied(entry: Entry[Any]) -> Entry[Any]:
    """The same entry after its redaction."""
    facts, _texts = split(entry.event)
    return entry._replace(event=join(facts, Stored(None)))


def reread(entry: Entry[Any]) -> Entry[Any]:
    """The same entry as a ledger reads it back."""
    facts, texts = split(entry.event)
    return entry._replace(event=join(facts, Stored(tuple(texts))))
