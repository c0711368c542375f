"""Incoming: one mail that came, read with suspicion: from whom, to where, and its own words.

Everything in it may be hostile: nothing here raises but `Unreadable`, and nothing is believed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import default
from html.parser import HTMLParser
from typing import Any, Literal

from tutelage.service import quoting

LARGEST = 2 * 1024 * 1024  # bytes of a mail; words are far fewer
LONGEST_HEAD = 8_000  # letters of one header that are still read
HEADS = 64 * 1024  # bytes of all of them
KIND = 1_000  # letters of a header that says what a part is: its parser takes their square
WORDS = (
    128 * 1024
)  # bytes of a text that are looked at, from its beginning: twice what an entry holds
DEEPEST, MOST_PARTS = 12, 200
MOST_LINES = 10 * MOST_PARTS  # that could begin a part
KINDS = re.compile(rb"^content-[a-z-]+:.*(?:\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)
CHARSET = re.compile(
    r"(us-)?ascii|utf-?(7|8|16|32)([bl]e)?|(iso|windows|cp|koi8|mac|gb|big5|euc|shift|ks|tis)[\w-]*"
)
TO = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
BULK = frozenset({"bulk", "auto_reply", "list", "junk"})
MARKS = ("x-autoreply", "x-autorespond", "x-loop", "list-id", "list-post", "list-unsubscribe")
AWAY = re.compile(
    r"\s*(auto(matic|mated)?[ -]?(reply|response)|auto:|out of office|undeliver|delivery status|"
    r"automatische antwort|abwesenheit|abwesend|unzustellbar)",
    re.IGNORECASE,
)
Bounce = Literal["", "hard", "soft"]


class Unreadable(Exception):  # what is to be done with it, not what went wrong
    """This is no mail that can be read: too large, too deep, or none at all."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail as far as it matters."""

    id: str
    sender: str
    to: tuple[str, ...]
    text: str
    attachments: int = 0
    automatic: bool = False
    report: bool = False  # a machine says what became of a mail
    bounce: Bounce = ""
    forged: bool = False  # the operator's own server says so
    calendar: bytes = b""  # what a calendar answers with


def read(raw: bytes, checked_by: str = "", ours: re.Pattern[str] | None = None) -> Incoming:
    """Read a mail; `ours` are addresses that stand in no words of anybody's. Raises Unreadable."""
    if len(raw) > LARGEST or _slow(raw):
        raise Unreadable
    try:
        mail = message_from_bytes(raw, policy=default)
        return _read(mail, raw, checked_by, ours)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001  # the parser meets what no mail should hold
        raise Unreadable from None


def _slow(raw: bytes) -> bool:
    """Whether the parser would take long: of some of it, it takes the square."""
    head = raw[:HEADS]
    endless = len(head) == HEADS and b"\n\n" not in head and b"\n\r\n" not in head
    long = any(len(kind[0]) > KIND for kind in KINDS.finditer(raw))
    return endless or long or raw.count(b"\n--") > MOST_LINES


def _read(
    mail: Message[Any, Any], raw: bytes, checked_by: str, ours: re.Pattern[str] | None
) -> Incoming:
    parts = list(_parts(mail))
    report = mail.get_content_type() == "multipart/report"
    words, attached = _words(parts)
    return Incoming(
        id=_identity(mail, raw),
        sender=_sender(mail),
        to=tuple(a for name in TO for a in _addresses(mail, name)),
        text=quoting.said(words, ours),
        attachments=attached,
        automatic=_automatic(mail),
        report=report,
        bounce=_bounce(parts) if report else "",
        forged=bool(checked_by) and _failed(mail, checked_by),
        calendar=_calendar(parts),
    )


# heads -----------------------------------------------------------------------------------------
def _heads(mail: Message[Any, Any], name: str) -> list[str]:
    """Each header of this name, as it stands there; what is very long is not looked at."""
    raw = ((n.lower(), str(v)) for n, v in mail.raw_items())
    return [" ".join(v.split()) for n, v in raw if n == name and len(v) <= LONGEST_HEAD]


def _addresses(mail: Message[Any, Any], name: str) -> list[str]:
    found: list[str] = []
    for value in _heads(mail, name):
        try:
            head: Any = default.header_factory(
                name if name in {"to", "cc", "from"} else "to", value
            )
            found += [a.addr_spec.lower() for a in head.addresses]
        except Exception:  # noqa: BLE001, S112  # as above: one bad header is none
            continue
    return found


def _sender(mail: Message[Any, Any]) -> str:
    """The one address it says it is from; with none or several, nobody's."""
    found = _addresses(mail, "from")
    return found[0] if len(found) == 1 and len(_heads(mail, "from")) == 1 else ""


def _identity(mail: Message[Any, Any], raw: bytes) -> str:
    said = next(iter(_heads(mail, "message-id")), "")
    return said or hashlib.sha256(raw).hexdigest()


def _automatic(mail: Message[Any, Any]) -> bool:
    """Whether a machine sent it: nobody is answered, and it becomes nothing."""
    submitted = [v.split(";")[0].strip().lower() for v in _heads(mail, "auto-submitted")]
    bulk = any(v.lower() in BULK for v in _heads(mail, "precedence"))
    nobody = any(v in {"<>", ""} for v in _heads(mail, "return-path"))
    marked = any(_heads(mail, name) for name in MARKS) or _away(mail)
    return any(v != "no" for v in submitted) or bulk or nobody or marked


def _away(mail: Message[Any, Any]) -> bool:
    """Whether its subject is one of those that only a machine writes, without saying so."""
    return any(AWAY.match(str(mail.get("subject", ""))) for _one in _heads(mail, "subject"))


def _failed(mail: Message[Any, Any], checked_by: str) -> bool:
    """Whether the operator's server says the sender is forged; DMARC counts before the others."""
    results: dict[str, set[str]] = {}
    for value in _heads(mail, "authentication-results"):
        server, _, said = value.partition(";")
        if server.split()[:1] == [checked_by] or server.strip().lower() == checked_by:
            for method, result in re.findall(r"\b(dmarc|spf|dkim)\s*=\s*(\w+)", said.lower()):
                results.setdefault(method, set()).add(result)
    if "dmarc" in results:
        return "fail" in results["dmarc"]
    dkim = results.get("dkim", set())
    return "fail" in results.get("spf", set()) or ("fail" in dkim and "pass" not in dkim)


# parts -----------------------------------------------------------------------------------------
def _parts(mail: Message[Any, Any], depth: int = 0) -> Iterator[Message[Any, Any]]:
    """Its parts, those of a forwarded mail not among them. Raises Unreadable where it is deep."""
    if depth > DEEPEST:
        raise Unreadable
    inner: Any = mail.get_payload() if mail.get_content_maintype() == "multipart" else None
    if not isinstance(inner, list):
        yield mail
        return
    if len(inner) > MOST_PARTS:
        raise Unreadable
    for part in inner:
        yield from _parts(part, depth + 1)


def _words(parts: list[Message[Any, Any]]) -> tuple[str, int]:
    """The text of a mail, and how many parts are something else."""
    shown = [p for p in parts if p.get_content_disposition() != "attachment"]
    plain = [_plain(p) for p in shown if p.get_content_type() == "text/plain"]
    html = [_content(p) for p in shown if p.get_content_type() == "text/html"]
    texts = len(plain) + len(html)
    text = "\n".join(plain)
    if not text.strip() and html:
        text = "\n".join(map(plainly, html))
    return text, len(parts) - texts


def _plain(part: Message[Any, Any]) -> str:
    text = _content(part)
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    joined = re.sub(r"(?<!\n--) \n(?!>)", " ", text.replace("\r\n", "\n"))
    return re.sub(r"^ ", "", joined, flags=re.MULTILINE)


def _calendar(parts: list[Message[Any, Any]]) -> bytes:
    """The first part that is for a calendar, with what it says it is."""
    for part in parts:
        if part.get_content_type() == "text/calendar":
            body: Any = part.get_payload(decode=True)
            return body if isinstance(body, bytes) else b""
    return b""


def _content(part: Message[Any, Any]) -> str:
    """A part's text; letters that cannot be read are shown as such."""
    raw: Any = part.get_payload(decode=True)
    said = str(part.get_param("charset", "") or "").strip().lower()
    charset = said if CHARSET.fullmatch(said) else "utf-8"
    body = raw[:WORDS] if isinstance(raw, bytes) else b""
    try:
        text = body.decode(charset, "replace")
    except (LookupError, ValueError):
        text = body.decode("utf-8", "replace")
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _bounce(parts: list[Message[Any, Any]]) -> Bounce:
    """What a report of delivery says, by its own fields and never by its text."""
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            blocks: Any = part.get_payload()
            for block in blocks if isinstance(blocks, list) else ():
                if str(block.get("action", "")).strip().lower() == "failed":
                    status = str(block.get("status", "")).strip()
                    return "hard" if status.startswith("5.") else "soft"
    return ""


# HTML ------------------------------------------------------------------------------------------
class _Reader(HTMLParser):
    """Takes the words out of a page; what is quoted in it gets the mark of a quotation."""

    SKIPPED = frozenset({"script", "style", "head", "title", "template"})
    BREAKS = frozenset({"br", "p", "div", "li", "tr", "blockquote", "h1", "h2", "h3", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[list[str]] = [[]]
        self._skips, self._quotes = 0, 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  # its interface
        """A line begins with whatever stands on lines of its own."""
        self._skips += tag in self.SKIPPED
        self._quotes += tag == "blockquote"
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        """And ends with it; a paragraph leaves an empty line."""
        self._skips = max(0, self._skips - (tag in self.SKIPPED))
        self._break(tag)
        self._quotes = max(0, self._quotes - (tag == "blockquote"))
        if tag == "p":
            self.lines.append([])

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._skips and data.strip():
            if self._quotes and not self.lines[-1]:
                self.lines[-1].append("> ")
            self.lines[-1].append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if tag in self.BREAKS and (self.lines[-1] or tag == "br"):
            self.lines.append([])


def plainly(html: str) -> str:
    """A page as text.

    >>> plainly("<p>Wait.</p><script>x()</script><blockquote>Hello,</blockquote>").split()
    ['Wait.', '>', 'Hello,']
    """
    reader = _Reader()
    end = html.rfind(">") + 1  # a tag that nothing closes takes the square of what follows it
    reader.feed(html[:end] + html[end:].partition("<")[0])
    reader.close()
    return "\n".join("".join(line).strip() for line in reader.lines)
