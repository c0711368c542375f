"""A language model as the mentor of the demo: ``tutelage demo --model openai:gpt-5``.

It sees the position, the own call and the bank, and no verdict of the expert's. What it shares is
told with the case as the bank has it, so that this learner, which reads nothing else, can solve it
again. Debriefs come from the record alone: the raters, and the arms, stay what they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from tutelage.domain.events import Debriefed, GuidanceGiven
from tutelage.guidance.brief import Brief
from tutelage.guidance.roles import Experience
from tutelage.trainers.llm import Budget, ModelMentor
from tutelage_studies.backgammon.mentor import told

BUDGET = Budget(tokens=3_000_000)  # a run of sixty games asks some three hundred times


class ModelledMentor(ModelMentor):
    """A mentor by a model, for a learner that reads cases."""

    def guide(self, brief: Brief, bank: Sequence[Experience]) -> GuidanceGiven | None:
        """What the model says, with the case it shares as the bank has it."""
        given = super().guide(brief, bank)
        shared = next((e for e in bank if given and e.key == given.experience), None)
        if given is None or shared is None:
            return given
        return given.model_copy(update={"text": f"{given.text} {told(shared)}"})

    def debrief(self, brief: Brief) -> Debriefed | None:
        """From the record alone: this learner reads nothing in free words."""
        return self.plain.debrief(brief)


def mentor(id: str, model: str) -> ModelledMentor:  # noqa: A002
    """The mentor by that model. Raises Unavailable where it cannot be used."""
    made = ModelledMentor(id, model, budget=BUDGET)
    made.ready()
    return made
