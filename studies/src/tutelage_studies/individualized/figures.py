"""The report's figures as SVG text: black on white, told apart by dashes, marks and words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 380
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 34, 48
DASHES = ("", "8 4", "2 3", "10 3 2 3", "5 2", "1 5", "14 4")
LINE = 15.0  # between two labels
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """Values to places on the paper."""

    x0: float
    x1: float
    y0: float
    y1: float
    left: float = LEFT
    height: float = HEIGHT

    def x(self, value: float) -> float:
        """Where a value stands from the left."""
        return self.left + (value - self.x0) / (self.x1 - self.x0) * (WIDTH - self.left - RIGHT)

    def y(self, value: float) -> float:
        """Where a value stands from the top."""
        share = (value - self.y0) / (self.y1 - self.y0)
        return self.height - BOTTOM - share * (self.height - TOP - BOTTOM)


def drawing(title: str, parts: Iterable[str], height: float = HEIGHT) -> str:
    """A whole drawing, with its title for those who cannot see it."""
    said = escape(title, quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img" '
        f'aria-label="{said}" font-family="sans-serif" font-size="12" fill="#111">'
        f'<title>{said}</title><rect width="100%" height="100%" fill="#fff"/>'
        f"{text(LEFT, 18, title, weight='bold')}{''.join(parts)}</svg>\n"
    )


def text(x: float, y: float, said: str, anchor: str = "start", weight: str = "normal") -> str:
    """Words at a place."""
    style = f'text-anchor="{anchor}" font-weight="{weight}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(said)}</text>'


def line(a: Point, b: Point, dash: str = "", width: float = 1.0, colour: str = "#111") -> str:
    """A straight line."""
    return (
        f'<line x1="{a[0]:.1f}" y1="{a[1]:.1f}" x2="{b[0]:.1f}" y2="{b[1]:.1f}" '
        f'stroke="{colour}" stroke-width="{width:g}" stroke-dasharray="{dash}"/>'
    )


def path(points: Sequence[Point], dash: str) -> str:
    """A line through points."""
    said = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polyline points="{said}" fill="none" stroke="#111" stroke-width="1.8" '
        f'stroke-dasharray="{dash}"/>'
    )


def apart(places: Mapping[str, float]) -> dict[str, float]:
    """Label places moved just so far down that no two overlap."""
    found: dict[str, float] = {}
    last = -LINE
    for name, place in sorted(places.items(), key=lambda p: p[1]):
        last = max(place, last + LINE)
        found[name] = last
    return found


# the figures -----------------------------------------------------------------------------------
def curves(title: str, lines: Mapping[str, Sequence[Point]], floor: float, unit: str) -> str:
    """Lines over games, each named at its end; the ceiling of judgment as a floor of loss."""
    every = [p for points in lines.values() for p in points]
    top = max(v for _, v in every) * 1.08
    scale = Scale(0.0, max(g for g, _ in every), min(floor, *(v for _, v in every)) * 0.9, top)
    parts = list(_axes(scale, unit))
    parts.append(line((LEFT, scale.y(floor)), (WIDTH - RIGHT, scale.y(floor)), "1 3", 1, "#666"))
    ends = {"expert's weights": scale.y(floor)}
    for (name, points), dash in zip(lines.items(), DASHES * 2, strict=False):
        parts.append(path([(scale.x(g), scale.y(v)) for g, v in points], dash))
        ends[name] = scale.y(points[-1][1])
    for name, y in apart(ends).items():
        x = WIDTH - RIGHT
        parts.append(line((x + 1, ends[name]), (x + 9, y), "", 0.6, "#666"))
        parts.append(text(x + 12, y + 4, name))
    return drawing(title, parts)


def _axes(scale: Scale, unit: str) -> Iterable[str]:
    step = 0.02 if scale.y1 > 0.06 else 0.01
    value = step * (int(scale.y0 / step) + 1)
    while value < scale.y1:
        y = scale.y(value)
        yield line((LEFT, y), (WIDTH - RIGHT, y), "", 0.5, "#ccc")
        yield text(LEFT - 6, y + 4, f"{value:.2f}", "end")
        value += step
    for game in range(0, int(scale.x1) + 1, 10):
        yield text(scale.x(game), HEIGHT - BOTTOM + 16, str(game), "middle")
    yield text(LEFT, HEIGHT - 10, unit)


def intervals(title: str, rows: Sequence[tuple[str, float, float, float]], unit: str) -> str:
    """A dot and its interval a row, with nothing as a line."""
    height = TOP + BOTTOM + 26.0 * len(rows)
    low = min(0.0, *(r[2] for r in rows))
    high = max(0.0, *(r[3] for r in rows))
    room = (high - low) * 0.08 or 0.01
    scale = Scale(low - room, high + room, 0, 1, left=190, height=height)
    zero = scale.x(0.0)
    parts = [
        line((zero, TOP), (zero, height - BOTTOM), "4 3", 1, "#666"),
        text(190, height - 8, unit),
    ]
    for at, (name, mean, least, most) in enumerate(rows):
        y = TOP + 16 + 26 * at
        parts.append(text(182, y + 4, name, "end"))
        parts.append(line((scale.x(least), y), (scale.x(most), y), "", 2))
        parts.append(f'<circle cx="{scale.x(mean):.1f}" cy="{y:.1f}" r="4"/>')
        parts.append(text(WIDTH - RIGHT + 8, y + 4, f"{mean:+.4f}" if low < 0 else f"{mean:.4g}"))
    parts.append(text(zero, height - BOTTOM + 16, "0", "middle"))
    return drawing(title, parts, height)


def grid(
    title: str,
    columns: Sequence[str],
    rows: Sequence[str],
    cells: Mapping[tuple[str, str], tuple[str, str, float]],
    axes: tuple[str, str],
) -> str:
    """A map: in each cell two lines of words on a shade of grey from 0 (white) to 1 (dark)."""
    wide, high, left = 150, 58, 130
    height = TOP + 40 + high * len(rows) + 30
    parts = [text(left, TOP + 12, axes[0]), text(8, TOP + 34, axes[1])]
    for at, column in enumerate(columns):
        parts.append(text(left + wide * at + wide / 2, TOP + 34, column, "middle", "bold"))
    for down, row in enumerate(rows):
        y = TOP + 42 + high * down
        parts.append(text(left - 10, y + high / 2 + 4, row, "end", "bold"))
        for at, column in enumerate(columns):
            first, second, shade = cells[row, column]
            grey = round(255 - 110 * min(max(shade, 0.0), 1.0))
            parts.append(
                f'<rect x="{left + wide * at}" y="{y}" width="{wide - 3}" height="{high - 3}" '
                f'fill="rgb({grey},{grey},{grey})" stroke="#111" stroke-width="0.6"/>'
            )
            middle = left + wide * at + wide / 2 - 1
            parts.append(text(middle, y + 24, first, "middle", "bold"))
            parts.append(text(middle, y + 42, second, "middle"))
    return drawing(title, parts, height)
