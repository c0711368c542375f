"""Programmes: who leads one, who is in it and as what. No content is near: see `overview`.

Whoever is invited joins by their own yes and leaves by their own click. A relationship is in a
programme because its agreement names it; see `Relationship.programme`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from tutelage.domain.errors import Conflict, Malformed, Unknown
from tutelage.service.accounts import CLOSED, INVITATION_LASTS
from tutelage.service.added import add
from tutelage.service.database import reading, writing
from tutelage.service.secret import Signature
from tutelage.service.tables import leads, members, people, profiles, programmes
from tutelage.service.writer import Clock, Entropy, check_name

Side = Literal["learner", "trainer"]
SIDES: tuple[Side, ...] = ("learner", "trainer")
MOST_TITLE = 200
JOIN = "join"


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

    def __init__(self, engine: sa.Engine, clock: Clock, entropy: Entropy) -> None:
        self._engine, self._clock, self._entropy = engine, clock, entropy

    # what there is -----------------------------------------------------------------------------
    def make(self, name: str, title: str, lead: str, contact: str | None = None) -> Programme:
        """A programme and who leads it; one that is there gets one lead more, and what is new.

        Raises Malformed, and Unknown where the lead has no account.
        """
        check_name(name)
        if not title.strip() or len(title) > MOST_TITLE:
            raise Malformed("bad_title", f"A programme's title has 1 to {MOST_TITLE} letters.")
        row = {"name": name, "title": title.strip(), "contact": contact, "made_at": self._now()}
        with writing(self._engine) as connection:
            _check_account(connection, lead)
            add(connection, programmes, [row])
            said = {"title": row["title"], **({"contact": contact} if contact else {})}
            here = programmes.c.name == name
            connection.execute(sa.update(programmes).where(here).values(**said))
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
        """They lead it no longer. Raises Unknown."""
        self.named(name)
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
        mine = sa.select(people.c.mail).where(people.c.name == person).scalar_subquery()
        here = sa.or_(members.c.state == "joined", members.c.mail.is_(None), members.c.mail == mine)
        found = self._members(members.c.person == person, members.c.state != "left", here)
        asked = _programmes().where(programmes.c.name.in_({m.programme for m in found}))
        with reading(self._engine) as connection:
            known = {row.name: Programme(*row) for row in connection.execute(asked)}
        return [(known[m.programme], m) for m in found]

    def joined(self, name: str, person: str, side: Side | None = None) -> bool:
        """Whether they said yes to it, as this or as anything."""
        fits = [members.c.programme == name, members.c.person == person]
        found = self._members(*fits, members.c.state == "joined")
        return any(side in {None, m.side} for m in found)

    def invite(
        self, name: str, invited: Sequence[Invitation], by: str, *, again: bool = False
    ) -> int:
        """Invite them all, or nobody; how many of them are new. Whoever is in stays as they are.

        Whoever left or declined is asked `again` only where that is said.
        Where two leads invite the same person at once, they are invited once. Raises Malformed.
        """
        rows = [_row(name, one, by, self._now()) for one in invited]
        for one in invited:
            check_name(one.person)
        with writing(self._engine) as connection:
            before = _count(connection, name)
            add(connection, members, rows)
            for row in rows:
                anew = sa.update(members).where(*_at(name, row["person"], row["side"]))
                anew = anew.where(_open_again(row["mail"], left=again))
                connection.execute(anew.values(**row))
            return _count(connection, name) - before

    def answer(self, name: str, person: str, side: Side, *, joins: bool) -> None:
        """Their own yes or no, or their leaving later. Raises Unknown, Conflict."""
        now = {"state": "joined" if joins else "left", "at": self._now()}
        with writing(self._engine) as connection:
            at = _at(name, person, side)
            query = sa.select(members.c.state, members.c.mail, people.c.mail)
            query = query.outerjoin(people, people.c.name == members.c.person)
            found, asked, mine = connection.execute(query.where(*at)).first() or (None, None, None)
            if found == "invited" and asked not in {None, mine}:
                found = None  # somebody else was asked under this name, at their address
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

    # invitations -------------------------------------------------------------------------------
    def token(self, name: str, person: str, side: str) -> str:
        """What the link of an invitation holds; the same for as long as it is open."""
        return Signature(self._engine, JOIN, self._entropy).of(f"{name}/{person}/{side}")

    def invited(self, token: str) -> tuple[Member, str | None]:
        """The invitation of a link, while it is open, and where it was mailed. Raises Unknown."""
        said = (Signature(self._engine, JOIN, self._entropy).name(token) or "//").split("/")
        query = sa.select(members.c.mail, *_MEMBER).where(
            *_at(*said[:3]), members.c.state == "invited", members.c.at > self._since()
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        if row is None:
            raise Unknown("no_invitation", "This invitation is over, or was answered; ask anew.")
        return _member(tuple(row)[1:]), row[0]

    def claim(self, connection: sa.Connection, invited: Member, person: str) -> None:
        """Whoever has the link is the one who was meant, whatever they are called here."""
        at = _at(invited.programme, invited.person, invited.side)
        there = _at(invited.programme, person, invited.side)
        if person != invited.person:  # an older row of theirs gives way
            connection.execute(sa.delete(members).where(*there))
        known = {"person": person, "mail": None, "mail_state": "none", "mail_at": None}
        connection.execute(sa.update(members).where(*at).values(**known))

    def join(self, invited: Member, person: str) -> None:
        """Join by the link of an invitation."""
        with writing(self._engine) as connection:
            self.claim(connection, invited, person)
        self.answer(invited.programme, person, invited.side, joins=True)

    def send_again(self, name: str, person: str, side: Side) -> None:
        """Mail an invitation once more, once a day at most; it holds from now on."""
        c, now = members.c, self._clock()
        day = (now - timedelta(days=1)).isoformat()
        rested = sa.or_(c.mail_at.is_(None), c.mail_at <= day, c.mail_state == "failed")
        fits = sa.and_(c.state == "invited", c.mail.is_not(None), rested)
        with writing(self._engine) as connection:
            change = sa.update(members).where(*_at(name, person, side), fits)
            connection.execute(
                change.values(mail_state="waiting", mail_at=None, at=now.isoformat())
            )

    def _since(self) -> str:
        return (self._clock() - INVITATION_LASTS).isoformat()

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


def _open_again(mail: str | None, *, left: bool) -> sa.ColumnElement[bool]:
    """Who is asked anew: whoever left, where that is meant; and whose address was another."""
    c = members.c
    other = sa.or_(c.mail.is_(None), c.mail != mail, c.mail_state == "failed")
    moved = sa.and_(c.state == "invited", other) if mail else sa.false()
    return sa.or_(c.state == "left", moved) if left else moved


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
