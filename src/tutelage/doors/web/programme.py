"""A programme: what its lead sees of it, and what whoever is in it may say to it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import Response

from tutelage.domain.errors import Malformed, TutelageError
from tutelage.doors.web.bars import bars
from tutelage.doors.web.looks import page
from tutelage.doors.web.signing import Me, checked, home, html
from tutelage.doors.web.words import word
from tutelage.evidence.notyet import NotYet
from tutelage.service.accounts import Signed
from tutelage.service.overview import SHOWN, Overview, Overviews
from tutelage.service.programmes import SIDES, Programme, Programmes, Side

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
Typed = Annotated[str, Form(max_length=64)]
LEVELS = ("waiting", "share", "ask", "debrief", "independent")


def programmes(request: Request) -> Programmes:
    """The programmes of this installation."""
    found: Programmes = request.app.state.doors.desk.programmes
    return found


def led(request: Request, me: Signed, name: str) -> Programme:
    """A programme that I lead. Raises Unknown."""
    return programmes(request).led(name, me.person.name)


@router.get("/programmes/{name}")
def programme(request: Request, me: Me, name: str) -> Response:
    """To its lead the overview; to whoever is in it what they said to it."""
    kept = programmes(request)
    mine = [m for p, m in kept.of(me.person.name) if p.name == name]
    if me.person.name in kept.leads(name):
        return _overview(request, me, kept.named(name), mine)
    if not mine:
        led(request, me, name)  # raises Unknown, in the same words as where there is none
    leads = kept.leads(name)
    return page("member", me=me, programme=kept.named(name), members=mine, leads=leads)


def _overview(
    request: Request, me: Signed, found: Programme, mine: Any, status: int = 200, **more: Any
) -> Response:
    desk = request.app.state.doors.desk
    seen = Overviews(desk.ledger.engine).of(found.name, desk.clock(), me.person.name)
    shown: dict[str, Any] = {"seen": seen, "members": mine, "said": "", **more}
    shown |= {"phases": bars(seen.phases), "levels": _levels(seen)}
    shown["leads"] = desk.programmes.leads(found.name)
    return page("programme", status, me=me, programme=found, **shown)


def _levels(seen: Overview) -> Any:
    if isinstance(seen.levels, NotYet):
        return None
    return bars({lv: seen.levels.criteria.get(lv, 0) for lv in LEVELS})


@router.get("/programmes/{name}/pairs")
def pairs(
    request: Request, me: Me, name: str, after: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """All pairs: who, in which phase, how much, when one last wrote."""
    found, desk = led(request, me, name), request.app.state.doors.desk
    here = Overviews(desk.ledger.engine).pairs(name, after, SHOWN + 1)
    more = here[SHOWN - 1].relationship if len(here) > SHOWN else None
    return page("programme_pairs", me=me, programme=found, pairs=here[:SHOWN], more=more)


@router.post("/programmes/{name}/care")
def care(
    request: Request,
    me: Me,
    name: str,
    form: Annotated[str, Form()],
    relationship: Typed,
    what: Typed,
    since: Typed,
) -> Response:
    """I look after this pair; the other leads see so."""
    checked(request, me, form)
    found, desk = led(request, me, name), request.app.state.doors.desk
    line = {"relationship": relationship, "what": what, "since": since}
    try:
        overviews = Overviews(desk.ledger.engine)
        overviews.care(name, line, me.person.name, desk.clock())
    except TutelageError as refused:
        mine = [m for p, m in programmes(request).of(me.person.name) if p.name == name]
        return _overview(request, me, found, mine, refused.status, said=refused.message)
    return home(f"/programmes/{name}#{what}")


# whoever is in it ------------------------------------------------------------------------------
@router.post("/programmes/{name}/answer")
def answer(
    request: Request,
    me: Me,
    name: str,
    form: Annotated[str, Form()],
    side: Typed,
    joins: Typed,
) -> Response:
    """Join, decline or leave."""
    checked(request, me, form)
    programmes(request).answer(name, me.person.name, side_of(side), joins=joins == "yes")
    return home(f"/programmes/{name}" if joins == "yes" else "/")


@router.post("/programmes/{name}/offer")
def offer(
    request: Request,
    me: Me,
    name: str,
    form: Annotated[str, Form()],
    capacity: Typed = "",
    reply_days: Typed = "",
) -> Response:
    """How many learners a trainer takes on at once, and how soon they reply."""
    checked(request, me, form)
    programmes(request).offer(name, me.person.name, _number(capacity), _number(reply_days))
    return home(f"/programmes/{name}")


def side_of(said: str) -> Side:
    """As what somebody is in a programme. Raises Malformed."""
    if said not in SIDES:
        raise Malformed("bad_side", "One is in a programme as learner or as trainer.")
    return said


def _number(said: str) -> int | None:
    if not said.strip():
        return None
    if not (said.strip().isascii() and said.strip().isdecimal() and len(said) < 6):
        raise Malformed("bad_offer", "Up to 100 learners at once; a reply in 0 to 90 days.")
    return int(said)


def listed(request: Request, me: Signed) -> dict[str, Any]:
    """For the start page: the programmes I lead, those I am in, and those that wait for a yes."""
    kept = programmes(request)
    mine = kept.of(me.person.name)
    return {
        "led": kept.led_by(me.person.name),
        "joined": [(p, word(m.side)) for p, m in mine if m.state == "joined"],
        "invited": [(p, m) for p, m in mine if m.state == "invited"],
    }
