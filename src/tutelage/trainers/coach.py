"""A coach without a model: its next question follows from what this learner left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tutelage.domain.events import Debriefed, Event, GuidanceGiven
from tutelage.guidance.brief import Brief, CriterionBrief
from tutelage.guidance.roles import Experience
from tutelage.trainers.observing import debrief, focus, notice, obstacle_on
from tutelage.trainers.questions import CRITERION, FACETS, NARROWER, SHORT, UNDECIDED


class QuestionCoach:
    """Asks; never tells. Give it the id it has in the agreement.

    >>> QuestionCoach("coach").id
    'coach'
    """

    def __init__(self, id: str) -> None:  # noqa: A002  # the word the protocol uses
        self.id = id

    def guide(self, brief: Brief, bank: Sequence[Experience]) -> GuidanceGiven | None:
        """The next question on the criterion that needs it most."""
        del bank  # a coach asks
        at = focus(brief, "ask")
        return None if at is None else asking(brief, at)

    def debrief(self, brief: Brief) -> Debriefed | None:
        """What was expected, what happened, and the question to keep for next time."""
        at = focus(brief)
        if at is None:
            return None
        asked = next(_questions(brief, at), CRITERION[0].format(name=at.name))
        return debrief(brief, at, f"Next time, ask yourself first: {asked}")

    def notice(self, brief: Brief) -> Sequence[Event]:
        """Obstacles that the ratings show, and those they show no more."""
        return notice(brief)


def asking(brief: Brief, at: CriterionBrief) -> GuidanceGiven:
    """A question on this criterion that this learner was not asked yet."""
    return GuidanceGiven(
        situation=brief.key,
        move="ask",
        text=next(_questions(brief, at), CRITERION[-1].format(name=at.name)),
        criteria=(at.key,),
        why=f"{at.name} is where your own calls have the most room now.",
        obstacle=obstacle_on(brief, at.key),
    )


def _questions(brief: Brief, at: CriterionBrief) -> Iterator[str]:
    """Questions by need: what the last answer left open, what the call left out, the criterion."""
    before = {str(t.event.text) for t in brief.told}
    before |= {str(g.entry.event.text) for g in brief.situation.guidance}
    return (q for q in _by_need(brief, at, before) if q not in before)


def _by_need(brief: Brief, at: CriterionBrief, before: set[str]) -> Iterator[str]:
    said = _said(brief)
    if _undecided(brief):
        yield from NARROWER
    if brief.answers and len(brief.answers[-1]) < SHORT:
        yield from _deeper(before)
    yield CRITERION[0].format(name=at.name)
    missing = [f for f in FACETS if not f.covered(said) and not _expected(brief, f.key)]
    for depth in range(3):
        yield from (f.questions[depth] for f in missing)
    yield from (c.format(name=at.name) for c in CRITERION[1:])
    yield from (q for f in FACETS for q in f.questions)


def _deeper(before: Iterable[str]) -> Iterator[str]:
    """The same facet again, more concretely, where the last answer hardly touched it."""
    known = set(before)
    for facet in FACETS:
        if known & set(facet.questions):
            yield from facet.questions


def _said(brief: Brief) -> str:
    return " ".join(filter(None, (brief.call, brief.why, *brief.answers)))


def _undecided(brief: Brief) -> bool:
    last = brief.answers[-1] if brief.answers else brief.call or ""
    return UNDECIDED.search(last) is not None


def _expected(brief: Brief, facet: str) -> bool:
    """An expectation with a probability has weighed the doubt already."""
    call = brief.situation.own_call
    return facet == "doubt" and call is not None and call.event.probability is not None
