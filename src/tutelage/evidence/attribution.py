"""Did the guidance do it? The ratings of one relationship held against its drawn design."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tutelage.evidence.design import FEWEST_CRITERIA, FEWEST_SITUATIONS, Design
from tutelage.evidence.dose import Bools, Floats, cells, strengths
from tutelage.evidence.notyet import NotYet
from tutelage.evidence.results import Z90

LEVEL = 0.05
FEWEST_COMPARED = 12  # situations that rate two criteria or more; below, not even for the pool
FOLLOWED = 0.5  # of the guidance, what must have gone to the criterion in focus
UNEQUAL = 0.15  # a touch rate in focus so much above that outside is told


@dataclass(frozen=True, slots=True)
class Attribution:
    """What moved with the drawn focus: the effect in rating points, its interval, and p.

    The effect is what focused work did *more* than to the other criteria: what spills over to them
    is not in it, so that it is a lower bound of what the guidance did.

    >>> found = Attribution(0.01, 2.4, 0.5, 0.2, 0.8, 40, 5, 999, 2016840, 0.7, 0.7)
    >>> print(found)
    guidance moved what it worked on: at least 0.2 points more than the other criteria \
(best guess 0.5, 90 % interval 0.2 to 0.8; p = .010 by re-drawing the design 999 times)
    """

    p: float
    z: float
    points: float
    low: float
    high: float
    situations: int
    criteria: int
    redraws: int
    arrangements: int
    touch_in: float  # how often a criterion was touched while in focus
    touch_out: float  # and while it was not
    alone: bool = True  # large enough to say something by itself
    caveats: tuple[str, ...] = ()

    @property
    def shown(self) -> bool:
        """Whether this relationship alone shows that guidance moved what it worked on."""
        return self.alone and self.p <= LEVEL

    @property
    def error(self) -> float:
        """The standard error that the 90 % interval amounts to, in points."""
        return (self.high - self.low) / (2 * Z90)

    def __str__(self) -> str:
        return "; ".join([self._headline(), *self.caveats])

    def _headline(self) -> str:
        size = f"{self.situations} situations, {self.criteria} criteria"
        if not self.alone:
            return f"too little to tell alone ({size}): it counts in the pool only"
        drawn = f"{chance(self.p)} by re-drawing the design {self.redraws} times"
        between = f"90 % interval {self.low:.1f} to {self.high:.1f}; {drawn}"
        if self.shown:
            return (
                f"guidance moved what it worked on: at least {max(self.low, 0):.1f} points more "
                f"than the other criteria (best guess {self.points:.1f}, {between})"
            )
        return (
            "not shown that guidance moved what it worked on more than the other criteria: "
            f"{round(self.points, 1) + 0.0:+.1f} points ({between})"
        )


def chance(p: float) -> str:
    """A p as people print it.

    >>> chance(0.0312), chance(0.00004)
    ('p = .031', 'p < .001')
    """
    return "p < .001" if p < 0.0005 else f"p = {p:.3f}".replace("0.", ".", 1)


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one relationship since its design was drawn.

    ``ratings`` [T, K] of own calls, NaN where a criterion was not rated; ``declared`` [T]
    difficulty in rating points; columns as ``criteria``.
    """

    criteria: tuple[str, ...]
    ratings: Floats
    declared: Floats
    design: Design
    guided: Bools | None = None  # [T, K] where guidance was given; None: not known
    raters: int | None = None
    blind: bool = True  # no rater knew the focus
    imported: int = 0  # the first situations that were retold or imported, and do not count
    ended: bool = False  # it ended before its horizon

    def __post_init__(self) -> None:
        if self.ratings.shape != (len(self.declared), len(self.criteria)):
            raise ValueError("ratings are [T, K]: a row a situation, a column a criterion")
        if set(self.criteria) != set(self.design.order):
            raise ValueError("the design is of other criteria than the ratings")

    @property
    def length(self) -> int:
        """Situations that count: none after the horizon."""
        return min(len(self.declared), self.design.horizon)

    @property
    def counted(self) -> Floats:
        """The ratings that count, [length, K]: none that were imported."""
        known = self.ratings[: self.length].copy()
        known[: self.imported] = np.nan
        return known

    @property
    def focus(self) -> Bools:
        """The drawn focus, [length, K]."""
        return self.design.focus(self.criteria, self.length)


def attribute(record: Record, redraws: int = 999, seed: int = 0) -> Attribution | NotYet:
    """Did the ratings move with the drawn focus more than with other draws that were as likely?

    Statistic: the generalised-least-squares score of the dose of focused work (`dose`), practice
    projected out, difficulty compared away within situations. p = (1 + other draws at least as
    strong)/(1 + draws): exact whatever the noise, its autocorrelation and ceilings, because the
    draw itself was random. Effect and 90 % interval in rating points by inverting that test.
    One-sided; the analysis stays by the draw, whatever was done. Made once, at the horizon: for
    looks before, `looks`. Source: Edgington & Onghena (2007); Levin, Ferron & Gafurov (2018).

    >>> import numpy as np
    >>> from tutelage.evidence.design import draw
    >>> design, names = draw(4, ("a", "b", "c", "d"), 30), ("a", "b", "c", "d")
    >>> ratings = 2 + (design.focus(names).cumsum(0) > 2) + np.arange(120).reshape(30, 4) % 3 / 2
    >>> found = attribute(Record(names, ratings, np.zeros(30), design))
    >>> found.shown, round(found.points, 1)
    (True, 0.8)
    """
    lacking = missing(record)
    if lacking is not None:
        return lacking
    seen = cells(record.counted, record.declared[: record.length])
    others = record.design.redraw(redraws, np.random.default_rng(seed), record.length)
    found = strengths(seen, record.focus, others)
    low, high = found.interval()
    return Attribution(
        p=found.p,
        z=found.z,
        points=found.points,
        low=low,
        high=high,
        situations=_compared(record),
        criteria=_rated_criteria(record),
        redraws=redraws,
        arrangements=record.design.arrangements,
        touch_in=_touched(record, inside=True),
        touch_out=_touched(record, inside=False),
        alone=_alone(record),
        caveats=tuple(_caveats(record)),
    )


def missing(record: Record) -> NotYet | None:
    """Why nothing can be said of this relationship, if nothing can; None when the test may run."""
    return unusable(record) or _too_little(record)


def unusable(record: Record) -> NotYet | None:
    """Why no look at this relationship, early or late, can say anything; None when it may."""
    if np.isnan(record.counted).all():
        return NotYet("no own call was rated since the design was drawn", FEWEST_SITUATIONS)
    if _rated_criteria(record) < 2:
        return NotYet("one criterion only was rated: there is nothing to compare it with")
    late = [s for s in record.design.starts if s < record.imported]
    if 2 * len(late) > len(record.design.starts):
        return NotYet(
            f"{len(late)} of {len(record.design.starts)} starts lie in the imported part: "
            "draw a new design from here on",
            FEWEST_SITUATIONS,
        )
    given, inside = _guidance(record)
    if given and inside < FOLLOWED * given:
        return NotYet(
            f"the design was not followed: {given - inside} of {given} times guidance was on a "
            "criterion that was not in focus"
        )
    return None


def _too_little(record: Record) -> NotYet | None:
    """Why the test at the horizon cannot be made."""
    rated = record.counted[~np.isnan(record.counted)]
    if not record.ended and record.length < record.design.horizon:
        more = record.design.horizon - record.length
        return NotYet(f"{record.length} of the {record.design.horizon} situations agreed", more)
    if _compared(record) < FEWEST_COMPARED:
        count = _compared(record)
        return NotYet(f"{count} situations with two criteria rated", FEWEST_SITUATIONS - count)
    if np.ptp(rated) == 0:
        return NotYet(
            f"every own call was rated {rated[0]:g}: nothing moved that could be compared"
        )
    on = record.focus & ~np.isnan(record.counted)
    if not on[:-1].any():
        return NotYet("no criterion was met while it was in focus", FEWEST_SITUATIONS)
    return None


def _guidance(record: Record) -> tuple[int, int]:
    """How often guidance was given on a criterion, and how often on the one in focus."""
    if record.guided is None:
        return 0, 0
    given = record.guided[: record.length]
    return int(given.sum()), int((given & record.focus).sum())


def started_early(record: Record) -> dict[str, int]:
    """By criterion: how often it was guided before its drawn start."""
    if record.guided is None:
        return {}
    before = {
        name: int(record.guided[: record.design.start(name), column].sum())
        for column, name in enumerate(record.criteria)
    }
    return {name: count for name, count in before.items() if count}


def _caveats(record: Record) -> Iterator[str]:
    early = started_early(record)
    if early:
        told = ", ".join(f"{name} {count} times" for name, count in early.items())
        yield f"guided before its start: {told}; tested by the draw all the same, which dilutes it"
    if record.raters == 1:
        yield "one rater only: a rater's own drift cannot be told from the learner's"
    if not record.blind:
        yield "rated by somebody who knew the focus"
    if record.imported:
        yield f"the first {record.imported} situations were imported and do not count"
    if record.ended and record.length < record.design.horizon:
        yield f"ended after {record.length} of {record.design.horizon} situations"
    inside, outside = _touched(record, inside=True), _touched(record, inside=False)
    if inside - outside > UNEQUAL:
        yield (
            f"what was in focus came up more often ({inside:.0%} against {outside:.0%}): practice "
            "is taken out as far as it can be"
        )


def _rated_criteria(record: Record) -> int:
    return int((~np.isnan(record.counted)).any(0).sum())


def _compared(record: Record) -> int:
    """Situations in which two criteria or more were rated: only these compare."""
    return int(((~np.isnan(record.counted)).sum(1) >= 2).sum())


def _alone(record: Record) -> bool:
    return _rated_criteria(record) >= FEWEST_CRITERIA and _compared(record) >= FEWEST_SITUATIONS


def _touched(record: Record, *, inside: bool) -> float:
    """How often a criterion was rated, in focus or outside."""
    touched = ~np.isnan(record.counted[record.imported :])
    on = record.focus[record.imported :] == inside
    return float(touched[on].mean()) if on.any() else float("nan")


def record_of(criteria: Sequence[str], ratings: Floats, declared: Floats, design: Design) -> Record:
    """A record without more than its ratings: what simulations and imports have."""
    return Record(tuple(criteria), np.asarray(ratings, float), np.asarray(declared, float), design)
