"""Programmes: who leads one, who is in it and as what. No content is near: see `overview`.

Whoever is invited joins by their own yes and leaves by their own click. A relationship is in a
programme because its agreement names it; see `Relationship.programme`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from tutelage.domain.errors import Conflict, Malformed, Unknown
from tutelage.service.accounts import CLOSED
from tutelage.service.added import add
from tutelage.service.database import reading, writing
from tutelage.service.tables import leads, members, people, profiles, programmes
from tutelage.service.writer import Clock, check_name

Side = Literal["learner", "trainer"]
SIDES: tuple[Side, ...] = ("learner", "trainer")
MOST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme by its name, and whom its agreements name for concerns."""

    name: str
    title: str
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a programme: as what, whether they said yes, and what a trainer can take on."""

    programme: str
    person: str
    side: Side
    state: str  # invited, joined or left
    at: datetime
    capacity: int | None = None
    reply_days: int | None = None
    invited_by: str = ""
    mail_state: str = "none"  # none, waiting, sent or failed


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody to be invited: under which name, as what, and where the invitation goes."""

    person: str
    side: Side
    mail: str | None = None
    capacity: int | None = None
    reply_days: int | None = None


class Programmes:
    """The programmes of one database."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock

    # what there is -----------------------------------------------------------------------------
    def make(self, name: str, title: str, lead: str, contact: str | None = None) -> Programme:
        """A programme and who leads it; one that is there keeps its title, and gets one lead more.

        Raises Malformed, and Unknown where the lead has no account.
        """
        check_name(name)
        if not title.strip() or len(title) > MOST_TITLE:
            raise Malformed("bad_title", f"A programme's title has 1 to {MOST_TITLE} letters.")
        row = {"name": name, "title": title.strip(), "contact": contact, "made_at": self._now()}
        with writing(self._engine) as connection:
            _check_account(connection, lead)
            add(connection, programmes, [row])
            add(connection, leads, [{"programme": name, "person": lead}])
        return self.named(name)

    def named(self, name: str) -> Programme:
        """A programme by its name. Raises Unknown."""
        with reading(self._engine) as connection:
            found = connection.execute(_programmes().where(programmes.c.name == name)).first()
        if found is None:
            raise _unknown(name)
        return Programme(*found)

    def led(self, name: str, by: str) -> Programme:
        """A programme that this person leads; to everybody else there is none. Raises Unknown."""
        fits = sa.and_(leads.c.programme == name, leads.c.person == by)
        with reading(self._engine) as connection:
            if connection.execute(sa.select(leads.c.person).where(fits)).first() is None:
                raise _unknown(name)
        return self.named(name)

    def leads(self, name: str) -> list[str]:
        """Who leads it."""
        query = sa.select(leads.c.person).where(leads.c.programme == name)
        with reading(self._engine) as connection:
            return sorted(connection.execute(query).scalars())

    def dismiss(self, name: str, lead: str) -> None:
        """They lead it no longer."""
        fits = sa.and_(leads.c.programme == name, leads.c.person == lead)
        with writing(self._engine) as connection:
            connection.execute(sa.delete(leads).where(fits))

    def led_by(self, person: str) -> list[Programme]:
        """The programmes that this person leads."""
        query = _programmes().join(leads, leads.c.programme == programmes.c.name)
        query = query.where(leads.c.person == person).order_by(programmes.c.name)
        with reading(self._engine) as connection:
            return [Programme(*row) for row in connection.execute(query)]

    # who is in it ------------------------------------------------------------------------------
    def members(self, name: str) -> list[Member]:
        """Everybody in it or invited, by name."""
        return self._members(members.c.programme == name)

    def of(self, person: str) -> list[tuple[Programme, Member]]:
        """Where this person is invited or in."""
        found = self._members(members.c.person == person, members.c.state != "left")
        return [(self.named(m.programme), m) for m in found]

    def joined(self, name: str, person: str, side: Side | None = None) -> bool:
        """Whether they said yes to it, as this or as anything."""
        fits = [members.c.programme == name, members.c.person == person]
        found = self._members(*fits, members.c.state == "joined")
        return any(side in {None, m.side} for m in found)

    def invite(self, name: str, invited: Sequence[Invitation], by: str) -> int:
        """Invite them all, or nobody; how many of them are new. Whoever is in stays as they are.

        Where two leads invite the same person at once, they are invited once. Raises Malformed.
        """
        rows = [_row(name, one, by, self._now()) for one in invited]
        for one in invited:
            check_name(one.person)
        with writing(self._engine) as connection:
            before = _count(connection, name)
            add(connection, members, rows)
            for row in rows:  # who left, or was refused a mail, is asked again
                again = sa.update(members).where(*_at(name, row["person"], row["side"]))
                again = again.where(_open_again(row["mail"]))
                connection.execute(again.values(**row))
            return _count(connection, name) - before

    def answer(self, name: str, person: str, side: Side, *, joins: bool) -> None:
        """Their own yes or no, or their leaving later. Raises Unknown, Conflict."""
        now = {"state": "joined" if joins else "left", "at": self._now()}
        with writing(self._engine) as connection:
            at = _at(name, person, side)
            found = connection.execute(sa.select(members.c.state).where(*at)).scalar()
            if found is None:
                raise _unknown(name)
            if joins and found == "left":
                raise Conflict("left", "You left this programme; its lead can invite you again.")
            change = sa.update(members).where(*at, members.c.state != now["state"])
            connection.execute(change.values(**now, mail=None, mail_state="none", mail_at=None))
            if not joins:
                c = profiles.c
                theirs = (c.programme == name, c.person == person, c.side == side)
                connection.execute(sa.delete(profiles).where(*theirs))

    def offer(self, name: str, person: str, capacity: int | None, reply_days: int | None) -> None:
        """What a trainer can take on: how many learners at once, and how soon they reply."""
        for number, most in ((capacity, 100), (reply_days, 90)):
            if number is not None and not 0 <= number <= most:
                raise Malformed("bad_offer", "Up to 100 learners at once; a reply in 0 to 90 days.")
        with writing(self._engine) as connection:
            change = sa.update(members).where(*_at(name, person, "trainer"))
            connection.execute(change.values(capacity=capacity, reply_days=reply_days))

    def forget(self, name: str, person: str, side: Side) -> None:
        """Take an invitation back that nobody has answered."""
        with writing(self._engine) as connection:
            waits = members.c.state == "invited"
            connection.execute(sa.delete(members).where(*_at(name, person, side), waits))

    def _members(self, *fits: sa.ColumnElement[bool]) -> list[Member]:
        query = sa.select(*_MEMBER).where(*fits).order_by(members.c.person, members.c.side)
        with reading(self._engine) as connection:
            return [_member(row) for row in connection.execute(query)]

    def _now(self) -> str:
        return self._clock().isoformat()


_MEMBER = tuple(
    members.c[name]
    for name in (
        "programme",
        "person",
        "side",
        "state",
        "at",
        "capacity",
        "reply_days",
        "invited_by",
        "mail_state",
    )
)


def _member(row: Any) -> Member:
    programme, person, side, state, at, *rest = row
    return Member(programme, person, side, state, datetime.fromisoformat(at), *rest)


def _programmes() -> sa.Select[Any]:
    return sa.select(programmes.c.name, programmes.c.title, programmes.c.contact)


def _row(name: str, one: Invitation, by: str, now: str) -> dict[str, Any]:
    mailed = {"mail": one.mail, "mail_state": "waiting" if one.mail else "none", "mail_at": None}
    said = {"capacity": one.capacity, "reply_days": one.reply_days, "invited_by": by}
    return {
        "programme": name,
        "person": one.person,
        "side": one.side,
        "state": "invited",
        "at": now,
        **mailed,
        **said,
    }


def _open_again(mail: str | None) -> sa.ColumnElement[bool]:
    """Who is asked anew: they left, or the address that they were asked at was another."""
    left = members.c.state == "left"
    other = sa.or_(
        members.c.mail.is_(None), members.c.mail != mail, members.c.mail_state == "failed"
    )
    return sa.or_(
        left, sa.and_(members.c.state == "invited", sa.true() if mail else sa.false(), other)
    )


def _count(connection: sa.Connection, name: str) -> int:
    waits = sa.select(sa.func.count()).where(members.c.programme == name)
    return int(connection.execute(waits.where(members.c.state != "left")).scalar_one())


def _at(name: str, person: str, side: str) -> Collection[sa.ColumnElement[bool]]:
    c = members.c
    return (c.programme == name, c.person == person, c.side == side)


def _check_account(connection: sa.Connection, person: str) -> None:
    fits = sa.and_(people.c.name == person, people.c.language != CLOSED)
    if connection.execute(sa.select(people.c.name).where(fits)).first() is None:
        raise Unknown("unknown_person", f"There is no account of {person}.")


def _unknown(name: str) -> Unknown:
    return Unknown("unknown_programme", f"There is no programme {name} for you here.")
