"""How the demo comes out over seeds: ``python -m tutelage_studies.backgammon.seeds 1 20``.

Prints a Markdown table, a row a learner, as it stands in docs/explanation/what-the-demo-shows.md.
"""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.console import Console

from tutelage_studies.backgammon.course import open_desk
from tutelage_studies.backgammon.demo import RELATIONSHIP, Demo, Plan
from tutelage_studies.backgammon.screen import Screen

HEAD = """\
| seed | loss before | guidance ended | on its own | never mentored | guidance by quarter \
| criteria on its own | threshold met | never mentored: threshold |
|---|---|---|---|---|---|---|---|---|"""


def one(seed: int, games: int) -> dict[str, Any]:
    """One learner, and a single copy of it without a mentor."""
    with tempfile.TemporaryDirectory() as folder:
        screen = Screen(Console(stderr=True), games, quiet=True)
        answer = Demo(seed, Plan(games), Path(folder), screen, copies=1).run()
        with open_desk(Path(folder) / "demo.db", seed) as desk:
            found = {name: _met(desk, name) for name in (RELATIONSHIP, "alone-1")}
        return {**answer, "met": found}


def _met(desk: Any, name: str) -> str:
    """After how many situations the threshold was met."""
    state = desk.state(name)
    if state.threshold is None:
        return "no"
    return str(sum(s.opened.seq <= state.threshold.seq for s in state.situations))


def row(answer: dict[str, Any]) -> str:
    """A learner as a row of the table."""
    losses = [f"{answer[f'loss_{k}']:.3f}" for k in ("before", "after", "withdrawn", "unmentored")]
    alone = sum(level == "independent" for level in answer["levels"].values())
    guidance = ", ".join(map(str, answer["guidance_by_quarter"]))
    met = answer["met"]
    cells = [str(answer["seed"]), *losses, guidance, f"{alone} of {len(answer['levels'])}"]
    return f"| {' | '.join([*cells, met[RELATIONSHIP], met['alone-1']])} |"


def main(first: int, last: int, games: int = 60) -> None:
    """The table, as the learners come in."""
    print(HEAD, flush=True)
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        for answer in pool.map(one, range(first, last + 1), [games] * (last - first + 1)):
            print(row(answer), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
