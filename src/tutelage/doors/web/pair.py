"""A relationship's page: whose turn it is, levels, papers to sign, the goal, situations."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import Response

from tutelage.domain import goal as goals
from tutelage.domain.errors import TutelageError
from tutelage.domain.events import BaselineTaken, GoalSet, Signed
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Role
from tutelage.doors.web import forms as f
from tutelage.doors.web.drawn import levels
from tutelage.doors.web.levels import proposals
from tutelage.doors.web.looks import page
from tutelage.doors.web.offers import offers
from tutelage.doors.web.posted import one
from tutelage.doors.web.signing import Me, checked, home, html, session
from tutelage.guidance.words import criterion_name
from tutelage.service import goalfile
from tutelage.service.accounts import Signed as Somebody

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
SHOWN = 30  # situations on a relationship's page; older ones are found by searching


@router.get("/r/{relationship}")
def relationship(
    request: Request, me: Me, relationship: str, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Where it stands: whose turn, levels and why, papers to sign, situations."""
    return shown(request, me, relationship, q=q)


def shown(
    request: Request,
    me: Somebody,
    name: str,
    status: int = 200,
    q: str = "",
    again: Mapping[str, f.Form] | None = None,
    goal: Mapping[str, Any] | None = None,
) -> Response:
    """The page, with what was typed where something was wrong with it."""
    mine = session(request, me)
    turn, state = mine.turn(name), mine.desk.state(name)
    names = {c: criterion_name(state, c) for c in state.criteria}
    opened = f.form("situation_opened", title="Bring a situation", criteria=names)
    forms = {"situation_opened": opened, **(again or {})}
    return page(
        "relationship",
        status,
        me=me,
        name=name,
        state=state,
        turn=turn,
        learns=Role.LEARNER in state.roles(me.person.name),
        unsigned=_unsigned(state, me.person.name),
        situations=_found(state, q),
        q=q,
        form=forms["situation_opened"],
        levels=levels(turn),
        proposals=proposals(state, turn, me.person.name),
        asks_goal=_asks_goal(state, me.person.name),
        goal=goal or {},
        parts=[(part, goals.QUESTIONS[part]) for part in goals.PARTS],
        baseline=_baseline(state, me.person.name),
        offers=offers(mine, name),
    )


def _asks_goal(state: Relationship, actor: str) -> bool:
    agreed = state.agreement is not None and state.agreement.agreed
    none = state.goal is None and state.goal_next is None
    return agreed and none and Role.LEARNER in state.roles(actor)


def _unsigned(state: Relationship, actor: str) -> list[tuple[str, int]]:
    papers = (
        ("agreement", state.amended or state.agreement),
        ("goal", state.goal_next or state.goal),
    )
    sides = state.sides(actor)
    return [(what, p.version) for what, p in papers if p is not None and sides - p.signed]


def _found(state: Relationship, q: str) -> list[Situation]:
    """The newest situations, or those in which these words are said."""
    every = reversed(state.situations)
    if not q.strip():
        return [s for s, _ in zip(every, range(SHOWN), strict=False)]
    words = q.lower().split()
    return [s for s in every if all(w in str(s.opened.event.text).lower() for w in words)][:SHOWN]


def _baseline(state: Relationship, actor: str) -> list[str]:
    """The situations that could close the baseline, for whoever may close it."""
    may = state.roles(actor) & {Role.TRAINER, Role.RATER}
    if not may or str(state.phase) != "baseline":
        return []
    return [s.key for s in state.situations if s.own_call is not None]


@router.post("/r/{relationship}/sign")
def sign(
    request: Request,
    me: Me,
    relationship: str,
    form: Annotated[str, Form()],
    what: Annotated[str, Form()],
    version: Annotated[int, Form()],
) -> Response:
    """Sign the agreement or the goal."""
    checked(request, me, form)
    event = Signed.model_validate({"what": what, "version": version})
    session(request, me).write(relationship, event)
    return home(to=f"/r/{relationship}")


@router.post("/r/{relationship}/baseline")
def baseline(
    request: Request,
    me: Me,
    relationship: str,
    form: Annotated[str, Form()],
    fewer: Annotated[str, Form()] = "",
) -> Response:
    """Close the baseline with the situations so far."""
    checked(request, me, form)
    mine = session(request, me)
    mine.turn(relationship)
    keys = _baseline(mine.desk.state(relationship), me.person.name)
    mine.write(relationship, BaselineTaken(situations=tuple(keys), fewer_because=fewer or None))
    return home(to=f"/r/{relationship}")


@router.post("/r/{relationship}/goal")
async def goal(request: Request, me: Me, relationship: str) -> Response:
    """Set the goal; what it lacks comes back as a question beside the field."""
    sent = one(await request.form())
    checked(request, me, sent.get("form", ""))
    parts, lacks = _goal(sent)
    if not lacks:
        try:
            session(request, me).write(relationship, GoalSet(**parts))
            return home(to=f"/r/{relationship}")
        except (TutelageError, ValueError) as problem:
            lacks = {"goal": f.kindly(problem)}
    typed = {**sent, "lacks": lacks}
    return shown(request, me, relationship, HTTPStatus.UNPROCESSABLE_ENTITY, goal=typed)


def _goal(sent: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    named = [sent[k] for k in sorted(sent) if k.startswith("criterion.") and sent[k].strip()]
    listed = [{"name": n, "anchors": list(goalfile.ANCHORS)} for n in named]
    criteria = [goalfile.with_key(c, n) for n, c in enumerate(listed, start=1)]
    parts: dict[str, Any] = {p: sent.get(p, "") for p in goals.PARTS}
    parts["criteria"] = criteria
    review = goals.review(parts)
    return parts, {m.part: m.question for m in review.missing}
