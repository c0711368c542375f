"""Make the page of what matching does to simulated pools, from the simulation.

``.venv/bin/python docs/matching.py --pools 200 --seed 1`` writes docs/reference/matching.md.
"""  # noqa: INP001  # a script beside the pages, no package

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from tutelage.evidence import matching as m
from tutelage.guidance.simulate.measured import Characteristics, Measured
from tutelage.guidance.simulate.pools import BEST, SHAPES, WAYS, matching

PAGE = Path(__file__).parent / "reference" / "matching.md"
MADE = "<!-- made by docs/matching.py from simulations; change the code, then run it -->"
NAMES = {
    "assignment": "the whole pool at once",
    "greedy": "greedy: best pair first",
    "first": "first come, first served",
    "random": "at random",
    BEST: "the best there is, the truth known",
}
COLUMNS = {
    "fit": "true fit, all",
    "paired": "of those matched",
    "worst": "worst tenth",
    "alone": "with nobody",
    "poor": "no experience at all",
    "full": "trainer now full",
}


def page(found: Characteristics, pools: int, seed: int) -> str:
    """The page, from the figures."""
    lines = (*_head(pools, seed), *_rule(), *_reads(found), *_tables(found), *_limits())
    return "\n".join(lines) + "\n"


def _head(pools: int, seed: int) -> Iterator[str]:
    yield f"# Matching, on simulated pools\n\n{MADE}\n"
    yield (
        "How [matching](../how-to/matching.md) compares with other ways where the true fit is "
        "known: the mean depth of a trainer's experience over the kinds of situation that a "
        "learner needs, 0 to 1. Texts are made from that, with noise; only texts are matched.\n"
    )
    yield (
        f"Made by `.venv/bin/python docs/matching.py --pools {pools} --seed {seed}`: {pools} pools "
        "of each kind. `±` is one standard error over pools. It says how the arithmetic behaves "
        "if people write as simulated; it says nothing about people."
    )


def _rule() -> Iterator[str]:
    yield "\n## What counts\n\n| part | adds at most |\n|---|---|"
    yield f"| situations like the learner's that the trainer has handled | {m.SITUATIONS} |"
    yield f"| what the learner wants to become able to do | {m.ABLE} |"
    yield f"| mentor or coach as preferred | {m.MODE} |"
    yield f"| reply: full up to {m.QUICK:g} days, nothing from {m.SLOW:g} | {m.REPLY} |"
    yield f"| places taken of capacity | -{m.LOAD} |"
    yield f"| guides all alike, where that alarms | -{m.SAME} |"
    yield (
        f"\nTexts are alike by their content words, rare ones counting more; from a likeness of "
        f"{m.LIKE} a sentence is named as a reason, from {m.FULL} more adds nothing. Nobody is "
        f"proposed whose experience covers under {m.ENOUGH} of what is looked for."
    )


def _reads(found: Characteristics) -> Iterator[str]:
    yield "\n## How it comes out\n"
    yield "True fit above that of another way, pool by pool:\n"
    yield "| pool | above greedy | above first come |\n|---|---|---|"
    for shape in SHAPES:
        gains = [found[f"match_gain_{way}_{shape}"] for way in ("greedy", "first")]
        yield f"| {shape} | {' | '.join(map(_told, gains))} |"
    yield (
        "\n“As good” is a difference under two standard errors. Above greedy the gain is small "
        "everywhere: mostly it leaves fewer learners with nobody and spreads the load. First come "
        "loses much where places are few, little where there are enough."
    )


def _told(gain: Measured) -> str:
    says = (
        "as good" if abs(gain.value) < 2 * gain.error else "better" if gain.value > 0 else "worse"
    )
    return f"{gain.value:+.3f} ± {gain.error:.3f}, {says}"


def _tables(found: Characteristics) -> Iterator[str]:
    for shape, drawn in SHAPES.items():
        yield f"\n### {shape}: {drawn.says}\n"
        yield f"| way | {' | '.join(COLUMNS.values())} |"
        yield "|---" * (len(COLUMNS) + 1) + "|"
        for way in (*WAYS, BEST):
            cells = (found[f"match_{figure}_{way}_{shape}"] for figure in COLUMNS)
            told = " | ".join(f"{c.value:.3f} ± {c.error:.3f}" for c in cells)
            yield f"| {NAMES[way]} | {told} |"


def _limits() -> Iterator[str]:
    yield (
        "\n## What it cannot do\n\nWords are compared, not meanings: a German and an English text "
        "share none, and a synonym is another word. Where people write one line, nearly half of "
        "the gain over chance is lost, and a third are with somebody who has handled nothing of "
        "the kind. Whether a well-fitting trainer helps more is not known from this."
    )


def main() -> None:
    """Simulate and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pools", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    text = page(matching(given.pools, given.seed), given.pools, given.seed)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
