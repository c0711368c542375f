"""A capability for pydantic-ai: ``Agent(…, capabilities=[Tutelage(flow)])``.

The notebook reaches the instructions; the first final answer is the own call. Where guidance was
due and came in time, the model is asked once more with it: one of the agent's output retries.
"""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic_ai import ModelRetry, RunContext
from pydantic_ai.capabilities import AbstractCapability
from pydantic_ai.messages import ModelResponse

from tutelage.sdk.flow import Flow, Live


class Tutelage(AbstractCapability[Any]):
    """Lets an agent's runs become situations."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.live: Live | None = None

    async def for_run(self, ctx: RunContext[Any]) -> Tutelage:
        """One of its own for each run."""
        mine = Tutelage(self.flow)
        task = ctx.prompt if isinstance(ctx.prompt, str) else None
        if task:
            mine.live = await asyncio.to_thread(self.flow.begin, task)
        return mine

    def get_instructions(self) -> Any:
        """Goal, own principles and questions."""
        return lambda _ctx: self.live.context if self.live is not None else ""

    async def after_model_request(
        self, ctx: RunContext[Any], *, request_context: Any, response: ModelResponse
    ) -> ModelResponse:
        """The first answer without a tool call is the own call; the next one is the decision."""
        del ctx, request_context
        live = self.live
        if live is None or response.tool_calls:
            return response
        answer = response.text or ""
        if live.call is None:
            guided = await asyncio.to_thread(live.called, answer)
            if guided is not None:
                raise ModelRetry(guided)
        await asyncio.to_thread(live.decided, answer)
        self.live = None
        return response
