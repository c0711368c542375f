"""Live talks that are still to come: planned, moved, cancelled, and what each says to the date."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from tutelage.domain.events.base import LEARNER, OWNER, PAIR, TRAINER, Event
from tutelage.domain.terms import Key, Role, Visibility
from tutelage.domain.text import Text

Zone = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+\-/]{1,64}$")]
Minutes = Annotated[int, Field(ge=5, le=480)]


class TalkPlanned(Event):
    """Plan a live talk; both get it in their calendars."""

    kind: Literal["talk_planned"] = "talk_planned"
    visible: ClassVar[tuple[Visibility, ...]] = (PAIR,)
    talk: Key
    at: AwareDatetime
    zone: Annotated[Zone, Field(description="By whose clock, as Europe/Berlin")] = "UTC"
    minutes: Minutes = 45
    where: Annotated[Text | None, Field(description="A room or a link; calendars show it")] = None


class TalkMoved(Event):
    """Move a talk that was planned; the calendars follow."""

    kind: Literal["talk_moved"] = "talk_moved"
    visible: ClassVar[tuple[Visibility, ...]] = (PAIR,)
    talk: Key
    at: AwareDatetime
    zone: Zone = "UTC"
    minutes: Minutes = 45
    where: Text | None = None


class TalkCancelled(Event):
    """Call a talk off; it leaves the calendars."""

    kind: Literal["talk_cancelled"] = "talk_cancelled"
    visible: ClassVar[tuple[Visibility, ...]] = (PAIR,)
    talk: Key


class TalkAnswered(Event):
    """Say whether the date of a talk suits you."""

    kind: Literal["talk_answered"] = "talk_answered"
    by: ClassVar[frozenset[Role]] = frozenset({LEARNER, TRAINER, OWNER})
    visible: ClassVar[tuple[Visibility, ...]] = (PAIR,)
    talk: Key
    answer: Literal["accepted", "declined", "tentative"]
