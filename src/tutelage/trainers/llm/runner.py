"""Where the model library is called: one answer, within its time and its tries.

All requests run in one event loop in a thread of its own: the caller may be sync or in a loop
itself, and a provider's connections are used again.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic_ai import Agent, ModelRetry
from pydantic_ai.exceptions import (
    AgentRunError,
    ContentFilterError,
    ModelTimeoutError,
    UnexpectedModelBehavior,
    UserError,
)
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters, infer_model
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings

from tutelage.domain.errors import TutelageError, Unavailable
from tutelage.trainers.llm.replies import Reply
from tutelage.trainers.llm.run import Run, Unfit

log = logging.getLogger(__name__)

R = TypeVar("R", bound=Reply)

A_TOKEN = 4  # characters; an estimate for calls that failed before they were counted
GRACE = 5.0  # seconds a loop may be late before it is given up


@dataclass(frozen=True, slots=True)
class Asked(Generic[R]):
    """What a model is asked: instructions, the data they are about, and the form of the reply."""

    model: Model | str
    instructions: str
    data: str
    reply: type[R]
    settings: Mapping[str, Any]


def answer(asked: Asked[R], run: Run, check: Callable[[R], None]) -> R:
    """The reply that passed the check. Raises Unavailable, in our words."""
    metered = _Metered(resolved(asked.model), run, len(asked.instructions) + len(asked.data))
    agent = _agent(asked, metered, run, check)
    longest = run.budget.answer_seconds * run.budget.tries
    try:
        return _in_loop(_answer(agent, asked.data, longest), longest + GRACE)
    except (TimeoutError, Late, ModelTimeoutError):
        raise Unavailable("model_slow", "The model did not answer in time.") from None
    except ContentFilterError:
        raise Unavailable("model_refused", "The model refused to answer.") from None
    except UnexpectedModelBehavior as problem:
        raise _unfit(run.unfit, problem) from None
    except (AgentRunError, UserError) as problem:
        raise Unavailable("model_away", f"The model did not answer: {problem}") from None


def _unfit(unfit: Unfit | None, problem: Exception) -> TutelageError:
    if unfit is None:
        return Unavailable("model_nonsense", f"The model's replies had no use: {problem}")
    return Unavailable(unfit.code, f"The model's last reply was refused: {unfit.reason}")


async def _answer(agent: Agent[object, R], data: str, longest: float) -> R:
    async with asyncio.timeout(longest):
        return (await agent.run(data)).output


def _agent(asked: Asked[R], model: Model, run: Run, check: Callable[[R], None]) -> Agent[object, R]:
    limits = {"max_tokens": run.budget.answer_tokens, "timeout": run.budget.answer_seconds}
    settings = ModelSettings(**{**limits, **asked.settings})  # type: ignore[typeddict-item]
    agent = Agent(
        model,
        output_type=asked.reply,
        instructions=asked.instructions,
        model_settings=settings,
        retries=run.budget.tries - 1,
    )

    @agent.output_validator
    def _checked(reply: R) -> R:
        try:
            check(reply)
        except Unfit as unfit:
            run.unfit = unfit
            raise ModelRetry(unfit.reason) from None
        return reply

    return agent


def _may_call(run: Run) -> None:
    if not run.budget.allows(run.spent):
        raise Unavailable("budget_spent", f"The budget here is used up: {run.spent}.")


@cache
def _by_name(name: str) -> Model:
    try:
        return infer_model(name)
    except (UserError, ImportError, ValueError) as problem:
        raise Unavailable("no_such_model", f"{name} cannot be used: {problem}") from None


def resolved(model: Model | str) -> Model:
    """The model itself. Raises Unavailable where the name is unknown, or its key is not set."""
    return _by_name(model) if isinstance(model, str) else model


class _Metered(WrapperModel):
    """Takes down every call, made or failed; stops at the budget, and asks again after silence."""

    def __init__(self, wrapped: Model, run: Run, characters: int) -> None:
        super().__init__(wrapped)
        self._run, self._estimate = run, characters // A_TOKEN

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """One call, within its time; after silence another, while there are tries."""
        while True:
            _may_call(self._run)
            try:
                return await self._once(messages, model_settings, model_request_parameters)
            except (TimeoutError, ModelTimeoutError):
                if len(self._run.calls) >= self._run.budget.tries:
                    raise

    async def _once(
        self,
        messages: list[ModelMessage],
        settings: ModelSettings | None,
        parameters: ModelRequestParameters,
    ) -> ModelResponse:
        began, response = time.monotonic(), None
        try:
            async with asyncio.timeout(self._run.budget.answer_seconds):
                response = await self.wrapped.request(messages, settings, parameters)
            return response
        finally:
            self._take_down(response, time.monotonic() - began)

    def _take_down(self, response: ModelResponse | None, seconds: float) -> None:
        if response is None:  # what was sent may be charged, though nothing came back
            self._run.made("", (self._estimate, 0), 0.0, seconds)
            return
        usage = response.usage
        model = response.model_name or ""
        cost = _cost(response)
        if cost is None and self._run.budget.cost is not None:
            log.warning("The price of %s is not known; only tokens bound it.", self._run.name)
        tokens = (usage.input_tokens, usage.output_tokens)
        self._run.made(model, tokens, cost or 0.0, seconds)


def _cost(response: ModelResponse) -> float | None:
    """What a call cost in US dollars, where its price is known."""
    known = response.usage.cost
    if known is None:
        try:
            known = response.cost().total_price
        except (AssertionError, LookupError, ValueError):
            return None
    return float(known)


# the loop --------------------------------------------------------------------------------------
_lock = threading.Lock()
_loops: dict[int, asyncio.AbstractEventLoop] = {}  # by process: a fork has not its parent's thread


def _in_loop(work: Coroutine[Any, Any, R], longest: float) -> R:
    future = asyncio.run_coroutine_threadsafe(work, _loop())
    try:
        return future.result(longest)
    except BaseException:
        future.cancel()
        raise


def _loop() -> asyncio.AbstractEventLoop:
    with _lock:
        loop = _loops.get(os.getpid())
        if loop is None:
            loop = _loops[os.getpid()] = asyncio.new_event_loop()
            thread = threading.Thread(
                target=_run, args=(loop,), name="tutelage-models", daemon=True
            )
            thread.start()
            atexit.register(_stop, loop, thread)
        return loop


def _run(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    for task in asyncio.all_tasks(loop):  # nobody waits for these any more
        task.cancel()
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


def _stop(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    if thread.is_alive():
        loop.call_soon_threadsafe(loop.stop)
        thread.join(1.0)
