"""The state of a relationship: everything that follows from its entries. See `evolve`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from tutelage.domain.entry import Entry
from tutelage.domain.events import (
    AgreementAmended,
    ClosingProposed,
    Configured,
    DesignDrawn,
    GoalSet,
    LevelContested,
    LevelMoved,
    MasterpieceCertified,
    ObstacleNamed,
    ObstacleOvercome,
    PrincipleKept,
    PrincipleMarked,
    Proposed,
    QuestionKept,
    SupportAsked,
    ThresholdMet,
)
from tutelage.domain.events.progress import ActionAgreed
from tutelage.domain.news import News
from tutelage.domain.situation import Situation
from tutelage.domain.talking import Talk
from tutelage.domain.terms import Level, Mode, OptIn, Party, Phase, Role
from tutelage.domain.values import Grown, Places, replace

Life = Literal["empty", "proposed", "active", "paused", "lapsed", "ended", "closed"]
Side = Literal["learner", "trainer"]
BOTH: frozenset[Side] = frozenset({"learner", "trainer"})

OPEN_LIMIT = 64  # situations kept open at once; the oldest is then set aside as closed
PROOF_LIMIT = 12  # accounts of new, hard cases looked at for the threshold: the last ones


@dataclass(frozen=True)
class Paper:
    """Something both sign: the version in force and who has signed it."""

    entry: Entry[Any]
    version: int
    signed: frozenset[Side] = frozenset()

    @property
    def agreed(self) -> bool:
        """Whether both have signed."""
        return self.signed == BOTH


@dataclass(frozen=True)
class Standing:
    """The level a criterion stands at, since which entry, and whose move it was."""

    level: Level
    since: int
    moved: Entry[LevelMoved] | None = None


@dataclass(frozen=True)
class Obstacle:
    """A recurring failure of this learner, and whether it was overcome."""

    named: Entry[ObstacleNamed]
    overcome: Entry[ObstacleOvercome] | None = None


@dataclass(frozen=True)
class Relationship:
    """Everything that follows from the entries so far."""

    seq: int = 0
    life: Life = "empty"
    proposed: Entry[Proposed] | None = None
    agreement: Paper | None = None
    amended: Paper | None = None  # a newer agreement that waits for signatures
    opted_out: frozenset[str] = frozenset()  # of what the agreement in force allows
    goal: Paper | None = None
    goal_next: Paper | None = None
    trainer: Party | None = None
    left: frozenset[str] = frozenset()  # trainers from whom it was handed over
    joins: bool = False  # a trainer to whom it was handed over, who has not signed yet
    phase: Phase | None = None
    phase_since: int = 0
    phase_start: int = 0  # seq at which guidance first began: what was before is the baseline
    configured: Entry[Configured] | None = None
    design: Entry[DesignDrawn] | None = None
    design_signed: frozenset[Side] = frozenset()
    met: int = 0  # situations opened since the design was drawn
    talks: tuple[tuple[int, str], ...] = ()  # live talks since then: how many were met, on what
    looked: int = 0  # looks at the evidence before the design's horizon
    viewers: Mapping[str, int] = field(default_factory=dict)  # since when somebody knows it
    baseline: tuple[str, ...] = ()
    criteria_ever: tuple[str, ...] = ()  # of every goal signed here; an old one freezes
    levels: Mapping[str, Standing] = field(default_factory=dict)
    contested: tuple[Entry[LevelContested], ...] = ()
    open: Mapping[str, Situation] = field(default_factory=dict)
    closed: Grown[Situation] = field(default_factory=Grown)
    places: Places = field(default_factory=Places)  # where in `closed` a key is
    unrated: Mapping[str, int] = field(default_factory=dict)  # since which entry a rating waits
    trainers: frozenset[str] = frozenset()  # whoever has trained here: never blind
    agents: frozenset[str] = frozenset()  # whoever took part here and is no person
    proofs: tuple[int, ...] = ()  # places in `closed` of accounts that may show the threshold
    principles: Mapping[str, Entry[PrincipleKept]] = field(default_factory=dict)
    questions: Mapping[str, Entry[QuestionKept]] = field(default_factory=dict)
    marks: Mapping[str, Entry[PrincipleMarked]] = field(default_factory=dict)
    obstacles: Mapping[str, Obstacle] = field(default_factory=dict)
    planned: Mapping[str, Talk] = field(default_factory=dict)  # talks to come, and the last ones
    news: tuple[News, ...] = ()  # what somebody beside is told once, the last ones
    actions: Mapping[str, Entry[ActionAgreed]] = field(default_factory=dict)
    moves: tuple[Entry[LevelMoved], ...] = ()
    closing: Entry[ClosingProposed] | None = None  # it waits for the other side
    closed_at: datetime | None = None
    threshold: Entry[ThresholdMet] | None = None
    masterpiece: Entry[MasterpieceCertified] | None = None
    support: Entry[SupportAsked] | None = None  # asked of the programme, not settled yet
    levels_shown: bool = False  # whether the learner lets the programme see levels and estimates
    arm: str | None = None
    origin: str | None = None  # the relationship that this one was forked from
    forked_at: int = 0  # the last entry that the two share
    last_at: datetime | None = None
    last_by: Role | None = None
    said_at: datetime | None = None  # when somebody last wrote, and not the service

    # what the agreement says -------------------------------------------------------------------
    @property
    def learner(self) -> Party | None:
        """Who learns."""
        return self.proposed.event.learner if self.proposed else None

    @property
    def terms(self) -> Proposed | AgreementAmended | None:
        """The agreement in force."""
        return self.agreement.entry.event if self.agreement else None

    @property
    def mode(self) -> Mode:
        """Mentor or coach."""
        return self.terms.mode if self.terms else "mentor"

    @property
    def raters(self) -> tuple[Party, ...]:
        """Who rates, if anybody does; when nobody is named, the trainer, who is not blind."""
        if self.terms is not None and not self.terms.rated:
            return ()
        named = self.terms.raters if self.terms else ()
        here = tuple(r for r in named if r.id not in self.left)
        trains = (self.trainer,) if self.trainer else ()
        took_over = here != named and not any(r in here for r in trains)
        return (*here, *trains) if took_over or not here else here

    @property
    def criteria(self) -> tuple[str, ...]:
        """Keys of the goal's criteria, in its order."""
        goal: GoalSet | None = self.goal.entry.event if self.goal else None
        return tuple(c.key for c in goal.criteria) if goal else ()

    @property
    def agreed(self) -> bool:
        """Whether agreement and goal are both signed by both."""
        return bool(self.agreement and self.agreement.agreed and self.goal and self.goal.agreed)

    @property
    def programme(self) -> str | None:
        """Which programme sees who, when and counts; None where none does, or one side left it."""
        return self.terms.programme if self.terms and self.opted_in("programme") else None

    def opted_in(self, to: OptIn) -> bool:
        """Whether both agreed to it, and neither has left it since."""
        return bool(getattr(self.terms, to, False)) and to not in self.opted_out

    @property
    def agents_only(self) -> bool:
        """Whether learner and trainer are both agents."""
        parties = (self.learner, self.trainer)
        return all(p is not None and p.kind == "agent" for p in parties)

    # who is who --------------------------------------------------------------------------------
    def roles(self, actor: str) -> frozenset[Role]:
        """In what capacities this actor may write here."""
        named = {
            Role.LEARNER: self.learner is not None and self.learner.id == actor,
            Role.TRAINER: self.trainer is not None and self.trainer.id == actor,
            Role.RATER: any(r.id == actor for r in self.raters),
            Role.OWNER: any(p.owner == actor for p in (self.learner, self.trainer) if p),
        }
        return frozenset(role for role, holds in named.items() if holds)

    def sides(self, actor: str) -> frozenset[Side]:
        """For which sides this actor signs: its own, and those of the agents it owns."""

        def signs(party: Party | None) -> bool:
            return party is not None and actor == (party.owner or party.id)

        both: tuple[tuple[Side, Party | None], ...] = (
            ("learner", self.learner),
            ("trainer", self.trainer),
        )
        return frozenset(side for side, party in both if signs(party))

    def stands_in(self, actor: str) -> bool:
        """Whether this person may stand in for the agent that trains: its owner, not the learner.

        A learner that owns its trainer is the learner: nobody guides itself.
        """
        agent = self.trainer is not None and self.trainer.kind == "agent"
        owns = agent and self.trainer is not None and self.trainer.owner == actor
        return owns and (self.learner is None or self.learner.id != actor)

    def by_agent(self, actor: str) -> bool:
        """Whether it is the agent that trains now."""
        trainer = self.trainer
        return trainer is not None and trainer.kind == "agent" and trainer.id == actor

    def taken_over(self, known: Situation) -> str | None:
        """Who stands in for the agent trainer in this situation, if somebody does."""
        trainer = self.trainer
        if (
            trainer is None
            or trainer.kind != "agent"
            or not known.stood_in(trainer.id, trainer.owner)
        ):
            return None
        return trainer.owner

    def steps_aside(self, known: Situation) -> bool:
        """Whether the trainer is an AI, and a person wrote here what no AI coaches on."""
        person = self.learner is not None and self.learner.kind == "person"
        agent = self.trainer is not None and self.trainer.kind == "agent"
        return person and agent and known.beyond is not None

    # situations --------------------------------------------------------------------------------
    def find(self, key: str) -> Situation | None:
        """A situation by its name, open or closed."""
        known = self.open.get(key)
        if known is not None:
            return known
        at = self.places.find(key)
        return None if at is None else self.closed[at]

    @property
    def situations(self) -> tuple[Situation, ...]:
        """All situations, in the order they were opened."""
        return tuple(sorted((*self.closed, *self.open.values()), key=lambda s: s.opened.seq))

    def recent(self, count: int) -> tuple[Situation, ...]:
        """About the last `count` situations, in order; open ones all."""
        some = (*self.closed[-count:], *self.open.values())
        return tuple(sorted(some, key=lambda s: s.opened.seq))[-count:]

    def level(self, criterion: str) -> Level:
        """The level a criterion stands at."""
        standing = self.levels.get(criterion)
        return standing.level if standing else Level.WAITING

    def put(self, situation: Situation, *, done: bool = False) -> Relationship:
        """The state with this situation changed, and set aside when it is done."""
        key = situation.key
        before = self.open.get(key)
        at = self.places.find(key) if before is None else None
        if at is not None:  # it was set aside before
            unrated = self._unrated(situation, self.closed[at])
            closed = self.closed.but(at, situation)
            proofs = self._proofs(situation, at) if done else self.proofs
            return replace(self, closed=closed, proofs=proofs, unrated=unrated)
        unrated = self._unrated(situation, before)
        waiting = {**self.open, key: situation}
        aside = key if done else next(iter(waiting)) if len(waiting) > OPEN_LIMIT else None
        if aside is None:
            return replace(self, open=waiting, unrated=unrated)
        gone, at = waiting.pop(aside), len(self.closed)
        return replace(
            self,
            open=waiting,
            closed=self.closed.plus(gone),
            places=self.places.plus(aside, at),
            proofs=self._proofs(gone, at),
            unrated=unrated,
        )

    def _unrated(self, situation: Situation, before: Situation | None) -> Mapping[str, int]:
        """The situations with a rating still to come; those of a dropped one are let go."""
        if not situation.asked or _as_asked(situation, before):
            return self.unrated
        first = None if situation.dropped else situation.first_unrated
        if self.unrated.get(situation.key) == first:
            return self.unrated
        others = {k: v for k, v in self.unrated.items() if k != situation.key}
        return others if first is None else {**others, situation.key: first}

    def _proofs(self, gone: Situation, at: int) -> tuple[int, ...]:
        opened = gone.opened.event
        hard_and_new = opened.difficulty == 1 and opened.seen_before is False
        if gone.account is None or opened.retold or not hard_and_new:
            return self.proofs
        unaided = gone.evidence_subject is not None and not gone.consulted
        return (*self.proofs, at)[-PROOF_LIMIT:] if unaided else self.proofs


def _as_asked(now: Situation, before: Situation | None) -> bool:
    """Whether no rating was asked for, given or let go between these two."""
    if before is None:
        return False
    same = now.asked is before.asked and now.ratings is before.ratings
    return same and now.dropped is before.dropped
