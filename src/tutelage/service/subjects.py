"""People as a sign-in service knows them, and which account here is theirs.

What such a service says about somebody opens their account, and nothing else: it gives no role.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tutelage.domain.errors import Conflict
from tutelage.service.accounts import Accounts, Person
from tutelage.service.database import reading, writing
from tutelage.service.tables import sessions, subjects
from tutelage.service.writer import Clock


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody as a provider knows them."""

    issuer: str
    subject: str
    mail: str = ""  # only where the provider has verified that it is theirs
    called: str = ""


class Subjects:
    """Which person here each of them is."""

    def __init__(self, people: Accounts, engine: sa.Engine, clock: Clock) -> None:
        self._people, self._engine, self._clock = people, engine, clock

    def known(self, who: Identity) -> Person | None:
        """Whose account this opens."""
        with reading(self._engine) as connection:
            found = connection.execute(_person(who)).scalar()
        return None if found is None else self._people.person(found)

    def enter(self, who: Identity, browser: str) -> str | None:
        """Sign in; the session's secret, or None where they have no account here.

        Whose verified address is an account's has that account from now on, unless the same
        provider knows its owner as somebody else: addresses are given away again.
        """
        person = self.known(who) or self._by_mail(who)
        if person is None:
            return None
        return self._people.enter(self._people.link(person.name), browser)

    def _by_mail(self, who: Identity) -> Person | None:
        person = self._people.by_mail(who.mail) if who.mail else None
        if person is None:
            return None
        query = sa.select(subjects.c.subject).where(_of(person.name, who.issuer))
        with _once(), writing(self._engine) as connection:
            if set(connection.execute(query).scalars()) - {who.subject}:
                return None
            self._insert(connection, who, person.name)
            # an address that was typed here proves nothing: whoever typed it is signed out
            connection.execute(sa.delete(sessions).where(sessions.c.person == person.name))
        return person

    def keep(self, name: str, who: Identity) -> None:
        """From now on this opens this person's account. Raises Conflict."""
        with _once(), writing(self._engine) as connection:
            self._insert(connection, who, name)

    def join(self, who: Identity, name: str, browser: str, invitation: str = "") -> str:
        """A new account under this name, signed in; the session's secret.

        Raises Conflict, Malformed, and NoKey where the invitation is good no more.
        """
        secret = invitation or self._people.link()
        with _once():
            return self._people.enter(
                secret, browser, name, who.mail or None, lambda c, p: self._insert(c, who, p)
            )

    def kept(self, name: str, issuer: str) -> bool:
        """Whether this person can sign in by this provider."""
        query = sa.select(subjects.c.subject).where(_of(name, issuer)).limit(1)
        with reading(self._engine) as connection:
            return connection.execute(query).first() is not None

    def drop(self, name: str, issuer: str) -> None:
        """From now on this provider opens nothing of this person's."""
        with writing(self._engine) as connection:
            connection.execute(sa.delete(subjects).where(_of(name, issuer)))

    def _insert(self, connection: sa.Connection, who: Identity, name: str) -> None:
        found = connection.execute(_person(who)).scalar()
        if found is not None and found != name:
            raise _taken()
        row = {"issuer": who.issuer, "subject": who.subject, "person": name}
        if found is None:
            now = self._clock().isoformat()
            connection.execute(sa.insert(subjects).values(made_at=now, **row))


def _person(who: Identity) -> sa.Select[Any]:
    fits = sa.and_(subjects.c.issuer == who.issuer, subjects.c.subject == who.subject)
    return sa.select(subjects.c.person).where(fits)


def _of(name: str, issuer: str) -> sa.ColumnElement[bool]:
    return sa.and_(subjects.c.person == name, subjects.c.issuer == issuer)


def _taken() -> Conflict:
    return Conflict(
        "sign_in_taken",
        "This sign-in belongs to another account here, or another took the name; look again.",
    )


@contextmanager
def _once() -> Iterator[None]:
    """Of two who write the same at once, the second is told."""
    try:
        yield
    except sa.exc.IntegrityError:
        raise _taken() from None
