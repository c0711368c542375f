"""What needs a reading or a number before an entry is let in; the finding is stored in the entry.

Rules and folds never read a text. Whatever is judged from one is judged here, once, when the
entry is written, so that removing the text later changes no estimate, level or threshold.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from tutelage.domain import goal as goals
from tutelage.domain.entry import Draft, Findings
from tutelage.domain.errors import NotYours, Refused
from tutelage.domain.events import (
    AccountWritten,
    AgreementAmended,
    Answered,
    Debriefed,
    DecisionRecorded,
    Event,
    GoalSet,
    GuidanceGiven,
    HelpAsked,
    LevelMoved,
    MasterpieceCertified,
    OutcomeRecorded,
    OwnCallRecorded,
    Proposed,
    QuestionKept,
    Rated,
    SituationOpened,
    ThresholdMet,
)
from tutelage.domain.relationship import Relationship
from tutelage.domain.terms import Level, Phase, Role
from tutelage.domain.text import Gone, Text
from tutelage.evidence import asks, novelty
from tutelage.evidence.asks import Asked, asks_itself
from tutelage.evidence.design import draw
from tutelage.evidence.novelty import Novelty, Seen, closest
from tutelage.evidence.self_observation import questions_read
from tutelage.evidence.track import Track
from tutelage.guidance import care as cares
from tutelage.guidance import moves
from tutelage.guidance.brief import account_told
from tutelage.guidance.policy import propose
from tutelage.guidance.threshold import Contrast, masterpiece, threshold

COPIED = 0.97  # likeness above which an account repeats an earlier one
ECHOED = 0.5  # likeness above which a kept question is the trainer's, made one's own
LOOK_BACK = 30


def admit(
    state: Relationship,
    track: Track,
    seen: Seen,
    draft: Draft,
    contrast: Contrast | None = None,
) -> Draft:
    """The draft with what was found in it. Raises Refused where that keeps it out."""
    return _beyond(state, _in_place(state, _judged(state, track, seen, draft, contrast)))


def _judged(
    state: Relationship, track: Track, seen: Seen, draft: Draft, contrast: Contrast | None
) -> Draft:
    match draft.event:
        case GoalSet():
            _judge_goal(draft.event)
            _judge_room(state, state.terms, draft.event)
        case AgreementAmended():
            _judge_room(state, draft.event, state.goal.entry.event if state.goal else None)
        case SituationOpened():
            return _found(draft, _situation(state, seen, draft.event))
        case OwnCallRecorded():
            return _found(draft, _own_call(state, draft.event))
        case GuidanceGiven():
            return _found(draft, _guidance(state, draft))
        case AccountWritten():
            return _found(draft, _account(state, draft.event))
        case Rated(subject="account"):
            _judge_quotes(state, draft.event)
        case QuestionKept():
            return _found(draft, _question(state, draft.event))
        case LevelMoved():
            _judge_level(state, track, draft)
        case ThresholdMet():
            _judge_threshold(state, track, draft)
        case MasterpieceCertified():
            _judge_masterpiece(state, track, draft, contrast)
        case Debriefed():
            _judge_debrief(state, draft)
        case _:
            pass
    return draft


def _found(draft: Draft, findings: Findings | None) -> Draft:
    return draft if findings is None else replace(draft, findings=findings)


# what an AI does not coach on, and who stands in for one --------------------------------------
_READ_FOR_CARE: dict[type[Event], tuple[str, ...]] = {
    SituationOpened: ("text",),
    OwnCallRecorded: ("call", "why", "expects"),
    HelpAsked: ("question",),
    Answered: ("text",),
    DecisionRecorded: ("decision", "why"),
    OutcomeRecorded: ("text",),
    AccountWritten: ("noticed", "missed", "asked_myself", "happened", "now_think"),
}
"""Which of a learner's words are read for it; not logs and mails it brings as evidence."""


def _beyond(state: Relationship, draft: Draft) -> Draft:
    """Find what is more than coaching in a person's words; of an agent's work nothing is found."""
    parts = _READ_FOR_CARE.get(type(draft.event), ())
    if not parts or draft.role is not Role.LEARNER or not _person_learns(state):
        return draft
    texts = [told(t) for part in parts if (t := getattr(draft.event, part)) is not None]
    if cares.care(*texts) is None:
        return draft
    return _with(draft, beyond=cares.VERSION)


def _in_place(state: Relationship, draft: Draft) -> Draft:
    """Say for which agent a person wrote this as its trainer."""
    trainer = state.trainer
    if draft.role is not Role.TRAINER or trainer is None or trainer.id == draft.actor:
        return draft
    return _with(draft, stands_in=trainer.id)


def _with(draft: Draft, **more: str) -> Draft:
    known = draft.findings or Findings(version=cares.VERSION)
    return replace(draft, findings=known.model_copy(update=more))


# goals -----------------------------------------------------------------------------------------
def _judge_goal(event: GoalSet) -> None:
    review = goals.of_event(event)
    if not review.accepted:
        asked = " ".join(m.question for m in review.missing)
        raise Refused("goal_vague", asked)


def _judge_room(
    state: Relationship, terms: Proposed | AgreementAmended | None, goal: GoalSet | None
) -> None:
    """Refuse what both agree to be drawn where nothing can be."""
    drawn = state.design is not None or state.phase is Phase.GUIDED
    if terms is not None and goal is not None and terms.drawn_starts and not drawn:
        keys = [c.key for c in goal.criteria]
        draw(0, keys, terms.design_situations, terms.latest_start)


# situations ------------------------------------------------------------------------------------
def told(text: Text) -> str:
    """A text as it is compared with others; nothing where it is gone."""
    return "" if isinstance(text, Gone) else text


def facts_of(event: SituationOpened) -> dict[str, str]:
    """The declared facts that are still there."""
    return {k: v for k, v in event.facts.items() if not isinstance(v, Gone)}


def _situation(state: Relationship, seen: Seen, event: SituationOpened) -> Findings:
    found = seen.judge(told(event.text), facts_of(event))
    return Findings(
        version=novelty.VERSION,
        novelty=found.rank,
        nearest=found.nearest,
        near_duplicate=_repeats_guided(state, found),
    )


def _repeats_guided(state: Relationship, found: Novelty) -> bool:
    """Whether one of the past situations that it nearly repeats was guided or debriefed."""
    same = filter(None, map(state.find, found.same))
    return any(known.helped_at is not None or known.debriefs for known in same)


# own calls -------------------------------------------------------------------------------------
def _own_call(state: Relationship, event: OwnCallRecorded) -> Findings | None:
    """Which of the trainer's earlier questions it asks itself; nothing where none was asked."""
    if event.help != "nobody":
        return None
    recent = [s for s in state.recent(LOOK_BACK) if s.key != event.situation]
    calls = [s.own_call for s in recent if s.own_call is not None]
    reasons = [(c.seq, told(c.event.why)) for c in calls if not (c.findings and c.findings.asks)]
    asked = [
        Asked(g.seq, told(g.event.text), tuple(why for seq, why in reasons if seq < g.seq))
        for g in questions_read(recent)
    ]
    if not asked:
        return None
    return Findings(version=asks.VERSION, asks=asks_itself(told(event.why), asked))


# guidance --------------------------------------------------------------------------------------
def _guidance(state: Relationship, draft: Draft) -> Findings:
    event: Any = draft.event
    reading = moves.read(told(event.text))
    tells = reading.move in {"tell", "share"}
    if event.move == "ask" and tells and not _may_tell(state, event, draft.actor):
        raise Refused(
            "tells_at_ask",
            f"This tells the answer ({_quoted(event.text, reading.quote)}); ask for the "
            "learner's own reasoning instead.",
        )
    return Findings(version=moves.VERSION, move=reading.move, quote=reading.quote)


def _may_tell(state: Relationship, event: GuidanceGiven, actor: str) -> bool:
    """A person was warned and may send it; an agent's text must be what it says it is."""
    known = state.find(event.situation)
    debriefs = known is not None and known.decision is not None
    return debriefs or not state.by_agent(actor)


def _quoted(text: str, span: tuple[int, int] | None) -> str:
    start, end = span or (0, 60)
    return f"“{text[start:end].strip()[:80]}”"


def _judge_debrief(state: Relationship, draft: Draft) -> None:
    event: Any = draft.event
    known = state.find(event.situation)
    levels = [state.level(c) for c in known.criteria] if known else []
    alone = state.life == "closed" or all(x is Level.INDEPENDENT for x in levels)
    if draft.role is Role.LEARNER and not alone:
        raise NotYours("trainer_debriefs", "Your trainer debriefs until you are independent here.")


# accounts and questions ------------------------------------------------------------------------
def _account(state: Relationship, event: AccountWritten) -> Findings:
    mine = _told_account(event)
    earlier = [
        _told_account(s.account.event) for s in state.recent(LOOK_BACK) if s.account is not None
    ]
    near = closest(mine, earlier)
    return Findings(version=novelty.VERSION, copied=near is not None and near[1] > COPIED)


def _judge_quotes(state: Relationship, event: Rated) -> None:
    """Refuse a check that quotes what is not in the account: it may not have been read."""
    known = state.find(event.situation)
    account = known.account.event if known and known.account else None
    if account is None or any(isinstance(t, Gone) for t in (account.noticed, *account.options)):
        return
    said = _plain(f"{account_told(account)} {account.happened}")
    for quote in map(told, event.quotes.values()):
        parts = (_plain(part) for part in re.split(r"…|\.\.\.", quote))
        if not all(part in said for part in parts):
            raise Refused("quote_not_there", f"The account does not say {_quoted(quote, None)}.")


def _plain(text: str) -> str:
    """A text as quotes are looked up in it: without case, line breaks and quotation marks."""
    return " ".join(re.sub(r"[\"“”„«»]", " ", text.casefold()).split()).strip(" .")


def _told_account(event: AccountWritten) -> str:
    parts = (event.noticed, *event.options, event.asked_myself, event.happened)
    return "\n".join(told(p) for p in parts)


def _question(state: Relationship, event: QuestionKept) -> Findings | None:
    asked = list(questions_read(state.recent(LOOK_BACK)))
    near = closest(told(event.text), [told(e.event.text) for e in asked])
    if near is None or near[1] < ECHOED:
        return None
    return Findings(version=novelty.VERSION, echoes=asked[near[0]].seq)


# levels, threshold, masterpiece ----------------------------------------------------------------
def _judge_level(state: Relationship, track: Track, draft: Draft) -> None:
    event: Any = draft.event
    if event.rule == "own":
        if not _is_person(state, draft):
            raise NotYours("person_moves", "Only a person moves a level against the evidence.")
        return
    if event.to > event.start and _person_learns(state) and not _is_person(state, draft):
        raise NotYours("person_confirms", "Less help waits for a person's yes.")
    proposed = {(m.criterion, m.to, m.rule) for m in propose(state, track)}
    if (event.criterion, event.to, event.rule) not in proposed:
        raise Refused("not_proposed", "The evidence does not propose this level now.")


def _person_learns(state: Relationship) -> bool:
    return state.learner is not None and state.learner.kind == "person"


def _is_person(state: Relationship, draft: Draft) -> bool:
    parties = [state.learner, state.trainer, *state.raters]
    if any(p is not None and p.owner == draft.actor for p in parties):
        return True
    return any(p is not None and p.id == draft.actor and p.kind == "person" for p in parties)


def _judge_threshold(state: Relationship, track: Track, draft: Draft) -> None:
    event: Any = draft.event
    verdict = threshold(state, track)
    if not verdict.met:
        raise Refused("threshold_missing", "Not yet: " + "; ".join(verdict.missing) + ".")
    if event.situation != verdict.situation or event.entries != verdict.entries:
        raise Refused("threshold_proof", f"What proves it is situation {verdict.situation}.")
    if draft.role is not Role.SYSTEM and not _is_person(state, draft):
        raise NotYours("person_confirms", "A person confirms the threshold.")


def _judge_masterpiece(
    state: Relationship, track: Track, draft: Draft, contrast: Contrast | None
) -> None:
    verdict = masterpiece(state, track, contrast)
    if not verdict.met:
        raise Refused("masterpiece_missing", "Not yet: " + "; ".join(verdict.missing) + ".")
    if not state.agents_only and not _is_person(state, draft):
        raise NotYours("person_confirms", "A person certifies the masterpiece.")
