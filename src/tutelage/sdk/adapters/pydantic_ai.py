"""A capability for pydantic-ai: ``Agent(…, capabilities=[Tutelage(flow)])``.

The notebook reaches the instructions; the first final answer is the own call. Where guidance was
due and came in time, the model is asked once more with it: one of the agent's output retries.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from pydantic_ai import RetryModelRequest, RunContext
from pydantic_ai.capabilities import AbstractCapability
from pydantic_ai.messages import ModelRequest, ModelResponse, SystemPromptPart

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

    async def prepare_model_request(self, ctx: RunContext[Any], request_context: Any) -> Any:
        """Before each attempt: the guidance, once it came."""
        del ctx
        if self.live is None or self.live.guided is None:
            return request_context
        told = ModelRequest([SystemPromptPart(self.live.guided)])
        return replace(request_context, messages=[*request_context.messages, told])

    async def after_model_request(
        self, ctx: RunContext[Any], *, request_context: Any, response: ModelResponse
    ) -> ModelResponse:
        """The first final answer is the own call; the next one is the decision."""
        del ctx
        live, answer = self.live, _answer(response, request_context)
        if live is None or answer is None:
            return response
        if live.call is None:
            again = not request_context.streaming  # what streamed is out already
            guided = await asyncio.to_thread(live.called, answer, again=again)
            if guided is not None:
                raise RetryModelRequest  # it costs none of the agent's own retries
        await asyncio.to_thread(live.decided, answer)
        self.live = None
        return response


def _answer(response: ModelResponse, asked: Any) -> str | None:
    """What it answers with: a text, or the arguments of an output tool; None where it acts."""
    outputs = {t.name for t in asked.model_request_parameters.output_tools}
    calls = response.tool_calls
    if any(c.tool_name not in outputs for c in calls):
        return None
    return "\n".join(c.args_as_json_str() for c in calls) if calls else response.text or ""
