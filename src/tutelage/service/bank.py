"""A trainer's experiences: what it has handled, to be shared where a case is like it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict

import sqlalchemy as sa

from tutelage.domain.entry import Entry
from tutelage.domain.errors import Malformed
from tutelage.domain.events import GuidanceGiven
from tutelage.domain.text import Gone
from tutelage.guidance.roles import Experience
from tutelage.service.database import reading, writing
from tutelage.service.tables import experiences, members
from tutelage.service.writer import check_name

OFFERED = 500  # stories looked through for those that fit


class Bank:
    """Experiences by trainer, kept in the order they were told."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, trainer: str, told: Iterable[Experience], source: str | None = None) -> int:
        """Keep experiences; one told again under its key replaces the first. How many were kept.

        `source` is the digest of the entry it was told in, so that redaction finds it.
        """
        rows = [(e.key, json.dumps(asdict(e), ensure_ascii=False)) for e in told]
        for name in (trainer, *(key for key, _ in rows)):
            check_name(name)
        if any(not _sound(body) for _, body in rows):
            raise Malformed("text_unicode", "An experience here is not valid Unicode text.")
        rows = list(dict(rows).items())  # of two under one key the last is kept
        keys = [key for key, _ in rows]
        mine = experiences.c.trainer == trainer
        with writing(self._engine) as connection:
            place = connection.execute(
                sa.select(sa.func.coalesce(sa.func.max(experiences.c.place), 0)).where(mine)
            ).scalar_one()
            for start in range(0, len(keys), 500):
                some = experiences.c.key.in_(keys[start : start + 500])
                connection.execute(sa.delete(experiences).where(mine, some))
            if rows:
                connection.execute(
                    sa.insert(experiences),
                    [
                        {
                            "trainer": trainer,
                            "key": key,
                            "place": place + n,
                            "body": body,
                            "source": source,
                        }
                        for n, (key, body) in enumerate(rows, start=1)
                    ],
                )
        return len(rows)

    def told(self, trainer: str, entry: Entry[GuidanceGiven]) -> None:
        """Keep a story that a person typed into a guidance, unless it was told before.

        Without the learner's situation: the story is the trainer's, the situation is not.
        """
        event = entry.event
        key = event.experience or f"told.{entry.digest[:24]}"
        if isinstance(event.text, Gone) or self.has(trainer, key):
            return
        story = Experience(key, event.text, "", "", "", event.criteria)
        self.add(trainer, [story], source=entry.digest)

    def of(self, trainer: str) -> tuple[Experience, ...]:
        """Everything this trainer has told, oldest first."""
        query = (
            sa.select(experiences.c.body)
            .where(experiences.c.trainer == trainer)
            .order_by(experiences.c.place)
        )
        with reading(self._engine) as connection:
            return tuple(_read(body) for (body,) in connection.execute(query))

    def has(self, trainer: str, key: str) -> bool:
        """Whether this trainer has told that experience."""
        query = sa.select(experiences.c.key).where(
            experiences.c.trainer == trainer, experiences.c.key == key
        )
        with reading(self._engine) as connection:
            return connection.execute(query).first() is not None

    def drop(self, trainer: str, key: str) -> None:
        """Forget one of this trainer's experiences; where it was told it stays told."""
        with writing(self._engine) as connection:
            connection.execute(sa.delete(experiences).where(*_at(trainer, key)))

    def offer(self, trainer: str, key: str, programme: str | None) -> None:
        """Let the other trainers of a programme read it, or nobody any more."""
        change = sa.update(experiences).where(*_at(trainer, key))
        with writing(self._engine) as connection:
            connection.execute(change.values(offered=programme))

    def offers(self, trainer: str) -> dict[str, str]:
        """Which of this trainer's experiences are offered, and in which programme."""
        c = experiences.c
        query = sa.select(c.key, c.offered).where(c.trainer == trainer, c.offered.is_not(None))
        with reading(self._engine) as connection:
            return {row.key: row.offered for row in connection.execute(query)}

    def offered(self, programmes: Collection[str], but: str) -> list[tuple[str, Experience]]:
        """What others who train in these programmes now offer there, each with whose it is."""
        c, m = experiences.c, members.c
        here = sa.and_(m.programme == c.offered, m.person == c.trainer)
        trains = sa.and_(here, m.side == "trainer", m.state == "joined")
        fits = sa.and_(c.offered.in_(programmes), c.trainer != but)
        query = sa.select(c.trainer, c.body).join(members, trains).where(fits)
        query = query.order_by(c.trainer, c.place).limit(OFFERED)
        with reading(self._engine) as connection:
            return [(trainer, _read(body)) for trainer, body in connection.execute(query)]

    def redact(self, source: str) -> int:
        """Forget the experiences told in an entry whose text is removed; how many there were."""
        with writing(self._engine) as connection:
            gone = connection.execute(sa.delete(experiences).where(experiences.c.source == source))
        return int(gone.rowcount)


def _read(body: str) -> Experience:
    said = json.loads(body)
    return Experience(**{**said, "criteria": tuple(said["criteria"])})


def _at(trainer: str, key: str) -> tuple[sa.ColumnElement[bool], ...]:
    return experiences.c.trainer == trainer, experiences.c.key == key


def _sound(body: str) -> bool:
    """Whether it can be stored: valid Unicode."""
    try:
        body.encode()
    except UnicodeEncodeError:
        return False
    return True
