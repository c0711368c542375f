"""One relationship, game after game, through the public service and nothing around it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from tutelage import Tutelage
from tutelage.domain.events import (
    Event,
    OutcomeRecorded,
    PhaseBegan,
    PrincipleKept,
    Proposed,
    QuestionKept,
    Signed,
    SituationOpened,
)
from tutelage.domain.terms import Party, Phase
from tutelage.guidance.brief import Context
from tutelage_studies.backgammon import modelled
from tutelage_studies.backgammon.bank import experiences
from tutelage_studies.backgammon.board import FAMILIAR, Position, describe, facts, sort_of
from tutelage_studies.backgammon.games import Game, Moment, held_out, loss
from tutelage_studies.backgammon.goal import goal
from tutelage_studies.backgammon.judgment import touched
from tutelage_studies.backgammon.learner import InContextLearner
from tutelage_studies.backgammon.mentor import Mentor
from tutelage_studies.backgammon.newcomer import newcomer
from tutelage_studies.backgammon.raters import BlindRater
from tutelage_studies.backgammon.words import play_in

LEARNER = Party(id="learner", kind="agent", owner="ana")
MENTOR = Party(id="mentor", kind="agent", owner="ben")
RATERS = (
    Party(id="rater-1", kind="agent", owner="ben"),
    Party(id="rater-2", kind="agent", owner="ben"),
)
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
STEP = timedelta(minutes=7)  # between two entries; sixty games then take about two weeks


def open_desk(
    file: Path, seed: int | str, began: datetime = BEGAN, model: str | None = None
) -> Tutelage:
    """A desk whose time and chance follow from the seed, with the mentor and both raters.

    With a language model as the mentor its words are its own, and no two runs are the same.
    """
    ticks = count()
    trainer = Mentor(MENTOR.id) if model is None else modelled.mentor(MENTOR.id, model)
    return Tutelage(
        f"sqlite:///{file}",
        clock=lambda: began + STEP * next(ticks),
        entropy=random.Random(seed).randbytes,
        agents=(trainer, BlindRater("rater-1"), BlindRater("rater-2", ply=1)),
    )


def agree(desk: Tutelage, name: str) -> None:
    """Bank, proposal, agreement and goal; an agent signs through the person who owns it."""
    desk.bank.add(MENTOR.id, experiences())
    proposed = Proposed(
        learner=LEARNER,
        trainer=MENTOR,
        mode="mentor",
        raters=RATERS,
        handled="Some two hundred positions that turned on a single criterion.",
        because="A newcomer has no experiences to be asked about yet; sharing comes first.",
        cadence="After every game.",
        ending="When it is no longer needed, or when either of us says so.",
    )
    desk.open(proposed, actor="ben", id=name)
    for paper in ("agreement", "goal"):
        if paper == "goal":
            desk.write(name, goal(), actor=LEARNER.id)
        for owner in ("ana", "ben"):
            desk.write(name, Signed(what=paper), actor=owner)


@dataclass(slots=True)
class Course:
    """A learner on its way through one relationship, or through a fork of it."""

    desk: Tutelage
    name: str
    seed: int
    dice: int  # which games it plays; copies of one learner play different ones
    first: int = 0  # games played before this copy was made
    learner: InContextLearner = field(init=False)
    results: list[float] = field(default_factory=list)
    curve: list[tuple[int, int, float]] = field(default_factory=list)  # game, situations, loss
    _contexts: dict[tuple[str, ...], Context] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.learner = newcomer(self.seed, LEARNER.id)

    # one game ----------------------------------------------------------------------------------
    def game(self, number: int) -> None:
        """Play a game; the choices drawn beforehand become situations."""
        game = Game.begin(self.dice, number)
        moments: list[Moment] = []
        while (moment := game.advance(self._choose)) is not None:
            game.take(self._situation(moment))
            moments.append(moment)
        result = game.result or 0.0
        for moment in moments:
            self._afterwards(moment, result)
        for event in self.learner.experience(result, game.lean, self.results, self._context(())):
            self._write(event)
        self.results.append(result)

    def _situation(self, moment: Moment) -> str:
        """Own call, guidance where it is due, decision; returns the play that was decided."""
        self._write(self._opened(moment))
        self._write(self.learner.own_call(moment.key, self.desk.context(self.name, moment.key)))
        self.desk.run_due(self.name)
        self.desk.collect_guidance(self.name, moment.key, actor=LEARNER.id)
        decision = self.learner.decide(moment.key, self.desk.context(self.name, moment.key))
        self._write(decision)
        return play_in(str(decision.decision)) or ""

    def _opened(self, moment: Moment) -> SituationOpened:
        here = moment.position
        return SituationOpened(
            situation=moment.key,
            text=describe(here),
            criteria=moment.criteria,
            source="lived",
            chosen=moment.chosen,
            probability=moment.probability,
            facts=facts(here),
            difficulty=self.learner.difficulty(here, self._context(moment.criteria)),
            seen_before=sort_of(here) in self._met(),
        )

    def _met(self) -> set[tuple[str, ...]]:
        """The sorts of situation its ledger holds."""
        opened = (s.opened.event for s in self.desk.state(self.name).situations)
        return {tuple(str(e.facts.get(f, "")) for f in FAMILIAR) for e in opened}

    def _afterwards(self, moment: Moment, result: float) -> None:
        """Outcome, account, debrief, and what it keeps of it."""
        said = _result(result)
        self.learner.saw[moment.key] = said
        outcome = OutcomeRecorded(
            situation=moment.key,
            text=said,
            measure=result,
            unit="points",
            as_expected=None if result == 0 else result > 0,  # it always expects to win
        )
        self._write(outcome)
        self._write(self.learner.account(moment.key, self.desk.context(self.name, moment.key)))
        self.desk.run_due(self.name)
        context = self.desk.context(self.name, moment.key)
        for event in self.learner.revise(moment.key, context):
            self._write(self._following(moment.key, event))

    def _following(self, situation: str, event: Event) -> Event:
        """What it keeps, with the guidance it was read before keeping it."""
        known = self.desk.state(self.name).find(situation)
        read = tuple(g.entry.seq for g in known.guidance if g.read) if known else ()
        kept = isinstance(event, PrincipleKept | QuestionKept)
        return event.model_copy(update={"follows": read}) if kept else event

    def _write(self, event: Event) -> None:
        self.desk.write(self.name, event, actor=LEARNER.id)
        self._contexts.clear()

    # what it plays without anybody ---------------------------------------------------------------
    def _choose(self, here: Position) -> int:
        return self.learner.choose(here, self._context(touched(here)))

    def _context(self, criteria: tuple[str, ...]) -> Context:
        """The product's context for a choice that touches these criteria, until it writes again."""
        if criteria not in self._contexts:
            self._contexts[criteria] = self.desk.context(self.name, criteria=criteria)
        return self._contexts[criteria]

    def measure(self) -> float:
        """The mean loss on held-out positions, unassisted, in points; kept for the curve."""
        found = float(loss(self._choose, held_out(self.seed)).mean())
        situations = len(self.desk.state(self.name).situations)
        self.curve.append((self.first + len(self.results), situations, found))
        return found

    def begin(self, phase: Phase, because: str) -> None:
        """A phase that does not begin by itself."""
        self.desk.write(self.name, PhaseBegan(phase=phase, because=because), actor="ben")
        self._contexts.clear()


def _result(result: float) -> str:
    points = f"{abs(result):g} point{'s' * (abs(result) != 1)}"
    if result == 0:
        return "The game was called off."
    return f"I {'won' if result > 0 else 'lost'} {points}."
