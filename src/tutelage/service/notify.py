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
from datetime import timedelta
from typing import Protocol

from tutelage.domain.errors import TutelageError
from tutelage.service.accounts import Person
from tutelage.service.channel import Channels
from tutelage.service.channelling import ChannelLines
from tutelage.service.delivery import LEASE, Deliveries
from tutelage.service.desk import Tutelage
from tutelage.service.mail import Handed
from tutelage.service.pieces import why
from tutelage.service.planning import Planning
from tutelage.service.preference import Preferences, Wishes
from tutelage.service.replying import Replying
from tutelage.service.sending import back_off, listener, once, shuffled, still
from tutelage.service.telling import TOLD_FOR, Key, Telling, Tellings

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
"""How a message is worded: the doors know languages and addresses of pages."""
Body = Callable[[Telling], Mapping[str, object]]
"""What a webhook says of one thing."""
Stop = Callable[[], bool]
Also = Callable[[Stop], int]
"""What else goes out in rounds, invites of calendars and of programmes, facts; how many did."""


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
        calendar: tuple[str, bytes] | None = None,
    ) -> Handed:
        """Hand it over, and say what came of it."""


@dataclass(frozen=True, slots=True)
class Words:
    """How each is worded: a mail, a message in a chat, the body of a webhook."""

    mail: Word
    chat: Word
    hook: Body


@dataclass(frozen=True, slots=True)
class Round:
    """What one round came to: messages taken, refused for good, and to be tried again."""

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
        post: Post | None,
        words: Words,
        lease: timedelta = LEASE,
        replying: Replying | None = None,
        also: Sequence[Also] = (),
        *,
        private: bool = False,
    ) -> None:
        self._desk, self._post, self._word, self._lease = desk, post, words.mail, lease
        self._replying, self._also = replying, also
        engine = desk.ledger.engine
        self._wishes, self._tellings = Preferences(engine), Tellings(desk)
        self._rows = Deliveries(engine, desk.entropy)
        channels = Channels(engine, desk.clock, desk.entropy, private=private)
        self._planning = Planning(desk, channels)
        self._lines = ChannelLines(desk, channels, words.chat, words.hook, private=private)

    def round(self, stop: Stop = lambda: False) -> Round:
        """Read what was answered, plan what is new, and send what is due."""
        read = self._read(stop)
        self._planning.round(self._desk.clock())
        came = [*self._mails(stop), *self._lines.round(stop)]
        came += ["sent"] * sum(self._besides(do, stop) for do in self._also)
        taken = read.pop("entry", 0)
        aside = sum(n for what, n in read.items() if what not in ASIDE)
        later = came.count("later") + came.count("away")
        return Round(came.count("sent"), came.count("refused"), later, taken, aside)

    def _mails(self, stop: Stop) -> Iterator[str]:
        """What came of each mail; one server that is away is asked once."""
        due = self._rows.whom(self._desk.clock()) if self._post is not None else []
        wishes = self._wishes.every() if due else {}
        for name in shuffled(due, self._desk.entropy):
            if stop():
                return
            said = wishes.get(name, Wishes())
            if not said.failing and not said.quiet(self._desk.clock()):
                came = self._one(name)
                yield came
                if came == "away":
                    return

    def _read(self, stop: Stop) -> Counter[str]:
        if self._replying is None:
            return Counter()
        try:
            return self._replying.round(stop)
        except (TutelageError, OSError) as problem:  # what waits is told all the same
            log.error("answers by mail were not read: %s", why(problem))  # noqa: TRY400
            return Counter()

    def _besides(self, do: Also, stop: Stop) -> int:
        try:
            return 0 if stop() else do(stop)
        except TutelageError as problem:  # the next round tries again
            log.error("a round was not finished: %s", problem.code)  # noqa: TRY400
            return 0

    def tidy(self) -> int:
        """Let go of rows that nothing rests on any more; how many."""
        if self._replying is not None:
            self._replying.tidy()
        return self._rows.forget(self._desk.clock() - KEPT)

    def _one(self, name: str) -> str:
        """One mail to one person, or none; what came of it."""
        token = self._rows.claim(name, self._desk.clock(), self._lease)
        if token is None:
            return "not now"
        wishes = self._wishes.of(name)
        due = self._rows.due(name, self._desk.clock())
        person = listener(self._desk, name)
        told = still(self._tellings, due, self._desk.clock()) if person and person.mail else {}
        told = {k: t for k, t in told.items() if wishes.how[t.kind] != "never"}
        self._rows.drop([key for key in due if key not in told])
        if person is None or not told:
            self._rows.release(token)
            return "nothing"
        return self._came(token, told, self._handed(person, wishes, told), max(due.values()))

    def _handed(self, person: Person, wishes: Wishes, told: Mapping[Key, Telling]) -> Handed:
        assert self._post is not None  # noqa: S101  # nobody is mailed without
        try:
            mail = self._word(person, wishes, once(told.values()))
            return self._post.now(
                str(person.mail), mail.subject, mail.text, mail.headers, _digest(told), mail.back
            )
        except Exception as error:  # noqa: BLE001  # the others get theirs; a message may hold a name
            log.error("a mail could not be made: %s", why(error))  # noqa: TRY400
            return Handed(type(error).__name__)

    def _came(self, token: str, keys: Collection[Key], handed: Handed, tries: int) -> str:
        now = self._desk.clock()
        if not handed.error:
            self._rows.sent(token, keys, now)
            return "sent"
        log.error("a mail was not sent: %s", handed.error)
        if handed.refused:
            self._rows.refused(token, keys, now, handed.error)
            return "refused"
        self._rows.later(token, keys, back_off(now, tries), handed.error)
        return "away" if handed.away else "later"


def _digest(keys: Collection[Key]) -> str:
    """The same for the same mail: who gets it twice can see that it is one."""
    return hashlib.sha256(repr(sorted(tuple(key)[:5] for key in keys)).encode()).hexdigest()[:32]
