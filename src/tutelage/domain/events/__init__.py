"""What can be written into a relationship's ledger: one class a kind, each with one sentence.

The sentence is the help of every door. ``by`` says who may write the event, ``offered`` whether a
door generates it (nobody posts a draw), ``visible`` who may read it (the first is the default).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from tutelage.domain.events.base import EITHER, Event
from tutelage.domain.events.life import (
    AgreementAmended,
    BaselineTaken,
    Closed,
    ClosingDeclined,
    ClosingProposed,
    Configured,
    DesignDrawn,
    Ended,
    EvidenceViewed,
    Forked,
    GoalAmended,
    GoalSet,
    HandedOver,
    Lapsed,
    LevelsShown,
    ModelCalled,
    OptedOut,
    Paused,
    PhaseBegan,
    ProbeDrawn,
    Proposed,
    Redacted,
    Resumed,
    Signed,
    SupportAsked,
    SupportSettled,
)
from tutelage.domain.events.notebook import (
    PrincipleDropped,
    PrincipleKept,
    PrincipleMarked,
    PrincipleRevised,
    QuestionKept,
)
from tutelage.domain.events.progress import (
    ActionAgreed,
    ActionDone,
    CheckedIn,
    ConcernRaised,
    LevelContested,
    LevelMoved,
    MasterpieceCertified,
    Met,
    Noted,
    ObstacleNamed,
    ObstacleOvercome,
    ObstacleRevised,
    ThresholdMet,
)
from tutelage.domain.events.situation import (
    AccountWritten,
    Answered,
    Debriefed,
    DecisionRecorded,
    GuidanceFailed,
    GuidanceGiven,
    GuidanceRead,
    HelpAsked,
    OutcomeRecorded,
    OwnCallRecorded,
    Rated,
    RatingAsked,
    SituationDropped,
    SituationOpened,
)
from tutelage.domain.events.talk import (
    TalkAnswered,
    TalkCancelled,
    TalkMoved,
    TalkPlanned,
)

AnyEvent = Annotated[
    Proposed
    | AgreementAmended
    | Signed
    | OptedOut
    | LevelsShown
    | SupportAsked
    | SupportSettled
    | Paused
    | Resumed
    | Ended
    | ClosingProposed
    | ClosingDeclined
    | Closed
    | HandedOver
    | Lapsed
    | PhaseBegan
    | GoalSet
    | GoalAmended
    | Configured
    | BaselineTaken
    | DesignDrawn
    | ProbeDrawn
    | ModelCalled
    | EvidenceViewed
    | Forked
    | Redacted
    | SituationOpened
    | SituationDropped
    | OwnCallRecorded
    | HelpAsked
    | GuidanceGiven
    | GuidanceFailed
    | GuidanceRead
    | Answered
    | DecisionRecorded
    | OutcomeRecorded
    | AccountWritten
    | RatingAsked
    | Rated
    | Debriefed
    | PrincipleKept
    | PrincipleRevised
    | PrincipleDropped
    | QuestionKept
    | PrincipleMarked
    | ObstacleNamed
    | ObstacleRevised
    | ObstacleOvercome
    | Met
    | TalkPlanned
    | TalkMoved
    | TalkCancelled
    | TalkAnswered
    | CheckedIn
    | LevelMoved
    | LevelContested
    | ThresholdMet
    | MasterpieceCertified
    | ActionAgreed
    | ActionDone
    | Noted
    | ConcernRaised,
    Field(discriminator="kind"),
]
EVENT: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)
"""Reads any event: ``EVENT.validate_python({"kind": "resumed"})``."""

KINDS: dict[str, type[Event]] = {
    cls.model_fields["kind"].default: cls
    for cls in AnyEvent.__origin__.__args__  # type: ignore[attr-defined]
}
"""Every kind of event by its name in the ledger."""

__all__ = [
    "EITHER",
    "EVENT",
    "KINDS",
    "AccountWritten",
    "ActionAgreed",
    "ActionDone",
    "AgreementAmended",
    "Answered",
    "AnyEvent",
    "BaselineTaken",
    "CheckedIn",
    "Closed",
    "ClosingDeclined",
    "ClosingProposed",
    "ConcernRaised",
    "Configured",
    "Debriefed",
    "DecisionRecorded",
    "DesignDrawn",
    "Ended",
    "Event",
    "EvidenceViewed",
    "Forked",
    "GoalAmended",
    "GoalSet",
    "GuidanceFailed",
    "GuidanceGiven",
    "GuidanceRead",
    "HandedOver",
    "HelpAsked",
    "Lapsed",
    "LevelContested",
    "LevelMoved",
    "LevelsShown",
    "MasterpieceCertified",
    "Met",
    "ModelCalled",
    "Noted",
    "ObstacleNamed",
    "ObstacleOvercome",
    "ObstacleRevised",
    "OptedOut",
    "OutcomeRecorded",
    "OwnCallRecorded",
    "Paused",
    "PhaseBegan",
    "PrincipleDropped",
    "PrincipleKept",
    "PrincipleMarked",
    "PrincipleRevised",
    "ProbeDrawn",
    "Proposed",
    "QuestionKept",
    "Rated",
    "RatingAsked",
    "Redacted",
    "Resumed",
    "Signed",
    "SituationDropped",
    "SituationOpened",
    "SupportAsked",
    "SupportSettled",
    "TalkAnswered",
    "TalkCancelled",
    "TalkMoved",
    "TalkPlanned",
    "ThresholdMet",
]
