"""Levels of help, and back: contingent on unassisted judgment, each move with its reason.

share → ask → debrief → independent, one level a move. Less help needs to be likely enough and
waits for enough rated own calls; more help comes as soon as the bar has become unlikely. Telling
that moves nothing is replaced by asking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tutelage.domain.relationship import Relationship, Standing
from tutelage.domain.terms import Level
from tutelage.evidence.track import Observation, Track
from tutelage.guidance.numbers import Numbers, numbers
from tutelage.guidance.words import criterion_name, percent

Rule = Literal["grown", "fell", "not_moved_by_telling"]


@dataclass(frozen=True, slots=True)
class Move:
    """A level the evidence proposes, and why."""

    criterion: str
    start: Level
    to: Level
    rule: Rule
    why: str

    @property
    def more_help(self) -> bool:
        """Whether it gives more help than now."""
        return self.to < self.start


@dataclass(frozen=True, slots=True)
class _Bar:
    """What a step between two levels asks: P(ability ≥ bar) > sure."""

    bar: float
    sure: float


def bars(n: Numbers) -> dict[Level, _Bar]:
    """By level, what it takes to stand there."""
    return {
        Level.ASK: _Bar(n.ask_bar, n.ask_sure),
        Level.DEBRIEF: _Bar(n.debrief_bar, n.debrief_sure),
        Level.INDEPENDENT: _Bar(n.independent_bar, n.independent_sure),
    }


def propose(state: Relationship, track: Track) -> tuple[Move, ...]:
    """The moves that the evidence proposes now, at most one a criterion."""
    if state.life != "active":
        return ()
    n = numbers(state)
    chances = {level: track.at_least(bar.bar) for level, bar in bars(n).items()}
    found = (
        _propose(state, track, n, chances, criterion, standing)
        for criterion, standing in state.levels.items()
        if criterion in state.criteria and standing.level is not Level.WAITING
    )
    return tuple(m for m in found if m is not None and not _contested(state, track, m))


def _propose(
    state: Relationship,
    track: Track,
    n: Numbers,
    chances: dict[Level, dict[str, float]],
    criterion: str,
    standing: Standing,
) -> Move | None:
    level = standing.level
    calls = track.since(standing.since, criterion)
    name = criterion_name(state, criterion)
    up = Level(min(level + 1, Level.INDEPENDENT))
    here = chances[up].get(criterion, 0.0)
    if up > level and len(calls) >= n.dwell and here > bars(n)[up].sure:
        return Move(criterion, level, up, "grown", _grown(name, calls, criterion, here, up, n))
    held = chances[level].get(criterion, 1.0) if level in chances else 1.0
    back = Level(max(level - 1, Level.SHARE))
    if back < level and len(calls) >= n.back_after and held < n.back_sure:
        if back is Level.SHARE and _holds(standing, calls, n):
            return None
        return Move(criterion, level, back, "fell", _fell(name, calls, criterion, held, level, n))
    if level is Level.SHARE and _not_moved(track, standing, criterion, calls, n):
        return Move(criterion, level, Level.ASK, "not_moved_by_telling", _told(name, calls))
    return None


def _holds(standing: Standing, calls: tuple[Observation, ...], n: Numbers) -> bool:
    moved = standing.moved
    asked = moved is not None and moved.event.rule == "not_moved_by_telling"
    return asked and len(calls) < n.telling_hold


def _not_moved(
    track: Track, standing: Standing, criterion: str, calls: tuple[Observation, ...], n: Numbers
) -> bool:
    if len(calls) < n.telling_calls:
        return False
    then = track.mean_at(standing.since, criterion)
    then = track.estimate(criterion).mean if then is None else then
    return track.estimate(criterion).mean - then < n.telling_rise


def _contested(state: Relationship, track: Track, move: Move) -> bool:
    """Contested, a move to less help waits for as much new evidence as was needed at first."""
    dwell = numbers(state).dwell
    return not move.more_help and any(
        c.event.criterion == move.criterion
        and c.event.to is move.to
        and len(track.since(c.seq, move.criterion)) < dwell
        for c in state.contested
    )


def _last(calls: tuple[Observation, ...], criterion: str, most: int = 5) -> str:
    ratings = [y for o in calls[-most:] for k, _r, y in o.ratings if k == criterion]
    return ", ".join(map(str, ratings[-most:]))


def _grown(
    name: str, calls: tuple[Observation, ...], key: str, chance: float, to: Level, n: Numbers
) -> str:
    what = {
        Level.ASK: "From here your trainer asks instead of sharing what it would do.",
        Level.DEBRIEF: "From here you decide first, and your trainer debriefs it afterwards.",
        Level.INDEPENDENT: "From here you decide on your own.",
    }[to]
    return (
        f"{name}: your own calls were last rated {_last(calls, key)}; it is {percent(chance)} "
        f"sure that your unassisted judgment is at least {bars(n)[to].bar:g}. {what}"
    )


def _fell(
    name: str, calls: tuple[Observation, ...], key: str, chance: float, level: Level, n: Numbers
) -> str:
    what = {
        Level.ASK: "Your trainer shares experiences again for a while.",
        Level.DEBRIEF: "Your trainer asks along with you again for a while.",
        Level.INDEPENDENT: "Your decisions are debriefed again for a while.",
    }[level]
    return (
        f"{name}: your own calls were last rated {_last(calls, key)}; it is only "
        f"{percent(chance)} sure by now that you stand at {bars(n)[level].bar:g} or above. {what}"
    )


def _told(name: str, calls: tuple[Observation, ...]) -> str:
    return (
        f"{name}: after {len(calls)} situations with shared experiences your own calls have "
        "hardly changed. Questions may move more than stories; your trainer asks from here."
    )
