"""The learner: base habits with personal gaps, and what its context says. Nothing else.

How much weight a criterion gets is a habit by kind of position, plus the leanings of its notebook
that reached the context, plus a little attention for each question it asks itself. What it was
told it first solves again on its own; only where it would have been wrong does it keep anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tutelage.domain.events import (
    AccountWritten,
    DecisionRecorded,
    Event,
    OwnCallRecorded,
    QuestionKept,
)
from tutelage.domain.terms import Difficulty
from tutelage.guidance.brief import Context
from tutelage.guidance.notebook import Notebook
from tutelage_studies.backgammon.board import KIND_WORDS, KINDS, Position, kind, legal, pips, read
from tutelage_studies.backgammon.judgment import CRITERIA, Floats, Gap, gains, scores, touched
from tutelage_studies.backgammon.leaning import (
    changes,
    fits,
    leanings,
    learned,
    would_err,
)
from tutelage_studies.backgammon.questions import heard, own
from tutelage_studies.backgammon.words import Leaning, Lesson, lessons_in, spoken

ATTENTION = 0.6  # what a trainer's question adds to a criterion while deciding
ASKED = 0.2  # what a question of its own adds, always
HINT = 0.2  # how far the first game's result moves a leaning; the n-th moves it 1/n as far
NEAR = 0.02  # points within which it cannot tell plays apart
CLEAR = 0.1  # points by which a play stands out
ASKING = " I asked myself: "
PIPS_A_WIN = 30.0  # lead in pips at which it is about three to one to win


@dataclass(frozen=True, slots=True)
class View:
    """How the plays of a position compare in the learner's eyes, best first."""

    position: Position
    order: tuple[int, ...]
    values: Floats
    parts: Floats  # [plays, criteria]: what each criterion says for each play
    scale: float  # its mean weight, for what is close to it and what is not

    @property
    def best(self) -> str:
        """The play it prefers."""
        return self.texts[0]

    @property
    def texts(self) -> tuple[str, ...]:
        """The plays, best first."""
        plays = legal(self.position)
        return tuple(plays[i].text for i in self.order)

    @property
    def favour(self) -> dict[str, float]:
        """How much each touched criterion favours its play over the next one, most first."""
        first, second = self.order[0], self.order[min(1, len(self.order) - 1)]
        by = dict(zip(CRITERIA, map(float, self.parts[first] - self.parts[second]), strict=True))
        on = touched(self.position) or CRITERIA
        return {c: by[c] for c in sorted(on, key=lambda c: -by[c])}

    @property
    def ahead(self) -> float:
        """How far the play it prefers is ahead of the next, were its weights one on average."""
        second = self.order[min(1, len(self.order) - 1)]
        return float(self.values[self.order[0]] - self.values[second]) / self.scale


def view(here: Position, weight: Floats) -> View:
    """The plays of a position under a weighing."""
    parts = scores(here) * weight
    values = parts.sum(1)
    order = np.argsort(-values, kind="stable")
    scale = max(0.5, float(np.abs(weight).mean()))
    return View(here, tuple(map(int, order)), values, parts, scale)


@dataclass(slots=True)
class InContextLearner:
    """A learner whose judgment is its habits and its context; see `tutelage.guidance.roles`."""

    id: str
    gaps: tuple[Gap, ...]
    saw: dict[str, str] = field(default_factory=dict)  # outcomes to retell; no play depends on it
    _base: Floats = field(init=False)

    def __post_init__(self) -> None:
        self._base = gains(self.gaps)

    # judging ---------------------------------------------------------------------------------
    def weight(self, kind_of: str, notebook: Notebook) -> Floats:
        """How much each criterion weighs in this kind of position, [5]."""
        return self._weight(kind_of, notebook, leanings(notebook).values())

    def _weight(self, kind_of: str, notebook: Notebook, held: Iterable[Leaning]) -> Floats:
        total: Floats = self._base[KINDS.index(kind_of)].copy()
        for one in held:
            if one.holds(kind_of):
                total[CRITERIA.index(one.criterion)] += one.value
        total += ASKED * _attention(q.text for q in notebook.questions)
        return total

    def see(self, here: Position, context: Context, *, guided: bool = False) -> View:
        """How it sees the plays, with or without the guidance in its context."""
        weight = self.weight(kind(here.board), context.notebook)
        if guided:
            weight = weight + self._guided(context)
        return view(here, weight)

    def choose(self, here: Position, context: Context) -> int:
        """The place of the play it would make on its own."""
        return self.see(here, context).order[0]

    def _guided(self, context: Context) -> Floats:
        """What the guidance it has read changes for this one decision."""
        change = ATTENTION * _attention(context.guidance)
        for text in context.guidance:
            for lesson in lessons_in(text):
                change = change + self._shared(lesson, context.notebook)
        return change

    def _shared(self, lesson: Lesson, notebook: Notebook) -> Floats:
        """The correction a shared case suggests; none where its own judgment was right."""
        change = np.zeros(len(CRITERIA))
        weight = self.weight(kind(lesson.case.position.board), notebook)
        if would_err(lesson.case, weight) and fits(lesson):
            at = CRITERIA.index(lesson.criterion)
            change[at] = learned(None, lesson, lambda _kind: weight).value
        return change

    # what it writes --------------------------------------------------------------------------
    def difficulty(self, here: Position, context: Context) -> Difficulty:
        """How hard it looks to itself: two plays hard to tell apart, or one that stands out."""
        ahead = self.see(here, context).ahead
        return 1 if ahead < NEAR else -1 if ahead > CLEAR else 0

    def own_call(self, situation: str, context: Context) -> OwnCallRecorded:
        """What it would play here and why, before any help."""
        here = _here(context)
        seen = self.see(here, context)
        return OwnCallRecorded(
            situation=situation,
            call=f'I would play "{seen.best}".',
            why=f"{_why(seen)}{_own_question(seen, context)}",
            expects="I win this game.",
            probability=_chance(here),
        )

    def decide(self, situation: str, context: Context) -> DecisionRecorded:
        """What it plays, once the guidance it has read is in its context."""
        here = _here(context)
        alone, seen = self.see(here, context), self.see(here, context, guided=True)
        said = {"situation": situation, "decision": f'I play "{seen.best}".', "why": _why(seen)}
        if not context.guidance:
            return DecisionRecorded(**said)
        advice, why = _advice(alone.best, seen.best)
        return DecisionRecorded(**said, advice=advice, advice_why=why)

    def account(self, situation: str, context: Context) -> AccountWritten:
        """Its account of the decision, after the outcome."""
        here = _here(context)
        seen = self.see(here, context, guided=True)
        first = next(iter(seen.favour))
        return AccountWritten(
            situation=situation,
            noticed=_noticed(seen),
            options=tuple(f'"{text}"' for text in seen.texts[:3]),
            turned_on=first,
            asked_myself=_asked_myself(first, context),
            happened=self.saw.get(situation, "The game went on."),
            because=_why(seen),
        )

    def revise(self, situation: str, context: Context) -> Sequence[Event]:  # noqa: ARG002  # the protocol's
        """What it keeps, revises or drops after what it was told; nothing where it was right."""
        before = leanings(context.notebook)
        after = dict(before)
        for text in (*context.guidance, *context.debriefs):
            for lesson in lessons_in(text):
                self._study(lesson, context.notebook, after)
        return [*changes(before, after), *self._questions(context)]

    def experience(
        self, result: float, lean: Floats, results: Sequence[float], context: Context
    ) -> Sequence[Event]:
        """What one game's result suggests: a small step on the criterion it leaned on most.

        `results` are those of its earlier games: only a result better or worse than usual says
        anything. A leaning that rests on cases is not moved by one game.
        """
        usual = float(np.mean(results)) if results else 0.0
        steps = dict(zip(CRITERIA, map(float, (result - usual) * lean), strict=True))
        before = leanings(context.notebook)
        free = [c for c in CRITERIA if c not in before or not before[c].cases]
        most = max(free, key=lambda c: abs(steps[c]), default=None)
        if most is None or steps[most] == 0.0:
            return []
        held = before.get(most, Leaning(most, 0.0))
        step = float(np.copysign(HINT / (held.games + 1), steps[most]))
        moved = replace(held, value=round(held.value + step, 2), games=held.games + 1)
        return changes(before, {**before, most: moved}, least=0.0)

    # learning --------------------------------------------------------------------------------
    def _study(self, lesson: Lesson, notebook: Notebook, held: dict[str, Leaning]) -> None:
        """Solve a told case again; revise the leaning on its criterion where that goes wrong."""
        where = kind(lesson.case.position.board)
        now = self._weight(where, notebook, held.values())
        if not would_err(lesson.case, now) or not fits(lesson):
            return
        others = [one for one in held.values() if one.criterion != lesson.criterion]
        held[lesson.criterion] = learned(
            held.get(lesson.criterion), lesson, lambda k: self._weight(k, notebook, others)
        )

    def _questions(self, context: Context) -> Iterable[Event]:
        """Keep a trainer's question that led to the better play, where its own call was not it."""
        told = [lesson.case for text in context.debriefs for lesson in lessons_in(text)]
        asked = [heard(text) for text in context.guidance if _is_question(text)]
        if not told or not asked:
            return
        here = _here(context)
        alone, seen = self.see(here, context), self.see(here, context, guided=True)
        kept = {q.key for q in context.notebook.questions}
        if alone.best == told[-1].better or seen.best != told[-1].better:
            return
        for criterion, too_much in (about for about in asked if about is not None):
            if criterion not in kept:
                words = own(criterion, too_much=too_much)
                yield QuestionKept(question=criterion, text=words, criteria=(criterion,))


# in its own words ----------------------------------------------------------------------------
def _here(context: Context) -> Position:
    if context.situation is None:
        raise ValueError("There is no situation in this context.")
    return read(context.situation)


def _is_question(text: str) -> bool:
    return text.rstrip().endswith("?")


def _attention(texts: Iterable[str]) -> Floats:
    """Where questions draw attention: one more, or one less, for each criterion asked about."""
    total = np.zeros(len(CRITERIA))
    for text in texts:
        about = heard(text) if _is_question(text) else None
        if about is not None:
            total[CRITERIA.index(about[0])] = -1.0 if about[1] else 1.0
    return total


def _chance(here: Position) -> float:
    lead = pips(here.board[0]) - pips(here.board[1])
    return round(1.0 / (1.0 + float(np.exp(-lead / PIPS_A_WIN))), 2)


def _for_it(seen: View) -> list[str]:
    return [c for c, by in seen.favour.items() if by > 0][:2] or list(seen.favour)[:1]


def _against_it(seen: View) -> list[str]:
    return [c for c, by in reversed(seen.favour.items()) if by < 0][:1]


def _why(seen: View) -> str:
    """Which play, over which, and which two criteria spoke for it.

    The price is named last, so that the reasons come first.
    """
    if len(seen.texts) == 1:
        return f'"{seen.best}" is the only play.'
    reasons = " and ".join(spoken(c) for c in _for_it(seen))
    price = "".join(f" It costs some {spoken(c)}." for c in _against_it(seen))
    return f'"{seen.best}" over "{seen.texts[1]}": for {reasons}.{price}'


def _advice(alone: str, decided: str) -> tuple[str, str]:
    if alone == decided:
        return "set_aside", f'I looked again and still prefer "{decided}".'
    return "taken", f'On my own I would have played "{alone}"; looking again I prefer "{decided}".'


def _noticed(seen: View) -> str:
    here = seen.position
    on = ", ".join(spoken(c) for c in touched(here))
    close = "two were close" if seen.ahead < NEAR else "one stood out"
    words = KIND_WORDS[kind(here.board)]
    return f"{words[0].upper()}{words[1:]} that touches {on}; of {len(seen.order)} plays {close}."


def _own_question(seen: View, context: Context) -> str:
    """The question of its notebook that it put to itself here, on what this play turns on."""
    asked = (q.text for c in seen.favour for q in context.notebook.questions if c in q.criteria)
    mine = next(asked, None)
    return f"{ASKING}{mine}" if mine else ""


def _asked_myself(criterion: str, context: Context) -> str:
    mine = next((q.text for q in context.notebook.questions if criterion in q.criteria), None)
    return mine or f"What does each play do for {spoken(criterion)}?"
