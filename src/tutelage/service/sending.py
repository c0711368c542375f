"""Sending: what every kind of line has in common: who is told, what still waits, when again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from tutelage.domain.errors import TutelageError
from tutelage.service.accounts import Person
from tutelage.service.telling import Key, Telling, Tellings
from tutelage.service.writer import Entropy

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

BACK_OFF = tuple(timedelta(minutes=n) for n in (1, 5, 15, 60, 240))
CHUNK = 200


def back_off(now: datetime, tries: int) -> datetime:
    """When it is tried again."""
    return now + BACK_OFF[min(tries, len(BACK_OFF) - 1)]


def listener(desk: Tutelage, name: str) -> Person | None:
    """Who is told; None where they have no account any more."""
    try:
        return desk.people.person(name)
    except TutelageError:
        return None


def still(tellings: Tellings, due: Iterable[Key], now: datetime) -> dict[Key, Telling]:
    """Of what is due that which waits still; the rest was done, or waits for longer by now."""
    keys = list(due)
    waits = {t.key: t for t in tellings.now((key.relationship for key in keys), now)}
    bare = ((key, key._replace(channel="mail")) for key in keys)
    return {key: waits[plain] for key, plain in bare if plain in waits}


def shuffled(lines: Sequence[str], entropy: Entropy) -> Iterator[str]:
    """The longest due first, but no two processes in the same order: they would meet at each."""
    chance = Random(entropy(8))
    for start in range(0, len(lines), CHUNK):
        chunk = list(lines[start : start + CHUNK])
        chance.shuffle(chunk)
        yield from chunk


def once(told: Iterable[Telling]) -> list[Telling]:
    """Each thing once, though it came up as new and as a nudge; the longest waited for first."""
    last: dict[tuple[str, str, int], Telling] = {}
    for one in told:
        at = (one.key.what, one.key.relationship, one.key.seq)
        if at not in last or last[at].key.stage < one.key.stage:
            last[at] = one
    return sorted(last.values(), key=lambda t: (t.blind, t.since, t.key))
