"""A relationship's page: whose turn it is, levels, papers to sign, the goal, situations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import Response

from tutelage.domain import goal as goals
from tutelage.domain.entry import split
from tutelage.domain.events import Signed
from tutelage.domain.relationship import Relationship
from tutelage.domain.rules import BASELINE_MINIMUM
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Phase, Role
from tutelage.doors.web import forms as f
from tutelage.doors.web import library
from tutelage.doors.web.agreement import absent
from tutelage.doors.web.drawn import levels
from tutelage.doors.web.levels import proposals
from tutelage.doors.web.looks import page
from tutelage.doors.web.offers import checks_in, offers
from tutelage.doors.web.signing import Me, accounts, checked, home, html, session
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
    state = session(request, me).desk.state(relationship)
    terms = state.terms
    if not state.roles(me.person.name) and terms and terms.concern_contact == me.person.name:
        return home(f"/r/{relationship}/concerns")
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
    learns = Role.LEARNER in state.roles(me.person.name)
    told = sum(s.opened.event.retold for s in state.situations) if _begins(state) else 0
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
        learns=learns,
        absent=[] if state.agreed else absent(accounts(request), state),
        retells=learns and _begins(state) and told < BASELINE_MINIMUM,
        told=told,
        unsigned=_unsigned(state, me.person.name) if state.life != "ended" else [],
        situations=_found(state, q),
        q=q,
        form=forms["situation_opened"],
        levels=levels(turn, state, me.person.name),
        proposals=proposals(state, turn, me.person.name),
        asks_goal=_asks_goal(state, me.person.name),
        goal=goal or {},
        examples=library.EXAMPLES,
        id=f.fresh(),
        parts=[(part, goals.QUESTIONS[part]) for part in goals.PARTS],
        anchors=goalfile.ANCHORS,
        library=library.offered(),
        baseline=baseline(state, me.person.name),
        offers=offers(mine, name),
        checks_in=checks_in(mine, name),
        rated=[s.key for s in state.situations if s.ratings] if _begins(state) else [],
        actions=[str(a.event.text) for a in state.actions.values()],
    )


def _begins(state: Relationship) -> bool:
    return state.life == "active" and state.phase is Phase.BASELINE


def _asks_goal(state: Relationship, actor: str) -> bool:
    agreed = state.agreement is not None and state.agreement.agreed
    none = state.goal is None and state.goal_next is None
    agent = state.learner is not None and state.learner.kind == "agent"
    sets = {Role.LEARNER, Role.OWNER} if agent else {Role.LEARNER}
    return agreed and none and bool(sets & state.roles(actor))


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
    return [s for s in every if all(w in _said(s) for w in words)][:SHOWN]


def _said(known: Situation) -> str:
    """All that was said in a situation; guidance only once it was read."""
    once = (known.opened, known.own_call, known.decision, known.outcome, known.account)
    read = (g.entry for g in known.guidance if g.read is not None)
    told = (*once, *known.answers, *known.debriefs, *read)
    return " ".join(t for e in told if e is not None for t in split(e.event)[1]).lower()


def baseline(state: Relationship, actor: str) -> list[str]:
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
    what: Annotated[Literal["agreement", "goal", "design"], Form()],
    version: Annotated[int, Form(ge=1, le=2**31 - 1)],
) -> Response:
    """Sign the agreement or the goal."""
    checked(request, me, form)
    session(request, me).write(relationship, Signed(what=what, version=version))
    return home(to=f"/r/{relationship}")
