"""The sentences that the learner, the mentor and the raters read in one another's texts.

Nothing passes between them but text: a case names its position, two plays and what the worse one
gives up; a leaning says how much more or less to weigh a criterion, when, when not, and because.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tutelage_studies.backgammon.board import CONTACT, KIND_WORDS, Position, position
from tutelage_studies.backgammon.judgment import CRITERIA, NAMES

CASES_KEPT = 5  # a principle of five cases is about 600 characters: six of them fit the context
ANY = "In any position with contact."
NOWHERE = "In a race; nowhere else that I know of."

_CASE = re.compile(
    r'position (?P<id>[A-Za-z0-9+/]{14}) with (?P<dice>[1-6][1-6])[^".]*"(?P<better>[^"]+)"'
    r'[^".]*"(?P<worse>[^"]+)"[^0-9.]*(?P<cost>\d\.\d{3})'
)
_TURNED = re.compile(r"turned on (?P<name>[a-z ]+): [^.]*too (?P<much>much|little)")
_SAYS = re.compile(r"[Ww]eigh (?P<name>[a-z ]+) about (?P<size>\d+\.\d+) (?P<way>more|less)")
_GAMES = re.compile(r"(?P<games>\d+) games? of my own lean")
_PLAY = re.compile(r'"([^"]+)"')
_BY_NAME = {name.lower(): key for key, name in NAMES.items()}
_BY_KIND = {words: key for key, words in KIND_WORDS.items()}


def spoken(criterion: str) -> str:
    """A criterion's name inside a sentence."""
    return NAMES[criterion].lower()


def play_in(text: str) -> str | None:
    """The first play a text quotes."""
    found = _PLAY.search(text)
    return found[1] if found else None


def plays_in(text: str) -> tuple[str, ...]:
    """Every play a text quotes."""
    return tuple(_PLAY.findall(text))


def named_in(text: str) -> tuple[str, ...]:
    """The criteria a text names, in the order it names them."""
    lowered = text.lower()
    places = ((lowered.find(spoken(c)), c) for c in CRITERIA)
    return tuple(c for at, c in sorted(places) if at >= 0)


# a case --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Case:
    """One play better than another in one position, and by how much."""

    position: Position
    better: str
    worse: str
    cost: float

    def __str__(self) -> str:
        return (
            f'In {self.position} "{self.better}" was better than "{self.worse}" by {self.cost:.3f}.'
        )

    def told(self) -> str:
        """The case as a trainer tells its own experience."""
        return (
            f'In {self.position} I played "{self.better}" rather than "{self.worse}", '
            f"which gives up {self.cost:.3f}."
        )


@dataclass(frozen=True, slots=True)
class Lesson:
    """A case with what it turned on: a criterion that was given too little or too much."""

    case: Case
    criterion: str
    too_much: bool


def cases_in(text: str) -> tuple[Case, ...]:
    """The cases a text tells."""
    return tuple(
        Case(position(m["id"], m["dice"]), m["better"], m["worse"], float(m["cost"]))
        for m in _CASE.finditer(text)
    )


def lessons_in(text: str) -> tuple[Lesson, ...]:
    """The case a text tells, once for each criterion it turned on."""
    told = cases_in(text)
    return tuple(
        Lesson(told[0], _BY_NAME[m["name"]], m["much"] == "much")
        for m in _TURNED.finditer(text)
        if told and m["name"] in _BY_NAME
    )


def turned_on(criterion: str, *, too_much: bool, whose: str, also: bool = False) -> str:
    """What a case turned on, in words `lessons_in` reads."""
    much = "much" if too_much else "little"
    return f"It {'also ' * also}turned on {spoken(criterion)}: {whose} gives it too {much}."


# a leaning -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Leaning:
    """A principle of the learner's: how much more to weigh a criterion, where, and from what."""

    criterion: str
    value: float
    kinds: tuple[str, ...] = CONTACT
    besides: tuple[str, ...] = ()  # kinds of position in which it did not hold
    cases: tuple[Case, ...] = ()
    games: int = 0

    def holds(self, kind: str) -> bool:
        """Whether it applies in this kind of position."""
        return kind in self.kinds and kind not in self.besides

    @property
    def says(self) -> str:
        """What to do."""
        way = "more" if self.value >= 0 else "less"
        size = abs(self.value)
        return f"Weigh {spoken(self.criterion)} about {size:.2f} {way} than I am inclined to."

    @property
    def when(self) -> str:
        """Where it holds."""
        return ANY if set(self.kinds) >= set(CONTACT) else _list(self.kinds)

    @property
    def when_not(self) -> str:
        """Where it does not."""
        return _list(self.besides) if self.besides else NOWHERE

    @property
    def because(self) -> str:
        """The cases behind it, each to be solved again."""
        said = [str(c) for c in self.cases]
        if self.games:
            said.append(f"{self.games} game{'s' * (self.games > 1)} of my own leaned this way.")
        return " ".join(said)


def leaning(says: str, when: str, when_not: str, because: str) -> Leaning | None:
    """A principle read back; None where it is none of the learner's own."""
    found = _SAYS.search(says)
    if found is None or found["name"] not in _BY_NAME:
        return None
    games = _GAMES.search(because)
    size = float(found["size"])
    return Leaning(
        _BY_NAME[found["name"]],
        size if found["way"] == "more" else -size,
        CONTACT if when == ANY else _kinds_in(when),
        () if when_not == NOWHERE else _kinds_in(when_not),
        cases_in(because),
        int(games["games"]) if games else 0,
    )


def _kinds_in(text: str) -> tuple[str, ...]:
    lowered = text.lower()
    return tuple(k for words, k in _BY_KIND.items() if words in lowered)


def _list(kinds: Iterable[str]) -> str:
    return f"In {' or '.join(KIND_WORDS[k] for k in kinds)}."
