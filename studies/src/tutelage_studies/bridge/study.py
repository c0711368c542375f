"""Study 2, does it transfer: the arms of study 1, lean, on bridge endings, through the service.

``python -m tutelage_studies.bridge.study --learners 16 --seed 1 --out DIR``

A game environment with simulated learners; not a language-model result.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import numpy as np

from tutelage import Tutelage
from tutelage.domain.events import (
    Debriefed,
    Event,
    Proposed,
    Signed,
    SituationOpened,
)
from tutelage.domain.terms import Level, Party
from tutelage.guidance.brief import Brief
from tutelage.guidance.notebook import Notebook
from tutelage_studies.bridge.endings import (
    BANK,
    FINE,
    HELD_OUT,
    Board,
    bank,
    held_out,
    led,
    lost,
    newcomer,
)
from tutelage_studies.bridge.environment import (
    FEATURES,
    KINDS,
    Defender,
    Floats,
    Judge,
    Mentor,
    by_criterion,
    goal,
    keep,
    page,
    touched,
)
from tutelage_studies.bridge.generic import chosen

SESSIONS, BOARDS, BASELINE, BATCH, EVERY = 30, 8, 3, 5, 5
CASES, DRAWN = 2, 2  # a session: debriefed, and rated as drawn by chance
ARMS = {
    "none": "nothing",
    "experience": "own results only",
    "own-batch": "own cases, every five sessions",
    "generic": "every five sessions one batch for all, the best of four on a gate",
    "individualized": "own cases, after each session",
    "fading": "own cases after each session, as far as the levels say",
    "hindsight": "own cases after each session, by the layout that was",
}


# own results -------------------------------------------------------------------------------------
NOISE, HABIT, COMMON, PLACE = 1.2, 0.1, 0.1, 0.5
"""Spread of a result, how far off a habit may be (in a kind, in all), what an ending brings."""


@dataclass
class Experience:
    """A regression of own results on what the own leads had, with own habits as the prior."""

    sums: Floats = field(default_factory=lambda: np.diag(_prior()))
    told: Floats = field(default_factory=lambda: np.zeros(_prior().size))

    def learn(self, base: Floats, played: Sequence[tuple[Board, int]]) -> Floats:
        """The pages it would write, [kinds + 1, features]."""
        for b, at in played:
            apart, about = b.values[at] - b.values.mean(0), b.values.mean(0)
            x = np.zeros((len(KINDS) + 1, len(FEATURES)))
            x[b.kind] = x[-1] = apart
            row = np.concatenate([x.ravel(), about, np.eye(len(KINDS))[b.kind]])
            self.sums += np.outer(row, row) / NOISE**2
            self.told += row * (b.was[at] - 4 - apart @ base[b.kind]) / NOISE**2
        mean = np.linalg.solve(self.sums, self.told)[: (len(KINDS) + 1) * len(FEATURES)]
        return np.array(np.split(mean, len(KINDS) + 1), dtype=float)


def _prior() -> Floats:
    wide = [HABIT] * (len(KINDS) * len(FEATURES)) + [COMMON] * len(FEATURES)
    return 1 / np.array(wide + [PLACE] * len(FEATURES) + [2.0] * len(KINDS)) ** 2


# a relationship ----------------------------------------------------------------------------------
class Fading(Mentor):
    """A mentor that goes by the levels: at share every case, at ask and debrief one a session."""

    def __init__(self) -> None:
        super().__init__()
        self.told: set[str] = set()

    def debrief(self, brief: Brief) -> Debriefed | None:
        """None where the level of what the case turned on says no."""
        session = brief.key.partition("-")[0]
        level = next(c.level for c in brief.criteria if c.key == _turned_on(brief))
        if level == Level.INDEPENDENT or (level > Level.SHARE and session in self.told):
            return None
        self.told.add(session)
        return super().debrief(brief)


def _turned_on(brief: Brief) -> str:
    lead = str(brief.situation.decision.event.decision if brief.situation.decision else "")
    cost = by_criterion(brief.text, lead)
    return max(cost, key=lambda c: cost[c])


def agreed(number: int, seed: int, mentor: Mentor) -> Tutelage:
    """A relationship in memory, signed; its time and chance follow from seed and number."""
    ticks = count()
    began, step = datetime(2026, 1, 5, tzinfo=UTC), timedelta(minutes=7)
    desk = Tutelage(
        "sqlite://",
        clock=lambda: began + step * next(ticks),
        entropy=random.Random(f"{seed} {number}").randbytes,
        agents=(mentor, Judge()),
    )
    who = [Party(id=i, kind="agent", owner="ana") for i in ("defender", "mentor", "judge")]
    terms = Proposed(
        learner=who[0],
        trainer=who[1],
        raters=(who[2],),
        mode="mentor",
        handled="Endings, by the solver.",
        because="A mentor may tell in a debrief.",
    )
    desk.open(terms, actor="ana", id="pair")
    for event in (Signed(what="agreement"), goal(), Signed(what="goal")):
        desk.write("pair", event, actor="ana" if isinstance(event, Signed) else "defender")
    return desk


@dataclass
class Course:
    """One learner in one arm."""

    arm: str
    number: int
    seed: int
    learner: Defender = field(init=False)
    desk: Tutelage = field(init=False)
    mentor: Mentor = field(init=False)
    order: list[int] = field(init=False)
    waiting: list[tuple[Board, int]] = field(default_factory=list)
    past: Experience = field(default_factory=Experience)
    curve: list[tuple[int, float]] = field(default_factory=list)
    debriefed: int = 0

    def __post_init__(self) -> None:
        self.learner = newcomer(self.seed, self.number)
        hindsight = self.arm == "hindsight"
        self.mentor = Fading() if self.arm == "fading" else Mentor(hindsight=hindsight)
        self.desk = agreed(self.number, self.seed, self.mentor)
        rng = np.random.default_rng([self.seed, 12, self.number])
        self.order = [int(i) for i in rng.permutation(BANK)]  # the same in every arm

    @property
    def book(self) -> Notebook:
        """Its notebook, as the ledger has it."""
        return self.desk.context("pair").notebook

    def session(self, number: int) -> None:
        """Eight endings alone, then what the arm has for it."""
        weights = self.learner.weights(self.book)
        mine = self.order[(number - 1) * BOARDS : number * BOARDS]
        played = [(b, led(b, weights)) for b in (bank(self.seed)[i] for i in mine)]
        for n, (b, _at) in enumerate(played[:DRAWN]):
            self._situation(f"s{number}-drawn{n}", b)
        self.desk.run_due("pair")  # the judge rates
        if self.arm == "experience":
            self._write_all(self.past.learn(self.learner.base, played))
        if number > BASELINE and self.arm not in ("none", "experience"):
            self.waiting += self._worst(played)
            due = self.arm in ("individualized", "fading", "hindsight")
            if due or (self.arm == "own-batch" and number % BATCH == 0):
                self.study(number, self.batch())

    def _worst(self, played: list[tuple[Board, int]]) -> list[tuple[Board, int]]:
        """The session's worst leads, as its mentor sees them."""

        def gave_up(made: tuple[Board, int]) -> float:
            tricks = made[0].was if self.arm == "hindsight" else made[0].mean
            return float(tricks.max() - tricks[made[1]])

        return sorted(played, key=gave_up, reverse=True)[:CASES]

    def batch(self) -> list[Board]:
        """The cases that waited."""
        cases, self.waiting = [b for b, _ in self.waiting], []
        return cases

    def study(self, number: int, cases: Sequence[Board]) -> None:
        """Each case told, decided again, debriefed; what it keeps goes into the notebook."""
        for n, b in enumerate(cases):
            key = f"s{number}-case{n}"
            self._situation(key, b, told=True)
            said = self.mentor.debrief(self.desk.brief("pair", key))
            if said is not None:
                self.debriefed += 1
                self.desk.write("pair", said, actor="mentor")
                for event in self.learner.revise(key, self.desk.context("pair", key)):
                    self._write(event)

    def _situation(self, key: str, b: Board, *, told: bool = False) -> None:
        self._write(_opened(key, b, told=told))
        context = self.desk.context("pair", key)
        self._write(self.learner.own_call(key, context))
        self._write(self.learner.decide(key, context))

    def _write_all(self, pages: Floats) -> None:
        names = [*(f"kind{k}" for k in range(len(KINDS))), "any"]
        known = {p.key: page(p.says) for p in self.book.principles}
        more = {n: row - known.get(n, 0.0) for n, row in zip(names, pages, strict=True)}
        for event in keep(self.book, more, "What my results say so far."):
            self._write(event)

    def _write(self, event: Event) -> None:
        self.desk.write("pair", event, actor="defender")

    def measure(self, number: int) -> None:
        """What it gives up on endings nobody plays, alone."""
        weights = self.learner.weights(self.book)
        found = lost(held_out(self.seed, "held out", HELD_OUT, FINE), weights)
        self.curve.append((number, found))


def _opened(key: str, b: Board, *, told: bool) -> SituationOpened:
    chosen = "One of the worst, told afterwards." if told else "The first two of the session."
    return SituationOpened(
        situation=key,
        text=b.text,
        criteria=tuple(touched(b.text)),
        retold=told,
        chosen=chosen,
        because_bad=told,
    )


# arms --------------------------------------------------------------------------------------------
def run(arm: str, seed: int, learners: int, sessions: int = SESSIONS) -> list[Course]:
    """A cohort through one arm."""
    courses = [Course(arm, n, seed) for n in range(learners)]
    for number in range(sessions + 1):
        for course in courses:
            if number:
                course.session(number)
        if arm == "generic" and number and number % BATCH == 0:
            pool = [b for course in courses for b in course.batch()]
            batch = chosen(seed, number, [(c.learner, c.book) for c in courses], pool)
            for course in courses:
                course.study(number, batch)
        if number % EVERY == 0:
            for course in courses:
                course.measure(number)
    for course in courses:
        course.desk.close()
    return courses


def main() -> None:
    """Run all arms and write the report."""
    from tutelage_studies.bridge.report import gather, write  # noqa: PLC0415

    parser = argparse.ArgumentParser(prog="python -m tutelage_studies.bridge.study")
    parser.add_argument("--learners", type=int, default=16)
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    found = {}
    for arm in ARMS:
        found[arm] = run(arm, asked.seed, asked.learners, asked.sessions)
        print(f"{arm}: {np.mean([c.curve[-1][1] for c in found[arm]]):.4f}", flush=True)
    write(gather(found, asked.seed, asked.sessions), asked.out)


if __name__ == "__main__":
    main()
