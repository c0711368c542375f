"""Two who take one name at the same moment: one has it, the other is told."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from tutelage import Tutelage
from tutelage.domain.errors import Conflict
from tutelage.service.tables import links, people


@pytest.fixture
def desk(url):
    with Tutelage(url, entropy=os.urandom) as made:
        yield made


def at_once(*acts):
    """What each came to: done, or why not."""
    begin = Barrier(len(acts))

    def run(act):
        begin.wait()
        try:
            act()
        except Conflict as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def count(desk, query):
    with desk.ledger.engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).where(query)).scalar_one()


ONE = ["done", "name_taken"]


def test_a_name_is_taken_once_however_it_is_spelt(desk):
    accounts = desk.people
    for n in range(8):
        said = [(accounts.link(), name) for name in (f"zoe{n}", f"Zoe{n}")]
        assert at_once(*(lambda s=s, k=k: accounts.enter(s, "b", k) for s, k in said)) == ONE
        assert count(desk, sa.func.lower(people.c.name) == f"zoe{n}") == 1


def test_an_address_is_taken_once(desk):
    accounts = desk.people
    for n in range(8):
        said = [(accounts.link(), name) for name in (f"ann{n}", f"bob{n}")]
        mail = f"a{n}@example.org"
        acts = (lambda s=s, k=k: accounts.enter(s, "b", k, mail) for s, k in said)  # noqa: B023
        assert at_once(*acts) == ONE


def test_one_of_two_who_invite_holds_the_name(desk):
    for n in range(8):
        acts = (lambda by=by: desk.people.invite(f"kim{n}", by) for by in ("leo", "mia"))  # noqa: B023
        assert at_once(*acts) == ONE
        assert count(desk, links.c.person == f"kim{n}") == 1
