"""Invitations into programmes: each is mailed until a server takes it, by any process, in rounds.

What is killed between the mail and its note is mailed once more, with the same link.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tutelage.service.database import reading, writing
from tutelage.service.mail import Handed
from tutelage.service.tables import members

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage
    from tutelage.service.notify import Mail, Post

LEASE = timedelta(minutes=10)  # for which one process has an invitation, and others leave it alone
BACK_OFF = timedelta(minutes=15)  # after a mail was not taken
GIVEN_UP = timedelta(days=3)
A_ROUND = 200  # invitations; whoever stops is not waited for long
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom to write: into which programme, by whom, and the token of their own link."""

    person: str
    mail: str
    programme: str
    side: str
    by: str
    token: str


Word = Callable[[Invited], "Mail"]
"""How an invitation is worded: the doors know languages and addresses of pages."""


class Inviter:
    """Mails the invitations of one desk."""

    def __init__(self, desk: Tutelage, post: Post, word: Word) -> None:
        self._desk, self._post, self._word = desk, post, word
        self._engine = desk.ledger.engine

    def round(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Mail what waits; how many were taken."""
        taken = 0
        for row in self._waiting():
            if stop():
                break
            if self._claimed(row):
                handed = self._one(row)
                taken += not handed.error
                if handed.away:
                    break  # the others would fare no better now
        return taken

    def _waiting(self) -> list[sa.Row[tuple[str, ...]]]:
        c, now = members.c, self._desk.clock().isoformat()
        due = sa.and_(c.mail_state == "waiting", sa.or_(c.mail_at.is_(None), c.mail_at <= now))
        query = sa.select(c.programme, c.person, c.side, c.mail, c.invited_by, c.at, c.mail_at)
        with reading(self._engine) as connection:
            return list(connection.execute(query.where(due).order_by(c.at).limit(A_ROUND)))

    def _claimed(self, row: sa.Row[tuple[str, ...]]) -> bool:
        """Whether it is this process's now: of two, one changes the row."""
        was = members.c.mail_at
        same = was.is_(None) if row.mail_at is None else was == row.mail_at
        until = (self._desk.clock() + LEASE).isoformat()
        return self._set(row, sa.and_(same, members.c.mail_state == "waiting"), mail_at=until)

    def _one(self, row: sa.Row[tuple[str, ...]]) -> Handed:
        token = self._desk.programmes.token(row.programme, row.person, row.side)
        mail = self._word(
            Invited(row.person, row.mail, row.programme, row.side, row.invited_by, token)
        )
        key = sha256(f"{token} {row.at}".encode()).hexdigest()[:32]
        handed = self._post.now(row.mail, mail.subject, mail.text, mail.headers, key)
        self._came(row, handed)
        return handed

    def _came(self, row: sa.Row[tuple[str, ...]], handed: Handed) -> None:
        now = self._desk.clock()
        if not handed.error:
            self._set(row, sa.true(), mail_state="sent", mail_at=now.isoformat())
            return
        log.error("an invitation was not sent: %s", handed.error)
        late = now - datetime.fromisoformat(row.at) > GIVEN_UP
        state = "failed" if handed.refused or late else "waiting"
        self._set(row, sa.true(), mail_state=state, mail_at=(now + BACK_OFF).isoformat())

    def _set(
        self, row: sa.Row[tuple[str, ...]], fits: sa.ColumnElement[bool], **values: str | None
    ) -> bool:
        c = members.c
        at = (c.programme == row.programme, c.person == row.person, c.side == row.side)
        change = sa.update(members).where(*at, c.state == "invited", fits).values(**values)
        with writing(self._engine) as connection:
            return connection.execute(change).rowcount > 0
