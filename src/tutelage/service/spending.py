"""What each agent's model calls came to in a relationship, counted from the ledger."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tutelage.trainers.llm.budget import Spent

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage


@dataclass(frozen=True, slots=True)
class Spending:
    """What one agent has spent, and on which models."""

    spent: Spent = field(default_factory=Spent)
    models: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Count:
    """The sums up to an entry, so that only what came since is read."""

    seq: int
    by_agent: dict[str, Spending]


_counts: WeakKeyDictionary[Tutelage, dict[str, _Count]] = WeakKeyDictionary()
_lock = threading.Lock()


def spending(desk: Tutelage, relationship: str, agent: str) -> Spending:
    """What this agent has spent here; a fork pays for itself and not for what it copied."""
    state = desk.state(relationship)
    with _lock:
        mine = _counts.setdefault(desk, {})
        count = mine.setdefault(relationship, _Count(state.forked_at, {}))
        for row in desk.ledger.rows(relationship, count.seq, state.seq):
            called = json.loads(row.facts) if '"model_called"' in row.facts else {}
            if called.get("kind") == "model_called":  # and no situation of that name
                _add(count, called)
            count.seq = row.seq
        return count.by_agent.get(agent, Spending())


def _add(count: _Count, call: dict[str, object]) -> None:
    agent = str(call.get("agent"))
    before = count.by_agent.get(agent, Spending())
    tokens = int(str(call["tokens_in"])) + int(str(call["tokens_out"]))
    cost, seconds = (float(str(call.get(name, 0.0))) for name in ("cost", "seconds"))
    spent = before.spent + Spent(tokens, cost, seconds)
    model = str(call["model"]).partition(" ")[0]
    count.by_agent[agent] = Spending(spent, before.models | {model})
