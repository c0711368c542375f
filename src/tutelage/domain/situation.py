"""A situation as folded: what was said in it so far, and what of it is evidence of judgment."""

from __future__ import annotations

from dataclasses import dataclass

from tutelage.domain.entry import Entry
from tutelage.domain.events import (
    AccountWritten,
    Answered,
    Debriefed,
    DecisionRecorded,
    GuidanceFailed,
    GuidanceGiven,
    HelpAsked,
    OutcomeRecorded,
    OwnCallRecorded,
    Rated,
    RatingAsked,
    SituationDropped,
    SituationOpened,
)
from tutelage.domain.terms import Phase, Subject


@dataclass(frozen=True)
class Given:
    """A guidance and whether the learner has read it: the seq of the reading, or None."""

    entry: Entry[GuidanceGiven]
    read: int | None = None


@dataclass(frozen=True)
class Situation:
    """One situation of the learner's, from its opening to its account."""

    opened: Entry[SituationOpened]
    phase: Phase | None
    place: int | None = None  # under a drawn design: its number since the draw, from 0
    own_call: Entry[OwnCallRecorded] | None = None
    helps: tuple[Entry[HelpAsked], ...] = ()
    guidance: tuple[Given, ...] = ()
    failures: tuple[Entry[GuidanceFailed], ...] = ()
    answers: tuple[Entry[Answered], ...] = ()
    decision: Entry[DecisionRecorded] | None = None
    outcome: Entry[OutcomeRecorded] | None = None
    account: Entry[AccountWritten] | None = None
    asked: tuple[Entry[RatingAsked], ...] = ()
    ratings: tuple[Entry[Rated], ...] = ()
    debriefs: tuple[Entry[Debriefed], ...] = ()
    dropped: Entry[SituationDropped] | None = None
    withheld: bool = False
    probability: float | None = None  # of withholding guidance here, where that was drawn
    talked: int | None = None  # seq of a live talk held before the decision

    @property
    def key(self) -> str:
        """The situation's name."""
        return self.opened.event.situation

    @property
    def probed(self) -> bool:
        """Whether chance decided if guidance is withheld here."""
        return self.probability is not None

    @property
    def criteria(self) -> tuple[str, ...]:
        """The criteria it touches."""
        return self.opened.event.criteria

    @property
    def weighty(self) -> bool:
        """Whether its learner called it hard, new or of high stakes: then a full account counts."""
        opened = self.opened.event
        return opened.difficulty == 1 or opened.seen_before is False or opened.stakes == "high"

    @property
    def urgent(self) -> bool:
        """Whether urgent help was asked for before there was an own call."""
        return any(
            h.event.urgent and (self.own_call is None or h.seq < self.own_call.seq)
            for h in self.helps
        )

    @property
    def helped_at(self) -> int | None:
        """Seq of the first help before the decision: a guidance read, or a live talk."""
        seen = [
            g.read for g in self.guidance if g.read is not None and g.entry.event.move != "fact"
        ]
        if self.talked is not None:
            seen.append(self.talked)
        return min(seen, default=None)

    @property
    def consulted(self) -> bool:
        """Whether help was sought or had before the decision: asked for, read, talked, declared."""
        helped = self.helped_at
        before = self.decision is None or (helped is not None and helped < self.decision.seq)
        return (helped is not None and before) or self.asked_for_help or self.declared

    @property
    def asked_for_help(self) -> bool:
        """Whether the learner asked for help that is not a mere fact."""
        return any(h.event.about != "fact" for h in self.helps)

    @property
    def declared(self) -> bool:
        """Whether help outside the guidance was declared, at the own call or in the account."""
        at_call = self.own_call is not None and self.own_call.event.help != "nobody"
        later = self.account is not None and any(
            h != "nobody" for h in self.account.event.consulted
        )
        return at_call or later

    @property
    def beyond(self) -> int | None:
        """Seq of the first text of the learner's that showed more than an AI coaches on."""
        once = (self.opened, self.own_call, self.decision, self.outcome, self.account)
        said = (*(e for e in once if e is not None), *self.helps, *self.answers)
        return min((e.seq for e in said if e.findings and e.findings.beyond), default=None)

    def stood_in(self, agent: str, person: str | None) -> bool:
        """Whether this person has guided or debriefed here in that agent's place."""
        said = (*(g.entry for g in self.guidance), *self.debriefs)
        return any(e.actor == person and e.findings and e.findings.stands_in == agent for e in said)

    @property
    def evidence_subject(self) -> Subject | None:
        """Which rating of it is evidence of unassisted judgment: own call, decision, or none."""
        if self.urgent or self.declared or not self._counts:
            return None
        if self.own_call is not None:
            return "own_call"
        alone = self.decision is not None and not (self.consulted or self.perhaps_advised)
        return "decision" if alone else None

    @property
    def imported(self) -> bool:
        """Whether it was read from a trace of what was done long ago: nobody can account for it."""
        return self.opened.event.source == "trace" and self.opened.event.retold

    @property
    def perhaps_advised(self) -> bool:
        """Whether a trace shows help before the decision, or does not show that there was none."""
        return self.decision is not None and self.decision.event.advice == "unknown"

    @property
    def _counts(self) -> bool:
        opened, findings = self.opened.event, self.opened.findings
        retold_late = opened.retold and self.phase is not Phase.BASELINE
        duplicate = findings is not None and findings.near_duplicate
        return not (retold_late or opened.because_bad or duplicate or self.dropped)

    @property
    def order(self) -> int:
        """Where it stands in the order of evidence: the seq of the call that is rated."""
        first = self.own_call or self.decision or self.opened
        return first.seq

    def counted(self) -> tuple[Entry[Rated], ...]:
        """The ratings that are evidence of unassisted judgment."""
        subject = self.evidence_subject
        return tuple(r for r in self.ratings if r.event.subject == subject and not r.event.as_self)

    def late(self, given: Given) -> bool:
        """Whether a guidance came after the decision, and so is a debrief."""
        return self.decision is not None and given.entry.seq > self.decision.seq

    @property
    def unread(self) -> tuple[Given, ...]:
        """Guidance that waits to be collected."""
        return tuple(g for g in self.guidance if g.read is None)

    @property
    def waiting_help(self) -> Entry[HelpAsked] | None:
        """The last request for help that nothing has answered."""
        answered = max((g.entry.seq for g in self.guidance), default=0)
        answered = max(answered, max((f.seq for f in self.failures), default=0))
        waiting = [h for h in self.helps if h.seq > answered]
        return waiting[-1] if waiting and self.decision is None else None

    def unanswered_ratings(self) -> tuple[Entry[RatingAsked], ...]:
        """Ratings that were asked for and are still to come."""
        return tuple(a for a in self.asked if not self._rated(a))

    @property
    def first_unrated(self) -> int | None:
        """Since which entry a rating waits, if one does."""
        for asked in self.asked:
            if not self._rated(asked):
                return asked.seq
        return None

    def _rated(self, asked: Entry[RatingAsked]) -> bool:
        return any(
            r.actor == asked.event.rater
            and r.event.subject == asked.event.subject
            and r.seq > asked.seq
            for r in self.ratings
        )
