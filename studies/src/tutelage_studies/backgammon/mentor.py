"""The mentor: knows the expert's verdict on a play, and of the learner only what its calls show.

It shares a comparable experience, later asks, later only debriefs; what it works on is what best
explains this learner's slips. A recurring one it names as an obstacle, in words the learner can
test, and takes the name back when it no longer shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tutelage.domain.events import (
    Debriefed,
    Event,
    GuidanceGiven,
    ObstacleNamed,
    ObstacleOvercome,
)
from tutelage.guidance.brief import Brief, CriterionBrief
from tutelage.guidance.roles import Experience
from tutelage_studies.backgammon.bank import sort_of
from tutelage_studies.backgammon.board import KIND_WORDS, find, kind, read
from tutelage_studies.backgammon.casebook import Call, Casebook, Cause
from tutelage_studies.backgammon.expert import Verdict, verdict
from tutelage_studies.backgammon.questions import ask
from tutelage_studies.backgammon.words import Case, play_in, spoken, turned_on

MISSED = 3  # a criterion rated this or lower was missed
NAMES_AFTER = 3  # misses of one cause before it is called an obstacle
OVERCOME_AFTER = 5  # situations in a row that could have shown it and did not


@dataclass(slots=True)
class Obstacle:
    """A recurring cause of this learner's, and the situations since that could have shown it."""

    key: str
    criterion: str
    too_much: bool
    clear: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Mentor:
    """A trainer that knows the verdict, not the gaps; see `tutelage.guidance.roles`."""

    id: str
    casebook: Casebook = field(default_factory=Casebook)
    obstacles: dict[str, Obstacle] = field(default_factory=dict)
    _open: dict[tuple[str, bool], Obstacle] = field(default_factory=dict)
    _missed: dict[tuple[str, bool], list[str]] = field(default_factory=dict)
    _noticed: set[str] = field(default_factory=set)

    # before the decision -----------------------------------------------------------------------
    def guide(self, brief: Brief, bank: Sequence[Experience]) -> GuidanceGiven | None:
        """An experience or a question on what best explains the slip; nothing for a fine call."""
        call = self.casebook.note(brief)
        if call is None or call.verdict.fine:
            return None
        open_here = {c.key: c for c in brief.open_criteria}
        for cause in self.casebook.causes(call):
            if cause.criterion in open_here:
                return self._guidance(brief, call, cause, open_here[cause.criterion], bank)
        return None

    def _guidance(
        self,
        brief: Brief,
        call: Call,
        cause: Cause,
        criterion: CriterionBrief,
        bank: Sequence[Experience],
    ) -> GuidanceGiven:
        answers = brief.situation.own_call.seq if brief.situation.own_call else None
        known = self._open.get((cause.criterion, cause.too_much))
        obstacle = known.key if known else None
        experience = comparable(brief, call, cause, bank) if "share" in criterion.allowed else None
        if experience is None:
            return GuidanceGiven(
                situation=brief.key,
                move="ask",
                text=question(brief, cause),
                criteria=(cause.criterion,),
                answers=answers,
                obstacle=obstacle,
            )
        return GuidanceGiven(
            situation=brief.key,
            move="share",
            text=told(experience),
            criteria=(cause.criterion,),
            why=f"Your recent calls in such positions slipped on {spoken(cause.criterion)}.",
            experience=experience.key,
            answers=answers,
            obstacle=obstacle,
        )

    # after it ------------------------------------------------------------------------------------
    def debrief(self, brief: Brief) -> Debriefed | None:
        """The expert's play in this very position, what the learner's cost, and what to change."""
        call = self.casebook.note(brief)
        decision = brief.situation.decision
        if call is None or decision is None:
            return None
        here = read(brief.text)
        decided = find(here, play_in(str(decision.event.decision)) or "")
        if decided is None:
            return None
        judged, causes = verdict(here, decided), _worth_saying(self.casebook.causes(call))
        cause = causes[0] if causes else None
        known = self._open.get((cause.criterion, cause.too_much)) if cause else None
        return Debriefed(
            situation=brief.key,
            expected=_expected(brief),
            happened=_happened(judged),
            why=_why(call, causes),
            next=_next(call, cause),
            criteria=(cause.criterion,)
            if cause and not call.verdict.fine
            else brief.situation.criteria,
            obstacle=known.key if known and not call.verdict.fine else None,
        )

    def notice(self, brief: Brief) -> Sequence[Event]:
        """Obstacles that have become visible, and those that no longer show."""
        call = self.casebook.note(brief)
        if call is None or call.situation in self._noticed:
            return ()
        self._noticed.add(call.situation)
        self._recall(brief)
        cause = self._miss(call)
        return (*self._naming(call, cause), *self._clearing(call, cause))

    def _recall(self, brief: Brief) -> None:
        """Take up obstacles that the ledger holds and this mentor has not named itself."""
        for known in brief.obstacles:
            criterion, much, *_ = known.key.split("-")
            cause = (criterion, much == "much")
            if cause not in self._open:
                self.obstacles[known.key] = self._open[cause] = Obstacle(known.key, *cause)

    def _miss(self, call: Call) -> tuple[str, bool] | None:
        """The cause of a call that missed a criterion; None where it missed none."""
        if min(call.verdict.ratings.values(), default=5) > MISSED:
            return None
        causes = self.casebook.causes(call)
        return (causes[0].criterion, causes[0].too_much) if causes else None

    def _naming(self, call: Call, cause: tuple[str, bool] | None) -> Iterator[Event]:
        if cause is None:
            return
        seen = self._missed.setdefault(cause, [])
        seen.append(call.situation)
        if len(seen) < NAMES_AFTER or cause in self._open:
            return
        criterion, too_much = cause
        key = f"{criterion}-{'much' if too_much else 'little'}-{call.situation}"
        self.obstacles[key] = self._open[cause] = Obstacle(key, criterion, too_much)
        quoted = tuple(seen[-NAMES_AFTER:])
        yield ObstacleNamed(
            obstacle=key,
            text=_failure(criterion, too_much),
            when=self._when(quoted),
            criteria=(criterion,),
            situations=quoted,
        )

    def _when(self, situations: Sequence[str]) -> str:
        kinds = dict.fromkeys(kind(self.casebook.calls[s].position.board) for s in situations)
        return f"So far in {', '.join(KIND_WORDS[k] for k in kinds)}."

    def _clearing(self, call: Call, cause: tuple[str, bool] | None) -> Iterator[Event]:
        for key, known in tuple(self._open.items()):
            if known.criterion not in call.verdict.lost:
                continue
            if key == cause:
                known.clear.clear()
                continue
            known.clear.append(call.situation)
            if len(known.clear) >= OVERCOME_AFTER:
                del self._open[key]
                self._missed[key] = []
                yield ObstacleOvercome(
                    obstacle=known.key,
                    situations=tuple(known.clear),
                    because=(
                        f"The last {len(known.clear)} situations that touched "
                        f"{spoken(known.criterion)} could have shown it and did not."
                    ),
                )


# choosing what to say ----------------------------------------------------------------------------
def comparable(
    brief: Brief, call: Call, cause: Cause, bank: Sequence[Experience]
) -> Experience | None:
    """An experience of the same kind that turned on the same thing, one not told yet."""
    here = kind(call.position.board)
    used = {t.event.experience for t in brief.told}
    fitting = [e for e in bank if sort_of(e)[1:] == (cause.criterion, cause.too_much)]
    fresh = [e for e in fitting if e.key not in used]
    alike = [e for e in fresh if sort_of(e)[0] == here]
    return next(iter([*alike, *fresh]), None)


def told(experience: Experience) -> str:
    """An experience as the mentor tells it."""
    return f"I once stood like this. {experience.did} {experience.why} {experience.came_out}"


def question(brief: Brief, cause: Cause) -> str:
    """A question on the criterion at stake that this learner was not asked of late."""
    before = [t for t in brief.told if t.event.move == "ask"]
    same = sum(cause.criterion in t.event.criteria for t in before)
    return ask(cause.criterion, too_much=cause.too_much, variant=same + len(brief.not_taken_up))


def _worth_saying(causes: Sequence[Cause]) -> tuple[Cause, ...]:
    """The first cause, and a second that weighs at least half as much."""
    return tuple(c for c in causes[:2] if c.points * 2 >= causes[0].points)


# in its own words --------------------------------------------------------------------------------
def _expected(brief: Brief) -> str:
    return f"Your own call: {brief.call} {brief.why}"


def _happened(judged: Verdict) -> str:
    said = f'What you decided, "{judged.played}", gave up {judged.loss:.3f} points.'
    return f"{said} That is as good as it gets." if judged.fine else said


def _why(call: Call, causes: Sequence[Cause]) -> str:
    judged = call.verdict
    if judged.fine:
        return f'Your own call "{judged.played}" is as good as the best play.'
    case = Case(call.position, judged.best, judged.played, judged.loss)
    if not causes:
        return f"{case} Your weighing does not explain it; the position is an exception."
    said = [
        turned_on(c.criterion, too_much=c.too_much, whose="your own call", also=at > 0)
        for at, c in enumerate(causes)
    ]
    return " ".join([str(case), *said])


def _next(call: Call, cause: Cause | None) -> str:
    if call.verdict.fine:
        return "Keep what you weighed here."
    if cause is None:
        return "Keep your weighing; remember the exception."
    way = "less" if cause.too_much else "more"
    where = KIND_WORDS[kind(call.position.board)]
    return f"In {where}, weigh {spoken(cause.criterion)} somewhat {way} and solve it once more."


def _failure(criterion: str, too_much: bool) -> str:
    name = spoken(criterion)
    if too_much:
        return (
            f"Pays too much for {name}: makes plays that give up more elsewhere than it is worth."
        )
    return f"Gives {name} too little weight: passes over plays that do more for it."
