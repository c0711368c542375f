"""Answers by mail, other channels than mail, and what was planned already."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


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
    op.add_column("relationship", sa.Column("news_at", sa.String(40)))
    op.add_column("reach", sa.Column("bounced", sa.Integer))
    op.add_column("reach", sa.Column("bounced_at", sa.String(40)))
    op.add_column("reach", sa.Column("known", sa.Integer))
    op.create_table(
        "channel",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("secret", sa.String(80)),
        sa.Column("made_at", sa.String(40), nullable=False),
        sa.Column("mailed_at", sa.String(40)),
        sa.Column("again_at", sa.String(40)),
        sa.Column("claim", sa.String(32)),
        sa.Column("claimed_until", sa.String(40)),
        sa.Column("refused", sa.Integer, nullable=False),
        sa.Column("failing_since", sa.String(40)),
        sa.Column("off_at", sa.String(40)),
    )
    op.create_index("ix_channel_person", "channel", ["person"])
    op.create_index("ix_channel_claim", "channel", ["claim"])
    op.create_index("ix_reach_claim", "reach", ["claim"])
    op.create_table(
        "channel_wish",
        sa.Column("channel", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("how", sa.String(8), nullable=False),
    )
    op.create_table(
        "planned",
        sa.Column("relationship", sa.String(64), primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("next_at", sa.String(40)),
    )
    _deliveries(sa.Column("channel", sa.String(32), primary_key=True))
    op.execute(
        "INSERT INTO delivery_new (person, what, relationship, seq, stage, channel, state, due_at,"
        " tries, error) SELECT person, what, relationship, seq, stage, 'mail', state, due_at,"
        " tries, error FROM delivery"
    )
    _swap()
    _index("person", "channel", "state", "due_at")
    _index("channel", "state", "due_at")


def _index(*columns: str) -> None:
    op.create_index(f"ix_delivery_{columns[0]}", "delivery", list(columns))


def _deliveries(*more: sa.Column[str]) -> None:
    op.create_table(
        "delivery_new",
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("what", sa.String(20), primary_key=True),
        sa.Column("relationship", sa.String(64), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("stage", sa.Integer, primary_key=True, autoincrement=False),
        *more,
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("due_at", sa.String(40), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("error", sa.String(80)),
    )


def _swap() -> None:
    op.drop_index("ix_delivery_state", "delivery")
    op.drop_table("delivery")
    op.rename_table("delivery_new", "delivery")
    op.create_index("ix_delivery_state", "delivery", ["state", "due_at"])


def downgrade() -> None:
    """Back to the version before."""
    op.drop_index("ix_delivery_person", "delivery")
    op.drop_index("ix_delivery_channel", "delivery")
    _deliveries()
    op.execute(
        "INSERT INTO delivery_new (person, what, relationship, seq, stage, state, due_at, tries,"
        " error) SELECT person, what, relationship, seq, stage, state, due_at, tries, error"
        " FROM delivery WHERE channel = 'mail'"
    )
    _swap()
    for table in ("planned", "channel_wish", "channel"):
        op.drop_table(table)
    op.drop_column("relationship", "news_at")
    op.drop_column("reach", "known")
    op.drop_index("ix_reach_claim", "reach")
    op.drop_column("reach", "bounced_at")
    op.drop_column("reach", "bounced")
    op.drop_table("letter")
    op.drop_table("reply")
