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
HEADS = {
    "from": "From|Von|De|Da|Van|Från|Fra|Od",
    "sent": "Sent|Date|Gesendet|Datum|Envoyé|Enviado|Fecha|Data|Inviato|Verzonden|Skickat|Sendt",
    "to": "To|An|À|A|Para|Per|Aan|Till|Til|Do",
    "subject": "Subject|Betreff|Objet|Asunto|Oggetto|Onderwerp|Assunto|Ämne|Emne|Temat",
}
"""How mail programs name the lines of a head that they quote."""
HEAD = {
    kind: re.compile(rf"\*{{0,2}}(?:{names})\*{{0,2}}\s?:\*{{0,2}}(?:\s(.*))?")
    for kind, names in HEADS.items()
}
LINES_OF_HEAD = 6  # in which its sender and its date stand, in whatever order
SENT_FROM = re.compile(r"(Sent from my|Von meinem|Gesendet von meinem|Get Outlook for)\b.{0,60}")
WRAPPED = 3  # lines that a mail program breaks “On … wrote:” into


def said(text: str, ours: re.Pattern[str] | None = None) -> str:
    r"""The sender's own words; from a line on in which one of `ours` stands, nothing is.

    >>> said("Wait ten minutes.\n\nOn Mon, 2 Mar 2026, Tutelage wrote:\n> Say what you would do")
    'Wait ten minutes.'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        length = _introduces(lines, at)
        if not length and _ends(lines, at):
            break
        if length:
            at += length
        elif lines[at].lstrip().startswith(">"):
            at += 1
        else:
            kept.append(lines[at].rstrip())
            at += 1
    return re.sub(r"\n{3,}", "\n\n", _before(ours, "\n".join(kept))).strip()


def _before(ours: re.Pattern[str] | None, text: str) -> str:
    """What stands before the first line that holds an address of ours: nobody writes one."""
    found = ours.search(text) if ours is not None else None
    return text[: text.rfind("\n", 0, found.start()) + 1] if found else text


def _ends(lines: list[str], at: int) -> bool:
    """Whether from here on nothing is the sender's own."""
    line = lines[at].strip()
    if SIGNATURE.fullmatch(lines[at]) or ORIGINAL.fullmatch(line) or SENT_FROM.fullmatch(line):
        return True
    if LINE.fullmatch(line):
        return _head(lines, at + 1)
    return _head(lines, at) or _unmarked(lines, at)


def _head(lines: list[str], at: int) -> bool:
    """Whether a head as mail programs quote it begins here: from whom and when, in any order."""
    if at >= len(lines) or not _kinds(lines[at]):
        return False
    there = [line for line in lines[at : at + 2 * LINES_OF_HEAD] if line.strip()]
    found = {kind for line in there[:LINES_OF_HEAD] for kind in _kinds(line)}
    return found >= {"from", "sent"} or found >= {"from", "to", "subject"}


def _kinds(line: str) -> set[str]:
    """What line of a head this is; a date has a number in it."""
    found = {kind: one.fullmatch(line.strip()) for kind, one in HEAD.items()}
    return {
        kind
        for kind, one in found.items()
        if one and (kind != "sent" or re.search(r"\d", one[1] or ""))
    }


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
