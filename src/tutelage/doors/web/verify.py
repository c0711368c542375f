"""What everybody may check who has the address of a credential, or the credential itself.

Nobody needs an account for it, and no page lists them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import JSONResponse, Response

from tutelage.domain.errors import Malformed, Unknown
from tutelage.doors.exchange import badge
from tutelage.doors.exchange import status as statuses
from tutelage.doors.web.looks import HEADERS, page
from tutelage.doors.web.signing import counted, html
from tutelage.service.credentials import Credential, Credentials

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
ID = re.compile(r"[0-9a-f]{32}")
LONGEST = 64 * 1024  # characters that are looked at
OPEN = {**HEADERS, "Access-Control-Allow-Origin": "*"}
"""For what other sites' checkers fetch."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check: does it hold, whose it is, what it says."""

    known: Credential
    holder: str = ""
    claim: badge.Claim | None = None
    issuer: str = ""

    @property
    def holds(self) -> bool:
        """Whether it is what was signed here, and not revoked."""
        return self.known.revoked_at is None and self.claim is not None

    @property
    def chosen(self) -> str:
        """The pair's own words in it, without the marks that keep them plain."""
        return re.sub(r"\\(.)", r"\1", self.claim.goal) if self.claim else ""


def _kept(request: Request) -> Credentials:
    kept: Credentials | None = request.app.state.credentials
    if kept is None:
        raise Unknown("unknown_credential", "There is no such credential here.")
    return kept


@router.get("/verify")
def box() -> Response:
    """A box for a credential, to be checked."""
    return _page(None)


@router.post("/verify")
def check(request: Request, credential: Annotated[str, Form()] = "") -> Response:
    """Check what somebody was given."""
    try:
        return _page(_check(_kept(request), "".join(credential[:LONGEST].split())))
    except (Malformed, Unknown) as problem:
        return _page(None, problem.status, problem.message)


def _check(kept: Credentials, token: str) -> Checked:
    """What this credential is. Raises Malformed, or Unknown where it is not kept."""
    claims = kept.issuer.read(token)
    known = kept.find(str(claims.get("jti")).rpartition("/")[2])
    return _said(known, claims)


def _said(known: Credential, claims: dict[str, Any]) -> Checked:
    if known.revoked_at is not None:  # whoever holds a copy has its words; we repeat none
        return Checked(known)
    return Checked(known, *badge.read(claims), claims["iss"])


def _page(found: Checked | None, status: int = 200, error: str = "") -> Response:
    shown: dict[str, Any] = {"found": found, "error": error, "labels": badge.LABELS}
    shown |= {"names": badge.NAMES, "says": badge.DESCRIPTIONS, "shows": badge.CRITERIA}
    return page("verify", status, me=None, **shown)


@router.get("/verify/{credential}")
def seen(request: Request, credential: str) -> Response:
    """What is claimed, by whom it was signed, and whether it holds."""
    kept = _kept(request)
    known = _find(request, credential)
    if known.jws is None:
        return _page(Checked(known))
    try:
        return _page(_said(known, kept.issuer.read(known.jws)))
    except Malformed as problem:  # somebody changed it in the database
        return _page(None, HTTPStatus.CONFLICT, problem.message)


def _find(request: Request, credential: str) -> Credential:
    """The credential of this id; who asks for ids that are none is slowed down. Raises Unknown."""
    try:
        return _kept(request).find(credential if ID.fullmatch(credential) else "")
    except Unknown:
        counted(request)
        raise


@router.get("/verify/{credential}/credential.jwt")
def signed(request: Request, credential: str) -> Response:
    """The credential itself, to be kept in a wallet."""
    known = _find(request, credential)
    if known.jws is None:
        raise Unknown("revoked", "This credential was revoked.")
    named = {"Content-Disposition": 'attachment; filename="credential.jwt"'}
    return Response(known.jws, media_type="application/vc+jwt", headers={**OPEN, **named})


@router.get("/verify/{credential}/status")
def status(request: Request, credential: str) -> Response:
    """Whether it was revoked, for programs."""
    known, issuer = _find(request, credential), _kept(request).issuer
    here, now = f"{badge.address(issuer.at, known.id)}/status", request.app.state.doors.desk.clock()
    said = statuses.document(here, issuer.at, now, revoked=known.revoked_at is not None)
    return Response(issuer.sign(said), media_type="application/vc+jwt", headers=OPEN)


@router.get("/.well-known/jwks.json")
def keys(request: Request) -> Response:
    """The public keys that sign here."""
    return JSONResponse({"keys": _kept(request).issuer.published()}, headers=OPEN)


@router.get("/keys/{thumbprint}")
def key(request: Request, thumbprint: str) -> Response:
    """One of them, by the address that a credential names."""
    for one in _kept(request).issuer.published():
        if one["kid"].endswith(f"/keys/{thumbprint}"):
            return JSONResponse(one, headers=OPEN)
    raise Unknown("unknown_key", "There is no such key here.")


@router.get("/achievements/{kind}")
def achievement(request: Request, kind: str) -> Response:
    """What can be achieved here, as credentials name it."""
    for known in badge.NAMES:
        if known == kind:
            return JSONResponse(badge.achievement(known, _kept(request).issuer.at), headers=OPEN)
    raise Unknown("unknown_achievement", "There is no such achievement here.")
