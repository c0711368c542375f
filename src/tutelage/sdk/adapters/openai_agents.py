"""Hooks for the OpenAI Agents SDK: ``Runner.run(agent, task, hooks=Tutelage(flow))``.

The notebook is added to what the model is given; the final output is own call and decision in
one. Hooks cannot ask again, so guidance that is due comes as a debrief, and into later contexts.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

from agents import RunHooks

from tutelage.sdk.flow import Flow, Live

MOST = 10_000  # runs remembered at a time; one that failed must not stay for ever


class Tutelage(RunHooks[Any]):
    """Lets an agent's runs become situations."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self._live: OrderedDict[int, tuple[Any, Live | None]] = OrderedDict()

    async def on_llm_start(
        self, context: Any, agent: Any, system_prompt: str | None, input_items: list[Any]
    ) -> None:
        """Before each call of the model: goal, own principles and questions."""
        del agent, system_prompt
        live = await self._of(context, input_items)
        if live is not None and live.context:
            input_items.insert(0, {"role": "developer", "content": live.context})

    async def on_agent_end(self, context: Any, agent: Any, output: Any) -> None:
        """The final output is what it did."""
        del agent
        _usage, live = self._live.pop(id(context.usage), (None, None))
        if live is not None:
            await asyncio.to_thread(live.called, str(output))
            await asyncio.to_thread(live.decided, str(output))

    async def _of(self, context: Any, items: list[Any]) -> Live | None:
        usage = context.usage  # the same through one run, and of no other
        if id(usage) not in self._live:
            task = next((_text(i) for i in reversed(items) if _said_by_user(i)), "")
            live = await asyncio.to_thread(self.flow.begin, task) if task else None
            self._live[id(usage)] = usage, live
            if len(self._live) > MOST:
                self._live.popitem(last=False)
        return self._live[id(usage)][1]


def _said_by_user(item: Any) -> bool:
    return isinstance(item, dict) and item.get("role") == "user"


def _text(item: Any) -> str:
    content = item.get("content", "")
    if isinstance(content, str):
        return content
    return " ".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
