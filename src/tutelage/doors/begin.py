"""The commands for whoever runs an agent: a goal to fill in, and arms with and without help."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError

from tutelage.domain import goal as goals
from tutelage.domain.errors import Malformed, Unavailable, Unknown
from tutelage.doors import measuring, working, writing
from tutelage.doors.common import Json, Name, function, out, read_json, say
from tutelage.service import goalfile

if TYPE_CHECKING:
    from tutelage.domain.events import SituationOpened

goal_app = typer.Typer(no_args_is_help=True, help="Goals: write one, and is it specific enough?")


# goals -----------------------------------------------------------------------------------------
@goal_app.command("new")
def goal_new(
    file: Annotated[Path, typer.Argument(help="Where to write it")] = Path("goal.toml"),
    as_json: Json = False,
) -> None:
    """Write a goal to be filled in: every <question> in it asks for an answer."""
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(goalfile.skeleton())
    except FileExistsError:
        raise Malformed("file_there", f"{file} is there already; it is left as it is.") from None
    except OSError as problem:
        said = f"{file} cannot be written: {problem.strerror}."
        raise Unavailable("cannot_write", said) from None
    page = f"{file} is to be filled in. Then: tutelage goal check {file}"
    out(as_json, {"file": str(file)}, page)


@goal_app.command("check")
def goal_check(
    file: Annotated[Path | None, typer.Argument(help="TOML or JSON; - reads JSON")] = None,
    text: Annotated[str | None, typer.Option(help="A goal in one line")] = None,
    model: Annotated[
        str | None, typer.Option(help="A language model that asks what the rules do not")
    ] = None,
    as_json: Json = False,
) -> None:
    """Is this goal specific enough? What is missing comes back as a question."""
    if (file is None) == (text is None) or (model is not None and file is None):
        raise typer.BadParameter("Give either a FILE or --text; --model reads a FILE.")
    review = goals.of_text(text) if text is not None else _reviewed(_mapping(file), model)
    missing = [{"part": m.part, "question": m.question} for m in review.missing]
    said = "\n".join(f"{m.part}: {m.question}" for m in review.missing) or "Accepted."
    out(as_json, {"accepted": review.accepted, "missing": missing}, said)


def _reviewed(goal: dict[str, Any], model: str | None) -> goals.Review:
    if model is None:
        return goals.review(goal)
    from tutelage.trainers.llm import GoalReviewer  # noqa: PLC0415  # only with a model

    return GoalReviewer("reviewer", model).review(goal)


def facts(
    relationship: Name,
    situation: str,
    model: Annotated[str, typer.Option(help="Which language model, as provider:name")],
    as_json: Json = False,
) -> None:
    """Hold the facts of an account against the record of its situation, by a language model."""
    from tutelage.service import work  # noqa: PLC0415  # `--help` needs none
    from tutelage.trainers.llm import AccountChecker  # noqa: PLC0415

    checker = AccountChecker("checker", model)
    with writing.desk() as tutelage:
        known = tutelage.state(relationship).find(situation)
        if known is None:
            raise Unknown("unknown_situation", f"There is no situation {situation}.")
        found = work.asking(tutelage, relationship, checker, lambda: checker.check(known))
    said = "\n".join(map(str, found)) or "It has no account, or the account says no fact."
    out(as_json, [asdict(fact) for fact in found], said)


def _mapping(file: Path | None) -> dict[str, Any]:
    if file is not None and file.suffix == ".toml":
        return goalfile.parse(goalfile.text_of(file))
    found = read_json(file or Path("-"))
    if not isinstance(found, dict):
        raise Malformed("bad_goal", "A goal is a JSON object with situation, behaviour, …")
    return found


# arms ------------------------------------------------------------------------------------------
def arms(
    relationship: Name,
    agent: Annotated[
        str, typer.Option(help="package.module:function of task and context, or a learner's class")
    ],
    situations: Annotated[Path, typer.Option(help="New situations, one JSON object a line")],
    mentor: working.Mentor = None,
    coach: working.Coach = None,
    agents: working.Agents = None,
    copies: Annotated[int, typer.Option(min=3, max=20, help="Copies of each arm")] = 3,
    to: measuring.Folder = None,
    as_json: Json = False,
) -> None:
    """Copies meet the same new situations with and without the trainer; then the evidence.

    Interrupted, it goes on where it was when it is given again.
    """
    from tutelage.service.arms import arms_of, run_arms  # noqa: PLC0415

    new = list(_situations(situations))
    with writing.desk() as tutelage:
        tutelage.agents |= working.agents_of(mentor, coach, agents)
        called = function(agent, "--agent", "bad_agent")
        mine = arms_of(called)
        at = _forked(tutelage, relationship, mine)
        for progress in run_arms(tutelage, relationship, new, called, copies=copies, at=at):
            say(str(progress), err=True)
        found = tutelage.evidence(relationship, arms=mine)
    measuring.answer_evidence(found, to, as_json=as_json)


def _forked(tutelage: Any, relationship: str, mine: tuple[str, str]) -> int | None:
    """The entry of this agent's copies: a run given again goes on with them."""
    return max((c.at for c in tutelage.copies(relationship) if c.arm in mine), default=None)


def _situations(file: Path) -> Iterator[SituationOpened]:
    """The situations in a file, each line a SituationOpened. Raises Malformed with the line."""
    from tutelage.domain.events import SituationOpened  # noqa: PLC0415

    for number, line in enumerate(goalfile.text_of(file, limit=None).splitlines(), start=1):
        if line.strip():
            try:
                yield SituationOpened(**_line(line))
            except (ValueError, TypeError, ValidationError) as problem:
                raise Malformed("bad_line", f"{file}, line {number}: {_first(problem)}") from None


def _line(line: str) -> dict[str, Any]:
    found = json.loads(line)
    if not isinstance(found, dict):
        raise TypeError("this is no JSON object")
    found.pop("kind", None)
    return found


def _first(problem: Exception) -> str:
    if isinstance(problem, ValidationError):
        one = problem.errors()[0]
        return f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
    return str(problem)
