"""Stories that a trainer offers to the other trainers of a programme."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """To this version."""
    op.add_column("experience", sa.Column("offered", sa.String(64)))


def downgrade() -> None:
    """Back to the version before."""
    op.drop_column("experience", "offered")
