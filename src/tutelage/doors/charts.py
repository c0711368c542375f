"""Charts as SVG text: no library, no script, each with words for those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tutelage.domain.terms import Level
from tutelage.doors.web.words import say, tell, word
from tutelage.evidence.results import Z90
from tutelage.guidance.trajectory import Course, Step

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 420, 170, 30, 8, 8, 34
Point = tuple[float, float]
N = TypeVar("N", float, NDArray[np.float64])


class Scale:
    """Situation numbers and values to places on the paper."""

    def __init__(self, last: int, low: float, high: float, width: int = WIDTH) -> None:
        self.last, self.low, self.high, self.width = max(last, 2), low, high, width

    def x(self, number: N) -> N:
        """Where a situation stands."""
        return LEFT + (self.width - LEFT - RIGHT) * (number - 1) / (self.last - 1)

    def y(self, value: float) -> float:
        """Where a value stands; beyond the paper it stays at the edge."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    def line(self, points: Iterable[Point]) -> str:
        """Points as an SVG path's coordinates."""
        placed = np.array(tuple(points), dtype=float).reshape(-1, 2)
        placed[:, 0] = self.x(placed[:, 0])
        share = (placed[:, 1].clip(self.low, self.high) - self.low) / (self.high - self.low)
        placed[:, 1] = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share
        # thousands of points on a page: one formatting for all of them
        return ("%.1f,%.1f " * len(placed) % tuple(placed.ravel().tolist())).rstrip()


def svg(width: int, title: str, parts: Iterable[str]) -> str:
    """A drawing with its title."""
    said = escape(title, quote=True)
    inside = "".join(parts)
    return (
        f'<svg viewBox="0 0 {width} {HEIGHT}" role="img" aria-label="{said}">'
        f"<title>{said}</title>{inside}</svg>"
    )


def _grid(scale: Scale, values: Sequence[float], form: str = "g") -> str:
    rows = "".join(
        f'<line class="grid" x1="{LEFT}" x2="{scale.width - RIGHT}" '
        f'y1="{scale.y(v):.1f}" y2="{scale.y(v):.1f}"/>'
        f'<text class="tick" x="{LEFT - 5}" y="{scale.y(v) + 3.5:.1f}">{v:{form}}</text>'
        for v in values
    )
    step = next(s for s in (5, 10, 20, 50, 100, 200, 500, 10**6) if scale.last / s <= 8)
    marks = "".join(
        f'<text class="tick mid" x="{scale.x(n):.1f}" y="{HEIGHT - 4}">{n}</text>'
        for n in range(step, scale.last + 1, step)
    )
    return rows + marks


def ability(course: Course, last: int, moved: Iterable[tuple[int, str]]) -> str:
    """One criterion: estimate with its 90 % interval, levels below, marks where help worked."""
    scale = Scale(last, 1, 5)
    upper = [(n, m + Z90 * s) for n, m, s in course.curve]
    lower = [(n, m - Z90 * s) for n, m, s in reversed(course.curve)]
    mean = [(n, m) for n, m, _ in course.curve]
    parts = [_grid(scale, (1, 2, 3, 4, 5)), _levels(course, scale)]
    if mean:
        parts.append(f'<polygon class="band" points="{scale.line([*upper, *lower])}"/>')
        parts.append(f'<polyline class="mean" points="{scale.line(mean)}"/>')
    parts.append(
        f'<line class="bar" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{scale.y(4)}" y2="{scale.y(4)}"/>'
    )
    parts += [_mark(scale, n, text) for n, text in moved]
    said = "%(name)s: unassisted judgment over %(last)s situations"
    return svg(WIDTH, tell(said, name=course.name, last=last), parts)


def _mark(scale: Scale, number: int, text: str) -> str:
    x, y = scale.x(number), scale.y(5) + 2
    said = escape(text, quote=False)
    return (
        f'<path class="mark" d="M{x:.1f} {y + 9:.1f}l-4.5 -8h9z"><title>{said}</title></path>'
        f'<line class="markline" x1="{x:.1f}" x2="{x:.1f}" y1="{y + 9:.1f}" y2="{scale.y(1):.1f}"/>'
    )


def _levels(course: Course, scale: Scale) -> str:
    """The level of help as a strip under the curve; none before guidance begins."""
    ends = [n for n, _level, _why in course.levels[1:]] + [scale.last] * bool(course.levels)
    return "".join(
        f'<rect class="{level.word}" x="{scale.x(max(start, 1)):.1f}" y="{HEIGHT - BOTTOM + 6}" '
        f'width="{max(scale.x(end) - scale.x(max(start, 1)), 1):.1f}" height="9">'
        f"<title>{word(level.word)}: {escape(say(why), quote=False)}</title></rect>"
        for (start, level, why), end in zip(course.levels, ends, strict=True)
    )


def guidance(steps: Sequence[Step]) -> str:
    """Help per situation: one column each, one block a guidance or debrief."""
    width = WIDTH * 2
    scale = Scale(len(steps), 0, 4, width)
    wide = max((width - LEFT - RIGHT) / max(len(steps), 1) - 1, 1.5)
    blocks = []
    for step in steps:
        for place, kind in enumerate(step.helps[:4]):
            y = scale.y(place + 1)
            blocks.append(
                f'<rect class="{kind}" x="{scale.x(step.number) - wide / 2:.1f}" y="{y:.1f}" '
                f'width="{wide:.1f}" height="{scale.y(0) - scale.y(1) - 1.5:.1f}">'
                f"<title>{_told(step.number, kind)}</title></rect>"
            )
    said = say("Guidance and debriefs in each situation")
    return svg(width, said, [_grid(scale, (0, 2, 4)), *blocks])


def _told(number: int, kind: str) -> str:
    said = tell("situation %(number)s: %(kind)s", number=number, kind=word(kind))
    return escape(said, quote=False)


def lines(named: dict[str, tuple[tuple[int, float], ...]], title: str) -> str:
    """Named lines over situations."""
    every = [p for points in named.values() for p in points]
    if not every:
        return ""
    top = max(v for _n, v in every) * 1.1 or 1.0
    scale = Scale(max(n for n, _v in every), 0, top, WIDTH * 2)
    parts = [_grid(scale, [round(top * i / 4, 3) for i in range(5)], ".2f")]
    for place, (name, points) in enumerate(named.items()):
        parts.append(f'<polyline class="line{place}" points="{scale.line(points)}"/>')
        number, value = points[-1]
        parts.append(
            f'<text class="name{place}" x="{scale.x(number) - 4:.1f}" '
            f'y="{scale.y(value) - 5:.1f}">{escape(name)}</text>'
        )
    return svg(WIDTH * 2, title, parts)


LEVELS = (Level.SHARE, Level.ASK, Level.DEBRIEF, Level.INDEPENDENT)
