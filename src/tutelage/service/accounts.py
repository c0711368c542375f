"""People who come in by the browser: one-time links, sessions that can be listed and ended.

A link and a session are secrets of which the database holds a digest. A link opens once, and for a
quarter of an hour; looking at it (as mail scanners do) does not use it up.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tutelage.domain.errors import Conflict, Malformed, NoKey, Unknown
from tutelage.service.database import reading, writing
from tutelage.service.tables import keys, leads, links, members, people, relationships, sessions
from tutelage.service.writer import OPERATOR, SYSTEM, Clock, Entropy, check_name

LINK_LASTS = timedelta(minutes=15)  # long enough for a slow mail server
INVITATION_LASTS = timedelta(days=14)
SESSION_LASTS = timedelta(days=30)
RESERVED = frozenset({SYSTEM, OPERATOR})  # who writes what no person writes
INVITATIONS = 20  # of one person, that wait to be followed: an invitation is no mailing list
CLOSED = ""  # the language of an account that its person deleted: the name alone is kept


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account: the name others see in the ledger, and where mail reaches them."""

    name: str
    mail: str | None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser that somebody is signed in with."""

    id: str
    person: str
    made_at: datetime
    seen_at: datetime
    browser: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is at the browser, in which session, and the secret its forms carry."""

    person: Person
    session: str
    form: str

    def sent(self, form: str) -> bool:
        """Whether a form was made for this session."""
        return hmac.compare_digest(form.encode("utf-8", "replace"), self.form.encode())


class Accounts:
    """The people of one database, their links and their sessions."""

    def __init__(self, engine: sa.Engine, clock: Clock, entropy: Entropy) -> None:
        self._engine, self._clock, self._entropy = engine, clock, entropy

    # people ------------------------------------------------------------------------------------
    def add(self, name: str, mail: str | None = None, language: str = "en") -> Person:
        """A new account; one that is there stays as it is."""
        _check(name)
        kept = mail_address(mail) if mail else None
        row = {"name": name, "mail": kept, "language": language, "made_at": self._now()}
        with writing(self._engine) as connection:
            found = connection.execute(sa.select(people).where(people.c.name == name)).first()
            if found is None:
                connection.execute(sa.insert(people).values(**row))
        return self.person(name)

    def person(self, name: str) -> Person:
        """Somebody by name. Raises Unknown."""
        with reading(self._engine) as connection:
            fits = sa.and_(people.c.name == name, people.c.language != CLOSED)
            found = connection.execute(sa.select(*_PERSON).where(fits)).first()
        if found is None:
            raise Unknown("unknown_person", f"There is no account of {name}.")
        return Person(*found)

    def by_mail(self, mail: str) -> Person | None:
        """Somebody by their address; nothing says to a stranger whether there is one."""
        try:
            query = sa.select(*_PERSON).where(people.c.mail == mail_address(mail))
        except Malformed:
            return None
        with reading(self._engine) as connection:
            found = connection.execute(query).first()
        return Person(*found) if found else None

    def speaks(self, name: str, language: str) -> None:
        """In which language this person reads the pages."""
        with writing(self._engine) as connection:
            fits = sa.and_(people.c.name == name, people.c.language != CLOSED)
            change = sa.update(people).where(fits)
            connection.execute(change.values(language=language))

    # links -------------------------------------------------------------------------------------
    def link(self, name: str = "", lasts: timedelta = LINK_LASTS) -> str:
        """A secret that signs this person in, once; without a name it invites somebody new."""
        secret, now = self._entropy(24).hex(), self._clock()
        row = {"digest": _digest(secret), "person": name, "expires_at": (now + lasts).isoformat()}
        with writing(self._engine) as connection:
            connection.execute(sa.insert(links).values(**row))
        return secret

    def invite(self, name: str, by: str | None = None, mail: str | None = None) -> str:
        """A secret that lets this person in under this name, once; an earlier one opens no more.

        `by` is who invites: nobody takes a name for others that somebody else's agreement names,
        or that a programme of others asks in.
        Raises Conflict, Malformed.
        """
        _check(name)
        secret, now = self._entropy(24).hex(), self._clock()
        row = {"digest": _digest(secret), "mail": mail_address(mail) if mail else None}
        until = (now + INVITATION_LASTS).isoformat()
        with _one_name(), writing(self._engine) as connection:
            _alone_with(connection, name)
            if by is not None:
                self._check_invited(connection, name, by)
            row["person"] = connection.execute(_account(name)).scalar() or name  # as it is spelt
            earlier = sa.and_(links.c.person == row["person"], links.c.used_at.is_(None))
            connection.execute(sa.delete(links).where(earlier))
            connection.execute(sa.insert(links).values(**row, invited_by=by, expires_at=until))
        return secret

    def _check_invited(self, connection: sa.Connection, name: str, by: str) -> None:
        """Raise Conflict where this name is not to be given away by them, or they invite many."""
        waits = self._waits()
        others = sa.or_(links.c.invited_by.is_(None), links.c.invited_by != by)
        reserved = sa.and_(waits, _same(links.c.person, name), others)
        held = connection.execute(sa.select(links.c.person).where(reserved)).first()
        theirs = any(by not in named for named in _agreements(connection, name))
        theirs = theirs or by not in (_leads(connection, name) or {by})
        if held or theirs or connection.execute(_account(name)).first():
            raise Conflict("name_taken", _TAKEN)
        asked = sa.select(sa.func.count()).where(waits, links.c.invited_by == by)
        if connection.execute(asked).scalar_one() >= INVITATIONS:
            said = "Many of your invitations wait to be followed; first they must be, or expire."
            raise Conflict("many_invitations", said)

    def spelt(self, name: str) -> str:
        """A name as its account spells it. Raises Conflict where the account was deleted."""
        query = sa.select(people.c.name, people.c.language).where(_same(people.c.name, name))
        with reading(self._engine) as connection:
            found = connection.execute(query).first()
        if found is not None and found.language == CLOSED:
            raise Conflict("account_closed", "This account was deleted; choose another name.")
        return name if found is None else str(found.name)

    def known(self, name: str) -> bool:
        """Whether there is an account of this name."""
        with reading(self._engine) as connection:
            return connection.execute(_account(name)).first() is not None

    def whose(self, secret: str) -> str:
        """Who a link would sign in; looking uses nothing up. Raises NoKey."""
        with reading(self._engine) as connection:
            found = connection.execute(_link(secret)).mappings().first()
        return self._good(found)

    def enter(
        self,
        secret: str,
        browser: str,
        name: str = "",
        mail: str | None = None,
        also: Callable[[sa.Connection, str], None] | None = None,
    ) -> str:
        """Sign in by a link, which is used up; the session's secret. Raises NoKey.

        Whoever was invited says their name, and gets an account under it. Raises Malformed, and
        Conflict where the name is taken. `also` is done for them in the same transaction.
        """
        session, now = self._entropy(24).hex(), self._now()
        with writing(self._engine) as connection:
            found = connection.execute(_link(secret)).mappings().first()
            person = self._good(found)
            _alone_with(connection, person or name)
            there = connection.execute(_account(person)).scalar() if person else None
            kept = found["mail"] if found else None
            with _one_name():
                person = there or self._joins(connection, person, name, mail or kept)
            fits = sa.and_(links.c.digest == _digest(secret), links.c.used_at.is_(None))
            used = connection.execute(sa.update(links).where(fits).values(used_at=now))
            if used.rowcount == 0:
                raise NoKey("link_used", _USED)
            if also is not None:
                also(connection, person)
            row = {"person": person, "made_at": now, "seen_at": now, "browser": browser[:200]}
            digest = _digest(session)
            connection.execute(sa.insert(sessions).values(id=digest[:16], digest=digest, **row))
        return session

    def _joins(self, connection: sa.Connection, invited: str, said: str, mail: str | None) -> str:
        """A new account: under the name it was invited by, or under one that names nobody yet."""
        name = invited or said
        _check(name)
        taken = sa.or_(_same(people.c.name, name), people.c.mail == (mail or "").lower())
        there = connection.execute(sa.select(people.c.name).where(taken)).first()
        waits = self._waits()
        invites = sa.select(links.c.digest).where(waits, _same(links.c.person, name))
        held = connection.execute(invites).first() or _means_somebody(connection, name)
        if there or (held and not invited):
            raise Conflict("name_taken", _TAKEN)
        kept = mail_address(mail) if mail else None
        row = {"name": name, "mail": kept, "language": "en", "made_at": self._now()}
        connection.execute(sa.insert(people).values(**row))
        return name

    def _waits(self) -> sa.ColumnElement[bool]:
        """A link that nobody has followed yet, and that is still good."""
        return sa.and_(links.c.used_at.is_(None), links.c.expires_at > self._now())

    def empty(self) -> bool:
        """Whether nobody has an account yet."""
        with reading(self._engine) as connection:
            there = sa.select(people.c.name).where(people.c.language != CLOSED)
            return connection.execute(there.limit(1)).first() is None

    def _good(self, found: Any) -> str:
        if found is None:
            raise NoKey("no_link", "This link is not known here; ask for another.")
        if found["used_at"] is not None:
            raise NoKey("link_used", _USED)
        if found["expires_at"] <= self._now():
            raise NoKey("link_expired", "This link has expired; ask for another.")
        return str(found["person"])

    # sessions ----------------------------------------------------------------------------------
    def open(self, secret: str | None) -> Signed | None:
        """Who is signed in by this secret; None where nobody is, or not any more."""
        if not secret:
            return None
        since = (self._clock() - SESSION_LASTS).isoformat()
        query = (
            sa.select(sessions.c.id, *_PERSON)
            .join(people, people.c.name == sessions.c.person)
            .where(sessions.c.digest == _digest(secret), sessions.c.made_at > since)
            .where(people.c.language != CLOSED)
        )
        with reading(self._engine) as connection:
            found = connection.execute(query).first()
        if found is None:
            return None
        return Signed(Person(*found[1:]), found[0], _digest(f"form {secret}"))

    def browsers(self, name: str) -> list[Browser]:
        """The browsers this person is signed in with, the newest first."""
        since = (self._clock() - SESSION_LASTS).isoformat()
        query = sa.select(*_BROWSER).where(sessions.c.person == name, sessions.c.made_at > since)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(sessions.c.made_at.desc())).all()
        read = datetime.fromisoformat
        return [Browser(i, p, read(made), read(seen), b) for i, p, made, seen, b in rows]

    def leave(self, name: str, session: str) -> None:
        """End one of this person's sessions, at once."""
        fits = sa.and_(sessions.c.person == name, sessions.c.id == session)
        with writing(self._engine) as connection:
            connection.execute(sa.delete(sessions).where(fits))

    def _now(self) -> str:
        return self._clock().isoformat()


_TAKEN = "This name or address is taken already; choose another."
_ADDRESS = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[\w-]+(\.[\w-]+)+"
)  # one, and no list of them
_USED = "This link was used already; ask for another."
_PERSON = (people.c.name, people.c.mail, people.c.language)
_BROWSER = (
    sessions.c.id,
    sessions.c.person,
    sessions.c.made_at,
    sessions.c.seen_at,
    sessions.c.browser,
)


def _check(name: str) -> None:
    check_name(name)
    if name.lower() in RESERVED:
        raise Conflict("name_taken", _TAKEN)


def _alone_with(connection: sa.Connection, name: str) -> None:
    """Let one at a time give this name away or take it; SQLite lets one at a time write anyway."""
    if connection.dialect.name == "postgresql":
        key = sa.func.hashtext(name.lower().replace("\0", ""))
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


@contextmanager
def _one_name() -> Iterator[None]:
    """Of two who take the same name or address at once, the second is told."""
    try:
        yield
    except sa.exc.IntegrityError:
        raise Conflict("name_taken", _TAKEN) from None


def _account(name: str) -> sa.Select[Any]:
    return sa.select(people.c.name).where(_same(people.c.name, name))


def _same(column: sa.Column[Any], name: str) -> sa.ColumnElement[bool]:
    """The same name to a reader: Nora is nora."""
    return sa.func.lower(column) == name.lower()


def _agreements(connection: sa.Connection, name: str) -> list[list[str]]:
    """Whom each agreement names that names this one."""
    column = relationships.c.named
    like = sa.func.lower(column).contains(json.dumps(name.lower()), autoescape=True)
    rows = connection.execute(sa.select(column).where(like, relationships.c.arm.is_(None)))
    return [json.loads(row[0]) for row in rows]


def _leads(connection: sa.Connection, name: str) -> set[str | None]:
    """Who leads a programme that asks somebody of this name in; empty where none does."""
    asks = sa.and_(_same(members.c.person, name), members.c.state != "left")
    query = (
        sa.select(leads.c.person)
        .select_from(members)
        .outerjoin(leads, leads.c.programme == members.c.programme)
    )
    return set(connection.execute(query.where(asks)).scalars())


def _means_somebody(connection: sa.Connection, name: str) -> bool:
    """Whether an agreement names them, or a program acts under this name."""
    acts = connection.execute(sa.select(keys.c.id).where(_same(keys.c.actor, name))).first()
    return acts is not None or bool(_agreements(connection, name))


def _link(secret: str) -> sa.Select[Any]:
    return sa.select(links).where(links.c.digest == _digest(secret))


def mail_address(said: str) -> str:
    """One mail address, as it is kept. Raises Malformed."""
    kept = said.strip().lower()
    if len(kept) > 254 or not _ADDRESS.fullmatch(kept):
        raise Malformed("bad_mail", "This is no mail address.")
    return kept


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
