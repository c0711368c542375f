"""How turns and entries look on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from tutelage.domain.entry import Entry, split
from tutelage.doors.common import plain
from tutelage.guidance.turn import Turn

SHOWN = 8  # of what waits; the rest is counted


def turn_page(relationship: str, turn: Turn) -> Group:
    """Whose move it is, the levels and why, what the evidence proposes, what is missing."""
    since = f" since {turn.since:%Y-%m-%d %H:%M}" if turn.since else ""
    whose = f"{turn.whose}'s turn{since}" if turn.whose else "nobody is waited for"
    phase = f" · {turn.phase}" if turn.phase else ""
    head = Text(f"{relationship} · {turn.life}{phase} · {whose}", style="bold")
    waits = [Text(f"  waits for {w}") for w in turn.waiting[:SHOWN]]
    if len(turn.waiting) > SHOWN:
        waits.append(Text(f"  and {len(turn.waiting) - SHOWN} more"))
    waits += [Text(plain(f"  {s.situation}: {s.why}")) for s in turn.steps[:8] if s.consult]
    offers = [Text(plain(f"  proposed: {m.why}")) for m in turn.proposals]
    missing = "; ".join(turn.threshold.missing)
    short = f"threshold, still missing: {plain(missing)}"
    end = Text("threshold: met" if turn.threshold.met else short)
    ahead = turn.threshold.next
    decides = [Text(plain(f"what would decide it: {ahead}"))] if ahead else []
    return Group(head, *waits, _levels(turn), *offers, end, *decides)


def _levels(turn: Turn) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("criterion", "level", "unassisted judgment", "why"):
        table.add_column(column)
    for s in turn.stands:
        stands = str(s.estimate) if s.estimate.n else "not known yet"
        table.add_row(escape(plain(s.name)), s.level.word, stands, escape(plain(s.why)))
    return table


def entry_line(entry: Entry[Any]) -> str:
    """One entry on one line."""
    _facts, texts = split(entry.event)
    said = " · ".join(" ".join(t.split()) for t in texts)
    return (
        f"{entry.seq:>5} {entry.written_at:%Y-%m-%d %H:%M} {entry.actor} {entry.event.kind} {said}"[
            :240
        ]
    )


def listing(rows: Iterable[dict[str, Any]]) -> Table:
    """Relationships as a table."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("relationship", "learner", "trainer", "phase", "turn", "situations", "levels"):
        table.add_column(column)
    for row in rows:
        levels = ", ".join(f"{k} {v}" for k, v in json.loads(row["levels"]).items())
        table.add_row(
            row["id"],
            row["learner"],
            row["trainer"],
            row["phase"] or row["life"],
            row["whose"] or "-",
            str(row["situations"]),
            levels,
        )
    return table
