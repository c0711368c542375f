"""Runs brought into a relationship: each once, whole, under ids that follow from its content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from tutelage.domain.errors import Malformed, NotYours, Refused
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Role
from tutelage.doors.exchange.outline import Chosen, Step, steps
from tutelage.doors.exchange.picking import Picked
from tutelage.doors.exchange.raw import pack
from tutelage.doors.exchange.run import Run, Skip

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

EXAMPLES = 3  # places named for every reason


@dataclass
class Tally:
    """What an import came to, and what was left out and why."""

    situations: int = 0
    decisions: int = 0
    outcomes: int = 0
    debriefs: int = 0
    unaided: int = 0
    cut: int = 0
    spans: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    places: dict[str, list[str]] = field(default_factory=dict)

    def skip(self, left_out: Skip) -> None:
        """Something that became no situation."""
        self.skipped[left_out.reason] += 1
        places = self.places.setdefault(left_out.reason, [])
        if left_out.where and len(places) < EXAMPLES:
            places.append(left_out.where)

    def add(self, run: Run, *, debriefs: bool = False) -> None:
        """A run that is a situation now, or would be."""
        self.situations += 1
        self.decisions += 1
        self.outcomes += run.reward is not None
        self.debriefs += debriefs and run.annotation is not None
        self.unaided += run.helped == "nobody"
        self.cut += pack(run)[1] > 0
        self.spans += run.spans

    def as_json(self) -> dict[str, Any]:
        """The counts for programs."""
        reasons = [
            {"reason": reason, "count": count, "where": self.places.get(reason, [])}
            for reason, count in self.skipped.most_common()
        ]
        return {
            "situations": self.situations,
            "decisions": self.decisions,
            "outcomes": self.outcomes,
            "skipped": self.skipped.total(),
            "reasons": reasons,
            "debriefs": self.debriefs,
            "unaided": self.unaided,
            "shortened": self.cut,
            "spans": self.spans,
        }


class Import:
    """Writes runs into one relationship, in the learner's name; annotations in its trainer's."""

    def __init__(
        self, desk: Tutelage, relationship: str, learner: str | None, trainer: str | None
    ) -> None:
        self._desk, self._relationship, self._trainer = desk, relationship, trainer
        self._state = state = desk.state(relationship)
        self._learner = learner or (state.learner.id if state.learner else "")
        _may_import(state, self._learner, trainer)
        opened = (s.opened.event for s in state.situations)
        self._traces = {o.trace: o.situation for o in opened if o.trace}

    def write(self, runs: Iterable[Picked], tally: Tally) -> None:
        """Write each run that is not here yet; one that was begun is finished."""
        for picked in runs:
            run = picked.run
            if self.has(run):
                tally.skip(Skip(run.where, "a run that is here already"))
            elif self._traces.get(run.named, run.key) != run.key:
                tally.skip(Skip(run.where, "a trace that is here already, with other content"))
            else:
                self._write(run, picked.chosen, tally)

    def has(self, run: Run) -> bool:
        """Whether the run is here, whole."""
        known = self._state.find(run.key)
        return known is not None and (known.dropped is not None or self._whole(known, run))

    def taken_as_bad(self, run: Run) -> bool:
        """Whether it was brought in because it went badly: it still takes part in later draws."""
        known = self._state.find(run.key)
        return known is not None and known.opened.event.because_bad

    def begun(self, run: Run) -> bool:
        """Whether an import of this run was interrupted."""
        known = self._state.find(run.key)
        return known is not None and not self.has(run)

    def left_today(self, quota: int) -> int:
        """How many more a person gets today of a daily quota."""
        today = self._desk.clock().date()
        return max(0, quota - _brought(self._state, today))

    def chance(self) -> int:
        """A seed for today's draw, from the desk's entropy; each situation drawn names it."""
        return int.from_bytes(self._desk.entropy(4), "big")

    def _whole(self, known: Situation, run: Run) -> bool:
        notes = run.annotation is not None and self._trainer is not None
        return known.outcome is not None and (bool(known.debriefs) or not notes)

    def _write(self, run: Run, chosen: Chosen, tally: Tally) -> None:
        known = self._state.find(run.key)
        chosen = _as_begun(known) if known is not None else chosen
        for step in steps(run, self._state.criteria, chosen):
            try:
                self._step(run, step)
            except Malformed as refusal:
                if step.name != "opened":
                    raise
                tally.skip(Skip(run.where, f"refused: {refusal.message}"))
                return
        self._traces[run.named] = run.key
        tally.add(run, debriefs=self._trainer is not None)

    def _step(self, run: Run, step: Step) -> None:
        debrief = step.name == "debriefed"
        actor = self._trainer if debrief else self._learner
        if actor is not None:
            name = f"{run.key}.{step.name}"
            written = self._desk.write(
                self._relationship, step.event, actor=actor, id=name, occurred_at=run.started
            )
            self._state = written.state


def _as_begun(known: Situation) -> Chosen:
    """How a run was chosen when it was first brought in: a retry says the same."""
    opened = known.opened.event
    return Chosen(str(opened.chosen), opened.probability, because_bad=opened.because_bad)


def _may_import(state: Relationship, learner: str, trainer: str | None) -> None:
    if not state.agreed:
        raise Refused("sign_first", "First both sign the agreement and the goal.")
    if Role.LEARNER not in state.roles(learner):
        raise NotYours("not_your_role", "Traces are brought in by the learner whose runs they are.")
    if trainer is not None and Role.TRAINER not in state.roles(trainer):
        raise NotYours("not_your_role", "Annotations become debriefs in the trainer's name.")


def _brought(state: Relationship, today: date) -> int:
    return sum(
        s.opened.event.source == "trace" and s.opened.written_at.date() == today
        for s in state.situations
    )
