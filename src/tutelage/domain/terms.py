"""The words the events are written in: roles, levels, phases, and the parts of an agreement."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from tutelage.domain.text import Text

Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,63}$")]
"""A name that programs use: of an actor, a situation, a criterion. Never shown as prose."""

Seq = Annotated[int, Field(ge=1)]
Probability = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
RatingValue = Annotated[int, Field(ge=1, le=5)]


class Frozen(BaseModel):
    """A value: made once, never changed, and strict about what it is given."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Role(StrEnum):
    """In what capacity somebody writes."""

    LEARNER = "learner"
    TRAINER = "trainer"
    RATER = "rater"
    OWNER = "owner"
    SYSTEM = "system"


class Level(IntEnum):
    """How much help a criterion gets: less with every step."""

    WAITING = 0
    SHARE = 1
    ASK = 2
    DEBRIEF = 3
    INDEPENDENT = 4

    @property
    def word(self) -> str:
        """The level as people read it."""
        return self.name.lower()


class Phase(StrEnum):
    """Where the relationship is in its course."""

    BASELINE = "baseline"
    GUIDED = "guided"
    WITHDRAWN = "withdrawn"
    FOLLOW_UP = "follow_up"


class Visibility(StrEnum):
    """Who may read an entry."""

    OWN = "own"
    PAIR = "pair"
    NAMED = "named"
    PROGRAMME = "programme"


Mode = Literal["mentor", "coach"]
PartyKind = Literal["person", "agent"]
Source = Literal["lived", "trace", "arranged", "exercise"]
Stakes = Literal["low", "normal", "high"]
Difficulty = Literal[-1, 0, 1]
Help = Literal["nobody", "person", "ai", "material"]
Guiding = Literal["share", "ask", "tell", "fact"]
OptIn = Literal["withheld_guidance", "drawn_starts", "programme"]
"""What both agree to and either leaves with one click."""
Subject = Literal["own_call", "decision", "account"]


class Party(Frozen):
    """Somebody in the relationship: a person, or an agent and the person who owns it."""

    id: Key
    kind: PartyKind
    owner: Key | None = None

    @model_validator(mode="after")
    def _owned(self) -> Party:
        if self.kind == "agent" and self.owner is None:
            raise ValueError("An agent needs an owner: the person who signs for it.")
        return self


class Criterion(Frozen):
    """One thing good judgment looks at, with the five anchors of its rating scale."""

    key: Key
    name: Text
    anchors: Annotated[tuple[Text, ...], Field(min_length=5, max_length=5)]
