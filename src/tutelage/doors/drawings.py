"""The evidence drawn: what changed, what was in focus when, and a programme's effects.

Legible in greyscale: told apart by shape, dash and place, never by colour alone; each drawing has
its numbers as a table beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from tutelage.doors.web.words import say
from tutelage.evidence.attribution import Attribution, Record
from tutelage.evidence.pooling import Effect
from tutelage.evidence.results import Estimate
from tutelage.guidance.evidence import Changed
from tutelage.guidance.words import sentence

STYLE = """
.was{fill:var(--paper);stroke:var(--ink);stroke-width:1.6}.is{fill:var(--ink)}
.span{stroke:var(--ink);stroke-width:1.6}.span.then{stroke-dasharray:3 3}
.name{fill:var(--ink);font-size:12px}.infocus{fill:var(--line)}.dot{fill:var(--ink)}
.dot.out{fill:none;stroke:var(--ink)}.zero{stroke:var(--soft);stroke-dasharray:4 3}
.diamond{fill:var(--ink)}
"""
Floats = NDArray[np.float64]
Place = Callable[[float], float]
"""Where a value stands on the paper."""

WIDTH, ROW, LEFT, RIGHT = 720, 34, 180, 20


def changes(changed: Sequence[Changed]) -> str:
    """Each criterion before guidance (open, dashed) and now (filled), with 90 % intervals."""
    parts = [_axis(len(changed), [(v, str(v)) for v in range(1, 6)], _scale)]
    for row, c in enumerate(changed):
        y = ROW * row + 20
        parts.append(_name(c.name, y))
        if c.start is not None:
            parts.append(_interval(c.start, y - 5, "span then", "was"))
        if c.now.n:
            parts.append(_interval(c.now, y + 5, "span", "is"))
    said = say("Unassisted judgment on each criterion, before guidance and now")
    key = say("open, dashed: before guidance; filled: now; lines: 90 % intervals")
    return _figure(said, ROW * len(changed) + 40, parts, key)


def _scale(value: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (min(max(value, 1.0), 5.0) - 1) / 4


def _interval(e: Estimate, y: float, line: str, dot: str) -> str:
    low, high = e.interval
    return (
        f'<line class="{line}" x1="{_scale(low):.1f}" x2="{_scale(high):.1f}" y1="{y}" y2="{y}"/>'
        f'<circle class="{dot}" cx="{_scale(e.mean):.1f}" cy="{y}" r="4.5"/>'
    )


def focus(record: Record, names: Mapping[str, str]) -> str:
    """The ratings of each criterion over the situations; grey where it was in focus."""
    length, on = max(record.length, 2), record.focus

    def x(t: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * t / (length - 1)

    parts, tall = [], 60
    for row, criterion in enumerate(record.criteria):
        top = row * tall + 8
        parts.append(_name(names.get(criterion, criterion), top + tall / 2 - 6))
        parts += [
            f'<rect class="infocus" x="{x(t) - (x(1) - x(0)) / 2:.1f}" y="{top}" '
            f'width="{x(1) - x(0) + 0.5:.1f}" height="{tall - 14}"/>'
            for t in np.flatnonzero(on[:, row]).tolist()
        ]
        parts += [
            f'<circle class="dot{"" if on[t, row] else " out"}" cx="{x(t):.1f}" '
            f'cy="{top + (tall - 20) * (5 - y) / 4 + 3:.1f}" r="2.6"/>'
            for t, y in enumerate(record.counted[:, row])
            if not np.isnan(y)
        ]
    parts.append(_ticks(length, x, tall * len(record.criteria) + 14))
    said = say("Ratings of own calls while each criterion was in focus and while it was not")
    key = say("grey and filled: in focus; higher is better (1 to 5)")
    figure = _figure(said, tall * len(record.criteria) + 24, parts, key)
    return figure + _as_table(record, names)


def _ticks(length: int, x: Place, y: float) -> str:
    step = next(s for s in (5, 10, 20, 50, 100, 10**6) if length / s <= 10)
    return "".join(
        f'<text class="tick mid" x="{x(n - 1):.1f}" y="{y}">{n}</text>'
        for n in range(step, length + 1, step)
    )


def _as_table(record: Record, names: Mapping[str, str]) -> str:
    """The means in and out of focus, for those who cannot see the drawing."""
    rows = ""
    for k, criterion in enumerate(record.criteria):
        known, on = record.counted[:, k], record.focus[:, k]
        cells = [_mean(known[on]), _mean(known[~on])]
        name = escape(names.get(criterion, criterion))
        rows += f"<tr><th>{name}</th>{''.join(f'<td>{c}</td>' for c in cells)}</tr>"
    names_ = (say("criterion"), say("mean in focus"), say("mean out of focus"))
    head = "".join(f"<th>{escape(n)}</th>" for n in names_)
    said = say("as a table")
    summary = f"<summary>{escape(said)}</summary>"
    return f"<details>{summary}<table><tr>{head}</tr>{rows}</table></details>"


def _mean(values: Floats) -> str:
    known = values[~np.isnan(values)]
    return f"{known.mean():.2f} (n={len(known)})" if len(known) else say("none")


def forest(found: Sequence[Attribution], effect: Effect | None) -> str:
    """The effect of each relationship with its interval, and the pooled one as a diamond."""
    shown = sorted((f for f in found if np.isfinite(f.error)), key=lambda f: f.points)
    if not shown and effect is None:
        return ""
    ends = [*shown, *((effect,) if effect else ())]
    low = float(min([f.low for f in ends] + [0.0])) - 0.2
    high = float(max([f.high for f in ends] + [0.0])) + 0.2

    def x(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (value - low) / (high - low)

    marks = [(m / 2, f"{m / 2:g}") for m in range(round(2 * low), round(2 * high) + 1)]
    parts, rows = [_axis(len(shown) + 1, marks, x), _zero(x(0.0), len(shown) + 1)], ""
    for row, f in enumerate(shown):
        y = ROW * row + 20
        parts.append(
            f'<line class="span" x1="{x(f.low):.1f}" x2="{x(f.high):.1f}" y1="{y}" y2="{y}"/>'
            f'<rect class="is" x="{x(f.points) - 4:.1f}" y="{y - 4}" width="8" height="8"/>'
        )
        rows += f"<tr><td>{f.points:+.2f}</td><td>{f.low:+.2f} to {f.high:+.2f}</td></tr>"
    if effect is not None:
        y = ROW * len(shown) + 20
        parts.append(_name("together", y))
        corners = [
            (effect.low, y),
            (effect.points, y - 7),
            (effect.high, y),
            (effect.points, y + 7),
        ]
        shape = " ".join(f"{x(a):.1f},{b}" for a, b in corners)
        parts.append(f'<polygon class="diamond" points="{shape}"/>')
        between = f"{effect.low:+.2f} to {effect.high:+.2f}"
        rows += f"<tr><td>{effect.points:+.2f} together</td><td>{between}</td></tr>"
    said = "Effect of guidance in each relationship, in rating points"
    key = "squares: relationships; diamond: together; lines: 90 % intervals; dashed: no effect"
    head = "<tr><th>points</th><th>90 % interval</th></tr>"
    table = f"<details><summary>as a table</summary><table>{head}{rows}</table></details>"
    return _figure(said, ROW * (len(shown) + 1) + 36, parts, key) + table


def _zero(x: float, rows: int) -> str:
    return f'<line class="zero" x1="{x:.1f}" x2="{x:.1f}" y1="4" y2="{ROW * rows + 6}"/>'


# parts -----------------------------------------------------------------------------------------
def _name(name: str, y: float) -> str:
    short = name if len(name) <= 26 else name[:25] + "…"
    return f'<text class="name" x="0" y="{y + 4:.1f}">{escape(short)}</text>'


def _axis(rows: int, marks: Iterable[tuple[float, str]], x: Place) -> str:
    bottom = ROW * rows + 14
    return "".join(
        f'<line class="grid" x1="{x(v):.1f}" x2="{x(v):.1f}" y1="4" y2="{bottom}"/>'
        f'<text class="tick mid" x="{x(v):.1f}" y="{bottom + 14}">{escape(says)}</text>'
        for v, says in marks
    )


def _figure(title: str, height: float, parts: Iterable[str], key: str) -> str:
    said = escape(title, quote=True)
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{said}">'
        f"<title>{said}</title>{''.join(parts)}</svg>"
        f"<figcaption>{said}. {escape(sentence(key))}</figcaption></figure>"
    )
