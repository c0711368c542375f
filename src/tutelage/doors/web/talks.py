"""Live talks to come: planned, moved, called off and answered, and the calendar that follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request
from pydantic import ValidationError
from starlette.responses import Response

from tutelage.domain.errors import Malformed, NoKey, TutelageError
from tutelage.domain.events import Event, TalkAnswered, TalkCancelled, TalkMoved, TalkPlanned
from tutelage.domain.talking import Talk
from tutelage.doors.web import forms as f
from tutelage.doors.web import words
from tutelage.doors.web.letters import titled
from tutelage.doors.web.looks import page
from tutelage.doors.web.signing import Me, checked, counted, home, html, origin, session, wishes
from tutelage.service.accounts import Signed
from tutelage.service.calendars import Meetings
from tutelage.service.secret import Signature

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
feeds = APIRouter(include_in_schema=False)
FEED = "feed"
Typed = Annotated[str, Form(max_length=300)]


@dataclass(frozen=True, slots=True)
class Shown:
    """A talk as the page shows it."""

    key: str
    talk: Talk
    over: bool
    typed: str  # when, as its form has it

    @property
    def ends(self) -> datetime:
        """When it is over."""
        return self.talk.says.event.at + timedelta(minutes=self.talk.says.event.minutes)


@router.get("/r/{relationship}/talks")
def talks(request: Request, me: Me, relationship: str) -> Response:
    """The talks to come, those that were, and a form for one more."""
    return _shown(request, me, relationship)


def _shown(request: Request, me: Signed, name: str, status: int = 200, **more: Any) -> Response:
    mine = session(request, me)
    mine.turn(name)
    state, now = mine.desk.state(name), mine.desk.clock()
    every = [_talk(key, talk, now) for key, talk in state.planned.items()]
    ahead = sorted((t for t in every if not t.over), key=lambda t: t.talk.says.event.at)
    past = sorted((t for t in every if t.over), key=lambda t: t.talk.says.event.at, reverse=True)
    shown: dict[str, Any] = {"error": "", "typed": {}, "wrong": "", "id": f.fresh(), **more}
    shown |= {"ahead": ahead, "past": past[:10], "zones": words.zones(), "state": state}
    shown["may"] = state.life in {"proposed", "active", "paused", "lapsed"}
    return page("talks", status, me=me, name=name, **shown)


def _talk(key: str, talk: Talk, now: datetime) -> Shown:
    says = talk.says.event
    here = words.known_zone(says.zone) or UTC
    over = says.at + timedelta(minutes=says.minutes) <= now
    return Shown(key, talk, over, says.at.astimezone(here).strftime("%Y-%m-%dT%H:%M"))


@router.post("/r/{relationship}/talks")
def plan(
    request: Request,
    me: Me,
    relationship: str,
    form: Annotated[str, Form()],
    id: Typed,  # noqa: A002
    at: Typed,
    zone: Typed = "UTC",
    minutes: Typed = "45",
    where: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Plan a talk; the form sent twice plans it once."""
    checked(request, me, form)
    typed = {"at": at, "zone": zone, "minutes": minutes, "where": where}
    try:
        said = _said(at, zone, minutes, where)
        event = TalkPlanned.model_validate({"talk": f"t{id[1:13]}", **said})
        session(request, me).write(relationship, event, id=id)
    except (TutelageError, ValidationError) as wrong:
        return _again(request, me, relationship, wrong, typed=typed)
    return home(f"/r/{relationship}/talks", id)


@router.post("/r/{relationship}/talks/{talk}/move")
def move(
    request: Request,
    me: Me,
    relationship: str,
    talk: str,
    form: Annotated[str, Form()],
    at: Typed,
    zone: Typed = "UTC",
    minutes: Typed = "45",
    where: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Move a talk; the calendars follow."""
    checked(request, me, form)
    try:
        event = TalkMoved.model_validate({"talk": talk, **_said(at, zone, minutes, where)})
    except (TutelageError, ValidationError) as wrong:
        return _again(request, me, relationship, wrong, wrong=talk)
    return _write(request, me, relationship, event)


@router.post("/r/{relationship}/talks/{talk}/cancel")
def cancel(
    request: Request, me: Me, relationship: str, talk: str, form: Annotated[str, Form()]
) -> Response:
    """Call a talk off."""
    checked(request, me, form)
    try:
        event = TalkCancelled(talk=talk)
    except ValidationError as wrong:
        return _again(request, me, relationship, wrong, wrong=talk)
    return _write(request, me, relationship, event)


@router.post("/r/{relationship}/talks/{talk}/answer")
def answer(
    request: Request,
    me: Me,
    relationship: str,
    talk: str,
    form: Annotated[str, Form()],
    answer: Typed,
) -> Response:
    """Say whether the date suits me."""
    checked(request, me, form)
    try:
        event = TalkAnswered.model_validate({"talk": talk, "answer": answer})
    except ValidationError as wrong:
        return _again(request, me, relationship, wrong, wrong=talk)
    return _write(request, me, relationship, event)


def _write(request: Request, me: Signed, name: str, event: Event) -> Response:
    try:
        session(request, me).write(name, event)
    except TutelageError as refused:
        return _again(request, me, name, refused, wrong=str(getattr(event, "talk", "")))
    return home(f"/r/{name}/talks")


def _again(request: Request, me: Signed, name: str, problem: Exception, **shown: Any) -> Response:
    status = getattr(problem, "status", HTTPStatus.UNPROCESSABLE_ENTITY)
    return _shown(request, me, name, status, error=f.kindly(problem), **shown)


def _said(at: str, zone: str, minutes: str, where: str) -> dict[str, Any]:
    """What was typed about when and where. Raises Malformed."""
    if zone not in words.zones():
        raise Malformed("bad_time", "Choose a zone of time from the list.")
    try:
        here = datetime.fromisoformat(at)
    except ValueError:
        here = None
    if here is None or here.tzinfo is not None or not MINYEAR < here.year < MAXYEAR:
        raise Malformed("bad_time", "Say a day and a time.")
    moment = here.replace(tzinfo=ZoneInfo(zone))
    if moment.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != here:
        raise Malformed("bad_time", "The clocks go forward then: this hour does not exist.")
    said: dict[str, Any] = {"at": moment, "zone": zone, "minutes": minutes.strip() or 45}
    return {**said, "where": where.strip()} if where.strip() else said


# the calendar that subscribes ------------------------------------------------------------------
def feed_link(request: Request, me: Signed) -> str:
    """The secret address of my calendar."""
    desk = request.app.state.doors.desk
    said = f"{me.person.name}/{wishes(request).feed(me.person.name)}"
    token = Signature(desk.ledger.engine, FEED, desk.entropy).of(said)
    return f"{origin(request)}/calendar/{token}.ics"


@feeds.get("/calendar/{token}.ics")
def feed(request: Request, token: str) -> Response:
    """My talks, for a calendar that asks again by itself; whoever has the address sees them."""
    desk = request.app.state.doors.desk
    said = Signature(desk.ledger.engine, FEED, desk.entropy).name(token) or ""
    name, _, number = said.rpartition("/")
    try:
        person = request.app.state.accounts.person(name)
        if number != str(wishes(request).feed(name)):
            raise NoKey("no_such_feed", "This address is no calendar any more.")
    except TutelageError:
        counted(request)
        raise NoKey("no_such_feed", "This address is no calendar any more.") from None
    body = Meetings(desk, origin(request), titled).feed(person)
    headers = {"Cache-Control": "private, max-age=900", "X-Content-Type-Options": "nosniff"}
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


@router.get("/me/calendar")
def mine(request: Request, me: Me) -> Response:
    """Where my calendar subscribes to my talks."""
    return page("calendar", me=me, link=feed_link(request, me))


@router.post("/me/calendar")
def renew(request: Request, me: Me, form: Annotated[str, Form()]) -> Response:
    """Give my calendar another address; the one before shows nothing any more."""
    checked(request, me, form)
    wishes(request).renew_feed(me.person.name)
    return home("/me/calendar")
