"""Make what follows from the code: events, errors, the figure, and the output in the tutorial.

``.venv/bin/python docs/generate.py`` writes the pages; the tests in ``tests/docs`` compare them.
"""  # noqa: INP001  # a script beside the pages, no package

from __future__ import annotations

import ast
import inspect
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import numpy as np
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from replay import replayed

from tutelage import Tutelage
from tutelage.domain import errors
from tutelage.domain.events import KINDS, Event, life, notebook, progress, situation, talk
from tutelage.domain.terms import Criterion, Party, Role
from tutelage.evidence.ability import Ability

DOCS = Path(__file__).parent
SOURCE = DOCS.parent / "src" / "tutelage"
MADE = "<!-- made by docs/generate.py from the code; change the code, then run it -->\n"
SAMPLE = "leo.jsonl"
REPLAYED = (
    "tutorial.md",
    "how-to/fork-and-compare.md",
    "how-to/redact-and-export.md",
    "../README.md",
    "how-to/own-trainer.md",
    "how-to/agent-learner.md",
    "how-to/draw-starts.md",
    "how-to/your-own-environment.md",
    "how-to/import-traces.md",
    "how-to/publish-a-notebook.md",
)
"""Pages whose commands and Python are run again, the commands one after the other in one folder."""


# events ------------------------------------------------------------------------------------------
_CHAPTERS = (
    ("The relationship's life", life),
    ("A situation", situation),
    ("The notebook", notebook),
    ("Progress and talk", progress),
    ("Talks to come", talk),
)
_NAMED = {"Key": "name", "Seq": "entry number", "Probability": "0 to 1", "RatingValue": "1 to 5"}
_NAMED |= {"AwareDatetime": "time with its zone", "Zone": "zone of time", "Minutes": "5 to 480"}


def events_page() -> str:
    """The reference of events: sentence, writer, readers, fields."""
    return "\n".join(_events())


def _events() -> Iterator[str]:
    yield "# Events"
    yield f"\n{MADE}"
    yield (
        "An event is all that can be written into a relationship. `tutelage write KIND` writes "
        "one; in Python it is the class, given to `Tutelage.write`. Texts are 64 KiB at most. "
        "Names have 1 to 64 letters, digits or `. _ : @ + -`. "
        "The first of the readers named is the default."
    )
    for title, module in _CHAPTERS:
        yield f"\n## {title}"
        for kind, cls in KINDS.items():
            if cls.__module__ == module.__name__:
                yield from _event(kind, cls)
    yield "\n## Parts of events"
    for cls in (Party, Criterion):
        yield f"\n### {cls.__name__}\n\n{_sentence(cls)}\n"
        yield from _fields(cls)
    yield ""


def _event(kind: str, cls: type[Event]) -> Iterator[str]:
    who = ", ".join(r.value for r in Role if r in cls.by)
    seen = " or ".join(v.value for v in cls.visible)
    how = f"`tutelage write {kind.replace('_', '-')}`" if cls.offered else "the service"
    how = "`tutelage open`" if kind == "proposed" else how
    how = "`tutelage redact`" if kind == "redacted" else how
    yield f"\n### {cls.__name__}\n\n{_sentence(cls)}\n"
    yield f"Written by: {who}, with {how}. Readable by: {seen}.\n"
    yield from _fields(cls)


def _sentence(cls: type[BaseModel]) -> str:
    return inspect.cleandoc(cls.__doc__ or "")


def _fields(cls: type[BaseModel]) -> Iterator[str]:
    named = issubclass(cls, Event)  # by its kind, which is no field to fill in
    fields = {n: f for n, f in cls.model_fields.items() if not (named and n == "kind")}
    if not fields:
        yield "No fields."
        return
    yield "| field | what it takes | default | |\n|---|---|---|---|"
    for name, field in fields.items():
        default = "needed" if field.is_required() else _plain(field.default)
        about = (field.description or "").replace("|", "\\|")
        yield f"| `{name}` | {_takes(cls, name, field)} | {default} | {about} |"


def _plain(default: Any) -> str:
    if default in (None, (), {}):
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)


def _takes(cls: type[BaseModel], name: str, field: FieldInfo) -> str:
    """The field's type in words, from its annotation as it is written."""
    written = next(a for c in cls.__mro__ if name in (a := inspect.get_annotations(c)))
    said = str(written[name])
    said = re.sub(r"Annotated\[(.+?), (Field|StringConstraints)\(.*\)\]", r"\1", said)
    said = re.sub(r"Annotated\[(.+?), (Field|StringConstraints)\(.*?\)\]", r"\1", said)
    said = re.sub(r" \| None$", "", said)
    return _words(said, field.annotation)


def _words(said: str, annotation: Any) -> str:
    many = re.fullmatch(r"tuple\[(.+), \.\.\.\]", said)
    if said in {"Keys", "Seqs"}:
        return "names, a list" if said == "Keys" else "entry numbers, a list"
    if many:
        return f"{_words(many[1], None)}, a list"
    pair = re.fullmatch(r"dict\[(\w+), (.+)\]", said)
    if pair:
        return f"name = {_words(pair[2].removesuffix(' | None'), None)}"
    choices = _choices(annotation)
    if choices:
        return " / ".join(f"`{c}`" for c in choices)
    simple = {
        "str": "short text",
        "bool": "yes or no",
        "int": "number",
        "float": "number",
        "datetime": "time",
    }
    return _NAMED.get(said) or simple.get(said) or said.lower()


def _choices(annotation: Any) -> list[str]:
    """The values of a Literal or an enumeration, looked for under Optional and Annotated."""
    if get_origin(annotation) is Literal:
        return [str(a) for a in get_args(annotation)]
    if isinstance(annotation, type) and hasattr(annotation, "__members__"):
        return [str(m.name).lower() for m in annotation]  # type: ignore[attr-defined]
    inner = [a for a in get_args(annotation) if a is not type(None)]
    wraps = get_origin(annotation) is Annotated or len(inner) == 1
    return _choices(inner[0]) if inner and wraps and get_origin(annotation) is not tuple else []


# errors ------------------------------------------------------------------------------------------
_KINDS = ("Refused", "Conflict", "NotYours", "Unknown", "Malformed", "Unavailable")
_USAGE = "Usage"


def refusals() -> dict[str, dict[str, list[str]]]:
    """Every code that the source raises: class -> code -> its sentences."""
    found: dict[str, dict[str, list[str]]] = {name: {} for name in (_USAGE, *_KINDS)}
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for kind, code, sentence in _raised(node):
                said = found[kind].setdefault(code, [])
                if sentence not in said:
                    said.append(sentence)
    return found


def _raised(node: ast.AST) -> Iterator[tuple[str, str, str]]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) >= 2:
        code, sentence = _text(node.args[0]), _text(node.args[1])
        kind = _fails_as(node) if node.func.id == "_fail" else node.func.id
        if kind in (_USAGE, *_KINDS) and code and code.isidentifier() and code != "interrupted":
            yield kind, code, sentence or _FILLED.get(code, "…")
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "_SAYINGS":
        for _sign, code, sentence in ast.literal_eval(node.value):
            yield "Unavailable", code, sentence


_FILLED = {
    "broken_chain": "Entry … does not follow from the one before it. (Or what else is wrong.)",
    "goal_vague": "(The questions for what is missing.)",
    "malformed": "(Each field that cannot be read, and why.)",
    "usage": "(The option or argument that is wrong.)",
}
"""What stands for a sentence that is put together elsewhere."""


def _fails_as(call: ast.Call) -> str:
    """The command line's own failures: malformed fields, or wrong usage."""
    return "Malformed" if ast.unparse(call.args[2]).startswith("Malformed") else _USAGE


def _text(node: ast.AST) -> str | None:
    """A string as it is written; what is filled in stands as an ellipsis."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(v) or "…" for v in node.values)
    if isinstance(node, ast.BinOp):
        return f"{_text(node.left) or '…'}{_text(node.right) or '…'}"
    return None


def errors_page() -> str:
    """The reference of refusals: what each says, its code and its exit code."""
    return "\n".join(_errors())


def _errors() -> Iterator[str]:
    yield "# Errors"
    yield f"\n{MADE}"
    yield (
        "Every error is a `TutelageError` with a stable `code` and one sentence. On the command "
        "line the sentence and the code go to standard error; with `--json` as "
        '`{"error": {"code": …, "message": …}}`. What is filled in stands here as `…`.'
    )
    every = refusals()
    for kind in (*_KINDS, _USAGE):
        yield f"\n## {kind}\n\n{_about(kind)}\n\n| code | says |\n|---|---|"
        for code, said in sorted(every[kind].items()):
            yield f"| `{code}` | {'<br>'.join(s.replace('|', chr(92) + '|') for s in said)} |"
    yield ""


def _about(kind: str) -> str:
    if kind == _USAGE:
        return "The command line itself was wrong. Exit code 2."
    cls = getattr(errors, kind)
    status = f"HTTP status {cls.status}, for the doors that will need one"
    return f"{inspect.cleandoc(cls.__doc__)} Exit code {cls.exit_code}. {status}."


# the figure --------------------------------------------------------------------------------------
WIDTH, HEIGHT, LEFT, TOP = 640, 260, 40, 16
SITUATIONS = 40


def figure() -> str:
    """A learner's ratings, its true ability, and what the estimate says: rising, then a drop."""
    rng = np.random.default_rng(1)
    truth = np.clip(2.2 + 0.1 * np.arange(SITUATIONS), None, 4.3)
    truth[28:] -= 1.5
    ability, rows = Ability(criteria=1), []
    for true in truth:
        rating = int(np.clip(round(true + rng.normal(0, 0.65)), 1, 5))
        ability.update([(0, 0, rating)])
        rows.append((true, rating, *ability.estimate(0).interval, ability.estimate(0).mean))
    return _svg(np.array(rows, dtype=float))


def _svg(rows: np.ndarray[Any, Any]) -> str:
    x = [LEFT + i * (WIDTH - LEFT - 10) / (SITUATIONS - 1) for i in range(SITUATIONS)]
    true, rated, low, high, mean = (
        [HEIGHT - 30 - (np.clip(v, 1, 5) - 1) * (HEIGHT - 30 - TOP) / 4 for v in column]
        for column in rows.T
    )
    bar = HEIGHT - 30 - 3 * (HEIGHT - 30 - TOP) / 4
    band = _path([*zip(x, high, strict=True), *reversed([*zip(x, low, strict=True)])])
    dots = "".join(
        f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="#6b7280"/>'
        for a, b in zip(x, rated, strict=True)
    )
    scale = "".join(
        f'<text x="{LEFT - 14}" y="{HEIGHT - 26 - i * (HEIGHT - 30 - TOP) / 4:.1f}">{i + 1}</text>'
        for i in range(5)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="11" fill="#374151">'
        "<title>Ratings of own calls, the estimate with its 90 % interval, and the truth</title>"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
        f'<path d="{band}Z" fill="#bfdbfe"/>'
        f'<path d="M{LEFT} {bar}H{WIDTH - 10}" stroke="#9ca3af" stroke-dasharray="4 3"/>'
        f'<path d="{_path([*zip(x, true, strict=True)])}" fill="none" stroke="#b45309" '
        'stroke-dasharray="2 3" stroke-width="1.5"/>'
        f'<path d="{_path([*zip(x, mean, strict=True)])}" fill="none" stroke="#1d4ed8" '
        f'stroke-width="2"/>{dots}{scale}'
        f'<text x="{LEFT}" y="{HEIGHT - 8}">own calls in order; dots: ratings; blue: the estimate '
        "and its 90 % interval; dotted: the truth; dashed: the bar</text></svg>\n"
    )


def _path(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in points)


# the sample --------------------------------------------------------------------------------------
GOAL = {
    "Signal": "reading what the data shows",
    "Reach": "weighing who is hit",
    "Way back": "keeping the step undoable",
}
_ANCHORS = (
    "{} played no part",
    "{} was seen, but misread",
    "{} went by the runbook",
    "{} had reasons that fit this alert",
    "{} was adapted to what was unusual in this alert",
)


def sample(file: Path) -> None:
    """Leo and an agent coach, up to the end of the baseline: what the examples begin with."""
    ticks = count()
    began = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with Tutelage(
        "sqlite://",
        clock=lambda: began + timedelta(hours=next(ticks)),
        entropy=random.Random(1).randbytes,
    ) as desk:
        for actor, event in _baseline():
            desk.write("leo", event, actor=actor)
        desk.export("leo", file)


def _baseline() -> Iterator[tuple[str, Event]]:
    yield (
        "mia",
        life.Proposed(
            learner=Party(id="leo", kind="person"),
            trainer=Party(id="coach", kind="agent", owner="mia"),
            raters=(Party(id="mia", kind="person"),),
            mode="coach",
            handled="Nothing itself; it asks.",
            because="Leo has led incidents; he wants questions, no answers.",
        ),
    )
    signers = ("leo", "mia")
    yield from ((who, life.Signed(what="agreement")) for who in signers)
    yield "leo", _goal()
    yield from ((who, life.Signed(what="goal")) for who in signers)
    told = {
        "disk": "A disk at 91 per cent.",
        "login": "A few logins fail.",
        "queue": "A queue grows.",
    }
    for key, text in told.items():
        touched = ("signal", "reach")
        yield (
            "leo",
            situation.SituationOpened(situation=key, text=text, criteria=touched, retold=True),
        )
        yield (
            "leo",
            situation.OwnCallRecorded(
                situation=key, call="Wake the team.", why="It says critical."
            ),
        )
        yield (
            "mia",
            situation.Rated(situation=key, subject="own_call", ratings=dict.fromkeys(touched, 2)),
        )
    yield "mia", life.BaselineTaken(situations=tuple(told))


def _goal() -> life.GoalSet:
    return life.GoalSet(
        situation="An alert fires at night and the cause is not clear yet",
        behaviour="I decide whether to wake the team, roll back or watch, and say what I weighed",
        today="I wake everybody for each alert",
        horizon="by the end of June",
        criteria=tuple(
            Criterion(
                key=name.lower().replace(" ", "-"),
                name=name,
                anchors=tuple(a.format(about.capitalize()) for a in _ANCHORS),
            )
            for name, about in GOAL.items()
        ),
    )


def pages() -> dict[str, str]:
    """Everything this script makes, by path under docs."""
    made = {
        "reference/events.md": events_page(),
        "reference/errors.md": errors_page(),
        "images/estimate.svg": figure(),
    }
    told = {name: (DOCS / name).read_text(encoding="utf-8") for name in REPLAYED}
    return made | replayed(told)


if __name__ == "__main__":
    sample(DOCS / SAMPLE)
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
