"""The same course with the ledger as the carrier: every case is an entry, and so is every note.

What the learner acts on is read back from its notebook before each game. Its situations are opened
and rated, its own calls come first, the trainer debriefs, and it keeps and revises principles. The
levels that the fading arm goes by are the ones the entries moved.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tutelage import Tutelage
from tutelage.domain.events import (
    BaselineTaken,
    Debriefed,
    DecisionRecorded,
    Event,
    GuidanceGiven,
    OutcomeRecorded,
    OwnCallRecorded,
    PhaseBegan,
    PrincipleKept,
    PrincipleRevised,
    Proposed,
    Signed,
    SituationOpened,
)
from tutelage.domain.terms import Party, Phase
from tutelage.guidance.brief import Brief
from tutelage_studies.backgammon.board import Position, describe, facts, find, legal, read
from tutelage_studies.backgammon.course import BEGAN, STEP
from tutelage_studies.backgammon.goal import goal
from tutelage_studies.backgammon.judgment import Floats, features
from tutelage_studies.backgammon.raters import BlindRater
from tutelage_studies.backgammon.words import play_in, plays_in
from tutelage_studies.individualized.arms import BASELINE
from tutelage_studies.individualized.course import WINDOW, Course
from tutelage_studies.individualized.learner import (
    PAGES,
    Lesson,
    blank,
    count_read,
    count_words,
    page_read,
    page_words,
)
from tutelage_studies.individualized.levels import annotates
from tutelage_studies.individualized.play import Decision, Played, boards, decision
from tutelage_studies.individualized.trainer import Trainer, turned_on
from tutelage_studies.individualized.world import Setting

LEARNER = Party(id="learner", kind="agent", owner="ana")
TRAINER = Party(id="trainer", kind="agent", owner="ben")
RATER = Party(id="rater-1", kind="agent", owner="ben")
NAME = "study"


@dataclass(slots=True)
class Annotator:
    """A trainer that debriefs: the better play in the case at hand, and those as good as it.

    See `tutelage.guidance.roles`. Where it fades, the levels in its brief decide.
    """

    setting: Setting
    fades: bool = False
    id: str = TRAINER.id
    _told: dict[int, int] = field(default_factory=dict)  # debriefs by game

    def guide(self, brief: Brief, bank: object) -> GuidanceGiven | None:
        """Nothing before a decision: in a game there is no time."""

    def debrief(self, brief: Brief) -> Debriefed | None:
        """The case annotated; None where the level of what it turned on says no."""
        made = _decision(brief)
        game = int(brief.key[1:].partition("-")[0])
        on = turned_on(made)
        level = next(c.level for c in brief.criteria if c.key == on)
        if self.fades and not annotates(level, self._told.get(game, 0), game):
            return None
        self._told[game] = self._told.get(game, 0) + 1
        plays = legal(made.position)
        lesson = Trainer(self.setting).lesson(made)
        good = " ".join(f'"{plays[i].text}"' for i in sorted(lesson.good - {lesson.better}))
        return Debriefed(
            situation=brief.key,
            expected=str(brief.call),
            happened=f'You decided "{plays[made.played].text}"; it gave up {made.loss:.3f} points.',
            why=f'Better here: "{plays[lesson.better].text}". As good as it: {good or "nothing"}.',
            next="Solve it again; where you would still err, weigh what the better play has.",
            criteria=(on,),
        )

    def notice(self, brief: Brief) -> tuple[Event, ...]:  # noqa: ARG002  # the protocol's
        """Nothing is named in this study."""
        return ()


def _decision(brief: Brief) -> Decision:
    here = read(brief.text)
    decided = brief.situation.decision
    played = find(here, play_in(str(decided.event.decision)) or "") if decided else None
    if played is None:
        raise ValueError(f"{brief.key} has no decision that is a play.")
    return decision((0, 0, 0), here, played)


def desk_at(file: Path, setting: Setting, name: str, *, fades: bool) -> Tutelage:
    """A desk on one learner's file; its time and chance follow from the seed and the name."""
    ticks = count()
    return Tutelage(
        f"sqlite:///{file}",
        clock=lambda: BEGAN + STEP * next(ticks),
        entropy=random.Random(f"{setting.seed} {name}").randbytes,
        agents=(Annotator(setting, fades), BlindRater(RATER.id)),
    )


@dataclass
class LedgerCourse(Course):
    """A course whose cases, calls, ratings, debriefs and notes are entries."""

    file: Path = Path("study.db")
    from_game: int = 1
    desk: Tutelage = field(init=False)
    situations: dict[tuple[int, int, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.file.parent.mkdir(parents=True, exist_ok=True)
        name = f"{self.arm.name} {self.learner.number} {self.from_game}"
        self.desk = desk_at(self.file, self.setting, name, fades=self.arm.fades)
        if not any(p["id"] == NAME for p in self.desk.relationships()):
            self._agree()

    def _agree(self) -> None:
        proposed = Proposed(
            learner=LEARNER,
            trainer=TRAINER,
            mode="mentor",
            raters=(RATER,),
            handled="Every position a learner of this study has met, by the expert's equities.",
            because="The study debriefs cases; a mentor may tell in a debrief.",
        )
        self.desk.open(proposed, actor="ben", id=NAME)
        for paper in ("agreement", "goal"):
            if paper == "goal":
                self.desk.write(NAME, goal(), actor=LEARNER.id)
            for owner in ("ana", "ben"):
                self.desk.write(NAME, Signed(what=paper), actor=owner)

    def close(self) -> None:
        """Give the file back."""
        self.desk.close()

    # what is carried -----------------------------------------------------------------------------
    def game(self, number: int, partner: Sequence[Decision] = ()) -> Played:
        """A game, with the notebook read from the ledger before it."""
        self.read()
        return super().game(number, partner)

    def read(self) -> None:
        """The learner's pages as its notebook has them."""
        pages, count = blank(), 0
        for principle in self.desk.context(NAME).notebook.principles:
            row = PAGES.index(principle.key)
            pages[row] = page_read(principle.says)
            count = max(count, count_read(principle.because))
        self.learner.pages, self.learner.count = pages, count

    def meet(self, number: int, played: Played) -> None:
        """The drawn situations: opened, called, decided and rated; after the last, the baseline."""
        for made in self.drawn(number, played):
            key = self._open(made, f"g{number}-{made.key[2]}", drawn=True)
            if self.arm.outcomes:
                self._write(_outcome(key, played.result))
        if number == BASELINE:
            self._baseline()

    def _baseline(self) -> None:
        state = self.desk.state(NAME)
        keys = tuple(s.key for s in state.situations)
        few = "Games too short for a choice." if len(keys) < 3 else None
        self._write(BaselineTaken(situations=keys, fewer_because=few), TRAINER.id)

    def _open(self, made: Decision, key: str, *, drawn: bool = False, other: bool = False) -> str:
        """A situation with its own call, decision and rating; returns its name."""
        play = f'I play "{legal(made.position)[made.played].text}".'
        self._write(_opened(made, key, drawn=drawn, other=other))
        self._write(OwnCallRecorded(situation=key, call=play, why="It weighs most to me."))
        self._write(DecisionRecorded(situation=key, decision=play, why="It weighs most to me."))
        rater = self.desk.agents[RATER.id]
        assert isinstance(rater, BlindRater)  # noqa: S101  # as `desk_at` made it
        self._write(rater.rate(self.desk.packet(NAME, key, "own_call")), RATER.id)
        self.situations[made.key] = key
        return key

    def offer(self, number: int, made: Decision, already: int) -> Lesson | None:  # noqa: ARG002
        """A case brought to the trainer, and what the learner reads in its debrief."""
        key = self.situations.get(made.key)
        if key is None:
            key = self._bring(number, made)
        trainer = self.desk.agents[TRAINER.id]
        assert isinstance(trainer, Annotator)  # noqa: S101  # as `desk_at` made it
        debriefed = trainer.debrief(self.desk.brief(NAME, key))
        if debriefed is None:
            return None
        self._write(debriefed, TRAINER.id)
        return self._heard(key, made)

    def _bring(self, number: int, made: Decision) -> str:
        """Its own play told after the game; of somebody else's case, its own answer first."""
        whose, game, place = made.key
        if whose == self.learner.number and self.arm.source != "generic":
            return self._open(made, f"g{game}-{place}")
        mine = self.learner.solve(made.kind, made.values)
        answer = Decision(made.key, made.position, made.values, made.worth, mine)
        return self._open(answer, f"g{number}-of{whose}-{game}-{place}", other=True)

    def _heard(self, key: str, made: Decision) -> Lesson:
        """The lesson as its context tells it."""
        context = self.desk.context(NAME, key)
        here = read(context.situation or "")
        better, *good = (find(here, p) for p in plays_in(context.debriefs[-1]))
        if better is None:
            raise ValueError(f"The debrief of {key} names no play.")
        every = frozenset({better, *(g for g in good if g is not None)})
        heard = _values(here)
        return Lesson(made.key, made.kind, heard, better, every)

    def kept(self) -> None:
        """The pages that changed, kept or revised as principles."""
        learner = self.learner
        known = {p.key: p.says for p in self.desk.context(NAME).notebook.principles}
        for row, name in enumerate(PAGES):
            says, when = page_words(row, learner.pages)
            if says == known.get(name, _NOTHING):
                continue
            write = PrincipleRevised if name in known else PrincipleKept
            self._write(
                write(
                    principle=name,
                    says=says,
                    when=when,
                    when_not="Where a case that I solved again says otherwise.",
                    because=count_words(learner.count),
                )
            )

    def withdraw(self) -> None:
        """The trainer steps back; the notebook stays."""
        phase = PhaseBegan(phase=Phase.WITHDRAWN, because="To see what holds without guidance.")
        self._write(phase, "ben")

    def _write(self, event: Event, actor: str = LEARNER.id) -> None:
        self.desk.write(NAME, event, actor=actor)


_NOTHING = page_words(0, blank())[0]


def _values(here: Position) -> Floats:
    return features(boards(here))


def _opened(made: Decision, key: str, *, drawn: bool, other: bool) -> SituationOpened:
    chosen = (
        "Drawn before the game, one of two choices in the goal's scope that follow each other."
        if drawn
        else "Brought to me from somebody else's games; I solve it as an exercise."
        if other
        else "One of the worst of my last games, told after it."
    )
    return SituationOpened(
        situation=key,
        text=describe(made.position),
        criteria=made.touched,
        source="exercise" if other else "lived",
        retold=not drawn,
        chosen=chosen,
        probability=1 / WINDOW if drawn else None,
        because_bad=not drawn,
        facts=facts(made.position),
    )


def _outcome(key: str, result: float) -> OutcomeRecorded:
    said = "The game was won." if result > 0 else "The game was lost."
    return OutcomeRecorded(situation=key, text=said, measure=result, unit="points")
