"""A relationship of any length: the same course of situations, written through the service."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from tutelage.domain.events import (
    AccountWritten,
    BaselineTaken,
    DecisionRecorded,
    Event,
    GoalSet,
    OutcomeRecorded,
    OwnCallRecorded,
    Proposed,
    Rated,
    Signed,
    SituationOpened,
)
from tutelage.domain.terms import Criterion, Party

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutelage import Tutelage

KEYS = ("impact", "evidence", "people", "timing")
ANCHORS = (
    "It played no part in the call.",
    "It was seen, but misread or given no weight.",
    "It was seen and handled by the book.",
    "It was handled well, with reasons that fit this case.",
    "It was handled well and adapted to what was unusual here.",
)
GOAL = GoalSet(
    situation="When an alert fires at night and its cause is unclear",
    behaviour="I decide whether to roll back, to wait or to wake somebody, and say why first",
    today="I roll back nearly every time and wake my lead in most cases",
    horizon="within 12 weeks",
    criteria=tuple(
        Criterion(key=k, name=f"weighing {k} against the rest", anchors=ANCHORS) for k in KEYS
    ),
)
SCENES = (
    "The queue of the payment service grows although nothing was deployed since Monday.",
    "Half of the health checks fail in one zone and the other half look better than ever.",
    "A customer says that yesterday's export is empty; the log of the export says success.",
    "Latency doubled within ten minutes of a certificate change that nobody can take back.",
    "The backup job reports a checksum that differs from the one in the restore test.",
    "Two dashboards disagree by a factor of three and the newer one was built in a hurry.",
    "The disk of the log host is full while the alerts about it were muted last week.",
)


def opened(desk: Tutelage, relationship: str) -> None:
    """Everything up to the first situation."""
    mia, leo = Party(id="mia", kind="person"), Party(id="leo", kind="person")
    proposed = Proposed(
        learner=leo, trainer=mia, mode="mentor", handled="ten years on call", because="it is new"
    )
    desk.open(proposed, actor="mia", id=relationship)
    for what in (Signed(what="agreement"), GOAL, Signed(what="goal")):
        for actor in ("leo", "mia") if isinstance(what, Signed) else ("leo",):
            desk.write(relationship, what, actor=actor)


def course(skip: int = 0) -> Iterator[tuple[str, Event]]:
    """Who writes what, situation after situation, without end; eight entries each."""
    for n in count(skip):
        key, scene = f"s{n}", SCENES[n % len(SCENES)]
        criteria = (KEYS[n % 4], KEYS[(n + 1) % 4])
        difficulty = (-1, 0, 1)[n % 3]
        ratings = {c: 1 + (n * 7 + i * 3 + n // 40) % 5 for i, c in enumerate(criteria)}
        yield (
            "leo",
            SituationOpened(
                situation=key,
                text=f"{scene} It is the {n}th night this year that something wakes me.",
                criteria=criteria,
                difficulty=difficulty,
                facts={"system": f"part {n % 11}", "people": f"team {n % 5}"},
            ),
        )
        yield (
            "leo",
            OwnCallRecorded(
                situation=key,
                call=f"Wait {n % 17} minutes and look at the change log before anything else.",
                why="A change of ours explains most nights, and a rollback costs an hour.",
                expects="The curve turns by itself.",
                probability=0.6,
            ),
        )
        yield "mia", Rated(situation=key, subject="own_call", ratings=ratings)
        if n == 3 - 1:
            yield "mia", BaselineTaken(situations=("s0", "s1", "s2"))
        yield (
            "leo",
            DecisionRecorded(
                situation=key, decision="Waited, then rolled back.", why="The curve did not turn."
            ),
        )
        yield "leo", OutcomeRecorded(situation=key, text="It recovered within the hour.")
        yield (
            "leo",
            AccountWritten(
                situation=key,
                noticed=f"The change log was empty for part {n % 11}.",
                options=("Wait", "Roll back at once"),
                turned_on=criteria[0],
                asked_myself="What would change my mind?",
                happened=f"As expected, after {n % 29} minutes.",
            ),
        )


def grow(desk: Tutelage, relationship: str, entries: int) -> None:
    """Write until the relationship has about so many entries."""
    done = desk.state(relationship)
    situations = course(len(done.situations))
    while desk.state(relationship).seq < entries:
        actor, event = next(situations)
        desk.write(relationship, event, actor=actor)
