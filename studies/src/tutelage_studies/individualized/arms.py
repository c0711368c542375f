"""The arms: whose cases reach a learner, when, and in what form. Everything else is the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Source = Literal["none", "own", "batch", "partner", "generic", "shown", "first", "self"]
Form = Literal["told", "asked", "averaged"]

BASELINE = 3  # games before any guidance, in every arm
BATCH = 10  # games between two batches
WITHDRAWN = 5  # games after guidance has ended


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm of the study.

    `source`: whose cases. `own`: after each game, the worst of that game; `batch`: the same cases
    every ten games; `partner`: those that another learner's individualized arm brought, at the same
    time; `generic`: every ten games one batch for all, pooled from all; `shown`: the expert's own
    decisions; `first`: only its mistakes of the first ten games, over and over; `self`: its own
    decisions with nobody's verdict.
    """

    name: str
    says: str
    source: Source
    form: Form = "told"
    fades: bool = False
    outcomes: bool = False  # it learns from how its games came out
    history: bool = False  # raw history: own decisions and the result, no verdict


ARMS = {
    a.name: a
    for a in (
        Arm("none", "nothing", "none"),
        Arm("experience", "own outcomes against what its games usually bring", "none", "told",
            outcomes=True),
        Arm("practice", "two own decisions a game, its own answer noted", "self"),
        Arm("history", "two own decisions a game, and how the game came out", "self", history=True),
        Arm("own-batch", "own cases, every ten games", "batch"),
        Arm("own-averaged", "own cases, every ten games, as one average", "batch", "averaged"),
        Arm("generic", "one batch for all, pooled, best of several on held-out data", "generic"),
        Arm("demonstrations", "two of the expert's decisions a game", "shown"),
        Arm("yoked", "the cases of a partner, at the same time", "partner"),
        Arm("individualized", "own cases, after each game", "own"),
        Arm("once", "mistakes of the first ten games only, over and over", "first"),
        Arm("coach", "own cases after each game, asked instead of told", "own", "asked"),
        Arm("fading", "own cases after each game, as far as the levels say", "own", fades=True),
    )
}  # fmt: skip
"""All thirteen, by name."""

PRIMARY = (
    "individualized",
    "fading",
    "own-batch",
    "experience",
    "none",
    "yoked",
    "generic",
)
"""Those that go through service, ledger and policy, in the order they can be run."""
