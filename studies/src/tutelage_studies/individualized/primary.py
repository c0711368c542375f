"""The primary cell: its arms through service, ledger and policy, learner by learner, resumable.

A piece of work is one learner's games in one arm: all of them, or, for the generic batch, the ten
between two batches. Its result is written as a file when it is done and not before, so that a run
that was killed goes on where it was and comes to the same.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tutelage_studies.backgammon.board import position
from tutelage_studies.individualized.arms import ARMS, BATCH, PRIMARY, WITHDRAWN
from tutelage_studies.individualized.carried import NAME, LedgerCourse
from tutelage_studies.individualized.cohort import chosen, newcomers
from tutelage_studies.individualized.course import Record
from tutelage_studies.individualized.learner import Learner
from tutelage_studies.individualized.play import Decision, decision
from tutelage_studies.individualized.world import EXPERT, Setting, bases, held_out

WORKERS = 2
KEPT_LEDGERS = 2  # learners whose ledgers stay; the others are verified and removed


Told = tuple[int, int, int, str, str, int, float]
"""A decision as a file has it: key, position, dice, what was played, what it gave up."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some games of one learner in one arm: from the first to the last of them."""

    out: Path
    setting: Setting
    arm: str
    number: int
    first: int
    last: int
    given: tuple[tuple[int, tuple[Told, ...]], ...] = ()  # cases from outside, by game

    @property
    def result(self) -> Path:
        """The file it leaves."""
        return self.out / "results" / f"{self.arm}-{self.number:03d}-{self.last:03d}.json"

    @property
    def ledger(self) -> Path:
        """The ledger as it stands after this piece."""
        return self.out / "ledgers" / f"{self.arm}-{self.number:03d}-{self.last:03d}.db"


def told(made: Decision) -> Told:
    """A decision in a few words."""
    here = made.position
    return (*made.key, here.id, f"{here.dice[0]}{here.dice[1]}", made.played, round(made.loss, 5))


def heard(said: Sequence[Any]) -> Decision:
    """A decision from the same."""
    whose, game, place, key, dice, played, _lost = said
    return decision((whose, game, place), position(key, dice), played)


# one piece of work -------------------------------------------------------------------------------
@lru_cache(2)
def _newcomers(setting: Setting) -> list[Learner]:
    return newcomers(setting)


def do(piece: Piece) -> str:
    """Do a piece, from the ledger before it to the result after it; returns its arm."""
    part = piece.ledger.with_suffix(".part.db")
    _clear(part)
    before = _before(piece)
    if before is not None:
        shutil.copy(before["ledger"], part)
    start = _newcomers(piece.setting)[piece.number]
    learner = Learner(start.number, start.base, piece.setting)
    course = LedgerCourse(piece.setting, ARMS[piece.arm], learner, file=part, from_game=piece.first)
    if before is not None:
        course.record = _record(before)
    try:
        _play(course, piece)
        _finish(course, piece, part)
    finally:
        course.close()
    return piece.arm


def _play(course: LedgerCourse, piece: Piece) -> None:
    given = {game: [heard(t) for t in cases] for game, cases in piece.given}
    generic = course.arm.source == "generic"
    if piece.first == 1:
        course.measure(0)
    elif generic:
        course.read()
        course.study(piece.first - 1, given.get(piece.first - 1, []))
        course.measure(piece.first - 1)
    for number in range(piece.first, min(piece.last, course.setting.games) + 1):
        course.game(number, given.get(number, []))
    if piece.last > course.setting.games:
        course.withdraw()
        for number in range(course.setting.games + 1, piece.last + 1):
            course.game(number)


def _finish(course: LedgerCourse, piece: Piece, part: Path) -> None:
    """The ledger verified and put in place, then the result: in this order."""
    verified = course.desk.verify(NAME)
    if not verified.ok:
        raise RuntimeError(f"{piece.ledger.name}: {verified.problem}")
    state = course.desk.state(NAME)
    course.close()
    whole = piece.last > piece.setting.games
    keep = piece.number < KEPT_LEDGERS or not whole
    if keep:
        part.replace(piece.ledger)
    _clear(part)
    answer = {
        **course.record.as_json(),
        "brought": [[g, [told(d) for d in ds]] for g, ds in course.record.brought.items()],
        "waiting": [told(d) for d in course.waiting],
        "pages": course.learner.pages.tolist(),
        "count": course.learner.count,
        "lost": course.record.lost,
        "entries": state.seq,
        "levels": {c: int(state.level(c)) for c in state.criteria},
        "ledger": str(piece.ledger) if keep else None,
    }
    _write(piece.result, answer)


def _record(before: dict[str, Any]) -> Record:
    return Record(
        [(g, v) for g, v in before["curve"]],
        before["before"],
        before["annotated"],
        before["lost"],
        before["written"],
    )


def _before(piece: Piece) -> dict[str, Any] | None:
    if piece.first == 1:
        return None
    earlier = Piece(piece.out, piece.setting, piece.arm, piece.number, 1, piece.first - 1)
    return read(earlier.result)


def read(path: Path) -> dict[str, Any]:
    """A result as it was written."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _write(path: Path, answer: dict[str, Any]) -> None:
    """Whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(answer), encoding="utf-8")
    os.replace(part, path)  # noqa: PTH105  # the word for it


def _clear(file: Path) -> None:
    for left in file.parent.glob(f"{file.name}*"):
        left.unlink()


# all of it ---------------------------------------------------------------------------------------
@dataclass(slots=True)
class Primary:
    """A run of the primary cell into a folder."""

    setting: Setting
    out: Path
    arms: tuple[str, ...] = PRIMARY
    workers: int = WORKERS

    def run(self, console: Console | None = None) -> dict[str, Any]:
        """Whatever is not done yet; then the summary, also as `primary.json`."""
        for folder in ("results", "ledgers"):
            (self.out / folder).mkdir(parents=True, exist_ok=True)
        self._same_setting()
        bar = Progress(
            TextColumn("{task.description:15s}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console or Console(stderr=True),
        )
        with bar, ProcessPoolExecutor(self.workers, get_context("spawn")) as pool:
            for arm in self.arms:
                rounds = self._rounds(arm)
                pieces = len(rounds) * self.setting.learners
                task = bar.add_task(arm, total=pieces)
                for first, last in rounds:
                    self._round(pool, bar, task, arm, first, last)
        summary = self.summary()
        _write(self.out / "primary.json", summary)
        return summary

    def _same_setting(self) -> None:
        """A folder holds one run: another seed or size would be mixed into it."""
        file, mine = self.out / "setting.json", asdict(self.setting)
        if file.exists() and read(file) != mine:
            raise SystemExit(f"{self.out} holds another run: {read(file)}. Choose another --out.")
        _write(file, mine)

    def _rounds(self, arm: str) -> list[tuple[int, int]]:
        games = self.setting.games
        if ARMS[arm].source != "generic":
            return [(1, games + WITHDRAWN)]
        starts = range(1, games + 1, BATCH)
        rounds = [(start, min(start + BATCH - 1, games)) for start in starts]
        return [*rounds, (games + 1, games + WITHDRAWN)]

    def _round(
        self, pool: ProcessPoolExecutor, bar: Progress, task: Any, arm: str, first: int, last: int
    ) -> None:
        batch = self._batch(arm, first) if first > 1 else ()
        pieces = [
            self._piece(arm, number, first, last, batch) for number in range(self.setting.learners)
        ]
        open_ = [p for p in pieces if not p.result.exists()]
        bar.advance(task, len(pieces) - len(open_))
        for _done in pool.map(do, open_):
            bar.advance(task)
        if first > 1:  # the ledgers before this round are not needed any more
            for piece in pieces:
                _clear(Piece(self.out, self.setting, arm, piece.number, 1, first - 1).ledger)

    def _piece(self, arm: str, number: int, first: int, last: int, batch: Any) -> Piece:
        given: tuple[tuple[int, tuple[Told, ...]], ...] = batch
        if ARMS[arm].source == "partner":
            given = self._partner(number)
        return Piece(self.out, self.setting, arm, number, first, last, given)

    def _partner(self, number: int) -> tuple[tuple[int, tuple[Told, ...]], ...]:
        """What the individualized arm of the next learner brought, game by game."""
        last = self.setting.games + WITHDRAWN
        partner = (number + 1) % self.setting.learners
        piece = Piece(self.out, self.setting, "individualized", partner, 1, last)
        return tuple((g, tuple(map(tuple, ds))) for g, ds in read(piece.result)["brought"])

    def _batch(self, arm: str, first: int) -> tuple[tuple[int, tuple[Told, ...]], ...]:
        """The batch for all after the games before this one, the same whenever it is asked for."""
        file = self.out / "results" / f"{arm}-batch-{first - 1:03d}.json"
        if not file.exists():
            found = list(self._ends(arm, first - 1))
            learners = [_as_it_stands(r, n, self.setting) for n, r in enumerate(found)]
            pool = [heard(t) for r in found for t in r["waiting"]]
            batch = chosen(learners, pool, first - 1)
            _write(file, {"pool": len(pool), "batch": [told(d) for d in batch]})
        return ((first - 1, tuple(map(tuple, read(file)["batch"]))),)

    def _ends(self, arm: str, last: int) -> Iterator[dict[str, Any]]:
        for number in range(self.setting.learners):
            yield read(Piece(self.out, self.setting, arm, number, 1, last).result)

    def summary(self) -> dict[str, Any]:
        """Everything the report needs, small enough for the repository."""
        held = held_out(self.setting.seed)
        last = self.setting.games + WITHDRAWN
        wanted = ("curve", "before", "severity", "written", "entries", "levels")
        return {
            "setting": asdict(self.setting),
            "ceiling": round(held.loss(EXPERT), 6),
            "arms": {
                arm: [
                    {**{k: r[k] for k in wanted}, "annotated": sum(r["annotated"])}
                    for r in self._ends(arm, last)
                ]
                for arm in self.arms
            },
        }


def _as_it_stands(result: dict[str, Any], number: int, setting: Setting) -> Learner:
    learner = Learner(number, bases(setting)[number], setting)
    learner.pages, learner.count = np.array(result["pages"]), result["count"]
    return learner
