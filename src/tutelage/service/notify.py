"""Notify: a person is told by mail what waits for them, so that they need not look.

A round plans what is new, then sends each person one mail with all that is due for them. Any number
of processes make rounds on one database.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import sqlalchemy as sa

from tutelage.domain.errors import TutelageError
from tutelage.service.accounts import CLOSED, Person
from tutelage.service.database import people, reading
from tutelage.service.delivery import LEASE, Deliveries
from tutelage.service.desk import Tutelage
from tutelage.service.mail import Handed
from tutelage.service.pieces import why
from tutelage.service.preference import Preferences, Wishes
from tutelage.service.replying import Replying
from tutelage.service.telling import TOLD_FOR, Key, Telling, Tellings

BACK_OFF = tuple(timedelta(minutes=n) for n in (1, 5, 15, 60, 240))
KEPT = TOLD_FOR + timedelta(days=30)  # longer than anything is told for: nothing is told twice
ASIDE = frozenset({"nothing", "bounce", "later"})  # mails that were not to become an entry
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it is worded."""

    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
    back: str = ""  # where it comes back to, if it cannot be delivered


Word = Callable[[Person, Wishes, Sequence[Telling]], Mail]
"""How a mail is worded: the doors know languages and addresses of pages."""
Stop = Callable[[], bool]


class Post(Protocol):
    """Who hands mail over: the Mailer."""

    def now(
        self,
        to: str,
        subject: str,
        text: str,
        more: Mapping[str, str],
        key: str = "",
        back: str = "",
    ) -> Handed:
        """Hand it over, and say what came of it."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round came to: mails taken, mails refused for good, mails to be tried again."""

    sent: int = 0
    refused: int = 0
    later: int = 0
    answered: int = 0  # answers by mail that became entries, and mails that became none
    not_taken: int = 0


class Notifier:
    """Tells the people of one desk."""

    def __init__(
        self,
        desk: Tutelage,
        post: Post,
        word: Word,
        lease: timedelta = LEASE,
        replying: Replying | None = None,
    ) -> None:
        self._desk, self._post, self._word, self._lease = desk, post, word, lease
        self._replying = replying
        engine = desk.ledger.engine
        self._wishes = Preferences(engine)
        self._rows = Deliveries(engine, desk.entropy)
        self._tellings = Tellings(desk)

    def round(self, stop: Stop = lambda: False) -> Round:
        """Read what was answered, plan what is new, and send what is due."""
        read = self._read(stop)
        reached, wishes = self._people(), self._wishes.every()
        now = self._desk.clock()
        told = {t.key: t for t in self._tellings.of(reached, now)}
        self._plan(told, wishes, now)
        came: list[str] = []
        for name in self._rows.whom(now):
            if stop() or "away" in came:
                break
            said = wishes.get(name, Wishes())
            if not said.failing and not said.quiet(self._desk.clock()):
                came.append(self._one(name, reached.get(name), said, told))
        later = came.count("later") + came.count("away")
        taken = read.pop("entry", 0)
        aside = sum(n for what, n in read.items() if what not in ASIDE)
        return Round(came.count("sent"), came.count("refused"), later, taken, aside)

    def _read(self, stop: Stop) -> Counter[str]:
        if self._replying is None:
            return Counter()
        try:
            return self._replying.round(stop)
        except (TutelageError, OSError) as problem:  # what waits is told all the same
            log.error("answers by mail were not read: %s", why(problem))  # noqa: TRY400
            return Counter()

    def tidy(self) -> int:
        """Let go of rows that nothing rests on any more; how many."""
        if self._replying is not None:
            self._replying.tidy()
        return self._rows.forget(self._desk.clock() - KEPT)

    def _people(self) -> dict[str, Person]:
        c = people.c
        query = sa.select(c.name, c.mail, c.language).where(c.mail.is_not(None))
        with reading(self._desk.ledger.engine) as connection:
            found = connection.execute(query.where(c.language != CLOSED)).all()
        return {row[0]: Person(*row) for row in found}

    def _plan(
        self, told: Mapping[Key, Telling], wishes: Mapping[str, Wishes], now: datetime
    ) -> None:
        known = self._rows.keys()
        new = (t for key, t in told.items() if key not in known)
        self._rows.plan(_due(new, wishes, now))

    def _one(
        self, name: str, person: Person | None, wishes: Wishes, told: Mapping[Key, Telling]
    ) -> str:
        """One mail to one person, or none; what came of it."""
        token = self._rows.claim(name, self._desk.clock(), self._lease)
        if token is None:
            return "not now"
        due = self._rows.due(name, self._desk.clock())
        self._rows.drop([key for key in due if key not in told or person is None])
        keys = [key for key in due if key in told]
        if person is None or person.mail is None or not keys:
            self._rows.release(token)
            return "nothing"
        try:
            mail = self._word(person, wishes, _once(told[key] for key in keys))
            handed = self._post.now(
                person.mail, mail.subject, mail.text, mail.headers, _digest(keys), mail.back
            )
        except Exception as error:  # noqa: BLE001  # the others get theirs; a message may hold a name
            log.error("a mail could not be made: %s", why(error))  # noqa: TRY400
            handed = Handed(type(error).__name__)
        return self._came(token, keys, handed, max(due[key] for key in keys))

    def _came(self, token: str, keys: Collection[Key], handed: Handed, tries: int) -> str:
        now = self._desk.clock()
        if not handed.error:
            self._rows.sent(token, keys, now)
            return "sent"
        log.error("a mail was not sent: %s", handed.error)
        if handed.refused:
            self._rows.refused(token, keys, now, handed.error)
            return "refused"
        again = now + BACK_OFF[min(tries, len(BACK_OFF) - 1)]
        self._rows.later(token, keys, again, handed.error)
        return "away" if handed.away else "later"


def _due(
    new: Iterator[Telling], wishes: Mapping[str, Wishes], now: datetime
) -> Iterator[tuple[Key, datetime]]:
    """When each is told, as its person wishes; whoever rates blind, at no telling hour."""
    usual = Wishes()
    for telling in new:
        said = wishes.get(telling.key.person, usual)
        how = said.how[telling.kind]
        if how != "never":
            yield telling.key, said.due("daily" if telling.blind else how, now)


def _once(told: Iterator[Telling]) -> list[Telling]:
    """Each thing once, though it came up as new and as a nudge; the longest waited for first."""
    last: dict[tuple[str, str, int], Telling] = {}
    for one in told:
        at = (one.key.what, one.key.relationship, one.key.seq)
        if at not in last or last[at].key.stage < one.key.stage:
            last[at] = one
    return sorted(last.values(), key=lambda t: (t.blind, t.since, t.key))


def _digest(keys: Collection[Key]) -> str:
    """The same for the same mail: who gets it twice can see that it is one."""
    return hashlib.sha256(repr(sorted(tuple(key) for key in keys)).encode()).hexdigest()[:32]
