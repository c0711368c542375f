"""Secrets of one database, made once and kept in it: what they sign holds over a restart."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

import sqlalchemy as sa

from tutelage.service.added import add
from tutelage.service.database import reading, writing
from tutelage.service.tables import secrets
from tutelage.service.writer import Entropy

SIGNED = 40  # hexadecimal digits of a signature: 160 bits


class Signature:
    """Signs names for one purpose, and reads back what it signed."""

    def __init__(self, engine: sa.Engine, purpose: str, entropy: Entropy) -> None:
        self._key = bytes.fromhex(secret(engine, purpose, entropy))

    def of(self, name: str) -> str:
        """The name with its signature, as it can stand in a link."""
        said = base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")
        return f"{said}.{self.over(name)}"

    def name(self, token: str) -> str | None:
        """The name that was signed; None where this is no signature of ours."""
        said, _, signature = token.partition(".")
        try:
            name = base64.urlsafe_b64decode(f"{said}{'=' * (-len(said) % 4)}".encode()).decode()
        except (binascii.Error, ValueError):
            return None
        good = hmac.compare_digest(signature.encode("utf-8", "replace"), self.over(name).encode())
        return name if good else None

    def over(self, name: str) -> str:
        """The signature alone; letters in it mean the same in either case."""
        return hmac.new(self._key, name.encode(), hashlib.sha256).hexdigest()[:SIGNED]


def secret(engine: sa.Engine, name: str, entropy: Entropy) -> str:
    """The secret of this name; of two who make it at once, the first one's counts."""
    query = sa.select(secrets.c.value).where(secrets.c.name == name)
    with reading(engine) as connection:
        found = connection.execute(query).scalar()
    if found is None:
        with writing(engine) as connection:
            add(connection, secrets, [{"name": name, "value": entropy(32).hex()}])
            found = connection.execute(query).scalar_one()
    return str(found)
