"""The report of where judgment breaks, as Markdown and as a page of its own with a drawing."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from tutelage.doors.exchange.breaks import Breaks, Part, Task
from tutelage.doors.page import STYLE
from tutelage.doors.report import md
from tutelage.guidance.words import several

TITLE = "Where its judgment breaks"
_ROW, _LEFT, _WIDTH = 22, 120, 480
_DRAWN = """
circle.never,line.never{fill:var(--share);stroke:var(--share)}
circle.some,line.some{fill:var(--ask);stroke:var(--ask)}
.span{stroke-width:2}.name{fill:var(--ink);font-size:12px}
.kind{fill:var(--soft);font-size:12px;font-weight:600}figure svg{max-width:34rem}
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
    whole = breaks.whole
    rows = list(_failing(whole))[:200]
    drawn = _figure(rows) if rows else "<p>No task failed.</p>"
    body = "".join([_head(breaks), drawn, _criteria(breaks.parts), _table(rows)])
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{TITLE}</title><style>{STYLE}{_DRAWN}</style></head><body>{body}</body></html>\n"
    )


def _head(breaks: Breaks) -> str:
    whole = breaks.whole
    tried = f"{several(whole.runs, 'run')} of {several(len(whole.tasks), 'task')}."
    if breaks.unknown:
        tried += f" Of {breaks.unknown} more it is not known how they came out."
    if not whole.tasks:
        return f'<h1>{TITLE}</h1><p class="lead">{tried}</p>'
    mean, low, high = whole.solved
    bounds = f"{low * 100:.0f} to {high * 100:.0f} %"
    facts = (
        (f"{mean * 100:.0f} %", f"solved, over tasks ({bounds})"),
        (str(len(whole.never)), "always failed: it lacks the judgment, or the means"),
        (str(len(whole.sometimes)), "failed sometimes: it has it, and does not always apply it"),
        (str(len(whole.always)), "always solved"),
    )
    told = "".join(f"<div><b>{escape(n)}</b><span>{escape(what)}</span></div>" for n, what in facts)
    return f'<h1>{TITLE}</h1><p class="lead">{tried}</p><div class="facts">{told}</div>'


def _figure(rows: list[tuple[str, Task]]) -> str:
    marks, y, before = [], 0, ""
    for kind, task in rows:
        if kind != before:
            y += _ROW + 4
            marks.append(f'<text class="kind" x="0" y="{y + 4}">{kind}</text>')
            before = kind
        y += _ROW
        marks.append(_mark(kind, task, y))
    height = y + 36
    axis = "".join(
        f'<line class="grid" x1="{_x(v / 100):.0f}" x2="{_x(v / 100):.0f}" y1="12" y2="{y + 10}"/>'
        f'<text class="tick mid" x="{_x(v / 100):.0f}" y="{height - 8}">{v} %</text>'
        for v in (0, 25, 50, 75, 100)
    )
    label = "How often each failing task was solved, with its 90 % interval"
    return (
        f'<figure><svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{label}">'
        f"{axis}{''.join(marks)}</svg><figcaption>{label}.</figcaption></figure>"
    )


def _mark(kind: str, task: Task, y: int) -> str:
    rate, name = task.rate, escape(task.name[:18])
    dot = "some" if kind == "failed sometimes" else "never"
    return (
        f'<text class="name" x="0" y="{y + 4}">{name}</text>'
        f'<line class="span {dot}" x1="{_x(rate.low):.1f}" x2="{_x(rate.high):.1f}" '
        f'y1="{y}" y2="{y}"/>'
        f'<circle class="{dot}" cx="{_x(task.solved / task.n):.1f}" cy="{y}" r="5"/>'
    )


def _x(share: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - 20) * share


def _criteria(parts: tuple[Part, ...]) -> str:
    if not parts:
        return ""
    body = "".join(_criterion(p) for p in parts)
    head = "<tr><th>criterion</th><th>solved</th><th>always failed</th><th>sometimes</th></tr>"
    return f"<h2>By criterion</h2><table>{head}{body}</table>"


def _criterion(part: Part) -> str:
    if not part.tasks:
        return f"<tr><td>{escape(part.name)}</td><td>no run</td><td></td><td></td></tr>"
    mean, low, high = part.solved
    solved = f"{mean * 100:.0f} % ({low * 100:.0f} to {high * 100:.0f})"
    counts = f"<td>{len(part.never)}</td><td>{len(part.sometimes)}</td>"
    return f"<tr><td>{escape(part.name)}</td><td>{solved}</td>{counts}</tr>"


def _table(rows: list[tuple[str, Task]]) -> str:
    if not rows:
        return ""
    body = "".join(
        f"<tr><td>{escape(t.name)}</td><td>{t.rate}</td><td>{kind}</td></tr>" for kind, t in rows
    )
    head = "<tr><th>task</th><th>solved</th><th>kind</th></tr>"
    return f"<details><summary>Every failing task</summary><table>{head}{body}</table></details>"
