"""Reasons for a match in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tutelage.doors.web.stated import N_
from tutelage.doors.web.words import say, tell
from tutelage.evidence.matching import Part

LACKS = {
    "no_trainers": N_("no trainer has room"),
    "nothing_said": N_("says neither what to become able to do nor in which situations"),
    "no_experience": N_("no trainer has handled situations like these"),
    "excluded": N_("who fits was declined, or is the trainer already"),
    "no_places": N_("all who fit are full"),
}
"""Why nobody is proposed."""

SAYS = {
    "situations": N_("%(count)s of %(of)s situations are like what the trainer has handled"),
    "able": N_("%(count)s of %(of)s things to become able to do, the trainer has handled"),
    "reply": N_("replies within %(count)s days"),
    "load": N_("guides %(count)s of at most %(of)s learners"),
}
EITHER = N_("either way of working suits")
MODES = (N_("works in another way"), N_("works in the way preferred"))
STATES = {
    "proposed": N_("proposed to both"),
    "accepted": N_("both accepted"),
    "declined": N_("declined"),
    "lapsed": N_("not taken up in 14 days"),
    "begun": N_("begun"),
}
"""How far a match has come."""
WELL, FITS = 0.6, 0.35  # of what the parts of a fit add up to


def fitness(parts: Iterable[Part]) -> str:
    """How well it fits, in words."""
    score = sum(p.adds for p in parts)
    if score >= WELL:
        return say("fits well")
    return say("fits") if score >= FITS else say("fits in part")


def reason(part: Part, quotes: Mapping[str, str]) -> str:
    """One reason; quotes by the digests that stand in it, as far as they are still said."""
    if part.kind == "mode":
        return say(MODES[bool(part.count)] if part.of else EITHER)
    if part.kind == "reply" and part.count <= 1:
        return say("replies within a day")
    said = tell(SAYS[part.kind], count=f"{part.count:g}", of=part.of)
    if part.more:
        more = tell("%(count)s more in the trainer's experiences", count=part.more)
        said = f"{said} ({more})"
    quoted = [f"“{quotes[q]}”" for q in part.quotes if q in quotes]
    return f"{said}: {', '.join(quoted)}" if quoted else said
