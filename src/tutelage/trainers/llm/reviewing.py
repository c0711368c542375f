"""Two readers by a language model whose findings are for people: of goals, and of accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from tutelage.domain import goal as goals
from tutelage.domain.events import AccountWritten
from tutelage.domain.goal import Missing, Review
from tutelage.domain.situation import Situation
from tutelage.domain.text import Gone
from tutelage.trainers.llm.calls import ByModel
from tutelage.trainers.llm.data import Fence, found
from tutelage.trainers.llm.replies import Claim, Claims, Reviewed
from tutelage.trainers.llm.run import Unfit
from tutelage.trainers.llm.shown import record, scale
from tutelage.trainers.llm.training import asks_only

Verdict = Literal["supported", "contradicted", "not_recorded"]


class GoalReviewer(ByModel):
    """Asks what a goal leaves open, once the rules have let it pass; it refuses nothing itself.

    >>> GoalReviewer("reviewer", "test").prompt_version
    'goal-1'
    """

    kind: ClassVar[str] = "goal"

    def review(self, goal: Mapping[str, Any]) -> Review:
        """What is missing: by the rules, and only where they accept it, by the model."""
        by_rule = goals.review(goal)
        if not by_rule.accepted:
            return by_rule

        def check(reviewed: Reviewed) -> None:
            for one in reviewed.missing:
                asks_only(one.question)

        reviewed = self._ask(_goal_shown(goal, self._fence()), Reviewed, check)
        return Review(tuple(Missing(m.part, m.question) for m in reviewed.missing))


def _goal_shown(goal: Mapping[str, Any], fence: Fence) -> str:
    parts = [(part, str(goal.get(part, ""))) for part in ("situation", "behaviour", "today")]
    parts.append(("horizon", str(goal.get("horizon", ""))))
    for criterion in goal.get("criteria", ()):
        words = f"{criterion.get('name', '')}\n{scale(list(criterion.get('anchors', ())))}"
        parts.append((f"criterion {criterion.get('key', '')}", words))
    return fence.texts(parts)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing an account says happened, what the record says of it, and where."""

    quote: str
    verdict: Verdict
    entry: int | None = None
    recorded: str | None = None

    def __str__(self) -> str:
        where = f": entry {self.entry} says “{self.recorded}”" if self.entry else ""
        return f"“{self.quote}” is {self.verdict.replace('_', ' ')}{where}."


class AccountChecker(ByModel):
    """Holds the facts of an account against what was recorded in its situation, with quotes.

    >>> print(Fact("They agreed.", "contradicted", 7, "nobody agreed"))
    “They agreed.” is contradicted: entry 7 says “nobody agreed”.
    """

    kind: ClassVar[str] = "facts"

    def check(self, known: Situation) -> tuple[Fact, ...]:
        """The facts of the situation's account; none where it has no account."""
        account = known.account.event if known.account else None
        if account is None:
            return ()
        told, entries = _told(account), record(known)

        def check(claims: Claims) -> None:
            for one in claims.claims:
                _is_quoted(one, told, entries)

        fence = self._fence()
        shown = [("account", told), *((f"entry {seq}", text) for seq, text in entries.items())]
        claims = self._ask(fence.texts(shown), Claims, check).claims
        return tuple(_fact(one, told, entries) for one in claims)


def _told(account: AccountWritten) -> str:
    """All that an account says, as it is quoted."""
    texts = (account.noticed, account.missed, *account.options, account.happened, account.because)
    return "\n".join(t for t in texts if t is not None and not isinstance(t, Gone))


def _is_quoted(one: Claim, told: str, entries: dict[int, str]) -> None:
    if found(one.quote, [told]) is None:
        raise Unfit("A quote is not in the account; copy its words.", "quote_not_there")
    if one.verdict == "not_recorded":
        return
    if one.entry not in entries:
        raise Unfit(f"Name one of the entries {', '.join(map(str, entries))}.")
    if found(one.recorded or "", [entries[one.entry]]) is None:
        raise Unfit(f"Entry {one.entry} does not say that; copy its words.", "quote_not_there")


def _fact(one: Claim, told: str, entries: dict[int, str]) -> Fact:
    quote = found(one.quote, [told]) or ""
    if one.entry is None or one.verdict == "not_recorded":
        return Fact(quote, one.verdict)
    return Fact(quote, one.verdict, one.entry, found(one.recorded or "", [entries[one.entry]]))
