"""A programme's relationships together: who, how much was worked, and what the pool shows.

Nobody's contents; what concerns judgment only over five people or more (law 10).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tutelage.domain.relationship import Relationship
from tutelage.evidence.attribution import Attribution
from tutelage.evidence.health import Index
from tutelage.evidence.notyet import NotYet
from tutelage.evidence.pooling import Effect, Pooled, pool, together
from tutelage.evidence.results import Z90
from tutelage.evidence.sameness import (
    FEWEST_ITEMS,
    FEWEST_LEARNERS,
    LearnerRow,
    learner_row,
    of_learners,
)
from tutelage.evidence.track import Track
from tutelage.evidence.withdrawal import Change, Kept
from tutelage.guidance.attributing import pooled
from tutelage.guidance.evidence import kept
from tutelage.guidance.trajectory import started_at
from tutelage.guidance.words import sentence

FEWEST_PEOPLE = 5  # over fewer, a figure would be somebody's own
MOST_LEARNERS = 32  # of one trainer, for a brief: more would not change what they show


@dataclass(frozen=True, slots=True)
class Known:
    """A relationship as the programme reads it: its name, its state, its estimates."""

    relationship: str
    state: Relationship
    track: Track


@dataclass(frozen=True, slots=True)
class Pair:
    """What anybody who runs the programme may see of one pair: who, where, counts."""

    relationship: str
    learner: str
    trainer: str
    phase: str
    situations: int
    rated: int
    drawn: bool  # whether its starts were drawn, so that it can show something


@dataclass(frozen=True, slots=True)
class Programme:
    """What a programme shows, and what is missing."""

    pairs: tuple[Pair, ...]
    found: tuple[Attribution | NotYet, ...]  # one a pair where only agents learn; else none
    pooled: Pooled | NotYet
    rise: Effect | NotYet  # of unassisted judgment since the baseline, whatever moved it
    retained: Effect | NotYet
    dependence: Effect | NotYet
    sameness: tuple[tuple[str, Index], ...]  # by trainer, for the trainer

    @property
    def headline(self) -> str:
        """What the pool says."""
        return sentence(str(self.pooled))


def programme(known: Sequence[Known]) -> Programme:
    """The relationships of a programme together; forks and what was never signed are left out."""
    here = [k for k in known if k.state.arm is None and k.state.agreed]
    found = [pooled(k.state) for k in here]
    stayed = [(k, s) for k in here for s in (kept(k.state),) if isinstance(s, Kept)]
    told = [k for k, f in zip(here, found, strict=True) if isinstance(f, Attribution)]
    few = _too_few(told, here)
    gone = _too_few([k for k, _s in stayed], here)
    risen = [(k, r) for k in here if (r := _rise(k)) is not None]
    early = _too_few([k for k, _r in risen], here)
    return Programme(
        pairs=tuple(map(_pair, here)),
        found=() if few or _people(here) else tuple(found),
        pooled=few or pool(found),
        rise=early or _together([r for _k, r in risen]),
        retained=gone or _over([s.retained for _k, s in stayed]),
        dependence=gone or _over([s.dependence for _k, s in stayed]),
        sameness=tuple(_sameness(here)),
    )


def _too_few(telling: Sequence[Known], known: Sequence[Known]) -> NotYet | None:
    """Of fewer than five people who contribute nothing is told: it would be somebody's own."""
    if not known:
        return NotYet("no relationship was begun", FEWEST_PEOPLE, "relationship")
    people = len(_people(telling))
    if _people(known) and people < FEWEST_PEOPLE:
        reason = f"figures are told over {FEWEST_PEOPLE} people or more; {people} have any yet"
        return NotYet(reason, FEWEST_PEOPLE - people, "learner")
    return None


def _people(known: Sequence[Known]) -> frozenset[str]:
    """The people who learn here, each once."""
    learners = (k.state.learner for k in known)
    return frozenset(one.id for one in learners if one is not None and one.kind == "person")


def _pair(known: Known) -> Pair:
    state = known.state
    return Pair(
        relationship=known.relationship,
        learner=state.learner.id if state.learner else "",
        trainer=state.trainer.id if state.trainer else "",
        phase=state.phase.value if state.phase and state.life == "active" else state.life,
        situations=len(state.situations),
        rated=len(known.track.seen),
        drawn=state.design is not None,
    )


def _rise(known: Known) -> tuple[float, float] | None:
    """How far one learner's unassisted judgment moved since the baseline, with its error."""
    state, track = known.state, known.track
    both = [(started_at(state, track, c), track.estimate(c)) for c in state.criteria]
    told = [(s, now) for s, now in both if s is not None and now.n > s.n]
    if not told:
        return None
    points = sum(now.mean - s.mean for s, now in told) / len(told)
    variance = sum(now.sd**2 + s.sd**2 for s, now in told) / len(told) ** 2
    return points, float(variance**0.5)


def _together(found: Sequence[tuple[float, float]]) -> Effect | NotYet:
    effect = together([p for p, _e in found], [e for _p, e in found])
    if effect is None:
        said = f"judgment was rated since the baseline in {len(found)} relationships"
        return NotYet(said, max(0, 3 - len(found)) or None, "relationship")
    return effect


def _over(changes: Sequence[Change]) -> Effect | NotYet:
    errors = [(c.high - c.low) / (2 * Z90) for c in changes]
    sized = [(c.points, e) for c, e in zip(changes, errors, strict=True) if e > 0]
    found = together([p for p, _e in sized], [e for _p, e in sized])
    if found is None:
        said = f"guidance was withdrawn and followed up in {len(changes)} relationships"
        return NotYet(said, max(0, 3 - len(changes)) or None, "relationship")
    return found


def _sameness(known: Sequence[Known]) -> Iterable[tuple[str, Index]]:
    trainers = dict.fromkeys(k.state.trainer.id for k in known if k.state.trainer)
    for trainer in trainers:
        mine = [k for k in known if k.state.trainer and k.state.trainer.id == trainer]
        found = of_trainer([learner_row(k.state, k.track) for k in mine])
        if found is not None:
            yield trainer, found


def of_trainer(rows: Sequence[LearnerRow]) -> Index | None:
    """Sameness over one trainer's learners, on the criteria that they share.

    Learners with too few guidances are left out, if enough are left. None over fewer than four
    learners, over fewer than five where people learn, or where they share fewer than two criteria.
    """
    guided = [r for r in rows if sum(r.counts) >= FEWEST_ITEMS]
    rows = guided if len(guided) >= FEWEST_LEARNERS else rows
    shared = [c for c in rows[0].criteria if all(c in r.criteria for r in rows)] if rows else []
    people = {r.person for r in rows if r.person is not None}
    enough = len(rows) >= FEWEST_LEARNERS and not 0 < len(people) < FEWEST_PEOPLE
    return of_learners([r.on(shared) for r in rows]) if enough and len(shared) >= 2 else None


def guided_alike(
    relationship: str,
    mine: Mapping[str, int],
    rows: dict[str, tuple[int, LearnerRow]],
    fold: Callable[[str], Known],
) -> tuple[Index, frozenset[str]] | None:
    """Where a trainer guides all alike: the index, and the experiences it told its other learners.

    `mine` are its relationships and how far each has come; `rows` keeps what they say, so that
    only those that went on are folded. None where it does not alarm. No text of theirs is read.
    """
    names = sorted(mine)[:MOST_LEARNERS] if len(mine) >= FEWEST_LEARNERS else []
    for name in names:
        if name not in rows or rows[name][0] != mine[name]:
            known = fold(name)
            rows[name] = (mine[name], learner_row(known.state, known.track))
    found = of_trainer([rows[name][1] for name in names])
    if found is None or not found.alarm:
        return None
    others = [rows[name][1].told for name in names if name != relationship]
    return found, frozenset[str]().union(*others)
