"""A mentor without a model: shares what it handled in a case like this one, and why."""

from __future__ import annotations

from collections.abc import Sequence

from tutelage.domain.events import GuidanceGiven
from tutelage.evidence.novelty import similarity
from tutelage.guidance.brief import Brief, CriterionBrief
from tutelage.guidance.roles import Experience
from tutelage.trainers.acting import asks_first
from tutelage.trainers.coach import asking
from tutelage.trainers.observing import Observing, focus, obstacle_on

ON_CRITERION = 0.5  # an experience on the criterion at hand outweighs one that merely sounds alike
TOLD = 2.0  # one told before comes last, however alike it is
ELSEWHERE = 0.4  # of two that fit, rather the one that no other learner was told


class ExperienceMentor(Observing):
    """Shares from its bank of experiences at `share`, asks at `ask`, debriefs afterwards.

    >>> ExperienceMentor("mentor").id
    'mentor'
    """

    def guide(self, brief: Brief, bank: Sequence[Experience]) -> GuidanceGiven | None:
        """An experience like this case where sharing is allowed; else a question."""
        ask, share = focus(brief, "ask"), focus(brief, "share")
        if share is not None and not (ask and asks_first(brief, ask)):
            given = _told(brief, share, bank)
            if given is not None and given.text not in {t.event.text for t in brief.told}:
                return given  # told twice, in both ways, it is not told again
        return None if ask is None else asking(brief, ask)

    def following(self, brief: Brief, at: CriterionBrief) -> str:
        """What to aim at."""
        del brief
        better = at.anchors[3] if len(at.anchors) == 5 else "give it its weight"
        return f"On {at.name}, this is what to aim at: {better}"


def _told(brief: Brief, at: CriterionBrief, bank: Sequence[Experience]) -> GuidanceGiven | None:
    chosen = _closest(brief, at, bank)
    return None if chosen is None else _share(brief, at, chosen)


def _closest(brief: Brief, at: CriterionBrief, bank: Sequence[Experience]) -> Experience | None:
    def fit(e: Experience) -> float:
        on = ON_CRITERION if at.key in e.criteria else 0.0
        again = TOLD if e.key in brief.shared else 0.0
        elsewhere = ELSEWHERE if e.key in brief.elsewhere else 0.0
        return similarity(e.case, brief.text) + on - again - elsewhere

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
