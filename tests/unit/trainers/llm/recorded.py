"""Models that answer with recorded replies, one after the other; no network, no key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.usage import RequestUsage

Reply = dict[str, Any] | str | Exception | Callable[[str], Any]


class Recorded(FunctionModel):
    """Answers with these replies, the last one again and again; keeps what it was shown."""

    def __init__(
        self,
        *replies: Reply,
        name: str = "recorded",
        answers_as: str | None = None,
        tokens: int = 100,
        cost: str | None = None,
    ) -> None:
        super().__init__(self._reply, model_name=name)
        self.answers_as = answers_as or name
        self.replies, self.tokens = list(replies), tokens
        self.price = None if cost is None else Decimal(cost)
        self.shown: list[str] = []
        self.infos: list[AgentInfo] = []

    async def request(self, *asked: Any) -> ModelResponse:
        response = await super().request(*asked)
        response.model_name = self.answers_as
        return response

    async def _reply(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        self.shown.append(_text(messages[-1]))
        self.infos.append(info)
        reply = self.replies[min(len(self.shown), len(self.replies)) - 1]
        if isinstance(reply, Exception):
            raise reply
        said = reply(_text(messages[0])) if callable(reply) else reply
        tool = info.output_tools[0].name
        part = TextPart(said) if isinstance(said, str) else ToolCallPart(tool, said)
        usage = RequestUsage(input_tokens=self.tokens, output_tokens=10, cost=self.price)
        return ModelResponse([part], usage=usage)


def _text(message: ModelMessage) -> str:
    return "\n".join(str(getattr(p, "content", "")) for p in message.parts)


class Silent(Recorded):
    """Takes longer than anybody waits; answers when it is asked for the n-th time."""

    def __init__(self, *replies: Reply, times: int = 99) -> None:
        super().__init__(*replies)
        self.times = times

    async def _reply(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        self.times -= 1
        if self.times >= 0:
            await asyncio.sleep(60)
        return await super()._reply(messages, info)


def asking(text: str = "What would change your mind?", *criteria: str) -> dict[str, Any]:
    return {"criteria": list(criteria or ("order",)), "text": text, "why": "It left this out."}


def rating(quote: str, rated: int | None = 4, *criteria: str) -> dict[str, Any]:
    """The same rating, with the same quote, on each criterion."""
    some = [
        {"criterion": c, "quote": quote, "reason": "It shows.", "rating": rated}
        for c in criteria or ("order", "people", "doubt")
    ]
    return {"criteria": some, "difficult": True, "novel": False}
