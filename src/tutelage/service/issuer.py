"""Who signs credentials: a key made once and kept in the database, or the operator's own.

Every key that ever signed here stays published: what it signed goes on to be verified.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from joserfc import jwk, jws, jwt
from joserfc.errors import JoseError

from tutelage.domain.errors import Malformed
from tutelage.service.added import add
from tutelage.service.carried import issuer_keys
from tutelage.service.database import reading, writing
from tutelage.service.settings import CREDENTIAL_KEY
from tutelage.service.writer import Clock

Key = jwk.RSAKey | jwk.ECKey
ALGORITHMS = {"RSA": "RS256", "EC": "ES256"}
"""RS256 is what every reader of Open Badges must know; ES256 is widely known."""
BITS = 2048
OWN = "own"
LONGEST = 64 * 1024  # characters of a credential; ours have a few thousand
KEY_LIMIT = 64 * 1024  # bytes of a key's file
UNREADABLE = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What the library raises on what is no token, or no key."""


class Issuer:
    """Signs what this server says of a learner, and reads back what it signed."""

    def __init__(self, engine: sa.Engine, clock: Clock, at: str, given: Key | None = None) -> None:
        self.at = at
        self._engine, self._clock, self._given = engine, clock, given
        if given is not None:
            self._keep(given.thumbprint(), given, kept=False)

    def sign(self, claims: dict[str, Any]) -> str:
        """These claims as a compact JWS that names its key by an address."""
        key = self._given or self._own()
        algorithm = ALGORITHMS[key.key_type]
        header = {"alg": algorithm, "kid": self._address(key.thumbprint())}
        return jwt.encode(header, claims, key, algorithms=[algorithm])

    def read(self, token: str) -> dict[str, Any]:
        """The claims of what was signed here. Raises Malformed where it was not, or was changed."""
        try:
            if len(token) > LONGEST:
                raise ValueError
            kid = jws.extract_compact(token.encode()).headers()["kid"]
            public = self._public(kid.rpartition("/")[2])
            known = _key(public)
            return dict(jwt.decode(token, known, algorithms=[ALGORITHMS[known.key_type]]).claims)
        except UNREADABLE:
            raise Malformed(
                "bad_signature", "This was not signed by this server, or it was changed since."
            ) from None

    def published(self) -> list[dict[str, Any]]:
        """Every public key that signs or signed here, as a JSON Web Key."""
        if self._given is None:
            self._own()
        query = sa.select(issuer_keys.c.public).order_by(issuer_keys.c.made_at, issuer_keys.c.name)
        with reading(self._engine) as connection:
            found = connection.execute(query).scalars().all()
        return [self._shown(json.loads(one)) for one in found]

    def _shown(self, public: dict[str, Any]) -> dict[str, Any]:
        kid = self._address(_key(public).thumbprint())
        return {**public, "use": "sig", "alg": ALGORITHMS[public["kty"]], "kid": kid}

    def _address(self, thumbprint: str) -> str:
        return f"{self.at}/keys/{thumbprint}"

    def _own(self) -> Key:
        """The key of this database; of two who make one at once, the first one's counts."""
        found = self._private()
        if found is None:
            # the one piece of chance that is the library's: no desk's entropy makes a good prime
            made = jwk.RSAKey.generate_key(BITS, private=True)
            self._keep(OWN, made, kept=True)
            found = self._private()
        return _key(json.loads(found or "{}"))

    def _private(self) -> str | None:
        query = sa.select(issuer_keys.c.private).where(issuer_keys.c.name == OWN)
        with reading(self._engine) as connection:
            found: str | None = connection.execute(query).scalar()
        return found

    def _public(self, thumbprint: str) -> dict[str, Any]:
        query = sa.select(issuer_keys.c.public).where(issuer_keys.c.thumbprint == thumbprint)
        with reading(self._engine) as connection:
            found: dict[str, Any] = json.loads(connection.execute(query).scalar() or "{}")
        return found

    def _keep(self, name: str, key: Key, *, kept: bool) -> None:
        row = {
            "name": name,
            "thumbprint": key.thumbprint(),
            "public": json.dumps(key.as_dict(private=False)),
            "private": json.dumps(key.as_dict(private=True)) if kept else None,
            "made_at": self._clock().isoformat(),
        }
        with writing(self._engine) as connection:
            add(connection, issuer_keys, [row])


def key_in(file: str) -> Key:
    """The private key in the operator's file, as PEM or JWK. Raises Malformed."""
    try:
        with Path(file).open("rb") as opened:
            text = opened.read(KEY_LIMIT).decode().strip()
        found = _key(json.loads(text) if text.startswith("{") else text)
    except (OSError, *UNREADABLE):
        raise _bad_key() from None
    size = found.raw_value.key_size
    good = size >= BITS if isinstance(found, jwk.RSAKey) else found.curve_name == "P-256"
    if not (good and found.is_private):
        raise _bad_key()
    return found


def _bad_key() -> Malformed:
    wanted = "a file with a private key as PEM or JWK: RSA of 2048 bits or more, or P-256"
    return Malformed("bad_setting", f"{CREDENTIAL_KEY} cannot be read; write {wanted}.")


def _key(said: dict[str, Any] | str) -> Key:
    """A key as it was kept or written. Raises one of UNREADABLE."""
    if isinstance(said, dict):
        if said["kty"] == "RSA":
            return jwk.RSAKey.import_key(said)
        return jwk.ECKey.import_key(said)
    try:
        return jwk.RSAKey.import_key(said)
    except UNREADABLE:
        return jwk.ECKey.import_key(said)
