"""Boxes outside a situation: talks, notes, actions, levels, the relationship's life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from textwrap import shorten
from typing import Any

from tutelage.domain.relationship import Relationship
from tutelage.domain.terms import Level
from tutelage.doors.web import forms as f
from tutelage.doors.web.words import say, word
from tutelage.guidance.words import criterion_name

TITLES = {
    "met": "Note a live talk",
    "noted": "Write a private note",
    "action_agreed": "Agree on an action",
    "action_done": "It is done",
    "checked_in": "Check in",
    "concern_raised": "Raise a concern outside the two of you",
    "obstacle_named": "Name an obstacle",
    "obstacle_revised": "Say it more exactly",
    "obstacle_overcome": "Say that it is overcome",
    "level_moved": "Move it yourself",
    "level_contested": "Contest",
    "situation_dropped": "Drop it",
    "paused": "Pause",
    "resumed": "Resume",
    "ended": "End the relationship",
    "closing_proposed": "Propose to close it: no longer needed",
    "closing_declined": "Go on together",
    "closed": "Close it: no longer needed",
    "phase_began": "Begin this phase",
    "opted_out": "Leave it",
    "support_asked": "Ask the programme for support",
    "support_settled": "Support came, or is no longer needed",
    "levels_shown": "Show the programme your levels",
}
"""What each box is called, and its button."""

BACK = {
    **dict.fromkeys(("principle_kept", "question_kept"), "/notebook"),
    **dict.fromkeys(
        ("met", "noted", "action_agreed", "action_done", "checked_in", "concern_raised"), "/between"
    ),
    **dict.fromkeys(("support_asked", "support_settled", "levels_shown"), "/between"),
    **dict.fromkeys(("level_moved", "level_contested"), "/levels"),
    **dict.fromkeys(("obstacle_named", "obstacle_revised", "obstacle_overcome"), "/obstacles"),
    **dict.fromkeys(("paused", "resumed", "ended", "closed", "phase_began", "opted_out"), "/life"),
    **dict.fromkeys(("closing_proposed", "closing_declined"), "/life"),
}
"""Where one is after writing it."""

FIXED = (
    "situation", "subject", "guidance", "as_self", "action", "criterion", "start", "to", "of",
    "phase", "experience", "obstacle", "shown",
)  # fmt: skip
"""What a page knows and nobody types."""

CHOOSES = {"checked_in": (("own", "Nobody but me"), ("pair", "The two of us"))}
"""Where the writer says who reads it."""


def box(kind: str, state: Relationship, /, *, title: str | None = None, **more: Any) -> f.Form:
    """The form of this kind; `more` as for `forms.form`."""
    names = {c: criterion_name(state, c) for c in state.criteria}
    if f.AMONG & f.FIRST[kind].keys():  # else nothing is chosen from what there is
        more.setdefault("among", among(state))
    made = f.form(kind, title=title or TITLES[kind], criteria=names, **more)
    if kind == "level_moved":
        return _with_levels(made, state)
    if kind in CHOOSES:
        value = (more.get("typed") or {}).get("visibility", "own")
        offered = tuple((key, say(words)) for key, words in CHOOSES[kind])
        asks = f.Field("visibility", say("Who reads it?"), "choice", True, value, offered)
        return replace(made, fields=(*made.fields, asks))
    return made


LISTED, GUIDED = 40, 8  # situations and guidance to choose from: the newest


def among(state: Relationship) -> Mapping[str, Mapping[str, str]]:
    """What there is to choose from, by its first words: situations, obstacles, guidance read."""
    recent = [s for s in reversed(state.recent(LISTED)) if s.dropped is None]
    read = (g.entry for s in recent for g in reversed(s.guidance) if g.read is not None)
    return {
        "situations": {s.key: _head(s.opened.event.text) for s in recent},
        "obstacle": {
            k: _head(o.named.event.text) for k, o in state.obstacles.items() if o.overcome is None
        },
        "follows": {str(e.seq): _head(e.event.text) for e in islice(read, GUIDED)},
    }


def _head(text: object) -> str:
    return shorten(str(text), 70, placeholder=" …")


def _with_levels(made: f.Form, state: Relationship) -> f.Form:
    now = state.level(made.fixed.get("criterion", ""))
    steps = (lv for lv in Level if lv is not Level.WAITING and lv is not now)
    choices = tuple((str(int(lv)), word(lv.word)) for lv in steps)
    fields = (
        replace(one, control="choice", choices=choices) if one.name == "to" else one
        for one in made.fields
    )
    return replace(made, fields=tuple(fields))


def fixed(sent: Mapping[str, list[str]]) -> dict[str, Any]:
    """What a page knew when it was made, as it was sent back."""
    found = {name: sent.get(f"fixed.{name}", [""])[0] for name in FIXED}
    return {name: value for name, value in found.items() if value}
