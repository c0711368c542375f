"""A plain function as an agent: ``@learns(flow)`` above it, and its calls become situations."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from tutelage.sdk.flow import Flow


def learns(flow: Flow) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a function of `(task, context="")` go through the flow.

    It answers with what it would do, or with a pair: what, and why. It is called a second time
    only where guidance was due and came.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def run(task: str, **known: Any) -> Any:
            return flow.run(task, lambda context: function(task, context=context), **known)

        return run

    return decorate
