"""Whether somebody rates as others do: too kindly or too strictly, and in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from tutelage.domain.situation import Situation
from tutelage.evidence.notyet import NotYet
from tutelage.evidence.rated import by_criterion, given

GROUP = 5  # situations: fewer at once would tell how another rated the last one
FEWEST = 10  # situations rated by both; fewer would tell how another rated one of them


@dataclass(frozen=True, slots=True)
class Calibration:
    """How much higher one rates than others on the same items, and how well the two agree.

    With its 90 % interval; where that holds zero, the way is not sure.

    >>> print(Calibration(0.42, 0.11, 0.73, 0.81, 12, 24))
    0.42 higher than others (0.11 to 0.73); agreement 0.81, over 12 situations
    """

    higher: float  # rating points; below zero it is lower
    low: float
    high: float
    agreement: float  # Lin's concordance: 1 the same, 0 no relation
    situations: int
    items: int

    @property
    def sure(self) -> bool:
        """Whether one rates higher or lower than others beyond chance."""
        return self.low > 0 or self.high < 0

    def __str__(self) -> str:
        way = "higher" if self.higher >= 0 else "lower"
        ends = sorted((abs(self.low), abs(self.high))) if self.sure else (self.low, self.high)
        told = f"{abs(self.higher):.2f} {way} than others ({ends[0]:.2f} to {ends[1]:.2f})"
        return f"{told}; agreement {self.agreement:.2f}, over {self.situations} situations"


def shared(situation: Situation, rater: str) -> Iterator[tuple[float, float]]:
    """Each criterion that this rater and others rated of the same call: mine, and their mean."""
    for subject in ("own_call", "decision"):
        rated = given(situation, subject)
        mine = by_criterion(r for r in rated if r.actor == rater)
        others = by_criterion(r for r in rated if r.actor != rater)
        yield from ((mine[c], others[c]) for c in mine if c in others)


def calibration(pairs: Sequence[Sequence[tuple[float, float]]]) -> Calibration | NotYet:
    """A rater against others, from the shared items of each situation, the oldest first.

    The difference is averaged within a situation, for its items are alike; Student's t over
    situations gives the interval. Agreement is Lin's concordance correlation (Lin 1989), for
    ordinal ratings the same as Cohen's kappa with quadratic weights in large samples.

    >>> print(calibration([[(4, 3), (3, 3)]] * 8 + [[(2, 2)], [(5, 4)]] + [[(1, 5)]]))
    0.50 higher than others (0.36 to 0.64); agreement 0.40, over 10 situations
    """
    told = [each for each in pairs if each]
    told = told[: len(told) // GROUP * GROUP] if len(told) >= FEWEST else told
    if len(told) < FEWEST:
        lacking = FEWEST - len(told)
        return NotYet(f"{len(told)} situations were rated by you and by others", lacking)
    means = np.array([np.mean([mine - theirs for mine, theirs in each]) for each in told])
    error = float(means.std(ddof=1)) / np.sqrt(len(means))
    half = float(stdtrit(len(means) - 1, 0.95)) * error
    items = np.array([pair for each in told for pair in each], float)
    middle = float(means.mean())
    return Calibration(
        middle, middle - half, middle + half, _concordance(items), len(told), len(items)
    )


def _concordance(items: np.ndarray) -> float:
    """2 s₁₂ / (s₁² + s₂² + (m₁ - m₂)²); one where all are the same."""
    mine, theirs = items[:, 0], items[:, 1]
    apart = float(mine.var() + theirs.var() + (mine.mean() - theirs.mean()) ** 2)
    together = float(((mine - mine.mean()) * (theirs - theirs.mean())).mean())
    return 2 * together / apart if apart > 0 else 1.0
