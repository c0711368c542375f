"""Obstacles: a recurring failure, when it shows, where it came back and where it could have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from tutelage.domain.entry import Entry
from tutelage.domain.relationship import Obstacle, Relationship
from tutelage.domain.situation import Situation
from tutelage.doors.web import boxes
from tutelage.doors.web import forms as f
from tutelage.doors.web.looks import page
from tutelage.doors.web.signing import Me, html, session
from tutelage.evidence.rated import given, values
from tutelage.guidance.words import criterion_name

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
HELD, LOW = 4, 2  # a call rated 4 or more handled it; one at 2 or less passed it over


@dataclass(frozen=True, slots=True)
class Told:
    """One obstacle as it is read: where it was named, came back, and could have and did not."""

    key: str
    named: Entry[Any]
    overcome: Entry[Any] | None
    names: tuple[str, ...]
    shown: tuple[Situation, ...]
    again: tuple[Situation, ...]
    held: tuple[Situation, ...]
    agent: bool
    forms: tuple[f.Form, ...] = ()


def told(state: Relationship, *, writes: bool = False) -> tuple[Told, ...]:
    """All that were named, the newest first; those not overcome before the others."""
    every = sorted(
        state.obstacles.items(), key=lambda o: (o[1].overcome is not None, -_since(o[1]))
    )
    return tuple(_told(state, key, one, writes=writes) for key, one in every)


def _since(one: Obstacle) -> int:
    return one.named.seq


def _told(state: Relationship, key: str, one: Obstacle, *, writes: bool) -> Told:
    event = one.named.event
    later = [s for s in state.situations if s.opened.seq > one.named.seq and s.dropped is None]
    lowest = [(s, low) for s in later if (low := _lowest(s, event.criteria)) is not None]
    return Told(
        key,
        one.named,
        one.overcome,
        tuple(criterion_name(state, c) for c in event.criteria),
        tuple(filter(None, map(state.find, event.situations))),
        tuple(s for s, low in lowest if low <= LOW),
        tuple(s for s, low in lowest if low >= HELD),
        one.named.actor in state.agents,
        tuple(_forms(state, key, one)) if writes and one.overcome is None else (),
    )


def _lowest(known: Situation, criteria: tuple[str, ...]) -> int | None:
    """The lowest rating of the own call on what the obstacle is about; None where none says."""
    rated = [v for c, v in values(given(known, "own_call")) if c in criteria]
    return min(rated, default=None)


def _forms(state: Relationship, key: str, one: Obstacle) -> Iterator[f.Form]:
    event, at = one.named.event, {"obstacle": key}
    typed = {name: getattr(event, name) for name in ("text", "when", "criteria", "situations")}
    yield boxes.box("obstacle_overcome", state, fixed=at)
    yield boxes.box("obstacle_revised", state, fixed=at, typed=typed)


@router.get("/r/{relationship}/obstacles")
def seen(request: Request, me: Me, relationship: str) -> Response:
    """What was named, what became of it, and a box to name another."""
    mine = session(request, me)
    mine.turn(relationship)
    state = mine.desk.state(relationship)
    writes = state.life == "active" and state.agreed
    enough = len(boxes.among(state)["situations"]) > 1
    return page(
        "obstacles",
        me=me,
        name=relationship,
        obstacles=told(state, writes=writes),
        form=boxes.box("obstacle_named", state) if writes and enough else None,
    )
