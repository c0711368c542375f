"""The goal: set over what it lacks, read in full, changed by both."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from itertools import count
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from tutelage.domain import goal as goals
from tutelage.domain.errors import TutelageError
from tutelage.domain.events import GoalAmended, GoalSet
from tutelage.domain.relationship import Relationship
from tutelage.doors.web import forms as f
from tutelage.doors.web import library, pair
from tutelage.doors.web.looks import page
from tutelage.doors.web.posted import one
from tutelage.doors.web.signing import Me, checked, home, html, session
from tutelage.doors.web.words import say
from tutelage.service import goalfile
from tutelage.service.accounts import Signed as Somebody
from tutelage.service.session import PAIR

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
Sent = Mapping[str, str]


@router.get("/r/{relationship}/goal")
def read_goal(request: Request, me: Me, relationship: str) -> Response:
    """The goal in full, with the steps of each criterion, and changing it."""
    return _goal_page(request, me, relationship)


def _goal_page(
    request: Request,
    me: Somebody,
    name: str,
    status: int = 200,
    typed: Mapping[str, Any] | None = None,
) -> Response:
    mine = session(request, me)
    mine.turn(name)
    state = mine.desk.state(name)
    papers = [p for p in (state.goal, state.goal_next) if p is not None]
    shown: dict[str, Any] = {
        "typed": typed or (_as_typed(papers[-1].entry.event) if papers else {})
    }
    shown |= {"parts": [(p, goals.QUESTIONS[p]) for p in goals.PARTS], "id": f.fresh()}
    shown |= {"anchors": goalfile.ANCHORS, "library": library.offered()}
    changes = state.agreed and state.life == "active" and bool(state.roles(mine.actor) & PAIR)
    return page(
        "goal",
        status,
        me=me,
        name=name,
        papers=papers,
        changes=changes,
        examples=library.EXAMPLES,
        **shown,
    )


def _as_typed(event: GoalSet) -> dict[str, str]:
    typed = {part: str(getattr(event, part)) for part in goals.PARTS}
    for n, c in enumerate(event.criteria):
        typed[f"criterion.{n}"] = str(c.name)
        typed |= {f"anchor.{n}.{m}": str(anchor) for m, anchor in enumerate(c.anchors)}
    return typed


@router.post("/r/{relationship}/goal/change")
async def change_goal(request: Request, me: Me, relationship: str) -> Response:
    """Change the goal; a criterion whose name or steps change is a new one."""
    sent = one(await request.form())
    checked(request, me, sent.get("form", ""))
    mine = session(request, me)
    if "fill" in sent:
        return _goal_page(request, me, relationship, typed=library.filled(sent))
    parts, lacks = _goal(sent)
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY
    if not lacks:
        try:
            mine.turn(relationship)
            parts["criteria"] = _renewed(mine.desk.state(relationship), parts["criteria"])
            event = GoalAmended(**parts, because=sent.get("because", ""))
            mine.write(relationship, event, id=sent.get("id") or None)
            return home(f"/r/{relationship}#due", sent.get("id", ""))
        except (TutelageError, ValueError) as problem:
            lacks, status = {"goal": f.kindly(problem)}, getattr(problem, "status", status)
    return _goal_page(request, me, relationship, status, {**sent, "lacks": lacks})


def _renewed(state: Relationship, criteria: list[Any]) -> list[Any]:
    """Each criterion under its key where it is as it was, else under a new one."""
    before = state.goal.entry.event.criteria if state.goal else ()
    kept = {(str(c.name), tuple(map(str, c.anchors))): c.key for c in before}
    taken = set(state.criteria_ever)
    return [{**c, "key": _key(c, kept, taken)} for c in criteria]


def _key(criterion: Any, kept: Mapping[Any, str], taken: set[str]) -> str:
    same = kept.get((criterion["name"], tuple(criterion["anchors"])))
    if same is not None:
        return same
    tries = (f"{criterion['key']}-{n}" for n in count(2))
    key = (
        criterion["key"]
        if criterion["key"] not in taken
        else next(t for t in tries if t not in taken)
    )
    taken.add(key)
    return key


@router.post("/r/{relationship}/goal")
async def goal(request: Request, me: Me, relationship: str) -> Response:
    """Set the goal; what it lacks comes back as a question beside the field."""
    sent = one(await request.form())
    checked(request, me, sent.get("form", ""))
    if "fill" in sent:
        return pair.shown(request, me, relationship, goal=library.filled(sent))
    parts, lacks = _goal(sent)
    if not lacks:
        try:
            session(request, me).write(relationship, GoalSet(**parts), id=sent.get("id") or None)
            return home(f"/r/{relationship}", sent.get("id", ""))
        except (TutelageError, ValueError) as problem:
            lacks = {"goal": f.kindly(problem)}
    typed = {**sent, "lacks": lacks}
    return pair.shown(request, me, relationship, HTTPStatus.UNPROCESSABLE_ENTITY, goal=typed)


def _goal(sent: Sent) -> tuple[dict[str, Any], dict[str, str]]:
    listed = [
        {"name": sent[f"criterion.{n}"], "anchors": _anchors(sent, n)}
        for n in range(goals.MOST)
        if sent.get(f"criterion.{n}", "").strip()
    ]
    criteria = [goalfile.with_key(c, n) for n, c in enumerate(listed, start=1)]
    parts: dict[str, Any] = {p: sent.get(p, "") for p in goals.PARTS}
    parts["criteria"] = criteria
    review = goals.review(parts)
    return parts, {m.part: m.question for m in review.missing}


def _anchors(sent: Sent, number: int) -> list[str]:
    """The five steps of a criterion's scale; those that fit any, where none was written."""
    typed = (sent.get(f"anchor.{number}.{m}", "") for m in range(goals.ANCHORS))
    both = zip(typed, goalfile.ANCHORS, strict=True)
    return [said.strip() or say(usual) for said, usual in both]
