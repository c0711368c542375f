"""Closing by two: one proposes, the other agrees; who does not answer holds nobody back."""

from __future__ import annotations

from datetime import datetime, timedelta

from tutelage.domain.entry import Draft
from tutelage.domain.errors import Refused
from tutelage.domain.events import ClosingDeclined, ClosingProposed
from tutelage.domain.relationship import BOTH, Relationship
from tutelage.domain.terms import Role

CLOSES_AFTER = timedelta(days=14)  # a holiday long, for an answer to a proposal to close


def check_closing(state: Relationship, draft: Draft) -> None:
    """Refuse a second proposal, an answer to none, and to close it over the other's head."""
    match draft.event:
        case ClosingProposed():
            if state.closing is not None:
                raise Refused("closing_proposed", "Closing was proposed already; it waits.")
        case ClosingDeclined():
            if state.closing is None:
                raise Refused("nothing_to_decline", "Nobody proposed to close it.")
        case _ if not may_close(state, draft.actor, draft.role, draft.now):
            raise Refused(
                "close_together",
                "Propose to close it: the other is asked, and after two weeks it closes.",
            )


def asked_to_close(state: Relationship) -> Role | None:
    """Whose answer a proposal to close waits for."""
    if state.closing is None:
        return None
    asked = BOTH - _stands_for(state, state.closing.actor, state.closing.role)
    return Role(min(asked)) if asked else None


def may_close(state: Relationship, actor: str, role: Role, now: datetime) -> bool:
    """Whether they agree to a proposal, answer for both, or have waited long enough."""
    mine = _stands_for(state, actor, role)
    if state.agents_only or mine == BOTH:
        return True
    if state.closing is None:
        return False
    proposed = _stands_for(state, state.closing.actor, state.closing.role)
    return bool(mine - proposed) or now - state.closing.written_at >= CLOSES_AFTER


def _stands_for(state: Relationship, actor: str, role: Role) -> frozenset[str]:
    own = {str(role)} if role in {Role.LEARNER, Role.TRAINER} else set()
    return frozenset(own | state.sides(actor))
