"""The desk: where relationships are opened, written, read, forked and rebuilt.

``fold → check → admit → append (one transaction) → evolve → Turn``. An event that the rules accept
is the command; there is no other.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from tutelage.domain.entry import Entry
from tutelage.domain.errors import NotYours, Refused, Unknown
from tutelage.domain.events import (
    Event,
    EvidenceViewed,
    GuidanceGiven,
    GuidanceRead,
    MasterpieceCertified,
    Proposed,
    Redacted,
    SituationOpened,
)
from tutelage.domain.relationship import Relationship
from tutelage.domain.terms import Role, Subject, Visibility
from tutelage.domain.text import TEXT_LIMIT
from tutelage.evidence import asks
from tutelage.evidence.asks import Alike
from tutelage.evidence.health import Index
from tutelage.evidence.notyet import NotYet
from tutelage.evidence.novelty import vector
from tutelage.evidence.sameness import LearnerRow
from tutelage.evidence.track import Track
from tutelage.guidance import brief as briefs
from tutelage.guidance.brief import Brief, Context, Packet
from tutelage.guidance.copies import Arms, Copy, by_copies
from tutelage.guidance.evidence import Evidence, evidence
from tutelage.guidance.programme import Known, Programme, guided_alike, programme
from tutelage.guidance.roles import Rater, Trainer
from tutelage.guidance.threshold import Contrast, Verdict, masterpiece
from tutelage.guidance.trajectory import Trajectory, trajectory
from tutelage.guidance.turn import Turn, turn
from tutelage.service import copied, retention, transfer, work
from tutelage.service.accounts import Accounts
from tutelage.service.bank import Bank
from tutelage.service.database import connect
from tutelage.service.keep import Shelf, made, rebuilt
from tutelage.service.keys import Keys
from tutelage.service.ledger import Ledger, Projection
from tutelage.service.looks import Looks
from tutelage.service.programmes import Programmes
from tutelage.service.retention import Swept
from tutelage.service.row import Verified, walk
from tutelage.service.tables import relationships as table
from tutelage.service.views import may_read, may_redact, visible
from tutelage.service.visit import Visit
from tutelage.service.writer import OPERATOR, SYSTEM, Clock, Entropy, Say, Writer, Written, kind_of

KEPT_BYTES = 256 * 1024 * 1024
WORKED = 4  # situations from which on a relationship can tell how it is guided


class Tutelage:
    """One-to-one mentoring and coaching over a ledger, in this process.

    Thread-safe; in async code call it through ``asyncio.to_thread``. `clock` and `entropy` are
    the only time and chance in it: seeded, the same acts give the same ledger. `alike` says how
    like two texts are: with it, reports find what the learner asks itself in quite other words.

    >>> from tutelage import Tutelage
    >>> Tutelage("sqlite://").relationships()
    []
    """

    def __init__(
        self,
        url: str = "sqlite:///tutelage.db",
        *,
        clock: Clock | None = None,
        entropy: Entropy | None = None,
        agents: Iterable[Trainer | Rater] = (),
        text_limit: int = TEXT_LIMIT,
        kept_bytes: int = KEPT_BYTES,
        alike: Alike | None = None,
    ) -> None:
        self.url = url
        self.clock = clock or (lambda: datetime.now(UTC))
        self.entropy = entropy or secrets.token_bytes
        self.ledger = Ledger(connect(url))
        self.bank = Bank(self.ledger.engine)
        self.keys = Keys(self.ledger.engine, self.clock, self.entropy)
        self.people = Accounts(self.ledger.engine, self.clock, self.entropy)
        self.looks = Looks(self.ledger.engine, self.clock)
        self.programmes = Programmes(self.ledger.engine, self.clock, self.entropy)
        self.agents = {a.id: a for a in agents}
        self.alike = alike
        self._rows: dict[str, tuple[int, LearnerRow]] = {}
        self._shelf = Shelf(kept_bytes)
        self._writer = Writer(self.ledger, self._shelf, self.clock, self.entropy, text_limit)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the database back."""
        self.looks.flush()
        self.ledger.engine.dispose()

    # writing -----------------------------------------------------------------------------------
    def open(self, proposed: Proposed, *, actor: str, id: str | None = None) -> str:  # noqa: A002
        """Propose a new relationship; returns its name."""
        name = id or self.new_id()
        self.write(name, proposed, actor=actor, id=f"open.{name}"[:64])
        return name

    def write(
        self,
        relationship: str,
        event: Event,
        *,
        actor: str,
        id: str | None = None,  # noqa: A002  # the word the envelope uses
        occurred_at: datetime | None = None,
        visibility: Visibility | None = None,
        role: Role | None = None,
        seen: int | None = None,
        then: tuple[Event, ...] = (),
    ) -> Written:
        """Write an event, `then` others with it or none, in this actor's name; on disk at the end.

        A retry under the same id is answered with the first result; `seen` refuses where others
        wrote behind that entry. Raises Refused (a rule), Conflict (the id says something else, or
        too many writers), Stale, NotYours, Unknown, Malformed.
        """
        for one in (event, *then):
            if not one.offered:
                raise NotYours("not_offered", f"Nobody writes {kind_of(one)}; the service does.")
        name = id or self.new_id()
        say = Say(event, actor, name, None, occurred_at, visibility, only=role, seen=seen)
        if isinstance(event, MasterpieceCertified):
            say = replace(say, contrast=_found(self.contrast(relationship)))
        if isinstance(event, GuidanceGiven) and event.move == "share":
            return self._share(relationship, say, event, retry=id is not None)
        more = [replace(say, event=e, id=f"{name}.{n}") for n, e in enumerate(then, 1)]
        return self._writer.write(relationship, [say, *more], retry=id is not None)

    def _share(self, relationship: str, say: Say, event: GuidanceGiven, *, retry: bool) -> Written:
        """A trainer's story is its own: an agent cites its bank, a person's goes into it."""
        trainer = self.state(relationship).trainer
        person = trainer is None or trainer.kind == "person" or trainer.id != say.actor
        known = trainer is None or person or self.bank.has(trainer.id, event.experience or "")
        if not known and not (retry and self.ledger.find(relationship, say.id)):
            raise Refused("no_such_experience", "Share an experience that is in your bank.")
        written = self._writer.write(relationship, [say], retry=retry)
        if person:
            self.bank.told(say.actor, written.entry)
        return written

    def system(
        self,
        relationship: str,
        event: Event,
        *,
        id: str | None = None,  # noqa: A002
        seen: int | None = None,
    ) -> Written:
        """Write an event in the service's own name; for workers, never for a door."""
        say = Say(event, SYSTEM, id or self.new_id(), Role.SYSTEM, seen=seen)
        return self._writer.write(relationship, [say], retry=id is not None)

    def collect_guidance(
        self, relationship: str, situation: str, *, actor: str
    ) -> tuple[GuidanceGiven, ...]:
        """Read the guidance that waits: `GuidanceRead` is on disk before a text leaves."""
        with self._shelf.locked(relationship):
            state = self._writer.at(relationship).state
            if Role.LEARNER not in state.roles(actor):
                raise NotYours("not_your_role", "Only the learner collects guidance.")
            known = state.find(situation)
            if known is None:
                raise Unknown("unknown_situation", f"There is no situation {situation}.")
            reads = [GuidanceRead(situation=situation, guidance=g.entry.seq) for g in known.unread]
            if reads:
                says = [Say(r, actor, self.new_id()) for r in reads]
                try:
                    known = self._writer.write(relationship, says).state.find(situation) or known
                except Refused as refused:  # another process has read it in between
                    if refused.code != "nothing_to_read":
                        raise
                    return self.collect_guidance(relationship, situation, actor=actor)
        return tuple(g.entry.event for g in known.guidance if g.read is not None)

    def certify(
        self,
        relationship: str,
        event: MasterpieceCertified,
        contrast: Contrast | NotYet | None = None,
        *,
        actor: str,
    ) -> Written:
        """Certify the masterpiece on what copies without the trainer show: given, or here."""
        shown = _found(contrast or self.contrast(relationship))
        role = Role.SYSTEM if actor == SYSTEM else None
        say = Say(event, actor, self.new_id(), role, contrast=shown)
        return self._writer.write(relationship, [say])

    def situation(self, relationship: str, opened: SituationOpened, *, actor: str) -> Visit:
        """A situation to go through with the verbs of the design, as a context manager."""
        return Visit(self, relationship, opened, actor)

    def run_due(self, relationship: str | None = None, *, limit: int = 1000) -> int:
        """Do what waits for agent trainers and raters; how many entries came of it."""
        return work.run_due(self, relationship, limit)

    def new_id(self) -> str:
        """A fresh name from the desk's entropy."""
        return self.entropy(12).hex()

    # reading -----------------------------------------------------------------------------------
    def state(self, relationship: str, upto: int | None = None) -> Relationship:
        """The state of a relationship now, or as of an entry."""
        return self._writer.at(relationship, upto).state

    def track(self, relationship: str, upto: int | None = None) -> Track:
        """The estimates of a relationship now, or as of an entry."""
        return self._writer.at(relationship, upto).track

    def turn(self, relationship: str, upto: int | None = None) -> Turn:
        """Whose move it is, the levels and why, what is due, and what the evidence proposes."""
        kept = self._writer.at(relationship, upto)
        return turn(kept.state, kept.track)

    def entries(
        self, relationship: str, *, viewer: str | None = None, after: int = 0
    ) -> Iterator[Entry[Any]]:
        """The entries behind a seq, as this viewer may read them; all, for the operator."""
        state = self.state(relationship)
        if viewer is not None and not may_read(state, viewer):
            raise NotYours("no_role", f"{viewer} has no role in this relationship.")
        found = self.ledger.read(relationship, after, state.seq)
        return found if viewer is None else visible(state, found, viewer)

    def context(
        self, relationship: str, situation: str | None = None, *, criteria: Iterable[str] = ()
    ) -> Context:
        """What reaches the learner: goal, own questions and principles, guidance once read."""
        return briefs.context(self.state(relationship), situation, tuple(criteria))

    def brief(self, relationship: str, situation: str) -> Brief:
        """What the trainer sees of a situation before it guides or debriefs."""
        kept, among = self._writer.at(relationship), self._among(relationship)
        return briefs.brief(kept.state, kept.track, relationship, situation, among=among)

    def sameness(self, relationship: str) -> Index | None:
        """That this relationship's trainer guides all its learners alike, where it does."""
        among = self._among(relationship)
        return among[0] if among else None

    def _among(self, relationship: str) -> tuple[Index, frozenset[str]] | None:
        learners = self._learners(self.state(relationship))
        return guided_alike(relationship, learners, self._rows, self.known)

    def _learners(self, state: Relationship) -> dict[str, int]:
        """The relationships of this one's trainer in which it has worked, and their seqs."""
        trainer, c = state.trainer.id if state.trainer else "", table.c
        fits = (c.trainer == trainer, c.arm.is_(None), c.situations >= WORKED)
        return {p["id"]: p["seq"] for p in self.ledger.projections(*fits)}

    def known(self, relationship: str) -> Known:
        """A relationship as reports over several read it: state and estimates."""
        kept = self._writer.at(relationship)
        return Known(relationship, kept.state, kept.track)

    def packet(self, relationship: str, situation: str, subject: Subject) -> Packet:
        """What a blind rater is shown."""
        return briefs.packet(self.state(relationship), situation, subject)

    def trajectory(self, relationship: str, upto: int | None = None) -> Trajectory:
        """The documented course: start, obstacles, what moved each, where it is now."""
        kept = self._writer.at(relationship, upto)
        return made(
            kept,
            "trajectory",
            lambda: trajectory(kept.state, kept.track, relationship, self.alike),
        )

    def evidence(
        self,
        relationship: str,
        *,
        viewer: str | None = None,
        contrast: Contrast | NotYet | None = None,
        arms: Arms | None = None,
        upto: int | None = None,
        id: str | None = None,  # noqa: A002
    ) -> Evidence:
        """What changed, what moved it, what stayed. Looks are entries; early ones count.

        Where no contrast is given, the copies here make it, between these arms; as of an earlier
        entry only when arms are named, for copies have gone on since.
        """
        state = self.state(relationship)
        if viewer is not None and not may_read(state, viewer):
            raise NotYours("no_role", f"{viewer} has no role in this relationship.")
        if state.life in {"active", "paused"}:
            look = EvidenceViewed(viewer=viewer or OPERATOR, what="evidence")
            self.system(relationship, look, id=id)
        if contrast is None and (arms or not upto):
            contrast = self.contrast(relationship, arms)
        kept, now = self._writer.at(relationship, upto), None if upto else self.clock()
        return evidence(kept.state, kept.track, relationship, contrast, now, self.alike)

    def programme(self, name: str | None = None, but: str | None = None) -> Programme:
        """All relationships together, or a programme's: counts, the pooled effect, what lacks.

        `but`: without the pairs whose agreement names this person.
        """
        here = [p for p in self.relationships() if name in {None, p["programme"]}]
        here = [p for p in here if but not in json.loads(p["named"] or "[]")]
        return programme([self.known(p["id"]) for p in here])

    def masterpiece(self, relationship: str, contrast: Contrast | NotYet | None = None) -> Verdict:
        """Whether the evidence allows to certify the masterpiece, and what is missing."""
        kept = self._writer.at(relationship)
        return masterpiece(kept.state, kept.track, contrast or self.contrast(relationship))

    def copies(self, relationship: str) -> tuple[Copy, ...]:
        """The forks of this relationship that lie here, by arm and name, each folded."""
        return copied.copies(self, relationship)

    def contrast(self, relationship: str, arms: Arms | None = None) -> Contrast | NotYet | None:
        """What copies with and without the trainer show; None where there are none."""
        return by_copies(self.copies(relationship), arms)

    def relationships(self, actor: str | None = None) -> list[Projection]:
        """The projection rows of this actor's relationships, or of all; forks left out."""
        found = (p for p in self.ledger.projections() if p["arm"] is None)
        return [p for p in found if actor is None or actor in _parties(p)]

    # the ledger as a whole ---------------------------------------------------------------------
    def verify(self, relationship: str) -> Verified:
        """Walk the chain: is every entry what was written, and is none missing?"""
        seq = self.ledger.projection(relationship)["seq"]
        found = walk(self.ledger.rows(relationship))
        if found.ok and found.entries < seq:
            gone = f"Entries behind {found.entries} are missing; there were {seq}."
            return replace(found, ok=False, problem=gone)
        return found

    def redact(
        self, relationship: str, seq: int, *, actor: str | None = None, role: Role | None = None
    ) -> Written:
        """Remove the text of an entry, in every copy of it; its facts and digest stay."""
        state = self.state(relationship)
        entry = next(self.ledger.read(relationship, seq - 1, seq), None)
        if entry is None:
            raise Unknown("unknown_entry", f"There is no entry {seq}.")
        by = Role.SYSTEM if actor is None else may_redact(state, entry, actor, role)
        self.bank.redact(entry.digest)
        say = Say(Redacted(entry=seq), actor or SYSTEM, self.new_id(), by)
        written = self._writer.write(relationship, [say])
        self._shelf.drop()  # folds of this one, and of forks, still hold the text
        vector.cache_clear()
        asks.forget()
        return written

    def retain(self, days: int, **how: Any) -> Iterator[Swept]:
        """Erase, one by one, the texts of relationships that are over for so many days."""
        return retention.sweep(self, self._writer, days, **how)

    def fork(
        self,
        relationship: str,
        *,
        at: int,
        arm: str,
        id: str | None = None,  # noqa: A002
    ) -> str:
        """A copy up to an entry that goes its own way; nobody is notified of it."""
        return copied.fork(self, self._writer, relationship, at, arm, id or self.new_id())

    def rebuild(self, relationship: str) -> bool:
        """Fold everything anew and write the projection row; whether it was right already."""
        return rebuilt(self.ledger, self._shelf, relationship)

    def export(self, relationship: str, path: Path, *, viewer: str | None = None) -> int:
        """Write a relationship as JSONL: without loss, or as a viewer may read it."""
        return transfer.export(self, relationship, path, viewer)

    def import_(self, path: Path, *, id: str | None = None) -> str:  # noqa: A002
        """Read a JSONL export into a new relationship: all of it, or nothing."""
        return transfer.import_(self, path, id)


def _parties(row: Projection) -> set[str]:
    return {row["learner"], row["trainer"], *json.loads(row["owners"] or "[]")}


def _found(contrast: Contrast | NotYet | None) -> Contrast | None:
    return None if isinstance(contrast, NotYet) else contrast
