"""Threshold and masterpiece: predicates with reasons, and with what is still missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tutelage.domain.entry import Entry
from tutelage.domain.events import Rated
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.evidence.track import Track
from tutelage.guidance.blind import blind
from tutelage.guidance.numbers import numbers
from tutelage.guidance.words import criterion_name, percent, several

LOOKED_AT = 3  # the last candidates: of these, the one that came nearest is named
COPIES_NEEDED = 3  # the copy is the unit of a fork contrast, never the situation


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it is met, what is missing in words, and the entries that prove it."""

    met: bool
    missing: tuple[str, ...]
    situation: str | None = None
    entries: tuple[int, ...] = ()

    def __str__(self) -> str:
        return "met" if self.met else "not yet: " + "; ".join(self.missing)


@dataclass(frozen=True, slots=True)
class Contrast:
    """What forked copies without the trainer show: the gain, its interval, from how many copies.

    The copy is the unit; `gain` is that of the mentored copies over the others, in `unit`.
    """

    gain: float
    low: float
    high: float
    copies: int
    unit: str = "rating points"

    def __str__(self) -> str:
        interval = f"[{self.low:+.3f}, {self.high:+.3f}]"
        return f"{self.gain:+.3f} {self.unit} {interval} (90 %, {self.copies} copies an arm)"


def threshold(state: Relationship, track: Track) -> Verdict:
    """A novel, difficult situation, decided without consulting, with an account that shows why."""
    missing = list(_not_sure(state, track))
    known = candidates(state)
    proof = next((s for s in reversed(known) if _proves(state, s)), None)
    if proof is None:
        missing.append(_nearest([(s, shortcomings(state, s)) for s in known[-LOOKED_AT:]]))
        return Verdict(met=False, missing=tuple(missing))
    return Verdict(not missing, tuple(missing), proof.key, _entries(state, proof))


def _not_sure(state: Relationship, track: Track) -> tuple[str, ...]:
    n = numbers(state)
    if not state.criteria:
        return ("a goal that both have signed",)
    chance = track.at_least(n.threshold_bar)
    sure = tuple(
        f"{criterion_name(state, c)}: {percent(chance.get(c, 0.0))} sure of "
        f"{n.threshold_bar:g} or above, {percent(n.threshold_sure)} is needed"
        for c in state.criteria
        if chance.get(c, 0.0) <= n.threshold_sure
    )
    return (*sure, *_hardly_rated(state, track, int(n.threshold_ratings)))


def _hardly_rated(state: Relationship, track: Track, needed: int) -> Iterator[str]:
    for criterion in state.criteria:
        short = needed - track.estimate(criterion).n
        if short > 0:
            more = several(short, "rated own call")
            yield f"{criterion_name(state, criterion)}: {more} more"


def candidates(state: Relationship) -> tuple[Situation, ...]:
    """Accounted situations, new and hard to the learner, that were decided without consulting."""
    return tuple(state.closed[i] for i in state.proofs)


def shortcomings(state: Relationship, known: Situation) -> tuple[str, ...]:
    """What keeps one situation from proving the threshold; empty when it does."""
    needed = _checks_needed(state)
    if len(account_checks(state, known)) >= needed:
        return _unproven(known)
    return (*_unproven(known), f"{several(needed, 'blind rater')} saw the criterion deciding it")


def _proves(state: Relationship, known: Situation) -> bool:
    checks = account_checks(state, known)
    return len(checks) >= _checks_needed(state) and not _unproven(known)


def _checks_needed(state: Relationship) -> int:
    return 2 if state.agents_only else 1


def only_checks_missing(state: Relationship, known: Situation) -> bool:
    """Whether all holds but what blind raters say of the account: time to ask them."""
    return not known.consulted and not _unproven(known) and bool(shortcomings(state, known))


def _unproven(known: Situation) -> tuple[str, ...]:
    opened, account = known.opened.event, known.account
    counted = known.counted()
    ratings = [v for r in counted for v in r.event.ratings.values() if v is not None]
    tests = {
        "it has an account": account is not None,
        "it counts as unassisted": bool(counted) or known.evidence_subject is not None,
        "it was lived, not retold": not opened.retold,
        "the learner called it hard": opened.difficulty == 1,
        "a rater confirmed it as hard": _said(known, "difficult"),
        "it was new to the learner": opened.seen_before is False,
        "a rater confirmed it as new": _said(known, "novel"),
        "it touches two criteria": len(set(known.criteria)) >= 2,
        "every criterion was rated 4 or more": bool(ratings) and min(ratings) >= 4,
        "the account weighs two options": account is not None and len(account.event.options) >= 2,
        "the account is no copy": not _copied(known),
    }
    return tuple(name for name, holds in tests.items() if not holds)


def account_checks(state: Relationship, known: Situation) -> tuple[str, ...]:
    """The blind raters who said that the account names the criterion and fits the reasons."""
    yes = {
        r.actor
        for r in known.ratings
        if r.event.subject == "account"
        and r.event.shows_criterion
        and r.event.consistent
        and blind(state, known, r)
    }
    return tuple(sorted(yes))


def _said(known: Situation, what: str) -> bool:
    return any(getattr(r.event, what) for r in known.ratings if not r.event.as_self)


def _copied(known: Situation) -> bool:
    findings = known.account.findings if known.account else None
    return findings is not None and findings.copied


def _nearest(found: list[tuple[Situation, tuple[str, ...]]]) -> str:
    if not found:
        return "a novel, hard situation decided without consulting, with its account"
    best, short = min(reversed(found), key=lambda pair: len(pair[1]))
    return f"a proving situation; {best.key} came nearest but not: " + ", ".join(short)


def _entries(state: Relationship, proof: Situation) -> tuple[int, ...]:
    said: list[Entry[Any] | None] = [proof.opened, proof.own_call, proof.decision, proof.account]
    seqs = [e.seq for e in said if e is not None]
    checks = account_checks(state, proof)
    rated: list[Entry[Rated]] = [r for r in proof.ratings if not r.event.as_self]
    seqs += [r.seq for r in rated if r.event.subject != "account" or r.actor in checks]
    return tuple(sorted(seqs))


def masterpiece(state: Relationship, track: Track, contrast: Contrast | None = None) -> Verdict:
    """Decisions visibly changed, attributably to the guidance rather than to experience alone."""
    missing = []
    if state.threshold is None:
        missing.append("the threshold")
    missing += _unchanged(state, track)
    if not any(o.overcome for o in state.obstacles.values()):
        missing.append("an obstacle of this learner's that was named and overcome")
    missing += _unattributed(state, contrast)
    entries = state.threshold.event.entries if state.threshold else ()
    moved = tuple(m.seq for m in state.moves)
    overcome = tuple(o.overcome.seq for o in state.obstacles.values() if o.overcome)
    return Verdict(not missing, tuple(missing), None, tuple(sorted((*entries, *moved, *overcome))))


def _unchanged(state: Relationship, track: Track) -> list[str]:
    rise = numbers(state).masterpiece_rise
    names = []
    for criterion in state.criteria:
        first = track.mean_at(state.phase_start, criterion)
        now = track.estimate(criterion)
        if first is None or (now.mean - now.sd - first < rise and first < 4.0):
            names.append(criterion_name(state, criterion))
    if not names:
        return []
    return [f"own calls that rose by {rise:g} or more, beyond doubt, on {', '.join(names)}"]


def _unattributed(state: Relationship, contrast: Contrast | None) -> list[str]:
    if contrast is None:
        drawn = " (the starts were drawn; its test is not run here yet)" if state.design else ""
        return [f"randomized evidence that the guidance did it{drawn}"]
    if contrast.copies < COPIES_NEEDED:
        more = several(COPIES_NEEDED - contrast.copies, "more copy", "more copies")
        return [f"{more} of this learner without the trainer; one alone can be chance"]
    if contrast.low <= 0:
        return ["a gain over the copies without the trainer that excludes chance"]
    return []
