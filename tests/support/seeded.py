"""A desk with seeded time and chance, and the shortest way to a guided relationship on it."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.workload import GOAL, KEYS
from tutelage import Tutelage
from tutelage.domain.events import (
    BaselineTaken,
    Closed,
    ClosingProposed,
    Event,
    GuidanceFailed,
    GuidanceGiven,
    OwnCallRecorded,
    Proposed,
    Rated,
    Signed,
    SituationOpened,
)
from tutelage.domain.terms import Party

LEO, MIA = Party(id="leo", kind="person"), Party(id="mia", kind="person")


class Ticking:
    """A clock that moves on by a minute at every look, and by more when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 11, 59, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def later(self, **more: float) -> None:
        self.now += timedelta(**more)


def desk(url: str, seed: int = 1, **more: Any) -> Tutelage:
    """A desk whose ids, salts and times follow from the seed."""
    return Tutelage(url, clock=Ticking(), entropy=random.Random(seed).randbytes, **more)


def proposed(learner: Party = LEO, trainer: Party = MIA, **more: Any) -> Proposed:
    given: dict[str, Any] = {"mode": "mentor", "handled": "ten years on call", "because": "new"}
    return Proposed(learner=learner, trainer=trainer, **(given | more))


def opened(key: str, *criteria: str, **more: Any) -> SituationOpened:
    text = more.pop("text", f"An alert fires in the night of {key} and nobody knows why.")
    return SituationOpened(situation=key, text=text, criteria=criteria or KEYS[:2], **more)


def own_call(key: str, **more: Any) -> OwnCallRecorded:
    words = {
        "call": "Wait ten minutes",
        "why": "It often settles by itself",
        "expects": "It settles",
    }
    return OwnCallRecorded(situation=key, **{**words, **more})


def asks(key: str, text: str = "What does waiting cost here?") -> GuidanceGiven:
    return GuidanceGiven(situation=key, move="ask", text=text, criteria=KEYS[:1])


def agree(desk: Tutelage, name: str = "r", **more: Any) -> str:
    """A relationship whose agreement and goal both have signed: its baseline begins."""
    first = proposed(**more)
    parties = (first.learner, first.trainer)
    signers = dict.fromkeys(p.owner or p.id for p in parties)
    desk.open(first, actor=next(iter(signers)), id=name)
    for what in (Signed(what="agreement"), GOAL, Signed(what="goal")):
        for actor in signers if isinstance(what, Signed) else [first.learner.id]:
            desk.write(name, what, actor=actor)
    return name


def guide(desk: Tutelage, name: str = "r", ratings: int = 2, **more: Any) -> str:
    """A relationship in its guided phase, after a baseline of three rated own calls."""
    agree(desk, name, **more)
    state = desk.state(name)
    learner = state.learner.id if state.learner else ""
    for n in range(3):
        desk.write(name, opened(f"b{n}"), actor=learner)
        desk.write(name, own_call(f"b{n}"), actor=learner)
        for rater in state.raters:
            rated = Rated(
                situation=f"b{n}", subject="own_call", ratings=dict.fromkeys(KEYS[:2], ratings)
            )
            desk.write(name, rated, actor=rater.id)
    trainer = state.trainer.id if state.trainer else ""
    desk.write(name, BaselineTaken(situations=("b0", "b1", "b2")), actor=trainer)
    return name


def close(desk: Tutelage, name: str = "r") -> None:
    """Proposed by its trainer, agreed to by its learner."""
    desk.write(name, ClosingProposed(because="done"), actor="mia")
    desk.write(name, Closed(because="done"), actor="leo")


def write_all(desk: Tutelage, name: str, *said: tuple[str, Event]) -> None:
    for actor, event in said:
        desk.write(name, event, actor=actor)


def told(desk: Tutelage, kind: type[Event], name: str = "r") -> list[Any]:
    """The events of this kind in a relationship."""
    return [e.event for e in desk.entries(name) if isinstance(e.event, kind)]


def reason(desk: Tutelage) -> str:
    """Why no guidance came."""
    (failed,) = told(desk, GuidanceFailed)
    return str(failed.reason)
