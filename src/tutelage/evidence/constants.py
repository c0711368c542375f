"""The numbers of the estimate, as a relationship's `Configured` entry may change them."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Constants:
    """The filter's numbers, in rating points; measured in EVIDENCE's standard simulation."""

    prior_mean: float = 2.5
    own_sd: float = 0.6
    shared_sd: float = 0.35
    severity_sd: float = 0.3
    noise_sd: float = 0.6
    noise_shared: float = 0.8  # of its variance, what several raters of one call have in common
    difficulty_sd: float = 0.45
    drift_sd: float = 0.05
    drift_damping: float = 0.98
    drift_growth: float = 3e-5
    drift_slow: float = 0.001  # variance a situation, one copy of the filter each
    drift_usual: float = 0.006
    drift_fast: float = 0.04
    leak: float = 0.02
    drop_alarm: float = 3.6  # standard deviations of disappointment that have added up
    drop_slack: float = 0.3  # of them, what every situation lets go
    drop_variance: float = 0.4
    drop_most: float = 2.5  # standard deviations that one situation may add to the alarm
    declared_prior: float = 20.0  # situations after which a habit of declaring "hard" shows

    @property
    def drifts(self) -> tuple[float, ...]:
        """Variance of change a situation, one copy of the filter each."""
        return (self.drift_slow, self.drift_usual, self.drift_fast)


def tuned(constants: Constants, numbers: dict[str, float]) -> Constants:
    """The constants with those changed that a `Configured` entry names."""
    known = {k: v for k, v in numbers.items() if k in Constants.__slots__}
    return replace(constants, **known)
