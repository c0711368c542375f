"""The mentor's experience bank: positions it has handled, with the tempting play and its price.

Made from seeded self-play of the expert by ``python -m tutelage_studies.backgammon.bank`` and
shipped as a file, so that the demo starts at once. The tempting play is the one somebody makes who
gives one criterion too little or too much weight; so each experience turns on one criterion.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import numpy as np

from tutelage.guidance.roles import Experience
from tutelage_studies.backgammon.board import KIND_WORDS, Position, describe, kind, legal
from tutelage_studies.backgammon.expert import equities
from tutelage_studies.backgammon.games import self_play
from tutelage_studies.backgammon.judgment import CRITERIA, choose, is_choice, touched
from tutelage_studies.backgammon.words import Case, spoken, turned_on

SEED = 29  # of games that no relationship plays
GAMES = 120
EACH = 4  # experiences of one sort: kind of position, criterion, too little or too much
PRICE = (0.06, 0.4)  # points: below, it teaches little; above, nobody is tempted
WRONG = ((0.0, False), (-0.5, False), (3.0, True))


FILE = Path(__file__).with_name("bank.jsonl")


@lru_cache(1)
def experiences() -> tuple[Experience, ...]:
    """The bank as it is shipped, in the order the positions came up."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    told = (json.loads(line) for line in lines)
    return tuple(Experience(**{**e, "criteria": tuple(e["criteria"])}) for e in told)


def made(seed: int = SEED, games: int = GAMES) -> tuple[Experience, ...]:
    """The bank made anew."""
    held: Counter[str] = Counter()
    found: dict[str, Experience] = {}
    for game in range(games):
        for here in self_play(seed, game):
            for sort, criterion, case in _tempting(here):
                if held[sort] < EACH and not _told(found, case):
                    held[sort] += 1
                    key = f"{sort}-{held[sort]}"
                    found[key] = _experience(key, criterion, case)
    return tuple(found.values())


def _tempting(here: Position) -> Iterator[tuple[str, str, Case]]:
    """The mistakes this position invites: one for each criterion weighed wrongly."""
    if not is_choice(here):
        return
    worth, plays = equities(here), legal(here)
    best = int(np.argmax(worth))
    if choose(here, np.ones(len(CRITERIA))) != best:
        return  # what no weighing of the criteria explains would teach the wrong thing
    for criterion in touched(here):
        for factor, too_much in WRONG:
            weight = np.ones(len(CRITERIA))
            weight[CRITERIA.index(criterion)] = factor
            wrong = choose(here, weight)
            cost = float(worth[best] - worth[wrong])
            if PRICE[0] <= cost <= PRICE[1]:
                much = "much" if too_much else "little"
                sort = f"{kind(here.board)}-{criterion}-{much}"
                yield sort, criterion, Case(here, plays[best].text, plays[wrong].text, cost)


def _told(found: dict[str, Experience], case: Case) -> bool:
    return any(str(case.position) in e.case for e in found.values())


def sort_of(experience: Experience) -> tuple[str, str, bool]:
    """The kind of position an experience is from, its criterion, and whether it got too much."""
    where, criterion, much, _number = experience.key.split("-")
    return where, criterion, much == "much"


def _experience(key: str, criterion: str, case: Case) -> Experience:
    too_much = key.split("-")[2] == "much"
    lost = "overpays" if too_much else "neglects"
    return Experience(
        key=key,
        case=describe(case.position),
        did=case.told(),
        why=turned_on(criterion, too_much=too_much, whose="the other play"),
        came_out=(
            f"In {KIND_WORDS[kind(case.position.board)]} like this, whoever {lost} "
            f"{spoken(criterion)} gives up {case.cost:.3f} points."
        ),
        criteria=(criterion,),
    )


def main() -> None:
    """Make the bank, and write the file."""
    lines = (json.dumps(asdict(e), ensure_ascii=False) for e in made())
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"wrote {FILE}")


if __name__ == "__main__":
    main()
