"""Pages for people: how long the server takes for one, and fifty people at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from statistics import median

from bench.doors import serving
from bench.grown import NAME, Grown
from bench.load import Link
from bench.measure import Measure, tell
from tutelage import Tutelage
from tutelage.domain.events import Proposed
from tutelage.domain.terms import Party

PEOPLE, OTHERS = 50, 1000
QUICK = 5, 10


def people_pages(grown: Grown) -> Iterator[Measure]:
    """Median over a learner's pages, with 10,000 entries in one of 1,000 relationships."""
    people, others = QUICK if grown.quick else (PEOPLE, OTHERS)
    file = grown.copy(grown.large)
    with Tutelage(f"sqlite:///{file}") as desk:
        key = desk.state(NAME).situations[-1].key
        for n in range(others):
            pair = (Party(id=f"{who}{n}", kind="person") for who in ("learner", "trainer"))
            words = {"mode": "mentor", "handled": "h", "because": "b"}
            proposed = Proposed(**dict(zip(("learner", "trainer"), pair, strict=True)), **words)
            desk.open(proposed, actor=f"learner{n}", id=f"other{n}")
        accounts = desk.people
        accounts.add("leo")
        cookies = [accounts.enter(accounts.link("leo"), "bench") for _ in range(people)]
    paths = ["/", f"/r/{NAME}", f"/r/{NAME}/s/{key}", f"/r/{NAME}/notebook"]
    with serving(f"sqlite:///{file}") as url:
        asyncio.run(_read(url, cookies[:1], paths, 1))  # the first folds what the others find
        alone, _failed = asyncio.run(_read(url, cookies[:1], paths, 10))
        together, failed = asyncio.run(_read(url, cookies, paths, 4))
        progress, _failed = asyncio.run(_read(url, cookies[:1], [f"/r/{NAME}/progress"], 20))
    tell(f"  together: median {1e3 * median(together):.0f} ms, most {1e3 * max(together):.0f} ms")
    yield Measure("page_ms", 1e3 * median(alone), "ms", 50.0)
    yield Measure("progress_page_ms", 1e3 * median(progress), "ms", 30.0)
    yield Measure("people_at_once_failed", failed, "pages", 0.0)


async def _read(
    url: str, cookies: list[str], paths: list[str], rounds: int
) -> tuple[list[float], int]:
    """Everybody reads all pages, so often; seconds of each, and how many were no page."""
    seconds: list[float] = []
    failed = 0

    async def one(cookie: str) -> None:
        nonlocal failed
        link = Link(url)
        for path in paths * rounds:
            start = time.perf_counter()
            status, _said = await link.ask("GET", path, {"Cookie": f"tutelage={cookie}"}, None)
            seconds.append(time.perf_counter() - start)
            failed += status != 200

    await asyncio.gather(*map(one, cookies))
    return seconds, failed
