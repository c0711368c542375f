"""Who answers for the agents of a relationship, in its projection row.

Rows from before have none until something is written there, or `tutelage rebuild` is run.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """To this version."""
    op.add_column("relationship", sa.Column("owners", sa.Text))


def downgrade() -> None:
    """Back to the version before."""
    op.drop_column("relationship", "owners")
