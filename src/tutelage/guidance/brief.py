"""What the trainer sees before it guides, and what the learner gets to decide with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tutelage.domain.errors import Unknown
from tutelage.domain.events import AccountWritten, GoalSet
from tutelage.domain.focus import kept_out
from tutelage.domain.guiding import allowed
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Guiding, Level, Phase
from tutelage.evidence.health import Index
from tutelage.evidence.results import Estimate
from tutelage.evidence.track import Track
from tutelage.guidance.notebook import Notebook, fitting, notebook
from tutelage.guidance.numbers import numbers
from tutelage.guidance.trajectory import health
from tutelage.guidance.uptake import LOOK_BACK, Told, told_before
from tutelage.guidance.words import criterion_name

RECENT = 8


@dataclass(frozen=True, slots=True)
class CriterionBrief:
    """One criterion as the trainer needs it: level, what may be done, and this learner's course."""

    key: str
    name: str
    anchors: tuple[str, ...]
    level: Level
    allowed: tuple[Guiding, ...]
    estimate: Estimate
    ratings: tuple[int, ...]
    situations: tuple[str, ...] = ()  # which situation each of the ratings is from
    in_focus: bool = True  # under a drawn design: whether help and debrief may be on it here

    @property
    def missed(self) -> bool:
        """Whether it is a recurring miss: most of the recent own calls rated below 4."""
        recent = self.ratings[-5:]
        return sum(r < 4 for r in recent) * 2 > len(recent)


@dataclass(frozen=True, slots=True)
class KnownObstacle:
    """An obstacle of this learner's that was named and is not overcome yet."""

    key: str
    text: str
    criteria: tuple[str, ...]
    seq: int


@dataclass(frozen=True, slots=True)
class Brief:
    """What a trainer is told: the case, the own call, and its model of this learner."""

    relationship: str
    goal: GoalSet
    phase: Phase | None
    situation: Situation
    text: str
    call: str | None
    why: str | None
    question: str | None
    answers: tuple[str, ...]
    criteria: tuple[CriterionBrief, ...]
    told: tuple[Told, ...]
    notebook: Notebook
    obstacles: tuple[KnownObstacle, ...]
    shared: frozenset[str] = frozenset()  # experiences told to this learner before, on anything
    asked: frozenset[str] = frozenset()  # questions it was asked of late, on anything
    alarms: tuple[Index, ...] = ()  # what goes wrong between the two, and what may be done about it
    elsewhere: frozenset[str] = frozenset()  # where all are guided alike: told to other learners

    @property
    def key(self) -> str:
        """The situation's name."""
        return self.situation.key

    @property
    def open_criteria(self) -> tuple[CriterionBrief, ...]:
        """Criteria on which guidance may come before the decision."""
        return tuple(c for c in self.criteria if c.allowed)

    @property
    def acts(self) -> tuple[str, ...]:
        """What the trainer may do about what goes wrong between the two."""
        return tuple(i.act for i in self.alarms if i.act)

    @property
    def not_taken_up(self) -> tuple[Told, ...]:
        """What was told before and did not show: say it differently."""
        return tuple(t for t in self.told if t.taken == "no")


def brief(
    state: Relationship,
    track: Track,
    relationship: str,
    situation: str,
    now: datetime | None = None,
    among: tuple[Index, frozenset[str]] | None = None,
) -> Brief:
    """The trainer's brief on one situation.

    `among`: that this trainer guides all its learners alike, and which experiences it told others.
    """
    known, goal = _known(state, situation)
    call = known.own_call.event if known.own_call else None
    asked = known.helps[-1].event if known.helps else None
    return Brief(
        relationship=relationship,
        goal=goal,
        phase=state.phase,
        situation=known,
        text=str(known.opened.event.text),
        call=str(call.call) if call else None,
        why=str(call.why) if call else None,
        question=str(asked.question) if asked else None,
        answers=tuple(str(a.event.text) for a in known.answers),
        criteria=tuple(_criterion(state, track, known, goal, c) for c in known.criteria),
        told=told_before(state, known.criteria),
        notebook=notebook(state),
        obstacles=tuple(
            KnownObstacle(key, str(o.named.event.text), o.named.event.criteria, o.named.seq)
            for key, o in state.obstacles.items()
            if o.overcome is None
        ),
        shared=frozenset(
            given.entry.event.experience
            for s in state.situations
            for given in s.guidance
            if given.entry.event.experience
        ),
        asked=frozenset(
            str(given.entry.event.text)
            for s in state.recent(LOOK_BACK)
            for given in s.guidance
            if given.entry.event.move == "ask"
        ),
        alarms=(*_alarms(state, now), *((among[0],) if among else ())),
        elsewhere=among[1] if among else frozenset(),
    )


def _alarms(state: Relationship, now: datetime | None = None) -> tuple[Index, ...]:
    return tuple(index for index in health(state, now) if index.alarm)


def _known(state: Relationship, situation: str) -> tuple[Situation, GoalSet]:
    known = state.find(situation)
    if known is None or state.goal is None:
        raise Unknown("unknown_situation", f"There is no situation {situation}.")
    return known, state.goal.entry.event


def _criterion(
    state: Relationship, track: Track, known: Situation, goal: GoalSet, key: str
) -> CriterionBrief:
    anchors = next((c.anchors for c in goal.criteria if c.key == key), ())
    past = track.since(0, key, most=RECENT)
    rated = [(y, o.situation) for o in past for k, _r, y in o.ratings if k == key]
    return CriterionBrief(
        key=key,
        name=criterion_name(state, key),
        anchors=tuple(map(str, anchors)),
        level=state.level(key),
        allowed=allowed(state, known, key),
        estimate=track.estimate(key),
        ratings=tuple(y for y, _situation in rated),
        situations=tuple(situation for _y, situation in rated),
        in_focus=not kept_out(state, known, key),
    )


@dataclass(frozen=True, slots=True)
class Packet:
    """What a blind rater is shown: situation, what was said, and the anchors. Nothing else."""

    situation: str
    subject: str
    text: str
    said: str
    why: str
    account: str | None
    anchors: dict[str, tuple[str, ...]]


def packet(state: Relationship, situation: str, subject: str) -> Packet:
    """The packet for one rating: no level, no guidance, no phase, no date."""
    known, goal = _known(state, situation)
    anchors = {c.key: tuple(map(str, c.anchors)) for c in goal.criteria if c.key in known.criteria}
    said, why = _said(known, subject)
    account = known.account.event if known.account and subject == "account" else None
    told = None if account is None else account_told(account)
    text = str(known.opened.event.text)
    return Packet(situation, subject, text, said, why, told, anchors)


def account_told(account: AccountWritten) -> str:
    """An account as a rater reads it, and quotes from it."""
    return "\n".join(
        [
            f"noticed: {account.noticed}",
            *(f"option: {o}" for o in account.options),
            f"turned on: {account.turned_on}",
            f"asked myself: {account.asked_myself}",
            f"because: {account.because or ''}",
        ]
    )


def _said(known: Situation, subject: str) -> tuple[str, str]:
    if subject == "decision" and known.decision is not None:
        return str(known.decision.event.decision), str(known.decision.event.why)
    if known.own_call is not None:
        return str(known.own_call.event.call), str(known.own_call.event.why)
    if known.decision is not None:
        return str(known.decision.event.decision), str(known.decision.event.why)
    return "", ""


@dataclass(frozen=True, slots=True)
class Context:
    """What reaches the learner: its goal, its own questions and principles, guidance once read."""

    goal: str
    situation: str | None
    criteria: tuple[str, ...]
    notebook: Notebook
    guidance: tuple[str, ...]
    debriefs: tuple[str, ...]
    offers: tuple[str, ...] = ()  # kind words on how the two work together

    def __str__(self) -> str:
        parts = [f"Goal: {self.goal}"]
        if self.situation:
            parts.append(f"Situation: {self.situation}")
        if self.notebook.questions:
            parts.append("I ask myself:")
            parts += [f"- {q.text}" for q in self.notebook.questions]
        if self.notebook.principles:
            parts.append("My principles:")
            parts += [f"- {p}" for p in self.notebook.principles]
        if self.guidance:
            parts.append("My trainer said:")
            parts += [f"- {g}" for g in self.guidance]
        if self.debriefs:
            parts.append("Afterwards my trainer said:")
            parts += [f"- {d}" for d in self.debriefs]
        parts += [f"An offer: {offer}" for offer in self.offers]
        return "\n".join(parts)


def context(
    state: Relationship, situation: str | None = None, criteria: tuple[str, ...] = ()
) -> Context:
    """What the learner gets: everything it kept, or what fits this situation within the budget.

    Before a situation is opened, `criteria` says what it will touch.
    """
    n, book = numbers(state), notebook(state)
    goal = str(state.goal.entry.event.behaviour) if state.goal else ""
    offers = tuple(index.offer for index in _alarms(state))
    known = state.find(situation) if situation else None
    if known is None and not criteria:
        return Context(goal, None, state.criteria, book, (), (), offers)
    touched = known.criteria if known else criteria
    text = str(known.opened.event.text) if known else ""
    fits = fitting(
        book,
        touched,
        text,
        principles=int(n.context_principles),
        characters=int(n.context_characters),
    )
    read = [g for g in known.guidance if g.read is not None] if known else []
    debriefs = [d.event for d in known.debriefs] if known else []
    return Context(
        goal,
        text or None,
        touched,
        fits,
        tuple(str(g.entry.event.text) for g in read),
        tuple(f"{d.why} {d.next}" for d in debriefs),
        offers,
    )
