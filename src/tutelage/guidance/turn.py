"""Turn: whose move it is and since when, what may be read, and what the evidence proposes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal

from tutelage.domain.closing import asked_to_close
from tutelage.domain.focus import kept_out
from tutelage.domain.guiding import guidance_due
from tutelage.domain.relationship import Paper, Relationship
from tutelage.domain.rules import BASELINE_MINIMUM
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Level, Party, Phase, Role
from tutelage.evidence.results import Estimate
from tutelage.evidence.track import Track
from tutelage.guidance.policy import Move, propose
from tutelage.guidance.steps import Step, steps
from tutelage.guidance.threshold import Verdict, threshold
from tutelage.guidance.words import criterion_name, several

What = Literal[
    "sign", "set_goal", "open_situation", "own_call", "guide", "read", "decide", "outcome",
    "account", "debrief", "rate", "baseline", "close",
]  # fmt: skip

BASELINE_FOR_AGENTS = 6
DEBRIEF_LOOK_BACK = 6
RATINGS_SHOWN = 64  # situations whose raters are waited for, the longest first


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for somebody, and since when."""

    what: What
    role: Role
    since: datetime
    seq: int
    situation: str | None = None
    actor: str | None = None

    def __str__(self) -> str:
        where = f" in {self.situation}" if self.situation else ""
        return f"{self.role}: {self.what.replace('_', ' ')}{where}"


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a criterion stands: its level of help, why, and the estimate behind it."""

    criterion: str
    name: str
    level: Level
    why: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Turn:
    """What anybody in the relationship sees after something was written."""

    seq: int
    life: str
    phase: Phase | None
    waiting: tuple[Waiting, ...]
    stands: tuple[Stand, ...]
    guidance_due: tuple[str, ...]
    may_read: tuple[str, ...]
    proposals: tuple[Move, ...]
    threshold: Verdict
    steps: tuple[Step, ...] = ()  # what the learner is asked for next, per open situation

    def step(self, situation: str) -> Step | None:
        """What the learner is asked for next in one situation; None when it is done."""
        return next((s for s in self.steps if s.situation == situation), None)

    @property
    def whose(self) -> Role | None:
        """Whose move it is: whoever has been waited for the longest."""
        return min(self.waiting, key=lambda w: w.seq).role if self.waiting else None

    @property
    def since(self) -> datetime | None:
        """Since when."""
        return min(self.waiting, key=lambda w: w.seq).since if self.waiting else None

    def level(self, criterion: str) -> Level:
        """The level of one criterion."""
        return next((s.level for s in self.stands if s.criterion == criterion), Level.WAITING)


def turn(state: Relationship, track: Track) -> Turn:
    """The turn that follows from a state and its estimates."""
    open_now = tuple(state.open.values())
    readable = state.life not in {"closed", "ended"}
    return Turn(
        seq=state.seq,
        life=state.life,
        phase=state.phase,
        waiting=tuple(waiting(state)),
        stands=tuple(stand(state, track, c) for c in state.criteria),
        guidance_due=tuple(s.key for s in open_now if guidance_due(state, s)),
        may_read=tuple(s.key for s in open_now if s.unread and readable),
        proposals=propose(state, track),
        threshold=threshold(state, track),
        steps=tuple(steps(state)),
    )


def stand(state: Relationship, track: Track, criterion: str) -> Stand:
    """Where one criterion stands."""
    standing = state.levels.get(criterion)
    name = criterion_name(state, criterion)
    level = standing.level if standing else Level.WAITING
    why = "guidance has not begun"
    if standing is not None:
        start = "a coach asks from the start" if state.mode == "coach" else "every criterion begins"
        why = str(standing.moved.event.why) if standing.moved else f"{start} at {level.word}"
        why = _turn_of(state, criterion) if level is Level.WAITING else why
    return Stand(criterion, name, level, why, track.estimate(criterion))


def _turn_of(state: Relationship, criterion: str) -> str:
    """When a criterion that waits comes into focus."""
    design = state.design.event if state.design else None
    if design is None or criterion not in design.order:
        return "its turn has not come"
    start = design.starts[design.order.index(criterion)]
    return f"chance drew its start: {several(start - state.met + 1, 'situation')} from here"


def waiting(state: Relationship) -> Iterator[Waiting]:
    """All that waits, for whomever."""
    if state.life in {"empty", "ended", "paused", "lapsed"} or state.last_at is None:
        return
    if not state.agreed:
        yield from _papers(state, state.last_at)
        return
    for paper in (state.amended, state.goal_next):
        yield from _signatures(state, paper)
    for known in state.open.values():
        yield from _in_situation(state, known)
    if state.life != "active":
        return
    closes = asked_to_close(state)
    if closes is not None and state.closing is not None:
        party = state.learner if closes is Role.LEARNER else state.trainer
        owner, asked = (party.owner if party else None), state.closing  # who answers for an agent
        yield Waiting("close", closes, asked.written_at, asked.seq, None, owner)
    yield from _ratings_and_debriefs(state)
    if state.phase is Phase.BASELINE:
        yield from _baseline(state)


def _papers(state: Relationship, since: datetime) -> Iterator[Waiting]:
    paper = state.agreement
    if paper is not None and paper.agreed:
        paper = state.goal
        if paper is None:
            yield Waiting("set_goal", Role.LEARNER, since, state.seq)
            return
    yield from _signatures(state, paper)


def _signatures(state: Relationship, paper: Paper | None) -> Iterator[Waiting]:
    sides = (("learner", Role.LEARNER, state.learner), ("trainer", Role.TRAINER, state.trainer))
    for side, role, party in sides:
        if paper is not None and side not in paper.signed:
            signs = party.owner if party else None  # an agent signs through its owner
            yield Waiting("sign", role, paper.entry.written_at, paper.entry.seq, None, signs)


def _in_situation(state: Relationship, known: Situation) -> Iterator[Waiting]:
    opened = known.opened
    last = known.decision or known.own_call or opened
    if known.decision is None:
        if known.unread and state.life != "closed":
            entry = known.unread[0].entry
            yield Waiting("read", Role.LEARNER, entry.written_at, entry.seq, known.key)
        elif guidance_due(state, known):
            answer = known.answers[-1] if known.answers else None
            asks = known.waiting_help or answer or known.own_call or opened
            by = state.taken_over(known)  # whoever stands in goes on with it
            yield Waiting("guide", Role.TRAINER, asks.written_at, asks.seq, known.key, by)
        elif known.own_call is None and not known.urgent:
            yield Waiting("own_call", Role.LEARNER, opened.written_at, opened.seq, known.key)
        elif not opened.event.retold:  # what is retold was decided long ago
            yield Waiting("decide", Role.LEARNER, last.written_at, last.seq, known.key)
        return
    if known.outcome is None:
        yield Waiting("outcome", Role.LEARNER, last.written_at, last.seq, known.key)
    elif not known.imported and (known.weighty or _agent(state.learner)):
        after = known.outcome
        yield Waiting("account", Role.LEARNER, after.written_at, after.seq, known.key)


def _ratings_and_debriefs(state: Relationship) -> Iterator[Waiting]:
    rates = {r.id for r in state.raters}
    for key in islice(state.unrated, RATINGS_SHOWN):
        known = state.find(key)
        for asked in known.unanswered_ratings() if known and _rated_now(state, known) else ():
            rater = asked.event.rater
            if rater not in rates:
                continue  # of a trainer or rater who is none here any more
            trains = state.trainer is not None and state.trainer.id == rater
            role = Role.TRAINER if trains else Role.RATER
            yield Waiting("rate", role, asked.written_at, asked.seq, key, rater)
    for known in (*state.closed[-DEBRIEF_LOOK_BACK:], *state.open.values()):
        if debrief_due(state, known):
            after = known.outcome or known.decision or known.opened
            by = state.taken_over(known)
            yield Waiting("debrief", Role.TRAINER, after.written_at, after.seq, known.key, by)


def _rated_now(state: Relationship, known: Situation) -> bool:
    """What was retold for the baseline is not waited for once it was taken."""
    return not known.opened.event.retold or state.phase is Phase.BASELINE


def debrief_due(state: Relationship, known: Situation) -> bool:
    """Whether a decision waits to be debriefed: made, its outcome told, help still due on it."""
    outcome = known.outcome is not None and (known.outcome.event.known or _agent(state.learner))
    told = outcome or known.account is not None
    if known.decision is None or not told or known.debriefs or state.phase is not Phase.GUIDED:
        return False
    if known.phase is not Phase.GUIDED:
        return False
    if state.steps_aside(known) and state.taken_over(known) is None:
        return False  # no AI debriefs it
    here = [c for c in known.criteria if not kept_out(state, known, c)]
    return any(Level.SHARE <= state.level(c) < Level.INDEPENDENT for c in here)


def _agent(party: Party | None) -> bool:
    """An agent accounts for all it does; a person only where it counts, or where it likes."""
    return party is not None and party.kind == "agent"


def _baseline(state: Relationship) -> Iterator[Waiting]:
    called = [s for s in state.situations if s.own_call is not None and s.dropped is None]
    needed = BASELINE_FOR_AGENTS if _agent(state.learner) else BASELINE_MINIMUM
    if len(called) < needed and not state.open and state.last_at is not None:
        yield Waiting("open_situation", Role.LEARNER, state.last_at, state.seq)
    if len(called) >= needed and (not state.raters or all(s.ratings for s in called)):
        last = called[-1].opened
        yield Waiting("baseline", Role.TRAINER, last.written_at, last.seq)
