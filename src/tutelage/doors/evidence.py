"""The evidence report and the programme's, as Markdown, as JSON and as a page with drawings."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from tutelage.domain.errors import Unavailable
from tutelage.doors import charts, drawings
from tutelage.doors.page import STYLE
from tutelage.doors.report import md
from tutelage.doors.web.words import language
from tutelage.evidence.attribution import Attribution, Record
from tutelage.evidence.forks import ForkContrast
from tutelage.evidence.notyet import NotYet
from tutelage.evidence.results import Estimate
from tutelage.guidance.evidence import Changed, Evidence
from tutelage.guidance.programme import Programme
from tutelage.guidance.words import sentence

NOT_KNOWN = "not known"
ASKING = "The trainer's questions that the learner asks itself, as a share, over the situations"


# what both forms say ---------------------------------------------------------------------------
def answers(found: Evidence) -> list[tuple[str, str]]:
    """Question and answer, in the order in which a doubter asks."""
    return [
        ("Did own calls change?", _changes(found)),
        ("Did guidance do it?", str(found.attributed)),
        *([("Copies without the trainer", _copies(found.contrast))] if found.contrast else []),
        ("Did it stay when guidance ended?", str(found.kept)),
        ("What does guidance do in a decision now?", str(found.now)),
        ("Does the learner ask itself?", str(found.watching.share)),
        ("Does asking itself change its calls?", str(found.watching.change)),
        ("Does it know how sure to be?", str(found.watching.brier)),
        *[(f"Sign of trouble: {i.name}", str(i)) for i in found.health],
        ("Threshold", str(found.threshold)),
        ("As a credential", str(found.credential)),
    ]


def _copies(found: ForkContrast | NotYet) -> str:
    if isinstance(found, NotYet) and found.more:
        return f"not enough copies yet, about {found.more} more: {found.reason}"
    return str(found)


def _changes(found: Evidence) -> str:
    known = [c for c in found.changed if c.rise is not None]
    if not known:
        return "not known: no rated baseline, or no rated call since"
    return "; ".join(f"{c.name} {c.start} → {c.now}" for c in known)


def design(found: Evidence) -> str:
    """How chance was used, so that anybody can draw it again."""
    if not isinstance(found.attributed.record, Record):
        return f"None: {found.attributed.record.reason}."
    drawn = found.attributed.record.design
    return f"{drawn}. Seed {drawn.seed}, horizon {drawn.horizon} situations."


# markdown --------------------------------------------------------------------------------------
def markdown(found: Evidence) -> str:
    """The report as Markdown."""
    return "\n".join(_markdown(found)) + "\n"


def _markdown(found: Evidence) -> Iterator[str]:
    yield f"# Evidence: {md(found.learner)} with {md(found.trainer)}"
    yield f"\n{md(found.headline)}"
    yield (
        f"\nAs of entry {found.seq}: {found.situations} situations, {found.rated} with a rated "
        "call that counts."
    )
    yield "\n| question | answer |\n|---|---|"
    yield from (f"| {md(q)} | {md(a)} |" for q, a in answers(found))
    yield "\n## Each criterion\n\n| " + " | ".join(COLUMNS) + " |\n" + "|---" * len(COLUMNS) + "|"
    yield from (f"| {' | '.join(map(md, _row(c)))} |" for c in found.changed)
    yield f"\n## Design\n\n{md(design(found))}"
    yield "\n## Read it with care\n"
    yield from (f"- {md(c)}" for c in found.caveats or ("Nothing in particular.",))


COLUMNS = (
    "criterion",
    "before",
    "now, unassisted",
    "latest, decaying average",
    "with help",
    "level",
)


def _row(c: Changed) -> tuple[str, ...]:
    start = str(c.start) if c.start else NOT_KNOWN
    now = str(c.now) if c.now.n else NOT_KNOWN
    assisted = "" if c.assisted is None else f"{c.assisted:.1f} (not counted)"
    return (c.name, start, now, str(c.plain), assisted, c.level)


# json ------------------------------------------------------------------------------------------
def as_json(found: Evidence) -> dict[str, Any]:
    """The report for programs: every figure by name, and `not_yet` with its reason."""
    return {
        "relationship": found.relationship,
        "seq": found.seq,
        "headline": found.headline,
        "shown": found.shown,
        "criteria": {c.criterion: _changed_json(c) for c in found.changed},
        "attribution": {**_plain(found.attributed.moved), "says": str(found.attributed)},
        "looks": _plain(found.attributed.looked),
        "contrast": _plain(found.contrast),
        "retained": _plain(found.kept),
        "probes": _plain(found.now),
        "health": {i.name: _plain(i) for i in found.health},
        "self_observation": {
            "share": _plain(found.watching.share),
            "change": _plain(found.watching.change),
            "brier": _plain(found.watching.brier),
            "overconfidence": _plain(found.watching.overconfidence),
            "self_rating_gap": _plain(found.watching.self_rating_gap),
        },
        "threshold": {"met": found.threshold.met, "missing": list(found.threshold.missing)},
        "design": design(found),
        "caveats": list(found.caveats),
    }


def _changed_json(c: Changed) -> dict[str, Any]:
    return {
        "name": c.name,
        "start": _estimate(c.start),
        "now": _estimate(c.now if c.now.n else None),
        "latest": c.plain.latest,
        "decaying_average": c.plain.decaying,
        "assisted": c.assisted,
        "level": c.level,
    }


def _estimate(e: Estimate | None) -> dict[str, Any] | None:
    if e is None:
        return None
    low, high = e.interval
    return {"mean": round(e.mean, 3), "low": low, "high": high, "n": e.n}


def _plain(value: Any) -> Any:
    """A result as JSON: its fields, and how it reads."""
    if value is None:
        return None
    kind = "not_yet" if isinstance(value, NotYet) else "found"
    fields = {f.name: _json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return {"kind": kind, "says": str(value), **fields}


def _json(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [_json(v) for v in value]
    if isinstance(value, float):
        return round(value, 5) if np.isfinite(value) else None
    return value


# the page --------------------------------------------------------------------------------------
def page(found: Evidence) -> str:
    """The report as one self-contained page; every text in it is escaped."""
    rows = "".join(f"<tr><th>{escape(q)}</th><td>{escape(a)}</td></tr>" for q, a in answers(found))
    caveats = "".join(f"<li>{escape(c)}</li>" for c in found.caveats)
    return document(
        f"Evidence: {found.learner} with {found.trainer}",
        found.headline,
        [
            ("What changed", drawings.changes(found.changed) + _table(found)),
            ("What moved it", _moved(found)),
            ("Questions and answers", f"<table>{rows}</table>"),
            *_asking(found),
            ("Design", f"<p>{escape(design(found))}</p>"),
            ("Read it with care", f"<ul>{caveats or '<li>Nothing in particular.</li>'}</ul>"),
        ],
    )


def _asking(found: Evidence) -> Iterator[tuple[str, str]]:
    """The share of the trainer's questions that it asks itself, over time."""
    course = [(n, i) for n, i in found.watching.course if i.value is not None]
    if len(course) < 2:
        return
    drawn = charts.lines({"asks itself": tuple((n, i.value or 0.0) for n, i in course)}, ASKING)
    rows = "".join(f"<tr><td>{n}</td><td>{escape(str(i))}</td></tr>" for n, i in course)
    table = f"<details><summary>as a table</summary><table>{rows}</table></details>"
    changes = f"<p>{escape(str(found.watching.change))}</p>"
    yield ASKING, f"<figure>{drawn}</figure>{table}{changes}"


def _table(found: Evidence) -> str:
    head = "".join(f"<th>{c}</th>" for c in COLUMNS)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _row(c)) + "</tr>"
        for c in found.changed
    )
    return f"<table><tr>{head}</tr>{rows}</table>"


def _moved(found: Evidence) -> str:
    said = f"<p>{escape(sentence(str(found.attributed)))}</p>"
    if not isinstance(found.attributed.record, Record):
        return said
    names = {c.criterion: c.name for c in found.changed}
    return said + drawings.focus(found.attributed.record, names)


def document(title: str, lead: str, sections: list[tuple[str, str]]) -> str:
    """A self-contained page."""
    body = "".join(f"<section><h2>{escape(t)}</h2>{inside}</section>" for t, inside in sections)
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}{drawings.STYLE}</style></head><body>"
        f'<h1>{escape(title)}</h1><p class="lead">{escape(lead)}</p>{body}</body></html>\n'
    )


# the programme ---------------------------------------------------------------------------------
PAIRS = ("relationship", "learner", "trainer", "phase", "situations", "rated", "starts drawn")


def programme_answers(found: Programme) -> list[tuple[str, str]]:
    """What the pool says."""
    return [
        ("Did guidance do it, over all?", str(found.pooled)),
        ("How far did unassisted judgment move, whatever moved it?", str(found.rise)),
        ("Retained gain", str(found.retained)),
        ("Dependence", str(found.dependence)),
        *[(f"{trainer}: the same for everybody?", str(index)) for trainer, index in found.sameness],
    ]


def programme_markdown(found: Programme) -> str:
    """The programme as Markdown."""
    lines = ["# The programme", "", md(found.headline), "", "| question | answer |", "|---|---|"]
    lines += [f"| {md(q)} | {md(a)} |" for q, a in programme_answers(found)]
    lines += ["", "## Pairs", "", f"| {' | '.join(PAIRS)} |", "|---" * len(PAIRS) + "|"]
    lines += [f"| {' | '.join(map(md, _pair(p)))} |" for p in found.pairs]
    return "\n".join(lines) + "\n"


def _pair(p: Any) -> tuple[str, ...]:
    drawn = "yes" if p.drawn else "no"
    return (p.relationship, p.learner, p.trainer, p.phase, str(p.situations), str(p.rated), drawn)


def programme_json(found: Programme) -> dict[str, Any]:
    """The programme for programs."""
    return {
        "headline": found.headline,
        "pooled": _plain(found.pooled),
        "rise": _plain(found.rise),
        "retained": _plain(found.retained),
        "dependence": _plain(found.dependence),
        "sameness": {trainer: _plain(index) for trainer, index in found.sameness},
        "pairs": [_json(p) for p in found.pairs],
    }


def programme_page(found: Programme) -> str:
    """The programme as a page; the forest is drawn over five people or more, as all figures are."""
    rows = "".join(
        f"<tr><th>{escape(q)}</th><td>{escape(a)}</td></tr>" for q, a in programme_answers(found)
    )
    head = "".join(f"<th>{c}</th>" for c in PAIRS)
    pairs = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _pair(p)) + "</tr>"
        for p in found.pairs
    )
    told = [f for f in found.found if isinstance(f, Attribution)]
    drawn = "" if isinstance(found.pooled, NotYet) else drawings.forest(told, found.pooled.effect)
    return document(
        "The programme",
        found.headline,
        [
            ("What the pool shows", f"{drawn}<table>{rows}</table>"),
            ("Pairs", f"<table><tr>{head}</tr>{pairs}</table>"),
        ],
    )


# files -----------------------------------------------------------------------------------------
def write(name: str, folder: Path, html: str, text: str) -> list[str]:
    """Write a page and its Markdown; returns their paths. Raises Unavailable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = [(folder / f"{name}.html", html), (folder / f"{name}.md", text)]
        for file, body in files:
            file.write_text(body, encoding="utf-8")
    except OSError as problem:
        said = problem.strerror or "unknown reason"
        raise Unavailable("cannot_write", f"{folder} cannot be written: {said}.") from None
    return [str(file) for file, _body in files]
