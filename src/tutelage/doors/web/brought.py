"""Situations from before, brought from a table: looked at first, then kept, marked as retold."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from tutelage.domain.errors import Malformed, NotYours, Refused, TutelageError
from tutelage.domain.terms import Role
from tutelage.doors.exchange.adopting import BASELINE, Adoption, Line
from tutelage.doors.exchange.decoded import decoded
from tutelage.doors.exchange.practice import Practice, read_table
from tutelage.doors.web import forms as f
from tutelage.doors.web.looks import page
from tutelage.doors.web.signing import Me, checked, home, html, session
from tutelage.guidance.words import criterion_name
from tutelage.service.accounts import Signed as Somebody
from tutelage.service.session import Session

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
BYTES = 1_000_000  # of a table
SENT = 4 * BYTES  # of a form that holds one: letters of other scripts become longer on the way
ROWS = 200
PASTED = "table"


@router.get("/r/{relationship}/bring")
def offered(
    request: Request,
    me: Me,
    relationship: str,
    brought: Annotated[int, Query(ge=0, le=ROWS)] = 0,
) -> Response:
    """Where a table is uploaded or pasted, and what it must look like."""
    return _offered(request, me, relationship, brought=brought)


def _offered(request: Request, me: Somebody, name: str, status: int = 200, **more: Any) -> Response:
    mine = session(request, me)
    shown: dict[str, Any] = {"error": "", "typed": "", "brought": 0, **more}
    shown |= {"criteria": list(_criteria(mine, name).values()), "rows": ROWS}
    return page("bring", status, me=me, name=name, **shown)


def _criteria(mine: Session, name: str) -> dict[str, str]:
    """The goal's criteria, for its learner. Raises NotYours, Refused."""
    mine.turn(name)
    state = mine.desk.state(name)
    if Role.LEARNER not in state.roles(mine.actor):
        raise NotYours("not_your_role", "Only the learner brings its situations.")
    if not state.agreed:
        raise Refused("sign_first", "First both sign the agreement and the goal.")
    return {c: criterion_name(state, c) for c in state.criteria}


@router.post("/r/{relationship}/bring")
async def looked(request: Request, me: Me, relationship: str) -> Response:
    """What would be kept, and every row that cannot be read; nothing is kept yet."""
    _bounded(request)
    async with request.form() as sent:
        checked(request, me, str(sent.get("form", "")))
        file, pasted = sent.get("file"), str(sent.get("text", ""))
        raw = await file.read(BYTES + 1) if isinstance(file, UploadFile) else b""
    named = (file.filename or PASTED)[:60] if isinstance(file, UploadFile) and raw else PASTED
    return await run_sync(_look, request, me, relationship, raw, named, pasted)


def _bounded(request: Request) -> None:
    """Refuse a form that is too long before it is read. Raises Malformed."""
    said = request.headers.get("content-length", "")
    if not said.isdecimal() or int(said) > SENT:
        raise _too_large()


def _too_large() -> Malformed:
    return Malformed("file_too_large", "This file is too large: bring at most 1 MB at once.")


def _look(
    request: Request, me: Somebody, name: str, raw: bytes, named: str, pasted: str
) -> Response:
    mine = session(request, me)
    try:
        text = _text(raw, named, pasted)
        found = _read(mine, name, text, named)
        lines = _door(mine, name).plan(found, BASELINE)
    except TutelageError as problem:
        said = f.kindly(problem)
        return _offered(request, me, name, problem.status, error=said, typed=pasted[:BYTES])
    shown: dict[str, Any] = {"lines": lines, "bad": found.bad, "text": text, "file": named}
    fresh = sum(not line.here for line in lines)
    return page("bring_look", me=me, name=name, fresh=fresh, error="", **shown)


def _text(raw: bytes, named: str, pasted: str) -> str:
    if len(raw) > BYTES or len(pasted.encode("utf-8", "replace")) > BYTES:
        raise _too_large()
    text = decoded(raw, named, BYTES) if raw else pasted
    if not text.strip():
        raise Malformed("nothing_to_read", "Choose a file, or paste a table.")
    return text


def _read(mine: Session, name: str, text: str, named: str) -> Practice:
    found = read_table(text, named, _criteria(mine, name))
    if len(found.cases) + len(found.bad) > ROWS:
        raise Malformed("too_many_cases", f"Bring at most {ROWS} rows at once; split the table.")
    return found


def _door(mine: Session, name: str) -> Adoption:
    return Adoption(mine.desk, name, mine.actor, mine.write)


@router.post("/r/{relationship}/bring/keep")
async def keep(request: Request, me: Me, relationship: str) -> Response:
    """Keep what was looked at: each row whole and once, however often it is sent."""
    _bounded(request)
    sent = await request.form()
    checked(request, me, str(sent.get("form", "")))
    text, skip = str(sent.get("text", "")), bool(sent.get("skip"))
    named = str(sent.get("file", PASTED))[:60]
    return await run_sync(_keep, request, me, relationship, (text, named), skip)


def _keep(
    request: Request, me: Somebody, name: str, given: tuple[str, str], skip: bool
) -> Response:
    mine, (text, named) = session(request, me), given
    try:
        found = _read(mine, name, _text(b"", named, text), named)
        door = _door(mine, name)
        lines: list[Line] = door.plan(found, BASELINE)
        if found.bad and not skip:
            raise Malformed("bad_lines", "Some rows cannot be read; nothing was kept.")
        count = door.bring(lines, found, skip=skip)
    except (TutelageError, ValueError) as problem:
        status = getattr(problem, "status", HTTPStatus.UNPROCESSABLE_ENTITY)
        return _offered(request, me, name, status, error=f.kindly(problem), typed=text)
    return home(to=f"/r/{name}/bring?brought={count}")
