"""What time alone brings: closings nobody answered, silence, texts that were kept long enough."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import AsyncIterator, Callable
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
Work = Callable[[threading.Event], object]
log = logging.getLogger(__name__)


@asynccontextmanager
async def daily(desk: Tutelage, days: int | None, every: float = DAY) -> AsyncIterator[None]:
    """Meanwhile, at the start and once a day, close, set aside and erase what is due."""
    async with repeated(lambda stop: _round(desk, days, stop), every):
        yield


@asynccontextmanager
async def repeated(work: Work, every: float) -> AsyncIterator[None]:
    """Meanwhile do this at the start and so often, on a thread of its own."""
    stop = threading.Event()
    task = asyncio.create_task(asyncio.to_thread(repeat, work, every, stop))
    try:
        yield
    finally:
        stop.set()
        await task


def repeat(work: Work, every: float, stop: threading.Event) -> None:
    """Do this now and so often, whatever goes wrong with it, until it is stopped."""
    while not stop.is_set():
        try:
            work(stop)
        except TutelageError as problem:  # a database that is busy today may not be tomorrow
            log.warning("what was due was not done: %s", problem.message)
        except Exception:
            log.exception("what was due was not done")
        stop.wait(every)


def _round(desk: Tutelage, days: int | None, stop: threading.Event) -> None:
    from tutelage.service.closing import close_due  # noqa: PLC0415  # `--help` needs no SQL
    from tutelage.service.lapsing import lapse_due  # noqa: PLC0415

    closed = close_due(desk)
    if closed:
        log.info("%s closed, for nobody answered a proposal to", closed)
    lapsed = lapse_due(desk)
    if lapsed:
        log.info("%s set aside, for nobody wrote in them", lapsed)
    for one in desk.retain(days, stop=stop.is_set) if days else ():
        log.info("%s: %s texts were kept long enough", one.relationship, one.texts)


def retain(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go, and erase nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Erase texts that were kept for TUTELAGE_KEEP_DAYS, as `serve` does daily."""
    from tutelage.service.settings import KEEP_DAYS, settings  # noqa: PLC0415

    days = settings(os.environ).keep_days
    if days is None:
        said = f"{KEEP_DAYS} is not set: texts are kept until somebody erases them."
        out(as_json, {"days": None, "swept": []}, said)
        return
    with writing.desk() as tutelage:
        found = list(tutelage.retain(days, dry=dry_run))
    will = "would go" if dry_run else "are gone"
    lines = [f"{one.relationship}: {one.texts} texts {will}." for one in found]
    page = "\n".join(lines) or "No text was kept for so long."
    out(as_json, {"days": days, "swept": [asdict(one) for one in found]}, page)
