"""Make the page of operating characteristics: what the estimates, levels and tests do where the
truth is known.

``.venv/bin/python docs/operating.py --relationships 1000 --seed 1`` writes it; about ten minutes.
"""  # noqa: D205, INP001  # a script beside the pages, no package

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tutelage.guidance.simulate.catalogue import (
    BARS,
    VARIANTS,
    Held,
    held,
    rivals_of_fading,
    simulate,
)
from tutelage.guidance.simulate.measured import Characteristics, Measured

PAGE = Path(__file__).parent / "reference" / "operating-characteristics.md"
MADE = "<!-- made by docs/operating.py from simulations; change the code, then run it -->"
OURS = "the product's rule"
FADING = {
    "independent": "came to true independence",
    "situations_needed": "situations until then",
    "guidance_share": "criteria at share or ask",
    "premature_fading": "moves made too early",
    "flaps": "moves undone, a criterion",
}
MEANS = {
    "coverage": "how often the 90 % interval held the truth; `_6`, `_12`: after so many situations",
    "log_loss": "mean log loss of the chance that the next own call is rated 4 or 5, in nats; "
    "`_moving_average` and `_elo`: of what practitioners use",
    "auc": "how often a call rated 4 or 5 had been given the higher chance",
    "bias": "estimate less truth in rating points; in `null` and `transfer` effect less truth; "
    "`_30`, `_50`: per cent of calls helped; `_01`, `_02`: fonder by so much a situation; "
    "`_assisted_counted`: had decisions after guidance been counted like own calls",
    "drop_flagged": "learners flagged as fallen; where nobody fell, wrongly, in thirty situations",
    "wrongly_sure": "where P(ability ≥ 3.75) > .9 was said: how often it was below",
    "independent": "learners who came to 4.0 or above on all criteria within 120 situations",
    "situations_needed": "situations until then; 120 for those who did not",
    "guidance_share": "touched criteria that stood at `share` or `ask`",
    "premature_fading": "moves to `debrief` below 3.5 and to `independent` below 3.75, of such "
    "moves",
    "flaps": "moves to less help undone within fifteen situations, a criterion",
    "alarm": "learners whom the dependency alarm ever named, looked at every five situations",
    "sameness": "one guidance for all told from tailored (`auc`); alarms where needs are alike "
    "(`false`)",
    "novelty": "situations called new that were not (`false`), and new ones found (`found`)",
    "threshold_rate": "learners ever awarded the threshold, looked at after each of 60 situations; "
    "in `pair` and `short` (24 situations) ever sure of it while below",
    "threshold_situation": "after how many situations, median of those awarded",
    "credential_rate": "the same with .9 and two proofs",
    "moving_average_rate": "the same by a moving average of 4 or more on all criteria",
    "enough": "criteria of which P(ability ≥ 3.75) > .8 is said, after so many situations",
    "left_out": "situations that were not logged",
    "type1": "an effect shown where guidance did nothing, at the level .05",
    "power": "an effect shown where guidance worked; `_pooled`: eight relationships together; "
    "`_forks_06`, `_forks_12`: by copies, guidance of .06 and .12",
    "match": "what matching does to a pool, by way and kind of pool: see [matching](matching.md)",
    "asks_own": "share of the trainer's questions that seemed made own (`_0` to `_100`: per cent "
    "that truly were; `_who_…`: by learners who act on them, copy them, only say them)",
    "asks_bias": "that share less the truth",
    "asks_coverage": "how often its interval held the truth",
    "asks_auc": "learners who took over 75 per cent ranked above those who took over 25",
    "asks_again": "questions that came up again in own calls",
    "asks_change": "how much better calls were rated that asked, in points; `asks_changes`: "
    "learners for whom that is beyond doubt",
}
"""What a figure is, by what its key begins with; the longest beginning counts."""


def meaning(key: str) -> str:
    """What a figure is."""
    return MEANS[max((m for m in MEANS if key.startswith(m)), key=len)]


def command(relationships: int, seed: int) -> str:
    """The command that makes the page."""
    return f".venv/bin/python docs/operating.py --relationships {relationships} --seed {seed}"


def page(
    found: Mapping[str, Characteristics],
    rivals: Mapping[str, Characteristics],
    relationships: int,
    seed: int,
) -> str:
    """The page, from the figures of every variant and of the policies fading is held against."""
    rows = [h for v in found for h in held(v, found[v], BARS)]
    parts = (
        _head(rows, relationships, seed),
        _bars(rows),
        _fading({OURS: found["mixed"], **rivals}),
        _figures(),
        _variants(found),
    )
    return "\n".join(line for part in parts for line in part) + "\n"


def _head(rows: list[Held], relationships: int, seed: int) -> Iterator[str]:
    met = sum(h.met for h in rows)
    yield f"# Operating characteristics\n\n{MADE}\n"
    yield (
        "What the estimate, the levels, the threshold and the tests do in simulated relationships "
        "whose truth is known. The same code serves live relationships. It says how the "
        "arithmetic behaves if learners are as simulated; it says nothing about people.\n"
    )
    yield (
        f"Made by `{command(relationships, seed)}`: {relationships:,} relationships a variant "
        f"where n says nothing else, seed {seed}. One variant alone: `tutelage simulate --variant "
        f"s1 --relationships {relationships} --seed {seed}`. `±` is the Monte-Carlo error, one "
        "standard error over relationships. A bar is held against the figure itself, whatever its "
        "error.\n"
    )
    yield f"**{met} of {len(rows)} bars are met.**"


def _bars(rows: Iterable[Held]) -> Iterator[str]:
    yield "\n## Bars\n\n| variant | what it must show | figure | bar | found | met |"
    yield "|---|---|---|---|---|---|"
    for h in rows:
        met = "yes" if h.met else "**no**"
        yield f"| {h.bar.variant} | {h.bar.says} | `{h.bar.key}` | {h.bar} | {h.found} | {met} |"


def _fading(policies: Mapping[str, Characteristics]) -> Iterator[str]:
    yield "\n## Fading, against other policies\n"
    yield "The variant `mixed`: four kinds of learner in equal parts, 120 situations.\n"
    yield f"| policy | {' | '.join(FADING.values())} |"
    yield "|---" * (len(FADING) + 1) + "|"
    for name, told in policies.items():
        cells = " | ".join(_short(told[key]) for key in FADING)
        yield f"| {name.replace('_', ' ')} | {cells} |"


def _figures() -> Iterator[str]:
    yield "\n## Figures\n"
    yield from (f"- `{key}`: {what}." for key, what in MEANS.items())


def _variants(found: Mapping[str, Characteristics]) -> Iterator[str]:
    yield "\n## Every variant"
    for variant, told in found.items():
        yield f"\n### `{variant}`: {VARIANTS[variant][0]}\n\n| figure | found | n |\n|---|---|---|"
        yield from (f"| `{key}` | {_short(m)} | {m.n:,} |" for key, m in told.items())


def _short(m: Measured) -> str:
    return "–" if m.n == 0 else f"{m.value:.3f} ± {m.error:.3f}"  # noqa: RUF001  # a dash


def main() -> None:
    """Simulate everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--relationships", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    n, seed = given.relationships, given.seed
    found = {}
    for variant in VARIANTS:
        print(f"{variant} …", file=sys.stderr, flush=True)  # noqa: T201
        found[variant] = simulate(variant, n, seed)
    text = page(found, dict(rivals_of_fading(n, seed)), n, seed)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
