"""A form from an event's fields: what each asks for, what was typed, and what is wrong with it.

The event classes are the source. By hand are the words people are asked in, and which few fields
come first: the rest is there for who wants it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from tutelage.domain.errors import TutelageError
from tutelage.domain.events import EVENT, KINDS, AnyEvent
from tutelage.domain.text import Gone
from tutelage.doors.web.words import say, word

Control = Literal["text", "line", "choice", "checks", "yes", "number", "scale", "lines"]

Wording = Mapping[str, str]
"""Field → what people are asked, in the order in which they are asked."""

FIRST: dict[str, Wording] = {
    "situation_opened": {
        "text": "What is going on, and what makes it hard?",
        "criteria": "Which of these does it touch?",
        "evidence": "What does it rest on? A mail, a log, a sentence somebody said",
        "difficulty": "How hard is it for you?",
        "seen_before": "Is it new to you?",
        "stakes": "How much is at stake?",
    },
    "own_call_recorded": {
        "call": "What would you do? “I don't know yet” is an answer",
        "why": "Why?",
        "expects": "What do you expect to happen?",
        "help": "Which help did you have already?",
    },
    "help_asked": {
        "question": "What do you ask?",
        "about": "What is it about?",
        "urgent": "It cannot wait for my own call",
    },
    "answered": {"text": "Your answer"},
    "decision_recorded": {
        "decision": "What did you do?",
        "why": "Why?",
        "advice": "What did you do with the advice?",
    },
    "outcome_recorded": {
        "text": "What happened? “Not known yet” is an answer",
        "known": "Is that the end of it?",
    },
    "account_written": {
        "noticed": "What did you notice?",
        "options": "Which options did you weigh?",
        "turned_on": "What did it turn on?",
        "asked_myself": "Which question did you ask yourself?",
        "happened": "What happened?",
    },
    "guidance_given": {
        "move": "What do you do?",
        "text": "Your words",
        "criteria": "On which of these?",
        "obstacle": "Which obstacle does it work on?",
    },
    "rated": {"ratings": "How was the own call?", "quotes": "What does it rest on? Quote it"},
    "debriefed": {
        "expected": "What was expected?",
        "happened": "What happened?",
        "why": "Why?",
        "next": "What to keep or change?",
    },
    "principle_kept": {
        "says": "What have you learned, in your own words?",
        "when": "When does it hold?",
        "when_not": "When not?",
        "because": "Because",
        "follows": "Which guidance did it come from?",
    },
    "question_kept": {
        "text": "Which question do you now ask yourself?",
        "follows": "Which guidance did it come from?",
    },
    "met": {"text": "What was it about?", "criteria": "On which of these?", "told": "I told, too"},
    "noted": {"text": "A note to yourself; nobody else reads it"},
    "action_agreed": {"text": "What is to be done, and by whom?"},
    "action_done": {"text": "What came of it?"},
    "checked_in": {
        "helps": "What helps in how you work together?",
        "change": "What should change?",
    },
    "concern_raised": {"text": "What is your concern?"},
    "obstacle_named": {
        "text": "What keeps happening?",
        "when": "When does it show?",
        "situations": "In which situations did it show? Two or more",
        "criteria": "On which of these?",
    },
    "obstacle_revised": {
        "text": "What keeps happening?",
        "when": "When does it show?",
        "situations": "In which situations did it show? Two or more",
        "criteria": "On which of these?",
    },
    "obstacle_overcome": {
        "situations": "In which situations could it have shown, and did not?",
        "because": "What tells you so?",
    },
    "level_moved": {"to": "To which level of help?", "why": "Why?"},
    "level_contested": {"why": "Why do you see it otherwise?"},
    "situation_dropped": {"why": "Why did it come to nothing?"},
    "paused": {"why": "Why?"},
    "resumed": {},
    "ended": {"why": "Why?"},
    "closing_proposed": {"because": "Why is it no longer needed?"},
    "closing_declined": {"why": "What is still to be done together?"},
    "closed": {"because": "Why is it no longer needed?"},
    "phase_began": {"because": "Why now?"},
    "opted_out": {},
    "support_asked": {},
    "support_settled": {},
    "levels_shown": {},
}

SAYS: dict[str, str] = {
    "rated": "One step for each, as it was then, not as it came out.",
    "guidance_given": "Within what the level allows: a story of yours and why, or a question.",
    "level_moved": "Either of you may; it is shown as moved by hand, and no evidence rests on it.",
    "level_contested": "The level stays as it is; the other reads why you see it otherwise.",
    "phase_began": "From then on no guidance comes; own calls, decisions and accounts go on.",
    "levels_shown": "Whoever leads it then sees at which levels of help you stand, by your name.",
    "answered": "Your thoughts on the question; new options, other reasons.",
}
"""What a form says of itself, where the sentence of its event is for programs."""

WORDS: dict[str, str] = {
    "share": "Share how I handled something similar",
    "ask": "Ask",
    "tell": "Tell",
    "fact": "Answer a fact",
    "nobody": "None",
    "person": "A person",
    "ai": "An AI",
    "material": "Something I read",
    "what_to_do": "What to do",
    "is_it_sound": "Is my reasoning sound?",
    "none": "There was none",
    "taken": "I followed it",
    "partly": "In part",
    "set_aside": "I set it aside",
    "-1": "Easier than usual",
    "0": "As usual",
    "1": "Harder than usual",
    "low": "Little",
    "normal": "As much as usual",
    "high": "Much: whatever helps is allowed",
}
"""What choices are called."""

SEEN: dict[str, str] = {
    "own": "You alone read this.",
    "pair": "You two read this.",
    "named": "Only the person named outside the two of you reads this.",
    "rated": "Learner and trainer read this.",  # a rater is neither
}
"""Who reads a box: by its kind where that says more, or else by its visibility."""

KNOWN = (("true", "Yes, as far as I can see"), ("false", "No; I will say more later"))
NEW = (("", "I cannot say"), ("false", "It is new to me"), ("true", "I have met the like"))

HIDDEN = frozenset({"unknown"})  # choices that only programs make


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a form asks for."""

    name: str
    asks: str
    control: Control
    required: bool
    value: Any = None
    choices: tuple[tuple[str, str], ...] = ()
    error: str | None = None
    anchors: Mapping[str, Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A form for one kind of event: its fields, where it goes, and under which id it is written."""

    kind: str
    title: str
    says: str
    fields: tuple[Field, ...]
    fixed: Mapping[str, str]
    id: str
    error: str | None = None
    offered: bool = False  # for who likes: nothing waits for it

    @property
    def seen(self) -> str:
        """Who will read what is written in it, unless its writer says otherwise."""
        return say(SEEN.get(self.kind) or SEEN[KINDS[self.kind].visible[0]])


def form(
    kind: str,
    *,
    title: str,
    criteria: Mapping[str, str],
    anchors: Mapping[str, Sequence[str]] | None = None,
    fixed: Mapping[str, str] | None = None,
    only: Mapping[str, Iterable[str]] | None = None,
    among: Mapping[str, Mapping[str, str]] | None = None,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    error: str | None = None,
    id: str | None = None,  # noqa: A002
) -> Form:
    """The form of this kind; `criteria` are those it can be about, `only` narrows choices.

    `among` are situations or obstacles to choose from; without any, it does not ask. What was
    typed comes back in it, with what is wrong beside each field.
    """
    cls, told = KINDS[kind], FIRST.get(kind, {})
    fields = [
        _field(name, asks, cls.model_fields[name], criteria, anchors or {}, only or {})
        for name, asks in told.items()
    ]
    there = {name: choices for name, choices in (among or {}).items() if choices}
    fields = [_among(one, there) for one in fields if one.name not in AMONG or one.name in there]
    said, wrong = typed or {}, errors or {}
    filled = tuple(_filled(f, said, wrong) for f in fields)
    sentence = SAYS.get(kind) or (cls.__doc__ or "").strip()
    made = id or fresh()
    wrong_at_all = say(error) if error else None
    return Form(kind, say(title), say(sentence), filled, fixed or {}, made, wrong_at_all)


def fresh() -> str:
    """The id of a form: what it says is written under it, and sent twice it is written once."""
    return f"f{secrets.token_hex(12)}"


def _field(
    name: str,
    asks: str,
    info: FieldInfo,
    criteria: Mapping[str, str],
    anchors: Mapping[str, Sequence[str]],
    only: Mapping[str, Iterable[str]],
) -> Field:
    control = _control(name, info)
    choices: tuple[tuple[str, str], ...] = ()
    if name in {"criteria", "turned_on", "ratings", "quotes"}:
        choices = tuple(criteria.items())
    elif name == "known":
        choices = tuple((value, say(words)) for value, words in KNOWN)
    elif name == "seen_before":
        choices = tuple((value, say(words)) for value, words in NEW)
    elif control == "choice":
        offered = [str(c) for c in _literals(info.annotation) if str(c) not in HIDDEN]
        kept = [c for c in offered if c in set(only.get(name, offered))]
        choices = tuple((c, say(WORDS.get(c, c))) for c in kept)
    value = None if info.is_required() else info.default
    return Field(name, say(asks), control, info.is_required(), value, choices, None, anchors)


AMONG = frozenset({"situations", "obstacle", "follows"})
"""What is chosen from what there is in the relationship."""


def _among(field: Field, among: Mapping[str, Mapping[str, str]]) -> Field:
    if field.name not in AMONG:
        return field
    choices = tuple(among[field.name].items())
    open_ = field.control == "choice" and not field.required
    return replace(field, choices=(("", say("none")), *choices) if open_ else choices)


def _control(name: str, info: FieldInfo) -> Control:
    if name == "ratings":
        return "scale"
    if name in {"quotes", "options"}:
        return "lines"
    if name in {"criteria", "situations", "follows"}:
        return "checks"
    if name in {"turned_on", "obstacle", "seen_before", "known"} or _literals(info.annotation):
        return "choice"
    if info.annotation is bool or bool in get_args(info.annotation):
        return "yes"
    return "text"


def _literals(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((found for a in get_args(annotation) if (found := _literals(a))), ())


def _filled(field: Field, typed: Mapping[str, Any], errors: Mapping[str, str]) -> Field:
    value = typed.get(field.name, field.value)
    if isinstance(value, Gone) or value == ():
        value = None
    error = errors.get(field.name)
    return Field(
        field.name,
        field.asks,
        field.control,
        field.required,
        value,
        field.choices,
        error,
        field.anchors,
    )


# what was sent ---------------------------------------------------------------------------------
class Sent(Exception):  # what was sent, and cannot be taken
    """What was typed cannot be read as this event: field by field, what is wrong."""

    def __init__(self, typed: dict[str, Any], errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.typed, self.errors = typed, errors


def typed(kind: str, sent: Mapping[str, list[str]]) -> dict[str, Any]:
    """The fields as they were typed; what was left empty is left out."""
    found: dict[str, Any] = {}
    for name, info in KINDS[kind].model_fields.items():
        value = _typed(name, info, sent)
        if value not in (None, "", [], {}):
            found[name] = value
    return found


def _typed(name: str, info: FieldInfo, sent: Mapping[str, list[str]]) -> Any:
    control = _control(name, info)
    if control in {"scale", "lines"} and name != "options":
        return _by_key(name, sent)
    values = [v for v in sent.get(name, []) if v.strip()]
    if control in {"checks", "lines"} or name in {"situations", "entries", "follows"}:
        return values
    said = values[0] if values else None  # a browser sends text; a choice may be a number
    return next((c for c in _literals(info.annotation) if str(c) == said), said)


def _by_key(name: str, sent: Mapping[str, list[str]]) -> dict[str, Any]:
    start = f"{name}."
    said = {k.removeprefix(start): v[0] for k, v in sent.items() if k.startswith(start) and v}
    if name == "ratings":
        return {k: None if v == "na" else v for k, v in said.items() if v}
    return {k: v for k, v in said.items() if v.strip()}


def read(kind: str, sent: Mapping[str, list[str]], fixed: Mapping[str, Any]) -> AnyEvent:
    """The event that was typed. Raises Sent with what is wrong, field by field."""
    said = typed(kind, sent)
    try:
        return EVENT.validate_python({**said, **fixed, "kind": kind})
    except ValidationError as problem:
        errors: dict[str, str] = {}
        for error in problem.errors():
            where = [str(p) for p in error["loc"] if p not in {kind, "function-plain"}]
            errors.setdefault(where[0] if where else "", _kindly(error))
        raise Sent(said, errors) from None


MISSING = {"criteria": "Tick at least one.", "ratings": "Choose on at least one."}


def _kindly(error: Any) -> str:
    if error["type"] == "missing":
        return say(MISSING.get(str(error["loc"][-1]), "Say something here."))
    if error["type"] == "string_pattern_mismatch":
        return say("A name here has letters from a to z, digits and . _ - and no spaces.")
    return say(str(error["msg"]).removeprefix("Value error, "))


def kindly(problem: Exception) -> str:
    """What went wrong, in a sentence for whoever filled a form in."""
    if isinstance(problem, TutelageError):
        return say(problem.message)
    if isinstance(problem, ValidationError):
        first = problem.errors()[0]
        said = _kindly(first)
        named = first["type"] in {"string_pattern_mismatch", "missing"} or not first["loc"]
        return said if named else f"{word(str(first['loc'][0]))}: {said}"
    return str(problem)
