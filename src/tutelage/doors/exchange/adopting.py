"""A practice written into a relationship: each case whole and once, marked as retold.

What was decided alone, the newest first, becomes the calls of the baseline while that is open, so
that raters can say where the learner stood. Everything else is there to be read: it counts neither
for an estimate nor for the threshold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from tutelage.domain.entry import canonical
from tutelage.domain.errors import NotYours, Refused, TutelageError
from tutelage.domain.events import (
    DecisionRecorded,
    Event,
    Noted,
    OutcomeRecorded,
    OwnCallRecorded,
    PrincipleKept,
    Rated,
    SituationOpened,
)
from tutelage.domain.growing import PRINCIPLE_LIMIT
from tutelage.domain.terms import Phase, Role
from tutelage.doors.exchange.cases import Bad, Case
from tutelage.doors.exchange.practice import Practice
from tutelage.doors.exchange.written import Note, Rule

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

BASELINE = 10  # cases that raters are asked about: enough to see where somebody stands
CHOSEN = "brought from before: every case of a file"
NO_REASON = "The file gives no reasons."
ADVISED = "The file says that it was advised."
BEYOND = "Brought from before, and not one of those that are the baseline."


class Write(Protocol):
    """Writes an event, and others with it, in somebody's name."""

    def __call__(
        self,
        relationship: str,
        event: Event,
        /,
        *,
        id: str | None = None,  # noqa: A002  # the word the envelope uses
        occurred_at: datetime | None = None,
        then: tuple[Event, ...] = (),
    ) -> Any: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of a practice: what it is, and whether it is here already."""

    what: Case | Note | Rule
    here: bool
    rated: bool = False  # raters are asked about it

    @property
    def kind(self) -> str:
        """Case, note or principle."""
        return {"Case": "case", "Note": "note", "Rule": "principle"}[type(self.what).__name__]


class Adoption:
    """Brings a practice into one relationship, in the name of whose it is."""

    def __init__(self, desk: Tutelage, relationship: str, actor: str, write: Write) -> None:
        self._desk, self._relationship, self._actor = desk, relationship, actor
        self._write = write
        self._state = desk.state(relationship)
        if not self._state.agreed:
            raise Refused("sign_first", "First both sign the agreement and the goal.")

    def plan(self, practice: Practice, most: int = BASELINE) -> list[Line]:
        """What would be written, in order. Raises NotYours where it is not this person's to write.

        The oldest case comes first; the same said twice is one.
        """
        self._may(practice)
        practice.take(self._beyond(practice))
        left_out = {(b.file, b.line) for b in practice.bad}
        fits = (c for c in practice.cases if (c.file, c.line) not in left_out)
        known = {c.key: c for c in sorted(fits, key=_age)}
        asked = self._asked(list(known.values()), most)
        told: Sequence[Note | Rule] = (*practice.notes, *practice.rules)
        others = {self._id(o): o for o in told if (o.file, o.line) not in left_out}
        return [
            *(Line(c, self._has(c), c.key in asked) for c in known.values()),
            *(Line(one, self._there(id_)) for id_, one in others.items()),
        ]

    def bring(self, lines: Sequence[Line], practice: Practice, *, skip: bool) -> int:
        """Write what is not here yet; how many. What cannot be taken joins the bad lines."""
        count = 0
        for line in lines:
            if line.here:
                continue
            try:
                self._bring(line)
                count += 1
            except TutelageError as refused:
                bad = Bad(line.what.file, line.what.line, refused.message)
                practice.bad.append(bad)
                if not skip:
                    raise type(refused)(refused.code, str(bad)) from None
        return count

    def _beyond(self, practice: Practice) -> Iterator[Bad]:
        """What reads well, and cannot be taken."""
        now = self._desk.clock()
        for case in practice.cases:
            if case.when is not None and case.when > now:
                yield Bad(case.file, case.line, "Its date lies ahead.")
        new = [r for r in practice.rules if not self._there(self._id(r))]
        room = max(0, PRINCIPLE_LIMIT - len(self._state.principles))
        for rule in new[room:]:
            said = f"A notebook holds {PRINCIPLE_LIMIT} principles; there is no room for it."
            yield Bad(rule.file, rule.line, said)

    def _may(self, practice: Practice) -> None:
        if (practice.cases or practice.rules) and Role.LEARNER not in self._roles:
            said = "Cases and principles are brought by the learner whose they are."
            raise NotYours("not_your_role", said)
        if not self._roles:
            raise NotYours("no_role", f"{self._actor} has no role in this relationship.")

    @property
    def _roles(self) -> frozenset[Role]:
        return self._state.roles(self._actor)

    def _asked(self, known: list[Case], most: int) -> frozenset[str]:
        """The newest that were decided alone, as many as are asked about, in the baseline."""
        if self._state.phase is not Phase.BASELINE:
            return frozenset()
        own = [c.key for c in known if c.own]
        return frozenset(own[max(0, len(own) - most) :])

    def _has(self, case: Case) -> bool:
        return self._state.find(case.key) is not None

    def _there(self, id_: str) -> bool:
        return self._desk.ledger.find(self._relationship, id_) is not None

    def _id(self, one: Note | Rule) -> str:
        said = [one.text] if isinstance(one, Note) else [one.says, one.when, one.because]
        whole = canonical([self._actor, type(one).__name__, *said])
        return f"b{hashlib.sha256(whole.encode()).hexdigest()[:24]}.kept"

    def _bring(self, line: Line) -> None:
        match line.what:
            case Case() as case:
                first, *then = events(case, asked=line.rated)
                self._write(
                    self._relationship,
                    first,
                    id=f"{case.key}.told",
                    occurred_at=case.when,
                    then=tuple(then),
                )
            case Note() as note:
                self._write(self._relationship, Noted(text=note.text), id=self._id(note))
            case Rule() as rule:
                self._write(self._relationship, _kept(rule, self._id(rule)), id=self._id(rule))


def _age(case: Case) -> float:
    return case.when.timestamp() if case.when else float("inf")


def _kept(rule: Rule, id_: str) -> PrincipleKept:
    words = {"says": rule.says, "when": rule.when, "when_not": rule.when_not}
    return PrincipleKept(principle=id_.partition(".")[0], because=rule.because, **words)


def events(case: Case, *, asked: bool) -> Iterator[Event]:
    """A case as its entries: written together, or not at all."""
    key = case.key
    yield SituationOpened(
        situation=key,
        text=case.text,
        criteria=case.criteria,
        retold=True,
        chosen=CHOSEN,
        facts=dict(case.notes),
    )
    why = case.why or NO_REASON
    if asked:
        yield OwnCallRecorded(situation=key, call=case.did, why=why)
    beyond = BEYOND if case.own else ADVISED
    yield DecisionRecorded(
        situation=key,
        decision=case.did,
        why=why,
        advice="none" if asked else "unknown",  # else it would be evidence
        advice_why=None if asked else beyond,
    )
    if case.happened:
        yield OutcomeRecorded(situation=key, text=case.happened)
    if case.ratings:
        subject: Any = "own_call" if asked else "decision"
        yield Rated(situation=key, subject=subject, ratings=dict(case.ratings), as_self=True)
