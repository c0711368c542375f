"""A real SMTP server in this process, on a real port, that keeps what it is handed."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
import warnings
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


class Counter(Controller):
    """It knows its connections, so that it ends when they have: those left open would warn."""

    def factory(self) -> SMTP:
        made: SMTP = super().factory()
        self.made = [*getattr(self, "made", ()), made]
        return made

    def rest(self) -> None:
        end = time.monotonic() + 2
        while any(one.transport is not None for one in getattr(self, "made", ())):
            if time.monotonic() > end:
                break
            time.sleep(0.005)


class Post:
    """It takes mail while it is up; `answers` are what it says instead, once each."""

    def __init__(self, port: int = 0, **more: Any) -> None:
        self.port = port or free_port()
        self.got: list[EmailMessage] = []
        self.to: list[list[str]] = []
        self.senders: list[str] = []  # of the envelopes: where they come back to
        self.answers: list[str] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self._more = more

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        read = message_from_bytes(envelope.content or b"", policy=policy.default)
        assert isinstance(read, EmailMessage)
        self.to.append(list(envelope.rcpt_tos))
        self.senders.append(str(envelope.mail_from))
        self.got.append(read)
        return "250 taken"

    def _login(self, _s: Any, _session: Any, _e: Any, _m: Any, data: Any) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss")

    @contextlib.contextmanager
    def up(self) -> Any:
        """Let it listen."""
        made = Counter(self, "127.0.0.1", self.port, authenticator=self._login, **self._more)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a login without TLS would not be safe
            made.start()
        try:
            yield self
        finally:
            made.rest()
            made.stop()

    def comes(self, count: int = 1, seconds: float = 8.0) -> list[EmailMessage]:
        """Wait for so many mails."""
        end = time.monotonic() + seconds
        while len(self.got) < count and time.monotonic() < end:
            time.sleep(0.01)
        assert len(self.got) == count
        return self.got


def certificate(folder: Path) -> ssl.SSLContext:
    """A server's context with a certificate of its own for 127.0.0.1, written to cert.pem."""
    import datetime as dt
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, *plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
