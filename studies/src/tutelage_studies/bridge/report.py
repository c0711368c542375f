"""Results of study 2: what was measured, as JSON, figures and a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import stdtrit

from tutelage_studies.bridge.endings import BANK, FINE, HELD_OUT, bank, held_out, lost
from tutelage_studies.bridge.environment import LAYOUTS, TOUCHED, WEIGHTS
from tutelage_studies.bridge.study import ARMS, BATCH, BOARDS, CASES, DRAWN, Course
from tutelage_studies.individualized.figures import curves, intervals
from tutelage_studies.individualized.measures import Difference, area, kept_gain, paired

PAIRS = (
    ("none", "individualized"),
    ("experience", "individualized"),
    ("own-batch", "individualized"),
    ("generic", "individualized"),
    ("fading", "individualized"),
    ("experience", "own-batch"),
    ("generic", "own-batch"),
    ("hindsight", "individualized"),
    ("none", "hindsight"),
    ("none", "experience"),
)
ASKED = (
    "own-batch - individualized",
    "generic - individualized",
    "experience - own-batch",
    "experience - individualized",
    "hindsight - individualized",
    "none - hindsight",
)
Found = dict[str, Any]


def gather(found: Mapping[str, Sequence[Course]], seed: int, sessions: int) -> Found:
    """All that the page says, as plain data."""
    curve = {arm: [c.curve for c in courses] for arm, courses in found.items()}
    areas = {arm: [area(c, sessions) for c in cs] for arm, cs in curve.items()}
    ends = {arm: [c[-1][1] for c in cs] for arm, cs in curve.items()}
    kept = kept_gain(areas["none"], areas["individualized"], areas["fading"])
    cases = {arm: float(np.mean([c.debriefed for c in cs])) for arm, cs in found.items()}
    return {
        "says": "A game environment with simulated learners; not a language-model result.",
        "seed": seed,
        "learners": len(curve["none"]),
        "sessions": sessions,
        "ceiling": round(lost(held_out(seed, "held out", HELD_OUT, FINE), WEIGHTS), 5),
        "curves": {a: [[[g, round(v, 5)] for g, v in c] for c in cs] for a, cs in curve.items()},
        "cases": {a: round(n, 2) for a, n in cases.items()},
        "area": {f"{a} - {b}": _said(paired(areas[a], areas[b])) for a, b in PAIRS},
        "end": {f"{a} - {b}": _said(paired(ends[a], ends[b])) for a, b in PAIRS},
        "fading": {"kept": _said(kept), "cases": cases["fading"] / cases["individualized"]},
        "one layout": one_layout(seed),
    }


def one_layout(seed: int) -> dict[str, float]:
    """How far the lead that was best in one layout is from the best on average."""
    boards = bank(seed)
    behind = [b.mean.max() - b.mean[b.was >= b.was.max()].mean() for b in boards]
    any_lead = [b.mean.max() - b.mean.mean() for b in boards]
    return {"best in it": round(float(np.mean(behind)), 4),
            "any lead": round(float(np.mean(any_lead)), 4)}  # fmt: skip


def _said(d: Difference) -> list[float]:
    return [round(d.mean, 5), round(d.low, 5), round(d.high, 5)]


def write(results: Found, out: Path) -> None:
    """results.json, two figures and report.md."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "results.json").write_text(json.dumps(results) + "\n", encoding="utf-8")
    figures = {"curves.svg": _curves(results), "differences.svg": _differences(results)}
    for name, drawn in figures.items():
        (out / name).write_text(drawn, encoding="utf-8")
    (out / "report.md").write_text(page(results), encoding="utf-8")


def _means(results: Found) -> dict[str, list[tuple[float, float]]]:
    found = {}
    for arm, courses in results["curves"].items():
        points = np.mean(np.array(courses), axis=0)
        found[arm] = [(float(g), float(v)) for g, v in points]
    return found


def _curves(results: Found) -> str:
    title = "Tricks given up a lead, on held-out endings"
    return curves(title, _means(results), results["ceiling"], "sessions of eight endings")


def _differences(results: Found) -> str:
    rows = [(name, *d) for name, d in results["area"].items()]
    return intervals("Differences of areas, learner by learner", rows, "tricks a lead, 95 %")


# the page ----------------------------------------------------------------------------------------
def page(results: Found) -> str:
    """The report."""
    return _PAGE.format(
        **results,
        verdict=_verdict(results),
        arms=_arms(results),
        differences=_table(results),
        kept=_share(results["fading"]["kept"]),
        share=f"{100 * results['fading']['cases']:.0f} %",
        behind=results["one layout"]["best in it"],
        any_lead=results["one layout"]["any lead"],
        bank=BANK,
        held=HELD_OUT,
        fine=FINE,
        layouts=LAYOUTS,
        boards=BOARDS,
        cases_each=CASES,
        drawn=DRAWN,
        batch=BATCH,
        touched=TOUCHED,
    )


def _verdict(results: Found) -> str:
    """The ordering asked about, each step with its interval, in words that follow the numbers."""
    n = results["learners"]
    return "\n".join(f"- {_step(name, results['area'][name], n)}" for name in ASKED)


def _step(name: str, d: Sequence[float], n: int) -> str:
    worse, better = name.split(" - ")
    if d[1] > 0:
        says = f"**{better} gives up less than {worse}**"
    elif d[2] < 0:
        says = f"**{better} gives up more than {worse}**"
    else:
        return f"**{better} and {worse}: not told apart**: {_interval(d)}; {_needed(d, n)}."
    return f"{says}: {_interval(d)} tricks a lead."


def _needed(d: Sequence[float], n: int) -> str:
    """How many learners would tell, with a power of .8, a difference as large as it looks."""
    error = (d[2] - d[1]) / 2 / float(stdtrit(n - 1, 0.975))
    wanted = n * ((1.96 + 0.84) * error / d[0]) ** 2 if d[0] else float("inf")
    if wanted > 1000:
        return "more than 1,000 learners would be needed to tell so small a one"
    return f"about {wanted:.0f} learners would tell one as large as it looks (power .8)"


def _interval(d: Sequence[float]) -> str:
    return f"{d[0]:+.4f} [{d[1]:+.4f}, {d[2]:+.4f}]"


def _share(d: Sequence[float]) -> str:
    return f"{100 * d[0]:.0f} % [{100 * d[1]:.0f}, {100 * d[2]:.0f}]"


def _arms(results: Found) -> str:
    means = _means(results)
    games = [int(g) for g, _ in means["none"]]
    rows = [f"| arm | | {' | '.join(map(str, games))} | cases |", "|---" * (len(games) + 3) + "|"]
    for arm, points in means.items():
        said = " | ".join(f"{v:.3f}" for _, v in points)
        rows.append(f"| {arm} | {ARMS[arm]} | {said} | {results['cases'][arm]:.1f} |")
    return "\n".join(rows)


def _table(results: Found) -> str:
    rows = ["| difference | area | at the end |", "|---|---|---|"]
    for name, d in results["area"].items():
        rows.append(f"| {name} | {_interval(d)} | {_interval(results['end'][name])} |")
    return "\n".join(rows)


_PAGE = """# Study 2: does it transfer?

A game environment with simulated learners; not a language-model result. Bridge instead of
backgammon, written against the public protocols only (`tutelage_studies.bridge.environment`; how to
bring one of your own: [a page](../../how-to/your-own-environment.md)). Reported on seed {seed},
{learners} learners, {sessions} sessions.

Developed on seeds 900 to 902: the strength of a note (.15; .05, .1, .2 and .3 were tried) and the
prior of experience (.1, of .05, .1 and .2) on 901. On 900 the levels first faded too early, since
criteria that hardly mattered were rated as well handled; from then on a criterion is rated only
where leads differ on it by {touched} tricks. Seed {seed} was not looked at before.

## The environment
A defender is on lead with eight cards left: it sees its own hand, dummy's and which cards are
still out, not who has them. A lead is worth the tricks it wins by a double-dummy solver on
average over {layouts} layouts that the defender cannot tell apart. The learner weighs nine
aspects of a lead by four kinds of ending; three of its weights are turned round, ignored or four
times too strong, and not the same three in each learner.

Each session: {boards} endings led alone, {drawn} of them opened, called and rated blind. After
three sessions of baseline the worst {cases_each} of each session are debriefed, now or later. A
case is solved again first, and only what would still be wrong is written in the notebook. Every
arm goes through the service; what a learner acts on is read from its ledger.

The measure: tricks given up a lead on {held} endings nobody plays, {fine} layouts each, unassisted,
every five sessions. With the right weights it is {ceiling:.3f}.

## Does the ordering hold?
Area under the curve, paired by learner, Student's 95 % interval, n = {learners}:

{verdict}

Fading keeps {kept} of the gain of individualized over none with {share} of its cases (95 %
bootstrap interval over learners).

Read so: a step whose interval includes 0 is not shown here, whatever its sign. Individualized and
own-batch tell a learner the same sort of cases and differ only in when, so what is between them can
only come from a wait of up to {batch} sessions.

![Learning curves](curves.svg)

Mean tricks given up after so many sessions:

{arms}

![Differences](differences.svg)

{differences}

## Hindsight
A debrief from the layout that was calls a lead best because of where the cards happened to lie.
Over the {bank} endings of this run the lead that was best in the one layout is {behind:.2f}
tricks behind the best on average; a lead drawn by lot is {any_lead:.2f} behind. The hindsight
mentor picks its cases by it too, so it picks luck; a test (`tests/studies/test_bridge.py`) gives
both mentors the same endings, and the one by hindsight still teaches less.

## What this does not show
- Nothing of language models, and nothing of people.
- The average over double-dummy results supposes that from the next card on everybody sees all
  hands. A lead that only keeps the declarer guessing gets no credit for it.
- Endings are dealt, not played: the cards gone say nothing about the hands that remain.
- The learner's notes have the form the environment's judgment has, so it can learn what it lacks.
- Experience learns from results in tricks, one layout each; the mentors know the average. That is
  what an expert has over a player, and it is not a matter of form or timing.
- Seven arms, ten differences, no correction for their number.

## Again
```
python -m tutelage_studies.bridge.study --learners {learners} --seed {seed} --out OUT
```
About five minutes of one core; the figures' numbers are in [results.json](results.json).
"""
