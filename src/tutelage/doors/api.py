"""REST: one route for each event that somebody may write, made from its class; reads by hand.

The event classes are the source: docstring → description, field → schema. What a rule refuses
comes back as problem+json with the same code as through every other door.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from importlib.metadata import version
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Body, Depends, FastAPI, Header, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import StringConstraints
from pydantic.json_schema import SkipJsonSchema

from tutelage.domain import goal as goals
from tutelage.domain.errors import NoKey, TutelageError
from tutelage.domain.events import KINDS, Event, Proposed
from tutelage.domain.terms import Key as Name
from tutelage.domain.terms import Subject, Visibility
from tutelage.doors import report
from tutelage.doors import shapes as s
from tutelage.doors.evidence import as_json as evidence_as_json
from tutelage.doors.limits import Limit
from tutelage.doors.problems import PROBLEMS, handle
from tutelage.doors.watching import Watch
from tutelage.guidance.roles import Experience
from tutelage.service.desk import Tutelage
from tutelage.service.session import Session

T = TypeVar("T")

RATE, BURST = 50.0, 200.0  # requests of one key a second, and at once
GUESSES = 0.2, 20.0  # wrong keys from one address a second, and at once
PAGE, PAGE_MOST = 100, 500

Seq = Annotated[int, Path(ge=1, le=2**31 - 1)]
After = Annotated[int, Query(ge=0, le=2**31 - 1, description="The last entry you have seen")]
Most = Annotated[int, Query(ge=1, le=PAGE_MOST)]
Absent = SkipJsonSchema[None]  # a header that is left out, which no document calls null
EntryId = Annotated[
    Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,63}$")] | Absent,
    Header(
        alias="Idempotency-Key",
        description="The entry's id: a retry under it is answered with the first result.",
    ),
]
Seen = Annotated[
    Annotated[str, StringConstraints(pattern=r'^(\*|"?[0-9]{1,9}"?)$')] | Absent,
    Header(
        alias="If-Match",
        description="The last entry you have seen, as its ETag; 412 where others came behind it.",
    ),
]
Occurred = Annotated[
    datetime | Absent, Query(description="When it occurred, with its time zone; now, if left out")
]
Visible = Annotated[Visibility | Absent, Query(description="Who may read it")]


class Doors:
    """What the routes share: the desk, the limits, and who watches."""

    def __init__(self, desk: Tutelage, *, rate: float = RATE, burst: float = BURST) -> None:
        self.desk = desk
        self.limit = Limit(rate, burst, time.monotonic)
        self.guesses = Limit(*GUESSES, time.monotonic)
        self.watch = Watch(desk)

    def session(self, shown: str | None, address: str) -> Session:
        """Whoever shows this key, within what it may ask. Raises NoKey, TooMany."""
        scheme, _, said = (shown or "").partition(" ")
        try:
            key = self.desk.keys.open(said.strip() if scheme.lower() == "bearer" else None)
        except NoKey:
            if shown:  # without one nothing is guessed: 401, and not 429
                self.guesses.take(address)  # who has a key comes in from the same address
            raise
        self.limit.take(key.id)
        return Session(self.desk, key)


async def _session(
    request: Request,
    authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Session:
    doors: Doors = request.app.state.doors
    address = request.client.host if request.client else ""
    return await run_in_threadpool(doors.session, authorization, address)


Me = Annotated[Session, Depends(_session)]
router = APIRouter(prefix="/api", responses=PROBLEMS)


# who and what waits ----------------------------------------------------------------------------
@router.get("/key", tags=["me"])
def who_am_i(me: Me) -> s.KeyNow:
    """Whose key this is, and what it opens."""
    return s.KeyNow.model_validate(me.key)


@router.get("/inbox", tags=["me"])
def inbox(me: Me) -> s.Tasks:
    """What waits for you, in every relationship that your key opens; the longest first."""
    return s.Tasks.of(me.inbox())


@router.get("/bank", tags=["me"])
def bank(me: Me) -> s.Experiences:
    """Your own experiences: what you can share where a case is like it."""
    return s.Experiences(items=tuple(map(s.ExperienceNow.model_validate, me.bank())))


@router.post("/bank", tags=["me"])
def tell(me: Me, told: s.Experiences) -> s.Kept:
    """Keep experiences in your bank; one told again under its key replaces the first."""
    return s.Kept(kept=me.tell([Experience(**e.model_dump()) for e in told.items]))


@router.post("/goals/review", tags=["me"])
def review_goal(me: Me, goal: Annotated[dict[str, Any], Body()]) -> s.ReviewNow:
    """Is this goal specific enough? What is missing comes back as questions."""
    del me
    return s.ReviewNow.of(goals.review(goal))


# relationships ---------------------------------------------------------------------------------
@router.get("/relationships", tags=["relationships"])
def relationships(
    me: Me, after: Annotated[str, Query(max_length=64)] = "", limit: Most = PAGE
) -> s.Summaries:
    """Your relationships, by name: where each is, and whose turn."""
    found = me.relationships(after, limit + 1)
    items = tuple(map(s.Summary.of, found[:limit]))
    return s.Summaries(items=items, next=items[-1].relationship if len(found) > limit else None)


@router.post("/relationships", tags=["relationships"], status_code=201)
def propose(me: Me, proposed: Proposed, response: Response, name: EntryId = None) -> s.Opened:
    """Propose a relationship: who learns, who mentors or coaches, how, and how it ends."""
    made = me.open(proposed, id=name)
    response.headers["Location"] = f"/api/relationships/{made}"
    return s.Opened(relationship=made)


@router.get("/relationships/{relationship}", tags=["relationships"])
def turn(me: Me, relationship: Name, response: Response) -> s.TurnNow:
    """Whose move it is and since when, the levels and why, what is due, what is proposed."""
    now = me.turn(relationship)
    response.headers["ETag"] = f'"{now.seq}"'
    return s.TurnNow.of(now)


@router.get("/relationships/{relationship}/entries", tags=["relationships"])
def entries(me: Me, relationship: Name, after: After = 0, limit: Most = PAGE) -> s.Entries:
    """The entries behind a seq, as you may read them."""
    found = me.entries(relationship, after, limit + 1)
    items = tuple(map(s.EntryNow.of, found[:limit]))
    return s.Entries(items=items, next=items[-1].seq if len(found) > limit else None)


@router.delete("/relationships/{relationship}/entries/{seq}/text", tags=["relationships"])
def redact(me: Me, relationship: Name, seq: Seq) -> s.WrittenNow:
    """Remove the text of an entry, in every copy of it; its facts stay, and the chain holds."""
    return s.WrittenNow.of(me.redact(relationship, seq))


@router.get("/relationships/{relationship}/notebook", tags=["relationships"])
def notebook(me: Me, relationship: Name) -> s.NotebookNow:
    """The learner's own principles and questions."""
    return s.NotebookNow.of(me.notebook(relationship))


@router.get("/relationships/{relationship}/trajectory", tags=["relationships"])
def trajectory(me: Me, relationship: Name) -> dict[str, Any]:
    """The documented course: start, obstacles, what moved each, where it is now."""
    return report.as_json(me.trajectory(relationship), [])


@router.post("/relationships/{relationship}/evidence", tags=["relationships"])
def evidence(me: Me, relationship: Name, id: EntryId = None) -> dict[str, Any]:  # noqa: A002
    """What changed, what moved it, what stayed. A look is an entry, and early ones count."""
    return evidence_as_json(me.evidence(relationship, id))


async def _watched(me: Me, relationship: Name) -> Session:
    """Refused before the stream begins: after it a status can no longer be said."""
    await run_in_threadpool(me.turn, relationship)
    return me


@router.get(
    "/relationships/{relationship}/events",
    tags=["relationships"],
    response_class=EventSourceResponse,
)
async def events(
    me: Annotated[Session, Depends(_watched)],
    request: Request,
    relationship: Name,
    after: After = 0,
    seconds: Annotated[float, Query(ge=0, le=600, description="Then connect again")] = 60,
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: that guidance is ready, and that somebody wrote; never a text."""
    watch: Watch = request.app.state.doors.watch
    end = time.monotonic() + seconds
    seq, told = after, frozenset[str]()
    while True:
        try:
            me = await _session(request, request.headers.get("authorization"))  # revoked meanwhile?
            now = await run_in_threadpool(me.turn, relationship)
        except TutelageError:
            return  # it is told when it connects again, where a status can be said
        for situation in now.may_read:
            if situation not in told:
                yield ServerSentEvent(
                    event="guidance", id=str(now.seq), data={"situation": situation}
                )
        told = frozenset(now.may_read)
        if now.seq > seq:
            yield ServerSentEvent(
                event="turn", id=str(now.seq), data={"seq": now.seq, "whose": now.whose}
            )
        left = end - time.monotonic()
        if left <= 0 or await watch.beyond(relationship, now.seq, left) is None:
            return
        seq = now.seq


# situations ------------------------------------------------------------------------------------
_AT = "/relationships/{relationship}/situations/{situation}"


@router.post(f"{_AT}/collect", tags=["situations"])
def collect(me: Me, relationship: Name, situation: Name) -> s.Collected:
    """Read the guidance that waits; from then on the decision is assisted."""
    found = tuple(map(s.GuidanceNow.of, me.collect(relationship, situation)))
    return s.Collected(items=found)


@router.get(f"{_AT}/context", tags=["situations"])
def context(me: Me, relationship: Name, situation: Name) -> s.ContextNow:
    """What reaches the learner to decide with: goal, own principles, guidance once read."""
    return s.ContextNow.of(me.context(relationship, situation))


@router.get(f"{_AT}/brief", tags=["situations"])
def brief(me: Me, relationship: Name, situation: Name) -> s.BriefNow:
    """What the trainer sees: the case, the own call, and its model of this learner."""
    return s.BriefNow.of(me.brief(relationship, situation))


@router.get(f"{_AT}/packet/{{subject}}", tags=["situations"])
def packet(me: Me, relationship: Name, situation: Name, subject: Subject) -> s.PacketNow:
    """What you were asked to rate: situation, what was said, and the anchors. Nothing else."""
    return s.PacketNow.of(me.packet(relationship, situation, subject))


# one route for each event ----------------------------------------------------------------------
def _writes(kind: str, cls: type[Event]) -> Callable[..., s.WrittenNow]:
    def write(
        me: Me,
        relationship: Name,
        event: Any,
        response: Response,
        id: EntryId = None,  # noqa: A002  # the word the envelope uses
        seen: Seen = None,
        occurred_at: Occurred = None,
        visibility: Visible = None,
    ) -> s.WrittenNow:
        written = me.write(
            relationship,
            event,
            id=id,
            occurred_at=occurred_at,
            visibility=visibility,
            seen=_seq(seen),
        )
        response.headers["ETag"] = f'"{written.state.seq}"'
        return s.WrittenNow.of(written)

    write.__annotations__ = {**write.__annotations__, "event": cls}
    write.__name__, write.__doc__ = kind, cls.__doc__
    return write


def _seq(etag: str | None) -> int | None:
    if etag is None or etag == "*":
        return None
    return int(etag.strip('"'))


for _kind, _cls in KINDS.items():
    if _cls.offered and _kind != "proposed":
        router.post(
            f"/relationships/{{relationship}}/{_kind.replace('_', '-')}",
            tags=["write"],
            operation_id=_kind,
            description=_cls.__doc__,
        )(_writes(_kind, _cls))


def api(desk: Tutelage, *, rate: float = RATE, burst: float = BURST, **more: Any) -> FastAPI:
    """The application: /api and its OpenAPI document, over this desk."""
    app = FastAPI(
        title="Tutelage",
        summary="One-to-one mentoring and coaching, for people and agents.",
        version=version("tutelage"),
        openapi_url="/api/openapi.json",
        docs_url=None,  # its page would load scripts from a foreign host
        redoc_url=None,
        **more,
    )
    app.state.doors = Doors(desk, rate=rate, burst=burst)
    app.include_router(router)
    handle(app)
    _secured(app)
    return app


def _secured(app: FastAPI) -> None:
    """Say in the document that every route under /api wants a key."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        parts = document.setdefault("components", {})
        parts["schemas"]["Problem"] = s.Problem.model_json_schema()
        parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"key": []}]
        return document

    app.openapi = openapi  # type: ignore[method-assign]
