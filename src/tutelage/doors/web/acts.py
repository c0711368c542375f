"""Writing what a form says; what is wrong with it comes back beside what was typed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from tutelage.domain.errors import NotYours, TutelageError
from tutelage.domain.events import KINDS, Event, GuidanceGiven
from tutelage.domain.relationship import Relationship
from tutelage.domain.terms import Visibility
from tutelage.doors.web import boxes, case, pair, thread
from tutelage.doors.web import forms as f
from tutelage.doors.web.looks import page
from tutelage.doors.web.posted import first, many
from tutelage.doors.web.signing import Me, checked, home, html, session
from tutelage.doors.web.stated import N_
from tutelage.doors.web.words import say
from tutelage.guidance import moves
from tutelage.guidance.words import criterion_name
from tutelage.service.accounts import Signed as Somebody
from tutelage.service.session import PAIR, Session

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
Sent = Mapping[str, list[str]]


@router.post("/r/{relationship}/write/{kind}")
async def write(request: Request, me: Me, relationship: str, kind: str) -> Response:
    """Write what a form of this kind says; what is wrong with it stands beside what was typed."""
    sent = many(await request.form())
    checked(request, me, first(sent, "form"))
    if kind not in f.FIRST:
        raise NotYours("not_offered", "No page asks for that.")
    mine = session(request, me)
    try:
        event = f.read(kind, sent, _fixed(mine, relationship, kind, sent))
        if _tells(event) and first(sent, "fixed.warned") != _mark(event):
            warned = {"typed": f.typed(kind, sent), "error": TELLS}
            known = {"warned": _mark(event)}  # this text may be sent as it is; another is read anew
            return _again(request, me, relationship, kind, sent, warned, known=known)
        seen = _visibility(kind, sent)
        mine.write(relationship, event, id=first(sent, "id") or None, visibility=seen)
    except f.Sent as wrong:
        shown: dict[str, Any] = {"typed": wrong.typed, "errors": wrong.errors}
        return _again(request, me, relationship, kind, sent, shown)
    except TutelageError as refused:
        shown = {"typed": f.typed(kind, sent), "error": refused.message}
        sent = {**sent, "id": []} if refused.code == "id_reused" else sent  # under an id of its own
        return _again(request, me, relationship, kind, sent, shown, refused.status)
    to = _back(mine, relationship, kind, str(getattr(event, "situation", "") or ""))
    return home(to, first(sent, "id"))


TELLS = N_(
    "This reads as telling, not asking. At this level the learner is to find it: ask instead, or "
    "send it as it is."
)


def _tells(event: Event) -> bool:
    """Whether a question is none, which a person is warned of before it is sent."""
    return (
        isinstance(event, GuidanceGiven)
        and event.move == "ask"
        and moves.read(str(event.text)).move != "ask"
    )


def _mark(event: Any) -> str:
    return hashlib.sha256(str(event.text).encode()).hexdigest()[:16]


def _back(mine: Session, name: str, kind: str, key: str) -> str:
    if not mine.desk.state(name).roles(mine.actor) & PAIR:
        return "/"
    if kind in boxes.BACK:
        return f"/r/{name}{boxes.BACK[kind]}"
    return f"/r/{name}/s/{key}#last" if key else f"/r/{name}"


NAMES = {
    "situation_opened": ("situation", "s"),
    "principle_kept": ("principle", "n"),
    "question_kept": ("question", "n"),
    "action_agreed": ("action", "a"),
    "obstacle_named": ("obstacle", "o"),
}
"""What is named after the id of its form, so that a form sent twice is one thing."""


def _fixed(mine: Session, name: str, kind: str, sent: Sent) -> dict[str, Any]:
    """What nobody types: what the page knew, names, and the time of a talk."""
    found = boxes.fixed(sent)
    if kind in NAMES:
        field, letter = NAMES[kind]
        found[field] = f"{letter}{first(sent, 'id')[1:13]}"
    if kind == "guidance_given" and first(sent, "move") == "share":
        # a story that is told is kept, under a name of its own unless it is told again
        found.setdefault("experience", f"e{first(sent, 'id')[1:13]}")
    if kind == "met":
        found["on"] = mine.desk.clock()
    if (
        kind == "decision_recorded"
        and _called(mine, name, found)
        and not first(sent, "why").strip()
    ):
        found["why"] = say(thread.AS_CALLED)
    return found


def _called(mine: Session, name: str, found: Mapping[str, Any]) -> bool:
    mine.turn(name)
    known = mine.desk.state(name).find(str(found.get("situation", "")))
    return known is not None and known.own_call is not None


def _visibility(kind: str, sent: Sent) -> Visibility | None:
    chosen = first(sent, "visibility")
    offered = dict(boxes.CHOOSES.get(kind, ()))
    return Visibility(chosen) if chosen in offered else None


def _again(
    request: Request,
    me: Somebody,
    name: str,
    kind: str,
    sent: Sent,
    shown: dict[str, Any],
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
    known: Mapping[str, str] | None = None,
) -> Response:
    mine = session(request, me)
    state = mine.desk.state(name)
    roles = state.roles(mine.actor)
    if not mine.key.opens(name) or not roles:
        raise NotYours("no_role", f"{mine.actor} has no role in this relationship.")
    if not KINDS[kind].by & roles or (kind != "rated" and not roles & PAIR):
        raise NotYours("not_your_role", "This is not yours to write here.")
    fixed = {**boxes.fixed(sent), **(known or {})}
    key = fixed.get("situation", "")
    made = _made(state, kind, key, fixed, {**shown, "id": first(sent, "id") or None}, sent)
    if state.find(key) is not None and roles & PAIR:
        return case.shown(request, me, name, key, status, made)
    if kind == "situation_opened":
        return pair.shown(request, me, name, status, again={kind: made})
    to = f"/r/{name}{boxes.BACK.get(kind, '')}" if roles & PAIR else "/"
    return page("alone", status, me=me, name=name, form=made, to=to)


def _made(
    state: Relationship, kind: str, key: str, fixed: dict[str, Any], more: Any, sent: Sent
) -> f.Form:
    if kind in boxes.TITLES:
        typed = {**more["typed"], "visibility": first(sent, "visibility") or "own"}
        return boxes.box(kind, state, fixed=fixed, **{**more, "typed": typed})
    known = state.find(key)
    of = known.criteria if known else state.criteria
    names = {c: criterion_name(state, c) for c in of}
    if kind == "rated" and known is not None:
        return thread.rating(state, known, fixed.get("subject", "own_call"), fixed=fixed, **more)
    made = f.form(
        kind,
        title=thread.TITLES.get(kind, kind),
        criteria=names,
        fixed={} if kind == "situation_opened" else fixed,
        among=boxes.among(state),
        **more,
    )
    return thread.shorter(made, known) if known else made
