"""Who takes part in the tests' relationships, and the goal they work on."""

from __future__ import annotations

from collections.abc import Iterable

from tutelage.domain.events import GoalSet
from tutelage.domain.terms import Criterion, Party

CRITERIA = ("order", "people", "doubt")

LEA = Party(id="lea", kind="person")
TOM = Party(id="tom", kind="person")
RITA = Party(id="rita", kind="person")
RAY = Party(id="ray", kind="person")
OLGA = "olga"
BOT = Party(id="bot", kind="agent", owner=OLGA)
MENTOR = Party(id="mentor-bot", kind="agent", owner=OLGA)
JUDGE = Party(id="judge-1", kind="agent", owner=OLGA)
JUDGE_2 = Party(id="judge-2", kind="agent", owner=OLGA)


def criterion(key: str) -> Criterion:
    names = {
        "order": "Settles first what everything else waits for",
        "people": "Tells those who act on it, and nobody else",
        "doubt": "Says what would change the decision",
    }
    anchors = (
        "played no part",
        "seen, but misread",
        "handled by the book",
        "handled with reasons that fit this case",
        "adapted to what was unusual here",
    )
    return Criterion(key=key, name=names.get(key, key), anchors=anchors)


def goal(keys: Iterable[str] = CRITERIA) -> GoalSet:
    return GoalSet(
        situation="An incident at night with several causes possible",
        behaviour="Decides within ten minutes what to stop, whom to wake and what to leave",
        today="Wakes everybody and follows the runbook from the top",
        horizon="By the end of June",
        criteria=tuple(criterion(k) for k in keys),
    )
