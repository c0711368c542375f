"""One situation as one scroll, what a rater is shown of it, and the notebook."""

from __future__ import annotations

from http import HTTPStatus
from itertools import takewhile
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from tutelage.domain.errors import Unknown
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Role
from tutelage.doors.web import aside, thread, words
from tutelage.doors.web import forms as f
from tutelage.doors.web.boxes import among
from tutelage.doors.web.looks import page
from tutelage.doors.web.signing import Me, checked, home, html, session
from tutelage.guidance.brief import Brief
from tutelage.guidance.turn import waiting
from tutelage.guidance.words import criterion_name
from tutelage.service.accounts import Signed as Somebody
from tutelage.service.session import Session

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])


@router.get("/r/{relationship}/s/{situation}")
def situation(request: Request, me: Me, relationship: str, situation: str) -> Response:
    """One situation as one scroll, and what is due in it."""
    return shown(request, me, relationship, situation)


def shown(
    request: Request,
    me: Somebody,
    name: str,
    key: str,
    status: int = 200,
    again: f.Form | None = None,
) -> Response:
    """The page, with what was typed where something was wrong with it."""
    mine = session(request, me)
    state = _state(mine, name)
    known = mine.desk.state(name).find(key)
    if known is None:
        return page(
            "gone",
            HTTPStatus.NOT_FOUND,
            me=me,
            said=words.tell("There is no situation %(key)s.", key=key),
        )
    due = _due(mine, name, known)
    first = known.opened.seq - 1  # nothing before it is about it
    last = thread.last(known)  # nor behind it
    read = mine.desk.entries(name, viewer=me.person.name, after=first)
    entries = takewhile(lambda e: e.seq <= last, read)
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
        cards=thread.cards(state, entries, key),
        forms=due,
        asked=_asked(mine, name, known),
        brief=_brief(mine, name, key, due),
        waits=bool(known.unread) and Role.LEARNER in state.roles(me.person.name),
        criteria={c: criterion_name(state, c) for c in known.criteria},
        aside=aside.box(state, known, me.person.name),
    )


def _asked(mine: Session, name: str, known: Situation) -> dict[str, Any] | None:
    """Who is asked for guidance here, since when, and within how many days they promised it."""
    state, work = mine.desk.state(name), None
    if Role.LEARNER in state.roles(mine.actor):
        due = (w for w in waiting(state) if (w.situation, w.what) == (known.key, "guide"))
        work = next(due, None)
    if work is None or state.trainer is None or state.terms is None:
        return None
    return {"who": state.trainer.id, "since": work.since, "days": state.terms.reply_days}


def _brief(mine: Session, name: str, key: str, due: tuple[f.Form, ...]) -> Brief | None:
    """What a trainer knows of this learner, where it is to guide."""
    guides = Role.TRAINER in mine.desk.state(name).roles(mine.actor)
    asked = guides and any(d.kind == "guidance_given" for d in due)
    return mine.brief(name, key) if asked else None


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
    state = mine.desk.state(relationship)
    known = state.find(situation)
    asked = [a for a in known.unanswered_ratings() if a.event.rater == mine.actor] if known else []
    if known is None or not asked:
        raise Unknown("not_asked", "Nothing is to be rated there.")
    subject = asked[0].event.subject
    found = mine.packet(relationship, situation, subject)
    rated = thread.rating(state, known, subject)
    return page("packet", me=me, name=relationship, packet=found, form=rated)


@router.get("/r/{relationship}/notebook")
def notebook(request: Request, me: Me, relationship: str) -> Response:
    """The learner's own words, and where they keep more."""
    mine = session(request, me)
    book, state = mine.notebook(relationship), mine.desk.state(relationship)
    learns = Role.LEARNER in state.roles(me.person.name)
    kept = [
        f.form(kind, title=title, criteria={}, among=among(state))
        for kind, title in (
            ("principle_kept", "Keep a principle"),
            ("question_kept", "Keep a question that I now ask myself"),
        )
    ]
    forms = kept if learns else []
    shown: dict[str, Any] = {"book": book, "forms": forms, "state": state}
    return page("notebook", me=me, name=relationship, **shown, came=_came(state))


def _came(state: Relationship) -> dict[str, list[tuple[str, str]]]:
    """What each question and principle came from: in which situation, and its words."""
    kept: dict[str, Any] = {**state.questions, **state.principles}
    every = ((s.key, g.entry) for s in state.situations for g in s.guidance if g.read is not None)
    given = {e.seq: (key, str(e.event.text)) for key, e in every}
    return {key: [given[n] for n in e.event.follows if n in given] for key, e in kept.items()}
