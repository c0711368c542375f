"""The pages of a relationship: whose turn it is, a situation as one scroll, the notebook."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import Response

from tutelage.domain import goal as goals
from tutelage.domain.errors import NotYours, TutelageError, Unknown
from tutelage.domain.events import BaselineTaken, GoalSet, Proposed, Signed
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Party, Role
from tutelage.doors.web import forms as f
from tutelage.doors.web import looks, thread
from tutelage.doors.web.drawn import levels
from tutelage.doors.web.looks import page
from tutelage.doors.web.signing import Me, checked, home, html, session
from tutelage.guidance.turn import Waiting
from tutelage.guidance.words import criterion_name
from tutelage.service import goalfile
from tutelage.service.accounts import Signed as Somebody
from tutelage.service.session import PAIR, Session

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
SHOWN = 30  # situations on a relationship's page; older ones are found by searching
ANYWHERE = frozenset({"principle_kept", "question_kept", "noted", "met"})


# home ------------------------------------------------------------------------------------------
@router.get("/")
def start(request: Request, me: Me) -> Response:
    """My turn, and theirs, since when."""
    mine = session(request, me)
    tasks = [_task(name, work) for name, work in mine.inbox()]
    return page("home", me=me, tasks=tasks, rows=mine.relationships("", 200))


ASKS = {
    "sign": "Sign",
    "set_goal": "Set the goal",
    "open_situation": "Bring a situation",
    "own_call": "Say what you would do",
    "guide": "Guide",
    "read": "Guidance waits",
    "decide": "Decide",
    "outcome": "Say what came of it",
    "account": "Account for it",
    "debrief": "Debrief",
    "rate": "Rate a call",
    "baseline": "Take the baseline",
}
"""What waits, as it is asked for."""


def _task(name: str, work: Waiting) -> dict[str, str]:
    asks, at = ASKS[work.what], f"/r/{name}"
    if work.role is Role.RATER:  # no time and no name: a rater is blind
        return {"asks": asks, "where": "", "to": f"{at}/rate/{work.situation}"}
    to = f"{at}/s/{work.situation}#last" if work.situation else at
    return {"asks": asks, "where": f"{name} · since {looks.when(work.since)}", "to": to}


@router.get("/propose")
def propose(me: Me) -> Response:
    """The form of a proposal."""
    return page("propose", me=me, typed={}, error="")


@router.post("/propose")
async def proposed(request: Request, me: Me) -> Response:
    """Propose a relationship, as its learner or its trainer."""
    sent = _one(await request.form())
    checked(request, me, sent.get("form", ""))
    other = Party(id=sent["other"].strip() or "x", kind="person")
    myself = Party(id=me.person.name, kind="person")
    learns = sent.get("i_am") != "trainer"
    try:
        event = Proposed(
            learner=myself if learns else other,
            trainer=other if learns else myself,
            mode="coach" if sent.get("mode") == "coach" else "mentor",
            handled=sent.get("handled", ""),
            because=sent.get("because", ""),
        )
        name = session(request, me).open(event)
    except (TutelageError, ValueError) as problem:
        said = f.kindly(problem)
        return page("propose", HTTPStatus.UNPROCESSABLE_ENTITY, me=me, typed=sent, error=said)
    return home(to=f"/r/{name}")


# a relationship --------------------------------------------------------------------------------
@router.get("/r/{relationship}")
def relationship(
    request: Request, me: Me, relationship: str, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Where it stands: whose turn, levels and why, papers to sign, situations."""
    return _relationship(request, me, relationship, q=q)


def _relationship(
    request: Request,
    me: Somebody,
    name: str,
    status: int = 200,
    q: str = "",
    again: Mapping[str, f.Form] | None = None,
    goal: Mapping[str, Any] | None = None,
) -> Response:
    mine = session(request, me)
    turn, state = mine.turn(name), mine.desk.state(name)
    names = {c: criterion_name(state, c) for c in state.criteria}
    opened = f.form("situation_opened", title="Bring a situation", criteria=names)
    shown = {"situation_opened": opened, **(again or {})}
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
        form=shown["situation_opened"],
        levels=levels(turn),
        asks_goal=_asks_goal(state, me.person.name),
        goal=goal or {},
        parts=[(part, goals.QUESTIONS[part]) for part in goals.PARTS],
        baseline=_baseline(state, me.person.name),
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
    sent = _one(await request.form())
    checked(request, me, sent.get("form", ""))
    parts, lacks = _goal(sent)
    if not lacks:
        try:
            session(request, me).write(relationship, GoalSet(**parts))
            return home(to=f"/r/{relationship}")
        except (TutelageError, ValueError) as problem:
            lacks = {"goal": f.kindly(problem)}
    shown = {**sent, "lacks": lacks}
    return _relationship(request, me, relationship, HTTPStatus.UNPROCESSABLE_ENTITY, goal=shown)


def _goal(sent: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    named = [sent[k] for k in sorted(sent) if k.startswith("criterion.") and sent[k].strip()]
    listed = [{"name": n, "anchors": list(goalfile.ANCHORS)} for n in named]
    criteria = [goalfile.with_key(c, n) for n, c in enumerate(listed, start=1)]
    parts: dict[str, Any] = {p: sent.get(p, "") for p in goals.PARTS}
    parts["criteria"] = criteria
    review = goals.review(parts)
    return parts, {m.part: m.question for m in review.missing}


# a situation -----------------------------------------------------------------------------------
@router.get("/r/{relationship}/s/{situation}")
def situation(request: Request, me: Me, relationship: str, situation: str) -> Response:
    """One situation as one scroll, and what is due in it."""
    return _situation(request, me, relationship, situation)


def _situation(
    request: Request,
    me: Somebody,
    name: str,
    key: str,
    status: int = 200,
    again: f.Form | None = None,
) -> Response:
    mine = session(request, me)
    state = _state(mine, name)
    known = mine.desk.state(name).find(key)
    if known is None:
        return page("gone", HTTPStatus.NOT_FOUND, me=me, said=f"There is no situation {key}.")
    due = _due(mine, name, known)
    if again is not None:
        due = tuple(again if one.kind == again.kind else one for one in due)
        due = due if any(one is again for one in due) else (again, *due)
    return page(
        "situation",
        status,
        me=me,
        name=name,
        known=known,
        state=state,
        cards=thread.cards(state, mine.desk.entries(name, viewer=me.person.name), key),
        forms=due,
        waits=bool(known.unread) and Role.LEARNER in state.roles(me.person.name),
        criteria={c: criterion_name(state, c) for c in known.criteria},
    )


def _state(mine: Session, name: str) -> Relationship:
    """The state, for whom a thread is meant: a rater alone sees packets."""
    mine.turn(name)
    return mine.desk.state(name)


def _due(mine: Session, name: str, known: Situation) -> tuple[f.Form, ...]:
    return thread.forms(mine, name, known)


@router.post("/r/{relationship}/s/{situation}/collect")
def collect(
    request: Request, me: Me, relationship: str, situation: str, form: Annotated[str, Form()]
) -> Response:
    """Read the guidance that waits; from then on the decision is assisted."""
    checked(request, me, form)
    session(request, me).collect(relationship, situation)
    return home(to=f"/r/{relationship}/s/{situation}#last")


@router.get("/r/{relationship}/rate/{situation}")
def packet(request: Request, me: Me, relationship: str, situation: str) -> Response:
    """What a rater is shown, and nothing else, with the scale."""
    mine = session(request, me)
    known = mine.desk.state(relationship).find(situation)
    asked = [
        a for a in (known.unanswered_ratings() if known else ()) if a.event.rater == mine.actor
    ]
    if not asked:
        raise Unknown("not_asked", "Nothing is to be rated there.")
    subject = asked[0].event.subject
    shown = mine.packet(relationship, situation, subject)
    rated = f.form(
        "rated",
        title="Rate what was said",
        criteria={k: k for k in shown.anchors},
        anchors=shown.anchors,
        fixed={"situation": situation, "subject": subject},
    )
    return page("packet", me=me, name=relationship, packet=shown, form=rated)


@router.get("/r/{relationship}/notebook")
def notebook(request: Request, me: Me, relationship: str) -> Response:
    """The learner's own words, and where they keep more."""
    mine = session(request, me)
    book, state = mine.notebook(relationship), mine.desk.state(relationship)
    learns = Role.LEARNER in state.roles(me.person.name)
    kept = [
        f.form(kind, title=title, criteria={})
        for kind, title in (
            ("principle_kept", "Keep a principle"),
            ("question_kept", "Keep a question that I now ask myself"),
        )
    ]
    shown = kept if learns else []
    return page("notebook", me=me, name=relationship, book=book, forms=shown)


# writing ---------------------------------------------------------------------------------------
@router.post("/r/{relationship}/write/{kind}")
async def write(request: Request, me: Me, relationship: str, kind: str) -> Response:
    """Write what a form of this kind says; what is wrong with it stands beside what was typed."""
    sent = _many(await request.form())
    checked(request, me, _first(sent, "form"))
    if kind not in f.FIRST:
        raise NotYours("not_offered", "No page asks for that.")
    fixed = _fixed(kind, sent)
    mine, key = session(request, me), fixed.get("situation", "")
    try:
        event = f.read(kind, sent, fixed)
        mine.write(relationship, event, id=_first(sent, "id") or None)
    except f.Sent as wrong:
        shown: dict[str, Any] = {"typed": wrong.typed, "errors": wrong.errors}
        return _again(request, me, relationship, kind, key, sent, shown)
    except TutelageError as refused:
        shown = {"typed": f.typed(kind, sent), "error": refused.message}
        return _again(request, me, relationship, kind, key, sent, shown, refused.status)
    return home(to=_back(mine, relationship, kind, str(getattr(event, "situation", "") or "")))


def _back(mine: Session, name: str, kind: str, key: str) -> str:
    if kind in {"principle_kept", "question_kept"}:
        return f"/r/{name}/notebook"
    if not mine.desk.state(name).roles(mine.actor) & PAIR:
        return "/"
    return f"/r/{name}/s/{key}#last" if key else f"/r/{name}"


def _fixed(kind: str, sent: Mapping[str, list[str]]) -> dict[str, Any]:
    """What the page knows and nobody types."""
    found: dict[str, Any] = {
        name: _first(sent, f"fixed.{name}")
        for name in ("situation", "subject", "guidance")
        if _first(sent, f"fixed.{name}")
    }
    if kind == "situation_opened":
        found["situation"] = f"s{_first(sent, 'id')[1:13]}"
    if kind in {"principle_kept", "question_kept"}:
        found[kind.partition("_")[0]] = f"n{_first(sent, 'id')[1:13]}"
    return found


def _again(
    request: Request,
    me: Somebody,
    name: str,
    kind: str,
    key: str,
    sent: Mapping[str, list[str]],
    shown: Mapping[str, Any],
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    state = session(request, me).desk.state(name)
    known = state.find(key)
    of = known.criteria if known else state.criteria
    made = f.form(
        kind,
        title=thread.TITLES.get(kind, kind),
        criteria={c: criterion_name(state, c) for c in of},
        anchors=thread.anchors(state),
        fixed={} if kind == "situation_opened" else _fixed(kind, sent),
        id=_first(sent, "id") or None,
        **shown,
    )
    if known is not None and state.roles(me.person.name) & PAIR:
        return _situation(request, me, name, key, status, made)
    if kind == "situation_opened":
        return _relationship(request, me, name, status, again={kind: made})
    return page("alone", status, me=me, name=name, form=made)


def _many(form: Any) -> dict[str, list[str]]:
    return {k: [v for v in form.getlist(k) if isinstance(v, str)] for k in form}


def _one(form: Any) -> dict[str, str]:
    return {k: v for k, v in form.items() if isinstance(v, str)}


def _first(sent: Mapping[str, list[str]], name: str) -> str:
    found = sent.get(name, [])
    return found[0] if found else ""
