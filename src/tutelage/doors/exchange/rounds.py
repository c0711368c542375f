"""Rounds: facts go to a learning record store by themselves, as far as learners let them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from tutelage.domain.errors import Refused, TutelageError, Unavailable
from tutelage.doors.exchange.store import Store
from tutelage.doors.exchange.xapi import About
from tutelage.doors.exchange.xapi import statements as of
from tutelage.service.sending import back_off
from tutelage.service.statements import Statements

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage
    from tutelage.service.settings import RecordStore

BATCH = 100
BUDGET = 30.0  # seconds of one round: mails are not to wait for a slow store
Stated = tuple[int, dict[str, Any]]
Stop = Callable[[], bool]
log = logging.getLogger(__name__)


class Facts:
    """What one desk sends to one store, under the address that names its learners."""

    def __init__(self, desk: Tutelage, set_up: RecordStore, at: str) -> None:
        self._desk, self._set_up, self._at = desk, set_up, at
        self._kept = Statements(desk.ledger.engine, desk.clock)
        self._tries, self._again = 0, desk.clock()

    def round(self, stop: Stop) -> int:
        """Send what is new, unless the store was away just now; how many statements."""
        now = self._desk.clock()
        if now < self._again:
            return 0
        count, ends = 0, time.monotonic() + BUDGET
        try:
            with Store(self._set_up, waits=()) as store:  # the next round is the next try
                for count_of_one in self.each(store, lambda: stop() or time.monotonic() > ends):
                    count += count_of_one
        except Unavailable as problem:
            log.warning("facts were not sent: %s", problem.code)
            self._again = back_off(now, self._tries)
            self._tries += 1
            return count
        self._tries = 0
        return count

    def each(self, store: Store, stop: Stop = lambda: False) -> Iterator[int]:
        """How many went of each relationship that has something new. Raises Unavailable."""
        for name in self._kept.due(self._set_up.url):
            if stop():
                return
            try:
                yield self.one(name, store, stop)
            except Unavailable:
                raise
            except TutelageError as problem:  # it was taken back meanwhile, or cannot be read
                log.warning("facts of %s were not sent: %s", name, problem.code)

    def one(self, name: str, store: Store, stop: Stop = lambda: False) -> int:
        """Everything of a relationship that the store has not, a batch at a time; how many."""
        self._kept.check(name)
        about, url, count = about_of(self._desk, name, self._at), self._set_up.url, 0
        for some in _batches(stated(self._desk, about, self._kept.reached(name, url))):
            self._kept.check(name)  # a learner may take it back in between
            store.send([one for _seq, one in some])
            self._kept.reach(name, url, some[-1][0])
            count += len(some)
            if stop():
                return count
        self._kept.reach(name, url, about.state.seq)  # what says nothing is not read again
        return count


def about_of(desk: Tutelage, name: str, at: str) -> About:
    """What statements of a relationship are about. Raises Refused where it is a copy."""
    state = desk.state(name)
    if state.arm is not None:
        raise Refused("a_copy", "This is a copy; its facts are nobody's course.")
    return About(at, name, state.learner.id if state.learner else "", state)


def stated(desk: Tutelage, about: About, after: int) -> Iterator[Stated]:
    """The statements of a relationship behind an entry, each with the seq of its entry."""
    return of(about, desk.ledger.read(about.relationship, after, about.state.seq))


def _batches(found: Iterator[Stated]) -> Iterator[tuple[Stated, ...]]:
    return iter(lambda: tuple(islice(found, BATCH)), ())
