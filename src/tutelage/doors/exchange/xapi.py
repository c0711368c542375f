"""A relationship's facts as xAPI statements: that something was done, never what was said.

No text of anybody's is in one: situations are named by their place, criteria by their number, and
of the others who take part nobody is named.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from tutelage.domain.entry import Entry
from tutelage.domain.events import (
    Closed,
    DecisionRecorded,
    Ended,
    GoalAmended,
    GoalSet,
    LevelMoved,
    MasterpieceCertified,
    OutcomeRecorded,
    OwnCallRecorded,
    Proposed,
    Rated,
    Signed,
    SituationOpened,
    ThresholdMet,
)
from tutelage.domain.relationship import Relationship

VERSION = "1.0.3"
ADL = "http://adlnet.gov/expapi/verbs/"
COURSE = "a mentoring or coaching relationship"
KINDS = "http://adlnet.gov/expapi/activities/"


@dataclass(frozen=True, slots=True)
class About:
    """Of whom the statements are, where, and what of the relationship they need to know."""

    at: str
    relationship: str
    learner: str
    state: Relationship

    @property
    def key(self) -> str:
        """The relationship under a name that names nobody; its first entry makes it its own."""
        first = self.state.proposed.digest if self.state.proposed else ""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"tutelage:{self.relationship}:{first}"))

    @property
    def course(self) -> str:
        """The relationship as an activity."""
        return f"{self.at}/xapi/relationships/{self.key}"


@dataclass(frozen=True, slots=True)
class Said:
    """What a statement says of an entry: verb, the part of the course it is on, and facts."""

    verb: str
    words: str
    part: str = ""
    named: str = COURSE
    kind: str = "course"
    facts: tuple[tuple[str, str], ...] = ()


def statements(about: About, entries: Iterable[Entry[Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The statements of these entries, each with the seq of its entry."""
    for entry in entries:
        said = _said(about, entry)
        if said is not None:
            yield entry.seq, _statement(about, entry, said)


def _said(about: About, entry: Entry[Any]) -> Said | None:
    state, event = about.state, entry.event
    match event:
        case Proposed():
            return Said("registered", "registered")
        case Signed() if "learner" in state.sides(entry.actor):
            return Said(
                "signed", "signed", f"papers/{event.what}", f"the {event.what}", "objective"
            )
        case GoalAmended() | GoalSet():
            return Said("initialized", "initialized", "goal", "the goal", "objective")
        case SituationOpened():
            told = (("retold", "yes" if event.retold else "no"),)
            return _in(about, event.situation, "attempted", "attempted", told)
        case OwnCallRecorded():
            return _in(about, event.situation, "answered", "made a call of its own in")
        case DecisionRecorded():
            return _in(about, event.situation, "decided", "decided")
        case OutcomeRecorded():
            return _in(about, event.situation, "experienced", "learned the outcome of")
        case Rated(as_self=False):
            return _in(about, event.situation, "was-rated", "was rated in")
        case LevelMoved():
            moved = (("from", event.start.word), ("to", event.to.word))
            number = _number(state, event.criterion)
            part, named = f"criteria/{number}", f"criterion {number}"
            return Said("progressed", "progressed on", part, named, "objective", moved)
        case ThresholdMet():
            return Said("passed", "passed", "threshold", "the threshold", "objective")
        case MasterpieceCertified():
            return Said("mastered", "mastered", "masterpiece", "the masterpiece", "objective")
        case Closed():
            return Said("completed", "completed")
        case Ended():
            return Said("terminated", "ended")
        case _:
            return None


OWN = frozenset({"signed", "decided", "was-rated"})
"""Verbs that no registry has; the others are the ADL's."""


def _in(
    about: About, key: str, verb: str, words: str, facts: tuple[tuple[str, str], ...] = ()
) -> Said | None:
    """Something in a situation, named by the entry that opened it."""
    known = about.state.find(key)
    if known is None:
        return None
    place = known.opened.seq
    return Said(verb, words, f"situations/{place}", f"situation {place}", "question", facts)


def _number(state: Relationship, criterion: str) -> int:
    """A criterion's number: its key may hold words of the two."""
    return [*state.criteria_ever, criterion].index(criterion) + 1


def _statement(about: About, entry: Entry[Any], said: Said) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": str(uuid.uuid5(uuid.UUID(about.key), f"{entry.seq}:{entry.digest}")),
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": about.at, "name": about.learner},
        },
        "verb": _verb(about, said),
        "object": _activity(about, said.part, said.named, said.kind),
        "timestamp": entry.occurred_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "context": {"platform": "Tutelage", "registration": about.key},
        "version": VERSION,
    }
    if said.part:
        parent = _activity(about, "", COURSE, "course")
        made["context"]["contextActivities"] = {"parent": [parent]}
    if said.facts:
        facts = {f"{about.at}/xapi/extensions/{name}": value for name, value in said.facts}
        made["context"]["extensions"] = facts
    return made


def _verb(about: About, said: Said) -> dict[str, Any]:
    own = f"{about.at}/xapi/verbs/" if said.verb in OWN else ADL
    return {"id": f"{own}{said.verb}", "display": {"en": said.words}}


def _activity(about: About, part: str, named: str, kind: str) -> dict[str, Any]:
    where = f"{about.course}/{part}" if part else about.course
    what = {"name": {"en": named}, "type": f"{KINDS}{kind}"}
    return {"objectType": "Activity", "id": where, "definition": what}
