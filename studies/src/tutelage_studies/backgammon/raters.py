"""Two blind raters: they read a packet, ask the expert, and see nothing else.

The second looks one roll further ahead than the first, so that it is a second opinion.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tutelage.domain.events import Rated
from tutelage.domain.terms import Subject
from tutelage.guidance.brief import Packet
from tutelage_studies.backgammon.board import Position, find, legal, read, sort_of
from tutelage_studies.backgammon.expert import equities, equity, hard, verdict
from tutelage_studies.backgammon.judgment import CRITERIA, Floats, scores, touched
from tutelage_studies.backgammon.learner import ASKING
from tutelage_studies.backgammon.words import named_in, play_in, plays_in

LOOKED_AT = 0.3  # points behind the best at first sight; plays further behind are not looked into


@dataclass(slots=True)
class BlindRater:
    """A rater that knows the game and has never met the learner; see `tutelage.guidance.roles`."""

    id: str
    ply: int = 0
    _first: dict[tuple[str, ...], str] = field(default_factory=dict)  # where it met each sort

    def rate(self, packet: Packet) -> Rated:
        """A rating of a call per criterion, or the check of an account."""
        here = read(packet.text)
        if packet.subject == "account":
            return self._account(packet, here)
        played = find(here, play_in(packet.said) or "")
        if played is None:
            unrated = dict.fromkeys(packet.anchors)
            return Rated(situation=packet.situation, subject=_subject(packet), ratings=unrated)
        judged = verdict(here, played, self._worth(here, played))
        ratings = {c: r for c, r in judged.ratings.items() if c in packet.anchors}
        return Rated(
            situation=packet.situation,
            subject=_subject(packet),
            ratings=ratings,
            quotes=dict.fromkeys(ratings, packet.said),
            novel=self._new(packet.situation, here),
            difficult=hard(here),
        )

    def _account(self, packet: Packet, here: Position) -> Rated:
        account = packet.account or ""
        turned = _line(account, "turned on: ")
        options = plays_in("\n".join(x for x in account.splitlines() if x.startswith("option: ")))
        shows = turned is not None and turned in decided_on(here, options)
        reasons = named_in(packet.why.partition(ASKING)[0].partition(" It costs ")[0])
        return Rated(
            situation=packet.situation,
            subject="account",
            shows_criterion=shows,
            consistent=turned in reasons,
            quotes={turned: f"turned on: {turned}"} if turned else {},
        )

    def _worth(self, here: Position, played: int) -> Floats:
        """Equities as deep as this rater looks, where plays are near enough to be looked into."""
        worth = equities(here)
        if self.ply == 0:
            return worth
        near = [i for i, w in enumerate(worth) if w > worth.max() - LOOKED_AT or i == played]
        deeper = np.full(len(worth), -np.inf)
        deeper[near] = [equity(legal(here)[i].after, self.ply) for i in near]
        return deeper

    def _new(self, situation: str, here: Position) -> bool:
        """Whether no packet before this one showed a situation of its sort."""
        return self._first.setdefault(sort_of(here), situation) == situation


def decided_on(here: Position, options: tuple[str, ...]) -> tuple[str, ...]:
    """The two criteria that most favour the first option over the next, weighed as the expert."""
    places = [i for i in (find(here, o) for o in options) if i is not None]
    if len(places) < 2:
        return ()
    values = scores(here)
    favour = values[places[0]] - values[places[1]]
    on = [c for c in touched(here) if favour[CRITERIA.index(c)] > 0]
    return tuple(sorted(on, key=lambda c: -favour[CRITERIA.index(c)])[:2])


def _line(text: str, start: str) -> str | None:
    found = next((x for x in text.splitlines() if x.startswith(start)), None)
    return found.removeprefix(start).strip() if found else None


def _subject(packet: Packet) -> Subject:
    return "decision" if packet.subject == "decision" else "own_call"
