"""One situation of a course, with the verbs of its participants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tutelage.domain.entry import Entry, Findings
from tutelage.domain.events import (
    AccountWritten,
    Answered,
    Debriefed,
    DecisionRecorded,
    Event,
    GuidanceFailed,
    GuidanceGiven,
    GuidanceRead,
    HelpAsked,
    OutcomeRecorded,
    OwnCallRecorded,
    Rated,
    RatingAsked,
    SituationDropped,
)
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Role
from tutelage.guidance.blind import shown_to

if TYPE_CHECKING:
    from tests.support.course import Course


class Case:
    """One situation of a course, with the verbs of its participants; each returns the case."""

    def __init__(self, course: Course, key: str):
        self.course, self.key = course, key

    @property
    def here(self) -> Situation:
        """The situation as folded."""
        return self.course._at(self.key)

    @property
    def last(self) -> Entry[Any]:
        return self.course.entries[-1]

    def _learner(self, event: Event, findings: Findings | None = None) -> Case:
        self.course.write(event, role=Role.LEARNER, findings=findings)
        return self

    def _trainer(self, event: Event) -> Case:
        self.course.write(event, role=Role.TRAINER)
        return self

    def own_call(self, **given: Any) -> Case:
        words = {
            "call": "Stop the deploy, wake nobody",
            "why": "Everything else waits for it",
            "expects": "The queue drains within ten minutes",
        }
        return self._learner(OwnCallRecorded(situation=self.key, **{**words, **given}))

    def asked(self, about: Any = "is_it_sound", *, urgent: bool = False) -> Case:
        event = HelpAsked(situation=self.key, question="Well?", about=about, urgent=urgent)
        return self._learner(event)

    def guided(
        self, move: Any = "share", criteria: tuple[str, ...] | None = None, **given: Any
    ) -> Case:
        touched = self.here.criteria if criteria is None else criteria
        given.setdefault("text", f"SECRET of {self.key}")
        if move == "share":
            given.setdefault("experience", "night-17")
        return self._trainer(
            GuidanceGiven(situation=self.key, move=move, criteria=touched, **given)
        )

    def read(self) -> Case:
        """Collect all guidance that waits."""
        for given in self.here.unread:
            self._learner(GuidanceRead(situation=self.key, guidance=given.entry.seq))
        return self

    def answered(self) -> Case:
        seq = self.here.guidance[-1].entry.seq
        return self._learner(Answered(situation=self.key, guidance=seq, text="I would wait"))

    def failed(self) -> Case:
        self.course.write(GuidanceFailed(situation=self.key, reason="no answer in time"))
        return self

    def decided(self, **given: Any) -> Case:
        words = {"decision": "Stopped the deploy", "why": "It fed the queue"}
        return self._learner(DecisionRecorded(situation=self.key, **{**words, **given}))

    def came_out(self) -> Case:
        return self._learner(OutcomeRecorded(situation=self.key, text="The queue drained"))

    def accounted(self, *, findings: Findings | None = None, **given: Any) -> Case:
        words: dict[str, Any] = {
            "noticed": "The deploy started first",
            "options": ("stop the deploy", "add workers"),
            "turned_on": self.here.criteria[0],
            "asked_myself": "What feeds the queue?",
            "happened": "It drained",
        }
        event = AccountWritten(situation=self.key, **{**words, **given})
        return self._learner(event, findings)

    def debriefed(self, criteria: tuple[str, ...] = ("order",), role: Role = Role.TRAINER) -> Case:
        words = {"expected": "it drains", "happened": "it did", "why": "the feed", "next": "keep"}
        event = Debriefed(situation=self.key, criteria=criteria, **words)
        self.course.write(event, role=role)
        return self

    def dropped(self) -> Case:
        return self._learner(SituationDropped(situation=self.key))

    def rated(self, every: int | None = None, *, subject: Any = "own_call", **given: Any) -> Case:
        """All raters who were asked rate; either every criterion, or the criteria named."""
        said = {k: given.pop(k) for k in ("novel", "difficult") if k in given}
        ratings = dict.fromkeys(self.here.criteria, every) if every else given
        for asked in self.here.unanswered_ratings():
            if asked.event.subject == subject:
                event = Rated(situation=self.key, subject=subject, ratings=ratings, **said)
                self._rate(event, asked.event.rater)
        return self

    def checked(
        self,
        *raters: str,
        shows: bool = True,
        consistent: bool = True,
        quotes: dict[str, str] | None = None,
    ) -> Case:
        """These raters are asked to check the account, and do."""
        for rater in raters:
            shown = shown_to(self.course.state, rater, "account")
            event = RatingAsked(situation=self.key, subject="account", rater=rater, shown=shown)
            self.course.write(event)
            check_ = Rated(
                situation=self.key,
                subject="account",
                shows_criterion=shows,
                consistent=consistent,
                quotes=quotes if quotes is not None else {"order": "it waits for nothing"},
            )
            self._rate(check_, rater)
        return self

    def _rate(self, event: Rated, rater: str) -> None:
        trainer = self.course.state.trainer
        trains = trainer is not None and trainer.id == rater
        self.course.write(event, rater, Role.TRAINER if trains else Role.RATER)

    def refused(self, event: Event, role: Role = Role.LEARNER) -> str | None:
        """The code an event about this situation is refused with."""
        return self.course.code(event, role=role)
