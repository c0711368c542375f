"""Who saw what: how each page is called in the log of looks, and the log as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from tutelage.doors.web.stated import N_
from tutelage.doors.web.words import say
from tutelage.service.looks import Look
from tutelage.service.session import PAIR, Page, Session

PAGES = {
    "": "relationship",
    "s": "situation",
    "rate": "packet",
    "notebook": "notebook",
    "concerns": "concerns",
    "between": "between",
    "talks": "talks",
    "levels": "levels",
    "life": "life",
    "obstacles": "obstacles",
    "agreement": "agreement",
    "goal": "goal",
    "retell": "retell",
    "handover": "handover",
    "progress": "trajectory",
    "trajectory.html": "trajectory",
    "trajectory.pdf": "trajectory",
    "export.jsonl": "export",
    "export.csv": "export",
    "export.pdf": "export",
    "privacy": "privacy",
    "erase": "privacy",
    "credential": "credential",
    "bring": "bring",
}
"""What is seen on a page, by what stands behind the relationship's name in its path."""

SENT = {"collect": "guidance", "evidence": "evidence", "look": "evidence"}
"""The same for what is seen by sending a form; other forms act, and show nothing new."""

AGAIN = {
    "alone": "relationship",  # a form with what there is to choose from
    **{
        name: name for name in ("relationship", "situation", "agreement", "goal", "levels", "talks")
    },
    **{name: name for name in ("retell", "handover")},
}
"""The same for a page that comes back because something was wrong with a form, by its template."""

WORDS = {
    "start": N_("the first words, on the start page"),
    "relationship": N_("the relationship's page"),
    "situation": N_("situation"),
    "guidance": N_("guidance in situation"),
    "context": N_("what helps to decide in situation"),
    "brief": N_("the trainer's view of situation"),
    "packet": N_("a call to be rated"),
    "notebook": N_("notebook"),
    "concerns": N_("concerns"),
    "between": N_("between situations"),
    "talks": N_("talks"),
    "levels": N_("levels"),
    "life": N_("pausing and ending"),
    "obstacles": N_("obstacles"),
    "agreement": N_("the agreement"),
    "goal": N_("the goal"),
    "retell": N_("retelling a decision"),
    "handover": N_("handing over"),
    "trajectory": N_("the course"),
    "evidence": N_("evidence"),
    "bring": N_("bringing situations from before"),
    "credential": N_("what can be taken along"),
    "export": N_("everything, taken along"),
    "privacy": N_("the texts, to be erased"),
    "turn": N_("whose turn it is"),
    "entries": N_("entries"),
}
"""What somebody looked at, as people read it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A look as it is read; of what, the situation's name if it is one."""

    look: Look
    what: str


def page_of(request: Request) -> Page:
    """What is seen by this request, and the situation in its path."""
    route = getattr(request.scope.get("route"), "path", "")
    _, inside, rest = route.partition("/r/{relationship}")
    parts = [p for p in rest.split("/") if p and not p.startswith("{")] or [""]
    if not inside:
        return "", None
    if request.method.lower() not in {"get", "head"}:
        return SENT.get(parts[-1], ""), request.path_params.get("situation")
    what = PAGES.get(parts[0], "")
    return what, None if what == "packet" else request.path_params.get("situation")


def looked(request: Request, template: str, shown: Mapping[str, Any]) -> None:
    """Count a page that came back as the answer to a form: whoever got it wrong has read it."""
    mine: Session | None = getattr(request.state, "session", None)
    if mine is None or request.method.lower() != "post" or template not in AGAIN:
        return
    name, known = shown["name"], shown.get("known")
    if mine.desk.state(name).roles(mine.actor) & PAIR:
        what = f"situation {known.key}"[:80] if known else AGAIN[template]
        mine.desk.looks.note(mine.actor, [(name, what)])


def as_read(look: Look) -> Seen:
    """A look in the reader's language."""
    what, _, situation = look.what.partition(" ")
    said = say(WORDS.get(what, what))
    return Seen(look, f"{said} {situation}".strip())
