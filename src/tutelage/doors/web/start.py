"""Where one arrives: what waits for me, my relationships, and proposing another."""

from __future__ import annotations

from http import HTTPStatus
from textwrap import shorten

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from tutelage.domain.errors import TutelageError
from tutelage.domain.events import Proposed
from tutelage.domain.terms import Party, Role
from tutelage.doors.web import forms as f
from tutelage.doors.web import looks
from tutelage.doors.web.looks import page
from tutelage.doors.web.posted import one
from tutelage.doors.web.signing import Me, checked, home, html, session
from tutelage.doors.web.words import say, tell
from tutelage.guidance.turn import Waiting
from tutelage.service.session import Session

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])


@router.get("/")
def start(request: Request, me: Me) -> Response:
    """My turn, and theirs, since when."""
    mine = session(request, me)
    tasks = [_task(mine, name, work) for name, work in mine.inbox()]
    rows = mine.relationships("", 200)
    agents = {p for r in rows for p in mine.desk.state(r["id"]).agents}
    return page("home", me=me, tasks=tasks, rows=rows, agents=agents)


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


def _task(mine: Session, name: str, work: Waiting) -> dict[str, str]:
    asks, at = say(ASKS[work.what]), f"/r/{name}"
    if work.role is Role.RATER:  # no time and no name: a rater is blind
        return {"asks": asks, "where": "", "to": f"{at}/rate/{work.situation}"}
    to = f"{at}/s/{work.situation}#last" if work.situation else at
    where, since = _where(mine, name, work), looks.when(work.since)
    return {
        "asks": asks,
        "where": tell("%(name)s · since %(since)s", name=where, since=since),
        "to": to,
    }


def _where(mine: Session, name: str, work: Waiting) -> str:
    """With whom, and in which situation: its first words."""
    state = mine.desk.state(name)
    others = [p.id for p in (state.learner, state.trainer) if p is not None and p.id != mine.actor]
    known = state.find(work.situation) if work.situation else None
    words = shorten(str(known.opened.event.text), 70, placeholder=" …") if known else ""
    return " · ".join(part for part in (*others, words) if part) or name


@router.get("/propose")
def propose(me: Me) -> Response:
    """The form of a proposal."""
    return page("propose", me=me, typed={}, error="")


@router.post("/propose")
async def proposed(request: Request, me: Me) -> Response:
    """Propose a relationship, as its learner or its trainer."""
    sent = one(await request.form())
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
