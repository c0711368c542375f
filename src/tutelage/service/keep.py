"""Kept folds: the state of a relationship and its estimate, so that a command need not refold."""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any, TypeVar

import numpy as np

from tutelage.domain.entry import START, Entry
from tutelage.domain.events import Configured, SituationOpened
from tutelage.domain.evolve import evolve, fold
from tutelage.domain.relationship import Relationship
from tutelage.evidence import ability, novelty
from tutelage.evidence import track as tracks
from tutelage.evidence.novelty import Distances, Novelty, Seen, Vector
from tutelage.evidence.track import Track
from tutelage.guidance.admit import facts_of, told
from tutelage.service.ledger import Checkpoint, Ledger
from tutelage.service.row import Row
from tutelage.service.views import project

BYTES_A_STORED_BYTE = 4  # measured: a folded entry takes about four times its row
CHECKPOINT_EVERY = 256  # entries between two persisted estimates
T = TypeVar("T")
VERSION = f"{ability.VERSION} {novelty.VERSION}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A relationship as of its last entry: state, estimate, chain head, and size in bytes."""

    state: Relationship
    track: Track = field(default_factory=Track)
    digest: str = START
    size: int = 0
    checkpoint: int = 0
    seen: Seen | None = None  # built when a situation is first judged for novelty
    made: dict[str, Any] = field(default_factory=dict, compare=False)  # reports of this very state

    def step(self, entry: Entry[Any], size: int = 0) -> Kept:
        """The same after one more entry."""
        state = evolve(self.state, entry)
        return replace(
            self,
            state=state,
            track=_follow(self.track, self.state, state, entry),
            digest=entry.digest,
            size=self.size + size,
            made={},
        )


def made(kept: Kept, report: str, make: Callable[[], T]) -> T:
    """A report of this state, made once: a page looked at again need not be computed again."""
    found: T | None = kept.made.get(report)
    if found is None:
        found = kept.made[report] = make()
    return found


def _follow(track: Track, before: Relationship, state: Relationship, entry: Entry[Any]) -> Track:
    if isinstance(entry.event, Configured) or state.criteria_ever != before.criteria_ever:
        return tracks.track(state)  # other numbers or another criterion: filtered anew
    key = getattr(entry.event, "situation", None)
    known = state.find(key) if isinstance(key, str) else None
    return track.revise(known, state.criteria_ever) if known is not None else track


def size_of(row: Row) -> int:
    """About how many bytes of memory a row takes when folded."""
    return BYTES_A_STORED_BYTE * (len(row.facts) + len(row.texts or "") + 200)


@contextmanager
def without_collecting() -> Iterator[None]:
    """No garbage collection while a state grows: it would look through it all and find nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_freeze_count() == 0:
            gc.freeze()  # and back: what has grown counts as old, and is not looked through now
            gc.unfreeze()
        if was_on:
            gc.enable()


@without_collecting()
def cold(ledger: Ledger, relationship: str, upto: int | None = None) -> Kept:
    """Everything folded from the ledger, with the persisted estimate where it still fits."""
    persisted = ledger.checkpoint(relationship, VERSION) if upto is None else None
    since = persisted.seq if persisted else 0
    state, digest, size = Relationship(), START, 0
    vectors: dict[int, bytes] = {}
    late: list[Entry[Any]] = []  # those behind the persisted estimate
    for page in ledger.pages(relationship, upto=upto, indexed=persisted is not None):
        read = [row.entry() for row in page]
        state, digest, size = fold(read, state), page[-1].digest, size + sum(map(size_of, page))
        if persisted is not None:
            vectors.update((row.seq, row.vector) for row in page if row.vector is not None)
            late.extend(entry for entry in read if entry.seq > since)
    if persisted is None:
        return Kept(state, tracks.track(state), digest, size)
    known = _known(persisted, vectors)
    met = None if known is None else _met(state, vectors, known)
    return Kept(state, _resumed(state, persisted.track, late), digest, size, since, met)


def _resumed(state: Relationship, persisted: bytes, late: list[Entry[Any]]) -> Track:
    """The persisted estimate and what came behind it; under other numbers, filtered anew."""
    track = tracks.load(state, persisted)
    told = any(isinstance(entry.event, Configured) for entry in late)
    if told or track.criteria != state.criteria_ever:
        return tracks.track(state)
    keys = dict.fromkeys(getattr(entry.event, "situation", None) for entry in late)
    for changed in (state.find(key) for key in keys if isinstance(key, str)):
        track = track if changed is None else track.revise(changed, state.criteria_ever)
    return track


def _known(persisted: Checkpoint, vectors: Mapping[int, bytes]) -> list[float] | None:
    """The persisted distances, unless a text that they were measured to is gone since."""
    if persisted.nearest is None:
        return None
    known: list[float] = np.frombuffer(persisted.nearest).tolist()
    return known if len(known) == sum(seq <= persisted.seq for seq in vectors) else None


def checkpoint(kept: Kept, met: Seen | None) -> Checkpoint:
    """What a new process need not compute again."""
    nearest = None if met is None else met.nearest.tobytes()
    return Checkpoint(kept.state.seq, tracks.dump(kept.track), nearest)


def seen(ledger: Ledger, relationship: str, kept: Kept) -> Seen:
    """The situations met so far, from their kept index; those whose text is gone are left out."""
    if kept.seen is not None:
        return kept.seen
    return _met(kept.state, ledger.vectors(relationship))


def _met(state: Relationship, vectors: Mapping[int, bytes], known: Iterable[float] = ()) -> Seen:
    met = Remembering()
    there = (s for s in state.situations if s.opened.seq in vectors)
    for situation, nearest in zip_longest(there, known):
        opened = situation.opened
        vector = np.frombuffer(vectors[opened.seq], dtype=np.float32)
        met.add(situation.key, "", facts_of(opened.event), vector, nearest)
    return met


def meet(met: Seen, entry: Entry[Any], vector: bytes | None) -> None:
    """One more situation met."""
    event = entry.event
    if isinstance(event, SituationOpened) and vector is not None:
        known, text, facts = (
            np.frombuffer(vector, dtype=np.float32),
            told(event.text),
            facts_of(event),
        )
        apart = met.judged(text, facts) if isinstance(met, Remembering) else None
        met.add(event.situation, text, facts, known, apart=apart)


class Remembering(Seen):
    """What was met so far, and what was judged last: it is met next, and is compared once."""

    def __init__(self) -> None:
        super().__init__()
        self._last: tuple[str, Mapping[str, str], Novelty] | None = None

    def judge(self, text: str, facts: Mapping[str, str], known: Vector | None = None) -> Novelty:
        """How new a situation is; see `Seen.judge`."""
        found = super().judge(text, facts, known)
        self._last = (text, facts, found) if known is None else None
        return found

    def judged(self, text: str, facts: Mapping[str, str]) -> Distances | None:
        """The distances of this very situation, if it was the last and nothing came between."""
        if self._last is None or self._last[:2] != (text, facts):
            return None
        apart = self._last[2].apart
        return apart if apart is not None and len(apart) == len(self.keys) else None


class Shelf:
    """The most recently used folds, bounded in bytes; one writer a relationship at a time."""

    def __init__(self, limit: int) -> None:
        self._limit, self._size = limit, 0
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._locks: dict[str, tuple[threading.RLock, int]] = {}
        self._guard = threading.Lock()

    @contextmanager
    def locked(self, relationship: str) -> Iterator[None]:
        """Alone with this relationship, among the threads of this process."""
        with self._guard:
            lock, users = self._locks.get(relationship, (threading.RLock(), 0))
            self._locks[relationship] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                lock, users = self._locks.pop(relationship)
                if users > 1:
                    self._locks[relationship] = (lock, users - 1)

    def get(self, relationship: str) -> Kept | None:
        """The kept fold, if there is one."""
        with self._guard:
            kept = self._kept.get(relationship)
            if kept is not None:
                self._kept.move_to_end(relationship)
            return kept

    def put(self, relationship: str, kept: Kept) -> None:
        """Keep a fold; the longest unused ones make room."""
        with self._guard:
            old = self._kept.pop(relationship, None)
            self._size += kept.size - (old.size if old else 0)
            self._kept[relationship] = kept
            while self._size > self._limit and len(self._kept) > 1:
                self._size -= self._kept.popitem(last=False)[1].size

    def drop(self, relationship: str | None = None) -> None:
        """Forget one fold, or all."""
        with self._guard:
            for key in [relationship] if relationship else list(self._kept):
                old = self._kept.pop(key, None)
                self._size -= old.size if old else 0


def rebuilt(ledger: Ledger, shelf: Shelf, relationship: str) -> bool:
    """Fold everything anew and write the projection row; whether it was right already."""
    with shelf.locked(relationship):
        before = ledger.projection(relationship)
        kept = cold(ledger, relationship, before["seq"])
        kept = replace(kept, track=tracks.track(kept.state))
        projection = project(kept.state)
        ledger.put_projection(relationship, projection)
        shelf.drop(relationship)
        shelf.put(relationship, kept)
    return all(before[name] == value for name, value in projection.items())
