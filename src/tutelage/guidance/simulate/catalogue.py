"""What is simulated, what it should show, and what it did: the operating characteristics.

A variant is a world; a bar is what one of its figures must reach. `tutelage simulate` prints one
variant, `tutelage simulate --variant all` every bar, met or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from tutelage.guidance.simulate import (
    asking,
    attributed,
    awards,
    biases,
    cases,
    copies,
    habits,
    pools,
    worlds,
)
from tutelage.guidance.simulate.estimates import (
    bias,
    estimates,
    follow,
    rivals,
    wrongly_sure,
)
from tutelage.guidance.simulate.loop import (
    KINDS,
    Fixed,
    MovingAverage,
    Never,
    Policy,
    SuccessRate,
    closed_loop,
)
from tutelage.guidance.simulate.measured import Characteristics, Measured
from tutelage.guidance.simulate.worlds import Chance, Growth

FEW = 24  # relationships at most where texts are read one by one
POOLS = 200  # at most, of 60 learners each
Simulation = Callable[[int, int], Characteristics]
"""Relationships and a seed in, figures out."""


# the worlds of the estimate -------------------------------------------------------------------
def _open(growth: Growth, situations: int = 60) -> Simulation:
    def simulate(relationships: int, seed: int) -> Characteristics:
        drawn = worlds.chance(relationships, seed, situations=situations)
        seen = follow(worlds.course(drawn, growth))
        return {**estimates(seen, growth.fall_at), **rivals(seen)}

    return simulate


def _s1(relationships: int, seed: int) -> Characteristics:
    drawn = worlds.chance(relationships, seed)
    known = worlds.course(drawn)
    seen, helped = follow(known), follow(known, _assisted(drawn, known))
    return {
        **estimates(seen),
        "wrongly_sure": wrongly_sure(seen),
        "bias_assisted_counted": bias(helped),
        "wrongly_sure_assisted_counted": wrongly_sure(helped),
        **rivals(seen),
        **closed_loop(["s1"], relationships, seed),
        **_healthy(relationships, seed),
    }


def _healthy(relationships: int, seed: int) -> Characteristics:
    """Alarms on learners who need none, sameness, and novelty of what they meet."""
    leaning = habits.dependency(relationships, seed)
    texts = cases.novelty(min(relationships, FEW), seed)
    return {
        "alarm": leaning["alarm_healthy"],
        "alarm_novices": leaning["alarm_novices"],
        **_some(habits.sameness(relationships, seed), "sameness_auc", "sameness_false_8x8"),
        **_some(texts, "novelty_false", "novelty_found", "novelty_found_terse"),
    }


def _some(found: Characteristics, *keys: str) -> Characteristics:
    return {key: found[key] for key in keys}


def _dependent(relationships: int, seed: int) -> Characteristics:
    leaning = habits.dependency(relationships, seed)
    return {**closed_loop(["dependent"], relationships, seed), "alarm": leaning["alarm"]}


def _assisted(drawn: Chance, known: worlds.Course) -> worlds.Floats:
    """Decisions after guidance counted as if they were own calls, in half of the situations."""
    half = drawn.assisted_noise[..., :1] > 0
    return np.where(half, known.decisions, known.ratings)


def _jump(relationships: int, seed: int) -> Characteristics:
    return {
        **_open(worlds.JUMP)(relationships, seed),
        **closed_loop(["jump"], relationships, seed),
    }


def _further(first: Simulation, rows: Mapping[str, tuple[str, str]]) -> Simulation:
    """A variant of attribution with further rows of it: key → (name of the row, its key)."""
    every = {**attributed.ROWS, **copies.ROWS}

    def simulate(relationships: int, seed: int) -> Characteristics:
        found = dict(first(relationships, seed))
        done: dict[str, Characteristics] = {}
        for i, (key, (row, of)) in enumerate(rows.items()):
            if row not in done:
                done[row] = every[row](relationships, seed + 100 + i)
            found[key] = done[row][of]
        return found

    return simulate


_null = _further(
    attributed.null,
    {
        "type1_autocorrelation_6": ("autocorrelation .6", "type1"),
        "type1_ceiling": ("ceiling", "type1"),
        "type1_unequal_touch": ("unequal touch", "type1"),
        "type1_practice_strong": ("practice follows focus, strongly", "type1"),
        "type1_practice_mild": ("practice follows focus, mildly", "type1"),
        "type1_looks": ("twelve looks, guidance does nothing", "type1"),
        "type1_forks": ("forks, 3 copies, guidance does nothing", "type1"),
    },
)
_transfer = _further(
    attributed.transfer,
    {
        "power_60": ("power, 60 situations", "power"),
        "power_looks": ("twelve looks, guidance works", "power"),
        "power_strays": ("power, a fifth of the guidance strays", "power"),
        "bias_without_transfer": ("effect, 40 situations", "bias"),
        "coverage_without_transfer": ("effect, 40 situations", "coverage"),
        "power_forks_06": ("forks, 3 copies, g = .06", "power"),
        "power_forks_12": ("forks, 3 copies, g = .12", "power"),
        "power_forks_06_4_copies": ("forks, 4 copies, g = .06", "power"),
        "power_forks_12_4_copies": ("forks, 4 copies, g = .12", "power"),
    },
)


def _asking(relationships: int, seed: int) -> Characteristics:
    return asking.self_observation(min(relationships, FEW), seed)


def _matching(relationships: int, seed: int) -> Characteristics:
    return pools.matching(min(relationships, POOLS), seed)


def _loop(*kinds: str) -> Simulation:
    return lambda relationships, seed: closed_loop(kinds, relationships, seed)


VARIANTS: dict[str, tuple[str, Simulation]] = {
    "s1": ("the standard simulated relationship", _s1),
    "flat": ("a learner who does not grow", _open(worlds.FLAT)),
    "jump": ("a learner who falls", _jump),
    "long": ("slow growth over 200 situations", _open(worlds.LONG, 200)),
    "pair": ("the trainer is the only rater, 24 situations", biases.pair),
    "short": ("the same after 6, 12 and 24 situations", biases.short),
    "dependent": ("a learner who grows only when asked", _dependent),
    "slow": ("a learner on whom guidance works a third as well", _loop("slow")),
    "mixed": ("s1, dependent, slow and jump in equal parts", _loop(*KINDS)),
    "near": ("just below the threshold's bar", awards.near),
    "ready": ("half a point above the bar", awards.ready),
    "null": ("drawn starts, guidance does nothing", _null),
    "transfer": ("drawn starts, guidance works and spills over", _transfer),
    "leaning": ("drawn starts, a rater who leans to the focus", attributed.leaning),
    "contaminated": ("own calls secretly helped", biases.contaminated),
    "selective": ("only cases that suit are logged", biases.selective),
    "fond": ("a rater who grows fonder", biases.fond),
    "matching": ("pools of learners and trainers, matched in four ways", _matching),
    "asking": ("learners who come to ask themselves the trainer's questions", _asking),
}

POLICIES: dict[str, Callable[[], Policy]] = {
    "fixed_schedule": Fixed,
    "success_rate": SuccessRate,
    "moving_average": MovingAverage,
    "never_fading": Never,
}
"""What the rule of fading is held against, on the mixed caseload."""


def simulate(variant: str, relationships: int, seed: int) -> Characteristics:
    """The figures of one variant."""
    return VARIANTS[variant][1](relationships, seed)


def rivals_of_fading(relationships: int, seed: int) -> Iterator[tuple[str, Characteristics]]:
    """The mixed caseload under other policies."""
    for name, policy in POLICIES.items():
        yield name, closed_loop(KINDS, relationships, seed, policy())


# bars ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure of a variant must reach: at least ``low``, at most ``high``."""

    variant: str
    key: str
    says: str
    low: float = float("-inf")
    high: float = float("inf")

    def met(self, found: Measured) -> bool:
        """Whether the figure itself is within; its error is told beside it."""
        return self.low <= found.value <= self.high

    def __str__(self) -> str:
        if self.low == float("-inf"):
            return f"≤ {self.high:g}"
        return f"≥ {self.low:g}" if self.high == float("inf") else f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class Held:
    """A bar, and the figure that was held against it."""

    bar: Bar
    found: Measured

    @property
    def met(self) -> bool:
        """Whether it is met."""
        return self.bar.met(self.found)


def held(variant: str, found: Characteristics, bars: Iterable[Bar]) -> Iterator[Held]:
    """The bars of one variant against what was found."""
    for bar in bars:
        if bar.variant == variant:
            yield Held(bar, found[bar.key])


BARS: tuple[Bar, ...] = (
    *(
        Bar(v, "coverage", "the 90 % interval contains the truth", 0.88, 0.96)
        for v in ("s1", "flat", "jump", "long")
    ),
    Bar("s1", "log_loss", "log loss of the next own call rated 4 or more", high=0.4925),
    Bar("jump", "log_loss", "the same after a fall", high=0.557),
    Bar("long", "log_loss", "the same over 200 situations", high=0.452),
    Bar("s1", "bias", "bias with assisted ratings present: own calls only", -0.05, 0.05),
    Bar("s1", "wrongly_sure", "wrong among P(ability ≥ 3.75) > .9", high=0.03),
    Bar("jump", "drop_flagged", "drops by 1.0 flagged within 10 situations", low=0.79),
    Bar("s1", "drop_flagged", "learners who did not fall flagged in 30 situations", high=0.05),
    Bar("s1", "independent", "true independence reached", low=0.99),
    Bar("slow", "independent", "true independence reached, slow", low=0.83),
    Bar("dependent", "independent", "true independence reached, dependent", low=0.95),
    Bar("jump", "independent", "true independence reached, after a fall", low=0.98),
    Bar("s1", "premature_fading", "moves to less help made too early", high=0.03),
    Bar("dependent", "premature_fading", "the same, dependent", high=0.03),
    Bar("jump", "premature_fading", "the same, after a fall", high=0.03),
    Bar("slow", "premature_fading", "the same, slow", high=0.07),
    Bar("mixed", "flaps", "ups undone within 15 situations, a criterion", high=0.15),
    Bar("s1", "guidance_share", "touched criteria at share or ask", high=0.35),
    Bar("near", "threshold_rate", "awarded, all criteria .25 below", high=0.02),
    Bar("near", "threshold_rate_one_weak", "awarded, one criterion .25 below", high=0.15),
    Bar("near", "credential_rate_one_weak", "credential, one criterion .25 below", high=0.05),
    Bar("ready", "threshold_rate", "awarded, .5 above, situations arranged", low=0.80),
    Bar("ready", "threshold_situation", "after how many situations, median", high=20),
    Bar("null", "type1", "type I, autocorrelation .3", 0.03, 0.07),
    Bar("null", "type1_autocorrelation_6", "type I, autocorrelation .6", 0.03, 0.07),
    Bar("null", "type1_ceiling", "type I at the ceiling", 0.03, 0.07),
    Bar("null", "type1_unequal_touch", "type I, unequal touch", 0.03, 0.07),
    Bar("null", "type1_practice_strong", "type I, practice follows focus strongly", high=0.08),
    Bar("null", "type1_practice_mild", "type I, practice follows focus mildly", high=0.11),
    Bar("leaning", "type1", "type I, a rater who knows the focus (+.3)", high=0.07),
    Bar("transfer", "power", "power alone, 40 situations", low=0.58),
    Bar("transfer", "power_60", "power alone, 60 situations", low=0.76),
    Bar("transfer", "power_pooled", "power of eight together", low=0.95),
    Bar("transfer", "bias_without_transfer", "bias of the effect, in points", -0.05, 0.05),
    Bar("transfer", "coverage_without_transfer", "coverage of its 90 % interval", 0.86, 0.93),
    Bar("null", "type1_looks", "ever shown at one of 12 looks, guidance does nothing", high=0.06),
    Bar("transfer", "power_looks", "shown at one of 12 looks", low=0.68),
    Bar("null", "type1_forks", "forks: no gain, three copies an arm, drifting", 0.02, 0.08),
    Bar("transfer", "power_forks_06", "forks: g = .06, 20 situations", low=0.6),
    Bar("transfer", "power_forks_12", "forks: g = .12, 20 situations", low=0.95),
    Bar("dependent", "alarm", "dependent learners caught by situation 30", low=0.95),
    Bar("s1", "alarm", "healthy learners ever alarmed by situation 60", high=0.06),
    Bar("s1", "alarm_novices", "healthy novices ever alarmed", high=0.14),
    Bar("s1", "sameness_auc", "one guidance for all told from tailored, 8 by 8", low=0.99),
    Bar("s1", "sameness_false_8x8", "alarm though the needs are the same", high=0.10),
    Bar("matching", "match_gain_first_scarce", "true fit above first come, few places", low=0.04),
    Bar("matching", "match_gain_greedy_tight", "true fit above greedy, just enough places", low=0),
    Bar("matching", "match_gain_greedy_scarce", "no worse than greedy, few places", low=-0.01),
    Bar("s1", "novelty_false", "false “new” at nominal 10 %, worst kind of text", high=0.12),
    Bar("s1", "novelty_found", "new types found on declared facts", low=0.70),
)
