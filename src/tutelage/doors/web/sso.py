"""Single sign-on: off to the provider, back with a code, and then the account that is theirs."""

from __future__ import annotations

import hmac
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from tutelage.domain.errors import Conflict, NoKey, NotYours, TutelageError, Unknown
from tutelage.doors.web import words
from tutelage.doors.web.looks import page
from tutelage.doors.web.provided import SignOns
from tutelage.doors.web.signing import (
    COOKIE,
    Me,
    People,
    checked,
    counted,
    home,
    html,
    invites,
    origin,
    ours,
    signed_in,
)
from tutelage.service.accounts import Signed
from tutelage.service.subjects import Identity

if TYPE_CHECKING:
    from tutelage.service.oidc import Flow  # 300 ms, where nobody needs it

FLOW, TICKET = "sso", "sso-who"
LASTS = timedelta(minutes=10)  # a second factor takes its time
NAMED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"


def sign_ons(request: Request) -> SignOns:
    """Single sign-on, where it is set up. Raises Unknown."""
    found: SignOns | None = request.app.state.sign_ons
    if found is None:
        raise Unknown("no_sign_on", "There is no single sign-on here; ask for a link.")
    return found


Sso = Annotated[SignOns, Depends(sign_ons)]
Said = Annotated[str, Query(max_length=4096)]
router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])


@router.get("/sso")
def start(request: Request, sso: Sso, invited: Said = "") -> Response:
    """Off to the provider."""
    value = sso.seal.close("flow", LASTS, invited=invited[:64])
    gone = RedirectResponse(sso.provider.start(_back(request), sso.flow(value)), HTTPStatus.FOUND)
    return _keeps(request, gone, FLOW, value)


@router.get("/sso/back")
def back(
    request: Request,
    sso: Sso,
    people: People,
    state: Said = "",
    code: Said = "",
    iss: Said = "",
) -> Response:
    """Back from the provider: signed in, or asked for what is still open."""
    value = request.cookies.get(FLOW, "")
    begun = _begun(sso, value, state)
    try:
        who = _who(request, sso, sso.flow(value), code, iss)
    except NoKey:
        counted(request)
        raise
    me = people.open(request.cookies.get(COOKIE))
    if me is not None:
        words.speaks(me.person.language)
        return _adds(request, sso, me, who)
    return _enters(request, sso, people, who, begun["invited"])


def _begun(sso: SignOns, value: str, state: str) -> dict[str, str]:
    """What this browser began, and did not end yet. Raises NoKey."""
    found = sso.seal.open("flow", value)
    fits = hmac.compare_digest(state.encode("utf-8", "replace"), sso.flow(value).state.encode())
    if found is None or not fits or not sso.seal.once(found):
        raise _expired()
    return found


def _who(request: Request, sso: SignOns, flow: Flow, code: str, issuer: str) -> Identity:
    if not code or issuer not in {"", sso.provider.settings.issuer}:
        raise NoKey("sign_on_ended", "You did not sign in there; begin again, or ask for a link.")
    return sso.provider.identity(_back(request), code, flow)


def _adds(request: Request, sso: SignOns, me: Signed, who: Identity) -> Response:
    """Somebody who is signed in came back: they are asked whether to sign in so from now on."""
    known = sso.subjects.known(who)
    if known is None:
        return _asks(request, sso, who, "/sso/keep")
    if known.name != me.person.name:
        raise Conflict(
            "sign_in_taken", "This sign-in belongs to another account here; sign out first."
        )
    return home(to="/me")


def _enters(
    request: Request, sso: SignOns, people: People, who: Identity, invitation: str
) -> Response:
    opened = sso.subjects.enter(who, request.headers.get("user-agent", ""))
    if opened is not None:
        return _forgets(signed_in(request, opened))
    good = invites(people, invitation)
    if not good and not sso.provider.settings.join:
        raise NotYours(
            "sign_on_stranger",
            "There is no account here for you yet. If you have one, sign in by a link and add this "
            "way under your name; if not, ask for an invitation.",
        )
    return _asks(request, sso, who, "/sso/join", invitation if good else "")


# joining ---------------------------------------------------------------------------------------
@router.get("/sso/join")
def name_asked(request: Request, sso: Sso) -> Response:
    """Under which name does somebody new join?"""
    who, _invitation = _ticket(request, sso)
    called = "".join(c for c in who.called.partition("@")[0] if c in NAMED).lstrip("._-")
    return page("sso_join", me=None, who=who, typed=called[:64], error="")


@router.post("/sso/join")
def join(
    request: Request, sso: Sso, people: People, name: Annotated[str, Form(max_length=64)]
) -> Response:
    """A new account under this name, signed in."""
    ours(request)
    who, invitation = _ticket(request, sso)
    try:
        opened = sso.subjects.join(
            who, name.strip(), request.headers.get("user-agent", ""), invitation
        )
    except TutelageError as error:
        shown: dict[str, Any] = {"who": who, "typed": name, "error": words.say(error.message)}
        return page("sso_join", error.status, me=None, **shown)
    signed = people.open(opened)
    if signed is not None:  # an invitation may be for another name than was typed
        people.speaks(signed.person.name, words.language())  # they were greeted so, and go on in it
    return _forgets(signed_in(request, opened))


# adding, and leaving out -----------------------------------------------------------------------
@router.get("/sso/keep")
def keep_asked(request: Request, sso: Sso, me: Me) -> Response:
    """Shall this sign-in open my account from now on?"""
    who, _invitation = _ticket(request, sso)
    return page("sso_keep", me=me, who=who, sso=sso.name)


@router.post("/sso/keep")
def keep(request: Request, sso: Sso, me: Me, form: Annotated[str, Form()]) -> Response:
    """Sign in so from now on."""
    checked(request, me, form)
    who, _invitation = _ticket(request, sso)
    sso.subjects.keep(me.person.name, who)
    return _forgets(home(to="/me"))


@router.post("/sso/drop")
def drop(request: Request, sso: Sso, me: Me, form: Annotated[str, Form()]) -> Response:
    """Sign in so no more; whoever has no address could not come in again."""
    checked(request, me, form)
    if me.person.mail is None:
        raise Conflict("only_way_in", "Without a mail address this is your only way in.")
    sso.subjects.drop(me.person.name, sso.provider.settings.issuer)
    return home(to="/me")


# what the browser keeps ------------------------------------------------------------------------
def _asks(request: Request, sso: SignOns, who: Identity, to: str, invitation: str = "") -> Response:
    """Off to a question, with who they are under our seal."""
    said = {"issuer": who.issuer, "subject": who.subject, "mail": who.mail, "called": who.called}
    value = sso.seal.close("ticket", LASTS, invitation=invitation, **said)
    return _keeps(request, home(to=to), TICKET, value)


def _ticket(request: Request, sso: SignOns) -> tuple[Identity, str]:
    """Who came back from the provider, and by which invitation. Raises NoKey."""
    found = sso.seal.open("ticket", request.cookies.get(TICKET))
    if found is None:
        raise _expired()
    who = Identity(*(found[part] for part in ("issuer", "subject", "mail", "called")))
    return who, found["invitation"]


def _expired() -> NoKey:
    return NoKey(
        "sign_on_expired",
        "This sign-in was begun elsewhere, ended already, or is too old; begin again.",
    )


def _back(request: Request) -> str:
    return f"{origin(request)}/sso/back"


def _keeps(request: Request, gone: Response, cookie: str, value: str) -> Response:
    gone.set_cookie(
        cookie,
        value,
        max_age=int(LASTS.total_seconds()),
        path="/sso",
        httponly=True,
        samesite="lax",  # it comes along when the provider sends somebody back
        secure=request.url.scheme == "https",
    )
    return gone


def _forgets(gone: Response) -> Response:
    for cookie in (FLOW, TICKET):
        gone.delete_cookie(cookie, path="/sso")
    return gone
