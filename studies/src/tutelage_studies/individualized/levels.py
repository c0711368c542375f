"""Fading by the product's policy: its estimates and its levels, fed without a ledger.

The ledger path needs none of this: there the entries move the levels. Here the same functions are
given the same observations, and a test holds the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

from tutelage.domain.entry import Entry
from tutelage.domain.events import Event, LevelMoved, OwnCallRecorded, Rated, SituationOpened
from tutelage.domain.relationship import BOTH, Paper, Relationship, Standing
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Level, Phase, Role, Visibility
from tutelage.evidence.track import Track
from tutelage.guidance.consequences import as_event
from tutelage.guidance.policy import propose
from tutelage_studies.backgammon.expert import verdict
from tutelage_studies.backgammon.goal import goal
from tutelage_studies.backgammon.judgment import CRITERIA
from tutelage_studies.individualized.play import Decision

RATER = "rater-1"
_WHEN = datetime(2026, 1, 5, tzinfo=UTC)
E = TypeVar("E", bound=Event)


def annotates(level: int, already: int, game: int) -> bool:
    """Whether a case at this level is annotated, after so many others of the same game.

    Share: yes. Ask: one a game, and a second in every third game. Debrief: one a game.
    Independent, and before guidance begins: no.
    """
    match level:
        case Level.SHARE:
            return True
        case Level.ASK:
            return already == 0 or (already == 1 and game % 3 == 0)
        case Level.DEBRIEF:
            return already == 0
        case _:
            return False


@dataclass(slots=True)
class Levels:
    """The levels of one learner's criteria, moved by `policy.propose` on the ability estimate."""

    state: Relationship = field(default_factory=Relationship)
    track: Track = field(default_factory=Track)
    told: set[tuple[object, ...]] = field(default_factory=set)  # positions that were annotated
    _seq: int = 0

    def begin(self) -> None:
        """Guidance begins: every criterion at share."""
        self._seq += 1
        levels = {c: Standing(Level.SHARE, self._seq) for c in CRITERIA}
        self.state = replace(_agreed(self.state), levels=levels)

    def of(self, criterion: str) -> Level:
        """The level of a criterion."""
        return self.state.level(criterion)

    def debriefed(self, made: Decision) -> None:
        """A case was annotated: the same position met again says nothing of unassisted judgment."""
        self.told.add((made.position.board, made.position.rolled))

    def observe(self, made: Decision) -> None:
        """An own call rated blind; the levels move if that follows."""
        if (made.position.board, made.position.rolled) in self.told:
            return
        self._seq += 1
        key = f"s{self._seq}"
        call = OwnCallRecorded(situation=key, call="-", why="-")
        opened = SituationOpened(situation=key, text="-", criteria=made.touched)
        rated = Rated(
            situation=key,
            subject="own_call",
            ratings=verdict(made.position, made.played, made.worth).ratings,
        )
        situation = Situation(
            _entry(self._seq, opened),
            Phase.GUIDED,
            own_call=_entry(self._seq, call),
            ratings=(_entry(self._seq, rated),),
        )
        self.track = self.track.revise(situation, CRITERIA)
        self._move()

    def _move(self) -> None:
        for move in propose(self.state, self.track):
            self._seq += 1
            entry: Entry[LevelMoved] = _entry(self._seq, as_event(move))
            standing = Standing(move.to, self._seq, entry)
            self.state = replace(self.state, levels={**self.state.levels, move.criterion: standing})


def _agreed(state: Relationship) -> Relationship:
    paper = Paper(_entry(1, goal()), 1, BOTH)
    return replace(state, life="active", goal=paper)


def _entry(seq: int, event: E) -> Entry[E]:
    return Entry(seq, f"e{seq}", RATER, Role.RATER, _WHEN, _WHEN, Visibility.PAIR, event)
