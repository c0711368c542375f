"""Your data: taken along as JSONL or CSV, and erased, text by text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import Response, StreamingResponse

from tutelage.domain.entry import Entry, canonical, split
from tutelage.domain.errors import NotYours, Unknown
from tutelage.domain.relationship import Relationship
from tutelage.domain.terms import Role
from tutelage.domain.text import Gone
from tutelage.doors.web import paper
from tutelage.doors.web.course import pdf
from tutelage.doors.web.looks import HEADERS, page
from tutelage.doors.web.seen import as_read
from tutelage.doors.web.signing import Me, checked, home, html, session
from tutelage.doors.web.words import say, tell, when
from tutelage.service.looks import SHOWN as LOOKS
from tutelage.service.looks import Look
from tutelage.service.retention import over_since, until
from tutelage.service.session import PAIR, Session
from tutelage.service.views import may_redact

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
SHOWN = 50  # texts on a page; older ones are a click away
GONE = frozenset(map(str, (Gone("redacted"), Gone("unread"), Gone("private"))))
STRETCH = 200  # entries read at once while looking for them
ALL = 10**9
LINES = 500  # looks on paper
TIMES = frozenset({"seq", "written_at", "occurred_at"})
CHUNK = 2000  # lines of a file sent at once: each sending costs a change of threads


# taken along -----------------------------------------------------------------------------------
@router.get("/r/{relationship}/export.jsonl")
def as_jsonl(request: Request, me: Me, relationship: str) -> Response:
    """Every entry that I may read, one a line, with all of its fields."""
    mine = session(request, me)
    entries, blind = _read(mine, relationship)
    lines = (canonical(_line(e, blind=blind)) + "\n" for e in entries)
    looked = (canonical({"look": _looked(one)}) + "\n" for one in _looks(mine, relationship))
    return _file(chain(lines, looked), "application/x-ndjson", "jsonl")


@router.get("/r/{relationship}/export.csv")
def as_csv(request: Request, me: Me, relationship: str) -> Response:
    """Every text that I may read, one a row, for a spreadsheet."""
    mine = session(request, me)
    (entries, blind), looks = _read(mine, relationship), _looks(mine, relationship)
    rows = chain(_rows(entries, blind=blind), _look_rows(looks))
    return _file(rows, "text/csv; charset=utf-8", "csv")


@router.get("/r/{relationship}/export.pdf")
def as_pdf(request: Request, me: Me, relationship: str) -> Response:
    """Every text that I may read, to be read on paper."""
    mine = session(request, me)
    (entries, blind), looks = _read(mine, relationship), _looks(mine, relationship, LINES)
    state, now = mine.desk.state(relationship), mine.desk.clock()
    seen = map(as_read, looks)
    made = paper.export(relationship, state, entries, seen, now, blind=blind)
    return pdf(made, "relationship")


def _read(mine: Session, name: str) -> tuple[list[Entry[Any]], bool]:
    """What I may read, and whether blind: who only rates is to learn no time and no order of it."""
    entries = mine.entries(name, 0, ALL)
    if mine.desk.state(name).roles(mine.actor) != {Role.RATER}:
        return entries, False
    return sorted(entries, key=lambda e: e.digest), True  # a digest is salted: it tells nothing


def _file(parts: Iterable[str], kind: str, ending: str) -> Response:
    named = {"Content-Disposition": f'attachment; filename="relationship.{ending}"'}
    lines = iter(parts)
    chunks = iter(lambda: "".join(islice(lines, CHUNK)).encode("utf-8", "replace"), b"")
    return StreamingResponse(chunks, media_type=kind, headers={**HEADERS, **named})


def _looks(mine: Session, relationship: str, most: int = ALL) -> list[Look]:
    """Who saw what, for the pair; a blind rater is told nothing of it."""
    if not mine.desk.state(relationship).roles(mine.actor) & PAIR:
        return []
    return mine.looks(relationship, most)


def _looked(look: Look) -> dict[str, Any]:
    at = look.last_at.isoformat()
    return {"actor": look.actor, "what": look.what, "times": look.times, "last_at": at}


def _look_rows(looks: Iterable[Look]) -> Iterator[str]:
    for look in looks:
        at, what = look.last_at.isoformat(), (look.what, look.times)
        yield _row(("", at, look.actor, "", "", "look", *what))


def _line(entry: Entry[Any], *, blind: bool) -> dict[str, Any]:
    facts, texts = split(entry.event)
    head = {k: v for k, v in _envelope(entry).items() if not (blind and k in TIMES)}
    return {**head, "facts": json.loads(facts), "texts": texts}


def _envelope(entry: Entry[Any]) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "actor": entry.actor,
        "role": str(entry.role),
        "written_at": entry.written_at.isoformat(),
        "occurred_at": entry.occurred_at.isoformat(),
        "visibility": str(entry.visibility),
    }


def _rows(entries: Iterable[Entry[Any]], *, blind: bool) -> Iterator[str]:
    yield _row(("seq", "written_at", "actor", "role", "visibility", "kind", "field", "value"))
    for e in entries:
        when_ = ("", "") if blind else (e.seq, e.written_at.isoformat())
        head = (*when_, e.actor, str(e.role), str(e.visibility))
        for name in type(e.event).model_fields:
            value = getattr(e.event, name)
            if name != "kind" and value not in (None, (), {}):
                yield _row((*head, e.event.kind, name, _cell(value)))


def _cell(value: Any) -> str:
    if isinstance(value, tuple):
        return "\n".join(map(_cell, value))
    return str(value)


def _row(cells: Iterable[Any]) -> str:
    """A row; what a spreadsheet would run as a formula begins with an apostrophe."""
    file = io.StringIO()
    said = (str(c) for c in cells)
    csv.writer(file).writerow("'" + c if c[:1] in set("=+-@\t\r") else c for c in said)
    return file.getvalue()


# erased ----------------------------------------------------------------------------------------
@router.get("/r/{relationship}/privacy")
def privacy(
    request: Request,
    me: Me,
    relationship: str,
    before: Annotated[int, Query(ge=1)] = 2**53,
    looks: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> Response:
    """What I may take along, the texts that I may erase, and who saw what; the newest first."""
    mine = session(request, me)
    mine.turn(relationship)
    state = mine.desk.state(relationship)
    found = list(islice(_mine(mine, relationship, state, min(before - 1, state.seq)), SHOWN + 1))
    rows = [(e, _said(e)) for e in found[:SHOWN]]
    older = rows[-1][0].seq if len(found) > SHOWN else None
    seen = mine.looks(relationship, LOOKS + 1, looks)
    return page(
        "privacy",
        me=me,
        name=relationship,
        rows=rows,
        older=older,
        agents=state.agents,
        takes="learner" in state.sides(mine.actor),
        looks=[as_read(look) for look in seen[:LOOKS]],
        earlier=looks + LOOKS if len(seen) > LOOKS else None,
        kept=_kept(mine, relationship, state, request.app.state.keep_days),
    )


def _kept(mine: Session, name: str, state: Relationship, days: int | None) -> str:
    """How long the texts are kept here."""
    if days is None:
        return say("Texts are kept until somebody erases them.")
    over = over_since(mine.desk.ledger, name, state.life, state.seq)
    if over is None:
        return tell(
            "Texts are kept while this goes on, and for %(days)s days after it is over; then the "
            "server erases them. Take them along before.",
            days=days,
        )
    return tell(
        "Texts are kept until %(day)s; then the server erases them. Take them along before.",
        day=when(until(over, days)),
    )


def _mine(mine: Session, name: str, state: Relationship, upto: int) -> Iterator[Entry[Any]]:
    """The entries whose texts I may erase, the newest first, read a stretch at a time."""
    while upto > 0:
        after = max(0, upto - STRETCH)
        some = [e for e in mine.entries(name, after, upto - after) if e.seq <= upto]
        yield from (e for e in reversed(some) if _said(e) and _may(state, e, mine.actor))
        upto = after


def _said(entry: Entry[Any]) -> str:
    """The texts of an entry; nothing where they are gone, or not there yet for this reader."""
    return "\n".join(t for t in split(entry.event)[1] if t not in GONE)


def _may(state: Relationship, entry: Entry[Any], actor: str) -> bool:
    try:
        may_redact(state, entry, actor)
    except NotYours:
        return False
    return True


@router.get("/r/{relationship}/erase/{seq}")
def asked(request: Request, me: Me, relationship: str, seq: int) -> Response:
    """What will be erased, before it is."""
    mine = session(request, me)
    mine.turn(relationship)
    entry = _entry(mine, relationship, seq)
    may_redact(mine.desk.state(relationship), entry, mine.actor)
    return page(
        "erase",
        me=me,
        name=relationship,
        entry=entry,
        said=_said(entry),
        agents=mine.desk.state(relationship).agents,
    )


def _entry(mine: Session, name: str, seq: int) -> Entry[Any]:
    found = mine.entries(name, seq - 1, 1) if 0 < seq <= mine.desk.state(name).seq else []
    if not found or found[0].seq != seq:  # the next one, where this is not mine to read
        raise Unknown("unknown_entry", f"There is no entry {seq}.")
    return found[0]


@router.post("/r/{relationship}/erase/{seq}")
def erase(
    request: Request, me: Me, relationship: str, seq: int, form: Annotated[str, Form()]
) -> Response:
    """Erase the text, in every copy of it; that something was there stays."""
    checked(request, me, form)
    mine = session(request, me)
    mine.turn(relationship)
    if _said(_entry(mine, relationship, seq)):  # a form sent twice erases once
        mine.redact(relationship, seq)
    return home(to=f"/r/{relationship}/privacy")
