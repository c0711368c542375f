"""The command that brings a practice of before along: adopt."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tutelage.domain.errors import Malformed, Unknown
from tutelage.doors import writing
from tutelage.doors.common import Json, out, plain

if TYPE_CHECKING:
    from tutelage.domain.events import GoalSet
    from tutelage.domain.relationship import Relationship
    from tutelage.doors.exchange.adopting import Line
    from tutelage.doors.exchange.practice import Practice
    from tutelage.service.desk import Tutelage

NAMED = 20  # bad lines that a refusal names; the table has all
WIDTH = 60  # letters of a text in the table


@dataclass(frozen=True, slots=True)
class Parties:
    """Between whom it is opened, where it is not there yet."""

    learner: str | None
    trainer: str | None
    mode: str


def adopt(
    path: Annotated[Path, typer.Argument(metavar="FOLDER|FILE", help=".csv, .md, goal.toml")],
    to: Annotated[str, typer.Option(metavar="RELATIONSHIP", help="Where it goes")],
    by: Annotated[
        str | None, typer.Option("--as", metavar="ACTOR", help="Whose it is; else the learner's")
    ] = None,
    learner: Annotated[str | None, typer.Option(help="Opens it with this learner")] = None,
    trainer: Annotated[str | None, typer.Option(help="…and this trainer")] = None,
    mode: Annotated[str, typer.Option(help="mentor or coach")] = "mentor",
    baseline: Annotated[
        int, typer.Option(min=0, max=100, help="The newest own cases that raters are asked about")
    ] = 10,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")
    ] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave out what cannot be read, and write the rest.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring a practice that ran before: goal, past cases, notes, principles; as retold."""
    from tutelage.doors.exchange import practice as practices  # noqa: PLC0415  # `--help` needs none

    files = practices.files_in(path)
    goals = [practices.goal_in(f) for f in files if practices.is_goal(f)]
    goal = goals[0] if goals else None
    with writing.desk(make=True) as tutelage:
        state = _state(tutelage, to)
        criteria = _criteria(state, goal)
        found = practices.read(files, criteria)
        if not dry_run:
            _check(found, skip=skip_bad)
            state = _prepared(tutelage, to, state, Parties(learner, trainer, mode), goal)
        answer = _brought(tutelage, to, state, found, (by, baseline, dry_run, skip_bad))
    out(as_json, answer, _page(answer))
    if found.bad and not skip_bad:
        _check(found, skip=False)


def _state(desk: Tutelage, name: str) -> Relationship | None:
    try:
        return desk.state(name)
    except Unknown:
        return None


def _criteria(state: Relationship | None, goal: GoalSet | None) -> dict[str, str]:
    """The criteria that cases can name: those agreed on, or those of the file."""
    agreed = state.goal.entry.event if state is not None and state.goal else None
    known = agreed or goal
    return {c.key: str(c.name) for c in known.criteria} if known else {}


def _check(found: Practice, *, skip: bool) -> None:
    """Raise Malformed where something cannot be read, before anything is written."""
    if found.bad and not skip:
        some = " ".join(map(str, found.bad[:NAMED]))
        count = len(found.bad)
        said = f"{count} cannot be read, and nothing was written: {some}"
        raise Malformed("bad_lines", said)


def _prepared(
    desk: Tutelage,
    name: str,
    state: Relationship | None,
    parties: Parties,
    goal: GoalSet | None,
) -> Relationship:
    """The relationship, opened and with its goal as far as what was signed allows."""
    if state is None:
        proposed = _proposed(parties)
        first = proposed.learner
        desk.open(proposed, actor=first.owner or first.id, id=name)
        state = desk.state(name)
    agreed = state.agreement is not None and state.agreement.agreed
    if goal is not None and agreed and state.goal is None and state.learner is not None:
        digest = hashlib.sha256(goal.model_dump_json().encode()).hexdigest()[:24]
        desk.write(name, goal, actor=state.learner.owner or state.learner.id, id=f"g{digest}")
        state = desk.state(name)
    return state


def _proposed(parties: Parties) -> Any:
    if not (parties.learner and parties.trainer):
        said = "There is no such relationship yet; say --learner and --trainer to open it."
        raise Unknown("unknown_relationship", said)
    said = "They worked together before; what they did comes from their own files."
    sides = {
        "learner": writing.party(parties.learner),
        "trainer": writing.party(parties.trainer),
    }
    why = "As it was before."
    return writing.event(
        "proposed", {**sides, "mode": parties.mode, "handled": said, "because": why}
    )


def _brought(
    desk: Tutelage,
    name: str,
    state: Relationship | None,
    found: Practice,
    how: tuple[str | None, int, bool, bool],
) -> dict[str, Any]:
    from tutelage.doors.exchange.adopting import Adoption  # noqa: PLC0415

    by, baseline, dry, skip = how
    waits = _waits(state)
    lines: list[Line] = []
    count = 0
    if state is not None and not waits:
        actor = by or (state.learner.id if state.learner else "")
        door = Adoption(desk, name, actor, partial(desk.write, actor=actor))
        lines = door.plan(found, baseline)
        if not dry:
            _check(found, skip=skip)
        count = 0 if dry else door.bring(lines, found, skip=skip)
    rows = [_row(line) for line in lines] or [_row_of(one) for one in _all(found)]
    bad = [{"file": b.file, "line": b.line, "reason": b.reason} for b in found.bad]
    return {
        "relationship": name,
        "written": count,
        "here_already": sum(line.here for line in lines),
        "rows": rows,
        "bad": bad,
        "waits": waits,
    }


def _waits(state: Relationship | None) -> str | None:
    """What is still to be signed before cases can be brought."""
    if state is None:
        return "It is not opened yet."
    if state.agreement is None or not state.agreement.agreed:
        return "Both sign the agreement; then give this command again."
    if state.goal is None:
        return "Set a goal (goal.toml, or by hand); then give this command again."
    return None if state.agreed else "Both sign the goal; then give this command again."


def _all(found: Practice) -> list[Any]:
    return [*found.cases, *found.notes, *found.rules]


def _row(line: Line) -> dict[str, Any]:
    state = "here already" if line.here else "to be rated" if line.rated else "told"
    return {**_row_of(line.what), "as": state}


def _row_of(one: Any) -> dict[str, Any]:
    text = getattr(one, "text", "") or getattr(one, "says", "")
    when: Any = getattr(one, "when", None)
    return {
        "file": one.file,
        "line": one.line,
        "kind": {"Case": "case", "Note": "note", "Rule": "principle"}[type(one).__name__],
        "date": when.date().isoformat() if hasattr(when, "date") else None,
        "says": " ".join(text.split())[:WIDTH],
        "as": "waits",
    }


def _page(answer: dict[str, Any]) -> str:
    rows = [
        f"{r['file']}:{r['line']}\t{r['kind']}\t{r['date'] or '-'}\t{r['as']}\t{plain(r['says'])}"
        for r in answer["rows"]
    ]
    bad = [f"{b['file']}:{b['line']}\tcannot be read\t{b['reason']}" for b in answer["bad"]]
    told = f"{answer['written']} written, {answer['here_already']} here already, {len(bad)} bad."
    return "\n".join([*rows, *bad, told, *filter(None, [answer["waits"]])])
