"""Programmes: who leads them, who is in them, and what they read of a relationship's row.

Rows of relationships from before belong to no programme until something is written there.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

SEEN: dict[str, Any] = {
    "programme": sa.String(64),
    "answers": sa.String(64),
    "said_at": sa.String(40),
    "late_at": sa.String(40),
    "support_at": sa.String(40),
    "shown": sa.Boolean,
}


def upgrade() -> None:
    """To this version."""
    for name, kind in SEEN.items():
        op.add_column("relationship", sa.Column(name, kind))
    op.create_index("ix_relationship_programme", "relationship", ["programme"])
    op.create_table(
        "programme",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("contact", sa.String(64)),
        sa.Column("made_at", sa.String(40), nullable=False),
    )
    op.create_table(
        "lead",
        sa.Column("programme", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(64), primary_key=True),
    )
    op.create_index("ix_lead_person", "lead", ["person"])
    op.create_table(
        "member",
        sa.Column("programme", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("side", sa.String(8), primary_key=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("capacity", sa.Integer),
        sa.Column("reply_days", sa.Integer),
        sa.Column("invited_by", sa.String(64), nullable=False),
        sa.Column("mail", sa.String(254)),
        sa.Column("mail_state", sa.String(8), nullable=False),
        sa.Column("mail_at", sa.String(40)),
    )
    op.create_index("ix_member_person", "member", ["person"])
    op.create_index("ix_member_mail_state", "member", ["mail_state"])
    op.create_table(
        "level_count",
        sa.Column("programme", sa.String(64), primary_key=True),
        sa.Column("lead", sa.String(64), primary_key=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("criteria", sa.Text, nullable=False),
    )
    op.create_table(
        "care",
        sa.Column("relationship", sa.String(64), primary_key=True),
        sa.Column("what", sa.String(16), primary_key=True),
        sa.Column("since", sa.String(40), primary_key=True),
        sa.Column("lead", sa.String(64), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )


def downgrade() -> None:
    """Back to the version before."""
    for table in ("care", "level_count", "member", "lead", "programme"):
        op.drop_table(table)
    op.drop_index("ix_relationship_programme", "relationship")
    for column in reversed(SEEN):
        op.drop_column("relationship", column)
