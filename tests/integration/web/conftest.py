"""Two people at browsers, over a desk with seeded time and chance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support import seeded
from tests.support.browsing import Browser, joined
from tutelage import Tutelage
from tutelage.doors.serve import application


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Tutelage]:
    with seeded.desk(sqlite_url) as made:
        yield made


@pytest.fixture
def sent() -> list[str]:
    """The sign-in links that were delivered."""
    return []


@pytest.fixture
def app(desk: Tutelage, sent: list[str]) -> Any:
    return application(desk, rate=1e6, burst=1e6, deliver=lambda _person, link: sent.append(link))


@pytest.fixture
def guided(desk: Tutelage) -> Any:
    """What there is before anybody opens a page; tests say their own."""
    return seeded.guide(desk)


@pytest.fixture
def leo(app: Any, guided: Any) -> Browser:
    return joined(app, "leo")


@pytest.fixture
def mia(app: Any, guided: Any) -> Browser:
    return joined(app, "mia")
