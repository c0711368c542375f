"""Which of the trainer's questions the learner now asks itself, and how well it knows itself.

A question is *made own* when the learner asks it in an own call, before help, in its own words,
and that call is better for it. Texts are judged once, when an own call is written (see `asks`);
here it is only counted what was found then. Where an embedder is given, what it hears in the texts
that are still there is counted, too: the finding in the ledger stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tutelage.domain.entry import Entry
from tutelage.domain.events import GuidanceGiven, OutcomeRecorded, OwnCallRecorded
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.text import Gone
from tutelage.evidence.asks import ALIKE, VERSION, Alike, Asked, asks_itself, read_with
from tutelage.evidence.health import Index, as_share
from tutelage.evidence.rated import by_criterion, given
from tutelage.evidence.results import Z90

LOOK_BACK = 30  # situations after which a question is history
FEWEST_CHANCES = 3  # later own calls on its criteria, before a question is counted
FEWEST_QUESTIONS = 5
FEWEST_CALLS = 3  # with a question asked, and without
FEWEST_OUTCOMES = 10
EVERY = 5  # situations between two points of the course
STEP = 0.6  # rating points between two declared steps of difficulty


# what became of each question ----------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Call:
    """One own call, made before any help: its ratings by criterion, and what it asked itself."""

    number: int  # of its situation
    order: int  # its seq
    ratings: dict[str, float]  # declared difficulty put back
    asks: tuple[int, ...] | None  # None where that was never judged
    turned_on: str | None = None  # the criterion its account names, where it was decided alone


@dataclass(frozen=True, slots=True)
class Question:
    """A question the trainer asked, and what became of it."""

    seq: int
    number: int  # of the situation it was asked in
    criteria: tuple[str, ...]
    kept: bool = False  # in the notebook, too
    chances: tuple[int, ...] = ()  # later own calls on its criteria: their situations' numbers
    asked_in: tuple[int, ...] = ()  # those of them that asked it
    before: float | None = None  # mean rating of own calls before, that asked none of them
    then: float | None = None  # and of those that asked it
    named: bool = False  # one of those was decided alone, and its account turned on the criterion

    @property
    def judgeable(self) -> bool:
        """Whether there were own calls enough to show it."""
        return len(self.chances) >= FEWEST_CHANCES

    @property
    def own(self) -> bool:
        """Whether the learner asks it itself, and its calls changed with it."""
        better = self.before is not None and self.then is not None and self.then > self.before
        return bool(self.asked_in) and (better or self.named)


def follow(questions: Sequence[Question], calls: Sequence[Call]) -> tuple[Question, ...]:
    """The questions with what the own calls, in their order, made of each."""
    return tuple(_followed(q, calls) for q in questions)


def _followed(asked: Question, calls: Sequence[Call]) -> Question:
    on = [c for c in calls if any(k in c.ratings for k in asked.criteria)]
    later = [c for c in on if c.order > asked.seq and c.number > asked.number]
    later = [c for c in later if c.asks is not None and c.number <= asked.number + LOOK_BACK]
    asking = [c for c in later if asked.seq in (c.asks or ())]
    return replace(
        asked,
        chances=tuple(c.number for c in later),
        asked_in=tuple(c.number for c in asking),
        before=_mean(_on(c, asked) for c in on if c.order < asked.seq and not c.asks),
        then=_mean(_on(c, asked) for c in asking),
        named=any(c.turned_on in asked.criteria for c in asking),
    )


def _on(call: Call, asked: Question) -> float:
    values = [call.ratings[k] for k in asked.criteria if k in call.ratings]
    return sum(values) / len(values)


def _mean(values: Iterable[float]) -> float | None:
    some = list(values)
    return sum(some) / len(some) if some else None


def own_share(questions: Sequence[Question]) -> Index:
    """The share of the trainer's questions that the learner has made its own, of those judgeable.

    >>> made = Question(1, 1, ("order",), chances=(2, 3, 4), asked_in=(3,), before=2.0, then=3.0)
    >>> print(own_share([made] * 4 + [Question(9, 1, ("order",), chances=(2, 3, 4))] * 2))
    self-observation: 0.67 [0.34, 0.90] (n=6)
    """
    some = [q for q in questions if q.judgeable]
    own = sum(q.own for q in some)
    found = as_share("self-observation", own, len(some), FEWEST_QUESTIONS)
    offer = f"You now ask yourself {own} of the {len(some)} questions you were asked."
    act = (
        f"{own} of {len(some)} of your questions come up in own calls, in the learner's words: "
        "hold these back, and invite it to write which question it asks itself."
    )
    return replace(found, offer=offer, act=act)


def change(questions: Sequence[Question], calls: Sequence[Call]) -> Index:
    """By how many rating points own calls are better where they ask such a question.

    Within each criterion, from its first question on: mean rating of the own calls that ask one of
    its questions less that of those that ask none, weighted by n1·n0/(n1 + n0); normal 90 %
    interval with the variance within. From 3 calls of either sort. It is no proof of cause: the
    learner chooses where it asks.

    >>> asked = [Question(1, 1, ("order",))]
    >>> calls = [Call(n, n, {"order": 3.0 + n % 2}, (1,) if n % 2 else ()) for n in range(2, 12)]
    >>> change(asked, calls).value
    1.0
    """
    name, groups = "change where it asks itself", _groups(questions, calls)
    ones = {c.number for asking, _rest in groups for c, _y in asking}
    others = {c.number for _asking, rest in groups for c, _y in rest}
    few = min(len(ones), len(others))
    if few < FEWEST_CALLS:
        more = FEWEST_CALLS - few
        return Index(name, None, alarm=False, n=len(ones), offer="", more=more)
    values = [([y for _c, y in a], [y for _c, y in b]) for a, b in groups]
    weights = np.array([len(a) * len(b) / (len(a) + len(b)) for a, b in values])
    mean = float(weights @ [np.mean(a) - np.mean(b) for a, b in values] / weights.sum())
    seen = sum(len(a) + len(b) for a, b in values)
    spread = sum(len(x) * float(np.var(x)) for g in values for x in g)
    # ratings of one call hang together: as if they were one
    spread *= seen / len(ones | others) / max(1, seen - 2 * len(groups))
    half = Z90 * float(np.sqrt(spread / weights.sum()))
    return Index(name, mean, alarm=False, n=len(ones), offer="", low=mean - half, high=mean + half)


Rating = tuple[Call, float]


def _groups(
    questions: Sequence[Question], calls: Sequence[Call]
) -> list[tuple[list[Rating], list[Rating]]]:
    """By criterion: the own calls that ask one of its questions, and the rest, with ratings."""
    groups = []
    for criterion in dict.fromkeys(k for q in questions for k in q.criteria):
        seqs = {q.seq for q in questions if criterion in q.criteria}
        on = [c for c in calls if c.order > min(seqs) and criterion in c.ratings]
        rated = [(c, c.ratings[criterion]) for c in on if c.asks is not None]
        asking = [(c, y) for c, y in rated if seqs & set(c.asks or ())]
        rest = [(c, y) for c, y in rated if not seqs & set(c.asks or ())]
        if asking and rest:
            groups.append((asking, rest))
    return groups


def over_time(
    questions: Sequence[Question], calls: Sequence[Call], every: int = EVERY
) -> tuple[tuple[int, Index], ...]:
    """The share after every few situations, as it would have been said then."""
    last = max((c.number for c in calls), default=0)
    points = range(every, last + 1, every)
    return tuple((n, _as_of(n, questions, calls)) for n in points)


def _as_of(number: int, questions: Sequence[Question], calls: Sequence[Call]) -> Index:
    then = [c for c in calls if c.number <= number]
    return own_share(follow([q for q in questions if q.number <= number], then))


# how well it knows itself --------------------------------------------------------------------
def came_out(outcome: OutcomeRecorded) -> float | None:
    """1 where it came out as expected, 0 where not; None where that was not said."""
    said = outcome.as_expected if outcome.known else None
    return None if said is None else float(said)


def calibration(pairs: Sequence[tuple[float, float]]) -> tuple[Index, Index]:
    """Brier score and overconfidence of stated expectations, from (probability, 0 or 1) pairs.

    Brier score: mean of (p - y)², .25 for always saying ½. Overconfidence: mean of p - y. Normal
    90 % intervals over situations; from 10. Outcomes that hang together (several calls in one
    game) make them too narrow. Source: Brier (1950).

    >>> print(calibration([(0.9, 1.0), (0.8, 0.0)] * 6)[1])
    overconfidence: 0.35 [0.13, 0.57] (n=12)
    """
    squared = [(p - y) ** 2 for p, y in pairs]
    over = [p - y for p, y in pairs]
    return (
        _mean_of("Brier score", squared, FEWEST_OUTCOMES),
        _mean_of("overconfidence", over, FEWEST_OUTCOMES),
    )


def _mean_of(name: str, values: Sequence[float], fewest: int) -> Index:
    n = len(values)
    if n < fewest:
        return Index(name, None, alarm=False, n=n, offer="", more=fewest - n)
    mean = float(np.mean(values))
    half = Z90 * float(np.std(values, ddof=1)) / float(np.sqrt(n))
    return Index(name, mean, alarm=False, n=n, offer="", low=mean - half, high=mean + half)


# of one relationship -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SelfObservation:
    """What a learner has come to see by itself, and how well it knows itself."""

    questions: tuple[Question, ...]
    share: Index
    change: Index
    course: tuple[tuple[int, Index], ...]
    brier: Index
    overconfidence: Index
    self_rating_gap: Index

    @property
    def changes_calls(self) -> bool | None:
        """Whether own calls that ask such a question are better; None: not enough to tell."""
        return None if self.change.low is None else self.change.low > 0

    def __str__(self) -> str:
        parts = (self.share, self.change, self.brier, self.overconfidence, self.self_rating_gap)
        return "\n".join(map(str, parts))


def self_observation(
    state: Relationship,
    outcome: Callable[[OutcomeRecorded], float | None] = came_out,
    alike: Alike | None = None,
) -> SelfObservation:
    """All of it, from the findings and ratings of one relationship.

    No text is read, unless an embedder is given: `alike` finds questions asked in quite other
    words. `share.by` and `change.by` say what read them.
    """
    situations = state.situations
    heard = {} if alike is None else _heard(situations, alike)
    calls = tuple(c for n, s in enumerate(situations, 1) if (c := call_of(n, s, heard)) is not None)
    asked = follow(_questions(state, situations, alike), calls)
    brier, over = calibration(_expected(situations, outcome))
    gap = _mean_of("self-rating gap", _self_rated(situations), FEWEST_CALLS)
    by = read_with(alike, _versions(situations))
    share, moved = replace(own_share(asked), by=by), replace(change(asked, calls), by=by)
    return SelfObservation(asked, share, moved, over_time(asked, calls), brier, over, gap)


def call_of(
    number: int, situation: Situation, heard: Mapping[int, tuple[int, ...]] | None = None
) -> Call | None:
    """A situation's own call, where it is evidence of unassisted judgment and was rated."""
    own = situation.own_call
    if own is None or situation.evidence_subject != "own_call":
        return None
    harder = STEP * situation.opened.event.difficulty
    alone = situation.account is not None and not situation.consulted
    return Call(
        number,
        own.seq,
        {k: v + harder for k, v in by_criterion(situation.counted()).items()},
        (heard or {}).get(own.seq, _found(own)),
        situation.account.event.turned_on if situation.account is not None and alone else None,
    )


def _found(own: Entry[OwnCallRecorded]) -> tuple[int, ...] | None:
    return None if own.findings is None else own.findings.asks


def _versions(situations: Sequence[Situation]) -> str:
    """Which versions of the words' reading the ledger's findings are from."""
    found = {s.own_call.findings.version for s in situations if s.own_call and s.own_call.findings}
    return ", ".join(sorted(found)) or VERSION


def _questions(
    state: Relationship, situations: Sequence[Situation], alike: Alike | None
) -> list[Question]:
    kept = kept_questions(state, alike)
    return [
        Question(g.seq, n, g.event.criteria or s.criteria, g.seq in kept)
        for n, s in enumerate(situations, 1)
        for g in questions_read((s,))
    ]


def questions_read(situations: Iterable[Situation]) -> Iterator[Entry[GuidanceGiven]]:
    """The questions that the learner was asked, and read."""
    for s in situations:
        yield from (
            g.entry for g in s.guidance if g.read is not None and g.entry.event.move == "ask"
        )


def made_own(state: Relationship, alike: Alike | None = None) -> tuple[int, int]:
    """How many of the trainer's recent questions are in the learner's notebook, and of how many."""
    recent = state.recent(LOOK_BACK)
    given = (g.entry for s in recent for g in s.guidance)
    asked = {e.seq for e in given if e.event.move == "ask"}
    return len(asked & kept_questions(state, alike)), len(asked)


def kept_questions(state: Relationship, alike: Alike | None = None) -> frozenset[int]:
    """The trainer's questions that are in the learner's notebook: named, echoed, or heard."""
    kept = {
        seq
        for q in state.questions.values()
        for seq in (*q.event.follows, *((q.findings.echoes,) if q.findings else ()))
        if seq is not None
    }
    return frozenset(kept if alike is None else kept | _heard_in_notebook(state, alike))


# with an embedder ----------------------------------------------------------------------------
def _heard(situations: Sequence[Situation], alike: Alike) -> dict[int, tuple[int, ...]]:
    """By own call, what it asks as the embedder hears it; of the last 30 situations.

    Of questions whose text is gone it is what was found when the call was written.
    """
    heard: dict[int, tuple[int, ...]] = {}
    for n, s in enumerate(situations):
        own = s.own_call
        if own is None or own.event.help != "nobody" or isinstance(own.event.why, Gone):
            continue
        recent = situations[max(0, n - LOOK_BACK) : n]
        asked = _asked_by(own.seq, recent, heard)
        if asked:
            gone = set(_found(own) or ()) - {a.seq for a in asked}
            heard[own.seq] = (*asks_itself(own.event.why, asked, alike), *sorted(gone))
    return heard


def _asked_by(
    seq: int, recent: Sequence[Situation], heard: Mapping[int, tuple[int, ...]]
) -> list[Asked]:
    """The questions asked by then, with the reasons given before each that asked none of them."""
    calls = (s.own_call for s in recent if s.own_call is not None)
    reasons = [
        (c.seq, str(c.event.why))
        for c in calls
        if not isinstance(c.event.why, Gone) and not heard.get(c.seq, _found(c))
    ]
    return [
        Asked(g.seq, g.event.text, tuple(why for at, why in reasons if at < g.seq))
        for g in questions_read(recent)
        if g.seq < seq and not isinstance(g.event.text, Gone)
    ]


def _heard_in_notebook(state: Relationship, alike: Alike) -> set[int]:
    """For each kept question that names and echoes none, the trainer's that is most like it."""
    read = [g for g in questions_read(state.situations) if not isinstance(g.event.text, Gone)]
    heard = set()
    for q in state.questions.values():
        known = q.event.follows or (q.findings and q.findings.echoes)
        if known or isinstance(q.event.text, Gone):
            continue
        near = [(alike(q.event.text, str(g.event.text)), g.seq) for g in read if g.seq < q.seq]
        heard |= {seq for like, seq in [max(near, default=(0.0, 0))] if like >= ALIKE}
    return heard


def _expected(
    situations: Sequence[Situation], outcome: Callable[[OutcomeRecorded], float | None]
) -> list[tuple[float, float]]:
    pairs = []
    for s in situations:
        said = s.own_call.event.probability if s.own_call is not None else None
        came = outcome(s.outcome.event) if s.outcome is not None else None
        if said is not None and came is not None:
            pairs.append((said, came))
    return pairs


def _self_rated(situations: Sequence[Situation]) -> list[float]:
    """For each situation, how much higher the learner rated its own call than others did."""
    gaps = []
    for s in situations:
        mine = by_criterion(given(s, "own_call", as_self=True))
        others = by_criterion(given(s, "own_call"))
        both = mine.keys() & others.keys()
        if both:
            gaps.append(sum(mine[k] - others[k] for k in both) / len(both))
    return gaps
