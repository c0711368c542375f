"""Quoting: what somebody wrote in a mail, without what they answer and without their signature.

It would rather keep a line too many than lose one: a quotation is taken out by its marks alone.
"""

from __future__ import annotations

import re

SIGNATURE = re.compile(r"--\s?")
WROTE = re.compile(
    r"(On|Am|Le|El|Il|Op)\s(?=.*\d).*"
    r"(wrote|schrieb|a écrit|escribió|ha scritto|schreef)\b.{0,200}:\s*"
)
"""“On Mon, 2 Mar 2026 at 12:00, Mia <mia@learn.example> wrote:”; a date or an address is in it."""

ORIGINAL = re.compile(
    r"-{2,}\s*(Original Message|Ursprüngliche Nachricht|Originalnachricht|Forwarded message|"
    r"Weitergeleitete Nachricht)\s*-{2,}",
    re.IGNORECASE,
)
LINE = re.compile(r"[_=-]{10,}")
FROM = re.compile(r"\*?(From|Von|De)\*?:\*?\s.*")
SENT = re.compile(r"\*?(Sent|Date|Gesendet|Datum|Envoyé)\*?:\*?\s.*\d.*")
SENT_FROM = re.compile(r"(Sent from my|Von meinem|Gesendet von meinem|Get Outlook for)\b.{0,60}")
WRAPPED = 3  # lines that a mail program breaks “On … wrote:” into


def said(text: str) -> str:
    r"""The sender's own words.

    >>> said("Wait ten minutes.\n\nOn Mon, 2 Mar 2026, Tutelage wrote:\n> Say what you would do")
    'Wait ten minutes.'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines) and not _ends(lines, at):
        length = _introduces(lines, at)
        if length:
            at += length
        elif lines[at].lstrip().startswith(">"):
            at += 1
        else:
            kept.append(lines[at].rstrip())
            at += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _ends(lines: list[str], at: int) -> bool:
    """Whether from here on nothing is the sender's own."""
    line = lines[at].strip()
    if SIGNATURE.fullmatch(lines[at]) or ORIGINAL.fullmatch(line) or SENT_FROM.fullmatch(line):
        return True
    if LINE.fullmatch(line):
        return _head(lines, at + 1)
    return _head(lines, at) or _unmarked(lines, at)


def _head(lines: list[str], at: int) -> bool:
    """Whether a head as Outlook quotes it begins here: from whom, and when sent."""
    there = [line.strip() for line in lines[at : at + 6]]
    begins = bool(there) and FROM.fullmatch(there[0]) is not None
    return begins and any(SENT.fullmatch(line) for line in there[1:4])


def _unmarked(lines: list[str], at: int) -> bool:
    """Whether “On … wrote:” stands here and what follows is the quotation, without any marks."""
    length = _wrote(lines, at)
    return (
        length > 0 and "@" in " ".join(lines[at : at + length]) and not _marked(lines, at + length)
    )


def _introduces(lines: list[str], at: int) -> int:
    """How many lines introduce a marked quotation here."""
    length = _wrote(lines, at)
    return length if length and _marked(lines, at + length) else 0


def _wrote(lines: list[str], at: int) -> int:
    """How many lines “On … wrote:” takes here; none where it does not stand here."""
    for length in range(1, WRAPPED + 1):
        joined = " ".join(line.strip() for line in lines[at : at + length])
        if len(joined) < 400 and WROTE.fullmatch(joined):
            return length
    return 0


def _marked(lines: list[str], at: int) -> bool:
    """Whether the next line that is not empty is a quoted one, or there is none."""
    following = next((line for line in lines[at:] if line.strip()), ">")
    return following.lstrip().startswith(">")
