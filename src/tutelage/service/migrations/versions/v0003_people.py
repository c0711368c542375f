"""People who come in by the browser: accounts, one-time links, sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "person",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("mail", sa.String(254), unique=True),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("made_at", sa.String(40), nullable=False),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.String(40), nullable=False),
        sa.Column("used_at", sa.String(40)),
    )
    op.create_table(
        "web_session",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("made_at", sa.String(40), nullable=False),
        sa.Column("seen_at", sa.String(40), nullable=False),
        sa.Column("browser", sa.String(200), nullable=False),
    )
    op.create_index("ix_web_session_person", "web_session", ["person"])


def downgrade() -> None:
    """Back to the version before."""
    for table in ("web_session", "sign_in_link", "person"):
        op.drop_table(table)
