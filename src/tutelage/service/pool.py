"""A programme's people as a pool to be matched: who looks for somebody, and who has room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tutelage.domain.terms import Mode
from tutelage.evidence.matching import MOST_HANDLED, MOST_PLACES, Guide, Seeker
from tutelage.evidence.sameness import FEWEST_LEARNERS
from tutelage.service.database import reading
from tutelage.service.overview import GOES_ON
from tutelage.service.profile import Profile, Profiles
from tutelage.service.programmes import Member
from tutelage.service.tables import relationships as table

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage
    from tutelage.service.matching import Match

BOTH: frozenset[Mode] = frozenset(("mentor", "coach"))
USUAL = 1  # learner at once, of a trainer who did not say


def pool_of(
    desk: Tutelage, programme: str, current: Sequence[Match]
) -> tuple[list[Seeker], list[Guide]]:
    """Who looks for whom now, with what they said of themselves."""
    known = _Known(desk, programme, current)
    return list(known.seekers()), list(known.guides())


class _Known:
    """What is known of the people of a programme."""

    def __init__(self, desk: Tutelage, programme: str, current: Sequence[Match]) -> None:
        self._desk, self._programme, self._current = desk, programme, current
        self._members = [m for m in desk.programmes.members(programme) if m.state == "joined"]
        self._here = {(m.person, m.side) for m in self._members}
        told = Profiles(desk.ledger.engine, desk.clock).all(programme)
        self._told = {(p.person, p.side): p for p in told}
        self._had: dict[str, set[str]] = defaultdict(set)  # by learner, all trainers it ever had
        self._with: dict[str, str] = {}  # by learner, the trainer it is with in this programme
        self._holds: dict[str, int] = defaultdict(int)
        self._guided: dict[str, list[str]] = defaultdict(list)  # by trainer, where it guides
        self._pairs()

    def _pairs(self) -> None:
        c = table.c
        query = sa.select(c.id, c.learner, c.answers, c.trainer, c.life, c.programme)
        query = query.where(c.arm.is_(None)).order_by(c.id)
        with reading(self._desk.ledger.engine) as connection:
            rows = connection.execute(query).all()
        for name, learner, answers, trainer, life, programme in rows:
            self._guided[trainer].append(name)
            self._had[answers or learner].add(trainer)
            if life not in GOES_ON:
                continue
            self._holds[trainer] += 1  # wherever it is: a trainer has one week
            if programme == self._programme:
                self._with[answers or learner] = trainer
        for match in self._current:
            if match.state != "lapsed":  # what both might still have taken may be proposed again
                self._had[match.learner].add(match.trainer)
            self._holds[match.trainer] += self._waits(match)

    def _waits(self, match: Match) -> bool:
        """Whether it is still open between two who are both still here."""
        both = {(match.learner, "learner"), (match.trainer, "trainer")}
        return match.state in {"proposed", "accepted"} and both <= self._here

    def seekers(self) -> Iterator[Seeker]:
        """Learners who have nobody, and those of whose pair one looks for another."""
        waits = {m.learner for m in self._current if self._waits(m)}
        again = {m.learner for m in self._current if m.rematch}
        for member in self._members:
            name = member.person
            free = name not in self._with or name in again
            if member.side == "learner" and name not in waits and free:
                yield self._seeker(name)

    def _seeker(self, name: str) -> Seeker:
        said = self._told.get((name, "learner")) or Profile(self._programme, name, "learner")
        able, situations = said.lines("able"), said.lines("situations")
        return Seeker(name, able, situations, said.mode, frozenset(self._had[name]))

    def guides(self) -> Iterator[Guide]:
        """Trainers who joined; who said nothing of themselves can still have experiences."""
        yield from (self._guide(m) for m in self._members if m.side == "trainer")

    def _guide(self, member: Member) -> Guide:
        name = member.person
        said = self._told.get((name, "trainer")) or Profile(self._programme, name, "trainer")
        capacity = USUAL if member.capacity is None else member.capacity
        room = min(capacity, MOST_PLACES) > self._holds[name]
        return Guide(
            name,
            handled=said.lines("handled"),
            banked=tuple(e.case for e in self._desk.bank.of(name))[-MOST_HANDLED:],
            modes=BOTH if said.mode is None else frozenset((said.mode,)),
            capacity=capacity,
            holds=self._holds[name],
            reply_days=member.reply_days,
            same=self._same(name) if room else 0.0,
        )

    def _same(self, trainer: str) -> float:
        """The index of sameness where it alarms."""
        guided = self._guided[trainer]
        found = self._desk.sameness(guided[0]) if len(guided) >= FEWEST_LEARNERS else None
        return 0.0 if found is None or found.value is None else found.value
