"""All that is kept of one person beside the ledgers, to be taken along; no secret is in it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tutelage.service.carried import consents, credentials
from tutelage.service.database import reading
from tutelage.service.tables import (
    channels,
    deliveries,
    experiences,
    invites,
    keys,
    leads,
    looks,
    matches,
    members,
    people,
    preferences,
    profiles,
    reaches,
    sessions,
    subjects,
)

HELD: tuple[tuple[sa.Table, tuple[str, ...], frozenset[str]], ...] = (
    (people, ("name",), frozenset()),
    (preferences, ("person",), frozenset()),
    (reaches, ("person",), frozenset({"claim", "claimed_until", "known"})),
    (channels, ("person",), frozenset({"url", "secret", "claim", "claimed_until"})),
    (deliveries, ("person",), frozenset()),
    (sessions, ("person",), frozenset({"digest"})),
    (subjects, ("person",), frozenset()),
    (keys, ("actor",), frozenset({"digest"})),
    (leads, ("person",), frozenset()),
    (members, ("person",), frozenset()),
    (profiles, ("person",), frozenset()),
    (matches, ("learner", "trainer"), frozenset({"reasons", "learner_wish", "trainer_wish"})),
    (experiences, ("trainer",), frozenset({"source"})),
    (invites, ("person",), frozenset()),
    (credentials, ("person",), frozenset()),
    (consents, ("person",), frozenset()),
    (looks, ("actor",), frozenset()),
)
"""Each table that holds something of a person: by which columns, and what of it stays here.

A match is of two: what each said of the other, and why they were proposed, is not one's alone.
"""


def mine(engine: sa.Engine, person: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of this person, by table."""
    with reading(engine) as connection:
        return {
            table.name: [
                {name: value for name, value in row.items() if name not in secret}
                for row in connection.execute(_rows(table, columns, person)).mappings()
            ]
            for table, columns, secret in HELD
        }


def _rows(table: sa.Table, columns: tuple[str, ...], person: str) -> sa.Select[Any]:
    return sa.select(table).where(sa.or_(*(table.c[name] == person for name in columns)))
