"""The evidence report: what changed, what moved it, what stayed, and how sure each of these is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.evidence.asks import Alike
from tutelage.evidence.attribution import Attribution
from tutelage.evidence.health import Index
from tutelage.evidence.notyet import NotYet
from tutelage.evidence.plain import Plain, plain
from tutelage.evidence.probes import Probed, probed
from tutelage.evidence.rated import by_criterion, given
from tutelage.evidence.results import Estimate
from tutelage.evidence.self_observation import SelfObservation, self_observation
from tutelage.evidence.track import Track
from tutelage.evidence.withdrawal import Kept, after_withdrawal
from tutelage.guidance.attributing import Attributed, attributed
from tutelage.guidance.record import phases, probes
from tutelage.guidance.threshold import Contrast, Verdict, credential
from tutelage.guidance.trajectory import awarded, health, started_at
from tutelage.guidance.words import criterion_name, sentence, several


@dataclass(frozen=True, slots=True)
class Changed:
    """One criterion: before guidance and now, unassisted; and what is shown beside it."""

    criterion: str
    name: str
    start: Estimate | None
    now: Estimate
    level: str
    plain: Plain  # latest and decaying average, as practitioners know them
    assisted: float | None  # mean rating of its decisions after guidance; shown, never counted
    curve: tuple[tuple[int, float, float], ...]  # number of the situation, mean, sd

    @property
    def rise(self) -> float | None:
        """Points between the two, where both are known."""
        return None if self.start is None or self.now.n == 0 else self.now.mean - self.start.mean


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a relationship shows as of an entry, for those in it and for whoever doubts it."""

    relationship: str
    learner: str
    trainer: str
    seq: int
    situations: int
    rated: int  # situations whose call counts
    changed: tuple[Changed, ...]
    attributed: Attributed
    now: Probed | NotYet  # what guidance does in a decision; no learning
    kept: Kept | NotYet
    contrast: Contrast | NotYet | None  # what copies without the trainer show
    threshold: Verdict
    credential: Verdict  # the same as it is shown to others: surer, and twice
    health: tuple[Index, ...]
    watching: SelfObservation
    caveats: tuple[str, ...]

    @property
    def shown(self) -> bool:
        """Whether randomized evidence shows that guidance moved what it worked on."""
        by_copies = isinstance(self.contrast, Contrast) and self.contrast.shown
        return by_copies or self.attributed.shown

    @property
    def headline(self) -> str:
        """The report in two sentences."""
        return f"{_change_in_words(self)} {_cause_in_words(self)}"


def evidence(
    state: Relationship,
    track: Track,
    relationship: str,
    contrast: Contrast | NotYet | None = None,
    now: datetime | None = None,
    alike: Alike | None = None,
) -> Evidence:
    """The evidence of one relationship as of its last entry.

    With `now`, silence shows, too; with `alike`, questions asked in quite other words.
    """
    found = attributed(state)
    return Evidence(
        relationship=relationship,
        learner=state.learner.id if state.learner else "not known",
        trainer=state.trainer.id if state.trainer else "not known",
        seq=state.seq,
        situations=len(state.situations),
        rated=len(track.seen),
        changed=_changes(state, track),
        attributed=found,
        now=_now(state),
        kept=kept(state),
        contrast=contrast,
        threshold=awarded(state, track),
        credential=credential(state, track),
        health=health(state, now),
        watching=self_observation(state, alike=alike),
        caveats=tuple(_caveats(state, track, found.moved)),
    )


def _changes(state: Relationship, track: Track) -> tuple[Changed, ...]:
    known = state.situations
    places = {s.key: i for i, s in enumerate(known, start=1)}
    helped = _assisted(known)
    return tuple(_changed(state, track, c, places, helped.get(c)) for c in state.criteria)


def _changed(
    state: Relationship,
    track: Track,
    criterion: str,
    places: Mapping[str, int],
    assisted: float | None,
) -> Changed:
    mine = [o for o in track.seen if any(k == criterion for k, _r, _y in o.ratings)]
    rated = [y for o in mine for k, _r, y in o.ratings if k == criterion]
    curve = tuple(
        (places.get(p.situation, 0), p.means[i], p.sds[i])
        for p in track.points
        if criterion in p.criteria
        for i in (p.criteria.index(criterion),)
    )
    return Changed(
        criterion=criterion,
        name=criterion_name(state, criterion),
        start=started_at(state, track, criterion),
        now=track.estimate(criterion),
        level=state.level(criterion).word,
        plain=plain(rated),
        assisted=assisted,
        curve=curve,
    )


def _assisted(known: Iterable[Situation]) -> dict[str, float]:
    """By criterion, the mean rating of decisions made after help: shown, never counted."""
    helped = (s for s in known if s.consulted)
    return by_criterion(r for s in helped for r in given(s, "decision"))


def _now(state: Relationship) -> Probed | NotYet:
    drawn = probes(state)
    if isinstance(drawn, NotYet):
        return drawn
    return probed(drawn.decisions, drawn.withheld, drawn.probability, drawn.calls, drawn.baseline)


def kept(state: Relationship) -> Kept | NotYet:
    """What of the gain stayed when guidance ended, and what fell with it."""
    known = phases(state)
    if isinstance(known, NotYet):
        return known
    return after_withdrawal(known.ratings, known.declared, known.guided_from, known.withdrawn_from)


# in words --------------------------------------------------------------------------------------
def _change_in_words(found: Evidence) -> str:
    known = [c for c in found.changed if c.start is not None and c.now.n]
    if not known:
        return (
            "How much the learner changed is not known: no rated baseline, or no rated call since."
        )
    clear = [c for c in known if c.start and c.now.interval[0] > c.start.interval[1]]
    rise = np.mean([c.rise for c in known if c.rise is not None])
    named = f": {', '.join(c.name for c in clear)}" if clear else ""
    count = f"{len(clear)} of {several(len(found.changed), 'criterion', 'criteria')}"
    return f"Own calls changed by {rise:+.1f} points on average, beyond doubt on {count}{named}."


def _cause_in_words(found: Evidence) -> str:
    if isinstance(found.contrast, Contrast):
        said = "did it" if found.contrast.shown else "is not told from experience alone"
        return f"Guidance {said}: mentored copies against copies without, {found.contrast}."
    if isinstance(found.contrast, NotYet):  # copies are there, and were made to tell
        return f"Copies with the trainer and without: {found.contrast}."
    return sentence(str(found.attributed))


def _caveats(state: Relationship, track: Track, moved: Attribution | NotYet) -> Iterator[str]:
    raters = {r for o in track.seen for _k, r, _y in o.ratings}
    trainers = raters & state.trainers
    if not track.seen:
        yield "No own call was rated."
    elif raters == trainers:
        yield "The trainer alone rated, and knew the guidance; a trainer alone certifies nothing."
    elif trainers:
        yield "Some calls were rated by the trainer, who knew the guidance."
    if len(raters) == 1:
        yield "One rater: its leniency, and a change of it, cannot be told from the learner's."
    flat = _constant(track)
    if flat:
        yield f"Every call was rated {flat}: a scale that is not used says nothing."
    retold = sum(s.opened.event.retold for s in state.situations)
    if retold:
        told = several(retold, "case was", "cases were")
        yield f"{told} retold; they count in the baseline only."
    if len(state.criteria) == 1:
        yield "One criterion only: there is nothing to compare it with."
    if isinstance(moved, Attribution):
        yield from map(sentence, moved.caveats)


def _constant(track: Track) -> int | None:
    values = {y for o in track.seen for _k, _r, y in o.ratings}
    return values.pop() if len(values) == 1 and len(track.seen) >= 5 else None
