"""The report: what a run came to, in words, tables and figures, made from its files alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tutelage_studies.individualized import figures, swept
from tutelage_studies.individualized.arms import ARMS, BASELINE
from tutelage_studies.individualized.measures import (
    Difference,
    area,
    half_way,
    kept_gain,
    paired,
    resampled,
)

ENVIRONMENT = "backgammon against GNU Backgammon, simulated learners"
BARS = ("generic", "own-batch", "experience")
Rows = Sequence[Mapping[str, Any]]


class Cell:
    """The primary cell as its file has it, with what is reckoned from it."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self.found = found
        self.setting: dict[str, Any] = found["setting"]
        self.games = int(self.setting["games"])
        self.ceiling = float(found["ceiling"])
        self.arms: dict[str, Rows] = found["arms"]

    def areas(self, arm: str) -> list[float]:
        """The area of each learner."""
        return [area(r["curve"], self.games) for r in self.arms[arm]]

    def halves(self, arm: str) -> list[float | None]:
        """Games to half the gap of each learner."""
        until = [[p for p in r["curve"] if p[0] <= self.games] for r in self.arms[arm]]
        return [half_way(c, self.ceiling) for c in until]

    def curve(self, arm: str) -> list[tuple[float, float]]:
        """The mean curve, guided games and withdrawn ones."""
        every = np.array([[v for _, v in r["curve"]] for r in self.arms[arm]]).mean(0)
        games = [g for g, _ in self.arms[arm][0]["curve"]]
        return [(float(g), float(v)) for g, v in zip(games, every, strict=True)]

    def before(self, arm: str) -> list[tuple[float, float]]:
        """Test before train: own decisions of five games each, before lessons."""
        every = np.array([r["before"] for r in self.arms[arm]]).mean(0)
        fives = range(0, len(every) - 4, 5)
        return [(float(g + 3), float(every[g : g + 5].mean())) for g in fives]

    def less(self, arm: str, than: str = "individualized") -> Difference:
        """How much larger an arm's area is."""
        return paired(self.areas(arm), self.areas(than))

    def kept(self) -> Difference:
        """The share of the gain that fading keeps."""
        return kept_gain(self.areas("none"), self.areas("individualized"), self.areas("fading"))

    def cases(self, arm: str) -> float:
        """Annotated cases a learner."""
        return float(np.mean([r["annotated"] for r in self.arms[arm]]))

    def withdrawn(self, arm: str) -> Difference:
        """Loss after five games without guidance, less the loss when it ended."""
        ends = [dict(r["curve"]) for r in self.arms[arm]]
        return paired([e[max(e)] for e in ends], [e[self.guided] for e in ends])

    @property
    def guided(self) -> int:
        """The last game with guidance after which the loss was measured."""
        return max(int(g) for g, _ in self.arms["none"][0]["curve"] if g <= self.games)


def write(source: Path, out: Path) -> None:
    """report.md, its figures and small results, from `primary.json` and `sweeps.json`."""
    out.mkdir(parents=True, exist_ok=True)
    cell = Cell(_read(source / "primary.json"))
    sweeps = _read(source / "sweeps.json") if (source / "sweeps.json").exists() else None
    drawn = _figures(cell)
    if sweeps is not None:
        drawn |= swept.drawings(sweeps)
    for name, svg in drawn.items():
        (out / f"{name}.svg").write_text(svg, encoding="utf-8")
    parts = [*_head(cell, sweeps), *_primary(cell)]
    if sweeps is not None:
        parts += swept.words(sweeps)
    parts += _caveats()
    (out / "report.md").write_text("\n".join(parts) + "\n", encoding="utf-8")
    _keep(cell, sweeps, out)
    print(f"wrote {out / 'report.md'} and {len(drawn)} figures")


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _figures(cell: Cell) -> dict[str, str]:
    ordered = sorted(cell.arms, key=lambda a: -cell.curve(a)[-1][1])
    unit = f"games (guidance ends at {cell.games}); loss in points a decision"
    halves = {a: [_quantile(cell.halves(a), q) for q in (0.5, 0.25, 0.75)] for a in ordered}
    return {
        "curves": figures.curves(
            "Loss on held-out positions, decided alone",
            {a: cell.curve(a) for a in ordered},
            cell.ceiling,
            unit,
        ),
        "before": figures.curves(
            "Test before train: own decisions, before any feedback on them",
            {a: cell.before(a) for a in ordered},
            cell.ceiling,
            "games, five at a time; loss in points a decision",
        ),
        "half": figures.intervals(
            "Games to half the gap: median and middle half of all learners",
            [
                (a, middle, low, min(high, float(cell.games)))
                for a, (middle, low, high) in halves.items()
                if middle < float("inf")
            ],
            f"games; {cell.games} stands for never; left out: arms in which most never got there",
        ),
    }


def _quantile(halves: Sequence[float | None], share: float) -> float:
    """A quantile over all learners; those that never got there come last, as infinity."""
    ranked = sorted(float("inf") if h is None else h for h in halves)
    return ranked[min(int(share * len(ranked)), len(ranked) - 1)]


# words -------------------------------------------------------------------------------------------
def _head(cell: Cell, sweeps: Mapping[str, Any] | None) -> Iterator[str]:
    held = all(cell.less(a).low > 0 for a in BARS)
    verdict = "holds" if held else "is not shown"
    apart = "; ".join(f"{a} {cell.less(a)}" for a in BARS)
    yield "# Study 1, the claim: report\n"
    yield (
        "**In a game environment with simulated learners; not a language-model result.** "
        "Individualized feedback develops these learners faster than a generic batch, than their "
        f"own cases in batches and than experience: this {verdict} in the primary cell, where "
        f"learners differ. Area under the loss curve less that of individualized: {apart}."
    )
    yield "\nWritten by `report` from the run's files; [protocol](protocol.md).\n"
    yield "| | |\n|---|---|"
    yield f"| environment | {ENVIRONMENT} |"
    n, seed = cell.setting["learners"], cell.setting["seed"]
    yield f"| primary cell | seed {seed}, {n} learners, {cell.games} games, through the ledger |"
    yield (
        f"| | `python -m tutelage_studies.individualized primary --learners {n} "
        f"--games {cell.games} --seed {seed} --out OUT` |"
    )
    if sweeps is not None:
        yield f"| sweeps | seeds {sweeps['seed']} and up, batched core, learners in each table |"
        yield (
            "| | `python -m tutelage_studies.individualized sweeps --learners 16 "
            f"--games {sweeps['games']} --seed {sweeps['seed']} --out OUT` |"
        )
    yield ""


def _primary(cell: Cell) -> Iterator[str]:
    yield "## Against the protocol\n"
    yield "Differences in area under the loss curve (points a decision), paired by learner, 95 %.\n"
    yield "| hypothesis | result | bootstrap | |\n|---|---|---|---|"
    for at, arm in enumerate(BARS, start=1):
        found = cell.less(arm)
        again = resampled(cell.areas(arm), cell.areas("individualized"))
        says = "holds" if found.low > 0 else "**not shown**"
        yield f"| H{at}: {arm} - individualized > 0 | {found} | {again} | {says} |"
    kept, share = cell.kept(), cell.cases("fading") / cell.cases("individualized")
    says = "holds" if kept.mean >= 0.95 and share <= 0.6 else "**not reached**"
    yield (
        f"| H5: fading keeps ≥ 95 % with ≤ 60 % of the cases | {kept.mean:.1%} "
        f"[{kept.low:.1%}, {kept.high:.1%}] with {share:.1%} of the cases | | {says} |"
    )
    yield "\nH4, the negative control, is under [sweeps](#negative-control).\n"
    yield "## Learning curves\n\n![learning curves](curves.svg)\n"
    yield from _arms(cell)
    yield from _points(cell)
    yield "\n![test before train](before.svg)\n"
    yield "## Games to half the gap\n\n![games to half the gap](half.svg)\n"


def _arms(cell: Cell) -> Iterator[str]:
    yield (
        "| arm | area | start → end | half the gap: median game (share that got there) "
        "| annotated | written down | severity | after withdrawal |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for arm in sorted(cell.arms, key=lambda a: float(np.mean(cell.areas(a)))):
        rows, curve = cell.arms[arm], dict(cell.curve(arm))
        halves = cell.halves(arm)
        there = sum(h is not None for h in halves) / len(halves)
        middle = _quantile(halves, 0.5)
        lost = [r["severity"] for r in rows if r["severity"] is not None]
        yield (
            f"| {arm}: {ARMS[arm].says} | {np.mean(cell.areas(arm)):.4f} "
            f"| {curve[0.0]:.4f} → {curve[float(cell.guided)]:.4f} "
            f"| {'most never' if middle == float('inf') else f'{middle:.0f}'} ({there:.0%}) "
            f"| {cell.cases(arm):.0f} | {np.mean([r['written'] for r in rows]):.0f} "
            f"| {f'{np.mean(lost):.3f}' if lost else '-'} | {cell.withdrawn(arm).mean:+.4f} |"
        )
    n = cell.setting["learners"]
    yield f"\nThe expert's weights lose {cell.ceiling:.4f}. n = {n} an arm.\n"


def _points(cell: Cell) -> Iterator[str]:
    """The curves' table twin."""
    games = [g for g, _ in cell.curve("none")]
    shown = [g for g in games if g % 20 == 0 or g in {5, 10, 30, games[-1]}]
    yield "| game | " + " | ".join(f"{g:.0f}" for g in shown) + " |"
    yield "|---|" + "---|" * len(shown)
    for arm in cell.arms:
        curve = dict(cell.curve(arm))
        yield f"| {arm} | " + " | ".join(f"{curve[g]:.4f}" for g in shown) + " |"


def _caveats() -> Iterator[str]:
    yield "## What this does not show\n"
    yield (
        "- The learners are simulated: they weigh ten features, and a note moves them by a rule. "
        "That individualized cases fit them better is a property of such learners; whether a "
        "person or a language model takes up a case is not measured here."
    )
    yield (
        "- The notebook is kept when guidance ends, so retention is built in; withdrawal only "
        "shows that nothing hung on the trainer's presence."
    )
    yield (
        f"- The first {BASELINE} games are without guidance in every arm. Batch arms learn ten "
        "games late by construction: part of their loss is delay, and the negative control shows "
        "how much of it remains where all learners have the same gaps."
    )
    yield (
        "- The generic batch gives none where no candidate lowers the cohort's loss on the gate's "
        "positions, so it may give fewer cases than the other arms; the table says how many."
    )


def _keep(cell: Cell, sweeps: Mapping[str, Any] | None, out: Path) -> None:
    """The results small enough for the repository."""
    rows = {
        arm: [
            {
                "area": round(a, 6),
                "half": None if h is None else round(h, 2),
                **{k: r[k] for k in ("annotated", "written", "severity")},
                "curve": [round(v, 5) for _, v in r["curve"]],
            }
            for r, a, h in zip(cell.arms[arm], cell.areas(arm), cell.halves(arm), strict=True)
        ]
        for arm in cell.arms
    }
    kept = {"setting": cell.setting, "ceiling": cell.ceiling, "arms": rows}
    (out / "primary.json").write_text(json.dumps(kept), encoding="utf-8")
    if sweeps is not None:
        (out / "sweeps.json").write_text(json.dumps(sweeps), encoding="utf-8")
