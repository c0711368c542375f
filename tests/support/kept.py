"""A relationship with a principle in its notebook, and unassisted calls before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.support import seeded
from tests.support.seeded import KEYS, opened, own_call
from tutelage import Tutelage
from tutelage.domain.events import PrincipleKept, PrincipleMarked, QuestionKept, Rated

SAYS = "Look at what changed last"


def principle(key: str = "last-change", **more: Any) -> PrincipleKept:
    words = {
        "says": SAYS,
        "when": "Something broke at once",
        "when_not": "It grew slowly",
        "because": "A change of ours explains most nights",
    }
    return PrincipleKept(principle=key, criteria=KEYS[:1], **{**words, **more})


def call(desk: Tutelage, key: str, ratings: int) -> None:
    """One situation with a rated own call and a decision, without any guidance."""
    desk.write("r", opened(key), actor="leo")
    desk.write("r", own_call(key), actor="leo")
    given = dict.fromkeys(KEYS[:2], ratings)
    desk.write("r", Rated(situation=key, subject="own_call", ratings=given), actor="mia")


def keep(
    desk: Tutelage,
    after: Sequence[int] = (4, 4, 5),
    mark: str | None = "sound",
    **more: Any,
) -> None:
    """A baseline rated 2, a principle and a question, and these ratings after it."""
    seeded.guide(desk)
    kept = principle(**more)
    desk.write("r", kept, actor="leo")
    question = QuestionKept(question="q", text="What changed last?", criteria=KEYS[:1])
    desk.write("r", question, actor="leo")
    for n, ratings in enumerate(after):
        call(desk, f"a{n}", ratings)
    if mark is not None:
        marked: Any = {"principle": kept.principle, "mark": mark, "why": "It held"}
        desk.write("r", PrincipleMarked(**marked), actor="mia")
