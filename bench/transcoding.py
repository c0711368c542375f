"""How the rival stores its events and snapshots: compact JSON, read and written by pydantic.

The library's own transcoder walks objects in Python; a competent user of it who holds pydantic
events would let pydantic do it, and so it is done here. Records are derived from the domain's own
annotations; an entry is a row of its ten fields, with the event in full.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import datetime
from operator import attrgetter
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from eventsourcing.persistence import Transcoder
from pydantic import AfterValidator, PlainSerializer, TypeAdapter
from typing_extensions import TypedDict

from tutelage.domain.entry import Entry, Findings
from tutelage.domain.events import AnyEvent
from tutelage.domain.relationship import Relationship
from tutelage.domain.terms import Role, Visibility
from tutelage.domain.values import Grown, Places

Fields = tuple[
    int, str, str, Role, datetime, datetime, Visibility, AnyEvent, Findings | None, str
]  # fmt: skip
_taken = attrgetter(*Entry._fields)
Written = Annotated[
    Fields,
    AfterValidator(lambda found: Entry(*found)),
    PlainSerializer(_taken, return_type=Fields),
]


def _stored(hint: Any) -> Any:
    """The annotation under which a value of this one is stored."""
    origin, parts = get_origin(hint), get_args(hint)
    if Entry in {hint, origin}:
        return Written
    if is_dataclass(hint):
        return _record(hint)
    if origin is Grown:
        return _as(tuple[_stored(parts[0]), ...], Grown, tuple)  # type: ignore[misc]
    if hint is Places:
        return _as(dict[str, int], Places, dict)
    if origin in {Union, UnionType}:
        return Union[tuple(_stored(p) for p in parts)]  # noqa: UP007  # made at run time
    if origin is tuple:
        return tuple[_stored(parts[0]), ...]  # type: ignore[misc]
    if origin is Mapping:
        return dict[parts[0], _stored(parts[1])]  # type: ignore[misc]
    return hint


def _record(cls: Any) -> Any:
    hints = {name: _stored(hint) for name, hint in get_type_hints(cls).items()}
    return _as(TypedDict(cls.__name__, hints), lambda found: cls(**found), vars)  # type: ignore[operator]


def _as(stored: Any, read: Any, write: Any) -> Any:
    return Annotated[stored, AfterValidator(read), PlainSerializer(write, return_type=stored)]


class _Snapshot(TypedDict):
    folded: _stored(Relationship)  # type: ignore[valid-type]
    _created_on: datetime
    _modified_on: datetime


class _Record(TypedDict, total=False):
    timestamp: datetime
    originator_topic: str
    entry: Written
    topic: str
    state: _Snapshot


_RECORD: TypeAdapter[Any] = TypeAdapter(_Record)


class Compact(Transcoder):
    """Events and snapshots of the rival as bytes, and back."""

    def encode(self, obj: Any) -> bytes:
        return _RECORD.dump_json(obj)

    def decode(self, data: bytes) -> Any:
        return _RECORD.validate_json(data)
