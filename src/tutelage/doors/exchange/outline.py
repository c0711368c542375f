"""A run as entries: the situation with its trace, what the agent did, how it came out.

What an agent did in a trace is no own call: nobody asked for one. It is unaided only where the
trace shows it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from tutelage.domain.events import (
    Debriefed,
    DecisionRecorded,
    Event,
    OutcomeRecorded,
    SituationOpened,
)
from tutelage.domain.text import Gone
from tutelage.doors.exchange.raw import named, pack, unpack
from tutelage.doors.exchange.run import Message, Run, by_agent, calls, role, said, shorten

TASK = 4000  # characters of what was asked
DONE = 6000  # characters of what was done
_HELPED = {
    "person": "The trace shows help before it: person.",
    "ai": "The trace shows help before it: AI.",
    "unknown": "The trace does not show whether it was decided alone.",
}
_THINKS = {"think", "thought", "reason"}  # tools that only write a thought down
CALLS = 40  # tool calls named; the rest are in the evidence
ARGUMENTS = 400  # characters of each


@dataclass(frozen=True, slots=True)
class Chosen:
    """How a run was chosen, with what chance, and whether because it went badly."""

    how: str = "every run of the files"
    probability: float | None = 1.0
    because_bad: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """An event of a run, and the name by which a repeated import finds it."""

    name: str
    event: Event


def steps(run: Run, criteria: tuple[str, ...], chosen: Chosen = Chosen()) -> Iterator[Step]:
    """The entries of a run in order; the debrief is the trainer's to write."""
    key = run.key
    evidence, _cut = pack(run)
    opened = SituationOpened(
        situation=key,
        text=situation(run),
        criteria=criteria,
        source="trace",
        retold=True,
        chosen=chosen.how,
        probability=chosen.probability,
        because_bad=chosen.because_bad,
        facts={"task": run.task} if run.task else {},
        evidence=evidence,
        trace=run.named,
    )
    yield Step("opened", opened)
    yield Step("decided", _decision(run, key))
    yield Step("came-out", _outcome(run, key))
    if run.annotation is not None:
        yield Step("debriefed", _debrief(run, key, criteria))


def situation(run: Run) -> str:
    """What was asked, in the words of whoever asked: all that the user said, turn by turn.

    Where agents talk to each other as users, only the first word is the task.
    """
    users = [m for m in run.messages if role(m) == "user"]
    asked = [said(m).strip() for m in users]
    talk = asked[:1] if any(m.get("name") for m in users) else asked
    otherwise = f"A run whose trace does not say what was asked: {run.trace}"
    return shorten(_told(run.asked or "\n".join(filter(None, talk)), otherwise), TASK)


def _decision(run: Run, key: str) -> DecisionRecorded:
    unaided = run.helped == "nobody"
    return DecisionRecorded(
        situation=key,
        decision=shorten(decision(run.messages), DONE),
        why=shorten(_why(run.messages), DONE),
        advice="none" if unaided else "unknown",  # else it would be evidence
        advice_why=None if unaided else _HELPED[run.helped],
    )


def decision(messages: Sequence[Message]) -> str:
    """What the agent did: the tools it called, and what it said last."""
    own = by_agent(messages)
    made = ((name, given) for m in own for name, given in calls(m) if name not in _THINKS)
    called = [f"{name}({_short(given)})" for name, given in made]
    left_out = len(called) - CALLS
    told = called[:CALLS] if left_out <= 0 else [*called[:CALLS], f"… and {left_out} more"]
    spoke = [said(m) for m in own if said(m).strip()]
    parts = [f"Called: {'; '.join(told)}"] if told else []
    parts += [f"Said at the end: {spoke[-1]}"] if spoke else []
    return _told("\n".join(parts), "The trace does not show what it did.")


def _short(given: str) -> str:
    with suppress(ValueError, RecursionError):
        given = json.dumps(json.loads(given), ensure_ascii=False)
    return shorten("" if given == "{}" else given.removeprefix("{").removesuffix("}"), ARGUMENTS)


def _why(messages: Sequence[Message]) -> str:
    """The reasons in the trace: what the model thought, or said beside a call."""
    own = by_agent(messages)
    thought = [str(m.get(n)) for m in own for n in ("reasoning", "reasoning_content") if m.get(n)]
    thought += [_short(given) for m in own for name, given in calls(m) if name in _THINKS]
    beside = [said(m) for m in own if said(m).strip() and any(calls(m))]
    reasons = thought or beside
    return _told("\n".join(reasons[-3:]), "The trace gives no reasons.")


def _outcome(run: Run, key: str) -> OutcomeRecorded:
    known = run.reward is not None
    measured = f"{run.unit} {run.reward:g}" if known else "The trace does not say how it came out."
    return OutcomeRecorded(
        situation=key,
        text=shorten(
            _told(f"{measured}. {run.outcome}" if run.outcome else measured, measured), DONE
        ),
        known=known,
        measure=run.reward,
        unit=run.unit if known else None,
    )


def _debrief(run: Run, key: str, criteria: tuple[str, ...]) -> Debriefed:
    """A failed run's annotation, as the debrief that it is."""
    note = run.annotation
    assert note is not None  # noqa: S101  # the caller saw to it
    why = shorten(note.reason, DONE)
    who = f"{note.agent}, step {note.step}" if note.agent and note.step else note.agent
    return Debriefed(
        situation=key,
        expected="That the run would solve what was asked.",
        happened=shorten(_told(run.outcome, "It did not."), DONE),
        why=_told(f"{who[:200]}: {why}" if who else why, "No reason was written."),
        next="Before this step, look for what this annotation names.",
        criteria=criteria,
    )


def _told(text: str | None, otherwise: str) -> str:
    """The text as the ledger takes it: valid Unicode, and not blank."""
    plain = (text or "").encode("utf-8", "replace").decode()
    return plain if plain.strip() else otherwise


def messages(opened: SituationOpened) -> list[Message] | None:
    """The messages that an imported situation came with; None for any other."""
    if opened.evidence is None or isinstance(opened.evidence, Gone):
        return None
    return unpack(opened.evidence)


def trace_of(opened: SituationOpened) -> str | None:
    """The trace id as its exporter wrote it; None where the situation came from no trace."""
    if opened.trace is None or opened.evidence is None or isinstance(opened.evidence, Gone):
        return None
    return named(opened.evidence)
