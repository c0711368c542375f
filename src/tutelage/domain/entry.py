"""Draft and Entry: an event on its way into the ledger, and the same event once it is there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

from pydantic import Field

from tutelage.domain.events import EVENT, KINDS, AnyEvent, Event
from tutelage.domain.terms import Frozen, Guiding, Key, Role, Seq, Visibility
from tutelage.domain.text import Stored, Taken

E_co = TypeVar("E_co", bound=Event, covariant=True)
F = TypeVar("F", bound=Frozen)

START = "0" * 64
"""The digest before the first entry."""


def _none_of_them(asks: tuple[int, ...]) -> bool:
    return not asks


def _is_none(value: object) -> bool:
    return value is None


class Findings(Frozen):
    """What was judged from texts when the entry was admitted, so that no fold judges it again."""

    version: str
    move: Guiding | None = None  # what a guidance text really does
    quote: tuple[int, int] | None = None  # the part of it that tells, as a span
    novelty: float | None = None  # conformal rank of the situation; small means new
    nearest: Key | None = None
    near_duplicate: bool = False  # of a situation that was guided
    copied: bool = False  # an account that repeats an earlier one
    echoes: Seq | None = None  # the trainer's question that the learner made its own
    # of an own call: the trainer's questions it asks itself. Left out where there are none, so
    # that findings without it are stored, and digested, as they were before there was this field
    asks: Annotated[tuple[Seq, ...], Field(exclude_if=_none_of_them)] = ()
    # what read it to be more than an AI coaches on; not which matter: that would outlive the text
    beyond: Annotated[str | None, Field(exclude_if=_is_none)] = None
    # of what a person wrote in an agent trainer's place: which agent's
    stands_in: Annotated[Key | None, Field(exclude_if=_is_none)] = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An event somebody wants to write; the role comes from the agreement, never from them."""

    event: AnyEvent
    actor: str
    role: Role
    now: datetime
    findings: Findings | None = None


class Entry(NamedTuple, Generic[E_co]):
    """An event in the ledger, with who wrote it, when, and what was found in its text."""

    seq: int
    id: str
    actor: str
    role: Role
    written_at: datetime
    occurred_at: datetime
    visibility: Visibility
    event: E_co
    findings: Findings | None = None
    digest: str = ""


def canonical(value: Any) -> str:
    """JSON that reads back to the same JSON: what digests are taken over."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def split(event: Event) -> tuple[str, list[str]]:
    """Take an event apart into its facts, as canonical JSON, and its texts.

    >>> from tutelage.domain.events import Paused
    >>> split(Paused(why="holidays"))
    ('{"kind":"paused","why":0}', ['holidays'])
    """
    texts = Taken()
    facts = event.model_dump(mode="json", context=texts)
    return canonical(facts), list(texts)


def join(facts: str, stored: Stored) -> AnyEvent:
    """Put an event together again; without its texts, `Gone` stands in their place."""
    return _lean(_READ(facts, context=stored))


def found(findings: str) -> Findings:
    """Findings as they were stored."""
    return _lean(_FOUND(findings))


def _lean(read: F) -> F:
    """Every field is stored, so which were given need not be kept once an entry.

    These sets are half of the memory that a fold takes.
    """
    object.__setattr__(read, "__pydantic_fields_set__", _EVERY[type(read)])
    return read


_READ: Callable[..., AnyEvent] = EVENT.validator.validate_json
_FOUND: Callable[..., Findings] = Findings.__pydantic_validator__.validate_json
_KINDS: tuple[type[Frozen], ...] = (Findings, *KINDS.values())
_EVERY: dict[type[Frozen], set[str]] = {cls: set(cls.model_fields) for cls in _KINDS}


def text_digest(salt: str, texts: str) -> str:
    """H(salt, text): kept when the text goes, so that the chain still verifies."""
    return hashlib.sha256(f"{salt}\n{texts}".encode()).hexdigest()


def entry_digest(previous: str, envelope: str, facts: str, of_text: str) -> str:
    """H(previous, envelope, facts, H(salt, text)); the relationship's id is left out, for forks."""
    return hashlib.sha256(f"{previous}\n{envelope}\n{facts}\n{of_text}".encode()).hexdigest()


def redacted(entry: Entry[Any]) -> bool:
    """Whether the entry's texts are gone."""
    facts, texts = split(entry.event)
    return bool(texts) and join(facts, Stored(None)) == entry.event
