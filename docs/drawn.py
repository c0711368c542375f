"""Draw the figure of drawn starts: one simulated relationship, its focus and its ratings.

``.venv/bin/python docs/drawn.py`` writes ``docs/images/drawn-starts.svg``.
"""  # noqa: INP001  # a script beside the pages, no package

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tutelage.evidence.attribution import Record, record_of
from tutelage.guidance.simulate.focus import NAMES, TARGET, courses

FILE = Path(__file__).parent / "images" / "drawn-starts.svg"
SEED = 1
WIDTH, LEFT, TALL = 640, 92, 52


def record(seed: int = SEED) -> Record:
    """One simulated relationship of 40 situations in which guidance works."""
    ((design, _on, ratings, declared),) = courses(TARGET, 1, seed)
    return record_of(NAMES[: TARGET.criteria], ratings, declared, design)


def figure() -> str:
    """Ratings by criterion, in the order in which they came into focus; grey while in focus."""
    known = record()
    height = TALL * len(known.criteria) + 46
    said = "Ratings of own calls while each criterion was in focus, and while it was not"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="sans-serif" font-size="11" fill="#222222"><title>{said}</title>'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
        f"{''.join(_rows(known))}{''.join(_ticks(known.length, height))}"
        f'<text x="4" y="{height - 6}">grey, filled: in focus; open: not; across: situations; '
        "up: ratings, 1 to 5; line: mean before its focus and since</text></svg>\n"
    )


def _x(t: float) -> float:
    return LEFT + 8 + (WIDTH - LEFT - 24) * t / 39


def _rows(known: Record) -> Iterator[str]:
    for row, name in enumerate(known.design.order):
        column, top = known.criteria.index(name), TALL * row + 8
        start, on = known.design.start(name), known.focus[:, column]
        inside = np.flatnonzero(on)
        left, right = _x(inside[0] - 0.5), _x(inside[-1] + 0.5)
        yield f'<text x="4" y="{top + 24}">criterion {name}</text>'
        yield (
            f'<rect x="{left:.1f}" y="{top - 3}" width="{right - left:.1f}" height="{TALL - 6}" '
            'fill="#cccccc"/>'
        )
        yield from _means(known.counted[:, column], start, top)
        for t, rating in enumerate(known.counted[:, column]):
            if not np.isnan(rating):
                filled = "#222222" if on[t] else "#ffffff"
                yield (
                    f'<circle cx="{_x(t):.1f}" cy="{_y(rating, top):.1f}" r="3" fill="{filled}" '
                    'stroke="#222222"/>'
                )


def _y(rating: float, top: float) -> float:
    return top + (5 - rating) * (TALL - 14) / 4 + 1


def _means(ratings: np.ndarray[tuple[int], np.dtype[np.float64]], start: int, top: int) -> str:
    before = float(np.nanmean(ratings[: start + 1]))
    since = float(np.nanmean(ratings[start + 1 :]))
    parts = ((before, 0, start + 0.3), (since, start + 0.7, len(ratings) - 1))
    return "".join(
        f'<path d="M{_x(a):.1f} {_y(level, top):.1f}H{_x(b):.1f}" stroke="#777777" '
        'stroke-width="1.2"/>'
        for level, a, b in parts
    )


def _ticks(length: int, height: int) -> Iterator[str]:
    for n in range(5, length + 1, 5):
        yield f'<text x="{_x(n - 1):.1f}" y="{height - 24}" text-anchor="middle">{n}</text>'


if __name__ == "__main__":
    FILE.write_text(figure(), encoding="utf-8")
