"""Progress that is looked at: the trajectory, and the evidence, at which looks count."""

from __future__ import annotations

import hashlib
import re
import secrets
from base64 import b64encode
from dataclasses import replace
from html import escape
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import HTMLResponse, Response

from tutelage.doors import page as trajectories
from tutelage.doors.web import findings, paper
from tutelage.doors.web.looks import HEADERS, page
from tutelage.doors.web.signing import Me, checked, html, session
from tutelage.doors.web.telling import plainly
from tutelage.doors.web.words import say
from tutelage.service.session import Session

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
POLICY = "Content-Security-Policy"
# begins with plain letters: half a megabyte is then searched at the speed of memory
_STYLES = re.compile(r'style(?:>(.*?)</style>|="([^"]*)")', re.DOTALL)


def policy(body: str) -> str:
    """The policy of a self-contained page: these styles, and nothing else.

    What people wrote cannot bring in a style: in it, quotes and brackets are escaped.
    """
    found = {block or inline for block, inline in _STYLES.findall(body)}
    hashes = sorted(b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in found)
    allowed = " ".join(f"'sha256-{one}'" for one in hashes)
    alone = HEADERS[POLICY].replace("script-src 'self'; connect-src 'self'; ", "")
    return alone.replace("style-src 'self'", f"style-src 'unsafe-hashes' {allowed}")


def _labelled(body: str, mine: Session, name: str) -> str:
    """The page with who of the two is an AI, before anything either said."""
    state = mine.desk.state(name)
    pair = [p.id for p in (state.learner, state.trainer) if p is not None]
    said = ", ".join(f"{p}: {say('AI agent')}" for p in pair if p in state.agents)
    return body.replace("<body>", f"<body><p>{escape(said)}</p>", 1) if said else body


def _alone(body: str, name: str, more: str = "") -> HTMLResponse:
    """A self-contained page, with the way back on it."""
    link = f'<a style="color:inherit" href="/r/{escape(name)}">← {say("Back")}</a>{more}'
    body = body.replace("<body>", f"<body><nav>{link}</nav><main>", 1)
    body = body.replace("</body>", "</main></body>")
    return HTMLResponse(body.encode("utf-8", "replace"), headers={**HEADERS, POLICY: policy(body)})


def _course(mine: Session, name: str) -> str:
    """The trajectory as people read it: what its evidence computed stands in the evidence."""
    found = mine.trajectory(name)
    found = replace(found, masterpiece=plainly(found.masterpiece))
    return trajectories.page(found, rated=_rated(mine, name))


def _rated(mine: Session, name: str) -> bool:
    """Whether anybody rates, by the agreement."""
    terms = mine.desk.state(name).terms
    return terms is None or terms.rated


@router.get("/r/{relationship}/progress")
def progress(request: Request, me: Me, relationship: str) -> Response:
    """The documented course, as one page that stands on its own."""
    mine = session(request, me)
    body = _labelled(_course(mine, relationship), mine, relationship)
    at = f"/r/{escape(relationship)}/trajectory.pdf"
    more = f' · <a style="color:inherit" href="{at}">{say("As PDF, for a portfolio")}</a>'
    return _alone(body, relationship, more)


@router.get("/r/{relationship}/trajectory.html")
def portfolio(request: Request, me: Me, relationship: str) -> Response:
    """The same as a file, for a portfolio."""
    mine = session(request, me)
    body = _labelled(_course(mine, relationship), mine, relationship)
    named = {"Content-Disposition": 'attachment; filename="trajectory.html"', POLICY: policy(body)}
    return HTMLResponse(body.encode("utf-8", "replace"), headers={**HEADERS, **named})


@router.get("/r/{relationship}/trajectory.pdf")
def on_paper(request: Request, me: Me, relationship: str) -> Response:
    """The same on one to four pages, as PDF."""
    mine = session(request, me)
    found, desk = mine.trajectory(relationship), mine.desk
    return pdf(paper.course(found, desk.state(relationship), desk.clock()), "trajectory")


def pdf(body: bytes, name: str) -> Response:
    """A PDF to be kept."""
    named = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(body, media_type="application/pdf", headers={**HEADERS, **named})


@router.get("/r/{relationship}/evidence")
def ask(request: Request, me: Me, relationship: str) -> Response:
    """A look counts: so it is a button, not a link."""
    session(request, me).turn(relationship)
    return page("evidence", me=me, name=relationship, id=f"f{secrets.token_hex(12)}")


@router.post("/r/{relationship}/evidence")
def look(
    request: Request,
    me: Me,
    relationship: str,
    form: Annotated[str, Form()],
    id: Annotated[str, Form(max_length=64)],  # noqa: A002
) -> Response:
    """What changed, what moved it, what stayed; a page loaded again counts once."""
    checked(request, me, form)
    mine = session(request, me)
    found = mine.evidence(relationship, id or None)
    body = findings.page(found, rated=_rated(mine, relationship))
    return _alone(_labelled(body, mine, relationship), relationship)
