"""What is refused of an agreement, a change of it, a signature and a handover."""

from __future__ import annotations

from tutelage.domain.entry import Draft
from tutelage.domain.errors import NotYours, Refused
from tutelage.domain.events import AgreementAmended, HandedOver, Proposed, Signed
from tutelage.domain.relationship import Relationship
from tutelage.domain.terms import Party, Phase, Role


def check_proposed(event: Proposed) -> None:
    """Refuse a proposal that names fewer than two, or somebody twice."""
    if event.learner.id == event.trainer.id:
        raise Refused("two_needed", "Learner and trainer are two; name somebody else as trainer.")
    _check_raters(event, event.learner)
    _check_contact(event.concern_contact, event.learner, event.trainer)


def _check_contact(contact: str | None, *parties: Party | None) -> None:
    """Whoever is turned to outside the two is neither of them, nor answers for one."""
    inside = {name for p in parties if p is not None for name in (p.id, p.owner)}
    if contact is not None and contact in inside:
        raise Refused("contact_inside", "For concerns name somebody outside the two of you.")


def _check_raters(event: Proposed | AgreementAmended, learner: Party | None) -> None:
    ids = [r.id for r in event.raters]
    if (learner is not None and learner.id in ids) or len(set(ids)) != len(ids):
        raise Refused("rater_clash", "Name each rater once; the learner does not rate itself.")


def check_amended(state: Relationship, event: AgreementAmended) -> None:
    """Refuse a change that names somebody twice, or comes too late."""
    _check_raters(event, state.learner)
    _check_contact(event.concern_contact, state.learner, state.trainer)
    late = state.phase not in {None, Phase.BASELINE}
    if event.drawn_starts and late and not state.opted_in("drawn_starts"):
        raise Refused("guidance_began", "Starts are drawn before guidance; it has begun here.")


def check_handed_over(state: Relationship, draft: Draft) -> None:
    """The learner says to whom; the owner of the agent that trains can take over itself."""
    event = draft.event
    assert isinstance(event, HandedOver)  # noqa: S101  # the match above saw to it
    to = event.to
    if state.learner is not None and state.learner.id == to.id:
        raise Refused("two_needed", "Learner and trainer are two; name somebody else as trainer.")
    if state.terms is not None and state.terms.concern_contact == to.id:
        raise Refused(
            "contact_trains",
            "They are named for concerns here; name somebody else for that first.",
        )
    if state.trainer is not None and state.trainer.id == to.id:
        raise Refused("trains_already", f"{to.id} is the trainer here already.")
    takes_over = to.id == draft.actor and to.kind == "person"
    if (
        "learner" not in state.sides(draft.actor)
        and draft.role is not Role.LEARNER
        and not takes_over
    ):
        raise Refused("learner_consents", "The learner hands over; you can take over yourself.")


def check_signed(state: Relationship, draft: Draft) -> None:
    """Refuse a signature under nothing, or of somebody who signs for nobody here."""
    event = draft.event
    assert isinstance(event, Signed)  # noqa: S101  # the match above saw to it
    if not state.sides(draft.actor):
        raise NotYours("owner_signs", "An agent signs through its owner.")
    papers = {"agreement": (state.agreement, state.amended), "goal": (state.goal, state.goal_next)}
    if event.what == "design":
        if state.design is None:
            raise Refused("nothing_to_sign", "No design was drawn.")
        return
    known = [p for p in papers[event.what] if p is not None and p.version == event.version]
    if not known:
        raise Refused("nothing_to_sign", f"There is no {event.what} version {event.version}.")
    if state.sides(draft.actor) <= known[0].signed:
        waits = [p.version for p in papers[event.what] if p is not None and not p.agreed]
        other = next((v for v in waits if v != event.version), None)
        more = f"; version {other} waits" if other else ""
        raise Refused("already_signed", f"You have signed version {event.version}{more}.")
