"""Threshold and masterpiece: predicates with reasons, and with what is still missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutelage.domain.entry import Entry
from tutelage.domain.events import OwnCallRecorded, Rated
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.evidence.forks import FEWEST_COPIES, ForkContrast
from tutelage.evidence.notyet import NotYet
from tutelage.evidence.track import Track
from tutelage.guidance.attributing import attributed
from tutelage.guidance.blind import blind
from tutelage.guidance.numbers import DEFAULT, numbers
from tutelage.guidance.words import criterion_name, percent, several

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LOOKED_AT = 3  # the last candidates: of these, the one that came nearest is named


@dataclass(frozen=True, slots=True)
class Demand:
    """What an award asks for: P(ability ≥ bar) on every criterion, ratings on each, proofs."""

    sure: float
    proofs: int = 1
    ratings: int = 5


THRESHOLD = Demand(DEFAULT.threshold_sure, 1, int(DEFAULT.threshold_ratings))
CREDENTIAL = Demand(
    DEFAULT.credential_sure, int(DEFAULT.credential_proofs), int(DEFAULT.threshold_ratings)
)
"""What is shown to others as a proof asks for more."""

NEAR = 0.5  # P(ability ≥ bar) on the weakest criterion from which a deciding situation is sought


def stands(chances: Floats, counts: Floats, demand: Demand) -> Bools:
    """Whether unassisted judgment is surely high enough on every criterion; […, K] to […]."""
    enough: Any = ((chances > demand.sure) & (counts >= demand.ratings)).all(-1)
    return np.asarray(enough)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it is met, what is missing in words, and the entries that prove it."""

    met: bool
    missing: tuple[str, ...]
    situation: str | None = None
    entries: tuple[int, ...] = ()
    next: str = ""  # where it is near: which situations would decide it

    def __str__(self) -> str:
        return "met" if self.met else "not yet: " + "; ".join(self.missing)


Contrast = ForkContrast
"""What forked copies with and without the trainer show; the copy is the unit."""


def threshold(state: Relationship, track: Track) -> Verdict:
    """A novel, difficult situation, decided without consulting, with an account that shows why."""
    n = numbers(state)
    return _award(state, track, Demand(n.threshold_sure, 1, int(n.threshold_ratings)))


def credential(state: Relationship, track: Track) -> Verdict:
    """The threshold as it is shown to others: surer, and with two such situations."""
    n = numbers(state)
    proofs = int(n.credential_proofs)
    return _award(state, track, Demand(n.credential_sure, proofs, int(n.threshold_ratings)))


def _award(state: Relationship, track: Track, demand: Demand) -> Verdict:
    missing = list(_not_sure(state, track, demand))
    known = candidates(state)
    proofs = [s for s in reversed(known) if _proves(state, s)][: demand.proofs]
    if len(proofs) < demand.proofs:
        missing.append(_nearest(state, known, demand.proofs - len(proofs)))
        return Verdict(met=False, missing=tuple(missing), next=deciding(state, track))
    entries = {seq for proof in proofs for seq in _entries(state, proof)}
    ahead = deciding(state, track) if missing else ""
    return Verdict(not missing, tuple(missing), proofs[0].key, tuple(sorted(entries)), ahead)


def deciding(state: Relationship, track: Track) -> str:
    """Which next situations would decide it; empty while it is too early to seek them."""
    n, chance = numbers(state), track.at_least(numbers(state).threshold_bar)
    weakest = sorted(state.criteria, key=lambda c: chance.get(c, 0.0))
    if state.threshold is not None or not weakest or chance.get(weakest[0], 0.0) <= NEAR:
        return ""
    open_ = [c for c in weakest if chance[c] <= n.threshold_sure] or weakest[:2]
    some = weakest[: max(2, len(open_))]
    names = " and ".join(criterion_name(state, c) for c in some[:3])
    return (
        f"a situation that is new and hard to the learner, touches {names}, and is decided "
        "without help: own call with what it expects, then the account"
    )


def _not_sure(state: Relationship, track: Track, demand: Demand) -> tuple[str, ...]:
    n = numbers(state)
    if not state.criteria:
        return ("a goal that both have signed",)
    chance = track.at_least(n.threshold_bar)
    sure = tuple(
        f"{criterion_name(state, c)}: {percent(chance.get(c, 0.0))} sure of "
        f"{n.threshold_bar:g} or above, {percent(demand.sure)} is needed"
        for c in state.criteria
        if chance.get(c, 0.0) <= demand.sure
    )
    return (*sure, *_hardly_rated(state, track, demand.ratings))


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
        return _unproven(state, known)
    return (
        *_unproven(state, known),
        f"{several(needed, 'blind rater')} saw the criterion deciding it",
    )


def _proves(state: Relationship, known: Situation) -> bool:
    checks = account_checks(state, known)
    return len(checks) >= _checks_needed(state) and not _unproven(state, known)


def _checks_needed(state: Relationship) -> int:
    return 2 if state.agents_only else 1


def only_checks_missing(state: Relationship, known: Situation) -> bool:
    """Whether all holds but what blind raters say of the account: time to ask them."""
    return not known.consulted and not _unproven(state, known) and bool(shortcomings(state, known))


def _unproven(state: Relationship, known: Situation) -> tuple[str, ...]:
    """Its facts, cross-checked with the ledger; what the account claims of itself counts little."""
    opened, account, call = known.opened.event, known.account, known.own_call
    counted = known.counted()
    given = [(c, v) for r in counted for c, v in r.event.ratings.items() if v is not None]
    every = set(known.criteria) <= {c for c, _v in given}
    tests = {
        "it has an account": account is not None,
        "it counts as unassisted": bool(counted) or known.evidence_subject is not None,
        "it was lived, not retold": not opened.retold,
        "the learner called it hard": opened.difficulty == 1,
        "a blind rater confirmed it as hard": _said(state, known, "difficult"),
        "it was new to the learner": opened.seen_before is False,
        "a blind rater confirmed it as new": _said(state, known, "novel"),
        "it touches two criteria": len(set(known.criteria)) >= 2,
        "every criterion was rated 4 or more": every and all(v >= 4 for _c, v in given),
        "the account weighs two options": account is not None and len(account.event.options) >= 2,
        "what it expected was said before the outcome": _expected(call, known),
        "the account is no copy": not _copied(known),
    }
    return tuple(name for name, holds in tests.items() if not holds)


def account_checks(state: Relationship, known: Situation) -> tuple[str, ...]:
    """The blind raters who said, with a quote, that the account shows the criterion deciding."""
    yes = {
        r.actor
        for r in known.ratings
        if r.event.subject == "account"
        and r.event.shows_criterion
        and r.event.consistent
        and known.account is not None
        and known.account.event.turned_on in r.event.quotes
        and blind(state, known, r)
    }
    return tuple(sorted(yes))


def _said(state: Relationship, known: Situation, what: str) -> bool:
    told = (r for r in known.ratings if getattr(r.event, what) and not r.event.as_self)
    return any(blind(state, known, r) for r in told)


def _expected(call: Entry[OwnCallRecorded] | None, known: Situation) -> bool:
    """A prediction, dated before the outcome; where only the decision counts, none is asked."""
    if call is None:
        return known.evidence_subject == "decision"
    before = known.outcome is None or call.seq < known.outcome.seq
    return call.event.expects is not None and before


def _copied(known: Situation) -> bool:
    findings = known.account.findings if known.account else None
    return findings is not None and findings.copied


def _nearest(state: Relationship, known: tuple[Situation, ...], lacking: int) -> str:
    found = [(s, shortcomings(state, s)) for s in known[-LOOKED_AT:]]
    open_ = [(s, short) for s, short in found if short]
    more = "a" if lacking == 1 else f"{lacking}"
    if not open_:
        many = "situation" if lacking == 1 else "situations"
        return f"{more} novel, hard {many} decided without consulting, with an account"
    best, short = min(reversed(open_), key=lambda pair: len(pair[1]))
    return f"a proving situation; {best.key} came nearest but not: " + ", ".join(short)


def _entries(state: Relationship, proof: Situation) -> tuple[int, ...]:
    said: list[Entry[Any] | None] = [proof.opened, proof.own_call, proof.decision, proof.account]
    seqs = [e.seq for e in said if e is not None]
    checks = account_checks(state, proof)
    rated: list[Entry[Rated]] = [r for r in proof.ratings if not r.event.as_self]
    seqs += [r.seq for r in rated if r.event.subject != "account" or r.actor in checks]
    return tuple(sorted(seqs))


def masterpiece(
    state: Relationship, track: Track, contrast: Contrast | NotYet | None = None
) -> Verdict:
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


def _by_design(state: Relationship) -> list[str]:
    """Without copies the drawn starts may show it; where raters knew the focus, they do not."""
    found = attributed(state)
    if not found.shown:
        return [f"randomized evidence that the guidance did it: {found}"]
    return [] if found.blind else ["drawn starts that were rated blind"]


def _unattributed(state: Relationship, contrast: Contrast | NotYet | None) -> list[str]:
    if contrast is None:
        return _by_design(state)
    if isinstance(contrast, NotYet):  # drawn starts may show it all the same
        return _by_design(state) and [f"copies without the trainer that show it: {contrast}"]
    lacking = FEWEST_COPIES - min(contrast.copies)
    if lacking > 0:
        more = several(lacking, "more copy", "more copies")
        return [f"{more} of this learner without the trainer; one alone can be chance"]
    if contrast.low <= 0:
        return ["a gain over the copies without the trainer that excludes chance"]
    return []
