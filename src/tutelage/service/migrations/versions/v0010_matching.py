"""Matching: what people in a programme say of themselves, who is proposed to whom, and the rounds."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "match_profile",
        sa.Column("programme", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("side", sa.String(8), primary_key=True),
        sa.Column("able", sa.Text, nullable=False),
        sa.Column("situations", sa.Text, nullable=False),
        sa.Column("handled", sa.Text, nullable=False),
        sa.Column("mode", sa.String(8)),
        sa.Column("at", sa.String(40), nullable=False),
    )
    op.create_index("ix_match_profile_person", "match_profile", ["person"])
    op.create_table(
        "match_round",
        sa.Column("programme", sa.String(64), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("lead", sa.String(64), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
    op.create_table(
        "match",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("programme", sa.String(64), nullable=False),
        sa.Column("learner", sa.String(64), nullable=False),
        sa.Column("trainer", sa.String(64), nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("learner_said", sa.String(8)),
        sa.Column("trainer_said", sa.String(8)),
        sa.Column("relationship", sa.String(64)),
        sa.Column("after", sa.String(64)),
        sa.Column("learner_wish", sa.String(8)),
        sa.Column("trainer_wish", sa.String(8)),
    )
    op.create_index("ix_match_programme", "match", ["programme"])
    op.create_index("ix_match_learner", "match", ["learner"])
    op.create_index("ix_match_trainer", "match", ["trainer"])


def downgrade() -> None:
    """Back to the version before."""
    for table in ("match", "match_round", "match_profile"):
        op.drop_table(table)
