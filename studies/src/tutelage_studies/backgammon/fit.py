"""Fits the weights of `judgment` to the expert: ``python -m tutelage_studies.backgammon.fit``.

Ridge regression of the expert's equities on the ten features, both centred within a position, for
each kind of position, over seeded self-play. Writes `weights.py`, so that the demo starts at once.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np

from tutelage_studies.backgammon.board import KINDS, Position, kind, legal
from tutelage_studies.backgammon.expert import equities
from tutelage_studies.backgammon.games import self_play
from tutelage_studies.backgammon.judgment import FEATURES, Floats, features

SEED = 11
GAMES = 300
RIDGE = 3.0


def fit(seed: int = SEED, games: int = GAMES) -> dict[str, Floats]:
    """The weights of each kind of position."""
    cases: dict[str, list[tuple[Floats, Floats]]] = defaultdict(list)
    for game in range(games):
        for here in self_play(seed, game):
            cases[kind(here.board)].append(_centred(here))
    return {k: _ridge(cases[k]) for k in KINDS}


def _centred(here: Position) -> tuple[Floats, Floats]:
    values, worth = features([p.after for p in legal(here)]), equities(here)
    return values - values.mean(0), worth - worth.mean()


def _ridge(cases: list[tuple[Floats, Floats]]) -> Floats:
    x = np.concatenate([values for values, _ in cases])
    y = np.concatenate([worth for _, worth in cases])
    solved: Floats = np.linalg.solve(x.T @ x + RIDGE * np.eye(len(FEATURES)), x.T @ y)
    return solved


def written(weights: dict[str, Floats]) -> str:
    """The weights as a module."""
    lines = [
        '"""Fitted weights, in points of equity a feature; written by `fit`, never by hand."""',
        "",
        "from __future__ import annotations",
        "",
        "WEIGHTS: dict[str, tuple[float, ...]] = {",
    ]
    for name, row in weights.items():
        numbers = "".join(f"\n        {float(w):.4f}," for w in row)
        lines.append(f'    "{name}": ({numbers}\n    ),')
    return "\n".join([*lines, "}", ""])


def main() -> None:
    """Fit, and write the module."""
    target = Path(__file__).with_name("weights.py")
    target.write_text(written(fit()), encoding="utf-8")
    print(f"wrote {target}")


if __name__ == "__main__":
    main()
