"""Simulated learners who make a trainer's questions their own, or copy them, or only say them.

Their own calls are texts that go through the product's own reading; ratings follow what is true.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tutelage.evidence.asks import Asked, asks_itself
from tutelage.evidence.self_observation import Call, Question, change, follow, own_share
from tutelage.guidance.simulate.cases import word
from tutelage.guidance.simulate.estimates import area
from tutelage.guidance.simulate.measured import Characteristics, Measured, mean
from tutelage.guidance.simulate.worlds import NOISE, STEP, Bools, Floats, rating

SITUATIONS = 40
CRITERIA = ("a", "b", "c", "d")
TOPIC = 20  # words of each criterion
ASKS_ELSE = 0.3  # how often a call asks something that the trainer never asked
SPEAKS = 0.6  # how often a question that is its own comes up where it fits
HELPS = 0.8  # rating points that asking it is worth
ASKED_UNTIL = 25
RATES = (0.0, 0.25, 0.5, 0.75, 1.0)
FRAMES = (
    "What would {} and {} do for {} here, and who {} the {}?",
    "If you looked at {} alone, where would {} leave {} once {} is {}?",
    "How do {} and {} bear on {}, and what {} before {}?",
)
OWN_FRAMES = ("Do I see {} through {} and {} yet?", "I ask myself whether {} or {} means {}.")

How = Literal["own", "copies", "says"]
"""Asks in its own words and calls better; copies the question; says it and calls the same."""


@dataclass(slots=True)
class _Learner:
    """One learner on its way through the situations."""

    rng: np.random.Generator
    how: How
    rate: float  # of questions that it takes over

    def course(self) -> tuple[list[Question], list[Call], list[bool]]:
        """Its trainer's questions, its own calls, and which questions it really took over."""
        rng = self.rng
        asked: list[tuple[Question, Asked, tuple[str, ...], bool]] = []
        calls: list[Call] = []
        reasons: list[str] = []
        for n in range(1, SITUATIONS + 1):
            on = rng.random(len(CRITERIA)) < 0.7
            on[rng.integers(len(CRITERIA))] = True
            why, lifted = self._why(on, asked)
            given, hard = self._rated(n, on, lifted)
            order = 10 * n
            found = asks_itself(why, (a for _q, a, _w, _t in asked))
            calls.append(Call(n, order, {k: v + hard for k, v in given.items()}, found))
            if not found:
                reasons.append(why)
            if n < ASKED_UNTIL and rng.random() < 0.6:
                worst = min(given, key=lambda k: given[k])
                asked.append(self._question(n, order + 1, worst, reasons))
        return [q for q, *_ in asked], calls, [took for *_, took in asked]

    def _question(
        self, number: int, seq: int, criterion: str, reasons: Iterable[str]
    ) -> tuple[Question, Asked, tuple[str, ...], bool]:
        rng = self.rng
        topic = [_topic(criterion, int(i)) for i in rng.choice(TOPIC, 3, replace=False)]
        words = (*topic, *(word(int(i)) for i in rng.integers(200, size=2)))
        text = FRAMES[int(rng.integers(len(FRAMES)))].format(*rng.permutation(words))
        took = bool(rng.random() < self.rate)
        asked = Asked(seq, text, tuple(reasons))
        return Question(seq, number, (criterion,)), asked, words, took

    def _why(
        self, on: Bools, asked: list[tuple[Question, Asked, tuple[str, ...], bool]]
    ) -> tuple[str, set[str]]:
        """Reasons that name what the call is about, and the questions that come up in them."""
        rng = self.rng
        touched = [k for k, here in zip(CRITERIA, on, strict=True) if here]
        said = [_statement(rng, k) for k in touched]
        if rng.random() < ASKS_ELSE:
            at = touched[int(rng.integers(len(touched)))]
            other = tuple(_topic(at, int(i)) for i in rng.choice(TOPIC, 3, replace=False))
            said.append(_in_own_words(rng, other))
        lifted: set[str] = set()
        for question, text, words, took in asked:
            if not took or question.criteria[0] not in touched or rng.random() > SPEAKS:
                continue
            said.append(text.text if self.how == "copies" else _in_own_words(rng, words))
            if self.how == "own":
                lifted.add(question.criteria[0])
        return " ".join(said), lifted

    def _rated(self, n: int, on: Bools, lifted: set[str]) -> tuple[dict[str, float], float]:
        rng = self.rng
        hard = float(rng.normal(0, 0.5))
        declared = STEP * float(np.clip(np.round((hard + rng.normal(0, 0.35)) / STEP), -1, 1))
        level = 2.5 + 0.01 * n - hard + rng.normal(0, NOISE, len(CRITERIA))
        lift = HELPS * np.array([k in lifted for k in CRITERIA])
        rated = rating(level + lift)
        given = {k: float(v) for k, v, here in zip(CRITERIA, rated, on, strict=True) if here}
        return given, declared


def _topic(criterion: str, at: int) -> str:
    return word(400 + TOPIC * CRITERIA.index(criterion) + at)


def _statement(rng: np.random.Generator, criterion: str) -> str:
    words = [_topic(criterion, int(i)) for i in rng.integers(TOPIC, size=3)]
    words += [word(int(i)) for i in rng.integers(200, size=4)]
    return " ".join(rng.permutation(words)) + "."


def _in_own_words(rng: np.random.Generator, words: tuple[str, ...]) -> str:
    kept = rng.permutation(words[:3])[:2]
    frame = OWN_FRAMES[int(rng.integers(len(OWN_FRAMES)))]
    return frame.format(*kept, word(int(rng.integers(200))))


@dataclass(frozen=True, slots=True)
class Shares:
    """What was said of each learner, and what is true; NaN where it was too little to tell."""

    said: Floats
    true: Floats
    inside: Floats  # whether the interval contains the truth
    asked: Floats  # the share asked again, whether the calls changed or not
    change: Floats  # rating points by which calls that ask are better
    changes: Floats  # whether that is sure


def shares(relationships: int, seed: int, how: How, rate: float) -> Shares:
    """The index of a batch of learners."""
    code = ("own", "copies", "says").index(how)
    rows = [_share(np.random.default_rng([seed, code, b]), how, rate) for b in range(relationships)]
    return Shares(*(np.array(c) for c in zip(*rows, strict=True)))


def _share(rng: np.random.Generator, how: How, rate: float) -> tuple[float, ...]:
    questions, calls, took = _Learner(rng, how, rate).course()
    found = follow(questions, calls)
    index, better = own_share(found), change(found, calls)
    if index.value is None or index.low is None or index.high is None:
        return (np.nan,) * 6
    some = [(q, t) for q, t in zip(found, took, strict=True) if q.judgeable]
    true = float(np.mean([t for _q, t in some])) if how == "own" else 0.0
    again = float(np.mean([bool(q.asked_in) for q, _t in some]))
    inside = float(index.low <= true <= index.high)
    by = np.nan if better.value is None else better.value
    sure = np.nan if better.low is None else float(better.low > 0)
    return index.value, true, inside, again, by, sure


def self_observation(relationships: int, seed: int) -> Characteristics:
    """The self-observation index on learners that take over a share of the questions.

    `asks_own_50`: its mean where half are taken over; `asks_auc`: whether it ranks learners who
    take over .75 above those who take over .25; copiers and those who only say it for comparison.
    """
    found: Characteristics = {}
    by_rate = {r: shares(relationships, seed + i, "own", r) for i, r in enumerate(RATES)}
    for rate, seen in by_rate.items():
        name = f"{round(100 * rate)}"
        found[f"asks_own_{name}"] = mean(seen.said)
        found[f"asks_bias_{name}"] = mean(seen.said - seen.true)
        found[f"asks_coverage_{name}"] = mean(seen.inside)
    found["asks_auc"] = _apart(by_rate[0.75].said, by_rate[0.25].said)
    hows: tuple[How, ...] = ("own", "copies", "says")
    for how in hows:
        seen = by_rate[0.75] if how == "own" else shares(relationships, seed + 10, how, 0.75)
        found[f"asks_own_who_{how}"] = mean(seen.said)
        found[f"asks_again_who_{how}"] = mean(seen.asked)
        found[f"asks_change_who_{how}"] = mean(seen.change)
        found[f"asks_changes_who_{how}"] = mean(seen.changes)
    return found


def _apart(high: Floats, low: Floats) -> Measured:
    both = np.concatenate([high, low])
    hits = np.repeat([True, False], [len(high), len(low)])
    known = ~np.isnan(both)
    return area(both[known], hits[known])
