"""What a trainer does about what goes wrong between the two: the `act` of each alarm.

Within what the levels allow, and never where help is urgent or much is at stake.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutelage.guidance.brief import Brief, CriterionBrief
from tutelage.trainers.questions import DECIDE_FIRST, ON_GOAL, OWN_WORDS, named, quoting


def alarmed(brief: Brief, name: str) -> bool:
    """Whether this goes wrong between the two, and there is time to act on it."""
    known = brief.situation
    urgent = any(h.event.urgent for h in known.helps)
    presses = urgent or known.opened.event.stakes == "high"
    return not presses and any(index.name == name for index in brief.alarms)


def asks_first(brief: Brief, at: CriterionBrief) -> bool:
    """Whether to ask where sharing is allowed.

    While the learner routes its calls through its trainer; and once, where the talks left the goal.
    """
    left_goal = alarmed(brief, "undirectedness") and named(ON_GOAL, at.name) not in brief.asked
    return alarmed(brief, "dependency") or left_goal


def first_questions(brief: Brief, at: CriterionBrief) -> Iterator[str]:
    """The questions that the alarms call for: one before any other guidance in a situation."""
    if brief.situation.guidance:
        return
    if alarmed(brief, "dependency"):
        yield from DECIDE_FIRST
    if alarmed(brief, "undirectedness"):
        yield named(ON_GOAL, at.name)
    if alarmed(brief, "sameness") and brief.call:
        yield from (quoting(q, brief.call) for q in OWN_WORDS)  # nobody else was asked about these


def next_time(brief: Brief, following: str) -> str:
    """What follows from a decision: what is offered to the learner, and then the lesson."""
    return " ".join((*(index.offer for index in brief.alarms), following))
