"""Levels of help, and back: contingent on unassisted judgment, each move with its reason.

share → ask → debrief → independent, one level a move; `levels` has the rule, this says it in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tutelage.domain.focus import kept_out
from tutelage.domain.relationship import Relationship, Standing
from tutelage.domain.terms import Level
from tutelage.evidence.track import Observation, Track
from tutelage.guidance.levels import GROWN, RULES, STAY, Rule, Standings, bars, decide
from tutelage.guidance.numbers import Numbers, numbers
from tutelage.guidance.words import criterion_name, percent


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


def propose(state: Relationship, track: Track) -> tuple[Move, ...]:
    """The moves that the evidence proposes now, at most one a criterion."""
    criteria = tuple(
        c for c in state.criteria if state.level(c) is not Level.WAITING and c in state.levels
    )
    if state.life != "active" or not criteria:
        return ()
    n, calls = numbers(state), {c: track.since(state.levels[c].since, c) for c in criteria}
    at = _standings(state, track, criteria, calls, n)
    to, rule = decide(at, n)
    found = (
        _as_move(state, c, Level(to[i]), RULES[rule[i]], calls[c], _chance(at, i, rule[i]), n)
        for i, c in enumerate(criteria)
        if rule[i] != STAY
    )
    return tuple(m for m in found if not _contested(state, track, m))


def _standings(
    state: Relationship,
    track: Track,
    criteria: tuple[str, ...],
    calls: Mapping[str, tuple[Observation, ...]],
    n: Numbers,
) -> Standings:
    chances = {level: track.at_least(bar.bar) for level, bar in bars(n).items()}
    untold = _kept_out(state)
    return Standings(
        level=np.array([int(state.level(c)) for c in criteria]),
        chances={
            level: np.array([by.get(c, 0.0) for c in criteria]) for level, by in chances.items()
        },
        calls=np.array([len(calls[c]) for c in criteria]),
        rise=np.array(
            [
                np.inf if c in untold else _rise(track, state.levels[c], c, int(n.dwell))
                for c in criteria
            ]
        ),
        held=np.array([_held(state.levels[c]) for c in criteria]),
        rated=np.array([track.last_rated(c) for c in criteria]),
    )


def _held(standing: Standing) -> bool:
    """Whether telling was given up for asking when this level began."""
    return standing.moved is not None and standing.moved.event.rule == "not_moved_by_telling"


def _rise(track: Track, standing: Standing, criterion: str, settled: int) -> float:
    """The rise of the estimate since the level began, or since it first settled."""
    since = standing.since
    if len(track.seen) >= settled:
        since = max(since, track.seen[settled - 1].order)
    then, now = track.mean_at(since, criterion), track.estimate(criterion).mean
    return 0.0 if then is None else now - then


def _kept_out(state: Relationship) -> frozenset[str]:
    """The criteria that a drawn design kept out of the last situation: nothing was told there."""
    last = state.recent(1) if state.design is not None else ()
    return frozenset(c for s in last for c in state.criteria if kept_out(state, s, c))


def _chance(at: Standings, place: int, rule: int) -> float:
    """P(ability ≥ bar) of the level that was looked at: the next one up, or the one held."""
    level = Level(int(at.level[place]) + (rule == GROWN))
    return float(at.chances[level][place]) if level in at.chances else 0.0


def _as_move(
    state: Relationship,
    criterion: str,
    to: Level,
    rule: Rule,
    calls: tuple[Observation, ...],
    chance: float,
    n: Numbers,
) -> Move:
    start, name = state.level(criterion), criterion_name(state, criterion)
    why = {
        "grown": lambda: _grown(name, calls, criterion, chance, to, n),
        "fell": lambda: _fell(name, calls, criterion, chance, start, n),
        "not_moved_by_telling": lambda: _told(name, calls),
    }[rule]()
    return Move(criterion, start, to, rule, why)


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
