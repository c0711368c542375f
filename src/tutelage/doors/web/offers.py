"""What goes wrong between the two, as an offer to each; never a label."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutelage.domain.terms import Role
from tutelage.doors.web.words import say
from tutelage.evidence.health import Index
from tutelage.guidance.trajectory import health
from tutelage.service.session import Session

_ENDS = re.compile(r"(?<=[.]) (?=[A-Z])")


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
