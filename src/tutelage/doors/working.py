"""``tutelage worker`` and ``tutelage work``: who does what waits for agents, and what failed."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import entry_points
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tutelage.domain.errors import Malformed
from tutelage.doors import writing
from tutelage.doors.common import Json, function, out, say
from tutelage.doors.notifying import telling

if TYPE_CHECKING:
    from tutelage.service.tasks import Task

AGENTS = "tutelage.agents"
"""The entry points that offer agents: each names a function that returns them."""

app = typer.Typer(
    invoke_without_command=True, help="Do what waits for agents once, and see what failed."
)

Mentor = Annotated[list[str] | None, typer.Option(help="An agent mentor's name")]
Coach = Annotated[list[str] | None, typer.Option(help="An agent coach's name")]
Agents = Annotated[
    list[str] | None,
    typer.Option(help="package.module:function that returns agents, or an entry point's name"),
]
_RETRIED = "{} tried again by the next worker that has the agent."


# once, in this process -------------------------------------------------------------------------
@app.callback()
def work(
    context: typer.Context,
    mentor: Mentor = None,
    coach: Coach = None,
    agents: Agents = None,
    as_json: Json = False,
) -> None:
    """Do what waits for agents, once and in this process; without a subcommand."""
    if context.invoked_subcommand is not None:
        return
    with writing.desk() as tutelage:
        tutelage.agents |= agents_of(mentor, coach, agents)
        count = tutelage.run_due()
    out(as_json, {"done": count}, f"{count} done.")


# a worker --------------------------------------------------------------------------------------
def worker(
    name: Annotated[str, typer.Option(help="Start it under the same name to go on where it died")],
    mentor: Mentor = None,
    coach: Coach = None,
    agents: Agents = None,
    once: Annotated[bool, typer.Option("--once", help="Do what waits now, and end.")] = False,
    slots: Annotated[int, typer.Option(min=1, max=256, help="Pieces of work at a time")] = 4,
    tries: Annotated[int, typer.Option(min=1, max=100, help="Until work is given up")] = 8,
    wait: Annotated[float, typer.Option(min=0.01, help="Seconds after the first failure")] = 5.0,
    answer: Annotated[
        float, typer.Option(min=0.01, help="Seconds until a learner decides without an answer")
    ] = 600.0,
    lease: Annotated[
        float, typer.Option(min=0.5, help="Seconds of silence until others take over")
    ] = 15.0,
    grace: Annotated[float, typer.Option(min=0, help="Seconds to finish in when stopped")] = 30.0,
    as_json: Json = False,
) -> None:
    """Do what waits for agents, whatever dies: run as many as you like on one database."""
    from tutelage.service.durable import Worker  # noqa: PLC0415  # `--help` needs none
    from tutelage.service.pieces import Patience  # noqa: PLC0415

    _quiet_logs()
    found = agents_of(mentor, coach, agents)
    if not found:
        raise typer.BadParameter("Name an agent with --mentor, --coach or --agents.")
    with stoppable() as stop, writing.desk(make=True) as tutelage:
        tutelage.agents |= found
        patience = Patience(tries=tries, first=wait, answer=answer)
        with Worker(tutelage, name, slots=slots, patience=patience, lease=lease) as at_work:
            if once:
                at_work.drain(stop)
            else:
                say(f"{name} works for {', '.join(sorted(found))}. Ctrl-C stops it.", err=as_json)
                sys.stdout.flush()
                with telling(tutelage):
                    at_work.run(stop)
            stuck = at_work.stuck
            whole = at_work.finish(0 if stuck else grace)
            done = dict(at_work.came_of)
    out(as_json, {"worker": name, **done}, _told(done))
    if stuck:
        say("Its agents do not answer; start it again.", err=True)
    if not whole:
        _leave(1 if stuck else 0)  # what an agent still thinks about, the next worker does


@contextmanager
def stoppable() -> Iterator[Event]:
    """What Ctrl-C and a supervisor's TERM set, from the start on."""
    stop = Event()
    before = {s: signal.signal(s, _stopper(stop)) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stopper(stop: Event) -> Any:
    def handle(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            _leave(130)  # asked a second time: at once
        stop.set()

    return handle


def _leave(code: int) -> None:
    """End without waiting for threads: an agent may think for as long as it likes."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _told(done: dict[str, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in sorted(done.items())) or "Nothing waited."


class _Discreet(logging.Formatter):
    """Says what kind of error it was and where; its message may quote a text nobody may read."""

    def formatException(self, ei: Any) -> str:  # noqa: N802  # the library's name
        from tutelage.service.pieces import why  # noqa: PLC0415  # loaded already

        return why(ei[1])


def _quiet_logs() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_Discreet("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


# which agents ----------------------------------------------------------------------------------
def agents_of(
    mentors: list[str] | None, coaches: list[str] | None, named: list[str] | None
) -> dict[str, Any]:
    """The agents that a command names, by their ids. Raises Malformed."""
    from tutelage.trainers import ExperienceMentor, QuestionCoach  # noqa: PLC0415

    found: list[Any] = [ExperienceMentor(name) for name in mentors or []]
    found += [QuestionCoach(name) for name in coaches or []]
    for name in named or []:
        found += _made(name)
    return {agent.id: agent for agent in found}


def _made(named: str) -> list[Any]:
    """The agents that a function returns: one, or several. Raises Malformed."""
    from tutelage.guidance.roles import Rater, Trainer  # noqa: PLC0415
    from tutelage.trainers.llm import ByModel  # noqa: PLC0415

    by_name = ":" not in named
    maker = _entry_point(named) if by_name else function(named, "--agents", "bad_agents")
    try:
        made = maker()
    except TypeError as problem:
        said = f"{named} takes nothing and returns trainers or raters: {problem}."
        raise Malformed("bad_agents", said) from None
    several = list(made) if isinstance(made, Iterable) else [made]
    if not several or not all(isinstance(agent, Trainer | Rater) for agent in several):
        raise Malformed("bad_agents", f"{named} returns no trainers or raters.")
    for agent in several:
        if isinstance(agent, ByModel):
            agent.ready()  # a mistyped model, or no key for it, is told now and not to a learner
    return several


def _entry_point(named: str) -> Any:
    offered = {e.name: e for e in entry_points(group=AGENTS)}
    if named not in offered:
        have = f"there is {', '.join(sorted(offered))}" if offered else "none is installed"
        said = f"No package offers the agents '{named}'; {have}. Or give package.module:function."
        raise Malformed("bad_agents", said)
    return offered[named].load()


# what failed -----------------------------------------------------------------------------------
@app.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Also what is being done now")] = False,
    as_json: Json = False,
) -> None:
    """What failed: what, for whom, why, how often, and when it is tried again."""
    from tutelage.service.tasks import Tasks  # noqa: PLC0415  # `--help` needs none

    states = ("dead", "failing", *(("running",) if every else ()))
    with Tasks(writing.url(), make=False) as kept:
        found = kept.listed(*states)
    lines = [_line(task) for task in found]
    if any(task.state == "dead" for task in found):
        lines.append("Once the cause is gone: tutelage work retry ID, or --all.")
    out(
        as_json,
        [_as_json(task) for task in found],
        "\n".join(lines) or "Nothing waits to be tried again.",
    )


@app.command("workers")
def workers_(as_json: Json = False) -> None:
    """Which workers there are, and when each gave its last sign of life."""
    from tutelage.service.tasks import Tasks  # noqa: PLC0415  # `--help` needs none

    with Tasks(writing.url(), make=False) as kept:
        found = kept.workers()
    lines = [f"{m.name} on {m.host} (process {m.pid}): {_silent(m.silent)}" for m in found]
    out(as_json, [asdict(m) for m in found], "\n".join(lines) or "No worker is there.")


def _silent(seconds: float | None) -> str:
    return "went home and left work" if seconds is None else f"silent for {seconds:.0f} s"


@app.command()
def retry(
    piece: Annotated[str | None, typer.Argument(metavar="ID", help="As list shows it")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that failed")] = False,
    as_json: Json = False,
) -> None:
    """Try failed work again, at once and as often as at first."""
    from tutelage.service.tasks import Tasks  # noqa: PLC0415  # `--help` needs none

    if (piece is None) is not every:
        raise typer.BadParameter("Give either an ID or --all.")
    with Tasks(writing.url(), make=False) as kept:
        count = kept.retry(piece)
    out(as_json, {"retried": count}, _RETRIED.format(count))


def _line(task: Task) -> str:
    p = task.piece
    again = f", again at {_time(task.due)}" if task.state == "failing" else ""
    why = f": {task.why}" if task.why else ""
    return (
        f"{p.id}  {task.state} after {task.tries}{again}  "
        f"{p.what} (entry {p.seq}) in {p.relationship} by {p.agent}{why}"
    )


def _as_json(task: Task) -> dict[str, Any]:
    p = task.piece
    asked = {"relationship": p.relationship, "what": p.what, "seq": p.seq, "agent": p.agent}
    again = _time(task.due) if task.state == "failing" else None
    tried = {"state": task.state, "tries": task.tries, "why": task.why, "worker": task.worker}
    return {"id": p.id, **asked, **tried, "since": _time(task.since), "again": again}


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
