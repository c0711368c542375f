"""The trajectory as one self-contained page: first the answers in words, then the drawings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from tutelage.domain.terms import Level
from tutelage.doors import charts
from tutelage.doors.web.words import language, say, tell, word
from tutelage.doors.words import (
    Measure,
    how_it_ended,
    how_much_help,
    obstacle_line,
    stands,
    where_it_is,
    where_it_started,
    written,
)
from tutelage.guidance.threshold import Verdict
from tutelage.guidance.trajectory import NOT_KNOWN, Course, Step, Trajectory

STYLE = """
:root{--ink:#1d2733;--soft:#5b6876;--line:#dfe4ea;--paper:#fff;--share:#c2571a;--ask:#d9a21b;
--debrief:#4f9d69;--independent:#2b6cb0;--band:#2b6cb026;--mark:#8e3b8a}
@media(prefers-color-scheme:dark){:root{--ink:#e7ecf1;--soft:#9aa7b4;--line:#33404d;
--paper:#151c23;--share:#e08a52;--ask:#e6bf57;--debrief:#7cc396;--independent:#79aee6;
--band:#79aee633;--mark:#d08acb}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:1.5rem 1rem 4rem;color:var(--ink);
background:var(--paper);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0}h2{font-size:1.15rem;margin:2.2rem 0 .5rem}
h3{font-size:1rem;margin:.2rem 0}p,li{max-width:46rem;overflow-wrap:anywhere}
.lead{color:var(--soft);margin-top:0}.facts{display:flex;flex-wrap:wrap;gap:.6rem;margin:1.2rem 0}
.facts div{border:1px solid var(--line);border-radius:.5rem;padding:.5rem .9rem;min-width:9rem}
.facts b{display:block;font-size:1.35rem}.facts span{color:var(--soft);font-size:.85rem}
.grid2{display:grid;grid-template-columns:repeat(auto-fill,minmax(19rem,1fr));gap:1rem}
figure{margin:0}figcaption{color:var(--soft);font-size:.88rem}svg{width:100%;height:auto;display:block}
.grid{stroke:var(--line);stroke-width:1}.tick{fill:var(--soft);font-size:10px;text-anchor:end}
.mid{text-anchor:middle}.band{fill:var(--band)}.mean{fill:none;stroke:var(--independent);
stroke-width:2.2}.bar{stroke:var(--soft);stroke-dasharray:4 3}.mark{fill:var(--mark)}
.markline{stroke:var(--mark);stroke-width:1;stroke-dasharray:2 3}
rect.share,rect.tell{fill:var(--share)}rect.ask{fill:var(--ask)}rect.debrief{fill:var(--debrief)}
rect.independent{fill:var(--independent)}rect.fact,rect.waiting{fill:var(--line)}
.key{display:flex;flex-wrap:wrap;gap:1rem;font-size:.85rem;color:var(--soft);margin:.3rem 0 .8rem}
.key i{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.35em}
.line0,.line1,.line2{fill:none;stroke-width:2.2}.line0{stroke:var(--independent)}
.line1{stroke:var(--share)}.line2{stroke:var(--debrief)}
.name0,.name1,.name2{font-size:11px;text-anchor:end}.name0{fill:var(--independent)}
.name1{fill:var(--share)}.name2{fill:var(--debrief)}
table{border-collapse:collapse;font-size:.9rem;width:100%}
th,td{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);
vertical-align:top;overflow-wrap:anywhere}
details{margin:.6rem 0}summary{cursor:pointer;color:var(--soft)}
@media(max-width:30rem){.stack tr,.stack th,.stack td{display:block}.stack .head{display:none}
.stack tr{border-bottom:1px solid var(--line);padding:.5rem 0}.stack th,.stack td{border:0;
padding:.1rem 0}.stack td[data-label]:before{content:attr(data-label) ": ";color:var(--soft)}
.stack td:empty,.wide{display:none}}
"""


def page(found: Trajectory, measures: Iterable[Measure] = (), *, rated: bool = True) -> str:
    """The page as HTML; every text in it is escaped."""
    ended = how_it_ended(found, rated=rated)
    body = "".join(
        [
            _head(found, rated=rated),
            _section(say("Where it started"), _p(where_it_started(found))),
            _section(say("Its obstacles, and what moved each"), _obstacles(found)),
            _section(say("Where it is now"), _p(where_it_is(found)) + _p(ended)),
            *(_measure(m) for m in measures),
            _section(say("Unassisted judgment, criterion by criterion"), _courses(found))
            if rated or any(c.curve for c in found.courses)
            else "",
            _section(say("Help it was given"), _guidance(found)),
            _section(say("In its own words"), _notebook(found)),
            _section(say("Every number"), _tables(found)),
        ]
    )
    title = escape(tell("The trajectory of %(name)s", name=found.learner))
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head><body>{body}</body></html>\n"
    )


def _p(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _section(title: str, inside: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{inside}</section>"


def _head(found: Trajectory, *, rated: bool) -> str:
    said = tell("With %(trainer)s as %(mode)s.", trainer=found.trainer, mode=found.mode)
    with_whom = f"{said} {found.behaviour}"
    facts = "".join(
        f"<div><b>{escape(value)}</b><span>{escape(name)}</span></div>"
        for name, value in _facts(found, rated=rated)
    )
    return (
        f"<h1>{escape(tell('The trajectory of %(name)s', name=found.learner))}</h1>"
        f'<p class="lead">{escape(with_whom)}</p><div class="facts">{facts}</div>'
    )


def _facts(found: Trajectory, *, rated: bool) -> list[tuple[str, str]]:
    alone = sum(c.stand.level.word == "independent" for c in found.courses)
    first, *_, last = found.guidance_by_quarter
    gone = sum(h.overcome_at is not None for h in found.hurdles)
    return [
        (say("situations"), str(len(found.steps))),
        (say("criteria on its own"), _of(alone, len(found.courses))),
        (say("obstacles overcome"), _of(gone, len(found.hurdles))),
        (say("guidance, first and last quarter"), f"{first} → {last}"),
        *_award(found.threshold, rated=rated),
    ]


def _award(found: Verdict, *, rated: bool) -> Iterator[tuple[str, str]]:
    """Whether the threshold is met; where nobody rates, nobody asks."""
    if rated or found.met:
        yield say("threshold"), say("met") if found.met else say("not yet")


def _of(part: int, whole: int) -> str:
    return tell("%(part)s of %(whole)s", part=part, whole=whole)


def _obstacles(found: Trajectory) -> str:
    if not found.hurdles:
        return _p(say("No obstacle was named."))
    return "<ul>" + "".join(f"<li>{escape(obstacle_line(h))}</li>" for h in found.hurdles) + "</ul>"


def _measure(measure: Measure) -> str:
    note = f"<figcaption>{escape(measure.note)}</figcaption>" if measure.note else ""
    drawn = charts.lines(measure.lines, measure.title)
    rows = "".join(
        f"<tr><th>{escape(name)}</th>"
        + "".join(f"<td>{n}: {v:.3f}</td>" for n, v in points)
        + "</tr>"
        for name, points in measure.lines.items()
    )
    summary = f"<summary>as a table ({escape(measure.unit)})</summary>"
    table = f"<details>{summary}<table>{rows}</table></details>"
    return _section(measure.title, f"<figure>{drawn}{note}</figure>{table}")


def _courses(found: Trajectory) -> str:
    key = "".join(
        f'<span><i style="background:var(--{level.word})"></i>{escape(word(level.word))}</span>'
        for level in charts.LEVELS
    )
    went = escape(say("help after which an obstacle went"))
    moved = f'<span><i style="background:var(--mark)"></i>{went}</span>'
    figures = "".join(_figure(found, c) for c in found.courses)
    said = say(
        "Own calls rated before any help, 1 to 5; the band holds the true value with 90 % "
        "probability, the dashed line is the bar of 4. The strip below is the level of help."
    )
    return f'{_p(said)}<div class="key">{key}{moved}</div><div class="grid2">{figures}</div>'


def _figure(found: Trajectory, course: Course) -> str:
    marks = [
        (h.worked_on[-1].number, f"{h.text} {h.course}")
        for h in found.hurdles
        if course.criterion in h.criteria and h.overcome_at is not None and h.worked_on
    ]
    drawn = charts.ability(course, len(found.steps), marks)
    start = _start(course)
    level = word(course.stand.level.word)
    now = stands(course)
    caption = tell("from %(start)s to %(now)s: %(level)s", start=start, now=now, level=level)
    return (
        f"<figure><h3>{escape(course.name)}</h3>{drawn}"
        f"<figcaption>{escape(caption)}</figcaption>{_curve(course)}</figure>"
    )


def _curve(course: Course) -> str:
    """The drawing's numbers, for those who cannot see it."""
    rows = "".join(
        f"<tr><td>{n}</td><td>{written(f'{m:.2f} ± {s:.2f}')}</td></tr>" for n, m, s in course.curve
    )
    head = _row(say("situation"), say("unassisted judgment"))
    return f"<details><summary>{_as_table()}</summary><table>{head}{rows}</table></details>"


def _guidance(found: Trajectory) -> str:
    key = "".join(
        f'<span><i style="background:var(--{kind})"></i>{escape(said)}</span>'
        for kind, said in _shades()
    )
    drawn = charts.guidance(found.steps)
    rows = "".join(
        f"<tr><td>{s.number}</td><td>{_helps(s)}</td></tr>" for s in found.steps if s.helps
    )
    head = _row(say("situation"), say("help"))
    table = f"<details><summary>{_as_table()}</summary><table>{head}{rows}</table></details>"
    return f'{_p(how_much_help(found))}<div class="key">{key}</div><figure>{drawn}{table}</figure>'


def _notebook(found: Trajectory) -> str:
    if found.notebook.empty:
        return _p(say("The notebook is empty."))
    kept = [escape(str(p)) for p in found.notebook.principles]
    mine = "I ask myself: %(question)s"
    kept += [escape(tell(mine, question=q.text)) for q in found.notebook.questions]
    return "<ul>" + "".join(f"<li>{k}</li>" for k in kept) + "</ul>"


def _tables(found: Trajectory) -> str:
    now = (say("criterion"), say("start"), say("now"), say("level"), say("why"))
    criteria = (
        [c.name, _start(c), stands(c), *_level(c.stand.level, c.stand.why)] for c in found.courses
    )
    then = (say("after situation"), say("criterion"), say("level"), say("why"))
    moves = (
        [str(number), c.name, *_level(level, why)]
        for c in found.courses
        for number, level, why in c.levels
    )
    each = (
        say("no."),
        say("situation"),
        say("phase"),
        say("own call"),
        say("help"),
        say("decided"),
    )
    return (
        stacked(now, criteria)
        + _folded(say("every level and its reason"), stacked(then, moves))
        + _folded(say("every situation"), stacked(each, map(_step, found.steps)))
    )


def _start(c: Course) -> str:
    return written(c.start) if c.start else say(NOT_KNOWN)


def _level(level: Level, why: str) -> tuple[str, str]:
    return word(level.word), say(why)


def _step(s: Step) -> list[str]:
    rating = "" if s.rating is None else written(f"{s.rating:.1f}")
    return [str(s.number), s.situation, word(s.phase or "alone"), rating, _helps(s), _alone(s)]


def _folded(summary: str, inside: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>{inside}</details>"


def stacked(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose rows stand one below the other on a phone, each value with its name."""
    body = "".join(f"<tr>{_cells(names, row)}</tr>" for row in rows)
    head = "".join(f'<th scope="col">{escape(n)}</th>' for n in names)
    return f'<table class="stack"><tr class="head">{head}</tr>{body}</table>'


def _cells(names: Sequence[str], row: Sequence[str]) -> str:
    first, *rest = row
    named = zip(names[1:], rest, strict=True)
    cells = "".join(f'<td data-label="{escape(n)}">{escape(v)}</td>' for n, v in named)
    return f'<th scope="row">{escape(first)}</th>{cells}'


def _row(*names: str) -> str:
    return f"<tr>{''.join(f'<th>{escape(n)}</th>' for n in names)}</tr>"


def _as_table() -> str:
    return escape(say("as a table"))


def _alone(step: Step) -> str:
    return say("consulted") if step.consulted else say("alone")


def _helps(step: Step) -> str:
    return ", ".join(word(h) for h in step.helps)


def _shades() -> tuple[tuple[str, str], ...]:
    return ("share", say("shared")), ("ask", say("asked")), ("debrief", say("debriefed after"))
