"""Write the worked example into a database, with the days on which each thing was said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tutelage.domain.events import (
    AccountWritten,
    ActionAgreed,
    ActionDone,
    Answered,
    BaselineTaken,
    Debriefed,
    DecisionRecorded,
    Event,
    GuidanceGiven,
    Met,
    ObstacleNamed,
    ObstacleOvercome,
    OutcomeRecorded,
    OwnCallRecorded,
    PrincipleKept,
    PrincipleMarked,
    Proposed,
    QuestionKept,
    Rated,
    Signed,
    SituationOpened,
)
from tutelage.domain.situation import Given
from tutelage.domain.terms import Party
from tutelage.doors.example import story
from tutelage.service.desk import Tutelage

NAME = "example-nora-and-cole"
NORA, COLE = "nora", "cole"
KEYS = (story.ROOM, story.DOUBT, story.CUT)
START = datetime(2026, 2, 2, 9, tzinfo=UTC)


class Calendar:
    """The clock of the story: a day, and a minute more with each look."""

    def __init__(self) -> None:
        self.now = START

    def to(self, day: int) -> None:
        """Go on to a day, never back."""
        self.now = max(self.now, START + timedelta(days=day))

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def seed(desk: Tutelage) -> str:
    """Bring the example into a database, whole or not at all; one that is there stays as it is."""
    if not any(p["id"] == NAME for p in desk.relationships(NORA)):
        with TemporaryDirectory() as folder:
            file = Path(folder) / "example.jsonl"
            _write_down(file)
            desk.import_(file, id=NAME)
    return NAME


def _write_down(file: Path) -> None:
    """The story, as it would have been written day by day."""
    calendar = Calendar()
    with Tutelage("sqlite://", clock=calendar) as desk:
        _agree(desk)
        for n, session in enumerate(story.BASELINE, start=1):
            _retold(desk, f"then-{n}", session)
        taken = BaselineTaken(situations=tuple(f"then-{n}" for n in (1, 2, 3)))
        _write(desk, COLE, taken)
        for n, session in enumerate(story.GUIDED, start=1):
            calendar.to(session.day)
            _guided(desk, f"session-{n}", session)
            _between(desk, n)
        for n, session in enumerate(story.ALONE, start=1):
            calendar.to(session.day)
            _alone(desk, f"later-{n}", session)
        _overcome(desk)
        desk.export(NAME, file)


def _write(desk: Tutelage, actor: str, *events: Event) -> None:
    for event in events:
        desk.write(NAME, event, actor=actor)


def _agree(desk: Tutelage) -> None:
    nora, cole = (Party(id=n, kind="person") for n in (NORA, COLE))
    proposed = Proposed(
        learner=nora,
        trainer=cole,
        mode="coach",
        handled="Twelve years of executive reviews, on both sides of the table.",
        because="She knows her subject; what is missing is her own way of asking.",
        cadence="Every ten days or so, in writing; a call when one of us wants it.",
        ending="When she no longer waits for my question.",
    )
    desk.open(proposed, actor=NORA, id=NAME)
    for paper in ("agreement", "goal"):
        if paper == "goal":
            _write(desk, NORA, story.GOAL)
        for actor in (NORA, COLE):
            _write(desk, actor, Signed(what=paper))


def _opened(key: str, session: story.Session, *, retold: bool = False) -> SituationOpened:
    return SituationOpened(situation=key, text=session.text, criteria=KEYS, retold=retold)


def _called(key: str, session: story.Session) -> tuple[Event, ...]:
    return (OwnCallRecorded(situation=key, call=session.call, why=session.why),)


def _rated(key: str, session: story.Session) -> Rated:
    ratings = dict(zip(KEYS, session.ratings, strict=True))
    return Rated(situation=key, subject="own_call", ratings=ratings)


def _retold(desk: Tutelage, key: str, session: story.Session) -> None:
    decided = DecisionRecorded(situation=key, decision=session.decision, why=session.why)
    came = OutcomeRecorded(situation=key, text=session.outcome)
    told = _account(key, session, options=(session.call,))
    retold = _opened(key, session, retold=True)
    _write(desk, NORA, retold, *_called(key, session), decided, came, told)
    _write(desk, COLE, _rated(key, session))


def _guided(desk: Tutelage, key: str, session: story.Session) -> None:
    _write(desk, NORA, _opened(key, session), *_called(key, session))
    asked = _criterion(session)
    ask = GuidanceGiven(situation=key, move="ask", text=session.question, criteria=(asked,))
    if key in desk.turn(NAME).guidance_due:
        _write(desk, COLE, ask)
        desk.collect_guidance(NAME, key, actor=NORA)
        given = _guidance(desk, key)[-1].entry.seq
        _write(desk, NORA, Answered(situation=key, guidance=given, text=session.answer))
    _write(desk, COLE, _rated(key, session))
    _done(desk, key, session, advice="taken")
    debrief = Debriefed(
        situation=key,
        expected=session.call,
        happened=session.outcome,
        why=session.debrief,
        next=f"Ask yourself beforehand: {session.asked_myself}",
    )
    _write(desk, COLE, debrief)


def _criterion(session: story.Session) -> str:
    """The weakest of her call, which the question is about."""
    return KEYS[session.ratings.index(min(session.ratings))]


def _done(desk: Tutelage, key: str, session: story.Session, *, advice: str) -> None:
    told = any(g.read is not None for g in _guidance(desk, key))
    decided = DecisionRecorded.model_validate(
        {
            "situation": key,
            "decision": session.decision,
            "why": session.answer or session.why,
            "advice": advice if told else "none",
        }
    )
    account = _account(key, session, options=(session.call, session.decision))
    came = OutcomeRecorded(situation=key, text=session.outcome)
    _write(desk, NORA, decided, came, account)


def _account(key: str, session: story.Session, options: tuple[str, ...]) -> AccountWritten:
    return AccountWritten(
        situation=key,
        noticed=session.why,
        options=options,
        turned_on=_criterion(session),
        asked_myself=session.asked_myself or "Nothing; I was explaining.",
        happened=session.outcome,
    )


def _guidance(desk: Tutelage, key: str) -> tuple[Given, ...]:
    known = desk.state(NAME).find(key)
    return known.guidance if known else ()


def _between(desk: Tutelage, n: int) -> None:
    """What was said and agreed between the sessions."""
    match n:
        case 2:
            shows = ("then-1", "session-1")
            pattern = ObstacleNamed(
                obstacle="more-detail",
                text=story.PATTERN,
                when=story.PATTERN_WHEN,
                criteria=(story.CUT,),
                situations=shows,
            )
            agreed = ActionAgreed(action="two-calls", text="Call two people before each review.")
            _write(desk, COLE, pattern, agreed)
        case 4:
            text = "What would make the finance chief say no?"
            question = QuestionKept(question="no", text=text, criteria=(story.DOUBT,))
            done = ActionDone(action="two-calls", text="It is a habit now.")
            _write(desk, NORA, question, done)
        case 5:
            talk = Met(on=desk.clock(), criteria=(story.ROOM,), text="Forty minutes on the phone.")
            _write(desk, COLE, talk)
        case 6:
            kept = PrincipleKept(principle="pre-mortem", criteria=(story.DOUBT,), **story.PRINCIPLE)
            _write(desk, NORA, kept)
            _write(
                desk, COLE, PrincipleMarked(principle="pre-mortem", mark="sound", why="It held.")
            )


def _alone(desk: Tutelage, key: str, session: story.Session) -> None:
    _write(desk, NORA, _opened(key, session), *_called(key, session))
    _done(desk, key, session, advice="none")
    _write(desk, COLE, _rated(key, session))


def _overcome(desk: Tutelage) -> None:
    because = "In the last two reviews she cut before anybody asked."
    over = ObstacleOvercome(
        obstacle="more-detail", situations=("later-1", "later-2"), because=because
    )
    _write(desk, COLE, over)
