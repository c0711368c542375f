"""The tools of the MCP door, in the order of use: which act each is, and what it must be told.

A tool that writes is made from its event class: docstring → description, field → argument. By
hand are the order, the few words that models know better, and what a model may not leave out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from tutelage.domain.events import (
    AccountWritten,
    Answered,
    Debriefed,
    DecisionRecorded,
    Event,
    GuidanceGiven,
    HelpAsked,
    OutcomeRecorded,
    OwnCallRecorded,
    PrincipleKept,
    Rated,
    SituationOpened,
)
from tutelage.domain.terms import Key as Name
from tutelage.domain.text import Text
from tutelage.doors import shapes as s
from tutelage.service.session import Session

Does = Callable[[Session, Any], BaseModel]


class Arguments(BaseModel):
    """What a tool is told."""

    model_config = ConfigDict(extra="forbid")


class InRelationship(Arguments):
    """An act in one relationship."""

    relationship: Annotated[Name, Field(description="The relationship's name")]


class InSituation(InRelationship):
    """An act in one situation."""

    situation: Annotated[Name, Field(description="The situation's name")]


@dataclass(frozen=True)
class ToolSpec:
    """One tool: its name, what it says of itself, what it is told, what it does and answers."""

    name: str
    says: str
    told: type[Arguments]
    does: Does
    answers: type[BaseModel]
    reads: bool = False


@dataclass(frozen=True)
class Curated:
    """What is by hand in a tool that writes an event."""

    name: str
    event: type[Event]
    hint: str
    called: dict[str, str] = field(default_factory=dict)  # field → what the argument is called
    needed: tuple[str, ...] = ()  # optional in the event; a model would leave it out


_WRITES = (
    Curated(
        "open_situation",
        SituationOpened,
        "Start here, before you decide anything. Attach raw evidence, not your reading of it.",
    ),
    Curated(
        "record_own_call",
        OwnCallRecorded,
        "Before any help; it is refused once guidance was read or a decision made. The answer's "
        "`step` says whether guidance is due: you do not choose when to consult.",
        {"call": "own_call", "why": "reasoning"},
        ("evidence",),
    ),
    Curated(
        "ask_for_help",
        HelpAsked,
        "Only beyond what is due, or when it is urgent; it counts as a consultation.",
    ),
    Curated(
        "answer",
        Answered,
        "After `collect_guidance`, to the question in that entry: revise your reasoning.",
    ),
    Curated(
        "record_decision",
        DecisionRecorded,
        "At any time; a late answer never blocks you. Say what you did with the advice.",
        needed=("advice",),
    ),
    Curated("record_outcome", OutcomeRecorded, "When you know, or to say that you do not yet."),
    Curated("record_account", AccountWritten, "After the outcome."),
    Curated("keep_principle", PrincipleKept, "Your own words, not the trainer's; twelve at most."),
)
_TRAINS = (
    Curated(
        "guide",
        GuidanceGiven,
        "For the trainer, after `get_brief`: only a move that the brief allows on a criterion.",
        needed=("criteria",),
    ),
    Curated("rate", Rated, "For a rater, after `get_packet`: quote what each rating rests on."),
    Curated("debrief", Debriefed, "For the trainer, after the learner's decision."),
)


def _collect(me: Session, told: Any) -> s.Collected:
    found = me.collect(told.relationship, told.situation)
    return s.Collected(items=tuple(map(s.GuidanceNow.of, found)))


class _Packet(InSituation):
    subject: Literal["own_call", "decision", "account"]


_COLLECT = ToolSpec(
    "collect_guidance",
    "Read the guidance that waits in a situation. From then on its decision is assisted.",
    InSituation,
    _collect,
    s.Collected,
)
_NOTEBOOK = ToolSpec(
    "get_notebook",
    "Your own principles and the questions you now ask yourself. Read it when a situation begins.",
    InRelationship,
    lambda me, told: s.NotebookNow.of(me.notebook(told.relationship)),
    s.NotebookNow,
    reads=True,
)
_TURN = ToolSpec(
    "get_turn",
    "Whose move it is, what is asked of you next in each situation, the levels and why.",
    InRelationship,
    lambda me, told: s.TurnNow.of(me.turn(told.relationship)),
    s.TurnNow,
    reads=True,
)
_INBOX = ToolSpec(
    "inbox",
    "What waits for you in all your relationships, the longest first.",
    Arguments,
    lambda me, _told: s.Tasks.of(me.inbox()),
    s.Tasks,
    reads=True,
)
_BRIEF = ToolSpec(
    "get_brief",
    "For the trainer: the case, the own call, the moves allowed, and what you know of the learner.",
    InSituation,
    lambda me, told: s.BriefNow.of(me.brief(told.relationship, told.situation)),
    s.BriefNow,
    reads=True,
)
_PACKET = ToolSpec(
    "get_packet",
    "For a rater: the situation, what was said and the anchors. Nothing else: you are blind.",
    _Packet,
    lambda me, told: s.PacketNow.of(me.packet(told.relationship, told.situation, told.subject)),
    s.PacketNow,
    reads=True,
)


def _writes(by_hand: Curated) -> ToolSpec:
    told = _arguments(by_hand)
    back = {argument: name for name, argument in by_hand.called.items()}

    def write(me: Session, given: Any) -> s.WrittenNow:
        said = {n: getattr(given, n) for n in told.model_fields if n in given.model_fields_set}
        relationship, name = said.pop("relationship"), said.pop("id", None)
        event = by_hand.event(**{back.get(n, n): v for n, v in said.items()})
        return _as_called(s.WrittenNow.of(me.write(relationship, event, id=name)))

    says = f"{by_hand.event.__doc__} {by_hand.hint}"
    return ToolSpec(by_hand.name, says, told, write, s.WrittenNow)


def _as_called(written: s.WrittenNow) -> s.WrittenNow:
    """The next step in the words of these tools."""
    step = written.step
    if step is None or step.do not in {"own_call", "decide"}:
        return written
    called = {"call": "own_call", "why": "reasoning"} if step.do == "own_call" else {}
    needed = ("evidence",) if step.do == "own_call" else ("advice",)
    fields = tuple(dict.fromkeys((*(called.get(f, f) for f in step.fields), *needed)))
    step = step.model_copy(update={"fields": fields})
    return written.model_copy(update={"step": step})


def _arguments(by_hand: Curated) -> type[Arguments]:
    """The event's fields as arguments, under the names that models know better."""
    fields: dict[str, Any] = {}
    for name, known in by_hand.event.model_fields.items():
        if name == "kind":
            continue
        argument = by_hand.called.get(name, name)
        if name in by_hand.needed:
            kind = Text if name == "evidence" else known.annotation
            fields[argument] = (kind, Field(description=known.description))
        else:
            fields[argument] = (known.annotation, known)
    retry = Field(default=None, description="A name for this entry: a retry under it is done once")
    made = create_model(
        f"{by_hand.event.__name__}Arguments",
        __base__=InRelationship,
        **fields,
        id=(Name | None, retry),
    )
    made.__doc__ = by_hand.event.__doc__
    return made


_MADE = {c.name: _writes(c) for c in (*_WRITES, *_TRAINS)}

TOOLS: tuple[ToolSpec, ...] = (
    _TURN,
    _MADE["open_situation"],
    _MADE["record_own_call"],
    _MADE["ask_for_help"],
    _COLLECT,
    _MADE["answer"],
    _MADE["record_decision"],
    _MADE["record_outcome"],
    _MADE["record_account"],
    _NOTEBOOK,
    _MADE["keep_principle"],
    _INBOX,
    _BRIEF,
    _MADE["guide"],
    _PACKET,
    _MADE["rate"],
    _MADE["debrief"],
)
"""The learner's tools in the order of use, then the trainer's and the rater's."""
