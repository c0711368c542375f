"""Small words that several texts share."""

from __future__ import annotations

from tutelage.domain.events import GoalSet
from tutelage.domain.relationship import Relationship
from tutelage.domain.text import Gone


def criterion_name(state: Relationship, key: str) -> str:
    """A criterion as the goal names it; its key when the name was redacted."""
    goal: GoalSet | None = state.goal.entry.event if state.goal else None
    for criterion in goal.criteria if goal else ():
        if criterion.key == key and not isinstance(criterion.name, Gone):
            return criterion.name
    return key


def percent(chance: float) -> str:
    """A probability as people say it.

    >>> percent(0.873), percent(0.9999)
    ('87 %', 'over 99 %')
    """
    if chance > 0.99:
        return "over 99 %"
    return "under 1 %" if chance < 0.01 else f"{chance * 100:.0f} %"


def several(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun.

    >>> several(1, "situation"), several(3, "situation")
    ('1 situation', '3 situations')
    """
    return f"{count} {one if count == 1 else many or one + 's'}"


def sentence(text: str) -> str:
    """A result as a sentence of its own.

    >>> sentence("not shown yet")
    'Not shown yet.'
    """
    return f"{text[:1].upper()}{text[1:]}."
