"""What all commands share: how they answer, and how they read a file."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tutelage.domain.errors import Malformed

if TYPE_CHECKING:
    from tutelage.evidence.asks import Alike

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Name = Annotated[str, typer.Argument(metavar="RELATIONSHIP")]
As = typer.Option("--as", metavar="ACTOR", help="In whose name.")

ENTRY: Any = {"min": 0, "max": 2**31 - 1}
"""The range of an entry's number."""

CONTROLS = dict.fromkeys({*range(32), *range(127, 160)} - {9, 10}, "\N{REPLACEMENT CHARACTER}")
"""What would steer a terminal instead of being read on it."""

EMBEDDER = "TUTELAGE_EMBEDDER"
"""The variable that names an embedder for all commands."""

FILE_LIMIT = 16 * 1024 * 1024


def out(as_json: bool, answer: Any, page: Any) -> None:
    """Print the answer as one JSON value, or as people read it."""
    if as_json:
        print(json.dumps(answer, ensure_ascii=False, default=str))  # noqa: T201  # the answer
    elif isinstance(page, str):
        say(page)
    else:
        from rich.console import Console  # noqa: PLC0415  # rich is slow to import

        Console().print(page)


def plain(text: str) -> str:
    """The text without what would steer a terminal."""
    return text.translate(CONTROLS)


def say(text: str, *, err: bool = False) -> None:
    """A sentence for people."""
    print(plain(text), file=sys.stderr if err else sys.stdout)


def read_json(file: Path) -> Any:
    """What a JSON file says; `-` reads standard input. Raises Malformed."""
    try:
        raw = sys.stdin.buffer.read(FILE_LIMIT) if str(file) == "-" else _bytes(file)
        return json.loads(raw)
    except OSError as problem:
        raise Malformed("cannot_read", f"{file} cannot be read: {problem.strerror}.") from None
    except (ValueError, RecursionError):
        raise Malformed("bad_json", f"{file} is not valid JSON.") from None


def embedder() -> Alike | None:
    """What TUTELAGE_EMBEDDER names as `package.module:function`: texts to vectors. Or nothing."""
    named = os.environ.get(EMBEDDER)
    if not named:
        return None
    from tutelage.evidence.asks import by_vectors  # noqa: PLC0415  # `--help` needs no numpy

    return by_vectors(function(named, EMBEDDER, "bad_embedder"), named)


def function(named: str, by: str, code: str) -> Any:
    """The function that `package.module:function` names, looked for in this folder too.

    `by` is who names it, for the sentence. Raises Malformed with this code.
    """
    module, _, name = named.partition(":")
    if not module or not name:
        raise Malformed(code, f"{by} is package.module:function, not {named}.")
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))  # its file often lies where the command is given
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as problem:
        said = f"{by} names {named}, which is not there: {problem}."
        raise Malformed(code, said) from None
    if not callable(found):
        raise Malformed(code, f"{by} names {named}, which is no function.")
    return found


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(FILE_LIMIT)
