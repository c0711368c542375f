"""What the evidence says to people: sentences in the reader's language, statistics left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tutelage.doors.web.words import say, tell, word
from tutelage.doors.words import written
from tutelage.evidence.attribution import Attribution, Record
from tutelage.evidence.forks import ForkContrast
from tutelage.evidence.looks import Looks
from tutelage.evidence.notyet import NotYet
from tutelage.evidence.probes import Probed
from tutelage.evidence.results import Z90, Estimate
from tutelage.evidence.withdrawal import Kept
from tutelage.guidance.evidence import Changed, Evidence
from tutelage.guidance.threshold import Verdict
from tutelage.guidance.words import sentence

RANDOMIZED = "randomized evidence that the guidance did it"
ENOUGH = {
    "no starts were drawn, so nothing tells guidance from experience": (
        "Drawn starts would tell: both agree to them in the agreement, before guidance begins."
    ),
    "guidance has not begun": "Guidance has to begin first.",
    "guidance has not been withdrawn yet": (
        "Three rated situations after guidance has ended would be enough."
    ),
}
"""What would be enough, where it is no number of situations."""

MORE = {
    "situation": (
        "About one more situation would be enough.",
        "About %(count)s more situations would be enough.",
    ),
    "fork": ("One more copy would be enough.", "About %(count)s more copies would be enough."),
}


def number(value: float, form: str = ".1f") -> str:
    """A number as the reader writes it."""
    return written(f"{value + 0.0:{form}}")


def stands(e: Estimate | None) -> str:
    """An estimate on the scale of words, with how sure it is."""
    if e is None or e.n == 0:
        return say("not known")
    mean = min(5.0, max(1.0, e.mean))
    return say(f"{mean:.1f} of 5, give or take {Z90 * e.sd:.1f}")


# what changed ----------------------------------------------------------------------------------
def known(found: Evidence) -> list[Changed]:
    """The criteria that were rated before guidance and since."""
    return [c for c in found.changed if c.start is not None and c.now.n > c.start.n]


def change(found: Evidence) -> str:
    """How far own calls changed, and where that is beyond doubt."""
    both = known(found)
    if not both:
        return say(
            "How far judgment has come is not known yet: for that, own calls have to be rated from "
            "before guidance and since."
        )
    rise = float(np.mean([c.rise for c in both if c.rise is not None]))
    return f"{_rise(round(rise, 1))} {_beyond_doubt(both)}"


def _rise(rise: float) -> str:
    if rise == 0:
        return say("Own calls are rated as high as before guidance, on average.")
    if rise < 0:
        less = "Own calls are rated %(points)s points lower than before guidance, on average."
        return tell(less, points=number(-rise))
    more = "Own calls are rated %(points)s points higher than before guidance, on average."
    return tell(more, points=number(rise))


def _beyond_doubt(both: list[Changed]) -> str:
    clear = [c.name for c in both if c.start and c.now.interval[0] > c.start.interval[1]]
    if not clear:
        return say("A rise is beyond doubt on no criterion yet.")
    return tell("A rise is beyond doubt on: %(names)s.", names=", ".join(clear))


def asking(found: Evidence) -> str:
    """Whether it asks itself what its trainer asks; empty where that is not known."""
    share, better = found.watching.share, found.watching.change
    if share.value is None:
        return ""
    said = tell(
        "Of the trainer's questions the learner now asks itself %(share)s %%.",
        share=number(100 * share.value, ".0f"),
    )
    if better.value is None or not found.watching.changes_calls:
        return said
    more = "Calls in which it does are rated %(points)s points higher."
    return f"{said} {tell(more, points=number(better.value))}"


# what moved it ---------------------------------------------------------------------------------
def moved(found: Evidence) -> Iterator[str]:
    """What moved it, as far as that is known."""
    yield _copies(found.contrast) or _cause(found)
    if isinstance(found.kept, Kept):
        yield _stayed(found.kept)
    if isinstance(found.now, Probed):
        helps = "With guidance, decisions are rated %(points)s points better: help, not learning."
        yield tell(helps, points=number(found.now.points))


def _copies(contrast: ForkContrast | NotYet | None) -> str:
    if not isinstance(contrast, ForkContrast):
        return ""
    if contrast.shown:
        return say("Guidance did it: copies with the trainer decided better than copies without.")
    return say("Copies with the trainer and without are not told apart from chance.")


def _cause(found: Evidence) -> str:
    seen = found.attributed
    if _too_small(found):
        return say("These two alone are too little to tell; together with other pairs it counts.")
    if isinstance(seen.looked, Looks):
        if seen.shown:
            return say("Guidance moved what it worked on, more than the rest: that is shown.")
        return say("That guidance moved what it worked on is not shown so far.")
    if isinstance(seen.moved, NotYet):
        return say("What moved it is not known.")
    if seen.shown:
        low = number(max(seen.moved.low, 0))
        shown = (
            "Guidance moved what it worked on, by at least %(points)s points more than the rest."
        )
        return tell(shown, points=low)
    return say("It is not shown that guidance moved what it worked on more than the rest.")


def _too_small(found: Evidence) -> bool:
    seen = found.attributed
    if isinstance(seen.moved, Attribution) and not isinstance(seen.looked, Looks):
        return not seen.moved.alone
    drawn = isinstance(seen.record, Record) and bool(seen.record.design.too_small)
    return drawn and isinstance(seen.looked, Looks)


def _stayed(kept: Kept) -> str:
    stayed = "Since guidance ended, own calls are rated %(points)s points above the start."
    said = tell(stayed, points=number(kept.retained.points, "+.1f"))
    if kept.dependence.low <= 0:
        unlost = say("That anything was lost when it ended is not shown.")
        return f"{said} {unlost}"
    points = number(kept.dependence.points)
    lost = tell("%(points)s points were lost when it ended.", points=points)
    return f"{said} {lost}"


# what is not enough yet ------------------------------------------------------------------------
def lacking(found: Evidence) -> Iterator[tuple[str, str]]:
    """Each question that cannot be answered yet, with the reason and what would be enough."""
    seen = found.attributed
    if isinstance(seen.looked, Looks) and not seen.shown and not _too_small(found):
        rest = seen.looked.horizon - (seen.looked.taken[-1] if seen.looked.taken else 0)
        if rest > 0:
            yield say("Did guidance do it?"), _enough("situation", rest)
    elif isinstance(seen.moved, NotYet):
        yield say("Did guidance do it?"), why(seen.moved)
    if isinstance(found.contrast, NotYet):
        yield say("Did guidance do it, by copies without the trainer?"), why(found.contrast)
    if isinstance(found.kept, NotYet):
        yield say("Does it stay when guidance ends?"), why(found.kept)
    share = found.watching.share
    if share.value is None and share.more:
        asks = tell("About %(count)s more questions of the trainer would tell.", count=share.more)
        yield say("Does the learner ask itself?"), asks


def why(lacks: NotYet) -> str:
    """The reason, and what would be enough."""
    said = sentence(say(lacks.reason))
    more = _enough(lacks.unit, lacks.more) if lacks.more else say(ENOUGH.get(lacks.reason, ""))
    return f"{said} {more}".strip()


def _enough(unit: str, count: int) -> str:
    said = MORE.get(unit, MORE["situation"])[count > 1]
    return tell(said, count=count)


def missing(verdict: Verdict) -> list[str]:
    """What an award still lacks."""
    return [say(m) for m in verdict.missing]


def plainly(verdict: Verdict) -> Verdict:
    """The same without the statistics of the draw, which stand in the evidence."""
    short = (RANDOMIZED if m.startswith(RANDOMIZED) else m for m in verdict.missing)
    return replace(verdict, missing=tuple(short))


def helped(c: Changed) -> str:
    """How its decisions after help were rated, which never counts."""
    return number(c.assisted) if c.assisted is not None else ""


def level(c: Changed) -> str:
    """The level of help, in words."""
    return word(c.level)
