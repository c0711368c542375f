"""What the relationship's rules refuse: structure, order and role. Never a text, never a number.

Each refusal has a stable code and a sentence for the one who wrote. What needs a number or a
reading of the text is refused by `guidance.admit`.
"""

from __future__ import annotations

from typing import Any

from tutelage.domain.agreeing import (
    check_amended,
    check_handed_over,
    check_proposed,
    check_signed,
)
from tutelage.domain.closing import check_closing
from tutelage.domain.entry import Draft
from tutelage.domain.errors import Malformed, NotYours, Refused, Unknown
from tutelage.domain.events import (
    AccountWritten,
    ActionAgreed,
    ActionDone,
    AgreementAmended,
    Answered,
    BaselineTaken,
    CheckedIn,
    Closed,
    ClosingDeclined,
    ClosingProposed,
    ConcernRaised,
    Configured,
    Debriefed,
    DecisionRecorded,
    DesignDrawn,
    Ended,
    EvidenceViewed,
    Forked,
    GoalAmended,
    GoalSet,
    GuidanceFailed,
    GuidanceGiven,
    GuidanceRead,
    HandedOver,
    HelpAsked,
    Lapsed,
    LevelContested,
    LevelMoved,
    LevelsShown,
    Met,
    ModelCalled,
    Noted,
    ObstacleNamed,
    ObstacleOvercome,
    OptedOut,
    OutcomeRecorded,
    OwnCallRecorded,
    Paused,
    PhaseBegan,
    PrincipleDropped,
    PrincipleKept,
    PrincipleMarked,
    PrincipleRevised,
    ProbeDrawn,
    Proposed,
    QuestionKept,
    Rated,
    RatingAsked,
    Redacted,
    Resumed,
    Signed,
    SituationDropped,
    SituationOpened,
    SupportAsked,
    SupportSettled,
    TalkAnswered,
    TalkCancelled,
    TalkMoved,
    TalkPlanned,
)
from tutelage.domain.growing import (
    check_action,
    check_criteria,
    check_level,
    check_notebook,
    check_obstacle,
    situation,
)
from tutelage.domain.guiding import check_debrief, check_guidance
from tutelage.domain.programme import check_programme
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.talking import check_talk
from tutelage.domain.terms import Phase, Role

BASELINE_MINIMUM = 3

_BEFORE_GOAL = (
    Proposed,
    Signed,
    AgreementAmended,
    GoalSet,
    GoalAmended,
    Configured,
    Ended,
    Noted,
    ConcernRaised,
    Redacted,
    Forked,
    ModelCalled,
    EvidenceViewed,
    Paused,
    Resumed,
    Lapsed,
    HandedOver,
    PhaseBegan,
    SupportAsked,
    SupportSettled,
    LevelsShown,
    OptedOut,
    TalkPlanned,
    TalkMoved,
    TalkCancelled,
    TalkAnswered,
)
_AFTER_END = (
    Noted,
    ConcernRaised,
    Redacted,
    Forked,
    EvidenceViewed,
    OptedOut,
    LevelsShown,  # what the programme sees is the learner's to end at any time
)
_ALONE = (
    SituationOpened,
    SituationDropped,
    OwnCallRecorded,
    DecisionRecorded,
    OutcomeRecorded,
    AccountWritten,
    PrincipleKept,
    PrincipleRevised,
    PrincipleDropped,
    QuestionKept,
    ActionDone,
    PhaseBegan,
)


def check(state: Relationship, draft: Draft) -> None:
    """Refuse what the rules do not allow; return when they do."""
    event: Any = draft.event
    if draft.role not in type(event).by:
        may = " or ".join(sorted(type(event).by))
        raise NotYours("not_your_role", f"Only the {may} can write {event.kind}.")
    _check_life(state, event)
    match event:
        case Proposed():
            check_proposed(event)
        case Signed():
            check_signed(state, draft)
        case AgreementAmended() | GoalAmended() if not state.agreed:
            raise Refused("sign_first", "Sign what stands before you change it.")
        case AgreementAmended():
            check_amended(state, event)
        case OptedOut(of=what) if not state.opted_in(what):
            raise Refused("not_opted_in", "Nobody agreed to that here, or it was left already.")
        case TalkPlanned() | TalkMoved() | TalkCancelled() | TalkAnswered():
            check_talk(state.planned, draft)
        case LevelsShown() | SupportAsked() | SupportSettled():
            check_programme(state, event)
        case HandedOver():
            check_handed_over(state, draft)
        case GoalSet():
            _check_goal(state, event)
        case BaselineTaken():
            _check_baseline(state, event)
        case ClosingProposed() | ClosingDeclined() | Closed():
            check_closing(state, draft)
        case PhaseBegan():
            _check_phase(state, draft)
        case SituationOpened():
            _check_opened(state, event)
        case Rated():
            _check_rated(state, draft)
        case _ if hasattr(event, "situation"):
            _check_in_situation(state, draft, situation(state, event.situation))
        case PrincipleKept() | PrincipleDropped() | PrincipleMarked() | QuestionKept():
            check_notebook(state, event)
        case ObstacleNamed() | ObstacleOvercome():
            check_obstacle(state, event)
        case LevelMoved() | LevelContested():
            check_level(state, event)
        case ActionDone() | ActionAgreed():
            check_action(state, event)
        case Redacted(entry=seq) if seq > state.seq:
            raise Unknown("unknown_entry", f"There is no entry {seq}.")
        case DesignDrawn() if state.design is not None:
            raise Refused("drawn", "The design was drawn already; a new one needs a new agreement.")
        case Met() | CheckedIn() | DesignDrawn() | _:
            return


def _check_life(state: Relationship, event: Any) -> None:
    if isinstance(event, Proposed):
        if state.life != "empty":
            raise Refused("already_proposed", "This relationship was proposed already.")
        return
    match state.life:
        case "empty":
            raise Unknown("unknown_relationship", "There is no such relationship.")
        case "ended" if not isinstance(event, _AFTER_END):
            raise Refused("ended", "This relationship has ended; nothing more is written in it.")
        case "closed" if not isinstance(event, (*_AFTER_END, *_ALONE)):
            raise Refused("closed", "This relationship is closed; the learner goes on alone.")
        case "paused" | "lapsed" if isinstance(event, Paused | Lapsed):
            raise Refused("already_paused", "It is paused already.")
        case "proposed" | "active" if isinstance(event, Resumed):
            raise Refused("not_paused", "It is not paused.")
        case _:
            pass
    if not state.agreed and not isinstance(event, _BEFORE_GOAL):
        raise Refused("sign_first", "First both sign the agreement and the goal.")


def _check_goal(state: Relationship, event: GoalSet) -> None:
    if state.agreement is None or not state.agreement.agreed:
        raise Refused("sign_first", "First both sign the agreement.")
    keys = [c.key for c in event.criteria]
    if len(set(keys)) != len(keys):
        raise Malformed("criteria_clash", "Two criteria have the same key; name each once.")
    if isinstance(event, GoalAmended):
        return
    if state.goal is not None and state.goal.agreed:
        raise Refused("goal_in_focus", "One goal is in focus at a time; amend this one.")


def _check_baseline(state: Relationship, event: BaselineTaken) -> None:
    if state.phase is not Phase.BASELINE:
        raise Refused("baseline_closed", "The baseline is closed.")
    for key in event.situations:
        found = situation(state, key)
        if found.own_call is None:
            raise Refused("baseline_incomplete", f"Situation {key} has no own call yet.")
    if len(set(event.situations)) < BASELINE_MINIMUM and event.fewer_because is None:
        raise Refused(
            "baseline_short",
            f"Name at least {BASELINE_MINIMUM} situations, or say why fewer must do.",
        )


def _check_phase(state: Relationship, draft: Draft) -> None:
    event = draft.event
    assert isinstance(event, PhaseBegan)  # noqa: S101  # the match above saw to it
    if draft.role is not Role.SYSTEM and event.phase in {Phase.BASELINE, Phase.GUIDED}:
        resumes = state.phase is Phase.WITHDRAWN and event.phase is Phase.GUIDED
        if not resumes:
            raise Refused("begins_by_itself", f"The {event.phase} phase begins by itself.")
    if event.phase is state.phase:
        raise Refused("phase_stands", f"The {event.phase} phase has begun already.")
    if event.phase is Phase.WITHDRAWN and state.phase is not Phase.GUIDED:
        raise Refused("nothing_to_withdraw", "Guidance can be withdrawn while it is given.")
    if event.phase is Phase.FOLLOW_UP and state.phase not in {Phase.GUIDED, Phase.WITHDRAWN}:
        raise Refused("nothing_to_follow", "Follow-up comes after guidance.")


def _check_opened(state: Relationship, event: SituationOpened) -> None:
    if state.find(event.situation) is not None:
        raise Refused("id_reused", f"There is a situation {event.situation} already.")
    if not event.criteria:
        raise Refused("criteria_needed", "Say which of the goal's criteria this touches.")
    check_criteria(state, event.criteria)


def _check_in_situation(state: Relationship, draft: Draft, known: Situation) -> None:
    event: Any = draft.event
    if known.dropped is not None:
        raise Refused("dropped", f"Situation {known.key} was dropped.")
    match event:
        case OwnCallRecorded():
            _check_own_call(known)
        case HelpAsked():
            _check_help(known, event)
        case GuidanceGiven():
            check_criteria(state, event.criteria)
            check_guidance(state, known, draft)
        case GuidanceRead(guidance=seq) if seq not in [g.entry.seq for g in known.unread]:
            raise Refused("nothing_to_read", "No guidance waits here.")
        case Answered(guidance=seq) if seq not in [
            g.entry.seq for g in known.guidance if g.read is not None
        ]:
            raise Refused("read_first", "Read the question before you answer it.")
        case DecisionRecorded() if known.decision is not None:
            raise Refused("decided", "The decision here is recorded already.")
        case OutcomeRecorded() if known.decision is None:
            raise Refused("decide_first", "Record the decision before its outcome.")
        case AccountWritten():
            _check_account(known, event)
        case Debriefed():
            check_criteria(state, event.criteria)
            check_debrief(state, known, draft)
        case SituationDropped() if known.account is not None:
            raise Refused("accounted", "This situation has its account; it is not dropped.")
        case ProbeDrawn() if known.probed:
            raise Refused("drawn", "This was drawn already.")
        case GuidanceFailed() | RatingAsked() | _:
            return


def _check_own_call(known: Situation) -> None:
    if known.own_call is not None:
        raise Refused("own_call_stands", "Your own call is recorded; it stays as it was.")
    if known.helped_at is not None or known.urgent:
        raise Refused("own_call_late", "An own call comes before help; here help came first.")
    if known.decision is not None or known.outcome is not None:
        raise Refused("own_call_late", "An own call comes before the decision and its outcome.")


def _check_help(known: Situation, event: HelpAsked) -> None:
    if known.decision is not None:
        raise Refused("decided", "You have decided here; write the account, or open a new case.")
    if known.own_call is None and not event.urgent:
        raise Refused("own_call_first", "First say what you would do and why; then ask for help.")


def _check_account(known: Situation, event: AccountWritten) -> None:
    if known.decision is None:
        raise Refused("decide_first", "Record the decision before its account.")
    if known.account is not None:
        raise Refused("accounted", "This situation has its account.")
    if event.turned_on not in known.criteria:
        touched = ", ".join(known.criteria)
        raise Refused("unknown_criterion", f"The decision turned on one of: {touched}.")


def _check_rated(state: Relationship, draft: Draft) -> None:
    event = draft.event
    assert isinstance(event, Rated)  # noqa: S101  # the match above saw to it
    known = situation(state, event.situation)
    subjects = {"own_call": known.own_call, "decision": known.decision, "account": known.account}
    if subjects[event.subject] is None:
        raise Refused("nothing_to_rate", f"There is no {event.subject} to rate yet.")
    if event.subject != "account":
        if not event.ratings:
            raise Malformed("ratings_needed", "Rate at least one criterion, or say it is n/a.")
        for criterion in event.ratings:
            if criterion not in known.criteria:
                raise Refused("unknown_criterion", f"This situation does not touch {criterion}.")
    if draft.role is Role.LEARNER or event.as_self:
        if not (draft.role is Role.LEARNER and event.as_self):
            raise NotYours("self_rating", "A learner rates itself, and marks it as such.")
        return
    asked = (a for a in known.unanswered_ratings() if a.event.subject == event.subject)
    if not any(a.event.rater == draft.actor for a in asked):
        raise Refused("not_asked", "You were not asked to rate this, or have rated it.")
