"""A small library of criteria, to be taken over and put into one's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tutelage.domain.goal import MOST
from tutelage.doors.web.stated import N_
from tutelage.doors.web.words import say

LIBRARY: dict[str, tuple[str, tuple[str, str, str, str, str]]] = {
    "people": (
        N_("People: who decides, and what they fear"),
        (
            N_("Others do not appear in the call."),
            N_("They appear, but only as they are in my way."),
            N_("Who decides is named; what they fear is guessed."),
            N_("What each one fears or needs is named, and shapes the call."),
            N_("It is tested in the situation itself, and the call changes with what comes back."),
        ),
    ),
    "timing": (
        N_("Timing: when to act, and when to wait"),
        (
            N_("It is done at once, or never; time is not weighed."),
            N_("Pressure decides when."),
            N_("A usual time is kept, whatever the case."),
            N_("What waiting costs and brings here is weighed."),
            N_("A sign is named at which the time will be changed."),
        ),
    ),
    "doubt": (
        N_("Doubt: what I do not know, and how I would find out"),
        (
            N_("The first explanation is taken for what happened."),
            N_("Doubt is felt, and passed over."),
            N_("It is named that something is not known."),
            N_("It is named what is not known, and which answer would change the call."),
            N_("The cheapest way to find out is taken before the call, and its answer is used."),
        ),
    ),
    "reach": (
        N_("Reach: who and what is hit if it goes wrong"),
        (
            N_("Only what is in front of me counts."),
            N_("That others are hit is seen too late to matter."),
            N_("The usual others are thought of."),
            N_("Those hit by this case are named, and the call spares them where it can."),
            N_("What nobody had on the list is found, and the call is built around it."),
        ),
    ),
    "way-back": (
        N_("Way back: what can be undone, and what cannot"),
        (
            N_("It is not asked whether it can be undone."),
            N_("All is treated alike, whether it can be undone or not."),
            N_("What cannot be undone is done with care."),
            N_("What can be undone is tried early; what cannot is prepared."),
            N_("A way back is made where there was none."),
        ),
    ),
    "mine": (
        N_("Remit: what is mine to decide, and what is not"),
        (
            N_("All of it is decided, or none."),
            N_("What is not mine is taken on, or what is mine is passed on."),
            N_("The rule of who decides is kept."),
            N_("What is mine is decided; for the rest the right person is brought in, in time."),
            N_("Where it belongs to nobody, it is settled whose it is."),
        ),
    ),
}
"""Criteria that many practices share: a name, and what each of five steps looks like."""


EXAMPLES = {
    "situation": N_("For example: a monthly review in which executives decide whether to go on"),
    "behaviour": N_("For example: decides whether to answer or to park a question, and says why"),
    "today": N_("For example: answers every question at once and in full"),
    "horizon": N_("For example: within 12 weeks, or over the next ten reviews"),
}
"""What each part of a goal may look like."""


def offered() -> list[tuple[str, str]]:
    """The criteria to choose from, in the reader's language."""
    return [(key, say(name)) for key, (name, _anchors) in LIBRARY.items()]


def filled(sent: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, and in the places left free the criteria that were chosen."""
    typed: dict[str, Any] = dict(sent)
    free = (n for n in range(MOST) if not sent.get(f"criterion.{n}", "").strip())
    chosen = (LIBRARY[k] for k in LIBRARY if f"library.{k}" in sent)
    for number, (name, anchors) in zip(free, chosen, strict=False):
        typed[f"criterion.{number}"] = say(name)
        typed |= {f"anchor.{number}.{m}": say(anchor) for m, anchor in enumerate(anchors)}
    return typed
