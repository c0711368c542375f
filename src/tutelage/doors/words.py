"""What the trajectory says in words: where it started, what moved it, where it is now."""

from __future__ import annotations

from dataclasses import dataclass

from tutelage.doors.web.words import language, say, tell, word
from tutelage.guidance.threshold import Verdict
from tutelage.guidance.trajectory import NOT_KNOWN, Course, Hurdle, Trajectory


@dataclass(frozen=True, slots=True)
class Measure:
    """Something measured outside the relationship, shown beside it: named lines over situations."""

    title: str
    unit: str
    lines: dict[str, tuple[tuple[int, float], ...]]
    note: str = ""


# in words --------------------------------------------------------------------------------------
def written(value: object) -> str:
    """A number as the reader writes it."""
    return str(value).replace(".", ",") if language() == "de" else str(value)


def stands(course: Course) -> str:
    """Where a criterion stands; before any rating that is not known."""
    return written(course.now) if course.now.n else say(NOT_KNOWN)


def where_it_started(found: Trajectory) -> str:
    """Where the learner stood before any guidance."""
    known = [c for c in found.courses if c.start is not None]
    if not known:
        return say("Where the learner started is not known: no rated baseline was taken.")
    low = min(known, key=lambda c: c.start.mean if c.start else 0.0)
    high = max(known, key=lambda c: c.start.mean if c.start else 0.0)
    return tell(
        "In its own words: “%(today)s” Rated before any guidance, its own calls stood between "
        "%(low)s on %(lowest)s and %(high)s on %(highest)s.",
        today=found.today,
        low=written(low.start),
        lowest=low.name,
        high=written(high.start),
        highest=high.name,
    )


def where_it_is(found: Trajectory) -> str:
    """Where it stands now, and how sure that is."""
    alone = [c.name for c in found.courses if c.stand.level.word == "independent"]
    each = "; ".join(_each(c) for c in found.courses)
    return tell(
        "It decides on its own on %(alone)s of %(count)s criteria. "
        "Unassisted judgment now: %(each)s.",
        alone=len(alone),
        count=len(found.courses),
        each=each,
    )


def _each(c: Course) -> str:
    level = word(c.stand.level.word)
    return tell("%(name)s %(stands)s at %(level)s", name=c.name, stands=stands(c), level=level)


def nobody_rates() -> str:
    """Where a pair agreed that nobody rates: what is not enough, and what would be."""
    return say(
        "By your agreement nobody rates here, and that is fine. So there is not enough to tell how "
        "far judgment has come, or what moved it; a rater named in the agreement would be enough "
        "to begin with."
    )


def how_it_ended(found: Trajectory, *, rated: bool = True) -> str:
    """Threshold, masterpiece, and what is missing; nothing is demanded where nobody rates."""
    if not rated and not found.threshold.met:
        return nobody_rates()
    second = (
        say("The change is attributable to the guidance: the masterpiece is certified.")
        if found.masterpiece.met
        else tell("Masterpiece, %(verdict)s.", verdict=_verdict(found.masterpiece))
    )
    return f"{_threshold(found.threshold)} {second}"


def _threshold(verdict: Verdict) -> str:
    if not verdict.met:
        return tell("The threshold: %(verdict)s.", verdict=_verdict(verdict))
    if not verdict.situation:
        return say("The threshold is met.")
    return tell("The threshold is met in %(situation)s.", situation=verdict.situation)


def _verdict(verdict: Verdict) -> str:
    if verdict.met:
        return say("met")
    return tell("not yet: %(missing)s", missing="; ".join(say(m) for m in verdict.missing))


def how_much_help(found: Trajectory) -> str:
    """Guidance over the four quarters, and the trainer's questions made its own."""
    counts = ", ".join(map(str, found.guidance_by_quarter))
    own, asked = found.questions
    said = tell("Guidance before a decision, by quarter of the course: %(counts)s.", counts=counts)
    more = "Of the trainer's last %(asked)s questions it asks itself %(own)s."
    return f"{said} {tell(more, asked=asked, own=own)}" if asked else said


def obstacle_line(h: Hurdle) -> str:
    """One obstacle: what it was, when it showed, what followed, whether it went."""
    when = f" {h.when}" if h.when else ""
    end = f" {h.because}" if h.because else ""
    named = tell("Named after situation %(number)s.", number=h.named_at)
    return f"{h.text}{when} {named} {say(h.course)}{end}"
