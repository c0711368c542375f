"""A coach without a model: its next question follows from what this learner left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tutelage.domain.events import GuidanceGiven
from tutelage.guidance.brief import Brief, CriterionBrief
from tutelage.guidance.roles import Experience
from tutelage.trainers.acting import first_questions
from tutelage.trainers.observing import Observing, focus, obstacle_on
from tutelage.trainers.questions import (
    CRITERION,
    FACETS,
    NARROWER,
    OWN_WORDS,
    SHORT,
    UNDECIDED,
    Facet,
    named,
    quoting,
)

COMMON = re.compile(
    "about|after|against|before|everything|handling|others?|their|these|those|under|weighing|where"
    "|which|while|would"
)


class QuestionCoach(Observing):
    """Asks; never tells. Give it the id it has in the agreement.

    >>> QuestionCoach("coach").id
    'coach'
    """

    def guide(self, brief: Brief, bank: Sequence[Experience]) -> GuidanceGiven | None:
        """The next question on the criterion that needs it most."""
        del bank  # a coach asks
        at = focus(brief, "ask")
        return None if at is None else asking(brief, at)

    def following(self, brief: Brief, at: CriterionBrief) -> str:
        """The question to keep for next time."""
        asked = next(_questions(brief, at), named(CRITERION[0], at.name))
        return f"Next time, ask yourself first: {asked}"


def asking(brief: Brief, at: CriterionBrief) -> GuidanceGiven | None:
    """A question on this criterion that this learner was not asked yet; None when none is left."""
    text = next(_questions(brief, at), None)
    if text is None:
        return None
    return GuidanceGiven(
        situation=brief.key,
        move="ask",
        text=text,
        criteria=(at.key,),
        why=f"{at.name} is where your own calls have the most room now.",
        obstacle=obstacle_on(brief, at.key),
    )


def _questions(brief: Brief, at: CriterionBrief) -> Iterator[str]:
    """Questions by need: what goes wrong, what the answer left open, what the call left out."""
    before = brief.asked | {str(g.entry.event.text) for g in brief.situation.guidance}
    return (q for q in _by_need(brief, at) if q not in before)


def _by_need(brief: Brief, at: CriterionBrief) -> Iterator[str]:
    yield from first_questions(brief, at)
    said = _said(brief)
    if _undecided(brief):
        yield from NARROWER
    if brief.answers and len(brief.answers[-1]) < SHORT:
        yield from _again(_asked_last(brief), at)
    missing = [f for f in FACETS if not f.covered(said) and not _expected(brief, f.key)]
    yield from _again(_not_taken_up(brief, at), at, missing)
    if not _speaks_of(said, at.name):
        yield named(CRITERION[0], at.name)
    for depth in range(3):
        yield from (f.questions[depth] for f in missing)
    yield from (named(c, at.name) for c in CRITERION)
    yield from (q for f in FACETS for q in f.questions)
    said_last = (brief.answers or (brief.call or brief.text,))[-1]
    yield from (quoting(q, said_last) for q in OWN_WORDS)


def _again(asked: str | None, at: CriterionBrief, among: Iterable[Facet] = FACETS) -> Iterator[str]:
    """The same thing said differently, and more concretely."""
    of_criterion = tuple(named(c, at.name) for c in CRITERION)
    for variants in (of_criterion, *(f.questions for f in among)):
        if asked in variants:
            yield from variants


def _asked_last(brief: Brief) -> str | None:
    given = [g.entry.event for g in brief.situation.guidance if g.entry.event.move == "ask"]
    return str(given[-1].text) if given else None


def _not_taken_up(brief: Brief, at: CriterionBrief) -> str | None:
    """The last question on this criterion that did not show in later calls."""
    missed = [
        t.event for t in brief.not_taken_up if t.event.move == "ask" and at.key in t.event.criteria
    ]
    return str(missed[-1].text) if missed else None


def _speaks_of(said: str, name: str) -> bool:
    """Whether a word of the criterion's name that carries meaning was said."""
    words = re.findall(r"\w{5,}", name.lower())
    return any(w[:6] in said.lower() for w in words if not COMMON.fullmatch(w))


def _said(brief: Brief) -> str:
    return " ".join(filter(None, (brief.call, brief.why, *brief.answers)))


def _undecided(brief: Brief) -> bool:
    last = brief.answers[-1] if brief.answers else brief.call or ""
    return UNDECIDED.search(last) is not None


def _expected(brief: Brief, facet: str) -> bool:
    """An expectation with a probability has weighed the doubt already."""
    call = brief.situation.own_call
    return facet == "doubt" and call is not None and call.event.probability is not None
