"""A session: what one authenticated actor may do, the same through every door.

The desk believes whom it is given; a session knows who came in, by which key, and lets through
only what this key opens. A rater stays blind: it sees the packets it was asked to rate.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa

from tutelage.domain.entry import Entry
from tutelage.domain.errors import Malformed, NotYours, Unknown
from tutelage.domain.events import (
    AgreementAmended,
    Event,
    EvidenceViewed,
    HandedOver,
    Proposed,
)
from tutelage.domain.relationship import Relationship
from tutelage.domain.terms import Party, Role, Subject, Visibility
from tutelage.guidance import notebook as notebooks
from tutelage.guidance.brief import Brief, Context, Packet
from tutelage.guidance.evidence import Evidence
from tutelage.guidance.notebook import Notebook
from tutelage.guidance.roles import Experience
from tutelage.guidance.trajectory import Trajectory
from tutelage.guidance.turn import Turn, Waiting, waiting
from tutelage.service.accounts import RESERVED
from tutelage.service.desk import Tutelage
from tutelage.service.keys import Key
from tutelage.service.ledger import Projection
from tutelage.service.looks import SHOWN, Look
from tutelage.service.tables import relationships as table
from tutelage.service.views import visible
from tutelage.service.writer import Written

TWO = frozenset({Role.LEARNER, Role.TRAINER})
PAIR = TWO | {Role.OWNER}
GUIDES = frozenset({Role.TRAINER})
LEARNS = frozenset({Role.LEARNER, Role.OWNER})
Page = tuple[str, str | None]
"""What a page is called in the log of looks, and the situation on it; without a name, none is."""
_OURS = re.compile("[0-9a-f]{24}")


class Session:
    """One actor at one desk, as far as its key opens it."""

    def __init__(self, desk: Tutelage, key: Key, page: Page | None = None) -> None:
        self.desk, self.key = desk, key
        self.actor = key.actor
        self._page = page
        self._seen: set[tuple[str, str]] = set()

    # writing -----------------------------------------------------------------------------------
    def open(self, proposed: Proposed, *, id: str | None = None) -> str:  # noqa: A002
        """Propose a relationship; returns its name. A retry under the same name opens it once."""
        if self.key.relationship is not None and self.key.relationship != id:
            raise NotYours("key_scope", "This key is for one relationship; it opens no other.")
        _check_free(id)
        self._check_parties((proposed.learner, proposed.trainer, *proposed.raters))
        self._check_programme(proposed.programme, proposed.learner, proposed.trainer)
        name = id or self.desk.new_id()
        first = f"open.{name}"[:64]
        self.desk.write(name, proposed, actor=self.actor, id=first, role=self.key.role)
        return name

    def write(
        self,
        relationship: str,
        event: Event,
        *,
        id: str | None = None,  # noqa: A002
        occurred_at: datetime | None = None,
        visibility: Visibility | None = None,
        seen: int | None = None,
        then: tuple[Event, ...] = (),
    ) -> Written:
        """Write an event, and `then` others with it, in this actor's name and its key's role."""
        self._opens(relationship)
        _check_free(id)
        if not self._roles(self.desk.state(relationship)):  # before a retry is looked up by its id
            raise NotYours("no_role", f"{self.actor} has no role in this relationship.")
        self._check_parties(p for one in (event, *then) for p in _named(one))
        self._check_shown(relationship, event)
        return self.desk.write(
            relationship,
            event,
            actor=self.actor,
            id=id,
            occurred_at=occurred_at,
            visibility=visibility,
            role=self.key.role,
            seen=seen,
            then=then,
        )

    def collect(self, relationship: str, situation: str) -> tuple[Entry[Any], ...]:
        """Read the guidance that waits; on disk as read before a text leaves."""
        self._as(relationship, frozenset({Role.LEARNER}))
        self.desk.collect_guidance(relationship, situation, actor=self.actor)
        self.saw(relationship, "guidance", situation)
        known = self.desk.state(relationship).find(situation)
        return tuple(g.entry for g in known.guidance if g.read is not None) if known else ()

    def redact(self, relationship: str, seq: int) -> Written:
        """Remove the text of an entry, in every copy of it."""
        self._as(relationship, PAIR)
        return self.desk.redact(relationship, seq, actor=self.actor, role=self.key.role)

    def tell(self, told: list[Experience]) -> int:
        """Keep experiences in this actor's own bank."""
        return self.desk.bank.add(self._whole_key(), told)

    # reading -----------------------------------------------------------------------------------
    def turn(self, relationship: str) -> Turn:
        """Whose move it is, the levels and why, and what is due."""
        self._told(relationship, PAIR)
        self.saw(relationship, "turn")
        return self.desk.turn(relationship)

    def entries(self, relationship: str, after: int, most: int) -> list[Entry[Any]]:
        """The entries behind a seq, as this actor may read them."""
        self._opens(relationship)
        if self._roles(self.desk.state(relationship)) & PAIR:
            self._told(relationship, PAIR)
        if self.key.role is None:
            mine = self.desk.entries(relationship, viewer=self.actor, after=after)
        else:
            only = frozenset({self.key.role})
            state = self._as(relationship, only)
            found = self.desk.ledger.read(relationship, after, state.seq)
            mine = visible(state, found, self.actor, only)
        self.saw(relationship, "entries")
        return list(islice(mine, most))

    def context(self, relationship: str, situation: str | None = None) -> Context:
        """What reaches the learner to decide with."""
        self._situation(self._told(relationship, LEARNS), situation)
        self.saw(relationship, "context", situation)
        return self.desk.context(relationship, situation)

    def notebook(self, relationship: str) -> Notebook:
        """The learner's own words; its trainer may read them too."""
        state = self._told(relationship, PAIR)
        self.saw(relationship, "notebook")
        return notebooks.notebook(state)

    def brief(self, relationship: str, situation: str) -> Brief:
        """What the trainer sees of a situation."""
        self._as(relationship, GUIDES)
        self.saw(relationship, "brief", situation)
        return self.desk.brief(relationship, situation)

    def packet(self, relationship: str, situation: str, subject: Subject) -> Packet:
        """What a rater was asked to rate; nobody else gets it."""
        state = self._as(relationship, frozenset({Role.RATER, Role.TRAINER}))
        known = self._situation(state, situation)
        asked = known.asked if known else ()
        if not any(a.event.rater == self.actor and a.event.subject == subject for a in asked):
            raise NotYours("not_asked", f"{self.actor} was not asked to rate that.")
        self.saw(relationship, "packet")  # of which situation is the rater's to know
        return self.desk.packet(relationship, situation, subject)

    def trajectory(self, relationship: str) -> Trajectory:
        """The documented course."""
        self._told(relationship, PAIR)
        self.saw(relationship, "trajectory")
        return self.desk.trajectory(relationship)

    def evidence(self, relationship: str, id: str | None = None) -> Evidence:  # noqa: A002
        """What changed, what moved it, what stayed; a look is an entry, and counts."""
        self._as(relationship, PAIR)
        _check_free(id)
        self.saw(relationship, "evidence")
        return self.desk.evidence(relationship, viewer=self.actor, id=id)

    def bank(self) -> tuple[Experience, ...]:
        """This actor's own experiences."""
        return self.desk.bank.of(self._whole_key())

    def looks(self, relationship: str, most: int = SHOWN, skip: int = 0) -> list[Look]:
        """Who saw what here, the newest first; a blind rater is told nothing of it."""
        state = self._told(relationship, PAIR)
        return self.desk.looks.of(relationship, state, self.actor, most=most, skip=skip)

    def saw(self, relationship: str, what: str, situation: str | None = None) -> None:
        """This actor was shown something: once a request, under the name of the page if it is one.

        What a page reads in order to act, and shows to nobody, is not counted.
        """
        if self._page is not None:
            what, situation = self._page
        known = situation and self.desk.state(relationship).find(situation)
        seen = (relationship, f"{what} {situation}"[:80] if known else what)
        if what and seen not in self._seen:
            self._seen.add(seen)
            self.desk.looks.note(self.actor, [seen])

    # lists -------------------------------------------------------------------------------------
    def relationships(self, after: str, most: int) -> list[Projection]:
        """This actor's relationships behind a name, in the order of their names."""
        c = table.c
        owns = c.owners.contains(json.dumps(self.actor))
        where = [sa.or_(c.learner == self.actor, c.trainer == self.actor, owns), c.arm.is_(None)]
        if self.key.relationship is not None:
            where = [c.id == self.key.relationship]
        found = self.desk.ledger.projections(*where, c.id > after)
        # a rater is no part of it: the row holds phase and levels, and a rater is blind
        mine = (p for p in found if self._roles(self.desk.state(p["id"])) & PAIR)
        return list(islice(mine, most))  # no more are folded than are shown

    def concerns(self) -> list[tuple[str, datetime | None]]:
        """The relationships whose agreement names this actor for concerns, and the last raised."""
        c = table.c
        fits = [c.named.contains(json.dumps(self.actor), autoescape=True), c.arm.is_(None)]
        if self.key.relationship is not None:
            fits.append(c.id == self.key.relationship)
        found = (p["id"] for p in self.desk.ledger.projections(*fits))
        mine = (n for n in found if _contact(self.desk.state(n)) == self.actor)
        return [(name, self.desk.ledger.last_of(name, "concern_raised")) for name in mine]

    def inbox(self) -> Iterator[tuple[str, Waiting]]:
        """What waits for this actor, in all that its key opens; the longest first.

        What waits for a rater comes last, in an order that tells nothing of time.
        """
        found = [(p["id"], w) for p in self._busy() for w in self._mine(p)]
        mine = sorted((t for t in found if t[1].role is not Role.RATER), key=lambda t: t[1].since)
        rates = sorted((t for t in found if t[1].role is Role.RATER), key=_shuffled)
        return iter([*mine, *rates])

    def _busy(self) -> list[Projection]:
        c, me = table.c, self.actor
        mine = sa.or_(c.learner == me, c.trainer == me, c.due.contains(json.dumps(me)))
        where = [mine, c.due != "[]", c.arm.is_(None)]
        if self.key.relationship is not None:
            where.append(c.id == self.key.relationship)
        return self.desk.ledger.projections(*where)

    def _mine(self, projection: Projection) -> Iterator[Waiting]:
        state = self.desk.state(projection["id"])
        roles = self._roles(state)
        for work in waiting(state):
            if work.actor == self.actor or (work.role in roles and work.actor is None):
                yield work

    # what the key opens ------------------------------------------------------------------------
    def _opens(self, relationship: str) -> None:
        if not self.key.opens(relationship):
            # the same words as where there is none: a key for one tells nothing of another
            raise Unknown("unknown_relationship", f"There is no relationship {relationship}.")

    def _whole_key(self) -> str:
        """This actor, by a key for all it does: its bank is of all of its relationships."""
        if self.key.relationship is not None or self.key.role not in {None, Role.TRAINER}:
            raise NotYours("key_scope", "A bank is of all relationships; this key is not.")
        return self.actor

    def _check_parties(self, parties: Iterable[Party]) -> None:
        """Refuse to sign for an agent that somebody else answers for, or for a person.

        Whoever named it first in this installation answers for it; the desk itself believes all.
        """
        for party in parties:
            account = party.kind == "agent" and self.desk.people.known(party.id)
            if account or party.id.lower() in RESERVED:
                raise NotYours("not_your_agent", f"{party.id} is somebody here, and no agent.")
            known = self._as_known(party.id)
            if known is not None and (known.kind, known.owner) != (party.kind, party.owner):
                said = f"{party.id} is known here already, and not as {self.actor} names it."
                raise NotYours("not_your_agent", said)

    def _check_shown(self, relationship: str, event: Event) -> None:
        """Refuse what would show a programme a pair of which one did not join it."""
        state = self.desk.state(relationship)
        if isinstance(event, HandedOver):
            self._check_programme(state.programme, event.to)
        elif isinstance(event, AgreementAmended):
            known = state.terms.programme if state.terms else None
            if event.programme != known:
                self._check_programme(event.programme, state.learner, state.trainer)

    def _check_programme(self, programme: str | None, *parties: Party | None) -> None:
        """Refuse to show a programme a pair whose two people did not both join it."""
        people = {p.owner or p.id for p in parties if p is not None}
        if programme is not None:
            away = sorted(p for p in people if not self.desk.programmes.joined(programme, p))
            if away:
                said = f"{', '.join(away)} did not join the programme {programme}."
                raise NotYours("not_in_programme", said)

    def _as_known(self, name: str) -> Party | None:
        c = table.c
        found = self.desk.ledger.projections(sa.or_(c.learner == name, c.trainer == name))
        if not found:
            return None
        state = self.desk.state(found[0]["id"])
        return next((p for p in (state.learner, state.trainer) if p and p.id == name), None)

    def _roles(self, state: Relationship) -> frozenset[Role]:
        roles = state.roles(self.actor)
        return roles if self.key.role is None else roles & {self.key.role}

    def _as(self, relationship: str, allowed: frozenset[Role]) -> Relationship:
        """The state, for somebody in one of these roles. Raises NotYours, Unknown."""
        self._opens(relationship)
        state = self.desk.state(relationship)
        roles = self._roles(state)
        if not roles:
            raise NotYours("no_role", f"{self.actor} has no role in this relationship.")
        if not roles & allowed:
            may = " or ".join(sorted(allowed))
            raise NotYours("not_your_role", f"Only the {may} reads that.")
        return state

    def _told(self, relationship: str, allowed: frozenset[Role]) -> Relationship:
        """The same, for what a blind rater must not know: whoever rates here too is told once.

        That it was told is an entry, so that its ratings from here on are not taken for blind.
        """
        state = self._as(relationship, allowed)
        known = self.actor in state.viewers or self.actor in state.trainers
        if Role.RATER in state.roles(self.actor) and not known and state.life == "active":
            self.desk.system(relationship, EvidenceViewed(viewer=self.actor, what="relationship"))
        return state

    def _situation(self, state: Relationship, situation: str | None) -> Any:
        known = state.find(situation) if situation is not None else None
        if situation is not None and known is None:
            raise Unknown("unknown_situation", f"There is no situation {situation}.")
        return known


def _contact(state: Relationship) -> str | None:
    return state.terms.concern_contact if state.terms else None


def _named(event: Event) -> tuple[Party, ...]:
    """The parties that an event brings in."""
    if isinstance(event, HandedOver):
        return (event.to,)
    return event.raters if isinstance(event, AgreementAmended) else ()


def _shuffled(task: tuple[str, Waiting]) -> str:
    name, work = task
    return hashlib.sha256(f"{name}\n{work.situation}\n{work.seq}".encode()).hexdigest()


def _check_free(id: str | None) -> None:  # noqa: A002
    """Raise Malformed where an id could be one that the service will want for its own entry.

    Those of work follow from what is asked: whoever took one first would keep a rating out.
    """
    if id is not None and _OURS.fullmatch(id):
        raise Malformed("reserved_id", "Ids of 24 hexadecimal digits are the service's own.")
