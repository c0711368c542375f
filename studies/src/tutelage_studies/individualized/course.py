"""A learner's course through one arm, game after game; what it studies and how it fares.

`Course` carries cases itself. `carried.LedgerCourse` lets the ledger carry them and is otherwise
the same: whatever is decided, is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tutelage_studies.individualized.arms import BASELINE, BATCH, Arm
from tutelage_studies.individualized.experience import Experience, direction
from tutelage_studies.individualized.learner import Learner, Lesson
from tutelage_studies.individualized.levels import Levels, annotates
from tutelage_studies.individualized.play import Decision, Played, game
from tutelage_studies.individualized.trainer import CASES, Trainer, features_of, turned_on
from tutelage_studies.individualized.world import DRAW, GAME, OWN, Setting, held_out

EVERY = 5  # games between two points of the curve
WINDOW, PER_GAME = 2, 2  # of each two choices in scope one is rated, up to two a game


@dataclass(slots=True)
class Record:
    """What came of a course so far, in the order of games."""

    curve: list[tuple[int, float]] = field(default_factory=list)
    before: list[float] = field(default_factory=list)  # own decisions of each game, before lessons
    annotated: list[int] = field(default_factory=list)  # cases by game
    lost: list[float] = field(default_factory=list)  # what each annotated case gave its owner
    written: int = 0  # cases that ended up in the notebook
    brought: dict[int, list[Decision]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What a file keeps."""
        return {
            "curve": [[g, round(v, 6)] for g, v in self.curve],
            "before": [round(v, 5) for v in self.before],
            "annotated": self.annotated,
            "severity": round(float(np.mean(self.lost)), 5) if self.lost else None,
            "written": self.written,
        }


@dataclass
class Course:
    """One learner in one arm."""

    setting: Setting
    arm: Arm
    learner: Learner
    record: Record = field(default_factory=Record)
    waiting: list[Decision] = field(default_factory=list)  # own cases kept for a batch
    levels: Levels = field(default_factory=Levels)
    past: Experience = field(default_factory=Experience)
    result: float = 0.0  # of the game just played
    results: list[float] = field(default_factory=list)
    trainer: Trainer = field(init=False)

    def __post_init__(self) -> None:
        self.trainer = Trainer(self.setting)

    # a game --------------------------------------------------------------------------------------
    def game(self, number: int, partner: Sequence[Decision] = ()) -> Played:
        """Play a game, and study whatever it is time for."""
        rng = np.random.default_rng([self.setting.seed, GAME, self.learner.number, number])
        shown = self.arm.source == "shown"
        played = game((self.learner.number, number), self.learner.weights, rng, shown=shown)
        self.result = played.result
        self.results.append(played.result)
        self.record.before.append(played.loss)
        self.meet(number, played)
        if self.arm.outcomes and number <= self.setting.games:
            self.past.learn(self.learner, played)
            self.kept()
        cases = self._cases(number, played, partner)
        if self._waits(number):
            return played  # its batch comes from outside, and the measure after it
        self.study(number, cases)
        if number % EVERY == 0:
            self.measure(number)
        return played

    def _waits(self, number: int) -> bool:
        """Whether a batch for all is due after this game."""
        return self.arm.source == "generic" and number % BATCH == 0 and number <= self.setting.games

    def measure(self, number: int) -> None:
        """The mean loss on held-out positions, decided alone."""
        loss = held_out(self.setting.seed).loss(self.learner.weights)
        self.record.curve.append((number, loss))

    def _cases(
        self, number: int, played: Played, partner: Sequence[Decision]
    ) -> Sequence[Decision]:
        """The cases that are due after this game."""
        if number <= BASELINE or number > self.setting.games:
            return ()
        match self.arm.source:
            case "own":
                return self.trainer.cases(played.decisions)
            case "partner":
                return partner
            case "batch" | "generic":
                self.waiting += self.trainer.cases(played.decisions)
                return self._batch() if self.arm.source == "batch" and number % BATCH == 0 else ()
            case "first":
                return self._again(number, played)
            case "shown":
                return self.trainer.cases([_tempting(d) for d in played.shown])
            case "self":
                return self._any(number, played)
            case "none":
                return ()

    def _batch(self) -> list[Decision]:
        found, self.waiting = self.waiting, []
        return found

    def _again(self, number: int, played: Played) -> list[Decision]:
        """Mistakes of the first games, the worst first, going round."""
        if number <= BATCH:
            self.waiting += self.trainer.cases(played.decisions)
            return []
        ranked = sorted(self.waiting, key=lambda d: -self.trainer.loss(d))
        start = CASES * (number - BATCH - 1)
        return [ranked[(start + i) % len(ranked)] for i in range(CASES)] if ranked else []

    def _any(self, number: int, played: Played) -> list[Decision]:
        """Two decisions of the game, whichever."""
        rng = np.random.default_rng([self.setting.seed, OWN, self.learner.number, number])
        count = min(CASES, len(played.decisions))
        chosen = rng.choice(len(played.decisions), count, replace=False)
        return [played.decisions[int(i)] for i in chosen]

    # situations ----------------------------------------------------------------------------------
    def drawn(self, number: int, played: Played) -> list[Decision]:
        """The choices in the goal's scope that become rated situations: drawn before the game."""
        rng = np.random.default_rng([self.setting.seed, DRAW, self.learner.number, number])
        places = [WINDOW * n + int(rng.integers(WINDOW)) for n in range(PER_GAME)]
        choices = [made for made in played.decisions if made.in_scope]
        return [choices[place] for place in places if place < len(choices)]

    def meet(self, number: int, played: Played) -> None:
        """Situations of the game, rated by somebody who does not know the learner."""
        if self.arm.fades:
            for made in self.drawn(number, played):
                self.levels.observe(made)
            if number == BASELINE:
                self.levels.begin()

    # lessons -------------------------------------------------------------------------------------
    def study(self, number: int, cases: Sequence[Decision]) -> None:
        """Study these cases now, one after the other."""
        lessons: list[Lesson] = []
        for made in cases:
            lesson = self.offer(number, made, len(lessons))
            if lesson is not None:
                lessons.append(lesson)
                self.record.lost.append(made.loss)
                self.record.written += self.hear(number, made, lesson)
        self.record.annotated.append(len(lessons))
        if cases:
            self.record.brought[number] = list(cases)
        if self.arm.form == "averaged":
            self._average(lessons)
        self.kept()

    def offer(self, number: int, made: Decision, already: int) -> Lesson | None:
        """A case brought to the trainer: its annotation, or None where the levels say no."""
        if self.arm.fades and not annotates(self.levels.of(turned_on(made)), already, number):
            return None
        self.levels.debriefed(made)
        return self.trainer.lesson(made)

    def hear(self, number: int, made: Decision, lesson: Lesson) -> bool:
        """The learner studies a lesson."""
        seen = self.setting.seen
        if self.arm.source == "self":
            return self._mine(made)
        if self.arm.form == "averaged":
            return False
        if self.arm.form == "asked":
            seen = seen * features_of(turned_on(made))
        return self.learner.study(lesson, number, seen)

    def _mine(self, made: Decision) -> bool:
        """Nobody's verdict: its own answer, or what it did with the game's result."""
        if self.arm.history:
            above = self.result - float(np.mean(self.results))
            return self.learner.note(made.kind, direction(made), None, above)
        order = np.argsort(-(made.values @ self.learner.weights[made.kind]))
        return self.learner.note(made.kind, made.values[order[0]] - made.values[order[1]])

    def _average(self, lessons: list[Lesson]) -> None:
        """One average of all that was wrong, for any position."""
        learner = self.learner
        apart = []
        for lesson in lessons:
            mine = learner.solve(lesson.kind, lesson.values)
            if mine in lesson.good or not learner.understands(lesson.key, 0):
                continue
            d = (lesson.values[lesson.better] - lesson.values[mine]) * self.setting.seen
            apart.append(d / max(float(np.linalg.norm(d)), 1e-9))
        if apart:
            self.record.written += len(apart)
            learner.everywhere(np.sum(apart, 0))

    def withdraw(self) -> None:
        """Guidance ends; the ledger says so."""

    def kept(self) -> None:
        """After the notebook may have changed; the ledger writes it down here."""


def _tempting(made: Decision) -> Decision:
    """The expert's decision as a case: against the play that looks best but for one feature.

    For choosing which of its decisions to show, it counts by what an average play gives up.
    """
    average = int(np.argsort(made.worth)[len(made.worth) // 2])
    return Decision(made.key, made.position, made.values, made.worth, average)
