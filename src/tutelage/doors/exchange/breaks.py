"""Where an agent's judgment breaks: tasks it never solves, apart from tasks it sometimes solves.

A task that fails every time lacks something: the judgment, or the means. One that fails sometimes
has it, and does not always apply it. Trials of one task are alike, so the interval of a pass rate
over tasks is taken over tasks, not over runs.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scipy.special import stdtrit

from tutelage.doors.exchange.run import Run, calls, role, said
from tutelage.evidence.share import Rate, wilson
from tutelage.guidance.words import several

PASS = 1.0  # the measure from which on a run counts as solved
_WORD = re.compile(r"[a-z]{4,}")
_EMPTY = frozenset(
    {"about", "after", "agent", "also", "before", "could", "from", "have", "into", "must", "only"}
    | {"other", "shall", "should", "than", "that", "them", "then", "they", "this", "under", "when"}
    | {"where", "which", "with", "would", "your", "basic", "domain", "general", "policy", "rule"}
    | {"rules"}
)


@dataclass
class Task:
    """A task, how often it was tried and solved, and which criteria it touched."""

    name: str
    solved: int = 0
    n: int = 0
    criteria: set[str] = field(default_factory=set)

    @property
    def rate(self) -> Rate:
        """How often it was solved."""
        return wilson(self.solved, self.n)


@dataclass(frozen=True)
class Part:
    """One criterion, or all of them: which tasks never, sometimes and always come out well."""

    name: str
    tasks: tuple[Task, ...]
    did: str = "solved"

    def _which(self, *, solved: bool, failed: bool) -> tuple[Task, ...]:
        return tuple(
            t for t in self.tasks if (t.solved > 0, t.solved < t.n) == (solved, failed) and t.n > 1
        )

    @property
    def never(self) -> tuple[Task, ...]:
        """Tried more than once, and failed every time."""
        return self._which(solved=False, failed=True)

    @property
    def sometimes(self) -> tuple[Task, ...]:
        """Failed sometimes, solved sometimes."""
        return self._which(solved=True, failed=True)

    @property
    def always(self) -> tuple[Task, ...]:
        """Solved every time."""
        return self._which(solved=True, failed=False)

    @property
    def once(self) -> tuple[Task, ...]:
        """Failed the only time it was tried: which kind it is, one trial cannot tell."""
        return tuple(t for t in self.tasks if t.n == 1 and not t.solved)

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return sum(t.n for t in self.tasks)

    @property
    def solved(self) -> tuple[float, float, float]:
        """The mean pass rate over tasks, with its 90 % interval by Student's t over tasks."""
        rates = [t.solved / t.n for t in self.tasks]
        if not rates:
            return (math.nan, 0.0, 1.0)
        mean, n = sum(rates) / len(rates), len(rates)
        spread = sum((r - mean) ** 2 for r in rates)
        if n < 2 or spread == 0:
            alone = wilson(sum(t.solved for t in self.tasks), self.runs)
            return (mean, alone.low, alone.high)
        half = float(stdtrit(n - 1, 0.95)) * math.sqrt(spread / (n - 1) / n)
        return (mean, max(0.0, mean - half), min(1.0, mean + half))

    @property
    def lines(self) -> tuple[str, ...]:
        """The same in words: how often, and which tasks of which kind."""
        if not self.tasks:
            return (f"{self.name}: no run with a known outcome.",)
        mean, low, high = self.solved
        bounds = f"{low * 100:.0f} to {high * 100:.0f} %"
        tried = f"{several(len(self.tasks), 'task')}, {several(self.runs, 'run')}"
        kinds = (
            ("always failed", self.never),
            ("failed sometimes", self.sometimes),
            ("failed the only time", self.once),
        )
        head = f"{self.name}: {self.did} {mean * 100:.0f} % ({bounds}) of {tried}."
        return (head, *(_kind(what, of) for what, of in kinds if of))

    def __str__(self) -> str:
        return " ".join(self.lines)


def _kind(what: str, tasks: tuple[Task, ...]) -> str:
    return f"{several(len(tasks), 'task')} {what}: {_named(tasks)}."


def _named(tasks: Iterable[Task]) -> str:
    found = [f"{t.name} ({t.solved} of {t.n})" for t in tasks]
    return ", ".join(found[:40]) + (f" and {len(found) - 40} more" if len(found) > 40 else "")


class Breaks:
    """Gathers outcomes by task and criterion while the runs go by."""

    def __init__(self, criteria: Mapping[str, str] | None = None, passed: float = PASS) -> None:
        self._names = dict(criteria or {})
        self._words = _telling(self._names)
        self._passed, self._tasks = passed, dict[str, Task]()
        self.unknown = 0

    def add(self, run: Run) -> None:
        """One more run; without an outcome it is only counted."""
        if run.reward is None:
            self.unknown += 1
            return
        name = run.task or run.trace
        task = self._tasks.setdefault(name, Task(name))
        task.n += 1
        task.solved += run.reward >= self._passed
        if self._words:
            task.criteria |= touched(run, self._words)

    @property
    def whole(self) -> Part:
        """All tasks."""
        return Part("All criteria", tuple(self._tasks.values()))

    @property
    def parts(self) -> tuple[Part, ...]:
        """Criterion by criterion, where it breaks most first."""
        tasks = self._tasks.values()
        found = [
            Part(name, tuple(t for t in tasks if key in t.criteria))
            for key, name in self._names.items()
        ]
        return tuple(sorted((p for p in found if p.tasks), key=lambda p: p.solved[0]))

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "unknown_outcome": self.unknown,
            **part_json(self.whole),
            "criteria": [part_json(p) for p in self.parts],
        }


def part_json(part: Part) -> dict[str, Any]:
    """A part of the report for programs."""
    mean, low, high = part.solved
    return {
        "name": part.name,
        "tasks": len(part.tasks),
        "runs": part.runs,
        "solved": None if math.isnan(mean) else round(mean, 3),
        "interval": [round(low, 3), round(high, 3)],
        "always_fail": [_task_json(t) for t in part.never],
        "fail_sometimes": [_task_json(t) for t in part.sometimes],
        "failed_once": [t.name for t in part.once],
    }


def _task_json(task: Task) -> dict[str, Any]:
    rate = task.rate
    bounds = [round(rate.low, 3), round(rate.high, 3)]
    return {"task": task.name, "solved": task.solved, "n": task.n, "interval": bounds}


def touched(run: Run, words: Mapping[str, frozenset[str]]) -> set[str]:
    """The criteria whose words are in what the user asked or in the tools that were called."""
    own = (m for m in run.messages if role(m) not in {"system", "developer", "tool"})
    told = " ".join(
        f"{'' if role(m) == 'assistant' else said(m)} {' '.join(n for n, _ in calls(m))}"
        for m in own
    )
    spoken = _words(f"{run.asked or ''} {told}".replace("_", " "))
    return {key for key, of in words.items() if of & spoken}


def _telling(names: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """The words of each criterion that tell it from the others; all of them where none does."""
    said = {key: _words(name) for key, name in names.items()}
    often = Counter(word for of in said.values() for word in of)
    return {key: frozenset(w for w in of if often[w] == 1) or of for key, of in said.items()}


def _words(text: str) -> frozenset[str]:
    """The telling words, without their endings: booking, booked and books are one."""
    found = (w for w in _WORD.findall(text.lower()) if w not in _EMPTY)
    return frozenset(re.sub(r"(ing|ed|es|s)$", "", w)[:6] for w in found)
