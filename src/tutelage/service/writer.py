"""How an event becomes an entry: check, admit, chain, append in one transaction, fold, keep."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, cast

from tutelage.domain.entry import Draft, Entry, canonical, split
from tutelage.domain.errors import (
    Conflict,
    Malformed,
    NotYours,
    Refused,
    Stale,
    Unavailable,
    Unknown,
)
from tutelage.domain.events import (
    AnyEvent,
    Debriefed,
    Event,
    GuidanceGiven,
    LevelMoved,
    Met,
    PrincipleMarked,
    Proposed,
    Redacted,
    SituationOpened,
)
from tutelage.domain.evolve import evolve
from tutelage.domain.relationship import Relationship
from tutelage.domain.rules import check
from tutelage.domain.terms import Role, Visibility
from tutelage.evidence.novelty import Seen, vector
from tutelage.evidence.track import Track
from tutelage.guidance.admit import admit, told
from tutelage.guidance.consequences import consequences
from tutelage.guidance.threshold import Contrast
from tutelage.guidance.turn import Turn, turn
from tutelage.service.keep import (
    CHECKPOINT_EVERY,
    VERSION,
    Kept,
    Shelf,
    checkpoint,
    cold,
    meet,
    seen,
    size_of,
)
from tutelage.service.ledger import Ledger
from tutelage.service.row import Row, as_row
from tutelage.service.views import project

Clock = Callable[[], datetime]
Entropy = Callable[[int], bytes]

ATTEMPTS = 3  # a stale writer looks again this often before it gives up
EVENT_LIMIT = 16  # an event may hold this many times the limit of one text
SYSTEM = "system"
OPERATOR = "operator"  # whoever runs the database, and has no role in the relationship
_ROLES = (Role.LEARNER, Role.TRAINER, Role.RATER, Role.OWNER)
STANDS_IN = (GuidanceGiven, Debriefed, Met, PrincipleMarked, LevelMoved)
"""What the owner of an agent trainer writes in its place, as trainer."""
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class Written:
    """What an acknowledged entry came to: the entry, and the turn that follows from it."""

    entry: Entry[Any]
    state: Relationship
    track: Track
    repeated: bool = False

    @property
    def seq(self) -> int:
        """Where the entry stands."""
        return self.entry.seq

    @cached_property
    def turn(self) -> Turn:
        """Whose move it is now, the levels and why, and what is due."""
        return turn(self.state, self.track)


@dataclass(frozen=True, slots=True)
class Say:
    """An event on its way in: by whom, under which id, when."""

    event: Event
    actor: str
    id: str
    role: Role | None = None  # given for what the system writes; else it follows from the actor
    occurred_at: datetime | None = None
    visibility: Visibility | None = None
    contrast: Contrast | None = None  # the forks' evidence, for a masterpiece
    only: Role | None = None  # the one of the actor's roles that its key is for
    seen: int | None = None  # the last entry the writer had seen, where it says so


class Writer:
    """Writes events into relationships, and keeps their folds in step."""

    def __init__(
        self, ledger: Ledger, shelf: Shelf, clock: Clock, entropy: Entropy, text_limit: int
    ) -> None:
        self.ledger, self.shelf = ledger, shelf
        self.clock, self.entropy = clock, entropy
        self._text_limit = text_limit

    def write(self, relationship: str, says: list[Say], *, retry: bool = False) -> Written:
        """Write these events, and what follows from them, in one transaction.

        A stale writer looks again and repeats; a retry is answered with the first result.
        """
        check_name(relationship)
        for say in says:
            self._bounded(say)
        with self.shelf.locked(relationship):
            for attempt in range(ATTEMPTS):
                first = self._first(relationship, says) if retry or attempt else None
                if first is not None:
                    return first
                try:
                    return self._append(relationship, says)
                except Conflict:
                    self.shelf.drop(relationship)
                except Refused:
                    # by what another process wrote meanwhile: this very entry, perhaps
                    first = self._first(relationship, says) if retry else None
                    if first is None:
                        raise
                    return first
        raise Conflict("busy", "Others write here at this moment; try again.")

    def _append(self, relationship: str, says: list[Say]) -> Written:
        kept = self.current(relationship, missing_ok=isinstance(says[0].event, Proposed))
        if says[0].seen not in {None, kept.state.seq}:
            raise Stale("moved_on", f"There are {kept.state.seq} entries now; look again.")
        opens = any(isinstance(s.event, SituationOpened) for s in says)
        met = seen(self.ledger, relationship, kept) if opens else kept.seen
        now = self.clock()
        rows: list[Row] = []
        entries: list[Entry[Any]] = []
        queue = list(says)
        while queue:
            kept, entry, row = self.step(kept, met, queue.pop(0), now)
            rows.append(row)
            entries.append(entry)
            follow = consequences(kept.state, kept.track, entry, self._chance)
            queue[:0] = [
                Say(event, SYSTEM, derived(entry.id, n), Role.SYSTEM)
                for n, event in enumerate(follow)
            ]
        self._commit(relationship, kept, met, rows, entries)
        return Written(entries[0], kept.state, kept.track)

    def step(
        self, kept: Kept, met: Seen | None, say: Say, now: datetime
    ) -> tuple[Kept, Entry[Any], Row]:
        """One event checked, admitted, chained and folded; nothing is on disk yet."""
        role = say.role or role_of(kept.state, say.event, say.actor, say.only)
        draft = Draft(cast("AnyEvent", say.event), say.actor, role, now)
        check(kept.state, draft)
        draft = admit(kept.state, kept.track, met or Seen(), draft, say.contrast)
        event = draft.event
        index = event.text if isinstance(event, SituationOpened) else None
        row = as_row(
            draft,
            seq=kept.state.seq + 1,
            id=say.id,
            occurred_at=say.occurred_at or now,
            visibility=say.visibility or event.visible[0],
            salt=self.entropy(16).hex(),
            previous=kept.digest,
            vector=None if index is None else vector(told(index)).tobytes(),
        )
        entry = row.entry_of(event, draft.findings, now, say.occurred_at or now)
        return kept.step(entry, size_of(row)), entry, row

    def _commit(
        self,
        relationship: str,
        kept: Kept,
        met: Seen | None,
        rows: list[Row],
        entries: list[Entry[Any]],
    ) -> None:
        gone = [e.event.entry for e in entries if isinstance(e.event, Redacted)]
        try:
            self.ledger.append(relationship, rows, project(kept.state), gone)
        except Unavailable:
            self.shelf.drop(relationship)
            raise
        for row, entry in zip(rows, entries, strict=True):
            if met is not None:
                meet(met, entry, row.vector)
        if rows[-1].seq - kept.checkpoint >= CHECKPOINT_EVERY:
            point = checkpoint(kept, met)
            self.ledger.keep_checkpoint(relationship, kept.digest, VERSION, point)
            kept = replace(kept, checkpoint=point.seq)
        if gone:  # folds of this one, and of forks, hold the text; nobody else writes here yet
            self.shelf.drop()
            return
        self.shelf.put(relationship, replace(kept, seen=met or kept.seen))

    def _chance(self) -> float:
        return int.from_bytes(self.entropy(7), "big") / 2**56

    def _bounded(self, say: Say) -> None:
        facts, texts = split(say.event)
        longest = max((len(t.encode()) for t in texts), default=0)
        if longest > self._text_limit:
            raise Malformed(
                "text_too_long",
                f"A text here has {longest:,} bytes; at most {self._text_limit:,} fit.",
            )
        if len(facts) + sum(map(len, texts)) > EVENT_LIMIT * self._text_limit:
            raise Malformed("event_too_large", "This event is too large; split it.")
        if say.occurred_at is not None and say.occurred_at.tzinfo is None:
            raise Malformed("time_zone", "Say when it occurred with its time zone.")
        if say.visibility is not None and say.visibility not in say.event.visible:
            may = " or ".join(say.event.visible)
            raise Malformed("visibility", f"{kind_of(say.event)} can be visible to {may}.")
        check_name(say.id)
        check_name(say.actor)

    def _first(self, relationship: str, says: list[Say]) -> Written | None:
        """The result of the same entries written before, for a retry. Raises on another content."""
        row = self.ledger.find(relationship, says[0].id)
        if row is None:
            return None
        rows = [_same(says[0], row)]
        rows += [_same(say, self.ledger.find(relationship, say.id)) for say in says[1:]]
        kept = cold(self.ledger, relationship, self._end(relationship, rows[-1]))
        return Written(row.entry(), kept.state, kept.track, repeated=True)

    def _end(self, relationship: str, row: Row) -> int:
        """The seq of the last entry that followed from this one, in the same transaction."""
        waiting, end = {derived(row.id, n) for n in range(32)}, row.seq
        for later in self.ledger.rows(relationship, row.seq, row.seq + 64):
            if later.id not in waiting:
                break
            waiting |= {derived(later.id, n) for n in range(32)}
            end = later.seq
        return end

    # kept folds --------------------------------------------------------------------------------
    def at(self, relationship: str, upto: int | None = None) -> Kept:
        """A relationship folded up to now, or up to an entry. Raises Unknown."""
        with self.shelf.locked(relationship):
            kept = self.current(relationship)
            if upto is None or upto == kept.state.seq:
                return kept
        if not 1 <= upto <= kept.state.seq:
            raise Unknown("unknown_entry", f"There is no entry {upto}.")
        return cold(self.ledger, relationship, upto)

    def current(self, relationship: str, *, missing_ok: bool = False) -> Kept:
        """The kept fold with what others have written since; the caller holds the lock."""
        check_name(relationship)
        kept = self.shelf.get(relationship)
        if kept is not None:
            return self._catch_up(relationship, kept)
        kept = cold(self.ledger, relationship)
        if kept.state.seq == 0:
            if missing_ok:
                return kept
            raise Unknown("unknown_relationship", f"There is no relationship {relationship}.")
        self.shelf.put(relationship, kept)
        return kept

    def _catch_up(self, relationship: str, kept: Kept) -> Kept:
        news = list(self.ledger.rows(relationship, kept.state.seq))
        fresh = [(row.entry(), row) for row in news]
        if any(isinstance(entry.event, Redacted) for entry, _row in fresh):
            self.shelf.drop()  # another process removed a text that these folds still hold
            vector.cache_clear()
            kept = cold(self.ledger, relationship)
            self.shelf.put(relationship, kept)
            return kept
        for entry, row in fresh:
            kept = kept.step(entry, size_of(row))
        if news:
            kept = replace(kept, seen=None)
            self.shelf.put(relationship, kept)
        return kept


def role_of(state: Relationship, event: Event, actor: str, only: Role | None = None) -> Role:
    """In which of this actor's roles the event is written. Raises NotYours without one."""
    roles = _proposer(event, actor) if state.life == "empty" else state.roles(actor)
    if only is not None:
        roles &= {only}
    if not roles:
        raise NotYours("no_role", f"{actor} has no role in this relationship.")
    if getattr(event, "as_self", False) and Role.LEARNER in roles:
        return Role.LEARNER
    mine = [r for r in _ROLES if r in roles]
    own = next((r for r in mine if r in type(event).by), mine[0])
    in_place = own is Role.OWNER or own not in type(event).by
    stands_in = only is None and in_place and isinstance(event, STANDS_IN)
    return Role.TRAINER if stands_in and state.stands_in(actor) else own


def _proposer(event: Event, actor: str) -> frozenset[Role]:
    """The roles that somebody would have in the relationship it proposes."""
    if not isinstance(event, Proposed):
        raise Unknown("unknown_relationship", "There is no such relationship.")
    entry = Entry(1, "", actor, Role.OWNER, _EPOCH, _EPOCH, Visibility.PAIR, event)
    return evolve(Relationship(), entry).roles(actor)


def _same(say: Say, row: Row | None) -> Row:
    """What was written under this id, where it says this. Raises Conflict."""
    facts, texts = split(say.event)
    said = row is not None and (row.texts is None or row.texts == canonical(texts))
    if row is None or (row.actor, row.facts) != (say.actor, facts) or not said:
        raise Conflict("id_reused", f"The id {say.id} says something else here already.")
    return row


def derived(id: str, n: int) -> str:  # noqa: A002  # the word the envelope uses
    """The id of the n-th entry that the system writes behind this one."""
    return own_id(id, n)


def own_id(*said: object) -> str:
    """An id of the service's own: the same for all who write the same entry at once."""
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()[:24]


def check_name(name: str) -> None:
    """Raise Malformed unless this can name a relationship, an entry or an actor."""
    plain = all(c.isalnum() or c in "._:@+-" for c in name)
    if not (0 < len(name) <= 64 and name.isascii() and name[0].isalnum() and plain):
        raise Malformed("bad_name", "A name has 1 to 64 letters, digits or . _ : @ + -")


def kind_of(event: Event) -> str:
    """The event's name in the ledger."""
    return str(getattr(event, "kind", type(event).__name__))
