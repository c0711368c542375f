"""The relationship's life: agreement, goal, phases, design, and what the service notes."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from tutelage.domain.events.base import (
    EITHER,
    LEARNER,
    OWNER,
    RATER,
    SYSTEM,
    TRAINER,
    Event,
    Keys,
    SystemEvent,
)
from tutelage.domain.terms import (
    Criterion,
    Key,
    Mode,
    OptIn,
    Party,
    Phase,
    Probability,
    Role,
    Seq,
)
from tutelage.domain.text import Text


def _is_so(value: bool) -> bool:
    return value


def _is_none(value: str | None) -> bool:
    return value is None


class Proposed(Event):
    """Propose a relationship: who learns, who mentors or coaches, how, and how it ends."""

    kind: Literal["proposed"] = "proposed"
    learner: Party
    trainer: Party
    mode: Mode
    raters: Annotated[tuple[Party, ...], Field(max_length=8)] = ()
    handled: Annotated[Text, Field(description="What the trainer has handled in such situations")]
    because: Annotated[Text, Field(description="Why a mentor, or why a coach")]
    cadence: Text | None = None
    ending: Annotated[Text | None, Field(description="How to end it")] = None
    reply_days: Annotated[int, Field(ge=0, le=90)] = 3
    concern_contact: Annotated[Key | None, Field(description="Whom to turn to outside")] = None
    # left out where they are so, so that agreements without them are stored as they always were
    programme: Annotated[
        Key | None,
        Field(description="Which programme sees who, when and counts", exclude_if=_is_none),
    ] = None
    rated: Annotated[bool, Field(description="Calls are rated", exclude_if=_is_so)] = True
    withheld_guidance: Annotated[bool, Field(description="Both opted in to probes")] = False
    drawn_starts: Annotated[bool, Field(description="Both opted in to drawn starts")] = False
    design_situations: Annotated[
        int, Field(ge=6, le=400, description="Situations that the drawn starts are spread over")
    ] = 40
    latest_start: Annotated[
        int | None, Field(ge=6, description="No criterion's guidance starts later than that")
    ] = None


class AgreementAmended(Event):
    """Change the agreement; the change holds when both have signed it."""

    kind: Literal["agreement_amended"] = "agreement_amended"
    mode: Mode
    raters: Annotated[tuple[Party, ...], Field(max_length=8)] = ()
    because: Text
    cadence: Text | None = None
    ending: Text | None = None
    reply_days: Annotated[int, Field(ge=0, le=90)] = 3
    concern_contact: Key | None = None
    programme: Annotated[Key | None, Field(exclude_if=_is_none)] = None
    rated: Annotated[bool, Field(description="Calls are rated", exclude_if=_is_so)] = True
    withheld_guidance: bool = False
    drawn_starts: bool = False
    design_situations: Annotated[int, Field(ge=6, le=400)] = 40
    latest_start: Annotated[int | None, Field(ge=6)] = None


class Signed(Event):
    """Sign the agreement, the goal or the design; an agent signs through its owner."""

    kind: Literal["signed"] = "signed"
    what: Literal["agreement", "goal", "design"]
    version: Annotated[int, Field(ge=1)] = 1


class OptedOut(Event):
    """Leave withheld guidance, drawn starts or the programme; one side is enough, at once."""

    kind: Literal["opted_out"] = "opted_out"
    of: OptIn


class LevelsShown(Event):
    """Let the programme see this learner's levels and estimates, or no longer."""

    kind: Literal["levels_shown"] = "levels_shown"
    by: ClassVar[frozenset[Role]] = frozenset({LEARNER, OWNER})
    shown: bool


class SupportAsked(Event):
    """Ask the programme for support: it learns that you two ask, and nothing more."""

    kind: Literal["support_asked"] = "support_asked"


class SupportSettled(Event):
    """Say that the support came, or is no longer needed."""

    kind: Literal["support_settled"] = "support_settled"


class Paused(Event):
    """Pause the relationship; nothing is due until it is resumed."""

    kind: Literal["paused"] = "paused"
    why: Text | None = None


class Resumed(Event):
    """Resume a paused or lapsed relationship."""

    kind: Literal["resumed"] = "resumed"


class Ended(Event):
    """End the relationship; anybody in it may, at any time."""

    kind: Literal["ended"] = "ended"
    why: Text | None = None


class ClosingProposed(Event):
    """Propose to close it as no longer needed; the other agrees, or two weeks later it closes."""

    kind: Literal["closing_proposed"] = "closing_proposed"
    because: Text


class ClosingDeclined(Event):
    """Go on together although it was proposed to close it."""

    kind: Literal["closing_declined"] = "closing_declined"
    why: Text | None = None


class Closed(Event):
    """Close the relationship because both find it no longer needed; the learner goes on alone."""

    kind: Literal["closed"] = "closed"
    by: ClassVar[frozenset[Role]] = EITHER | {SYSTEM}
    because: Text


class HandedOver(Event):
    """Hand the learner over to another trainer, with the learner's consent."""

    kind: Literal["handed_over"] = "handed_over"
    by: ClassVar[frozenset[Role]] = frozenset({LEARNER, OWNER})
    to: Party
    because: Text


class Lapsed(SystemEvent):
    """Nobody wrote for so long that the relationship was set aside."""

    kind: Literal["lapsed"] = "lapsed"
    days: Annotated[int, Field(ge=1)]


class PhaseBegan(Event):
    """Begin a phase: guidance is withdrawn, or follow-up; the first two begin by themselves."""

    kind: Literal["phase_began"] = "phase_began"
    by: ClassVar[frozenset[Role]] = EITHER | {SYSTEM}
    phase: Phase
    because: Text | None = None


class GoalSet(Event):
    """Set the goal: a recurring kind of situation, an observable way of deciding, criteria."""

    kind: Literal["goal_set"] = "goal_set"
    situation: Annotated[Text, Field(description="The recurring kind of situation")]
    behaviour: Annotated[Text, Field(description="What others will see the learner decide or do")]
    today: Annotated[Text, Field(description="Where the learner stands today, in words")]
    horizon: Annotated[Text, Field(description="By when")]
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=3, max_length=6)]
    direction: Annotated[Text | None, Field(description="The whole practitioner aimed at")] = None
    attainment: Annotated[tuple[Text, ...], Field(max_length=5)] = ()


class GoalAmended(GoalSet):
    """Change the goal; a criterion that changes its anchors is a new criterion."""

    kind: Literal["goal_amended"] = "goal_amended"  # type: ignore[assignment]
    because: Text


class Configured(SystemEvent):
    """From here on these numbers and algorithm versions decide."""

    kind: Literal["configured"] = "configured"
    numbers: dict[Key, Annotated[float, Field(allow_inf_nan=False)]]
    versions: dict[Key, Annotated[str, Field(max_length=80)]]


class BaselineTaken(Event):
    """Close the baseline: these situations say where the learner stood before any guidance."""

    kind: Literal["baseline_taken"] = "baseline_taken"
    by: ClassVar[frozenset[Role]] = frozenset({TRAINER, RATER})
    situations: Keys
    fewer_because: Text | None = None


class DesignDrawn(SystemEvent):
    """Chance drew in which order, and from which situations on, the criteria come into focus."""

    kind: Literal["design_drawn"] = "design_drawn"
    order: Keys
    starts: tuple[Annotated[int, Field(ge=0)], ...]
    horizon: Annotated[int, Field(ge=1)]
    arrangements: Annotated[int, Field(ge=1)]
    seed: int


class ProbeDrawn(SystemEvent):
    """Chance decided whether guidance is withheld in this situation."""

    kind: Literal["probe_drawn"] = "probe_drawn"
    situation: Key
    withheld: bool
    probability: Probability


class ModelCalled(SystemEvent):
    """A language model was called: which, with which prompt version, at what cost."""

    kind: Literal["model_called"] = "model_called"
    model: Annotated[str, Field(max_length=120)]
    prompt_version: Annotated[str, Field(max_length=80)]
    tokens_in: Annotated[int, Field(ge=0)]
    tokens_out: Annotated[int, Field(ge=0)]
    cost: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    agent: Annotated[Key | None, Field(description="Which agent called it")] = None
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0


class EvidenceViewed(SystemEvent):
    """Somebody looked at the evidence; looks count."""

    kind: Literal["evidence_viewed"] = "evidence_viewed"
    viewer: Key
    what: Annotated[str, Field(max_length=80)]


class Forked(SystemEvent):
    """This ledger is a copy of another up to that entry, and goes its own way from here."""

    kind: Literal["forked"] = "forked"
    origin: Key
    at: Seq
    arm: Key


class Redacted(Event):
    """The text of that entry is gone; its facts stay."""

    kind: Literal["redacted"] = "redacted"
    by: ClassVar[frozenset[Role]] = frozenset({LEARNER, TRAINER, RATER, OWNER, SYSTEM})
    offered: ClassVar[bool] = False
    entry: Seq
