"""Where one arrives: what waits for me, and my relationships."""

from __future__ import annotations

from datetime import datetime, timedelta
from textwrap import shorten
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from tutelage.domain.guiding import allowed
from tutelage.domain.terms import Role
from tutelage.doors.web import looks, matching
from tutelage.doors.web.looks import page
from tutelage.doors.web.programme import listed
from tutelage.doors.web.signing import Me, html, session
from tutelage.doors.web.words import say, tell, word
from tutelage.guidance.turn import Waiting
from tutelage.guidance.words import criterion_name
from tutelage.service.session import Session

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])


@router.get("/")
def start(request: Request, me: Me) -> Response:
    """My turn, and theirs, since when."""
    mine = session(request, me)
    rows, due = mine.relationships("", 200), list(mine.inbox())
    due = sorted(due, key=lambda task: task[1].what == "rate")  # whoever waits for help comes first
    tasks = [_task(mine, name, work) for name, work in due]
    seen = {name for name, work in due if work.situation and work.role is not Role.RATER}
    mine.desk.looks.note(mine.actor, [(name, "start") for name in sorted(seen)])
    later = [_follow_up(mine, row["id"]) for row in rows if row["life"] == "closed"]
    raised = [_raised(mine, name, last) for name, last in mine.concerns()]
    rows = [{**r, "since": r["since"] and datetime.fromisoformat(r["since"])} for r in rows]
    agents = {p for r in rows for p in mine.desk.state(r["id"]).agents}
    tasks = [*matching.tasks(request, me), *tasks, *filter(None, later)]
    shown = {"rows": rows, "agents": agents, "raised": raised, **listed(request, me)}
    return page("home", me=me, tasks=tasks, **shown)


def _raised(mine: Session, name: str, last: datetime | None) -> dict[str, Any]:
    """Where one is the person to turn to outside the two, and when somebody last did."""
    state = mine.desk.state(name)
    pair = [p.id for p in (state.learner, state.trainer) if p is not None]
    return {"to": f"/r/{name}/concerns", "pair": pair, "last": last}


FOLLOWS = timedelta(days=90)  # long enough that what stayed, stayed


def _follow_up(mine: Session, name: str) -> dict[str, str] | None:
    """Ninety days after closing a learner is asked how they decide now, until they show it."""
    state = mine.desk.state(name)
    if Role.LEARNER not in state.roles(mine.actor) or state.closed_at is None:
        return None
    due = state.closed_at + FOLLOWS
    shown = any(s.opened.written_at >= due for s in state.recent(1))
    if shown or mine.desk.clock() < due:
        return None
    asks = say("Ninety days on: bring a hard situation that you decide alone")
    where = state.trainer.id if state.trainer else name
    return {"asks": asks, "where": where, "to": f"/r/{name}"}


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
    "close": "Agree to close it",
}
"""What waits, as it is asked for."""


def _task(mine: Session, name: str, work: Waiting) -> dict[str, str]:
    asks, at = say(ASKS[work.what]), f"/r/{name}"
    if work.role is Role.RATER:  # no time and no name: a rater is blind
        return {"asks": asks, "where": "", "to": f"{at}/rate/{work.situation}"}
    to = f"{at}/s/{work.situation}#last" if work.situation else at
    to = f"{at}/life" if work.what == "close" else to
    where, since = _where(mine, name, work), looks.when(work.since)
    asks = f"{asks}: {_allowed(mine, name, work)}" if work.what == "guide" else asks
    return {
        "asks": asks,
        "where": tell("%(name)s · since %(since)s", name=where, since=since),
        "to": to,
    }


def _allowed(mine: Session, name: str, work: Waiting) -> str:
    """Which move each criterion allows here: that with the most help."""
    state = mine.desk.state(name)
    known = state.find(work.situation or "")
    if known is None:
        return ""
    may = {_head(criterion_name(state, c)): allowed(state, known, c) for c in known.criteria}
    most = {name: moves[0] for name, moves in may.items() if moves}
    each = {move: [n for n, m in most.items() if m == move] for move in most.values()}
    return "; ".join(f"{word(move)} ({', '.join(names)})" for move, names in each.items())


def _head(criterion: str) -> str:
    return shorten(criterion.partition(":")[0], 24, placeholder="…")


def _where(mine: Session, name: str, work: Waiting) -> str:
    """With whom, and in which situation: its first words."""
    state = mine.desk.state(name)
    others = [p.id for p in (state.learner, state.trainer) if p is not None and p.id != mine.actor]
    known = state.find(work.situation) if work.situation else None
    words = shorten(str(known.opened.event.text), 70, placeholder=" …") if known else ""
    return " · ".join(part for part in (*others, words) if part) or name
