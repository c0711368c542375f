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
            return isinstance(self.looked, Looks) and self.looked.crossed is not None
        return isinstance(self.moved, Attribution) and self.moved.shown

    @property
    def blind(self) -> bool:
        """Whether nobody who rated knew the focus."""
        return isinstance(self.record, Record) and self.record.blind

    def __str__(self) -> str:
        if isinstance(self.looked, Looks):
            return f"that guidance moved what it worked on was {self.looked}"
        return str(self.moved)


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
    left = known.ended and known.length < known.design.horizon  # at a moment somebody chose
    if not (state.looked or left):
        return Attributed(known, moved, None)
    return Attributed(known, moved, looks(known, weekly(known.design.horizon, LOOKS), seed=seed))
