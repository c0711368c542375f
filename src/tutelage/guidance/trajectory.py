"""The documented course: where the learner started, its obstacles, what moved it, where it is now.

It says "followed by" and never "moved by", unless chance decided who was guided; what is not
known is said to be not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tutelage.domain.entry import Entry
from tutelage.domain.events import Debriefed, GuidanceGiven, ObstacleNamed
from tutelage.domain.relationship import Obstacle, Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Level, Phase
from tutelage.evidence.asks import Alike
from tutelage.evidence.health import Index, dependency, undirectedness
from tutelage.evidence.results import Estimate
from tutelage.evidence.self_observation import made_own
from tutelage.evidence.track import Track
from tutelage.guidance.notebook import Notebook, notebook
from tutelage.guidance.numbers import numbers
from tutelage.guidance.threshold import Verdict, masterpiece, threshold
from tutelage.guidance.turn import Stand, stand
from tutelage.guidance.words import criterion_name

NOT_KNOWN = "not known"
Help = Literal["share", "ask", "tell", "fact", "debrief"]


@dataclass(frozen=True, slots=True)
class Course:
    """One criterion from its baseline to now."""

    criterion: str
    name: str
    anchors: tuple[str, ...]
    start: Estimate | None
    now: Estimate
    stand: Stand
    curve: tuple[tuple[int, float, float], ...]  # situation number, mean, standard deviation
    levels: tuple[tuple[int, Level, str], ...]  # situation number, level from there on, why

    @property
    def gain(self) -> float | None:
        """How far the estimate rose, in rating points; None without a baseline."""
        return None if self.start is None else self.now.mean - self.start.mean


@dataclass(frozen=True, slots=True)
class Step:
    """One situation on the way: number, name, what help it got, and how its call was rated."""

    number: int
    situation: str
    seq: int
    phase: Phase | None
    helps: tuple[Help, ...]
    rating: float | None
    counted: bool
    consulted: bool


@dataclass(frozen=True, slots=True)
class Intervention:
    """A guidance or debrief that worked on an obstacle."""

    seq: int
    number: int
    help: Help
    text: str


@dataclass(frozen=True, slots=True)
class Hurdle:
    """An obstacle of this learner's: how it showed, what followed it, and whether it went."""

    key: str
    text: str
    when: str
    criteria: tuple[str, ...]
    named_at: int
    shown_in: tuple[str, ...]
    worked_on: tuple[Intervention, ...]
    overcome_at: int | None
    overcome_in: tuple[str, ...]
    because: str | None

    @property
    def course(self) -> str:
        """What moved it, as far as that is known."""
        if self.overcome_at is None:
            return "It has not been overcome yet."
        if not self.worked_on:
            return f"What moved it is {NOT_KNOWN}."
        last = self.worked_on[-1]
        how = {"share": "a shared experience", "ask": "a question"}.get(last.help, f"a {last.help}")
        return f"It was followed by {how} in situation {last.number}, and then did not show again."


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The whole course of one relationship, in words and in numbers to be drawn."""

    relationship: str
    learner: str
    trainer: str
    mode: str
    goal: str
    today: str
    behaviour: str
    horizon: str
    courses: tuple[Course, ...]
    steps: tuple[Step, ...]
    hurdles: tuple[Hurdle, ...]
    phases: tuple[tuple[int, str], ...]
    notebook: Notebook
    questions: tuple[int, int]
    threshold: Verdict
    masterpiece: Verdict
    health: tuple[Index, ...]
    life: str
    randomized: bool
    seq: int

    @property
    def guidance_by_quarter(self) -> tuple[int, int, int, int]:
        """Guidance before the decision, counted over four equal parts of the course."""
        guided = [s for s in self.steps if s.phase is not Phase.BASELINE]
        counts = [0, 0, 0, 0]
        for i, step in enumerate(guided):
            counts[4 * i // len(guided)] += sum(h != "debrief" for h in step.helps)
        return (counts[0], counts[1], counts[2], counts[3])


def trajectory(
    state: Relationship, track: Track, relationship: str, alike: Alike | None = None
) -> Trajectory:
    """The course of a relationship as of its last entry."""
    goal: Any = state.goal.entry.event if state.goal else None
    situations = state.situations
    places = {s.key: i for i, s in enumerate(situations, start=1)}
    return Trajectory(
        relationship=relationship,
        learner=state.learner.id if state.learner else NOT_KNOWN,
        trainer=state.trainer.id if state.trainer else NOT_KNOWN,
        mode=state.mode,
        goal=str(goal.situation) if goal else NOT_KNOWN,
        today=str(goal.today) if goal else NOT_KNOWN,
        behaviour=str(goal.behaviour) if goal else NOT_KNOWN,
        horizon=str(goal.horizon) if goal else NOT_KNOWN,
        courses=tuple(_course(state, track, places, c) for c in state.criteria),
        steps=tuple(_step(s, places[s.key]) for s in situations),
        hurdles=tuple(_hurdle(o, situations, places) for o in state.obstacles.values()),
        phases=_phases(situations),
        notebook=notebook(state),
        questions=made_own(state, alike),
        threshold=awarded(state, track),
        masterpiece=_masterpiece(state, track),
        health=health(state),
        life=state.life,
        randomized=state.design is not None,
        seq=state.seq,
    )


def health(state: Relationship, now: datetime | None = None) -> tuple[Index, ...]:
    """Dependency and undirectedness, by the numbers in force; with `now`, silence too."""
    n = numbers(state)
    window = int(n.window)
    routed = dependency(
        state,
        window=window,
        share=n.dependency_share,
        sure=n.dependency_sure,
        help_share=n.help_share,
        help_rise=n.help_rise,
    )
    return (routed, undirectedness(state, window=window, now=now))


def awarded(state: Relationship, track: Track) -> Verdict:
    """The threshold as it was confirmed; before that, what is still missing."""
    met = state.threshold
    if met is None:
        return threshold(state, track)
    return Verdict(met=True, missing=(), situation=met.event.situation, entries=met.event.entries)


def _masterpiece(state: Relationship, track: Track) -> Verdict:
    met = state.masterpiece
    if met is None:
        return masterpiece(state, track)
    return Verdict(met=True, missing=(), entries=met.event.entries)


def _course(state: Relationship, track: Track, places: dict[str, int], criterion: str) -> Course:
    at = [p.criteria.index(criterion) if criterion in p.criteria else None for p in track.points]
    curve = tuple(
        (places.get(p.situation, 0), p.means[i], p.sds[i])
        for p, i in zip(track.points, at, strict=True)
        if i is not None
    )
    goal: Any = state.goal.entry.event if state.goal else None
    anchors = next((c.anchors for c in goal.criteria if c.key == criterion), ()) if goal else ()
    return Course(
        criterion=criterion,
        name=criterion_name(state, criterion),
        anchors=tuple(map(str, anchors)),
        start=started_at(state, track, criterion),
        now=track.estimate(criterion),
        stand=stand(state, track, criterion),
        curve=curve,
        levels=_levels(state, criterion),
    )


def started_at(state: Relationship, track: Track, criterion: str) -> Estimate | None:
    """The estimate when guidance began: the baseline."""
    before = [p for p in track.points if p.order <= state.phase_start and criterion in p.criteria]
    if not before or state.phase_start == 0:
        return None
    last = before[-1]
    i = last.criteria.index(criterion)
    count = sum(
        any(k == criterion for k, _r, _y in o.ratings)
        for o in track.seen
        if o.order <= state.phase_start
    )
    return Estimate(float(last.means[i]), float(last.sds[i]), count) if count else None


def _levels(state: Relationship, criterion: str) -> tuple[tuple[int, Level, str], ...]:
    """Where each level began, as the number of situations opened until then."""
    if state.phase_start == 0 or criterion not in state.levels:
        return ()
    first = Level.ASK if state.mode == "coach" else Level.SHARE
    moves = [m for m in state.moves if m.event.criterion == criterion]
    began = ((_count(state, state.phase_start), first, "guidance began"),)
    return began + tuple((_count(state, m.seq), m.event.to, str(m.event.why)) for m in moves)


def _count(state: Relationship, seq: int) -> int:
    return sum(s.opened.seq <= seq for s in state.situations)


def _step(known: Situation, number: int) -> Step:
    helps: list[Help] = ["debrief" if known.late(g) else g.entry.event.move for g in known.guidance]
    helps += ["debrief"] * len(known.debriefs)
    values = [v for r in known.counted() for v in r.event.ratings.values() if v is not None]
    return Step(
        number=number,
        situation=known.key,
        seq=known.opened.seq,
        phase=known.phase,
        helps=tuple(helps),
        rating=sum(values) / len(values) if values else None,
        counted=bool(values),
        consulted=known.consulted,
    )


def _phases(situations: tuple[Situation, ...]) -> tuple[tuple[int, str], ...]:
    """The number of the first situation of each phase."""
    found: list[tuple[int, str]] = []
    for number, known in enumerate(situations, start=1):
        name = known.phase.value if known.phase else "alone"
        if not found or found[-1][1] != name:
            found.append((number, name))
    return tuple(found)


def _hurdle(
    obstacle: Obstacle, situations: tuple[Situation, ...], places: dict[str, int]
) -> Hurdle:
    named, overcome = obstacle.named, obstacle.overcome
    until = min((s.opened.seq for s in situations if _shows(s, overcome)), default=None)
    return Hurdle(
        key=named.event.obstacle,
        text=str(named.event.text),
        when=str(named.event.when),
        criteria=named.event.criteria,
        named_at=sum(s.opened.seq <= named.seq for s in situations),
        shown_in=named.event.situations,
        worked_on=_worked_on(named, situations, places, until),
        overcome_at=sum(s.opened.seq <= overcome.seq for s in situations) if overcome else None,
        overcome_in=overcome.event.situations if overcome else (),
        because=str(overcome.event.because) if overcome else None,
    )


def _shows(known: Situation, overcome: Entry[Any] | None) -> bool:
    return overcome is not None and known.key in overcome.event.situations


def _worked_on(
    named: Entry[ObstacleNamed],
    situations: tuple[Situation, ...],
    places: dict[str, int],
    until: int | None,
) -> tuple[Intervention, ...]:
    """Help on the obstacle before the situations that show it gone.

    Help that names it, and help on its criteria in the situations in which it showed.
    """

    def on_it(known: Situation, event: GuidanceGiven | Debriefed) -> bool:
        showed = known.key in named.event.situations
        return event.obstacle == named.event.obstacle or (
            showed and bool(set(event.criteria) & set(named.event.criteria))
        )

    found: list[Intervention] = []
    for known in situations:
        if until is not None and known.opened.seq >= until:
            break
        number = places[known.key]
        found += [
            Intervention(g.entry.seq, number, g.entry.event.move, str(g.entry.event.text))
            for g in known.guidance
            if g.read is not None and on_it(known, g.entry.event)
        ]
        found += [
            Intervention(d.seq, number, "debrief", str(d.event.why))
            for d in known.debriefs
            if on_it(known, d.event)
        ]
    return tuple(found)
