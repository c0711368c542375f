"""`tutelage simulate`: what the estimate, the levels and the tests do where the truth is known."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from tutelage.domain.errors import Malformed
from tutelage.doors.common import out
from tutelage.guidance.simulate.catalogue import BARS, VARIANTS, Held, held, simulate
from tutelage.guidance.simulate.measured import Characteristics

EVERY = "all"


def one(variant: str, relationships: int, seed: int, *, as_json: bool) -> None:
    """Print the figures of one variant. Raises Malformed."""
    if variant not in VARIANTS:
        known = ", ".join((*VARIANTS, EVERY))
        raise Malformed("unknown_variant", f"There is no variant {variant}; there is {known}.")
    found = simulate(variant, relationships, seed)
    bars = list(held(variant, found, BARS))
    answer = {"variant": variant, "relationships": relationships, "seed": seed, **as_answer(found)}
    out(as_json, answer, _page(variant, relationships, seed, found, bars))


def as_answer(found: Characteristics) -> dict[str, Any]:
    """Figures by key, and their Monte-Carlo errors beside them."""
    return {
        **{key: _plain(m.value) for key, m in found.items()},
        "error": {key: _plain(m.error) for key, m in found.items()},
        "n": {key: m.n for key, m in found.items()},
    }


def _plain(value: float) -> float | None:
    return None if value != value else round(value, 5)  # noqa: PLR0124  # JSON has no NaN


def _page(
    variant: str, relationships: int, seed: int, found: Characteristics, bars: list[Held]
) -> Group:
    says = VARIANTS[variant][0]
    head = Text(f"{variant}: {says}; {relationships} relationships, seed {seed}", style="bold")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("figure", "value", "± error", "bar", ""):
        table.add_column(column)
    by = {h.bar.key: h for h in bars}
    for key, m in found.items():
        bar = by.get(key)
        met = "" if bar is None else "met" if bar.met else "NOT MET"
        table.add_row(key, f"{m.value:.3f}", f"{m.error:.3f}", str(bar.bar) if bar else "", met)
    return Group(head, table)


def all_bars(relationships: int, seed: int, *, as_json: bool) -> None:
    """Print every bar, met or not."""
    rows = list(every(relationships, seed, Console(file=sys.stderr)))
    answer = {
        "relationships": relationships,
        "seed": seed,
        "bars": [
            {
                "variant": h.bar.variant,
                "key": h.bar.key,
                "bar": str(h.bar),
                "value": _plain(h.found.value),
                "error": _plain(h.found.error),
                "met": h.met,
            }
            for h in rows
        ],
    }
    out(as_json, answer, _bars(rows, relationships, seed))


def every(relationships: int, seed: int, console: Console) -> Iterator[Held]:
    """Every bar, variant by variant, with a line of progress for each."""
    for variant in dict.fromkeys(bar.variant for bar in BARS):
        with console.status(f"{variant}: {VARIANTS[variant][0]} …"):
            found = simulate(variant, relationships, seed)
        yield from held(variant, found, BARS)


def _bars(rows: Iterable[Held], relationships: int, seed: int) -> Group:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("variant", "what it must show", "bar", "found", "± error", ""):
        table.add_column(column)
    for h in rows:
        met = Text("met", style="green") if h.met else Text("NOT MET", style="bold red")
        found = (f"{h.found.value:.3f}", f"{h.found.error:.3f}")
        table.add_row(h.bar.variant, h.bar.says, str(h.bar), *found, met)
    return Group(Text(f"{relationships} relationships each, seed {seed}", style="bold"), table)
