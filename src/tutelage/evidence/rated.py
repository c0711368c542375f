"""Ratings of a situation as numbers: by criterion, and on average."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tutelage.domain.entry import Entry
from tutelage.domain.events import Rated
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Subject


def given(situation: Situation, subject: Subject, *, as_self: bool = False) -> list[Entry[Rated]]:
    """The ratings of its own call, decision or account: by others, or by the learner itself."""
    return [
        r for r in situation.ratings if r.event.subject == subject and r.event.as_self is as_self
    ]


def values(rated: Iterable[Entry[Rated]]) -> Iterator[tuple[str, int]]:
    """Criterion and value of whatever was rated; "not applicable" is left out."""
    for entry in rated:
        for criterion, value in entry.event.ratings.items():
            if value is not None:
                yield criterion, value


def by_criterion(rated: Iterable[Entry[Rated]]) -> dict[str, float]:
    """By criterion, the mean over raters."""
    found: dict[str, list[int]] = {}
    for criterion, value in values(rated):
        found.setdefault(criterion, []).append(value)
    return {criterion: sum(of) / len(of) for criterion, of in found.items()}


def mean_rating(rated: Iterable[Entry[Rated]]) -> float:
    """The mean over raters and criteria; NaN where nothing was rated."""
    found = [value for _criterion, value in values(rated)]
    return sum(found) / len(found) if found else float("nan")
