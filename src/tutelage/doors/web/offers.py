"""What goes wrong between the two, as an offer to each; never a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from tutelage.domain.terms import Role
from tutelage.doors.web.words import say
from tutelage.evidence.health import Index
from tutelage.guidance.trajectory import health
from tutelage.service.session import TWO, Session

_ENDS = re.compile(r"(?<=[.]) (?=[A-Z])")


MONTH = timedelta(days=30)
LOOKED_AT = 1000  # entries looked through for the last check-in: a page is not to wait for more


def checks_in(mine: Session, name: str) -> bool:
    """Whether it is a month since this one last said how the two work together."""
    state = mine.desk.state(name)
    if state.life != "active" or state.goal is None or not state.roles(mine.actor) & TWO:
        return False
    after = max(0, state.seq - LOOKED_AT)
    begun = state.goal.entry.written_at if after == 0 else None
    since = mine.desk.ledger.last_of(name, "checked_in", mine.actor, after) or begun
    return since is not None and mine.desk.clock() - since >= MONTH


def offers(mine: Session, name: str) -> tuple[str, ...]:
    """Dependency, undirectedness and sameness, where they alarm, in the reader's own interest."""
    state = mine.desk.state(name)
    if state.life != "active":
        return ()
    roles = state.roles(mine.actor)
    learns, trains = Role.LEARNER in roles, Role.TRAINER in roles or state.stands_in(mine.actor)
    found = [i for i in _alarms(mine, name, trains=trains) if i.alarm]
    if learns:
        return tuple(say(i.offer) for i in found if i.offer)
    acts = (i.act for i in found if i.act) if trains else ()
    return tuple(" ".join(map(say, _ENDS.split(act))) for act in acts)


def _alarms(mine: Session, name: str, *, trains: bool) -> Iterator[Index]:
    yield from health(mine.desk.state(name), mine.desk.clock())
    same = mine.desk.sameness(name) if trains else None
    if same is not None:
        yield same
