"""A mentor without a model: shares what it handled in a case like this one, and why."""

from __future__ import annotations

from collections.abc import Sequence

from tutelage.domain.events import Debriefed, Event, GuidanceGiven
from tutelage.evidence.novelty import similarity
from tutelage.guidance.brief import Brief, CriterionBrief
from tutelage.guidance.roles import Experience
from tutelage.trainers.coach import asking
from tutelage.trainers.observing import debrief, focus, notice, obstacle_on

ON_CRITERION = 0.5  # an experience on the criterion at hand outweighs one that merely sounds alike
TOLD = 2.0  # one told before comes last, however alike it is


class ExperienceMentor:
    """Shares from its bank of experiences at `share`, asks at `ask`, debriefs afterwards.

    >>> ExperienceMentor("mentor").id
    'mentor'
    """

    def __init__(self, id: str) -> None:  # noqa: A002  # the word the protocol uses
        self.id = id

    def guide(self, brief: Brief, bank: Sequence[Experience]) -> GuidanceGiven | None:
        """An experience like this case where sharing is allowed; else a question."""
        at = focus(brief, "share")
        chosen = _closest(brief, at, bank) if at is not None else None
        if at is not None and chosen is not None:
            given = _share(brief, at, chosen)
            if given.text not in {t.event.text for t in brief.told}:
                return given  # told twice, in both ways, it is not told again
        at = focus(brief, "ask")
        return None if at is None else asking(brief, at)

    def debrief(self, brief: Brief) -> Debriefed | None:
        """What was expected, what happened, and what to keep or change."""
        at = focus(brief)
        if at is None:
            return None
        better = at.anchors[3] if len(at.anchors) == 5 else "give it its weight"
        return debrief(brief, at, f"On {at.name}, this is what to aim at: {better}")

    def notice(self, brief: Brief) -> Sequence[Event]:
        """Obstacles that the ratings show, and those they show no more."""
        return notice(brief)


def _closest(brief: Brief, at: CriterionBrief, bank: Sequence[Experience]) -> Experience | None:
    def fit(e: Experience) -> float:
        on = ON_CRITERION if at.key in e.criteria else 0.0
        again = TOLD if e.key in brief.shared else 0.0
        return similarity(e.case, brief.text) + on - again

    return max(bank, key=fit, default=None)


def _share(brief: Brief, at: CriterionBrief, e: Experience) -> GuidanceGiven:
    text = (
        f"I was in something like this once. {e.case} What I did: {e.did} Why: {e.why} "
        f"How it came out: {e.came_out}"
    )
    if (
        e.key in brief.shared
    ):  # said differently: the reason first, since the story alone did not reach
        text = (
            f"What matters to me here is this: {e.why} I took it from this: {e.case} {e.came_out}"
        )
    return GuidanceGiven(
        situation=brief.key,
        move="share",
        text=text,
        criteria=(at.key,),
        why=f"It turned on {at.name}, as this may.",
        experience=e.key,
        obstacle=obstacle_on(brief, at.key),
    )
