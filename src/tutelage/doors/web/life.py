"""The life of a relationship: pause, withdraw guidance, opt out, close it, end it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from tutelage.domain.closing import CLOSES_AFTER, may_close
from tutelage.domain.relationship import Relationship
from tutelage.domain.terms import OptIn, Phase, Role
from tutelage.doors.web import boxes
from tutelage.doors.web import forms as f
from tutelage.doors.web.looks import page
from tutelage.doors.web.signing import Me, html, session
from tutelage.service.session import PAIR, Session

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])

PHASES: dict[Phase | None, tuple[tuple[Phase, str], ...]] = {
    Phase.GUIDED: (
        (Phase.WITHDRAWN, "Withdraw guidance"),
        (Phase.FOLLOW_UP, "Begin the follow-up"),
    ),
    Phase.WITHDRAWN: (
        (Phase.GUIDED, "Give guidance again"),
        (Phase.FOLLOW_UP, "Begin the follow-up"),
    ),
}
"""Which phases people begin, from which."""

LEFT: dict[OptIn, str] = {
    "withheld_guidance": "Leave withheld guidance",
    "drawn_starts": "Leave drawn starts",
    "programme": "Leave the programme: it sees nothing of you two any more",
}


@router.get("/r/{relationship}/life")
def life(request: Request, me: Me, relationship: str) -> Response:
    """Where it is in its life, and what anybody in it may do about that."""
    mine = session(request, me)
    turn, state = mine.turn(relationship), mine.desk.state(relationship)
    shown: dict[str, Any] = {"me": me, "name": relationship, "state": state, "turn": turn}
    asked = state.closing.written_at + CLOSES_AFTER if state.closing else None
    closing, rest = tuple(_closing(mine, state)), tuple(_forms(state))
    shown["learns"] = Role.LEARNER in state.roles(me.person.name)
    return page("life", **shown, closes_at=asked, closing=closing, forms=rest)


def _closing(mine: Session, state: Relationship) -> Iterator[f.Form]:
    """To close by two: proposed by one, agreed to or declined by the other."""
    if state.life != "active" or not state.agreed:
        return
    now, roles = mine.desk.clock(), state.roles(mine.actor) & PAIR
    if any(may_close(state, mine.actor, role, now) for role in roles):
        said = str(state.closing.event.because) if state.closing else ""
        yield boxes.box("closed", state, typed={"because": said})
    if state.closing is None:
        yield boxes.box("closing_proposed", state)
    else:
        yield boxes.box("closing_declined", state)


def _forms(state: Relationship) -> Iterator[f.Form]:
    if state.life in {"paused", "lapsed"}:
        yield boxes.box("resumed", state)
    if state.life == "active":
        yield from _phases(state)
    yield from _opt_outs(state)
    if state.life in {"proposed", "active"}:
        yield boxes.box("paused", state)


def _opt_outs(state: Relationship) -> Iterator[f.Form]:
    for what, title in LEFT.items():
        if state.opted_in(what):
            yield boxes.box("opted_out", state, title=title, fixed={"of": what})


def _phases(state: Relationship) -> Iterator[f.Form]:
    for phase, title in PHASES.get(state.phase, ()):
        yield boxes.box("phase_began", state, title=title, fixed={"phase": str(phase)})


@router.get("/r/{relationship}/end")
def end(request: Request, me: Me, relationship: str) -> Response:
    """One button, and a reason for who likes to give one."""
    mine = session(request, me)
    mine.turn(relationship)
    state = mine.desk.state(relationship)
    form = boxes.box("ended", state)
    over = state.life == "ended"
    return page("end", me=me, name=relationship, form=form, over=over)
