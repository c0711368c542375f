"""What there is to tell people: derived from the ledgers, and never with a word out of them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from tutelage.domain.errors import TutelageError
from tutelage.domain.relationship import Relationship
from tutelage.domain.terms import Role
from tutelage.guidance.turn import Waiting, waiting
from tutelage.service.answering import offers
from tutelage.service.database import reading
from tutelage.service.news import ONCE, Wait, news
from tutelage.service.proposing import MATCH, Proposals
from tutelage.service.reply import Reply
from tutelage.service.stamped import stamp
from tutelage.service.tables import matches, planned
from tutelage.service.tables import relationships as table

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

NUDGES = (21, 14, 7)  # days of waiting after which it is said once more
TOLD_FOR = timedelta(days=60)  # what waits for longer was told four times, or is from before
LAPSED = "lapsed"
PAPERS = frozenset({"sign", "close"})
log = logging.getLogger(__name__)


class Key(NamedTuple):
    """What is told once: of whom, what, where, of which entry, after how many days."""

    person: str
    what: str
    relationship: str
    seq: int
    stage: int
    channel: str = "mail"


@dataclass(frozen=True, slots=True)
class Telling:
    """Something to tell somebody: who waits, what kind of thing, since when."""

    key: Key
    kind: str
    others: tuple[str, ...]
    since: datetime
    blind: bool = False  # whoever rates blind is told neither whom nor when
    replies: tuple[Reply, ...] = ()  # what may be answered by mail
    programme: str = ""  # where it is looked at, if not in the relationship


@dataclass(frozen=True, slots=True)
class Told:
    """All that waits in one relationship by now, up to which entry, and when more of it is due."""

    relationship: str
    seq: int
    tellings: tuple[Telling, ...]
    next_at: datetime | None


class Tellings:
    """What waits for whom; only relationships in which there is something new are looked at."""

    def __init__(self, desk: Tutelage) -> None:
        self._desk, self._proposals = desk, Proposals(desk)

    def fresh(self, now: datetime) -> list[tuple[str, int, str]]:
        """Where somebody wrote since it was planned, or where something has waited for long."""
        c, p = table.c, planned.c
        joined = table.outerjoin(planned, p.relationship == c.id)
        old = p.next_at <= stamp(now)
        new = sa.or_(p.seq.is_(None), p.seq != c.seq, old)
        query = sa.select(c.id, c.seq, c.life).select_from(joined).where(*_busy(now), new)
        with reading(self._desk.ledger.engine) as connection:
            found = [(*row,) for row in connection.execute(query.order_by(c.id))]
        return found + [(*row, MATCH) for row in self._proposals.fresh(old, now)]

    def of(self, name: str, seq: int, life: str, now: datetime) -> Told:
        """All that waits in one of them."""
        found = self._proposals.of(name, now) if life == MATCH else self._waits(name, life)
        waits = [w for w in found if now - w.since < TOLD_FOR]
        ahead = (w.since + timedelta(days=n) for w in waits if _again(w) for n in NUDGES)
        later = min((at for at in ahead if at > now), default=None)
        return Told(name, seq, tuple(_telling(name, w, now) for w in waits), later)

    def now(self, names: Iterable[str], now: datetime) -> Iterator[Telling]:
        """What waits in these just now: nobody is told of what was done meanwhile."""
        c = table.c
        there = sorted(set(names))
        query = sa.select(c.id, c.seq, c.life).where(c.id.in_(there), *_busy(now))
        with reading(self._desk.ledger.engine) as connection:
            rows = [(*row,) for row in connection.execute(query)]
        for name, seq, life in [*rows, *((n, 0, MATCH) for n in there if n.startswith(MATCH))]:
            yield from self.of(name, seq, life, now).tellings

    def _waits(self, name: str, life: str) -> tuple[Wait, ...]:
        try:
            state = self._desk.state(name)
            found = self._lapsed(name, state) if life == LAPSED else _waits(name, state)
            return (*found, *news(self._desk, name, state))
        except TutelageError as problem:  # one ledger that cannot be read keeps no mail back
            log.warning("nobody is told of %s: %s", name, problem.code)
            return ()

    def _lapsed(self, name: str, state: Relationship) -> Iterator[Wait]:
        rows = self._desk.ledger.back(name, state.seq)
        row = next((r for r in rows if r.role == Role.SYSTEM and f'"{LAPSED}"' in r.facts), None)
        if row is not None:
            since = datetime.fromisoformat(row.written_at)
            for side in (Role.LEARNER, Role.TRAINER):
                for person in _answers(state, side):
                    yield Wait(person, LAPSED, row.seq, since, _others(state, person))


def _busy(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Where there may be something to tell."""
    c, m = table.c, matches.c
    asked = sa.or_(m.learner_wish.is_(None), m.trainer_wish.is_(None))
    tried = [sa.select(one).where(one.is_not(None), asked) for one in (m.relationship, m.after)]
    told = (c.support_at.is_not(None), c.news_at > stamp(now - TOLD_FOR))
    some = (c.due != "[]", c.life == LAPSED, *told, *(c.id.in_(one) for one in tried))
    return sa.or_(*some), c.arm.is_(None)


def _again(wait: Wait) -> bool:
    """Whether it is said once more when it has waited for long."""
    return not wait.blind and wait.what not in ONCE


def _telling(name: str, wait: Wait, now: datetime) -> Telling:
    long = (n for n in NUDGES if _again(wait) and now - wait.since >= timedelta(days=n))
    stage = next(long, 0)
    key = Key(wait.person, wait.what, name, wait.seq, stage)
    kind, may = _kind(wait.what, stage), wait.replies
    return Telling(key, kind, wait.others, wait.since, wait.blind, may, wait.programme)


def _kind(what: str, stage: int) -> str:
    if stage or what == LAPSED:
        return "nudge"
    if what in PAPERS:
        return "paper"
    return "guidance" if what == "read" else "turn"


def _waits(name: str, state: Relationship) -> Iterator[Wait]:
    """What waits here, for each person whose inbox it is in."""
    for work in waiting(state):
        blind = work.role is Role.RATER
        for person in _whose(state, work):
            others = () if blind else _others(state, person)
            seq, may = _anchor(state, work), offers(name, state, work, person)
            yield Wait(person, work.what, seq, work.since, others, blind, may)


def _whose(state: Relationship, work: Waiting) -> set[str]:
    """For whom it waits: the same as in `Session.inbox`."""
    if work.actor is not None:
        return {work.actor}
    if work.role is Role.OWNER:
        return set(_owners(state))
    if work.role is Role.RATER:
        return {r.id for r in state.raters}
    party = state.learner if work.role is Role.LEARNER else state.trainer
    return {party.id} if party is not None else set()


def _owners(state: Relationship) -> Iterator[str]:
    yield from (p.owner for p in (state.learner, state.trainer) if p is not None and p.owner)


def _answers(state: Relationship, side: Role) -> Iterator[str]:
    party = state.learner if side is Role.LEARNER else state.trainer
    if party is not None:
        yield party.owner or party.id


def _others(state: Relationship, person: str) -> tuple[str, ...]:
    parties = (state.learner, state.trainer)
    return tuple(p.id for p in parties if p is not None and p.id != person)


def _anchor(state: Relationship, work: Waiting) -> int:
    """The entry it waits since; of what waits since anybody last wrote, the one before it."""
    if work.what == "set_goal" and state.agreement is not None:
        return state.agreement.entry.seq
    if work.what == "open_situation":
        last = max((s.opened.seq for s in state.situations), default=0)
        return last or (state.goal.entry.seq if state.goal is not None else work.seq)
    return work.seq
