"""What waits for agent trainers and raters, is done: ``run_due()``.

Each piece of work appends under an id made from what asked for it, so that a crash repeats it and
never doubles it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from tutelage.domain.errors import Conflict, Refused, TutelageError, Unavailable
from tutelage.domain.events import BaselineTaken, Event, GuidanceFailed
from tutelage.domain.relationship import Relationship
from tutelage.guidance.consequences import not_for_an_ai
from tutelage.guidance.roles import Rater, Trainer
from tutelage.guidance.turn import Waiting, waiting
from tutelage.service.ledger import Projection
from tutelage.service.spending import spending
from tutelage.service.tables import relationships
from tutelage.service.writer import Written, own_id
from tutelage.trainers.llm.calls import ByModel, same_model

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

log = logging.getLogger(__name__)

NO_ANSWER = "Your trainer could not answer; decide without it."
NOT_LET_IN = "Your trainer's answer was not let in ({}); decide without it."
NOTHING_TO_ADD = "Your trainer has nothing to add before you decide."
BY_MODEL = {
    "budget_spent": "Your trainer's budget here is used up; decide without it.",
    "model_slow": "Your trainer did not answer in time; decide without it.",
    "tells_at_ask": "Your trainer found no question that leaves the answer to you; decide alone.",
}
"""Why a model gave no guidance, in our words: its own may hold what the learner did not read."""

T = TypeVar("T")


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
            count += _attempt(desk, name, work)
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


def _attempt(desk: Tutelage, name: str, work: Waiting) -> int:
    """Whatever one agent does wrong, the others' work is done; this is tried at the next run."""
    try:
        return _do(desk, name, work)
    except (Refused, Unavailable) as known:
        log.warning("%s in %s waits: %s", work, name, known.message)
        return 0
    except Exception:
        log.exception("%s in %s did not work; it is tried again at the next run", work, name)
        return 0


def _do(desk: Tutelage, name: str, work: Waiting, *, patient: bool = False) -> int:
    match work.what:
        case "guide":
            return _guide(desk, name, work, patient=patient)
        case "debrief":
            return _debrief(desk, name, work)
        case "rate":
            return _rate(desk, name, work)
        case _:
            return _baseline(desk, name, work)


def _guide(desk: Tutelage, name: str, work: Waiting, *, patient: bool) -> int:
    state = desk.state(name)
    known = state.find(work.situation or "")
    if known is not None and state.steps_aside(known):  # as after a handover to an agent
        return _failed(desk, name, work, not_for_an_ai(state))
    trainer = _trainer(desk, name)
    brief, bank = desk.brief(name, work.situation or ""), desk.bank.of(trainer.id)
    try:
        given = asking(desk, name, trainer, lambda: trainer.guide(brief, bank))
    except Unavailable as gone:
        if patient and gone.code == "model_away":
            raise  # a provider that hiccups is asked again; a worker knows when to give up
        # as below: a refusal of the model's words quotes them
        log.warning("%s in %s of %s: %s", trainer.id, brief.key, name, gone.code)
        return _failed(desk, name, work, BY_MODEL.get(gone.code, NO_ANSWER))
    except Exception:
        log.exception("%s could not guide in %s of %s", trainer.id, brief.key, name)
        return _failed(desk, name, work, NO_ANSWER)
    if given is None:
        return _failed(desk, name, work, NOTHING_TO_ADD)
    try:
        return _write(desk, name, work, given, trainer.id)
    except (Conflict, Unavailable):
        raise  # answered by another process, or to be tried again; not the trainer's fault
    except TutelageError as refusal:
        # the code and not the sentence: it may quote a text that the learner did not collect
        log.warning("%s in %s of %s: %s", trainer.id, brief.key, name, refusal.code)
        return _failed(desk, name, work, NOT_LET_IN.format(refusal.code))


def _failed(desk: Tutelage, name: str, work: Waiting, reason: str) -> int:
    """The learner is never blocked: it is told that no guidance comes, and decides.

    Under the id that the guidance would have had, so that a request has one answer.
    """
    event = GuidanceFailed(situation=work.situation or "", reason=reason)
    return _new(desk.system(name, event, id=work_id(name, work)))


def _debrief(desk: Tutelage, name: str, work: Waiting) -> int:
    trainer = _trainer(desk, name)
    brief = desk.brief(name, work.situation or "")
    said = asking(desk, name, trainer, lambda: trainer.debrief(brief))
    count = _write(desk, name, work, said, trainer.id) if said is not None else 0
    return count + _notice(desk, name, work, trainer)


def _notice(desk: Tutelage, name: str, work: Waiting, trainer: Trainer) -> int:
    """Obstacles that have become visible, or no longer show."""
    count = 0
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
    _not_its_own(desk, name, rater)
    rated = asking(desk, name, rater, lambda: rater.rate(packet))
    count = _write(desk, name, work, rated, rater.id)
    state = desk.state(name)
    after = state.find(known.key)
    trainer = desk.agents.get(state.trainer.id) if state.trainer else None
    if after is not None and not after.unanswered_ratings() and isinstance(trainer, Trainer):
        count += _notice(desk, name, work, trainer)
    return count


def _baseline(desk: Tutelage, name: str, work: Waiting) -> int:
    called = (s for s in desk.state(name).situations if s.own_call is not None)
    event = BaselineTaken(situations=tuple(s.key for s in called))
    return _write(desk, name, work, event, _trainer(desk, name).id)


# language models ---------------------------------------------------------------------------------
def asking(desk: Tutelage, name: str, agent: object, ask: Callable[[], T]) -> T:
    """What an agent says to this; what its model called is an entry, also where it failed."""
    if not isinstance(agent, ByModel):
        return ask()
    try:
        with agent.within(spending(desk, name, agent.id).spent):
            return ask()
    finally:
        _paid(desk, name, agent)


def _paid(desk: Tutelage, name: str, agent: ByModel) -> None:
    for call in agent.calls():
        try:
            desk.system(name, call)
        except TutelageError as refusal:  # the relationship ended meanwhile, or the disk is full
            log.warning("A call of %s in %s is not recorded: %s", agent.id, name, refusal.message)


def _not_its_own(desk: Tutelage, name: str, rater: object) -> None:
    """Refuse that a model rates whom it trains: it would know its own words again."""
    if not isinstance(rater, ByModel):
        return
    state = desk.state(name)
    trainer = desk.agents.get(state.trainer.id) if state.trainer else None
    trained = {m for party in state.trainers for m in spending(desk, name, party).models}
    if isinstance(trainer, ByModel):
        trained.add(trainer.model_name)
    if rater.id in state.trainers or same_model(rater.model_name) in map(same_model, trained):
        raise Refused(
            "own_work", "A model does not rate whom it trains; give the rater another model."
        )


def _trainer(desk: Tutelage, name: str) -> Trainer:
    party = desk.state(name).trainer
    trainer = desk.agents[party.id] if party else None
    assert isinstance(trainer, Trainer)  # noqa: S101  # _mine saw to it
    return trainer


def _write(
    desk: Tutelage, name: str, work: Waiting, event: Event, actor: str, part: str = ""
) -> int:
    return _new(desk.write(name, event, actor=actor, id=work_id(name, work, part)))


def _new(written: Written) -> int:
    return 0 if written.repeated else 1


def work_id(name: str, work: Waiting, part: str = "") -> str:
    """The id of the entry that answers this request: the same however often it is tried."""
    return own_id(name, work.seq, work.what, work.actor, part)


# for a worker that keeps count of what it tried ------------------------------------------------
def pieces(desk: Tutelage, name: str) -> tuple[Waiting, ...]:
    """What waits in a relationship for the agents of this desk."""
    return tuple(_mine(desk, desk.state(name)))


def do(desk: Tutelage, name: str, work: Waiting) -> int:
    """Do one piece of work; how many entries came of it. Whatever goes wrong is raised."""
    return _do(desk, name, work, patient=True)


def give_up(desk: Tutelage, name: str, work: Waiting) -> int:
    """The learner is told that no guidance comes; who waits for anything else goes on waiting."""
    return _failed(desk, name, work, NO_ANSWER) if work.what == "guide" else 0
