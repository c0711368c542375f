"""Progress and talk: obstacles, levels, threshold, actions, notes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from tutelage.domain.events.base import (
    LEARNER,
    NAMED,
    OWN,
    OWNER,
    PAIR,
    RATER,
    SYSTEM,
    TRAINER,
    Event,
    Keys,
    Seqs,
)
from tutelage.domain.terms import (
    Key,
    Level,
    Role,
    Visibility,
)
from tutelage.domain.text import Text


class ObstacleNamed(Event):
    """Name this learner's particular obstacle: a recurring failure, and when it shows."""

    kind: Literal["obstacle_named"] = "obstacle_named"
    visible: ClassVar[tuple[Visibility, ...]] = (PAIR,)
    obstacle: Key
    text: Text
    when: Text
    criteria: Annotated[Keys, Field(max_length=6)] = ()
    situations: Annotated[Keys, Field(min_length=2, max_length=32)]


class ObstacleRevised(ObstacleNamed):
    """Say an obstacle more exactly."""

    kind: Literal["obstacle_revised"] = "obstacle_revised"  # type: ignore[assignment]


class ObstacleOvercome(Event):
    """Say that an obstacle no longer shows where it could have, and in which situations."""

    kind: Literal["obstacle_overcome"] = "obstacle_overcome"
    visible: ClassVar[tuple[Visibility, ...]] = (PAIR,)
    obstacle: Key
    situations: Annotated[Keys, Field(min_length=1, max_length=32)]
    because: Text


class Met(Event):
    """Note a live talk in one minute: when, on which criteria, told or asked."""

    kind: Literal["met"] = "met"
    on: datetime
    criteria: Annotated[Keys, Field(max_length=6)] = ()
    told: bool = False
    text: Text | None = None


class CheckedIn(Event):
    """Answer two questions a month on how we work together; private unless you share it."""

    kind: Literal["checked_in"] = "checked_in"
    visible: ClassVar[tuple[Visibility, ...]] = (OWN, PAIR, NAMED)
    helps: Text
    change: Text


class LevelMoved(Event):
    """Confirm a proposed level by its rule, or move it yourself with a reason: rule "own"."""

    kind: Literal["level_moved"] = "level_moved"
    by: ClassVar[frozenset[Role]] = frozenset({LEARNER, TRAINER, SYSTEM})
    criterion: Key
    start: Level
    to: Level
    why: Text
    rule: Literal["grown", "fell", "not_moved_by_telling", "own"] = "own"


class LevelContested(Event):
    """Contest a level, or a proposal to move it."""

    kind: Literal["level_contested"] = "level_contested"
    by: ClassVar[frozenset[Role]] = frozenset({LEARNER, TRAINER})
    criterion: Key
    to: Level
    why: Text


class ThresholdMet(Event):
    """Confirm that the threshold is met, with the entries that prove it."""

    kind: Literal["threshold_met"] = "threshold_met"
    by: ClassVar[frozenset[Role]] = frozenset({TRAINER, RATER, OWNER, SYSTEM})
    situation: Key
    entries: Seqs


class MasterpieceCertified(Event):
    """Certify the masterpiece: decisions changed, attributably to the guidance."""

    kind: Literal["masterpiece_certified"] = "masterpiece_certified"
    by: ClassVar[frozenset[Role]] = frozenset({RATER, OWNER, SYSTEM})
    entries: Seqs
    because: Text


class ActionAgreed(Event):
    """Agree on an action that is carried forward until it is done."""

    kind: Literal["action_agreed"] = "action_agreed"
    visible: ClassVar[tuple[Visibility, ...]] = (PAIR,)
    action: Key
    text: Text
    due: datetime | None = None


class ActionDone(Event):
    """Say that an action is done, and what came of it."""

    kind: Literal["action_done"] = "action_done"
    visible: ClassVar[tuple[Visibility, ...]] = (PAIR,)
    action: Key
    text: Text | None = None


class Noted(Event):
    """Write a private note; only you read it."""

    kind: Literal["noted"] = "noted"
    by: ClassVar[frozenset[Role]] = frozenset({LEARNER, TRAINER, RATER, OWNER})
    visible: ClassVar[tuple[Visibility, ...]] = (OWN, PAIR)
    text: Text


class ConcernRaised(Event):
    """Raise a concern with the person named in the agreement, outside the pair."""

    kind: Literal["concern_raised"] = "concern_raised"
    by: ClassVar[frozenset[Role]] = frozenset({LEARNER, TRAINER, RATER, OWNER})
    visible: ClassVar[tuple[Visibility, ...]] = (NAMED,)
    text: Text
