"""A situation: own call, help, guidance, decision, outcome, account, ratings, debrief."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from tutelage.domain.events.base import (
    LEARNER,
    NAMED,
    PAIR,
    RATER,
    SYSTEM,
    TRAINER,
    Event,
    Keys,
    LearnerEvent,
    SystemEvent,
    TrainerEvent,
)
from tutelage.domain.terms import (
    Difficulty,
    Guiding,
    Help,
    Key,
    Probability,
    RatingValue,
    Role,
    Seq,
    Source,
    Stakes,
    Subject,
    Visibility,
)
from tutelage.domain.text import Text


def _is_none(value: object) -> bool:
    return value is None


class SituationOpened(LearnerEvent):
    """Bring a real situation that you are in."""

    kind: Literal["situation_opened"] = "situation_opened"
    situation: Key
    text: Annotated[Text, Field(description="What is going on, and what makes it hard")]
    criteria: Annotated[Keys, Field(description="The criteria it touches")]
    source: Source = "lived"
    retold: Annotated[bool, Field(description="Told from the past, or imported")] = False
    chosen: Annotated[Text | None, Field(description="How this case was chosen")] = None
    probability: Annotated[Probability | None, Field(description="of being chosen")] = None
    because_bad: Annotated[bool, Field(description="Picked because it went badly")] = False
    facts: Annotated[dict[Key, Text], Field(max_length=32)] = {}
    evidence: Annotated[Text | None, Field(description="Raw evidence: the log, the mail")] = None
    stakes: Stakes = "normal"
    difficulty: Annotated[Difficulty, Field(description="-1 easy, 0 usual, 1 hard")] = 0
    seen_before: bool | None = None
    trace: Key | None = None


class SituationDropped(LearnerEvent):
    """Drop a situation that came to nothing."""

    kind: Literal["situation_dropped"] = "situation_dropped"
    situation: Key
    why: Text | None = None


class OwnCallRecorded(LearnerEvent):
    """Say what you would do, why, and what you expect, before any help."""

    kind: Literal["own_call_recorded"] = "own_call_recorded"
    situation: Key
    call: Annotated[Text, Field(description='What I would do, or "I don\'t know yet"')]
    why: Text
    expects: Text | None = None
    probability: Annotated[Probability | None, Field(description="that it comes out so")] = None
    help: Annotated[Help, Field(description="Help you already had")] = "nobody"
    # left out where there is none, so that calls without it are stored as they always were
    evidence: Annotated[
        Text | None, Field(description="What it rests on, raw: log, mail", exclude_if=_is_none)
    ] = None


class HelpAsked(LearnerEvent):
    """Ask for help: what to do, whether your reasoning is sound, or a fact."""

    kind: Literal["help_asked"] = "help_asked"
    situation: Key
    question: Text
    about: Literal["what_to_do", "is_it_sound", "fact"] = "is_it_sound"
    urgent: bool = False


class GuidanceGiven(TrainerEvent):
    """Share a similar experience and why, or ask; at the level each criterion stands at."""

    kind: Literal["guidance_given"] = "guidance_given"
    situation: Key
    move: Guiding
    text: Text
    criteria: Annotated[Keys, Field(max_length=6)] = ()
    why: Text | None = None
    experience: Key | None = None
    answers: Seq | None = None
    obstacle: Key | None = None
    told_because: Annotated[Text | None, Field(description="Why tell although ask")] = None


class GuidanceFailed(SystemEvent):
    """The trainer could not answer; the learner decides without it."""

    kind: Literal["guidance_failed"] = "guidance_failed"
    situation: Key
    reason: Text


class GuidanceRead(LearnerEvent):
    """The learner read the guidance; from here on the decision is assisted."""

    kind: Literal["guidance_read"] = "guidance_read"
    offered: ClassVar[bool] = False
    situation: Key
    guidance: Seq


class Answered(LearnerEvent):
    """Answer the trainer's question: revised reasoning, new options."""

    kind: Literal["answered"] = "answered"
    situation: Key
    guidance: Seq
    text: Text


class DecisionRecorded(LearnerEvent):
    """Say what you did, why, and what you did with the advice."""

    kind: Literal["decision_recorded"] = "decision_recorded"
    situation: Key
    decision: Text
    why: Text
    advice: Annotated[
        Literal["none", "taken", "partly", "set_aside", "unknown"],
        Field(description="What I did with the advice; unknown where a trace does not say"),
    ] = "none"
    advice_why: Text | None = None


class OutcomeRecorded(Event):
    """Say what happened; "not known yet" is an answer."""

    kind: Literal["outcome_recorded"] = "outcome_recorded"
    by: ClassVar[frozenset[Role]] = frozenset({LEARNER, SYSTEM})
    visible: ClassVar[tuple[Visibility, ...]] = (PAIR,)
    situation: Key
    text: Text
    known: bool = True
    measure: Annotated[float | None, Field(allow_inf_nan=False)] = None
    unit: Annotated[str | None, Field(max_length=40)] = None
    as_expected: Annotated[bool | None, Field(description="Did it come out as expected?")] = None


class AccountWritten(LearnerEvent):
    """Account for the decision: what you saw, weighed, asked yourself and think now."""

    kind: Literal["account_written"] = "account_written"
    situation: Key
    noticed: Text
    missed: Text | None = None
    options: Annotated[tuple[Text, ...], Field(min_length=1, max_length=8)]
    turned_on: Annotated[Key, Field(description="The criterion the decision turned on")]
    asked_myself: Text
    happened: Text
    consulted: Annotated[tuple[Help, ...], Field(max_length=4)] = ()
    used_to_think: Text | None = None
    now_think: Text | None = None
    because: Text | None = None
    where_next: Text | None = None


class RatingAsked(SystemEvent):
    """A rater was asked, and was shown these fields and no others."""

    kind: Literal["rating_asked"] = "rating_asked"
    visible: ClassVar[tuple[Visibility, ...]] = (NAMED,)
    situation: Key
    subject: Subject
    rater: Key
    shown: tuple[Key, ...]
    second: bool = False


class Rated(Event):
    """Rate an own call or a decision per criterion from 1 to 5, or check an account."""

    kind: Literal["rated"] = "rated"
    by: ClassVar[frozenset[Role]] = frozenset({RATER, TRAINER, LEARNER})
    visible: ClassVar[tuple[Visibility, ...]] = (PAIR, NAMED)
    situation: Key
    subject: Subject
    ratings: Annotated[dict[Key, RatingValue | None], Field(max_length=6)] = {}
    quotes: Annotated[dict[Key, Text], Field(max_length=6)] = {}
    shows_criterion: Annotated[bool | None, Field(description="Account: it names it")] = None
    consistent: Annotated[bool | None, Field(description="Account: with the own call")] = None
    novel: Annotated[bool | None, Field(description="New to this learner?")] = None
    difficult: bool | None = None
    as_self: bool = False


class Debriefed(Event):
    """Debrief a decision: what was expected, what happened, why, what to keep or change."""

    kind: Literal["debriefed"] = "debriefed"
    by: ClassVar[frozenset[Role]] = frozenset({TRAINER, LEARNER})
    visible: ClassVar[tuple[Visibility, ...]] = (PAIR,)
    situation: Key
    expected: Text
    happened: Text
    why: Text
    next: Annotated[Text, Field(description="What to keep or change")]
    criteria: Keys = ()
    obstacle: Key | None = None
