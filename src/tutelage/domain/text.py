"""Text: what people wrote, kept apart from the facts so that it can be removed.

An event in the ledger is two columns: its facts, in which each text is a number, and the list of
texts those numbers point to. Redaction removes the list and its salt; the facts, and with them
every estimate and level, stay as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic_core import PydanticCustomError, core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

TEXT_LIMIT = 64 * 1024  # bytes of UTF-8 a text field may hold unless the desk is told otherwise


@dataclass(frozen=True, slots=True)
class Gone:
    """Stands where a text was, or where one is that this reader may not see."""

    why: Literal["redacted", "unread", "private"] = "redacted"

    def __str__(self) -> str:
        return f"[{self.why}]"


class Stored(NamedTuple):
    """Validation context of a stored event: its texts, or why there are none."""

    texts: tuple[str, ...] | None
    why: Literal["redacted", "unread", "private"] = "redacted"


class Taken(list[str]):
    """Serialization context: takes the texts out of an event and leaves their numbers."""


def _read(value: Any, info: core_schema.ValidationInfo) -> str | Gone:
    stored = info.context
    if isinstance(stored, Stored) and isinstance(value, int):
        return _stored(stored, value)
    if isinstance(value, Gone):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("text_type", "Write this as text.")
    if not value.strip():
        raise PydanticCustomError("text_blank", "Say something here.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("text_unicode", "This is not valid Unicode text.") from None
    return value


def _stored(stored: Stored, number: int) -> str | Gone:
    if stored.texts is None:
        return Gone(stored.why)
    if not 0 <= number < len(stored.texts):
        raise PydanticCustomError("text_missing", "A text that this points to is not there.")
    return stored.texts[number]


def _write(value: str | Gone, info: core_schema.SerializationInfo) -> str | int:
    taken = info.context
    if isinstance(taken, Taken):
        taken.append(str(value))
        return len(taken) - 1
    return str(value)


class _TextType:
    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: Any, _handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(
            _read,
            serialization=core_schema.plain_serializer_function_ser_schema(_write, info_arg=True),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": TEXT_LIMIT}


Text = Annotated[str | Gone, _TextType]
