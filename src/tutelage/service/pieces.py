"""Pieces of work: what waits for the agents of a desk, each under the id of its entry."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tutelage.domain.errors import TutelageError
from tutelage.guidance.turn import Waiting
from tutelage.service import work
from tutelage.service.tables import relationships

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of work, under the id of the entry that it will write. It holds no text."""

    id: str
    relationship: str
    what: str
    seq: int
    actor: str
    agent: str

    def __str__(self) -> str:
        return f"{self.what} {self.id} in {self.relationship} by {self.agent}"

    @property
    def values(self) -> tuple[Any, ...]:
        """All of it, in order."""
        return astuple(self)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a piece of work is tried, and how long is waited in between.

    >>> [Patience(first=5).wait(tries, 0.5) for tries in (1, 2, 3)]
    [3.75, 7.5, 15.0]
    """

    tries: int = 8
    first: float = 5.0  # seconds
    longest: float = 3600.0
    answer: float = 600.0  # seconds for one try; then whoever waits for guidance decides without

    def wait(self, tries: int, chance: float) -> float:
        """Twice as long each time; `chance` in 0..1 takes off up to half, to part a crowd."""
        whole = min(self.longest, self.first * 2.0 ** min(tries - 1, 32))
        return whole * (0.5 + chance / 2)


class Due:
    """What waits for the agents of a desk; a relationship is folded again once it has changed."""

    def __init__(self, desk: Tutelage) -> None:
        self._desk = desk
        self._folded: dict[str, tuple[int, list[Piece]]] = {}

    def __call__(self) -> dict[str, Piece]:
        """All pieces by id, in all that are no forks; whoever waits for guidance comes first."""
        seqs = self._with_work()
        self._folded = {n: kept for n, kept in self._folded.items() if seqs.get(n) == kept[0]}
        for name in seqs.keys() - self._folded.keys():
            self._folded[name] = (seqs[name], [p for p, _ in self._waiting(name)])
        found = [p for name in seqs for p in self._folded[name][1]]
        return {p.id: p for p in sorted(found, key=lambda p: p.what != "guide")}

    def _with_work(self) -> dict[str, int]:
        c, agents = relationships.c, sorted(self._desk.agents)
        named = (c.due.contains(f'"{agent}"', autoescape=True) for agent in agents)
        fits = (c.due != "[]", c.arm.is_(None), sa.or_(c.trainer.in_(agents), *named))
        return {p["id"]: p["seq"] for p in self._desk.ledger.projections(*fits)}

    def find(self, piece: Piece) -> Waiting | None:
        """What waits there now, if this piece still does."""
        return next((w for p, w in self._waiting(piece.relationship) if p.id == piece.id), None)

    def _waiting(self, name: str) -> Iterator[tuple[Piece, Waiting]]:
        trainer = self._desk.state(name).trainer
        for w in work.pieces(self._desk, name):
            agent = w.actor or (trainer.id if trainer else "")
            yield Piece(work.work_id(name, w), name, w.what, w.seq, w.actor or "", agent), w


def why(problem: BaseException) -> str:
    """What went wrong, and where, without its message: that may quote an unread text."""
    if isinstance(problem, TutelageError):
        return f"{type(problem).__name__} [{problem.code}]"
    last = traceback.extract_tb(problem.__traceback__)[-1:]
    where = f" at {Path(last[0].filename).name}:{last[0].lineno}" if last else ""
    return f"{type(problem).__name__}{where}"
