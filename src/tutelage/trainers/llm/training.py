"""A mentor and a coach that work by a language model, within the moves that the levels allow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from tutelage.domain.errors import Unavailable
from tutelage.domain.events import Debriefed, Event, GuidanceGiven
from tutelage.guidance import moves
from tutelage.guidance.brief import Brief
from tutelage.guidance.roles import Experience
from tutelage.trainers.coach import QuestionCoach
from tutelage.trainers.llm.calls import ByModel
from tutelage.trainers.llm.data import found, numbers, words
from tutelage.trainers.llm.replies import Asking, Debriefing, Guiding
from tutelage.trainers.llm.run import Unfit
from tutelage.trainers.llm.shown import experience, of_brief, of_decision, said_before
from tutelage.trainers.mentor import ExperienceMentor
from tutelage.trainers.observing import Observing, debrief, obstacle_on

OWN = 0.5  # of a story's words that carry meaning: at least as many from the bank and the case
COPIED = 4  # words that carry meaning in the passages it repeats


class ModelTrainer(ByModel):
    """What mentor and coach have in common: the debrief, and obstacles, which need no model."""

    plain: Observing

    def debrief(self, brief: Brief) -> Debriefed | None:
        """A debrief about what the learner said and did; from the record alone without a budget."""
        by_hand = self.plain.debrief(brief)
        if by_hand is None:
            return None
        try:
            said = self._debriefing(brief)
        except Unavailable as gone:
            if gone.code != "budget_spent":
                raise
            return by_hand
        return _debriefed(brief, by_hand, said)

    def notice(self, brief: Brief) -> Sequence[Event]:
        """Obstacles that the ratings show, and those they show no more; without a model."""
        return self.plain.notice(brief)

    def _debriefing(self, brief: Brief) -> Debriefing:
        focus = {c.key for c in brief.criteria if c.in_focus}

        def check(said: Debriefing) -> None:
            _only(said.criteria, focus)
            if found(said.quote, _said_and_done(brief)) is None:
                raise Unfit("The quote is not what the learner said or did; copy its words.")

        data = of_decision(brief, self._fence())
        return self._ask(data, Debriefing, check, as_kind="debrief")


class ModelCoach(ModelTrainer):
    """A coach by a model: it only asks, and what tells is refused before anybody reads it.

    >>> ModelCoach("coach", "test").prompt_version
    'coach-1'
    """

    kind: ClassVar[str] = "coach"

    def __init__(self, id: str, model: Any, **given: Any) -> None:  # noqa: A002
        super().__init__(id, model, **given)
        self.plain = QuestionCoach(id)

    def guide(self, brief: Brief, bank: Sequence[Experience]) -> GuidanceGiven | None:
        """One question on a criterion that may get one; None where none may."""
        del bank  # a coach asks
        may = _keys(brief, "ask")
        if not may:
            return None

        def check(said: Asking) -> None:
            _only(said.criteria, may)
            asks_only(said.text)
            _is_new(brief, said.text)

        said = self._ask(of_brief(brief, self._fence()), Asking, check)
        return _given(brief, "ask", said)


class ModelMentor(ModelTrainer):
    """A mentor by a model: shares from the bank it is handed, and why; asks at `ask`.

    >>> ModelMentor("mentor", "test").id
    'mentor'
    """

    kind: ClassVar[str] = "mentor"

    def __init__(self, id: str, model: Any, **given: Any) -> None:  # noqa: A002
        super().__init__(id, model, **given)
        self.plain = ExperienceMentor(id)

    def guide(self, brief: Brief, bank: Sequence[Experience]) -> GuidanceGiven | None:
        """An experience of its own, or a question, where the level allows it."""
        if not brief.open_criteria:
            return None
        known = {e.key: e for e in bank}

        def check(said: Guiding) -> None:
            _only(said.criteria, _keys(brief, said.move), said.move)
            if said.move == "ask":
                asks_only(said.text)
                _is_new(brief, said.text)
            elif said.move == "share":
                _is_own(said, brief, known.get(said.experience or ""))

        said = self._ask(of_brief(brief, self._fence(), bank), Guiding, check)
        shared = said.experience if said.move == "share" else None
        return _given(brief, said.move, said, experience=shared)


def asks_only(text: str) -> None:
    """Raise Unfit where a text gives the answer, with the part that gives it."""
    reading = moves.read(text)
    if reading.move in {"tell", "share"}:
        start, end = reading.quote or (0, 80)
        raise Unfit(
            f"This part tells instead of asking: “{text[start:end][:120]}”. Ask one open question "
            "about the learner's own reasoning, without any advice or statement.",
            "tells_at_ask",
        )
    if "?" not in text and "\uff1f" not in text and "\u061f" not in text:
        raise Unfit("Ask a question.", "tells_at_ask")


def _is_new(brief: Brief, text: str) -> None:
    if text.strip() in {q.strip() for q in said_before(brief)}:
        raise Unfit("This was asked before; ask something else, or ask it differently.")


def _is_own(said: Guiding, brief: Brief, told: Experience | None) -> None:
    """Raise Unfit unless the story is the experience that it names, and adds nothing to it."""
    if told is None:
        raise Unfit("Name the key of one of the experiences shown, or ask instead.")
    story = experience(told)
    copied = [p for p in said.copied if found(p, [story]) and found(p, [said.text])]
    if len(set().union(*map(words, copied)) if copied else ()) < min(COPIED, len(words(story))):
        raise Unfit("Repeat at least one passage of that experience word by word, in `copied` too.")
    known = f"{story}\n{brief.text}\n{brief.call}\n{brief.why}"
    if not numbers(said.text) <= numbers(known):
        raise Unfit("Leave out numbers that neither the experience nor the case has.")
    mine = words(said.text)
    if len(mine & words(known)) < OWN * len(mine):
        raise Unfit("Tell what the experience says; most of this is not in it.")


def _only(said: Sequence[str], may: set[str], move: str = "this") -> None:
    if not set(said) <= may:
        can = ", ".join(sorted(may)) or "none here"
        raise Unfit(f"The criteria that may get {move} are: {can}.", "above_level")


def _keys(brief: Brief, move: str) -> set[str]:
    return {c.key for c in brief.open_criteria if move in c.allowed}


def _given(
    brief: Brief, move: Any, said: Asking | Guiding, experience: str | None = None
) -> GuidanceGiven:
    criteria = tuple(dict.fromkeys(said.criteria))
    return GuidanceGiven(
        situation=brief.key,
        move=move,
        text=said.text,
        criteria=criteria,
        why=said.why,
        experience=experience,
        obstacle=obstacle_on(brief, criteria[0]),
    )


def _debriefed(brief: Brief, by_hand: Debriefed, said: Debriefing) -> Debriefed:
    """What was expected and what happened stand in the record; the model adds why and what next."""
    at = next(c for c in brief.criteria if c.key == said.criteria[0])
    quote = found(said.quote, _said_and_done(brief)) or ""
    made = debrief(brief, at, said.next)
    return Debriefed(
        situation=made.situation,
        expected=by_hand.expected,
        happened=by_hand.happened,
        why=f"“{quote}” {said.why}",
        next=made.next,
        criteria=made.criteria,
        obstacle=made.obstacle,
    )


def _said_and_done(brief: Brief) -> list[str]:
    known = brief.situation
    decided = known.decision.event if known.decision else None
    texts = (brief.call, brief.why, decided and decided.decision, decided and decided.why)
    return [str(t) for t in texts if t]
