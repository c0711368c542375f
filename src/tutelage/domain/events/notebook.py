"""The notebook: the learner's own principles and questions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tutelage.domain.events.base import (
    Keys,
    LearnerEvent,
    Seqs,
    TrainerEvent,
)
from tutelage.domain.terms import (
    Key,
)
from tutelage.domain.text import Text


class PrincipleKept(LearnerEvent):
    """Keep a principle in your own words: when it holds, when not, and because."""

    kind: Literal["principle_kept"] = "principle_kept"
    principle: Key
    says: Text
    when: Text
    when_not: Text
    because: Text
    criteria: Annotated[Keys, Field(max_length=6)] = ()
    follows: Annotated[Seqs, Field(description="The guidance it came from")] = ()


class PrincipleRevised(PrincipleKept):
    """Revise a principle of yours."""

    kind: Literal["principle_revised"] = "principle_revised"  # type: ignore[assignment]


class PrincipleDropped(LearnerEvent):
    """Drop a principle that no longer serves you."""

    kind: Literal["principle_dropped"] = "principle_dropped"
    principle: Key
    why: Text | None = None


class QuestionKept(LearnerEvent):
    """Keep a question that you now ask yourself."""

    kind: Literal["question_kept"] = "question_kept"
    question: Key
    text: Text
    criteria: Annotated[Keys, Field(max_length=6)] = ()
    follows: Seqs = ()


class PrincipleMarked(TrainerEvent):
    """Call a principle sound or contested, and say why; the learner's words stay."""

    kind: Literal["principle_marked"] = "principle_marked"
    principle: Key
    mark: Literal["sound", "contested"]
    why: Text
