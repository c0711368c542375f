"""A list of people as a spreadsheet saves it, read into invitations."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tutelage.domain.errors import Malformed
from tutelage.doors.exchange.decoded import decoded
from tutelage.service.accounts import RESERVED, Accounts, mail_address
from tutelage.service.programmes import Invitation
from tutelage.service.writer import check_name

MOST_BYTES, MOST_LINES = 1_000_000, 2000
COLUMNS = {
    "name": ("name", "person"),
    "mail": ("mail", "e-mail", "email"),
    "side": ("side", "as", "role", "seite", "als", "rolle"),
    "capacity": ("capacity", "kapazität", "kapazitaet"),
    "reply_days": ("reply_days", "reply days", "antwort_tage", "antworttage"),
}
"""What a column may be called, in any case."""
SAID = {
    "learner": "learner",
    "lernt": "learner",
    "trainer": "trainer",
    "mentor": "trainer",
    "coach": "trainer",
    "begleitet": "trainer",
}
"""As what somebody is invited, as it may be said."""
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "æ": "ae"})


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that cannot be read, and why."""

    line: int
    said: str


@dataclass(frozen=True, slots=True)
class Roster:
    """The people of a list, and what is wrong with it; nobody is invited while anything is."""

    people: tuple[Invitation, ...]
    problems: tuple[Problem, ...]


def read(given: bytes) -> Roster:
    """The people of a CSV file: with a header, in UTF-8 or as a spreadsheet under Windows saves it.

    Raises Malformed where it is no such list at all.
    """
    text = decoded(given, "people.csv", MOST_BYTES)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        rows = [(lines.line_num, row) for row in lines if any(cell.strip() for cell in row)]
    except csv.Error as problem:
        raise Malformed(
            "bad_csv", f"Line {lines.line_num} is no line of a CSV: {problem}."
        ) from None
    if len(rows) < 2:
        raise Malformed("bad_csv", "There is no list: a line with the columns' names, then people.")
    if len(rows) > MOST_LINES + 1:
        raise Malformed("bad_csv", f"A list has at most {MOST_LINES} people; split it.")
    return _roster(_header(rows[0][1]), rows[1:])


def handle(name: str) -> str:
    """A person's name as it is used here: letters without marks, a dot between its parts.

    >>> handle("Anna-Lena Müller"), handle("Łukasz  O'Hara")
    ('anna-lena.mueller', 'lukasz.ohara')
    """
    spelt = unicodedata.normalize("NFC", name).strip().lower().translate(_SPELT)
    bare = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    return "".join(c for c in ".".join(bare.split()) if c.isalnum() or c in "._@+-")


def spelt(listed: Roster, people: Accounts) -> list[Invitation]:
    """The people of a list, each under the name as their account spells it."""
    return [replace(one, person=people.spelt(one.person)) for one in listed.people]


def _delimiter(text: str) -> str:
    """What the header is parted by: spreadsheets use a semicolon where the comma is a decimal."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def _header(cells: Iterable[str]) -> dict[str, int]:
    said = [cell.strip().lower() for cell in cells]
    found = {
        column: said.index(name)
        for column, names in COLUMNS.items()
        for name in names
        if name in said
    }
    missing = [column for column in ("name", "side") if column not in found]
    if missing:
        raise Malformed(
            "bad_csv", f"The first line names the columns; {' and '.join(missing)} is missing."
        )
    return found


def _roster(at: Mapping[str, int], rows: Iterable[tuple[int, list[str]]]) -> Roster:
    people: dict[tuple[str, str], Invitation] = {}
    problems: list[Problem] = []
    for line, row in rows:
        said = {column: row[n].strip() if n < len(row) else "" for column, n in at.items()}
        try:
            one = _invitation(said)
        except Malformed as wrong:
            problems.append(Problem(line, wrong.message))
            continue
        if (one.person, one.side) in people:
            problems.append(Problem(line, f"{one.person} is in this list already as {one.side}."))
        people[one.person, one.side] = one
    problems += _shared(people.values())
    return Roster(tuple(people.values()), tuple(problems))


def _shared(people: Iterable[Invitation]) -> Iterator[Problem]:
    """Two names at one address: one of them would come in as the other."""
    whose: dict[str, str] = {}
    for one in people:
        if one.mail and whose.setdefault(one.mail, one.person) != one.person:
            said = f"{one.person} and {whose[one.mail]} have the same mail address."
            yield Problem(0, said)


def _invitation(said: Mapping[str, str]) -> Invitation:
    name = said["name"]
    person = name if name.isascii() and " " not in name else handle(name)
    check_name(person)
    if person.lower() in RESERVED:
        raise Malformed("bad_name", f"Nobody is called {person} here.")
    side = SAID.get(said["side"].lower())
    if side is None:
        raise Malformed(
            "bad_side", f"{said['side'][:40] or 'Nothing'} is no side: learner or trainer."
        )
    mail = mail_address(said["mail"]) if said.get("mail") else None
    return Invitation(
        person,
        "learner" if side == "learner" else "trainer",
        mail,
        _number(said.get("capacity", ""), 100, "capacity"),
        _number(said.get("reply_days", ""), 90, "reply_days"),
    )


def _number(said: str, most: int, column: str) -> int | None:
    if not said:
        return None
    if not (said.isdecimal() and said.isascii() and int(said[:6]) <= most):
        raise Malformed("bad_number", f"{column} is a number from 0 to {most}, not {said[:40]}.")
    return int(said)
