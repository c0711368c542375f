"""The demo: an agent is mentored from its first mistakes to independence, with the evidence.

``tutelage demo backgammon --seed 1 --games 60 --out demo-out``
"""

from __future__ import annotations

import json
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.console import Console

from tutelage.domain.events import Closed, MasterpieceCertified
from tutelage.domain.terms import Phase
from tutelage.doors import report
from tutelage.doors.words import Measure
from tutelage.evidence.forks import ForkContrast
from tutelage.guidance.threshold import Verdict
from tutelage.service.spending import spending
from tutelage.trainers.llm import Spent
from tutelage_studies.backgammon.arms import (
    ALONE,
    COPIES,
    MENTORED,
    Arm,
    Ran,
    contrast,
    play,
    ran,
    saved,
)
from tutelage_studies.backgammon.course import BEGAN, MENTOR, STEP, Course, agree, open_desk
from tutelage_studies.backgammon.screen import Screen, summary

RELATIONSHIP = "backgammon"
TAIL = 0.1  # share of the games after the mentor withdrew, and again after the relationship closed
COPY = 0.4  # share of the games that the further copies play
MEASURES = 12  # points of the loss curve
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """Which games belong to which part of the course."""

    games: int

    @property
    def tail(self) -> int:
        """Games withdrawn, and games alone."""
        return max(1, round(self.games * TAIL))

    @property
    def guided(self) -> int:
        """The last game with a mentor."""
        return max(1, self.games - 2 * self.tail)

    @property
    def every(self) -> int:
        """Games between two measures of the loss."""
        return max(1, self.games // MEASURES)


@dataclass(slots=True)
class Demo:
    """One run, from an empty folder to the files it writes."""

    seed: int
    plan: Plan
    out: Path
    screen: Screen
    copies: int = COPIES  # an arm
    model: str | None = None  # a language model as the mentor
    losses: dict[str, float] = field(default_factory=dict)
    contrasts: list[ForkContrast] = field(default_factory=list)
    course: Course = field(init=False)

    def run(self) -> dict[str, Any]:
        """Everything in order; the answer as `--json` prints it."""
        file = self._empty_folder()
        with open_desk(file, self.seed, model=self.model) as desk:
            agree(desk, RELATIONSHIP)
            self.course = Course(desk, RELATIONSHIP, self.seed, self.seed)
            self.losses["before"] = self.course.measure()
            began = self._baseline()
            with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
                copies = self._start_copies(pool, file, began)
                self._guided(began)
                self._withdrawn()
                copied = self.screen.wait(copies)
                self._certify(copied, began)
            self._alone()
            return self._answer(copied)

    def _empty_folder(self) -> Path:
        self.out.mkdir(parents=True, exist_ok=True)
        file = self.out / "demo.db"
        for left in self.out.glob("demo.db*"):
            left.unlink()
        return file

    # the course ----------------------------------------------------------------------------------
    def _baseline(self) -> int:
        """Games until the baseline is taken; returns the number of the next one."""
        number = 1
        while number <= self.plan.games and self._phase() == Phase.BASELINE:
            self._game(number)
            number += 1
        return number

    def _guided(self, began: int) -> None:
        for number in range(began, self.plan.guided + 1):
            self._game(number)
        self.losses["after"] = self.course.measure()

    def _withdrawn(self) -> None:
        """The mentor steps back: what was learned must hold without it."""
        if self._phase() == Phase.GUIDED:
            self.course.begin(Phase.WITHDRAWN, "To see whether it holds without me.")
        start = max(self.plan.guided, len(self.course.results)) + 1
        for number in range(start, self.plan.games - self.plan.tail + 1):
            self._game(number)

    def _alone(self) -> None:
        """Closed because it is no longer needed, where that is so; then on alone."""
        state = self.course.desk.state(RELATIONSHIP)
        if state.threshold is not None:
            because = "It decides novel, hard cases on its own and can account for them."
            self.course.desk.write(RELATIONSHIP, Closed(because=because), actor="ben")
        for number in range(len(self.course.results) + 1, self.plan.games + 1):
            self._game(number)
        self.losses["withdrawn"] = self.course.measure()

    def _game(self, number: int) -> None:
        self.course.game(number)
        if number % self.plan.every == 0:
            self.course.measure()
        self.screen.game(number, self.course)

    def _phase(self) -> Phase | None:
        return self.course.desk.state(RELATIONSHIP).phase

    # the copies ----------------------------------------------------------------------------------
    def _start_copies(self, pool: ProcessPoolExecutor, file: Path, began: int) -> list[Future[Ran]]:
        """Forks at the end of the baseline: one to the end without a mentor, the others shorter."""
        if began > self.plan.guided:
            return []
        state = self.course.desk.state(RELATIONSHIP)
        arms = [(ALONE, n, self._last(n == 1)) for n in range(1, self.copies + 1)]
        arms += [(MENTORED, n, self._last(whole=False)) for n in range(2, self.copies + 1)]
        found = []
        for arm, copy, last in arms:
            name = f"{arm}-{copy}"
            self.course.desk.fork(RELATIONSHIP, at=state.seq, arm=arm, id=name)
            # the first copy meets the very games the mentored learner meets
            dice = self.seed if copy == 1 else self.seed + 1000 * copy
            games, when = range(began, last + 1), BEGAN + STEP * (state.seq + 10)
            mentored = arm == MENTORED
            every, model = self.plan.every, self.model if mentored else None
            job = Arm(file, name, self.seed, dice, mentored, games, when, every, model)
            found.append(pool.submit(play, job))
        return found

    def _last(self, whole: bool) -> int:
        return self.plan.games if whole else max(self.plan.tail, round(self.plan.games * COPY))

    def _certify(self, copied: list[Ran], began: int) -> None:
        """A masterpiece, where the copies allow it; the learner's owner certifies, not the mentor.

        Over the second half of what the shorter copies played, so that guidance had time to work.
        """
        last = self._last(whole=False)
        stretch = range((began + last) // 2, last + 1)
        every = [ran(self.course, mentored=True), *copied]
        gain, rated = saved(every, stretch), contrast(every, stretch)
        self.contrasts = [c for c in (gain, rated) if isinstance(c, ForkContrast)]
        found = self.course.desk.masterpiece(RELATIONSHIP, gain)
        if found.met and isinstance(gain, ForkContrast):
            event = MasterpieceCertified(entries=found.entries, because=f"Forked copies: {gain}.")
            self.course.desk.certify(RELATIONSHIP, event, gain, actor="ana")

    # what it comes to ----------------------------------------------------------------------------
    def _answer(self, copied: list[Ran]) -> dict[str, Any]:
        desk = self.course.desk
        alone = next((r for r in copied if not r.mentored), None)
        if alone is not None:
            self.losses["unmentored"] = alone.curve[-1][1]
        trajectory = desk.trajectory(RELATIONSHIP)
        ledger = self.out / "ledger.jsonl"
        desk.export(RELATIONSHIP, ledger)
        files = report.write(trajectory, self.out, (self._measure(alone),))
        self.screen.end(trajectory, self.losses, self.contrasts, self._masterpiece())
        return {
            "seed": self.seed,
            "games": self.plan.games,
            **{f"loss_{k}": round(v, 5) for k, v in self.losses.items()},
            "guidance_by_quarter": list(trajectory.guidance_by_quarter),
            "levels": {c.criterion: c.stand.level.word for c in trajectory.courses},
            "threshold": {
                "met": trajectory.threshold.met,
                "missing": list(trajectory.threshold.missing),
            },
            "entries": trajectory.seq,
            "files": [*files, str(ledger)],
            **self._paid(),
        }

    def _paid(self) -> dict[str, Any]:
        """What the model cost, in all arms; nothing where there was none."""
        if self.model is None:
            return {}
        desk = self.course.desk
        names = (RELATIONSHIP, *(c.name for c in desk.copies(RELATIONSHIP)))
        paid = sum((spending(desk, name, MENTOR.id).spent for name in names), Spent())
        return {"model": self.model, "model_tokens": paid.tokens, "model_cost": paid.cost}

    def _masterpiece(self) -> Verdict:
        desk = self.course.desk
        if desk.state(RELATIONSHIP).masterpiece is not None:
            return Verdict(met=True, missing=())
        return desk.masterpiece(RELATIONSHIP, next(iter(self.contrasts), None))

    def _measure(self, alone: Ran | None) -> Measure:
        lines = {"mentored": ran(self.course, mentored=True).steps}
        if alone is not None:
            lines["the same learner without a mentor"] = alone.steps
        return Measure(
            title="What its plays give up on positions it has not met",
            unit="points a decision, by number of situations",
            lines=lines,
            note=(
                "Mean loss against GNU Backgammon on 300 held-out positions, decided without help "
                "from what its notebook says. A learner that weighs as the expert does loses "
                "about .04."
            ),
        )


def main(*, seed: int, games: int, out: Path, as_json: bool, model: str | None = None) -> None:
    """What `tutelage demo backgammon` runs."""
    console = Console(stderr=as_json)
    with Screen(console, games, quiet=as_json) as screen:
        answer = Demo(seed, Plan(games), out, screen, model=model).run()
    if as_json:
        print(json.dumps(answer))
        return
    for part in summary(answer):
        console.print(part)
