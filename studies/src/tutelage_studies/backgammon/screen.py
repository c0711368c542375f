"""What the demo shows on a terminal: progress, levels as they move, and the result in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from tutelage.evidence.forks import ForkContrast
from tutelage.evidence.results import Estimate
from tutelage.guidance.threshold import Verdict
from tutelage.guidance.trajectory import Trajectory
from tutelage_studies.backgammon.arms import Ran
from tutelage_studies.backgammon.course import Course

COLOURS = {
    "waiting": "dim",
    "share": "red",
    "ask": "yellow",
    "debrief": "green",
    "independent": "bold blue",
}
SIGNS = {"waiting": "·", "share": "S", "ask": "A", "debrief": "D", "independent": "I"}


class Screen:
    """A live picture of the course; on no terminal, a line a few games apart."""

    def __init__(self, console: Console, games: int, *, quiet: bool = False) -> None:
        self.console, self.games, self.quiet = console, games, quiet
        self._history: dict[str, list[str]] = {}
        self._now: list[tuple[str, str]] = []
        self._phase = ""
        self._told: list[RenderableType] = []
        self._progress = Progress(
            TextColumn("games"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._task = self._progress.add_task("games", total=games)
        self._live = Live(self._picture(), console=console, refresh_per_second=8, transient=True)
        self._drawn = console.is_terminal and not quiet

    def __enter__(self) -> Self:
        if self._drawn:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._drawn:
            self._live.stop()
        for part in self._told if kind is None and not self.quiet else ():
            self.console.print(part)

    def say(self, text: str) -> None:
        """A sentence while something takes a moment."""
        self._phase = text
        if self._drawn:
            self._live.update(self._picture())
        elif not self.quiet:
            self.console.print(text)

    def game(self, number: int, course: Course) -> None:
        """After a game: where each criterion stands, and what was lost at the last measure."""
        turn = course.desk.turn(course.name)
        for s in turn.stands:
            self._history.setdefault(s.name, []).append(s.level.word)
        self._now = [(s.name, brief(s.estimate)) for s in turn.stands]
        lost = f", {course.curve[-1][2]:.3f} points lost a decision" if course.curve else ""
        phase = "alone" if turn.life == "closed" else turn.phase
        self._phase = f"{phase}{lost}"
        self._progress.update(self._task, completed=number)
        if self._drawn:
            self._live.update(self._picture())
        elif not self.quiet and number % max(1, self.games // 6) == 0:
            levels = ", ".join(f"{n} {h[-1]}" for n, h in self._history.items())
            self.console.print(f"game {number}: {self._phase}; {levels}")

    def wait(self, copies: list[Future[Ran]]) -> list[Ran]:
        """The copies' results, as they come in."""
        found = []
        for number, copy in enumerate(copies, start=1):
            self.say(f"copies of the same learner, for comparison: {number} of {len(copies)} …")
            found.append(copy.result())
        return found

    def _picture(self) -> Group:
        table = Table(box=None, pad_edge=False, show_header=False)
        for name, estimate in self._now:
            table.add_row(name, levels_line(self._history[name]), estimate)
        key = Text("S share · A ask · D debrief · I independent", style="dim")
        return Group(self._progress, Text(self._phase), table, key)

    # the end -------------------------------------------------------------------------------------
    def end(
        self,
        found: Trajectory,
        losses: Mapping[str, float],
        contrasts: Sequence[ForkContrast],
        masterpiece: Verdict,
    ) -> None:
        """The result, told when the live picture is gone."""
        self._told = [
            Text("\nFrom its first mistakes to independence", style="bold"),
            _levels(found, self._history),
            _losses(losses),
            *map(Text, _words(found, contrasts, masterpiece)),
        ]


def levels_line(history: list[str], width: int = 24) -> Text:
    """A criterion's levels over the games, a sign each."""
    step = max(1, -(-len(history) // width))
    line = Text()
    for level in history[::step]:
        line.append(SIGNS[level], style=COLOURS[level])
    return line


def brief(estimate: Estimate) -> str:
    """An estimate where there is little room."""
    return str(estimate).partition(" (")[0]


def _levels(found: Trajectory, history: Mapping[str, list[str]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("criterion", "help, game by game", "started at", "stands at", "level"):
        table.add_column(column)
    for c in found.courses:
        level = c.stand.level.word
        started = brief(c.start) if c.start else "not known"
        signs = levels_line(history.get(c.name, []))
        table.add_row(c.name, signs, started, brief(c.now), Text(level, style=COLOURS[level]))
    return table


_SAYS = {
    "before": "before guidance",
    "after": "when guidance ended",
    "withdrawn": "at the end, on its own",
    "unmentored": "the same, never mentored",
}


def _losses(losses: Mapping[str, float]) -> Table:
    top = max(losses.values(), default=1.0) or 1.0
    table = Table(box=None, pad_edge=False, show_header=False)
    for key, says in _SAYS.items():
        if key in losses:
            bar = "█" * round(20 * losses[key] / top)
            table.add_row(says, Text(bar, style="blue"), f"{losses[key]:.3f} points a decision")
    return table


def _words(
    found: Trajectory, contrasts: Sequence[ForkContrast], masterpiece: Verdict
) -> Iterator[str]:
    counts = ", ".join(map(str, found.guidance_by_quarter))
    yield f"Guidance before a decision, by quarter of the course: {counts}."
    for h in found.hurdles:
        yield f"Obstacle: {h.text} {h.course}"
    yield f"Threshold: {found.threshold}."
    for contrast in contrasts:
        yield f"Mentored copies against copies without a mentor: {contrast}."
    yield f"Masterpiece: {masterpiece}."
    if found.life != "closed":
        yield "The relationship stays open: it is not unnecessary yet."


def summary(answer: Mapping[str, Any]) -> Iterator[Text]:
    """Where to look next."""
    yield Text(f"\n{answer['entries']} entries. Written: {', '.join(answer['files'])}", style="dim")
