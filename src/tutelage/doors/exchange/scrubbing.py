"""The user's own function over every text of a run, before anything is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tutelage.domain.errors import Malformed
from tutelage.doors.common import function
from tutelage.doors.exchange.run import Run

Scrub = Callable[[str], str]
"""A text as it may be stored."""


def scrub_named(named: str) -> Scrub:
    """The function that `package.module:function` names. Raises Malformed where there is none."""
    found: Scrub = function(named, "--scrub", "bad_scrub")
    return found


def scrubbed(run: Run, scrub: Scrub) -> Run:
    """The run with every text in it scrubbed; its trace id stays. Raises Malformed.

    A hook that breaks stops the import: nothing is stored that it has not seen.
    """
    note = run.annotation
    return replace(
        run,
        messages=[_scrubbed(m, scrub) for m in run.messages],
        outcome=_scrubbed(run.outcome, scrub),
        asked=_scrubbed(run.asked, scrub),
        annotation=note and replace(note, reason=_scrubbed(note.reason, scrub)),
    )


def _scrubbed(value: Any, scrub: Scrub) -> Any:
    match value:
        case str():
            return _text(value, scrub)
        case Mapping():
            return {name: _scrubbed(inner, scrub) for name, inner in value.items()}
        case list():
            return [_scrubbed(inner, scrub) for inner in value]
        case _:
            return value


def _text(text: str, scrub: Scrub) -> str:
    try:
        found = scrub(text)
    except Exception as problem:
        raise Malformed("scrub_failed", f"The scrub hook failed: {problem!r}.") from problem
    if not isinstance(found, str):
        raise Malformed("scrub_failed", "The scrub hook returned no text.")
    return found
