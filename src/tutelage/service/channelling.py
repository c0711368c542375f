"""Channelling: what is due on people's other channels goes out there."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from tutelage.service import chatting, webhook
from tutelage.service.channel import Channel, Channels, failed
from tutelage.service.deadline import within
from tutelage.service.delivery import CHANNELS, LEASE, Deliveries
from tutelage.service.mail import Handed
from tutelage.service.pieces import why
from tutelage.service.preference import Preferences
from tutelage.service.secret import Signature
from tutelage.service.sending import back_off, listener, once, shuffled, still
from tutelage.service.telling import Key, Telling, Tellings

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage
    from tutelage.service.notify import Body, Word

MOST = 50  # webhooks of one claim
BUDGET = 30.0  # seconds of one round: invites and answers by mail are not to wait for slow servers
log = logging.getLogger(__name__)


class ChannelLines:
    """Sends what is due to chats and webhooks."""

    def __init__(
        self, desk: Tutelage, channels: Channels, word: Word, body: Body, *, private: bool
    ) -> None:
        self._desk, self._channels, self._word, self._body = desk, channels, word, body
        self._private = private
        engine = desk.ledger.engine
        self._rows = Deliveries(engine, desk.entropy, CHANNELS)
        self._wishes, self._tellings = Preferences(engine), Tellings(desk)
        self._signature = Signature(engine, "webhook", desk.entropy)
        self.lease: timedelta = LEASE
        self._left: list[str] = []  # not reached in the last round
        self._ends = 0.0

    def round(self, stop: Callable[[], bool]) -> Iterator[str]:
        """What came of each message."""
        order, self._ends = self._order(), time.monotonic() + BUDGET
        self._left = []
        for at, name in enumerate(order):
            if stop() or (at and self._late()):
                self._left = order[at:]
                return
            channel = self._channels.find(name)
            if channel is not None and not self._quiet(channel):
                yield from self._one(channel, stop)

    def _order(self) -> list[str]:
        """What is due; those that the last round did not reach come first."""
        due = self._rows.whom(self._desk.clock())
        first = [name for name in self._left if name in set(due)]
        others = [name for name in due if name not in set(first)]
        return [*first, *shuffled(others, self._desk.entropy)]

    def _late(self) -> bool:
        return time.monotonic() > self._ends

    def _quiet(self, channel: Channel) -> bool:
        """Whether its person wants nothing now; a program sleeps at no hour."""
        now = self._desk.clock()
        return channel.kind == "chat" and self._wishes.of(channel.person).quiet(now)

    def _one(self, channel: Channel, stop: Callable[[], bool]) -> Iterator[str]:
        token = self._rows.claim(channel.id, self._desk.clock(), self.lease)
        if token is None:
            return
        most = MOST if channel.kind == "webhook" else None
        due = self._rows.due(channel.id, self._desk.clock(), most)
        told = self._still(channel, due)
        self._rows.drop([key for key in due if key not in told])
        if not told:
            self._rows.release(token)
        elif channel.kind == "chat":
            yield self._came(token, list(told), self._chatted(channel, told), max(due.values()))
        else:
            yield from self._hooked(token, channel, told, due, stop)

    def _still(self, channel: Channel, due: Mapping[Key, int]) -> dict[Key, Telling]:
        if listener(self._desk, channel.person) is None:
            return {}
        found = still(self._tellings, due, self._desk.clock())
        return {k: t for k, t in found.items() if channel.how.get(t.kind, "never") != "never"}

    def _chatted(self, channel: Channel, told: Mapping[Key, Telling]) -> Handed:
        person = listener(self._desk, channel.person)
        assert person is not None  # noqa: S101  # or nothing would wait still
        try:
            mail = self._word(person, self._wishes.of(person.name), once(told.values()))
        except Exception as error:  # noqa: BLE001  # the others get theirs
            log.error("a message could not be made: %s", why(error))  # noqa: TRY400
            return Handed(type(error).__name__)
        said = (channel.url, mail.subject, mail.text)
        return within(partial(chatting.send, *said, private=self._private))

    def _hooked(
        self,
        token: str,
        channel: Channel,
        told: Mapping[Key, Telling],
        due: Mapping[Key, int],
        stop: Callable[[], bool],
    ) -> Iterator[str]:
        """Each thing by itself, and noted at once: who dies now repeats one at most."""
        ends = time.monotonic() + self.lease.total_seconds() / 2  # well within it
        for key, telling in told.items():
            handed = self._hook(channel, key, telling)
            if handed.error:
                yield self._came(token, [key], handed, due[key])
                return
            yield "sent"
            if not self._rows.told(token, key, self._desk.clock()) or stop():
                break
            if self._late() or time.monotonic() > ends:
                break
        self._rows.sent(token, (), self._desk.clock())

    def _hook(self, channel: Channel, key: Key, telling: Telling) -> Handed:
        name = f"msg_{self._signature.over(repr(tuple(key)))}"
        said = {"id": name, **self._body(telling)}
        message = webhook.Message(name, said, self._desk.clock())
        given = (channel.url, str(channel.secret), message)
        return within(partial(webhook.send, *given, private=self._private))

    def _came(self, token: str, keys: list[Key], handed: Handed, tries: int) -> str:
        now = self._desk.clock()
        if not handed.error:
            self._rows.sent(token, keys, now)
            return "sent"
        log.error("a channel took no message: %s", handed.error)
        more = failed(now, gone=handed.refused)
        self._rows.later(token, keys, back_off(now, tries), handed.error, **more)
        return "refused" if handed.refused else "later"
