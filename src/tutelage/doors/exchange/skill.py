"""The notebook as a skill: SKILL.md in the agentskills format, for any agent that reads skills."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tutelage.domain.errors import Refused
from tutelage.domain.events import GoalSet
from tutelage.domain.relationship import Relationship
from tutelage.domain.text import Gone
from tutelage.doors.exchange.proven import Held, Proven, proven
from tutelage.doors.exchange.run import shorten
from tutelage.doors.report import md
from tutelage.guidance.notebook import Question

NAME, DESCRIPTION = 64, 1024  # characters, as the format allows
QUESTIONS = 12  # the latest; a longer list is read by nobody


def skill(state: Relationship, relationship: str) -> str:
    """The principles that held, as SKILL.md; without one, it says so and says nothing else."""
    return "\n".join(_lines(state, relationship, proven(state))) + "\n"


def written(state: Relationship, relationship: str) -> str:
    """The same, to be written to a file. Raises Refused where no principle has held yet."""
    found = proven(state)
    if not found.held:
        raise Refused("nothing_proven", f"No principle has held yet. {why_not(found)}".strip())
    return "\n".join(_lines(state, relationship, found)) + "\n"


def name_of(relationship: str) -> str:
    """A skill's name: lower case, digits and single hyphens, at most 64 characters.

    >>> name_of("Leo--and:Mia_")
    'judgment-leo-and-mia'
    """
    plain = re.sub(r"[^a-z0-9]+", "-", relationship.lower()).strip("-") or "learner"
    return f"judgment-{plain}"[:NAME].strip("-")


def _lines(state: Relationship, relationship: str, found: Proven) -> Iterator[str]:
    yield "---"
    yield f"name: {name_of(relationship)}"
    yield f"description: {json.dumps(description(state), ensure_ascii=False)}"
    yield "---"
    yield "\n# What held in practice\n"
    if not found.held:
        yield "No principle has held yet; decide on the case itself."
        return
    yield "Weigh these against the case in front of you; each says when it does not apply."
    for held in found.held:
        yield from _principle(held)
    if found.book.questions:
        yield "\n## Ask yourself first\n"
        yield from map(question, found.book.questions[-QUESTIONS:])


def _principle(held: Held) -> Iterator[str]:
    p = held.principle
    yield f"\n## {md(p.says)}\n"
    yield f"- When: {md(p.when)}"
    yield f"- When not: {md(p.when_not)}"
    yield f"- Because: {md(p.because)}"
    yield f"- Since it was kept: {held}"


def question(kept: Question) -> str:
    """A question that the learner asks itself, as a line."""
    return f"- {md(kept.text)}"


def description(state: Relationship) -> str:
    """When to use the skill, in at most 1024 characters, without what a reader takes for tags."""
    goal: GoalSet | None = state.goal.entry.event if state.goal else None
    told = [goal.situation, goal.behaviour] if goal else []
    kept = " ".join(_plain(t) for t in told if not isinstance(t, Gone))
    use = f"Use it in this kind of situation: {kept}" if kept else "Use it before you decide."
    return shorten(f"Principles of judgment that held in rated practice. {use}", DESCRIPTION)


def _plain(text: str) -> str:
    flat = " ".join(re.sub(r"[<>\x00-\x1f\x7f]", " ", text).split())
    return flat if flat.endswith((".", "!", "?")) else f"{flat}."


def why_not(found: Proven) -> str:
    """What each principle still lacks, in words."""
    return " ".join(f"{key}: {why}." for key, why in found.missing.items())
