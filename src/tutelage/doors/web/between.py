"""Between situations: live talks, private notes, actions, the monthly check-in, a concern."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from tutelage.domain.entry import Entry
from tutelage.domain.relationship import Relationship
from tutelage.doors.web import boxes, thread
from tutelage.doors.web import forms as f
from tutelage.doors.web.looks import page
from tutelage.doors.web.signing import Me, accounts, html, session
from tutelage.doors.web.words import say, tell

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
ALL = 10**9
RECENT = 500  # entries looked through for a page; it says so, and older ones are a click away
SHOWN = {
    "met": "Live talk",
    "noted": "Note",
    "checked_in": "Check-in",
    "action_agreed": "Action",
    "action_done": "Action done",
    "concern_raised": "Concern",
}


@router.get("/r/{relationship}/between")
def between(
    request: Request, me: Me, relationship: str, older: Annotated[bool, Query()] = False
) -> Response:
    """What is carried forward, what was said between situations, and boxes for more."""
    mine = session(request, me)
    mine.turn(relationship)
    state = mine.desk.state(relationship)
    after = 0 if older else max(0, state.seq - RECENT)
    entries = mine.desk.entries(relationship, viewer=me.person.name, after=after)
    found = [e for e in entries if e.event.kind in SHOWN]
    contact = state.terms.concern_contact if state.terms else None
    return page(
        "between",
        me=me,
        name=relationship,
        actions=tuple(_actions(state)),
        cards=tuple(_card(state, e) for e in reversed(found)),
        forms=tuple(_forms(state, me.person.name)),
        contact=contact,
        support=state.support,
        more=after > 0,
        unknown=bool(contact) and not accounts(request).known(contact or ""),
        agents=state.agents,
    )


def _actions(state: Relationship) -> Iterator[tuple[Entry[Any], f.Form | None]]:
    done = state.life in {"active", "closed", "paused", "lapsed"}
    for key, entry in state.actions.items():
        yield entry, boxes.box("action_done", state, fixed={"action": key}) if done else None


def _card(state: Relationship, entry: Entry[Any]) -> tuple[thread.Card, str]:
    return thread.card(state, entry, SHOWN[entry.event.kind]), say(
        f.SEEN[SEES[str(entry.visibility)]]
    )


SEES = {"own": "own", "pair": "pair", "named": "named", "programme": "pair"}


def _programme(state: Relationship, me: str) -> Iterator[f.Form]:
    """What one says to the programme, which sees who, when and counts."""
    if state.life in {"proposed", "active", "paused", "lapsed"}:
        yield boxes.box("support_asked" if state.support is None else "support_settled", state)
    if state.learner is not None and me in {state.learner.id, state.learner.owner}:
        shown = state.levels_shown
        title = "Show the programme your levels no longer" if shown else None
        yield boxes.box("levels_shown", state, title=title, fixed={"shown": str(not shown).lower()})


def _forms(state: Relationship, me: str) -> Iterator[f.Form]:
    if state.life in {"active", "paused", "lapsed"} and state.agreed:
        for kind in ("met", "action_agreed", "checked_in"):
            yield boxes.box(kind, state)
    yield boxes.box("noted", state)
    if state.programme is not None:
        yield from _programme(state, me)
    contact = state.terms.concern_contact if state.terms else None
    if contact is not None:
        yield boxes.box(
            "concern_raised", state, title=tell("Raise a concern with %(contact)s", contact=contact)
        )


@router.get("/r/{relationship}/concerns")
def concerns(request: Request, me: Me, relationship: str) -> Response:
    """For the person named outside the two: the concerns that were raised with them."""
    mine = session(request, me)
    state = mine.desk.state(relationship)
    found = [e for e in mine.entries(relationship, 0, ALL) if e.event.kind == "concern_raised"]
    return page("concerns", me=me, cards=tuple(_card(state, e) for e in reversed(found)))
