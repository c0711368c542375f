"""An account closed by its person: every way in is gone at once, and the name is nobody's again.

The name stays in the ledgers, whose chains cover it; were it given to somebody else, they would
come into these relationships. So its row stays, and holds nothing but the name.
"""

from __future__ import annotations

import sqlalchemy as sa

from tutelage.service.accounts import CLOSED
from tutelage.service.carried import consents, credentials, revoking
from tutelage.service.channel import end
from tutelage.service.database import writing
from tutelage.service.tables import (
    channels,
    deliveries,
    experiences,
    invites,
    keys,
    leads,
    links,
    matches,
    members,
    people,
    preferences,
    profiles,
    reaches,
    replies,
    sessions,
    subjects,
)


def close(engine: sa.Engine, name: str, now: str) -> None:
    """Remove every way in of a person, and what is kept of how they are told, at once.

    What they took along is revoked, and their name goes from it.
    """
    mail = sa.select(people.c.mail).where(people.c.name == name).scalar_subquery()
    theirs = sa.or_(links.c.person == name, links.c.invited_by == name, links.c.mail == mail)
    with writing(engine) as connection:
        connection.execute(sa.delete(links).where(theirs))
        end(connection, sa.select(channels.c.id).where(channels.c.person == name))
        connection.execute(sa.delete(sessions).where(sessions.c.person == name))
        named = (
            subjects,
            deliveries,
            preferences,
            reaches,
            leads,
            members,
            invites,
            profiles,
            consents,
            replies,
        )
        for table in named:
            connection.execute(sa.delete(table).where(table.c.person == name))
        connection.execute(sa.delete(experiences).where(experiences.c.trainer == name))
        paired = sa.or_(matches.c.learner == name, matches.c.trainer == name)
        connection.execute(sa.delete(matches).where(paired))
        shut = sa.update(keys).where(keys.c.actor == name, keys.c.revoked_at.is_(None))
        connection.execute(shut.values(revoked_at=now))
        bare = sa.update(people).where(people.c.name == name)
        connection.execute(bare.values(mail=None, language=CLOSED, made_at=""))
        connection.execute(revoking(credentials.c.person == name, now))  # after all: see _stands
