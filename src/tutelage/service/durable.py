"""Durable work: the functions of ``run_due`` as DBOS workflows; a worker may die at any time.

A workflow's id is the id of the entry it will write, so that a request has one answer whoever
gives it and however often it is tried. A worker that died goes on when it is started under its
own name; else another one takes its work over, for DBOS itself does not tell who is alive.
Workflows carry ids in and one word out: no text of a relationship leaves the ledger.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from tutelage.guidance.turn import Waiting
from tutelage.service import work
from tutelage.service.database import translated
from tutelage.service.pieces import Due, Patience, Piece, why
from tutelage.service.tasks import SCHEMA, Task, Tasks, place
from tutelage.service.writer import check_name

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

log = logging.getLogger(__name__)

VERSION = "tutelage-1"
"""The shape of the workflow. Set by hand: DBOS else takes a hash of the code, and a worker of the
next release would leave the unfinished work of this one lying."""

LEASE = 15.0  # seconds without a sign of life: a long pause of a process, or a slow database
SLOTS = 4  # pieces at a time: an agent mostly waits for a model
POLL = 0.1  # seconds between two looks of DBOS into the queue
FORGET = 60.0  # seconds until a worker asks again what DBOS knows
KILLED = "its worker ended in the middle of it"
UNDONE = ("ENQUEUED", "PENDING", "DELAYED")
KEPT = timedelta(days=30)
_ONLY_IDS: Any = {"load_input": False, "load_output": False}
BROKEN = ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


class Worker:
    """Does what waits for the agents of a desk, several pieces at a time, until it is stopped.

    One a process: DBOS allows no second. Use it as a context manager.
    """

    def __init__(
        self,
        desk: Tutelage,
        name: str,
        *,
        slots: int = SLOTS,
        patience: Patience | None = None,
        lease: float = LEASE,
    ) -> None:
        check_name(name)
        self.desk, self.name = desk, name
        self.slots, self.patience, self.lease = slots, patience or Patience(), lease
        self.queue = _queue(name)
        self.due = Due(desk)
        self._known: set[str] = set()
        self._forget = self._rounds = 0.0
        self._hands: dict[str, tuple[Piece, float]] = {}
        self._late: set[str] = set()
        self.came_of: Counter[str] = Counter()
        self._stopping = threading.Event()
        self._heart = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    # coming and going --------------------------------------------------------------------------
    def __enter__(self) -> Self:
        self.tasks = Tasks(self.desk.url)
        try:
            self.tasks.join(self.name, self.lease)
            self._heart.start()  # DBOS takes its time to begin, at first to make its tables
            with translated():
                self._launch()
        except BaseException:
            self._close()
            raise
        log.info("worker %s has begun for %s", self.name, ", ".join(sorted(self.desk.agents)))
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._hush()
            self.tasks.leave(self.name, clean=not self.held())
        finally:
            self._close()
        log.info("worker %s has gone home", self.name)

    def _hush(self) -> None:
        self._stopping.set()
        if self._heart.is_alive():
            self._heart.join()

    def _close(self) -> None:
        self._hush()
        dbos = sys.modules.get("dbos")  # it may have failed before it was loaded
        if dbos is not None:
            dbos.DBOS.destroy(destroy_registry=True)
        self.tasks.close()

    def _launch(self) -> None:
        """DBOS under this worker's name; what it had begun under it, is queued again."""
        from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer  # noqa: PLC0415  # 3 s

        url = place(self.desk.url).render_as_string(hide_password=False)
        config = DBOSConfig(
            name="tutelage",
            system_database_url=url,
            dbos_system_schema=SCHEMA,
            application_version=VERSION,
            executor_id=self.name,
            serializer=DBOSPortableJSONSerializer(),  # the default unpickles what it finds
            log_level="ERROR",  # it warns where two workers find the same piece, as they may
            enable_otlp=False,
            use_listen_notify=False,
            notification_listener_polling_interval_sec=POLL,  # a loop that asks nothing, but ends
        )
        self._dbos: type[DBOS] = DBOS
        DBOS(config=config)
        work_on = DBOS.workflow(name="tutelage.work", max_recovery_attempts=None)
        self._workflow: Callable[..., str] = work_on(_workflow(self))
        DBOS.listen_queues([self.queue])
        DBOS.launch()
        options: Any = {"worker_concurrency": self.slots, "polling_interval_sec": POLL}
        self._enqueue = DBOS.register_queue(self.queue, on_conflict="always_update", **options)

    def _beat(self) -> None:
        while not self._stopping.wait(self.lease / 5):
            try:
                if not self.tasks.beat(self.name):
                    log.warning("worker %s was thought dead; it begins again", self.name)
                    self.tasks.join(self.name, 0.0)
            except Exception as problem:  # noqa: BLE001  # a database that is away comes back
                log.warning("worker %s gives no sign of life: %s", self.name, why(problem))

    # the loop ----------------------------------------------------------------------------------
    def run(self, stop: threading.Event, every: float = 0.25) -> None:
        """Look for work until told to stop, or until every slot is taken by what never answers."""
        pause = 0.0
        while not (self.stuck or stop.wait(pause)):
            try:
                pause = POLL if self.look() else every
            except Exception as problem:  # noqa: BLE001  # nothing may end it but its owner
                log.warning("worker %s could not look for work: %s", self.name, why(problem))
                pause = 1.0

    def drain(self, stop: threading.Event | None = None, every: float = 0.05) -> None:
        """Until nothing waits that can be done now; what fails is left to its next try."""
        stop = stop or threading.Event()
        quiet = 0
        while quiet < 2 and not (self.stuck or stop.wait(every)):  # one entry makes new work
            begun = self.look()
            quiet = 0 if begun or self.held() else quiet + 1

    def finish(self, seconds: float) -> bool:
        """Begin nothing more, and wait for what is being done; whether it was done in time."""
        self._enqueue.set_worker_concurrency(0)
        time.sleep(2 * POLL)  # a look of DBOS into the queue may be under way
        end = time.monotonic() + seconds
        while self._hands and time.monotonic() < end:
            time.sleep(0.05)
        return not self._hands

    @property
    def stuck(self) -> bool:
        """Whether every slot is taken by an agent that does not answer: only a restart helps."""
        return len(self._late) >= self.slots

    def held(self) -> list[str]:
        """The pieces in this worker's queue and hands."""
        return [w.workflow_id for w in self._workflows(self.queue, UNDONE)]

    def look(self) -> int:
        """One look: take over from the dead, try again what failed, begin what is new."""
        due = self.due()
        self._go_round(due)
        self._known &= due.keys()
        room = 2 * self.slots - len(self.held())  # a few in the queue, the rest for others
        count = 0
        for begin in (*self._again(due), *self._new(due)):
            if count >= room:
                break
            count += begin()
        return count

    def _go_round(self, due: dict[str, Piece]) -> None:
        """What need not be done at every look."""
        now = time.monotonic()
        if now >= self._rounds:
            self._rounds = now + self.lease / 5
            for name in self.tasks.dead(self.name, self.lease):
                self._take_over(name)
            self._mend()
            self._free_learners(now)
        if now >= self._forget:
            self._forget = now + FORGET
            self._known.clear()  # what DBOS has need not be asked of it at each look
            self._tidy(due)

    def _free_learners(self, now: float) -> None:
        """An agent that does not answer cannot be stopped; but no learner waits for it for ever."""
        for piece, begun in list(self._hands.values()):
            if now - begun > self.patience.answer and piece.id not in self._late:
                log.error("%s takes longer than %.0f s", piece, self.patience.answer)
                waits = self.due.find(piece)
                if waits is not None:
                    work.give_up(self.desk, piece.relationship, waits)
                self._late.add(piece.id)

    # beginning ---------------------------------------------------------------------------------
    def _new(self, due: dict[str, Piece]) -> Iterator[Callable[[], int]]:
        for piece in due.values():
            if piece.id not in self._known:
                yield lambda p=piece: self._begin(p)  # type: ignore[misc]

    def _begin(self, piece: Piece) -> int:
        """Into the queue, unless any worker has this piece."""
        from dbos import SetWorkflowID  # noqa: PLC0415  # loaded already

        self._known.add(piece.id)
        found = self._dbos.get_workflow_status(piece.id)
        if found is not None:
            return self._rewind(piece.id) if self._lost(piece, found.status) else 0
        with SetWorkflowID(piece.id):
            self._enqueue.enqueue(self._workflow, *piece.values)
        return 1

    def _lost(self, piece: Piece, status: str) -> bool:
        """Done once and not in the ledger, which is of an older date. A debrief may be none."""
        if status != "SUCCESS" or piece.what == "debrief" or self.tasks.find(piece.id):
            return False  # at work; declined; or it failed, and has its own time
        return self.desk.ledger.find(piece.relationship, piece.id) is None

    def _rewind(self, piece: str) -> int:
        """The same workflow from its beginning; 0 where another worker was faster."""
        from dbos import error  # noqa: PLC0415  # loaded already

        try:
            self._dbos.rewind_workflow(piece, queue_name=self.queue)
        except error.DBOSException:
            return 0
        return 1

    def _again(self, due: dict[str, Piece]) -> Iterator[Callable[[], int]]:
        for task in self.tasks.ready():
            if task.piece.id in due:
                yield lambda t=task: self._retry(t)  # type: ignore[misc]
            elif task.state == "idle":
                self._drop(task.piece.id)
            elif task.piece.agent in self.desk.agents:
                self._set_aside(task.piece)

    def _retry(self, task: Task) -> int:
        found = self._dbos.get_workflow_status(task.piece.id)
        if found is None:
            return self._begin(task.piece)
        if found.status in UNDONE or not self.tasks.claim(task, self.lease):
            return 0  # another worker does it
        return self._rewind(task.piece.id)

    def _drop(self, piece: str) -> None:
        """As if it had never been asked, so that it is new when it is asked again."""
        found = self._dbos.get_workflow_status(piece)
        if found is None or found.status not in UNDONE:
            self._dbos.delete_workflow(piece)
            self.tasks.done(piece)

    def _set_aside(self, piece: Piece) -> None:
        """It waits no more: answered elsewhere for good, or at rest as in a pause."""
        if self.desk.ledger.find(piece.relationship, piece.id):
            self.tasks.done(piece.id)
        else:
            self.tasks.put(piece, "idle", "")

    # what others left --------------------------------------------------------------------------
    def _take_over(self, name: str) -> None:
        """What a dead worker had in its queue and hands, as far as its agents are here too."""
        left = self._workflows(_queue(name), UNDONE)
        mine = [w for w in left if _agent(w) in self.desk.agents]
        for workflow in mine:
            self._dbos.resume_workflow(workflow.workflow_id, queue_name=self.queue)
        if mine:
            log.warning("worker %s takes over from %s: %d", self.name, name, len(mine))
        if len(mine) == len(left):
            self.tasks.bury(name)

    def _mend(self) -> None:
        """What broke outside of the agents, as when the disk was full, is tried again too."""
        for workflow in self._workflows(None, BROKEN):
            task = self.tasks.find(workflow.workflow_id)
            if _agent(workflow) in self.desk.agents and (task is None or task.state == "running"):
                self._not_done(Piece(*_input(workflow)), task.tries if task else 1, KILLED)

    def _tidy(self, due: dict[str, Piece]) -> None:
        """DBOS keeps what was done for ever; we a month, and what would else begin anew."""
        old = datetime.now(UTC) - KEPT
        found = self._dbos.list_workflows(
            status="SUCCESS", completed_before=old.isoformat(), limit=1000, **_ONLY_IDS
        )
        gone = [w.workflow_id for w in found if w.workflow_id not in due]
        if gone:
            self._dbos.delete_workflows(gone)

    def _workflows(self, queue: str | None, states: tuple[str, ...]) -> list[Any]:
        return self._dbos.list_workflows(
            queue_name=queue, status=list(states), load_output=False, app_version=VERSION
        )

    # doing -------------------------------------------------------------------------------------
    def perform(self, piece: Piece) -> str:
        """Do this piece, and say in a word what came of it; never raises for what an agent does."""
        self._hands[piece.id] = (piece, time.monotonic())
        try:
            word = self._perform(piece)
            self.came_of[word] += 1
        finally:
            del self._hands[piece.id]
            self._late.discard(piece.id)
        return word

    def _perform(self, piece: Piece) -> str:
        waits = self.due.find(piece)
        if waits is None:
            self._set_aside(piece)
            return "not waiting"
        tries = self.tasks.begin(piece, self.name)
        if tries > self.patience.tries:
            return self._bury(piece, waits, KILLED)
        try:
            work.do(self.desk, piece.relationship, waits)
        except Exception as problem:  # noqa: BLE001  # an agent may raise anything
            return self._failed(piece, tries, why(problem))
        self.tasks.done(piece.id)
        return "done"

    def _failed(self, piece: Piece, tries: int, why: str) -> str:
        waits = self.due.find(piece)
        if waits is None:
            self._set_aside(piece)  # another answered it meanwhile
            return "not waiting"
        if tries >= self.patience.tries:
            return self._bury(piece, waits, why)
        return self._not_done(piece, tries, why)

    def _not_done(self, piece: Piece, tries: int, why: str) -> str:
        chance = int.from_bytes(self.desk.entropy(7), "big") / 2**56
        wait = self.patience.wait(tries, chance)
        self.tasks.put(piece, "failing", why, wait)
        log.warning("%s failed (%s); again in %.0f s", piece, why, wait)
        return "failed"

    def _bury(self, piece: Piece, waits: Waiting, why: str) -> str:
        """No more tries of itself; a learner who waits for guidance is told so and decides."""
        work.give_up(self.desk, piece.relationship, waits)
        self.tasks.put(piece, "dead", why)
        log.error("%s is given up: %s", piece, why)
        return "dead"


def _workflow(worker: Worker) -> Callable[..., str]:
    def piece(id: str, relationship: str, what: str, seq: int, actor: str, agent: str) -> str:  # noqa: A002
        return worker.perform(Piece(id, relationship, what, seq, actor, agent))

    return piece


def _agent(workflow: Any) -> str:
    return str(_input(workflow)[-1])


def _input(workflow: Any) -> tuple[Any, ...]:
    return tuple(workflow.input["args"])


def _queue(name: str) -> str:
    return f"worker.{name}"
