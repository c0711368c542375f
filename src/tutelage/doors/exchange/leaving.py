"""What may leave the installation: as the learner reads it, less what is private or for others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tutelage.domain.entry import Entry
from tutelage.domain.errors import NotYours
from tutelage.domain.events import CheckedIn, ConcernRaised, Noted
from tutelage.domain.relationship import Relationship
from tutelage.domain.terms import Role, Visibility

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

_PAIR = frozenset({Role.LEARNER, Role.TRAINER, Role.OWNER})
_STAYS = (Noted, CheckedIn, ConcernRaised)


def entries(desk: Tutelage, relationship: str, viewer: str | None) -> Iterator[Entry[Any]]:
    """The entries that may leave, as this viewer reads them; as the learner does, for nobody.

    Guidance that the learner has not read has no text, and is in nobody's export: what leaves may
    come back into the learner's context.
    """
    state = desk.state(relationship)
    learner = state.learner.id if state.learner else ""
    may_take(state, viewer or learner)
    for entry in desk.entries(relationship, viewer=learner):
        open_ = entry.visibility in {Visibility.PAIR, Visibility.PROGRAMME}
        if open_ and not isinstance(entry.event, _STAYS):
            yield entry


def may_take(state: Relationship, viewer: str | None) -> None:
    """Raises NotYours unless this is one of the pair, its owner, or the operator."""
    if viewer is not None and not state.roles(viewer) & _PAIR:
        raise NotYours("no_role", f"{viewer} is not one of the pair in this relationship.")
