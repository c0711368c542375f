"""Looking before the end, honestly: looks agreed before, or bets that may stop any time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tutelage.evidence.attribution import LEVEL, Record, unusable
from tutelage.evidence.design import Design, focus
from tutelage.evidence.dose import Bools, Cells, Floats, cells, precision, strengths
from tutelage.evidence.notyet import NotYet

FEWEST_CELLS = 8  # fewer ratings are no look
CONVINCING = 1 / LEVEL  # a bet that multiplied its stake so often convinces at .05 (Ville 1939)


@dataclass(frozen=True, slots=True)
class Looks:
    """What looks at agreed situations showed, the last at the horizon or before.

    >>> print(Looks(60, (10, 20, 30), crossed=30, spent=0.0125))
    shown at the look after 30 situations (3 of the agreed looks, horizon 60)
    """

    horizon: int
    taken: tuple[int, ...]
    crossed: int | None  # the look after which it was shown
    spent: float  # of the level, so far

    def __str__(self) -> str:
        told = f"{len(self.taken)} of the agreed looks, horizon {self.horizon}"
        if self.crossed is not None:
            return f"shown at the look after {self.crossed} situations ({told})"
        rest = self.horizon - (self.taken[-1] if self.taken else 0)
        if rest <= 0:
            return f"not shown at any look ({told})"
        return f"not shown yet ({told}); about {rest} more situations"


def looks(
    record: Record, at: Sequence[int], redraws: int = 999, seed: int = 0, level: float = LEVEL
) -> Looks | NotYet:
    """Is it shown at one of the looks that were fixed before, the level kept over all of them?

    By the look after t of T situations, ``level·(t/T)²`` may be spent: of all draws, the real one
    among them, so many may have been stopped because the ratings followed them most. Each look
    stops the strongest that no earlier look stopped; it is shown when the real draw is stopped.
    Exact, for all draws are treated alike. Looks after the present wait. Source: Lan & DeMets
    (1983), their power family; applied to draws instead of to a normal path.
    """
    lacking = unusable(record)
    if lacking is not None:
        return lacking
    horizon = record.design.horizon
    due = tuple(t for t in sorted(set(at)) if 0 < t <= record.length)
    others = record.design.redraw(redraws, np.random.default_rng(seed))
    alive = np.ones(redraws + 1, dtype=bool)
    for number, t in enumerate(due):
        allowed = int(level * (t / horizon) ** 2 * len(alive) + 1e-9) - int((~alive).sum())
        alive &= ~_strongest(_at(record, t, others), alive, allowed)
        if not alive[0]:
            return Looks(horizon, due[: number + 1], t, level * (t / horizon) ** 2)
    return Looks(horizon, due, None, level * (due[-1] / horizon) ** 2 if due else 0.0)


def _at(record: Record, t: int, others: Bools) -> Floats:
    seen = cells(record.counted[:t], record.declared[:t])
    if len(seen.heard) < FEWEST_CELLS:
        return np.zeros(len(others) + 1)
    return strengths(seen, record.focus[:t], others[:, :t]).strength


def _strongest(strength: Floats, alive: Bools, allowed: int) -> Bools:
    """The strongest that are alive, at most ``allowed`` of them: ties beyond it all stay."""
    ranked = np.sort(strength[alive])[::-1]
    if allowed < 1 or len(ranked) <= allowed:
        return np.zeros_like(alive)
    bar = ranked[allowed] + 1e-9  # strictly above the first that may not be stopped
    stopped: Bools = alive & (strength > bar)
    return stopped


@dataclass(frozen=True, slots=True)
class Bets:
    """How a stake grew that was bet, focus by focus, on guidance moving what is in focus.

    >>> print(Bets(4.2, 3), Bets(31.0, 5), sep="; ")
    a stake bet on the guidance grew 4.2-fold in 3 focuses (20-fold would convince); \
a stake bet on the guidance grew 31.0-fold in 5 focuses: shown, whenever one looks
    """

    growth: float
    focuses: int

    @property
    def shown(self) -> bool:
        """Whether it convinces, at whatever moment it is looked at."""
        return self.growth >= CONVINCING

    def __str__(self) -> str:
        told = f"a stake bet on the guidance grew {self.growth:.1f}-fold in {self.focuses} focuses"
        if self.shown:
            return f"{told}: shown, whenever one looks"
        return f"{told} ({CONVINCING:.0f}-fold would convince)"

    def __mul__(self, other: Bets) -> Bets:
        """Bets on several relationships, or rounds of one: their growths multiply."""
        return Bets(self.growth * other.growth, self.focuses + other.focuses)


def bets(record: Record, expected: float = 0.6, spread: float = 0.4) -> Bets | NotYet:
    """What may be believed without a horizon, however often one looks.

    When a focus ends, the likelihood of the ratings so far (under the working model, for an
    effect N(expected, spread²) of a full dose) is taken for each criterion that could have been
    drawn; the stake is multiplied by that of the one drawn over the mean of all. If guidance does
    nothing the draw is as good as any other, so the stake stays the same on average, and grows
    20-fold with probability ≤ .05 whenever one stops. With K criteria it can grow at most K!-fold,
    so it convinces by multiplying over relationships or rounds. Source: Ville (1939); Ramdas,
    Grünwald, Vovk & Shafer (2023).
    """
    lacking = unusable(record)
    if lacking is not None:
        return lacking
    ends = [s for s in (*record.design.starts[1:], record.design.horizon) if s <= record.length]
    if not ends:
        return NotYet("no focus has ended yet", max(record.design.starts[1] - record.length, 1))
    ordered = tuple(record.criteria.index(c) for c in record.design.order)
    growth = 1.0
    for place, end in enumerate(ends):
        growth *= _won(record, ordered, place, end, (expected, spread))
    return Bets(growth, len(ends))


def _won(
    record: Record, order: tuple[int, ...], place: int, end: int, effect: tuple[float, float]
) -> float:
    """The factor of one focus: the drawn criterion's likelihood over the mean of the possible."""
    seen = cells(record.counted[:end], record.declared[:end])
    possible = order[place:]
    if len(seen.heard) < FEWEST_CELLS or len(possible) < 2:
        return 1.0
    likely = _likelihoods(seen, _had_it_been(record.design, order[:place], possible, end), effect)
    return float(np.exp(likely[0] - np.logaddexp.reduce(likely)) * len(possible))


def _had_it_been(
    design: Design, past: tuple[int, ...], possible: tuple[int, ...], end: int
) -> Bools:
    """The focus up to ``end`` had each of the possible criteria been drawn: [P, end, K]."""
    rest = {one: (one, *(c for c in possible if c != one)) for one in possible}
    orders = np.array([(*past, *rest[one]) for one in possible])
    return focus(orders, np.array([design.starts] * len(possible)), end)


def _likelihoods(seen: Cells, on: Bools, effect: tuple[float, float]) -> Floats:
    """Log likelihood of each focus over no effect, for an effect N(mean, sd²) of a full dose."""
    mean, sd = effect
    doses = seen.dose(on)
    weighted = doses @ precision(seen)
    size, score = np.einsum("pn,pn->p", weighted, doses), weighted @ seen.response
    shrunk = 1 + sd**2 * size
    gain = (sd**2 * score**2 + 2 * mean * score - mean**2 * size) / (2 * shrunk)
    likely: Floats = gain - np.log(shrunk) / 2
    return likely


def weekly(horizon: int, count: int) -> tuple[int, ...]:
    """Looks at even distances, the last at the horizon.

    >>> weekly(60, 12)[:3], weekly(20, 3)
    ((5, 10, 15), (7, 13, 20))
    """
    return tuple(round(horizon * (i + 1) / count) for i in range(count))
