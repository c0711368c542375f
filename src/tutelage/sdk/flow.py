"""An agent's run as a situation: own call, guidance where it is due, decision. It never blocks.

The ledger says whether guidance is due; the flow waits for it no longer than it was told to. Where
Tutelage is away or slow, the agent runs as it would have without, and what it said is spooled.
"""

from __future__ import annotations

import hashlib
import logging
import random
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tutelage.domain.errors import Malformed, NoKey, TutelageError
from tutelage.domain.events import DecisionRecorded, Event, OwnCallRecorded, SituationOpened
from tutelage.domain.terms import Stakes
from tutelage.sdk.client import Client
from tutelage.sdk.spool import Kept, Spool, passes

log = logging.getLogger(__name__)

POLL = 0.25  # seconds between two looks for guidance
THREADS = 8  # requests at a time; where all hang, the next runs go on without

Act = Callable[[str], Any]
"""The agent: what reaches its context (empty where nothing does) to what it answers."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of an agent's, before it: the task, and what its caller knows of it."""

    task: str
    uncertainty: float | None = None  # 0 sure … 1 not at all, where the caller has a measure
    stakes: Stakes = "normal"


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which runs become situations: all of high stakes, the uncertain, and a random share.

    A situation says how it was chosen and with what probability, so that those that were picked
    are not taken for the average.
    """

    share: float = 0.01
    uncertain: float = 0.8  # from this uncertainty on
    high_stakes: bool = True

    def choose(self, run: Run, draw: float) -> tuple[str, float] | None:
        """How a run was chosen and with what probability; None where it was not."""
        if self.high_stakes and run.stakes == "high":
            return "the stakes are high", 1.0
        if run.uncertainty is not None and run.uncertainty >= self.uncertain:
            return "the agent was uncertain", 1.0
        return ("a random share of all runs", self.share) if draw < self.share else None


@dataclass
class Report:
    """What Tutelage added to the runs: seconds, tokens, and what came to nothing."""

    runs: int = 0
    situations: int = 0
    consulted: int = 0
    away: int = 0
    refused: int = 0
    failed: int = 0
    last: str = ""  # the code or the kind of error of what was refused or failed last
    seconds: float = 0.0
    waited: float = 0.0
    tokens: int = 0
    worst: float = 0.0

    def __str__(self) -> str:
        each = self.seconds / self.runs * 1000 if self.runs else 0.0
        wrong = f"; {self.refused} refused, {self.failed} failed, last: {self.last}"
        return (
            f"{self.runs} runs, {self.situations} situations, {self.consulted} with guidance; "
            f"added {each:.1f} ms a run (most {self.worst * 1000:.0f}) and {self.tokens} tokens, "
            f"waited {self.waited:.0f} s for guidance; {self.away} times away"
            + (wrong if self.last else "")
        )


@dataclass
class Flow:
    """How the runs of one agent reach one relationship. Safe to share between threads.

    Whatever goes wrong here, the agent runs: it is counted in `report`, and logged once a kind.
    `check` says beforehand whether key, relationship and criteria are right.
    """

    client: Client
    relationship: str
    criteria: tuple[str, ...]
    sampling: Sampling = Sampling()
    patience: float = 0.0  # seconds to wait for guidance that is due; 0: it comes as a debrief
    timeout: float = 2.0  # seconds that Tutelage may add to a run besides, all requests together
    scrub: Callable[[str], str] = str  # what every text goes through before it leaves
    spool: Spool = field(default_factory=lambda: Spool(Path("tutelage.spool")))
    chance: Callable[[], float] = random.SystemRandom().random
    tokens_of: Callable[[str], int] = lambda text: len(text) // 4
    report: Report = field(default_factory=Report)
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS))

    def __post_init__(self) -> None:
        if isinstance(self.criteria, str) or not self.criteria:
            raise Malformed("bad_criteria", 'Name the criteria as a tuple: ("signal", "reach").')
        self.criteria = tuple(self.criteria)

    def check(self) -> None:
        """Ask once whether this can work. Raises NoKey, Unknown, Malformed, Unavailable."""
        known = vars(self.client.turn(self.relationship).levels)
        strange = [c for c in self.criteria if c not in known]
        if strange:
            have = ", ".join(known) or "none yet"
            said = f"{', '.join(strange)} is no criterion of the goal; there are {have}."
            raise Malformed("unknown_criterion", said)

    def run(self, task: str, act: Act, **known: Any) -> Any:
        """Let the agent act on a task. Its answer; an error is the agent's own, never ours."""
        live = self.begin(task, **known)
        if live is None:
            return act("")
        answer = act(live.context)
        guided = live.called(answer)
        if guided is not None:
            answer = act(guided)
        live.decided(answer)
        return answer

    def begin(self, task: str, **known: Any) -> Live | None:
        """For a framework that runs the agent itself: the run's situation, if it becomes one."""
        self.report.runs += 1
        try:
            run = Run(str(task), **known)
            chosen = self.sampling.choose(run, self.chance())
            return None if chosen is None else Live(self, run, *chosen)
        except Exception as problem:  # noqa: BLE001  # the agent runs, whatever is wrong with us
            self.wrong(problem)
            return None

    def wrong(self, problem: Exception) -> None:
        """Count what went wrong, and log it when it is of a new kind."""
        report, code = self.report, getattr(problem, "code", type(problem).__name__)
        if isinstance(problem, TutelageError):
            report.refused += 1
        else:
            report.failed += 1
        if code != report.last:
            # the kind only: the message of a hook of the user's may hold what it was to hide
            log.warning("a run was not recorded as it should be: %s", code)
        report.last = code

    def drain(self) -> int:
        """Write what was spooled while Tutelage was away; how many entries.

        A run that reaches Tutelage again does it by itself, beside the agent.
        """
        return self.spool.drain(
            lambda kept: self.client.write(kept.relationship, kept.event, id=kept.id)
        )


class Live:
    """One run that became a situation: its context, then `called`, then `decided`.

    None of them raises: what is wrong with us is counted, and the agent goes on.
    """

    def __init__(self, flow: Flow, run: Run, chosen: str, probability: float) -> None:
        self.flow, self.run = flow, run
        self.chosen, self.probability = chosen, probability
        told = hashlib.sha256(run.task.encode("utf-8", "replace")).hexdigest()[:12]
        self.key = f"run.{told}.{secrets.token_hex(4)}"
        self.left, self.away, self.given_up = flow.timeout, False, False
        self.client = flow.client.hurried(flow.timeout)
        self.call: str | None = None
        self.guided: str | None = None
        self.context = self._guard(self._open, opens=True) or ""

    def called(self, answer: Any, *, again: bool = True) -> str | None:
        """Record the own call; the context with guidance, where it was due and came in time.

        `answer` is what the agent would do, or a pair: what, and why. Where the agent cannot be
        asked `again`, nothing is collected: guidance then comes as a debrief.
        """
        self.guided = self._guard(lambda: self._called(answer, again))
        return self.guided

    def decided(self, answer: Any) -> None:
        """Record the decision; after guidance, whether it is the own call all the same."""
        self._guard(lambda: self._decided(answer))

    def _guard(self, act: Callable[[], Any], *, opens: bool = False) -> Any:
        if self.given_up:
            return None
        try:
            return act()
        except Exception as problem:  # noqa: BLE001  # a hook of the user's, or a fault of ours
            self.given_up = opens  # without its beginning there is no situation
            self.flow.wrong(problem)
            return None

    # what is said ------------------------------------------------------------------------------
    def _open(self) -> str:
        self._write(
            SituationOpened(
                situation=self.key,
                text=self._clean(self.run.task),
                criteria=self.flow.criteria,
                chosen=self.chosen,
                probability=self.probability,
                stakes=self.run.stakes,
            )
        )
        self.flow.report.situations += 1
        if not self.away and self.flow.spool.waits:
            self.flow.threads.submit(self.flow.drain)
        return self._counted(self._prompt() or "")

    def _called(self, answer: Any, again: bool) -> str | None:
        self.call = self._said(answer)
        called = OwnCallRecorded(situation=self.key, call=self.call, why=self._why(answer))
        written = self._write(called)
        guided = self._guided(written) if again else None
        if guided is not None:
            self.flow.report.consulted += 1
            self._counted(guided)
        return guided

    def _decided(self, answer: Any) -> None:
        said, advice, why = self._said(answer), "none", None
        if self.guided is not None:  # other words are no proof that the advice was followed
            advice = "set_aside" if said == self.call else "unknown"
            why = "It differs from the own call; the agent did not say why."
        self._write(
            DecisionRecorded(
                situation=self.key,
                decision=said,
                why=self._why(answer),
                advice=advice,
                advice_why=why if advice == "unknown" else None,
            )
        )

    def _said(self, answer: Any) -> str:
        return self._clean(str(answer[0] if isinstance(answer, tuple) else answer))

    def _why(self, answer: Any) -> str:
        pair = isinstance(answer, tuple) and len(answer) > 1
        return self._clean(str(answer[1])) if pair else "It did not say."

    def _clean(self, text: str) -> str:
        """As it may be stored: scrubbed, within the limit of a text, and never blank."""
        kept = self.flow.scrub(text).encode("utf-8", "replace")[:60_000].decode("utf-8", "ignore")
        return kept if kept.strip() else "(nothing)"

    def _counted(self, context: str) -> str:
        self.flow.report.tokens += self.flow.tokens_of(context) if context else 0
        return context

    # guidance ----------------------------------------------------------------------------------
    def _guided(self, written: Any) -> str | None:
        """The context with guidance in it, where it was due and came in time."""
        step = getattr(written, "step", None)
        if step is None or not step.consult or self.flow.patience <= 0:
            return None
        began = time.monotonic()
        try:
            came = self._wait(began + self.flow.patience)
        except TutelageError as problem:
            self.flow.wrong(problem)
            came = False
        finally:
            self.flow.report.waited += time.monotonic() - began
        return self._collected() if came else None

    def _wait(self, end: float) -> bool:
        """Whether guidance came before this; at once false where none will come.

        It costs patience, not timeout: each look has a time of its own.
        """
        while (left := end - time.monotonic()) > 0:
            patient = self.flow.client.hurried(min(left, self.flow.timeout))
            look = self.flow.threads.submit(patient.turn, self.flow.relationship)
            try:  # in a thread, as below: an answer that drips would take longer than we have
                turn = look.result(timeout=left)
            except TimeoutError:
                return False
            step = next((s for s in turn.steps if s.situation == self.key), None)
            if step is None or step.do not in {"wait", "collect"}:
                return False
            if step.do == "collect":
                return True
            time.sleep(min(POLL, left))
        return False

    def _collected(self) -> str | None:
        name = self.flow.relationship
        if self._ask(lambda: self.client.collect_guidance(name, self.key)) is None:
            return None
        return self._prompt()

    def _prompt(self) -> str | None:
        at = self.flow.relationship
        found: str | None = self._ask(lambda: str(self.client.context(at, self.key).prompt))
        return found

    # failing open ------------------------------------------------------------------------------
    def _write(self, event: Event) -> Any:
        """Write it, or spool it while Tutelage is away. Raises what Tutelage refuses it with."""
        name, at = secrets.token_hex(16), self.flow.relationship
        written = self._ask(lambda: self.client.write(at, event, id=name))
        if self.away:
            self.flow.spool.put(Kept(at, name, event))
        return written

    def _ask(self, request: Callable[[], Any]) -> Any:
        """Ask Tutelage; None where it is away or has used up its time."""
        if self.away or self.left <= 0:
            self.away = True
            return None
        began, asked = time.monotonic(), None
        try:
            # in a thread: no timeout of a connection bounds the whole of a request
            asked = self.flow.threads.submit(request)
            return asked.result(timeout=self.left)
        except (TutelageError, TimeoutError) as problem:
            if isinstance(problem, NoKey) or not passes(problem):
                raise
            self.away = True
            self.flow.report.away += 1
        finally:
            if asked is not None:
                asked.cancel()  # what has not begun must not be done behind the run's back
            self._spent(time.monotonic() - began)
        return None

    def _spent(self, seconds: float) -> None:
        report = self.flow.report
        self.left -= seconds
        report.seconds += seconds
        report.worst = max(report.worst, self.flow.timeout - self.left)
