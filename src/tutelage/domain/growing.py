"""What the rules refuse of notebook, obstacles and levels: what is not there, or there already."""

from __future__ import annotations

from typing import Any

from tutelage.domain.errors import Refused, Unknown
from tutelage.domain.events import (
    ActionAgreed,
    ActionDone,
    LevelContested,
    LevelMoved,
    ObstacleNamed,
    ObstacleOvercome,
    ObstacleRevised,
    PrincipleDropped,
    PrincipleKept,
    PrincipleMarked,
    PrincipleRevised,
)
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Level

PRINCIPLE_LIMIT = 12  # few principles, each with when and when not: long contexts hurt


def check_notebook(state: Relationship, event: Any) -> None:
    """Refuse what a notebook has no room for, or does not hold."""
    match event:
        case PrincipleRevised() | PrincipleDropped() | PrincipleMarked():
            if event.principle not in state.principles:
                raise Unknown("unknown_principle", f"There is no principle {event.principle}.")
        case PrincipleKept():
            if event.principle in state.principles:
                raise Refused("id_reused", f"Principle {event.principle} is kept; revise it.")
            if len(state.principles) >= PRINCIPLE_LIMIT:
                raise Refused(
                    "notebook_full",
                    f"The notebook holds {PRINCIPLE_LIMIT} principles; revise or drop one first.",
                )
        case _:
            pass
    for criterion in getattr(event, "criteria", ()):
        check_criteria(state, (criterion,))
    for seq in getattr(event, "follows", ()):
        if seq > state.seq:
            raise Unknown("unknown_entry", f"There is no entry {seq} to follow.")


def check_action(state: Relationship, event: ActionAgreed | ActionDone) -> None:
    """Refuse an action that is there already, and the end of one that is not."""
    if isinstance(event, ActionDone) and event.action not in state.actions:
        raise Unknown("unknown_action", f"There is no open action {event.action}.")
    if isinstance(event, ActionAgreed) and event.action in state.actions:
        raise Refused("id_reused", f"There is an action {event.action} already.")


def check_obstacle(state: Relationship, event: Any) -> None:
    """Refuse an obstacle that nobody named, or that did not show twice."""
    known = event.obstacle in state.obstacles
    if isinstance(event, ObstacleOvercome | ObstacleRevised) and not known:
        raise Unknown("unknown_obstacle", f"There is no obstacle {event.obstacle}.")
    if type(event) is ObstacleNamed and known:
        raise Refused("id_reused", f"Obstacle {event.obstacle} is named; revise it.")
    if isinstance(event, ObstacleNamed) and len(set(event.situations)) < 2:
        raise Refused("two_needed", "Quote two different situations in which it showed.")
    for key in event.situations:
        situation(state, key)


def check_level(state: Relationship, event: LevelMoved | LevelContested) -> None:
    """Refuse a move from a level at which the criterion does not stand."""
    check_criteria(state, (event.criterion,))
    if event.criterion not in state.levels:
        raise Refused("baseline_first", "Levels begin when the baseline is taken.")
    stands = state.level(event.criterion)
    if isinstance(event, LevelMoved) and event.start is not stands:
        raise Refused("level_moved", f"{event.criterion} stands at {stands.word} by now.")
    if event.to is Level.WAITING:
        raise Refused("no_level", "Nobody moves a criterion back to waiting.")
    if event.to is stands:
        raise Refused("level_stands", f"{event.criterion} stands at {stands.word} already.")


def check_criteria(state: Relationship, keys: tuple[str, ...]) -> None:
    """Refuse what is no criterion of the goal."""
    for key in keys:
        if key not in state.criteria:
            known = ", ".join(state.criteria)
            raise Refused("unknown_criterion", f"{key} is no criterion of the goal ({known}).")


def situation(state: Relationship, key: str) -> Situation:
    """The situation of this name. Raises Unknown."""
    known = state.find(key)
    if known is None:
        raise Unknown("unknown_situation", f"There is no situation {key}.")
    return known
