"""Levels as people meet them: proposed by the evidence, agreed to, contested, moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from tutelage.domain.errors import TutelageError
from tutelage.domain.events import LevelMoved, ThresholdMet
from tutelage.domain.relationship import Relationship
from tutelage.doors.web import boxes, obstacles
from tutelage.doors.web import forms as f
from tutelage.doors.web.drawn import Drawn, levels
from tutelage.doors.web.looks import page
from tutelage.doors.web.signing import Me, checked, home, html, session
from tutelage.doors.web.words import say
from tutelage.doors.words import nobody_rates
from tutelage.guidance.policy import Move
from tutelage.guidance.turn import Turn
from tutelage.guidance.words import criterion_name
from tutelage.service.accounts import Signed as Somebody
from tutelage.service.session import TWO

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])


@dataclass(frozen=True, slots=True)
class Proposal:
    """A level that the evidence proposes, as somebody may agree to it or contest it."""

    move: Move
    name: str
    contest: f.Form


def proposals(state: Relationship, turn: Turn, actor: str) -> tuple[Proposal, ...]:
    """What is proposed to whoever may say yes or no: learner and trainer."""
    if not state.roles(actor) & TWO:
        return ()
    return tuple(
        Proposal(m, criterion_name(state, m.criterion), _no(state, m)) for m in turn.proposals
    )


def _no(state: Relationship, move: Move) -> f.Form:
    at = {"criterion": move.criterion, "to": str(int(move.to))}
    return boxes.box("level_contested", state, fixed=at)


@router.get("/r/{relationship}/levels")
def seen(request: Request, me: Me, relationship: str) -> Response:
    """Where each criterion stands, what is proposed, and what the threshold still lacks."""
    return _page(request, me, relationship)


def _page(
    request: Request, me: Somebody, name: str, status: int = 200, error: str = ""
) -> Response:
    mine = session(request, me)
    turn, state = mine.turn(name), mine.desk.state(name)
    roles = state.roles(me.person.name)
    moves = bool(roles & TWO) and state.life == "active"
    return page(
        "levels",
        status,
        me=me,
        name=name,
        error=error,
        turn=turn,
        proposals=proposals(state, turn, me.person.name),
        own=tuple(_own(state, turn, me.person.name, moves=moves)),
        moved=tuple((criterion_name(state, m.event.criterion), m) for m in state.moves[::-1]),
        contested=tuple(
            (criterion_name(state, c.event.criterion), c) for c in state.contested[::-1]
        ),
        threshold=turn.threshold,
        unrated=state.terms is not None and not state.terms.rated and nobody_rates(),
        met=state.threshold,
        takes="learner" in state.sides(me.person.name),
        agents=state.agents,
        obstacles=obstacles.told(state)[:3],
        confirms=bool(roles & ThresholdMet.by) and state.life == "active",
    )


def _own(
    state: Relationship, turn: Turn, me: str, *, moves: bool
) -> Iterator[tuple[Drawn, f.Form | None]]:
    for one in levels(turn, state, me):
        key = one.stand.criterion
        at = {"criterion": key, "start": str(int(one.stand.level))}
        may = moves and key in state.levels
        yield one, boxes.box("level_moved", state, fixed=at) if may else None


@router.post("/r/{relationship}/levels/agree")
def agree(
    request: Request,
    me: Me,
    relationship: str,
    form: Annotated[str, Form()],
    criterion: Annotated[str, Form(max_length=64)],
    to: Annotated[int, Form(ge=1, le=4)],
) -> Response:
    """Move a level as the evidence proposes, by its rule and with its reason."""
    checked(request, me, form)
    mine = session(request, me)
    found = [m for m in mine.turn(relationship).proposals if (m.criterion, m.to) == (criterion, to)]
    if not found:
        said = say("The evidence does not propose this level now.")
        return _page(request, me, relationship, HTTPStatus.CONFLICT, said)
    (move,) = found
    event = LevelMoved.model_validate(
        {"criterion": move.criterion, "start": move.start, "to": move.to}
        | {"why": move.why, "rule": move.rule}
    )
    try:
        mine.write(relationship, event)
    except TutelageError as refused:  # the other one acted in between
        return _page(request, me, relationship, refused.status, f.kindly(refused))
    return home(to=f"/r/{relationship}/levels")


@router.post("/r/{relationship}/levels/threshold")
def confirm(
    request: Request,
    me: Me,
    relationship: str,
    form: Annotated[str, Form()],
    situation: Annotated[str, Form(max_length=64)],
) -> Response:
    """Confirm that the threshold is met, in the situation that the page named."""
    checked(request, me, form)
    mine = session(request, me)
    entries = mine.turn(relationship).threshold.entries
    try:
        mine.write(relationship, ThresholdMet(situation=situation, entries=entries))
    except (TutelageError, ValueError) as refused:
        status = getattr(refused, "status", HTTPStatus.UNPROCESSABLE_ENTITY)
        return _page(request, me, relationship, status, f.kindly(refused))
    return home(to=f"/r/{relationship}/levels")
