"""The report of where judgment breaks, as Markdown and as a page of its own with a drawing."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from tutelage.doors.exchange.breaks import Breaks, Part, Task
from tutelage.doors.page import STYLE
from tutelage.doors.report import md

TITLE = "Where its judgment breaks"
_ROW, _LEFT, _WIDTH = 26, 190, 720
_DRAWN = """
.never{fill:var(--ink)}.some{fill:none;stroke:var(--ink);stroke-width:1.6}
.span{stroke:var(--ink);stroke-width:1.4}.name{fill:var(--ink);font-size:12px}
"""


def markdown(breaks: Breaks) -> str:
    """The report as Markdown."""
    return "\n".join(_markdown(breaks)) + "\n"


def _markdown(breaks: Breaks) -> Iterator[str]:
    yield f"# {TITLE}\n"
    yield f"{md(str(breaks.whole))}\n"
    if breaks.unknown:
        yield f"Of {breaks.unknown} more runs it is not known how they came out.\n"
    for part in breaks.parts:
        yield f"- {md(str(part))}"
    yield "\n| task | solved | 90 % interval of its pass rate | kind |\n|---|---|---|---|"
    for kind, task in _failing(breaks.whole):
        rate = task.rate
        bounds = f"{rate.low * 100:.0f} to {rate.high * 100:.0f} %"
        yield f"| {md(task.name)} | {task.solved} of {task.n} | {bounds} | {kind} |"


def _failing(part: Part) -> Iterator[tuple[str, Task]]:
    kinds = (("always failed", part.never), ("failed sometimes", part.sometimes))
    for kind, tasks in (*kinds, ("failed the only time", part.once)):
        for task in tasks:
            yield kind, task


def page(breaks: Breaks) -> str:
    """The report as one self-contained page; every text in it is escaped."""
    said = "".join(f"<p>{escape(str(p))}</p>" for p in (breaks.whole, *breaks.parts))
    rows = list(_failing(breaks.whole))[:200]
    drawn = _figure(rows) if rows else "<p>No task failed.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{TITLE}</title><style>{STYLE}{_DRAWN}</style></head>"
        f"<body><h1>{TITLE}</h1>{said}{drawn}{_table(rows)}</body></html>\n"
    )


def _figure(rows: list[tuple[str, Task]]) -> str:
    height = _ROW * len(rows) + 40
    marks = "".join(_mark(kind, task, _ROW * i + 20) for i, (kind, task) in enumerate(rows))
    axis = "".join(
        f'<text class="tick mid" x="{_x(v / 100):.0f}" y="{height - 8}">{v} %</text>'
        for v in (0, 25, 50, 75, 100)
    )
    label = "Pass rate of each failing task with its 90 % interval"
    return (
        f'<figure><svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{label}">'
        f"{marks}{axis}</svg><figcaption>{label}. Filled: always failed; open: failed sometimes."
        "</figcaption></figure>"
    )


def _mark(kind: str, task: Task, y: int) -> str:
    rate, name = task.rate, escape(task.name[:26])
    dot = "some" if kind == "failed sometimes" else "never"
    return (
        f'<text class="name" x="0" y="{y + 4}">{name}</text>'
        f'<line class="span" x1="{_x(rate.low):.1f}" x2="{_x(rate.high):.1f}" y1="{y}" y2="{y}"/>'
        f'<circle class="{dot}" cx="{_x(task.solved / task.n):.1f}" cy="{y}" r="5"/>'
    )


def _x(share: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - 30) * share


def _table(rows: list[tuple[str, Task]]) -> str:
    body = "".join(
        f"<tr><td>{escape(t.name)}</td><td>{t.rate}</td><td>{kind}</td></tr>" for kind, t in rows
    )
    return f"<table><tr><th>task</th><th>solved</th><th>kind</th></tr>{body}</table>"
