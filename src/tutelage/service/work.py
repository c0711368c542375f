"""What waits for agent trainers and raters, is done: ``run_due()``.

Each piece of work appends under an id made from what asked for it, so that a crash repeats it and
never doubles it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tutelage.domain.errors import TutelageError
from tutelage.domain.events import BaselineTaken, Event, GuidanceFailed
from tutelage.domain.relationship import Relationship
from tutelage.guidance.roles import Rater, Trainer
from tutelage.guidance.turn import Waiting, waiting
from tutelage.service.database import relationships
from tutelage.service.ledger import Projection

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

NOTHING_TO_ADD = "Your trainer has nothing to add before you decide."


def run_due(desk: Tutelage, relationship: str | None, limit: int) -> int:
    """Do all that waits, in one relationship or in all that are no forks; how many pieces."""
    names = [relationship] if relationship else _with_work(desk)
    count = 0
    for name in names:
        tried: set[tuple[str, int, str]] = set()
        while count < limit:
            work = _next(desk, name, tried)
            if work is None:
                break
            tried.add(_token(work))
            count += _do(desk, name, work)
    return count


def _with_work(desk: Tutelage) -> list[str]:
    columns = relationships.c
    found = desk.ledger.projections(columns.due != "[]", columns.arm.is_(None))
    return [p["id"] for p in found if any(_concerns(p, agent) for agent in desk.agents)]


def _concerns(projection: Projection, agent: str) -> bool:
    return projection["trainer"] == agent or f'"{agent}"' in projection["due"]


def _next(desk: Tutelage, name: str, tried: set[tuple[str, int, str]]) -> Waiting | None:
    state = desk.state(name)
    return next((w for w in _mine(desk, state) if _token(w) not in tried), None)


def _mine(desk: Tutelage, state: Relationship) -> Iterator[Waiting]:
    trainer = state.trainer.id if state.trainer else ""
    for work in waiting(state):
        agent = desk.agents.get(work.actor or trainer)
        fits = isinstance(agent, Rater if work.what == "rate" else Trainer)
        if fits and work.what in {"guide", "debrief", "rate", "baseline"}:
            yield work


def _token(work: Waiting) -> tuple[str, int, str]:
    return (work.what, work.seq, work.actor or "")


def _do(desk: Tutelage, name: str, work: Waiting) -> int:
    match work.what:
        case "guide":
            return _guide(desk, name, work)
        case "debrief":
            return _debrief(desk, name, work)
        case "rate":
            return _rate(desk, name, work)
        case _:
            return _baseline(desk, name, work)


def _guide(desk: Tutelage, name: str, work: Waiting) -> int:
    trainer = _trainer(desk, name)
    situation = work.situation or ""
    try:
        given = trainer.guide(desk.brief(name, situation), desk.bank.of(trainer.id))
        if given is None:
            return _failed(desk, name, work, NOTHING_TO_ADD)
        return _write(desk, name, work, given, trainer.id)
    except TutelageError as refusal:
        return _failed(desk, name, work, refusal.message)


def _failed(desk: Tutelage, name: str, work: Waiting, reason: str) -> int:
    """The learner is never blocked: it is told that no guidance comes, and decides."""
    event = GuidanceFailed(situation=work.situation or "", reason=reason)
    desk.system(name, event, id=work_id(name, work, "failed"))
    return 1


def _debrief(desk: Tutelage, name: str, work: Waiting) -> int:
    trainer = _trainer(desk, name)
    brief = desk.brief(name, work.situation or "")
    said = trainer.debrief(brief)
    count = _write(desk, name, work, said, trainer.id) if said is not None else 0
    for n, event in enumerate(trainer.notice(desk.brief(name, work.situation or ""))):
        count += _write(desk, name, work, event, trainer.id, f"notice{n}")
    return count


def _rate(desk: Tutelage, name: str, work: Waiting) -> int:
    rater = desk.agents[work.actor or ""]
    assert isinstance(rater, Rater)  # noqa: S101  # _mine saw to it
    known = desk.state(name).find(work.situation or "")
    asked = next(a for a in known.asked if a.seq == work.seq) if known else None
    if known is None or asked is None:
        return 0
    packet = desk.packet(name, known.key, asked.event.subject)
    return _write(desk, name, work, rater.rate(packet), rater.id)


def _baseline(desk: Tutelage, name: str, work: Waiting) -> int:
    called = (s for s in desk.state(name).situations if s.own_call is not None)
    event = BaselineTaken(situations=tuple(s.key for s in called))
    return _write(desk, name, work, event, _trainer(desk, name).id)


def _trainer(desk: Tutelage, name: str) -> Trainer:
    party = desk.state(name).trainer
    trainer = desk.agents[party.id] if party else None
    assert isinstance(trainer, Trainer)  # noqa: S101  # _mine saw to it
    return trainer


def _write(
    desk: Tutelage, name: str, work: Waiting, event: Event, actor: str, part: str = ""
) -> int:
    desk.write(name, event, actor=actor, id=work_id(name, work, part))
    return 1


def work_id(name: str, work: Waiting, part: str = "") -> str:
    """The id of the entry that answers this request: the same however often it is tried."""
    asked = f"{name}\n{work.seq}\n{work.what}\n{work.actor}\n{part}"
    return hashlib.sha256(asked.encode()).hexdigest()[:24]
