"""How each person wants to be told: what at once, what daily, what never, and when not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tutelage.service.added import add
from tutelage.service.database import reading, writing
from tutelage.service.tables import channel_wishes, channels, deliveries, preferences, reaches

KINDS = ("turn", "guidance", "paper", "nudge")
"""My turn; guidance waits; something is to be signed or closed; it has waited for long."""
HOW = ("at_once", "daily", "never")
USUAL = "daily"
MOST_REFUSED = 3  # different mails refused for good, and an address gets no more
BOUNCES_LAST = timedelta(days=30)  # after which one that comes back is the first again
_USUAL = dict.fromkeys(KINDS, USUAL)


@dataclass(frozen=True, slots=True)
class Wishes:
    """How one person is told, and by which clock."""

    how: Mapping[str, str] = field(default_factory=lambda: dict(_USUAL))
    zone: str = "UTC"
    quiet_from: int = 21
    quiet_until: int = 7
    digest_at: int = 8
    refused: int = 0
    bounced: int = 0

    @property
    def failing(self) -> bool:
        """Whether their address takes no mail of ours, at once or by what comes back."""
        return max(self.refused, self.bounced) >= MOST_REFUSED

    @property
    def returned(self) -> bool:
        """Whether it takes mail, and lets it come back later."""
        return self.refused < MOST_REFUSED <= self.bounced

    @property
    def silent(self) -> bool:
        """Whether they ended all mails."""
        return set(self.how.values()) == {"never"}

    def quiet(self, now: datetime) -> bool:
        """Whether they want nothing at this hour; from and until the same hour means never.

        >>> from datetime import UTC
        >>> night = Wishes(quiet_from=21, quiet_until=7)
        >>> [night.quiet(datetime(2026, 3, 2, hour, tzinfo=UTC)) for hour in (20, 21, 3, 7)]
        [False, True, True, False]
        """
        hour, start, end = now.astimezone(zone(self.zone)).hour, self.quiet_from, self.quiet_until
        return start <= hour < end if start <= end else hour >= start or hour < end

    def due(self, how: str, now: datetime) -> datetime:
        """When something that came up now is told: at once, or with the next digest."""
        if how == "at_once":
            return now
        here = now.astimezone(zone(self.zone))
        today = self._digest(here)
        return (today if today > here else self._digest(here + timedelta(days=1))).astimezone(UTC)

    def _digest(self, day: datetime) -> datetime:
        return datetime.combine(day.date(), time(self.digest_at), zone(self.zone))


def zone(name: str) -> tzinfo:
    """A zone by its name; UTC where this machine knows none of that name."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return UTC


class Preferences:
    """The wishes of all people of one database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def of(self, person: str) -> Wishes:
        """How this person is told."""
        return self._read(person).get(person, Wishes())

    def every(self) -> dict[str, Wishes]:
        """The wishes of whoever said any; the usual ones are everybody else's."""
        return self._read(None)

    def choose(self, person: str, how: Mapping[str, str], **hours: int) -> None:
        """Tell them so from now on; what waits to be told is looked at anew."""
        kept = {name: hour for name, hour in hours.items() if 0 <= hour < 24}
        with writing(self._engine) as connection:
            _choose(connection, person, how)
            _reach(connection, person, kept)
            anew(connection, person)

    def keep_zone(self, person: str, name: str) -> None:
        """By which clock they are told."""
        with writing(self._engine) as connection:
            _reach(connection, person, {"zone": name})
            anew(connection, person)

    def stop(self, person: str) -> None:
        """Tell them nothing any more, on no channel."""
        theirs = sa.select(channels.c.id).where(channels.c.person == person)
        change = sa.update(channel_wishes).where(channel_wishes.c.channel.in_(theirs))
        with writing(self._engine) as connection:
            _choose(connection, person, dict.fromkeys(KINDS, "never"))
            connection.execute(change.values(how="never"))
            anew(connection, person)

    def feed(self, person: str) -> int:
        """How often they had the address of their calendar made anew: an older one is nobody's."""
        query = sa.select(reaches.c.feed).where(reaches.c.person == person)
        with reading(self._engine) as connection:
            return connection.execute(query).scalar() or 0

    def renew_feed(self, person: str) -> None:
        """From now on the address of their calendar is another."""
        with writing(self._engine) as connection:
            _reach(connection, person, {})
            more = sa.func.coalesce(reaches.c.feed, 0) + 1
            at = reaches.c.person == person
            connection.execute(sa.update(reaches).where(at).values(feed=more))

    def again(self, person: str) -> None:
        """Try an address again that took no mail: what it refused is told once more."""
        failed = sa.and_(
            deliveries.c.person == person,
            deliveries.c.state == "failed",
            deliveries.c.channel == "mail",
        )
        with writing(self._engine) as connection:
            _reach(connection, person, {"refused": 0, "bounced": 0, "bounced_at": None})
            connection.execute(sa.delete(deliveries).where(failed))
            anew(connection, person)

    def _read(self, person: str | None) -> dict[str, Wishes]:
        with reading(self._engine) as connection:
            told = connection.execute(_of(sa.select(preferences), preferences, person)).all()
            reached = connection.execute(_of(sa.select(*_REACH), reaches, person)).mappings().all()
        how: dict[str, dict[str, str]] = {}
        for name, kind, said in told:
            how.setdefault(name, dict(_USUAL))[kind] = said
        hours = {r["person"]: {k: v for k, v in r.items() if v is not None} for r in reached}
        return {name: _wishes(how.get(name), hours.get(name, {})) for name in {*how, *hours}}


def _choose(connection: sa.Connection, person: str, how: Mapping[str, str]) -> None:
    said = {k: h for k, h in how.items() if k in KINDS and h in HOW}
    connection.execute(sa.delete(preferences).where(preferences.c.person == person))
    rows = [{"person": person, "kind": k, "how": h} for k, h in said.items()]
    add(connection, preferences, rows)


def _wishes(how: dict[str, str] | None, kept: Mapping[str, Any]) -> Wishes:
    return Wishes(how or dict(_USUAL), **{k: v for k, v in kept.items() if k != "person"})


def _of(query: sa.Select[Any], table: sa.Table, person: str | None) -> sa.Select[Any]:
    return query if person is None else query.where(table.c.person == person)


def _reach(connection: sa.Connection, person: str, kept: Mapping[str, Any]) -> None:
    add(connection, reaches, [{"person": person, "refused": 0}])
    if kept:
        connection.execute(sa.update(reaches).where(reaches.c.person == person).values(**kept))


def anew(connection: sa.Connection, person: str) -> None:
    """What waits to be told to them is planned anew."""
    waits = sa.and_(deliveries.c.person == person, deliveries.c.state == "waiting")
    connection.execute(sa.delete(deliveries).where(waits))
    _reach(connection, person, {"known": 0})


_REACH = tuple(
    reaches.c[name]
    for name in ("person", "zone", "quiet_from", "quiet_until", "digest_at", "refused", "bounced")
)
