"""The tables of the database; docs/reference/storage.md says what a row of each is."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

entries = sa.Table(
    "entry",
    metadata,
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
    sa.Column("vector", sa.LargeBinary),  # index of a situation's text; goes with the text
    sa.UniqueConstraint("relationship", "id", name="uq_entry_id"),
    sa.Index("ix_entry_digest", "digest"),
)

relationships = sa.Table(
    "relationship",
    metadata,
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
    sa.Column("owners", sa.Text),  # who answers for the agents here, as a JSON list
    sa.Column("named", sa.Text),  # everybody its agreement names, as a JSON list
    sa.Column("programme", sa.String(64)),  # which programme sees this row, and no more than it
    sa.Column("answers", sa.String(64)),  # the person who learns, or who owns the agent that does
    sa.Column("said_at", sa.String(40)),  # when one of the pair last wrote
    sa.Column("late_at", sa.String(40)),  # from when on the reply that waits longest is overdue
    sa.Column("support_at", sa.String(40)),  # since when the pair asks for support
    sa.Column("shown", sa.Boolean),  # whether the learner shows the programme its levels
    sa.Column("talks", sa.Integer),  # planned live talks, of which calendars are told
    sa.Column("news_at", sa.String(40)),  # when something happened that somebody is told once
    sa.Index("ix_relationship_learner", "learner"),
    sa.Index("ix_relationship_trainer", "trainer"),
    sa.Index("ix_relationship_programme", "programme"),
)

checkpoints = sa.Table(
    "checkpoint",
    metadata,
    sa.Column("relationship", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("version", sa.String(40), nullable=False),
    sa.Column("track", sa.LargeBinary, nullable=False),
    sa.Column("nearest", sa.LargeBinary),  # how far each situation met is from its nearest
)

experiences = sa.Table(
    "experience",
    metadata,
    sa.Column("trainer", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("source", sa.String(64)),  # digest of the entry it was told in, for redaction
    sa.Column("offered", sa.String(64)),  # the programme whose other trainers may read it
    sa.Index("ix_experience_source", "source"),
)

keys = sa.Table(
    "api_key",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),  # of the secret, which is nowhere
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("relationship", sa.String(64)),
    sa.Column("role", sa.String(16)),
    sa.Column("made_at", sa.String(40), nullable=False),
    sa.Column("expires_at", sa.String(40)),
    sa.Column("revoked_at", sa.String(40)),
)

people = sa.Table(
    "person",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("mail", sa.String(254), unique=True),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("made_at", sa.String(40), nullable=False),
)

links = sa.Table(
    "sign_in_link",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("expires_at", sa.String(40), nullable=False),
    sa.Column("used_at", sa.String(40)),
    sa.Column("mail", sa.String(254)),  # where an invitation went; the account gets it
    sa.Column("invited_by", sa.String(64)),  # who invited them; nobody where the operator did
)

subjects = sa.Table(
    "subject",
    metadata,
    sa.Column("issuer", sa.String(255), primary_key=True),
    sa.Column("subject", sa.String(255), primary_key=True),  # as the issuer names them
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("made_at", sa.String(40), nullable=False),
)

looks = sa.Table(
    "look",
    metadata,
    sa.Column("relationship", sa.String(64), primary_key=True),
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("actor", sa.String(64), primary_key=True),
    sa.Column("what", sa.String(80), primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("last_at", sa.String(40), nullable=False),
)

sessions = sa.Table(
    "web_session",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("id", sa.String(16), nullable=False),  # as it is listed; not the secret
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("made_at", sa.String(40), nullable=False),
    sa.Column("seen_at", sa.String(40), nullable=False),
    sa.Column("browser", sa.String(200), nullable=False),
    sa.Index("ix_web_session_person", "person"),
)

programmes = sa.Table(
    "programme",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("contact", sa.String(64)),  # for concerns, as agreements in it name them first
    sa.Column("made_at", sa.String(40), nullable=False),
)

leads = sa.Table(
    "lead",
    metadata,
    sa.Column("programme", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Index("ix_lead_person", "person"),
)

members = sa.Table(
    "member",
    metadata,
    sa.Column("programme", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("side", sa.String(8), primary_key=True),  # learner or trainer; some are both
    sa.Column("state", sa.String(8), nullable=False),  # invited, joined or left
    sa.Column("at", sa.String(40), nullable=False),  # since when
    sa.Column("capacity", sa.Integer),  # how many learners at once, of a trainer
    sa.Column("reply_days", sa.Integer),
    sa.Column("invited_by", sa.String(64), nullable=False),
    sa.Column("mail", sa.String(254)),  # where the invitation goes; not kept once they joined
    sa.Column("mail_state", sa.String(8), nullable=False),  # none, waiting, sent or failed
    sa.Column("mail_at", sa.String(40)),  # when it was sent; while it waits, not before then
    sa.Index("ix_member_person", "person"),
    sa.Index("ix_member_mail_state", "mail_state"),
)

cares = sa.Table(
    "care",
    metadata,
    sa.Column("relationship", sa.String(64), primary_key=True),
    sa.Column("what", sa.String(16), primary_key=True),  # support, silent or late
    sa.Column("since", sa.String(40), primary_key=True),
    sa.Column("lead", sa.String(64), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)

counts = sa.Table(
    "level_count",
    metadata,
    sa.Column("programme", sa.String(64), primary_key=True),
    sa.Column("lead", sa.String(64), primary_key=True),  # whose own pairs are not in it
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("people", sa.Integer, nullable=False),
    sa.Column("criteria", sa.Text, nullable=False),
)

profiles = sa.Table(
    "match_profile",
    metadata,
    sa.Column("programme", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("side", sa.String(8), primary_key=True),
    sa.Column("able", sa.Text, nullable=False),  # of a learner, a line each
    sa.Column("situations", sa.Text, nullable=False),
    sa.Column("handled", sa.Text, nullable=False),  # of a trainer
    sa.Column("mode", sa.String(8)),  # mentor or coach; none says that either suits
    sa.Column("at", sa.String(40), nullable=False),
    sa.Index("ix_match_profile_person", "person"),
)

rounds = sa.Table(
    "match_round",
    metadata,
    sa.Column("programme", sa.String(64), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),  # how many times it was proposed
    sa.Column("lead", sa.String(64), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)

matches = sa.Table(
    "match",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),  # follows from the three names
    sa.Column("programme", sa.String(64), nullable=False),
    sa.Column("learner", sa.String(64), nullable=False),
    sa.Column("trainer", sa.String(64), nullable=False),
    sa.Column("reasons", sa.Text, nullable=False),  # as JSON, no text of anybody's in it
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("learner_said", sa.String(8)),  # yes or no
    sa.Column("trainer_said", sa.String(8)),
    sa.Column("relationship", sa.String(64)),  # what it became
    sa.Column("after", sa.String(64)),  # the relationship that would be handed over
    sa.Column("learner_wish", sa.String(8)),  # after the trial: on or another
    sa.Column("trainer_wish", sa.String(8)),
    sa.Index("ix_match_programme", "programme"),
    sa.Index("ix_match_learner", "learner"),
    sa.Index("ix_match_trainer", "trainer"),
)

invites = sa.Table(
    "invite",
    metadata,
    sa.Column("relationship", sa.String(64), primary_key=True),
    sa.Column("talk", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("uid", sa.String(64), nullable=False, unique=True),  # as their calendar knows it
    sa.Column("sequence", sa.Integer, nullable=False),  # what their calendar is to hold
    sa.Column("sent", sa.Integer),  # what it was last sent; nothing yet where there is none
    sa.Column("state", sa.String(8), nullable=False),  # waiting, sent or failed
    sa.Column("due_at", sa.String(40), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("gone", sa.Boolean),  # whether this person is none of the two any more
    sa.Column("held", sa.Text),  # when and how long, as it was last sent
    sa.Index("ix_invite_state", "state", "due_at"),
)

calendars = sa.Table(
    "calendar",
    metadata,
    sa.Column("relationship", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),  # up to which entry its invites were planned
)

deliveries = sa.Table(
    "delivery",
    metadata,
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("what", sa.String(20), primary_key=True),
    sa.Column("relationship", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("stage", sa.Integer, primary_key=True, autoincrement=False),  # days, of a nudge
    sa.Column("channel", sa.String(32), primary_key=True),  # its id; or mail
    sa.Column("state", sa.String(8), nullable=False),  # waiting, sent or failed
    sa.Column("due_at", sa.String(40), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("error", sa.String(80)),  # a code; never the server's words
    sa.Index("ix_delivery_state", "state", "due_at"),
    sa.Index("ix_delivery_person", "person", "channel", "state", "due_at"),
    sa.Index("ix_delivery_channel", "channel", "state", "due_at"),
)

preferences = sa.Table(
    "preference",
    metadata,
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("how", sa.String(8), nullable=False),
)

reaches = sa.Table(
    "reach",
    metadata,
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("zone", sa.String(64)),
    sa.Column("quiet_from", sa.Integer),
    sa.Column("quiet_until", sa.Integer),
    sa.Column("digest_at", sa.Integer),
    sa.Column("refused", sa.Integer, nullable=False),  # mails in a row that were, for good
    sa.Column("mailed_at", sa.String(40)),
    sa.Column("again_at", sa.String(40)),
    sa.Column("feed", sa.Integer),  # how often they had their calendar's address made anew
    sa.Column("claim", sa.String(32)),  # of the process that writes to them now, until then
    sa.Column("claimed_until", sa.String(40)),
    sa.Column("bounced", sa.Integer),  # mails that came back for good, and when the last did
    sa.Column("bounced_at", sa.String(40)),
    sa.Column("known", sa.Integer),  # 1 where all that waits for them was planned as they wish
    sa.Index("ix_reach_claim", "claim"),
)

channels = sa.Table(
    "channel",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(8), nullable=False),  # chat or webhook
    sa.Column("url", sa.Text, nullable=False),  # a secret: whoever has it can write there
    sa.Column("secret", sa.String(80)),  # what a webhook is signed with
    sa.Column("made_at", sa.String(40), nullable=False),
    sa.Column("mailed_at", sa.String(40)),
    sa.Column("again_at", sa.String(40)),
    sa.Column("claim", sa.String(32)),
    sa.Column("claimed_until", sa.String(40)),
    sa.Column("refused", sa.Integer, nullable=False),  # failures in a row, and since when
    sa.Column("failing_since", sa.String(40)),
    sa.Column("off_at", sa.String(40)),
    sa.Index("ix_channel_person", "person"),
    sa.Index("ix_channel_claim", "claim"),
)

channel_wishes = sa.Table(
    "channel_wish",
    metadata,
    sa.Column("channel", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("how", sa.String(8), nullable=False),
)

planned = sa.Table(
    "planned",
    metadata,
    sa.Column("relationship", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),  # up to which entry
    sa.Column("next_at", sa.String(40)),  # when something in it has waited for long
)

replies = sa.Table(
    "reply",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),  # of the token in the address
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("relationship", sa.String(64), nullable=False),
    sa.Column("what", sa.String(20), nullable=False),
    sa.Column("situation", sa.String(64), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("expires_at", sa.String(40), nullable=False),
    sa.Column("used_by", sa.String(64)),  # the entry that a mail to it became
)

letters = sa.Table(
    "letter",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),  # of a mail that was counted or answered
    sa.Column("read_at", sa.String(40), nullable=False),
)

secrets = sa.Table(
    "secret",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.String(64), nullable=False),
)
