"""How each entry changes the state. Total and pure: no clock, no chance, and no text is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from itertools import groupby
from typing import Any, TypeVar, assert_never, cast

from tutelage.domain.entry import Entry
from tutelage.domain.events import (
    AccountWritten,
    ActionAgreed,
    ActionDone,
    AgreementAmended,
    Answered,
    AnyEvent,
    BaselineTaken,
    CheckedIn,
    Closed,
    ClosingDeclined,
    ClosingProposed,
    ConcernRaised,
    Configured,
    Debriefed,
    DecisionRecorded,
    DesignDrawn,
    Ended,
    EvidenceViewed,
    Forked,
    GoalAmended,
    GoalSet,
    GuidanceFailed,
    GuidanceGiven,
    GuidanceRead,
    HandedOver,
    HelpAsked,
    Lapsed,
    LevelContested,
    LevelMoved,
    LevelsShown,
    MasterpieceCertified,
    Met,
    ModelCalled,
    Noted,
    ObstacleNamed,
    ObstacleOvercome,
    ObstacleRevised,
    OptedOut,
    OutcomeRecorded,
    OwnCallRecorded,
    Paused,
    PhaseBegan,
    PrincipleDropped,
    PrincipleKept,
    PrincipleMarked,
    PrincipleRevised,
    ProbeDrawn,
    Proposed,
    QuestionKept,
    Rated,
    RatingAsked,
    Redacted,
    Resumed,
    Signed,
    SituationDropped,
    SituationOpened,
    SupportAsked,
    SupportSettled,
    TalkAnswered,
    TalkCancelled,
    TalkMoved,
    TalkPlanned,
    ThresholdMet,
)
from tutelage.domain.focus import let_in
from tutelage.domain.news import with_news
from tutelage.domain.papers import begin_criteria, handed_over, signed
from tutelage.domain.relationship import Obstacle, Paper, Relationship, Standing
from tutelage.domain.situation import Given, Situation
from tutelage.domain.talking import with_talk
from tutelage.domain.terms import Party, Phase, Role
from tutelage.domain.values import replace, stamped

V = TypeVar("V")
_LAST = (AccountWritten, SituationDropped)  # with these a situation is done
_GOES_ON = {
    Rated,
    RatingAsked,
    OwnCallRecorded,
    DecisionRecorded,
    OutcomeRecorded,
    GuidanceGiven,
    GuidanceRead,
    GuidanceFailed,
    Debriefed,
    Answered,
    HelpAsked,
    ProbeDrawn,
}  # these change nothing but their situation


def fold(entries: Iterable[Entry[Any]], start: Relationship | None = None) -> Relationship:
    """The state after these entries: the same as `evolve` one by one.

    What happens in one situation without a break is put back into the state once.
    """
    state = start or Relationship()
    for key, run in groupby(entries, _goes_on_in):
        here = list(run)
        state = reduce(evolve, here, state) if key is None else _within(state, key, here)
    return state


def _goes_on_in(entry: Entry[Any]) -> str | None:
    """The situation that an entry neither opens nor ends."""
    event = entry.event
    return event.situation if type(event) in _GOES_ON else None


def _within(state: Relationship, key: str, run: list[Entry[Any]]) -> Relationship:
    known, last = state.find(key), run[-1]
    after = state if known is None else state.put(reduce(_in_situation, run, known))
    after = reduce(_trained, run, after)
    at = {"seq": last.seq, "last_at": last.written_at, "last_by": last.role}
    said = next((e.written_at for e in reversed(run) if e.role is not Role.SYSTEM), state.said_at)
    return stamped(after, state, said_at=said, **at)


def evolve(state: Relationship, entry: Entry[Any]) -> Relationship:
    """The state after one more entry."""
    after, at = _trained(_apply(state, entry), entry), entry.written_at
    said = state.said_at if entry.role is Role.SYSTEM else at
    return stamped(after, state, seq=entry.seq, last_at=at, last_by=entry.role, said_at=said)


def _trained(state: Relationship, entry: Entry[Any]) -> Relationship:
    """Whoever wrote as trainer, also in an agent's place, has trained here."""
    if entry.role is not Role.TRAINER or entry.actor in state.trainers:
        return state
    return replace(state, trainers=state.trainers | {entry.actor})


def _agents(state: Relationship, parties: Iterable[Party]) -> frozenset[str]:
    return state.agents | {p.id for p in parties if p.kind == "agent"}


def _apply(state: Relationship, entry: Entry[Any]) -> Relationship:
    event: AnyEvent = entry.event
    match event:
        case (  # the most frequent first, here and below: a fold asks in this order
            Rated()
            | RatingAsked()
            | OwnCallRecorded()
            | DecisionRecorded()
            | AccountWritten()
            | OutcomeRecorded()
            | GuidanceGiven()
            | GuidanceRead()
            | Debriefed()
            | Answered()
            | HelpAsked()
            | GuidanceFailed()
            | SituationDropped()
            | ProbeDrawn()
        ):
            known = state.find(event.situation)
            if known is None:
                return state
            return state.put(_in_situation(known, entry), done=isinstance(event, _LAST))
        case SituationOpened():
            return _opened(state, entry)
        case PrincipleKept() | PrincipleRevised() | PrincipleDropped() | PrincipleMarked():
            return _notebook(state, entry)
        case QuestionKept(question=key):
            return replace(state, questions=_with(state.questions, key, entry))
        case ObstacleNamed() | ObstacleRevised() | ObstacleOvercome():
            return _obstacle(state, entry)
        case LevelMoved(criterion=key, to=level):
            standing = Standing(level, entry.seq, entry)
            levels = _with(state.levels, key, standing)
            contested = tuple(c for c in state.contested if c.event.criterion != key)
            return replace(state, levels=levels, moves=(*state.moves, entry), contested=contested)
        case LevelContested():
            return replace(state, contested=(*state.contested, entry))
        case Met():
            return _talked(state, entry)
        case TalkPlanned() | TalkMoved() | TalkCancelled() | TalkAnswered():
            news = with_news(state.news, entry)
            return replace(state, planned=with_talk(state.planned, entry), news=news)
        case ThresholdMet():
            return replace(state, threshold=state.threshold or entry)
        case MasterpieceCertified():
            return replace(state, masterpiece=state.masterpiece or entry)
        case ActionAgreed(action=key):
            return replace(state, actions=_with(state.actions, key, entry))
        case ActionDone(action=key):
            return replace(state, actions=_without(state.actions, key))
        case EvidenceViewed(viewer=viewer, what=what):
            early = (
                what == "evidence"
                and state.design is not None
                and state.met < state.design.event.horizon
            )
            viewers = {viewer: entry.seq, **state.viewers}
            return replace(state, looked=state.looked + early, viewers=viewers)
        case ConcernRaised():
            return replace(state, news=with_news(state.news, entry))
        case Noted() | CheckedIn() | ModelCalled() | Redacted():
            return state
        case _:
            return _life(state, entry)


def _life(state: Relationship, entry: Entry[Any]) -> Relationship:
    event: Any = entry.event
    match event:
        case Proposed():
            paper = Paper(entry, 1)
            return replace(
                state,
                life="proposed",
                proposed=entry,
                agreement=paper,
                trainer=event.trainer,
                trainers=frozenset({event.trainer.id}),
                agents=_agents(state, (event.learner, event.trainer, *event.raters)),
            )
        case AgreementAmended():
            version = state.agreement.version + 1 if state.agreement else 1
            named = _agents(state, event.raters)
            return replace(state, amended=Paper(entry, version), agents=named)
        case Signed():
            return signed(state, entry)
        case OptedOut():
            return _left(replace(state, opted_out=state.opted_out | {event.of}), entry.seq)
        case LevelsShown(shown=shown):
            return replace(state, levels_shown=shown)
        case SupportAsked():
            return replace(state, support=state.support or entry)
        case SupportSettled():
            return replace(state, support=None)
        case Paused():
            return replace(state, life="paused", closing=None)
        case Resumed():
            return replace(state, life="active")
        case Lapsed():
            return replace(state, life="lapsed", closing=None)
        case Ended():
            return replace(state, life="ended")
        case ClosingProposed():
            return replace(state, closing=entry)
        case ClosingDeclined():
            return replace(state, closing=None)
        case Closed():
            return replace(state, life="closed", closing=None, closed_at=entry.written_at)
        case HandedOver(to=party):
            return replace(handed_over(state, entry), agents=_agents(state, (party,)))
        case PhaseBegan(phase=phase):
            return _phase(replace(state, phase=phase, phase_since=entry.seq), entry.seq)
        case GoalAmended():
            version = state.goal.version + 1 if state.goal else 1
            return replace(state, goal_next=Paper(entry, version))
        case GoalSet():
            return replace(state, goal=Paper(entry, state.goal.version + 1 if state.goal else 1))
        case Configured():
            return replace(state, configured=entry)
        case BaselineTaken(situations=keys):
            return replace(state, baseline=keys)
        case DesignDrawn():
            return replace(state, design=entry, design_signed=frozenset(), met=0)
        case Forked(arm=arm, origin=origin, at=at):
            return replace(state, arm=arm, origin=origin, forked_at=at)
        case never:
            assert_never(cast("Any", never))


def _left(state: Relationship, seq: int) -> Relationship:
    """What one side left lets others in; a programme that was left is shown nothing any more."""
    if state.programme is None:
        state = replace(state, support=None, levels_shown=False)
    return let_in(state, seq)


def _opened(state: Relationship, entry: Entry[SituationOpened]) -> Relationship:
    if state.design is None:
        return state.put(Situation(opened=entry, phase=state.phase))
    new = Situation(opened=entry, phase=state.phase, place=state.met)
    return let_in(replace(state.put(new), met=state.met + 1), entry.seq)


def _in_situation(known: Situation, entry: Entry[Any]) -> Situation:
    event: Any = entry.event
    match event:
        case Rated():
            return replace(known, ratings=(*known.ratings, entry))
        case RatingAsked():
            return replace(known, asked=(*known.asked, entry))
        case OwnCallRecorded():
            return replace(known, own_call=known.own_call or entry)
        case DecisionRecorded():
            return replace(known, decision=known.decision or entry)
        case AccountWritten():
            return replace(known, account=known.account or entry)
        case OutcomeRecorded():
            return replace(known, outcome=entry)
        case HelpAsked():
            return replace(known, helps=(*known.helps, entry))
        case GuidanceGiven():
            return replace(known, guidance=(*known.guidance, Given(entry)))
        case GuidanceFailed():
            return replace(known, failures=(*known.failures, entry))
        case GuidanceRead(guidance=seq):
            read = tuple(
                replace(g, read=entry.seq) if g.entry.seq == seq and g.read is None else g
                for g in known.guidance
            )
            return replace(known, guidance=read)
        case Answered():
            return replace(known, answers=(*known.answers, entry))
        case Debriefed():
            return replace(known, debriefs=(*known.debriefs, entry))
        case SituationDropped():
            return replace(known, dropped=entry)
        case ProbeDrawn(withheld=withheld, probability=probability):
            return replace(known, withheld=withheld, probability=probability)
        case never:
            assert_never(cast("Any", never))


def _notebook(state: Relationship, entry: Entry[Any]) -> Relationship:
    match entry.event:
        case PrincipleDropped(principle=key):
            principles = _without(state.principles, key)
            return replace(state, principles=principles, marks=_without(state.marks, key))
        case PrincipleMarked(principle=key):
            return replace(state, marks=_with(state.marks, key, entry))
        case kept:
            return replace(state, principles=_with(state.principles, kept.principle, entry))


def _obstacle(state: Relationship, entry: Entry[Any]) -> Relationship:
    event: Any = entry.event
    known = state.obstacles.get(event.obstacle)
    if isinstance(event, ObstacleOvercome):
        if known is None:
            return state
        now = replace(known, overcome=entry)
    else:
        now = Obstacle(entry)
    return replace(state, obstacles=_with(state.obstacles, event.obstacle, now))


def _talked(state: Relationship, entry: Entry[Met]) -> Relationship:
    """A live talk counts as guidance read for every situation that is still undecided."""

    def touched(situation: Situation) -> Situation:
        if situation.decision is not None or situation.talked is not None:
            return situation
        return replace(situation, talked=entry.seq)

    on = () if state.design is None else entry.event.criteria
    talks = (*state.talks, *((state.met, criterion) for criterion in on))
    return replace(state, open={key: touched(s) for key, s in state.open.items()}, talks=talks)


def _phase(state: Relationship, seq: int) -> Relationship:
    """When the guided phase begins, every criterion enters at share, or at ask with a coach."""
    if state.phase is not Phase.GUIDED:
        return state
    return begin_criteria(replace(state, phase_start=state.phase_start or seq), seq)


def _with(known: Mapping[str, V], key: str, value: V) -> dict[str, V]:
    return {**known, key: value}


def _without(known: Mapping[str, V], key: str) -> dict[str, V]:
    return {k: v for k, v in known.items() if k != key}
