"""Who waits for news of a relationship hears of it, whichever process wrote it."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress

import sqlalchemy as sa

from tutelage.domain.errors import Unavailable
from tutelage.service.database import reading
from tutelage.service.desk import Tutelage
from tutelage.service.tables import relationships as table

EVERY = 0.5  # seconds between two looks: one query for all that wait, however many they are


class Watch:
    """One look at the projection rows for everybody who waits."""

    def __init__(self, desk: Tutelage, every: float = EVERY) -> None:
        self._desk, self._every = desk, every
        self._watched: Counter[str] = Counter()
        self._seqs: dict[str, int] = {}
        self._news = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    async def beyond(self, relationship: str, seq: int, seconds: float) -> int | None:
        """The last entry of a relationship once it is beyond this one; None when time is up."""
        self._watched[relationship] += 1
        try:
            async with asyncio.timeout(seconds):
                return await self._wait(relationship, seq)
        except TimeoutError:
            return None
        finally:
            self._watched[relationship] -= 1
            if not self._watched[relationship]:
                del self._watched[relationship]
                self._seqs.pop(relationship, None)

    async def _wait(self, relationship: str, seq: int) -> int:
        while True:
            news = self._news
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._look())
            await news.wait()
            if self._seqs.get(relationship, 0) > seq:
                return self._seqs[relationship]

    async def _look(self) -> None:
        """Look until nobody waits."""
        while self._watched:
            with suppress(Unavailable):  # a database that is away comes back
                self._seqs = await asyncio.to_thread(self._now, list(self._watched))
            told, self._news = self._news, asyncio.Event()
            told.set()
            await asyncio.sleep(self._every)

    def _now(self, names: list[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        with reading(self._desk.ledger.engine) as connection:
            for start in range(0, len(names), 500):
                some = table.c.id.in_(names[start : start + 500])
                query = sa.select(table.c.id, table.c.seq).where(some)
                found |= {row.id: row.seq for row in connection.execute(query)}
        return found
