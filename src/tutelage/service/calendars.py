"""Talks in people's calendars: each is invited, and told when it is moved or called off.

What a calendar is to hold follows from the ledger; what it was sent is kept beside it. Whoever is
killed between the two sends the same once more, which a calendar takes for what it has.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tutelage.domain.errors import TutelageError
from tutelage.domain.events import TalkAnswered
from tutelage.domain.relationship import Relationship
from tutelage.domain.talking import Talk
from tutelage.service.accounts import Person
from tutelage.service.added import add
from tutelage.service.database import reading, writing
from tutelage.service.ics import Meeting, Method, Reply, calendar
from tutelage.service.keys import Key
from tutelage.service.mail import Handed
from tutelage.service.preference import Preferences
from tutelage.service.secret import secret
from tutelage.service.sending import back_off
from tutelage.service.session import Session
from tutelage.service.stamped import stamp
from tutelage.service.tables import calendars, invites, relationships

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage
    from tutelage.service.notify import Mail, Post

LEASE = timedelta(minutes=10)
MERGED = timedelta(minutes=2)  # a talk that is moved again in that time is told once
A_ROUND = 500
OVER = frozenset({"ended", "closed"})
KEPT_IN_FEED = timedelta(days=90)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """A talk to tell somebody's calendar of."""

    person: Person
    relationship: str
    other: str
    meeting: Meeting
    again: bool = False  # whether their calendar has it already, at another time

    @property
    def method(self) -> Method:
        """As calendars call it."""
        return "CANCEL" if self.meeting.cancelled else "REQUEST"


Word = Callable[[Told], "Mail"]
"""How an invite is worded: the doors know languages and addresses of pages."""
Title = Callable[[Person, str], str]
"""What a talk with somebody is called in a person's calendar."""


class Meetings:
    """The talks of one desk as calendars hold them."""

    def __init__(self, desk: Tutelage, at: str, title: Title) -> None:
        self._desk, self._at, self._title = desk, at, title
        self._key = bytes.fromhex(secret(desk.ledger.engine, "calendar", desk.entropy))

    def uid(self, relationship: str, talk: str, person: str) -> str:
        """The same for as long as the talk is told of; nobody else can guess it."""
        said = f"{relationship}\n{talk}\n{person}".encode()
        return f"{hmac.new(self._key, said, sha256).hexdigest()[:40]}@tutelage"

    def of(self, name: str, state: Relationship, person: Person) -> Iterator[Meeting]:
        """The talks of one relationship as this person's calendar is to hold them."""
        others = [p.id for p in _pair(state) if p.id != person.name]
        off = state.life in OVER or person.name not in {p.id for p in _pair(state)}
        for key, talk in state.planned.items():
            yield self._meeting(name, key, talk, person, others, off=off)

    def _meeting(
        self, name: str, key: str, talk: Talk, person: Person, others: list[str], *, off: bool
    ) -> Meeting:
        says, ends = talk.says.event, off and not talk.cancelled
        return Meeting(
            uid=self.uid(name, key, person.name),
            sequence=talk.sequence + ends,
            cancelled=talk.cancelled or off,
            at=says.at,
            zone=says.zone,
            minutes=says.minutes,
            title=self._title(person, others[0] if others else name),
            where=str(says.where) if says.where and not talk.cancelled else "",
            stamp=talk.changed.written_at,
            url=f"{self._at}/r/{name}/talks",
        )

    def feed(self, person: Person) -> bytes:
        """All talks of this person, as a calendar subscribes to them."""
        c, since = relationships.c, self._desk.clock() - KEPT_IN_FEED
        mine = sa.or_(c.learner == person.name, c.trainer == person.name)
        found = self._desk.ledger.projections(mine, c.talks > 0, c.arm.is_(None))
        here = (m for p in found for m in self.of(p["id"], self._desk.state(p["id"]), person))
        return calendar("PUBLISH", (m for m in here if m.at > since and not m.cancelled), "", "")


class Calendars:
    """Tells people's calendars, in rounds; any number of processes make them."""

    def __init__(
        self, desk: Tutelage, meetings: Meetings, post: Post, word: Word, organizer: str
    ) -> None:
        self._desk, self._meetings, self._post, self._word = desk, meetings, post, word
        self._organizer = organizer  # the mailbox that sends: answers of calendars go there
        self._engine = desk.ledger.engine

    def round(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Plan what changed, and send what is due; how many were taken."""
        for name, seq in self._changed():
            self._plan(name, seq)
        taken = 0
        for row in self._due():
            if stop():
                break
            if self._claimed(row):
                handed = self._one(row)
                taken += handed is not None and not handed.error
                if handed is not None and handed.away:
                    break  # the others would fare no better now
        return taken

    # planning ----------------------------------------------------------------------------------
    def _changed(self) -> list[tuple[str, int]]:
        r, c = relationships.c, calendars.c
        joined = sa.outerjoin(relationships, calendars, r.id == c.relationship)
        fits = sa.and_(r.talks > 0, r.arm.is_(None), sa.or_(c.seq.is_(None), c.seq < r.seq))
        with reading(self._engine) as connection:
            query = sa.select(r.id, r.seq).select_from(joined).where(fits).limit(A_ROUND)
            return [(name, seq) for name, seq in connection.execute(query)]

    def _plan(self, name: str, seq: int) -> None:
        """What each calendar is to hold now; one that holds it already is left alone."""
        try:
            state = self._desk.state(name)
        except TutelageError as problem:  # one ledger that cannot be read keeps no other back
            log.warning("no calendar is told of %s: %s", name, problem.code)
            return
        now = self._desk.clock()
        with writing(self._engine) as connection:
            at = invites.c.relationship == name
            known = {
                (r.talk, r.person): r for r in connection.execute(sa.select(invites).where(at))
            }
            people = {p.id for p in _pair(state) if p.kind == "person"}
            for who in sorted(people | {person for _talk, person in known}):
                self._plan_for(connection, name, state, who, known, now)
            connection.execute(sa.delete(calendars).where(calendars.c.relationship == name))
            add(connection, calendars, [{"relationship": name, "seq": seq}])

    def _plan_for(
        self,
        connection: sa.Connection,
        name: str,
        state: Relationship,
        who: str,
        known: Mapping[tuple[str, str], Any],
        now: datetime,
    ) -> None:
        meetings = self._meetings.of(name, state, Person(who, None))
        here = who in {p.id for p in _pair(state)}
        for key, one in zip(state.planned, meetings, strict=True):
            row = known.get((key, who))
            over = one.at + timedelta(minutes=one.minutes) <= now
            if over or (one.cancelled if row is None else _told_of(row, one, here=here)):
                continue
            due = now + MERGED if one.sequence and not one.cancelled else now
            values = {
                "sequence": one.sequence,
                "state": "waiting",
                "due_at": stamp(due),
                "tries": 0,
                "gone": not here,
            }
            if row is None:
                where = {"relationship": name, "talk": key, "person": who, "uid": one.uid}
                add(connection, invites, [{**where, **values}])  # another process may be at it
            else:
                earlier = sa.and_(_at(row), invites.c.sequence < one.sequence)
                connection.execute(sa.update(invites).where(earlier).values(**values))

    # sending -----------------------------------------------------------------------------------
    def _due(self) -> list[Any]:
        c, now = invites.c, stamp(self._desk.clock())
        query = sa.select(invites).where(c.state == "waiting", c.due_at <= now)
        with reading(self._engine) as connection:
            return list(connection.execute(query.order_by(c.due_at).limit(A_ROUND)))

    def _claimed(self, row: Any) -> bool:
        """Whether it is this process's now: of two, one changes the row."""
        same = sa.and_(invites.c.due_at == row.due_at, invites.c.state == "waiting")
        return self._set(row, same, due_at=stamp(self._desk.clock() + LEASE))

    def _one(self, row: Any) -> Handed | None:
        told = self._told(row)
        if told is None:  # looked at again tomorrow: an address or a wish may be another by then
            tomorrow = stamp(self._desk.clock() + timedelta(days=1))
            self._set(row, sa.true(), due_at=tomorrow)
            return None
        mail, to = self._word(told), told.person.mail or ""
        file = calendar(told.method, [told.meeting], self._organizer, to)
        handed = self._post.now(
            to, mail.subject, mail.text, mail.headers, _key(told), calendar=(told.method, file)
        )
        self._came(row, told.meeting, handed)
        return handed

    def _told(self, row: Any) -> Told | None:
        """As it is at this moment; None where nobody is to be told any more."""
        try:
            person = self._desk.people.person(row.person)
            state = self._desk.state(row.relationship)
        except TutelageError:
            return None
        meetings = self._meetings.of(row.relationship, state, person)
        found = dict(zip(state.planned, meetings, strict=True)).get(row.talk)
        wishes = Preferences(self._engine).of(person.name)
        if found is None or person.mail is None or wishes.failing:
            return None
        if (wishes.silent and not found.cancelled) or (found.cancelled and row.sent is None):
            return None  # what is in a calendar is taken out of it, whatever else they wish
        if person.name not in {p.id for p in _pair(state)}:
            found = _as_held(found, row)
        others = [p.id for p in _pair(state) if p.id != person.name]
        other = others[0] if others else ""
        return Told(person, row.relationship, other, found, again=row.sent is not None)

    def _came(self, row: Any, meeting: Meeting, handed: Handed) -> None:
        now, sequence = self._desk.clock(), meeting.sequence
        if not handed.error:
            done = sa.case((invites.c.sequence > sequence, "waiting"), else_="sent")
            held = json.dumps([meeting.at.isoformat(), meeting.zone, meeting.minutes])
            self._set(row, sa.true(), sent=sequence, state=done, due_at=stamp(now), held=held)
            return
        log.error("an invite was not sent: %s", handed.error)
        again = back_off(now, row.tries)
        state = "failed" if handed.refused else "waiting"
        self._set(row, sa.true(), state=state, due_at=stamp(again), tries=row.tries + 1)

    def _set(self, row: Any, fits: sa.ColumnElement[bool], **values: Any) -> bool:
        change = sa.update(invites).where(_at(row), fits).values(**values)
        with writing(self._engine) as connection:
            return connection.execute(change).rowcount > 0


def answered(desk: Tutelage, mail: str, said: Reply) -> str:
    """Write what a calendar answered, in the name of whoever it belongs to; what came of it.

    Of an invite that was changed meanwhile nothing is written: the answer was to another date.
    """
    with reading(desk.ledger.engine) as connection:
        query = sa.select(invites).where(invites.c.uid == said.uid[:64])
        row = connection.execute(query).first()
    if row is None:
        return "unknown"
    try:
        person = desk.people.person(row.person)
        if (person.mail or "") != mail.strip().lower():
            return "forged"
        if said.sequence < row.sequence:
            return "late"
        which = f"{said.uid} {said.sequence} {said.answer} {said.stamp}"
        mark = sha256(which.encode("utf-8", "replace")).hexdigest()[:20]
        event = TalkAnswered.model_validate({"talk": row.talk, "answer": said.answer})
        mine = Session(desk, Key("mail", person.name))
        mine.write(row.relationship, event, id=f"ics.{mark}")
    except TutelageError as refused:
        return refused.code
    return "written"


def _told_of(row: Any, one: Meeting, *, here: bool) -> bool:
    """Whether a calendar knows it already; whoever left hears once that it is off, and no more."""
    return bool(row.sequence >= one.sequence or (row.gone and not here))


def _as_held(off: Meeting, row: Any) -> Meeting:
    """A talk taken out of the calendar of somebody who left: as they knew it, not as it is now."""
    if not row.held:
        return off
    at, zone, minutes = json.loads(row.held)
    return replace(off, at=datetime.fromisoformat(at), zone=zone, minutes=minutes)


def _pair(state: Relationship) -> list[Any]:
    return [p for p in (state.learner, state.trainer) if p is not None]


def _key(told: Told) -> str:
    return sha256(f"{told.meeting.uid} {told.meeting.sequence}".encode()).hexdigest()[:32]


def _at(row: Any) -> sa.ColumnElement[bool]:
    c = invites.c
    return sa.and_(c.relationship == row.relationship, c.talk == row.talk, c.person == row.person)
