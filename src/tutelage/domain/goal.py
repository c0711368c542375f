"""The specificity gate: what a goal does not say yet, asked as questions. No model, pure.

A goal says in which recurring kind of situation the learner decides what, where it stands today,
by when, and what good judgment looks at. What is vague or missing comes back as a question, and so
does a goal that a checklist or a course could teach. When in doubt, a goal is accepted: turning a
legitimate one away is the worse error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tutelage.domain.errors import Malformed
from tutelage.domain.events import GoalSet
from tutelage.domain.goal_words import (
    DATED,
    DECIDES,
    EMPTY,
    ENDS,
    FIELDS,
    FLAWS,
    GRADES,
    GRADING,
    MEASURE,
    MECHANICAL,
    NEVER_DUE,
    NOT_YET,
    NOW,
    OPENS,
    PLACE,
    PRAISES,
    PROCEDURE,
    QUANTITY,
    SCALE,
    SCENE,
    SETTLES,
    TIMED,
    WISH,
    among,
    concrete,
    plain,
    words,
)
from tutelage.domain.terms import Criterion
from tutelage.domain.text import Gone

VERSION = "goal-1"
FEWEST, MOST, ANCHORS = 3, 6, 5
WISHED = 7  # words a wish must say before it counts as something others could see
PRAISED = 5  # the same for an act that is only to be done well

PARTS = ("situation", "behaviour", "today", "horizon")
QUESTIONS = {
    "situation": "In which recurring kind of situation do you decide this?",
    "behaviour": "What will others see you decide or do in it?",
    "today": "Where do you stand today: what do you do now in such a situation?",
    "horizon": "By when, or within how many situations?",
    "criteria": "Which three to six things does good judgment look at here?",
    "judgment": "What must be weighed here that a checklist or a course could not settle?",
}
"""One question a part; the order in which they are asked."""

_WITHOUT = re.compile(r"\bwithout\b[^,;.]*")


@dataclass(frozen=True, slots=True)
class Missing:
    """A part that the goal does not say yet, and the question that asks for it."""

    part: str
    question: str

    def __str__(self) -> str:
        return f"{self.part}: {self.question}"


@dataclass(frozen=True, slots=True)
class Review:
    """What is missing from a goal; nothing means that it is accepted."""

    missing: tuple[Missing, ...]

    @property
    def accepted(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    def __str__(self) -> str:
        return "accepted" if self.accepted else " ".join(m.question for m in self.missing)


@dataclass(frozen=True, slots=True)
class _Criterion:
    """A criterion as it was given, its texts made plain; one whose text is gone is not judged."""

    name: str
    label: str
    anchors: tuple[str, ...]
    gone: bool = False


@dataclass(frozen=True, slots=True)
class _Goal:
    """A goal as it was given; a part that is gone is None, one that was not said is empty."""

    situation: str | None
    behaviour: str | None
    today: str | None
    horizon: str | None
    criteria: tuple[_Criterion, ...]


def review(goal: Mapping[str, Any]) -> Review:
    """What a goal still lacks; what cannot be read as a goal at all is malformed.

    >>> print(review({"behaviour": "Become a better leader"}).missing[0])
    situation: In which recurring kind of situation do you decide this?
    """
    if not isinstance(goal, Mapping):
        raise Malformed("malformed_goal", "Write a goal as an object with named parts.")
    situation, behaviour, today, horizon = (_text(goal, part) for part in PARTS)
    criteria = _criteria(goal.get("criteria"))
    return _review(_Goal(situation, behaviour, today, horizon, criteria))


def of_event(goal: GoalSet) -> Review:
    """What a goal in the ledger lacks; redacted texts are taken as they were, unread."""
    situation, behaviour, today, horizon = (_kept(getattr(goal, part)) for part in PARTS)
    criteria = tuple(_from_event(c) for c in goal.criteria)
    return _review(_Goal(situation, behaviour, today, horizon, criteria))


def of_text(text: str) -> Review:
    """What a wish in one line does not say.

    >>> [m.part for m in of_text("decide when to escalate, by Easter").missing]
    ['situation', 'today', 'criteria']
    """
    if not isinstance(text, str):
        raise Malformed("malformed_goal", "Write the goal as text.")
    said = plain(text)
    due = ENDS.search(said)
    scene, now = SCENE.search(said), NOW.search(said)
    rest = NOW.sub(" ", said)
    told = scene.group().strip() if scene else ""
    behaviour = rest.replace(told, " ").strip(" ,;.") if told else rest
    today = now.group("what") if now else ""
    return _review(_Goal(told, behaviour, today, due.group() if due else "", ()))


def _text(goal: Mapping[str, Any], part: str) -> str:
    value = goal.get(part)
    if value is not None and not isinstance(value, str):
        raise Malformed("malformed_goal", f"Write {part} as text.")
    return plain(value)


def _criteria(value: object) -> tuple[_Criterion, ...]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise Malformed("malformed_goal", "Write criteria as a list.")
    return tuple(_criterion(c) for c in value)


def _criterion(value: object) -> _Criterion:
    """One criterion; a bare name is read as one whose anchors are still to be said."""
    if value is None or isinstance(value, str):
        return _named(value or "", ())
    if not isinstance(value, Mapping):
        raise Malformed("malformed_goal", "Write each criterion with a name and five anchors.")
    name, anchors = value.get("name"), value.get("anchors")
    if name is not None and not isinstance(name, str):
        raise Malformed("malformed_goal", "Write the name of a criterion as text.")
    if anchors is not None and not isinstance(anchors, list | tuple):
        raise Malformed("malformed_goal", "Write the anchors of a criterion as a list of texts.")
    if any(a is not None and not isinstance(a, str) for a in anchors or ()):
        raise Malformed("malformed_goal", "Write each anchor as text.")
    return _named(name or "", tuple(a or "" for a in anchors or ()))


def _named(name: str, anchors: tuple[str, ...]) -> _Criterion:
    label = " ".join(name.split())
    short = label if len(label) <= 40 else f"{label[:39]}…"
    return _Criterion(plain(name), short, tuple(map(plain, anchors)))


def _kept(text: str | Gone) -> str | None:
    return None if isinstance(text, Gone) else plain(text)


def _from_event(criterion: Criterion) -> _Criterion:
    texts = (criterion.name, *criterion.anchors)
    said = [t for t in texts if not isinstance(t, Gone)]
    if len(said) < len(texts):
        return _Criterion(criterion.key, criterion.key, (), gone=True)
    return _named(said[0], tuple(said[1:]))


def _review(goal: _Goal) -> Review:
    return Review(tuple(_missing(goal)))


def _missing(goal: _Goal) -> Iterator[Missing]:
    if goal.situation is not None and not _recurring(goal.situation):
        yield _ask("situation")
    if goal.behaviour is not None and not _observable(goal.behaviour):
        yield _ask("behaviour")
    if goal.today is not None and not _described(goal.today):
        yield _ask("today")
    if goal.horizon is not None and not _due(goal.horizon):
        yield _ask("horizon")
    asked = _criteria_question(goal.criteria)
    if asked:
        yield Missing("criteria", asked)
    if _teachable(goal):
        yield _ask("judgment")


def _ask(part: str) -> Missing:
    return Missing(part, QUESTIONS[part])


def _recurring(situation: str) -> bool:
    """Whether it names a kind of situation: what is going on, and not just where or always."""
    said = concrete(situation, besides=FIELDS)
    if len(said) != 1:
        return len(said) >= 2
    occupied = all(w.endswith("ing") for w in said)  # "when coding" is an occupation
    return not occupied and PLACE.match(situation) is None


def _observable(behaviour: str) -> bool:
    """Whether others could see it: a decision or an act, and not just a quality wished for."""
    deciding = frozenset(DECIDES.findall(behaviour))
    said = len(concrete(behaviour) | deciding)
    if WISH.match(behaviour) and not OPENS.search(behaviour):
        return said >= (PRAISED if deciding else WISHED)
    if PRAISES.search(behaviour) and not deciding:
        return said >= PRAISED
    return said >= 2


def _described(today: str) -> bool:
    """Whether it tells what is done today, and not just how good it is."""
    said = words(today)
    if concrete(today, besides=GRADES | FLAWS):
        return True
    graded = any(among(w, GRADING | FLAWS) for w in said) or NOT_YET.search(today) is not None
    return len(said) >= 4 and not graded  # "I do it all myself"


def _due(horizon: str) -> bool:
    """Whether it comes to an end: a date, a season, or so many situations."""
    left = NEVER_DUE.sub(" ", horizon)
    if TIMED.search(left):
        return True
    said = concrete(left)
    return bool(said) and (left == horizon or DATED.match(left) is not None)


def _criteria_question(criteria: tuple[_Criterion, ...]) -> str:
    """What to ask about the criteria; nothing when there are enough and each has its anchors."""
    names = [c.name for c in criteria]
    if len(criteria) < FEWEST or not all(words(n) for n in names):
        return QUESTIONS["criteria"]
    if len(criteria) > MOST:
        return "Which six of these criteria, at most, decide whether a call was good?"
    if len(set(names)) < len(names):
        return "What is the difference between the criteria of the same name?"
    short = [f'"{c.label}"' for c in criteria if not c.gone and not _anchored(c)]
    if short:
        listed = ", ".join(short)
        return f"What does each of the five anchors, lowest to highest, look like for {listed}?"
    return ""


def _anchored(criterion: _Criterion) -> bool:
    """Whether five different anchors say what is seen at each step, beyond the name of a grade."""
    anchors = criterion.anchors
    if len(anchors) != ANCHORS or not all(words(a) for a in anchors):
        return False
    shared = frozenset.intersection(*(frozenset(words(a)) for a in anchors))
    grades = EMPTY | SCALE | shared | frozenset(words(criterion.name))
    telling = [a for a in anchors if concrete(a, besides=grades)]
    return len(set(anchors)) == ANCHORS and len(telling) >= 2


def _teachable(goal: _Goal) -> bool:
    """Whether a checklist or a course could teach it: a procedure to follow, or counts alone."""
    said = goal.behaviour or ""
    behaviour = _WITHOUT.sub(" ", said)
    judged = [c for c in goal.criteria if not c.gone]
    counting = sum(_counts(c) for c in judged)
    if judged and counting == len(judged):
        return True
    by_rote = PROCEDURE.search(said) is not None
    if by_rote and not SETTLES.search(behaviour):
        return True
    decides = DECIDES.search(behaviour) is not None
    return counting * 2 > len(judged) and (by_rote or not decides)


def _counts(criterion: _Criterion) -> bool:
    """Whether its anchors only count: steps, errors, minutes, per cent."""
    own = frozenset(words(criterion.name))
    counting = sum(_only_counts(a, own) for a in criterion.anchors)
    needed = 3 if MEASURE.search(criterion.name) else 4
    return counting >= needed


def _only_counts(anchor: str, own: frozenset[str]) -> bool:
    said = words(anchor)
    counts = any(w.isdigit() or among(w, QUANTITY | MECHANICAL) for w in said)
    left = concrete(anchor, besides=EMPTY | QUANTITY | MECHANICAL | own)
    return counts and len(left) <= (1 if any(w[0].isdigit() for w in said) else 0)
