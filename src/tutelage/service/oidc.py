"""Asking an OpenID Connect provider who somebody is: authorization code, PKCE, a verified token.

Nothing that a provider or a browser sends is believed before it is checked, and none of it is
logged: only what kind of thing went wrong.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock
from typing import Any

import httpx2
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from tutelage.domain.errors import Malformed, NoKey, TutelageError, Unavailable
from tutelage.service.accounts import mail_address
from tutelage.service.settings import SignOn, secure
from tutelage.service.subjects import Identity
from tutelage.service.writer import Clock

SCOPE = "openid email profile"
TIMEOUT = 5.0  # seconds for each answer of the provider
AT_ONCE = 4  # of the server's sixteen threads: a provider that hangs leaves the others
KEPT, FORGOTTEN = 3600.0, 10.0  # seconds a discovery document holds, and a failure to get one
LEEWAY = 60  # seconds by which two clocks may differ
SIGNED_BY = [
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
]
"""Only public keys: a token signed with a shared secret is one that we could have made."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Flow:
    """What ties one sign-in to the browser that began it."""

    state: str
    nonce: str
    verifier: str


class Provider:
    """One provider, as it describes itself."""

    def __init__(self, settings: SignOn, clock: Clock) -> None:
        self.settings = settings
        self._clock = clock
        self._room = BoundedSemaphore(AT_ONCE)
        self._asks = Lock()
        self._described: dict[str, Any] | None = None
        self._until = 0.0

    def start(self, back: str, flow: Flow) -> str:
        """Where the browser goes to sign in; it comes back to `back`. Raises Unavailable."""
        with self._asking(back) as client:
            at = self._description(client)["authorization_endpoint"]
            url, _state = client.create_authorization_url(
                at, state=flow.state, code_verifier=flow.verifier, nonce=flow.nonce
            )
        return str(url)

    def identity(self, back: str, code: str, flow: Flow) -> Identity:
        """Who came back with this code. Raises NoKey and Unavailable."""
        with self._asking(back) as client:
            said = self._description(client)
            client.token_endpoint_auth_method = _authenticates(said)
            token = client.fetch_token(
                said["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=flow.verifier,
            )
            return self._read(token, flow, _got(client, said["jwks_uri"]))

    def _read(self, token: dict[str, Any], flow: Flow, published: Any) -> Identity:
        signed = jwt.decode(
            token["id_token"],
            KeySet.import_key_set(published),
            registry=JWSRegistry(algorithms=SIGNED_BY, strict_check_header=False),
        )
        expected = {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": self.settings.client},
        }
        about = {
            "nonce": flow.nonce,
            "client_id": self.settings.client,
            "access_token": token.get("access_token"),
        }
        claims = CodeIDToken(signed.claims, signed.header, expected, about)
        claims.validate(now=int(self._clock().timestamp()), leeway=LEEWAY)
        return _identity(claims)

    def _description(self, client: OAuth2Client) -> dict[str, Any]:
        """The discovery document, kept for a while; so is that there was none."""
        with self._asks:  # who comes second waits for the first's answer
            if time.monotonic() >= self._until:
                self._described, self._until = None, time.monotonic() + FORGOTTEN
                at = f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration"
                self._described = _fit(_got(client, at), self.settings.issuer)
                self._until = time.monotonic() + KEPT
            if self._described is None:
                raise _away()
            return self._described

    @contextmanager
    def _asking(self, back: str) -> Iterator[OAuth2Client]:
        """A client for a few requests; whatever goes wrong with them, in our words."""
        if not self._room.acquire(blocking=False):
            raise _away()
        try:
            with self._client(back) as client:
                yield client
        except TutelageError:
            raise
        except httpx2.HTTPError as error:
            log.warning("the sign-in service does not answer: %s", type(error).__name__)
            raise _away() from None
        except Exception as error:  # noqa: BLE001  # it may have answered anything
            log.warning("a single sign-on was refused: %s", type(error).__name__)
            raise _refused() from None
        finally:
            self._room.release()

    def _client(self, back: str) -> OAuth2Client:
        return OAuth2Client(
            client_id=self.settings.client,
            client_secret=self.settings.secret,
            scope=SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=TIMEOUT,
        )


def _got(client: OAuth2Client, url: str) -> Any:
    answer = client.request("GET", url, withhold_token=True)
    answer.raise_for_status()
    return answer.json()


def _fit(said: Any, issuer: str) -> dict[str, Any]:
    """A discovery document of this issuer, whose endpoints are where nobody reads along."""
    if said["issuer"] != issuer or not all(secure(said[name]) for name in ENDPOINTS):
        raise ValueError
    return dict(said)


def _authenticates(said: dict[str, Any]) -> str:
    known = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    basic, post = "client_secret_basic", "client_secret_post"
    return post if post in known and basic not in known else basic


def _identity(claims: dict[str, Any]) -> Identity:
    subject, mail = claims["sub"], claims.get("email")
    if not (isinstance(subject, str) and 0 < len(subject) <= 255 and subject.isprintable()):
        raise ValueError
    proven = claims.get("email_verified") is True
    kept = _kept(mail) if proven and isinstance(mail, str) else ""
    names = (claims.get(key) for key in ("preferred_username", "nickname", "name", "email"))
    called = next((n for n in names if isinstance(n, str) and n), "")
    return Identity(claims["iss"], subject, kept, called[:254])


def _kept(mail: str) -> str:
    try:
        return mail_address(mail)
    except Malformed:
        return ""


def _away() -> Unavailable:
    return Unavailable(
        "sign_on_away",
        "The sign-in service does not answer; try again in a moment, or ask for a link.",
    )


def _refused() -> NoKey:
    return NoKey(
        "sign_on_refused",
        "The sign-in service did not prove who you are; begin again, or ask for a link.",
    )
