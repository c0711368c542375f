"""Where an AI steps aside: the person named in the agreement is offered, and what stays open."""

from __future__ import annotations

from dataclasses import dataclass

from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Role
from tutelage.doors.web import boxes
from tutelage.doors.web import forms as f
from tutelage.doors.web.words import tell


@dataclass(frozen=True, slots=True)
class Aside:
    """What a reader of this situation is offered: by whom it is read, who is named, a box."""

    reads: str  # learner, trainer or owner; or `trained`: a learner whose trainer is an AI
    contact: str | None
    trainer: str
    form: f.Form | None = None


def box(state: Relationship, known: Situation, me: str) -> Aside | None:
    """What this reader is offered here; an offer, and never a word about the person."""
    reads = _reads(state, known, me)
    if reads is None:
        return None
    contact = state.terms.concern_contact if state.terms else None
    trainer = state.trainer.id if state.trainer else ""
    writes = reads in {"learner", "trained"} and contact is not None
    return Aside(reads, contact, trainer, _form(state, contact) if writes else None)


def _reads(state: Relationship, known: Situation, me: str) -> str | None:
    roles, trainer = state.roles(me), state.trainer
    person = state.learner is not None and state.learner.kind == "person"
    agent = trainer is not None and trainer.kind == "agent"
    if Role.LEARNER in roles and person and agent:
        return "learner" if known.beyond is not None else "trained"
    if known.beyond is None:
        return None
    if Role.TRAINER in roles and not agent:
        return "trainer"
    return "owner" if agent and state.stands_in(me) else None


def _form(state: Relationship, contact: str | None) -> f.Form:
    title = tell("Raise a concern with %(contact)s", contact=contact)
    return boxes.box("concern_raised", state, title=title)
