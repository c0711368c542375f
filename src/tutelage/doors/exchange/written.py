"""Cases, notes and principles as people write them in Markdown: a heading each, with sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tutelage.doors.exchange.cases import Bad, Case, Raw, criterion, plain, read_case
from tutelage.doors.exchange.table import COLUMNS

HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*")
FENCE = re.compile(r"\s*(```|~~~)")
DATED = re.compile(r"(\d{4}-\d\d?-\d\d?|\d\d?\.\d\d?\.\d{4})[\s:,\u2013\u2014-]*(.*)")
PARTS = {"when": "when", "wann": "when", "when not": "when_not", "wann nicht": "when_not"}
PARTS |= {"because": "because", "weil": "because", "why": "because", "warum": "because"}
ASKED = {"when": "When", "when_not": "When not", "because": "Because"}


@dataclass(slots=True)
class Block:
    """What stands under a heading of the second level: its own words, and its sections'."""

    line: int
    title: str
    body: list[str] = field(default_factory=list)
    sections: list[tuple[int, str, list[str]]] = field(default_factory=list)

    def add(self, line: str) -> None:
        """One more line, under the heading last opened."""
        (self.sections[-1][2] if self.sections else self.body).append(line)

    @property
    def said(self) -> str:
        """Its own words, without the title's."""
        return "\n".join(self.body).strip()


@dataclass(frozen=True, slots=True)
class Note:
    """A note of one's own."""

    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A principle, as its learner would keep it in the notebook."""

    file: str
    line: int
    says: str
    when: str
    when_not: str
    because: str


def cases(text: str, file: str, criteria: Mapping[str, str]) -> Iterator[Case | Bad]:
    """Each `## heading` as a case; `### What I did` and the like are its parts."""
    for found in _blocks(text, file):
        yield found if isinstance(found, Bad) else _case(found, file, criteria)


def _case(block: Block, file: str, criteria: Mapping[str, str]) -> Case | Bad:
    at = Raw(file, block.line)
    dated = DATED.fullmatch(block.title)
    day, title = (dated[1], dated[2]) if dated else ("", block.title)
    at.said = {"date": day, "text": "\n\n".join(filter(None, (title, block.said)))}
    for line, name, body in block.sections:
        column = _column(name, criteria)
        if column is None:
            return Bad(file, line, f"There is no section {name[:60]}; name it by a criterion.")
        at.said[column] = "\n".join(body).strip()
    return read_case(at, criteria)


def _column(name: str, criteria: Mapping[str, str]) -> str | None:
    said = plain(name)
    key = next((column for column, words in COLUMNS.items() if said in words), None)
    of = criterion(name, criteria)
    return key or (f"criterion:{of}" if of else None)


def notes(text: str, file: str) -> Iterator[Note | Bad]:
    """Each `## heading` with what stands under it as a note; a file without one is one note."""
    found = list(_blocks(text, file))
    if any(isinstance(one, Bad) for one in found):
        whole = text.strip()
        yield Note(file, 1, whole) if whole else Bad(file, 1, "Nothing stands in it.")
        return
    for block in found:
        if isinstance(block, Block):
            below = ("\n".join((name, *body)).strip() for _line, name, body in block.sections)
            parts = filter(None, (block.title, block.said, *below))
            yield Note(file, block.line, "\n\n".join(parts))


def rules(text: str, file: str) -> Iterator[Rule | Bad]:
    """Each `## heading` as a principle, with `### When`, `### When not` and `### Because`."""
    for found in _blocks(text, file):
        yield found if isinstance(found, Bad) else _rule(found, file)


def _rule(block: Block, file: str) -> Rule | Bad:
    said = {PARTS.get(plain(name), ""): "\n".join(b).strip() for _line, name, b in block.sections}
    for part, heading in ASKED.items():
        if not said.get(part):
            return Bad(file, block.line, f"The principle has no section {heading}.")
    return Rule(file, block.line, block.title, said["when"], said["when_not"], said["because"])


def _blocks(text: str, file: str) -> Iterator[Block | Bad]:
    """What stands under each heading of the second level; one of the first is the file's title."""
    block: Block | None = None
    for number, line, depth, title in _lines(text):
        if depth == 2:
            if block is not None:
                yield block
            block = Block(number, title)
        elif block is None:
            if line.strip() and depth != 1:
                yield Bad(file, number, "This stands before the first heading (## …).")
                return
        elif depth > 2:
            block.sections.append((number, title, []))
        else:
            block.add(line)
    yield block if block is not None else Bad(file, 1, "There is no heading (## …) in it.")


def _lines(text: str) -> Iterator[tuple[int, str, int, str]]:
    """Each line with its number and, for a heading, its depth and words; code holds none."""
    fenced = False
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        fence = FENCE.match(line) is not None
        found = None if fenced or fence else HEADING.fullmatch(line)
        yield number, line, len(found[1]) if found else 0, found[2] if found else ""
        fenced ^= fence
