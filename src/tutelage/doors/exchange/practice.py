"""A practice that ran before: goal, past cases, notes and principles, read from a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tutelage.domain.errors import Malformed
from tutelage.domain.events import GoalSet
from tutelage.doors.exchange import table, written
from tutelage.doors.exchange.cases import Bad, Case
from tutelage.doors.exchange.decoded import text_in
from tutelage.doors.exchange.written import Note, Rule
from tutelage.service import goalfile

FENCED = re.compile(r"^```toml\s*\n(.*?)^```", re.DOTALL | re.MULTILINE)
MOST = 10_000  # cases at once


@dataclass(slots=True)
class Practice:
    """What was read, in order, and what could not be."""

    cases: list[Case] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)

    def take(self, found: Iterable[Case | Note | Rule | Bad]) -> None:
        """Each where it belongs."""
        for one in found:
            match one:
                case Case():
                    self.cases.append(one)
                case Note():
                    self.notes.append(one)
                case Rule():
                    self.rules.append(one)
                case Bad():
                    self.bad.append(one)


def files_in(path: Path) -> list[Path]:
    """The files of a practice: of a folder those that can be one. Raises Malformed."""
    if not path.is_dir():
        return [path]
    found = sorted(f for f in path.iterdir() if f.suffix.lower() in {".csv", ".md", ".toml"})
    if not found:
        raise Malformed("nothing_to_read", f"There is no .csv, .md or goal.toml in {path}.")
    return found


def is_goal(file: Path) -> bool:
    """Whether this file holds the goal."""
    return file.stem.lower() == "goal"


def goal_in(file: Path) -> GoalSet:
    """The goal of goal.toml, or of the TOML in goal.md. Raises Malformed, Refused."""
    text = text_in(file)
    fenced = FENCED.search(text) if file.suffix.lower() == ".md" else None
    return goalfile.goal_of(_parts(fenced[1] if fenced else text))


def _parts(text: str) -> dict[str, Any]:
    return goalfile.parse(text)


def read(files: Iterable[Path], criteria: Mapping[str, str]) -> Practice:
    """Everything but the goal; criteria by their keys. Raises Malformed where one is no text."""
    practice = Practice()
    for file in files:
        if not is_goal(file):
            practice.take(_read(text_in(file), file, criteria))
    _bound(practice)
    return practice


def read_table(text: str, name: str, criteria: Mapping[str, str]) -> Practice:
    """The cases of one table."""
    practice = Practice()
    practice.take(table.cases(text, name, criteria))
    return practice


def _read(text: str, file: Path, criteria: Mapping[str, str]) -> Iterator[Case | Note | Rule | Bad]:
    stem = file.stem.lower()
    if file.suffix.lower() != ".md":
        return table.cases(text, file.name, criteria)
    if stem.startswith(("note", "notiz")):
        return written.notes(text, file.name)
    if stem.startswith(("principle", "grunds")):
        return written.rules(text, file.name)
    return written.cases(text, file.name, criteria)


def _bound(practice: Practice) -> None:
    if len(practice.cases) > MOST:
        raise Malformed("too_many_cases", f"There are more than {MOST:,} cases; bring fewer.")
