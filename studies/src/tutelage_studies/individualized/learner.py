"""The learner: base weights and what its notebook says. Nothing else reaches its plays.

Its notebook holds a page for each kind of position and one for any position: how much more to
weigh each feature than it is inclined to. A case it studies it first solves again; only where it
would still be wrong, and where it understands the case, does it write anything down.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field

import numpy as np

from tutelage_studies.backgammon.board import KIND_WORDS, KINDS
from tutelage_studies.backgammon.judgment import FEATURES, Floats
from tutelage_studies.individualized.world import UPTAKE, Setting

STEP = 0.06  # how far the first case moves the weights
SETTLES = 20  # the n-th note moves 1/sqrt(1 + n/20) as far: a page of many cases moves less by one
GENERAL = 0.3  # how much of it goes to the page for any position
ANY = len(KINDS)  # that page
SLIP = 0.02  # points within which a play is as good as the best
DIGITS = 6  # what is written of a number, and so what is kept of it

_CASES = re.compile(r"^(\d+) cases")
_NUMBER = re.compile(r"([a-z ]+?) by ([+-]\d+\.\d+)")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What an annotated case says: the plays, the better one, and which are as good as it."""

    key: tuple[int, int, int]
    kind: int
    values: Floats  # [plays, features]
    better: int
    good: frozenset[int]


Pages = Floats
"""[kinds + 1, features]: what the notebook adds to the base weights; the last is for any kind."""


def blank() -> Pages:
    """An empty notebook."""
    return np.zeros((len(KINDS) + 1, len(FEATURES)))


@dataclass(slots=True)
class Learner:
    """One simulated learner."""

    number: int
    base: Floats
    setting: Setting
    pages: Pages = field(default_factory=blank)
    notes: deque[Pages] = field(default_factory=deque)  # kept apart only where a budget counts them
    count: int = 0  # notes in the notebook

    @property
    def weights(self) -> Floats:
        """How it weighs now."""
        found: Floats = self.base + self.pages[:ANY] + self.pages[ANY]
        return found

    def solve(self, kind: int, values: Floats) -> int:
        """The play it would make."""
        return int(np.argmax(values @ (self.base[kind] + self.pages[kind] + self.pages[ANY])))

    # studying ------------------------------------------------------------------------------------
    def study(self, lesson: Lesson, at: int, only: Floats | None = None) -> bool:
        """Solve a case again, and write down what was wrong; whether anything was written.

        `only` limits what the case can be heard to say to some features.
        """
        mine = self.solve(lesson.kind, lesson.values)
        if mine in lesson.good or not self.understands(lesson.key, at):
            return False
        return self.note(lesson.kind, lesson.values[lesson.better] - lesson.values[mine], only)

    def note(self, kind: int, apart: Floats, only: Floats | None = None, size: float = 1.0) -> bool:
        """Write down to weigh more what the better play has more of."""
        heard = apart if only is None else apart * only
        length = float(np.linalg.norm(heard))
        if length < 1e-9:
            return False
        self.write(change(kind, heard / length * size * self.step))
        return True

    @property
    def step(self) -> float:
        """How far the next note moves the weights."""
        return STEP * self.setting.strength / float(np.sqrt(1 + self.count / SETTLES))

    def everywhere(self, steps: Floats) -> None:
        """Write on the page for any position only: what an average over all kinds can say."""
        written = blank()
        written[ANY] = self.step * steps
        self.write(written)

    def write(self, change: Pages) -> None:
        """A change of the notebook, as far as it can be written; the oldest goes where it is full.

        Numbers are rounded as they are written, so that a notebook read back says the same.
        """
        change = np.round(change, DIGITS)
        self.pages = np.round(self.pages + change, DIGITS)
        self.count += 1
        if self.setting.budget is not None:
            self.notes.append(change)
            if len(self.notes) > self.setting.budget:
                self.pages = np.round(self.pages - self.notes.popleft(), DIGITS)
                self.count -= 1

    def understands(self, key: tuple[int, int, int], at: int) -> bool:
        """Chance of its own, the same in whatever arm it meets the case at this time."""
        draw = np.random.default_rng([self.setting.seed, UPTAKE, self.number, at, *key])
        return float(draw.random()) < self.setting.uptake


def change(kind: int, steps: Floats) -> Pages:
    """What a step in this direction changes on the pages."""
    written = blank()
    written[kind] = (1 - GENERAL) * steps
    written[ANY] = GENERAL * steps
    return written


# in words ----------------------------------------------------------------------------------------
PAGES = (*KINDS, "any")
"""The names of the pages, as the ledger has them."""


def page_words(row: int, pages: Pages) -> tuple[str, str]:
    """A page of the notebook in words: what it says, and when it holds."""
    parts = (f"{f} by {v:+.{DIGITS}f}" for f, v in zip(FEATURES, pages[row], strict=True) if v)
    where = "Any position." if row == ANY else f"In {KIND_WORDS[KINDS[row]]}."
    return f"Weigh more than I am inclined to: {', '.join(parts) or 'nothing'}.", where


def page_read(says: str) -> Floats:
    """The numbers of a page that was read back.

    >>> pages = blank(); pages[0, 1] = -0.25
    >>> float(page_read(page_words(0, pages)[0])[1])
    -0.25
    """
    page = np.zeros(len(FEATURES))
    for name, number in _NUMBER.findall(says.partition(":")[2]):
        page[FEATURES.index(name.strip())] = float(number)
    return page


def count_words(count: int) -> str:
    """Why a page says what it says."""
    return f"{count} cases that I solved again and would still have got wrong."


def count_read(because: str) -> int:
    """How many cases that were.

    >>> count_read(count_words(14))
    14
    """
    found = _CASES.match(because)
    return int(found[1]) if found else 0
