"""A situation gone through with the design's own verbs: ``with tutelage.situation(…) as s:``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from tutelage.domain.events import Event, GuidanceGiven, SituationOpened
from tutelage.domain.situation import Situation
from tutelage.domain.verbs import Verbs
from tutelage.guidance.brief import Context
from tutelage.guidance.turn import Turn
from tutelage.service.writer import Written

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage


class Visit(Verbs[Written]):
    """One situation of a learner's, in this process.

    Entering opens the situation, or takes up an open one of the same name. Leaving writes nothing:
    what is not decided yet stays open.
    """

    def __init__(
        self, desk: Tutelage, relationship: str, opened: SituationOpened, actor: str
    ) -> None:
        self._desk, self._opened = desk, opened
        self.relationship, self.key, self.actor = relationship, opened.situation, actor

    def __enter__(self) -> Self:
        if self._desk.state(self.relationship).find(self.key) is None:
            self._write(self._opened)
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def collect_guidance(self) -> tuple[GuidanceGiven, ...]:
        """Read the guidance that waits; from then on the decision is assisted."""
        return self._desk.collect_guidance(self.relationship, self.key, actor=self.actor)

    # where it stands ---------------------------------------------------------------------------
    @property
    def so_far(self) -> Situation:
        """What was said in it up to now."""
        found = self._desk.state(self.relationship).find(self.key)
        assert found is not None  # noqa: S101  # entering opened it
        return found

    @property
    def context(self) -> Context:
        """What reaches the learner here: goal, own principles and questions, guidance once read."""
        return self._desk.context(self.relationship, self.key)

    @property
    def turn(self) -> Turn:
        """Whose move it is now."""
        return self._desk.turn(self.relationship)

    def _last_read(self) -> int:
        read = [g.entry.seq for g in self.so_far.guidance if g.read is not None]
        return read[-1] if read else 1

    def _write(self, event: Event) -> Written:
        return self._desk.write(self.relationship, event, actor=self.actor)
