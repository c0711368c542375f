"""Answers by mail: the addresses they come to, and what was made of the mails that came."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "reply",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("relationship", sa.String(64), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("situation", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("expires_at", sa.String(40), nullable=False),
        sa.Column("used_by", sa.String(64)),
    )
    op.create_table(
        "letter",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("read_at", sa.String(40), nullable=False),
    )
    op.add_column("reach", sa.Column("bounced", sa.Integer))
    op.add_column("reach", sa.Column("bounced_at", sa.String(40)))


def downgrade() -> None:
    """Back to the version before."""
    op.drop_column("reach", "bounced_at")
    op.drop_column("reach", "bounced")
    op.drop_table("letter")
    op.drop_table("reply")
