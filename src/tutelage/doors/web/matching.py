"""Matching in the browser: what I say of myself, who is proposed to me, and a lead's rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from tutelage.domain.errors import Malformed, NotYours, TutelageError, Unknown
from tutelage.domain.terms import Mode
from tutelage.doors.web.looks import page
from tutelage.doors.web.programme import Typed, led, programmes, side_of
from tutelage.doors.web.reasons import LACKS, STATES, fitness, reason
from tutelage.doors.web.signing import Me, checked, home, html, session
from tutelage.doors.web.words import say, tell
from tutelage.evidence.assigning import Proposal
from tutelage.evidence.matching import Fit, Part
from tutelage.service.accounts import Signed
from tutelage.service.matching import Match, Matching
from tutelage.service.profile import MOST, Profile
from tutelage.service.programmes import Programme, Side

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
FACTS = frozenset({"mode", "reply", "load"})
Words = Annotated[str, Form()]
MOST_LOOKED = 600  # people whom a page looks through; beyond them a lead proposes unseen


def matching(request: Request) -> Matching:
    """The matches of this installation."""
    return Matching(request.app.state.doors.desk)


def _within(request: Request, me: Signed, name: str) -> tuple[Programme, tuple[Side, ...]]:
    """A programme that I joined, and as what. Raises Unknown."""
    mine = [(p, m.side) for p, m in programmes(request).of(me.person.name) if m.state == "joined"]
    sides = tuple(side for p, side in mine if p.name == name)
    if not sides:
        raise Unknown("unknown_programme", f"There is no programme {name} for you here.")
    return programmes(request).named(name), sides


# what I say of myself --------------------------------------------------------------------------
@router.get("/programmes/{name}/profile")
def profile(request: Request, me: Me, name: str) -> Response:
    """What I want to become able to do, or what I have handled."""
    return _profile(request, me, name)


def _profile(
    request: Request,
    me: Signed,
    name: str,
    status: int = 200,
    typed: Profile | None = None,
    error: str = "",
) -> Response:
    found, sides = _within(request, me, name)
    kept = matching(request).profiles
    said = {
        side: kept.of(name, me.person.name, side) or Profile(name, me.person.name, side)
        for side in sides
    }
    there = {side for side in sides if kept.of(name, me.person.name, side)}
    if typed is not None and typed.side in said:
        said[typed.side] = typed
    shown: dict[str, Any] = {"said": said, "there": there, "error": error, "most": MOST}
    return page("matching_profile", status, me=me, programme=found, **shown)


@router.post("/programmes/{name}/profile")
def keep(
    request: Request,
    me: Me,
    name: str,
    form: Words,
    side: Typed,
    able: Words = "",
    situations: Words = "",
    handled: Words = "",
    mode: Typed = "",
) -> Response:
    """Keep it; what is too long comes back as it was typed."""
    checked(request, me, form)
    _within(request, me, name)
    way: Mode | None = next((m for m in get_args(Mode) if m == mode), None)
    said = Profile(name, me.person.name, side_of(side), able, situations, handled, way)
    try:
        matching(request).profiles.keep(said)
    except Malformed as wrong:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _profile(request, me, name, status, said, say(wrong.message))
    return home(f"/programmes/{name}/matches")


@router.post("/programmes/{name}/profile/forget")
def forget(request: Request, me: Me, name: str, form: Words, side: Typed) -> Response:
    """Nothing is kept of what I said of myself."""
    checked(request, me, form)
    _within(request, me, name)
    matching(request).profiles.forget(name, me.person.name, side_of(side))
    return home(f"/programmes/{name}/profile")


# who is proposed to me -------------------------------------------------------------------------
@router.get("/programmes/{name}/matches")
def matches(request: Request, me: Me, name: str) -> Response:
    """Who is proposed to me, with what they say of themselves, and the reasons."""
    return _matches(request, me, name)


def _matches(
    request: Request, me: Signed, name: str, status: int = 200, error: str = ""
) -> Response:
    found, _sides = _within(request, me, name)
    kept, person = matching(request), me.person.name
    shown = [_shown(kept, m, person) for m in kept.mine(person, name)]
    return page("matches", status, me=me, programme=found, matches=shown, error=error)


def _shown(kept: Matching, match: Match, person: str) -> dict[str, Any]:
    """A match as one of the two sees it; of one that was declined no word of the other's."""
    over = match.state in {"declined", "lapsed"}
    quotes = {} if over else kept.quotes(match)
    return {
        "match": match,
        "other": match.other(person),
        "learns": match.side(person) == "learner",
        "mine": match.said(person),
        "texts": kept.texts(match, person),
        "reasons": [] if over else [reason(p, quotes) for p in match.parts],
        "asked": kept.asked(match, person),
        "wish": match.wish(person),
    }


@router.post("/programmes/{name}/matches/{id}")
def answer(
    request: Request,
    me: Me,
    name: str,
    id: str,  # noqa: A002
    form: Words,
    takes: Typed,
) -> Response:
    """Accept or decline; once both accepted, the relationship is proposed."""
    checked(request, me, form)
    kept = matching(request)
    try:
        _mine(kept, me, name, id)
        match = kept.answer(id, me.person.name, takes=takes == "yes")
        if match.state == "accepted" and match.after is None:
            return home(f"/r/{_begin(request, me, kept, match)}/agreement")
    except NotYours as refused:  # one of them has left meanwhile
        return _matches(request, me, name, refused.status, say(refused.message))
    return home(f"/programmes/{name}/matches")


def _mine(kept: Matching, me: Signed, name: str, key: str) -> Match:
    match = kept.match(key, me.person.name)
    if match.programme != name:
        raise Unknown("unknown_match", "Nothing of this kind was proposed to you.")
    return match


def _begin(request: Request, me: Signed, kept: Matching, match: Match) -> str:
    title = programmes(request).named(match.programme).title
    because = tell("Proposed to both in %(programme)s, and accepted by both.", programme=title)
    handled = say("It shows in what the trainer shares.")
    return kept.begin(session(request, me), match, because, handled)


@router.post("/programmes/{name}/matches/{id}/wish")
def wish(
    request: Request,
    me: Me,
    name: str,
    id: str,  # noqa: A002
    form: Words,
    wish: Typed,
) -> Response:
    """After the trial: go on, or look for another; the other of the two is not told."""
    checked(request, me, form)
    kept = matching(request)
    _mine(kept, me, name, id)
    kept.wishes(id, me.person.name, "another" if wish == "another" else "on")
    return home(f"/programmes/{name}/matches")


def tasks(request: Request, me: Signed) -> list[dict[str, str]]:
    """For the start page: proposals that wait for my answer, and trials that are over."""
    kept, person = matching(request), me.person.name
    return [_task(m, person, asks) for m in kept.mine(person) if (asks := _asks(kept, m, person))]


def _asks(kept: Matching, match: Match, person: str) -> str:
    if match.state == "proposed" and match.said(person) is None:
        return say("Somebody is proposed to you")
    if kept.asked(match, person):
        return say("Three situations are closed: go on, or look for another?")
    hands = match.state == "accepted" and match.after and match.learner == person
    return say("Hand over, or stay as you are") if hands else ""


def _task(match: Match, person: str, asks: str) -> dict[str, str]:
    to = f"/programmes/{match.programme}/matches"
    return {"asks": asks, "where": match.other(person), "to": to}


# the lead's ------------------------------------------------------------------------------------
@router.get("/programmes/{name}/matching")
def rounds(request: Request, me: Me, name: str) -> Response:
    """Who is with whom, how well it fits as far as counts say, and who would be proposed now."""
    return _rounds(request, me, name)


def _rounds(
    request: Request, me: Signed, name: str, status: int = 200, error: str = ""
) -> Response:
    found, kept = led(request, me, name), matching(request)
    small = len(programmes(request).members(name)) <= MOST_LOOKED
    would = kept.look(name) if small else ()
    shown: dict[str, Any] = {"round": kept.round(name), "error": error}
    shown |= {"small": small, "matches": [_fact(m) for m in kept.of(name)]}
    mine = me.person.name
    shown["would"] = _would(would, mine)
    shown["alone"] = [
        (p.seeker, say(LACKS[p.lacking]) if p.seeker != mine else "")
        for p in would
        if p.lacking is not None
    ]
    return page("matching", status, me=me, programme=found, **shown)


def _fact(match: Match) -> dict[str, Any]:
    """What a lead sees of a match: who, how far, whether one looks for another; counts."""
    return {
        "match": match,
        "state": say(STATES[match.state]),
        "fits": fitness(match.parts),
        "reasons": _counts(match.parts),
        "rematch": match.rematch,
    }


def _counts(parts: Iterable[Part]) -> list[str]:
    """Reasons as a lead reads them: none that rest on words, for words could be tried out."""
    return [reason(p, {}) for p in parts if p.kind in FACTS]


def _would(found: Sequence[Proposal], me: str) -> list[dict[str, Any]]:
    return [_one(p, p.fit, me) for p in found if p.fit is not None]


def _one(proposal: Proposal, fit: Fit, me: str) -> dict[str, Any]:
    """A proposal in counts; of a lead's own none, who could try words out to read the others'."""
    told = () if me in {fit.seeker, fit.guide} else fit.told
    return {
        "learner": fit.seeker,
        "trainer": fit.guide,
        "fits": fitness(told) if told else "",
        "reasons": _counts(told),
        "others": [o.guide for o in proposal.others] if me != fit.seeker else [],
    }


@router.post("/programmes/{name}/matching")
def propose(request: Request, me: Me, name: str, form: Words, seen: Typed) -> Response:
    """Propose to all who look for somebody; of two leads at once the second is told."""
    checked(request, me, form)
    led(request, me, name)
    try:
        number = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else -2
        matching(request).propose(name, me.person.name, number)
    except TutelageError as refused:
        return _rounds(request, me, name, refused.status, say(refused.message))
    return home(f"/programmes/{name}/matching")
