"""Random walks through a relationship: whatever is attempted, in whatever order.

A walk is a seed and a length, so that hypothesis shortens a failing one to the step that breaks it.
"""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import Any

from tests.support.course import BOT, CRITERIA, JUDGE, LEA, MENTOR, RITA, TOM, Case, Course, goal
from tutelage.domain.entry import Findings
from tutelage.domain.errors import TutelageError
from tutelage.domain.events import (
    AccountWritten,
    AgreementAmended,
    Answered,
    BaselineTaken,
    Closed,
    ClosingDeclined,
    ClosingProposed,
    Debriefed,
    DecisionRecorded,
    Event,
    GoalAmended,
    GuidanceGiven,
    GuidanceRead,
    HelpAsked,
    LevelContested,
    LevelMoved,
    Met,
    ObstacleNamed,
    ObstacleOvercome,
    OutcomeRecorded,
    OwnCallRecorded,
    Paused,
    PhaseBegan,
    PrincipleDropped,
    PrincipleKept,
    ProbeDrawn,
    QuestionKept,
    Rated,
    RatingAsked,
    Resumed,
    Signed,
    SituationDropped,
    SituationOpened,
)
from tutelage.domain.terms import Level, Phase, Role

HIDDEN = "HIDDEN guidance"
L, T, R, S = Role.LEARNER, Role.TRAINER, Role.RATER, Role.SYSTEM
SUBJECTS = ("own_call", "own_call", "decision", "account")


def walk(seed: int, steps: int) -> Course:
    """A relationship after so many attempts."""
    chance = Random(seed)
    course = Course(*chance.choice([(LEA, TOM, (RITA,)), (BOT, MENTOR, (JUDGE,))]))
    course.agree(chance.choice(["mentor", "coach"]))
    if chance.random() < 0.7:
        course.baseline(chance.randint(1, 5))
    for _ in range(steps):
        step(course, chance)
    return course


def step(course: Course, chance: Random) -> None:
    """One attempt: mostly what people do next, sometimes anything."""
    with suppress(TutelageError):
        if chance.random() < 0.85:
            _usual(course, chance)
        else:
            role, event = _anything(course, chance)
            rater = course.raters[0].id if role is R else None
            course.write(event, rater, role, _finding(chance))


def _usual(course: Course, chance: Random) -> None:
    if course.state.goal_next is not None and chance.random() < 0.3:
        version = course.state.goal_next.version
        for party, role in ((course.learner, L), (course.trainer, T)):
            who = party.owner or party.id
            with suppress(TutelageError):
                course.write(Signed(what="goal", version=version), who, role)
        return
    if not course.state.open or chance.random() < 0.1:
        course.situation(
            difficulty=chance.choice([-1, 0, 1, 1]),
            criteria=tuple(chance.sample(course.state.criteria, 2)),
            seen_before=chance.random() < 0.4,
            retold=chance.random() < 0.1,
            because_bad=chance.random() < 0.1,
            stakes=chance.choice(["normal", "normal", "high"]),
            findings=_finding(chance),
        )
        return
    key = chance.choice([s.key for s in course.state.recent(3)])
    case, rating = Case(course, key), chance.randint(1, 5)
    verbs = [
        lambda: case.own_call(help=chance.choice(["nobody"] * 9 + ["ai"])),
        case.own_call,
        case.own_call,
        lambda: case.asked(chance.choice(["what_to_do", "fact"]), urgent=chance.random() < 0.3),
        lambda: case.guided(chance.choice(["share", "ask"]), text=HIDDEN),
        lambda: case.guided("fact", (), text=HIDDEN),
        case.read,
        case.read,
        case.decided,
        case.came_out,
        lambda: case.accounted(consulted=chance.choice([(), (), ("ai",)])),
        lambda: case.rated(rating, novel=True, difficult=True),
        lambda: case.rated(rating),
        lambda: case.rated(5, novel=True, difficult=True),
        lambda: case.rated(rating, subject="decision"),
        lambda: case.checked(course.raters[0].id),
        case.debriefed,
        lambda: course.principle(f"p{rating}"),
    ]
    chance.choice(verbs)()


def _finding(chance: Random) -> Findings | None:
    if chance.random() < 0.7:
        return None
    near, copied = chance.random() < 0.3, chance.random() < 0.3
    return Findings(
        version="v1", near_duplicate=near, copied=copied, echoes=chance.choice([None, 9])
    )


def _anything(course: Course, chance: Random) -> tuple[Role, Event]:
    known = [s.key for s in course.state.situations] + ["nowhere"]
    key, seq = chance.choice(known), chance.randint(1, course.state.seq)
    one, level = chance.choice(CRITERIA), chance.choice(list(Level))
    some = tuple(chance.sample(CRITERIA, chance.randint(0, 3)))
    named = chance.choice(["a", "b"])
    happened: list[tuple[Role, Event]] = [
        (L, SituationOpened(situation=key, text="x", criteria=some)),
        (L, OwnCallRecorded(situation=key, call="x", why="x")),
        (L, HelpAsked(situation=key, question="x", urgent=True)),
        (L, GuidanceRead(situation=key, guidance=seq)),
        (L, Answered(situation=key, guidance=seq, text="x")),
        (L, DecisionRecorded(situation=key, decision="x", why="x")),
        (L, OutcomeRecorded(situation=key, text="x")),
        (L, _account(key, one)),
        (L, SituationDropped(situation=key)),
        (L, PrincipleKept(principle=named, says="x", when="x", when_not="x", because="x")),
        (L, PrincipleDropped(principle=named)),
        (L, QuestionKept(question=named, text="x", follows=(seq,))),
        (L, LevelContested(criterion=one, to=level, why="x")),
        (L, chance.choice([Paused(), Resumed(), Resumed()])),
        (L, PhaseBegan(phase=chance.choice(list(Phase)))),
        (L, _another_goal(chance)),
        (chance.choice([L, T]), Signed(what="goal", version=chance.choice([2, 2, 3]))),
        (T, AgreementAmended(mode="coach", because="x")),
        (T, _guidance(key, chance, some)),
        (T, Debriefed(situation=key, expected="x", happened="x", why="x", next="x")),
        (T, LevelMoved(criterion=one, start=course.state.level(one), to=level, why="x")),
        (T, Met(on=course.now)),
        (T, BaselineTaken(situations=(key,), fewer_because="x")),
        (T, PhaseBegan(phase=Phase.GUIDED)),
        (T, ObstacleNamed(obstacle=named, text="x", when="x", situations=("s1", key))),
        (T, ObstacleOvercome(obstacle=named, situations=(key,), because="x")),
        (R, _rating(key, chance, one)),
        (L, _rating(key, chance, one, as_self=True)),
        (S, ProbeDrawn(situation=key, withheld=True, probability=0.2)),
        (S, _request(course, key, chance)),
    ]
    if chance.random() < 0.05:
        proposed = (L, ClosingProposed(because="x"))
        happened = [proposed, (T, Closed(because="x")), (T, ClosingDeclined())]
    return chance.choice(happened)


def _account(key: str, criterion: str) -> Event:
    return AccountWritten(
        situation=key,
        noticed="x",
        options=("x", "y"),
        turned_on=criterion,
        asked_myself="x",
        happened="x",
    )


def _another_goal(chance: Random) -> Event:
    keys = (*chance.sample(CRITERIA, 2), "luck")
    return GoalAmended(because="x", **goal(keys).model_dump(exclude={"kind"}))


def _guidance(key: str, chance: Random, criteria: tuple[str, ...]) -> Event:
    return GuidanceGiven(
        situation=key,
        move=chance.choice(["share", "ask", "tell", "fact"]),
        text=HIDDEN,
        criteria=criteria,
        experience="night-17",
        told_because=chance.choice([None, "x"]),
    )


def _rating(key: str, chance: Random, criterion: str, **given: Any) -> Event:
    subject: Any = chance.choice(SUBJECTS)
    ratings = {criterion: chance.randint(1, 5)}
    return Rated(situation=key, subject=subject, ratings=ratings, consistent=True, **given)


def _request(course: Course, key: str, chance: Random) -> Event:
    subject: Any = chance.choice(SUBJECTS)
    rater = course.raters[0].id
    return RatingAsked(situation=key, subject=subject, rater=rater, shown=("call",))
