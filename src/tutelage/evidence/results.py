"""Results that print themselves: never a bare number without its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass

Z90 = 1.6448536269514722  # half-width of a 90 % interval of a normal, in standard deviations


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate on the rating scale, 1 to 5, with its standard deviation.

    >>> print(Estimate(mean=3.4, sd=0.3, n=9))
    3.4 ± 0.3 (n=9)

    The scale is open at its ends: nothing but fives says "5 or more", and prints as 5.

    >>> print(Estimate(mean=5.6, sd=0.5, n=9))
    5.0 ± 0.5 (n=9)
    """

    mean: float
    sd: float
    n: int

    def __str__(self) -> str:
        return f"{min(max(self.mean, 1.0), 5.0):.1f} ± {self.sd:.1f} (n={self.n})"

    @property
    def interval(self) -> tuple[float, float]:
        """The 90 % interval.

        >>> Estimate(3.0, 0.5, 4).interval
        (2.18, 3.82)
        """
        return (round(self.mean - Z90 * self.sd, 2), round(self.mean + Z90 * self.sd, 2))
