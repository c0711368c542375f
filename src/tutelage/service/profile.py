"""What somebody in a programme says of themselves, for whoever may be proposed to them.

Read by themselves, and by who is proposed to them while that is open; never by a lead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tutelage.domain.errors import Malformed, NotYours
from tutelage.domain.terms import Mode
from tutelage.evidence import asks
from tutelage.evidence.matching import MOST_LINES
from tutelage.service.database import reading, writing
from tutelage.service.programmes import Side
from tutelage.service.tables import members, profiles
from tutelage.service.writer import Clock

MOST = 4000  # letters of each field
FIELDS = ("able", "situations", "handled")


@dataclass(frozen=True, slots=True)
class Profile:
    """A learner's or a trainer's own words; each line of a field is one thing."""

    programme: str
    person: str
    side: Side
    able: str = ""
    situations: str = ""
    handled: str = ""
    mode: Mode | None = None

    def lines(self, field: str) -> tuple[str, ...]:
        """The lines of a field that say something."""
        said: str = getattr(self, field)
        return tuple(line.strip() for line in said.splitlines() if line.strip())


class Profiles:
    """The profiles of one database."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock

    def keep(self, said: Profile) -> None:
        """Keep what a member says of themselves. Raises Malformed, NotYours."""
        for field in FIELDS:
            _check(getattr(said, field), said.lines(field))
        at = _at(said.programme, said.person, said.side)
        words = {field: "\n".join(said.lines(field)) for field in FIELDS}
        row = {**words, "mode": said.mode, "at": self._clock().isoformat()}
        key = {"programme": said.programme, "person": said.person, "side": said.side}
        with writing(self._engine) as connection:
            if connection.execute(_joined(said)).first() is None:
                raise NotYours("not_a_member", "You have not joined this programme so.")
            if connection.execute(sa.update(profiles).where(*at).values(**row)).rowcount == 0:
                connection.execute(sa.insert(profiles).values(**key, **row))

    def of(self, programme: str, person: str, side: Side) -> Profile | None:
        """What one person says; None where they said nothing."""
        query = sa.select(*_PROFILE).where(*_at(programme, person, side))
        with reading(self._engine) as connection:
            found = connection.execute(query).first()
        return None if found is None else Profile(*found)

    def all(self, programme: str) -> list[Profile]:
        """Everybody's in a programme, for the arithmetic alone."""
        query = sa.select(*_PROFILE).where(profiles.c.programme == programme)
        with reading(self._engine) as connection:
            return [Profile(*row) for row in connection.execute(query)]

    def forget(self, programme: str, person: str, side: Side) -> None:
        """Nothing is kept of it, and no reason quotes it any more."""
        with writing(self._engine) as connection:
            connection.execute(sa.delete(profiles).where(*_at(programme, person, side)))
        asks.forget()  # texts that were compared are kept for a while


_PROFILE = tuple(
    profiles.c[name]
    for name in ("programme", "person", "side", "able", "situations", "handled", "mode")
)


def _at(programme: str, person: str, side: str) -> tuple[sa.ColumnElement[bool], ...]:
    c = profiles.c
    return (c.programme == programme, c.person == person, c.side == side)


def _joined(said: Profile) -> sa.Select[Any]:
    c = members.c
    at = (c.programme == said.programme, c.person == said.person, c.side == said.side)
    return sa.select(c.person).where(*at, c.state == "joined")


def _check(text: str, lines: tuple[str, ...]) -> None:
    if len(text) > MOST or len(lines) > MOST_LINES:
        said = f"Each of these has at most {MOST_LINES} lines and {MOST} letters."
        raise Malformed("long_profile", said)
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Malformed("text_unicode", "This is not valid Unicode text.")
