"""One answer in the making: what it may cost, the calls it took, and why a reply is unfit."""

from __future__ import annotations

from dataclasses import dataclass, field

from tutelage.domain.events import ModelCalled
from tutelage.trainers.llm.budget import Budget, Spent


class Unfit(Exception):
    """A reply that may not be used, and why: the model is told, and asked again."""

    def __init__(self, reason: str, code: str = "model_nonsense") -> None:
        super().__init__(reason)
        self.reason, self.code = reason, code


@dataclass(slots=True)
class Run:
    """One answer in the making: what may be spent on it, and the calls it took."""

    agent: str
    name: str
    prompt_version: str
    budget: Budget
    before: Spent
    calls: list[ModelCalled] = field(default_factory=list)
    unfit: Unfit | None = None

    @property
    def spent(self) -> Spent:
        """What the relationship has paid for this agent, this answer included."""
        tokens = sum(c.tokens_in + c.tokens_out for c in self.calls)
        cost, seconds = sum(c.cost for c in self.calls), sum(c.seconds for c in self.calls)
        return self.before + Spent(tokens, cost, seconds)

    def made(self, model: str, tokens: tuple[int, int], cost: float, seconds: float) -> None:
        """Take down one call."""
        named = (
            self.name if model in {"", self.name.partition(":")[2]} else f"{self.name} ({model})"
        )
        self.calls.append(
            ModelCalled(
                model=named[:120],
                prompt_version=self.prompt_version,
                tokens_in=tokens[0],
                tokens_out=tokens[1],
                cost=cost,
                agent=self.agent,
                seconds=round(seconds, 3),
            )
        )
