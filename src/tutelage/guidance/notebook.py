"""The notebook: the learner's principles and questions, and which of them fit this situation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from tutelage.domain.entry import Entry
from tutelage.domain.events import PrincipleKept, QuestionKept
from tutelage.domain.relationship import Relationship
from tutelage.domain.text import Gone
from tutelage.evidence.novelty import vector

E = TypeVar("E", bound=Entry[Any])


@dataclass(frozen=True, slots=True)
class Principle:
    """A principle as the learner reads it: what it says, when, when not, because."""

    key: str
    says: str
    when: str
    when_not: str
    because: str
    criteria: tuple[str, ...]
    contested: bool = False

    def __str__(self) -> str:
        return f"{self.says} When: {self.when} When not: {self.when_not} Because: {self.because}"


@dataclass(frozen=True, slots=True)
class Question:
    """A question the learner now asks itself."""

    key: str
    text: str
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notebook:
    """The learner's own words."""

    principles: tuple[Principle, ...]
    questions: tuple[Question, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing was kept."""
        return not self.principles and not self.questions


def notebook(state: Relationship) -> Notebook:
    """Everything kept, in the order it was kept; redacted ones are left out."""
    principles = (_principle(state, e) for e in _by_seq(state.principles.values()))
    questions = (_question(e) for e in _by_seq(state.questions.values()))
    return Notebook(
        tuple(p for p in principles if p is not None),
        tuple(q for q in questions if q is not None),
    )


def fitting(
    book: Notebook, criteria: Iterable[str], situation: str, *, principles: int, characters: int
) -> Notebook:
    """What fits this situation, within a budget: its criteria first, then likeness of words."""
    touched, told = frozenset(criteria), vector(situation)

    def fit(p: Principle) -> tuple[bool, float]:
        here = not p.criteria or bool(touched & set(p.criteria))
        return (here, float(vector(f"{p.when} {p.says}") @ told))

    ranked = sorted(((fit(p), p) for p in book.principles), key=lambda f: f[0], reverse=True)
    kept: list[Principle] = []
    left = characters
    for (here, _likeness), p in ranked:
        cost = len(str(p))
        if here and len(kept) < principles and cost <= left:
            kept.append(p)
            left -= cost
    asked = [q for q in book.questions if not q.criteria or touched & set(q.criteria)]
    chosen = frozenset(p.key for p in kept)
    in_order = tuple(p for p in book.principles if p.key in chosen)
    return Notebook(in_order, tuple(asked[max(0, len(asked) - principles) :]))


def _by_seq(entries: Iterable[E]) -> list[E]:
    return sorted(entries, key=lambda e: e.seq)


def _principle(state: Relationship, entry: Entry[PrincipleKept]) -> Principle | None:
    e = entry.event
    texts = (e.says, e.when, e.when_not, e.because)
    if any(isinstance(t, Gone) for t in texts):
        return None
    mark = state.marks.get(e.principle)
    contested = mark is not None and mark.event.mark == "contested"
    says, when, when_not, because = map(str, texts)
    return Principle(e.principle, says, when, when_not, because, e.criteria, contested)


def _question(entry: Entry[QuestionKept]) -> Question | None:
    e = entry.event
    return None if isinstance(e.text, Gone) else Question(e.question, e.text, e.criteria)
