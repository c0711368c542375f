"""Replying: what came by mail becomes entries, each in its writer's name and once.

What trust rests on: the token in the address is the secret, the sender's address a second check,
and what the operator's own mail server says of it a third. Only whoever passed them is answered.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

import sqlalchemy as sa
from pydantic import ValidationError

from tutelage.domain.errors import Conflict, Refused, TutelageError, Unavailable
from tutelage.service.accounts import Person
from tutelage.service.added import add
from tutelage.service.answering import event
from tutelage.service.calendars import answered
from tutelage.service.database import reading, writing
from tutelage.service.desk import Tutelage
from tutelage.service.ics import Reply as CalendarReply
from tutelage.service.ics import reply as calendar_reply
from tutelage.service.incoming import Incoming, Unreadable, read
from tutelage.service.keys import Key
from tutelage.service.letterbox import Letter, Letterbox
from tutelage.service.pieces import why
from tutelage.service.preference import BOUNCES_LAST, Preferences
from tutelage.service.reply import BOUNCE, Replies, Reply
from tutelage.service.session import Session
from tutelage.service.stamped import stamp
from tutelage.service.tables import letters, reaches

KEPT = timedelta(days=90)  # a mail that is brought in once more after that is a new one
LATER, BUSY = "later", "busy"
TRIES = 10
ELSEWHERE = timedelta(days=1)  # in which one mail at most says that another address wrote
log = logging.getLogger(__name__)


class Voice(Protocol):
    """Words for whoever answered; the doors know languages and addresses of pages."""

    def said_with_it(self, person: Person) -> str:
        """What stands for a reason that was not given apart."""

    def from_elsewhere(self, person: Person, key: str) -> bool:
        """Tell them that an answer came from another address; whether that could be sent."""

    def not_taken(self, person: Person, reply: Reply, reason: str, key: str) -> bool:
        """Tell them that their answer was not taken, and why; whether that could be sent."""


class Replying:
    """Reads the answers of one maildir into one desk."""

    def __init__(
        self, desk: Tutelage, box: Letterbox, replies: Replies, voice: Voice, checked_by: str = ""
    ) -> None:
        self._desk, self._box, self._replies = desk, box, replies
        self._voice, self._checked_by = voice, checked_by

    def round(self, stop: Callable[[], bool] = lambda: False) -> Counter[str]:
        """Read what waits; how many became what."""
        came: Counter[str] = Counter()
        for letter in self._box.letters():
            if stop():
                break  # what is held already is put back after its lease
            came[self._one(letter)] += 1
        return came

    def tidy(self) -> None:
        """Let go of addresses and mails that are over."""
        before = self._desk.clock() - KEPT
        self._replies.forget(before)
        with writing(self._desk.ledger.engine) as connection:
            old = letters.c.read_at < stamp(before)
            connection.execute(sa.delete(letters).where(old))

    def _one(self, letter: Letter) -> str:
        """What became of one mail; it is moved when that is on disk."""
        try:
            came = self._read(letter)
        except Unavailable as problem:  # the database, not the mail: it waits
            log.warning("an answer by mail waits: %s", problem.code)
            return LATER
        except Exception as error:  # noqa: BLE001  # the others are read; a message may hold a text
            log.error("an answer by mail could not be read: %s", why(error))  # noqa: TRY400
            came = "failed"
        if came in {"entry", "bounce", "nothing"}:
            self._box.done(letter)
        elif came != LATER:
            log.warning("an answer by mail was not taken: %s", came)
            self._box.reject(letter)
        return came

    def _read(self, letter: Letter) -> str:
        try:
            mail = read(letter.raw, self._checked_by, self._replies.ours)
        except Unreadable:
            return "unreadable"
        said = calendar_reply(mail.calendar) if mail.calendar else None
        if said is not None:  # it names the talk by what only this person was sent
            return self._talk(said, mail)
        found = self._replies.find(mail.to)
        if found is None:
            return "nothing" if mail.automatic or mail.report else "unsigned"
        reply, until = found
        if mail.report:
            return self._bounced(reply.person, mail, letter)
        if mail.automatic:
            return "nothing"
        return self._answer(reply, until, mail, letter)

    def _talk(self, said: CalendarReply, mail: Incoming) -> str:
        """What a calendar answered; of a date that was moved since, nothing is kept."""
        came = answered(self._desk, "" if mail.forged else mail.sender, said)
        if came == BUSY:
            return LATER
        return {"written": "entry", "late": "nothing", "forged": "foreign_sender"}.get(came, came)

    # answers -----------------------------------------------------------------------------------
    def _answer(self, reply: Reply, until: datetime, mail: Incoming, letter: Letter) -> str:
        try:
            person = self._desk.people.person(reply.person)
        except TutelageError:
            return "no_account"
        if mail.forged or not person.mail or mail.sender != person.mail.lower():
            self._elsewhere(person, reply, mail)
            return "foreign_sender"
        if reply.what == BOUNCE:
            return "nothing"  # somebody answered the machine that writes to them
        try:
            if until <= self._desk.clock():
                raise Refused("reply_expired", "This mail is too old to be answered.")
            self._write(reply, mail, person)
        except Unavailable:
            raise
        except TutelageError as refused:
            if refused.code == BUSY:
                return LATER
            return self._told(person, reply, refused.code, refused.message, letter)
        return "entry"

    def _write(self, reply: Reply, mail: Incoming, person: Person) -> None:
        """Write the entry. Raises Refused, and whatever the rules say."""
        if not mail.text:
            raise Refused("reply_empty", "There were no words of yours in it.")
        entry = _entry(reply, mail.id)
        session = Session(self._desk, Key("mail", reply.person, reply.relationship))
        self._replies.use(reply, entry)
        try:
            if self._desk.ledger.find(reply.relationship, entry) is None:
                state = self._desk.state(reply.relationship)
                said = event(state, reply, mail.text, self._voice.said_with_it(person))
                _patiently(lambda: session.write(reply.relationship, said, id=entry))
        except Unavailable:
            raise  # it may be on disk: the address stays this entry's
        except (TutelageError, ValidationError) as problem:
            self._replies.unused(reply, entry)
            if isinstance(problem, ValidationError):
                raise Refused("reply_unfit", "This text cannot be taken; write it anew.") from None
            raise

    def _elsewhere(self, person: Person, reply: Reply, mail: Incoming) -> None:
        """Tell their own address, once a day at most, that an answer came from another one."""
        failing = Preferences(self._desk.ledger.engine).of(person.name).failing
        if (
            mail.forged
            or "@" not in mail.sender
            or not person.mail
            or reply.what == BOUNCE
            or failing
        ):
            return
        now, digest = self._desk.clock(), _sum(f"elsewhere\n{person.name}".encode())
        if not self._day(digest, stamp(now), stamp(now - ELSEWHERE)):
            return
        if not self._voice.from_elsewhere(person, _sum(f"{digest}\n{now}".encode())[:32]):
            self._day(digest, "", stamp(now))

    def _day(self, digest: str, to: str, before: str) -> bool:
        """Move what was last told there from before then to now; of two at once, one does."""
        at = sa.and_(letters.c.digest == digest, letters.c.read_at <= before)
        with writing(self._desk.ledger.engine) as connection:
            add(connection, letters, [{"digest": digest, "read_at": ""}])
            moved = connection.execute(sa.update(letters).where(at).values(read_at=to))
            return moved.rowcount > 0

    def _told(self, person: Person, reply: Reply, code: str, reason: str, letter: Letter) -> str:
        """Tell them once why it was not taken; while no mail can be sent, it waits."""
        digest, engine = _digest(letter), self._desk.ledger.engine
        query = sa.select(letters.c.digest).where(letters.c.digest == digest)
        with reading(engine) as connection:
            told = connection.execute(query).first() is not None
        if not told and not self._voice.not_taken(person, reply, reason, digest[:32]):
            return LATER
        with writing(engine) as connection:
            add(connection, letters, [{"digest": digest, "read_at": stamp(self._desk.clock())}])
        return code

    # bounces -----------------------------------------------------------------------------------
    def _bounced(self, person: str, mail: Incoming, letter: Letter) -> str:
        """Count what came back for good, once a mail."""
        if mail.bounce != "hard":
            return "nothing"
        now = self._desk.clock()
        old = sa.or_(
            reaches.c.bounced_at.is_(None), reaches.c.bounced_at < stamp(now - BOUNCES_LAST)
        )
        more = sa.case((old, 1), else_=sa.func.coalesce(reaches.c.bounced, 0) + 1)
        with writing(self._desk.ledger.engine) as connection:
            query = sa.select(letters.c.digest).where(letters.c.digest == _digest(letter))
            if connection.execute(query).first() is None:
                row = {"digest": _digest(letter), "read_at": stamp(now)}
                add(connection, letters, [row])
                add(connection, reaches, [{"person": person, "refused": 0}])
                change = sa.update(reaches).where(reaches.c.person == person)
                connection.execute(change.values(bounced=more, bounced_at=stamp(now)))
        return "bounce"


def _patiently(write: Callable[[], object]) -> None:
    """Write, though others write there at once: nobody is at hand to press a button again."""
    for _ in range(TRIES):
        try:
            write()
        except Conflict as problem:
            if problem.code != BUSY:
                raise
        else:
            return
    write()


def _entry(reply: Reply, message: str) -> str:
    """The id of the entry that a mail becomes: the same however often it is read."""
    said = f"{reply}\n{message}".encode("utf-8", "replace")
    return f"mail.{hashlib.sha256(said).hexdigest()[:40]}"


def _digest(letter: Letter) -> str:
    return _sum(letter.raw)


def _sum(said: bytes) -> str:
    return hashlib.sha256(said).hexdigest()
