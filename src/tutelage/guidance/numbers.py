"""The numbers that decide, as a relationship's `Configured` entry holds them.

An upgrade changes nothing in an old relationship: what is not in its entry stays at these
defaults, and what is in it wins.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from tutelage.domain.relationship import Relationship
from tutelage.evidence import ability, asks, health, novelty
from tutelage.evidence.constants import Constants
from tutelage.guidance import moves

POLICY_VERSION = "policy-2"


@dataclass(frozen=True, slots=True)
class Numbers:
    """Constants of fading, threshold and health; see docs/reference/numbers.md."""

    ask_bar: float = 2.5
    ask_sure: float = 0.6
    debrief_bar: float = 3.75
    debrief_sure: float = 0.85
    independent_bar: float = 4.0
    independent_sure: float = 0.85
    back_sure: float = 0.17  # help comes back when it is this unlikely that the bar still holds
    dwell: float = 5  # rated own calls at a level before less help
    back_after: float = 2  # rated own calls at a level before more help
    telling_calls: float = 10  # own calls at share after which telling must have moved something
    telling_rise: float = 0.25
    telling_hold: float = 14  # own calls before share may come back after that
    threshold_bar: float = 4.0
    threshold_sure: float = 0.8
    threshold_ratings: float = 5  # on each criterion; what others lend it is no evidence of it
    credential_sure: float = 0.9  # what is shown to others as a proof asks for more
    credential_proofs: float = 2
    masterpiece_rise: float = 0.5
    dependency_share: float = 0.5
    dependency_sure: float = 0.95
    help_share: float = 0.8
    help_rise: float = 0.2
    window: float = 20
    withheld_share: float = 0.2  # of guided situations, where both opted in to probes
    context_principles: float = 6
    context_characters: float = 4000


DEFAULT = Numbers()
_NAMES = frozenset(f.name for f in fields(Numbers))


def numbers(state: Relationship) -> Numbers:
    """The numbers in force in this relationship."""
    if state.configured is None:
        return DEFAULT
    given: dict[str, Any] = {k: v for k, v in state.configured.event.numbers.items() if k in _NAMES}
    return Numbers(**given)


def to_configure() -> tuple[dict[str, float], dict[str, str]]:
    """Numbers and versions for a new relationship's `Configured` entry."""
    given = {**asdict(DEFAULT), **asdict(Constants())}
    versions = {
        "policy": POLICY_VERSION,
        "ability": ability.VERSION,
        "novelty": novelty.VERSION,
        "moves": moves.VERSION,
        "asks": asks.VERSION,
        "health": health.VERSION,
    }
    return given, versions
