"""A well-formed body for any event class, made from its fields."""

from __future__ import annotations

from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tutelage.domain.events import Event
from tutelage.domain.text import Gone


def sample(cls: type[BaseModel]) -> dict[str, Any]:
    """The required fields, each with something that fits it."""
    return {n: _value(f) for n, f in cls.model_fields.items() if f.is_required()}


def _value(field: FieldInfo) -> Any:
    least = next((m.min_length for m in field.metadata if hasattr(m, "min_length")), 1)
    return _of(field.annotation, least)


def _of(annotation: Any, least: int = 1) -> Any:
    origin, inner = get_origin(annotation), get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        return _of(inner[0], least)
    if origin is Literal:
        return inner[0]
    if origin is tuple:
        return [_of(inner[0]) for _ in range(least)]
    if origin is dict:
        return {}
    if origin is Union or type(annotation).__name__ == "UnionType":
        return _of(next(a for a in inner if a not in {Gone, type(None)}))
    return _plain(annotation)


def _plain(kind: Any) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind)).value
    if isinstance(kind, type) and issubclass(kind, BaseModel) and not issubclass(kind, Event):
        return sample(kind)
    return {str: "s", int: 1, float: 0.5, bool: True}.get(kind, "2026-03-02T12:00:00Z")
