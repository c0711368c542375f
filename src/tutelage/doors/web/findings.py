"""The evidence as people read it: short first, and how it was computed folded away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from tutelage.doors import charts, drawings
from tutelage.doors.evidence import document
from tutelage.doors.page import stacked
from tutelage.doors.web import telling
from tutelage.doors.web.telling import number
from tutelage.doors.web.words import say, tell
from tutelage.doors.words import nobody_rates
from tutelage.evidence.attribution import Attribution, Record, chance
from tutelage.evidence.forks import ForkContrast
from tutelage.evidence.health import Index
from tutelage.evidence.looks import Looks
from tutelage.evidence.notyet import NotYet
from tutelage.evidence.probes import Probed
from tutelage.evidence.withdrawal import Change, Kept
from tutelage.guidance.evidence import Changed, Evidence
from tutelage.guidance.words import sentence

Section = tuple[str, str]
UNRATED_CAVEAT = "No own call was rated."


def page(found: Evidence, *, rated: bool = True) -> str:
    """The evidence as a self-contained page; every text in it is escaped."""
    title = tell(
        "Evidence: %(learner)s with %(trainer)s", learner=found.learner, trainer=found.trainer
    )
    lead = tell(
        "Situations so far: %(count)s; with a rated own call that counts: %(rated)s.",
        count=found.situations,
        rated=found.rated,
    )
    sections = _sections(found) if rated else _unrated(found)
    return document(title, lead, list(sections))


def _sections(found: Evidence) -> Iterator[Section]:
    yield say("What changed"), _changed(found)
    yield say("What moved it, as far as is known"), _texts(telling.moved(found))
    yield from _not_enough(found)
    if found.caveats:
        yield say("Read it with care"), _list(map(say, found.caveats))
    yield say("For whoever wants to check it"), _computed(found)


def _unrated(found: Evidence) -> Iterator[Section]:
    """Where nobody rates, that is said once, and nothing is demanded."""
    asks = telling.asking(found)
    if telling.known(found):  # they rated once, and then agreed not to
        yield say("What changed"), _changed(found)
    elif asks:
        yield say("What changed"), _p(asks)
    yield say("What is not enough yet"), _p(nobody_rates())


def _changed(found: Evidence) -> str:
    said = _texts(t for t in (telling.change(found), telling.asking(found)) if t)
    drawn = drawings.changes(found.changed) if any(_any(c) for c in found.changed) else ""
    drawn = f'<div class="wide">{drawn}</div>'  # too small to read on a phone; the table has it
    return said + drawn + stacked(_names(), map(_row, found.changed)) + _with_help(found)


def _names() -> list[str]:
    now = say("now, without help")
    return [say("criterion"), say("before"), now, say("with help"), say("level")]


def _any(c: Changed) -> bool:
    return c.start is not None or c.now.n > 0


def _row(c: Changed) -> list[str]:
    then, now = telling.stands(c.start), telling.stands(c.now)
    return [c.name, then, now, telling.helped(c), telling.level(c)]


def _with_help(found: Evidence) -> str:
    if all(c.assisted is None for c in found.changed):
        return ""
    return _p(say("What was decided with help is shown beside it and never counts."))


def _not_enough(found: Evidence) -> Iterator[Section]:
    open_ = "".join(
        f"<li><b>{escape(asked)}</b> {escape(why)}</li>" for asked, why in telling.lacking(found)
    )
    lacks = f"<ul>{open_}</ul>" if open_ else ""
    award = found.threshold
    if not award.met:
        takes = say("For the threshold it still takes:")
        lacks += f"<h3>{escape(takes)}</h3>{_list(telling.missing(award))}"
        if award.next:
            lacks += _p(f"{say('What would decide it:')} {sentence(say(award.next))}")
    if lacks:
        yield say("What is not enough yet, and what would be"), lacks


# how it was computed ---------------------------------------------------------------------------
def _computed(found: Evidence) -> str:
    rows = "".join(
        f"<tr><th>{escape(asked)}</th><td>{escape(said)}</td></tr>"
        for asked, said in _figures(found)
    )
    inside = f'<table class="stack">{rows}</table>{_design(found)}{_course(found)}'
    how = say("How it was computed")
    return f"<details><summary>{escape(how)}</summary>{inside}</details>"


def _figures(found: Evidence) -> Iterator[tuple[str, str]]:
    for c in found.changed:
        if c.plain.latest is not None and c.plain.decaying is not None:
            yield c.name, _plain(c)
    if isinstance(found.attributed.moved, Attribution):
        yield say("Randomization test"), _test(found.attributed.moved)
    if isinstance(found.attributed.looked, Looks):
        yield say("Looks"), _looks(found.attributed.looked)
    if isinstance(found.contrast, ForkContrast):
        yield say("Copies without the trainer"), _copies(found.contrast)
    if isinstance(found.kept, Kept):
        yield say("Gain that stayed"), _points(found.kept.retained)
        yield say("Lost when guidance ended"), _points(found.kept.dependence)
    now = found.now
    yield (
        say("What guidance does in a decision now"),
        telling.why(now) if isinstance(now, NotYet) else _probed(now),
    )
    seen = found.watching
    yield say("Share of questions that it asks itself"), _index(seen.share)
    yield say("Calls that ask, against the others, in points"), _index(seen.change)
    yield say("How well it knows how sure to be (Brier score)"), _index(seen.brier)
    surer = found.credential
    said = say("met") if surer.met else "; ".join(telling.missing(surer))
    yield say("As a proof for others"), said


def _plain(c: Changed) -> str:
    return tell(
        "Latest rating %(latest)s, decaying average %(average)s (n=%(count)s)",
        latest=c.plain.latest,
        average=number(c.plain.decaying or 0.0),
        count=c.plain.n,
    )


def _test(seen: Attribution) -> str:
    return tell(
        "Best guess %(points)s points, 90 %% interval %(low)s to %(high)s; %(chance)s by drawing "
        "the design again %(times)s times; situations: %(situations)s, criteria: %(criteria)s",
        points=number(seen.points, "+.1f"),
        low=number(seen.low),
        high=number(seen.high),
        chance=chance(seen.p),
        times=seen.redraws,
        situations=seen.situations,
        criteria=seen.criteria,
    )


def _looks(seen: Looks) -> str:
    taken = tell(
        "Looks agreed beforehand and taken: %(count)s; horizon: %(horizon)s situations",
        count=len(seen.taken),
        horizon=seen.horizon,
    )
    if seen.crossed is None:
        return taken
    shown = tell("shown after situation %(number)s", number=seen.crossed)
    return f"{taken}; {shown}"


def _copies(seen: ForkContrast) -> str:
    unit = say("points") if seen.unit == "rating points" else seen.unit
    between = f"[{number(seen.low, '+.2f')}, {number(seen.high, '+.2f')}]"
    size = tell(
        "copies: %(with_)s with, %(without)s without", with_=seen.copies[0], without=seen.copies[1]
    )
    return f"{number(seen.gain, '+.2f')} {unit} {between} (90 %, {chance(seen.p)}; {size})"


def _points(seen: Change) -> str:
    between = f"[{number(seen.low, '+.1f')}, {number(seen.high, '+.1f')}]"
    return f"{number(seen.points, '+.1f')} {say('points')} {between} (90 %)"


def _probed(seen: Probed) -> str:
    between = f"[{number(seen.low, '+.1f')}, {number(seen.high, '+.1f')}]"
    drawn = tell(
        "withheld by chance in %(count)s of %(total)s",
        count=seen.withheld,
        total=seen.withheld + seen.guided,
    )
    return (
        f"{number(seen.points, '+.1f')} {say('points')} {between} (90 %, {chance(seen.p)}; {drawn})"
    )


def _index(seen: Index) -> str:
    if seen.value is None:
        return tell("Not enough yet (n=%(count)s)", count=seen.n)
    about = "" if seen.low is None or seen.high is None else _between(seen.low, seen.high)
    return f"{number(seen.value, '.2f')}{about} (n={seen.n})"


def _between(low: float, high: float) -> str:
    return f" [{number(low, '.2f')}, {number(high, '.2f')}]"


def _design(found: Evidence) -> str:
    """How chance was used, so that anybody can draw it again, and what was in focus when."""
    seen = found.attributed.record
    if not isinstance(seen, Record):
        return ""
    names = {c.criterion: c.name for c in found.changed}
    each = "; ".join(
        tell("%(name)s from situation %(number)s", name=names.get(c, c), number=start + 1)
        for c, start in zip(seen.design.order, seen.design.starts, strict=True)
    )
    drawn = tell(
        "Drawn by chance: %(each)s. One of %(ways)s ways it could have been drawn; seed %(seed)s, "
        "horizon %(horizon)s situations.",
        each=each,
        ways=seen.design.arrangements,
        seed=seen.design.seed,
        horizon=seen.design.horizon,
    )
    return _p(drawn) + drawings.focus(seen, names)


def _course(found: Evidence) -> str:
    """The share of the trainer's questions that it asks itself, over time."""
    course = [(n, i.value) for n, i in found.watching.course if i.value is not None]
    if len(course) < 2:
        return ""
    title = say("Questions that the learner asks itself, as a share, over the situations")
    drawn = charts.lines({say("asks itself"): tuple(course)}, title)
    rows = ([str(n), number(v, ".2f")] for n, v in course)
    names = [say("situation"), say("share asked")]
    return f"<figure>{drawn}</figure>{stacked(names, rows)}"


# parts -----------------------------------------------------------------------------------------
def _p(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _texts(texts: Iterable[str]) -> str:
    return "".join(map(_p, texts))


def _list(texts: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(t)}</li>" for t in texts) + "</ul>"
