"""What a model has to answer with; a reply of another form is asked for again."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Said = Annotated[str, Field(min_length=1, max_length=1500)]
Short = Annotated[str, Field(min_length=1, max_length=400)]
Name = Annotated[str, Field(min_length=1, max_length=64)]
Names = Annotated[list[Name], Field(min_length=1, max_length=6)]
Quote = Annotated[str, Field(max_length=400, description="Copied word by word; leave out by …")]


class Reply(BaseModel):
    """The base of all replies: strict about its fields."""

    model_config = ConfigDict(extra="forbid", defer_build=True)  # built at the first call


class Asking(Reply):
    """One question to the learner before it decides."""

    criteria: Names
    text: Annotated[str, Field(min_length=1, max_length=700, description="The question, and only")]
    why: Annotated[str, Field(min_length=1, max_length=400, description="Why this question now")]


class Guiding(Reply):
    """One thing said to the learner before it decides."""

    move: Literal["share", "ask", "tell"]
    criteria: Names
    text: Said
    why: Annotated[str, Field(min_length=1, max_length=400, description="Why this, for this case")]
    experience: Annotated[Name | None, Field(description="Key of the experience shared")] = None
    copied: Annotated[
        list[Quote], Field(max_length=4, description="Passages of it that the text repeats")
    ] = []


class Debriefing(Reply):
    """What made a decision come out as it did, and what follows from it."""

    criteria: Names
    quote: Annotated[Quote, Field(description="What the learner said or did that this is about")]
    why: Said
    next: Said


class CriterionRated(Reply):
    """One criterion, rated."""

    criterion: Name
    quote: Annotated[Quote, Field(description="The learner's own words that show it")] = ""
    reason: Short
    rating: Annotated[
        Literal[1, 2, 3, 4, 5] | None, Field(description="null where it does not apply here")
    ]


class Rating(Reply):
    """All criteria of one call or decision, rated."""

    criteria: Annotated[list[CriterionRated], Field(min_length=1, max_length=6)]
    difficult: Annotated[bool, Field(description="Would most people in this role find it hard?")]
    novel: Annotated[bool, Field(description="Would the usual way of handling such cases not fit?")]


class Checked(Reply):
    """Whether an account shows the judgment."""

    criterion: Annotated[Name, Field(description="The criterion that it says the case turned on")]
    quote: Annotated[Quote, Field(description="Where the account says what it turned on, and why")]
    shows_criterion: bool
    consistent: Annotated[bool, Field(description="with the reasons given before the outcome")]
    reason: Short


class Asked(Reply):
    """A part of a goal that is not specific yet, and the question that asks for it."""

    part: Literal["situation", "behaviour", "today", "horizon", "criteria", "judgment"]
    question: Annotated[str, Field(min_length=8, max_length=300)]


class Reviewed(Reply):
    """What a goal still lacks; an empty list accepts it."""

    missing: Annotated[list[Asked], Field(max_length=6)]


class Claim(Reply):
    """One thing that an account says happened, and what the record says about it."""

    quote: Annotated[Quote, Field(min_length=1, description="From the account")]
    verdict: Literal["supported", "contradicted", "not_recorded"]
    entry: Annotated[int | None, Field(description="Number of the entry that says so")] = None
    recorded: Annotated[Quote | None, Field(description="From that entry")] = None


class Claims(Reply):
    """The facts of an account, each held against the record."""

    claims: Annotated[list[Claim], Field(max_length=12)]
