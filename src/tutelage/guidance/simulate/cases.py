"""Simulated situations as texts and declared facts, to see what is called new that is not.

Words are made up: what counts is which are shared, how often, and how long a text is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from tutelage.evidence.novelty import Seen
from tutelage.guidance.simulate.measured import Characteristics, mean

TYPES = 5  # kinds of situation a learner knows; the next one is new to it
PAST = 40  # situations
ASKED_AT = (10, 20, 30, 40)  # past situations after which one of a new kind comes
SYLLABLES = [
    "bak",
    "ben",
    "bil",
    "dor",
    "dun",
    "fam",
    "fer",
    "gis",
    "gol",
    "hum",
    "jav",
    "kel",
    "kir",
    "lom",
    "lup",
    "mar",
    "nev",
    "nir",
    "pol",
    "rub",
    "sag",
    "tem",
    "vit",
    "zon",
]
COMMON = 240  # words that every kind shares
OWN = 25  # words that only one kind has

Text = Callable[[np.random.Generator, int], str]
Facts = dict[str, str]


def word(number: int) -> str:
    """A made-up word of six letters, always the same for a number, and another for each.

    >>> word(0), word(1), word(24)
    ('bakbak', 'benbak', 'bakben')
    """
    second, first = divmod(number, len(SYLLABLES))
    return SYLLABLES[first] + SYLLABLES[second % len(SYLLABLES)]


def _of_kind(kind: int, at: int) -> str:
    return word(COMMON + OWN * kind + at)


def _mixed(rng: np.random.Generator, kind: int, words: int, own: float) -> str:
    of_kind = rng.random(words) < own
    shared = np.minimum(rng.zipf(1.3, words), COMMON) - 1  # as in talk: few words, very often
    ours = np.minimum(rng.zipf(1.5, words), OWN) - 1
    pairs = zip(of_kind, ours, shared, strict=True)
    return " ".join(_of_kind(kind, int(a)) if is_own else word(int(b)) for is_own, a, b in pairs)


def terse(rng: np.random.Generator, kind: int) -> str:
    """A few words, most of them the kind's own."""
    return _mixed(rng, kind, int(rng.integers(6, 12)), 0.6)


def long(rng: np.random.Generator, kind: int) -> str:
    """A page of talk with some words of the kind."""
    return _mixed(rng, kind, int(rng.integers(60, 140)), 0.12)


def templated(rng: np.random.Generator, kind: int) -> str:
    """One of the kind's three sentences, with four blanks filled in."""
    which = int(rng.integers(3))
    frame = [_of_kind(kind, 8 * which + i) for i in range(8)]
    blanks = [f"{word(int(rng.integers(COMMON)))} {rng.integers(100)}" for _ in range(4)]
    return " ".join([*frame[:4], *blanks, *frame[4:]])


def facts(rng: np.random.Generator, kind: int) -> Facts:
    """What a form asks: kind, people, stakes, constraint; each kind has its usual ones."""
    usual = rng.random(3) < 0.8
    other = rng.integers(3, size=3)
    said = {"kind": f"kind-{kind}"}
    for i, name in enumerate(("people", "stakes", "constraint")):
        said[name] = f"{name}-{kind}" if usual[i] else f"{name}-any-{other[i]}"
    return said


TEXTS: dict[str, Text] = {"terse": terse, "long": long, "templated": templated}


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether situations of known kinds, and of a new one, were called new; None: cannot tell."""

    known: tuple[bool | None, ...]
    new: tuple[bool | None, ...]


def met(rng: np.random.Generator, text: Text, *, declares: bool) -> Judged:
    """One learner's situations, each judged before it is met."""
    seen, known, new = Seen(), [], []
    for i in range(PAST + 1):
        if i in ASKED_AT:
            new.append(seen.judge(*_case(rng, text, TYPES, declares=declares)).novel)
        told, said = _case(rng, text, int(rng.integers(TYPES)), declares=declares)
        known.append(seen.judge(told, said).novel)
        seen.add(f"s{i}", told, said)
    return Judged(tuple(known), tuple(new))


def _case(rng: np.random.Generator, text: Text, kind: int, *, declares: bool) -> tuple[str, Facts]:
    return text(rng, kind), facts(rng, kind) if declares else {}


def _worlds() -> Iterator[tuple[str, Text, bool]]:
    for name, text in TEXTS.items():
        yield name, text, False
        yield f"{name}_facts", text, True


def novelty(relationships: int, seed: int) -> Characteristics:
    """How often what is not new is called new, and what is new is found, by kind of text.

    `novelty_false` is the worst of them; `novelty_found` that on declared facts with long texts.
    """
    found: Characteristics = {}
    for i, (name, text, declares) in enumerate(_worlds()):
        rngs = [np.random.default_rng([seed, i, b]) for b in range(relationships)]
        judged = [met(rng, text, declares=declares) for rng in rngs]
        found[f"novelty_false_{name}"] = mean([_floats(j.known) for j in judged])
        found[f"novelty_found_{name}"] = mean([_floats(j.new) for j in judged])
    false = (m for name, m in found.items() if "false" in name)
    found["novelty_false"] = max(false, key=lambda m: m.value)
    found["novelty_found"] = found["novelty_found_long_facts"]
    return found


def _floats(said: tuple[bool | None, ...]) -> list[float]:
    return [np.nan if s is None else float(s) for s in said]
