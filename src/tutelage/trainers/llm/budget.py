"""What a language model may cost in one relationship, and what it has cost there already."""

from __future__ import annotations

from dataclasses import dataclass

from tutelage.domain.errors import Malformed


@dataclass(frozen=True, slots=True)
class Spent:
    """What the calls of one agent in one relationship came to.

    >>> str(Spent(1200, 0.5) + Spent(300))
    '1,500 tokens, $0.50'
    """

    tokens: int = 0
    cost: float = 0.0
    seconds: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            self.tokens + other.tokens, self.cost + other.cost, self.seconds + other.seconds
        )

    def __str__(self) -> str:
        return f"{self.tokens:,} tokens, ${self.cost:.2f}"


@dataclass(frozen=True, slots=True)
class Budget:
    """What an agent may spend in one relationship, and on one answer; None sets no limit.

    `tokens`, `cost` (US dollars, where the price is known) and `seconds` of waiting are counted
    from the ledger's `ModelCalled` entries. One answer may take `tries` calls, of `answer_seconds`
    and `answer_tokens` each.

    >>> Budget(tokens=1000).allows(Spent(tokens=1000))
    False
    """

    tokens: int | None = 500_000
    cost: float | None = None
    seconds: float | None = None
    answer_seconds: float = 60.0
    answer_tokens: int = 2000
    tries: int = 3

    def __post_init__(self) -> None:
        given = (self.tokens, self.cost, self.seconds, self.answer_seconds, self.answer_tokens)
        if any(n is not None and not n >= 0 for n in given) or self.tries < 1:
            raise Malformed("bad_budget", "A budget has numbers from 0 up, and at least one try.")

    def allows(self, spent: Spent) -> bool:
        """Whether one more call may be made after these."""
        pairs = (
            (self.tokens, spent.tokens),
            (self.cost, spent.cost),
            (self.seconds, spent.seconds),
        )
        return all(limit is None or used < limit for limit, used in pairs)
