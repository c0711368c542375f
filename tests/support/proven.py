"""The shortest way to a threshold, and to a masterpiece, through the service."""

from __future__ import annotations

from typing import Any

from bench.workload import KEYS
from tests.support import seeded
from tutelage import Tutelage
from tutelage.domain.events import (
    AccountWritten,
    DecisionRecorded,
    Event,
    MasterpieceCertified,
    ObstacleNamed,
    ObstacleOvercome,
    OutcomeRecorded,
    Rated,
    ThresholdMet,
)
from tutelage.domain.terms import Party
from tutelage.evidence.forks import ForkContrast

RITA = Party(id="rita", kind="person")
ACCOUNT = "The secret of the account: it spread to billing"
GAIN = ForkContrast(0.8, 0.3, 1.3, 0.01, (3, 3))


def threshold(desk: Tutelage, name: str = "r", **more: Any) -> int:
    """A relationship whose threshold its trainer has confirmed; the seq that says so."""
    seeded.guide(desk, name, raters=(RITA,), **more)
    for n in range(12):
        _call(desk, name, f"s{n}")
    _proof(desk, name)
    met = desk.turn(name).threshold
    event = ThresholdMet(situation=met.situation or "", entries=met.entries)
    return desk.write(name, event, actor="mia").seq


def masterpiece(desk: Tutelage, name: str = "r") -> int:
    """The same with a masterpiece on top, on copies that were made up."""
    threshold(desk, name)
    some = {"obstacle": "o1", "situations": ("s0", "s1")}
    named = ObstacleNamed(text="Waits too long", when="Nights", criteria=KEYS[:1], **some)
    desk.write(name, named, actor="mia")
    desk.write(name, ObstacleOvercome(because="Seen", **some), actor="mia")
    entries = desk.masterpiece(name, GAIN).entries
    event = MasterpieceCertified(entries=entries, because="The secret reason")
    return desk.certify(name, event, GAIN, actor="rita").seq


def learner(desk: Tutelage, name: str) -> str:
    found = desk.state(name).learner
    return found.id if found else ""


def _call(desk: Tutelage, name: str, key: str, *first: Event, **more: Any) -> None:
    me, fives = learner(desk, name), dict.fromkeys(KEYS, 5)
    for event in (
        (*first, seeded.own_call(key))
        if first
        else (
            seeded.opened(key, *KEYS),
            seeded.own_call(key),
        )
    ):
        desk.write(name, event, actor=me)
    rated = Rated(situation=key, subject="own_call", ratings=fives, **more)
    desk.write(name, rated, actor="rita")


def _proof(desk: Tutelage, name: str) -> None:
    """A new, hard case, decided alone, and an account that a blind rater confirms."""
    new = {"difficulty": 1, "seen_before": False, "text": "The secret case: new and hard"}
    opened = seeded.opened("proof", *KEYS, **new)
    _call(desk, name, "proof", opened, novel=True, difficult=True)
    said: dict[str, Any] = {"noticed": ACCOUNT, "options": ("Wait", "Wake"), "turned_on": KEYS[0]}
    for event in (
        DecisionRecorded(situation="proof", decision="Woke Ann", why="It spread"),
        OutcomeRecorded(situation="proof", text="She stopped it"),
        AccountWritten(situation="proof", asked_myself="Who waits?", happened="It stopped", **said),
    ):
        desk.write(name, event, actor=learner(desk, name))
    check = Rated(
        situation="proof",
        subject="account",
        shows_criterion=True,
        consistent=True,
        quotes={KEYS[0]: "It spread"},
    )
    desk.write(name, check, actor="rita")
