"""Who sees what: entries as one viewer may read them, and the projection row that lists need."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tutelage.domain.entry import Entry, join, split
from tutelage.domain.errors import NotYours
from tutelage.domain.events import (
    CheckedIn,
    ConcernRaised,
    GuidanceGiven,
    Noted,
    ProbeDrawn,
    Rated,
    RatingAsked,
)
from tutelage.domain.relationship import Relationship
from tutelage.domain.terms import Role, Visibility
from tutelage.domain.text import Stored
from tutelage.guidance.turn import Waiting, waiting

_TRAINS = frozenset({Role.TRAINER, Role.OWNER})
_REPLIES = frozenset({Role.LEARNER, Role.TRAINER})
_NO_REPLY = frozenset({"open_situation"})  # nobody waits for it
DUE_LIMIT = 64  # what waits, as listed in the projection row; the rest shows once these are done


def visible(
    state: Relationship,
    entries: Iterable[Entry[Any]],
    viewer: str,
    only: frozenset[Role] | None = None,
) -> Iterator[Entry[Any]]:
    """The entries this viewer may read; to the learner, an unread guidance text is not there.

    Where `only` is given, the viewer has these of its roles, and wrote what it wrote in them.
    """
    roles = state.roles(viewer) if only is None else state.roles(viewer) & only
    for entry in entries:
        said = entry.actor == viewer and entry.role is not Role.SYSTEM
        wrote = said and (only is None or entry.role in only)
        if not (wrote or _may_see(state, entry, viewer, roles)):
            continue
        if _unread(state, entry) and not (roles & _TRAINS and _guides(state, viewer)):
            yield entry._replace(event=_hidden(entry.event), findings=None)
        else:
            yield entry


def may_read(state: Relationship, viewer: str) -> bool:
    """Whether somebody has any business here: a role, or the contact for concerns."""
    contact = state.terms.concern_contact if state.terms else None
    return bool(state.roles(viewer)) or viewer == contact


def may_redact(
    state: Relationship, entry: Entry[Any], actor: str, only: Role | None = None
) -> Role:
    """In which role somebody removes the text of an entry. Raises NotYours."""
    roles = state.roles(actor) if only is None else state.roles(actor) & {only}
    parties = [p for p in (state.learner, state.trainer) if p is not None]
    mine = {actor, *(p.id for p in parties if p.owner == actor and Role.OWNER in roles)}
    learns = parties[0].id in mine and bool(roles & {Role.LEARNER, Role.OWNER})
    if roles and (entry.actor in mine or (learns and not _aside(entry))):
        return next(r for r in Role if r in roles)
    raise NotYours("not_yours", "You remove the texts you wrote; the learner any in its course.")


def _aside(entry: Entry[Any]) -> bool:
    """Whether it was said outside the pair: nobody else may make a note or a concern disappear."""
    private = isinstance(entry.event, Noted | CheckedIn | ConcernRaised)
    return private and entry.visibility is not Visibility.PAIR


def _may_see(state: Relationship, entry: Entry[Any], viewer: str, roles: frozenset[Role]) -> bool:
    event = entry.event
    if isinstance(event, ProbeDrawn):
        known = state.find(event.situation)
        if known is not None and known.decision is None:
            return False  # hidden from the pair until the decision
    match entry.visibility:
        case Visibility.OWN:
            return False
        case Visibility.NAMED:
            return viewer in _named(state, event)
        case _:
            return bool(roles & {Role.LEARNER, Role.TRAINER, Role.OWNER})


def _named(state: Relationship, event: Any) -> frozenset[str]:
    match event:
        case RatingAsked(rater=rater):
            return frozenset({rater})
        case ConcernRaised():
            contact = state.terms.concern_contact if state.terms else None
            return frozenset({contact} if contact else ())
        case Rated():
            return frozenset(r.id for r in state.raters)
        case _:
            return frozenset()


def _guides(state: Relationship, viewer: str) -> bool:
    """Whether this is the trainer or its owner; a learner that owns its trainer is the learner."""
    trainer, learner = state.trainer, state.learner
    if trainer is None or (learner is not None and learner.id == viewer):
        return False
    return viewer in {trainer.id, trainer.owner}


def _unread(state: Relationship, entry: Entry[Any]) -> bool:
    event = entry.event
    if not isinstance(event, GuidanceGiven):
        return False
    known = state.find(event.situation)
    given = known.guidance if known else ()
    return any(g.entry.seq == entry.seq and g.read is None for g in given)


def _hidden(event: Any) -> Any:
    facts, _texts = split(event)
    return join(facts, Stored(None, "unread"))


def _owners(state: Relationship) -> set[str]:
    return {p.owner for p in (state.learner, state.trainer) if p is not None and p.owner}


def _parties(state: Relationship) -> set[str]:
    """Everybody whom the agreement names: nobody else may come in under such a name."""
    terms = [p.entry.event for p in (state.agreement, state.amended) if p is not None]
    parties = [state.learner, state.trainer, *(r for t in terms for r in t.raters)]
    contacts = {str(t.concern_contact) for t in terms if t.concern_contact}
    return {p.id for p in parties if p is not None} | _owners(state) | contacts


def project(state: Relationship) -> dict[str, Any]:
    """The projection row: what lists and workers need, never a text."""
    waits = sorted(waiting(state), key=lambda w: w.seq)[:DUE_LIMIT]
    first = waits[0] if waits else None
    due = [[w.what, w.role.value, w.actor, w.situation, w.seq] for w in waits]
    decided = sum(s.decision is not None for s in state.open.values()) + len(state.closed)
    return {
        "seq": state.seq,
        "origin": state.origin,
        "arm": state.arm,
        "learner": state.learner.id if state.learner else "",
        "trainer": state.trainer.id if state.trainer else "",
        "life": state.life,
        "phase": state.phase.value if state.phase else None,
        "whose": first.role.value if first else None,
        "since": first.since.isoformat() if first else None,
        "due": json.dumps(due),
        "levels": json.dumps({k: s.level.word for k, s in state.levels.items()}),
        "situations": len(state.closed) + len(state.open),
        "decided": decided,
        "owners": json.dumps(sorted(_owners(state))),
        "named": json.dumps(sorted(_parties(state))),
        **_to_programme(state, waits),
        "talks": len(state.planned),
        "news_at": _stamp(state.news[-1].at if state.news else None),
    }


def _to_programme(state: Relationship, waits: Sequence[Waiting]) -> dict[str, Any]:
    """What the programme reads of it besides, where there is one: who, when, and what is late."""
    learner, here = state.learner, state.programme is not None
    days = timedelta(days=state.terms.reply_days if state.terms else 0)
    replies = [w.since + days for w in waits if w.role in _REPLIES and w.what not in _NO_REPLY]
    support = state.support.written_at if state.support and here else None
    return {
        "programme": state.programme,
        "answers": (learner.owner or learner.id) if learner else None,
        "said_at": _stamp(state.said_at),
        "late_at": _stamp(min(replies, default=None)),
        "support_at": _stamp(support),
        "shown": here and state.levels_shown,
    }


def _stamp(moment: datetime | None) -> str | None:
    """A time as two of them are compared in the database: as texts."""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")
