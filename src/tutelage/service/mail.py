"""Mail: handed to one SMTP server in the background, tried again while it is away.

Nobody waits for it. What is refused for good, or still not taken after the last try, leaves a line
in the log without its address and its words: a link in a log would sign in whoever reads it.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from functools import partial

from tutelage.domain.errors import Malformed
from tutelage.service.later import Later
from tutelage.service.settings import HERE, MailServer
from tutelage.service.writer import Clock

WAITS = (2.0, 10.0, 60.0, 240.0)  # seconds between tries: a sign-in link still holds after them
TIMEOUT = 10.0  # seconds for each answer of the server
LONG = SMTP.clone(max_line_length=990)  # a link in a header is never broken, nor encoded
PERMANENT = 500  # replies from here on say that another try would not help
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of handing one mail over: nothing to say where it was taken."""

    error: str = ""
    refused: bool = False  # for good, and because of this mail or its address
    away: bool = False  # the server itself: others would fare no better now


class Mailer:
    """Sends text mail in one address's name."""

    def __init__(self, server: MailServer, clock: Clock, waits: tuple[float, ...] = WAITS) -> None:
        self._server, self._clock, self._waits = server, clock, waits
        self.later = Later()

    def send(self, to: str, subject: str, text: str) -> None:
        """Send this soon; it returns at once. Raises Malformed where the address is none."""
        letter = self._letter(_address(to), subject, text)
        if not self.later.do(partial(self._try, letter, to)):
            log.error("a mail was not sent: too many wait already")

    def now(
        self,
        to: str,
        subject: str,
        text: str,
        more: Mapping[str, str],
        key: str = "",
        back: str = "",
        calendar: tuple[str, bytes] | None = None,
    ) -> Handed:
        """Hand this over and wait for the answer; under one key it keeps its Message-ID.

        `back` is where it comes back to if it cannot be delivered; `calendar` is a method and a
        file that mail programs take into their calendar.
        """
        try:
            letter = self._letter(_address(to), subject, text)
            letter.policy = LONG
            if calendar is not None:
                _with_calendar(letter, *calendar)
            for name, value in more.items():
                letter[name] = value
            if key:
                domain = self._server.sender.rpartition("@")[2]
                letter.replace_header("Message-ID", f"<{key}@{domain}>")
            _hand_over(self._server, letter, to, back)
        except Malformed as error:
            return Handed(error.code, refused=True)
        except (OSError, MessageError, ValueError) as error:
            return _handed(error)
        return Handed()

    def check(self, to: str) -> None:
        """Raise Malformed where no mail can be sent there."""
        _address(to)

    def close(self) -> None:
        """Try what waits once more, and say how much of it is lost."""
        left = self.later.close()
        if left:
            log.error("%d mails were not sent before the end", left)

    def _letter(self, to: Address, subject: str, text: str) -> EmailMessage:
        letter = EmailMessage(policy=SMTP)
        letter["From"] = _address(self._server.sender)
        letter["To"] = to
        letter["Subject"] = " ".join(_unicode(subject).split())  # no line can begin a header
        letter["Date"] = format_datetime(self._clock())
        letter["Message-ID"] = make_msgid(domain=self._server.sender.rpartition("@")[2])
        letter["Auto-Submitted"] = "auto-generated"  # so that nobody's holiday answers it
        letter.set_content(_unicode(text), cte="quoted-printable")  # which every server takes
        return letter

    def _try(self, letter: EmailMessage, to: str, tries: int = 1) -> None:
        try:
            _hand_over(self._server, letter, to)
        except (OSError, MessageError, ValueError) as error:  # smtplib's are of the first kind
            self._again(letter, to, tries, error)

    def _again(self, letter: EmailMessage, to: str, tries: int, error: Exception) -> None:
        hopeless = tries > len(self._waits) or _for_good(error)
        again = partial(self._try, letter, to, tries + 1)
        if hopeless or not self.later.do(again, self._waits[tries - 1]):
            log.error("a mail was not sent, after %d tries: %s", tries, _why(error))


def _with_calendar(letter: EmailMessage, method: str, file: bytes) -> None:
    """The same said for a calendar: a part that offers itself as an invite."""
    letter.add_alternative(
        file.decode(), subtype="calendar", cte="base64", params={"method": method}
    )


def _hand_over(server: MailServer, letter: EmailMessage, to: str, back: str = "") -> None:
    trusted = ssl.create_default_context()
    with _connected(server, trusted) as smtp:
        secret = server.tls
        if not secret and smtp.has_extn("starttls"):
            smtp.starttls(context=trusted)
            smtp.ehlo()
            secret = True
        if server.user:
            if not secret and server.host not in HERE:
                raise smtplib.SMTPNotSupportedError("no password goes over an open line")
            smtp.login(server.user, server.password)
        smtp.send_message(letter, back or server.sender, [to])


def _connected(server: MailServer, trusted: ssl.SSLContext) -> smtplib.SMTP:
    if server.tls:
        made: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT, context=trusted
        )
    else:
        made = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    made.ehlo()
    return made


def _for_good(error: Exception) -> bool:
    """Whether another try would be answered the same."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _said in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= PERMANENT
    kinds = (smtplib.SMTPNotSupportedError, MessageError, ValueError)
    return isinstance(error, kinds) and not isinstance(error, ssl.SSLError)


def _handed(error: Exception) -> Handed:
    """A failure as it is kept; a server that takes nobody's mail is no fault of the address."""
    theirs = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    unmade = isinstance(error, MessageError | ValueError) and not isinstance(error, OSError)
    refused = unmade or (theirs and _for_good(error))
    return Handed(_why(error), refused, away=not theirs and not unmade)


def _why(error: Exception) -> str:
    """What kind of failure; never the server's words, which repeat the address."""
    code = getattr(error, "smtp_code", None)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next((code for code, _said in error.recipients.values()), None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def _address(said: str) -> Address:
    try:
        read = Address(addr_spec=said)
    except (ValueError, IndexError, MessageError):  # the parser runs off the end of some
        read = Address()
    if not said or read.addr_spec != said:  # a comment in brackets is none of ours
        raise Malformed("bad_mail", "This is no mail address.")
    return read


def _unicode(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
