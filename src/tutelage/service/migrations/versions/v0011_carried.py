"""What is carried away: credentials, the keys they are signed with, and statements sent."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "credential",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("relationship", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("issued_at", sa.String(40), nullable=False),
        sa.Column("revoked_at", sa.String(40)),
        sa.Column("rests", sa.Text, nullable=False),
        sa.Column("live", sa.Integer),
        sa.Column("jws", sa.Text),
        sa.UniqueConstraint("relationship", "kind", "person", "live", name="uq_credential_live"),
    )
    op.create_index("ix_credential_person", "credential", ["person"])
    op.create_table(
        "issuer_key",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("thumbprint", sa.String(64), nullable=False),
        sa.Column("public", sa.Text, nullable=False),
        sa.Column("private", sa.Text),
        sa.Column("made_at", sa.String(40), nullable=False),
    )
    op.create_table(
        "statement_consent",
        sa.Column("relationship", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("given_at", sa.String(40), nullable=False),
    )
    op.create_table(
        "statement_sent",
        sa.Column("relationship", sa.String(64), primary_key=True),
        sa.Column("store", sa.String(64), primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Back to the version before."""
    for table in ("statement_sent", "statement_consent", "issuer_key", "credential"):
        op.drop_table(table)
