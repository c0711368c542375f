"""A table of somebody's past cases, as a spreadsheet writes it: CSV in whatever dialect."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tutelage.doors.exchange.cases import Bad, Case, Raw, criterion, plain, read_case

DELIMITERS = ";,\t"
COLUMNS = {
    "date": ("date", "datum", "when", "day", "tag"),
    "text": ("situation", "case", "fall", "what was going on", "was los war"),
    "did": ("what i did", "did", "decision", "entscheidung", "was ich tat", "was ich getan habe"),
    "why": ("why", "reason", "reasons", "warum", "grund", "begründung"),
    "happened": ("what happened", "outcome", "result", "ergebnis", "was geschah", "was passierte"),
    "whose": ("whose", "own or advised", "wessen", "eigen oder beraten"),
    "criteria": ("criteria", "kriterien"),
}
"""What each column may be called; every other one is named by a criterion of the goal."""
NEEDED = ("text", "did")


@dataclass(frozen=True, slots=True)
class Head:
    """Which column is what, and what separates them."""

    delimiter: str
    names: tuple[str, ...]  # a key of COLUMNS, or "criterion:KEY"


def cases(text: str, file: str, criteria: Mapping[str, str]) -> Iterator[Case | Bad]:
    """Each row of a table as a case, or why it is none; criteria by their keys."""
    head = _head(text, file, criteria)
    if isinstance(head, Bad):
        yield head
        return
    for line, cells in _rows(text, head.delimiter, file):
        if isinstance(cells, Bad):
            yield cells
        elif line > 1 and any(c.strip() for c in cells):
            yield _case(Raw(file, line), head, cells, criteria)


def _case(at: Raw, head: Head, cells: list[str], criteria: Mapping[str, str]) -> Case | Bad:
    if len(cells) > len(head.names) and any(c.strip() for c in cells[len(head.names) :]):
        return Bad(
            at.file,
            at.line,
            f"This row has {len(cells)} cells, and the first row names {len(head.names)} columns.",
        )
    for name, cell in zip(head.names, cells, strict=False):
        at.said[name] = cell.replace("\r\n", "\n").strip()
    return read_case(at, criteria)


def _rows(text: str, delimiter: str, file: str) -> Iterator[tuple[int, list[str] | Bad]]:
    """The rows, each with the line it begins on; what is torn ends them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            yield line, Bad(file, line, f"This row cannot be read: {problem}.")
            return
        yield line, cells
        line = reader.line_num + 1


def _head(text: str, file: str, criteria: Mapping[str, str]) -> Head | Bad:
    """The first row, by the separator that makes most sense of it."""
    read = [(d, _first(text, d, file)) for d in DELIMITERS]
    named = [Head(d, tuple(_named(c, criteria) for c in cells)) for d, cells in read]
    best = max(named, key=lambda h: sum(bool(n) for n in h.names))
    cells = dict(read)[best.delimiter]
    unknown = [c.strip() for c, n in zip(cells, best.names, strict=True) if c.strip() and not n]
    lacking = [n for n in NEEDED if n not in best.names]
    if lacking:
        wanted = " and ".join(COLUMNS[n][0] for n in lacking)
        return Bad(file, 1, f"The first row names no column {wanted}.")
    if unknown:
        return Bad(file, 1, f"There is no column {unknown[0][:60]}; name it by a criterion.")
    twice = next((n for n in best.names if n and best.names.count(n) > 1), None)
    if twice is not None:
        return Bad(file, 1, f"The column {twice.removeprefix('criterion:')} is there twice.")
    return best


def _first(text: str, delimiter: str, file: str) -> list[str]:
    for _line, cells in _rows(text, delimiter, file):
        return [] if isinstance(cells, Bad) else cells
    return []


def _named(cell: str, criteria: Mapping[str, str]) -> str:
    said = plain(cell)
    for name, words in COLUMNS.items():
        if said in words:
            return name
    key = criterion(cell, criteria)
    return f"criterion:{key}" if key else ""
