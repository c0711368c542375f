"""The sweeps, in the batched core: every arm once, and where individualized stops winning."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from tutelage_studies.individualized.arms import ARMS
from tutelage_studies.individualized.cohort import run as through
from tutelage_studies.individualized.measures import area, half_way
from tutelage_studies.individualized.world import EXPERT, Setting, held_out

PAIR = ("individualized", "generic")
CONTROL = 64  # learners of the negative control


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what is swept, the value it has here, the setting and the arms."""

    sweep: str
    value: str
    setting: Setting
    arms: tuple[str, ...] = PAIR

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.sweep}-{self.value}".replace(" ", "").replace(",", "-")


def cells(seed: int, learners: int, games: int) -> Iterator[Cell]:
    """All cells, the longest first; each sweep has a seed of its own."""

    def at(more: int, **swept: Any) -> Setting:
        return Setting(seed + more, **{"learners": learners, "games": games, **swept})

    size = max(learners, CONTROL) if learners >= 16 else learners
    whole = max(games, 80) if games >= 60 else games  # a smoke run stays short
    yield Cell("control", "same gaps", at(0, heterogeneity=0.0, learners=size, games=whole))
    yield Cell("control", "own gaps", at(0, learners=size, games=whole))
    yield Cell("gate", "always given", at(0, gated=False, learners=size, games=whole))
    yield Cell("arms", "all", at(1, games=whole), tuple(ARMS))
    for h in (0.0, 0.5, 1.0):
        for p in (1.0, 0.7, 0.4):
            swept = at(2, heterogeneity=h, uptake=p)
            yield Cell("crossover", f"{h:g}, {p:g}", swept, (*PAIR, "own-batch"))
    for budget in (10, 20, 40):
        yield Cell("budget", str(budget), at(3, budget=budget))
    for share in (0.0, 0.5, 1.0):
        yield Cell("outside", f"{share:g}", at(4, outside=share), (*PAIR, "experience", "none"))
    for sd in (0.0, 0.05, 0.1, 0.2):
        yield Cell("fallible", f"{sd:g}", at(5, fallible=sd), (*PAIR, "none"))
    for strength in (0.5, 1.0, 2.0):
        yield Cell("strength", f"{strength:g}", at(6, strength=strength))


def do(cell: Cell) -> dict[str, Any]:
    """One cell: by arm and learner, the area and the rest."""
    held = held_out(cell.setting.seed)
    ceiling = held.loss(EXPERT)
    found: dict[str, Any] = {
        "sweep": cell.sweep,
        "value": cell.value,
        "setting": asdict(cell.setting),
        "ceiling": round(ceiling, 6),
        "arms": {},
    }
    for arm, records in through(cell.setting, cell.arms).items():
        curves = [r.curve for r in records]
        games = cell.setting.games
        found["arms"][arm] = {
            "area": [round(area(c, games), 6) for c in curves],
            "half": [half_way([p for p in c if p[0] <= games], ceiling) for c in curves],
            "last": [round(c[-1][1] - c[-2][1], 6) for c in curves],
            "curve": [
                [g, round(sum(c[i][1] for c in curves) / len(curves), 6)]
                for i, (g, _) in enumerate(curves[0])
            ],
            "annotated": sum(sum(r.annotated) for r in records) / len(records),
            "written": sum(r.written for r in records) / len(records),
            "severity": _mean([x for r in records for x in r.lost]),
        }
    return found


def _mean(values: list[float]) -> float | None:
    return round(sum(values) / len(values), 5) if values else None


def run(seed: int, learners: int, games: int, out: Path, *, workers: int = 2) -> None:
    """Every cell that has no file yet; then `sweeps.json`."""
    folder = out / "sweeps"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = list(cells(seed, learners, games))
    missing = [c for c in wanted if not (folder / f"{c.name}.json").exists()]
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress("cells", *columns, console=Console(stderr=True))
    with bar, ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        task = bar.add_task("cells", total=len(wanted), completed=len(wanted) - len(missing))
        jobs = {pool.submit(do, cell): cell for cell in missing}
        for job in as_completed(jobs):
            _write(folder / f"{jobs[job].name}.json", job.result())
            bar.advance(task)
    every = [json.loads((folder / f"{c.name}.json").read_text("utf-8")) for c in wanted]
    _write(out / "sweeps.json", {"seed": seed, "games": games, "cells": every})


def _write(path: Path, answer: dict[str, Any]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(answer), encoding="utf-8")
    part.replace(path)
