"""The formats of traces that are read, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tutelage.doors.exchange import inspect_ai, openai, openinference, otel
from tutelage.doors.exchange.run import Run, Skip

FORMATS: dict[str, Callable[[Path], Iterator[Run | Skip]]] = {
    "openai": openai.runs,
    "otel": otel.runs,
    "openinference": openinference.runs,
    "inspect": inspect_ai.runs,
}
"""Who reads which format."""


def read(files: Iterable[Path], name: str) -> Iterator[Run | Skip]:
    """Every run of these files, in order; what is none comes with its place and reason."""
    for file in files:
        yield from FORMATS[name](file)
