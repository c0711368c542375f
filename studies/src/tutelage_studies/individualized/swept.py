"""The sweeps' part of the report: negative control, every arm, the crossover map, and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from tutelage_studies.individualized import figures
from tutelage_studies.individualized.arms import ARMS
from tutelage_studies.individualized.measures import Difference, paired

Found = Mapping[str, Any]

TITLES = {
    "budget": ("Context budget", "notes that fit"),
    "outside": ("Gaps outside the mentor's criteria", "share outside"),
    "fallible": ("A fallible trainer", "sd of its error, points"),
    "strength": ("Strength of a note", "times the primary cell's"),
}


def of(sweeps: Found, name: str) -> dict[str, Found]:
    """The cells of one sweep by value."""
    return {c["value"]: c for c in sweeps["cells"] if c["sweep"] == name}


def gap(cell: Found, arm: str = "generic") -> Difference:
    """An arm's area less the individualized arm's, paired by learner."""
    return paired(cell["arms"][arm]["area"], cell["arms"]["individualized"]["area"])


def shrunk(sweeps: Found) -> Difference:
    """How much of generic - individualized is gone where all have the same gaps; bootstrapped."""
    cells = of(sweeps, "control")
    apart = [
        np.subtract(c["arms"]["generic"]["area"], c["arms"]["individualized"]["area"])
        for c in (cells["same gaps"], cells["own gaps"])
    ]
    rng = np.random.default_rng(0)
    same, own = (a[rng.integers(len(a), size=(10_000, len(a)))].mean(1) for a in apart)
    low, high = np.quantile(1 - same / own, [0.025, 0.975])
    mean = 1 - float(apart[0].mean() / apart[1].mean())
    return Difference(mean, float(low), float(high), len(apart[0]))


# figures -----------------------------------------------------------------------------------------
def drawings(sweeps: Found) -> dict[str, str]:
    """The sweeps' figures."""
    control = of(sweeps, "control")
    every = next(iter(of(sweeps, "arms").values()))
    rows = [(v, *_three(gap(c))) for v, c in control.items()]
    arms = sorted(every["arms"], key=lambda a: float(np.mean(every["arms"][a]["area"])))
    others = [(a, *_three(gap(every, a))) for a in arms if a != "individualized"]
    unit = "area of the loss curve, points a decision, 95 %"
    return {
        "control": figures.intervals("Negative control: generic less individualized", rows, unit),
        "arms": figures.intervals("Every arm less individualized", others, unit),
        "crossover": _map(sweeps),
    }


def _three(found: Difference) -> tuple[float, float, float]:
    return found.mean, found.low, found.high


def _map(sweeps: Found) -> str:
    cells = of(sweeps, "crossover")
    keys = [tuple(v.split(", ")) for v in cells]
    columns = list(dict.fromkeys(h for h, _ in keys))
    rows = list(dict.fromkeys(p for _, p in keys))
    drawn = {}
    for h, p in keys:
        found = gap(cells[f"{h}, {p}"])
        drawn[p, h] = (who_wins(found), f"{found.mean:+.4f} ± {found.high - found.mean:.4f}",
                       found.mean / 0.03)  # fmt: skip
    return figures.grid(
        "Generic batch less individualized: who wins where",
        columns,
        rows,
        drawn,
        ("chance that a gap is the learner's own", "uptake"),
    )


def who_wins(found: Difference) -> str:
    """The arm that is better, where the interval says so."""
    if not found.excludes_zero:
        return "not told apart"
    return "individualized" if found.mean > 0 else "batch"


# words -------------------------------------------------------------------------------------------
def words(sweeps: Found) -> Iterator[str]:
    """The sweeps in words and tables."""
    yield "\n## Negative control\n\n![negative control](control.svg)\n"
    yield from _control(sweeps)
    yield from _gate(sweeps)
    yield "\n## Where batch wins\n\n![crossover map](crossover.svg)\n"
    yield _everywhere(sweeps)
    yield from _crossover(sweeps)
    yield "\n## Every arm\n\n![every arm](arms.svg)\n"
    yield from _every(sweeps)
    for name, (title, what) in TITLES.items():
        yield f"\n## {title}\n"
        yield from _table(of(sweeps, name), what)
    yield ""


def _control(sweeps: Found) -> Iterator[str]:
    cells, gone = of(sweeps, "control"), shrunk(sweeps)
    yield "| gaps | seed | learners | generic - individualized |\n|---|---|---|---|"
    for value, cell in cells.items():
        at = cell["setting"]
        yield f"| {value} | {at['seed']} | {at['learners']} | {gap(cell)} |"
    says = "holds" if gone.mean > 0.7 else "is **not reached**"
    yield (
        f"\nThe difference shrinks by {gone.mean:.0%} [{gone.low:.0%}, {gone.high:.0%}]; "
        f"H4 (more than 70 %) {says}."
    )


def _gate(sweeps: Found) -> Iterator[str]:
    """Is it the gate? The same cohort with the best candidate given whether it helps or not."""
    for cell in of(sweeps, "gate").values():
        generic = cell["arms"]["generic"]
        with_gate = of(sweeps, "control")["own gaps"]["arms"]["generic"]
        yield (
            f"\nThe gate held batches back: {with_gate['annotated']:.0f} cases a learner. With the "
            f"best candidate always given ({generic['annotated']:.0f} cases; exploratory, not in "
            f"the protocol) generic - individualized is {gap(cell)} in the cohort with own gaps."
        )


def _everywhere(sweeps: Found) -> str:
    """Over all cells of all sweeps: where batch is better, and where nothing can be told."""
    found = {f"{c['sweep']} {c['value']}": who_wins(gap(c)) for c in sweeps["cells"]}
    batch = [name for name, who in found.items() if who == "batch"]
    open_ = [name for name, who in found.items() if who == "not told apart"]
    return (
        f"Of {len(found)} cells in all sweeps, the generic batch is better in {len(batch)}"
        f"{': ' * bool(batch)}{'; '.join(batch)}. Not told apart: {'; '.join(open_) or 'none'}.\n"
    )


def _crossover(sweeps: Found) -> Iterator[str]:
    cells = of(sweeps, "crossover")
    yield (
        "| own gaps, uptake | generic - individualized | own-batch - individualized "
        "| better: generic or individualized |\n|---|---|---|---|"
    )
    for value, cell in cells.items():
        found = gap(cell)
        yield f"| {value} | {found} | {gap(cell, 'own-batch')} | {who_wins(found)} |"
    first = next(iter(cells.values()))["setting"]
    yield f"\nSeed {first['seed']}, {first['learners']} learners and {first['games']} games a cell."


def _every(sweeps: Found) -> Iterator[str]:
    cell = next(iter(of(sweeps, "arms").values()))
    at = cell["setting"]
    yield "| arm | area | less individualized | annotated | written | severity |"
    yield "|---|---|---|---|---|---|"
    for arm in sorted(cell["arms"], key=lambda a: float(np.mean(cell["arms"][a]["area"]))):
        a = cell["arms"][arm]
        less = "-" if arm == "individualized" else str(gap(cell, arm))
        lost = "-" if a["severity"] is None else f"{a['severity']:.3f}"
        yield (
            f"| {arm}: {ARMS[arm].says} | {np.mean(a['area']):.4f} | {less} "
            f"| {a['annotated']:.0f} | {a['written']:.0f} | {lost} |"
        )
    yield f"\nSeed {at['seed']}, {at['learners']} learners, {at['games']} games, batched core."


def _table(cells: Mapping[str, Found], what: str) -> Iterator[str]:
    arms = list(next(iter(cells.values()))["arms"])
    yield f"| {what} | {' | '.join(arms)} | generic - individualized | better |"
    yield "|---|" + "---|" * (len(arms) + 2)
    for value, cell in cells.items():
        areas = " | ".join(f"{np.mean(cell['arms'][a]['area']):.4f}" for a in arms)
        yield f"| {value} | {areas} | {gap(cell)} | {who_wins(gap(cell))} |"
    at = next(iter(cells.values()))["setting"]
    yield f"\nSeed {at['seed']}, {at['learners']} learners, {at['games']} games; areas."
