"""Did the guidance do it, in this relationship? The drawn starts, read by the rules of looking."""

from __future__ import annotations

from dataclasses import dataclass

from tutelage.domain.errors import Refused
from tutelage.domain.relationship import Relationship
from tutelage.evidence.attribution import Attribution, Record, attribute
from tutelage.evidence.looks import Looks, looks, weekly
from tutelage.evidence.notyet import NotYet
from tutelage.guidance.record import record

LOOKS = 12  # at even distances to the horizon: fixed with the design, whoever looks when


@dataclass(frozen=True, slots=True)
class Attributed:
    """What the drawn starts show: the record, the test at the horizon, and the looks before it."""

    record: Record | NotYet
    moved: Attribution | NotYet
    looked: Looks | NotYet | None  # where somebody looked before the horizon, these decide

    @property
    def shown(self) -> bool:
        """Whether it is shown that guidance moved what it worked on."""
        if self.looked is not None:
            crossed = isinstance(self.looked, Looks) and self.looked.crossed is not None
            return crossed and isinstance(self.record, Record) and not self.record.design.too_small
        return isinstance(self.moved, Attribution) and self.moved.shown

    @property
    def blind(self) -> bool:
        """Whether nobody who rated knew the focus."""
        return isinstance(self.record, Record) and self.record.blind

    def __str__(self) -> str:
        if not isinstance(self.looked, Looks):
            return str(self.moved)
        if isinstance(self.record, Record) and self.record.design.too_small:
            return "too little to tell alone: it counts in the pool only"
        caveats = self.moved.caveats if isinstance(self.moved, Attribution) else ()
        blind = () if self.blind or caveats else ("rated by somebody who knew the focus",)
        told = f"that guidance moved what it worked on was {self.looked}"
        return "; ".join((told, *caveats, *blind))


def pooled(state: Relationship) -> Attribution | NotYet:
    """What counts in a programme's pool: not what ended at a moment that somebody chose."""
    found = attributed(state)
    if isinstance(found.record, Record) and _left(found.record):
        return NotYet("it ended before its horizon")
    return found.moved


def _left(known: Record) -> bool:
    return known.ended and known.length < known.design.horizon


def attributed(state: Relationship) -> Attributed:
    """What the drawn starts of one relationship show as of its last entry."""
    try:
        known = record(state)
    except Refused as refused:  # an entry from elsewhere, that no draw can have made
        known = NotYet(refused.message)
    if isinstance(known, NotYet):
        return Attributed(known, known, None)
    seed = known.design.seed + 1  # other chance than the draw's own
    moved = attribute(known, seed=seed)
    if not (state.looked or _left(known)):
        return Attributed(known, moved, None)
    return Attributed(known, moved, looks(known, weekly(known.design.horizon, LOOKS), seed=seed))
