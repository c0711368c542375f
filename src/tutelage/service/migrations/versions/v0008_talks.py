"""Live talks in calendars: what each person's calendar is to hold, and what it was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """To this version."""
    op.add_column("relationship", sa.Column("talks", sa.Integer))
    op.add_column("reach", sa.Column("feed", sa.Integer))
    op.create_table(
        "invite",
        sa.Column("relationship", sa.String(64), primary_key=True),
        sa.Column("talk", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("uid", sa.String(64), nullable=False, unique=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("sent", sa.Integer),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("due_at", sa.String(40), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("gone", sa.Boolean),
        sa.Column("held", sa.Text),
    )
    op.create_index("ix_invite_state", "invite", ["state", "due_at"])
    op.create_table(
        "calendar",
        sa.Column("relationship", sa.String(64), primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Back to the version before."""
    for table in ("calendar", "invite"):
        op.drop_table(table)
    op.drop_column("reach", "feed")
    op.drop_column("relationship", "talks")
