"""Reply: an address under which one person answers one thing by mail.

Its token is signed and holds nothing; what it stands for is kept here, with when it ends. Without
the token nobody answers in this person's name.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from tutelage.domain.errors import Refused
from tutelage.service.added import add
from tutelage.service.database import reading, writing
from tutelage.service.secret import SIGNED, Signature
from tutelage.service.stamped import stamp
from tutelage.service.tables import replies as table
from tutelage.service.writer import Clock, Entropy

LASTS = timedelta(days=60)  # as long as anything is told
BOUNCE = "bounce"
_TOKEN = re.compile(rf"[0-9a-f]{{{SIGNED}}}")
_BROKEN = r"[\s>]*"  # where a mail program breaks a line, and marks it as quoted


@dataclass(frozen=True, slots=True)
class Reply:
    """Whose answer it is, to what, and what it becomes."""

    person: str
    what: str
    relationship: str = ""
    situation: str = ""
    seq: int = 0


class Replies:
    """The addresses of one database, all at one mailbox."""

    def __init__(self, engine: sa.Engine, clock: Clock, entropy: Entropy, base: str) -> None:
        self._engine, self._clock = engine, clock
        self._local, _, self._domain = base.rpartition("@")
        self._signature = Signature(engine, "reply", entropy)
        self.ours = _ours(self._local)

    def address(self, reply: Reply) -> str:
        """Where this is answered; the same each time, and good for as long again."""
        return self.addresses([reply])[reply]

    def addresses(self, replies: Iterable[Reply]) -> dict[Reply, str]:
        """Where each of these is answered: those of one mail, written at once."""
        tokens = {reply: self._token(reply) for reply in replies}
        until = stamp(self._clock() + LASTS)
        rows = [
            {"digest": _digest(token), **asdict(reply), "expires_at": until}
            for reply, token in tokens.items()
        ]
        with writing(self._engine) as connection:
            add(connection, table, rows)
            kept = sa.update(table).where(table.c.digest.in_([row["digest"] for row in rows]))
            connection.execute(kept.values(expires_at=until))
        return {reply: f"{self._local}+{token}@{self._domain}" for reply, token in tokens.items()}

    def find(self, addresses: Iterable[str]) -> tuple[Reply, datetime] | None:
        """What the first of these at our mailbox stands for, and until when; None if forged."""
        token = next(filter(None, map(self._said, addresses)), "")
        columns = [table.c[name] for name in Reply.__dataclass_fields__]
        query = sa.select(*columns, table.c.expires_at).where(table.c.digest == _digest(token))
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        if not token or row is None:
            return None
        reply = Reply(*row[:-1])
        good = hmac.compare_digest(token, self._token(reply))
        return (reply, datetime.fromisoformat(row[-1])) if good else None

    def use(self, reply: Reply, entry: str) -> None:
        """Let it become this entry, and no other. Raises Refused."""
        ours = sa.or_(table.c.used_by.is_(None), table.c.used_by == entry)
        with writing(self._engine) as connection:
            change = sa.update(table).where(self._row(reply), ours).values(used_by=entry)
            if connection.execute(change).rowcount == 0:
                raise Refused("reply_used", "This mail was answered already.")

    def unused(self, reply: Reply, entry: str) -> None:
        """It became nothing: another mail may answer it."""
        with writing(self._engine) as connection:
            fits = sa.and_(self._row(reply), table.c.used_by == entry)
            connection.execute(sa.update(table).where(fits).values(used_by=None))

    def forget(self, before: datetime) -> None:
        """Let go of those that ended before."""
        with writing(self._engine) as connection:
            connection.execute(sa.delete(table).where(table.c.expires_at < stamp(before)))

    def _row(self, reply: Reply) -> sa.ColumnElement[bool]:
        return table.c.digest == _digest(self._token(reply))

    def _token(self, reply: Reply) -> str:
        return self._signature.over("\n".join(map(str, astuple(reply))))

    def _said(self, address: str) -> str:
        """The token of an address, where it is one at this mailbox."""
        local, _, domain = address.lower().rpartition("@")
        base, _, token = local.partition("+")
        ours = (base, domain) == (self._local, self._domain) and _TOKEN.fullmatch(token)
        return token if ours else ""


def _ours(local: str) -> re.Pattern[str]:
    """An address with a token of ours, or a link that ends mails, though broken over lines."""
    token = rf"(?:{_BROKEN}[0-9a-f]){{{SIGNED}}}"
    return re.compile(
        rf"{re.escape(local)}{_BROKEN}(?:\+|%2b){token}|/stop/[\w-]+{_BROKEN}\.{token}",
        re.IGNORECASE,
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
