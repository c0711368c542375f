"""Notices by mail: what was told to whom, how each wants it, and a secret for what is signed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "delivery",
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("what", sa.String(20), primary_key=True),
        sa.Column("relationship", sa.String(64), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("stage", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("due_at", sa.String(40), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("error", sa.String(80)),
    )
    op.create_index("ix_delivery_state", "delivery", ["state", "due_at"])
    op.create_table(
        "preference",
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("how", sa.String(8), nullable=False),
    )
    op.create_table(
        "reach",
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("zone", sa.String(64)),
        sa.Column("quiet_from", sa.Integer),
        sa.Column("quiet_until", sa.Integer),
        sa.Column("digest_at", sa.Integer),
        sa.Column("refused", sa.Integer, nullable=False),
        sa.Column("mailed_at", sa.String(40)),
        sa.Column("again_at", sa.String(40)),
        sa.Column("claim", sa.String(32)),
        sa.Column("claimed_until", sa.String(40)),
    )
    op.create_table(
        "secret",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    """Back to the version before."""
    for table in ("secret", "reach", "preference", "delivery"):
        op.drop_table(table)
