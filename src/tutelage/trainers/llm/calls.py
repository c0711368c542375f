"""An agent that works by a language model: which model, what it may spend, what it has called.

Nothing here imports a model library; that happens at the first call.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from tutelage.domain.errors import Unavailable
from tutelage.domain.events import ModelCalled
from tutelage.trainers.llm.budget import Budget, Spent
from tutelage.trainers.llm.data import Entropy, Fence
from tutelage.trainers.llm.prompts import INSTRUCTIONS, VERSIONS
from tutelage.trainers.llm.replies import Reply
from tutelage.trainers.llm.run import Run

if TYPE_CHECKING:
    from pydantic_ai.models import Model

R = TypeVar("R", bound=Reply)
DATED = re.compile(r"[-@]\d{4}-?\d{2}-?\d{2}$|[-:]latest$")

KEPT = 256  # calls that wait to be recorded; more were made without a relationship to record them


def same_model(name: str) -> str:
    """What a model is called wherever it runs: without its provider and the date of its release.

    >>> same_model("openai:gpt-5-2026-01-30") == same_model("azure:gpt-5")
    True
    """
    return DATED.sub("", (name.partition(":")[2] or name).lower())


class ByModel:
    """The base of all agents here: an id, a model by name or object, and a budget.

    What was called is taken down, also where it failed; `calls` hands it to the service, which
    writes it as entries. `within` says what was spent before in the relationship at hand.
    """

    kind: ClassVar[str] = ""

    def __init__(
        self,
        id: str,  # noqa: A002  # the word the protocols use
        model: Model | str,
        *,
        budget: Budget | None = None,
        settings: Mapping[str, Any] | None = None,
        entropy: Entropy | None = None,
    ) -> None:
        if find_spec("pydantic_ai") is None:
            raise Unavailable(
                "no_model_library", "Language models need more: pip install 'tutelage[llm]'."
            )
        self.id, self.model, self.budget = id, model, budget or Budget()
        self._settings, self._entropy = dict(settings or {}), entropy or secrets.token_bytes
        self._here = threading.local()  # one agent serves many relationships at once

    @property
    def model_name(self) -> str:
        """The model as provider:name."""
        if isinstance(self.model, str):
            return self.model
        return f"{self.model.system}:{self.model.model_name}"

    @property
    def prompt_version(self) -> str:
        """Which instructions it works by."""
        return VERSIONS[self.kind]

    def ready(self) -> None:
        """Raise Unavailable where its model cannot be used: no such name, or no key for it."""
        from tutelage.trainers.llm import runner  # noqa: PLC0415  # as below

        runner.resolved(self.model)

    @contextmanager
    def within(self, spent: Spent) -> Iterator[None]:
        """Work in a relationship where so much was spent already."""
        self._here.spent = spent
        try:
            yield
        finally:
            del self._here.spent

    def calls(self) -> tuple[ModelCalled, ...]:
        """The calls made in this thread that nobody has recorded yet."""
        made = tuple(getattr(self._here, "calls", ()))
        self._here.calls = deque(maxlen=KEPT)
        return made

    def _fence(self) -> Fence:
        return Fence(self._entropy)

    def _ask(
        self, data: str, reply: type[R], check: Callable[[R], None], as_kind: str | None = None
    ) -> R:
        """The model's reply to what it is shown, once `check` lets it pass.

        Raises Unavailable where none came: the budget is spent, the model slow, away or confused.
        """
        from tutelage.trainers.llm import runner  # noqa: PLC0415  # its library takes over a second

        kind = as_kind or self.kind
        before = getattr(self._here, "spent", Spent())
        run = Run(self.id, self.model_name, VERSIONS[kind], self.budget, before)
        try:
            asked = runner.Asked(self.model, INSTRUCTIONS[kind], data, reply, self._settings)
            return runner.answer(asked, run, check)
        finally:
            self._keep(run)

    def _keep(self, run: Run) -> None:
        made = getattr(self._here, "calls", None)
        if made is None:
            made = self._here.calls = deque(maxlen=KEPT)
        made.extend(run.calls)
