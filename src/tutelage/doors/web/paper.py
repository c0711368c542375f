"""Pages for paper: the course of a relationship and its entries as PDF, set by Typst.

What people wrote goes to the typesetter as data and is shown as text: none of it is read as markup.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from importlib.metadata import version
from typing import Any

from tutelage.domain.entry import Entry, split
from tutelage.domain.relationship import Relationship
from tutelage.domain.terms import Criterion, Party
from tutelage.domain.text import Gone
from tutelage.doors.common import plain
from tutelage.doors.web import words
from tutelage.doors.web.forms import FIRST
from tutelage.doors.web.seen import Seen
from tutelage.doors.web.words import LABELS, say, tell, when, word
from tutelage.doors.words import how_much_help, nobody_rates, stands, where_it_started
from tutelage.evidence.rated import given, values
from tutelage.evidence.results import Z90, Estimate
from tutelage.guidance.threshold import Verdict
from tutelage.guidance.trajectory import NOT_KNOWN, Course, Hurdle, Trajectory
from tutelage.guidance.words import criterion_name

SHORT = 420  # letters of a text in the course, which is one to four pages; the export has them all
DRAWN = 60  # places at which a curve is drawn: more than a reader tells apart
LISTED = 12  # obstacles, principles and questions of the course that fit its pages
SET, LETTERS = 2000, 500_000  # of an export: a thick book, and two seconds of setting
_RUN = re.compile(r"\S{32}(?=\S)")
_ONE = threading.Lock()  # a thick book takes 300 MB while it is set: one at a time
Wraps = dict[str, Any]


def course(found: Trajectory, state: Relationship, now: datetime) -> bytes:
    """The course for a portfolio, in the reader's language, on one to four pages."""
    helped = _assisted(state)
    title = tell("The trajectory of %(name)s", name=found.learner)
    return _set(
        "course",
        now,
        {
            "title": title,
            "lead": tell("With %(trainer)s as %(mode)s.", trainer=found.trainer, mode=found.mode),
            "facts": _facts(found),
            "goal": {"title": say("The goal"), "rows": _goal(found)},
            "start": {"title": say("Where it started"), "text": where_it_started(found)},
            "criteria": _criteria(found, helped),
            "obstacles": _obstacles(found),
            "moved": _moved(found),
            "threshold": _threshold(
                found.threshold, rated=state.terms is None or state.terms.rated
            ),
            "own": _own_words(found),
            "made": _made(found, now),
        },
    )


def _facts(found: Trajectory) -> list[list[str]]:
    alone = sum(c.stand.level.word == "independent" for c in found.courses)
    gone = sum(h.overcome_at is not None for h in found.hurdles)
    return [
        [str(len(found.steps)), say("situations")],
        [_of(alone, len(found.courses)), say("criteria on its own")],
        [_of(gone, len(found.hurdles)), say("obstacles overcome")],
        [say("met") if found.threshold.met else say("not yet"), say("threshold")],
    ]


def _of(part: int, whole: int) -> str:
    return tell("%(part)s of %(whole)s", part=part, whole=whole)


def _goal(found: Trajectory) -> list[list[str]]:
    rows = (
        (say("In this kind of situation"), found.goal),
        (say("What is to be seen"), found.behaviour),
        (say("Where it stood, in its own words"), found.today),
        (say("By when"), found.horizon),
    )
    return [[name, say(text) if text == NOT_KNOWN else text] for name, text in rows]


# criteria --------------------------------------------------------------------------------------
def _criteria(found: Trajectory, helped: Mapping[str, list[int]]) -> Wraps:
    return {
        "title": say("Unassisted judgment, criterion by criterion"),
        "says": say(
            "Own calls rated before any help, 1 to 5. A point is the estimate, its bar holds the "
            "true value with 90 % probability; the dashed line is 4, from where on judgment is "
            "called sound. Decisions made after help are shown apart and not counted."
        ),
        "keys": {
            "start": say("before guidance"),
            "now": say("now, unassisted"),
            "assisted": say("decisions after help"),
        },
        "rows": [_criterion(found, c, helped.get(c.criterion, [])) for c in found.courses],
    }


def _criterion(found: Trajectory, one: Course, helped: list[int]) -> Wraps:
    mean = sum(helped) / len(helped) if helped else None
    start, now = say(NOT_KNOWN) if one.start is None else str(one.start), stands(one)
    said = tell("from %(start)s to %(now)s: %(level)s", start=start, now=now, level=_level(one))
    more = tell("After help: %(mean)s (n=%(count)s).", mean=f"{mean or 0:.1f}", count=len(helped))
    return {
        "name": one.name,
        "said": f"{said}. {more}" if helped else f"{said}.",
        "why": say(one.stand.why),
        "start": _span(one.start),
        "now": _span(one.now if one.now.n else None),
        "assisted": mean,
        "curve": _curve(one, len(found.steps)),
        "first": tell("situation %(number)s", number=1),
        "last": str(len(found.steps)),
    }


def _level(one: Course) -> str:
    return word(one.stand.level.word)


def _span(known: Estimate | None) -> list[float] | None:
    """Low, middle and high on the scale from 1 to 5."""
    if known is None:
        return None
    low, high = known.interval
    return [_on_scale(low), _on_scale(known.mean), _on_scale(high)]


def _on_scale(value: float) -> float:
    return min(max(float(value), 1.0), 5.0)


def _curve(one: Course, last: int) -> list[list[float]]:
    """Share of the way, low, middle and high, at not too many places."""
    every = max(1, -(-len(one.curve) // DRAWN))
    some = [*one.curve[::every], *one.curve[-1:]]
    return [
        [(n - 1) / max(last - 1, 1), *(_on_scale(m + side * Z90 * s) for side in (-1, 0, 1))]
        for n, m, s in some
    ]


def _assisted(state: Relationship) -> dict[str, list[int]]:
    """By criterion, the ratings of decisions made after help: shown, never counted."""
    found: dict[str, list[int]] = {}
    for known in state.situations:
        if known.consulted:
            for criterion, value in values(given(known, "decision")):
                found.setdefault(criterion, []).append(value)
    return found


# obstacles, and what moved each ----------------------------------------------------------------
def _obstacles(found: Trajectory) -> Wraps:
    none = "" if found.hurdles else say("No obstacle was named.")
    title = say("Its obstacles, and what moved each")
    return {"title": title, "none": none, "rows": [_obstacle(h) for h in found.hurdles[:LISTED]]}


def _obstacle(h: Hurdle) -> Wraps:
    return {
        "text": h.text,
        "when": h.when,
        "named": tell("Named after situation %(number)s.", number=h.named_at),
        "gone": h.overcome_at is not None,
        "state": say("overcome") if h.overcome_at is not None else say("still there"),
        "course": say(h.course),
        "because": h.because or "",
    }


def _moved(found: Trajectory) -> Wraps:
    chance = say(
        "Chance decided when guidance on each criterion began. What this shows of its effect "
        "stands in the evidence, where every look is counted; this page does not repeat it."
    )
    order = say(
        "What followed what is known here, not what caused it: nobody drew by lot when guidance "
        "began. The same may have come with experience alone."
    )
    said = [how_much_help(found), chance if found.randomized else order]
    return {"title": say("What moved it"), "texts": said}


def _threshold(verdict: Verdict, *, rated: bool) -> Wraps:
    if not (rated or verdict.met):
        return {"title": say("The threshold"), "text": nobody_rates(), "missing": []}
    met = say("The threshold is met.")
    if verdict.situation:
        met = tell("The threshold is met in %(situation)s.", situation=verdict.situation)
    lacks = [] if verdict.met else [say(m) for m in verdict.missing]
    said = met if verdict.met else say("The threshold is not met yet. Missing:")
    return {"title": say("The threshold"), "text": said, "missing": lacks}


def _own_words(found: Trajectory) -> Wraps:
    mine = "I ask myself: %(question)s"
    kept = [str(p) for p in found.notebook.principles[:LISTED]]
    kept += [tell(mine, question=q.text) for q in found.notebook.questions[:LISTED]]
    return {"title": say("In its own words"), "texts": kept}


def _made(found: Trajectory, now: datetime) -> str:
    return tell(
        "Made on %(day)s by Tutelage %(version)s from the first %(count)s entries of the "
        "relationship “%(name)s”. Estimates rest on own calls said before any help.",
        day=when(now),
        version=version("tutelage"),
        count=found.seq,
        name=found.relationship,
    )


# everything ------------------------------------------------------------------------------------
def export(
    name: str,
    state: Relationship,
    entries: Sequence[Entry[Any]],
    looks: Iterable[Seen],
    now: datetime,
    *,
    blind: bool = False,
) -> bytes:
    """Every entry as one reader may read it, and who looked at what; to the blind without times."""
    kept = _newest(entries)
    whole = say("All that you may read here, and nothing else.")
    part = tell(
        "The newest %(count)s of %(all)s entries; all of them are in the files for programs and "
        "spreadsheets.",
        count=len(kept),
        all=len(entries),
    )
    return _set(
        "export",
        now,
        {
            "title": tell("The relationship %(name)s", name=name),
            "lead": whole if len(kept) == len(entries) else part,
            "entries": [_entry(state, one, blind=blind) for one in kept],
            "looks": {
                "title": say("Who looked at what"),
                "head": [say("Who"), say("What"), say("Last"), say("Times that day")],
                "rows": [
                    [s.look.actor, s.what, when(s.look.last_at), str(s.look.times)] for s in looks
                ],
            },
            "made": tell("Made on %(day)s by Tutelage.", day=when(now)),
        },
        whole=True,
    )


def _newest(entries: Sequence[Entry[Any]]) -> Sequence[Entry[Any]]:
    """As many of the newest as can be set in a few seconds."""
    letters, first = 0, len(entries)
    for one in reversed(entries[-SET:]):
        letters += sum(map(len, split(one.event)[1]))
        if letters > LETTERS:
            break
        first -= 1
    return entries[first:]


def _entry(state: Relationship, one: Entry[Any], *, blind: bool) -> Wraps:
    asked, said = FIRST.get(one.event.kind, {}), []
    for name in type(one.event).model_fields:
        value = getattr(one.event, name)
        if name != "kind" and value not in (None, (), {}, False):
            label = asked.get(name) or LABELS.get(name)
            said.append([say(label) if label else word(name), _cell(state, value)])
    head, title = f"{one.actor} · {word(one.role)}", word(one.event.kind)
    if not blind:
        head, title = f"{head} · {when(one.written_at)}", f"{one.seq} · {title}"
    return {"title": title, "head": head, "said": said}


NOT_THERE = {
    "redacted": "This text was erased.",
    "unread": "It waits to be read.",
    "private": "It is somebody's own.",
}


def _cell(state: Relationship, value: Any) -> str:
    """A field of an entry as people read it."""
    match value:
        case tuple():
            return "\n".join(_cell(state, one) for one in value)
        case Mapping():
            return "\n".join(f"{_cell(state, k)}: {_cell(state, v)}" for k, v in value.items())
        case Criterion():
            anchors = (f"{n}. {a}" for n, a in enumerate(value.anchors, 1))
            return "\n".join([str(value.name), *anchors])
        case Party():
            return value.id
        case True:
            return say("yes")
        case Gone():
            return say(NOT_THERE[value.why])
        case _:
            return criterion_name(state, value) if value in state.criteria_ever else str(value)


# setting ---------------------------------------------------------------------------------------
def _set(template: str, now: datetime, shown: Wraps, *, whole: bool = False) -> bytes:
    """The pages as PDF, tagged for those who hear them."""
    import typst  # noqa: PLC0415  # 40 MB that only these two pages need

    said = {**_safe(shown, None if whole else SHORT), "lang": words.language()}
    given_in = {"data": json.dumps(said)}
    with _ONE:
        made: bytes = typst.compile(_source(template), sys_inputs=given_in, timestamp=now)
    return made


@cache
def _source(template: str) -> bytes:
    folder = resources.files(__package__) / "typeset"
    return (folder / "paper.typ").read_bytes() + (folder / f"{template}.typ").read_bytes()


def _safe(value: Any, most: int | None) -> Any:
    """The same with texts that can be set: of bounded length, broken where no space breaks them."""
    match value:
        case str():
            text = plain(value).encode("utf-8", "replace").decode()
            text = text if most is None or len(text) <= most else f"{text[:most]}…"
            return _RUN.sub("\\g<0>\u200b", text)
        case dict():
            return {key: _safe(one, most) for key, one in value.items()}
        case list() | tuple():
            return [_safe(one, most) for one in value]
        case _:
            return value
