"""A programme as its lead sees it: who, when and counts, from the rows of its relationships.

No ledger is read and no text is near. What concerns judgment is counted over five people or more,
or shown of a learner who lets it be seen; whoever is shown by name is not in the count, so that
nobody's figure is left when the named ones are taken away.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tutelage.domain.errors import Conflict
from tutelage.evidence.notyet import NotYet
from tutelage.guidance.programme import FEWEST_PEOPLE
from tutelage.service.added import add
from tutelage.service.database import reading, writing
from tutelage.service.tables import cares, counts, members
from tutelage.service.tables import relationships as table

SILENT_AFTER = timedelta(days=14)  # half the time after which a pair is set aside by itself
FIRST = 10  # of each list; the counts say how many there are
SHOWN = 50  # pairs on a page
GOES_ON = ("proposed", "active", "paused", "lapsed")  # not over: a place is taken
RENEWED = timedelta(days=28)  # counts of levels: one person's move is not to be seen in them
WORDS = ("proposed", "baseline", "guided", "withdrawn", "follow_up", "paused", "lapsed", "closed")


@dataclass(frozen=True, slots=True)
class Line:
    """A pair that its lead may want to help: who, what about, since when, who looks after it."""

    relationship: str
    learner: str
    trainer: str
    what: str  # support, silent or late
    since: datetime
    cared_by: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair in the list of all: who, where in its course, how much, and when one last wrote."""

    relationship: str
    learner: str
    trainer: str
    phase: str
    situations: int
    decided: int
    said_at: datetime | None


@dataclass(frozen=True, slots=True)
class Lines:
    """How many there are, and the ones that wait longest."""

    count: int
    first: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """What a trainer has taken on, and can."""

    trainer: str
    pairs: int
    capacity: int | None
    reply_days: int | None

    @property
    def over(self) -> bool:
        """Whether it is more than they said they can."""
        return self.capacity is not None and self.pairs > self.capacity


@dataclass(frozen=True, slots=True)
class Levels:
    """How many criteria stand at each level, over this many people."""

    people: int
    criteria: Mapping[str, int]
    at: datetime | None = None  # as of when

    def __str__(self) -> str:
        each = ", ".join(f"{level} {count}" for level, count in self.criteria.items())
        return f"{each}, over {self.people} people"


@dataclass(frozen=True, slots=True)
class Overview:
    """A programme on one page."""

    phases: Mapping[str, int]
    support: Lines
    late: Lines
    silent: Lines
    loads: tuple[Load, ...]
    without: tuple[str, ...]  # learners who joined and have no trainer yet
    levels: Levels | NotYet
    shown: tuple[tuple[str, Mapping[str, int]], ...]  # of whoever lets it be seen

    @property
    def pairs(self) -> int:
        """How many relationships there are."""
        return sum(self.phases.values())

    @property
    def room(self) -> int:
        """How many learners more could be taken on by whoever said so."""
        return sum(max(0, one.capacity - one.pairs) for one in self.loads if one.capacity)


class Overviews:
    """Reads the rows of programmes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def of(self, programme: str, now: datetime, lead: str = "") -> Overview:
        """What this lead sees now; of levels, those as of the last count."""
        here = sa.and_(table.c.programme == programme, table.c.arm.is_(None))
        levels = self._levels(here, programme, lead, now)
        with reading(self._engine) as connection:
            lines = _Lines(connection, here)
            shown = _shown(connection, here)
            return Overview(
                phases=_phases(connection, here),
                support=lines.of("support", table.c.support_at, now),
                late=lines.of("late", table.c.late_at, now),
                silent=lines.of("silent", table.c.said_at, now - SILENT_AFTER),
                loads=tuple(_loads(connection, here, programme)),
                without=tuple(_without(connection, here, programme)),
                levels=levels,
                shown=shown,
            )

    def pairs(self, programme: str, after: str = "", most: int = SHOWN) -> list[Pair]:
        """All pairs behind a relationship's name, in the order of their names."""
        c = table.c
        query = sa.select(c.id, c.learner, c.trainer, c.life, c.phase, c.situations, c.decided)
        fits = query.add_columns(c.said_at).where(c.programme == programme, c.arm.is_(None))
        with reading(self._engine) as connection:
            rows = connection.execute(fits.where(c.id > after).order_by(c.id).limit(most))
            return [_pair(*row) for row in rows]

    def _levels(
        self, here: sa.ColumnElement[bool], programme: str, lead: str, now: datetime
    ) -> Levels | NotYet:
        """The count of four weeks ago at most, without the pairs that this lead is part of."""
        c = counts.c
        at = sa.and_(c.programme == programme, c.lead == lead)
        with reading(self._engine) as connection:
            kept = connection.execute(sa.select(c.at, c.people, c.criteria).where(at)).first()
            since = datetime.fromisoformat(kept.at) if kept is not None else None
            if kept is not None and since is not None and now - since < RENEWED:
                return Levels(kept.people, json.loads(kept.criteria), since)
            found = _counted(_hidden(connection, here, lead))
        if isinstance(found, Levels):
            said = {"people": found.people, "criteria": json.dumps(dict(found.criteria))}
            with writing(self._engine) as other:
                other.execute(sa.delete(counts).where(at))
                row = {"programme": programme, "lead": lead, "at": now.isoformat(), **said}
                add(other, counts, [row])
            return replace(found, at=now)
        return found

    def care(self, programme: str, line: Mapping[str, str], lead: str, now: datetime) -> None:
        """This lead looks after it; of two at once the second is told. Raises Conflict."""
        at = {"relationship": line["relationship"], "what": line["what"], "since": line["since"]}
        column = {"support": table.c.support_at, "late": table.c.late_at, "silent": table.c.said_at}
        fits = sa.and_(table.c.id == at["relationship"], table.c.programme == programme)
        with writing(self._engine) as connection:
            known = column.get(at["what"], sa.null())
            if connection.execute(sa.select(known).where(fits)).scalar() != at["since"]:
                raise Conflict("not_so_any_more", "This has changed meanwhile; look again.")
            add(connection, cares, [{**at, "lead": lead, "at": now.isoformat()}])
            query = sa.select(cares.c.lead).where(*(cares.c[k] == v for k, v in at.items()))
            taken = connection.execute(query).scalar_one()
        if taken != lead:
            raise Conflict("cared_for", f"{taken} looks after it already.")


class _Lines:
    """The pairs that wait, by what for."""

    def __init__(self, connection: sa.Connection, here: sa.ColumnElement[bool]) -> None:
        self._connection, self._here = connection, here

    def of(self, what: str, since: sa.Column[Any], before: datetime) -> Lines:
        limit = before.astimezone(UTC).isoformat(timespec="seconds")
        lives = _LINED.get(what, GOES_ON)
        fits = sa.and_(self._here, since <= limit, table.c.life.in_(lives))
        count = self._connection.execute(sa.select(sa.func.count()).where(fits)).scalar_one()
        if not count:
            return Lines(0, ())
        c = cares.c
        mine = sa.and_(c.relationship == table.c.id, c.what == what, c.since == since)
        query = sa.select(table.c.id, table.c.learner, table.c.trainer, since, c.lead)
        query = query.outerjoin(cares, mine).where(fits).order_by(since, table.c.id).limit(FIRST)
        rows = self._connection.execute(query).all()
        return Lines(count, tuple(_line(what, *row) for row in rows))


_LINED = {"late": ("proposed", "active"), "silent": ("proposed", "active", "lapsed")}
"""In which lives a pair is late or silent; support is asked for in any that is not over."""


def _line(what: str, name: str, learner: str, trainer: str, since: str, lead: str | None) -> Line:
    return Line(name, learner, trainer, what, datetime.fromisoformat(since), lead)


def _pair(
    name: str,
    learner: str,
    trainer: str,
    life: str,
    phase: str | None,
    situations: int,
    decided: int,
    said_at: str | None,
) -> Pair:
    at = datetime.fromisoformat(said_at) if said_at else None
    return Pair(name, learner, trainer, _where(life, phase), situations, decided, at)


def _where(life: str, phase: str | None) -> str:
    """Where a pair is in its course, in one word."""
    return (phase or "proposed") if life == "active" else life


def _phases(connection: sa.Connection, here: sa.ColumnElement[bool]) -> dict[str, int]:
    query = sa.select(table.c.life, table.c.phase, sa.func.count()).where(here)
    found: Counter[str] = Counter()
    for life, phase, count in connection.execute(query.group_by(table.c.life, table.c.phase)):
        found[_where(life, phase)] += count
    return {word: found[word] for word in (*WORDS, "ended") if found[word]}


def _loads(
    connection: sa.Connection, here: sa.ColumnElement[bool], programme: str
) -> Iterable[Load]:
    """Each trainer's pairs and what they said they can take on; the most burdened first."""
    goes_on = sa.and_(here, table.c.life.in_(GOES_ON))
    query = sa.select(table.c.trainer, sa.func.count().label("pairs")).where(goes_on)
    rows = connection.execute(query.group_by(table.c.trainer))
    pairs: dict[str, int] = {row.trainer: row.pairs for row in rows}
    said = sa.select(members.c.person, members.c.capacity, members.c.reply_days).where(
        members.c.programme == programme,
        members.c.side == "trainer",
        members.c.state == "joined",
    )
    offers = {person: (capacity, days) for person, capacity, days in connection.execute(said)}
    every = {**dict.fromkeys(pairs, (None, None)), **offers}
    loads = [Load(name, pairs.get(name, 0), *offer) for name, offer in every.items()]
    return sorted(loads, key=lambda one: (not one.over, -one.pairs, one.trainer))


def _without(
    connection: sa.Connection, here: sa.ColumnElement[bool], programme: str
) -> Sequence[str]:
    paired = sa.select(table.c.id).where(
        here, table.c.life.in_(GOES_ON), table.c.answers == members.c.person
    )
    query = sa.select(members.c.person).where(
        members.c.programme == programme,
        members.c.side == "learner",
        members.c.state == "joined",
        ~paired.exists(),
    )
    return connection.execute(query.order_by(members.c.at, members.c.person)).scalars().all()


def _shown(
    connection: sa.Connection, here: sa.ColumnElement[bool]
) -> tuple[tuple[str, Mapping[str, int]], ...]:
    """Of whoever lets the programme see it, live."""
    fits = sa.and_(here, table.c.levels != "{}", table.c.life == "active", table.c.shown.is_(True))
    query = sa.select(table.c.learner, table.c.levels).where(fits).order_by(table.c.learner)
    return tuple((row.learner, _by_level(row.levels)) for row in connection.execute(query))


def _hidden(
    connection: sa.Connection, here: sa.ColumnElement[bool], lead: str
) -> list[tuple[str, str]]:
    """Everybody else's levels, without the lead's own pairs: it could subtract what it knows."""
    c = table.c
    query = sa.select(c.answers, c.levels, c.shown).where(
        here, c.levels != "{}", c.life == "active"
    )
    if lead:
        known = sa.func.coalesce(c.named, "[]").contains(json.dumps(lead), autoescape=True)
        query = query.where(~known, c.trainer != lead, c.learner != lead)
    rows = connection.execute(query).all()
    named = {row.answers for row in rows if row.shown}
    return [(row.answers, row.levels) for row in rows if row.answers not in named]


def _by_level(levels: str) -> dict[str, int]:
    """How many criteria stand at each level; what they are called is the pair's own."""
    return dict(Counter(json.loads(levels).values()))


def _counted(rows: Sequence[tuple[str, str]]) -> Levels | NotYet:
    """The levels of at least five people together; of fewer, how many are missing."""
    told = {person for person, _levels in rows}
    if len(told) < FEWEST_PEOPLE:
        reason = f"levels are counted over {FEWEST_PEOPLE} people or more; here are {len(told)}"
        return NotYet(reason, FEWEST_PEOPLE - len(told), "learner")
    counted: Counter[str] = Counter()
    for text, times in Counter(levels for _person, levels in rows).items():
        for level in json.loads(text).values():
            counted[level] += times
    return Levels(len(told), dict(counted))
