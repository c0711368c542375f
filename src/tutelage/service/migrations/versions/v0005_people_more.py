"""More of people: invitations by name, single sign-on, who saw what, and whom a relationship names.

Rows of relationships from before name nobody until something is written there, or rebuilt.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """To this version."""
    op.add_column("sign_in_link", sa.Column("mail", sa.String(254)))
    op.add_column("sign_in_link", sa.Column("invited_by", sa.String(64)))
    op.add_column("relationship", sa.Column("named", sa.Text))
    op.create_table(
        "subject",
        sa.Column("issuer", sa.String(255), primary_key=True),
        sa.Column("subject", sa.String(255), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("made_at", sa.String(40), nullable=False),
    )
    op.create_table(
        "look",
        sa.Column("relationship", sa.String(64), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("actor", sa.String(64), primary_key=True),
        sa.Column("what", sa.String(80), primary_key=True),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("last_at", sa.String(40), nullable=False),
    )


def downgrade() -> None:
    """Back to the version before."""
    for table in ("look", "subject"):
        op.drop_table(table)
    op.drop_column("relationship", "named")
    for column in ("invited_by", "mail"):
        op.drop_column("sign_in_link", column)
