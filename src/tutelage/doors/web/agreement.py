"""The agreement: proposed, read in full, changed, and the people it names let in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import Response

from tutelage.domain.errors import TutelageError, Unknown
from tutelage.domain.events import AgreementAmended, Proposed
from tutelage.domain.relationship import Paper, Relationship
from tutelage.domain.terms import Party
from tutelage.doors.web import forms as f
from tutelage.doors.web import letters
from tutelage.doors.web.looks import page
from tutelage.doors.web.posted import one
from tutelage.doors.web.signing import Me, People, checked, home, html, origin, session
from tutelage.doors.web.words import tell
from tutelage.service.accounts import Accounts, Person, mail_address
from tutelage.service.accounts import Signed as Somebody
from tutelage.service.mail import Mailer
from tutelage.service.programmes import Programme
from tutelage.service.session import Session

router = APIRouter(include_in_schema=False, dependencies=[Depends(html)])
Sent = Mapping[str, str]
MARKS = ("withheld_guidance", "drawn_starts")


@router.get("/propose")
def propose(
    request: Request, me: Me, programme: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """The form of a proposal, in a programme if it came from there."""
    here = joined(request, me)
    found = next((p for p in here if p.name == programme), None)
    typed = {"programme": found.name, "concern_contact": found.contact or ""} if found else {}
    shown = {"typed": typed, "programmes": here}
    return page("propose", me=me, error="", id=f.fresh(), **shown)


def joined(request: Request, me: Somebody) -> list[Programme]:
    """The programmes that I am in: an agreement can name one of them."""
    found = request.app.state.doors.desk.programmes.of(me.person.name)
    return list(dict.fromkeys(p for p, m in found if m.state == "joined"))


@router.post("/propose")
async def proposed(request: Request, me: Me, people: People) -> Response:
    """Propose a relationship, as its learner or its trainer; sent twice, it is proposed once."""
    sent = one(await request.form())
    checked(request, me, sent.get("form", ""))
    try:
        event = _proposal(sent, me.person.name, people)
        name = session(request, me).open(event, id=sent.get("id") or None)
    except (TutelageError, ValueError) as problem:
        shown: dict[str, Any] = {"typed": sent, "error": f.kindly(problem)}
        shown["programmes"] = joined(request, me)
        shown["id"] = sent.get("id") or f.fresh()
        return page("propose", HTTPStatus.UNPROCESSABLE_ENTITY, me=me, **shown)
    return home(f"/r/{name}", sent.get("id", ""))


def _proposal(sent: Sent, me: str, people: Accounts) -> Proposed:
    agent = sent.get("they_are") == "agent"
    named = people.spelt(sent.get("other", "").strip() or "x")
    kind = {"kind": "agent", "owner": me} if agent else {"kind": "person"}
    other, myself = Party.model_validate({"id": named, **kind}), Party(id=me, kind="person")
    learns = sent.get("i_am") != "trainer"
    learner, trainer = (myself, other) if learns else (other, myself)
    said = {"learner": learner, "trainer": trainer, "handled": sent.get("handled", "")}
    return Proposed.model_validate({**said, **_terms(sent, trainer, people)})


def _terms(sent: Sent, trainer: Party | None, people: Accounts) -> dict[str, Any]:
    """What is agreed, as it was typed; what was left empty is left out."""
    kept = ("cadence", "ending", "concern_contact", "programme")
    said = {k: sent.get(k, "").strip() for k in kept}
    rater, days = people.spelt(sent.get("rater", "").strip()), sent.get("reply_days", "").strip()
    said["concern_contact"] = people.spelt(said["concern_contact"])
    return {
        "mode": "coach" if sent.get("mode") == "coach" else "mentor",
        "because": sent.get("because", ""),
        "raters": (Party(id=rater, kind="person"), trainer) if rater and trainer else (),
        "rated": sent.get("rated") != "nobody",
        **{mark: mark in sent for mark in MARKS},
        **{k: v for k, v in said.items() if v},
        **({"reply_days": days} if days else {}),
    }


def _typed(state: Relationship) -> dict[str, Any]:
    """The agreement in force, or the change of it that waits, as it would be typed."""
    paper = state.amended or state.agreement
    if paper is None:
        return {}
    terms = paper.entry.event
    kept = ("mode", "because", "cadence", "ending", "concern_contact", "reply_days", "programme")
    typed = {k: getattr(terms, k) for k in kept if getattr(terms, k) is not None}
    blind = [r.id for r in terms.raters if r.id not in state.trainers]
    raters = {"rater": blind[0]} if blind else {}
    marks = {mark: "yes" for mark in MARKS if getattr(terms, mark)}
    return {**typed, **raters, **marks, **({} if terms.rated else {"rated": "nobody"})}


# read and changed ------------------------------------------------------------------------------
@router.get("/r/{relationship}/agreement")
def agreement(request: Request, me: Me, people: People, relationship: str) -> Response:
    """What the two have agreed, what waits for a signature, and who is still to come in."""
    return _shown(request, me, people, relationship)


def _shown(
    request: Request, me: Somebody, people: Accounts, name: str, status: int = 200, **more: Any
) -> Response:
    mine = session(request, me)
    mine.turn(name)
    state = mine.desk.state(name)
    shown: dict[str, Any] = {
        "typed": _typed(state),
        "error": "",
        "link": "",
        "mailed": "",
        "id": f.fresh(),
    }
    shown |= more
    return page(
        "agreement",
        status,
        me=me,
        name=name,
        state=state,
        papers=[p for p in (state.agreement, state.amended) if p is not None],
        absent=absent(people, state),
        pair=pair_of(state),
        changes=state.agreed and state.life == "active",
        programmes=joined(request, me),
        **shown,
    )


@router.post("/r/{relationship}/agreement")
async def amend(request: Request, me: Me, people: People, relationship: str) -> Response:
    """Change the agreement; the change holds once both have signed it."""
    sent = one(await request.form())
    checked(request, me, sent.get("form", ""))
    try:
        mine = session(request, me)
        event = _change(mine, relationship, sent)
        mine.write(relationship, event, id=sent.get("id") or None)
    except (TutelageError, ValueError) as problem:
        shown: dict[str, Any] = {"typed": sent, "error": f.kindly(problem)}
        status = getattr(problem, "status", HTTPStatus.UNPROCESSABLE_ENTITY)
        return _shown(request, me, people, relationship, status, **shown)
    return home(f"/r/{relationship}#due", sent.get("id", ""))


def _change(mine: Session, name: str, sent: Sent) -> AgreementAmended:
    """The change; what the form does not ask for stays as it is."""
    mine.turn(name)
    state = mine.desk.state(name)
    kept = {k: getattr(state.terms, k, None) for k in ("design_situations", "latest_start")}
    said = _terms(sent, state.trainer, mine.desk.people)
    raters = _raters(state, said["raters"])
    kept = {k: v for k, v in kept.items() if v is not None}
    return AgreementAmended.model_validate({**kept, **said, "raters": raters})


def _raters(state: Relationship, said: tuple[Party, ...]) -> tuple[Party, ...]:
    """Who rates now: the one that the form shows may change, all others stay."""
    before = state.terms.raters if state.terms else ()
    shown = next((r.id for r in before if r.id not in state.trainers), None)
    known, others = {r.id: r for r in before}, [r for r in before if r.id != shown]
    first = [known.get(r.id, r) for r in said if r.id not in state.trainers]
    with_trainer = [r for r in said if r.id in state.trainers] if not before else []
    listed = {r.id: r for r in (*first, *others, *with_trainer)}
    rates = first or any(r.id not in state.trainers for r in others)
    return tuple(listed.values()) if rates else ()


# let in ----------------------------------------------------------------------------------------
def absent(people: Accounts, state: Relationship) -> list[str]:
    """The people whom the agreement names and who have no account here yet."""
    papers = (state.agreement, state.amended)
    named = {name: None for paper in papers if paper for name in _named(paper)}
    parties = (state.learner, state.trainer)
    both = {(p.owner or p.id): None for p in parties if p is not None}
    return [name for name in {**both, **named} if not people.known(name)]


def pair_of(state: Relationship) -> list[str]:
    """The two people, or who answers for them; a rater or a contact is let in by neither."""
    parties = (p for p in (state.learner, state.trainer) if p is not None)
    return [p.owner or p.id for p in parties]


def _named(paper: Paper) -> Iterator[str]:
    terms = paper.entry.event
    yield from (r.owner or r.id for r in terms.raters)
    if terms.concern_contact:
        yield terms.concern_contact


@router.post("/r/{relationship}/invite")
def invite(
    request: Request,
    me: Me,
    people: People,
    relationship: str,
    form: Annotated[str, Form()],
    name: Annotated[str, Form(max_length=64)],
    mail: Annotated[str, Form(max_length=254)] = "",
) -> Response:
    """A link for somebody whom the agreement names: by mail, or to be passed on."""
    checked(request, me, form)
    mine = session(request, me)
    mine.turn(relationship)
    state = mine.desk.state(relationship)
    if name not in absent(people, state) or name not in pair_of(state):
        said = tell("%(name)s needs no invitation here.", name=name)
        raise Unknown("not_absent", said)
    mailer: Mailer | None = getattr(request.app.state, "mailer", None)
    try:
        if mail.strip() and mailer:  # before an earlier link, which may be good, opens no more
            _checked_mail(request, mailer, me, mail.strip())
        secret = people.invite(name, me.person.name, mail.strip() or None)
    except TutelageError as refused:
        status, said = refused.status, f.kindly(refused)
        return _shown(request, me, people, relationship, status, refused=said, mail=mail)
    link = f"{origin(request)}/in/{secret}"
    if mailer is None or not mail.strip():
        return _shown(request, me, people, relationship, link=link, invited=name)
    person = Person(name, mail.strip(), me.person.language)
    mailer.send(mail.strip(), *letters.invited(person, link, me.person.name))
    return _shown(request, me, people, relationship, mailed=mail.strip(), invited=name)


def _checked_mail(request: Request, mailer: Mailer, me: Somebody, mail: str) -> None:
    """Refuse an address that is none, and more mails than a person writes. Raises TooMany."""
    mailer.check(mail_address(mail))
    request.app.state.asked.take(mail.lower())
    request.app.state.inviting.take(me.person.name)
