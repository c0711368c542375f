"""Who could guide whom: what a learner wants to become able to do, and what a trainer has handled.

Everything that a fit rests on is one of its parts, and each part says itself in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tutelage.domain.terms import Mode
from tutelage.evidence.likeness import Likeness

VERSION = "matching-1"
LIKE = 0.15  # likeness from which a text counts as one like it
FULL = 0.5  # likeness from which more says nothing more
ENOUGH = 0.1  # of experience; with less, nobody is proposed
MOST_LINES = 12  # of a profile, each kind
MOST_HANDLED = 60  # of a trainer: its own sentences first, then its latest experiences
MOST_PLACES = 20  # learners of one trainer at once
QUICK, SLOW = 2.0, 14.0  # days to a reply: up to QUICK nothing is taken off, from SLOW all
BLOCK = 8_000_000  # likenesses held at once, 64 MB

SITUATIONS, ABLE, MODE, REPLY = 0.5, 0.2, 0.15, 0.15  # what a full part adds,
LOAD, SAME = 0.15, 0.15  # and takes away

Kind = Literal["situations", "able", "mode", "reply", "load", "sameness"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seeker:
    """A learner who looks for a trainer: what it wants to become able to do, in which situations.

    `excludes` are trainers it is not to be proposed: who declined or was declined, whom it has.
    """

    name: str
    able: tuple[str, ...] = ()
    situations: tuple[str, ...] = ()
    prefers: Mode | None = None
    excludes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Guide:
    """A trainer with room for learners: what it has handled, how it works, how much it can take.

    `handled` are its own sentences and may be quoted; `banked` its experiences, only counted.
    `same` is its index of sameness where that alarms, from 0 to 1.
    """

    name: str
    handled: tuple[str, ...] = ()
    banked: tuple[str, ...] = ()
    modes: frozenset[Mode] = frozenset(("mentor", "coach"))
    capacity: int = 1
    holds: int = 0
    reply_days: float | None = None
    same: float = 0.0
    excludes: frozenset[str] = frozenset()

    @property
    def places(self) -> int:
        """For how many more it has room."""
        return max(0, min(self.capacity, MOST_PLACES) - self.holds)

    @property
    def texts(self) -> tuple[str, ...]:
        """What it has handled: as much as is read, the latest of its experiences."""
        own = self.handled[:MOST_LINES]
        return (*own, *self.banked[::-1][: MOST_HANDLED - len(own)])

    @property
    def busy(self) -> float:
        """How much of its capacity is taken, 0 to 1."""
        return min(1.0, self.holds / max(1, min(self.capacity, MOST_PLACES)))


@dataclass(frozen=True, slots=True)
class Part:
    """One reason for or against: how much it adds, of how many it holds, and quotes.

    `count` of `of`: situations or wishes that the trainer has handled the like of; `more` of its
    experiences are like them, too. For `load`: holds of capacity; for `reply`: days.

    >>> print(Part("situations", 0.3, 1, 3, ("angry clients",)))
    has handled 1 of 3 situations like yours: “angry clients”
    """

    kind: Kind
    adds: float
    count: float = 0
    of: int = 0
    quotes: tuple[str, ...] = ()
    more: int = 0

    def __str__(self) -> str:
        return _SAYS[self.kind](self)


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a trainer would fit a learner, with the parts it is made of.

    >>> seeker = Seeker("lea", situations=("A client is angry about an invoice",))
    >>> print(fit(seeker, Guide("tom", ("Angry clients and wrong invoices",), reply_days=1)))
    0.80: has handled 1 of 1 situation like yours: “Angry clients and wrong invoices”; \
either way of working suits; answers within 1 day; guides 0 of at most 1
    """

    seeker: str
    guide: str
    score: float
    experience: float
    parts: tuple[Part, ...] = field(compare=False)

    @property
    def told(self) -> tuple[Part, ...]:
        """The reasons both may read: how alike a trainer guides all is between it and the tool."""
        return tuple(p for p in self.parts if p.kind != "sameness")

    def unquoted(self) -> Fit:
        """The same in counts, for who may read nobody's words."""
        return replace(self, parts=tuple(replace(p, quotes=()) for p in self.parts))

    def __str__(self) -> str:
        return f"{self.score:.2f}: {'; '.join(map(str, self.told))}"


@dataclass(frozen=True)
class Pool:
    """Everybody at once, as arrays over seekers and guides by name.

    ``score`` [S, G]: the sum of a fit's parts; ``experience`` [S, G], 0 to 1; ``open`` [S, G]:
    where the two may be proposed to each other at all: not oneself, nobody excluded.
    """

    seekers: tuple[Seeker, ...]
    guides: tuple[Guide, ...]
    measure: Likeness = field(repr=False)
    experience: Floats = field(repr=False)
    score: Floats = field(repr=False)
    open: NDArray[np.bool_] = field(repr=False)

    @property
    def enough(self) -> NDArray[np.bool_]:
        """Where they may be proposed, and the trainer has handled enough of the kind."""
        return self.open & (self.experience >= ENOUGH)

    def fit(self, seeker: int, guide: int) -> Fit:
        """The fit of two, by their places in the pool."""
        one, other = self.seekers[seeker], self.guides[guide]
        score = round(float(self.score[seeker, guide]), 6)
        known = round(float(self.experience[seeker, guide]), 6)
        return Fit(one.name, other.name, score, known, tuple(_parts(self.measure, one, other)))


def pool(seekers: Iterable[Seeker], guides: Iterable[Guide]) -> Pool:
    """The pool of these people, in the order of their names."""
    looking = tuple(sorted(seekers, key=lambda s: s.name))
    guiding = tuple(sorted(guides, key=lambda g: g.name))
    measure = Likeness(_texts(looking, guiding))
    situations, able = (
        _covered(measure, [getattr(s, kind)[:MOST_LINES] for s in looking], guiding)
        for kind in ("situations", "able")
    )
    told = np.array([[SITUATIONS * bool(s.situations), ABLE * bool(s.able)] for s in looking])
    told = told.reshape(len(looking), 2)
    whole = np.maximum(told.sum(1), 1e-9)[:, None]
    known = (told[:, :1] * situations + told[:, 1:] * able) / whole
    score = SITUATIONS * situations + ABLE * able + _modes(looking, guiding) + _rest(guiding)
    return Pool(looking, guiding, measure, known, score.round(6), _open(looking, guiding))


def fit(seeker: Seeker, guide: Guide) -> Fit:
    """How well this trainer would fit this learner, as if there were nobody else."""
    return pool([seeker], [guide]).fit(0, 0)


def _texts(seekers: Sequence[Seeker], guides: Sequence[Guide]) -> Iterator[str]:
    for s in seekers:
        yield from (*s.situations[:MOST_LINES], *s.able[:MOST_LINES])
    for g in guides:
        yield from g.texts


def _covered(
    measure: Likeness, asked: Sequence[tuple[str, ...]], guides: Sequence[Guide]
) -> Floats:
    """[S, G]: how much of what each asks the guide has handled the like of, mean over its texts."""
    handled = [g.texts or ("",) for g in guides]
    there = measure.of(tuple(t for texts in handled for t in texts)).T.tocsc()
    starts = np.cumsum([0, *map(len, handled)])[:-1]
    found = np.zeros((len(asked), len(guides)))
    step = max(1, BLOCK // max(1, there.shape[1] * MOST_LINES))
    for at in range(0, len(asked) if guides else 0, step):
        some = [texts or ("",) for texts in asked[at : at + step]]
        like = (measure.of(tuple(t for texts in some for t in texts)) @ there).toarray()
        best = np.minimum(np.maximum.reduceat(like, starts, axis=1) / FULL, 1.0)
        begins = np.cumsum([0, *map(len, some)])[:-1]
        sizes = np.array([len(texts) for texts in some])[:, None]
        found[at : at + step] = np.add.reduceat(best, begins, axis=0) / sizes
    return found


def _modes(seekers: Sequence[Seeker], guides: Sequence[Guide]) -> Floats:
    suits = [[s.prefers is None or s.prefers in g.modes for g in guides] for s in seekers]
    fits: Floats = MODE * np.array(suits, dtype=float).reshape(len(seekers), len(guides))
    return fits


def _rest(guides: Sequence[Guide]) -> Floats:
    """What is the same for every learner: reply, load, sameness."""
    each = [_reply(g) - LOAD * g.busy - SAME * min(max(g.same, 0.0), 1.0) for g in guides]
    return np.array(each, dtype=float)


def _reply(guide: Guide) -> float:
    """Nothing said counts as half: neither quick nor slow."""
    if guide.reply_days is None:
        return REPLY / 2
    late = (guide.reply_days - QUICK) / (SLOW - QUICK)
    return REPLY * (1.0 - min(max(late, 0.0), 1.0))


def _open(seekers: Sequence[Seeker], guides: Sequence[Guide]) -> NDArray[np.bool_]:
    at = {g.name: j for j, g in enumerate(guides)}
    whose = {s.name: i for i, s in enumerate(seekers)}
    found = np.ones((len(seekers), len(guides)), dtype=bool)
    for i, s in enumerate(seekers):
        found[i, [at[n] for n in (s.name, *s.excludes) if n in at]] = False
    for j, g in enumerate(guides):
        found[[whose[n] for n in g.excludes if n in whose], j] = False
    return found


# reasons ---------------------------------------------------------------------------------------
def _parts(measure: Likeness, seeker: Seeker, guide: Guide) -> Iterator[Part]:
    weights = {"situations": SITUATIONS, "able": ABLE}
    for kind, weight in weights.items():
        said = getattr(seeker, kind)[:MOST_LINES]
        if said:
            yield _handled(measure, "able" if kind == "able" else "situations", weight, said, guide)
    suits = seeker.prefers is None or seeker.prefers in guide.modes
    yield Part("mode", MODE * suits, int(suits), int(seeker.prefers is not None))
    if guide.reply_days is not None:
        yield Part("reply", _reply(guide), guide.reply_days)
    yield Part("load", -LOAD * guide.busy, guide.holds, min(guide.capacity, MOST_PLACES))
    if guide.same > 0:
        yield Part("sameness", -SAME * min(guide.same, 1.0))


def _handled(
    measure: Likeness, kind: Kind, weight: float, said: tuple[str, ...], guide: Guide
) -> Part:
    texts = guide.texts
    like = (measure.of(said) @ measure.of(texts).T).toarray() if texts else np.zeros((len(said), 1))
    adds = weight * float(np.minimum(like.max(1) / FULL, 1.0).mean())
    near, own = like >= LIKE, len(guide.handled[:MOST_LINES])
    best = sorted(np.flatnonzero(near[:, :own].any(0)), key=lambda j: (-like[:, j].max(), j))
    quotes = tuple(texts[j] for j in best[:3])
    more = int(near[:, own:].any(0).sum())
    return Part(kind, round(adds, 6), int(near.any(1).sum()), len(said), quotes, more)


def _situations(part: Part) -> str:
    what = "situation" if part.of == 1 else "situations"
    return _quoted(f"has handled {part.count:g} of {part.of} {what} like yours", part)


def _able(part: Part) -> str:
    return _quoted(f"knows {part.count:g} of {part.of} things you want to become able to do", part)


def _quoted(said: str, part: Part) -> str:
    quotes = ", ".join(f"“{q}”" for q in part.quotes)
    more = f" ({part.more} more in its experiences)" if part.more else ""
    return f"{said}{more}: {quotes}" if quotes else f"{said}{more}"


def _mode(part: Part) -> str:
    if not part.of:
        return "either way of working suits"
    return "works as you prefer" if part.count else "does not work as you prefer"


def _days(part: Part) -> str:
    return f"answers within {part.count:g} {'day' if part.count == 1 else 'days'}"


_SAYS: dict[Kind, Callable[[Part], str]] = {
    "situations": _situations,
    "able": _able,
    "mode": _mode,
    "reply": _days,
    "load": lambda p: f"guides {p.count:g} of at most {p.of}",
    "sameness": lambda _p: "guides all its learners much alike",
}
