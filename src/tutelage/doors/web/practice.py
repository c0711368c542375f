"""A trainer's own practice: how I rate, which of my moves were taken up, which stories I tell."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from tutelage.domain.errors import Malformed, TutelageError, Unknown
from tutelage.doors.web import forms as f
from tutelage.doors.web.looks import page
from tutelage.doors.web.signing import Me, checked, home, html, session
from tutelage.evidence.calibration import Calibration
from tutelage.evidence.share import Rate
from tutelage.guidance.practice import Moved, Practice
from tutelage.guidance.roles import Experience
from tutelage.service.accounts import Signed
from tutelage.service.practice import fitting, practice_of

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
Told = Annotated[str, Form(max_length=20_000)]
Typed = Annotated[str, Form(max_length=64)]
WIDE = 200


@router.get("/practice")
def practice(request: Request, me: Me) -> Response:
    """What I may learn about my own practice; nobody else reads it."""
    mine = session(request, me)
    found = practice_of(mine.desk, me.person.name)
    stories = {e.key: e.case for e in mine.desk.bank.of(me.person.name)}
    fits = fitting(mine)
    for fit in fits:
        mine.desk.looks.note(mine.actor, [(fit.relationship, f"situation {fit.situation}"[:80])])
    shown: dict[str, Any] = {"found": found, "stories": stories, "fits": fits}
    shown |= {"calibrated": _calibrated(found), "moves": [(m, _rate(m)) for m in found.moves]}
    return page("practice", me=me, **shown)


def _rate(moved: Moved) -> Rate | None:
    return moved.rate if isinstance(moved.rate, Rate) else None


def _calibrated(found: Practice) -> dict[str, float] | None:
    """The places of the drawing: two points lower to two points higher than others."""
    c = found.calibration
    if not isinstance(c, Calibration):
        return None
    return {"low": _x(c.low), "high": _x(c.high), "mean": _x(c.higher), "none": _x(0.0)}


def _x(points: float) -> float:
    return round(10 + (min(2.0, max(-2.0, points)) + 2) / 4 * (WIDE - 20), 1)


# my stories ------------------------------------------------------------------------------------
@router.get("/bank")
def bank(request: Request, me: Me) -> Response:
    """The stories I can share, and in which programme other trainers may read them."""
    return _bank(request, me)


def _bank(request: Request, me: Signed, status: int = 200, **more: Any) -> Response:
    desk, name = request.app.state.doors.desk, me.person.name
    stories = session(request, me).bank()
    programmes = [
        p for p, m in desk.programmes.of(name) if (m.side, m.state) == ("trainer", "joined")
    ]
    shown: dict[str, Any] = {"error": "", "typed": {}, "id": f.fresh(), **more}
    shown |= {"stories": stories[::-1], "offers": desk.bank.offers(name), "programmes": programmes}
    return page("bank", status, me=me, **shown)


@router.post("/bank")
def tell(
    request: Request,
    me: Me,
    form: Annotated[str, Form()],
    id: Typed,  # noqa: A002
    case: Told = "",
    did: Told = "",
    why: Told = "",
    came_out: Told = "",
) -> Response:
    """Keep a story of mine; the form sent twice keeps it once."""
    checked(request, me, form)
    typed = {"case": case, "did": did, "why": why, "came_out": came_out}
    said = {k: v.strip() for k, v in typed.items()}
    try:
        if not (said["case"] and said["did"]):
            raise Malformed("empty_story", "Say at least what was the case and what you did.")
        story = Experience(f"e{id[1:13]}", said["case"], said["did"], said["why"], said["came_out"])
        session(request, me).tell([story])
    except TutelageError as wrong:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _bank(request, me, status, error=f.kindly(wrong), typed=typed)
    return home("/bank", id)


@router.post("/bank/drop")
def drop(request: Request, me: Me, form: Annotated[str, Form()], key: Typed) -> Response:
    """Forget a story of mine."""
    checked(request, me, form)
    request.app.state.doors.desk.bank.drop(me.person.name, key)
    return home("/bank")


@router.post("/bank/offer")
def offer(
    request: Request, me: Me, form: Annotated[str, Form()], key: Typed, programme: Typed = ""
) -> Response:
    """Let the other trainers of a programme read it, or nobody any more."""
    checked(request, me, form)
    desk, name = request.app.state.doors.desk, me.person.name
    if programme and not desk.programmes.joined(programme, name, "trainer"):
        raise Unknown("unknown_programme", f"There is no programme {programme} for you here.")
    desk.bank.offer(name, key, programme or None)
    return home("/bank")
