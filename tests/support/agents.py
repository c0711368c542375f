"""Agents that take part in the tests: a judge that rates alike, and trainers that misbehave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tutelage.domain.events import Debriefed, Event, GuidanceGiven, Rated
from tutelage.guidance.brief import Brief, Packet
from tutelage.guidance.roles import Experience


class Judge:
    """Rates every criterion alike, says that the case is new and hard, and keeps what it saw."""

    def __init__(self, id: str, rating: int = 3) -> None:  # noqa: A002
        self.id, self.rating = id, rating
        self.saw: list[Packet] = []

    def rate(self, packet: Packet) -> Rated:
        self.saw.append(packet)
        said: dict[str, Any] = {"situation": packet.situation, "subject": packet.subject}
        if packet.subject == "account":
            quotes = dict.fromkeys(packet.anchors, "turned on: ")
            return Rated(shows_criterion=True, consistent=True, quotes=quotes, **said)
        ratings = dict.fromkeys(packet.anchors, self.rating)
        return Rated(ratings=ratings, novel=True, difficult=True, **said)


class Says:
    """A trainer that does what a function says; without a second one it debriefs nothing."""

    def __init__(
        self,
        id: str,  # noqa: A002
        guide: Callable[[Brief], GuidanceGiven | None],
        debrief: Callable[[Brief], Debriefed | None] = lambda _brief: None,
        notice: Callable[[Brief], Sequence[Event]] = lambda _brief: (),
    ) -> None:
        self.id, self._guide, self._debrief, self._notice = id, guide, debrief, notice
        self.asked = 0

    def guide(self, brief: Brief, bank: Sequence[Experience]) -> GuidanceGiven | None:
        del bank
        self.asked += 1
        return self._guide(brief)

    def debrief(self, brief: Brief) -> Debriefed | None:
        return self._debrief(brief)

    def notice(self, brief: Brief) -> Sequence[Event]:
        return self._notice(brief)


def asks(text: str) -> Callable[[Brief], GuidanceGiven]:
    """Asks this in whatever case."""
    return lambda b: GuidanceGiven(
        situation=b.key, move="ask", text=text, criteria=(b.criteria[0].key,)
    )


def breaks(_given: Any) -> Any:
    raise ValueError("SECRET of the model's prompt")
