"""What a learner takes along: a credential, looked at before it is signed, and taken back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from tutelage.domain.errors import Malformed, NotYours, Refused, TutelageError
from tutelage.domain.relationship import Relationship
from tutelage.doors.exchange import badge
from tutelage.doors.web import forms as f
from tutelage.doors.web.looks import page
from tutelage.doors.web.posted import one
from tutelage.doors.web.signing import Me, checked, home, html, session
from tutelage.service.accounts import Signed as Somebody
from tutelage.service.credentials import Award, Credentials, Kind, gone
from tutelage.service.session import Session
from tutelage.service.statements import Statements

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
NAME = 80  # letters on a credential
KINDS: tuple[Kind, ...] = ("threshold", "masterpiece")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a learner chose to have signed."""

    award: Award
    claim: badge.Claim
    holder: badge.Holder

    @property
    def seen(self) -> str:
        """A digest of all that will be public, so that nothing else is signed than was shown."""
        said = repr(
            (self.award, self.claim, self.holder.name, self.holder.chosen, self.holder.mail)
        )
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


@router.get("/r/{relationship}/credential")
def offered(request: Request, me: Me, relationship: str) -> Response:
    """What can be taken along here, and what was."""
    return _offered(request, me, relationship)


def _offered(
    request: Request,
    me: Somebody,
    name: str,
    status: int = 200,
    error: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    state, kept = _mine(session(request, me), name), request.app.state.credentials
    mine = kept.of(name, me.person.name) if kept else []
    holding = {c.kind for c in mine if c.revoked_at is None}
    shown: dict[str, Any] = {"kinds": [k for k in _standing(state) if k not in holding]}
    shown |= {"names": badge.NAMES, "signs": kept is not None, "taken": mine, "error": error}
    shown |= {"typed": typed or {}, "id": f.fresh(), "learner": state.learner}
    shown["allowed"] = _statements(request).since(name)
    return page("carried", status, me=me, name=name, **shown)


def _mine(mine: Session, name: str) -> Relationship:
    """The state, for its learner or who answers for it. Raises NotYours, Unknown."""
    mine.turn(name)
    state = mine.desk.state(name)
    if "learner" not in state.sides(mine.actor):
        raise NotYours("not_your_role", "Only the learner takes this along.")
    return state


def _standing(state: Relationship) -> Iterator[Kind]:
    return (kind for kind in KINDS if getattr(state, kind) is not None)


@router.post("/r/{relationship}/credential/look")
async def looked(request: Request, me: Me, relationship: str) -> Response:
    """All that will be public, before it is; nothing is kept yet."""
    sent = one(await request.form())
    checked(request, me, sent.get("form", ""))
    return _shown(request, me, relationship, sent)


def _shown(
    request: Request, me: Somebody, name: str, sent: Mapping[str, str], error: str = ""
) -> Response:
    mine = session(request, me)
    try:
        _keeper(request)
        wanted = _wanted(mine, me, name, sent)
    except (TutelageError, ValueError) as problem:
        status = getattr(problem, "status", HTTPStatus.UNPROCESSABLE_ENTITY)
        return _offered(request, me, name, status, f.kindly(problem), sent)
    made = _document(request, wanted, "…", mine.desk.clock())
    status = HTTPStatus.CONFLICT if error else HTTPStatus.OK
    shown: dict[str, Any] = {"wanted": wanted, "labels": badge.LABELS, "names": badge.NAMES}
    shown |= {"made": json.dumps(made, ensure_ascii=False, indent=2), "sent": sent, "error": error}
    return page("carried_look", status, me=me, name=name, **shown)


@router.post("/r/{relationship}/credential")
async def take(request: Request, me: Me, relationship: str) -> Response:
    """Sign it, and show it where everybody can who has its address."""
    sent = one(await request.form())
    checked(request, me, sent.get("form", ""))
    mine, kept = session(request, me), _keeper(request)
    try:
        wanted = _wanted(mine, me, relationship, sent)
        if wanted.seen != sent.get("seen"):
            return _shown(request, me, relationship, sent, _CHANGED)
        made = kept.issue(wanted.award, lambda id_, now: _document(request, wanted, id_, now))
    except (TutelageError, ValueError) as problem:
        status = getattr(problem, "status", HTTPStatus.UNPROCESSABLE_ENTITY)
        return _offered(request, me, relationship, status, f.kindly(problem), sent)
    return home(to=f"/verify/{made.id}")


_CHANGED = "Something changed since you looked. This is what would be signed now."


def _wanted(mine: Session, me: Somebody, name: str, sent: Mapping[str, str]) -> Wanted:
    """What was chosen, as far as it stands. Raises Refused, Malformed."""
    state = _mine(mine, name)
    kind = next((k for k in _standing(state) if k == sent.get("kind")), None)
    if kind is None or state.arm is not None:
        raise Refused("nothing_certified", "Nothing of this kind is certified here.")
    award = getattr(state, kind)
    if any(c.seq > award.seq for c in state.contested):
        said = "A level is contested since; agree on it first, then take this along."
        raise Refused("contested", said)
    found = mine.evidence(name, sent.get("id") or None)
    chosen = {part: bool(sent.get(part)) for part in ("goal", "criteria")}
    claim = badge.claim(mine.desk.state(name), found, kind, **chosen)
    rests = badge.rests(state, claim)
    if gone(row.texts for seq in rests for row in mine.desk.ledger.rows(name, seq - 1, seq)):
        raise Refused("text_erased", "A text that it rests on was erased; nothing is certified.")
    person = Award(name, award.seq, kind, me.person.name, rests)
    return Wanted(person, claim, _holder(state, me, sent, mine))


def _holder(
    state: Relationship, me: Somebody, sent: Mapping[str, str], mine: Session
) -> badge.Holder:
    said = " ".join(sent.get("name", "").split())
    if len(said) > NAME or not said.isprintable():
        raise Malformed("bad_name", f"A name has at most {NAME} letters, and nothing else in it.")
    mail = (me.person.mail or "") if sent.get("mail") else ""
    account = state.learner.id if state.learner else me.person.name
    salt = mine.desk.entropy(16).hex() if mail else ""
    return badge.Holder(said or account, bool(said), mail, salt)


def _document(request: Request, wanted: Wanted, id_: str, now: datetime) -> dict[str, Any]:
    at = _keeper(request).issuer.at
    return badge.document(wanted.claim, wanted.holder, at, id_, now)


def _keeper(request: Request) -> Credentials:
    """Where credentials are kept. Raises Refused where the server has no address to sign with."""
    kept: Credentials | None = request.app.state.credentials
    if kept is None:
        said = "This server was not told how it is reached (TUTELAGE_AT), so it cannot sign."
        raise Refused("no_address", said)
    return kept


def _statements(request: Request) -> Statements:
    desk = request.app.state.doors.desk
    return Statements(desk.ledger.engine, desk.clock)


@router.post("/r/{relationship}/statements")
def allow(
    request: Request,
    me: Me,
    relationship: str,
    form: Annotated[str, Form()],
    may: Annotated[Literal["yes", "no"], Form()],
) -> Response:
    """Let facts go to a learning record store, or stop them."""
    checked(request, me, form)
    _mine(session(request, me), relationship)
    if may == "yes":
        _statements(request).allow(relationship, me.person.name)
    else:
        _statements(request).stop(relationship)
    return home(to=f"/r/{relationship}/credential")


@router.post("/r/{relationship}/credential/revoke")
def revoke(
    request: Request,
    me: Me,
    relationship: str,
    form: Annotated[str, Form()],
    credential: Annotated[str, Form(max_length=32)],
) -> Response:
    """Take a credential back, for good."""
    checked(request, me, form)
    _mine(session(request, me), relationship)
    _keeper(request).revoke(credential, me.person.name)
    return home(to=f"/r/{relationship}/credential")
