"""Texts that were kept long enough: erased daily by the server, and by ``tutelage retain``."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tutelage.domain.errors import TutelageError
from tutelage.doors import writing
from tutelage.doors.common import Json, out

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

DAY = 24 * 3600.0
log = logging.getLogger(__name__)


@asynccontextmanager
async def daily(desk: Tutelage, days: int | None, every: float = DAY) -> AsyncIterator[None]:
    """Meanwhile, at the start and once a day, erase what was kept long enough."""
    if days is None:
        yield
        return
    stop = threading.Event()
    task = asyncio.create_task(asyncio.to_thread(_repeat, desk, days, every, stop))
    try:
        yield
    finally:
        stop.set()
        await task


def _repeat(desk: Tutelage, days: int, every: float, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            for one in desk.retain(days, stop=stop.is_set):
                log.info("%s: %s texts were kept long enough", one.relationship, one.texts)
        except TutelageError as problem:  # a database that is busy today may not be tomorrow
            log.warning("texts were not erased: %s", problem.message)
        except Exception:
            log.exception("texts were not erased")
        stop.wait(every)


def retain(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go, and erase nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Erase texts that were kept for TUTELAGE_KEEP_DAYS, as `serve` does daily."""
    from tutelage.service import settings  # noqa: PLC0415

    days = settings.read(os.environ).keep_days
    if days is None:
        said = f"{settings.KEEP_DAYS} is not set: texts are kept until somebody erases them."
        out(as_json, {"days": None, "swept": []}, said)
        return
    with writing.desk() as tutelage:
        found = list(tutelage.retain(days, dry=dry_run))
    will = "would go" if dry_run else "are gone"
    lines = [f"{one.relationship}: {one.texts} texts {will}." for one in found]
    page = "\n".join(lines) or "No text was kept for so long."
    out(as_json, {"days": days, "swept": [asdict(one) for one in found]}, page)
