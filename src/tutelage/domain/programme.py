"""What a pair says to the programme it is in: that it asks for support, and what may be seen."""

from __future__ import annotations

from tutelage.domain.errors import Refused
from tutelage.domain.events import LevelsShown, SupportAsked, SupportSettled
from tutelage.domain.relationship import Relationship


def check_programme(
    state: Relationship, event: LevelsShown | SupportAsked | SupportSettled
) -> None:
    """Refuse what is said to no programme, or said already."""
    if state.programme is None:
        raise Refused("no_programme", "Your agreement names no programme, or one of you left it.")
    match event:
        case SupportAsked() if state.support is not None:
            raise Refused("support_asked", "You have asked for support already.")
        case SupportSettled() if state.support is None:
            raise Refused("no_support_asked", "Nobody here has asked for support.")
        case LevelsShown(shown=shown) if shown == state.levels_shown:
            raise Refused("shown_so", "It is so already.")
        case _:
            return
