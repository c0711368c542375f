"""What the operator sets by environment, read once into one frozen object.

A value that cannot be meant is refused at the start, in words that never repeat a password.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from urllib.parse import SplitResult, unquote, urlsplit

from tutelage.domain.errors import Malformed

SMTP, SENDER = "TUTELAGE_SMTP", "TUTELAGE_MAIL_FROM"
ISSUER, CLIENT, SECRET = "TUTELAGE_OIDC_ISSUER", "TUTELAGE_OIDC_CLIENT", "TUTELAGE_OIDC_SECRET"
NAME, JOIN = "TUTELAGE_OIDC_NAME", "TUTELAGE_OIDC_JOIN"
AT = "TUTELAGE_AT"
CREDENTIAL_KEY, LRS = "TUTELAGE_CREDENTIAL_KEY", "TUTELAGE_LRS"
REPLY_TO, MAILDIR, CHECKED_BY = "TUTELAGE_REPLY_TO", "TUTELAGE_MAILDIR", "TUTELAGE_AUTHSERV"
LONGEST_LOCAL = 64 - len("+") - 40  # of an address, beside a token
PRIVATE = "TUTELAGE_PRIVATE_CHANNELS"
KEEP_DAYS, MOST_DAYS = "TUTELAGE_KEEP_DAYS", 100 * 365
PORTS = {"smtp": 587, "smtps": 465}
HERE = frozenset({"localhost", "127.0.0.1", "::1"})  # what never leaves this machine may be plain


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, and in whose name."""

    host: str
    port: int
    sender: str
    tls: bool = False  # from the first byte; else STARTTLS, where it is offered
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ReplyBox:
    """Where answers by mail go, and where their mails are put."""

    address: str
    maildir: str
    checked_by: str = ""  # how the operator's server calls itself in Authentication-Results


@dataclass(frozen=True, slots=True)
class SignOn:
    """Who else may say who somebody is: an OpenID Connect provider."""

    issuer: str
    client: str
    secret: str = field(repr=False)
    name: str = ""  # what the button says
    join: bool = False  # whether anybody it knows may make an account


@dataclass(frozen=True, slots=True)
class RecordStore:
    """A learning record store, and the key it knows us by."""

    url: str
    key: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is set; None where it is not."""

    mail: MailServer | None = None
    sign_on: SignOn | None = None
    keep_days: int | None = None  # how long texts are kept after a relationship is over
    at: str | None = None  # how people reach the pages; links in mails begin with it
    credential_key: str | None = None  # the file with the key that signs credentials
    replies: ReplyBox | None = None
    lrs: RecordStore | None = None  # where facts go by themselves, of learners who let them
    private_channels: bool = False  # whether people's channels may lead into private networks


NOTHING_SET = Settings()


def settings(environment: Mapping[str, str]) -> Settings:
    """Read the environment. Raises Malformed."""
    said = {name: value.strip() for name, value in environment.items()}
    return Settings(
        mail=_mail(said),
        sign_on=_sign_on(said),
        keep_days=_days(said.get(KEEP_DAYS, "")),
        at=_at(said),
        credential_key=said.get(CREDENTIAL_KEY) or None,
        replies=_replies(said),
        lrs=_lrs(said),
        private_channels=_yes(said, PRIVATE),
    )


def _days(said: str) -> int | None:
    if not said:
        return None
    days = int(said) if said.isdecimal() and len(said) < 12 else 0
    if not 1 <= days <= MOST_DAYS:
        raise Malformed("bad_days", f"{KEEP_DAYS} is a number of days from 1, not {said[:40]}.")
    return days


def _mail(said: Mapping[str, str]) -> MailServer | None:
    if not _all_or_none(said, SMTP, SENDER):
        return None
    at = _split(SMTP, said[SMTP])
    if at.scheme not in PORTS or at.path not in {"", "/"} or at.query or at.fragment:
        raise _malformed(SMTP, "smtp://user:password@host:587, or smtps://…")
    user, password = unquote(at.username or ""), unquote(at.password or "")
    if bool(user) != bool(password):
        raise _malformed(SMTP, "both a user and a password, or neither")
    port = at.port or PORTS[at.scheme]
    sender = _address(SENDER, said[SENDER])
    return MailServer(at.hostname or "", port, sender, at.scheme == "smtps", user, password)


def _at(said: Mapping[str, str]) -> str | None:
    url = said.get(AT, "")
    if not url:
        return None
    at = _split(AT, url)
    plain = url.isascii() and url.isprintable() and not set(url) & set(' <>,"')
    if at.scheme not in {"http", "https"} or at.username is not None or at.path not in {"", "/"}:
        plain = False
    if not plain or at.query or at.fragment:
        raise _malformed(AT, "how people reach the pages, as https://learn.example")
    return url.rstrip("/")


def record_store(url: str) -> RecordStore:
    """Where statements go, as https://key:secret@lrs.example/xapi. Raises Malformed."""
    at = _split(LRS, url)
    key, secret = unquote(at.username or ""), unquote(at.password or "")
    bare = at._replace(netloc=at.netloc.rpartition("@")[2]).geturl().rstrip("/")
    if not (key and secret and secure(bare)) or at.query or at.fragment:
        raise _malformed(LRS, "https://key:secret@lrs.example/xapi")
    return RecordStore(bare.removesuffix("/statements"), key, secret)


def _lrs(said: Mapping[str, str]) -> RecordStore | None:
    """Statements name learners by our address, so it is needed."""
    return record_store(said[LRS]) if said.get(LRS) and _all_or_none(said, LRS, AT) else None


def _replies(said: Mapping[str, str]) -> ReplyBox | None:
    if not _all_or_none(said, REPLY_TO, MAILDIR):
        return None
    address = _address(REPLY_TO, said[REPLY_TO]).lower()
    local, _, domain = address.rpartition("@")
    plain = local.isascii() and all(c.isalnum() or c in "._-" for c in local)
    if not plain or len(local) > LONGEST_LOCAL or not domain:
        raise _malformed(REPLY_TO, f"an address of at most {LONGEST_LOCAL} letters before the @")
    return ReplyBox(address, said[MAILDIR], said.get(CHECKED_BY, "").lower())


def _address(name: str, said: str) -> str:
    try:
        return Address(addr_spec=said).addr_spec
    except (ValueError, IndexError):  # the library's parser runs off the end of some
        raise _malformed(name, "one mail address, as tutelage@learn.example") from None


def _sign_on(said: Mapping[str, str]) -> SignOn | None:
    if not _all_or_none(said, ISSUER, CLIENT, SECRET):
        return None
    issuer = said[ISSUER]
    at = _split(ISSUER, issuer)
    if not secure(issuer) or at.query or at.fragment or at.username is not None:
        raise _malformed(ISSUER, "an https address, as the provider calls itself")
    join = _yes(said, JOIN)
    name = said.get(NAME, "") or (at.hostname or "")
    if len(name) > 40 or not name.isprintable():
        raise _malformed(NAME, "a name of at most 40 letters")
    return SignOn(issuer, said[CLIENT], said[SECRET], name, join)


def _yes(said: Mapping[str, str], name: str) -> bool:
    answer = said.get(name, "") or "no"
    if answer not in {"yes", "no"}:
        raise _malformed(name, "yes or no")
    return answer == "yes"


def secure(url: str) -> bool:
    """Whether what is sent there is read by nobody on the way."""
    try:
        at = urlsplit(url)
    except ValueError:
        return False
    plain = at.scheme == "http" and at.hostname in HERE
    return bool(at.hostname) and (at.scheme == "https" or plain)


def _split(name: str, url: str) -> SplitResult:
    """The parts of an address, its port read."""
    try:
        at = urlsplit(url)
        if at.hostname and at.port != 0:
            return at
    except ValueError:
        pass
    raise _malformed(name, "an address with a host, and a port from 1 to 65535 if it needs one")


def _all_or_none(said: Mapping[str, str], *names: str) -> bool:
    """Whether these are set; one without the others is a mistake."""
    missing = [name for name in names if not said.get(name)]
    if missing and len(missing) < len(names):
        given = next(name for name in names if name not in missing)
        raise Malformed("bad_setting", f"{given} is set, and {missing[0]} is not.")
    return not missing


def _malformed(name: str, wanted: str) -> Malformed:
    return Malformed("bad_setting", f"{name} cannot be read; write {wanted}.")
