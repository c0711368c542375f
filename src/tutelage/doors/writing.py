"""``tutelage write KIND``: one command for every event that somebody may write.

The event classes are the source: docstring → help, field → option. A text is a plain option, a
list is the option repeated, a mapping is repeated name=value; the rest comes with ``--from``.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

import typer
from pydantic.fields import FieldInfo

from tutelage.domain import goal as goals
from tutelage.domain.errors import Malformed, Refused, Unavailable
from tutelage.domain.events import EVENT, KINDS, AnyEvent, Event, GoalSet
from tutelage.domain.terms import Party
from tutelage.domain.text import Gone
from tutelage.doors.common import As, Json, embedder, out, read_json
from tutelage.service import goalfile

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

app = typer.Typer(no_args_is_help=True, help="Write an event into a relationship.")
_URL = ["sqlite:///tutelage.db"]
_FLAGS = {"help": "help-had"}  # --help is every command's own


def use(url: str) -> None:
    """Use this database from here on."""
    _URL[0] = url


def url() -> str:
    """The database in use."""
    return _URL[0]


def desk(*, make: bool = False) -> Tutelage:
    """The desk on that database; made only by the commands that something can begin with.

    Raises Unavailable where there is none: a mistyped URL is no empty database.
    """
    from tutelage.service.desk import Tutelage  # noqa: PLC0415  # `--help` needs none

    file = url().removeprefix("sqlite:///") if url().startswith("sqlite:///") else ""
    if file and file != ":memory:" and not make and not Path(file.partition("?")[0]).exists():
        said = f"There is no database {url()}; --url or TUTELAGE_URL names another."
        raise Unavailable("no_database", said)
    return Tutelage(url(), alike=embedder())


def event(kind: str, body: dict[str, Any]) -> AnyEvent:
    """The event of this kind. Raises pydantic's ValidationError."""
    return EVENT.validate_python({**body, "kind": kind})


def party(said: str) -> dict[str, Any]:
    """`leo` is a person; `agent:NAME:OWNER` is an agent and the person who answers for it."""
    if not said.startswith("agent:"):
        return {"id": said, "kind": "person"}
    _, _, rest = said.partition(":")
    name, _, owner = rest.partition(":")
    return {"id": name, "kind": "agent", "owner": owner or None}


# from fields to options ------------------------------------------------------------------------
def _is(annotation: Any, *kinds: type) -> bool:
    inner = [a for a in get_args(annotation) if a is not type(None)] or [annotation]
    return any(get_origin(a) in kinds or a in kinds for a in (annotation, *inner))


def _option(name: str, field: FieldInfo) -> inspect.Parameter:
    help_text = field.description or ""
    if not field.is_required() and isinstance(field.default, str | int) and field.default:
        help_text = f"{help_text} [default: {field.default}]".strip()
    flag = typer.Option(f"--{_FLAGS.get(name, name.replace('_', '-'))}", help=help_text or None)
    kind: Any = Annotated[_type_of(field), flag]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)


def _type_of(field: FieldInfo) -> Any:
    if field.annotation is bool:
        return bool | None
    many = _is(field.annotation, tuple, dict)
    return list[str] | None if many else str | None


def _given(cls: type[Event], said: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _value(name, cls.model_fields[name], value)
        for name, value in said.items()
        if name in cls.model_fields and value is not None
    }


def _value(name: str, field: FieldInfo, value: Any) -> Any:
    if _is(field.annotation, dict):
        return dict(_pair(name, v, text=_is_text(field)) for v in value)
    if _is(field.annotation, Party):
        return [party(v) for v in value] if isinstance(value, list) else party(value)
    if isinstance(field.annotation, type) and issubclass(field.annotation, IntEnum):
        return _level(field.annotation, value)
    if get_origin(field.annotation) is Literal:  # of which some are numbers
        return next((a for a in get_args(field.annotation) if str(a) == value), value)
    return value


def _is_text(field: FieldInfo) -> bool:
    """Whether a mapping's values are texts; else they are ratings."""
    return Gone in get_args(get_args(get_args(field.annotation)[1])[0])


def _pair(name: str, said: str, *, text: bool) -> tuple[str, Any]:
    key, sign, value = said.partition("=")
    if not sign:
        raise Malformed("name_value", f"Write --{name} as name=value.")
    if text:
        return key, value
    return key, None if value in {"", "na", "n/a"} else _number(value)


def _number(value: str) -> Any:
    return int(value) if re.fullmatch(r"-?\d{1,3}", value) else value


def _level(kind: type[IntEnum], said: str) -> int:
    words = {member.name.lower(): int(member) for member in kind}
    if said.lower() in words:
        return words[said.lower()]
    if said in {str(int(member)) for member in kind}:
        return int(said)
    raise Malformed("level", f"{said} is no level; there are {', '.join(words)}.")


def _time(said: str) -> datetime:
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        raise Malformed("bad_time", "Write the time as 2026-03-02T12:00+01:00.") from None


def fields(cls: type[Event], file: Path) -> dict[str, Any]:
    """An event's fields from a JSON file."""
    body = _read(file)
    if not isinstance(body, dict):
        raise Malformed("bad_event", f"{file} holds no JSON object.")
    if "criteria" in cls.model_fields and isinstance(body.get("criteria"), list):
        body["criteria"] = [
            goalfile.with_key(c, n) for n, c in enumerate(body["criteria"], start=1)
        ]
    body.pop("kind", None)
    if cls is GoalSet:
        _ask(body)
    return body


def _read(file: Path) -> Any:
    if file.suffix == ".toml":
        return goalfile.parse(goalfile.text_of(file))
    return read_json(file)


def _ask(body: dict[str, Any]) -> None:
    """What a goal still lacks comes back as questions, not as missing fields."""
    review = goals.review(body)
    if not review.accepted:
        raise Refused("goal_vague", " ".join(m.question for m in review.missing))


def _command(kind: str, cls: type[Event]) -> Callable[..., None]:
    def run(**said: Any) -> None:
        from tutelage.doors.shapes import WrittenNow  # noqa: PLC0415  # `--help` needs none

        file = said["from_file"]
        body = (fields(cls, file) if file else {}) | _given(cls, said)
        at = _time(said["occurred"]) if said["occurred"] else None
        with desk() as tutelage:
            written = tutelage.write(
                said["relationship"],
                event(kind, body),
                actor=said["by"],
                id=said["entry_id"],
                occurred_at=at,
            )
            turn = written.turn
        answer = WrittenNow.of(written).model_dump(mode="json") if said["as_json"] else None
        out(said["as_json"], answer, f"Entry {written.seq}. Next: {_next(turn.waiting)}")

    options = [_option(n, f) for n, f in cls.model_fields.items() if n != "kind"]
    run.__signature__ = inspect.Signature([*_HEAD, *options, *_TAIL])  # type: ignore[attr-defined]
    run.__name__, run.__doc__ = kind, cls.__doc__
    return run


def _next(waiting: Any) -> str:
    first = min(waiting, key=lambda w: w.seq, default=None)
    return str(first) if first else "nothing waits."


def _keyword(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, default=default, annotation=annotation)


_HEAD = (
    _keyword("relationship", Annotated[str, typer.Argument()], inspect.Parameter.empty),
    _keyword("by", Annotated[str, As], inspect.Parameter.empty),
)
_TAIL = (
    _keyword(
        "from_file",
        Annotated[Path | None, typer.Option("--from", help="Its fields as JSON or TOML.")],
        None,
    ),
    _keyword(
        "entry_id",
        Annotated[str | None, typer.Option("--id", help="A retry under it is done once.")],
        None,
    ),
    _keyword(
        "occurred",
        Annotated[str | None, typer.Option("--occurred-at", help="ISO time with its zone.")],
        None,
    ),
    _keyword("as_json", Json, False),
)

for _kind, _cls in KINDS.items():
    if _cls.offered and _kind != "proposed":
        app.command(_kind.replace("_", "-"))(_command(_kind, _cls))
