"""The first schema: entries, projection rows, checkpoints, experiences."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "entry",
        sa.Column("relationship", sa.String(64), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("written_at", sa.String(40), nullable=False),
        sa.Column("occurred_at", sa.String(40), nullable=False),
        sa.Column("visibility", sa.String(16), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("findings", sa.Text),
        sa.Column("texts", sa.Text),
        sa.Column("salt", sa.String(64)),
        sa.Column("text_digest", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("vector", sa.LargeBinary),
        sa.UniqueConstraint("relationship", "id", name="uq_entry_id"),
    )
    op.create_index("ix_entry_digest", "entry", ["digest"])
    op.create_table(
        "relationship",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("origin", sa.String(64)),
        sa.Column("arm", sa.String(64)),
        sa.Column("learner", sa.String(64), nullable=False),
        sa.Column("trainer", sa.String(64), nullable=False),
        sa.Column("life", sa.String(16), nullable=False),
        sa.Column("phase", sa.String(16)),
        sa.Column("whose", sa.String(16)),
        sa.Column("since", sa.String(40)),
        sa.Column("due", sa.Text, nullable=False),
        sa.Column("levels", sa.Text, nullable=False),
        sa.Column("situations", sa.Integer, nullable=False),
        sa.Column("decided", sa.Integer, nullable=False),
    )
    op.create_index("ix_relationship_learner", "relationship", ["learner"])
    op.create_index("ix_relationship_trainer", "relationship", ["trainer"])
    op.create_table(
        "checkpoint",
        sa.Column("relationship", sa.String(64), primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("track", sa.LargeBinary, nullable=False),
        sa.Column("nearest", sa.LargeBinary),
    )
    op.create_table(
        "experience",
        sa.Column("trainer", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("source", sa.String(64)),
    )
    op.create_index("ix_experience_source", "experience", ["source"])


def downgrade() -> None:
    """Back to nothing."""
    for table in ("experience", "checkpoint", "relationship", "entry"):
        op.drop_table(table)
