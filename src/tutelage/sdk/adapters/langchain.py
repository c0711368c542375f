"""Middleware for LangChain and LangGraph agents: ``create_agent(…, middleware=[Tutelage(flow)])``.

The notebook is put before the conversation of each model call; the first answer without a tool
call is the own call. Where guidance was due and came in time, the model is called once more.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from tutelage.sdk.flow import Flow, Live

MOST = 10_000  # runs remembered at a time; one that was given up must not stay for ever


class Tutelage(AgentMiddleware[Any, Any, Any]):
    """Lets an agent's runs become situations."""

    def __init__(self, flow: Flow) -> None:
        super().__init__()
        self.flow = flow
        self._live: OrderedDict[str, Live | None] = OrderedDict()

    def wrap_model_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
        """One model call, and one more where guidance came."""
        live = self._of(request)
        if live is None:
            return handler(request)
        response = handler(_told(request, live.context))
        if (answer := _answer(response)) is None:
            return response
        guided = live.called(answer)
        if guided is not None:
            response = handler(_told(request, guided))
        live.decided(_answer(response) or answer)
        return response

    async def awrap_model_call(self, request: Any, handler: Callable[[Any], Awaitable[Any]]) -> Any:
        """The same for agents that run asynchronously: no thread waits for the model."""
        live = await asyncio.to_thread(self._of, request)
        if live is None:
            return await handler(request)
        response = await handler(_told(request, live.context))
        if (answer := _answer(response)) is None:
            return response
        guided = await asyncio.to_thread(live.called, answer)
        if guided is not None:
            response = await handler(_told(request, guided))
        await asyncio.to_thread(live.decided, _answer(response) or answer)
        return response

    def _of(self, request: Any) -> Live | None:
        """The situation of this run: begun at its first model call, by its last question."""
        asked = next((m for m in reversed(request.messages) if isinstance(m, HumanMessage)), None)
        if asked is None:
            return None
        if (name := str(asked.id or id(asked))) not in self._live:
            self._live[name] = self.flow.begin(asked.text)
            if len(self._live) > MOST:
                self._live.popitem(last=False)
        live = self._live[name]
        return None if live is None or live.call is not None else live


def _told(request: Any, context: str) -> Any:
    known = [SystemMessage(context)] if context else []
    return request.override(messages=[*known, *request.messages])


def _answer(response: Any) -> str | None:
    if (found := response.structured_response) is not None:
        return str(found)
    last = next(reversed(response.result), None)
    return last.text if isinstance(last, AIMessage) and not last.tool_calls else None
