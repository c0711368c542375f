"""A relationship written entry by entry, in memory, as the pure core allows it.

Every verb makes a draft, lets the rules check it, gives it its place in the ledger, folds it and
keeps the estimate in step. The system's own entries follow by themselves, as a desk writes them.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tutelage.domain.entry import (
    START,
    Draft,
    Entry,
    Findings,
    canonical,
    entry_digest,
    split,
    text_digest,
)
from tutelage.domain.errors import TutelageError
from tutelage.domain.events import (
    AccountWritten,
    Answered,
    BaselineTaken,
    Configured,
    Debriefed,
    DecisionRecorded,
    Event,
    GoalAmended,
    GoalSet,
    GuidanceFailed,
    GuidanceGiven,
    GuidanceRead,
    HelpAsked,
    LevelContested,
    LevelMoved,
    Met,
    ObstacleNamed,
    ObstacleOvercome,
    OutcomeRecorded,
    OwnCallRecorded,
    PhaseBegan,
    PrincipleKept,
    Proposed,
    QuestionKept,
    Rated,
    RatingAsked,
    Signed,
    SituationDropped,
    SituationOpened,
)
from tutelage.domain.evolve import evolve
from tutelage.domain.relationship import Relationship
from tutelage.domain.rules import check
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Criterion, Level, Party, Phase, Role
from tutelage.evidence.track import begin, track
from tutelage.guidance.blind import shown_to
from tutelage.guidance.policy import Move, propose
from tutelage.guidance.turn import Turn, turn

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CRITERIA = ("order", "people", "doubt")

LEA = Party(id="lea", kind="person")
TOM = Party(id="tom", kind="person")
RITA = Party(id="rita", kind="person")
RAY = Party(id="ray", kind="person")
OLGA = "olga"
BOT = Party(id="bot", kind="agent", owner=OLGA)
MENTOR = Party(id="mentor-bot", kind="agent", owner=OLGA)
JUDGE = Party(id="judge-1", kind="agent", owner=OLGA)
JUDGE_2 = Party(id="judge-2", kind="agent", owner=OLGA)


def criterion(key: str) -> Criterion:
    names = {
        "order": "Settles first what everything else waits for",
        "people": "Tells those who act on it, and nobody else",
        "doubt": "Says what would change the decision",
    }
    anchors = (
        "played no part",
        "seen, but misread",
        "handled by the book",
        "handled with reasons that fit this case",
        "adapted to what was unusual here",
    )
    return Criterion(key=key, name=names.get(key, key), anchors=anchors)


def goal(keys: Iterable[str] = CRITERIA) -> GoalSet:
    return GoalSet(
        situation="An incident at night with several causes possible",
        behaviour="Decides within ten minutes what to stop, whom to wake and what to leave",
        today="Wakes everybody and follows the runbook from the top",
        horizon="By the end of June",
        criteria=tuple(criterion(k) for k in keys),
    )


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


class Case:
    """One situation of a course, with the verbs of its participants; each returns the case."""

    def __init__(self, course: Course, key: str):
        self.course, self.key = course, key

    @property
    def here(self) -> Situation:
        """The situation as folded."""
        return self.course._at(self.key)

    @property
    def last(self) -> Entry[Any]:
        return self.course.entries[-1]

    def _learner(self, event: Event, findings: Findings | None = None) -> Case:
        self.course.write(event, role=Role.LEARNER, findings=findings)
        return self

    def _trainer(self, event: Event) -> Case:
        self.course.write(event, role=Role.TRAINER)
        return self

    def own_call(self, **given: Any) -> Case:
        words = {"call": "Stop the deploy, wake nobody", "why": "Everything else waits for it"}
        return self._learner(OwnCallRecorded(situation=self.key, **{**words, **given}))

    def asked(self, about: Any = "is_it_sound", *, urgent: bool = False) -> Case:
        event = HelpAsked(situation=self.key, question="Well?", about=about, urgent=urgent)
        return self._learner(event)

    def guided(
        self, move: Any = "share", criteria: tuple[str, ...] | None = None, **given: Any
    ) -> Case:
        touched = self.here.criteria if criteria is None else criteria
        given.setdefault("text", f"SECRET of {self.key}")
        if move == "share":
            given.setdefault("experience", "night-17")
        return self._trainer(
            GuidanceGiven(situation=self.key, move=move, criteria=touched, **given)
        )

    def read(self) -> Case:
        """Collect all guidance that waits."""
        for given in self.here.unread:
            self._learner(GuidanceRead(situation=self.key, guidance=given.entry.seq))
        return self

    def answered(self) -> Case:
        seq = self.here.guidance[-1].entry.seq
        return self._learner(Answered(situation=self.key, guidance=seq, text="I would wait"))

    def failed(self) -> Case:
        self.course.write(GuidanceFailed(situation=self.key, reason="no answer in time"))
        return self

    def decided(self, **given: Any) -> Case:
        words = {"decision": "Stopped the deploy", "why": "It fed the queue"}
        return self._learner(DecisionRecorded(situation=self.key, **{**words, **given}))

    def came_out(self) -> Case:
        return self._learner(OutcomeRecorded(situation=self.key, text="The queue drained"))

    def accounted(self, *, findings: Findings | None = None, **given: Any) -> Case:
        words: dict[str, Any] = {
            "noticed": "The deploy started first",
            "options": ("stop the deploy", "add workers"),
            "turned_on": self.here.criteria[0],
            "asked_myself": "What feeds the queue?",
            "happened": "It drained",
        }
        event = AccountWritten(situation=self.key, **{**words, **given})
        return self._learner(event, findings)

    def debriefed(self, criteria: tuple[str, ...] = ("order",), role: Role = Role.TRAINER) -> Case:
        words = {"expected": "it drains", "happened": "it did", "why": "the feed", "next": "keep"}
        event = Debriefed(situation=self.key, criteria=criteria, **words)
        self.course.write(event, role=role)
        return self

    def dropped(self) -> Case:
        return self._learner(SituationDropped(situation=self.key))

    def rated(self, every: int | None = None, *, subject: Any = "own_call", **given: Any) -> Case:
        """All raters who were asked rate; either every criterion, or the criteria named."""
        said = {k: given.pop(k) for k in ("novel", "difficult") if k in given}
        ratings = dict.fromkeys(self.here.criteria, every) if every else given
        for asked in self.here.unanswered_ratings():
            if asked.event.subject == subject:
                event = Rated(situation=self.key, subject=subject, ratings=ratings, **said)
                self._rate(event, asked.event.rater)
        return self

    def checked(self, *raters: str, shows: bool = True, consistent: bool = True) -> Case:
        """These raters are asked to check the account, and do."""
        for rater in raters:
            shown = shown_to(self.course.state, rater, "account")
            event = RatingAsked(situation=self.key, subject="account", rater=rater, shown=shown)
            self.course.write(event)
            check_ = Rated(
                situation=self.key, subject="account", shows_criterion=shows, consistent=consistent
            )
            self._rate(check_, rater)
        return self

    def _rate(self, event: Rated, rater: str) -> None:
        trainer = self.course.state.trainer
        trains = trainer is not None and trainer.id == rater
        self.course.write(event, rater, Role.TRAINER if trains else Role.RATER)

    def refused(self, event: Event, role: Role = Role.LEARNER) -> str | None:
        """The code an event about this situation is refused with."""
        return self.course.code(event, role=role)


def mentoring() -> Course:
    """A person mentored by a person, guided: the trainer is the only rater."""
    return Course().agree().baseline()


def coaching() -> Course:
    """A person coached by a person, guided, with one blind rater."""
    return Course(raters=(RITA,)).agree("coach").baseline()


def agents() -> Course:
    """An agent mentored by an agent, guided, with two blind raters."""
    return Course(BOT, MENTOR, (JUDGE, JUDGE_2)).agree().baseline()


def emptied(entry: Entry[Any]) -> Entry[Any]:
    """The same entry after its redaction."""
    from tutelage.domain.entry import join
    from tutelage.domain.text import Stored

    facts, _texts = split(entry.event)
    return replace(entry, event=join(facts, Stored(None)))


def reread(entry: Entry[Any]) -> Entry[Any]:
    """The same entry as a ledger reads it back."""
    from tutelage.domain.entry import join
    from tutelage.domain.text import Stored

    facts, texts = split(entry.event)
    return replace(entry, event=join(facts, Stored(tuple(texts))))
