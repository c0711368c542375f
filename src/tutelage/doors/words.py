"""What the trajectory says in words: where it started, what moved it, where it is now."""

from __future__ import annotations

from dataclasses import dataclass

from tutelage.guidance.trajectory import NOT_KNOWN, Course, Hurdle, Trajectory
from tutelage.guidance.words import several


@dataclass(frozen=True, slots=True)
class Measure:
    """Something measured outside the relationship, shown beside it: named lines over situations."""

    title: str
    unit: str
    lines: dict[str, tuple[tuple[int, float], ...]]
    note: str = ""


# in words --------------------------------------------------------------------------------------
def stands(course: Course) -> str:
    """Where a criterion stands; before any rating that is not known."""
    return str(course.now) if course.now.n else NOT_KNOWN


def where_it_started(found: Trajectory) -> str:
    """Where the learner stood before any guidance."""
    known = [c for c in found.courses if c.start is not None]
    if not known:
        return f"Where the learner started is {NOT_KNOWN}: no rated baseline was taken."
    low = min(known, key=lambda c: c.start.mean if c.start else 0.0)
    high = max(known, key=lambda c: c.start.mean if c.start else 0.0)
    return (
        f"In its own words: “{found.today}” Rated before any guidance, its own calls stood between "
        f"{low.start} on {low.name} and {high.start} on {high.name}."
    )


def where_it_is(found: Trajectory) -> str:
    """Where it stands now, and how sure that is."""
    alone = [c.name for c in found.courses if c.stand.level.word == "independent"]
    count = f"{len(alone)} of {several(len(found.courses), 'criterion', 'criteria')}"
    each = "; ".join(f"{c.name} {stands(c)} at {c.stand.level.word}" for c in found.courses)
    return f"It decides on its own on {count}. Unassisted judgment now: {each}."


def how_it_ended(found: Trajectory) -> str:
    """Threshold, masterpiece, and what is missing."""
    met = "The threshold is met"
    where = f" in {found.threshold.situation}" if found.threshold.situation else ""
    first = f"{met}{where}." if found.threshold.met else f"The threshold: {found.threshold}."
    second = (
        "The change is attributable to the guidance: the masterpiece is certified."
        if found.masterpiece.met
        else f"Masterpiece, {found.masterpiece}."
    )
    return f"{first} {second}"


def how_much_help(found: Trajectory) -> str:
    """Guidance over the four quarters, and the trainer's questions made its own."""
    counts = ", ".join(map(str, found.guidance_by_quarter))
    own, asked = found.questions
    said = f"Guidance before a decision, by quarter of the course: {counts}."
    return (
        f"{said} Of the trainer's last {asked} questions it asks itself {own}." if asked else said
    )


def obstacle_line(h: Hurdle) -> str:
    """One obstacle: what it was, when it showed, what followed, whether it went."""
    when = f" {h.when}" if h.when else ""
    end = f" {h.because}" if h.because else ""
    return f"{h.text}{when} Named after situation {h.named_at}. {h.course}{end}"
