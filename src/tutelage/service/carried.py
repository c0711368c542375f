"""The tables of what is carried away: credentials, keys that sign them, statements sent."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tutelage.service.tables import entries, metadata

credentials = sa.Table(
    "credential",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),  # nobody guesses it; no page lists them
    sa.Column("relationship", sa.String(64), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),  # of the entry that says threshold, masterpiece
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("person", sa.String(64), nullable=False),  # who asked for it: the learner, its owner
    sa.Column("issued_at", sa.String(40), nullable=False),
    sa.Column("revoked_at", sa.String(40)),
    sa.Column("rests", sa.Text, nullable=False),  # ",3,17,": with a text of these it is revoked
    sa.Column("live", sa.Integer),  # 1, or nothing once it is revoked: one holds at a time
    sa.Column("jws", sa.Text),  # goes with revocation, and the name in it
    sa.UniqueConstraint("relationship", "kind", "person", "live", name="uq_credential_live"),
    sa.Index("ix_credential_person", "person"),
)

issuer_keys = sa.Table(
    "issuer_key",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),  # "own", or a thumbprint
    sa.Column("thumbprint", sa.String(64), nullable=False),
    sa.Column("public", sa.Text, nullable=False),
    sa.Column("private", sa.Text),  # of our own; the operator's is in a file
    sa.Column("made_at", sa.String(40), nullable=False),
)

consents = sa.Table(
    "statement_consent",
    metadata,
    sa.Column("relationship", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("given_at", sa.String(40), nullable=False),
)

sent = sa.Table(
    "statement_sent",
    metadata,
    sa.Column("relationship", sa.String(64), primary_key=True),
    sa.Column("store", sa.String(64), primary_key=True),  # digest of its address
    sa.Column("seq", sa.Integer, nullable=False),  # the last entry that it took
)


def revoking(which: sa.ColumnElement[bool], now: Any) -> sa.Update:
    """The statement that revokes these credentials: what was signed goes, and the name in it."""
    held = sa.and_(which, credentials.c.live == 1)
    return sa.update(credentials).where(held).values(revoked_at=now, live=None, jws=None)


_GONE = sa.bindparam("gone", type_=sa.Integer)
_THERE = sa.select(entries.c.digest).where(
    entries.c.relationship == sa.bindparam("at"), entries.c.seq == _GONE
)
_ORIGINS = sa.select(entries.c.relationship).where(entries.c.digest == _THERE.scalar_subquery())
REVOKE = revoking(
    sa.and_(
        credentials.c.relationship.in_(_ORIGINS),
        credentials.c.rests.contains("," + sa.cast(_GONE, sa.String) + ","),
    ),
    sa.bindparam("now"),
)
"""What goes with the text of an entry, in the transaction that erases it, in every copy."""
